package exchange

import (
	"html"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// verdictOf reads T, F and their like.
func verdictOf(text string) (right, ok bool) {
	switch strings.ToUpper(strings.TrimFunc(text, blank)) {
	case "T", "TRUE", "对", "正确", "√":
		return true, true
	case "F", "FALSE", "错", "错误", "×":
		return false, true
	}
	return false, false
}

var giftNote = regexp.MustCompile(`(?:^|\s)//[^\n]*`)

// answer reads what stands between braces.
func (g *giftItem) answer(raw string) {
	if first, more, ok := strings.Cut(raw, "\n"); ok && strings.HasPrefix(strings.TrimSpace(first), "//") {
		raw = more
	}
	if at := strings.LastIndex(raw, "####"); at >= 0 {
		g.general = g.text(raw[at+4:], g.format)
		raw = raw[:at]
	}
	raw = strings.TrimFunc(raw, blank)
	verdict, _, _ := strings.Cut(giftNote.ReplaceAllString(raw, ""), "#")
	right, isVerdict := verdictOf(verdict)
	switch {
	case raw == "":
		g.it.Kind = Essay
	case isVerdict:
		g.it.Kind, g.it.Correct = TrueFalse, []int{map[bool]int{true: 0, false: 1}[right]}
		for n := 0; n < 2; n++ {
			at := unescaped(raw, "#")
			if at < 0 {
				break
			}
			raw = raw[at+1:]
			end := unescaped(raw, "#")
			if end < 0 || n == 1 {
				end = len(raw)
			}
			if text := g.text(raw[:end], g.format); text != "" {
				g.feedback = append(g.feedback, text)
			}
		}
	case raw[0] == '#':
		g.numerical(raw[1:])
	case raw[0] == '>':
		g.ordering(raw[1:])
	case unescaped(raw, "~") >= 0:
		g.choice(raw)
	case unescaped(raw, "=") >= 0 && strings.Contains(raw, "->"):
		g.matching(raw)
	default:
		g.short(raw)
	}
}

// unescaped is the first place of one of some signs without a backslash, -1 for none.
func unescaped(text, signs string) int {
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case strings.IndexByte(signs, text[i]) >= 0:
			return i
		}
	}
	return -1
}

// giftAnswer is one answer: its sign, weight, text and feedback.
type giftAnswer struct {
	sign     byte
	weighted bool
	weight   float64 // per cent
	text     string
	feedback string
}

var giftWeight = regexp.MustCompile(`^%\s*(-?\d{1,3}(?:[.,]\d*)?)\s*%`)

// answers cuts what stands between braces at = and ~.
func (g *giftItem) answers(raw, signs string) []giftAnswer {
	var out []giftAnswer
	for raw = strings.TrimFunc(raw, blank); raw != ""; {
		if len(out) == maxAnswers {
			g.fault = []any{"item.options_many", "most", maxAnswers}
			return out
		}
		a := giftAnswer{sign: signs[len(signs)-1]}
		if strings.IndexByte(signs, raw[0]) >= 0 {
			a.sign, raw = raw[0], raw[1:]
		}
		end := unescaped(raw, signs)
		if end < 0 {
			end = len(raw)
		}
		text := strings.TrimFunc(raw[:end], blank)
		raw = raw[end:]
		if m := giftWeight.FindStringSubmatch(text); m != nil {
			a.weighted = true
			a.weight, _ = strconv.ParseFloat(strings.Replace(m[1], ",", ".", 1), 64)
			text = text[len(m[0]):]
		} else if a.sign == '=' {
			a.weight = 100
		}
		if at := unescaped(text, "#"); at >= 0 {
			a.feedback = g.text(text[at+1:], g.format)
			text = text[:at]
		}
		a.text = strings.TrimFunc(text, blank)
		out = append(out, a)
	}
	return out
}

func (g *giftItem) note(answer, feedback string) {
	if feedback != "" {
		g.feedback = append(g.feedback, answer+"："+feedback)
	}
}

