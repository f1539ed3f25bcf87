package org

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/store"
)

// Lives of a session: it ends after two weeks without a refresh and after two months in any case; sessions
// outlive a contest's window, so nobody needs a password at its start (performance.md).
const (
	refreshIdle = 14 * 24 * time.Hour
	refreshLife = 60 * 24 * time.Hour
	// refreshGrace is how long the token just spent may come again: its answer was lost on the way.
	refreshGrace = 10 * time.Second
	// keptGenerations is how many spent generations are remembered; an older token is merely unknown.
	keptGenerations = 50
	refreshBytes    = 32
)

type sessionModel struct {
	ID         string
	PersonID   int64
	Generation int64
	IP         string
	Agent      string
	CreatedAt  int64 `gorm:"autoCreateTime:false"`
	LastSeenAt int64
	ExpiresAt  int64
	RevokedAt  int64
}

// TableName is the table of sessions.
func (sessionModel) TableName() string { return "sessions" }

type refreshModel struct {
	Hash       string
	SessionID  string
	Generation int64
	IssuedAt   int64
	UsedAt     int64
}

// TableName is the table of refresh tokens.
func (refreshModel) TableName() string { return "refresh_tokens" }

// open starts a session in the caller's transaction.
func (s *Service) open(ctx context.Context, tx *gorm.DB, personID int64, ip, agent string) (Session, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Session{}, err
	}
	now := s.now()
	row := sessionModel{ID: id.String(), PersonID: personID, Generation: 1, IP: cut(ip, 64), Agent: cut(tidy(agent), 200),
		CreatedAt: store.MS(now), LastSeenAt: store.MS(now), ExpiresAt: store.MS(now.Add(refreshIdle))}
	if err := gorm.G[sessionModel](tx).Create(ctx, &row); err != nil {
		return Session{}, err
	}
	return s.issue(ctx, tx, row)
}

// issue adds a refresh token of the session's current generation and returns what the caller is given.
func (s *Service) issue(ctx context.Context, tx *gorm.DB, row sessionModel) (Session, error) {
	token := randomText(refreshBytes)
	err := gorm.G[refreshModel](tx).Create(ctx, &refreshModel{Hash: s.mac("refresh", token), SessionID: row.ID, Generation: row.Generation,
		IssuedAt: s.db.Now()})
	if err != nil {
		return Session{}, err
	}
	person, err := findPersonRow(tx, Scope{All: true}, row.PersonID)
	if err != nil {
		return Session{}, err
	}
	session := Session{ID: row.ID, PersonID: row.PersonID, Epoch: person.SessionEpoch, RefreshToken: token, ExpiresAt: store.Time(row.ExpiresAt)}
	session.Person, err = s.one(tx, person)
	return session, err
}

// Refresh spends a refresh token and returns the session with a new one. A token that was already spent
// revokes the whole session, except the one spent last within ten seconds: its answer may have been lost.
func (s *Service) Refresh(ctx context.Context, token, ip, agent string) (Session, error) {
	hash := s.mac("refresh", token)
	var session Session
	reused := false
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		session, reused = Session{}, false
		// Another request may spend the same token between our read and our guarded step; one more look then
		// finds it spent a moment ago.
		for range 2 {
			old, row, err := findRefresh(tx, hash, s.db.Now())
			if err != nil {
				return err
			}
			fresh := old.UsedAt == 0 && old.Generation == row.Generation
			lost := old.UsedAt > 0 && old.Generation == row.Generation-1 && s.db.Now()-old.UsedAt <= refreshGrace.Milliseconds()
			if !fresh && !lost {
				reused = true
				return s.revokeFamily(ctx, tx, row, ip)
			}
			if fresh {
				moved, err := s.advance(tx, &row)
				if err != nil {
					return err
				}
				if !moved {
					continue
				}
			}
			session, err = s.issue(ctx, tx, row)
			return err
		}
		return ErrSessionEnded
	})
	if err == nil && reused {
		s.actors.forgetAll()
		return Session{}, ErrSessionReused
	}
	return session, err
}

