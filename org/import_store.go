package org

import (
	"context"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"jingzhong/fault"
	"jingzhong/store"
)

// importModel is a row of people_imports.
type importModel struct {
	ID          int64
	PersonID    int64 // who uploaded it
	FileName    string
	FileHash    string
	State       string
	Problem     string
	Total       int
	Progress    int
	Header      string
	Warnings    string
	CreateUnits bool
	NewUnits    string
	FlippedAt   int64
	CreatedAt   int64 `gorm:"autoCreateTime:false"`
	FinishedAt  int64
}

// TableName is the table of uploads.
func (importModel) TableName() string { return "people_imports" }

// importRowModel is a row of people_import_rows.
type importRowModel struct {
	ImportID int64
	RowNo    int
	State    string
	PersonID int64
	UnitID   int64
	Seen     int64
	Decided  bool
	Done     bool
	Cells    string
	Plan     string
}

// TableName is the table of uploads' rows.
func (importRowModel) TableName() string { return "people_import_rows" }

func (r importRowModel) plan() (rowPlan, error) {
	p := rowPlan{state: r.State, personID: r.PersonID, seen: r.Seen}
	err := json.Unmarshal([]byte(r.Plan), &p)
	return p, err
}

func (p rowPlan) model(importID int64, row tableRow) (importRowModel, error) {
	plan, err1 := json.Marshal(p)
	cells, err2 := json.Marshal(row.cells)
	if err1 != nil || err2 != nil {
		return importRowModel{}, fmt.Errorf("org: row %d: %w %w", row.no, err1, err2)
	}
	return importRowModel{ImportID: importID, RowNo: row.no, State: p.state, PersonID: p.personID, UnitID: p.UnitID, Seen: p.seen,
		Cells: string(cells), Plan: string(plan)}, nil
}

// findImportRow returns the upload if the actor made it, or may manage the people of the whole tree; it
// holds personal data of its maker's units.
func findImportRow(tx *gorm.DB, by Actor, id int64) (importModel, error) {
	if err := Require(by, ManagePeople); err != nil {
		return importModel{}, err
	}
	var row importModel
	err := tx.Table("people_imports").Where("id = ?", id).Take(&row).Error
	if store.IsMissing(err) || (err == nil && row.PersonID != by.PersonID && !by.Scope(ManagePeople).All) {
		return row, ErrImportNotFound
	}
	return row, err
}

// FindImport returns an upload's state, progress and counts.
func (s *Service) FindImport(ctx context.Context, by Actor, id int64) (Import, error) {
	tx := s.read(ctx)
	row, err := findImportRow(tx, by, id)
	if err != nil {
		return Import{}, err
	}
	return s.viewImport(tx, by, row)
}

func (s *Service) viewImport(tx *gorm.DB, by Actor, row importModel) (Import, error) {
	v := Import{ID: row.ID, FileName: row.FileName, State: row.State, Total: row.Total, Progress: row.Progress,
		CreateUnits: row.CreateUnits, CreatedAt: store.Time(row.CreatedAt), FinishedAt: store.Time(row.FinishedAt)}
	if row.Problem != "" {
		v.Problem = &fault.Error{}
		if err := json.Unmarshal([]byte(row.Problem), v.Problem); err != nil {
			return v, err
		}
	}
	if err := json.Unmarshal([]byte(row.Warnings), &v.Warnings); err != nil {
		return v, err
	}
	if err := json.Unmarshal([]byte(row.NewUnits), &v.NewUnits); err != nil {
		return v, err
	}
	counts, err := countRows(tx, row.ID)
	if err != nil {
		return v, err
	}
	v.Counts = counts
	if row.State == ImportChecked || row.State == ImportApplied {
		var leaving int64
		if err := leavingPeople(tx, by, row.ID).Count(&leaving).Error; err != nil {
			return v, err
		}
		v.Counts.Leaving = int(leaving)
	}
	return v, nil
}

