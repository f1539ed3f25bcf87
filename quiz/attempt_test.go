package quiz

import (
	"bytes"
	"fmt"
	"sync"
	"testing"
	"time"

	"jingzhong/org"
)

func TestStartSaveSubmitGrade(t *testing.T) {
	h := newHall(t)
	c := h.opened(nil)
	by := h.people[0]
	st := h.start(by, c.ID)
	if !st.Created || st.Lease == "" || st.DeadlineAt != h.db.Now()+20*minute {
		t.Fatalf("%+v", st)
	}
	answers := h.rightAnswers(st.Paper, 8, 1)
	saved, err := h.save(by, st, answers[:5]...)
	h.must(err)
	if len(saved.Answers) != 5 || saved.Answers[0].Receipt == "" || saved.DeadlineAt != st.DeadlineAt {
		t.Fatalf("%+v", saved)
	}
	h.clock.Advance(90 * time.Second)
	h.exec(`UPDATE heartbeat SET beat_at = ?`, h.db.Now())
	sub, err := h.contests.Submit(h.ctx, by, st.ID, SubmitInput{Lease: st.Lease, Answers: answers[5:], ArrivedAt: h.db.Now()})
	h.must(err)
	if sub.State != AttemptSubmitted || sub.SubmitKind != "hand" || sub.SubmittedAt != h.db.Now() {
		t.Fatalf("%+v", sub)
	}
	h.must(h.contests.Sweep(h.ctx))
	v, err := h.contests.FindAttempt(h.ctx, by, st.ID)
	h.must(err)
	if v.State != AttemptGraded || v.Score == nil || *v.Score != 8000 || !*v.Passed || *v.Excellent || v.TimeMS != 90_000 || len(v.Answers) != 8 {
		t.Fatalf("%+v", v)
	}
	again, err := h.contests.Submit(h.ctx, by, st.ID, SubmitInput{Lease: st.Lease, ArrivedAt: h.db.Now()})
	h.must(err)
	if again.SubmittedAt != sub.SubmittedAt {
		t.Fatal("handing in again moved the time")
	}
	_, err = h.save(by, st, AnswerInput{Slot: 1, Seq: 99, Choice: []int{1}})
	h.wants(err, ErrAttemptDone)
}

// Without the guard in one statement many of fifty parallel starts pass a limit of one.
func TestFiftyStartsMakeOneAttempt(t *testing.T) {
	h := newHall(t)
	c := h.opened(func(in *ContestInput) { in.AttemptsTotal = 1 })
	by := h.people[0]
	var wg sync.WaitGroup
	ids := make([]int64, 50)
	for i := range ids {
		wg.Go(func() {
			st, err := h.contests.Start(h.ctx, by, c.ID)
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = st.ID
		})
	}
	wg.Wait()
	if n := h.count(`SELECT COUNT(*) FROM attempts`); n != 1 {
		t.Fatalf("%d attempts", n)
	}
	for _, id := range ids {
		if id != ids[0] {
			t.Fatal("starts returned different attempts")
		}
	}
}

func TestAttemptLimits(t *testing.T) {
	h := newHall(t)
	c := h.opened(func(in *ContestInput) { in.AttemptsTotal = 3; in.AttemptsDay = 2; in.ClosesAt += 72 * 3_600_000 })
	by := h.people[0]
	h.finish(by, c.ID, 3)
	h.finish(by, c.ID, 5)
	_, err := h.contests.Start(h.ctx, by, c.ID)
	h.wants(err, ErrAttemptsToday)
	// The day ends at midnight in the installation's zone, not in UTC: it is 10:00 in Shanghai, 02:00 UTC.
	h.later(13*time.Hour + 59*time.Minute)
	_, err = h.contests.Start(h.ctx, by, c.ID)
	h.wants(err, ErrAttemptsToday)
	h.later(2 * time.Minute)
	h.finish(by, c.ID, 4)
	_, err = h.contests.Start(h.ctx, by, c.ID)
	h.wants(err, ErrAttemptsUsed)
	people, err := h.ranking.PersonStandings(h.ctx, h.bureau, c.BoardID)
	h.must(err)
	if len(people) != 1 || people[0].Score != 5000 || people[0].Attempts != 3 {
		t.Fatalf("best of three: %+v", people)
	}
}

