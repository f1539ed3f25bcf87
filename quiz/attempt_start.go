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

const (
	// One guarded statement each: the contest is the one that was read, so a close, a suspension or a new edition
	// that came between wins. The unique indexes refuse a second running attempt and a number that is taken, and
	// a first attempt is never deleted. A first start also finds the person on the roster with the time factor
	// that was read.
	attemptColumns = `INSERT INTO attempts (contest_id, edition, person_id, unit_id, no, state, paper, started_at, deadline_at,
		limit_ms, lease_epoch, lease_session) `
	insertAttempt = attemptColumns + `SELECT c.id, c.edition, ?, ?, ?, 'in_progress', ?, ?, ?, ?, 1, ? FROM contests c
		WHERE c.id = ? AND c.revision = ? ON CONFLICT DO NOTHING`
	insertFirst = attemptColumns + `SELECT c.id, c.edition, r.person_id, ?, 1, 'in_progress', ?, ?, ?, ?, 1, ?
		FROM contests c JOIN ranking_roster r ON r.board_id = c.board_id
		WHERE c.id = ? AND c.revision = ? AND r.person_id = ? AND ? = COALESCE((SELECT percent FROM contest_time_factors f
			WHERE f.contest_id = c.id AND f.person_id = r.person_id), 100)
		ON CONFLICT DO NOTHING`
	// What decides a start apart from the contest itself, in one round trip.
	readStanding = `SELECT (SELECT COUNT(*) FROM ranking_roster WHERE board_id = ? AND person_id = ?),
		COALESCE((SELECT percent FROM contest_time_factors WHERE contest_id = ? AND person_id = ?), 100),
		(SELECT COUNT(*) FROM attempts WHERE contest_id = ? AND person_id = ?)`
)

// errStartAgain says that another start of the same person came first; what it made is read again.
var errStartAgain = errors.New("quiz: another start came first")

// Start opens the person's next attempt and returns its paper, or returns the running one again
// (rules-contest 5.1). However many starts come at once, one attempt is made.
func (s *Contests) Start(ctx context.Context, by org.Actor, contestID int64) (Started, error) {
	for range 3 {
		started, err := s.start(ctx, by, contestID)
		if errors.Is(err, errStartAgain) {
			continue
		}
		return started, err
	}
	return Started{}, store.ErrBusy
}

func (s *Contests) start(ctx context.Context, by org.Actor, contestID int64) (Started, error) {
	now := s.db.Now()
	tx := s.db.Read(ctx)
	k, err := s.known(tx, contestID)
	if err != nil {
		return Started{}, err
	}
	if admissible(by, k) == nil && k.row.running(now) == nil {
		// Most starts of a herd are somebody's first: they are made without reading anything first.
		a := s.newAttempt(by, k.row, 1, k.row.LimitMs*k.percent(by.PersonID)/100, now)
		if started, err := s.begin(ctx, by, k, &a, nil, s.insertFirst); !errors.Is(err, errStartAgain) {
			return started, err
		}
	}
	p, err := s.standing(tx, by, k)
	if err != nil {
		return Started{}, err
	}
	if err := k.row.running(now); err != nil {
		return Started{}, err
	}
	var earlier []attemptRow
	if p.attempts > 0 {
		if earlier, err = ownAttempts(tx, contestID, by.PersonID); err != nil {
			return Started{}, err
		}
	}
	if live := liveAttempt(earlier, now); live != nil {
		return s.again(ctx, by, *live)
	}
	if err := s.mayStart(k.row, earlier, now); err != nil {
		return Started{}, err
	}
	a := s.newAttempt(by, k.row, len(earlier)+1, p.limit, now)
	started, err := s.begin(ctx, by, k, &a, earlier, s.insertNext)
	if errors.Is(err, errStartAgain) {
		s.forget(contestID)
	}
	return started, err
}

func (s *Contests) newAttempt(by org.Actor, c contestRow, no int, limit, now int64) attemptRow {
	a := attemptRow{ContestID: c.ID, Edition: c.Edition, PersonID: by.PersonID, UnitID: by.UnitID, No: no,
		State: string(AttemptInProgress), StartedAt: now, LimitMs: limit, LeaseEpoch: 1, LeaseSession: by.SessionID}
	a.DeadlineAt = deadline(c, a)
	return a
}

