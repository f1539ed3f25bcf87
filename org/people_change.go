package org

import (
	"context"
	"slices"
	"strconv"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/store"
)

// FindPerson returns one person: oneself, or somebody in a unit one may see the people of.
func (s *Service) FindPerson(ctx context.Context, by Actor, id int64) (Person, error) {
	scope := by.Scope(SeePeople)
	if by.PersonID == id && id > 0 {
		scope = Scope{All: true}
	} else if err := Require(by, SeePeople); err != nil {
		return Person{}, err
	}
	tx := s.read(ctx)
	row, err := findPersonRow(tx, scope, id)
	if err != nil {
		return Person{}, err
	}
	return s.one(tx, row)
}

// CreatePerson adds a person, without a role and without a password: an activation slip lets them in.
func (s *Service) CreatePerson(ctx context.Context, by Actor, in PersonInput) (Person, error) {
	if err := Require(by, ManagePeople); err != nil {
		return Person{}, err
	}
	in = in.tidy()
	if err := in.check(); err != nil {
		return Person{}, err
	}
	var person Person
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		unit, err := findUnitRow(tx, by.Scope(ManagePeople), in.UnitID)
		if err != nil {
			return err
		}
		row := in.model(s.db.Now())
		if row.Username == "" {
			names, err := loadNamer(tx, row)
			if err != nil {
				return err
			}
			row.Username = names.choose(row.Name, in.StaffNo, in.Phone)
		}
		if err := gorm.G[personRow](tx).Create(ctx, &row); err != nil {
			return takenFault(err)
		}
		if err := setAudiences(ctx, tx, row.ID, in.AudienceIDs); err != nil {
			return err
		}
		if err := s.record(ctx, tx, by, audit.Entry{Action: "person.create", ObjectKind: "person", ObjectID: row.ID, UnitID: unit.ID,
			After: trace(row, in.AudienceIDs)}); err != nil {
			return err
		}
		row.UnitName, row.UnitPath = unit.Name, unit.Path
		person, err = s.one(tx, row)
		return err
	})
	return person, err
}

func (in PersonInput) tidy() PersonInput {
	in.Name, in.Username, in.StaffNo = tidyName(in.Name), tidyUsername(in.Username), tidy(in.StaffNo)
	in.Phone, in.Email, in.Position = tidyPhone(in.Phone), tidy(in.Email), tidy(in.Position)
	if in.Status == "" {
		in.Status = StatusActive
	}
	return in
}

func (in PersonInput) check() error {
	username := in.Username
	if username == "" {
		username = "made"
	}
	faults := gather(at(checkName(in.Name), "name"), at(checkUsername(username), "username"), at(checkStaffNo(in.StaffNo), "staffNo"),
		at(checkPhone(in.Phone), "phone"), at(checkEmail(in.Email), "email"), at(checkPosition(in.Position), "position"))
	if faults == nil && !slices.Contains(Statuses, in.Status) {
		return ErrStatusUnknown.With("value", in.Status).At("status")
	}
	return faults
}

func (in PersonInput) model(now int64) personRow {
	row := personRow{Name: in.Name, Username: in.Username, StaffNo: nullable(in.StaffNo), Phone: nullable(in.Phone),
		Email: nullable(in.Email), UnitID: in.UnitID, Position: in.Position, Status: in.Status, IsTest: in.Test,
		SessionEpoch: 1, Version: 1, CreatedAt: now, UpdatedAt: now}
	row.Pinyin, row.Initials = spell(in.Name)
	return row
}

