package exchange

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

var headKinds = func() map[string]string {
	m := map[string]string{}
	for _, w := range headWords {
		m[w.word] = w.kind
	}
	return m
}()

var (
	leadMark   = regexp.MustCompile(`^[（(\[【][\s　_]*(?:[A-Ja-j](?:[\s、,，]*[A-Ja-j])*|√|×|✓|✗|\p{Han}{1,7})?[\s　]*[)）\]】][\s　]*`)
	kindOpened = regexp.MustCompile(`^[（(\[【<〔]\s*(\p{Han}{2,7}|[A-Za-z]+(?:[ /][A-Za-z]+)?)\s*(?:[,，、:：/]?\s*(\d+(?:\.\d+)?)\s*分)?\s*[)）\]】>〕]\s*[:：]?[\s　]*`)
	kindColon  = regexp.MustCompile(`^(\p{Han}{2,6}题)\s*(?:[:：]|[（(]\s*(\d+(?:\.\d+)?)\s*分\s*[）)]\s*[:：]?)[\s　]*`)
	kindClosed = regexp.MustCompile(`[\s　]*[（(\[【]\s*(\p{Han}{2,6})\s*(?:[,，、]?\s*(\d+(?:\.\d+)?)\s*分)?\s*[)）\]】][\s　]*([。.：:？?]?)$`)
)

// isLead reports that a bracket before a number is empty, a key or a kind.
func isLead(mark string) bool {
	word := strings.Trim(mark, "（(【[)）】] 　_\t")
	_, kind := headKinds[word]
	return kind || word == "" || simpleKey(word)
}

// kindLabel reads the kind a question begins with: 【单选题】, （多选，2分）, 判断题：.
func kindLabel(text string) (kind, points, rest string, ok bool) {
	if m := kindOpened.FindStringSubmatchIndex(text); m != nil {
		word := text[m[2]:m[3]]
		kind, ok = headKinds[word]
		if !ok && word[0] < 0x80 && len(word) > 2 {
			kind = KindName(kindOf(word))
			ok = kind != ""
		}
		if m[4] >= 0 {
			points = text[m[4]:m[5]]
		}
		return kind, points, text[m[1]:], ok
	}
	if m := kindColon.FindStringSubmatchIndex(text); m != nil {
		if m[4] >= 0 {
			points = text[m[4]:m[5]]
		}
		kind, ok = headKinds[text[m[2]:m[3]]]
		return kind, points, text[m[1]:], ok
	}
	return "", "", "", false
}

// plain reads a line that begins nothing by a number: options, labelled texts, a stem without number, or
// more of what came before.
func (p *paper) plain(l *textLine) {
	if (l.boxed || l.bullet) && p.listed(l) {
		return
	}
	if want := p.want(); want >= 0 {
		if cuts := p.optionsAt(p.at, want); cuts != nil {
			p.cur.raw = append(p.cur.raw, l.text)
			p.takeOptions(l, cuts)
			return
		}
	}
	if s, ok := labelAtStart(l.text); ok && (p.cur != nil || s.field == FieldStem || s.field == FieldKind || s.field == fieldNumber) {
		if s.field != FieldStem && s.field != FieldKind && s.field != fieldNumber || !p.startsQuestion(s, l.text) {
			p.cur.raw = append(p.cur.raw, l.text)
			p.put(l, 0)
			return
		}
		p.begin(l, numberMark{}, 0)
		p.put(l, 0)
		return
	}
	if head, _ := p.materialHead(l.text, false); head && p.materialHere(l) {
		p.group, p.cur = nil, nil
		p.open(l, numberMark{}, "", 0)
		return
	}
	if d := p.cur; d != nil && len(d.options) > 1 && !d.has(FieldAnswer) && p.field == fieldOption && simpleKey(l.text) {
		d.raw = append(d.raw, l.text)
		d.add(FieldAnswer, l.text)
		p.field = FieldAnswer
		return
	}
	if p.unnumbered(l) {
		p.open(l, numberMark{}, "", 0)
		return
	}
	p.goOn(l, l.text)
}

