package org

import (
	"context"
	"math"
	"strings"
	"time"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/store"
)

// SignIn opens a session. A wrong name and a wrong password cost the same work and get the same answer, and
// both are locked for a growing while after five failures; sessions already open go on during a lock.
func (s *Service) SignIn(ctx context.Context, in SignIn) (Session, error) {
	username := tidyUsername(in.Username)
	person, err := s.byUsername(ctx, username)
	if err != nil {
		return Session{}, err
	}
	if err := s.locked(person, username); err != nil {
		return Session{}, err
	}
	hash := s.dummy
	if person.PasswordHash != "" {
		hash = person.PasswordHash
	}
	ok, err := s.verify(ctx, hash, in.Password)
	if err != nil {
		return Session{}, err
	}
	by := Actor{PersonID: person.ID, Name: person.Name, IP: in.IP}
	if !ok || person.PasswordHash == "" || person.Status == StatusDisabled {
		return Session{}, s.failed(ctx, by, person, username, "session.fail")
	}
	var session Session
	err = s.db.Tx(ctx, func(tx *gorm.DB) error {
		// Guarded by the lock too: guesses that queued before it fell find it here.
		now := s.db.Now()
		res := tx.Exec("UPDATE people SET failed_logins = 0, locked_until = 0, last_seen_at = ? WHERE id = ? AND password_hash = ? AND status <> ? AND locked_until <= ?",
			now, person.ID, person.PasswordHash, StatusDisabled, now)
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected != 1 {
			return ErrCredentials
		}
		session, err = s.open(ctx, tx, person.ID, in.IP, in.Agent)
		if err != nil {
			return err
		}
		return s.record(ctx, tx, by, audit.Entry{Action: "session.start", ObjectKind: "person", ObjectID: person.ID, UnitID: person.UnitID})
	})
	return session, err
}

// byUsername returns the person with the sign-in name, or an empty row: that nobody has it is not an error
// here, because the caller must not behave differently.
func (s *Service) byUsername(ctx context.Context, username string) (personRow, error) {
	var row personRow
	err := peopleIn(s.read(ctx), Scope{All: true}).Select(personColumns).Where("p.username = ?", username).Take(&row).Error
	if store.IsMissing(err) {
		return personRow{}, nil
	}
	return row, err
}

func (s *Service) locked(person personRow, username string) error {
	until := store.Time(person.LockedUntil)
	if person.ID == 0 {
		until = s.ghosts.lockedUntil(s.mac("ghost", username))
	}
	if left := until.Sub(s.now()); left > 0 {
		seconds := int(math.Ceil(left.Seconds()))
		return ErrAccountLocked.With("seconds", seconds).After(seconds)
	}
	return nil
}

// failed counts a wrong password and returns ErrCredentials. For a name nobody has it does the same work.
func (s *Service) failed(ctx context.Context, by Actor, person personRow, username, action string) error {
	if person.ID == 0 {
		s.ghosts.fail(s.mac("ghost", username), s.now())
		by.Name = "" // what was typed as a name may be a password
	}
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		if err := tx.Exec("UPDATE people SET failed_logins = failed_logins + 1 WHERE id = ?", person.ID).Error; err != nil {
			return err
		}
		var failures int
		if err := tx.Raw("SELECT COALESCE(MAX(failed_logins), 0) FROM people WHERE id = ?", person.ID).Scan(&failures).Error; err != nil {
			return err
		}
		entry := audit.Entry{Action: action, ObjectKind: "person", ObjectID: person.ID, UnitID: person.UnitID}
		if wait := backOff(failures); wait > 0 {
			until := store.MS(s.now().Add(wait))
			if err := tx.Exec("UPDATE people SET locked_until = ? WHERE id = ? AND locked_until < ?", until, person.ID, until).Error; err != nil {
				return err
			}
			entry.After = map[string]any{"failures": failures, "lockedSeconds": int(wait / time.Second)}
		}
		return s.record(ctx, tx, by, entry)
	})
	if err != nil {
		return err
	}
	return ErrCredentials
}

