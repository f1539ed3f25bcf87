package org

import (
	"slices"
	"strings"

	"gorm.io/gorm"

	"jingzhong/fault"
)

// rowPlan is what the check found out about one row, as stored with it. A field that is empty is not in the
// file and stays as it is.
type rowPlan struct {
	Name       string
	UnitID     int64    // 0 = to be created under Under
	Under      int64    // the unit the first of NewUnits is built under
	NewUnits   []string // names from Under downwards
	StaffNo    string
	Phone      string
	Email      string
	Position   string
	Status     string
	Audiences  []int64 // nil = not in the file
	Username   string  // of a new person, as it would be made now
	UnitName   string
	Changes    []FieldChange
	Problems   []*fault.Error
	Warnings   []*fault.Error
	Candidates []int64

	state    string
	personID int64
	seen     int64 // the person's version the changes were computed from
}

// knownPerson is a person as the check needs it.
type knownPerson struct {
	ID        int64
	Name      string
	Username  string
	StaffNo   *string
	Phone     *string
	Email     *string
	UnitID    int64
	UnitName  string
	UnitPath  string
	Position  string
	Status    string
	Version   int64
	Audiences []int64 `gorm:"-"`
	Holder    bool    `gorm:"-"`
}

type nameInUnit struct {
	name string
	unit int64
}

// checker plans rows against the people and units of the moment.
type checker struct {
	scope       Scope // where the importer may write
	createUnits bool
	t           *table
	units       *unitIndex
	top         unitModel // new units without a known parent are built under it
	groups      []AudienceGroup
	byStaff     map[string]*knownPerson
	byPhone     map[string]*knownPerson
	byUnit      map[nameInUnit][]*knownPerson
	byID        map[int64]*knownPerson
	usernames   *namer
	// In this file: the row a person, number or nameless namesake stands in.
	rowOfPerson map[int64]int
	rowOfStaff  map[string]int
	rowOfPhone  map[string]int
	rowOfName   map[nameInUnit]nameRow
}

// nameRow is a row that will create a person, and whether it carries a number of its own.
type nameRow struct {
	no             int
	staffNo, phone string
}

func newChecker(tx *gorm.DB, scope, units Scope, t *table, createUnits bool) (*checker, error) {
	c := &checker{scope: scope, createUnits: createUnits, t: t,
		byStaff: map[string]*knownPerson{}, byPhone: map[string]*knownPerson{}, byUnit: map[nameInUnit][]*knownPerson{},
		byID: map[int64]*knownPerson{}, usernames: newNamer(), rowOfPerson: map[int64]int{}, rowOfStaff: map[string]int{},
		rowOfPhone: map[string]int{}, rowOfName: map[nameInUnit]nameRow{}}
	var err error
	if c.units, err = loadUnitIndex(tx, scope); err != nil {
		return nil, err
	}
	if c.groups, err = listAudiences(tx); err != nil {
		return nil, err
	}
	for _, u := range c.units.byID {
		if units.Covers(u.Path) && (c.top.ID == 0 || strings.Count(u.Path, "/") < strings.Count(c.top.Path, "/") ||
			(strings.Count(u.Path, "/") == strings.Count(c.top.Path, "/") && u.ID < c.top.ID)) {
			c.top = u
		}
	}
	return c, c.loadPeople(tx)
}

// loadPeople reads everybody: numbers are unique over the whole installation, not only in the scope.
func (c *checker) loadPeople(tx *gorm.DB) error {
	var people []*knownPerson
	err := tx.Table("people p").Joins(personUnit).Where(visible).Where("p.anonymised_at = 0").
		Select("p.id, p.name, p.username, p.staff_no, p.phone, p.email, p.unit_id, u.name AS unit_name, u.path AS unit_path, p.position, p.status, p.version").
		Order("p.id").Scan(&people).Error
	if err != nil {
		return err
	}
	var names []string
	if err := tx.Table("people").Pluck("username", &names).Error; err != nil {
		return err
	}
	for _, name := range names {
		c.usernames.taken[name] = true
	}
	for _, p := range people {
		c.byID[p.ID] = p
		if p.StaffNo != nil {
			c.byStaff[strings.ToLower(*p.StaffNo)] = p
		}
		if p.Phone != nil {
			c.byPhone[*p.Phone] = p
		}
		key := nameInUnit{p.Name, p.UnitID}
		c.byUnit[key] = append(c.byUnit[key], p)
	}
	var groups []personAudience
	if err := tx.Table("person_audiences").Order("person_id, audience_id").Scan(&groups).Error; err != nil {
		return err
	}
	for _, g := range groups {
		if p := c.byID[g.PersonID]; p != nil {
			p.Audiences = append(p.Audiences, g.AudienceID)
		}
	}
	var holders []int64
	if err := tx.Table("role_grants").Where("revoked_at IS NULL").Pluck("person_id", &holders).Error; err != nil {
		return err
	}
	for _, id := range holders {
		if p := c.byID[id]; p != nil {
			p.Holder = true
		}
	}
	return nil
}

