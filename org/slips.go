package org

import (
	"context"
	"time"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/fault"
	"jingzhong/store"
)

// Lives of an activation code (security.md, Passwords).
const (
	firstSlipLife = 30 * 24 * time.Hour // for somebody newly entered
	resetSlipLife = 72 * time.Hour      // issued again, or by a unit's manager: the reset without e-mail
)

// slipsAtOnce bounds one call, and slipsPerTx how long it holds the writer.
const (
	slipsAtOnce = 5000
	slipsPerTx  = 250
)

type activationModel struct {
	ID        int64
	PersonID  int64
	CodeHash  string
	IssuedBy  int64
	CreatedAt int64 `gorm:"autoCreateTime:false"`
	ExpiresAt int64
	UsedAt    int64
	RevokedAt int64
}

// TableName is the table of activation codes.
func (activationModel) TableName() string { return "activations" }

// IssueSlips issues codes to the people named, or, with none named, to everybody below the unit who has not
// activated yet. Older codes of the same people become worthless. Whoever holds a role gets a slip only from
// somebody who may grant roles: otherwise a unit's manager could become any administrator of the unit.
func (s *Service) IssueSlips(ctx context.Context, by Actor, unitID int64, personIDs []int64) ([]Slip, error) {
	if err := Require(by, ReissueSlips); err != nil {
		return nil, err
	}
	unit, err := findUnitRow(s.read(ctx), by.Scope(ReissueSlips), unitID)
	if err != nil {
		return nil, err
	}
	rows, err := slipPeople(s.read(ctx), Scope{Paths: []string{unit.Path}}, personIDs)
	if err != nil {
		return nil, err
	}
	if len(rows) > slipsAtOnce {
		rows = rows[:slipsAtOnce]
	}
	roles := by.Scope(GrantRoles)
	var slips []Slip
	for _, part := range chunks(rows, slipsPerTx) {
		done, err := s.issueSlips(ctx, by, unit, part, roles, len(personIDs) > 0)
		if err != nil {
			return nil, err
		}
		slips = append(slips, done...)
	}
	return slips, nil
}

// slipPeople finds who gets a slip; a named person outside the unit or disabled is not found.
func slipPeople(tx *gorm.DB, scope Scope, personIDs []int64) ([]personRow, error) {
	var rows []personRow
	q := func() *gorm.DB {
		return peopleIn(tx, scope).Select(personColumns).Where("p.status <> ? AND p.anonymised_at = 0", StatusDisabled).
			Order("u.path, p.id")
	}
	if len(personIDs) == 0 {
		err := q().Where("p.password_hash = '' AND p.is_test = ?", false).Limit(slipsAtOnce).Scan(&rows).Error
		return rows, err
	}
	wanted := map[int64]bool{}
	for _, id := range personIDs {
		wanted[id] = true
	}
	for _, part := range chunks(personIDs, 1000) {
		var some []personRow
		if err := q().Where("p.id IN ?", part).Scan(&some).Error; err != nil {
			return nil, err
		}
		for _, row := range some {
			if wanted[row.ID] {
				delete(wanted, row.ID)
				rows = append(rows, row)
			}
		}
	}
	if len(wanted) > 0 {
		return nil, ErrPersonNotFound.At("personIds")
	}
	return rows, nil
}

func (s *Service) issueSlips(ctx context.Context, by Actor, unit unitModel, rows []personRow, roles Scope, named bool) ([]Slip, error) {
	var slips []Slip
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		slips = nil
		ids := make([]int64, len(rows))
		for i, row := range rows {
			ids[i] = row.ID
		}
		var holders []int64
		if err := tx.Table("role_grants").Where("revoked_at IS NULL AND person_id IN ?", ids).Pluck("person_id", &holders).Error; err != nil {
			return err
		}
		holder := map[int64]bool{}
		for _, id := range holders {
			holder[id] = true
		}
		now := s.now()
		var codes []activationModel
		ids = ids[:0]
		for _, row := range rows {
			if holder[row.ID] && !roles.Covers(row.UnitPath) {
				if named {
					return ErrRoleHolder.At("personIds")
				}
				continue
			}
			life := resetSlipLife
			if row.PasswordHash == "" && (by.Has(ManagePeople) || by.Has(GrantRoles)) {
				life = firstSlipLife
			}
			code := newCode()
			expires := now.Add(life)
			ids = append(ids, row.ID)
			codes = append(codes, activationModel{PersonID: row.ID, CodeHash: s.mac("activation", plainCode(code)), IssuedBy: by.PersonID,
				CreatedAt: store.MS(now), ExpiresAt: store.MS(expires)})
			slips = append(slips, Slip{PersonID: row.ID, Name: row.Name, UnitID: row.UnitID, UnitName: row.UnitName, Username: row.Username,
				Code: code, ExpiresAt: expires})
		}
		if len(codes) == 0 {
			return nil
		}
		if err := tx.Exec("UPDATE activations SET revoked_at = ? WHERE used_at = 0 AND revoked_at = 0 AND person_id IN ?",
			store.MS(now), ids).Error; err != nil {
			return err
		}
		if err := gorm.G[activationModel](tx).CreateInBatches(ctx, &codes, slipsPerTx); err != nil {
			return err
		}
		return s.record(ctx, tx, by, audit.Entry{Action: "slip.issue", ObjectKind: "unit", ObjectID: unit.ID, UnitID: unit.ID,
			After: map[string]any{"personIds": ids}})
	})
	return slips, err
}

