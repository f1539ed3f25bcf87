package exchange

import (
	"regexp"
	"strconv"
	"strings"
)

// item12 is one item of QTI 1.2 on its way to a row.
type item12 struct {
	*qtiItem
	kind   string // as the file names it, folded
	pieces []piece12
	places []*place12
	key    *key12
}

// fields12 are the labels and entries of an element's own metadata, in lower case.
func fields12(n *node) map[string]string {
	out := map[string]string{}
	for _, f := range n.all("qtimetadatafield") {
		label := strings.ToLower(strings.TrimSpace(f.child("fieldlabel").content()))
		out[label] = strings.TrimSpace(f.child("fieldentry").content())
	}
	for _, m := range append(n.children("itemmetadata"), n.children("sectionmetadata")...) {
		for _, k := range m.kids {
			if strings.HasPrefix(k.name, "qmd_") || strings.HasPrefix(k.name, "bbmd_") {
				out[k.name] = strings.TrimSpace(k.content())
			}
		}
	}
	return out
}

// kindLabels name the type of a question, in the order they are believed.
var kindLabels = []string{"question_type", "questiontype", "bbmd_questiontype", "qmd_itemtype", "cc_profile"}

var unreadable12 = regexp.MustCompile(`upload|hotspot|imagemap|calculated|formula|audio|quizbowl|javaapplet|flash`)

// readItem12 turns an item of QTI 1.2 into an entry.
func (r *qtiReader) readItem12(n *node, above []*node) {
	if n.name == "bankentry_item" {
		r.skip(n.line, n.attr("item_ref"), "package.part_missing", "part", n.attr("item_ref"))
		return
	}
	fields := fields12(n)
	r.topic = topic12(above)
	i := &item12{qtiItem: &qtiItem{r: r, n: n}, key: readKey12(n)}
	for _, label := range kindLabels {
		if i.kind = strings.ReplaceAll(fold(fields[label]), "_", ""); i.kind != "" {
			break
		}
	}
	i.pieces = r.pieces(n.child("presentation"))
	for _, p := range i.pieces {
		if p.place != nil {
			i.places = append(i.places, p.place)
		}
	}
	if len(i.places) > maxPlaces || n.end-n.start > maxDocument {
		r.bad(n, cutText(n.attr("title")), "item.malformed", "reason", strconv.Itoa(len(i.places))+" responses, "+strconv.FormatInt((n.end-n.start)>>10, 10)+" KB")
		return
	}
	r.material = fields["parent_stimulus_item_ident"]
	text := i.said()
	odd := n.first("response_xy") != nil || n.first("render_hotspot") != nil || n.first("render_slider") != nil || n.first("response_extension") != nil
	switch {
	case odd || unreadable12.MatchString(i.kind):
		kind := fields[kindLabels[0]] + fields["questiontype"] + fields["bbmd_questiontype"] + fields["qmd_itemtype"]
		if kind == "" {
			kind = "hotspot"
		}
		r.bad(n, text, "item.unsupported", "kind", kind)
		return
	case len(i.places) == 0:
		r.push(Row{Line: n.line, Pictures: r.pictures}, qtiEntry{ident: "text " + n.attr("ident"), text: text})
		return
	}
	if r.material != "" {
		r.material = "text " + r.material
	}
	it := i.item()
	if strings.Trim(it.Stem, "_ ") == "" {
		it.Stem = strings.TrimSpace(n.attr("title") + " " + it.Stem)
	}
	i.feedback12()
	i.explain(&it)
	it.Points = points12(n, fields)
	r.add(n, text, it, i.qtiItem)
}

// topic12 is the section's or the bank's title.
func topic12(above []*node) string {
	for j := len(above) - 1; j >= 0; j-- {
		if title := strings.TrimSpace(above[j].attr("title")); !dullTitle.MatchString(title) {
			return strings.Join(strings.Fields(title), " ")
		}
		for _, m := range above[j].children("qtimetadata") {
			if title := fields12(m)["bank_title"]; title != "" {
				return strings.Join(strings.Fields(title), " ")
			}
		}
	}
	return ""
}

// points12 are the points of an item, in 1/100 point. A highest score of 100 is per cent.
func points12(n *node, fields map[string]string) int64 {
	for _, label := range []string{"points_possible", "qmd_absolutescore_max", "cc_weighting", "qmd_weighting"} {
		if v := hundredths(number(fields[label])); v > 0 {
			return v
		}
	}
	for _, d := range n.all("decvar") {
		if v := number(d.attr("maxvalue")); v > 0 && v != 100 {
			return hundredths(v)
		}
	}
	return 0
}

