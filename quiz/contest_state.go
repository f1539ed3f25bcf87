package quiz

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/org"
	"jingzhong/store"
)

// step is a guarded move of a contest by a person, with what must happen in the same transaction.
type step struct {
	right  org.Right
	from   []ContestState
	to     ContestState
	reason bool
	also   func(*gorm.DB, contestRow, int64) error
}

func (s *Contests) step(ctx context.Context, by org.Actor, id int64, reason string, st step) (Contest, error) {
	c, err := s.organised(ctx, by, id, st.right)
	if err != nil {
		return Contest{}, err
	}
	if reason = strings.TrimSpace(reason); st.reason && len([]rune(reason)) < 2 {
		return Contest{}, ErrContestReason.At("reason")
	}
	err = s.db.Tx(ctx, func(tx *gorm.DB) error {
		now := s.db.Now()
		if c, err = findContestRow(tx, id); err != nil {
			return err
		}
		state := ContestState(c.State)
		for _, from := range st.from {
			if state != from {
				continue
			}
			if err := s.move(ctx, tx, by, c, from, st.to, reason, now); err != nil {
				return err
			}
			if st.also != nil {
				return st.also(tx, c, now)
			}
			return nil
		}
		return ErrContestState.With("state", c.State)
	})
	s.altered(id)
	if err != nil {
		return Contest{}, err
	}
	return s.FindContest(ctx, by, id)
}

// Withdraw takes a scheduled or proposed contest back to draft, before anybody has started.
func (s *Contests) Withdraw(ctx context.Context, by org.Actor, id int64, reason string) (Contest, error) {
	return s.step(ctx, by, id, reason, step{right: org.ManageContest, from: []ContestState{ContestScheduled, ContestProposed}, to: ContestDraft, reason: true,
		also: func(tx *gorm.DB, c contestRow, now int64) error {
			if c.state(now) == ContestOpen {
				return ErrContestState.With("state", ContestOpen)
			}
			return liftEmbargo(tx, c.ID)
		}})
}

// Cancel ends a contest for good; its attempts stay on record and count nowhere.
func (s *Contests) Cancel(ctx context.Context, by org.Actor, id int64, reason string) (Contest, error) {
	return s.step(ctx, by, id, reason, step{right: org.ManageContest, to: ContestCancelled, reason: true,
		from: []ContestState{ContestDraft, ContestProposed, ContestScheduled, ContestSuspended},
		also: func(tx *gorm.DB, c contestRow, _ int64) error { return liftEmbargo(tx, c.ID) }})
}

// Suspend stops every running clock of an open contest.
func (s *Contests) Suspend(ctx context.Context, by org.Actor, id int64, reason string) (Contest, error) {
	return s.step(ctx, by, id, reason, step{right: org.ManageContest, from: []ContestState{ContestOpen}, to: ContestSuspended, reason: true,
		also: func(tx *gorm.DB, c contestRow, now int64) error {
			w := store.Writing(tx)
			if _, err := w.Exec(`UPDATE contests SET suspended_at = ? WHERE id = ?`, now, c.ID); err != nil {
				return fmt.Errorf("quiz: suspend: %w", err)
			}
			_, err := w.Exec(`UPDATE attempts SET state = 'suspended', suspended_at = ?, state_reason = 'contest'
				WHERE contest_id = ? AND state = 'in_progress' AND deadline_at + ? >= ?`, now, c.ID, Grace, now)
			return err
		}})
}

// Resume opens a suspended contest again: the close moves by the time it stood, and every clock it stopped
// goes on. Attempts a proctor had stopped stay stopped.
func (s *Contests) Resume(ctx context.Context, by org.Actor, id int64, reason string) (Contest, error) {
	return s.step(ctx, by, id, reason, step{right: org.ManageContest, from: []ContestState{ContestSuspended}, to: ContestOpen, reason: true,
		also: func(tx *gorm.DB, c contestRow, now int64) error {
			w := store.Writing(tx)
			c.ClosesAt += now - c.SuspendedAt
			if _, err := w.Exec(`UPDATE contests SET closes_at = ?, suspended_at = 0 WHERE id = ?`, c.ClosesAt, c.ID); err != nil {
				return fmt.Errorf("quiz: resume: %w", err)
			}
			if _, err := w.Exec(`UPDATE attempts SET state = 'in_progress', stopped_ms = stopped_ms + (? - suspended_at), suspended_at = 0,
				state_reason = '' WHERE contest_id = ? AND state = 'suspended' AND state_reason = 'contest'`, now, c.ID); err != nil {
				return fmt.Errorf("quiz: resume: %w", err)
			}
			return recomputeDeadlines(tx, c)
		}})
}

