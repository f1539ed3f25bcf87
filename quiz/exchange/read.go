package exchange

import (
	"strings"
	"unicode"
)

// headerRows is how far down a header row is looked for.
const headerRows = 20

// sheet gathers the rows of one sheet, line by line.
type sheet struct {
	name    string
	kind    string // the kind its name tells
	exact   bool
	columns map[int]column
	rows    []Row
	skipped []Problem
}

// line takes one line; it reports false when the sheet has no header where one must be.
func (s *sheet) line(no int, cells []string) bool {
	if s.columns == nil {
		if columns, unread, ok := headerOf(cells); ok {
			s.columns = columns
			for i := range maxColumns {
				if header, ok := unread[i]; ok {
					p := problem("", "column.unread", "column", header)
					p.Sheet, p.Line, p.Column = s.name, no, header
					s.skipped = append(s.skipped, p)
				}
			}
			return true
		}
		return no < headerRows
	}
	row := Row{Sheet: s.name, Line: no, Exact: s.exact, Cells: Cells{}}
	for i, text := range cells {
		text = strings.TrimFunc(strings.ReplaceAll(text, "\r\n", "\n"), blank)
		if col, ok := s.columns[i]; ok && text != "" && col.field != fieldIgnored {
			row.Cells[col.field] = unguard(text)
		}
	}
	if len(row.Cells) == 0 {
		return true
	}
	if row.Cells[FieldKind] == "" && s.kind != "" && len(row.Cells) > 0 {
		row.Cells[FieldKind] = KindName(s.kind)
	}
	row = Parse(row)
	s.nameColumns(row.Problems)
	s.nameColumns(row.Warnings)
	s.rows = append(s.rows, row)
	return true
}

func blank(r rune) bool { return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' }

// nameColumns gives problems the header of their field, as the file spells it.
func (s *sheet) nameColumns(problems []Problem) {
	for i := range problems {
		for _, col := range s.columns {
			if col.field == problems[i].Field {
				problems[i].Column = col.header
			}
		}
	}
}

// guarded are the first signs that make a spreadsheet take a text for a formula.
const guarded = "=+-@\t\r"

// guard puts ' before a text that a spreadsheet might run, and before one that already looks guarded, so
// that unguard gives back exactly what was.
func guard(text string) string {
	if rest := strings.TrimLeft(text, "'"); rest != "" && strings.ContainsRune(guarded, rune(rest[0])) {
		return "'" + text
	}
	return text
}

func unguard(text string) string {
	if rest := strings.TrimLeft(text, "'"); rest != "" && rest != text && strings.ContainsRune(guarded, rune(rest[0])) {
		return text[1:]
	}
	return text
}

// finish puts the sheets together.
func finish(format, encoding string, sheets []*sheet, skipped []Problem) (Result, error) {
	res := Result{Format: format, Encoding: encoding, Skipped: skipped}
	headers := false
	for _, s := range sheets {
		headers = headers || s.columns != nil
		res.Rows = append(res.Rows, foldGroups(s.rows)...)
		res.Skipped = append(res.Skipped, s.skipped...)
	}
	switch {
	case !headers:
		return Result{}, refuse("file.no_header")
	case len(res.Rows) == 0:
		return Result{}, refuse("file.no_rows")
	}
	return res, nil
}