// said is all that the item says, for those that make no question.
func (i *item12) said() string {
	var texts []string
	for _, p := range i.pieces {
		texts = append(texts, p.text)
		if p.place != nil {
			texts = append(texts, p.place.label)
			for _, o := range p.place.options {
				texts = append(texts, o.text)
			}
		}
	}
	text := strings.Join(nonEmpty(texts), "\n")
	if text == "" {
		text = i.n.attr("title")
	}
	return cutText(text)
}

// stem is the text of the pieces without their responses.
func (i *item12) stem() string {
	var texts []string
	for _, p := range i.pieces {
		texts = append(texts, p.text)
	}
	return strings.Join(nonEmpty(texts), "\n")
}

// item decides what the item is, by its type and by what it has.
func (i *item12) item() Item {
	only := len(i.places) == 1
	first := i.places[0]
	typed, labelled := 0, 0
	for _, p := range i.places {
		if p.fib {
			typed++
		}
		if p.label != "" {
			labelled++
		}
	}
	dropdown := strings.Contains(i.kind, "dropdown") || strings.Contains(i.kind, "jumbled")
	switch {
	case i.n.first("response_grp") != nil && (only || labelled < len(i.places)):
		return i.grouped()
	case rightBlock(i.n) != nil:
		return i.blackboardMatching()
	case typed == len(i.places) && i.isEssay():
		return i.essay()
	case i.bracketed() && !strings.Contains(i.kind, "matching"):
		return i.brackets(dropdown)
	case typed == len(i.places):
		return i.typedIn()
	case only && (first.ordered || strings.Contains(i.kind, "ordering")):
		return i.ordering(first)
	case only && !strings.Contains(i.kind, "matching") && !strings.Contains(i.kind, "categor"):
		it := i.pick(first, only)
		it.Stem = strings.TrimSpace(i.stem() + "\n" + first.label)
		return it
	case typed == 0 && labelled == len(i.places):
		return i.matching()
	}
	return i.several()
}

// pick makes a choice of one response.
func (i *item12) pick(p *place12, only bool) Item {
	several := p.several || strings.Contains(i.kind, "multipleanswer") || strings.Contains(i.kind, "multiplecorrect") ||
		strings.Contains(i.kind, "multipleresponse")
	options := p.options
	for j := range options {
		if options[j].text == "" {
			options[j].text = options[j].id
		}
	}
	return i.chosen(i.key.choice(p.ident, only, several), options, several, false)
}

// ordering makes an ordering of one response.
func (i *item12) ordering(p *place12) Item {
	it := i.order(&response{correct: i.key.order(p.ident, true)}, p.options)
	it.Stem = strings.TrimSpace(i.stem() + "\n" + p.label)
	return it
}

// isEssay reports whether typed answers are for people to mark.
func (i *item12) isEssay() bool {
	switch {
	case strings.Contains(i.kind, "essay"), strings.Contains(i.kind, "shortresponse"), strings.Contains(i.kind, "textquestion"):
		return true
	case strings.Contains(i.kind, "fill"), strings.Contains(i.kind, "fib"), strings.Contains(i.kind, "numeric"), strings.Contains(i.kind, "shortanswer"), strings.Contains(i.kind, "cloze"):
		return false
	}
	for _, p := range i.places {
		full, _ := i.key.texts(p.ident, len(i.places) == 1)
		if _, _, ranged := i.key.numberRange(p.ident, len(i.places) == 1); len(full) > 0 || ranged {
			return false
		}
	}
	return len(i.places) == 1 && (i.places[0].long || i.n.first("varequal") == nil)
}

func (i *item12) essay() Item {
	it := Item{Kind: Essay, Stem: i.stem()}
	for _, f := range i.n.children("itemfeedback") {
		if s := f.first("solutionmaterial"); s != nil || modelAnswer.MatchString(f.attr("ident")) {
			if text := i.feedbackText(f); text != "" {
				it.Rubric = text
			}
		}
	}
	return it
}

var modelAnswer = regexp.MustCompile(`(?i)solution|model|sample`)

// feedbackText is what a feedback says.
func (i *item12) feedbackText(f *node) string {
	var texts []string
	for _, p := range i.r.pieces(f) {
		texts = append(texts, p.text)
	}
	return strings.Join(nonEmpty(texts), "\n")
}

// feedback12 gathers what is said after an answer.
func (i *item12) feedback12() {
	for _, f := range i.n.children("itemfeedback") {
		if i.n.first("response_str") != nil && modelAnswer.MatchString(f.attr("ident")) && i.isEssay() {
			continue // the model answer of an essay
		}
		if text := i.feedbackText(f); text != "" {
			i.feedback = append(i.feedback, feedback{f.attr("ident"), text})
		}
	}
}
