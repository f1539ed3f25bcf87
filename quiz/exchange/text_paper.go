package exchange

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// section is a part of a paper: its head and how its questions are numbered.
type section struct {
	sectionHead
	style rune // of its questions' numbers, 0 until the first
	last  int  // number of the latest question
	fresh bool // no question yet: numbers may go on or begin again
	line  *textLine
	used  bool
}

// draft is a question while its lines come in.
type draft struct {
	line    int
	number  int
	style   rune
	section *section
	kind    string // word of a type column, of the part or of the question itself
	own     bool   // the question itself says its kind
	topic   string
	fields  map[Field][]string
	options [][]string
	boxed   bool
	ticked  []int
	marked  map[int]bool // options set off by colour, bold or underline
	set     bool         // some word of the stem is set off
	group   bool
	asked   bool // 问题： stood in the material: its questions follow
	parts   []*draft
	raw     []string
}

func (d *draft) has(field Field) bool { return len(d.fields[field]) > 0 }

func (d *draft) add(field Field, text string) {
	if text = strings.TrimFunc(text, blank); text != "" {
		d.fields[field] = append(d.fields[field], text)
	}
}

// text joins the lines of a field.
func (d *draft) text(field Field) string { return strings.Join(d.fields[field], "\n") }

// ownKey is the key that the question's own lines tell.
func (d *draft) ownKey() string {
	if d.has(FieldAnswer) {
		return d.text(FieldAnswer)
	}
	if d.boxed && len(d.ticked) > 0 {
		return "√"
	}
	if len(d.fields[FieldStem]) > 50 { // not a question any more, and joined for every line of it
		return ""
	}
	_, key := stemKey(d.text(FieldStem), d.kind, len(d.options))
	return key
}

// fieldOption says that a plain line continues the last option.
const fieldOption Field = "option"

// paper reads the lines of a document into questions.
type paper struct {
	lines   []textLine
	at      int
	section *section
	topic   string
	topicOf *textLine // the head that named the topic, nil once a question bears it
	cur     *draft
	group   *draft
	last    int // number up to which questions belong to the group, 0 = open
	field   Field
	way     int // how the options' letters are written
	inner   int // number of a list inside a text
	drafts  []*draft
	out     []outcome
	keys    []*keySegment
	keying  bool
	entry   *keyEntry
	entries int // of key lists so far
	keyed   int // drafts before it were given their keys
	orphans []*textLine
	strays  []Problem
	heads   []int // lines that are structure
	rows    []Row
}

// outcome is a question or the rows of a table, in the order of the document.
type outcome struct {
	draft *draft
	rows  []Row
}

func (p *paper) run() error {
	p.section = &section{used: true, fresh: true}
	for p.at = 0; p.at < len(p.lines); p.at++ {
		l := &p.lines[p.at]
		if len(p.drafts) > MaxRows {
			return refuse("file.rows", "most", MaxRows)
		}
		switch {
		case l.table != nil:
			p.table(l)
		case l.verbatim && len(l.text) <= maxLine:
			p.goOn(l, l.text)
		case len(l.text) > maxLine, isPageMark(l.text):
			p.orphans = append(p.orphans, l)
		case p.keying && p.keyLine(l):
		case p.keyStart(l), p.head(l), p.stem(l):
		default:
			p.plain(l)
		}
	}
	p.applyKeys()
	p.leave()
	return p.finish()
}

// leave lists the heads that no question stood under.
func (p *paper) leave() {
	p.newSection(&section{used: true})
	if p.topicOf != nil {
		p.orphans = append(p.orphans, p.topicOf)
	}
}

func (p *paper) finish() error {
	for _, o := range p.out {
		if o.draft == nil {
			p.rows = append(p.rows, o.rows...)
			continue
		}
		row, ok := o.draft.row()
		if !ok {
			p.strays = append(p.strays, orphan(o.draft.line, row.Text, "text.orphan"))
			continue
		}
		if p.rows = append(p.rows, row); len(p.rows) > MaxRows {
			return refuse("file.rows", "most", MaxRows)
		}
	}
	return nil
}

