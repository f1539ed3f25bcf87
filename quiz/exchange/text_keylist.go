package exchange

import (
	"regexp"
	"strings"
)

var (
	keysHead  = regexp.MustCompile(`^(?:附录?|附件)?[:：\s]*(?:第.{1,3}部分)?[:：\s]*.{0,60}?(?:参考|标准|正确)?答案(?:及|和|与)?(?:评分标准|评分细则|试题解析|解析|详解)?(?:部分|汇总|一览表|一览|列表|表)?[:：]?$`)
	latinKeys = regexp.MustCompile(`^(?i:answers?(?: keys?)?|keys?)\s*[:：]?$`)
)

// keyStart reads the line that begins a list of keys.
func (p *paper) keyStart(l *textLine) bool {
	text := strings.Trim(l.text, decoration)
	if len(text) < 300 && (strings.Contains(text, "答案") || strings.ContainsAny(text, "123456789１２３")) {
		if h, ok := headOf(l.text); ok && h.keys {
			p.keying, p.entry = true, nil
			p.keyHead(l, h)
			return true
		}
	}
	if s, ok := labelAtStart(l.text); ok && s.field == FieldAnswer {
		value := l.text[s.body:]
		if entries, ok := keyEntries(value); ok && len(entries) > 1 && p.unkeyed() && !p.pairing() {
			p.keying, p.entry = true, nil
			p.addKeys(l, entries)
			return true
		}
		if strings.TrimSpace(value) != "" {
			return p.gapKeys(l, value)
		}
	}
	switch {
	case len(text) < 120 && text != "" && (strings.Contains(text, "答案") && keysHead.MatchString(text) || latinKeys.MatchString(text)) && p.listFollows(l):
		p.keying, p.entry, p.cur, p.group = true, nil, nil, nil
		p.heads = append(p.heads, l.no)
		return true
	case !p.unkeyed() || p.pairing():
		return false
	}
	if entries, ok := keyEntries(l.text); ok && len(entries) > 2 {
		p.keying, p.entry = true, nil
		p.addKeys(l, entries)
		return true
	}
	return p.keyTable(l)
}

// gapKeys gives the fill-ins of a part the answers that stand in one line behind the last: 1. 甲 2. 乙.
func (p *paper) gapKeys(l *textLine, value string) bool {
	if p.cur == nil || p.cur.kind != "填空" {
		return false
	}
	pieces := numbered(value)
	from := len(p.drafts)
	for from > p.keyed && from > len(p.drafts)-len(pieces) && p.drafts[from-1].section == p.section && p.drafts[from-1].ownKey() == "" {
		from--
	}
	open := p.drafts[from:]
	if len(open) < 2 || len(open) != len(pieces) || gapsOf(p.cur.text(FieldStem)) == len(pieces) {
		return false
	}
	for i, d := range open {
		d.add(FieldAnswer, pieces[i])
	}
	p.cur.raw = append(p.cur.raw, l.text)
	p.cur, p.group = nil, nil
	return true
}

// pairing reports that numbers and letters may be the pairs of a matching.
func (p *paper) pairing() bool { return p.cur != nil && p.cur.kind == "连线" }

// unkeyed reports that two questions or more have no key yet.
func (p *paper) unkeyed() bool {
	count := 0
	for i := len(p.drafts) - 1; i >= max(p.keyed, len(p.drafts)-50); i-- {
		if d := p.drafts[i]; !d.group && d.ownKey() == "" {
			if count++; count == 2 {
				return true
			}
		}
	}
	return false
}

// listFollows reports that a head of keys is followed by a list, and not by the answer of one question.
func (p *paper) listFollows(l *textLine) bool {
	open := p.unkeyed()
	for j := p.at + 1; j <= p.at+3; j++ {
		next, ok := p.peek(j)
		if !ok {
			return false
		}
		if entries, ok := keyEntries(next.text); ok && (len(entries) > 1 || open || len(p.drafts)-p.keyed == 1 && p.cur != nil && p.cur.number == entries[0].n && len(p.cur.options) > 0) {
			return true
		}
		h, isHead := headOf(next.text)
		if isHead && (h.rest != "" || h.keys) {
			return true
		}
		if m, ok := numberAt(next.text); ok && m.sure && open && !p.questionAt(j) {
			return true
		}
		if cells := strings.Fields(next.text); len(cells) > 2 && (cells[0] == "题号" || cells[0] == "序号") {
			return true
		}
		if _, chapter := chapterOf(next.text); !isHead && !chapter {
			if _, ordinal := hanAt(next.text); !ordinal && !signsOnly(next.text) {
				return false
			}
			if signsOnly(next.text) {
				return isHeadAt(p, j-1) && open
			}
		}
	}
	return false
}

