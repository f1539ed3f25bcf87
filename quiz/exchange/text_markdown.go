package exchange

import (
	"html"
	"regexp"
	"strings"
)

var (
	mdHead    = regexp.MustCompile(`^(#{1,6})\s+(.*?)\s*#*$`)
	mdBox     = regexp.MustCompile(`^(?:[-*+]|\d{1,3}[.)])\s+\[([ xX√✓])\]\s*(.*)$`)
	mdBullet  = regexp.MustCompile(`^[-*+•]\s+(.*)$`)
	mdRule    = regexp.MustCompile(`^\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?$`)
	mdFence   = regexp.MustCompile("^(?:```+|~~~+)")
	mdEscape  = regexp.MustCompile(`\\([!-/:-@\[-` + "`" + `{-~])`)
	mdTags    = regexp.MustCompile(`(?i)</?(?:details|summary|b|strong|em|i|p|font|span|center|div)(?:\s[^<>]*)?/?>`)
	mdGap     = regexp.MustCompile(`(?i)<u>(?:\s|&nbsp;|&emsp;|　)*</u>`)
	mdMarked  = regexp.MustCompile(`\*\*([^*]+)\*\*|(?i:<u>(.+?)</u>|<font[^<>]*color[^<>]*>(.+?)</font>|<mark>(.+?)</mark>)`)
	mdUnder   = regexp.MustCompile(`(?i)</?(?:u|mark)>`)
	mdSign    = regexp.MustCompile(`(?m)^(?:#{1,6} +\S|\s*[-*+] +\[[ xX]\] |\|? *:?-{3,}:? *\|[ :|-]*$|\*\*(?:答案|解析|正确答案|参考答案)|` + "```" + `)`)
	mdNewline = regexp.MustCompile(`(?i)<br\s*/?>`)
)

// isMarkdown reports a text with Markdown's own signs, or a name that says so.
func isMarkdown(s source) bool {
	switch s.extension() {
	case "md", "markdown":
		return true
	}
	begin := s.text
	if len(begin) > 200_000 {
		begin = begin[:200_000]
	}
	return mdSign.MatchString(begin)
}

// readMarkdown reads questions written as Markdown: headings, lists with boxes, quotations, pipe tables.
func readMarkdown(s source) (Result, error) {
	m := markdown{}
	if err := m.read(s.text); err != nil {
		return Result{}, err
	}
	return readLines(Result{Format: "markdown", Encoding: s.encoding}, m.lines)
}

// markdown turns a text into lines of the common grammar.
type markdown struct {
	lines  []textLine
	gap    bool
	fenced bool
	table  []textLine // rows of a pipe table that may go on
	bars   int        // cells of all tables
}

func (m *markdown) read(text string) error {
	for no := 1; text != ""; no++ {
		line, rest, _ := strings.Cut(text, "\n")
		text = rest
		m.line(no, cleanLine(line))
		if len(m.lines)+len(m.table) > maxLines || m.bars > 2*maxLines {
			return refuse("file.rows", "most", MaxRows)
		}
	}
	m.endTable()
	return nil
}

func (m *markdown) line(no int, raw string) {
	text := strings.TrimFunc(raw, blank)
	if len(text) > maxLine {
		m.endTable()
		m.add(textLine{no: no, text: text, verbatim: true})
		return
	}
	if mdFence.MatchString(text) {
		m.endTable()
		m.fenced = !m.fenced
		m.add(textLine{no: no, text: text, verbatim: true})
		return
	}
	if m.fenced {
		if text != "" {
			m.add(textLine{no: no, text: strings.TrimRight(raw, " \t"), verbatim: true})
		}
		return
	}
	for strings.HasPrefix(text, ">") {
		text = strings.TrimFunc(text[1:], blank)
	}
	if strings.HasPrefix(text, "|") || len(m.table) > 0 && strings.Contains(text, "|") || strings.Count(text, "|") > 1 && !strings.Contains(text, "||") {
		m.table = append(m.table, textLine{no: no, text: text})
		m.bars += strings.Count(text, "|")
		return
	}
	m.endTable()
	if text == "" || ruler(text) {
		m.gap = true
		return
	}
	for _, piece := range mdNewline.Split(text, -1) {
		m.piece(no, strings.TrimFunc(piece, blank))
	}
}