func countRows(tx *gorm.DB, importID int64) (ImportCounts, error) {
	var rows []struct {
		State string
		N     int
	}
	err := tx.Table("people_import_rows").Select("state, COUNT(*) AS n").Where("import_id = ?", importID).Group("state").Scan(&rows).Error
	var c ImportCounts
	for _, r := range rows {
		switch r.State {
		case RowNew:
			c.New = r.N
		case RowChanged:
			c.Changed = r.N
		case RowUnchanged:
			c.Unchanged = r.N
		case RowError:
			c.Errors = r.N
		case RowUndecided:
			c.Undecided = r.N
		}
	}
	return c, err
}

// leavingPeople starts the query for those who are in the file's units but not in the file. They are only
// shown: an import never removes anybody.
func leavingPeople(tx *gorm.DB, by Actor, importID int64) *gorm.DB {
	return peopleIn(tx, by.Scope(ManagePeople)).
		Where("p.unit_id IN (SELECT unit_id FROM people_import_rows WHERE import_id = ? AND unit_id <> 0)", importID).
		Where("NOT EXISTS (SELECT 1 FROM people_import_rows r WHERE r.import_id = ? AND r.person_id = p.id)", importID).
		Where("p.status NOT IN ('retired', 'disabled') AND p.anonymised_at = 0 AND p.is_test = ?", false)
}

// ListImportRows lists an upload's rows by their number in the file, or, for RowLeaving, the people in the
// file's units who are not in it.
func (s *Service) ListImportRows(ctx context.Context, by Actor, id int64, f RowFilter) (Page[ImportRow], error) {
	tx := s.read(ctx)
	if _, err := findImportRow(tx, by, id); err != nil {
		return Page[ImportRow]{}, err
	}
	after, err := readCursor(f.Cursor)
	if err != nil {
		return Page[ImportRow]{}, err
	}
	limit := pageSize(f.Limit)
	var page Page[ImportRow]
	if f.State == RowLeaving {
		var rows []personRow
		if err := leavingPeople(tx, by, id).Select(personColumns).Where("p.id > ?", after).Order("p.id").Limit(limit + 1).Scan(&rows).Error; err != nil {
			return page, err
		}
		for i, p := range rows {
			if i == limit {
				page.Next = writeCursor(rows[i-1].ID)
				break
			}
			page.Items = append(page.Items, ImportRow{State: RowLeaving, PersonID: p.ID, Name: p.Name, UnitName: p.UnitName, Username: p.Username})
		}
		return page, nil
	}
	q := tx.Table("people_import_rows").Where("import_id = ? AND row_no > ?", id, after)
	if f.State != "" {
		q = q.Where("state = ?", f.State)
	}
	var rows []importRowModel
	if err := q.Order("row_no").Limit(limit + 1).Scan(&rows).Error; err != nil {
		return page, err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = writeCursor(int64(rows[limit-1].RowNo))
	}
	page.Items, err = viewRows(tx, by, rows)
	return page, err
}

func viewRows(tx *gorm.DB, by Actor, rows []importRowModel) ([]ImportRow, error) {
	items := make([]ImportRow, len(rows))
	plans := make([]rowPlan, len(rows))
	var ids []int64
	for i, r := range rows {
		p, err := r.plan()
		if err != nil {
			return nil, err
		}
		plans[i] = p
		ids = append(ids, p.Candidates...)
		items[i] = ImportRow{No: r.RowNo, State: r.State, PersonID: r.PersonID, Name: p.Name, UnitName: p.UnitName, Username: p.Username,
			Changes: p.Changes, Problems: p.Problems, Warnings: p.Warnings, Decided: r.Decided}
	}
	known := map[int64]Candidate{}
	for _, part := range chunks(ids, 1000) {
		var people []personRow
		if err := peopleIn(tx, by.Scope(ManagePeople)).Select(personColumns).Where("p.id IN ?", part).Scan(&people).Error; err != nil {
			return nil, err
		}
		for _, p := range people {
			known[p.ID] = Candidate{PersonID: p.ID, Name: p.Name, UnitName: p.UnitName, StaffNo: text(p.StaffNo),
				Phone: maskPhone(text(p.Phone)), Position: p.Position}
		}
	}
	for i, p := range plans {
		for _, id := range p.Candidates {
			if c, ok := known[id]; ok {
				items[i].Candidates = append(items[i].Candidates, c)
			}
		}
	}
	return items, nil
}
