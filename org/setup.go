package org

import (
	"context"
	"crypto/subtle"
	"strconv"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"jingzhong/audit"
	"jingzhong/store"
)

// The settings this package keeps.
const (
	settingMode      = "mode"
	settingSite      = "site.name"
	settingSetup     = "setup.token"
	settingRetention = "people.retention_months"
)

// Months a person's data are kept after the last activity: the default, and the bounds of the setting
// (security.md, Audit log: floor of 6 months, default 36).
const (
	defaultRetention = 36
	leastRetention   = 6
	mostRetention    = 120
)

type settingModel struct {
	Name  string
	Value string
}

// TableName is the table of settings.
func (settingModel) TableName() string { return "settings" }

func readSetting(tx *gorm.DB, name string) (string, error) {
	var row settingModel
	err := tx.Table("settings").Where("name = ?", name).Take(&row).Error
	if store.IsMissing(err) {
		return "", nil
	}
	return row.Value, err
}

func writeSetting(tx *gorm.DB, name, value string) error {
	return tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "name"}}, DoUpdates: clause.AssignmentColumns([]string{"value"})}).
		Create(&settingModel{Name: name, Value: value}).Error
}

func retentionMonths(tx *gorm.DB) (int, error) {
	value, err := readSetting(tx, settingRetention)
	if err != nil || value == "" {
		return defaultRetention, err
	}
	return strconv.Atoi(value)
}

// hasOwner reports whether anybody ever opened the set-up link.
func hasOwner(tx *gorm.DB) (bool, error) {
	var n int64
	err := tx.Table("role_grants").Where("role = ?", RoleOwner).Count(&n).Error
	return n > 0, err
}

// Site is what anybody may know about the installation.
func (s *Service) Site(ctx context.Context) (Site, error) {
	tx := s.read(ctx)
	owner, err := hasOwner(tx)
	if err != nil {
		return Site{}, err
	}
	site := Site{SetupNeeded: !owner, Mode: ModeQuick}
	if site.Name, err = readSetting(tx, settingSite); err != nil {
		return Site{}, err
	}
	if mode, err := readSetting(tx, settingMode); err != nil || mode != "" {
		site.Mode = mode
		return site, err
	}
	return site, nil
}

// SetupToken makes the one-time token of the set-up link, and makes the one before worthless; once there is
// an owner it returns "".
func (s *Service) SetupToken(ctx context.Context) (string, error) {
	token := ""
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		owner, err := hasOwner(tx)
		if err != nil || owner {
			token = ""
			return err
		}
		token = randomText(24)
		return writeSetting(tx, settingSetup, s.mac("setup", token))
	})
	return token, err
}

// Setup opens the installation: the root unit, its owner, mode quick. The token is spent by it.
func (s *Service) Setup(ctx context.Context, in SetupInput) (Session, error) {
	if err := s.checkToken(s.read(ctx), in.Token); err != nil {
		return Session{}, err
	}
	person := PersonInput{Name: in.Name, Username: in.Username}.tidy()
	site := tidyUnitName(in.SiteName)
	root := unitModel{Name: site, Kind: KindAgency}
	if err := gather(at(checkName(person.Name), "name"), at(checkUsername(person.Username), "username")); err != nil {
		return Session{}, err
	}
	if site == "" {
		return Session{}, ErrUnitNameNeeded.At("siteName")
	}
	if runes(site) > maxUnitName {
		return Session{}, ErrTooLong.With("max", maxUnitName).At("siteName")
	}
	row := person.model(0)
	if err := checkPassword(in.Password, true, ownWords(row)...); err != nil {
		return Session{}, err
	}
	hash, err := s.hash(ctx, in.Password)
	if err != nil {
		return Session{}, err
	}
	var session Session
	err = s.db.Tx(ctx, func(tx *gorm.DB) error {
		if err := s.spendToken(tx, in.Token); err != nil {
			return err
		}
		now := s.db.Now()
		if err := insertUnit(ctx, tx, &root, unitModel{}, now); err != nil {
			return err
		}
		row = person.model(now)
		row.UnitID, row.PasswordHash, row.PasswordLong, row.LastSeenAt = root.ID, hash, true, now
		if err := gorm.G[personRow](tx).Create(ctx, &row); err != nil {
			return takenFault(err)
		}
		grant := grantRow{PersonID: row.ID, Role: RoleOwner, UnitID: root.ID, GrantedBy: System.PersonID, CreatedAt: now}
		if err := gorm.G[grantRow](tx).Create(ctx, &grant); err != nil {
			return err
		}
		if err := writeSetting(tx, settingSite, site); err != nil {
			return err
		}
		if err := writeSetting(tx, settingMode, ModeQuick); err != nil {
			return err
		}
		if session, err = s.open(ctx, tx, row.ID, in.IP, in.Agent); err != nil {
			return err
		}
		by := Actor{PersonID: row.ID, Name: row.Name, IP: in.IP}
		return s.record(ctx, tx, by, audit.Entry{Action: "site.setup", ObjectKind: "person", ObjectID: row.ID, UnitID: root.ID,
			After: map[string]any{"siteName": site, "mode": ModeQuick, "username": row.Username}})
	})
	s.actors.forgetAll()
	return session, err
}