func isHeadAt(p *paper, i int) bool {
	_, ok := headOf(p.lines[i].text)
	return ok
}

// signsOnly reports ABCDA BBBCD or √×√√×.
func signsOnly(text string) bool { return len(signsOf(strings.Join(strings.Fields(text), ""))) > 1 }

// questionAt reports that a numbered line is a question with options, not an entry of a list.
func (p *paper) questionAt(i int) bool {
	if cuts := insideOptions(p.lines[i].text); len(cuts) >= 3 {
		return true
	}
	for j := i + 1; j <= i+4; j++ {
		l, ok := p.peek(j)
		if !ok {
			return false
		}
		if _, ok := numberAt(l.text); ok {
			return false
		}
		if cuts, way := optionCuts(l.text, 0, false); cuts != nil && way <= waySquare {
			return len(cuts) > 1 || p.letterFollows(j, 1, way)
		}
		if l.boxed {
			return true
		}
	}
	return false
}

// keyHead begins a segment of the key list.
func (p *paper) keyHead(l *textLine, h sectionHead) {
	p.cur, p.group, p.entry = nil, nil, nil
	p.heads = append(p.heads, l.no)
	p.keys = append(p.keys, &keySegment{kind: h.kind})
	if h.rest == "" {
		return
	}
	if entries, ok := keyEntries(h.rest); ok {
		p.addKeys(l, entries)
		return
	}
	p.bareKeys(l, h.rest)
}

// bareKeys reads keys without numbers: ABCDA BBBCD.
func (p *paper) bareKeys(l *textLine, text string) bool {
	segment := p.segment()
	values := strings.Fields(text)
	if segment.kind != "多选" || len(values) == 1 {
		values = signsOf(strings.Join(values, ""))
	}
	if len(values) == 0 {
		return false
	}
	n := 0
	if k := len(segment.entries); k > 0 {
		n = segment.entries[k-1].n
	}
	if p.tooMany(l, len(values)) {
		return true
	}
	for i, v := range values {
		e := newEntry(n+i+1, l.no, l.text)
		e.add(FieldAnswer, v)
		segment.entries = append(segment.entries, e)
	}
	return true
}

func (p *paper) segment() *keySegment {
	if len(p.keys) == 0 {
		p.keys = append(p.keys, &keySegment{})
	}
	return p.keys[len(p.keys)-1]
}

func (p *paper) addEntry(e *keyEntry) {
	s := p.segment()
	if k := len(s.entries); k > 0 && s.entries[k-1].n >= e.n {
		s = &keySegment{}
		p.keys = append(p.keys, s)
	}
	s.entries = append(s.entries, e)
	p.entry = e
}

// tooMany lists a line of keys that no file of questions can need.
func (p *paper) tooMany(l *textLine, n int) bool {
	if p.entries += n; p.entries > maxEntries {
		p.orphans = append(p.orphans, l)
		return true
	}
	return false
}

func (p *paper) addKeys(l *textLine, entries []simpleEntry) {
	p.cur, p.group = nil, nil
	if p.tooMany(l, len(entries)) {
		return
	}
	p.heads = append(p.heads, l.no)
	for _, s := range entries {
		e := newEntry(s.n, l.no, l.text)
		e.add(FieldAnswer, s.value)
		p.addEntry(e)
	}
}