// CloseNow ends the window at once. Running attempts keep their own deadlines unless the close is hard.
func (s *Contests) CloseNow(ctx context.Context, by org.Actor, id int64, reason string) (Contest, error) {
	return s.moveClose(ctx, by, id, 0, reason)
}

// MoveClose sets another end of an open or scheduled contest; an open one may be closed earlier only by
// CloseNow, later at any time (rules-contest 5.0).
func (s *Contests) MoveClose(ctx context.Context, by org.Actor, id, closesAt int64, reason string) (Contest, error) {
	return s.moveClose(ctx, by, id, max(closesAt, 1), reason)
}

// moveClose takes 0 for the moment of the transaction: a clock read before it has gone on by then.
func (s *Contests) moveClose(ctx context.Context, by org.Actor, id, closesAt int64, reason string) (Contest, error) {
	c, err := s.organised(ctx, by, id, org.ManageContest)
	if err != nil {
		return Contest{}, err
	}
	if reason, err = reasoned(reason); err != nil {
		return Contest{}, err
	}
	err = s.db.Tx(ctx, func(tx *gorm.DB) error {
		now := s.db.Now()
		if c, err = findContestRow(tx, id); err != nil {
			return err
		}
		if state := c.state(now); state != ContestOpen && state != ContestScheduled {
			return ErrContestState.With("state", state)
		}
		closesAt := closesAt
		if closesAt == 0 {
			closesAt = now
		}
		if closesAt < now || closesAt <= c.OpensAt || (closesAt < c.ClosesAt && closesAt > now) {
			return ErrContestTimes.At("closesAt")
		}
		before := c.ClosesAt
		c.ClosesAt = closesAt
		n, err := store.Writing(tx).Exec(`UPDATE contests SET closes_at = ?, revision = revision + 1, updated_at = ? WHERE id = ? AND revision = ?`,
			closesAt, now, id, c.Revision)
		if err != nil {
			return fmt.Errorf("quiz: move close: %w", err)
		}
		if n != 1 {
			return ErrContestChanged
		}
		if err := recomputeDeadlines(tx, c); err != nil {
			return err
		}
		return audit.Append(ctx, tx, entry(by, now, "contest.move_close", "contest", id, c.UnitID,
			map[string]any{"closesAt": before}, map[string]any{"closesAt": closesAt}, reason))
	})
	s.altered(id)
	if err != nil {
		return Contest{}, err
	}
	if err := s.closeDue(ctx); err != nil {
		return Contest{}, err
	}
	return s.FindContest(ctx, by, id)
}

// Notice publishes the results for objections (公示) and freezes the board; only the bureau may.
func (s *Contests) Notice(ctx context.Context, by org.Actor, id int64) (Contest, error) {
	return s.step(ctx, by, id, "", step{right: org.FinaliseBoard, from: []ContestState{ContestGraded}, to: ContestNotice,
		also: func(tx *gorm.DB, c contestRow, _ int64) error { return s.ranking.FreezeIn(ctx, tx, by, c.BoardID) }})
}

// Finalise makes results and board final: only the bureau may, only with no attempt open (rules-contest 5.7).
// After it nothing but numbered corrections changes them.
func (s *Contests) Finalise(ctx context.Context, by org.Actor, id int64) (Contest, error) {
	return s.step(ctx, by, id, "", step{right: org.FinaliseBoard, from: []ContestState{ContestNotice}, to: ContestFinal,
		also: func(tx *gorm.DB, c contestRow, _ int64) error {
			var open int64
			err := tx.Table("attempts").Where("contest_id = ? AND state IN ('in_progress','suspended','submitted','expired')", c.ID).Count(&open).Error
			if err != nil {
				return fmt.Errorf("quiz: finalise: %w", err)
			}
			if open > 0 {
				return ErrContestUnfinished.With("open", open)
			}
			if _, err := store.Writing(tx).Exec(`UPDATE attempts SET state = 'final' WHERE contest_id = ? AND state = 'graded'`, c.ID); err != nil {
				return fmt.Errorf("quiz: finalise: %w", err)
			}
			return s.ranking.Finalise(ctx, tx, by, c.BoardID)
		}})
}
