package quiz

import (
	"context"
	"fmt"
	"strconv"

	"jingzhong/fault"
	"jingzhong/org"
)

// Intro is a contest as its contestant sees it before the start.
type Intro struct {
	Contest      Contest
	ServerTime   int64
	Eligible     bool
	Why          string // code of the fault when not eligible
	OnRoster     bool
	RosterUnit   string
	LimitMS      int64 // of this person
	TimeFactor   int   // percent, 0 = none
	AttemptsUsed int
	AttemptsLeft *int // nil = no limit
	UsedToday    int
	LiveAttempt  int64 // id, 0 = none
	BestScore    *int64
	BestAttempt  int64
	MayStart     bool
	StartWhy     string // code of the fault when eligible but not now
}

// Intro returns the rules, the person's eligibility and what is left of the attempts.
func (s *Contests) Intro(ctx context.Context, by org.Actor, contestID int64) (Intro, error) {
	v, err := s.FindContest(ctx, by, contestID)
	if err != nil {
		return Intro{}, err
	}
	tx := s.db.Read(ctx)
	k, err := s.known(tx, contestID)
	if err != nil {
		return Intro{}, err
	}
	c, now := k.row, s.db.Now()
	in := Intro{Contest: v, ServerTime: now, LimitMS: c.LimitMs}
	p, err := s.standing(tx, by, k)
	if err != nil {
		if in.Why = codeOf(err); in.Why == "" {
			return in, err
		}
		return in, nil
	}
	in.Eligible, in.OnRoster, in.LimitMS = true, p.onRoster, p.limit
	if in.RosterUnit, err = s.rosterUnit(ctx, c, by); err != nil {
		return in, err
	}
	if in.LimitMS != c.LimitMs && c.LimitMs > 0 {
		in.TimeFactor = int(100 * in.LimitMS / c.LimitMs)
	}
	own, err := ownAttempts(tx, contestID, by.PersonID)
	if err != nil {
		return in, err
	}
	s.countAttempts(&in, c, own, by, now)
	err = c.running(now)
	if err == nil && in.LiveAttempt == 0 {
		err = s.mayStart(c, own, now)
	}
	if in.MayStart = err == nil; err != nil {
		if in.StartWhy = codeOf(err); in.StartWhy == "" {
			return in, err
		}
	}
	return in, nil
}

func (s *Contests) countAttempts(in *Intro, c contestRow, own []attemptRow, by org.Actor, now int64) {
	var graded []attemptRow
	for _, a := range own {
		switch AttemptState(a.State) {
		case AttemptVoided:
			continue
		case AttemptGraded, AttemptFinal:
			graded = append(graded, a)
		}
		in.AttemptsUsed++
	}
	if c.AttemptsTotal > 0 {
		left := max(0, c.AttemptsTotal-in.AttemptsUsed)
		in.AttemptsLeft = &left
	}
	if live := liveAttempt(own, now); live != nil {
		in.LiveAttempt = live.ID
	}
	if kept := keptAttempt(Kept(c.Kept), graded); kept != nil {
		in.BestAttempt = kept.ID
		in.BestScore = s.attemptView(c, *kept, by, now).Score
	}
}

// rosterUnit is the unit the person counts for: the roster's, or the own one.
func (s *Contests) rosterUnit(ctx context.Context, c contestRow, by org.Actor) (string, error) {
	var names []string
	err := s.db.Read(ctx).Raw(`SELECT u.name FROM ranking_roster r JOIN units u ON u.id = r.unit_id WHERE r.board_id = ? AND r.person_id = ?`,
		c.BoardID, by.PersonID).Scan(&names).Error
	if err != nil {
		return "", fmt.Errorf("quiz: roster unit: %w", err)
	}
	if len(names) > 0 {
		return names[0], nil
	}
	u, err := findUnit(s.db.Read(ctx), by.UnitID)
	return u.Name, err
}

