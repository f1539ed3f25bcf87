package org

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/fault"
	"jingzhong/store"
)

// rowsPerTx is how many rows an import writes before it lets go of the writer: a few milliseconds each time,
// well under the 50 ms of performance.md.
const rowsPerTx = 200

// PrepareImport takes an upload and checks it in the background: FindImport tells how far it is. Nothing is
// written to people.
func (s *Service) PrepareImport(ctx context.Context, by Actor, file ImportFile) (Import, error) {
	if err := Require(by, ManagePeople); err != nil {
		return Import{}, err
	}
	if file.CreateUnits {
		if err := Require(by, ManageUnits); err != nil {
			return Import{}, err
		}
	}
	if len(file.Data) > maxImportBytes {
		return Import{}, ErrImportBig.With("max", maxImportBytes).At("file")
	}
	sum := sha256.Sum256(file.Data)
	row := importModel{PersonID: by.PersonID, FileName: cut(tidy(file.Name), 120), FileHash: hex.EncodeToString(sum[:]), State: ImportReading,
		Header: "[]", Warnings: "[]", NewUnits: "[]", CreateUnits: file.CreateUnits, CreatedAt: s.db.Now()}
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		row.ID = 0
		if err := gorm.G[importModel](tx).Create(ctx, &row); err != nil {
			return err
		}
		return s.record(ctx, tx, by, audit.Entry{Action: "people_import.check", ObjectKind: "people_import", ObjectID: row.ID, UnitID: by.UnitID,
			After: map[string]any{"file": row.FileName, "sha256": row.FileHash}})
	})
	if err != nil {
		return Import{}, err
	}
	s.background(row.ID, func(ctx context.Context) error { return s.check(ctx, by, row.ID, file) })
	return s.viewImport(s.read(ctx), by, row)
}

// background runs a step of an import; an error other than the program's end is kept in the import's row.
func (s *Service) background(importID int64, step func(context.Context) error) {
	s.work.Go(func() {
		err := step(s.ctx)
		if err == nil || s.ctx.Err() != nil {
			return
		}
		problem, ok := fault.As(err)
		if !ok {
			s.log.Error("people import failed", "import", importID, "error", err)
			problem = ErrImportInternal
		}
		if err := s.failImport(s.ctx, importID, problem); err != nil {
			s.log.Error("people import not marked as failed", "import", importID, "error", err)
		}
	})
}

func (s *Service) failImport(ctx context.Context, importID int64, problem *fault.Error) error {
	b, err := json.Marshal(problem)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx *gorm.DB) error {
		return tx.Exec("UPDATE people_imports SET state = ?, problem = ?, finished_at = ? WHERE id = ? AND state <> ? AND flipped_at = 0",
			ImportFailed, string(b), s.db.Now(), importID, ImportApplied).Error
	})
}

// check reads the file and plans every row.
func (s *Service) check(ctx context.Context, by Actor, importID int64, file ImportFile) error {
	t, err := readTable(file.Data)
	if err != nil {
		return err
	}
	c, err := newChecker(s.read(ctx), by.Scope(ManagePeople), by.Scope(ManageUnits), t, file.CreateUnits)
	if err != nil {
		return err
	}
	header, err1 := json.Marshal(t.header)
	warnings, err2 := json.Marshal(t.warnings())
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(tx *gorm.DB) error {
		return tx.Exec("UPDATE people_imports SET header = ?, warnings = ?, total = ? WHERE id = ?", string(header), string(warnings),
			len(t.rows), importID).Error
	})
	if err != nil {
		return err
	}
	newUnits := []string{}
	done := 0
	for _, part := range chunks(t.rows, rowsPerTx) {
		models := make([]importRowModel, len(part))
		for i, row := range part {
			p := c.plan(row, nil)
			if name := c.plannedPath(p); name != "" && !slices.Contains(newUnits, name) {
				newUnits = append(newUnits, name)
			}
			if models[i], err = p.model(importID, row); err != nil {
				return err
			}
		}
		done += len(part)
		err := s.db.Tx(ctx, func(tx *gorm.DB) error {
			if err := gorm.G[importRowModel](tx).CreateInBatches(ctx, &models, 100); err != nil {
				return err
			}
			return tx.Exec("UPDATE people_imports SET progress = ? WHERE id = ?", done, importID).Error
		})
		if err != nil {
			return err
		}
	}
	names, err := json.Marshal(newUnits)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx *gorm.DB) error {
		return tx.Exec("UPDATE people_imports SET state = ?, new_units = ?, finished_at = ? WHERE id = ? AND state = ?", ImportChecked,
			string(names), s.db.Now(), importID, ImportReading).Error
	})
}

// plannedPath is the path, in names, of the unit a row would create.
func (c *checker) plannedPath(p rowPlan) string {
	if len(p.NewUnits) == 0 || p.state != RowNew && p.state != RowChanged {
		return ""
	}
	path := strings.Join(p.NewUnits, "-")
	if under, ok := c.units.byID[p.Under]; ok && under.ParentID != nil {
		path = c.units.spellPath(under) + "-" + path
	}
	return path
}

// warnings are about the file's columns.
func (t *table) warnings() []*fault.Error {
	list := []*fault.Error{}
	for i, heading := range t.header {
		field := headingField[headingKey(heading)]
		switch {
		case heading == "":
		case field == "":
			list = append(list, WarnUnknownColumn.With("column", heading))
		case field == columnPassword && t.columns[field] == i:
			list = append(list, WarnPasswordColumn.With("column", heading))
		case field == columnIDCard && t.columns[field] == i:
			list = append(list, WarnIDCardColumn.With("column", heading))
		}
	}
	return list
}