func TestSaveIsIdempotentAndOrdered(t *testing.T) {
	h := newHall(t)
	c := h.opened(nil)
	by := h.people[0]
	st := h.start(by, c.ID)
	first, err := h.save(by, st, AnswerInput{Slot: 1, Seq: 5, Choice: []int{2}})
	h.must(err)
	h.clock.Advance(time.Second)
	replay, err := h.save(by, st, AnswerInput{Slot: 1, Seq: 5, Choice: []int{2}})
	h.must(err)
	if replay.Answers[0] != first.Answers[0] {
		t.Fatalf("a replay got another receipt: %+v %+v", first.Answers[0], replay.Answers[0])
	}
	older, err := h.save(by, st, AnswerInput{Slot: 1, Seq: 4, Choice: []int{3}})
	h.must(err)
	if older.Answers[0].Seq != 5 || older.Answers[0].Receipt != first.Answers[0].Receipt {
		t.Fatalf("an older answer: %+v", older.Answers[0])
	}
	newer, err := h.save(by, st, AnswerInput{Slot: 1, Seq: 6})
	h.must(err)
	if newer.Answers[0].Seq != 6 || newer.Answers[0].Receipt == first.Answers[0].Receipt {
		t.Fatalf("clearing an answer: %+v", newer.Answers[0])
	}
	v, err := h.contests.FindAttempt(h.ctx, by, st.ID)
	h.must(err)
	if len(v.Answers) != 1 || v.Answers[0].Choice != nil || v.Answers[0].Seq != 6 {
		t.Fatalf("%+v", v.Answers)
	}
	if n := h.count(`SELECT COUNT(*) FROM answer_log`); n != 2 {
		t.Fatalf("%d rows in the log, want the two that changed something", n)
	}
}

func TestSaveRefusesWhatDoesNotFitThePaper(t *testing.T) {
	h := newHall(t)
	c := h.opened(nil)
	by := h.people[0]
	st := h.start(by, c.ID)
	for name, x := range map[string]struct {
		a    AnswerInput
		want error
	}{
		"slot 0":               {AnswerInput{Slot: 0, Seq: 1}, ErrAnswerSlot},
		"slot beyond the last": {AnswerInput{Slot: 11, Seq: 1}, ErrAnswerSlot},
		"seq 0":                {AnswerInput{Slot: 1, Seq: 0}, ErrAnswerSeq},
		"place 0":              {AnswerInput{Slot: 1, Seq: 1, Choice: []int{0}}, ErrAnswerChoice},
		"place 5 of 4":         {AnswerInput{Slot: 1, Seq: 1, Choice: []int{5}}, ErrAnswerChoice},
		"two of a single":      {AnswerInput{Slot: 1, Seq: 1, Choice: []int{1, 2}}, ErrAnswerChoice},
		"twice the same":       {AnswerInput{Slot: 7, Seq: 1, Choice: []int{1, 1}}, ErrAnswerChoice},
		"text for a choice":    {AnswerInput{Slot: 1, Seq: 1, Text: []string{"x"}}, ErrAnswerText},
	} {
		_, err := h.save(by, st, AnswerInput{Slot: 2, Seq: 1, Choice: []int{1}}, x.a)
		h.wants(err, x.want)
		if n := h.count(`SELECT COUNT(*) FROM answers`); n != 0 {
			t.Fatalf("%s: a refused batch wrote %d rows", name, n)
		}
	}
}

