package org

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/store"
)

// maxDepth bounds the tree, so that a path stays short.
const maxDepth = 12

// unitModel is a row of units.
type unitModel struct {
	ID        int64
	ParentID  *int64
	Name      string
	ShortName string
	Kind      string
	Tier      int
	Code      *string
	Path      string
	Sort      int
	ImportID  int64
	Version   int64
	CreatedAt int64 `gorm:"autoCreateTime:false"`
	UpdatedAt int64 `gorm:"autoUpdateTime:false"`
}

// TableName is the table of units.
func (unitModel) TableName() string { return "units" }

type unitAlias struct {
	UnitID int64
	Alias  string
}

// TableName is the table of units' other names.
func (unitAlias) TableName() string { return "unit_aliases" }

// unitsIn starts every query for units: those that are there, within the scope.
func unitsIn(tx *gorm.DB, scope Scope) *gorm.DB {
	return scope.In(tx.Table("units u").Where(visibleUnit), "u", "path")
}

// findUnitRow returns one unit within the scope; every other does not exist.
func findUnitRow(tx *gorm.DB, scope Scope, id int64) (unitModel, error) {
	var row unitModel
	err := unitsIn(tx, scope).Select("u.*").Where("u.id = ?", id).Take(&row).Error
	if store.IsMissing(err) {
		return row, ErrUnitNotFound
	}
	return row, err
}

// Units lists the part of the tree the actor has a role in, and its own unit, parents first.
func (s *Service) Units(ctx context.Context, by Actor) ([]Unit, error) {
	if err := Require(by, SignedIn); err != nil {
		return nil, err
	}
	tx := s.read(ctx)
	var rows []unitModel
	if err := unitsIn(tx, by.anywhere()).Select("u.*").Order("u.path").Scan(&rows).Error; err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(rows, func(u unitModel) bool { return u.ID == by.UnitID }) && by.UnitID > 0 {
		own, err := findUnitRow(tx, Scope{All: true}, by.UnitID)
		if err != nil {
			return nil, err
		}
		rows = append([]unitModel{own}, rows...)
	}
	aliases, err := allAliases(tx)
	if err != nil {
		return nil, err
	}
	// By depth, then the chosen order: parents come before their children whatever their ids.
	slices.SortStableFunc(rows, func(a, b unitModel) int {
		if d := strings.Count(a.Path, "/") - strings.Count(b.Path, "/"); d != 0 {
			return d
		}
		if a.Sort != b.Sort {
			return a.Sort - b.Sort
		}
		return int(a.ID - b.ID)
	})
	units := make([]Unit, len(rows))
	for i, row := range rows {
		units[i] = row.unit(aliases[row.ID])
	}
	return units, nil
}

// FindUnit returns one unit of the part of the tree the actor sees.
func (s *Service) FindUnit(ctx context.Context, by Actor, id int64) (Unit, error) {
	if err := Require(by, SignedIn); err != nil {
		return Unit{}, err
	}
	scope := by.anywhere()
	if id == by.UnitID {
		scope = Scope{All: true}
	}
	return loadUnit(s.read(ctx), scope, id)
}

func loadUnit(tx *gorm.DB, scope Scope, id int64) (Unit, error) {
	row, err := findUnitRow(tx, scope, id)
	if err != nil {
		return Unit{}, err
	}
	var aliases []string
	err = tx.Table("unit_aliases").Where("unit_id = ?", id).Order("alias").Pluck("alias", &aliases).Error
	return row.unit(aliases), err
}

func allAliases(tx *gorm.DB) (map[int64][]string, error) {
	var rows []unitAlias
	if err := tx.Table("unit_aliases").Order("unit_id, alias").Scan(&rows).Error; err != nil {
		return nil, err
	}
	aliases := map[int64][]string{}
	for _, row := range rows {
		aliases[row.UnitID] = append(aliases[row.UnitID], row.Alias)
	}
	return aliases, nil
}

func (u unitModel) unit(aliases []string) Unit {
	unit := Unit{ID: u.ID, Name: u.Name, ShortName: u.ShortName, Kind: u.Kind, Tier: u.Tier, Code: text(u.Code), Path: u.Path, Sort: u.Sort,
		Aliases: aliases, Version: u.Version, CreatedAt: store.Time(u.CreatedAt), UpdatedAt: store.Time(u.UpdatedAt)}
	if u.ParentID != nil {
		unit.ParentID = *u.ParentID
	}
	return unit
}

