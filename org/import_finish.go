package org

import (
	"context"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/store"
)

// finish writes what follows from an import that has taken effect. It may run again after a crash: what is
// done is marked.
func (s *Service) finish(ctx context.Context, id int64) error {
	by, err := s.uploader(ctx, id)
	if err != nil {
		return err
	}
	if err := s.settle(ctx, by, id); err != nil {
		return err
	}
	tree, err := loadUnitTree(s.read(ctx))
	if err != nil {
		return err
	}
	var rows []importRowModel
	err = s.read(ctx).Table("people_import_rows").Where("import_id = ? AND state = ? AND done = ?", id, RowChanged, false).
		Order("row_no").Scan(&rows).Error
	if err != nil {
		return err
	}
	plans := make(map[int]rowPlan, len(rows))
	for _, r := range rows {
		if plans[r.RowNo], err = r.plan(); err != nil {
			return err
		}
	}
	knot, rest := disentangle(rows, plans)
	pieces := chunks(rest, rowsPerTx)
	if len(knot) > 0 {
		pieces = append([][]importRowModel{knot}, pieces...)
	}
	for i, part := range pieces {
		if err := s.writeChanges(ctx, by, id, part, plans, tree, len(knot) > 0 && i == 0); err != nil {
			return err
		}
		if err := s.reached("finish"); err != nil {
			return nil
		}
	}
	s.actors.forgetAll()
	return s.db.Tx(ctx, func(tx *gorm.DB) error {
		return tx.Exec("UPDATE people_imports SET state = ?, finished_at = ? WHERE id = ? AND state = ? AND flipped_at > 0", ImportApplied,
			s.db.Now(), id, ImportApplying).Error
	})
}

// uploader is who the records of an import name.
func (s *Service) uploader(ctx context.Context, id int64) (Actor, error) {
	var who struct {
		PersonID int64
		Name     *string
	}
	err := s.read(ctx).Table("people_imports i").Joins("LEFT JOIN people p ON p.id = i.person_id").Select("i.person_id, p.name").
		Where("i.id = ?", id).Take(&who).Error
	if who.PersonID == System.PersonID {
		return System, err
	}
	return Actor{PersonID: who.PersonID, Name: text(who.Name)}, err
}

// settle takes the import's number off the people and units it made visible.
func (s *Service) settle(ctx context.Context, by Actor, id int64) error {
	for {
		var ids []int64
		if err := s.read(ctx).Table("people").Where("import_id = ?", id).Order("id").Limit(rowsPerTx).Pluck("id", &ids).Error; err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		err := s.db.Tx(ctx, func(tx *gorm.DB) error {
			if err := tx.Exec("UPDATE people SET import_id = 0 WHERE id IN ?", ids).Error; err != nil {
				return err
			}
			return s.record(ctx, tx, by, audit.Entry{Action: "people_import.create", ObjectKind: "people_import", ObjectID: id,
				After: map[string]any{"personIds": ids}})
		})
		if err != nil {
			return err
		}
	}
	return s.db.Tx(ctx, func(tx *gorm.DB) error {
		return tx.Exec("UPDATE units SET import_id = 0 WHERE import_id = ?", id).Error
	})
}

// disentangle picks the rows that pass unique numbers among each other (A takes B's phone, B takes A's):
// they are written together, after all their numbers are let go.
func disentangle(rows []importRowModel, plans map[int]rowPlan) (knot, rest []importRowModel) {
	type value struct{ field, text string }
	holder := map[value]int{}
	for _, r := range rows {
		for _, c := range plans[r.RowNo].Changes {
			if (c.Field == "staffNo" || c.Field == "phone") && c.Old != "" {
				holder[value{c.Field, c.Old}] = r.RowNo
			}
		}
	}
	tied := map[int]bool{}
	for _, r := range rows {
		for _, c := range plans[r.RowNo].Changes {
			if other, ok := holder[value{c.Field, c.New}]; ok && other != r.RowNo {
				tied[other], tied[r.RowNo] = true, true
			}
		}
	}
	for _, r := range rows {
		if tied[r.RowNo] {
			knot = append(knot, r)
		} else {
			rest = append(rest, r)
		}
	}
	return knot, rest
}

