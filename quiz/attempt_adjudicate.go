package quiz

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"jingzhong/org"
	"jingzhong/store"
)

// The acts that change what counts; in mode two_person another person approves them.
const (
	actVoid   = "void"
	actUnvoid = "unvoid"
	actReopen = "reopen"
)

// Act is a proposed act on an attempt, waiting for a second person.
type Act struct {
	ID           int64
	AttemptID    int64
	ContestID    int64
	ContestTitle string
	PersonName   string
	UnitName     string
	Act          string
	Minutes      int
	Reason       string
	ProposedBy   int64
	ProposerName string
	ProposedAt   int64
	MayDecide    bool
}

// VoidAttempt takes an attempt out of the ranking; it stays on record. done is false if the act now waits
// for another person's approval.
func (s *Contests) VoidAttempt(ctx context.Context, by org.Actor, attemptID int64, reason string) (done bool, err error) {
	return s.adjudicate(ctx, by, attemptID, actVoid, 0, reason)
}

// UnvoidAttempt reverses VoidAttempt, until the contest is final.
func (s *Contests) UnvoidAttempt(ctx context.Context, by org.Actor, attemptID int64, reason string) (done bool, err error) {
	return s.adjudicate(ctx, by, attemptID, actUnvoid, 0, reason)
}

// ReopenAttempt lets a handed-in attempt run again for some minutes (0 = ten), before results are public.
// The lease moves on, so an old window cannot write into it.
func (s *Contests) ReopenAttempt(ctx context.Context, by org.Actor, attemptID int64, minutes int, reason string) (done bool, err error) {
	if minutes == 0 {
		minutes = reopenMinutes
	}
	if minutes < 1 || minutes > 240 {
		return false, ErrExtensionInput.At("minutes")
	}
	return s.adjudicate(ctx, by, attemptID, actReopen, minutes, reason)
}