// keyLine reads a line of the key list; it reports false, and the list is over, where questions begin again.
func (p *paper) keyLine(l *textLine) bool {
	if h, ok := headOf(l.text); ok {
		if _, there := p.peek(p.at + 1); h.rest == "" && !h.keys && (!there || p.questionAt(p.at+1) || !p.asked(h.kind)) {
			p.applyKeys()
			return false
		}
		p.keyHead(l, h)
		return true
	}
	if entries, ok := keyEntries(l.text); ok {
		p.addKeys(l, entries)
		return true
	}
	if m, ok := hanAt(l.text); ok {
		if entries, ok := keyEntries(l.text[m.end:]); ok {
			p.keys = append(p.keys, &keySegment{})
			p.addKeys(l, entries)
			return true
		}
	}
	if _, ok := chapterOf(l.text); ok {
		if p.at+1 < len(p.lines) && !p.questionAt(p.at+1) {
			p.keys, p.entry = append(p.keys, &keySegment{}), nil
			p.heads = append(p.heads, l.no)
			return true
		}
		p.applyKeys()
		return false
	}
	if p.keyTable(l) {
		return true
	}
	if m, ok := numberAt(l.text); ok && m.sure && (p.entry == nil || p.entry.n == 0 || m.n == p.entry.n+1 || m.n == 1 && !p.entry.long()) {
		if p.questionAt(p.at) {
			p.applyKeys()
			return false
		}
		if p.tooMany(l, 1) {
			return true
		}
		e := newEntry(m.n, l.no, l.text)
		e.put(l.text[m.end:])
		p.heads = append(p.heads, l.no)
		p.addEntry(e)
		return true
	}
	if len(p.keys) > 0 && signsOnly(l.text) && p.bareKeys(l, l.text) {
		p.heads = append(p.heads, l.no)
		return true
	}
	if s, ok := labelAtStart(l.text); ok && (s.field == FieldStem || s.field == FieldKind) || l.boxed || p.questionAt(p.at) && p.entry == nil {
		p.applyKeys()
		return false
	}
	if p.entry == nil {
		p.orphans = append(p.orphans, l)
		return true
	}
	if len(p.entry.raw) > maxDraft {
		p.orphans = append(p.orphans, l)
		return true
	}
	p.entry.put(l.text)
	p.entry.raw += "\n" + l.text
	p.heads = append(p.heads, l.no)
	return true
}

// asked reports that a question of a kind waits for the key list.
func (p *paper) asked(kind string) bool {
	for i := len(p.drafts) - 1; i >= max(p.keyed, len(p.drafts)-MaxRows/10); i-- {
		if p.drafts[i].section.kind == kind || p.drafts[i].kind == kind {
			return true
		}
	}
	return len(p.drafts) == p.keyed
}

// long reports an entry that is a text, and may hold a list.
func (e *keyEntry) long() bool {
	return e.last() == FieldExplanation || len(strings.Join(e.fields[FieldAnswer], "")) > 60
}

func (e *keyEntry) last() Field {
	if e.has(FieldExplanation) {
		return FieldExplanation
	}
	return FieldAnswer
}

func (e *keyEntry) has(field Field) bool { return len(e.fields[field]) > 0 }

// put reads a line of an entry: the key, then labelled texts.
func (e *keyEntry) put(text string) {
	for _, s := range splitLabels(text) {
		field := s.field
		switch field {
		case "":
			field = e.last()
		case FieldStem, FieldKind, FieldOptions, fieldNumber:
			field, s.body = e.last(), s.from
		}
		e.add(field, text[s.body:s.to])
	}
}

// keyTable reads two rows of a table: numbers, and the keys below them.
func (p *paper) keyTable(l *textLine) bool {
	numbers := tableCells(l.text)
	if len(numbers) < 2 || numbers[0] != "题号" && numbers[0] != "序号" && numbers[0] != "题目" {
		return false
	}
	next, ok := p.peek(p.at + 1)
	if !ok {
		return false
	}
	values := tableCells(next.text)
	if len(values) < 2 || !strings.Contains(values[0], "答案") && values[0] != "选项" {
		return false
	}
	var entries []simpleEntry
	for i := 1; i < len(numbers) && i < len(values); i++ {
		n, end, ok := digitsAt(numbers[i], 0)
		if !ok || end != len(numbers[i]) || !simpleKey(values[i]) {
			return false
		}
		entries = append(entries, simpleEntry{n, values[i]})
	}
	p.keying = true
	both := *l
	both.text += "\n" + next.text
	p.addKeys(&both, entries)
	p.heads = append(p.heads, next.no)
	p.at++
	return true
}

func tableCells(text string) []string {
	if strings.Contains(text, "\t") {
		return nonEmpty(strings.Split(text, "\t"))
	}
	return nonEmpty(strings.FieldsFunc(text, func(r rune) bool { return r == '|' || isSpace(r) }))
}
