package exchange

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	gapNumber  = regexp.MustCompile(`\[\[\d{1,4}\]\]`)
	clozeStart = regexp.MustCompile(`\{(\d*):([A-Z]+)(_[A-Z]+)?(:|\})`)
	clozeEntry = regexp.MustCompile(`\{#(\d{1,4})\}`)
	clozeSpot  = regexp.MustCompile("\ue000(\\d+)\ue001")
)

// clozeKinds are the types of gaps under all their names.
var clozeKinds = map[string]string{"SHORTANSWER": Fill, "SA": Fill, "MW": Fill, "SAC": Fill, "MWC": Fill, "NUMERICAL": "number", "NM": "number",
	"MULTICHOICE": Single, "MC": Single, "MCV": Single, "MCH": Single, "MCS": Single, "MCVS": Single, "MCHS": Single,
	"MULTIRESPONSE": Multiple, "MR": Multiple, "MRH": Multiple, "MRS": Multiple, "MRHS": Multiple, "MRV": Multiple}

// clozeGap is one gap: a question of its own with a mark.
type clozeGap struct {
	kind   string
	points int64
	choice choiceReader
	short  shortReader
}

// cloze reads a text with gaps. If each is a short answer or a number, it is a fill-in; a single choice gap
// is a choice; anything else is a group, each gap a question with its line as the stem.
func (q *moodleQuestion) cloze() {
	n := q.n.child("questiontext")
	if n == nil {
		return
	}
	markup := strings.NewReplacer("\ue000", "", "\ue001", "").Replace(q.raw(n))
	var gaps []clozeGap
	var b strings.Builder
	for {
		at := clozeStart.FindStringSubmatchIndex(markup)
		if at == nil {
			break
		}
		kind := clozeKinds[markup[at[4]:at[5]]]
		end := clozeEnd(markup, at[1])
		if kind == "" || markup[at[1]-1] == '}' || end < 0 || len(gaps) == maxGaps {
			q.it.Stem = formatted(q.raw(n), n.attrs["format"], &q.album)
			q.fail("item.malformed", "reason", cutRunes(markup[at[0]:], 40))
			return
		}
		b.WriteString(markup[:at[0]] + "\ue000" + strconv.Itoa(len(gaps)) + "\ue001")
		points, err := strconv.Atoi(markup[at[2]:at[3]])
		if err != nil || points < 1 || points > 1000 {
			points = 1
		}
		gaps = append(gaps, q.clozeGap(kind, markup[at[1]:end], int64(points)*100))
		markup = markup[end+1:]
	}
	b.WriteString(markup)
	text := b.String()
	if nested := q.n.children("question"); len(gaps) == 0 && len(nested) > 0 {
		gaps, text = q.nested(nested, text)
	}
	text = formatted(text, n.attrs["format"], &q.album)
	if len(gaps) == 0 {
		q.it.Stem = text
		q.fail("item.malformed", "reason", "题干没有空")
		return
	}
	q.compose(text, gaps)
}

func cutRunes(text string, n int) string {
	if r := []rune(text[:min(len(text), 4*n)]); len(r) > n {
		return string(r[:n]) + "…"
	}
	return text
}

// clozeEnd is the place of the } that ends a gap, -1 for none.
func clozeEnd(markup string, at int) int {
	for i := at; i < len(markup); i++ {
		switch markup[i] {
		case '\\':
			i++
		case '}':
			return i
		}
	}
	return -1
}

var clozeEscapes = regexp.MustCompile(`\\([~#}"/\\=%])`)

// clozeGap reads the answers of a gap: =right~wrong#feedback~%50%half.
func (q *moodleQuestion) clozeGap(kind, body string, points int64) clozeGap {
	gap := clozeGap{kind: kind, points: points, choice: choiceReader{single: kind == Single}}
	plain := func(markup string) string {
		return formatted(clozeEscapes.ReplaceAllString(markup, "$1"), "html", &q.album)
	}
	for _, answer := range splitCloze(body, '~') {
		if len(gap.choice.options)+len(gap.short.texts) == maxAnswers {
			q.fail("item.options_many", "most", maxAnswers)
			break
		}
		weight := 0.0
		answer = strings.TrimFunc(answer, blank)
		if m := giftWeight.FindStringSubmatch(answer); m != nil {
			weight, _ = strconv.ParseFloat(strings.Replace(m[1], ",", ".", 1), 64)
			answer = answer[len(m[0]):]
		} else if rest, ok := strings.CutPrefix(answer, "="); ok {
			weight, answer = 100, rest
		}
		parts := splitCloze(answer, '#')
		text := plain(parts[0])
		if len(parts) > 1 {
			if feedback := plain(strings.Join(parts[1:], "#")); feedback != "" {
				q.feedback = append(q.feedback, text+"："+feedback)
			}
		}
		switch kind {
		case "number":
			number, tolerance, _ := strings.Cut(text, ":")
			if weight > 0 && !isNumber(number) {
				q.fail("item.answer_unreadable", "answer", text)
			}
			if weight > 0 && strings.Trim(tolerance, "0. ") != "" {
				q.warn("item.tolerance", "range", number+"±"+tolerance)
			}
			gap.short.add(number, weight)
		case Fill:
			gap.short.add(text, weight)
		default:
			gap.choice.add(text, weight)
		}
	}
	return gap
}