// plan checks one row. decision, if given, is who an undecided row means; a pointer to 0 is a new person.
func (c *checker) plan(row tableRow, decision *int64) rowPlan {
	p := rowPlan{state: RowError}
	c.readFields(&p, row)
	person, undecided := c.match(&p)
	if decision != nil && len(undecided) > 0 {
		person, undecided = c.byID[*decision], nil
	}
	if person != nil {
		if other, ok := c.rowOfPerson[person.ID]; ok {
			p.problem(ErrRowTwice.With("row", other), c.t.heading(columnName))
		}
		c.rowOfPerson[person.ID] = row.no
	}
	if len(p.Problems) > 0 {
		return p
	}
	switch {
	case len(undecided) > 0:
		p.state, p.Candidates = RowUndecided, undecided
	case person != nil:
		c.compare(&p, person)
	default:
		c.planNew(&p, row)
	}
	if len(p.Problems) > 0 {
		p.state = RowError
	}
	return p
}

func (p *rowPlan) problem(f *fault.Error, column string) {
	p.Problems = append(p.Problems, f.At(column))
}

func (p *rowPlan) warn(f *fault.Error, column string) { p.Warnings = append(p.Warnings, f.At(column)) }

// readFields reads and checks the row's cells, each on its own.
func (c *checker) readFields(p *rowPlan, row tableRow) {
	p.Name = tidyName(c.t.cell(row, columnName))
	p.StaffNo = plainNumber(c.t.cell(row, columnStaffNo))
	p.Phone = tidyPhone(plainNumber(c.t.cell(row, columnPhone)))
	p.Email = c.t.cell(row, columnEmail)
	p.Position = c.t.cell(row, columnPosition)
	for _, check := range []struct {
		f      *fault.Error
		column string
	}{{checkName(p.Name), columnName}, {checkStaffNo(p.StaffNo), columnStaffNo}, {checkPhone(p.Phone), columnPhone},
		{checkEmail(p.Email), columnEmail}, {checkPosition(p.Position), columnPosition}} {
		if c.t.cell(row, check.column) == idCardRemoved {
			check.f = ErrIDCard
		}
		if check.f != nil {
			p.problem(check.f, c.t.heading(check.column))
		}
	}
	if strings.HasPrefix(p.Position, "=") {
		p.problem(ErrRowFormula, c.t.heading(columnPosition))
	}
	c.readUnit(p, row)
	c.readAudiences(p, row)
	if cell := c.t.cell(row, columnStatus); cell != "" {
		status, ok := statusWords[strings.ToLower(cell)]
		if !ok {
			p.problem(ErrStatusUnknown.With("value", cell), c.t.heading(columnStatus))
		}
		p.Status = status
	}
}

// statusWords are the ways a status is written.
var statusWords = map[string]string{
	"在职": StatusActive, "在岗": StatusActive, "正常": StatusActive, "active": StatusActive,
	"借调": StatusSeconded, "借出": StatusSeconded, "挂职": StatusSeconded, "seconded": StatusSeconded,
	"长期病假": StatusSick, "病假": StatusSick, "长病": StatusSick, "sick": StatusSick,
	"离岗": StatusAway, "离职": StatusAway, "调离": StatusAway, "内退": StatusAway, "away": StatusAway,
	"退休": StatusRetired, "离退休": StatusRetired, "retired": StatusRetired,
	"停用": StatusDisabled, "禁用": StatusDisabled, "disabled": StatusDisabled,
}

