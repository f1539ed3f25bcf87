package quiz

import (
	"testing"
	"time"

	"jingzhong/fault"
	"jingzhong/org"
)

func TestPublishNamesTheRowThatCannotBeMet(t *testing.T) {
	h := newHall(t)
	topics, err := h.bank.Topics(h.ctx, h.trainer)
	h.must(err)
	in := ContestInput{Title: "定密小测", OpensAt: h.db.Now() + 1000, ClosesAt: h.db.Now() + 3_600_000, Limit: 5 * minute, Kept: KeptBest,
		Scoring: ScoringM0, Takeover: TakeoverFree, ScoreShow: ShowSubmit, ReviewShow: ShowClose, Audience: org.Audience{All: true},
		Rows: []Row{{TopicIDs: []int64{topics[0].ID}, Kinds: []string{KindMultiple}, Count: 6, Points: 500},
			{Kinds: []string{KindSingle}, Count: 5, Points: 500}}}
	c, err := h.contests.CreateContest(h.ctx, h.trainer, in)
	h.must(err)
	f, err := h.contests.CheckBlueprint(h.ctx, h.trainer, c.ID, nil)
	h.must(err)
	if f.Short != 1 || f.Binding != 0 || f.Rows[0].Available != 5 || f.Rows[0].Drawn != 5 || f.Trials != nil {
		t.Fatalf("%+v", f)
	}
	_, err = h.contests.Publish(h.ctx, h.trainer, c.ID)
	h.wants(err, ErrContestShort)
	if got, _ := fault.As(err); got.Field != "rows[0]" || got.Args["available"] != 5 {
		t.Fatalf("%+v", got)
	}
	if again, _ := h.contests.FindContest(h.ctx, h.trainer, c.ID); again.State != ContestDraft || again.Edition != 0 {
		t.Fatalf("a failed publication left %s edition %d", again.State, again.Edition)
	}
	in.Rows[0].Count = 5
	c, err = h.contests.UpdateContest(h.ctx, h.trainer, c.ID, c.Revision, in)
	h.must(err)
	if f, _ = h.contests.CheckBlueprint(h.ctx, h.trainer, c.ID, nil); f.Short != 0 || len(f.Trials) != trialPapers {
		t.Fatalf("%+v", f)
	}
	if c, err = h.contests.Publish(h.ctx, h.trainer, c.ID); err != nil || c.State != ContestScheduled || !c.SelfChecked {
		t.Fatalf("%+v %v", c, err)
	}
}

func TestTheLifeOfAContest(t *testing.T) {
	h := newHall(t)
	c := h.contest(nil)
	_, err := h.contests.Start(h.ctx, h.people[0], c.ID)
	h.wants(err, ErrContestNotOpen)
	h.later(time.Hour)
	h.finish(h.people[0], c.ID, 10)
	if got, _ := h.contests.FindContest(h.ctx, h.trainer, c.ID); got.State != ContestOpen {
		t.Fatal(got.State)
	}
	if board, err := h.ranking.FindBoard(h.ctx, c.BoardID); err != nil || board.State != "frozen_roster" {
		t.Fatalf("the roster was not frozen at the opening: %v %v", board.State, err)
	}
	_, err = h.contests.Withdraw(h.ctx, h.trainer, c.ID, "想改题")
	h.wants(err, ErrContestState)
	_, err = h.contests.UpdateContest(h.ctx, h.trainer, c.ID, 99, c.ContestInput)
	h.wants(err, ErrContestChanged)
	_, err = h.contests.Suspend(h.ctx, h.trainer, c.ID, "")
	h.wants(err, ErrContestReason)
	running := h.start(h.people[1], c.ID)
	c2, err := h.contests.Suspend(h.ctx, h.trainer, c.ID, "机房断电")
	h.must(err)
	_, err = h.save(h.people[1], running, AnswerInput{Slot: 1, Seq: 1, Choice: []int{1}})
	h.wants(err, ErrAttemptSuspended)
	_, err = h.contests.Start(h.ctx, h.people[2], c.ID)
	h.wants(err, ErrContestSuspended)
	h.later(10 * time.Minute)
	c3, err := h.contests.Resume(h.ctx, h.trainer, c.ID, "来电")
	h.must(err)
	if c3.ClosesAt != c2.ClosesAt+10*minute {
		t.Fatalf("the close moved by %d", c3.ClosesAt-c2.ClosesAt)
	}
	if v, _ := h.contests.FindAttempt(h.ctx, h.people[1], running.ID); v.DeadlineAt != running.DeadlineAt+10*minute || v.State != AttemptInProgress {
		t.Fatalf("%+v", v)
	}
	h.later(26 * time.Hour)
	h.must(h.contests.Sweep(h.ctx))
	if got, _ := h.contests.FindContest(h.ctx, h.trainer, c.ID); got.State != ContestGraded {
		t.Fatal(got.State)
	}
	_, err = h.contests.Notice(h.ctx, h.trainer, c.ID)
	h.wants(err, org.ErrDenied)
	_, err = h.contests.Notice(h.ctx, h.bureau, c.ID)
	h.must(err)
	if _, err = h.contests.ReopenAttempt(h.ctx, h.trainer, running.ID, 5, "误交卷"); err == nil {
		t.Fatal("reopened after results were public")
	}
	final, err := h.contests.Finalise(h.ctx, h.bureau, c.ID)
	h.must(err)
	if final.State != ContestFinal {
		t.Fatal(final.State)
	}
	_, err = h.contests.VoidAttempt(h.ctx, h.trainer, running.ID, "迟到的举报")
	h.wants(err, ErrContestState)
}