// CreateUnit adds a unit below a parent in the actor's scope.
func (s *Service) CreateUnit(ctx context.Context, by Actor, in UnitInput) (Unit, error) {
	if err := Require(by, ManageUnits); err != nil {
		return Unit{}, err
	}
	row := unitModel{Name: tidyUnitName(in.Name), ShortName: tidyUnitName(in.ShortName), Kind: in.Kind, Code: nullable(tidy(in.Code)),
		Sort: in.Sort}
	if row.Kind == "" {
		row.Kind = KindAgency
	}
	aliases := tidyAliases(in.Aliases)
	if err := row.check(aliases); err != nil {
		return Unit{}, err
	}
	var unit Unit
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		parent, err := findUnitRow(tx, by.Scope(ManageUnits), in.ParentID)
		if err != nil {
			return err
		}
		row.Tier = parent.Tier + 1
		if in.Tier != nil {
			row.Tier = *in.Tier
		}
		if err := insertUnit(ctx, tx, &row, parent, s.db.Now()); err != nil {
			return err
		}
		if err := setAliases(ctx, tx, row.ID, aliases); err != nil {
			return err
		}
		if unit, err = loadUnit(tx, Scope{All: true}, row.ID); err != nil {
			return err
		}
		return s.record(ctx, tx, by, audit.Entry{Action: "unit.create", ObjectKind: "unit", ObjectID: row.ID, UnitID: row.ID, After: unitTrace(unit)})
	})
	return unit, err
}

// insertUnit writes the row below its parent and gives it its path, which holds its own id.
func insertUnit(ctx context.Context, tx *gorm.DB, row *unitModel, parent unitModel, now int64) error {
	if strings.Count(parent.Path, "/") > maxDepth {
		return ErrUnitDeep.With("max", maxDepth)
	}
	if parent.ID != 0 {
		row.ParentID = &parent.ID
	}
	row.ID, row.Version, row.CreatedAt, row.UpdatedAt = 0, 1, now, now
	if err := gorm.G[unitModel](tx).Create(ctx, row); err != nil {
		return takenUnit(err)
	}
	row.Path = pathBelow(parent.Path, row.ID)
	return tx.Exec("UPDATE units SET path = ? WHERE id = ?", row.Path, row.ID).Error
}

func pathBelow(parent string, id int64) string {
	if parent == "" {
		parent = "/"
	}
	return parent + strconv.FormatInt(id, 10) + "/"
}

func takenUnit(err error) error {
	if !store.IsDuplicate(err) {
		return err
	}
	switch message := err.Error(); {
	case strings.Contains(message, "units_code"), strings.Contains(message, "units.code"):
		return ErrUnitCodeTaken.At("code")
	case strings.Contains(message, "units_root"):
		return ErrUnitRoot
	}
	return ErrUnitNameTaken.At("name")
}

func tidyUnitName(s string) string { return strings.Join(strings.Fields(tidy(s)), "") }

func tidyAliases(list []string) []string {
	var out []string
	for _, alias := range list {
		if alias = tidyUnitName(alias); alias != "" && !slices.Contains(out, alias) {
			out = append(out, alias)
		}
	}
	return out
}

func (u unitModel) check(aliases []string) error {
	switch {
	case u.Name == "":
		return ErrUnitNameNeeded.At("name")
	case runes(u.Name) > maxUnitName:
		return ErrTooLong.With("max", maxUnitName).At("name")
	case runes(u.ShortName) > maxUnitName:
		return ErrTooLong.With("max", maxUnitName).At("shortName")
	case runes(text(u.Code)) > maxUnitCode:
		return ErrTooLong.With("max", maxUnitCode).At("code")
	case !slices.Contains(UnitKinds, u.Kind):
		return ErrUnitKind.With("value", u.Kind).At("kind")
	case slices.ContainsFunc(aliases, func(a string) bool { return runes(a) > maxUnitName }):
		return ErrTooLong.With("max", maxUnitName).At("aliases")
	}
	return nil
}

func setAliases(ctx context.Context, tx *gorm.DB, unitID int64, aliases []string) error {
	if _, err := gorm.G[unitAlias](tx).Where("unit_id = ?", unitID).Delete(ctx); err != nil {
		return err
	}
	if len(aliases) == 0 {
		return nil
	}
	rows := make([]unitAlias, len(aliases))
	for i, alias := range aliases {
		rows[i] = unitAlias{UnitID: unitID, Alias: alias}
	}
	return gorm.G[unitAlias](tx).CreateInBatches(ctx, &rows, 100)
}

