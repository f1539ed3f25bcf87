package quiz

import (
	"fmt"
	"slices"

	"jingzhong/quiz/exchange"
)

// matchingKind gives each text on the left its partner on the right. The options are the right sides, each
// once, and what matches nothing; the key names the partner of each left side in order.
type matchingKind struct{ plain }

var _ = register(KindMatching, 5, matchingKind{})

const pairsLeast, pairsMost = 2, 10

func (matchingKind) check(c *checker, in QuestionInput, out *content) {
	c.only(in, "pairs")
	if len(in.Pairs) < pairsLeast || len(in.Pairs)+len(in.Distractors) > pairsMost {
		c.fail(errPairs, "pairs", "least", pairsLeast, "most", pairsMost)
		return
	}
	lefts := map[string]bool{}
	for i, p := range in.Pairs {
		left := c.text(fmt.Sprintf("pairs[%d].left", i), p.Left, optionMost)
		right := c.text(fmt.Sprintf("pairs[%d].right", i), p.Right, optionMost)
		switch {
		case left == "" || right == "":
			c.fail(errOptionEmpty, fmt.Sprintf("pairs[%d]", i))
		case lefts[searchFold(left)]:
			c.fail(errOptionRepeated, fmt.Sprintf("pairs[%d].left", i), "first", i+1)
		}
		lefts[searchFold(left)] = true
		out.lefts = append(out.lefts, left)
		out.correct = append(out.correct, out.partner(right))
	}
	for i, text := range in.Distractors {
		field := fmt.Sprintf("distractors[%d]", i)
		text = c.text(field, text, optionMost)
		n := len(out.options)
		switch {
		case text == "":
			c.fail(errOptionEmpty, field)
		case out.partner(text) < n:
			c.fail(errOptionRepeated, field, "first", i+1)
		}
	}
}

// partner is the index of a right side, added if it is new.
func (q *content) partner(text string) int {
	for i, o := range q.options {
		if searchFold(o.Text) == searchFold(text) {
			return i
		}
	}
	q.options = append(q.options, Option{ID: int64(len(q.options) + 1), Text: text})
	return len(q.options) - 1
}

func (matchingKind) taught(q content) []string {
	var texts []string
	for i, at := range q.correct {
		texts = append(texts, q.lefts[i]+"："+q.options[at].Text)
	}
	return texts
}

func (matchingKind) words(q content) []string { return slices.Concat(q.lefts, q.optionTexts()) }

func (matchingKind) shape(q leaf) shape {
	return shape{shuffle: true, picks: len(q.lefts), repeat: true, extra: append([]byte(`,"lefts":`), marshal(q.lefts)...)}
}

// mark pays each right pair its share, all or nothing under M0; wrong pairs do not cancel (rules-contest 5.4).
func (matchingKind) mark(m marking) Marked {
	var out Marked
	var right int64
	for i, want := range m.key.Options {
		if i >= len(m.picks) || m.picks[i] == 0 {
			continue
		}
		out.Answered = true
		if m.picks[i] == want {
			right++
		}
	}
	k := int64(len(m.key.Options))
	out.Right = k > 0 && right == k
	switch {
	case out.Right:
		out.Score = m.points
	case m.mode != ScoringM0 && k > 0:
		out.Score = share(m.points, right, k)
	}
	return out
}

func (matchingKind) export(v QuestionVersion, key Key, it *exchange.Item) {
	text := map[int64]string{}
	for _, o := range v.Options {
		text[o.ID] = o.Text
		if !slices.Contains(key.Options, o.ID) {
			it.Distractors = append(it.Distractors, o.Text)
		}
	}
	for i, id := range key.Options {
		it.Pairs = append(it.Pairs, exchange.Pair{Left: v.Lefts[i], Right: text[id]})
	}
}

func (matchingKind) read(it exchange.Item, in *QuestionInput) {
	for _, p := range it.Pairs {
		in.Pairs = append(in.Pairs, PairInput(p))
	}
	in.Distractors = it.Distractors
}
