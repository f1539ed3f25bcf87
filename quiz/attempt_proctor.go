package quiz

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/fault"
	"jingzhong/org"
	"jingzhong/store"
)

// ErrActProposed says that the act waits for another person's approval (mode two_person).
var (
	ErrActProposed    = fault.New(fault.Conflict, "attempt.act_already_proposed")
	ErrActOwn         = fault.New(fault.Denied, "attempt.act_own")
	ErrActDecided     = fault.New(fault.Conflict, "attempt.act_decided")
	ErrActNotFound    = fault.New(fault.NotFound, "attempt.act_not_found")
	ErrReopenPublic   = fault.New(fault.Conflict, "attempt.results_public")
	errReasonTooShort = fault.New(fault.Invalid, "attempt.reason_missing")
)

// reopenMinutes is how long a reopened attempt runs when nothing else is said.
const reopenMinutes = 10

func reasoned(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	if n := len([]rune(reason)); n < 2 || n > 200 {
		return "", errReasonTooShort.At("reason")
	}
	return reason, nil
}

// Extend gives more time to the running and suspended attempts of one person, a unit's subtree or all, and
// returns how many it reached. A hard close still cuts them off (rules-contest 5.1).
func (s *Contests) Extend(ctx context.Context, by org.Actor, contestID int64, in Extension) (int, error) {
	c, err := s.organised(ctx, by, contestID, org.Invigilate)
	if err != nil {
		return 0, err
	}
	if in.Minutes < 1 || in.Minutes > 240 {
		return 0, ErrExtensionInput.At("minutes")
	}
	if in.Reason, err = reasoned(in.Reason); err != nil {
		return 0, err
	}
	var changed int64
	err = s.db.Tx(ctx, func(tx *gorm.DB) error {
		condition, args, err := extensionScope(tx, in)
		if err != nil {
			return err
		}
		ms := int64(in.Minutes) * 60_000
		changed, err = store.Writing(tx).Exec(`UPDATE attempts SET extension_ms = extension_ms + ? WHERE contest_id = ?
			AND state IN ('in_progress','suspended')`+condition, append([]any{ms, contestID}, args...)...)
		if err != nil {
			return fmt.Errorf("quiz: extend: %w", err)
		}
		if err := recomputeDeadlines(tx, c); err != nil {
			return err
		}
		return audit.Append(ctx, tx, entry(by, s.db.Now(), "contest.extend", "contest", contestID, c.UnitID, nil,
			map[string]any{"scope": in.Scope, "target": in.TargetID, "minutes": in.Minutes, "attempts": changed}, in.Reason))
	})
	s.changed(contestID)
	return int(changed), err
}

func extensionScope(tx *gorm.DB, in Extension) (string, []any, error) {
	switch in.Scope {
	case "all":
		return "", nil, nil
	case "person":
		return " AND person_id = ?", []any{in.TargetID}, nil
	case "unit":
		var path string
		if err := tx.Table("units").Select("path").Where("id = ?", in.TargetID).Row().Scan(&path); err != nil {
			return "", nil, ErrExtensionInput.At("id")
		}
		return ` AND unit_id IN (SELECT id FROM units WHERE path LIKE ? ESCAPE '\')`, []any{likeEscaper.Replace(path) + "%"}, nil
	}
	return "", nil, ErrExtensionInput.At("scope")
}

// recomputeDeadlines applies the formula of deadline() to every running attempt of the contest.
func recomputeDeadlines(tx *gorm.DB, c contestRow) error {
	_, err := store.Writing(tx).Exec(`UPDATE attempts SET deadline_at = outage_ms + CASE
		WHEN ? AND started_at + limit_ms + extension_ms + stopped_ms > ? THEN ?
		ELSE started_at + limit_ms + extension_ms + stopped_ms END
		WHERE contest_id = ? AND state IN ('in_progress','suspended')`, c.HardClose, c.ClosesAt, c.ClosesAt, c.ID)
	if err != nil {
		return fmt.Errorf("quiz: deadlines: %w", err)
	}
	return nil
}

// SuspendAttempt stops one person's clock.
func (s *Contests) SuspendAttempt(ctx context.Context, by org.Actor, attemptID int64, reason string) error {
	return s.act(ctx, by, attemptID, org.Invigilate, reason, "attempt.suspend", func(tx *gorm.DB, c contestRow, a attemptRow, reason string) error {
		return s.moved(tx, `UPDATE attempts SET state = 'suspended', suspended_at = ?, state_reason = ?
			WHERE id = ? AND state = 'in_progress' AND deadline_at + ? >= ?`, s.db.Now(), reason, a.ID, Grace, s.db.Now())
	})
}

// ResumeAttempt starts the clock again and adds the stopped time to the deadline.
func (s *Contests) ResumeAttempt(ctx context.Context, by org.Actor, attemptID int64, reason string) error {
	return s.act(ctx, by, attemptID, org.Invigilate, reason, "attempt.resume", func(tx *gorm.DB, c contestRow, a attemptRow, reason string) error {
		err := s.moved(tx, `UPDATE attempts SET state = 'in_progress', stopped_ms = stopped_ms + (? - suspended_at), suspended_at = 0,
			state_reason = '' WHERE id = ? AND state = 'suspended'`, s.db.Now(), a.ID)
		if err != nil {
			return err
		}
		return recomputeDeadlines(tx, c)
	})
}

// moved runs a guarded update of one attempt.
func (s *Contests) moved(tx *gorm.DB, statement string, args ...any) error {
	n, err := store.Writing(tx).Exec(statement, args...)
	if err != nil {
		return fmt.Errorf("quiz: move attempt: %w", err)
	}
	if n != 1 {
		return ErrAttemptState
	}
	return nil
}

// act is the frame of a proctor's act on one attempt: right, reason, guarded change, audit record.
func (s *Contests) act(ctx context.Context, by org.Actor, attemptID int64, right org.Right, reason, action string,
	change func(*gorm.DB, contestRow, attemptRow, string) error) error {
	a, err := findAttemptRow(s.db.Read(ctx), attemptID)
	if err != nil {
		return err
	}
	c, err := s.organised(ctx, by, a.ContestID, right)
	if err != nil {
		if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
			return ErrAttemptNotFound
		}
		return err
	}
	if reason, err = reasoned(reason); err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(tx *gorm.DB) error {
		// Read again inside the transaction: what the change rests on must be what it changes.
		if a, err = findAttemptRow(tx, attemptID); err != nil {
			return err
		}
		if err := change(tx, c, a, reason); err != nil {
			return err
		}
		return audit.Append(ctx, tx, entry(by, s.db.Now(), action, "attempt", a.ID, a.UnitID, map[string]any{"state": a.State}, nil, reason))
	})
	s.changed(c.ID)
	return err
}
