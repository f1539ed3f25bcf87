package quiz

import (
	"bytes"
	"encoding/json"
	"testing"

	"jingzhong/org"
)

func TestMarkByKind(t *testing.T) {
	matching := marking{mode: ScoringM1, points: 400, key: Key{Options: []int64{2, 1, 2, 3}}}
	ordering := marking{mode: ScoringM1, points: 300, key: Key{Options: []int64{4, 2, 1, 3}}}
	weighted := marking{mode: ScoringM4, points: 1000, options: []int64{1, 2, 3}, key: Key{Options: []int64{1, 2}, Weights: []int64{60_000, 40_000, -50_000}}}
	for _, c := range []struct {
		name  string
		kind  string
		m     marking
		mode  Scoring
		picks []int64
		want  int64
		right bool
	}{
		{"all pairs", KindMatching, matching, ScoringM0, []int64{2, 1, 2, 3}, 400, true},
		{"wrong pairs do not cancel", KindMatching, matching, ScoringM1, []int64{2, 2, 1, 3}, 200, false},
		{"a place left open", KindMatching, matching, ScoringM2, []int64{0, 1}, 100, false},
		{"pairs, all or nothing", KindMatching, matching, ScoringM0, []int64{2, 1, 2, 1}, 0, false},
		{"the order", KindOrdering, ordering, ScoringM0, []int64{4, 2, 1, 3}, 300, true},
		{"two of three neighbours", KindOrdering, ordering, ScoringM1, []int64{3, 4, 2, 1}, 200, false},
		{"the order turned round", KindOrdering, ordering, ScoringM1, []int64{3, 1, 2, 4}, 0, false},
		{"a part of the order", KindOrdering, ordering, ScoringM1, []int64{4, 2}, 100, false},
		{"order, all or nothing", KindOrdering, ordering, ScoringM0, []int64{4, 2, 3, 1}, 0, false},
		{"weights", KindMultiple, weighted, ScoringM4, []int64{1, 2}, 1000, true},
		{"one weight", KindMultiple, weighted, ScoringM4, []int64{1}, 600, false},
		{"a wrong pick costs", KindMultiple, weighted, ScoringM4, []int64{1, 3}, 100, false},
		{"never below nothing", KindMultiple, weighted, ScoringM4, []int64{3}, 0, false},
	} {
		c.m.mode, c.m.picks = c.mode, c.picks
		if got := kinds[c.kind].mark(c.m); got.Score != c.want || got.Right != c.right || !got.Answered {
			t.Errorf("%s: %+v, want %d", c.name, got, c.want)
		}
	}
	if got := kinds[KindEssay].mark(marking{points: 500, texts: []string{" "}}); got.Awaiting || got.Answered {
		t.Errorf("a blank essay waits: %+v", got)
	}
}

