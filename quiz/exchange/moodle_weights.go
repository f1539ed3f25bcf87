package exchange

import (
	"math"
	"strconv"
	"strings"
)

// grades are the shares of a mark that Moodle knows, in per cent.
var grades = []float64{100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667,
	14.28571, 12.5, 11.11111, 10, 5, 0}

// snap is the share of Moodle's list that a written one stands for; 33 is none of them, 33.3 is.
func snap(share float64) (float64, bool) {
	for _, g := range grades {
		if math.Abs(math.Abs(share)-g) < 0.05 {
			return math.Copysign(g, share), true
		}
	}
	return 0, false
}

// choiceReader makes a choice question of options with weights.
type choiceReader struct {
	single     bool
	options    []Option
	weights    []int64
	unreadable string // a weight out of range
}

// add takes an option that earns weight per cent.
func (c *choiceReader) add(text string, weight float64) {
	if weight < -100 || weight > 100 || math.IsNaN(weight) {
		c.unreadable = strconv.FormatFloat(weight, 'f', -1, 64)
	}
	c.options = append(c.options, Option{Text: text})
	c.weights = append(c.weights, int64(math.Round(weight*WholeWeight/100)))
}

// into fills an item. The key of a single choice is the option with all points, that of a multiple one every
// option with points; weights that only repeat the key are left out.
func (c *choiceReader) into(it *Item) (warnings []Problem) {
	it.Options = c.options
	full, positive, plain := []int(nil), []int(nil), true
	for i, w := range c.weights {
		if w == WholeWeight {
			full = append(full, i)
		}
		if w > 0 {
			positive = append(positive, i)
		}
	}
	for _, w := range c.weights {
		plain = plain && (w == 0 || len(positive) > 0 && w == c.weights[positive[0]])
	}
	switch {
	case c.single && len(full) == 1:
		it.Kind, it.Correct = Single, full
		plain = len(positive) == 1 && plain
	case c.single && len(full) > 1:
		it.Kind, it.Correct = Multiple, full
		warnings = append(warnings, problem(FieldKind, "item.kind_guessed", "kind", KindName(Multiple)))
	case c.single:
		it.Kind = Single
	default:
		it.Kind, it.Correct = Multiple, positive
	}
	if !plain {
		it.Weights = c.weights
	}
	return warnings
}

// splitWeights are the weights of a key that shares the points evenly.
func splitWeights(options int, key []int) []float64 {
	out := make([]float64, options)
	for _, i := range key {
		if i >= 0 && i < options {
			out[i], _ = snap(100 / float64(len(key)))
		}
	}
	return out
}

// moodleWeights are an item's weights as Moodle accepts them: its own if each is in the list and together
// they make a whole mark, else those of the key.
func moodleWeights(it Item) []float64 {
	even := splitWeights(len(it.Options), it.Correct)
	if len(it.Weights) != len(it.Options) {
		return even
	}
	out, sum := make([]float64, len(it.Weights)), 0.0
	for i, w := range it.Weights {
		share, ok := snap(float64(w) * 100 / WholeWeight)
		if !ok || math.Round(share*WholeWeight/100) != float64(w) || (share > 0) != (even[i] > 0) && it.Kind == Multiple ||
			it.Kind == Single && (share == 100) != (even[i] > 0) {
			return even
		}
		out[i], sum = share, sum+max(0, share)
	}
	if it.Kind == Multiple && math.Abs(sum-100) > 0.1 {
		return even
	}
	return out
}

func share(weight float64) string { return strconv.FormatFloat(weight, 'f', -1, 64) }

// shortReader makes one gap of answers with weights.
type shortReader struct {
	texts   []string
	weights []float64
}

func (s *shortReader) add(text string, weight float64) {
	s.texts, s.weights = append(s.texts, text), append(s.weights, weight)
}

// gap are the accepted answers: those with all points, or the best ones. Others are named in warnings.
func (s *shortReader) gap() (accepted []string, warnings []Problem) {
	best := 0.0
	for _, w := range s.weights {
		best = max(best, w)
	}
	for i, text := range s.texts {
		switch {
		case s.weights[i] < best && s.weights[i] > 0:
			warnings = append(warnings, problem(FieldAnswer, "item.partial_lost", "answer", text, "percent", share(s.weights[i])))
		case s.weights[i] == best && best > 0 && text != "":
			if strings.Contains(strings.ReplaceAll(text, `\*`, ""), "*") {
				warnings = append(warnings, problem(FieldAnswer, "item.wildcard", "answer", text))
			}
			accepted = append(accepted, strings.ReplaceAll(text, `\*`, "*"))
		}
	}
	return accepted, warnings
}

// into makes a fill-in with one gap.
func (s *shortReader) into(it *Item) []Problem {
	accepted, warnings := s.gap()
	if len(accepted) > 0 {
		it.Blanks = [][]string{accepted}
	}
	return warnings
}