func (p *paper) table(l *textLine) {
	s := &sheet{kind: kindOf(p.section.kind)}
	for i, cells := range l.table.rows {
		s.line(l.table.lines[i], cells)
	}
	for i := range s.rows {
		if s.rows[i].Cells[FieldTopic] == "" && p.topic != "" {
			s.rows[i].Cells[FieldTopic] = p.topic
			s.rows[i] = Parse(s.rows[i])
			p.topicOf = nil
		}
	}
	p.section.used = true
	p.cur, p.group = nil, nil
	p.strays = append(p.strays, s.skipped...)
	p.out = append(p.out, outcome{rows: foldGroups(s.rows)})
}

func (p *paper) newSection(s *section) {
	if !p.section.used {
		p.orphans = append(p.orphans, p.section.line)
	}
	p.section, p.cur, p.group, p.field = s, nil, nil, ""
}

func (p *paper) newTopic(l *textLine, name string) {
	if p.topicOf != nil {
		p.orphans = append(p.orphans, p.topicOf)
	}
	p.topic, p.topicOf, p.cur, p.group = name, l, nil, nil
	p.heads = append(p.heads, l.no)
	p.section.fresh = true
}

// head reads the head of a part or of a chapter.
func (p *paper) head(l *textLine) bool {
	if h, ok := headOf(l.text); ok && h.rest == "" && !h.keys {
		p.newSection(&section{sectionHead: h, line: l, fresh: true, last: p.section.last})
		p.heads = append(p.heads, l.no)
		return true
	}
	if name, ok := chapterOf(l.text); ok && (p.cur == nil || p.field != FieldExplanation || l.gap || l.head > 0) {
		p.newTopic(l, name)
		return true
	}
	m, numbered := hanAt(l.text)
	switch {
	case l.head > 0:
		return p.heading(l)
	case !numbered:
		return false
	}
	rest := l.text[m.end:]
	inText := p.cur != nil && (p.field == FieldAnswer || p.field == FieldExplanation || p.field == FieldStem && len(p.cur.options) == 0)
	if looksAsked(rest) || p.leads(p.at, m.style) || utf8.RuneCountInString(rest) > 30 || inText && p.section.style != 0 {
		return false
	}
	if next, ok := p.peek(p.at + 1); ok {
		_, number := numberAt(next.text)
		if _, kind := headOf(next.text); number || kind {
			p.newTopic(l, rest)
			return true
		}
	}
	return false
}

// heading reads a heading that is neither a part nor a chapter: a question, the title, or a topic.
func (p *paper) heading(l *textLine) bool {
	if m, ok := numberAt(l.text); ok && (m.sure || p.leads(p.at, m.style)) && (looksAsked(l.text[m.end:]) || p.leads(p.at, m.style) || p.section.style == m.style) {
		return false
	}
	if p.leads(p.at, 0) {
		p.open(l, numberMark{}, "", 0)
		return true
	}
	next, ok := p.peek(p.at + 1)
	if len(p.drafts) == 0 && l.head == 1 && (p.at == 0 || ok && next.head > 0) {
		p.orphans = append(p.orphans, l)
		return true
	}
	name := l.text
	if m, ok := hanAt(name); ok {
		name = name[m.end:]
	} else if m, ok := numberAt(name); ok {
		name = name[m.end:]
	}
	if s := p.section; s.line != nil && s.line.head >= l.head { // beside the part, not below it
		p.newSection(&section{used: true, fresh: true, last: s.last})
	}
	p.newTopic(l, name)
	return true
}

func (p *paper) peek(i int) (*textLine, bool) {
	if i < len(p.lines) && p.lines[i].table == nil {
		return &p.lines[i], true
	}
	return nil, false
}

// ahead is how far is looked forward to tell what a line is.
const ahead = 12

// leads reports that options or a key follow before the next question begins.
func (p *paper) leads(i int, style rune) bool { return p.leadsTo(i, style) != "" }

// leadsTo tells which of the two follows, "" for neither.
func (p *paper) leadsTo(i int, style rune) Field {
	for j := i + 1; j <= i+ahead; j++ {
		l, ok := p.peek(j)
		if !ok {
			return ""
		}
		if p.optionsAt(j, 0) != nil || l.boxed {
			return FieldOptions
		}
		if s, ok := labelAtStart(l.text); ok {
			if s.field == FieldAnswer || s.field == FieldOptions {
				return s.field
			}
			return ""
		}
		if m, ok := numberAt(l.text); ok && (m.sure || m.style == style) && (style == 0 || m.style == style || m.style == '.') {
			return ""
		}
		if l.head > 0 {
			return ""
		}
	}
	return ""
}

