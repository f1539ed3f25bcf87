package quiz

import (
	"math"
	"slices"
	"testing"
	"time"

	"jingzhong/org"
)

// planted is an open contest whose first question, which everybody gets, has a wrong key: those who know take
// the option the key calls wrong. Twelve people, each four times, the first six of them strong.
func (h *hall) planted() (Contest, Question) {
	h.t.Helper()
	topics, err := h.bank.Topics(h.ctx, h.trainer)
	h.must(err)
	q, err := h.bank.CreateQuestion(h.ctx, h.trainer, QuestionInput{Kind: KindSingle, Stem: "答案录错的题", Statute: "BMF", Article: "26",
		TopicID: topics[0].ID, Use: UseContest, Difficulty: 81, Publish: true,
		Options: []OptionInput{{Text: "真的"}, {Text: "录成答案的", Correct: true}, {Text: "错丙"}, {Text: "没人选的"}}})
	h.must(err)
	c := h.opened(func(in *ContestInput) {
		in.AttemptsTotal = 4
		in.Rows = append([]Row{{Kinds: []string{KindSingle}, DifficultyLo: 81, DifficultyHi: 81, Count: 1, Points: 1000}}, in.Rows...)
	})
	for round := range 4 {
		for i, person := range h.people {
			st := h.start(person, c.ID)
			items := h.paper(st.Paper).Items
			strong := i < 6
			known := len(items)
			if !strong {
				known = 3 + (i+round)%3
			}
			var answers []AnswerInput
			for _, a := range h.rightAnswers(st.Paper, known, 1) {
				if items[a.Slot-1].Stem != q.Version.Stem {
					answers = append(answers, a)
				}
			}
			answers = append(answers, h.pick(items[0].Options, []string{"录成答案的", "真的", "录成答案的", "错丙"}[(i+round)%4], 1))
			if strong {
				answers[len(answers)-1] = h.pick(items[0].Options, "真的", 1)
			}
			for k := range answers {
				answers[k].Seq = int64(k + 1)
			}
			_, err := h.contests.Submit(h.ctx, person, st.ID, SubmitInput{Lease: st.Lease, Answers: answers, ArrivedAt: h.db.Now()})
			h.must(err)
		}
		h.later(time.Minute)
	}
	return c, q
}

func (h *hall) pick(options []struct {
	ID   int
	Text string
}, text string, slot int) AnswerInput {
	for _, o := range options {
		if o.Text == text {
			return AnswerInput{Slot: slot, Choice: []int{o.ID}}
		}
	}
	h.t.Fatalf("no option %s", text)
	return AnswerInput{}
}

func TestAPlantedWrongKeyIsFound(t *testing.T) {
	h := newHall(t)
	c, q := h.planted()

	// While the contest is open: an alarm for those who may see the key, and for nobody else.
	h.must(h.contests.Study(h.ctx))
	alarms, err := h.contests.KeyAlarms(h.ctx, h.trainer, 0)
	h.must(err)
	if len(alarms) != 1 || alarms[0].Item.QuestionID != q.ID || alarms[0].ContestID != c.ID {
		t.Fatalf("alarms while open: %+v", alarms)
	}
	for _, by := range []org.Actor{h.people[0], h.bureau} {
		_, err := h.contests.KeyAlarms(h.ctx, by, c.ID)
		h.wants(err, org.ErrDenied)
		_, err = h.contests.Analyse(h.ctx, by, c.ID)
		h.wants(err, org.ErrDenied)
	}

	// After it: the flag, the table that shows why, and what the bank has learnt.
	h.later(26 * time.Hour)
	h.must(h.contests.Study(h.ctx))
	a, err := h.contests.Analyse(h.ctx, h.trainer, c.ID)
	h.must(err)
	at := slices.IndexFunc(a.Items, func(i ItemStatistics) bool { return i.QuestionID == q.ID })
	if at < 0 || a.Paper.Attempts != 48 {
		t.Fatalf("paper %+v without the item", a.Paper)
	}
	item := a.Items[at]
	if !slices.ContainsFunc(item.Flags, func(f Flag) bool { return f.Code == FlagWrongKey && f.Option == item.Options[0].ID }) {
		t.Errorf("flags: %v", item.Flags)
	}
	if !slices.Contains(item.Flags, Flag{FlagDead, item.Options[3].ID}) || item.Options[3].Picked.All() != 0 {
		t.Errorf("nobody picked the last option: %v, flags %v", item.Options[3], item.Flags)
	}
	if item.Attempts != 48 || item.Options[0].Picked.All() != 24+6 || item.Options[1].Picked.All() != 12 || !item.Options[1].Key || item.Answers.All() != 48 {
		t.Errorf("distractor table: %+v", item.Options)
	}
	if want := 12. / 48; math.Abs(item.Facility-want) > 1e-9 {
		t.Errorf("facility %v, want %v", item.Facility, want)
	}
	for _, other := range a.Items {
		if other.QuestionID != q.ID && slices.ContainsFunc(other.Flags, func(f Flag) bool { return f.Code == FlagWrongKey }) {
			t.Errorf("a sound question is suspected: %+v", other)
		}
	}
	history, err := h.bank.QuestionStatistics(h.ctx, h.trainer, q.ID)
	h.must(err)
	want := (.81*10 + 12) / (10 + 48)
	if len(history.Contests) != 1 || history.Measured == nil || math.Abs(history.Measured.Difficulty-want) > 1e-9 || history.Measured.Answers != 48 {
		t.Errorf("history: %+v, measured %+v, want %v", history.Contests, history.Measured, want)
	}
	if alarms, err = h.contests.KeyAlarms(h.ctx, h.trainer, 0); err != nil || len(alarms) != 0 {
		t.Errorf("alarms of a graded contest: %+v, %v", alarms, err)
	}
	again, err := h.bank.FindQuestion(h.ctx, h.trainer, q.ID)
	h.must(err)
	if again.Version.Difficulty != 81 || again.Version.No != 1 || again.Measured == nil || again.Measured.Answers != 48 {
		t.Errorf("the setter's value stays: %+v, measured %+v", again.Version, again.Measured)
	}
	_, err = h.bank.QuestionStatistics(h.ctx, h.people[0], q.ID)
	h.wants(err, org.ErrDenied)
}

// An analysis is formed once for a state of the board.
func TestAnAnalysisIsKeptUntilTheBoardMoves(t *testing.T) {
	h := newHall(t)
	c := h.opened(nil)
	st := h.finish(h.people[0], c.ID, 5)
	first, err := h.contests.Analyse(h.ctx, h.trainer, c.ID)
	h.must(err)
	h.exec(`UPDATE attempts SET score = 1 WHERE id = ?`, st.ID) // behind the board's back
	again, err := h.contests.Analyse(h.ctx, h.trainer, c.ID)
	h.must(err)
	if again.Paper.Mean != first.Paper.Mean {
		t.Error("the analysis was formed again although the board has not moved")
	}
	h.finish(h.people[1], c.ID, 3)
	h.later(2 * time.Minute)
	again, err = h.contests.Analyse(h.ctx, h.trainer, c.ID)
	h.must(err)
	if again.Paper.Attempts != 2 || again.Paper.Mean == first.Paper.Mean {
		t.Errorf("after another paper: %+v", again.Paper)
	}
}