func TestChecksByKind(t *testing.T) {
	base := func(kind string) QuestionInput {
		return QuestionInput{Kind: kind, Stem: "题干", TopicID: 1, Statute: "BMF", Article: "26"}
	}
	pairs := []PairInput{{"绝密", "30年"}, {"机密", "20年"}, {"秘密", "10年"}}
	yes := true
	part := QuestionInput{Kind: KindTrueFalse, Stem: "对吗", Truth: &yes}
	for name, c := range map[string]struct {
		kind   string
		change func(*QuestionInput)
		code   string
	}{
		"matching":               {KindMatching, func(q *QuestionInput) { q.Pairs, q.Distractors = pairs, []string{"5年"} }, ""},
		"one pair":               {KindMatching, func(q *QuestionInput) { q.Pairs = pairs[:1] }, "question.pairs"},
		"a left twice":           {KindMatching, func(q *QuestionInput) { q.Pairs = append(pairs[:2:2], PairInput{"绝密", "5年"}) }, "question.option_repeated"},
		"a right for two":        {KindMatching, func(q *QuestionInput) { q.Pairs = append(pairs[:2:2], PairInput{"商密", "20年"}) }, ""},
		"a distractor that fits": {KindMatching, func(q *QuestionInput) { q.Pairs, q.Distractors = pairs, []string{"20年"} }, "question.option_repeated"},
		"ordering":               {KindOrdering, func(q *QuestionInput) { q.Options = []OptionInput{{Text: "一"}, {Text: "二"}} }, ""},
		"one step":               {KindOrdering, func(q *QuestionInput) { q.Options = []OptionInput{{Text: "一"}} }, "question.options_few"},
		"essay":                  {KindEssay, func(q *QuestionInput) { q.Rubric = "要点" }, ""},
		"essay without a rubric": {KindEssay, func(*QuestionInput) {}, "question.rubric_missing"},
		"group":                  {KindGroup, func(q *QuestionInput) { q.Items = []QuestionInput{part, part} }, ""},
		"empty group":            {KindGroup, func(*QuestionInput) {}, "question.items"},
		"group in a group":       {KindGroup, func(q *QuestionInput) { q.Items = []QuestionInput{{Kind: KindGroup, Stem: "x"}} }, "question.kind_unknown"},
		"group with a bad part":  {KindGroup, func(q *QuestionInput) { q.Items = []QuestionInput{part, {Kind: KindSingle, Stem: "x"}} }, "question.options_few"},
		"rubric of another kind": {KindOrdering, func(q *QuestionInput) { q.Options, q.Rubric = []OptionInput{{Text: "一"}, {Text: "二"}}, "x" }, "question.options_unwanted"},
	} {
		in := base(c.kind)
		c.change(&in)
		_, err := checkQuestion(in)
		if (c.code == "") != (err == nil) || c.code != "" && !hasField(err, c.code) {
			t.Errorf("%s: %v %s, want %s", name, err, fields(err), c.code)
		}
	}
}

