package org

import (
	"context"
	"slices"
	"strconv"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/fault"
	"jingzhong/store"
)

// grantRow is a row of role_grants, with the names it is shown with when read through grantsIn.
type grantRow struct {
	ID         int64
	PersonID   int64
	Role       string
	UnitID     int64
	GrantedBy  int64
	CreatedAt  int64 `gorm:"autoCreateTime:false"`
	RevokedAt  *int64
	RevokedBy  *int64
	PersonName string `gorm:"->"`
	UnitName   string `gorm:"->"`
	UnitPath   string `gorm:"->"`
}

// TableName is the table of grants.
func (grantRow) TableName() string { return "role_grants" }

const (
	grantJoins   = "JOIN people p ON p.id = g.person_id JOIN units pu ON pu.id = p.unit_id JOIN units u ON u.id = g.unit_id"
	grantColumns = "g.*, p.name AS person_name, u.name AS unit_name, u.path AS unit_path"
)

func (g grantRow) grant() RoleGrant {
	return RoleGrant{ID: g.ID, PersonID: g.PersonID, PersonName: g.PersonName, Role: g.Role, UnitID: g.UnitID, UnitName: g.UnitName,
		UnitPath: g.UnitPath, GrantedBy: g.GrantedBy, GrantedAt: store.Time(g.CreatedAt)}
}

// grantsIn starts every query for grants: those in force whose person and unit lie in the scope.
func grantsIn(tx *gorm.DB, scope Scope) *gorm.DB {
	q := tx.Table("role_grants g").Joins(grantJoins).Select(grantColumns).Where("g.revoked_at IS NULL")
	return scope.In(scope.In(q, "u", "path"), "pu", "path")
}

// ListGrants lists the grants in force, by id.
func (s *Service) ListGrants(ctx context.Context, by Actor, f GrantFilter) (Page[RoleGrant], error) {
	if err := Require(by, GrantRoles); err != nil {
		return Page[RoleGrant]{}, err
	}
	after, err := readCursor(f.Cursor)
	if err != nil {
		return Page[RoleGrant]{}, err
	}
	tx := s.read(ctx)
	q := grantsIn(tx, by.Scope(GrantRoles)).Where("g.id > ?", after)
	if f.PersonID != 0 {
		q = q.Where("g.person_id = ?", f.PersonID)
	}
	if f.Role != "" {
		q = q.Where("g.role = ?", f.Role)
	}
	if f.UnitID != 0 {
		unit, err := findUnitRow(tx, by.Scope(GrantRoles), f.UnitID)
		if err != nil {
			return Page[RoleGrant]{}, err
		}
		q = Scope{Paths: []string{unit.Path}}.In(q, "u", "path")
	}
	limit := pageSize(f.Limit)
	var rows []grantRow
	if err := q.Order("g.id").Limit(limit + 1).Scan(&rows).Error; err != nil {
		return Page[RoleGrant]{}, err
	}
	var page Page[RoleGrant]
	for i, row := range rows {
		if i == limit {
			page.Next = writeCursor(rows[i-1].ID)
			break
		}
		page.Items = append(page.Items, row.grant())
	}
	return page, nil
}

// GrantRole gives a role over a unit and everything below it. Nobody grants to oneself but the owner in mode
// quick; only an owner makes an owner; in mode two_person the auditor holds nothing else. A refusal is
// recorded.
func (s *Service) GrantRole(ctx context.Context, by Actor, in GrantInput) (RoleGrant, error) {
	if !slices.Contains(Roles, in.Role) {
		return RoleGrant{}, ErrRoleUnknown.With("value", in.Role).At("role")
	}
	if err := s.mayGrant(by, in.PersonID, in.Role); err != nil {
		return RoleGrant{}, s.denied(ctx, by, "role.grant_denied", in.PersonID, in.Role, err)
	}
	var grant RoleGrant
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		scope := by.Scope(GrantRoles)
		person, err := findPersonRow(tx, scope, in.PersonID)
		if err != nil {
			return err
		}
		unit, err := findUnitRow(tx, scope, in.UnitID)
		if err != nil {
			return err
		}
		if err := s.fits(tx, by, person, in.Role); err != nil {
			return err
		}
		row := grantRow{PersonID: person.ID, Role: in.Role, UnitID: unit.ID, GrantedBy: by.PersonID, CreatedAt: s.db.Now()}
		if err := gorm.G[grantRow](tx).Create(ctx, &row); err != nil {
			if store.IsDuplicate(err) {
				return ErrGrantTaken
			}
			return err
		}
		row.PersonName, row.UnitName, row.UnitPath = person.Name, unit.Name, unit.Path
		grant = row.grant()
		if err := raiseEpoch(tx, person.ID); err != nil {
			return err
		}
		return s.record(ctx, tx, by, audit.Entry{Action: "role.grant", ObjectKind: "person", ObjectID: person.ID, UnitID: unit.ID,
			After: map[string]any{"grantId": row.ID, "role": in.Role, "unitId": unit.ID}, Reason: in.Reason})
	})
	s.actors.forget(in.PersonID)
	return grant, err
}

// mayGrant is the rule on who gives or takes which role whose.
func (s *Service) mayGrant(by Actor, personID int64, role string) error {
	if err := Require(by, GrantRoles); err != nil {
		return err
	}
	owner := by.HasRole(RoleOwner)
	switch {
	case by.system:
		return nil
	case personID == by.PersonID && !(owner && by.Mode == ModeQuick):
		return ErrGrantSelf
	case role == RoleOwner && !owner:
		return ErrGrantOwner
	}
	return nil
}