// startsQuestion reports that a label 题目：, 题型： or 题号： begins another question.
func (p *paper) startsQuestion(s segment, text string) bool {
	d := p.cur
	if d == nil {
		return true
	}
	if d.group && len(d.parts) == 0 && s.field == FieldStem {
		d.asked = true
		return strings.TrimSpace(text[s.body:]) != ""
	}
	return len(d.options) > 0 || d.has(FieldAnswer) || s.field == FieldKind && (d.has(FieldStem) && d.has(FieldKind) || d.own && d.has(FieldStem)) ||
		s.field == FieldStem && d.has(FieldStem) && !strings.HasPrefix(s.label, "问题") || s.field == fieldNumber && (d.has(FieldStem) || d.number > 0)
}

// want is the letter that the next option of the current question has, -1 for none.
func (p *paper) want() int {
	d := p.cur
	switch {
	case d == nil, d.kind == "连线", p.field == FieldExplanation && len(d.options) == 0, p.field == FieldAnswer && d.kind == "简答":
		return -1
	case d.group && len(d.parts) == 0 && d.kind == "案例" && len(d.options) == 0 && p.last > 0:
		return -1
	}
	return len(d.options)
}

// optionsAt finds the options of a line that begins with the wanted letter. A letter and a space, or a
// letter alone, count only if the next letter follows in the same way.
func (p *paper) optionsAt(i, want int) []optionCut {
	text := p.lines[i].text
	cuts, way := optionCuts(text, want, false)
	if cuts == nil && want > 1 && p.field == fieldOption {
		if cuts, way = optionCuts(text, want+1, false); way != p.way || way > waySquare {
			return nil
		}
	}
	if cuts == nil || cuts[0].letter > 0 && way != p.way && (way > waySquare || p.way == wayNone) {
		return nil
	}
	if way > waySquare && len(cuts) < 2 && (want == 0 || p.way != way) && !p.letterFollows(i, want+1, way) {
		return nil
	}
	if next, ok := p.peek(i + 1); ok { // a letter inside a text, if the next line begins with it
		letter, nextWay, _ := optionAt(next.text, 0)
		for nextWay == way && letter > cuts[0].letter && len(cuts) > 1 && cuts[len(cuts)-1].letter >= letter {
			cuts = cuts[:len(cuts)-1]
		}
	}
	return cuts
}

func (p *paper) letterFollows(i, want, way int) bool {
	for j := i + 1; j <= i+4; j++ {
		l, ok := p.peek(j)
		if !ok {
			return false
		}
		if letter, found, _ := optionAt(l.text, 0); letter == want && (found == way || found >= wayBare && way >= wayBare) {
			return true
		}
	}
	return false
}

// insideOptions finds options behind a stem in its own line.
func insideOptions(text string) []optionCut {
	if cuts, _ := optionCuts(text, 0, true); len(cuts) >= 2 {
		return cuts
	}
	return nil
}

// takeOptions reads a line that begins with an option.
func (p *paper) takeOptions(l *textLine, cuts []optionCut) {
	_, p.way, _ = optionAt(l.text, cuts[0].from)
	segs := splitLabels(l.text)
	end := len(l.text)
	for _, s := range segs {
		if s.field != "" && s.from >= cuts[0].text {
			end = s.from
			break
		}
	}
	p.cutOptions(l, cuts, end)
	if end < len(l.text) {
		p.put(l, end)
	}
}

// cutOptions adds the options of a line up to a byte.
func (p *paper) cutOptions(l *textLine, cuts []optionCut, end int) {
	d := p.cur
	for i, c := range cuts {
		to := end
		if i+1 < len(cuts) {
			to = min(end, cuts[i+1].from)
		}
		if c.text > end {
			break
		}
		for len(d.options) < c.letter {
			d.options = append(d.options, nil)
		}
		d.options = append(d.options, []string{strings.TrimFunc(l.text[c.text:max(c.text, to)], isSpace)})
		for _, m := range l.marked {
			if m.from < to && m.to > c.from {
				d.mark(len(d.options) - 1)
			}
		}
	}
	p.field = fieldOption
}

func (d *draft) mark(option int) {
	if d.marked == nil {
		d.marked = map[int]bool{}
	}
	d.marked[option] = true
}

