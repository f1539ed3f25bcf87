package exchange

import (
	"regexp"
	"strconv"
	"strings"
)

// qtiItem is one assessmentItem on its way to a row.
type qtiItem struct {
	r         *qtiReader
	n         *node
	responses map[string]*response
	own       *ownMeta // what our own export says beside the item, nil for others' files
	problems  []Problem
	part      int // 1-based question of a group that is being read
	feedback  []feedback
	right     map[string]bool // identifiers of right options
}

// feedback is something said after an answer.
type feedback struct {
	id   string
	text string
}

func (q *qtiItem) fail(code string, args ...any) {
	p := problem(FieldAnswer, code, args...)
	if q.part > 0 {
		p = ofPart([]Problem{p}, q.part)[0]
	}
	q.problems = append(q.problems, p)
}

// may reports whether the item may be of a kind: our own export says which it is.
func (q *qtiItem) may(kind string) bool {
	named := q.own.kind(q.part)
	return named == "" || named == kind
}

// optionFeedback keeps what one option says when it is picked.
func (q *qtiItem) optionFeedback(id, text string) {
	if text != "" {
		q.feedback = append(q.feedback, feedback{"option " + id, text})
	}
}

// readItem turns an assessmentItem into an entry.
func (r *qtiReader) readItem(n *node, own *ownMeta) {
	q := &qtiItem{r: r, n: n, own: own}
	body := n.child("itembody")
	var asked []*node
	unsupported, playback := "", 0
	body.walk(func(k *node) bool {
		switch {
		case !isInteraction(k):
			return true
		case aside[k.name]:
			playback++
			return k.name == "mediainteraction"
		case !readable[k.name]:
			unsupported = strings.TrimSuffix(k.name, "interaction")
		}
		asked = append(asked, k)
		return false
	})
	if len(n.children("templatedeclaration")) > 0 {
		unsupported = "template"
	}
	switch {
	case len(asked) > maxPlaces || n.end-n.start > maxDocument:
		r.bad(n, cutText(n.attr("title")), "item.malformed", "reason", strconv.Itoa(len(asked))+" interactions, "+strconv.FormatInt((n.end-n.start)>>10, 10)+" KB")
		return
	case unsupported != "":
		r.bad(n, r.itemText(n), "item.unsupported", "kind", unsupported)
		return
	case len(asked) == 0 && playback > 0:
		r.bad(n, r.itemText(n), "item.unsupported", "kind", "media")
		return
	case len(asked) == 0:
		r.skip(n.line, r.itemText(n), "item.not_question")
		return
	}
	q.responses = responses(n)
	it := q.compose(body, asked)
	q.dress(&it, body)
	q.own.apply(&it)
	r.add(n, r.itemText(n), it, q)
}

// itemText is all that an item says, for those that make no question.
func (r *qtiReader) itemText(n *node) string {
	r.quiet++
	defer func() { r.quiet-- }()
	var gap func(*node) string
	gap = func(k *node) string { return "\n" + r.kidsText(gap, k) + "\n" }
	text := r.kidsText(gap, n.child("itembody"))
	if title := n.attr("title"); title != "" && !strings.Contains(text, title) {
		text = title + "\n" + text
	}
	return cutText(strings.TrimSpace(text))
}

// cutText keeps about 2,000 bytes of a text.
func cutText(text string) string {
	if len(text) <= 2000 {
		return text
	}
	return strings.ToValidUTF8(text[:2000], "") + "…"
}

// compose makes the item of a body and its interactions.
func (q *qtiItem) compose(body *node, asked []*node) Item {
	switch {
	case q.own.kind(0) == Group || !q.may(Fill) && len(asked) > 1:
		return q.group(body)
	case allNamed(asked, "textentryinteraction"):
		return q.fill(body, asked)
	case len(asked) == 1:
		return q.alone(body, asked[0])
	}
	return q.group(body)
}

func allNamed(nodes []*node, name string) bool {
	for _, n := range nodes {
		if n.name != name {
			return false
		}
	}
	return len(nodes) > 0
}

// shown is what stands in the stem where an interaction is.
func (q *qtiItem) shown(in *node, it Item) string {
	prompt := q.r.kidsText(nil, in.child("prompt"))
	switch in.name {
	case "textentryinteraction", "inlinechoiceinteraction":
		return Blank
	case "gapmatchinteraction":
		return "\n" + exactSpace.Replace(prompt) + "\n" + exactSpace.Replace(it.Stem) + "\n"
	case "hottextinteraction":
		var rest []*node
		for _, k := range in.kids {
			if k.name != "prompt" {
				rest = append(rest, k)
			}
		}
		return "\n" + exactSpace.Replace(prompt) + "\n" + exactSpace.Replace(q.r.text(nil, rest...)) + "\n"
	}
	return "\n" + exactSpace.Replace(prompt) + "\n"
}

// alone makes the item of a piece with one interaction.
func (q *qtiItem) alone(piece, in *node) Item {
	it := q.answer(in)
	it.Stem = q.r.text(func(*node) string { return q.shown(in, it) }, piece)
	if it.Kind == Essay {
		if rubric := q.rubric(piece); rubric != "" {
			it.Rubric = rubric
		}
	}
	return it
}

// fill makes one fill-in of all text entries of a piece.
func (q *qtiItem) fill(piece *node, asked []*node) Item {
	it := Item{Kind: Fill, Stem: q.r.text(func(*node) string { return Blank }, piece)}
	for _, in := range asked {
		it.Blanks = append(it.Blanks, q.answer(in).Blanks...)
	}
	it.Stem = separateGaps(q.r, piece, it.Stem, len(asked))
	return it
}