func TestTwoPersonPublication(t *testing.T) {
	h := newHall(t)
	h.trainer.Mode, h.reviewer.Mode = org.ModeTwoPerson, org.ModeTwoPerson
	c := h.contest(nil)
	if c.State != ContestProposed {
		t.Fatal(c.State)
	}
	if _, err := h.contests.FindContest(h.ctx, h.people[0], c.ID); err == nil {
		t.Fatal("an employee saw a proposal")
	}
	self := h.reviewer
	self.PersonID = h.trainer.PersonID
	_, err := h.contests.Approve(h.ctx, self, c.ID)
	h.wants(err, ErrContestSelf)
	c, err = h.contests.Approve(h.ctx, h.reviewer, c.ID)
	h.must(err)
	if c.State != ContestScheduled || c.SelfChecked || c.ApprovedBy != h.reviewer.PersonID {
		t.Fatalf("%+v", c)
	}
}

func TestWhoMayCompete(t *testing.T) {
	h := newHall(t)
	c := h.opened(func(in *ContestInput) {
		in.Audience = org.Audience{UnitIDs: []int64{2}, PersonIDs: []int64{h.people[1].PersonID}}
	})
	h.start(h.people[0], c.ID) // unit 2
	h.start(h.people[1], c.ID) // unit 3, named
	_, err := h.contests.Start(h.ctx, h.people[3], c.ID)
	h.wants(err, ErrNotEligible)
	_, err = h.contests.Start(h.ctx, h.trainer, c.ID)
	h.wants(err, ErrKnowsKeys)
	_, err = h.contests.Start(h.ctx, org.Actor{}, c.ID)
	h.wants(err, ErrNotEligible)
	// Somebody who joins unit 2 after the roster was frozen competes, and counts for no unit.
	late := h.people[3]
	late.UnitID, late.UnitPath = 2, "/1/2/"
	h.exec(`UPDATE people SET unit_id = 2 WHERE id = ?`, late.PersonID)
	h.finish(late, c.ID, 10)
	people, err := h.ranking.PersonStandings(h.ctx, h.bureau, c.BoardID)
	h.must(err)
	units, err := h.ranking.UnitStandings(h.ctx, h.bureau, c.BoardID)
	h.must(err)
	if len(people) != 1 {
		t.Fatalf("%+v", people)
	}
	for _, u := range units.Items {
		if u.Participants != 0 {
			t.Fatalf("a guest counts for %s", u.Unit.Name)
		}
	}
}

