package seed

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"jingzhong/quiz"
	"jingzhong/store"
)

// sitting is one person's attempt in one contest, as it will go.
type sitting struct {
	person  *Person
	contest int64
	start   time.Time
	length  time.Duration // from the start to the submission
	score   int64         // wanted, 1/100 point; -1 = by skill
	bonus   float64       // what earlier attempts have taught
	hall    bool          // all begin at a signal: equal lengths end at the same moment
	exact   time.Duration // the contest's time limit, when the length must come out to the millisecond
	unsent  bool          // never handed in
	share   float64       // of the answers that are saved; 0 = all
	r       *rand.Rand

	attempt int64
	lease   string
	began   int64 // ms UTC
	slots   []slot
}

// slot is a question as it stands on a paper.
type slot struct {
	Slot    int
	Kind    string
	Stem    string
	Points  int64
	Options []struct {
		ID   int
		Text string
	}
}

// How many people act at once. Few begin in the same minute; writing has its own times, so more company there
// only helps the group commit.
const (
	beginning = 24
	writing   = 96
)

// together runs one act for each sitting, many at a time.
func together(sittings []*sitting, act func(*sitting) error) error {
	var wg sync.WaitGroup
	errs := make([]error, len(sittings))
	seats := make(chan struct{}, writing)
	for i, s := range sittings {
		seats <- struct{}{}
		wg.Go(func() {
			defer func() { <-seats }()
			errs[i] = act(s)
		})
	}
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			return fmt.Errorf("%s %s: %w", sittings[i].person.Unit.Short, sittings[i].person.Name, err)
		}
	}
	return nil
}

// hallLead is how long after the signal a hall's length counts, ms: everybody has begun by then, and the times
// taken stay within one second of each other.
const hallLead = 950

// begin opens the attempt and reads its paper.
func (l *loader) begin(ctx context.Context, s *sitting) error {
	started, err := l.Contests.Start(ctx, s.person.actor(), s.contest)
	if err != nil {
		return err
	}
	s.attempt, s.lease, s.began = started.ID, started.Lease, started.ServerTime
	switch {
	case s.exact > 0:
		s.began = started.DeadlineAt - s.exact.Milliseconds()
	case s.hall:
		s.began = ms(s.start) + hallLead
	}
	var paper struct{ Items []slot }
	if err := json.Unmarshal(started.Paper, &paper); err != nil {
		return fmt.Errorf("paper: %w", err)
	}
	s.slots = paper.Items
	return nil
}

// saves is in how many pieces a paper reaches the server.
const saves = 3

// write answers the paper and hands it in, unless the sitting is left unfinished.
func (l *loader) write(ctx context.Context, s *sitting) error {
	answers, err := l.answers(s)
	if err != nil {
		return err
	}
	if s.share > 0 {
		answers = answers[:int(float64(len(answers))*s.share)]
	}
	for i := range saves {
		part := answers[len(answers)*i/saves : len(answers)*(i+1)/saves]
		if len(part) == 0 {
			continue
		}
		arrived := s.began + s.length.Milliseconds()*int64(i+1)/(saves+1)
		_, err := l.Contests.Save(ctx, s.person.actor(), s.attempt, quiz.SaveInput{Lease: s.lease, Answers: part, ArrivedAt: arrived})
		if err != nil {
			return fmt.Errorf("save: %w", err)
		}
	}
	if s.unsent {
		return nil
	}
	_, err = l.Contests.Submit(ctx, s.person.actor(), s.attempt, quiz.SubmitInput{Lease: s.lease, ArrivedAt: s.began + s.length.Milliseconds()})
	if err != nil {
		return fmt.Errorf("submit: %w", err)
	}
	return nil
}

// answers decides what the person writes: exactly the wanted score, or by chance and skill.
func (l *loader) answers(s *sitting) ([]quiz.AnswerInput, error) {
	wrong := map[int]bool{}
	if s.score >= 0 {
		wrong = mistakes(s.slots, s.score, s.r)
	}
	answers := make([]quiz.AnswerInput, 0, len(s.slots))
	for i, slot := range s.slots {
		q, ok := l.questions[bareStem(slot.Stem)]
		if !ok {
			return nil, fmt.Errorf("no question asks %q", slot.Stem)
		}
		miss := wrong[i]
		if s.score < 0 {
			miss = s.r.Float64() > s.person.knows(q, s.bonus)
			if miss && s.r.IntN(30) == 0 {
				continue // left blank
			}
		}
		answers = append(answers, slot.answer(q, miss, int64(i+1), s.r))
	}
	return answers, nil
}

// knows is the chance that the person answers the question right.
func (p *Person) knows(q Question, bonus float64) float64 {
	chance := p.Skill + bonus + float64(q.Difficulty-quiz.DifficultyMedium)/150
	if q.Kind == quiz.KindMultiple {
		chance -= .08
	}
	return min(.985, max(.15, chance))
}

// mistakes picks slots worth what is missing to the wanted score; the papers' smallest questions make the
// rest exact.
func mistakes(slots []slot, score int64, r *rand.Rand) map[int]bool {
	missing := -score
	order := r.Perm(len(slots))
	for _, s := range slots {
		missing += s.Points
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(slots[b].Points - slots[a].Points) })
	wrong := map[int]bool{}
	// Keep a few small ones back from the first round, or every weak paper would fail the same kind first.
	for round := range 2 {
		for _, i := range order {
			if !wrong[i] && slots[i].Points <= missing && (round == 1 || r.IntN(3) == 0) {
				wrong[i], missing = true, missing-slots[i].Points
			}
		}
	}
	return wrong
}

// answer is what somebody writes who knows the answer or does not.
func (s slot) answer(q Question, miss bool, seq int64, r *rand.Rand) quiz.AnswerInput {
	a := quiz.AnswerInput{Slot: s.Slot, Seq: seq}
	if q.Kind == quiz.KindFill {
		for i, blank := range q.Blanks {
			text := blank[r.IntN(len(blank))]
			if miss && i == 0 {
				text = "不清楚"
			}
			a.Text = append(a.Text, text)
		}
		return a
	}
	right := q.rightTexts()
	var keys, others []int
	for _, o := range s.Options {
		if slices.Contains(right, o.Text) {
			keys = append(keys, o.ID)
		} else {
			others = append(others, o.ID)
		}
	}
	switch {
	case !miss:
		a.Choice = keys
	case q.Kind != quiz.KindMultiple:
		a.Choice = []int{others[r.IntN(len(others))]}
	case len(others) > 0 && r.IntN(2) == 0:
		a.Choice = append(slices.Clone(keys), others[r.IntN(len(others))])
	default:
		a.Choice = keys[:len(keys)-1]
	}
	return a
}

// rightTexts are the texts of the right options; the bank spells true and false 正确 and 错误.
func (q Question) rightTexts() []string {
	if q.Kind == quiz.KindTrueFalse {
		return []string{[]string{"正确", "错误"}[q.Correct[0]]}
	}
	var texts []string
	for _, at := range q.Correct {
		texts = append(texts, q.Options[at])
	}
	return texts
}

// beginAll lets sittings begin that fall into the same minutes.
func (l *loader) beginAll(ctx context.Context, wave []*sitting) error {
	l.Clock.Set(wave[0].start)
	return together(wave, func(s *sitting) error { return l.begin(ctx, s) })
}

// writeAll lets everybody write who has begun.
func (l *loader) writeAll(ctx context.Context, sittings []*sitting) error {
	return together(sittings, func(s *sitting) error { return l.write(ctx, s) })
}

func ms(t time.Time) int64 { return store.MS(t) }