// separateGaps keeps gaps apart that would run together, and apart from lines that only look like gaps.
func separateGaps(r *qtiReader, piece *node, stem string, gaps int) string {
	if CountBlanks(stem) == gaps {
		return stem
	}
	const mark = "\ufdd4"
	text := r.text(func(*node) string { return mark }, piece)
	text = underscores.ReplaceAllString(text, "_")
	text = strings.ReplaceAll(text, mark+mark, mark+" "+mark)
	text = strings.ReplaceAll(strings.ReplaceAll(text, mark+"_", mark+" _"), "_"+mark, "_ "+mark)
	return strings.ReplaceAll(text, mark, Blank)
}

var rubricView = regexp.MustCompile(`(?i)scorer|author`)

// rubric is what a piece tells those who mark.
func (q *qtiItem) rubric(piece *node) string {
	var texts []string
	for _, b := range piece.all("rubricblock") {
		if view := b.attr("view"); rubricView.MatchString(view) && !strings.Contains(view, "candidate") {
			texts = append(texts, q.r.kidsText(nil, b))
		}
	}
	return strings.Join(nonEmpty(texts), "\n")
}

// dress gives the item what stands outside the questions: instructions, feedback, points, a stem from the
// title.
func (q *qtiItem) dress(it *Item, body *node) {
	var instructions []string
	for _, b := range body.all("rubricblock") {
		view := b.attr("view")
		text := q.r.kidsText(nil, b)
		switch {
		case strings.Contains(view, "candidate") || view == "":
			instructions = append(instructions, text)
		case it.Kind == Essay || it.Kind == Group:
		case rubricView.MatchString(view):
			q.feedback = append(q.feedback, feedback{"solution", text})
		default:
			q.feedback = append(q.feedback, feedback{view, text})
		}
	}
	it.Stem = strings.TrimFunc(strings.Join(nonEmpty(append(instructions, it.Stem)), "\n"), blank)
	if bareStem(it.Stem) {
		it.Stem = strings.TrimSpace(q.n.attr("title") + " " + it.Stem)
	}
	for _, name := range []string{"feedbackinline", "feedbackblock"} {
		for _, f := range body.all(name) {
			if text := q.r.kidsText(nil, f); text != "" && !q.heard(text) {
				q.feedback = append(q.feedback, feedback{f.attr("identifier"), text})
			}
		}
	}
	for _, f := range q.n.children("modalfeedback") {
		if text := q.r.kidsText(nil, f); text != "" {
			q.feedback = append(q.feedback, feedback{f.attr("identifier"), text})
		}
	}
	q.explain(it)
	q.points(it)
}

func (q *qtiItem) heard(text string) bool {
	for _, f := range q.feedback {
		if f.text == text {
			return true
		}
	}
	return false
}

var (
	ownFeedback     = regexp.MustCompile(`^EXPLANATION(?:_(\d+))?$`)
	generalFeedback = regexp.MustCompile(`(?i)solution|general|explan|rationale|neutral|comment|解析`)
	rightFeedback   = regexp.MustCompile(`(?i)^(?:.*[^a-z])?(?:correct|right|richtig|ok)`)
	wrongFeedback   = regexp.MustCompile(`(?i)incorrect|wrong|falsch|not_?correct`)
)

// explain makes the explanation of the feedback that holds for everybody, else of what those who are right
// are told, else of the only one there is. The rest is listed as not kept.
func (q *qtiItem) explain(it *Item) {
	var general, right, rest []string
	for _, f := range q.feedback {
		switch m := ownFeedback.FindStringSubmatch(f.id); {
		case m != nil && m[1] == "":
			it.Explanation = f.text
		case m != nil:
			if n, _ := strconv.Atoi(m[1]); n >= 1 && n <= len(it.Items) {
				it.Items[n-1].Explanation = f.text
			}
		case q.right[strings.TrimPrefix(strings.TrimSuffix(f.id, "_fb"), "option ")]:
			right = append(right, f.text)
		case wrongFeedback.MatchString(f.id) || strings.HasPrefix(f.id, "option "):
			rest = append(rest, f.text)
		case generalFeedback.MatchString(f.id):
			general = append(general, f.text)
		case rightFeedback.MatchString(f.id):
			right = append(right, f.text)
		default:
			rest = append(rest, f.text)
		}
	}
	if it.Explanation != "" {
		return
	}
	switch {
	case len(general) > 0:
		it.Explanation, rest = strings.Join(unique(general), "\n"), append(right, rest...)
	case len(right) > 0:
		it.Explanation = strings.Join(unique(right), "\n")
	case len(unique(rest)) == 1:
		it.Explanation, rest = rest[0], nil
	}
	for _, text := range unique(rest) {
		if text != it.Explanation {
			q.r.warn("item.feedback_lost", "text", cutText(text))
		}
	}
}

func unique(texts []string) (out []string) {
	seen := map[string]bool{}
	for _, t := range texts {
		if !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	return out
}

// points reads what the item is worth: its weight in the test, else its highest score.
func (q *qtiItem) points(it *Item) {
	highest, score := 0.0, 0.0
	for _, d := range q.n.children("outcomedeclaration") {
		switch strings.ToUpper(d.attr("identifier")) {
		case "MAXSCORE":
			highest = number(d.first("value").content())
		case "SCORE":
			if score = number(d.attr("normalmaximum")); score <= 0 {
				score = number(d.child("defaultvalue").first("value").content())
			}
		}
	}
	if highest <= 0 {
		highest = score
	}
	if q.r.weight > 0 {
		highest = q.r.weight * max(1, highest)
	}
	it.Points = hundredths(highest)
}

// hundredths is a number of points in 1/100 point; 0 for none.
func hundredths(points float64) int64 {
	if points <= 0 || points > 100_000 {
		return 0
	}
	return int64(points*100 + 0.5)
}