// Activate spends a code: the person chooses a password and is signed in; every older session and the lock
// end. It serves the first sign-in and the reset alike.
func (s *Service) Activate(ctx context.Context, in Activation) (Session, error) {
	code, person, err := s.findCode(ctx, in)
	if err != nil {
		return Session{}, err
	}
	admin, err := isAdministrator(s.read(ctx), person.ID)
	if err != nil {
		return Session{}, err
	}
	if err := checkPassword(in.Password, admin, ownWords(person)...); err != nil {
		return Session{}, err
	}
	hash, err := s.hash(ctx, in.Password)
	if err != nil {
		return Session{}, err
	}
	var session Session
	err = s.db.Tx(ctx, func(tx *gorm.DB) error {
		now := s.db.Now()
		res := tx.Exec("UPDATE activations SET used_at = ? WHERE id = ? AND used_at = 0 AND revoked_at = 0 AND expires_at > ?", now, code.ID, now)
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected != 1 {
			return ErrCodeSpent
		}
		if err := s.shutOut(tx, person.ID); err != nil {
			return err
		}
		res = tx.Exec(`UPDATE people SET password_hash = ?, password_long = ?, failed_logins = 0, locked_until = 0, last_seen_at = ?
			WHERE id = ? AND status <> ?`, hash, runes(in.Password) >= minAdminPassword, now, person.ID, StatusDisabled)
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected != 1 {
			return ErrCodeSpent
		}
		session, err = s.open(ctx, tx, person.ID, in.IP, in.Agent)
		if err != nil {
			return err
		}
		by := Actor{PersonID: person.ID, Name: person.Name, IP: in.IP}
		return s.record(ctx, tx, by, audit.Entry{Action: "person.activate", ObjectKind: "person", ObjectID: person.ID, UnitID: person.UnitID})
	})
	s.actors.forget(person.ID)
	return session, err
}

// findCode looks a code up. A failure is recorded, at most once a second: anybody can cause one.
func (s *Service) findCode(ctx context.Context, in Activation) (activationModel, personRow, error) {
	var code activationModel
	err := error(ErrCodeUnknown)
	if plain := plainCode(in.Code); plain != "" {
		err = s.read(ctx).Table("activations").Where("code_hash = ?", s.mac("activation", plain)).Take(&code).Error
		if store.IsMissing(err) {
			err = ErrCodeUnknown
		}
	}
	if err == nil && (code.UsedAt > 0 || code.RevokedAt > 0 || code.ExpiresAt <= s.db.Now()) {
		err = ErrCodeSpent
	}
	var person personRow
	if err == nil {
		person, err = findPersonRow(s.read(ctx), Scope{All: true}, code.PersonID)
		if err == nil && person.Status == StatusDisabled {
			err = ErrCodeSpent
		}
	}
	if _, refused := fault.As(err); refused {
		if held, due := s.probes.due(s.now()); due {
			logged := s.db.Tx(ctx, func(tx *gorm.DB) error {
				return s.record(ctx, tx, Actor{IP: in.IP}, audit.Entry{Action: "activation.fail", ObjectKind: "person", ObjectID: code.PersonID,
					After: map[string]any{"unrecorded": held}})
			})
			if logged != nil {
				return code, person, logged
			}
		}
	}
	return code, person, err
}

// isAdministrator reports whether a person holds an administrator's role.
func isAdministrator(tx *gorm.DB, personID int64) (bool, error) {
	var n int64
	err := tx.Table("role_grants").Where("person_id = ? AND revoked_at IS NULL AND role IN ?", personID, administrators).Count(&n).Error
	return n > 0, err
}