func TestTheLeaseBelongsToPersonAndAttempt(t *testing.T) {
	h := newHall(t)
	c := h.opened(nil)
	phone, tablet := h.people[0], h.people[0]
	tablet.SessionID = "tablet"
	st := h.start(phone, c.ID)
	again := h.start(phone, c.ID)
	if again.Created || again.ID != st.ID || again.Lease != st.Lease || !bytes.Equal(again.Paper, st.Paper) {
		t.Fatal("repeating the start on the same sign-in must return the same attempt, lease and paper")
	}
	other := h.start(tablet, c.ID)
	if other.Lease != "" || other.ID != st.ID {
		t.Fatalf("another sign-in got the lease: %+v", other)
	}
	if _, err := h.save(tablet, other, AnswerInput{Slot: 1, Seq: 1, Choice: []int{1}}); err == nil {
		t.Fatal("a save without a lease was accepted")
	}
	// The lease itself is not tied to the sign-in, and survives a restart.
	h.restart()
	if _, err := h.save(tablet, st, AnswerInput{Slot: 1, Seq: 1, Choice: []int{1}}); err != nil {
		t.Fatal(err)
	}
	lease, err := h.contests.TakeOver(h.ctx, tablet, st.ID)
	h.must(err)
	_, err = h.save(phone, st, AnswerInput{Slot: 1, Seq: 2, Choice: []int{2}})
	h.wants(err, ErrStaleLease)
	taken := Started{ID: st.ID, Lease: lease}
	_, err = h.save(tablet, taken, AnswerInput{Slot: 1, Seq: 1, Choice: []int{3}})
	h.must(err) // a new epoch wins over an old one whatever the seq
	same, err := h.contests.TakeOver(h.ctx, tablet, st.ID)
	h.must(err)
	if same != lease {
		t.Fatal("taking over what one holds made a new lease")
	}
	_, err = h.save(h.people[1], taken, AnswerInput{Slot: 1, Seq: 9, Choice: []int{3}})
	h.wants(err, ErrAttemptNotFound)
	for _, forged := range []string{"1.x", "3." + lease[2:], "0." + lease[2:], "x", "-1.", lease + "a"} {
		_, err = h.save(tablet, Started{ID: st.ID, Lease: forged}, AnswerInput{Slot: 1, Seq: 9, Choice: []int{3}})
		h.wants(err, ErrStaleLease)
	}
}

func TestTakeoverCanBeForbidden(t *testing.T) {
	h := newHall(t)
	c := h.opened(func(in *ContestInput) { in.Takeover = TakeoverForbid })
	by := h.people[0]
	st := h.start(by, c.ID)
	by.SessionID = "other"
	_, err := h.contests.TakeOver(h.ctx, by, st.ID)
	h.wants(err, ErrTakeoverForbid)
}

// Saves run until the deadline and its hidden grace, counted from when the request had arrived; what comes
// later is kept as evidence and never graded.
func TestTheDeadline(t *testing.T) {
	h := newHall(t)
	c := h.opened(nil)
	by := h.people[0]
	st := h.start(by, c.ID)
	save := func(at, seq int64) error {
		_, err := h.contests.Save(h.ctx, by, st.ID, SaveInput{Lease: st.Lease, ArrivedAt: at, Answers: []AnswerInput{{Slot: 1, Seq: seq, Choice: []int{1}}}})
		return err
	}
	h.must(save(st.DeadlineAt, 1))
	h.must(save(st.DeadlineAt+Grace, 2))
	h.wants(save(st.DeadlineAt+Grace+1, 3), ErrAttemptLate)
	if n := h.count(`SELECT COUNT(*) FROM late_evidence WHERE seq = 3`); n != 1 {
		t.Fatal("late evidence was not kept")
	}
	h.later(20*time.Minute + 2*time.Second)
	if v, err := h.contests.FindAttempt(h.ctx, by, st.ID); err != nil || v.State != AttemptInProgress {
		t.Fatalf("within the grace: %v %v", v.State, err)
	}
	h.later(4 * time.Second)
	v, err := h.contests.FindAttempt(h.ctx, by, st.ID)
	h.must(err)
	if v.State != AttemptGraded || v.SubmitKind != "auto" || v.SubmittedAt != st.DeadlineAt || v.TimeMS != 20*minute || v.Answers[0].Seq != 2 {
		t.Fatalf("%+v", v)
	}
}

