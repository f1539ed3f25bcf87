package exchange

import (
	"slices"
	"strconv"
	"strings"
)

// qtiOption is one thing to choose, with the identifier that keys name it by.
type qtiOption struct {
	id    string
	text  string
	fixed bool
}

// readable are the interactions that become questions, by normalised name.
var readable = map[string]bool{"choiceinteraction": true, "inlinechoiceinteraction": true, "textentryinteraction": true,
	"extendedtextinteraction": true, "matchinteraction": true, "associateinteraction": true, "gapmatchinteraction": true,
	"orderinteraction": true, "hottextinteraction": true}

// aside are the interactions that ask nothing.
var aside = map[string]bool{"endattemptinteraction": true, "mediainteraction": true}

// answer reads one interaction into an item without stem; the stem's own part is what the interaction shows
// where it stands.
func (q *qtiItem) answer(in *node) Item {
	resp := q.responses[in.attr("responseidentifier")]
	switch in.name {
	case "choiceinteraction":
		return q.choice(in, resp, q.options(in, "simplechoice"))
	case "hottextinteraction":
		return q.choice(in, resp, q.options(in, "hottext"))
	case "inlinechoiceinteraction":
		it := q.choice(in, resp, q.options(in, "inlinechoice"))
		it.Stem = Blank
		return it
	case "textentryinteraction":
		full, partial := resp.accepted()
		if len(partial) > 0 {
			q.r.warn("item.answer_partial", "text", strings.Join(partial, " / "))
		}
		return Item{Kind: Fill, Stem: Blank, Blanks: [][]string{full}}
	case "extendedtextinteraction":
		it := Item{Kind: Essay}
		if resp != nil {
			it.Rubric = strings.Join(resp.correct, "\n")
		}
		return it
	case "orderinteraction":
		return q.order(resp, q.options(in, "simplechoice"))
	case "gapmatchinteraction":
		return q.gaps(in, resp)
	}
	return q.match(in, resp)
}

// options are the things to choose of an interaction.
func (q *qtiItem) options(in *node, name string) []qtiOption {
	var out []qtiOption
	choices := in.all(name)
	if len(choices) == 0 { // a tool may call its options something of its own
		for _, k := range in.kids {
			if strings.HasSuffix(k.name, "choice") {
				choices = append(choices, k)
			}
		}
	}
	if len(choices) > maxChoices {
		q.fail("item.options_many", "most", len(letters))
		choices = choices[:maxChoices]
	}
	for _, n := range choices {
		out = append(out, qtiOption{n.attr("identifier"), q.r.kidsText(nil, n), strings.EqualFold(n.attr("fixed"), "true")})
		for _, f := range n.all("feedbackinline") {
			q.optionFeedback(n.attr("identifier"), q.r.kidsText(nil, f))
		}
	}
	return out
}

// indexOf finds an option by identifier, else by its text.
func indexOf(options []qtiOption, key string) int {
	for i, o := range options {
		if o.id == key {
			return i
		}
	}
	for i, o := range options {
		if strings.EqualFold(strings.TrimSpace(o.id), strings.TrimSpace(key)) || o.text != "" && fold(o.text) == fold(key) {
			return i
		}
	}
	return -1
}

// choice makes a single or multiple choice, or true/false of two options that say so.
func (q *qtiItem) choice(in *node, resp *response, options []qtiOption) Item {
	several := resp != nil && resp.cardinality == "multiple"
	most := in.attr("maxchoices")
	if resp == nil || resp.cardinality == "" {
		several = most != "" && most != "1"
	}
	return q.chosen(resp, options, several, most == "1")
}

// chosen makes the item of options and a key. alone says that only one option may be picked.
func (q *qtiItem) chosen(resp *response, options []qtiOption, several, alone bool) Item {
	var correct []int
	for _, key := range resp.keys(several) {
		i := indexOf(options, key)
		if i < 0 {
			q.fail("item.answer_unreadable", "answer", key)
		} else if !slices.Contains(correct, i) {
			correct = append(correct, i)
			if q.right == nil {
				q.right = map[string]bool{}
			}
			q.right[options[i].id] = true
		}
	}
	slices.Sort(correct)
	it := Item{Kind: Single, Correct: correct}
	ids := make([]string, len(options))
	for i, o := range options {
		ids[i] = o.id
		it.Options = append(it.Options, Option{o.text, o.fixed})
	}
	if len(correct) > 1 && resp != nil && len(resp.correct) > 1 || several && !(alone && len(correct) <= 1) {
		it.Kind = Multiple
	}
	if right, ok := truths(options); ok && it.Kind == Single && len(correct) <= 1 && q.may(TrueFalse) {
		return trueFalseItem(correct, right)
	}
	it.Weights = resp.weights(ids, correct, it.Kind == Multiple)
	if it.Kind == Single && len(correct) > 1 { // several options earn all: any one is right
		it.Correct = correct[:1]
		if it.Weights == nil {
			it.Weights = make([]int64, len(options))
			for _, i := range correct {
				it.Weights[i] = WholeWeight
			}
		}
	}
	return it
}

func trueFalseItem(correct []int, right int) Item {
	it := Item{Kind: TrueFalse}
	if len(correct) == 1 {
		it.Correct = []int{0}
		if correct[0] != right {
			it.Correct = []int{1}
		}
	}
	return it
}

