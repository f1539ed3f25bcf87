package quiz

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/org"
	"jingzhong/store"
)

// Constants of the clock's work.
const (
	outageFrom = 5 * time.Second // a shorter gap is a slow second, not an outage (rules-contest 5.1)
	expireStep = 200             // attempts expired in one transaction
	ranksEvery = 10 * time.Minute
)

// Sweep is one tick of the clock. Every step is guarded and can be repeated, so a tick that is cut short
// or runs on two nodes does nothing twice.
func (s *Contests) Sweep(ctx context.Context) error {
	return errors.Join(s.beat(ctx), s.openDue(ctx), s.closeDue(ctx), s.expireDue(ctx), s.gradeDue(ctx), s.settle(ctx), s.keepRanks(ctx))
}

// beat writes the heartbeat. When the last one is older than outageFrom, nobody was served in between: the
// gap is added to every attempt that was running then, and to the close of their contests, in the
// transaction that moves the heartbeat on, so it happens exactly once.
func (s *Contests) beat(ctx context.Context) error {
	var touched []int64
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		touched = nil
		w, now := store.Writing(tx), s.db.Now()
		var last int64
		found, err := w.QueryRow(s.forUpdate(`SELECT beat_at FROM heartbeat WHERE id = 1`), nil, &last)
		if err != nil {
			return fmt.Errorf("quiz: heartbeat: %w", err)
		}
		if !found {
			_, err := w.Exec(`INSERT INTO heartbeat (id, beat_at) VALUES (1, ?) ON CONFLICT DO NOTHING`, now)
			return err
		}
		if now <= last {
			return nil // another node was faster, or the clock was set back: never move back
		}
		if now-last >= outageFrom.Milliseconds() {
			if touched, err = s.compensate(ctx, tx, last, now); err != nil {
				return err
			}
		}
		_, err = w.Exec(`UPDATE heartbeat SET beat_at = ? WHERE id = 1`, now)
		return err
	})
	for _, id := range touched {
		s.altered(id)
	}
	return err
}

// compensate pays a gap back. A suspended attempt is not charged for it anyway: its clock stands. An
// attempt whose deadline had passed before the gap gets nothing; one started in the gap cannot exist.
func (s *Contests) compensate(ctx context.Context, tx *gorm.DB, from, to int64) ([]int64, error) {
	w, gap := store.Writing(tx), to-from
	var contests []int64
	err := tx.Table("contests").Where("state IN ('open','scheduled') AND opens_at < ? AND closes_at > ?", to, from).Pluck("id", &contests).Error
	if err != nil {
		return nil, fmt.Errorf("quiz: outage: %w", err)
	}
	for _, id := range contests {
		if _, err := w.Exec(`UPDATE contests SET closes_at = closes_at + ?, revision = revision + 1 WHERE id = ?`, gap, id); err != nil {
			return nil, err
		}
	}
	n, err := w.Exec(`UPDATE attempts SET outage_ms = outage_ms + ?, deadline_at = deadline_at + ?
		WHERE state = 'in_progress' AND deadline_at >= ?`, gap, gap, from)
	if err != nil {
		return nil, fmt.Errorf("quiz: outage: %w", err)
	}
	if n == 0 && len(contests) == 0 {
		return nil, nil
	}
	if _, err := w.Exec(`INSERT INTO outages (from_at, to_at, attempts) VALUES (?, ?, ?)`, from, to, n); err != nil {
		return nil, err
	}
	s.log.Warn("outage compensated", "from", store.Time(from), "ms", gap, "attempts", n)
	return contests, audit.Append(ctx, tx, entry(org.System, to, "contest.outage", "contest", 0, 0, nil,
		map[string]any{"from": from, "to": to, "attempts": n, "contests": contests}, ""))
}

// openDue opens contests whose hour has come and freezes their rosters.
func (s *Contests) openDue(ctx context.Context) error {
	return s.moveDue(ctx, "state = 'scheduled' AND opens_at <= ?", func(tx *gorm.DB, c contestRow, now int64) error {
		if err := s.move(ctx, tx, org.System, c, ContestScheduled, ContestOpen, "", now); err != nil {
			return err
		}
		return s.freezeRoster(ctx, tx, c)
	})
}

// closeDue closes contests whose window has ended. Running attempts go on to their own deadlines.
func (s *Contests) closeDue(ctx context.Context) error {
	return s.moveDue(ctx, "state = 'open' AND closes_at <= ?", func(tx *gorm.DB, c contestRow, now int64) error {
		return s.move(ctx, tx, org.System, c, ContestOpen, ContestClosed, "", now)
	})
}