func findRefresh(tx *gorm.DB, hash string, now int64) (refreshModel, sessionModel, error) {
	var old refreshModel
	var row sessionModel
	err := tx.Table("refresh_tokens").Where("hash = ?", hash).Take(&old).Error
	if err == nil {
		err = tx.Table("sessions").Where("id = ? AND revoked_at = 0 AND expires_at > ?", old.SessionID, now).Take(&row).Error
	}
	if err == nil {
		var status string
		err = tx.Table("people").Select("status").Where("id = ?", row.PersonID).Scan(&status).Error
		if err == nil && status == StatusDisabled {
			return old, row, ErrSessionEnded
		}
	}
	if store.IsMissing(err) {
		err = ErrSessionEnded
	}
	return old, row, err
}

// advance moves the session to its next generation, which spends every token of this one.
func (s *Service) advance(tx *gorm.DB, row *sessionModel) (moved bool, err error) {
	now := s.now()
	expires := min(store.MS(now.Add(refreshIdle)), row.CreatedAt+refreshLife.Milliseconds())
	res := tx.Exec("UPDATE sessions SET generation = generation + 1, last_seen_at = ?, expires_at = ? WHERE id = ? AND generation = ? AND revoked_at = 0",
		store.MS(now), expires, row.ID, row.Generation)
	if res.Error != nil || res.RowsAffected != 1 {
		return false, res.Error
	}
	if err := tx.Exec("UPDATE refresh_tokens SET used_at = ? WHERE session_id = ? AND generation = ? AND used_at = 0",
		store.MS(now), row.ID, row.Generation).Error; err != nil {
		return false, err
	}
	if err := tx.Exec("DELETE FROM refresh_tokens WHERE session_id = ? AND generation < ?", row.ID, row.Generation-keptGenerations).Error; err != nil {
		return false, err
	}
	row.Generation++
	row.ExpiresAt = expires
	return true, tx.Exec("UPDATE people SET last_seen_at = ? WHERE id = ?", store.MS(now), row.PersonID).Error
}

func (s *Service) revokeFamily(ctx context.Context, tx *gorm.DB, row sessionModel, ip string) error {
	if err := tx.Exec("UPDATE sessions SET revoked_at = ? WHERE id = ?", s.db.Now(), row.ID).Error; err != nil {
		return err
	}
	return s.record(ctx, tx, Actor{PersonID: row.PersonID, IP: ip}, audit.Entry{Action: "session.reuse", ObjectKind: "person",
		ObjectID: row.PersonID})
}

const authenticate = `SELECT p.id AS person_id, p.name, p.unit_id, u.path AS unit_path, p.session_epoch, p.status,
	se.expires_at, se.revoked_at, g.role, g.unit_id AS grant_unit, gu.path AS grant_path,
	(SELECT value FROM settings WHERE name = 'mode') AS mode
	FROM sessions se JOIN people p ON p.id = se.person_id JOIN units u ON u.id = p.unit_id
	LEFT JOIN role_grants g ON g.person_id = p.id AND g.revoked_at IS NULL LEFT JOIN units gu ON gu.id = g.unit_id
	WHERE se.id = ? AND p.id = ?`

type actorRow struct {
	PersonID     int64
	Name         string
	UnitID       int64
	UnitPath     string
	SessionEpoch int64
	Status       string
	ExpiresAt    int64
	RevokedAt    int64
	Role         *string
	GrantUnit    *int64
	GrantPath    *string
	Mode         *string
}

// Authenticate turns the claims of a valid access token into the Actor of this moment. It believes what it
// read for at most a second, and in this process not even that: every change that matters forgets.
// ErrSessionStale asks for a refresh, ErrSessionEnded for a new sign-in. IP and Lang are the caller's to set.
func (s *Service) Authenticate(ctx context.Context, sessionID string, personID, epoch int64) (Actor, error) {
	entry, found, turn := s.actors.find(sessionID, s.now())
	if !found || entry.actor.PersonID != personID {
		var rows []actorRow
		if err := s.read(ctx).Raw(authenticate, sessionID, personID).Scan(&rows).Error; err != nil {
			return Actor{}, err
		}
		if len(rows) == 0 || rows[0].RevokedAt > 0 || rows[0].ExpiresAt <= s.db.Now() || rows[0].Status == StatusDisabled {
			return Actor{}, ErrSessionEnded
		}
		entry = cachedActor{actor: actorOf(sessionID, rows), epoch: rows[0].SessionEpoch, until: s.now().Add(actorLife)}
		s.actors.keep(sessionID, entry, turn)
	}
	if entry.epoch != epoch {
		return Actor{}, ErrSessionStale
	}
	return entry.actor, nil
}