// listed reads an item of a list as an option: one with a box, or one under a stem.
func (p *paper) listed(l *textLine) bool {
	d := p.cur
	if d == nil || p.field != FieldStem && p.field != fieldOption || d.group && len(d.parts) == 0 && !l.boxed {
		return false
	}
	if _, ok := labelAtStart(l.text); ok || !l.boxed && (d.kind == "简答" || d.kind == "填空" || d.kind == "判断" || d.kind == "连线") {
		return false
	}
	cuts, way := optionCuts(l.text, len(d.options), false)
	if cuts == nil || way > waySquare && !l.boxed {
		cuts = []optionCut{{len(d.options), 0, 0}}
	}
	d.raw = append(d.raw, l.text)
	if l.boxed {
		d.boxed = true
		if l.ticked {
			d.ticked = append(d.ticked, len(d.options))
		}
		cuts = cuts[:1]
	}
	p.takeOptions(l, cuts)
	return true
}

// goOn adds a line to the text before it; a line after no question belongs to nothing.
func (p *paper) goOn(l *textLine, text string) {
	d := p.cur
	if d == nil && p.section.kind == "案例" && !strings.HasPrefix(text, "（") && !strings.HasPrefix(text, "(") {
		p.open(l, numberMark{}, "", 0)
		return
	}
	if d == nil || l.gap && len(d.options) > 1 && (p.field == fieldOption || p.field == FieldAnswer && d.has(FieldAnswer) && d.kind != "简答") {
		p.orphans = append(p.orphans, l)
		return
	}
	d.raw = append(d.raw, text)
	if l.verbatim {
		p.append(text)
		return
	}
	p.put(l, 0)
}

// append adds a text to the field that is being read.
func (p *paper) append(text string) {
	if text = strings.TrimFunc(text, isSpace); text == "" {
		return
	}
	d := p.cur
	if last := len(d.options) - 1; p.field == fieldOption && last >= 0 {
		d.options[last] = append(d.options[last], text)
		return
	}
	d.add(p.field, text)
}

// put reads a line from a byte on into the current question, label by label.
func (p *paper) put(l *textLine, at int) {
	text := l.text[at:]
	for _, s := range splitLabels(text) {
		value := strings.TrimFunc(text[s.body:s.to], isSpace)
		switch s.field {
		case "":
			p.putText(l, at+s.body, at+s.to)
		case FieldKind:
			p.cur.add(FieldKind, value)
			p.field = FieldKind
		case fieldNumber:
			p.cur.number, _ = strconv.Atoi(norm.NFKC.String(value))
			p.field = FieldStem
		case FieldStem, FieldOptions:
			p.field = s.field
			p.putText(l, at+s.body, at+s.to)
		case FieldAnswer:
			p.field = FieldAnswer
			if s.label == "解答" && p.cur.has(FieldAnswer) {
				p.field = FieldExplanation
			}
			p.append(value)
		default:
			p.field = s.field
			p.append(value)
		}
	}
}

// putText reads a part of a line without a label.
func (p *paper) putText(l *textLine, from, to int) {
	d, text := p.cur, l.text[from:to]
	if (p.field == FieldStem || p.field == FieldOptions) && len(d.options) == 0 && d.kind != "简答" && d.kind != "填空" && d.kind != "连线" {
		cuts, way := optionCuts(text, 0, true)
		next, ok := p.peek(p.at + 1)
		if len(cuts) == 1 && ok {
			if letter, found, _ := optionAt(next.text, 0); letter != 1 || found != way {
				cuts = nil
			}
		} else if len(cuts) > 1 && ok && to == len(l.text) {
			if letter, found, _ := optionAt(next.text, 0); found == way && (letter == 0 || letter == 1) {
				cuts = cuts[:letter] // the options begin on the next line
			}
		}
		if len(cuts) > 0 {
			p.append(text[:cuts[0].from])
			for i := range cuts {
				cuts[i].from += from
				cuts[i].text += from
			}
			p.way = way
			p.cutOptions(l, cuts, to)
			return
		}
	}
	p.append(text)
}