func TestHardCloseClipsAndSoftCloseDoesNot(t *testing.T) {
	for _, hard := range []bool{true, false} {
		h := newHall(t)
		c := h.opened(func(in *ContestInput) { in.HardClose = hard; in.ClosesAt = in.OpensAt + 30*minute })
		h.later(20 * time.Minute)
		st := h.start(h.people[0], c.ID)
		want := h.db.Now() + 20*minute
		if hard {
			want = c.ClosesAt
		}
		if st.DeadlineAt != want {
			t.Fatalf("hard %v: deadline %d, want %d", hard, st.DeadlineAt, want)
		}
		h.later(11 * time.Minute)
		_, err := h.contests.Start(h.ctx, h.people[1], c.ID)
		h.wants(err, ErrContestClosed)
		if !hard {
			_, err = h.save(h.people[0], st, AnswerInput{Slot: 1, Seq: 1, Choice: []int{1}})
			h.must(err)
		}
	}
}

// A stop of 37 seconds is paid back to every running attempt exactly once, and to the contest's close.
func TestOutageIsCompensatedOnce(t *testing.T) {
	h := newHall(t)
	c := h.opened(nil)
	var started []Started
	for _, by := range h.people[:3] {
		started = append(started, h.start(by, c.ID))
	}
	done := h.finish(h.people[3], c.ID, 5)
	h.must(h.contests.Sweep(h.ctx))
	h.close()
	h.clock.Advance(37 * time.Second)
	h.open()
	for range 3 {
		h.must(h.contests.Sweep(h.ctx))
	}
	for i, st := range started {
		v, err := h.contests.FindAttempt(h.ctx, h.people[i], st.ID)
		h.must(err)
		if v.DeadlineAt != st.DeadlineAt+37_000 || v.OutageMS != 37_000 {
			t.Fatalf("attempt %d: deadline moved by %d ms", i, v.DeadlineAt-st.DeadlineAt)
		}
	}
	if v, _ := h.contests.FindAttempt(h.ctx, h.people[3], done.ID); v.OutageMS != 0 {
		t.Fatal("a handed-in attempt was paid")
	}
	if after, _ := h.contests.FindContest(h.ctx, h.trainer, c.ID); after.ClosesAt != c.ClosesAt+37_000 {
		t.Fatalf("the close moved by %d", after.ClosesAt-c.ClosesAt)
	}
	if n := h.count(`SELECT COUNT(*) FROM outages`); n != 1 {
		t.Fatalf("%d outages on record", n)
	}
}

func TestSuspendStopsTheClock(t *testing.T) {
	h := newHall(t)
	c := h.opened(nil)
	by := h.people[0]
	st := h.start(by, c.ID)
	h.must(h.contests.SuspendAttempt(h.ctx, h.trainer, st.ID, "网络检修"))
	_, err := h.save(by, st, AnswerInput{Slot: 1, Seq: 1, Choice: []int{1}})
	h.wants(err, ErrAttemptSuspended)
	h.later(40 * time.Minute)
	if v, _ := h.contests.FindAttempt(h.ctx, by, st.ID); v.State != AttemptSuspended {
		t.Fatalf("a suspended attempt ran out: %s", v.State)
	}
	h.must(h.contests.ResumeAttempt(h.ctx, h.trainer, st.ID, "恢复"))
	v, err := h.contests.FindAttempt(h.ctx, by, st.ID)
	h.must(err)
	if v.DeadlineAt != st.DeadlineAt+40*minute {
		t.Fatalf("deadline moved by %d", v.DeadlineAt-st.DeadlineAt)
	}
	h.wants(h.contests.ResumeAttempt(h.ctx, h.trainer, st.ID, "再来"), ErrAttemptState)
	h.wants(h.contests.SuspendAttempt(h.ctx, h.people[1], st.ID, "不是监考"), org.ErrDenied)
}