// Unlock ends a person's lock at once; never one's own (security.md), but for the owner in mode quick.
func (s *Service) Unlock(ctx context.Context, by Actor, personID int64) error {
	if err := Require(by, GrantRoles); err != nil {
		return err
	}
	if personID == by.PersonID && !(by.HasRole(RoleOwner) && by.Mode == ModeQuick) {
		return ErrUnlockSelf
	}
	return s.db.Tx(ctx, func(tx *gorm.DB) error {
		row, err := findPersonRow(tx, by.Scope(GrantRoles), personID)
		if err != nil {
			return err
		}
		if err := tx.Exec("UPDATE people SET failed_logins = 0, locked_until = 0 WHERE id = ?", personID).Error; err != nil {
			return err
		}
		return s.record(ctx, tx, by, audit.Entry{Action: "person.unlock", ObjectKind: "person", ObjectID: personID, UnitID: row.UnitID,
			Before: map[string]any{"failures": row.FailedLogins}})
	})
}

// ChangePassword replaces one's own password: every other session ends, this one goes on with the tokens
// returned. A wrong current password counts as a failed sign-in.
func (s *Service) ChangePassword(ctx context.Context, by Actor, in PasswordChange) (Session, error) {
	if err := Require(by, SignedIn); err != nil {
		return Session{}, err
	}
	row, err := findPersonRow(s.read(ctx), Scope{All: true}, by.PersonID)
	if err != nil {
		return Session{}, err
	}
	person := row
	if err := s.locked(person, person.Username); err != nil {
		return Session{}, err
	}
	ok, err := s.verify(ctx, person.PasswordHash, in.Current)
	if err != nil {
		return Session{}, err
	}
	if !ok {
		return Session{}, s.failed(ctx, by, person, person.Username, "password.fail")
	}
	if err := checkPassword(in.Password, by.administrates(), ownWords(person)...); err != nil {
		return Session{}, err
	}
	hash, err := s.hash(ctx, in.Password)
	if err != nil {
		return Session{}, err
	}
	var session Session
	err = s.db.Tx(ctx, func(tx *gorm.DB) error {
		res := tx.Exec("UPDATE people SET password_hash = ?, password_long = ?, failed_logins = 0 WHERE id = ? AND password_hash = ? AND locked_until <= ?",
			hash, runes(in.Password) >= minAdminPassword, person.ID, person.PasswordHash, s.db.Now())
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected != 1 {
			return ErrCredentials
		}
		if err := s.shutOut(tx, person.ID); err != nil {
			return err
		}
		session, err = s.open(ctx, tx, person.ID, by.IP, in.Agent)
		if err != nil {
			return err
		}
		return s.record(ctx, tx, by, audit.Entry{Action: "password.change", ObjectKind: "person", ObjectID: person.ID, UnitID: person.UnitID})
	})
	s.actors.forget(person.ID)
	return session, err
}

// ownWords are what a password must not be made of.
func ownWords(p personRow) []string {
	words := []string{p.Username, text(p.StaffNo), text(p.Phone), p.Name}
	return append(words, strings.Fields(p.Pinyin)...)
}

// SetPassword gives a person a password nobody chose; only the program itself may, for the demo's accounts.
func (s *Service) SetPassword(ctx context.Context, by Actor, personID int64, password string) error {
	if !by.system {
		return ErrDenied.With("right", "system")
	}
	if n := runes(password); n < minPassword {
		return ErrPasswordShort.With("min", minPassword).At("password")
	}
	hash, err := s.hash(ctx, password)
	if err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(tx *gorm.DB) error {
		row, err := findPersonRow(tx, Scope{All: true}, personID)
		if err != nil {
			return err
		}
		if err := s.shutOut(tx, personID); err != nil {
			return err
		}
		res := tx.Exec("UPDATE people SET password_hash = ?, password_long = ? WHERE id = ?", hash, runes(password) >= minAdminPassword, personID)
		if res.Error != nil {
			return res.Error
		}
		return s.record(ctx, tx, by, audit.Entry{Action: "password.set", ObjectKind: "person", ObjectID: personID, UnitID: row.UnitID})
	})
	s.actors.forget(personID)
	return err
}