// moveDue acts on every contest that meets the condition, each in its own transaction, and calls after once
// it is committed.
func (s *Contests) moveDue(ctx context.Context, condition string, act func(*gorm.DB, contestRow, int64) error, after ...func(contestRow) error) error {
	now := s.db.Now()
	var due []contestRow
	if err := s.db.Read(ctx).Where(condition, now).Order("id").Find(&due).Error; err != nil {
		return fmt.Errorf("quiz: due contests: %w", err)
	}
	var errs []error
	for _, c := range due {
		err := s.db.Tx(ctx, func(tx *gorm.DB) error { return act(tx, c, now) })
		for i := 0; err == nil && i < len(after); i++ {
			err = after[i](c)
		}
		if err != nil && !errors.Is(err, ErrContestState) {
			errs = append(errs, fmt.Errorf("contest %d: %w", c.ID, err))
		}
		s.altered(c.ID)
	}
	return errors.Join(errs...)
}

// move is the guarded step from one state to another, with its audit record.
func (s *Contests) move(ctx context.Context, tx *gorm.DB, by org.Actor, c contestRow, from, to ContestState, reason string, now int64) error {
	n, err := store.Writing(tx).Exec(`UPDATE contests SET state = ?, state_reason = ?, revision = revision + 1, updated_at = ?
		WHERE id = ? AND state = ?`, string(to), reason, now, c.ID, string(from))
	if err != nil {
		return fmt.Errorf("quiz: move contest: %w", err)
	}
	if n != 1 {
		return ErrContestState.With("state", c.State)
	}
	return audit.Append(ctx, tx, entry(by, now, "contest."+string(to), "contest", c.ID, c.UnitID,
		map[string]any{"state": from}, map[string]any{"state": to}, reason))
}

// expireDue hands in every running attempt whose deadline and grace have passed: what was saved counts.
func (s *Contests) expireDue(ctx context.Context) error {
	for {
		now := s.db.Now()
		var due []attemptRow
		err := s.db.Read(ctx).Select("id, contest_id, unit_id").Where("state = 'in_progress' AND deadline_at < ?", now-Grace).
			Order("deadline_at").Limit(expireStep).Find(&due).Error
		if err != nil {
			return fmt.Errorf("quiz: due attempts: %w", err)
		}
		if len(due) == 0 {
			return nil
		}
		err = s.db.Tx(ctx, func(tx *gorm.DB) error {
			for _, a := range due {
				if err := s.expire(ctx, tx, a, now); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, a := range due {
			s.changed(a.ContestID)
		}
	}
}

func (s *Contests) expire(ctx context.Context, tx *gorm.DB, a attemptRow, now int64) error {
	n, err := store.Writing(tx).Exec(`UPDATE attempts SET state = 'expired', submitted_at = deadline_at, submit_kind = 'auto'
		WHERE id = ? AND state = 'in_progress' AND deadline_at < ?`, a.ID, now-Grace)
	if err != nil {
		return fmt.Errorf("quiz: expire: %w", err)
	}
	if n == 0 {
		return nil // extended or handed in meanwhile
	}
	return audit.Append(ctx, tx, entry(org.System, now, "attempt.expire", "attempt", a.ID, a.UnitID, nil, nil, ""))
}

// settle moves closed contests to graded once nothing runs or waits for grading.
func (s *Contests) settle(ctx context.Context) error {
	return s.moveDue(ctx, `state = 'closed' AND closes_at <= ? AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.contest_id = contests.id
		AND a.state IN ('in_progress','suspended','submitted','expired'))`, func(tx *gorm.DB, c contestRow, now int64) error {
		if err := s.move(ctx, tx, org.System, c, ContestClosed, ContestGraded, "", now); err != nil {
			return err
		}
		return liftEmbargo(tx, c.ID)
	}, func(c contestRow) error {
		drifts, err := s.ranking.Reconcile(ctx, c.BoardID)
		for _, d := range drifts {
			s.log.Error("unit sums had drifted and were repaired", "contest", c.ID, "drift", d)
		}
		return err
	})
}

// keepRanks stores the units' ranks of the day now and then, for "since yesterday".
func (s *Contests) keepRanks(ctx context.Context) error {
	now := s.db.Now()
	if last := s.ranksAt.Load(); last != 0 && now-last < ranksEvery.Milliseconds() {
		return nil
	}
	s.ranksAt.Store(now)
	var boards []int64
	err := s.db.Read(ctx).Table("contests").Where("state IN ('open','closed')").Pluck("board_id", &boards).Error
	if err != nil {
		return fmt.Errorf("quiz: ranks of the day: %w", err)
	}
	var errs []error
	for _, id := range boards {
		errs = append(errs, s.ranking.KeepDay(ctx, id))
	}
	return errors.Join(errs...)
}