func TestExtendOneUnitAndAll(t *testing.T) {
	h := newHall(t)
	c := h.opened(nil)
	a, b := h.start(h.people[0], c.ID), h.start(h.people[1], c.ID) // units 2 and 3
	extend := func(in Extension) int {
		n, err := h.contests.Extend(h.ctx, h.trainer, c.ID, in)
		h.must(err)
		return n
	}
	if n := extend(Extension{Scope: "person", TargetID: h.people[0].PersonID, Minutes: 5, Reason: "设备故障"}); n != 1 {
		t.Fatal(n)
	}
	if n := extend(Extension{Scope: "unit", TargetID: 3, Minutes: 7, Reason: "停电"}); n != 1 {
		t.Fatal(n)
	}
	if n := extend(Extension{Scope: "all", Minutes: 1, Reason: "开场晚了"}); n != 2 {
		t.Fatal(n)
	}
	for i, want := range []int64{a.DeadlineAt + 6*minute, b.DeadlineAt + 8*minute} {
		v, err := h.contests.FindAttempt(h.ctx, h.people[i], []Started{a, b}[i].ID)
		h.must(err)
		if v.DeadlineAt != want {
			t.Fatalf("person %d: off by %d", i, v.DeadlineAt-want)
		}
	}
	_, err := h.contests.Extend(h.ctx, h.trainer, c.ID, Extension{Scope: "all", Minutes: 1})
	h.wants(err, errReasonTooShort)
}

func TestTimeFactorAppliesBeforeTheStartOnly(t *testing.T) {
	h := newHall(t)
	c := h.contest(nil)
	by := h.people[0]
	factor := []TimeFactor{{PersonID: by.PersonID, Percent: 150, Reason: "视力障碍"}}
	h.must(h.contests.SetTimeFactors(h.ctx, h.trainer, c.ID, factor))
	h.later(time.Hour)
	st := h.start(by, c.ID)
	if st.DeadlineAt != h.db.Now()+30*minute {
		t.Fatalf("got %d ms", st.DeadlineAt-h.db.Now())
	}
	h.wants(h.contests.SetTimeFactors(h.ctx, h.trainer, c.ID, nil), ErrFactorLate)
	for _, bad := range []TimeFactor{{PersonID: 12, Percent: 130, Reason: "视力障碍"}, {PersonID: 12, Percent: 150}, {Percent: 150, Reason: "视力障碍"}} {
		h.wants(h.contests.SetTimeFactors(h.ctx, h.trainer, c.ID, append(factor, bad)), ErrFactorInput)
	}
}

func TestVoidUnvoidReopen(t *testing.T) {
	h := newHall(t)
	c := h.opened(nil)
	by := h.people[0]
	st := h.finish(by, c.ID, 10)
	score := func() (int, int64) {
		h.later(2 * time.Second) // the board is read again once a second
		people, err := h.ranking.PersonStandings(h.ctx, h.bureau, c.BoardID)
		h.must(err)
		if len(people) == 0 {
			return 0, 0
		}
		return len(people), people[0].Score
	}
	done, err := h.contests.VoidAttempt(h.ctx, h.trainer, st.ID, "替考，已核实")
	h.must(err)
	if n, _ := score(); !done || n != 0 {
		t.Fatal("a void attempt is still ranked")
	}
	page, err := h.contests.MonitorPeople(h.ctx, h.trainer, c.ID, MonitorFilter{State: "voided", Limit: 10})
	h.must(err)
	if len(page.Items) != 1 || page.Items[0].AttemptID != st.ID || page.Items[0].Reason != "替考，已核实" {
		t.Fatalf("%+v", page)
	}
	h.later(time.Minute)
	h.finish(by, c.ID, 4) // a void attempt uses up nothing
	if _, s := score(); s != 4000 {
		t.Fatal(s)
	}
	_, err = h.contests.UnvoidAttempt(h.ctx, h.trainer, st.ID, "查无实据")
	h.must(err)
	if _, s := score(); s != 10000 {
		t.Fatal(s)
	}
	_, err = h.contests.ReopenAttempt(h.ctx, h.trainer, st.ID, 5, "误交卷")
	h.must(err)
	if _, s := score(); s != 4000 {
		t.Fatal("a reopened attempt still counts")
	}
	_, err = h.save(by, st, AnswerInput{Slot: 1, Seq: 100, Choice: []int{1}})
	h.wants(err, ErrStaleLease)
	lease, err := h.contests.TakeOver(h.ctx, by, st.ID)
	h.must(err)
	_, err = h.save(by, Started{ID: st.ID, Lease: lease}, AnswerInput{Slot: 1, Seq: 100})
	h.must(err)
	v, err := h.contests.FindAttempt(h.ctx, by, st.ID)
	h.must(err)
	if left := v.DeadlineAt - h.db.Now(); left != 5*minute-2000 {
		t.Fatalf("a reopened attempt has %d ms", v.DeadlineAt-h.db.Now())
	}
	h.later(5*time.Minute + 4*time.Second)
	if _, s := score(); s != 9000 {
		t.Fatalf("score after reopening %d", s)
	}
}