func setAudiences(ctx context.Context, tx *gorm.DB, personID int64, ids []int64) error {
	if _, err := gorm.G[personAudience](tx).Where("person_id = ?", personID).Delete(ctx); err != nil {
		return err
	}
	if len(ids) == 0 {
		return nil
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	var known int64
	if err := tx.Table("audiences").Where("id IN ?", ids).Count(&known).Error; err != nil {
		return err
	}
	if known != int64(len(ids)) {
		return ErrAudienceNotFound.At("audienceIds")
	}
	rows := make([]personAudience, len(ids))
	for i, id := range ids {
		rows[i] = personAudience{PersonID: personID, AudienceID: id}
	}
	return gorm.G[personAudience](tx).CreateInBatches(ctx, &rows, 100)
}

// trace is what the audit log keeps of a person: never the password or its hash.
func trace(row personRow, audiences []int64) map[string]any {
	return map[string]any{"name": row.Name, "username": row.Username, "staffNo": text(row.StaffNo), "phone": maskPhone(text(row.Phone)),
		"email": text(row.Email), "unitId": row.UnitID, "position": row.Position, "status": row.Status, "audienceIds": audiences}
}

// UpdatePerson changes what the input names. Moving somebody needs the right over both units; disabling or
// renaming the sign-in of somebody with a role needs the right to configure or to grant roles as well, and
// the last person able to grant roles cannot be disabled.
func (s *Service) UpdatePerson(ctx context.Context, by Actor, id int64, in PersonChange) (Person, error) {
	if err := Require(by, ManagePeople); err != nil {
		return Person{}, err
	}
	var person Person
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		old, err := findPersonRow(tx, by.Scope(ManagePeople), id)
		if err != nil {
			return err
		}
		if old.AnonymisedAt > 0 {
			return ErrPersonAnonymous
		}
		next, audiences, err := s.changed(tx, by, old, in)
		if err != nil {
			return err
		}
		if err := s.guardHolder(tx, by, old, next); err != nil {
			return err
		}
		before, err := audienceIDs(tx, id)
		if err != nil {
			return err
		}
		if err := s.record(ctx, tx, by, audit.Entry{Action: "person.update", ObjectKind: "person", ObjectID: id, UnitID: next.UnitID,
			Before: trace(old, before), After: trace(next, audiences)}); err != nil {
			return err
		}
		if err := writePerson(tx, old, next); err != nil {
			return err
		}
		if in.AudienceIDs != nil {
			if err := setAudiences(ctx, tx, id, *in.AudienceIDs); err != nil {
				return err
			}
		}
		if next.Status == StatusDisabled && old.Status != StatusDisabled {
			if err := s.shutOut(tx, id); err != nil {
				return err
			}
		}
		row, err := findPersonRow(tx, Scope{All: true}, id)
		if err == nil {
			person, err = s.one(tx, row)
		}
		return err
	})
	s.actors.forget(id)
	return person, err
}

// changed is the row after the change; audiences are the groups after it.
func (s *Service) changed(tx *gorm.DB, by Actor, old personRow, in PersonChange) (personRow, []int64, error) {
	next := old
	in2 := PersonInput{Name: old.Name, Username: old.Username, StaffNo: text(old.StaffNo), Phone: text(old.Phone),
		Email: text(old.Email), UnitID: old.UnitID, Position: old.Position, Status: old.Status}
	for _, f := range []struct{ from, to *string }{{in.Name, &in2.Name}, {in.Username, &in2.Username}, {in.StaffNo, &in2.StaffNo},
		{in.Phone, &in2.Phone}, {in.Email, &in2.Email}, {in.Position, &in2.Position}, {in.Status, &in2.Status}} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	if in.Version != nil && *in.Version != old.Version {
		return next, nil, ErrPersonChanged
	}
	if in.Username != nil && tidyUsername(*in.Username) == "" {
		return next, nil, ErrUsernameMalformed.With("max", maxUsername).At("username")
	}
	in2 = in2.tidy()
	if err := in2.check(); err != nil {
		return next, nil, err
	}
	if in.UnitID != nil && *in.UnitID != old.UnitID {
		unit, err := findUnitRow(tx, by.Scope(ManagePeople), *in.UnitID)
		if err != nil {
			return next, nil, err
		}
		in2.UnitID = unit.ID
	}
	next.Name, next.Username, next.StaffNo, next.Phone = in2.Name, in2.Username, nullable(in2.StaffNo), nullable(in2.Phone)
	next.Email, next.UnitID, next.Position, next.Status = nullable(in2.Email), in2.UnitID, in2.Position, in2.Status
	next.Pinyin, next.Initials = spell(next.Name)
	next.UpdatedAt = s.db.Now()
	if in.AudienceIDs != nil {
		return next, *in.AudienceIDs, nil
	}
	audiences, err := audienceIDs(tx, old.ID)
	return next, audiences, err
}

// guardHolder protects those who hold roles from being shut out by whoever may edit people.
func (s *Service) guardHolder(tx *gorm.DB, by Actor, old, next personRow) error {
	disabling := next.Status == StatusDisabled && old.Status != StatusDisabled
	if !disabling && next.Username == old.Username {
		return nil
	}
	holder, err := holdsRole(tx, old.ID)
	if err != nil || !holder {
		return err
	}
	if !by.Has(Configure) && !by.Has(GrantRoles) {
		return ErrRoleHolder
	}
	if disabling {
		return s.keepGranter(tx, old.ID, 0)
	}
	return nil
}

