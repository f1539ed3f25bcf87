package org

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"gorm.io/gorm"
)

// ListPeople lists the people of the units the actor may see the people of, by id.
func (s *Service) ListPeople(ctx context.Context, by Actor, f PeopleFilter) (Page[Person], error) {
	if err := Require(by, SeePeople); err != nil {
		return Page[Person]{}, err
	}
	after, err := readCursor(f.Cursor)
	if err != nil {
		return Page[Person]{}, err
	}
	tx := s.read(ctx)
	scope := by.Scope(SeePeople)
	q := peopleIn(tx, scope).Select(personColumns).Where("p.id > ?", after)
	if f.UnitID != 0 {
		unit, err := findUnitRow(tx, scope, f.UnitID)
		if err != nil {
			return Page[Person]{}, err
		}
		q = Scope{Paths: []string{unit.Path}}.In(q, "u", "path")
	}
	if q, err = f.narrow(q); err != nil {
		return Page[Person]{}, err
	}
	limit := pageSize(f.Limit)
	var rows []personRow
	if err := q.Order("p.id").Limit(limit + 1).Scan(&rows).Error; err != nil {
		return Page[Person]{}, err
	}
	var page Page[Person]
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = writeCursor(rows[limit-1].ID)
	}
	page.Items, err = s.view(tx, rows)
	return page, err
}

func (f PeopleFilter) narrow(q *gorm.DB) (*gorm.DB, error) {
	if f.Status != "" {
		if !slices.Contains(Statuses, f.Status) {
			return nil, ErrStatusUnknown.With("value", f.Status).At("status")
		}
		q = q.Where("p.status = ?", f.Status)
	}
	if f.AudienceID != 0 {
		q = q.Where("EXISTS (SELECT 1 FROM person_audiences pa WHERE pa.person_id = p.id AND pa.audience_id = ?)", f.AudienceID)
	}
	if f.Role != "" {
		q = q.Where("EXISTS (SELECT 1 FROM role_grants g WHERE g.person_id = p.id AND g.role = ? AND g.revoked_at IS NULL)", f.Role)
	}
	if f.Activated != nil {
		if *f.Activated {
			q = q.Where("p.password_hash <> ''")
		} else {
			q = q.Where("p.password_hash = ''")
		}
	}
	return narrowText(q, f.Query), nil
}

// narrowText searches by what was typed: Chinese in names; letters in names, full pinyin, from the start of
// initials, sign-in name and staff number; digits also at the end of the phone number.
func narrowText(q *gorm.DB, query string) *gorm.DB {
	query = strings.ToLower(tidy(query))
	if query == "" {
		return q
	}
	literal := escapeLike(query)
	plain := escapeLike(strings.Join(strings.FieldsFunc(query, func(r rune) bool { return r == ' ' || r == '\'' }), ""))
	switch {
	case strings.ContainsFunc(query, func(r rune) bool { return unicode.Is(unicode.Han, r) }):
		return q.Where(`p.name LIKE ? ESCAPE '\'`, "%"+plain+"%")
	case strings.Trim(query, "0123456789") == "" && len(query) >= 3:
		return q.Where(`(lower(p.staff_no) LIKE ? ESCAPE '\' OR p.phone LIKE ? ESCAPE '\' OR p.username LIKE ? ESCAPE '\')`,
			literal+"%", "%"+literal, literal+"%")
	}
	return q.Where(`(lower(p.name) LIKE ? ESCAPE '\' OR p.pinyin LIKE ? ESCAPE '\' OR p.initials LIKE ? ESCAPE '\'
		OR p.username LIKE ? ESCAPE '\' OR lower(p.staff_no) LIKE ? ESCAPE '\')`,
		"%"+literal+"%", "%"+plain+"%", plain+"%", literal+"%", literal+"%")
}