// piece reads one line without its quotation marks.
func (m *markdown) piece(no int, text string) {
	l := textLine{no: no}
	if h := mdHead.FindStringSubmatch(text); h != nil {
		l.head, text = int8(len(h[1])), h[2]
	} else if b := mdBox.FindStringSubmatch(text); b != nil {
		l.boxed, l.ticked, text = true, b[1] != " ", b[2]
	} else if b := mdBullet.FindStringSubmatch(text); b != nil {
		l.bullet, text = true, b[1]
	}
	l.text, l.marked = mdInline(text)
	if l.text != "" {
		m.add(l)
	}
}

func (m *markdown) add(l textLine) {
	l.gap, m.gap = m.gap, false
	m.lines = append(m.lines, l)
}

// mdInline takes emphasis, tags and escapes out of a text and tells what was set off.
func mdInline(text string) (string, []span) {
	if !strings.ContainsAny(text, "*\\<&") {
		return text, nil
	}
	text = mdGap.ReplaceAllString(text, Blank)
	var marked []span
	var b strings.Builder
	at := 0
	plain := func(s string) string {
		s = mdTags.ReplaceAllString(s, "")
		s = mdUnder.ReplaceAllString(s, "")
		s = strings.ReplaceAll(s, "**", "")
		return html.UnescapeString(mdEscape.ReplaceAllString(s, "$1"))
	}
	for _, m := range mdMarked.FindAllStringSubmatchIndex(text, -1) {
		b.WriteString(plain(text[at:m[0]]))
		from := b.Len()
		for i := 2; i < len(m); i += 2 {
			if m[i] >= 0 {
				b.WriteString(plain(text[m[i]:m[i+1]]))
			}
		}
		marked = append(marked, span{from, b.Len()})
		at = m[1]
	}
	b.WriteString(plain(text[at:]))
	out := b.String()
	trimmed := strings.TrimLeftFunc(out, blank)
	if cut := len(out) - len(trimmed); cut > 0 {
		for i := range marked {
			marked[i] = span{max(0, marked[i].from-cut), max(0, marked[i].to-cut)}
		}
	}
	return strings.TrimFunc(trimmed, blank), marked
}

// endTable reads the rows of a pipe table: under a header like a workbook's they are questions.
func (m *markdown) endTable() {
	rows := m.table
	m.table = nil
	if len(rows) == 0 {
		return
	}
	if len(rows) == 1 || len(rows) > 1 && !mdRule.MatchString(rows[1].text) && !strings.HasPrefix(rows[0].text, "|") {
		for _, l := range rows {
			m.piece(l.no, l.text)
		}
		return
	}
	t := &textTable{}
	for _, l := range rows {
		if !mdRule.MatchString(l.text) {
			t.rows, t.lines = append(t.rows, mdCells(l.text)), append(t.lines, l.no)
		}
	}
	m.addTable(t)
}

func (m *markdown) addTable(t *textTable) {
	if len(t.rows) == 0 {
		return
	}
	if _, _, ok := headerOf(t.rows[0]); ok {
		m.add(textLine{no: t.lines[0], table: t})
		return
	}
	for i, cells := range t.rows {
		if text := strings.TrimFunc(strings.Join(cells, "\t"), blank); text != "" {
			m.add(textLine{no: t.lines[i], text: text})
		}
	}
}

// mdCells cuts a row of a pipe table; \| is a bar of the text.
func mdCells(line string) []string {
	line = strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|")
	cells := strings.Split(strings.ReplaceAll(line, `\|`, "\x00"), "|")
	for i, cell := range cells {
		cell = mdNewline.ReplaceAllString(strings.ReplaceAll(cell, "\x00", "|"), "\n")
		cells[i], _ = mdInline(strings.TrimFunc(cell, blank))
	}
	return cells
}

// isTable reports a text that is a table by its name or by a header row.
func isTable(s source) bool {
	if e := s.extension(); e == "csv" || e == "tsv" {
		return true
	}
	if e := s.extension(); e == "md" || e == "markdown" {
		return false
	}
	lines := strings.SplitN(s.text, "\n", headerRows+1)
	for _, line := range lines[:min(len(lines), headerRows)] {
		if len(line) > 4000 {
			continue
		}
		for _, sep := range ",\t;" {
			cells := strings.Split(line, string(sep))
			for j := range cells {
				cells[j] = strings.Trim(cells[j], `"`)
			}
			if _, _, ok := headerOf(cells); ok {
				return true
			}
		}
	}
	return false
}
