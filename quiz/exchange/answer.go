package exchange

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// verdicts are the words for right and wrong (rules-contest 6.1), folded.
var verdicts = map[string]bool{
	"对": true, "√": true, "✓": true, "✔": true, "正确": true, "t": true, "true": true, "是": true, "y": true, "yes": true, "right": true, "v": true,
	"错": false, "×": false, "✗": false, "✘": false, "错误": false, "f": false, "false": false, "否": false, "n": false, "no": false, "wrong": false, "x": false,
	"不正确": false, "不对": false, "1": true, "0": false, "☑": true, "✕": false,
}

func isVerdict(text string) bool {
	_, ok := verdicts[fold(text)]
	return ok
}

// choice reads the answer of a single or multiple choice.
func (p *parser) choice(texts []string) {
	for i, text := range texts {
		if text == "" {
			p.fail(Field(letters[i:i+1]), "item.option_gap", "option", letters[i:i+1])
		}
		p.it.Options = append(p.it.Options, Option{Text: text})
	}
	if len(texts) < 2 {
		p.fail(FieldOptions, "item.options_few")
		return
	}
	p.fixed()
	answer := p.row.Cells[FieldAnswer]
	if answer == "" {
		p.fail(FieldAnswer, "item.answer_missing")
		return
	}
	picked, ok := pick(answer, texts)
	if !ok {
		p.fail(FieldAnswer, "item.answer_unreadable", "answer", answer)
		return
	}
	for _, i := range picked {
		if i >= len(texts) {
			p.fail(FieldAnswer, "item.answer_beyond", "option", letters[i:i+1])
			return
		}
	}
	if p.it.Kind == Single && len(picked) > 1 {
		p.fail(FieldAnswer, "item.answer_many", "count", len(picked))
		return
	}
	p.it.Correct = picked
	p.weights()
}

// weights reads what each option earns, in per cent.
func (p *parser) weights() {
	value := p.row.Cells[FieldWeights]
	if value == "" {
		return
	}
	parts := strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(";； ,，", r) })
	for _, part := range parts {
		v, err := strconv.ParseFloat(strings.TrimSuffix(part, "%"), 64)
		if err != nil || math.IsNaN(v) || v < -100 || v > 100 || len(parts) != len(p.it.Options) {
			p.fail(FieldWeights, "item.weights", "value", value)
			p.it.Weights = nil
			return
		}
		p.it.Weights = append(p.it.Weights, int64(math.Round(v*WholeWeight/100)))
	}
}

// fixed reads the letters of options that keep their place; a file that has no such column is looked over
// for options that speak of their neighbours.
func (p *parser) fixed() {
	value, given := p.row.Cells[FieldFixed]
	if given {
		picked, ok := pick(value, nil)
		for _, i := range picked {
			if i < len(p.it.Options) {
				p.it.Options[i].Fixed = true
			} else {
				ok = false
			}
		}
		if !ok {
			p.fail(FieldFixed, "item.fixed", "value", value)
		}
	}
	if p.row.Exact {
		return
	}
	for i, o := range p.it.Options {
		if !o.Fixed && LooksFixed(o.Text) {
			p.it.Options[i].Fixed = true
			p.warn(Field(letters[i:i+1]), "item.option_fixed", "option", o.Text)
		}
	}
}

var (
	letterAnswer = regexp.MustCompile(`^[A-J]+([\s,、;|/.&和]*[A-J]+)*[.。]?$`)
	numberAnswer = regexp.MustCompile(`^(10|[1-9])([\s,、;|/]+(10|[1-9]))*$`)
	answerPrefix = regexp.MustCompile(`^(正确|参考)?答案[:：]?\s*|^选`)
)

// pick reads an answer as option letters, as the text of options, or as their numbers, in this order. The
// indexes come back in the order of the options, each once; they may lie beyond the options.
func pick(answer string, options []string) (picked []int, ok bool) {
	folded := strings.ToUpper(strings.TrimSpace(norm.NFKC.String(answer)))
	folded = strings.Trim(answerPrefix.ReplaceAllString(folded, ""), "()[]【】 ")
	want := map[int]bool{}
	switch {
	case letterAnswer.MatchString(folded):
		for _, r := range folded {
			if i := strings.IndexRune(letters, r); i >= 0 {
				want[i] = true
			}
		}
	case pickText(answer, options, want):
	case numberAnswer.MatchString(folded):
		for _, part := range strings.FieldsFunc(folded, func(r rune) bool { return !unicode.IsDigit(r) }) {
			n, _ := strconv.Atoi(part)
			want[n-1] = true
		}
	default:
		return nil, false
	}
	for i := range letters {
		if want[i] {
			picked = append(picked, i)
		}
	}
	return picked, len(picked) > 0
}

// pickText finds options named by their text: the whole answer, or its parts.
func pickText(answer string, options []string, want map[int]bool) bool {
	find := func(text string) bool {
		for i, o := range options {
			if o != "" && fold(o) == fold(text) {
				want[i] = true
				return true
			}
		}
		return false
	}
	if find(answer) {
		return true
	}
	for _, cut := range []string{"\n", "|｜", ";；", "、", ",，"} {
		parts := strings.FieldsFunc(answer, func(r rune) bool { return strings.ContainsRune(cut, r) })
		if len(parts) < 2 {
			continue
		}
		all := true
		for _, part := range parts {
			all = find(part) && all
		}
		if all {
			return true
		}
		clear(want)
	}
	return false
}

