package org

import (
	"slices"
	"strings"
)

// match finds whom the row means: by staff number, then phone, then unit and name. Anything that could be
// somebody else is undecided: a person decides, the program does not guess.
func (c *checker) match(p *rowPlan) (*knownPerson, []int64) {
	byStaff, byPhone := c.byStaff[strings.ToLower(p.StaffNo)], c.byPhone[p.Phone]
	if p.StaffNo == "" {
		byStaff = nil
	}
	if p.Phone == "" {
		byPhone = nil
	}
	for _, found := range []struct {
		person *knownPerson
		column string
	}{{byStaff, columnStaffNo}, {byPhone, columnPhone}} {
		if found.person != nil && !c.scope.Covers(found.person.UnitPath) {
			p.problem(ErrRowElsewhere, c.t.heading(found.column))
			return nil, nil
		}
	}
	switch {
	case byStaff != nil && byPhone != nil && byStaff != byPhone:
		p.problem(ErrRowConflict, c.t.heading(columnPhone))
		return nil, nil
	case byStaff != nil:
		return byStaff, nil
	case byPhone != nil && byPhone.Name == p.Name:
		return byPhone, nil
	case byPhone != nil:
		return nil, []int64{byPhone.ID}
	case p.UnitID == 0:
		return nil, nil
	}
	namesakes := c.byUnit[nameInUnit{p.Name, p.UnitID}]
	if len(namesakes) == 1 && !p.contradicts(namesakes[0]) {
		return namesakes[0], nil
	}
	var ids []int64
	for _, k := range namesakes {
		ids = append(ids, k.ID)
	}
	return nil, ids
}

// contradicts reports whether row and person carry different numbers or addresses.
func (p *rowPlan) contradicts(k *knownPerson) bool {
	differ := func(row string, stored *string) bool {
		return row != "" && stored != nil && !strings.EqualFold(row, *stored)
	}
	return differ(p.StaffNo, k.StaffNo) || differ(p.Phone, k.Phone) || differ(p.Email, k.Email)
}

// compare writes the differences between the row and the person it means.
func (c *checker) compare(p *rowPlan, k *knownPerson) {
	p.personID, p.seen, p.state = k.ID, k.Version, RowUnchanged
	p.note("name", k.Name, p.Name)
	if p.UnitID != k.UnitID {
		p.note("unit", k.UnitName, p.UnitName)
	}
	p.note("staffNo", text(k.StaffNo), p.StaffNo)
	p.note("phone", text(k.Phone), p.Phone)
	p.note("email", text(k.Email), p.Email)
	p.note("position", k.Position, p.Position)
	if old, next := slices.Index(Statuses, k.Status), slices.Index(Statuses, p.Status); p.Status != "" && next < old {
		// An import only moves down the list: it never brings anybody back, least of all the disabled.
		p.warn(WarnStatusKept.With("old", statusNames[k.Status], "new", statusNames[p.Status]), c.t.heading(columnStatus))
		p.Status = ""
	}
	if p.Status == StatusDisabled && k.Status != StatusDisabled && k.Holder {
		p.problem(ErrRowHolderDisabled, c.t.heading(columnStatus))
	}
	p.note("status", statusNames[k.Status], statusNames[p.Status])
	if p.Audiences != nil && !slices.Equal(p.Audiences, k.Audiences) {
		p.note("audiences", c.groupNames(k.Audiences), c.groupNames(p.Audiences))
	}
	if len(p.Changes) > 0 {
		p.state = RowChanged
	}
}

// note keeps what the row changes in a field; an empty cell changes nothing.
func (p *rowPlan) note(field, old, new string) {
	if new != "" && new != old {
		p.Changes = append(p.Changes, FieldChange{Field: field, Old: old, New: new})
	}
}

func (c *checker) groupNames(ids []int64) string {
	var names []string
	for _, g := range c.groups {
		if slices.Contains(ids, g.ID) {
			names = append(names, g.Name)
		}
	}
	return strings.Join(names, "、")
}

// planNew plans a new person, unless the file already holds the same one.
func (c *checker) planNew(p *rowPlan, row tableRow) {
	if p.Phone != "" && c.byPhone[p.Phone] != nil {
		p.problem(ErrPhoneTaken, c.t.heading(columnPhone))
		return
	}
	if p.Status == "" {
		p.Status = StatusActive
	}
	if other, ok := c.rowOfStaff[strings.ToLower(p.StaffNo)]; ok && p.StaffNo != "" {
		p.problem(ErrRowTwice.With("row", other), c.t.heading(columnStaffNo))
	}
	if other, ok := c.rowOfPhone[p.Phone]; ok && p.Phone != "" {
		p.problem(ErrRowTwice.With("row", other), c.t.heading(columnPhone))
	}
	unit := nameInUnit{p.Name + "\x00" + strings.Join(p.NewUnits, "-"), p.UnitID + p.Under}
	other, same := c.rowOfName[unit]
	if same && !apart(other.staffNo, p.StaffNo) && !apart(other.phone, p.Phone) {
		p.problem(ErrRowTwice.With("row", other.no), c.t.heading(columnName))
	}
	if len(p.Problems) > 0 {
		return
	}
	c.rowOfStaff[strings.ToLower(p.StaffNo)], c.rowOfPhone[p.Phone] = row.no, row.no
	c.rowOfName[unit] = nameRow{row.no, p.StaffNo, p.Phone}
	p.state = RowNew
	p.Username = c.usernames.choose(p.Name, p.StaffNo, p.Phone)
	if p.Username != strings.ToLower(p.StaffNo) {
		p.warn(WarnUsernameMade.With("username", p.Username), c.t.heading(columnName))
	}
	// Name and unit stand in the row itself; the rest is what would be written besides.
	p.note("staffNo", "", p.StaffNo)
	p.note("phone", "", p.Phone)
	p.note("email", "", p.Email)
	p.note("position", "", p.Position)
	p.note("status", "", statusNames[p.Status])
	p.note("audiences", "", c.groupNames(p.Audiences))
}

func apart(a, b string) bool { return a != "" && b != "" && a != b }