// splitCloze cuts at a sign that is not escaped and no part of an entity.
func splitCloze(text string, sign byte) (parts []string) {
	from := 0
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case text[i] == sign && (i == 0 || text[i-1] != '&'):
			parts = append(parts, text[from:i])
			from = i + 1
		}
	}
	return append(parts, text[from:])
}

// nested reads gaps that stand as questions inside the question, marked {#1} in its text.
func (q *moodleQuestion) nested(questions []*node, text string) ([]clozeGap, string) {
	var gaps []clozeGap
	for _, n := range questions {
		gap := clozeGap{kind: map[string]string{"multichoice": Single, "shortanswer": Fill, "numerical": "number"}[n.attrs["type"]], points: 100}
		gap.choice.single = true
		for _, a := range n.children("answer") {
			answer, weight := q.text(a), q.fraction(a)
			gap.choice.add(answer, weight)
			gap.short.add(answer, weight)
		}
		if gap.kind == "" {
			q.fail("item.unsupported", "kind", n.attrs["type"])
		}
		gaps = append(gaps, gap)
	}
	text = clozeEntry.ReplaceAllStringFunc(text, func(mark string) string {
		i, _ := strconv.Atoi(strings.Trim(mark, "{#}"))
		return "\ue000" + strconv.Itoa(i-1) + "\ue001"
	})
	return gaps, text
}

// compose makes the item of a text with numbered places and its gaps.
func (q *moodleQuestion) compose(text string, gaps []clozeGap) {
	spots := clozeSpot.FindAllStringSubmatch(text, -1)
	fill := len(spots) == len(gaps)
	for _, gap := range gaps {
		fill = fill && (gap.kind == Fill || gap.kind == "number")
	}
	if fill || len(gaps) == 1 {
		q.it.Stem = clozeSpot.ReplaceAllString(text, Blank)
	}
	switch {
	case fill:
		q.it.Kind = Fill
		total := int64(0)
		for _, spot := range spots {
			i, _ := strconv.Atoi(spot[1])
			if i < 0 || i >= len(gaps) {
				q.fail("item.malformed", "reason", "{#"+spot[1]+"}")
				return
			}
			accepted, warnings := gaps[i].short.gap()
			if len(accepted) == 0 {
				q.fail("item.answer_missing")
			}
			q.it.Blanks, q.warnings, total = append(q.it.Blanks, accepted), append(q.warnings, warnings...), total+gaps[i].points
		}
		if q.it.Points == 0 {
			q.it.Points = total
		}
	case len(gaps) == 1:
		q.warnings = append(q.warnings, gaps[0].choice.into(&q.it)...)
	default:
		q.clozeGroup(text, gaps)
	}
}

// clozeGroup makes each gap a question of a group; the material has the gaps numbered.
func (q *moodleQuestion) clozeGroup(text string, gaps []clozeGap) {
	q.it.Kind = Group
	q.it.Stem = clozeSpot.ReplaceAllStringFunc(text, func(mark string) string { return "（" + spotNumber(mark) + "）" + Blank })
	for i, gap := range gaps {
		part := Item{Kind: Fill, Stem: Blank, Points: gap.points}
		for _, line := range strings.Split(text, "\n") {
			if !strings.Contains(line, "\ue000"+strconv.Itoa(i)+"\ue001") {
				continue
			}
			part.Stem = clozeSpot.ReplaceAllStringFunc(line, func(mark string) string {
				if spotNumber(mark) == strconv.Itoa(i+1) {
					return Blank
				}
				return "（" + spotNumber(mark) + "）"
			})
			break
		}
		part.Stem = "（" + strconv.Itoa(i+1) + "）" + part.Stem
		if gap.kind == Fill || gap.kind == "number" {
			q.warnings = append(q.warnings, gap.short.into(&part)...)
		} else {
			q.warnings = append(q.warnings, gap.choice.into(&part)...)
		}
		q.it.Items = append(q.it.Items, part)
	}
}

func spotNumber(mark string) string {
	i, _ := strconv.Atoi(strings.Trim(mark, "\ue000\ue001"))
	return strconv.Itoa(i + 1)
}