// truthWords are the words of options that make a question of true or false.
var truthWords = map[string]bool{"true": true, "false": false, "正确": true, "错误": false, "对": true, "错": false,
	"yes": true, "no": false, "是": true, "否": false, "t": true, "f": false, "√": true, "×": false, "✓": true, "✗": false,
	"right": true, "wrong": false, "correct": true, "incorrect": false, "不正确": false, "不对": false, "richtig": true,
	"falsch": false, "wahr": true, "vrai": true, "faux": false, "juist": true, "onjuist": false, "waar": true, "nietwaar": false,
	"verdadero": true, "verdadeiro": true, "vero": true, "falso": false, "benar": true, "salah": false, "oui": true, "non": false,
	"ja": true, "nein": false, "nee": false, "sann": true, "sant": true, "falskt": false, "usant": false, "正確": true, "錯誤": false, "對": true, "錯": false}

// truths reports whether two options mean right and wrong, and which is right.
func truths(options []qtiOption) (right int, ok bool) {
	if len(options) != 2 {
		return 0, false
	}
	a, okA := truthWords[strings.Trim(fold(options[0].text), ".。!")]
	b, okB := truthWords[strings.Trim(fold(options[1].text), ".。!")]
	if !okA || !okB || a == b {
		return 0, false
	}
	if a {
		return 0, true
	}
	return 1, true
}

// order makes an ordering of the options as they are shown.
func (q *qtiItem) order(resp *response, options []qtiOption) Item {
	it := Item{Kind: Ordering}
	for _, o := range options {
		it.Options = append(it.Options, Option{Text: o.text})
	}
	if resp == nil {
		return it
	}
	for _, key := range resp.correct {
		if i := indexOf(options, key); i >= 0 && !slices.Contains(it.Correct, i) {
			it.Correct = append(it.Correct, i)
		} else if i < 0 {
			q.fail("item.answer_unreadable", "answer", key)
		}
	}
	return it
}

// match makes a matching of two sets, or of the pairs of one.
func (q *qtiItem) match(in *node, resp *response) Item {
	sets := in.all("simplematchset")
	if len(sets) != 2 {
		all := q.options(in, "simpleassociablechoice")
		return q.paired(resp, all, all)
	}
	return q.paired(resp, q.options(sets[0], "simpleassociablechoice"), q.options(sets[1], "simpleassociablechoice"))
}

// paired pairs lefts and rights as the key says, in the order of the lefts. What the key leaves out stands
// among the distractors.
func (q *qtiItem) paired(resp *response, lefts, rights []qtiOption) Item {
	it := Item{Kind: Matching}
	usedLeft, usedRight := map[int]bool{}, map[int]bool{}
	type couple struct{ left, right int }
	var couples []couple
	for _, key := range resp.keys(true) {
		ends := strings.Fields(key)
		if len(ends) != 2 {
			q.fail("item.pair_unreadable", "pair", key)
			continue
		}
		l, r := indexOf(lefts, ends[0]), indexOf(rights, ends[1])
		if l < 0 || r < 0 {
			l, r = indexOf(lefts, ends[1]), indexOf(rights, ends[0])
		}
		if l < 0 || r < 0 {
			q.fail("item.pair_unreadable", "pair", key)
			continue
		}
		couples = append(couples, couple{l, r})
		usedLeft[l], usedRight[r] = true, true
	}
	slices.SortStableFunc(couples, func(a, b couple) int { return a.left - b.left })
	for _, c := range couples {
		it.Pairs = append(it.Pairs, Pair{lefts[c.left].text, rights[c.right].text})
	}
	sameSet := len(lefts) > 0 && len(rights) > 0 && &lefts[0] == &rights[0]
	for i, o := range rights {
		if !usedRight[i] && !(sameSet && usedLeft[i]) {
			it.Distractors = append(it.Distractors, o.text)
		}
	}
	for i, o := range lefts {
		if !usedLeft[i] && !sameSet {
			it.Distractors = append(it.Distractors, o.text)
		}
	}
	return it
}

// gapSign stands for the n-th of several gaps.
func gapSign(n int) string { return "（" + strconv.Itoa(n) + "）" }

// gaps makes a matching of the gaps of a text and the words that go there; a single gap makes a choice.
func (q *qtiItem) gaps(in *node, resp *response) Item {
	words := append(q.options(in, "gaptext"), q.options(in, "gapimg")...)
	places := in.all("gap")
	lefts := make([]qtiOption, len(places))
	for i, g := range places {
		lefts[i] = qtiOption{id: g.attr("identifier"), text: gapSign(i + 1)}
	}
	n := 0
	var shown []*node
	for _, k := range in.kids {
		if k.name != "gaptext" && k.name != "gapimg" && k.name != "prompt" {
			shown = append(shown, k)
		}
	}
	stem := q.r.text(func(g *node) string {
		n++
		if len(places) == 1 {
			return Blank
		}
		return gapSign(n) + Blank
	}, shown...)
	if len(places) == 1 {
		one := &response{cardinality: "single"}
		for _, key := range resp.keys(true) {
			if ends := strings.Fields(key); len(ends) == 2 {
				one.correct = append(one.correct, ends[0])
			}
		}
		it := q.chosen(one, words, false, true)
		it.Stem = stem
		return it
	}
	it := q.paired(resp, lefts, words)
	it.Stem = stem
	return it
}
