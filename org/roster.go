package org

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"
)

const memberColumns = "p.id AS person_id, p.name, p.unit_id, u.path AS unit_path, p.position, p.status"

// membersIn starts every query for roster members: people in service, not test accounts, not administrators
// (rules-training.md R1).
func membersIn(tx *gorm.DB, scope Scope) *gorm.DB {
	return peopleIn(tx, scope).Select(memberColumns).
		Where("p.status = 'active' AND p.anonymised_at = 0 AND p.is_test = ?", false).
		Where("NOT EXISTS (SELECT 1 FROM role_grants g WHERE g.person_id = p.id AND g.revoked_at IS NULL AND g.role IN ?)", administrators)
}

// Members lists who an audience holds, by id: people in service with their primary unit, without test
// accounts and administrators (rules-training.md R1). It checks no right: the caller chose the audience.
func (s *Service) Members(ctx context.Context, tx *gorm.DB, audience Audience) ([]Member, error) {
	tx = tx.WithContext(ctx)
	found := map[int64]Member{}
	if audience.All || len(audience.UnitIDs) > 0 || len(audience.AudienceIDs) > 0 {
		scope := Scope{All: audience.All || len(audience.UnitIDs) == 0}
		if !scope.All {
			var paths []string
			if err := tx.Table("units").Where("id IN ?", audience.UnitIDs).Pluck("path", &paths).Error; err != nil {
				return nil, err
			}
			for _, path := range paths {
				scope = scope.with(path)
			}
		}
		q := membersIn(tx, scope)
		if len(audience.AudienceIDs) > 0 {
			q = q.Where("EXISTS (SELECT 1 FROM person_audiences pa WHERE pa.person_id = p.id AND pa.audience_id IN ?)", audience.AudienceIDs)
		}
		if err := collect(q, found); err != nil {
			return nil, err
		}
	}
	for _, part := range chunks(audience.PersonIDs, 1000) {
		if err := collect(membersIn(tx, Scope{All: true}).Where("p.id IN ?", part), found); err != nil {
			return nil, err
		}
	}
	members := make([]Member, 0, len(found))
	for _, m := range found {
		members = append(members, m)
	}
	slices.SortFunc(members, func(a, b Member) int { return int(a.PersonID - b.PersonID) })
	return members, nil
}

func collect(q *gorm.DB, into map[int64]Member) error {
	var rows []Member
	if err := q.Scan(&rows).Error; err != nil {
		return err
	}
	for _, m := range rows {
		into[m.PersonID] = m
	}
	return nil
}

// pastedLines bounds a pasted list.
const pastedLines = 5000

// memberEntry is a member with what a pasted line may name it by.
type memberEntry struct {
	Member
	StaffNo  *string
	Phone    *string
	Username string
}

// FindMembersByText resolves a pasted list of people within the actor's contest scope, one on a line: staff
// number, phone, sign-in name, name, or name and unit in either order. What several people answer to is
// reported, never guessed.
func (s *Service) FindMembersByText(ctx context.Context, by Actor, pasted string) (TextMatch, error) {
	if err := Require(by, ManageContest); err != nil {
		return TextMatch{}, err
	}
	lines := strings.Split(strings.ReplaceAll(pasted, "\r\n", "\n"), "\n")
	if len(lines) > pastedLines {
		return TextMatch{}, ErrImportRows.With("max", pastedLines)
	}
	tx := s.read(ctx)
	var entries []memberEntry
	err := membersIn(tx, by.Scope(ManageContest)).
		Select("p.id AS person_id, p.name, p.unit_id, u.path AS unit_path, p.position, p.status, p.staff_no, p.phone, p.username").
		Order("p.id").Scan(&entries).Error
	if err != nil {
		return TextMatch{}, err
	}
	units, err := loadUnitIndex(tx, by.Scope(ManageContest))
	if err != nil {
		return TextMatch{}, err
	}
	index := newMemberIndex(entries, units)
	var match TextMatch
	seen := map[int64]bool{}
	for i, line := range lines {
		line = tidy(line)
		if line == "" {
			continue
		}
		switch found := index.find(line); len(found) {
		case 0:
			match.Missing = append(match.Missing, TextLine{Line: i + 1, Text: line})
		case 1:
			if !seen[found[0].PersonID] {
				seen[found[0].PersonID] = true
				match.Found = append(match.Found, found[0])
			}
		default:
			match.Ambiguous = append(match.Ambiguous, TextLine{Line: i + 1, Text: line, Candidates: found})
		}
	}
	return match, nil
}

type memberIndex struct {
	byKey  map[string][]Member // staff number, phone, sign-in name
	byName map[string][]Member
	units  *unitIndex
}

func newMemberIndex(entries []memberEntry, units *unitIndex) memberIndex {
	x := memberIndex{byKey: map[string][]Member{}, byName: map[string][]Member{}, units: units}
	for _, e := range entries {
		keys := []string{strings.ToLower(text(e.StaffNo)), text(e.Phone), e.Username}
		slices.Sort(keys)
		for _, key := range slices.Compact(keys) {
			if key != "" {
				x.byKey[key] = append(x.byKey[key], e.Member)
			}
		}
		x.byName[tidyName(e.Name)] = append(x.byName[tidyName(e.Name)], e.Member)
	}
	return x
}

func (x memberIndex) find(line string) []Member {
	if found := x.byKey[strings.ToLower(line)]; len(found) > 0 {
		return found
	}
	if found := x.byKey[tidyPhone(line)]; len(found) > 0 {
		return found
	}
	if found := x.byName[tidyName(line)]; len(found) > 0 {
		return found
	}
	parts := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" ,;|\t、", r) })
	// A number among the parts says it all, if the name beside it agrees.
	for _, part := range parts {
		for _, found := range [][]Member{x.byKey[strings.ToLower(part)], x.byKey[tidyPhone(part)]} {
			if len(found) == 1 && slices.ContainsFunc(parts, func(p string) bool { return tidyName(p) == found[0].Name }) {
				return found
			}
		}
	}
	if len(parts) < 2 {
		return nil
	}
	first, last := parts[0], parts[len(parts)-1]
	if found := x.within(first, parts[1]); len(found) > 0 {
		return found
	}
	return x.within(last, first)
}

// within are the people of that name in the unit or below it.
func (x memberIndex) within(name, unit string) []Member {
	var found []Member
	for _, u := range x.units.find(unit) {
		for _, m := range x.byName[tidyName(name)] {
			if strings.HasPrefix(m.UnitPath, u.Path) && !slices.Contains(found, m) {
				found = append(found, m)
			}
		}
	}
	return found
}
