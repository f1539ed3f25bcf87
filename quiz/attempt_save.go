package quiz

import (
	"context"

	"jingzhong/org"
	"jingzhong/store"
)

// The statements of the hot path, met once per answer. On PostgreSQL the attempt is locked, because its
// lane may run beside a proctor's transaction; SQLite has one writer.
const (
	// saveGuarded is guard and upsert in one: it writes a row if the attempt takes the answer, still has the
	// deadline that is known here, and the answer is newer than what is stored.
	saveGuarded = `INSERT INTO answers (attempt_id, slot, epoch, seq, choice, text, saved_at)
		SELECT a.id, ?, a.lease_epoch, ?, ?, ?, ? FROM attempts a
		WHERE a.id = ? AND a.person_id = ? AND a.state = 'in_progress' AND a.lease_epoch = ? AND a.deadline_at = ?`
	onNewer = `
		ON CONFLICT (attempt_id, slot) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq, choice = excluded.choice,
			text = excluded.text, saved_at = excluded.saved_at
		WHERE excluded.epoch > answers.epoch OR (excluded.epoch = answers.epoch AND excluded.seq > answers.seq)`

	readAttempt = `SELECT state, deadline_at, lease_epoch, lease_session FROM attempts WHERE id = ? AND person_id = ?`
	upsert      = `INSERT INTO answers (attempt_id, slot, epoch, seq, choice, text, saved_at) VALUES (?, ?, ?, ?, ?, ?, ?)` + onNewer
	readAnswer  = `SELECT seq, choice, text, saved_at FROM answers WHERE attempt_id = ? AND slot = ?`
	insertLate  = `INSERT INTO late_evidence (attempt_id, slot, epoch, seq, choice, text, received_at)
		VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
)

// forUpdate locks the row a query reads, where the dialect has more than one writer.
func (s *Contests) forUpdate(query string) string {
	if s.db.Dialect == store.Postgres {
		return query + " FOR UPDATE"
	}
	return query
}

// Save stores a batch of answers and acknowledges each after COMMIT with a receipt (rules-contest 5.2). It
// is idempotent: the same seq again returns the same receipt, an older one what is stored now. A batch that
// arrived after the deadline and its grace is kept as evidence and refused with ErrAttemptLate.
func (s *Contests) Save(ctx context.Context, by org.Actor, attemptID int64, in SaveInput) (Saved, error) {
	sh, err := s.sheet(ctx, attemptID, by.PersonID)
	if err != nil {
		return Saved{}, err
	}
	if in.Lease == "" {
		return Saved{}, ErrLeaseMissing.At("X-Lease")
	}
	epoch, ok := s.leaseEpoch(attemptID, in.Lease)
	if !ok {
		return Saved{}, ErrStaleLease.At("X-Lease")
	}
	if len(in.Answers) == 0 {
		return Saved{}, ErrAnswerCount.At("answers").With("max", maxBatch)
	}
	if err := sh.check(in.Answers); err != nil {
		return Saved{}, err
	}
	s.presence.touch(sh.contestID, attemptID, in.ArrivedAt)
	var saved Saved
	var refused error
	err = s.db.Committer.Do(ctx, attemptID, func(b *store.Batch) error {
		saved, refused = Saved{}, nil
		rest, err := s.saveGuarded(b, sh, epoch, in, &saved)
		if err != nil || len(rest) == 0 {
			return err
		}
		// Not taken at once: find out why, and what is stored in its place.
		g, err := s.guard(b, attemptID, by.PersonID)
		if err != nil {
			return err
		}
		if err := g.open(epoch); err != nil {
			return err
		}
		if in.ArrivedAt > g.deadlineAt+Grace {
			// What came too late is evidence and must be stored, so the refusal travels beside the commit.
			refused = ErrAttemptLate
			return s.keepLate(b, attemptID, epoch, in.Answers, in.ArrivedAt)
		}
		sh.deadline.Store(g.deadlineAt)
		saved.DeadlineAt = g.deadlineAt
		kept, err := s.store(b, attemptID, epoch, rest, in.ArrivedAt)
		saved.Answers = append(saved.Answers, kept...)
		return err
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return Saved{}, err
	}
	saved.ServerTime = s.db.Now()
	return saved, nil
}

// saveGuarded writes the answers one statement each until one is not taken, and returns those not written. A
// deadline that has moved, or that has passed, takes none.
func (s *Contests) saveGuarded(b *store.Batch, sh *sheet, epoch int64, in SaveInput, saved *Saved) (rest []AnswerInput, err error) {
	deadline := sh.deadline.Load()
	if in.ArrivedAt > deadline+Grace {
		return in.Answers, nil
	}
	saved.DeadlineAt = deadline
	saved.Answers = make([]SavedAnswer, 0, len(in.Answers))
	for i, a := range in.Answers {
		choice, text := encodeAnswer(a)
		n, err := b.Exec(s.saveQuery, a.Slot, a.Seq, choice, text, in.ArrivedAt, sh.attemptID, sh.personID, epoch, deadline)
		if err != nil || n == 0 {
			return in.Answers[i:], err
		}
		saved.Answers = append(saved.Answers, SavedAnswer{Slot: a.Slot, Seq: a.Seq, SavedAt: in.ArrivedAt,
			Receipt: s.receipt(sh.attemptID, a.Slot, a.Seq, in.ArrivedAt, choice, text)})
	}
	return nil, nil
}

// guarded is an attempt's changing part, read inside the transaction that acts on it.
type guarded struct {
	state        AttemptState
	deadlineAt   int64
	leaseEpoch   int64
	leaseSession string
}

func (s *Contests) guard(b store.Writer, attemptID, personID int64) (guarded, error) {
	var g guarded
	found, err := b.QueryRow(s.forUpdate(readAttempt), []any{attemptID, personID}, &g.state, &g.deadlineAt, &g.leaseEpoch, &g.leaseSession)
	if err == nil && !found {
		err = ErrAttemptNotFound
	}
	return g, err
}

// open refuses unless the attempt is running and the lease is the current one.
func (g guarded) open(epoch int64) error {
	switch g.state {
	case AttemptInProgress:
	case AttemptSuspended:
		return ErrAttemptSuspended
	case AttemptVoided:
		return ErrAttemptVoided
	default:
		return ErrAttemptDone
	}
	if epoch != g.leaseEpoch {
		return ErrStaleLease
	}
	return nil
}

// store upserts the answers and reads back what is kept where a newer one was already there.
func (s *Contests) store(b store.Writer, attemptID, epoch int64, answers []AnswerInput, at int64) ([]SavedAnswer, error) {
	saved := make([]SavedAnswer, 0, len(answers))
	for _, a := range answers {
		choice, text := encodeAnswer(a)
		seq, savedAt := a.Seq, at
		n, err := b.Exec(upsert, attemptID, a.Slot, epoch, seq, choice, text, savedAt)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			if _, err := b.QueryRow(readAnswer, []any{attemptID, a.Slot}, &seq, &choice, &text, &savedAt); err != nil {
				return nil, err
			}
		}
		saved = append(saved, SavedAnswer{Slot: a.Slot, Seq: seq, SavedAt: savedAt,
			Receipt: s.receipt(attemptID, a.Slot, seq, savedAt, choice, text)})
	}
	return saved, nil
}

func (s *Contests) keepLate(b store.Writer, attemptID, epoch int64, answers []AnswerInput, at int64) error {
	for _, a := range answers {
		choice, text := encodeAnswer(a)
		if _, err := b.Exec(insertLate, attemptID, a.Slot, epoch, a.Seq, choice, text, at); err != nil {
			return err
		}
	}
	return nil
}
