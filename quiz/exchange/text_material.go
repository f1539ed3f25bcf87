package exchange

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	materialAsk   = regexp.MustCompile(`(?:阅读|根据|依据|结合|针对).{0,30}?(?:材料|案例|资料|情景|情境|场景).{0,60}?(?:回答|完成|作答|答题|分析)`)
	materialName  = regexp.MustCompile(`^[【\[（(]?(?:背景)?(?:案例|材料|资料|情景|情境|场景)(?:材料|分析|题)?\s*[一二三四五六七八九十\d]*\s*(?:[】\]）)]\s*[:：]?|[:：]|$)`)
	materialRange = regexp.MustCompile(`第?\s*(\d{1,4})\s*题?\s*(?:[-—–~～至到]+|[、和及])\s*第?\s*(\d{1,4})\s*(?:小)?题`)
)

// materialHead reports that a text is the material of several questions, and the number of the last of them
// if it says so.
func (p *paper) materialHead(text string, numbered bool) (ok bool, last int) {
	if !mentions(text, "材料", "案例", "资料", "情景", "情境", "场景") {
		return false, 0
	}
	begin := text
	if len(begin) > 600 {
		begin = strings.ToValidUTF8(begin[:600], "")
	}
	asks := materialAsk.MatchString(begin)
	if !asks && !materialName.MatchString(begin) {
		return false, 0
	}
	if m := materialRange.FindStringSubmatch(begin); m != nil {
		if last, _ = strconv.Atoi(m[2]); last > p.section.last && last < p.section.last+50 {
			return true, last
		}
	}
	return !p.leads(p.at, 0) && len(insideOptions(text)) == 0, 0
}

// mentions reports a text with one of some words: a cheap question before an expensive one.
func mentions(text string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// materialHere reports that material may begin at this place.
func (p *paper) materialHere(l *textLine) bool {
	if p.cur != nil && p.cur.group && len(p.cur.parts) == 0 && p.field == FieldStem && !p.cur.has(FieldAnswer) {
		return false
	}
	return p.cur == nil || l.gap || p.section.kind == "案例" || p.complete() && p.field != FieldExplanation
}

// unnumbered reports that a line without a number is the stem of another question.
func (p *paper) unnumbered(l *textLine) bool {
	d, kind := p.cur, p.section.kind
	if d != nil && d.kind == "" && d.group {
		return false
	}
	if !p.complete() {
		return false
	}
	fresh := d == nil || l.gap || p.field == FieldAnswer || p.field == fieldOption || p.field == FieldStem
	next, ok := p.peek(p.at + 1)
	direct := ok && p.optionsAt(p.at+1, 0) != nil || ok && next.boxed
	answered := false
	if ok {
		s, label := labelAtStart(next.text)
		answered = label && s.field == FieldAnswer
	}
	numbered := p.section.style != 0 && d != nil && !l.gap
	switch {
	case numbered:
		return false
	case d != nil && d.group && len(d.parts) == 0:
		return false
	case direct || len(insideOptions(l.text)) > 0:
		return true
	case kind == "判断" || kind == "":
		if _, key := stemKey(l.text, "判断", 0); key != "" {
			return true
		}
		if kind == "判断" && emptyBracket.MatchString(l.text) {
			return true
		}
	case kind == "填空" && underscores.MatchString(l.text):
		return true
	}
	if answered && fresh && (kind != "" || d != nil || looksAsked(l.text)) {
		return true
	}
	return fresh && p.leads(p.at, 0) && (p.section.style == 0 || l.gap)
}
