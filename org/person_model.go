package org

import (
	"context"
	"strings"

	"gorm.io/gorm"

	"jingzhong/fault"
	"jingzhong/store"
)

// personRow is a row of people, with its unit when read through peopleIn.
type personRow struct {
	ID           int64
	Name         string
	Pinyin       string
	Initials     string
	Username     string
	StaffNo      *string
	Phone        *string
	Email        *string
	UnitID       int64
	Position     string
	Status       string
	IsTest       bool
	PasswordHash string
	PasswordLong bool
	SessionEpoch int64
	FailedLogins int
	LockedUntil  int64
	AnonymisedAt int64
	LastSeenAt   int64
	ImportID     int64
	Version      int64
	CreatedAt    int64  `gorm:"autoCreateTime:false"`
	UpdatedAt    int64  `gorm:"autoUpdateTime:false"`
	UnitName     string `gorm:"->"`
	UnitPath     string `gorm:"->"`
}

// TableName is the table of people.
func (personRow) TableName() string { return "people" }

type personAudience struct {
	PersonID   int64
	AudienceID int64
}

// TableName is the table of people's groups.
func (personAudience) TableName() string { return "person_audiences" }

const (
	personColumns = "p.*, u.name AS unit_name, u.path AS unit_path"
	personUnit    = "JOIN units u ON u.id = p.unit_id"
	// visible hides the people an import has staged until its one flip.
	visible = "(p.import_id = 0 OR EXISTS (SELECT 1 FROM people_imports i WHERE i.id = p.import_id AND i.flipped_at > 0))"
	// visibleUnit does the same for units.
	visibleUnit = "(u.import_id = 0 OR EXISTS (SELECT 1 FROM people_imports i WHERE i.id = u.import_id AND i.flipped_at > 0))"
)

// peopleIn starts every query for people: those who are there, within the scope.
func peopleIn(tx *gorm.DB, scope Scope) *gorm.DB {
	return scope.In(tx.Table("people p").Joins(personUnit).Where(visible), "u", "path")
}

// findPersonRow returns one person within the scope; everybody else does not exist.
func findPersonRow(tx *gorm.DB, scope Scope, id int64) (personRow, error) {
	var row personRow
	err := peopleIn(tx, scope).Select(personColumns).Where("p.id = ?", id).Take(&row).Error
	if store.IsMissing(err) {
		return row, ErrPersonNotFound
	}
	return row, err
}

// view turns rows into people, with their groups and roles.
func (s *Service) view(tx *gorm.DB, rows []personRow) ([]Person, error) {
	people := make([]Person, len(rows))
	place := make(map[int64]int, len(rows))
	ids := make([]int64, len(rows))
	for i, r := range rows {
		people[i] = r.person()
		place[r.ID], ids[i] = i, r.ID
	}
	for _, part := range chunks(ids, 1000) {
		var groups []struct {
			PersonID int64
			AudienceGroup
		}
		err := tx.Table("person_audiences pa").Joins("JOIN audiences a ON a.id = pa.audience_id").
			Select("pa.person_id, a.id, a.code, a.name, a.sort").Where("pa.person_id IN ?", part).Order("a.sort, a.id").Scan(&groups).Error
		if err != nil {
			return nil, err
		}
		for _, g := range groups {
			p := &people[place[g.PersonID]]
			p.Audiences = append(p.Audiences, g.AudienceGroup)
		}
		var roles []grantRow
		err = tx.Table("role_grants g").Joins(grantJoins).Select(grantColumns).
			Where("g.revoked_at IS NULL AND g.person_id IN ?", part).Order("g.id").Scan(&roles).Error
		if err != nil {
			return nil, err
		}
		for _, g := range roles {
			p := &people[place[g.PersonID]]
			p.Grants = append(p.Grants, g.grant())
		}
	}
	return people, nil
}

// one is view for a single person.
func (s *Service) one(tx *gorm.DB, row personRow) (Person, error) {
	people, err := s.view(tx, []personRow{row})
	if err != nil {
		return Person{}, err
	}
	return people[0], nil
}

func (r personRow) person() Person {
	return Person{ID: r.ID, Name: r.Name, Username: r.Username, StaffNo: text(r.StaffNo), Phone: text(r.Phone), Email: text(r.Email),
		UnitID: r.UnitID, UnitName: r.UnitName, UnitPath: r.UnitPath, Position: r.Position, Status: r.Status, Test: r.IsTest,
		Activated: r.PasswordHash != "", LockedUntil: store.Time(r.LockedUntil), LastSeenAt: store.Time(r.LastSeenAt),
		Anonymised: r.AnonymisedAt > 0, Version: r.Version, CreatedAt: store.Time(r.CreatedAt), UpdatedAt: store.Time(r.UpdatedAt)}
}

// holdsRole reports whether a person holds any role now.
func holdsRole(tx *gorm.DB, personID int64) (bool, error) {
	var n int64
	err := tx.Table("role_grants").Where("person_id = ? AND revoked_at IS NULL", personID).Count(&n).Error
	return n > 0, err
}

// takenFault names the unique value that a write of people violated.
func takenFault(err error) error {
	if !store.IsDuplicate(err) {
		return err
	}
	switch message := err.Error(); {
	case strings.Contains(message, "staff_no"):
		return ErrStaffNoTaken.At("staffNo")
	case strings.Contains(message, "phone"):
		return ErrPhoneTaken.At("phone")
	case strings.Contains(message, "username"):
		return ErrUsernameTaken.At("username")
	}
	return err
}

// gather makes one fault of several field faults, or nil.
func gather(faults ...*fault.Error) error {
	var first *fault.Error
	for _, f := range faults {
		switch {
		case f == nil:
		case first == nil:
			first = f
		default:
			first = first.And(f)
		}
	}
	if first == nil {
		return nil
	}
	return first
}

func at(f *fault.Error, field string) *fault.Error {
	if f == nil {
		return nil
	}
	return f.At(field)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// nullable is how an empty text is stored in a column that is unique unless empty.
func nullable(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// chunks cuts a list into pieces no statement has too many variables for.
func chunks[T any](list []T, size int) [][]T {
	var out [][]T
	for len(list) > size {
		out, list = append(out, list[:size]), list[size:]
	}
	if len(list) > 0 {
		out = append(out, list)
	}
	return out
}

// read is a handle for queries outside a transaction.
func (s *Service) read(ctx context.Context) *gorm.DB { return s.db.Read(ctx) }