// choice reads a single or multiple choice.
func (g *giftItem) choice(raw string) {
	c := choiceReader{single: unescaped(raw, "=") >= 0}
	for _, a := range g.answers(raw, "=~") {
		text := g.text(a.text, g.format)
		c.add(text, a.weight)
		g.note(text, a.feedback)
	}
	if c.unreadable != "" {
		g.fault = []any{"item.weights", "value", c.unreadable}
		return
	}
	g.warnings = append(g.warnings, c.into(&g.it)...)
}

// short reads a short answer.
func (g *giftItem) short(raw string) {
	s := shortReader{}
	for _, a := range g.answers(raw, "=") {
		text := g.text(a.text, g.format)
		s.add(text, a.weight)
		g.note(text, a.feedback)
	}
	g.it.Kind = Fill
	g.warnings = append(g.warnings, s.into(&g.it)...)
}

// matching reads pairs; a right side without a left one matches nothing.
func (g *giftItem) matching(raw string) {
	g.it.Kind = Matching
	for _, a := range g.answers(raw, "=") {
		left, right, ok := strings.Cut(a.text, "->")
		right = strings.TrimFunc(html.UnescapeString(giftText(joinLines(right))), blank)
		left = g.text(left, g.format)
		switch {
		case !ok:
			g.fault = []any{"item.pair_unreadable", "pair", giftText(a.text)}
			return
		case left == "":
			g.it.Distractors = append(g.it.Distractors, right)
		default:
			g.it.Pairs = append(g.it.Pairs, Pair{left, right})
		}
	}
}

var giftOrder = regexp.MustCompile(`^\s*\d*[ \tA-Z_a-z0-9%.]*\n`)

// ordering reads the right order, one step a line, as Moodle's own ordering questions write it.
func (g *giftItem) ordering(raw string) {
	g.it.Kind = Ordering
	raw = giftOrder.ReplaceAllString(raw, "")
	for _, line := range strings.Split(raw, "\n") {
		if line = strings.TrimFunc(line, blank); line != "" {
			g.it.Options = append(g.it.Options, Option{Text: g.text(line, g.format)})
			g.it.Correct = append(g.it.Correct, len(g.it.Correct))
		}
	}
}

// numerical reads numbers with tolerances or ranges.
func (g *giftItem) numerical(raw string) {
	s := shortReader{}
	if at := unescaped(raw, "~"); at >= 0 {
		for _, a := range g.answers(raw[at:], "~") {
			g.note("其他", a.feedback)
		}
		raw = raw[:at]
	}
	for _, a := range g.answers(raw, "=") {
		text := giftText(a.text)
		low, high, isRange := strings.Cut(text, "..")
		number, tolerance, _ := strings.Cut(text, ":")
		number, tolerance = strings.TrimSpace(number), strings.TrimSpace(tolerance)
		switch {
		case isRange:
			middle, ok := between(low, high)
			if !ok {
				g.fault = []any{"item.answer_unreadable", "answer", text}
				return
			}
			s.add(middle, a.weight)
			g.warn("item.tolerance", "range", text)
		case !isNumber(number):
			g.fault = []any{"item.answer_unreadable", "answer", text}
			return
		default:
			s.add(number, a.weight)
			if tolerance != "" && strings.Trim(tolerance, "0.") != "" {
				g.warn("item.tolerance", "range", number+"±"+tolerance)
			}
		}
		g.note(text, a.feedback)
	}
	g.it.Kind = Fill
	g.warnings = append(g.warnings, s.into(&g.it)...)
}

func isNumber(text string) bool {
	v, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	return err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// between is the number in the middle of a range.
func between(low, high string) (string, bool) {
	l, err := strconv.ParseFloat(strings.TrimSpace(low), 64)
	h, err2 := strconv.ParseFloat(strings.TrimSpace(high), 64)
	if err != nil || err2 != nil || math.IsNaN(l+h) || math.IsInf(l+h, 0) {
		return "", false
	}
	return strconv.FormatFloat(l+(h-l)/2, 'g', 12, 64), true
}
