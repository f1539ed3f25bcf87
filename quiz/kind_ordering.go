package quiz

import (
	"slices"

	"jingzhong/quiz/exchange"
)

// orderingKind puts steps into their order. The author writes them in the right one; every paper shows them
// shuffled.
type orderingKind struct{ plain }

var _ = register(KindOrdering, 6, orderingKind{})

func (orderingKind) check(c *checker, in QuestionInput, out *content) {
	c.only(in, "options")
	c.options(in, out)
	for i := range out.options {
		out.options[i].Fixed = false
		out.correct = append(out.correct, i)
	}
}

func (orderingKind) words(q content) []string { return q.optionTexts() }

func (orderingKind) shape(q leaf) shape { return shape{shuffle: true, picks: len(q.options)} }

// mark pays the share of right neighbours, all or nothing under M0 (rules-contest 5.4).
func (orderingKind) mark(m marking) Marked {
	out := Marked{Answered: len(m.picks) > 0, Right: slices.Equal(m.picks, m.key.Options)}
	next := map[int64]int64{}
	for i := 1; i < len(m.key.Options); i++ {
		next[m.key.Options[i-1]] = m.key.Options[i]
	}
	var right int64
	for i := 1; i < len(m.picks); i++ {
		if next[m.picks[i-1]] == m.picks[i] {
			right++
		}
	}
	switch {
	case out.Right:
		out.Score = m.points
	case m.mode != ScoringM0 && len(next) > 0:
		out.Score = share(m.points, right, int64(len(next)))
	}
	return out
}

func (orderingKind) export(v QuestionVersion, key Key, it *exchange.Item) {
	exportOptions(v, it)
	for _, id := range key.Options {
		it.Correct = append(it.Correct, slices.IndexFunc(v.Options, func(o Option) bool { return o.ID == id }))
	}
}

func (orderingKind) read(it exchange.Item, in *QuestionInput) {
	for _, i := range it.Correct {
		in.Options = append(in.Options, OptionInput{Text: it.Options[i].Text})
	}
}