var (
	asking  = regexp.MustCompile(`^(?:简述|简答|试述|论述|请|什么是|何谓|为什么|如何|怎样|谈谈|名词解释|概述|列举|说明|下列|以下|关于|根据)`)
	askEnds = regexp.MustCompile(`[？?]\s*(?:[（(][^（）()]*[)）])?$`)
)

// looksAsked reports that a text looks like a question by itself.
func looksAsked(text string) bool {
	brackets := strings.ContainsAny(text, "（(【[")
	return brackets && (emptyBracket.MatchString(text) || keyBracket.MatchString(text)) || underscores.MatchString(text) ||
		strings.ContainsAny(text, "？?") && askEnds.MatchString(text) || asking.MatchString(text)
}

// stem reads a line that begins a question.
func (p *paper) stem(l *textLine) bool {
	text := l.text
	from := 0
	if m := leadMark.FindStringIndex(text); m != nil && isLead(text[:m[1]]) {
		if n, ok := numberAt(text[m[1]:]); ok && n.sure && n.style != '(' && (p.section.fresh || n.n == p.section.last+1) {
			from = m[1]
		}
	}
	m, ok := numberAt(text[from:])
	if !ok {
		m, ok = hanAt(text[from:])
	}
	if ok && p.begins(l, m, text[from+m.end:]) {
		p.open(l, m, strings.TrimSpace(text[:from]), from+m.end)
		return true
	}
	if _, _, rest, ok := kindLabel(text); ok && rest != "" {
		p.open(l, numberMark{}, "", 0)
		return true
	}
	return false
}

// open begins a question whose text starts at a byte of the line; a bracket before the number is its lead.
func (p *paper) open(l *textLine, m numberMark, lead string, at int) {
	at = p.begin(l, m, at)
	p.put(l, at)
	if lead != "" {
		p.cur.lead(lead)
	}
}

// begin makes the question that a line begins; it returns where its text begins behind a label of its kind.
func (p *paper) begin(l *textLine, m numberMark, at int) int {
	text := l.text[at:]
	s := p.section
	d := &draft{line: l.no, number: m.n, style: m.style, section: s, kind: s.kind, topic: p.topic, fields: map[Field][]string{}}
	p.topicOf, s.used = nil, true
	head, to := p.materialHead(text, m.n > 0)
	switch {
	case p.group != nil && (m.n > 0 && p.nests(m) || m.n == 0 && p.group.asked) && !head:
		if d.kind == "案例" {
			d.kind = ""
		}
		p.group.parts = append(p.group.parts, d)
		p.drafts = append(p.drafts, d)
	default:
		p.group, p.last = nil, 0
		if head || s.kind == "案例" {
			d.group, p.group, p.last = true, d, to
		}
		p.drafts = append(p.drafts, d)
		p.out = append(p.out, outcome{draft: d})
		if m.n > 0 {
			s.style, s.last, s.fresh = m.style, m.n, false
		}
	}
	if p.last > 0 && m.n > 0 || p.group != nil && p.group.number == 0 && m.n > 0 {
		s.style, s.last, s.fresh = m.style, m.n, false
	}
	p.cur, p.field, p.way, p.inner = d, FieldStem, wayNone, 0
	d.raw = append(d.raw, l.text)
	d.set = len(l.marked) > 0
	if kind, points, rest, ok := kindLabel(text); ok {
		d.kind, d.own = kind, true
		d.add(FieldPoints, points)
		at += len(text) - len(rest)
	}
	return at
}

// lead puts a bracket that stood before the number behind the stem.
func (d *draft) lead(mark string) {
	if kind, _, rest, ok := kindLabel(mark); ok && rest == "" {
		d.kind, d.own = kind, true
		return
	}
	if !emptyBracket.MatchString(mark) && len(d.fields[FieldStem]) > 0 {
		d.fields[FieldStem][0] += mark
	}
}