type writtenChange struct {
	PersonID int64         `json:"personId"`
	Changes  []FieldChange `json:"changes"`
}

// writeChanges writes one piece. If a number was taken by somebody else since the check, the piece is
// written row by row, and the row concerned without its numbers.
func (s *Service) writeChanges(ctx context.Context, by Actor, id int64, rows []importRowModel, plans map[int]rowPlan, tree unitTree, knot bool) error {
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		if knot {
			for _, r := range rows {
				for _, c := range plans[r.RowNo].Changes {
					if err := letGo(tx, r, c); err != nil {
						return err
					}
				}
			}
		}
		for _, r := range rows {
			if err := s.writeChange(ctx, tx, r, plans[r.RowNo], tree); err != nil {
				return err
			}
		}
		var written []writtenChange
		for _, r := range rows {
			written = append(written, writtenChange{r.PersonID, plans[r.RowNo].Changes})
		}
		if err := tx.Exec("UPDATE people_imports SET progress = progress + ? WHERE id = ?", len(rows), id).Error; err != nil {
			return err
		}
		return s.record(ctx, tx, by, audit.Entry{Action: "people_import.change", ObjectKind: "people_import", ObjectID: id, After: written})
	})
	if !store.IsDuplicate(err) {
		return err
	}
	if len(rows) > 1 {
		for _, r := range rows {
			if err := s.writeChanges(ctx, by, id, []importRowModel{r}, plans, tree, false); err != nil {
				return err
			}
		}
		return nil
	}
	plan := plans[rows[0].RowNo]
	kept := plan.Changes[:0:0]
	for _, c := range plan.Changes {
		if c.Field != "staffNo" && c.Field != "phone" {
			kept = append(kept, c)
		}
	}
	plan.Changes = kept
	plans[rows[0].RowNo] = plan
	return s.writeChanges(ctx, by, id, rows, plans, tree, false)
}

// letGo empties a number that is about to change hands.
func letGo(tx *gorm.DB, r importRowModel, c FieldChange) error {
	switch c.Field {
	case "staffNo":
		return tx.Exec("UPDATE people SET staff_no = NULL WHERE id = ? AND version = ?", r.PersonID, r.Seen).Error
	case "phone":
		return tx.Exec("UPDATE people SET phone = NULL WHERE id = ? AND version = ?", r.PersonID, r.Seen).Error
	}
	return nil
}

// writeChange writes one person, unless somebody edited it after the import took effect: the later edit wins.
func (s *Service) writeChange(ctx context.Context, tx *gorm.DB, r importRowModel, p rowPlan, tree unitTree) error {
	values := map[string]any{"version": r.Seen + 1, "updated_at": s.db.Now()}
	groups, disabled := false, false
	for _, c := range p.Changes {
		switch c.Field {
		case "name":
			values["name"] = p.Name
			values["pinyin"], values["initials"] = spell(p.Name)
		case "unit":
			if unit, ok := tree.unitOf(p); ok {
				values["unit_id"] = unit.ID
			}
		case "staffNo":
			values["staff_no"] = p.StaffNo
		case "phone":
			values["phone"] = p.Phone
		case "email":
			values["email"] = p.Email
		case "position":
			values["position"] = p.Position
		case "status":
			values["status"], disabled = p.Status, p.Status == StatusDisabled
		case "audiences":
			groups = true
		}
	}
	res := tx.Table("people").Where("id = ? AND version = ? AND anonymised_at = 0", r.PersonID, r.Seen).Updates(values)
	if res.Error != nil {
		return res.Error
	}
	if res.RowsAffected == 1 && groups {
		if err := setAudiences(ctx, tx, r.PersonID, p.Audiences); err != nil {
			return err
		}
	}
	if res.RowsAffected == 1 && disabled {
		if err := s.shutOut(tx, r.PersonID); err != nil {
			return err
		}
	}
	return tx.Exec("UPDATE people_import_rows SET done = ? WHERE import_id = ? AND row_no = ?", true, r.ImportID, r.RowNo).Error
}
