package org

import (
	"context"
	"encoding/json"
	"errors"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/store"
)

// ApplyImport writes a checked import in the background, all or nothing in effect: new people and units are
// staged in small transactions, hidden under the import's number; one guarded statement makes them visible
// and decides that the changes to known people follow; these are then written in small transactions too. A
// crash before that statement leaves nothing, a crash after it is finished at the next start.
func (s *Service) ApplyImport(ctx context.Context, by Actor, id int64) (Import, error) {
	row, err := findImportRow(s.read(ctx), by, id)
	if err != nil {
		return Import{}, err
	}
	if row.CreateUnits {
		if err := Require(by, ManageUnits); err != nil {
			return Import{}, err
		}
	}
	if !s.applyMu.TryLock() {
		return Import{}, ErrImportBusy
	}
	err = s.beginApply(ctx, by, row)
	if err != nil {
		s.applyMu.Unlock()
		return Import{}, err
	}
	s.background(id, func(ctx context.Context) error {
		defer s.applyMu.Unlock()
		return s.apply(ctx, by, id)
	})
	return s.FindImport(ctx, by, id)
}

func (s *Service) beginApply(ctx context.Context, by Actor, row importModel) error {
	return s.db.Tx(ctx, func(tx *gorm.DB) error {
		counts, err := countRows(tx, row.ID)
		if err != nil {
			return err
		}
		if row.State == ImportChecked && counts.Errors+counts.Undecided > 0 {
			return ErrImportOpen.With("errors", counts.Errors, "undecided", counts.Undecided)
		}
		res := tx.Exec("UPDATE people_imports SET state = ?, progress = 0, total = ?, finished_at = 0 WHERE id = ? AND state = ?",
			ImportApplying, counts.New+counts.Changed, row.ID, ImportChecked)
		if res.Error == nil && res.RowsAffected != 1 {
			return ErrImportState.With("state", row.State)
		}
		return res.Error
	})
}

func (s *Service) apply(ctx context.Context, by Actor, id int64) error {
	err := s.stage(ctx, by, id)
	if err == nil {
		err = s.flip(ctx, by, id)
	}
	if err != nil {
		if ctx.Err() != nil || errors.Is(err, errHalted) {
			return nil // the next start undoes it
		}
		if store.IsDuplicate(err) {
			err = ErrImportStale
		}
		return errors.Join(err, s.unstage(ctx, id))
	}
	return s.finish(ctx, id)
}

// reached lets a test stop an import after a step.
func (s *Service) reached(step string) error {
	if s.halt != nil && s.halt(step) {
		return errHalted
	}
	return nil
}

// errHalted is how a test stops an import as a crash would.
var errHalted = errors.New("org: halted")

// stage writes the new units and people, hidden.
func (s *Service) stage(ctx context.Context, by Actor, id int64) error {
	tree, err := s.stageUnits(ctx, id)
	if err != nil {
		return err
	}
	names := newNamer()
	var taken []string
	if err := s.read(ctx).Table("people").Pluck("username", &taken).Error; err != nil {
		return err
	}
	for _, name := range taken {
		names.taken[name] = true
	}
	scope := by.Scope(ManagePeople)
	last := 0
	for {
		var rows []importRowModel
		err := s.read(ctx).Table("people_import_rows").Where("import_id = ? AND state = ? AND row_no > ?", id, RowNew, last).
			Order("row_no").Limit(rowsPerTx).Scan(&rows).Error
		if err != nil || len(rows) == 0 {
			return err
		}
		last = rows[len(rows)-1].RowNo
		if err := s.stagePeople(ctx, id, rows, tree, names, scope); err != nil {
			return err
		}
		if err := s.reached("stage"); err != nil {
			return err
		}
	}
}

// stagePeople writes one piece of new people with their groups.
func (s *Service) stagePeople(ctx context.Context, id int64, rows []importRowModel, tree unitTree, names *namer, scope Scope) error {
	people := make([]personRow, len(rows))
	plans := make([]rowPlan, len(rows))
	for i, r := range rows {
		p, err := r.plan()
		if err != nil {
			return err
		}
		plans[i] = p
		in := PersonInput{Name: p.Name, StaffNo: p.StaffNo, Phone: p.Phone, Email: p.Email, Position: p.Position, Status: p.Status}
		people[i] = in.model(s.db.Now())
		people[i].Username = names.choose(p.Name, p.StaffNo, p.Phone)
		people[i].ImportID = id
		unit, ok := tree.unitOf(p)
		if !ok || !scope.Covers(unit.Path) {
			return ErrImportStale // the unit moved out of reach since the check
		}
		people[i].UnitID = unit.ID
	}
	return s.db.Tx(ctx, func(tx *gorm.DB) error {
		for i := range people {
			people[i].ID = 0
		}
		if err := gorm.G[personRow](tx).CreateInBatches(ctx, &people, 100); err != nil {
			return err
		}
		var groups []personAudience
		for i, p := range people {
			for _, audience := range plans[i].Audiences {
				groups = append(groups, personAudience{PersonID: p.ID, AudienceID: audience})
			}
			if err := tx.Exec("UPDATE people_import_rows SET person_id = ?, unit_id = ?, done = ? WHERE import_id = ? AND row_no = ?",
				p.ID, p.UnitID, true, id, rows[i].RowNo).Error; err != nil {
				return err
			}
		}
		if len(groups) > 0 {
			if err := gorm.G[personAudience](tx).CreateInBatches(ctx, &groups, 200); err != nil {
				return err
			}
		}
		return tx.Exec("UPDATE people_imports SET progress = progress + ? WHERE id = ?", len(people), id).Error
	})
}

