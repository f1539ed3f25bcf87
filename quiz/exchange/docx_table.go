package exchange

import (
	"strings"
	"unicode/utf8"
)

// wordTable is a table while its cells come in.
type wordTable struct {
	para int // open paragraphs around it
	rows [][]wordCell
}

type wordCell struct {
	lines []textLine
	span  int
}

func (w *wordReader) table() *wordTable {
	if len(w.tables) == 0 {
		return nil
	}
	return w.tables[len(w.tables)-1]
}

func (w *wordReader) tableTag(e *xmlEvent) {
	t := w.table()
	if t == nil {
		return
	}
	switch e.name {
	case "tr":
		t.rows = append(t.rows, nil)
	case "tc":
		if len(t.rows) == 0 {
			t.rows = append(t.rows, nil)
		}
		row := &t.rows[len(t.rows)-1]
		*row = append(*row, wordCell{span: 1})
	case "gridSpan":
		if c := t.cell(); c != nil {
			c.span = min(maxColumns, max(1, wordNumber(e.attr("val"))))
		}
	}
}

func (t *wordTable) cell() *wordCell {
	if len(t.rows) == 0 || len(t.rows[len(t.rows)-1]) == 0 {
		return nil
	}
	row := t.rows[len(t.rows)-1]
	return &row[len(row)-1]
}

func (t *wordTable) add(lines []textLine) {
	if t.cell() == nil { // text between the cells
		t.rows = append(t.rows, []wordCell{{span: 1}})
	}
	c := t.cell()
	c.lines = append(c.lines, lines...)
}

func (w *wordReader) endTable(name string) error {
	if name != "tbl" || len(w.tables) == 0 {
		return nil
	}
	t := w.table()
	w.tables = w.tables[:len(w.tables)-1]
	lines := t.read()
	w.total -= t.count() // they are counted again where they go
	w.space = true
	err := w.give(lines)
	w.space = true
	return err
}

func (t *wordTable) count() (n int) {
	for _, row := range t.rows {
		for _, c := range row {
			n += len(c.lines)
		}
	}
	return n
}

// text is what a cell says.
func (c wordCell) text() string {
	parts := make([]string, len(c.lines))
	for i, l := range c.lines {
		parts[i] = l.text
	}
	return strings.Join(parts, "\n")
}

// read makes lines of a table. Under a header like a workbook's each row is a question; a table of labels
// and values, or of numbers, options and keys, reads as the text that it is.
func (t *wordTable) read() []textLine {
	var lines []textLine
	for i, row := range t.rows {
		cells := cellTexts(row)
		if _, _, ok := headerOf(cells); ok && i < headerRows && len(t.rows) > i+1 && !values(cells) {
			return append(lines, t.questions(i))
		}
		lines = append(lines, rowLines(row)...)
	}
	return lines
}

// values reports a row that names fields and says what they are, side by side.
func values(cells []string) bool {
	known := 0
	for _, text := range cells {
		if _, ok := fieldOf(text); ok {
			known++
		}
	}
	return known*2 <= len(nonEmpty(append([]string{}, cells...)))
}

// cellTexts are a row's cells; a cell over several columns is followed by empty ones.
func cellTexts(row []wordCell) []string {
	var out []string
	for _, c := range row {
		out = append(out, c.text())
		for range c.span - 1 {
			if len(out) < maxColumns {
				out = append(out, "")
			}
		}
	}
	return out
}

func (t *wordTable) questions(header int) textLine {
	table := &textTable{}
	no := 0
	for _, row := range t.rows[header:] {
		for _, c := range row {
			if len(c.lines) > 0 {
				no = c.lines[0].no
				break
			}
		}
		table.rows, table.lines = append(table.rows, cellTexts(row)), append(table.lines, no)
	}
	return textLine{no: table.lines[0], table: table}
}

// fieldWords is the label of each field in a text.
var fieldWords = map[Field]string{FieldKind: "题型", FieldStem: "题干", FieldOptions: "选项", FieldAnswer: "答案", FieldExplanation: "解析", FieldPoints: "分值",
	FieldDifficulty: "难度", FieldTopic: "知识点", FieldTags: "标签", FieldReference: "依据", FieldDistractors: "干扰项"}

// rowLines makes lines of one row.
func rowLines(row []wordCell) []textLine {
	var full []wordCell
	for _, c := range row {
		if len(c.lines) > 0 {
			full = append(full, c)
		}
	}
	if lines := labelled(full); lines != nil {
		return lines
	}
	var out []textLine
	joined := false // the last line may go on with the next cell
	for _, c := range full {
		for j, l := range c.lines {
			if j == 0 && joined && l.table == nil {
				last := &out[len(out)-1]
				shift := len(last.text) + 1
				last.text += "\t" + l.text
				for _, m := range l.marked {
					last.marked = append(last.marked, span{m.from + shift, m.to + shift})
				}
				continue
			}
			out = append(out, l)
		}
		joined = len(c.lines) == 1 && c.lines[0].table == nil
	}
	return out
}

// labelled reads cells that are labels and values in turn: 题干 | … , A | … , 答案 | B.
func labelled(cells []wordCell) []textLine {
	if len(cells) == 0 || len(cells)%2 != 0 {
		return nil
	}
	var out []textLine
	for i := 0; i < len(cells); i += 2 {
		label, value := strings.Trim(cells[i].text(), " ：:"), cells[i+1].lines
		field, ok := fieldOf(label)
		word := fieldWords[field]
		if !ok || value[0].table != nil || word == "" && (len(field) != 1 || field == fieldIgnored || utf8.RuneCountInString(label) > 5) {
			return nil
		}
		if word == "" {
			word = string(field) + ". "
		} else {
			word += "："
		}
		first := value[0]
		first.text = word + first.text
		first.marked = nil
		for _, m := range value[0].marked {
			first.marked = append(first.marked, span{m.from + len(word), m.to + len(word)})
		}
		first.gap = cells[i].lines[0].gap
		out = append(append(out, first), value[1:]...)
	}
	return out
}
