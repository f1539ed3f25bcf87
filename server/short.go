package server

import (
	"strconv"

	"jingzhong/org"
)

// Short is embedded in the input of a list that is small by nature. It comes whole, as the app wants it, and
// in pages for a client that asks for them.
type Short struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" doc:"Rows of a page; absent = all of them"`
	Cursor string `query:"cursor" maxLength:"200" doc:"nextCursor of the page before"`
}

// shortByID is Short for a list that belongs to one thing.
type shortByID struct {
	ByID
	Short
}

// pageOf is the asked part of a whole list; a cursor is the place of its first row.
func pageOf[M, V any](in Short, items []M, view func(M) V) (list[V], error) {
	first := 0
	if in.Cursor != "" {
		var err error
		if first, err = strconv.Atoi(in.Cursor); err != nil || first < 1 || first > len(items) {
			return list[V]{}, org.ErrCursor.At("cursor")
		}
	}
	end, next := len(items), ""
	if in.Limit > 0 && first+in.Limit < end {
		end = first + in.Limit
		next = strconv.Itoa(end)
	}
	return listOf(items[first:end], next, view), nil
}