// Home is the learner's first page: the one thing due now, and what follows.
type Home struct {
	ServerTime int64
	Due        *Intro  // the open contest that closes first and can still be entered
	More       []Intro // further open ones
	Upcoming   []Contest
	Recent     []AttemptView // handed in, newest first
	BoardOf    int64         // contest whose unit board is worth a look, 0 = none
}

// What the home page looks at and shows.
const (
	homeContests   = 20
	recentAttempts = 3
)

// Home returns what a person should do now. Due order: a running attempt, then the open contest that
// closes first.
func (s *Contests) Home(ctx context.Context, by org.Actor) (Home, error) {
	h := Home{ServerTime: s.db.Now(), Upcoming: []Contest{}, More: []Intro{}}
	open, err := s.ListContests(ctx, by, ContestFilter{State: ContestOpen, Limit: homeContests})
	if err != nil {
		return h, err
	}
	for _, c := range open.Items {
		in, err := s.Intro(ctx, by, c.ID)
		if err != nil {
			return h, err
		}
		if !in.Eligible {
			continue
		}
		h.BoardOf = c.ID
		if in.MayStart {
			h.More = append(h.More, in)
		}
	}
	for i, in := range h.More {
		if h.Due == nil || (in.LiveAttempt != 0 && h.Due.LiveAttempt == 0) ||
			((in.LiveAttempt != 0) == (h.Due.LiveAttempt != 0) && in.Contest.ClosesAt < h.Due.Contest.ClosesAt) {
			h.Due = &h.More[i]
		}
	}
	if h.Due != nil {
		due := *h.Due
		h.Due = &due
		rest := []Intro{}
		for _, in := range h.More {
			if in.Contest.ID != due.Contest.ID {
				rest = append(rest, in)
			}
		}
		h.More = rest
	}
	soon, err := s.ListContests(ctx, by, ContestFilter{State: ContestScheduled, Limit: homeContests})
	if err != nil {
		return h, err
	}
	for _, c := range soon.Items {
		if in, err := s.Intro(ctx, by, c.ID); err != nil {
			return h, err
		} else if in.Eligible {
			h.Upcoming = append(h.Upcoming, c)
		}
	}
	recent, err := s.MyAttempts(ctx, by, 2*recentAttempts, "")
	h.Recent = []AttemptView{}
	for _, a := range recent.Items {
		if a.SubmittedAt != 0 && len(h.Recent) < recentAttempts {
			h.Recent = append(h.Recent, a)
		}
	}
	return h, err
}

// AttemptPage is one page of own attempts, newest first.
type AttemptPage struct {
	Items []AttemptView
	Next  string
}

// MyAttempts lists the reader's attempts without their answers.
func (s *Contests) MyAttempts(ctx context.Context, by org.Actor, limit int, cursor string) (AttemptPage, error) {
	if err := org.Require(by, org.SignedIn); err != nil {
		return AttemptPage{}, err
	}
	tx := s.db.Read(ctx)
	q := tx.Where("person_id = ?", by.PersonID).Order("id DESC").Limit(limit + 1)
	if cursor != "" {
		last, err := strconv.ParseInt(cursor, 10, 64)
		if err != nil || last < 1 {
			return AttemptPage{}, ErrCursor.At("cursor")
		}
		q = q.Where("id < ?", last)
	}
	var rows []attemptRow
	if err := q.Find(&rows).Error; err != nil {
		return AttemptPage{}, fmt.Errorf("quiz: own attempts: %w", err)
	}
	page := AttemptPage{Items: []AttemptView{}}
	now := s.db.Now()
	for _, a := range rows {
		if len(page.Items) == limit {
			page.Next = strconv.FormatInt(page.Items[limit-1].ID, 10)
			break
		}
		c, err := findContestRow(tx, a.ContestID)
		if err != nil {
			return AttemptPage{}, err
		}
		page.Items = append(page.Items, s.attemptView(c, a, by, now))
	}
	return page, nil
}

// codeOf returns the code of a fault, or "" for any other error.
func codeOf(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Code
	}
	return ""
}