// statusNames are the words a file is written with.
var statusNames = map[string]string{StatusActive: "在职", StatusSeconded: "借调", StatusSick: "长期病假", StatusAway: "离岗",
	StatusRetired: "退休", StatusDisabled: "停用"}

// readUnit finds the row's unit. Several, apart by a bar, are one primary unit and others that are only named
// in a warning; a department column counts below a unit column.
func (c *checker) readUnit(p *rowPlan, row tableRow) {
	column := columnUnit
	cell := c.t.cell(row, columnUnit)
	department := c.t.cell(row, columnDepartment)
	if cell == "" {
		column, cell, department = columnDepartment, department, ""
	}
	if c.t.heading(column) == "" {
		column = columnUnit
	}
	heading := c.t.heading(column)
	first, rest, several := strings.Cut(cell, "|")
	if several {
		p.warn(WarnSecondUnit.With("value", tidy(rest)), heading)
	}
	if cell = tidy(first); cell == "" {
		p.problem(ErrRowUnitNeeded, heading)
		return
	}
	if department != "" {
		if joined := cell + "-" + department; c.createUnits || len(c.units.find(joined)) == 1 {
			cell = joined
		} else {
			p.warn(WarnSecondUnit.With("value", department), c.t.heading(columnDepartment))
		}
	}
	found := c.units.find(cell)
	switch {
	case len(found) == 1:
		p.UnitID, p.UnitName = found[0].ID, found[0].Name
	case len(found) > 1:
		var paths []string
		for _, u := range found {
			paths = append(paths, c.units.spellPath(u))
		}
		p.problem(ErrRowUnitAmbiguous.With("value", cell, "paths", strings.Join(paths, "、")), heading)
	case c.createUnits && c.top.ID != 0:
		c.planUnit(p, cell, heading)
	default:
		p.problem(ErrRowUnitUnknown.With("value", cell, "suggestion", c.units.suggest(cell)), heading)
	}
}

func (c *checker) planUnit(p *rowPlan, cell, heading string) {
	under, names := c.units.missing(cell, c.top)
	if len(names) == 0 {
		p.problem(ErrRowUnitUnknown.With("value", cell, "suggestion", ""), heading)
		return
	}
	for _, name := range names {
		if runes(name) > maxUnitName {
			p.problem(ErrTooLong.With("max", maxUnitName), heading)
			return
		}
	}
	if strings.Count(under.Path, "/")-1+len(names) > maxDepth {
		p.problem(ErrUnitDeep.With("max", maxDepth), heading)
		return
	}
	p.Under, p.NewUnits, p.UnitName = under.ID, names, names[len(names)-1]
	p.warn(WarnNewUnit.With("value", strings.Join(names, "-")), heading)
}

// spellPath is a unit's path in names, without the root.
func (x *unitIndex) spellPath(u unitModel) string {
	names := []string{u.Name}
	for u.ParentID != nil {
		parent, ok := x.byID[*u.ParentID]
		if !ok || parent.ParentID == nil {
			break
		}
		names, u = append(names, parent.Name), parent
	}
	slices.Reverse(names)
	return strings.Join(names, "-")
}

func (c *checker) readAudiences(p *rowPlan, row tableRow) {
	cell := c.t.cell(row, columnAudiences)
	if cell == "" {
		return
	}
	for _, name := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("、,;|/ ", r) }) {
		i := slices.IndexFunc(c.groups, func(g AudienceGroup) bool { return unitKey(g.Name) == unitKey(name) || g.Code == name })
		if i < 0 {
			p.problem(ErrRowAudienceUnknown.With("value", name, "suggestion", c.suggestGroup(name)), c.t.heading(columnAudiences))
			continue
		}
		if !slices.Contains(p.Audiences, c.groups[i].ID) {
			p.Audiences = append(p.Audiences, c.groups[i].ID)
		}
	}
	slices.Sort(p.Audiences)
}

func (c *checker) suggestGroup(name string) string {
	best, least := "", max(2, runes(name)/2)+1
	for _, g := range c.groups {
		if d := distance(name, g.Name, least); d < least {
			best, least = g.Name, d
		}
	}
	return best
}
