package exchange

import (
	"encoding/json"
	"sort"
	"strconv"
)

// marks are what our own files say beside a format that has no place for it: cells by field, which stand
// over what the format itself says, and how many of the questions that follow belong to a group's material.
// Other programs take them for comments.
type marks struct {
	cells Cells
	parts int
}

// missing are the marks of an item of which a format gave back only native: what differs, fields that should
// be empty as "".
func missing(want, native Cells) Cells {
	diff := Cells{}
	for field, text := range want {
		if field != FieldItems && native[field] != text {
			diff[field] = text
		}
	}
	for field := range native {
		if _, ok := want[field]; !ok && field != FieldItems {
			diff[field] = ""
		}
	}
	return diff
}

// over lays the marked cells over those that the format gave.
func (m marks) over(native Cells) Cells {
	if len(m.cells) == 0 {
		return native
	}
	c := Cells{}
	for field, text := range native {
		c[field] = text
	}
	for field, text := range m.cells {
		if text == "" {
			delete(c, field)
		} else {
			c[field] = text
		}
	}
	return c
}

// lines are the marks as texts without line ends, in a fixed order.
func (m marks) lines() []string {
	var out []string
	if m.parts > 0 {
		out = append(out, "parts "+strconv.Quote(strconv.Itoa(m.parts)))
	}
	fields := make([]string, 0, len(m.cells))
	for field := range m.cells {
		fields = append(fields, string(field))
	}
	sort.Strings(fields)
	for _, field := range fields {
		value, err := json.Marshal(m.cells[Field(field)])
		if err != nil {
			continue // a string has no value that fails
		}
		out = append(out, field+" "+string(value))
	}
	return out
}

// read takes one mark; it reports false for one that is none of ours.
func (m *marks) read(field, value string) bool {
	var text string
	if json.Unmarshal([]byte(value), &text) != nil {
		return false
	}
	if field == "parts" {
		n, err := strconv.Atoi(text)
		m.parts = n
		return err == nil && n > 0
	}
	if _, known := headers[Field(field)]; !known && (len(field) != 1 || field[0] < 'A' || field[0] > 'J') {
		return false
	}
	if m.cells == nil {
		m.cells = Cells{}
	}
	m.cells[Field(field)] = text
	return true
}

// reading is a question on its way into a row. A native cell that is absent was empty; row carries its line,
// text, pictures, warnings, and problems if the format's own words make no item.
type reading struct {
	row   Row
	cells Cells
	marks marks
	text  bool // not a question but a text between questions
}

// asRow makes the row.
func (r reading) asRow() Row {
	if len(r.marks.cells) == 0 && len(r.row.Problems) > 0 {
		row := r.row
		row.Cells = r.cells
		if row.Cells == nil {
			row.Cells = Cells{FieldStem: row.Text}
		}
		return row
	}
	row := Parse(Row{Line: r.row.Line, Exact: true, Text: r.row.Text, Pictures: r.row.Pictures, Cells: r.marks.over(r.cells)})
	row.Warnings = append(row.Warnings, r.row.Warnings...)
	return row
}

// assemble turns readings into rows: a text between questions is left out and listed, unless it is the
// material of a group, which takes the questions that follow.
func assemble(readings []reading, res *Result) {
	for i := 0; i < len(readings); i++ {
		r := readings[i]
		if !r.text {
			res.Rows = append(res.Rows, r.asRow())
			continue
		}
		var parts []Cells
		for n := r.marks.parts; n > 0 && i+1 < len(readings) && !readings[i+1].text; n-- {
			i++
			part := readings[i]
			cells := part.marks.over(part.cells)
			if len(part.row.Problems) > 0 && len(part.marks.cells) == 0 || cells == nil {
				cells = Cells{FieldStem: part.row.Text}
			}
			parts = append(parts, cells)
			r.row.Text += "\n" + part.row.Text
			r.row.Warnings = append(r.row.Warnings, part.row.Warnings...)
			for _, p := range part.row.Pictures {
				if !hasPicture(r.row.Pictures, p.Name) {
					r.row.Pictures = append(r.row.Pictures, p)
				}
			}
		}
		if parts == nil {
			res.Skipped = append(res.Skipped, orphan(r.row.Line, r.row.Text, "item.not_question"))
			continue
		}
		cells := Cells{}
		for field, text := range r.cells {
			cells[field] = text
		}
		cells[FieldItems] = cellsCell(parts)
		r.cells, r.row.Problems = cells, nil
		r.cells[FieldKind] = KindName(Group)
		res.Rows = append(res.Rows, r.asRow())
	}
}

func hasPicture(pictures []Picture, name string) bool {
	for _, p := range pictures {
		if p.Name == name {
			return true
		}
	}
	return false
}