// fits checks a new role against the person and the roles it holds.
func (s *Service) fits(tx *gorm.DB, by Actor, person personRow, role string) error {
	switch {
	case person.Status == StatusDisabled || person.AnonymisedAt > 0:
		return ErrGrantDisabled
	case IsAdministrator(role) && person.PasswordHash != "" && !person.PasswordLong && !by.system:
		return ErrGrantPassword.With("min", minAdminPassword)
	}
	mode, err := readSetting(tx, settingMode)
	if err != nil || mode != ModeTwoPerson {
		return err
	}
	var others []string
	if err := tx.Table("role_grants").Where("person_id = ? AND revoked_at IS NULL", person.ID).Pluck("role", &others).Error; err != nil {
		return err
	}
	if slices.ContainsFunc(others, func(other string) bool { return (other == RoleAuditor) != (role == RoleAuditor) }) {
		return ErrGrantAuditor
	}
	return nil
}

// denied records a refused grant and returns the refusal.
func (s *Service) denied(ctx context.Context, by Actor, action string, personID int64, role string, refusal error) error {
	code := ""
	if f, ok := fault.As(refusal); ok {
		code = f.Code
	}
	if by.PersonID == 0 {
		return refusal
	}
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		return s.record(ctx, tx, by, audit.Entry{Action: action, ObjectKind: "person", ObjectID: personID, UnitID: by.UnitID,
			After: map[string]any{"role": role, "code": code}})
	})
	if err != nil {
		return err
	}
	return refusal
}

// RevokeRole takes a role away; it acts within a second. The last person able to grant roles keeps the role
// that allows it.
func (s *Service) RevokeRole(ctx context.Context, by Actor, grantID int64, reason string) error {
	if err := Require(by, GrantRoles); err != nil {
		return s.denied(ctx, by, "role.revoke_denied", 0, "", err)
	}
	var row grantRow
	err := grantsIn(s.read(ctx), by.Scope(GrantRoles)).Where("g.id = ?", grantID).Take(&row).Error
	if store.IsMissing(err) {
		return ErrGrantNotFound
	}
	if err != nil {
		return err
	}
	if err := s.mayGrant(by, row.PersonID, row.Role); err != nil {
		return s.denied(ctx, by, "role.revoke_denied", row.PersonID, row.Role, err)
	}
	err = s.db.Tx(ctx, func(tx *gorm.DB) error {
		if err := s.keepGranter(tx, row.PersonID, grantID); err != nil {
			return err
		}
		res := tx.Exec("UPDATE role_grants SET revoked_at = ?, revoked_by = ? WHERE id = ? AND revoked_at IS NULL", s.db.Now(), by.PersonID, grantID)
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected != 1 {
			return ErrGrantNotFound
		}
		if err := raiseEpoch(tx, row.PersonID); err != nil {
			return err
		}
		return s.record(ctx, tx, by, audit.Entry{Action: "role.revoke", ObjectKind: "person", ObjectID: row.PersonID, UnitID: row.UnitID,
			Before: map[string]any{"grantId": row.ID, "role": row.Role, "unitId": row.UnitID}, Reason: reason})
	})
	s.actors.forget(row.PersonID)
	return err
}

const countGranters = `SELECT COUNT(*) FROM role_grants g JOIN people p ON p.id = g.person_id JOIN units u ON u.id = g.unit_id
	WHERE g.revoked_at IS NULL AND g.role IN ? AND p.status <> 'disabled' AND p.password_hash <> '' AND u.parent_id IS NULL
	AND NOT (g.person_id = ? AND (? = 0 OR g.id = ?))`

// keepGranter refuses when, without this person (or, if given, this one grant), nobody who can sign in could
// grant roles over the whole tree. It locks first, so that two such changes at once cannot both pass.
func (s *Service) keepGranter(tx *gorm.DB, personID, grantID int64) error {
	if err := tx.Exec("UPDATE settings SET value = value WHERE name = ?", settingMode).Error; err != nil {
		return err
	}
	able := []string{}
	for _, role := range Roles {
		if grants(ModeTwoPerson, role, "/1/", GrantRoles) {
			able = append(able, role)
		}
	}
	var held, left int64
	if err := tx.Table("role_grants").Where("person_id = ? AND revoked_at IS NULL AND role IN ? AND (? = 0 OR id = ?)",
		personID, able, grantID, grantID).Count(&held).Error; err != nil || held == 0 {
		return err
	}
	if err := tx.Raw(countGranters, able, personID, grantID, grantID).Scan(&left).Error; err != nil {
		return err
	}
	if left == 0 {
		return ErrGrantLast
	}
	return nil
}

// raiseEpoch outdates the access tokens of a person; refreshing gives one of the new epoch.
func raiseEpoch(tx *gorm.DB, personID int64) error {
	return tx.Exec("UPDATE people SET session_epoch = session_epoch + 1 WHERE id = ?", personID).Error
}

// readCursor and writeCursor carry the last id of a page.
func readCursor(cursor string) (int64, error) {
	if cursor == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(cursor, 10, 64)
	if err != nil || id < 0 {
		return 0, ErrCursor.At("cursor")
	}
	return id, nil
}

func writeCursor(id int64) string { return strconv.FormatInt(id, 10) }
