package quiz

import (
	"context"

	"jingzhong/audit"
	"jingzhong/org"
	"jingzhong/store"
)

const (
	submitAttempt = `UPDATE attempts SET state = 'submitted', submitted_at = ?, submit_kind = 'hand' WHERE id = ? AND state = 'in_progress'`
	readSubmitted = `SELECT state, submitted_at, submit_kind FROM attempts WHERE id = ?`
)

// Submit hands the attempt in together with the answers not yet acknowledged, so that it alone suffices.
// Handing in again returns what the first time did. Grading follows within a second.
func (s *Contests) Submit(ctx context.Context, by org.Actor, attemptID int64, in SubmitInput) (Submitted, error) {
	sh, err := s.sheet(ctx, attemptID, by.PersonID)
	if err != nil {
		return Submitted{}, err
	}
	var epoch int64
	if in.Lease != "" {
		var ok bool
		if epoch, ok = s.leaseEpoch(attemptID, in.Lease); !ok {
			return Submitted{}, ErrStaleLease.At("X-Lease")
		}
	}
	if err := sh.check(in.Answers); err != nil {
		return Submitted{}, err
	}
	s.presence.touch(sh.contestID, attemptID, in.ArrivedAt)
	var out Submitted
	var refused error
	err = s.db.Committer.Do(ctx, attemptID, func(b *store.Batch) error {
		out, refused = Submitted{}, nil
		g, err := s.guard(b, attemptID, by.PersonID)
		if err != nil {
			return err
		}
		if g.state == AttemptSuspended {
			return ErrAttemptSuspended
		}
		if g.state == AttemptVoided {
			return ErrAttemptVoided
		}
		if g.state == AttemptInProgress {
			current := epoch
			if current == 0 && g.leaseSession == by.SessionID {
				current = g.leaseEpoch
			}
			if current != g.leaseEpoch {
				return ErrStaleLease
			}
			if in.ArrivedAt > g.deadlineAt+Grace {
				// The sweeper will hand in what was saved in time.
				refused = ErrAttemptLate
				return s.keepLate(b, attemptID, current, in.Answers, in.ArrivedAt)
			}
			if out.Saved, err = s.handIn(b, by, attemptID, current, g.deadlineAt, in); err != nil {
				return err
			}
		}
		_, err = b.QueryRow(readSubmitted, []any{attemptID}, &out.State, &out.SubmittedAt, &out.SubmitKind)
		return err
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return Submitted{}, err
	}
	out.ServerTime = s.db.Now()
	s.changed(sh.contestID)
	return out, nil
}

func (s *Contests) handIn(b *store.Batch, by org.Actor, attemptID, epoch, deadlineAt int64, in SubmitInput) ([]SavedAnswer, error) {
	saved, err := s.store(b, attemptID, epoch, in.Answers, in.ArrivedAt)
	if err != nil {
		return nil, err
	}
	at := min(in.ArrivedAt, deadlineAt)
	if _, err := b.Exec(submitAttempt, at, attemptID); err != nil {
		return nil, err
	}
	return saved, audit.AppendTo(b, s.db.Dialect == store.Postgres, entry(by, in.ArrivedAt, "attempt.submit", "attempt", attemptID,
		by.UnitID, nil, map[string]any{"submittedAt": at}, ""))
}