// writePerson is guarded by the version the change was computed from.
func writePerson(tx *gorm.DB, old, next personRow) error {
	res := tx.Table("people").Where("id = ? AND version = ?", old.ID, old.Version).Updates(map[string]any{
		"name": next.Name, "pinyin": next.Pinyin, "initials": next.Initials, "username": next.Username, "staff_no": next.StaffNo,
		"phone": next.Phone, "email": next.Email, "unit_id": next.UnitID, "position": next.Position, "status": next.Status,
		"version": old.Version + 1, "updated_at": next.UpdatedAt})
	if res.Error != nil {
		return takenFault(res.Error)
	}
	if res.RowsAffected != 1 {
		return ErrPersonChanged
	}
	return nil
}

func audienceIDs(tx *gorm.DB, personID int64) ([]int64, error) {
	var ids []int64
	err := tx.Table("person_audiences").Where("person_id = ?", personID).Order("audience_id").Pluck("audience_id", &ids).Error
	return ids, err
}

// shutOut ends every session of a person and makes unused slips worthless.
func (s *Service) shutOut(tx *gorm.DB, personID int64) error {
	now := s.db.Now()
	if err := tx.Exec("UPDATE people SET session_epoch = session_epoch + 1 WHERE id = ?", personID).Error; err != nil {
		return err
	}
	if err := tx.Exec("UPDATE sessions SET revoked_at = ? WHERE person_id = ? AND revoked_at = 0", now, personID).Error; err != nil {
		return err
	}
	return tx.Exec("UPDATE activations SET revoked_at = ? WHERE person_id = ? AND used_at = 0 AND revoked_at = 0", now, personID).Error
}

// Anonymise takes everything that names a person out of the database once retention has ended; records and
// results stay, under a number. The person must be retired or disabled and inactive for the retention period.
func (s *Service) Anonymise(ctx context.Context, by Actor, id int64, reason string) error {
	if err := Require(by, ManagePeople); err != nil {
		return err
	}
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		row, err := findPersonRow(tx, by.Scope(ManagePeople), id)
		if err != nil {
			return err
		}
		if err := s.mayAnonymise(tx, by, row); err != nil {
			return err
		}
		if err := s.record(ctx, tx, by, audit.Entry{Action: "person.anonymise", ObjectKind: "person", ObjectID: id, UnitID: row.UnitID,
			Reason: reason}); err != nil {
			return err
		}
		now := s.db.Now()
		res := tx.Table("people").Where("id = ? AND anonymised_at = 0 AND version = ?", id, row.Version).Updates(map[string]any{
			"name": "已匿名", "pinyin": "", "initials": "", "username": "anonymous-" + strconv.FormatInt(id, 10), "staff_no": nil, "phone": nil,
			"email": nil, "position": "", "status": StatusDisabled, "password_hash": "", "anonymised_at": now, "updated_at": now,
			"version": row.Version + 1})
		if res.Error == nil && res.RowsAffected != 1 {
			return ErrPersonChanged
		}
		if res.Error != nil {
			return res.Error
		}
		if err := s.shutOut(tx, id); err != nil {
			return err
		}
		return forgetTraces(tx, id)
	})
	s.actors.forget(id)
	return err
}

func (s *Service) mayAnonymise(tx *gorm.DB, by Actor, row personRow) error {
	switch {
	case row.AnonymisedAt > 0:
		return ErrPersonAnonymous
	case row.Status != StatusRetired && row.Status != StatusDisabled:
		return ErrNotRetired
	}
	months, err := retentionMonths(tx)
	if err != nil {
		return err
	}
	last := max(row.LastSeenAt, row.CreatedAt)
	if store.Time(last).AddDate(0, months, 0).After(s.now()) {
		return ErrRetention.With("months", months)
	}
	holder, err := holdsRole(tx, row.ID)
	if err == nil && holder {
		err = ErrRoleHolder
	}
	return err
}

// forgetTraces deletes what else names the person: where they signed in from, and rows of uploads.
func forgetTraces(tx *gorm.DB, id int64) error {
	for _, statement := range []string{
		"UPDATE sessions SET ip = '', agent = '' WHERE person_id = ?",
		"DELETE FROM people_import_rows WHERE person_id = ?",
		"DELETE FROM activations WHERE person_id = ?",
	} {
		if err := tx.Exec(statement, id).Error; err != nil {
			return err
		}
	}
	return nil
}