// begin draws the attempt's paper and makes the attempt if the guard of insert still holds, else asks to
// start again.
func (s *Contests) begin(ctx context.Context, by org.Actor, k knownContest, a *attemptRow, earlier []attemptRow,
	insert func(*store.Batch, knownContest, *attemptRow) (bool, error)) (Started, error) {
	c := k.row
	e, paper, err := s.drawPaper(ctx, c, by.PersonID, a.No, earlier)
	if err != nil {
		return Started{}, err
	}
	a.Paper = encodePaper(paper)
	err = s.db.Committer.Do(ctx, a.PersonID, func(b *store.Batch) error {
		made, err := insert(b, k, a)
		if err == nil && !made {
			err = errStartAgain
		}
		if err != nil {
			return err
		}
		return audit.AppendTo(b, s.db.Dialect == store.Postgres, entry(by, a.StartedAt, "attempt.start", "attempt", a.ID, a.UnitID,
			nil, map[string]any{"contest": a.ContestID, "no": a.No, "deadlineAt": a.DeadlineAt}, ""))
	})
	if err != nil {
		return Started{}, err
	}
	s.papers.put(newSheet(*a, e, paper))
	s.presence.touch(c.ID, a.ID, a.StartedAt)
	s.changed(c.ID)
	return Started{ID: a.ID, State: AttemptInProgress, No: a.No, Created: true, DeadlineAt: a.DeadlineAt,
		ServerTime: s.db.Now(), Lease: s.lease(a.ID, 1), Paper: e.render(paper)}, nil
}

// running refuses a contest in which nobody can start at now.
func (c contestRow) running(now int64) error {
	switch c.state(now) {
	case ContestOpen:
		return nil
	case ContestScheduled:
		return ErrContestNotOpen.With("opensAt", store.Time(c.OpensAt).Format(time.RFC3339))
	case ContestSuspended:
		return ErrContestSuspended
	default:
		return ErrContestClosed
	}
}

// standingOf is what a person brings to a contest.
type standingOf struct {
	onRoster bool
	limit    int64 // ms, with the person's time factor
	attempts int   // rows on record, voided ones included
}

// standing returns it, or refuses a person the contest is not meant for.
func (s *Contests) standing(tx *gorm.DB, by org.Actor, k knownContest) (standingOf, error) {
	if err := admissible(by, k); err != nil {
		return standingOf{}, err
	}
	var p standingOf
	var listed, percent int64
	c := k.row
	_, err := store.Writing(tx).QueryRow(readStanding, []any{c.BoardID, by.PersonID, c.ID, by.PersonID, c.ID, by.PersonID},
		&listed, &percent, &p.attempts)
	if err != nil {
		return p, fmt.Errorf("quiz: standing: %w", err)
	}
	p.onRoster, p.limit = listed > 0, c.LimitMs*percent/100
	if p.onRoster {
		return p, nil
	}
	meant, err := s.meant(tx, by, c, k.unit)
	if err == nil && !meant {
		err = ErrNotEligible
	}
	return p, err
}

func ownAttempts(tx *gorm.DB, contestID, personID int64) ([]attemptRow, error) {
	var attempts []attemptRow
	err := tx.Where("contest_id = ? AND person_id = ?", contestID, personID).Order("no").Find(&attempts).Error
	if err != nil {
		return nil, fmt.Errorf("quiz: own attempts: %w", err)
	}
	return attempts, nil
}

// liveAttempt returns the one that still runs at now, if any.
func liveAttempt(attempts []attemptRow, now int64) *attemptRow {
	for i, a := range attempts {
		if a.State == string(AttemptSuspended) || (a.State == string(AttemptInProgress) && now <= a.DeadlineAt+Grace) {
			return &attempts[i]
		}
	}
	return nil
}

// mayStart holds the attempt limits: voided attempts do not count, days are civil days of the zone.
func (s *Contests) mayStart(c contestRow, earlier []attemptRow, now int64) error {
	total, today := 0, 0
	year, month, day := store.Time(now).In(s.zone).Date()
	for _, a := range earlier {
		if a.State == string(AttemptVoided) {
			continue
		}
		total++
		if y, m, d := store.Time(a.StartedAt).In(s.zone).Date(); y == year && m == month && d == day {
			today++
		}
	}
	if c.AttemptsTotal > 0 && total >= c.AttemptsTotal {
		return ErrAttemptsUsed.With("max", c.AttemptsTotal)
	}
	if c.AttemptsDay > 0 && today >= c.AttemptsDay {
		return ErrAttemptsToday.With("max", c.AttemptsDay)
	}
	return nil
}

// deadline is min(start + limit + extensions + stopped clock, close if it is hard) + outages (rules-contest 5.1).
func deadline(c contestRow, a attemptRow) int64 {
	d := a.StartedAt + a.LimitMs + a.ExtensionMs + a.StoppedMs
	if c.HardClose {
		d = min(d, c.ClosesAt)
	}
	return d + a.OutageMs
}