func (s *Contests) adjudicate(ctx context.Context, by org.Actor, attemptID int64, act string, minutes int, reason string) (bool, error) {
	done := by.Mode == org.ModeQuick || by.IsSystem()
	err := s.act(ctx, by, attemptID, org.Invigilate, reason, "attempt."+act+map[bool]string{true: "", false: "_propose"}[done],
		func(tx *gorm.DB, c contestRow, a attemptRow, reason string) error {
			if done {
				return s.carryOut(ctx, tx, c, a, act, minutes, reason)
			}
			if err := s.mayCarryOut(c, a, act); err != nil {
				return err
			}
			n, err := store.Writing(tx).Exec(`INSERT INTO attempt_proposals (attempt_id, act, minutes, reason, proposed_by, proposed_at)
				VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, a.ID, act, minutes, reason, by.PersonID, s.db.Now())
			if err != nil {
				return fmt.Errorf("quiz: propose: %w", err)
			}
			if n == 0 {
				return ErrActProposed
			}
			return nil
		})
	return done, err
}

// DecideAct approves or rejects a proposed act. The proposer cannot.
func (s *Contests) DecideAct(ctx context.Context, by org.Actor, actID int64, approve bool, reason string) error {
	var p struct {
		ID, AttemptID, ProposedBy int64
		Act, Reason, Decision     string
		Minutes                   int
	}
	found := s.db.Read(ctx).Table("attempt_proposals").Where("id = ?", actID).Limit(1).Find(&p)
	if found.Error != nil {
		return fmt.Errorf("quiz: proposal: %w", found.Error)
	}
	if found.RowsAffected == 0 {
		return ErrActNotFound
	}
	if p.ProposedBy == by.PersonID {
		return ErrActOwn
	}
	decision := map[bool]string{true: "approved", false: "rejected"}[approve]
	return s.act(ctx, by, p.AttemptID, org.Review, reason, "attempt."+p.Act+"_"+decision, func(tx *gorm.DB, c contestRow, a attemptRow, _ string) error {
		n, err := store.Writing(tx).Exec(`UPDATE attempt_proposals SET decision = ?, decided_by = ?, decided_at = ? WHERE id = ? AND decision = ''`,
			decision, by.PersonID, s.db.Now(), actID)
		if err != nil {
			return fmt.Errorf("quiz: decide: %w", err)
		}
		if n != 1 {
			return ErrActDecided
		}
		if !approve {
			return nil
		}
		return s.carryOut(ctx, tx, c, a, p.Act, p.Minutes, p.Reason)
	})
}

// mayCarryOut refuses an act the contest's or the attempt's state does not allow.
func (s *Contests) mayCarryOut(c contestRow, a attemptRow, act string) error {
	if c.State == string(ContestFinal) || a.State == string(AttemptFinal) {
		return ErrContestState.With("state", c.State)
	}
	voided := a.State == string(AttemptVoided)
	switch {
	case act == actVoid && voided, act == actUnvoid && !voided:
		return ErrAttemptState
	case act == actReopen:
		if c.State == string(ContestNotice) {
			return ErrReopenPublic
		}
		if a.State != string(AttemptSubmitted) && a.State != string(AttemptExpired) && a.State != string(AttemptGraded) {
			return ErrAttemptState
		}
	}
	return nil
}

func (s *Contests) carryOut(ctx context.Context, tx *gorm.DB, c contestRow, a attemptRow, act string, minutes int, reason string) error {
	if err := s.mayCarryOut(c, a, act); err != nil {
		return err
	}
	now := s.db.Now()
	var err error
	switch act {
	case actVoid:
		err = s.moved(tx, `UPDATE attempts SET state = 'voided', voided_from = state, state_reason = ? WHERE id = ? AND state = ?`, reason, a.ID, a.State)
	case actUnvoid:
		// An attempt that was running when it was voided is handed in as it stood.
		err = s.moved(tx, `UPDATE attempts SET state = CASE WHEN voided_from IN ('in_progress','suspended') THEN 'expired' ELSE voided_from END,
			submitted_at = CASE WHEN submitted_at = 0 THEN deadline_at ELSE submitted_at END,
			submit_kind = CASE WHEN submit_kind = '' THEN 'auto' ELSE submit_kind END,
			voided_from = '', state_reason = '' WHERE id = ? AND state = 'voided'`, a.ID)
	case actReopen:
		// What was marked may be answered anew; the audit log keeps the marks.
		if _, err := store.Writing(tx).Exec(`DELETE FROM attempt_marks WHERE attempt_id = ?`, a.ID); err != nil {
			return fmt.Errorf("quiz: reopen: %w", err)
		}
		// The time between handing in and reopening is stopped clock: it is not the contestant's.
		ms := int64(minutes) * 60_000
		err = s.moved(tx, `UPDATE attempts SET state = 'in_progress', awaiting = 0, stopped_ms = stopped_ms + (? - submitted_at), deadline_at = ?,
			extension_ms = ? - started_at - limit_ms - stopped_ms - (? - submitted_at) - outage_ms,
			submitted_at = 0, submit_kind = '', graded_at = 0, lease_epoch = lease_epoch + 1, lease_session = ''
			WHERE id = ? AND state = ?`, now, now+ms, now+ms, now, a.ID, a.State)
		if store.IsDuplicate(err) {
			return ErrAttemptState // the person has another one running
		}
	}
	if err != nil {
		return err
	}
	return s.rank(ctx, tx, c, a.PersonID)
}

// ProposedActs lists what waits for the reader's approval, oldest first.
func (s *Contests) ProposedActs(ctx context.Context, by org.Actor) ([]Act, error) {
	if err := org.Require(by, org.Review); err != nil {
		return nil, err
	}
	var rows []struct {
		Act
		Path string
	}
	err := s.db.Read(ctx).Raw(`SELECT p.id, p.attempt_id, a.contest_id, c.title AS contest_title, w.name AS person_name, v.name AS unit_name,
		p.act, p.minutes, p.reason, p.proposed_by, x.name AS proposer_name, p.proposed_at, u.path
		FROM attempt_proposals p JOIN attempts a ON a.id = p.attempt_id JOIN contests c ON c.id = a.contest_id
		JOIN people w ON w.id = a.person_id JOIN people x ON x.id = p.proposed_by JOIN units v ON v.id = a.unit_id
		JOIN units u ON u.id = c.unit_id WHERE p.decision = '' ORDER BY p.id`).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("quiz: proposals: %w", err)
	}
	acts := []Act{}
	for _, r := range rows {
		if by.Scope(org.Review).Covers(r.Path) {
			r.Act.MayDecide = r.ProposedBy != by.PersonID
			acts = append(acts, r.Act)
		}
	}
	return acts, nil
}