func TestTwoPersonModeNeedsAnotherPersonForVoid(t *testing.T) {
	h := newHall(t)
	c := h.opened(nil)
	st := h.finish(h.people[0], c.ID, 10)
	trainer, reviewer := h.trainer, h.reviewer
	trainer.Mode, reviewer.Mode = org.ModeTwoPerson, org.ModeTwoPerson
	done, err := h.contests.VoidAttempt(h.ctx, trainer, st.ID, "替考，已核实")
	h.must(err)
	if n := h.count(`SELECT COUNT(*) FROM attempts WHERE state = 'voided'`); done || n != 0 {
		t.Fatal("voided alone")
	}
	_, err = h.contests.VoidAttempt(h.ctx, trainer, st.ID, "再提一次")
	h.wants(err, ErrActProposed)
	acts, err := h.contests.ProposedActs(h.ctx, reviewer)
	h.must(err)
	if len(acts) != 1 || acts[0].Act != "void" || !acts[0].MayDecide {
		t.Fatalf("%+v", acts)
	}
	h.wants(h.contests.DecideAct(h.ctx, trainer, acts[0].ID, true, "自己批准"), ErrActOwn)
	h.must(h.contests.DecideAct(h.ctx, reviewer, acts[0].ID, true, "同意"))
	if n := h.count(`SELECT COUNT(*) FROM attempts WHERE state = 'voided'`); n != 1 {
		t.Fatal("approved and not voided")
	}
	h.wants(h.contests.DecideAct(h.ctx, reviewer, acts[0].ID, false, "反悔"), ErrActDecided)
}

// Nothing a contestant can reach before the close holds a key, an explanation, a quotation or a bank id.
func TestNoKeyReachesAContestantBeforeTheClose(t *testing.T) {
	h := newHall(t)
	c := h.opened(nil)
	by := h.people[0]
	st := h.finish(by, c.ID, 7)
	running := h.start(by, c.ID)
	v, err := h.contests.FindAttempt(h.ctx, by, running.ID)
	h.must(err)
	intro, err := h.contests.Intro(h.ctx, by, c.ID)
	h.must(err)
	home, err := h.contests.Home(h.ctx, by)
	h.must(err)
	for name, seen := range map[string]string{"paper": string(running.Paper), "attempt": fmt.Sprintf("%+v", v), "stored paper": string(v.Paper),
		"intro": fmt.Sprintf("%+v", intro), "home": fmt.Sprintf("%+v", home)} {
		for _, secret := range []string{"CANARY", "CANARY-QUOTE", "optionIds", "correct"} {
			if bytes.Contains([]byte(seen), []byte(secret)) {
				t.Fatalf("%s holds %q", name, secret)
			}
		}
	}
	_, _, err = h.contests.Review(h.ctx, by, st.ID)
	h.wants(err, ErrReviewHidden)
	h.later(25 * time.Hour)
	h.must(h.contests.Sweep(h.ctx))
	_, items, err := h.contests.Review(h.ctx, by, st.ID)
	h.must(err)
	right := 0
	for _, item := range items {
		if item.Right {
			right++
		}
		if item.Explanation == "" || item.Statute == "" || (item.Kind != KindFill && len(item.Options) == 0) {
			t.Fatalf("%+v", item)
		}
	}
	if len(items) != 10 || right != 7 {
		t.Fatalf("%d items, %d right", len(items), right)
	}
	_, _, err = h.contests.Review(h.ctx, h.people[1], st.ID)
	h.wants(err, ErrAttemptNotFound)
}