// TestEveryKindInAContest draws a case group, a matching, an ordering and an essay, answers them as a
// contestant would, and marks the essay.
func TestEveryKindInAContest(t *testing.T) {
	h := newHall(t)
	topics, err := h.bank.Topics(h.ctx, h.trainer)
	h.must(err)
	yes := true
	add := func(in QuestionInput) Question {
		in.Statute, in.Article, in.TopicID, in.Use, in.Publish = "BMF", "26", topics[0].ID, UseContest, true
		q, err := h.bank.CreateQuestion(h.ctx, h.trainer, in)
		h.must(err)
		return q
	}
	add(QuestionInput{Kind: KindGroup, Stem: "某局小陆的案例（虚构）。", Items: []QuestionInput{
		{Kind: KindSingle, Stem: "小陆错在哪里？", Options: []OptionInput{{Text: "错甲"}, {Text: "对的", Correct: true}, {Text: "错乙"}}, Explanation: "PART-NOTE"},
		{Kind: KindTrueFalse, Stem: "应当立即报告。", Truth: &yes},
		{Kind: KindFill, Stem: "应在____内报告。", Blanks: [][]string{{"24小时"}}}}})
	add(QuestionInput{Kind: KindMatching, Stem: "连线", Pairs: []PairInput{{"绝密", "30年"}, {"机密", "20年"}}, Distractors: []string{"5年"}})
	add(QuestionInput{Kind: KindOrdering, Stem: "排序", Options: []OptionInput{{Text: "一"}, {Text: "二"}, {Text: "三"}}})
	essay := add(QuestionInput{Kind: KindEssay, Stem: "谈谈怎么办", Rubric: "RUBRIC-CANARY"})
	shown, err := h.bank.FindQuestion(h.ctx, h.trainer, essay.ID)
	h.must(err)
	if shown.Key == nil || shown.Key.Rubric != "RUBRIC-CANARY" {
		t.Fatalf("%+v", shown.Key)
	}
	c := h.opened(func(in *ContestInput) {
		in.Scoring = ScoringM1
		in.Rows = []Row{{Kinds: []string{KindGroup}, Count: 1, Points: 1000}, {Kinds: []string{KindMatching}, Count: 1, Points: 400},
			{Kinds: []string{KindOrdering}, Count: 1, Points: 400}, {Kinds: []string{KindEssay}, Count: 1, Points: 600}}
	})
	by := h.people[0]
	st := h.start(by, c.ID)
	for _, secret := range []string{"CANARY", "PART-NOTE"} {
		if bytes.Contains(st.Paper, []byte(secret)) {
			t.Fatalf("the paper shows %s", secret)
		}
	}
	var paper struct {
		Items []struct {
			Slot, Part, Parts, Blanks, Most int
			Kind, Stem, Material            string
			Points                          int64
			Lefts                           []string
			Options                         []struct {
				ID   int
				Text string
			}
		}
	}
	h.must(json.Unmarshal(st.Paper, &paper))
	var answers []AnswerInput
	var points int64
	for _, item := range paper.Items {
		points += item.Points
		a := AnswerInput{Slot: item.Slot, Seq: int64(item.Slot)}
		place := func(text string) int {
			for _, o := range item.Options {
				if o.Text == text {
					return o.ID
				}
			}
			return 0
		}
		switch item.Kind {
		case KindSingle:
			a.Choice = []int{place("对的")}
			if item.Material == "" || item.Part != 1 || item.Parts != 3 {
				t.Errorf("a group's question without its material: %+v", item)
			}
		case KindTrueFalse:
			a.Choice = []int{1}
		case KindFill:
			a.Text = []string{"24小时"}
		case KindMatching:
			a.Choice = []int{place("30年"), 0} // half of it
			if len(item.Lefts) != 2 || len(item.Options) != 3 {
				t.Errorf("matching: %+v", item)
			}
		case KindOrdering:
			a.Choice = []int{place("一"), place("二"), place("三")}
		case KindEssay:
			a.Text = []string{"立即停止使用，保护现场，马上报告。"}
		}
		answers = append(answers, a)
	}
	if len(paper.Items) != 6 || points != 2400 {
		t.Fatalf("%d slots worth %d", len(paper.Items), points)
	}
	_, err = h.contests.Submit(h.ctx, by, st.ID, SubmitInput{Lease: st.Lease, Answers: answers, ArrivedAt: h.db.Now()})
	h.must(err)
	h.must(h.contests.Sweep(h.ctx))
	h.must(h.contests.Sweep(h.ctx))
	v, err := h.contests.FindAttempt(h.ctx, by, st.ID)
	h.must(err)
	if v.State != AttemptSubmitted || v.Score != nil || !v.Awaiting {
		t.Fatalf("an unmarked attempt is %+v", v)
	}
	h.marks(by, c, st)
	h.must(err)
	v, err = h.contests.FindAttempt(h.ctx, by, st.ID)
	h.must(err)
	if v.State != AttemptGraded || v.Score == nil || *v.Score != 1000+200+400+450 {
		t.Fatalf("graded: %+v", v)
	}
}

// marks gives the one essay 450 of its 600, after trying what must be refused.
func (h *hall) marks(owner org.Actor, c Contest, st Started) {
	h.t.Helper()
	_, err := h.contests.MarkingQueue(h.ctx, owner, c.ID, 0, "")
	h.wants(err, org.ErrDenied)
	queue, err := h.contests.MarkingQueue(h.ctx, h.trainer, c.ID, 0, "")
	h.must(err)
	if len(queue.Items) != 1 || queue.Waiting != 1 || queue.Items[0].Rubric != "RUBRIC-CANARY" || queue.Items[0].Points != 600 {
		h.t.Fatalf("queue: %+v", queue)
	}
	slot := queue.Items[0].Slot
	h.wants(h.contests.MarkAnswer(h.ctx, owner, st.ID, slot, 600, ""), ErrAttemptNotFound)
	h.wants(h.contests.MarkAnswer(h.ctx, h.trainer, st.ID, slot, 601, ""), ErrMarkScore)
	h.wants(h.contests.MarkAnswer(h.ctx, h.trainer, st.ID, 1, 1, ""), ErrMarkSlot)
	h.must(h.contests.MarkAnswer(h.ctx, h.trainer, st.ID, slot, 450, "少一条"))
	h.wants(h.contests.MarkAnswer(h.ctx, h.trainer, st.ID, slot, 600, ""), ErrAttemptState)
}