func actorOf(sessionID string, rows []actorRow) Actor {
	first := rows[0]
	by := Actor{PersonID: first.PersonID, Name: first.Name, UnitID: first.UnitID, UnitPath: first.UnitPath, SessionID: sessionID, Mode: text(first.Mode)}
	for _, r := range rows {
		if r.Role != nil && r.GrantUnit != nil && r.GrantPath != nil {
			by.Grants = append(by.Grants, Grant{Role: *r.Role, UnitID: *r.GrantUnit, UnitPath: *r.GrantPath})
		}
	}
	return by
}

// Profile is what the signed-in person learns about itself.
func (s *Service) Profile(ctx context.Context, by Actor) (Profile, error) {
	if err := Require(by, SignedIn); err != nil {
		return Profile{}, err
	}
	person, err := s.FindPerson(ctx, by, by.PersonID)
	return Profile{Person: person, Rights: by.Rights(), Mode: by.Mode}, err
}

// ListSessions lists one's own open sessions, the newest first.
func (s *Service) ListSessions(ctx context.Context, by Actor) ([]SessionInfo, error) {
	if err := Require(by, SignedIn); err != nil {
		return nil, err
	}
	var rows []sessionModel
	err := s.read(ctx).Table("sessions").Where("person_id = ? AND revoked_at = 0 AND expires_at > ?", by.PersonID, s.db.Now()).
		Order("last_seen_at DESC, id DESC").Limit(maxLimit).Scan(&rows).Error
	sessions := make([]SessionInfo, len(rows))
	for i, r := range rows {
		sessions[i] = SessionInfo{ID: r.ID, Current: r.ID == by.SessionID, CreatedAt: store.Time(r.CreatedAt), LastSeenAt: store.Time(r.LastSeenAt),
			ExpiresAt: store.Time(r.ExpiresAt), IP: r.IP, Agent: r.Agent}
	}
	return sessions, err
}

// SignOut ends the session the actor came with.
func (s *Service) SignOut(ctx context.Context, by Actor) error {
	return s.EndSession(ctx, by, by.SessionID)
}

// EndSession ends one of one's own sessions, e.g. on a lost phone.
func (s *Service) EndSession(ctx context.Context, by Actor, id string) error {
	if err := Require(by, SignedIn); err != nil {
		return err
	}
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		res := tx.Exec("UPDATE sessions SET revoked_at = ? WHERE id = ? AND person_id = ? AND revoked_at = 0", s.db.Now(), id, by.PersonID)
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected != 1 {
			return ErrSessionNotFound
		}
		return s.record(ctx, tx, by, audit.Entry{Action: "session.end", ObjectKind: "person", ObjectID: by.PersonID, UnitID: by.UnitID})
	})
	s.actors.forget(by.PersonID)
	return err
}

// SignOutToken ends the session a refresh token belongs to, for a browser whose access token has run out; an
// unknown or spent token is no error, because the browser is signed out either way.
func (s *Service) SignOutToken(ctx context.Context, token, ip string) error {
	var row sessionModel
	err := s.read(ctx).Table("sessions se").Joins("JOIN refresh_tokens t ON t.session_id = se.id").Select("se.*").
		Where("t.hash = ? AND t.used_at = 0 AND se.revoked_at = 0", s.mac("refresh", token)).Take(&row).Error
	if store.IsMissing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	err = s.EndSession(ctx, Actor{PersonID: row.PersonID, SessionID: row.ID, IP: ip}, row.ID)
	if errors.Is(err, ErrSessionNotFound) {
		return nil
	}
	return err
}

// cut keeps the first n characters.
func cut(s string, n int) string {
	if rs := []rune(s); len(rs) > n {
		return string(rs[:n])
	}
	return s
}