// unitTree finds units by id and those an import has staged by their place.
type unitTree struct {
	byID  map[int64]unitModel
	below map[nameInUnit]unitModel
}

func (t unitTree) unitOf(p rowPlan) (unitModel, bool) {
	unit, ok := t.byID[p.UnitID]
	if len(p.NewUnits) > 0 {
		unit, ok = t.byID[p.Under]
		for _, name := range p.NewUnits {
			if ok {
				unit, ok = t.below[nameInUnit{name, unit.ID}]
			}
		}
	}
	return unit, ok
}

// loadUnitTree reads the units that are there.
func loadUnitTree(tx *gorm.DB) (unitTree, error) {
	tree := unitTree{byID: map[int64]unitModel{}, below: map[nameInUnit]unitModel{}}
	var units []unitModel
	err := unitsIn(tx, Scope{All: true}).Select("u.*").Scan(&units).Error
	for _, u := range units {
		tree.byID[u.ID] = u
		if u.ParentID != nil {
			tree.below[nameInUnit{u.Name, *u.ParentID}] = u
		}
	}
	return tree, err
}

// stageUnits writes the units that rows need, hidden, parents first.
func (s *Service) stageUnits(ctx context.Context, id int64) (unitTree, error) {
	tree, err := loadUnitTree(s.read(ctx))
	if err != nil {
		return tree, err
	}
	var rows []importRowModel
	err = s.read(ctx).Table("people_import_rows").Where("import_id = ? AND unit_id = 0 AND state IN ?", id, []string{RowNew, RowChanged}).
		Order("row_no").Scan(&rows).Error
	if err != nil {
		return tree, err
	}
	for _, r := range rows {
		p, err := r.plan()
		if err != nil {
			return tree, err
		}
		unit, ok := tree.byID[p.Under]
		if !ok {
			return tree, ErrImportStale
		}
		for _, name := range p.NewUnits {
			child, known := tree.below[nameInUnit{name, unit.ID}]
			if !known {
				child = unitModel{Name: name, Kind: unit.Kind, Tier: unit.Tier + 1, ImportID: id}
				err := s.db.Tx(ctx, func(tx *gorm.DB) error { return insertUnit(ctx, tx, &child, unit, s.db.Now()) })
				if errors.Is(err, ErrUnitNameTaken) {
					err = ErrImportStale
				}
				if err != nil {
					return tree, err
				}
				tree.below[nameInUnit{name, unit.ID}], tree.byID[child.ID] = child, child
			}
			unit = child
		}
	}
	return tree, nil
}

// flip is the moment the import takes effect. Everybody it changes must still be as the check saw them.
func (s *Service) flip(ctx context.Context, by Actor, id int64) error {
	if err := s.reached("flip"); err != nil {
		return err
	}
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		var moved int64
		err := tx.Raw(`SELECT COUNT(*) FROM people_import_rows r LEFT JOIN people p ON p.id = r.person_id AND p.version = r.seen
			WHERE r.import_id = ? AND r.state = 'changed' AND p.id IS NULL`, id).Scan(&moved).Error
		if err != nil {
			return err
		}
		if moved > 0 {
			return ErrImportStale
		}
		res := tx.Exec("UPDATE people_imports SET flipped_at = ? WHERE id = ? AND state = ? AND flipped_at = 0", s.db.Now(), id, ImportApplying)
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected != 1 {
			return ErrImportState.With("state", "")
		}
		counts, err := countRows(tx, id)
		if err != nil {
			return err
		}
		var row importModel
		if err := tx.Table("people_imports").Where("id = ?", id).Take(&row).Error; err != nil {
			return err
		}
		return s.record(ctx, tx, by, audit.Entry{Action: "people_import.apply", ObjectKind: "people_import", ObjectID: id, UnitID: by.UnitID,
			After: map[string]any{"file": row.FileName, "sha256": row.FileHash, "new": counts.New, "changed": counts.Changed,
				"newUnits": json.RawMessage(row.NewUnits)}})
	})
	s.actors.forgetAll()
	return err
}
