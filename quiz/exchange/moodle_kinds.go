package exchange

import (
	"sort"
	"strconv"
	"strings"
)

// note keeps what is said about one answer.
func (q *moodleQuestion) note(answer string, n *node) {
	if text := q.text(n.child("feedback")); text != "" {
		q.feedback = append(q.feedback, answer+"："+text)
	}
}

// fraction is the weight of an answer in per cent, one of Moodle's list.
func (q *moodleQuestion) fraction(n *node) float64 {
	written := strings.TrimSpace(n.attrs["fraction"])
	if written == "" {
		written = strings.TrimSpace(n.child("fraction").content())
	}
	if written == "" {
		return 0
	}
	v, err := strconv.ParseFloat(written, 64)
	weight, ok := snap(v)
	if err != nil || !ok {
		q.fail("item.weights", "value", written)
	}
	return weight
}

func (q *moodleQuestion) choice() {
	single := strings.ToLower(strings.TrimSpace(q.n.child("single").content()))
	c := choiceReader{single: single != "false" && single != "0" && q.n.attrs["type"] == "multichoice"}
	for _, n := range q.n.children("answer") {
		text := q.text(n)
		c.add(text, q.fraction(n))
		q.note(text, n)
	}
	q.warnings = append(q.warnings, c.into(&q.it)...)
}

// moodleTruths are the words for true in the languages Moodle's own files come in; verdicts knows others.
var moodleTruths = map[string]bool{"wahr": true, "vrai": true, "verdadero": true, "verdadeiro": true, "vero": true, "waar": true, "sant": true,
	"prawda": true, "верно": true, "правда": true, "正しい": true, "참": true,
	"falsch": false, "faux": false, "falso": false, "onwaar": false, "falskt": false, "fałsz": false, "неверно": false,
	"неправда": false, "誤り": false, "거짓": false, "正確": true, "錯誤": false, "對": true, "錯": false}

func (q *moodleQuestion) trueFalse() {
	q.it.Kind = TrueFalse
	best := 0.0
	for i, n := range q.n.children("answer") {
		weight := q.fraction(n)
		if weight <= best {
			continue
		}
		word := fold(q.text(n))
		truth, ok := verdicts[word]
		if !ok {
			truth, ok = moodleTruths[word]
		}
		if !ok {
			truth = i == 0 // Moodle writes the answer for true first
		}
		best, q.it.Correct = weight, []int{1}
		if truth {
			q.it.Correct = []int{0}
		}
	}
	for _, n := range q.n.children("answer") {
		if text := q.text(n.child("feedback")); text != "" {
			q.feedback = append(q.feedback, text)
		}
	}
}

func (q *moodleQuestion) short() {
	s := shortReader{}
	for _, n := range q.n.children("answer") {
		text := q.text(n)
		s.add(text, q.fraction(n))
		q.note(text, n)
	}
	q.gap(s)
}

// gap makes a fill-in of one gap; a stem without a place for it gets one at its end.
func (q *moodleQuestion) gap(s shortReader) {
	q.it.Kind, q.it.Stem = Fill, NormaliseBlanks(q.it.Stem)
	if q.it.Stem != "" && CountBlanks(q.it.Stem) == 0 {
		q.it.Stem += Blank
	}
	q.warnings = append(q.warnings, s.into(&q.it)...)
}

func (q *moodleQuestion) numerical() {
	s := shortReader{}
	unit := ""
	for _, u := range q.n.child("units").children("unit") {
		if m := strings.TrimSpace(u.child("multiplier").content()); m == "1" || strings.Trim(m, "0") == "1." {
			unit = strings.TrimSpace(u.child("unit_name").content())
			continue
		}
		q.warn("item.detail_lost", "name", "单位", "text", strings.TrimSpace(u.child("unit_name").content()))
	}
	for _, n := range q.n.children("answer") {
		text, weight := q.text(n), q.fraction(n)
		q.note(text, n)
		if weight <= 0 {
			continue
		}
		if !isNumber(text) {
			q.fail("item.answer_unreadable", "answer", text)
			return
		}
		s.add(text, weight)
		if unit != "" {
			s.add(text+unit, weight)
		}
		if tolerance := strings.TrimSpace(n.child("tolerance").content()); strings.Trim(tolerance, "0.") != "" {
			q.warn("item.tolerance", "range", text+"±"+tolerance)
		}
	}
	q.gap(s)
}

func (q *moodleQuestion) matching() {
	q.it.Kind = Matching
	for _, n := range q.n.children("subquestion") {
		left, right := q.text(n), q.text(n.child("answer"))
		switch {
		case left == "" && right != "":
			q.it.Distractors = append(q.it.Distractors, right)
		case left != "" || right != "":
			q.it.Pairs = append(q.it.Pairs, Pair{left, right})
		}
	}
}

func (q *moodleQuestion) essay() {
	q.it.Kind, q.it.Rubric = Essay, q.text(q.n.child("graderinfo"))
	if text := q.text(q.n.child("responsetemplate")); text != "" {
		q.warn("item.detail_lost", "name", "作答模板", "text", text)
	}
}

// ordering reads the steps by the places that stand for their fractions.
func (q *moodleQuestion) ordering() {
	q.it.Kind = Ordering
	answers := q.n.children("answer")
	place := func(n *node) float64 {
		v, _ := strconv.ParseFloat(strings.TrimSpace(n.attrs["fraction"]), 64)
		return v
	}
	sort.SliceStable(answers, func(i, j int) bool { return place(answers[i]) < place(answers[j]) })
	for i, n := range answers {
		q.it.Options = append(q.it.Options, Option{Text: q.text(n)})
		q.it.Correct = append(q.it.Correct, i)
	}
}

// words reads gaps [[1]] that are filled from a list of words: the number is the word's place.
func (q *moodleQuestion) words() {
	q.it.Kind = Fill
	var words []string
	for _, n := range append(q.n.children("dragbox"), q.n.children("selectoption")...) {
		words = append(words, q.text(n))
	}
	used := map[int]bool{}
	q.it.Stem = NormaliseBlanks(gapNumber.ReplaceAllStringFunc(q.it.Stem, func(mark string) string {
		n, _ := strconv.Atoi(strings.Trim(mark, "[]"))
		if n < 1 || n > len(words) {
			q.fail("item.malformed", "reason", mark)
			return mark
		}
		used[n-1] = true
		q.it.Blanks = append(q.it.Blanks, []string{words[n-1]})
		return Blank
	}))
	if len(q.it.Blanks) == 0 {
		q.fail("item.malformed", "reason", "题干没有空")
	}
	var others []string
	for i, word := range words {
		if !used[i] {
			others = append(others, word)
		}
	}
	if len(others) > 0 {
		q.warn("item.detail_lost", "name", "备选词", "text", strings.Join(others, "、"))
	}
}