func TestAForeignTrainerFindsNothing(t *testing.T) {
	h := newHall(t)
	c := h.opened(nil)
	st := h.start(h.people[0], c.ID)
	sibling := h.trainer
	sibling.Grants = []org.Grant{{Role: org.RoleTrainer, UnitID: 4, UnitPath: "/1/4/"}}
	sibling.UnitID, sibling.UnitPath = 4, "/1/4/"
	calls := map[string]func() error{
		"update": func() error {
			_, err := h.contests.UpdateContest(h.ctx, sibling, c.ID, c.Revision, c.ContestInput)
			return err
		},
		"check":   func() error { _, err := h.contests.CheckBlueprint(h.ctx, sibling, c.ID, nil); return err },
		"publish": func() error { _, err := h.contests.Publish(h.ctx, sibling, c.ID); return err },
		"cancel":  func() error { _, err := h.contests.Cancel(h.ctx, sibling, c.ID, "理由"); return err },
		"close":   func() error { _, err := h.contests.CloseNow(h.ctx, sibling, c.ID, "理由"); return err },
		"monitor": func() error { _, err := h.contests.Monitor(h.ctx, sibling, c.ID); return err },
		"names": func() error {
			_, err := h.contests.MonitorPeople(h.ctx, sibling, c.ID, MonitorFilter{Limit: 50})
			return err
		},
		"extend": func() error {
			_, err := h.contests.Extend(h.ctx, sibling, c.ID, Extension{Scope: "all", Minutes: 1, Reason: "理由"})
			return err
		},
		"factors": func() error { return h.contests.SetTimeFactors(h.ctx, sibling, c.ID, nil) },
	}
	for name, call := range calls {
		if err := call(); err == nil || codeOf(err) != "contest.not_found" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := h.contests.SuspendAttempt(h.ctx, sibling, st.ID, "理由"); codeOf(err) != "attempt.not_found" {
		t.Errorf("suspend: %v", err)
	}
}

func TestTheMonitorAddsUp(t *testing.T) {
	h := newHall(t)
	c := h.opened(nil)
	h.finish(h.people[0], c.ID, 4)
	quiet := h.start(h.people[1], c.ID)
	h.later(time.Minute)
	h.start(h.people[2], c.ID)
	stopped := h.start(h.people[3], c.ID)
	h.must(h.contests.SuspendAttempt(h.ctx, h.trainer, stopped.ID, "身份核对"))
	h.clock.Advance(2 * time.Second)
	m, err := h.contests.Monitor(h.ctx, h.trainer, c.ID)
	h.must(err)
	if m.Submitted != 1 || m.Disconnected != 1 || m.InProgress != 1 || m.Suspended != 1 ||
		m.NotStarted+m.InProgress+m.Disconnected+m.Suspended+m.Submitted != m.Expected+m.Guests {
		t.Fatalf("%+v", m)
	}
	page, err := h.contests.MonitorPeople(h.ctx, h.trainer, c.ID, MonitorFilter{State: "disconnected", Limit: 50})
	h.must(err)
	if len(page.Items) != 1 || page.Items[0].AttemptID != quiet.ID {
		t.Fatalf("%+v", page)
	}
	all, err := h.contests.MonitorPeople(h.ctx, h.trainer, c.ID, MonitorFilter{UnitID: 2, Limit: 3})
	h.must(err)
	if len(all.Items) != 3 || all.Next == "" {
		t.Fatalf("%+v", all)
	}
	_, err = h.contests.MonitorPeople(h.ctx, h.trainer, c.ID, MonitorFilter{State: "nonsense", Limit: 3})
	h.wants(err, ErrMonitorState)
}

// A published edition never changes: an edited question reaches the next contest, not this one's papers.
func TestAttemptsKeepTheirVersions(t *testing.T) {
	h := newHall(t)
	c := h.opened(nil)
	st := h.start(h.people[0], c.ID)
	page, err := h.bank.ListQuestions(h.ctx, h.trainer, QuestionFilter{Limit: 200})
	h.must(err)
	h.exec(`UPDATE contests SET revision = revision WHERE id = ?`, c.ID)
	for _, q := range page.Items {
		if q.Version.Kind != KindSingle {
			continue
		}
		_, err := h.bank.EditQuestion(h.ctx, h.trainer, q.ID, QuestionInput{Kind: KindSingle, Stem: q.Version.Stem + "（改）",
			Options:     []OptionInput{{ID: q.Version.Options[0].ID, Text: "对的"}, {ID: q.Version.Options[1].ID, Text: "错甲", Correct: true}},
			Explanation: "改", Statute: "BMF", Article: "26", TopicID: q.Topic.ID, Use: UseContest, Publish: true})
		h.must(err)
	}
	h.restart()
	again := h.start(h.people[0], c.ID)
	if string(again.Paper) != string(st.Paper) {
		t.Fatal("an edit reached a running paper")
	}
	_, err = h.contests.Submit(h.ctx, h.people[0], st.ID, SubmitInput{Lease: st.Lease, Answers: h.rightAnswers(st.Paper, 10, 1), ArrivedAt: h.db.Now()})
	h.must(err)
	h.must(h.contests.Sweep(h.ctx))
	if v, _ := h.contests.FindAttempt(h.ctx, h.people[0], st.ID); *v.Score != 10000 {
		t.Fatalf("graded against the edited key: %d", *v.Score)
	}
}

// TestCloseNowWhileTheClockGoesOn closes under a clock that is never the same twice, as a real one is.
func TestCloseNowWhileTheClockGoesOn(t *testing.T) {
	h := newHall(t)
	c := h.opened(nil)
	h.close()
	h.cfg.Now = func() time.Time {
		h.clock.Advance(time.Millisecond)
		return h.clock.Now()
	}
	h.open()
	closed, err := h.contests.CloseNow(h.ctx, h.trainer, c.ID, "都交了")
	h.must(err)
	if closed.State == ContestOpen || closed.ClosesAt >= c.ClosesAt {
		t.Fatalf("still open: %+v", closed)
	}
}
