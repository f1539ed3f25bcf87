package server

import (
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"jingzhong/org"
)

// Paging is embedded in every list's input but the rankings', which are whole.
type Paging struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Rows of a page"`
	Cursor string `query:"cursor" maxLength:"200" doc:"nextCursor of the page before"`
}

// pagedByID is Paging for a list that belongs to one thing.
type pagedByID struct {
	ByID
	Paging
}

// list is one page of anything, or a ranking.
type list[T any] struct {
	Items      []T     `json:"items"`
	NextCursor *string `json:"nextCursor" nullable:"true" doc:"Give it back as ?cursor= for the next page; null on the last"`
}

// Schema keeps an empty list from being null in the document.
func (list[T]) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	s.Properties["items"].Nullable = false
	return s
}

// listOf turns a service's page into a list of views.
func listOf[M, V any](items []M, next string, view func(M) V) list[V] {
	return list[V]{Items: viewsOf(items, view), NextCursor: cursorOf(next)}
}

// cursorOf is a service's cursor as clients see it: null after the last page.
func cursorOf(next string) *string {
	if next == "" {
		return nil
	}
	return &next
}

// pageOf is the asked part of a list a service gives whole; a cursor is the place of the page's first row.
func pageOf[M, V any](in Paging, items []M, view func(M) V) (list[V], error) {
	first := 0
	if in.Cursor != "" {
		var err error
		if first, err = strconv.Atoi(in.Cursor); err != nil || first < 1 {
			return list[V]{}, org.ErrCursor.At("cursor")
		}
	}
	first = min(first, len(items)) // rows may have gone since the page before
	end, next := len(items), ""
	if in.Limit > 0 && first+in.Limit < end {
		end = first + in.Limit
		next = strconv.Itoa(end)
	}
	return listOf(items[first:end], next, view), nil
}
