package quiz

import (
	"fmt"
	"slices"

	"jingzhong/quiz/exchange"
)

// choiceKind is a single or a multiple choice.
type choiceKind struct {
	plain
	single bool
}

var (
	_ = register(KindSingle, 1, choiceKind{single: true})
	_ = register(KindMultiple, 2, choiceKind{})
)

func (k choiceKind) check(c *checker, in QuestionInput, out *content) {
	c.only(in, "options")
	c.options(in, out)
	for i, o := range in.Options {
		if o.Correct && i < len(out.options) {
			out.correct = append(out.correct, i)
		}
		if o.Weight != nil {
			c.weight(i, *o.Weight, len(in.Options), out)
		}
	}
	switch {
	case len(out.correct) == 0:
		c.fail(errKeyMissing, "options")
	case k.single && len(out.correct) > 1:
		c.fail(errKeySingle, "options")
	case !k.single && len(out.correct) == 1:
		out.warnings = append(out.warnings, Warning{Code: warnOneKey.Code, Field: "options"})
	}
}

// options checks the options of a choice or an ordering: enough of them, none empty, none twice.
func (c *checker) options(in QuestionInput, out *content) {
	switch {
	case len(in.Options) < optionsLeast:
		c.fail(errOptionsFew, "options", "least", optionsLeast)
	case len(in.Options) > optionsMost:
		c.fail(errOptionsMany, "options", "most", optionsMost)
		return
	}
	seen := map[string]int{}
	for i, o := range in.Options {
		field := fmt.Sprintf("options[%d].text", i)
		text := c.text(field, o.Text, optionMost)
		if text == "" {
			c.fail(errOptionEmpty, field)
		} else if j, ok := seen[searchFold(text)]; ok {
			c.fail(errOptionRepeated, field, "first", j+1)
		}
		seen[searchFold(text)] = i
		fixed := o.Fixed
		if in.Kind != KindOrdering && exchange.LooksFixed(text) {
			fixed = true
			out.warnings = append(out.warnings, Warning{Code: warnOptionFixed.Code, Field: field, Phrase: text})
		}
		out.options = append(out.options, Option{ID: o.ID, Text: text, Fixed: fixed})
	}
}

func (c *checker) weight(i int, weight int64, n int, out *content) {
	if weight < -exchange.WholeWeight || weight > exchange.WholeWeight {
		c.fail(errWeight, fmt.Sprintf("options[%d].weight", i))
		return
	}
	if out.weights == nil {
		out.weights = make([]int64, n)
	}
	out.weights[i] = weight
}

func (choiceKind) taught(q content) []string {
	var texts []string
	for _, i := range q.correct {
		texts = append(texts, q.options[i].Text)
	}
	return texts
}

func (choiceKind) words(q content) []string { return q.optionTexts() }

func (k choiceKind) shape(q leaf) shape {
	if k.single {
		return shape{shuffle: true, picks: 1, table: true, guess: 1 / float64(max(1, len(q.options)))}
	}
	return shape{shuffle: true, picks: len(q.options), table: true}
}

func (k choiceKind) mark(m marking) Marked {
	if m.mode == ScoringM4 && len(m.key.Weights) == len(m.options) {
		return markWeighted(m)
	}
	return markChoice(m.mode, k.single, m.points, len(m.options), m.key.Options, m.picks)
}

// markWeighted pays what the picked options weigh together, between nothing and all (M4).
func markWeighted(m marking) Marked {
	out := markChoice(ScoringM0, false, m.points, len(m.options), m.key.Options, m.picks)
	var sum int64
	for i, id := range m.options {
		if slices.Contains(m.picks, id) {
			sum += m.key.Weights[i]
		}
	}
	out.Score = share(m.points, min(max(sum, 0), exchange.WholeWeight), exchange.WholeWeight)
	return out
}

func (choiceKind) export(v QuestionVersion, key Key, it *exchange.Item) {
	exportOptions(v, it)
	for place, o := range v.Options {
		if slices.Contains(key.Options, o.ID) {
			it.Correct = append(it.Correct, place)
		}
	}
	it.Weights = key.Weights
}

func (choiceKind) read(it exchange.Item, in *QuestionInput) {
	for i, o := range it.Options {
		option := OptionInput{Text: o.Text, Fixed: o.Fixed, Correct: slices.Contains(it.Correct, i)}
		if i < len(it.Weights) {
			option.Weight = &it.Weights[i]
		}
		in.Options = append(in.Options, option)
	}
}