func (s *Service) checkToken(tx *gorm.DB, token string) error {
	owner, err := hasOwner(tx)
	if err != nil {
		return err
	}
	if owner {
		return ErrSetupDone
	}
	want, err := readSetting(tx, settingSetup)
	if err != nil {
		return err
	}
	if want == "" || subtle.ConstantTimeCompare([]byte(want), []byte(s.mac("setup", token))) != 1 {
		return ErrSetupToken
	}
	return nil
}

// spendToken deletes the token it was given; two requests with the same token cannot both.
func (s *Service) spendToken(tx *gorm.DB, token string) error {
	res := tx.Exec("DELETE FROM settings WHERE name = ? AND value = ?", settingSetup, s.mac("setup", token))
	if res.Error == nil && res.RowsAffected != 1 {
		return ErrSetupToken
	}
	return res.Error
}

// SetMode moves the installation to a stricter mode, never back (security.md, Modes). Before two_person
// nobody may be an auditor and something else.
func (s *Service) SetMode(ctx context.Context, by Actor, mode string) error {
	if err := s.requireRoot(by, GrantRoles); err != nil {
		return err
	}
	if modeRank[mode] == 0 {
		return ErrModeUnknown.With("value", mode).At("mode")
	}
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		old, err := readSetting(tx, settingMode)
		if err != nil {
			return err
		}
		if modeRank[mode] < modeRank[old] {
			return ErrModeDown
		}
		if mode == old {
			return nil
		}
		var both int64
		err = tx.Raw(`SELECT COUNT(*) FROM role_grants a JOIN role_grants b ON b.person_id = a.person_id AND b.role <> 'auditor' AND b.revoked_at IS NULL
			WHERE a.role = 'auditor' AND a.revoked_at IS NULL`).Scan(&both).Error
		if err != nil {
			return err
		}
		if both > 0 {
			return ErrGrantAuditor
		}
		res := tx.Exec("UPDATE settings SET value = ? WHERE name = ? AND value = ?", mode, settingMode, old)
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected != 1 {
			return ErrModeDown
		}
		return s.record(ctx, tx, by, audit.Entry{Action: "mode.raise", ObjectKind: "site", Before: map[string]any{"mode": old},
			After: map[string]any{"mode": mode}})
	})
	s.actors.forgetAll()
	return err
}

// SetRetention sets for how many months after the last activity a person's data are kept.
func (s *Service) SetRetention(ctx context.Context, by Actor, months int) error {
	if err := s.requireRoot(by, GrantRoles); err != nil {
		return err
	}
	if months < leastRetention || months > mostRetention {
		return ErrSettingRange.With("min", leastRetention, "max", mostRetention).At("months")
	}
	return s.db.Tx(ctx, func(tx *gorm.DB) error {
		old, err := retentionMonths(tx)
		if err != nil {
			return err
		}
		if err := writeSetting(tx, settingRetention, strconv.Itoa(months)); err != nil {
			return err
		}
		return s.record(ctx, tx, by, audit.Entry{Action: "retention.set", ObjectKind: "site", Before: map[string]any{"months": old},
			After: map[string]any{"months": months}})
	})
}

// requireRoot asks for a right over the whole tree: what it changes concerns everybody.
func (s *Service) requireRoot(by Actor, right Right) error {
	if err := Require(by, right); err != nil {
		return err
	}
	if !by.Scope(right).All {
		return ErrDenied.With("right", string(right))
	}
	return nil
}