func (s *Contests) drawPaper(ctx context.Context, c contestRow, personID int64, no int, earlier []attemptRow) (*edition, []pickedItem, error) {
	e, err := s.edition(ctx, c, c.Edition)
	if err != nil {
		return nil, nil, err
	}
	avoid := map[int]bool{}
	for _, a := range earlier {
		if a.Edition != c.Edition {
			continue
		}
		old, err := decodePaper(a.Paper)
		if err != nil {
			return nil, nil, fmt.Errorf("attempt %d: %w", a.ID, err)
		}
		for _, p := range old {
			if p.item < len(e.unitOf) {
				avoid[e.unitOf[p.item]] = true
			}
		}
	}
	paper, err := draw(drawSeed(e.secret, c.ID, personID, no), e.rows, e.candidates, e.pool, e.target, avoid)
	return e, paper, err
}

func (s *Contests) insertFirst(b *store.Batch, k knownContest, a *attemptRow) (made bool, err error) {
	a.ID, made, err = b.Insert(insertFirst, a.UnitID, a.Paper, a.StartedAt, a.DeadlineAt, a.LimitMs, a.LeaseSession,
		k.row.ID, k.row.Revision, a.PersonID, k.percent(a.PersonID))
	return made, err
}

func (s *Contests) insertNext(b *store.Batch, k knownContest, a *attemptRow) (made bool, err error) {
	a.ID, made, err = b.Insert(insertAttempt, a.PersonID, a.UnitID, a.No, a.Paper, a.StartedAt, a.DeadlineAt, a.LimitMs, a.LeaseSession,
		k.row.ID, k.row.Revision)
	return made, err
}

// again returns the running attempt: with its lease to the sign-in that holds it, without to another.
func (s *Contests) again(ctx context.Context, by org.Actor, a attemptRow) (Started, error) {
	e, paper, err := s.paperOf(ctx, a)
	if err != nil {
		return Started{}, err
	}
	s.papers.put(newSheet(a, e, paper))
	started := Started{ID: a.ID, State: AttemptState(a.State), No: a.No, DeadlineAt: a.DeadlineAt, ServerTime: s.db.Now(), Paper: e.render(paper)}
	if a.LeaseSession == by.SessionID {
		started.Lease = s.lease(a.ID, a.LeaseEpoch)
	}
	return started, nil
}

const takeOver = `UPDATE attempts SET lease_epoch = lease_epoch + 1, lease_session = ? WHERE id = ? AND person_id = ?
	AND state IN ('in_progress','suspended') AND lease_session <> ?`

// TakeOver moves the attempt to the reader's sign-in and returns the new lease; saves under the old one are
// then refused. The sign-in that already holds it gets the same lease again.
func (s *Contests) TakeOver(ctx context.Context, by org.Actor, attemptID int64) (string, error) {
	sh, err := s.sheet(ctx, attemptID, by.PersonID)
	if err != nil {
		return "", err
	}
	c, err := findContestRow(s.db.Read(ctx), sh.contestID)
	if err != nil {
		return "", err
	}
	var epoch int64
	err = s.db.Committer.Do(ctx, attemptID, func(b *store.Batch) error {
		g, err := s.guard(b, attemptID, by.PersonID)
		if err != nil {
			return err
		}
		epoch = g.leaseEpoch
		if g.state != AttemptInProgress && g.state != AttemptSuspended {
			return ErrAttemptDone
		}
		if g.leaseSession == by.SessionID {
			return nil
		}
		if c.Takeover == string(TakeoverForbid) {
			return ErrTakeoverForbid
		}
		if _, err := b.Exec(takeOver, by.SessionID, attemptID, by.PersonID, by.SessionID); err != nil {
			return err
		}
		epoch++
		return audit.AppendTo(b, s.db.Dialect == store.Postgres, entry(by, s.db.Now(), "attempt.take_over", "attempt", attemptID,
			by.UnitID, nil, map[string]any{"epoch": epoch}, ""))
	})
	if err != nil {
		return "", err
	}
	s.changed(sh.contestID)
	return s.lease(attemptID, epoch), nil
}

// entry is an audit record of the engine.
func entry(by org.Actor, at int64, action, kind string, id, unitID int64, before, after any, reason string) audit.Entry {
	return audit.Entry{At: at, ActorID: by.PersonID, ActorName: by.Name, Action: action, ObjectKind: kind, ObjectID: id,
		UnitID: unitID, Before: before, After: after, Reason: reason, IP: by.IP}
}