// trueFalse reads a verdict, or the option that stands for one.
func (p *parser) trueFalse(options []string) {
	answer := p.row.Cells[FieldAnswer]
	if answer == "" {
		p.fail(FieldAnswer, "item.answer_missing")
		return
	}
	right, ok := verdicts[fold(answer)]
	if picked, isPick := pick(answer, options); !ok && isPick && len(picked) == 1 {
		switch {
		case picked[0] < len(options) && isVerdict(options[picked[0]]):
			right, ok = verdicts[fold(options[picked[0]])], true
		case len(options) == 0 && picked[0] < 2 && !unicode.IsDigit([]rune(norm.NFKC.String(answer))[0]):
			right, ok = picked[0] == 0, true
			p.warn(FieldAnswer, "item.answer_ab", "answer", answer)
		}
	}
	switch {
	case !ok:
		p.fail(FieldAnswer, "item.answer_unreadable", "answer", answer)
	case right:
		p.it.Correct = []int{0}
	default:
		p.it.Correct = []int{1}
	}
}

// fill reads the accepted answers of each gap and makes the gaps ____.
func (p *parser) fill() {
	if !p.row.Exact && CountBlanks(p.it.Stem) == 0 {
		p.it.Stem = emptyBracket.ReplaceAllString(p.it.Stem, Blank)
	}
	p.it.Stem = NormaliseBlanks(p.it.Stem)
	gaps := CountBlanks(p.it.Stem)
	answer := p.row.Cells[FieldAnswer]
	if answer == "" {
		p.fail(FieldAnswer, "item.answer_missing")
		return
	}
	var blanks [][]string
	if p.row.Exact {
		blanks = unescapeBlanks(answer)
	} else {
		blanks = splitBlanks(answer, max(1, gaps))
	}
	if gaps == 0 && len(blanks) == 1 && p.it.Stem != "" {
		p.it.Stem += Blank
		gaps = 1
		p.warn(FieldStem, "item.blank_added")
	}
	if len(blanks) != gaps {
		p.fail(FieldAnswer, "item.blanks_mismatch", "gaps", gaps, "blanks", len(blanks))
		return
	}
	p.it.Blanks = blanks
}

// splitBlanks cuts an answer into n blanks at the strongest separator that gives n parts, and each blank
// into its accepted variants.
func splitBlanks(answer string, n int) [][]string {
	parts := []string{answer}
	if doubled := nonEmpty(strings.Split(answer, "||")); n > 1 && len(doubled) == n {
		blanks := make([][]string, n)
		for i, part := range doubled {
			blanks[i] = splitVariants(part, false)
		}
		return blanks
	}
	for _, cut := range []string{"\n", ";；", "|｜", "、", ",，", " 　\t"} {
		if n == 1 {
			break
		}
		got := nonEmpty(strings.FieldsFunc(answer, func(r rune) bool { return strings.ContainsRune(cut, r) }))
		if len(got) == n {
			parts = got
			break
		}
		if len(got) > 1 && len(parts) == 1 {
			parts = got // remembered so that a mismatch can be counted
		}
	}
	blanks := make([][]string, len(parts))
	for i, part := range parts {
		blanks[i] = splitVariants(part, n == 1)
	}
	return blanks
}

// splitVariants cuts one blank at bars (and, if it is the only blank, at semicolons and lines), and at a
// slash between words that are not both Latin, so that 24/二十四 is two answers and TCP/IP one.
func splitVariants(part string, alone bool) []string {
	cut := "|｜"
	if alone {
		cut = "|｜;；\n"
	}
	var out []string
	for _, v := range nonEmpty(strings.FieldsFunc(part, func(r rune) bool { return strings.ContainsRune(cut, r) })) {
		pieces := nonEmpty(strings.FieldsFunc(v, func(r rune) bool { return r == '/' || r == '／' }))
		if len(pieces) > 1 && strings.ContainsFunc(v, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			out = append(out, pieces...)
			continue
		}
		out = append(out, v)
	}
	return out
}

func nonEmpty(parts []string) []string {
	out := parts[:0]
	for _, part := range parts {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

var escaper = strings.NewReplacer(`\`, `\\`, `;`, `\;`, `|`, `\|`)

// escapeBlanks is the exact spelling of a key: blanks separated by ; and variants by |, both escaped by \.
func escapeBlanks(blanks [][]string) string {
	parts := make([]string, len(blanks))
	for i, variants := range blanks {
		escaped := make([]string, len(variants))
		for j, v := range variants {
			escaped[j] = escaper.Replace(v)
		}
		parts[i] = strings.Join(escaped, "|")
	}
	return strings.Join(parts, ";")
}

// unescapeBlanks reads it back.
func unescapeBlanks(answer string) [][]string {
	blanks := [][]string{nil}
	var v strings.Builder
	flush := func() {
		last := len(blanks) - 1
		if text := strings.TrimSpace(v.String()); text != "" {
			blanks[last] = append(blanks[last], text)
		}
		v.Reset()
	}
	escaped := false
	for _, r := range answer {
		switch {
		case escaped:
			v.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == ';':
			flush()
			blanks = append(blanks, nil)
		case r == '|':
			flush()
		default:
			v.WriteRune(r)
		}
	}
	flush()
	return blanks
}
