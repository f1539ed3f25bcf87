package org

import (
	"slices"
	"strings"

	"gorm.io/gorm"
)

// unitIndex finds units by how people write them: name, short name, code, alias, or a path of names.
type unitIndex struct {
	byName  map[string][]unitModel
	byOther map[string][]unitModel // short name, code, alias
	byID    map[int64]unitModel
	words   map[int64][]string // every key of a unit
	guesses map[string]string  // suggestions already looked for
}

// loadUnitIndex indexes the units of the scope.
func loadUnitIndex(tx *gorm.DB, scope Scope) (*unitIndex, error) {
	var rows []unitModel
	if err := unitsIn(tx, scope).Select("u.*").Order("u.path").Scan(&rows).Error; err != nil {
		return nil, err
	}
	aliases, err := allAliases(tx)
	if err != nil {
		return nil, err
	}
	return newUnitIndex(rows, aliases), nil
}

func newUnitIndex(rows []unitModel, aliases map[int64][]string) *unitIndex {
	x := &unitIndex{byName: map[string][]unitModel{}, byOther: map[string][]unitModel{}, byID: map[int64]unitModel{},
		words: map[int64][]string{}, guesses: map[string]string{}}
	for _, u := range rows {
		x.byID[u.ID] = u
		name := unitKey(u.Name)
		x.byName[name] = append(x.byName[name], u)
		x.words[u.ID] = []string{name}
		for _, other := range append([]string{u.ShortName, text(u.Code)}, aliases[u.ID]...) {
			if key := unitKey(other); key != "" && !slices.Contains(x.words[u.ID], key) {
				x.byOther[key] = append(x.byOther[key], u)
				x.words[u.ID] = append(x.words[u.ID], key)
			}
		}
	}
	return x
}

// unitKey is a unit's name as compared: narrow, lower case, without spaces and signs that people leave out.
func unitKey(s string) string {
	return strings.ToLower(strings.Join(strings.FieldsFunc(tidy(s), func(r rune) bool { return strings.ContainsRune(" 　*“”\"", r) }), ""))
}

// unitParts cuts a path of names, "财政局-办公室" or "财政局/办公室".
func unitParts(s string) []string {
	var parts []string
	for _, part := range strings.FieldsFunc(tidy(s), func(r rune) bool { return strings.ContainsRune("-/\\>—–", r) }) {
		if part = tidyUnitName(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// find returns every unit the text may mean. A full name wins over short names and aliases, a whole text
// over its parts: 国网-某公司 may be a name.
func (x *unitIndex) find(s string) []unitModel {
	key := unitKey(s)
	if key == "" {
		return nil
	}
	if found := x.byName[key]; len(found) > 0 {
		return found
	}
	if found := x.byOther[key]; len(found) > 0 {
		return found
	}
	if parts := unitParts(s); len(parts) > 1 {
		return x.findPath(parts)
	}
	return nil
}

// findPath returns the units the last part names whose parents are named by the parts before it.
func (x *unitIndex) findPath(parts []string) []unitModel {
	var found []unitModel
	last := unitKey(parts[len(parts)-1])
	for _, u := range append(slices.Clone(x.byName[last]), x.byOther[last]...) {
		parent, ok := u, true
		for i := len(parts) - 2; i >= 0 && ok; i-- {
			ok = parent.ParentID != nil
			if ok {
				parent, ok = x.byID[*parent.ParentID]
			}
			ok = ok && slices.Contains(x.words[parent.ID], unitKey(parts[i]))
		}
		if ok {
			found = append(found, u)
		}
	}
	return found
}

// missing splits a path none of whose ends exist into the unit to build under and the names to build.
func (x *unitIndex) missing(s string, top unitModel) (under unitModel, names []string) {
	parts := unitParts(s)
	for n := len(parts) - 1; n > 0; n-- {
		var found []unitModel
		if n == 1 {
			found = x.find(parts[0])
		} else {
			found = x.findPath(parts[:n])
		}
		if len(found) == 1 {
			return found[0], parts[n:]
		}
	}
	return top, parts
}

// suggest is the name of the unit that is spelled most like the text, or "".
func (x *unitIndex) suggest(s string) string {
	key := unitKey(s)
	if parts := unitParts(s); len(parts) > 1 {
		key = unitKey(parts[len(parts)-1])
	}
	if guess, ok := x.guesses[key]; ok {
		return guess
	}
	best, least := "", max(1, runes(key)/3)+1
	ids := make([]int64, 0, len(x.words))
	for id := range x.words {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		for _, word := range x.words[id] {
			d := distance(key, word, least)
			if runes(word) >= 2 && runes(key) >= 2 && (strings.Contains(word, key) || strings.Contains(key, word)) {
				d = min(d, least-1, 1)
			}
			if d < least {
				best, least = x.byID[id].Name, d
			}
		}
	}
	x.guesses[key] = best
	return best
}

// distance is the number of characters to add, drop or change between two words; limit if it is more.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) >= limit || len(y)-len(x) >= limit {
		return limit
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(x); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := diagonal
			if x[i-1] != y[j-1] {
				cost = 1 + min(diagonal, row[j], row[j-1])
			}
			diagonal, row[j] = row[j], cost
		}
	}
	return min(row[len(y)], limit)
}