// DecideImportRow says whom an undecided row means: one of its candidates, or nil for a new person. It can
// be decided again until the import is applied.
func (s *Service) DecideImportRow(ctx context.Context, by Actor, id int64, no int, personID *int64) (ImportRow, error) {
	imp, err := findImportRow(s.read(ctx), by, id)
	if err != nil {
		return ImportRow{}, err
	}
	if imp.State != ImportChecked {
		return ImportRow{}, ErrImportState.With("state", imp.State)
	}
	var old importRowModel
	err = s.read(ctx).Table("people_import_rows").Where("import_id = ? AND row_no = ?", id, no).Take(&old).Error
	if store.IsMissing(err) {
		return ImportRow{}, ErrImportRow
	}
	if err != nil {
		return ImportRow{}, err
	}
	plan, err := s.decide(ctx, by, imp, old, personID)
	if err != nil {
		return ImportRow{}, err
	}
	var cells []string
	if err := json.Unmarshal([]byte(old.Cells), &cells); err != nil {
		return ImportRow{}, err
	}
	next, err := plan.model(id, tableRow{no: no, cells: cells})
	if err != nil {
		return ImportRow{}, err
	}
	next.Decided = true
	err = s.db.Tx(ctx, func(tx *gorm.DB) error {
		res := tx.Exec(`UPDATE people_import_rows SET state = ?, person_id = ?, unit_id = ?, seen = ?, decided = ?, plan = ?
			WHERE import_id = ? AND row_no = ? AND EXISTS (SELECT 1 FROM people_imports i WHERE i.id = import_id AND i.state = ?)`,
			next.State, next.PersonID, next.UnitID, next.Seen, true, next.Plan, id, no, ImportChecked)
		if res.Error == nil && res.RowsAffected != 1 {
			return ErrImportState.With("state", "")
		}
		if res.Error != nil {
			return res.Error
		}
		return s.record(ctx, tx, by, audit.Entry{Action: "people_import.decide", ObjectKind: "people_import", ObjectID: id, UnitID: by.UnitID,
			After: map[string]any{"row": no, "personId": next.PersonID}})
	})
	if err != nil {
		return ImportRow{}, err
	}
	rows, err := viewRows(s.read(ctx), by, []importRowModel{next})
	if err != nil {
		return ImportRow{}, err
	}
	return rows[0], nil
}

// decide plans one row again, knowing the file's other rows, with the decision.
func (s *Service) decide(ctx context.Context, by Actor, imp importModel, old importRowModel, personID *int64) (rowPlan, error) {
	before, err := old.plan()
	if err != nil {
		return before, err
	}
	if len(before.Candidates) == 0 {
		return before, ErrImportDecision.At("personId")
	}
	chosen := int64(0)
	if personID != nil {
		chosen = *personID
		if !slices.Contains(before.Candidates, chosen) {
			return before, ErrImportDecision.At("personId")
		}
	}
	t := &table{columns: map[string]int{}}
	if err := json.Unmarshal([]byte(imp.Header), &t.header); err != nil {
		return before, err
	}
	for i, heading := range t.header {
		if field, ok := headingField[headingKey(heading)]; ok {
			if _, twice := t.columns[field]; !twice {
				t.columns[field] = i
			}
		}
	}
	tx := s.read(ctx)
	c, err := newChecker(tx, by.Scope(ManagePeople), by.Scope(ManageUnits), t, imp.CreateUnits)
	if err != nil {
		return before, err
	}
	if err := c.remember(tx, imp.ID, old.RowNo); err != nil {
		return before, err
	}
	row := tableRow{no: old.RowNo}
	if err := json.Unmarshal([]byte(old.Cells), &row.cells); err != nil {
		return before, err
	}
	plan := c.plan(row, &chosen)
	plan.Candidates = before.Candidates // so that it can be decided again
	return plan, nil
}

// remember takes in what the file's other rows claim.
func (c *checker) remember(tx *gorm.DB, importID int64, but int) error {
	var rows []importRowModel
	err := tx.Table("people_import_rows").Where("import_id = ? AND row_no <> ? AND state IN ?", importID, but,
		[]string{RowNew, RowChanged, RowUnchanged}).Order("row_no").Scan(&rows).Error
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.PersonID != 0 {
			c.rowOfPerson[r.PersonID] = r.RowNo
			continue
		}
		p, err := r.plan()
		if err != nil {
			return err
		}
		c.usernames.taken[p.Username] = true
		c.rowOfStaff[strings.ToLower(p.StaffNo)], c.rowOfPhone[p.Phone] = r.RowNo, r.RowNo
		c.rowOfName[nameInUnit{p.Name + "\x00" + strings.Join(p.NewUnits, "-"), p.UnitID + p.Under}] = nameRow{r.RowNo, p.StaffNo, p.Phone}
	}
	return nil
}

// waitStep is how often WaitImport looks.
const waitStep = 20 * time.Millisecond

// WaitImport returns the import once no step of it is running: checked, applied or failed.
func (s *Service) WaitImport(ctx context.Context, by Actor, id int64) (Import, error) {
	for {
		row, err := findImportRow(s.read(ctx), by, id)
		if err != nil {
			return Import{}, err
		}
		if row.State != ImportReading && row.State != ImportApplying {
			return s.viewImport(s.read(ctx), by, row)
		}
		select {
		case <-ctx.Done():
			return Import{}, ctx.Err()
		case <-s.ctx.Done():
			return Import{}, ErrImportStopped
		case <-time.After(waitStep):
		}
	}
}