func unitTrace(u Unit) map[string]any {
	return map[string]any{"name": u.Name, "shortName": u.ShortName, "parentId": u.ParentID, "kind": u.Kind, "tier": u.Tier, "code": u.Code,
		"sort": u.Sort, "aliases": u.Aliases}
}

// UpdateUnit changes what the input names; moving a unit takes everything below it along.
func (s *Service) UpdateUnit(ctx context.Context, by Actor, id int64, in UnitChange) (Unit, error) {
	if err := Require(by, ManageUnits); err != nil {
		return Unit{}, err
	}
	var unit Unit
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		scope := by.Scope(ManageUnits)
		old, err := findUnitRow(tx, scope, id)
		if err != nil {
			return err
		}
		before, err := loadUnit(tx, Scope{All: true}, id)
		if err != nil {
			return err
		}
		if in.Version != nil && *in.Version != old.Version {
			return ErrUnitChanged
		}
		next, aliases := old.with(in, before.Aliases)
		if err := next.check(aliases); err != nil {
			return err
		}
		res := tx.Table("units").Where("id = ? AND version = ?", id, old.Version).Updates(map[string]any{"name": next.Name,
			"short_name": next.ShortName, "kind": next.Kind, "tier": next.Tier, "code": next.Code, "sort": next.Sort,
			"version": old.Version + 1, "updated_at": s.db.Now()})
		if res.Error != nil {
			return takenUnit(res.Error)
		}
		if res.RowsAffected != 1 {
			return ErrUnitChanged
		}
		if in.Aliases != nil {
			if err := setAliases(ctx, tx, id, aliases); err != nil {
				return err
			}
		}
		if in.ParentID != nil && *in.ParentID != before.ParentID {
			if err := moveUnit(tx, scope, old, *in.ParentID); err != nil {
				return err
			}
		}
		if unit, err = loadUnit(tx, Scope{All: true}, id); err != nil {
			return err
		}
		return s.record(ctx, tx, by, audit.Entry{Action: "unit.update", ObjectKind: "unit", ObjectID: id, UnitID: id,
			Before: unitTrace(before), After: unitTrace(unit)})
	})
	s.actors.forgetAll()
	return unit, err
}

func (u unitModel) with(in UnitChange, aliases []string) (unitModel, []string) {
	if in.Name != nil {
		u.Name = tidyUnitName(*in.Name)
	}
	if in.ShortName != nil {
		u.ShortName = tidyUnitName(*in.ShortName)
	}
	if in.Kind != nil {
		u.Kind = *in.Kind
	}
	if in.Tier != nil {
		u.Tier = *in.Tier
	}
	if in.Code != nil {
		u.Code = nullable(tidy(*in.Code))
	}
	if in.Sort != nil {
		u.Sort = *in.Sort
	}
	if in.Aliases != nil {
		aliases = tidyAliases(*in.Aliases)
	}
	return u, aliases
}

// moveUnit hangs a unit and everything below it under another parent in the scope.
func moveUnit(tx *gorm.DB, scope Scope, unit unitModel, parentID int64) error {
	if unit.ParentID == nil {
		return ErrUnitRoot
	}
	parent, err := findUnitRow(tx, scope, parentID)
	if err != nil {
		return err
	}
	if strings.HasPrefix(parent.Path, unit.Path) {
		return ErrUnitLoop.At("parentId")
	}
	var deepest []string
	if err := tx.Table("units").Where("path LIKE ?", unit.Path+"%").Pluck("path", &deepest).Error; err != nil {
		return err
	}
	for _, path := range deepest {
		if strings.Count(parent.Path, "/")+strings.Count(path, "/")-strings.Count(unit.Path, "/") > maxDepth {
			return ErrUnitDeep.With("max", maxDepth).At("parentId")
		}
	}
	if err := tx.Exec("UPDATE units SET parent_id = ? WHERE id = ?", parent.ID, unit.ID).Error; err != nil {
		return takenUnit(err)
	}
	return tx.Exec("UPDATE units SET path = ? || substr(path, ?) WHERE path LIKE ?",
		pathBelow(parent.Path, unit.ID), len(unit.Path)+1, unit.Path+"%").Error
}
