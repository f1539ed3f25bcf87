package exchange

import (
	"regexp"
	"strings"
	"unicode"
)

// Limits of a text: lines that say something; bytes of a line and of a question, longer ones are listed as
// belonging to nothing; entries of a key list; and pieces listed one by one as belonging to nothing, what
// comes after these is listed as one piece.
const (
	maxLines   = 400_000
	maxLine    = 32 << 10
	maxDraft   = 128 << 10
	maxEntries = 2 * MaxRows
	maxOrphans = 2_000
)

// span is a part of a line's text, in bytes.
type span struct{ from, to int }

// textLine is one line of a text or of a paragraph, with what its writing tells beside its signs. Word
// documents, Markdown and plain texts all become such lines, and one grammar reads them.
type textLine struct {
	no       int    // line of the file, or paragraph of the document
	text     string // trimmed, never empty unless there is a table
	gap      bool   // an empty line or a rule stands before it
	bullet   bool   // item of a list without numbers
	boxed    bool   // item with a box to tick
	ticked   bool   // and the box is ticked
	verbatim bool   // a line of code: nothing in it is structure
	head     int8   // level of a heading, 0 = none
	marked   []span // set off by colour, bold or underline
	table    *textTable
}

// textTable is a table with a header row, as a sheet has one: cells of each row and their lines.
type textTable struct {
	rows  [][]string
	lines []int
}

// readText reads plain or pasted text.
func readText(s source) (Result, error) {
	lines, err := plainLines(s.text)
	if err != nil {
		return Result{}, err
	}
	return readLines(Result{Format: "text", Encoding: s.encoding}, lines)
}

// plainLines cuts a text into the lines that say something.
func plainLines(text string) ([]textLine, error) {
	var lines []textLine
	gap := false
	for no := 1; text != ""; no++ {
		line, rest, _ := strings.Cut(text, "\n")
		text = rest
		for _, piece := range splitBreaks(cleanLine(line)) {
			if piece = strings.TrimFunc(piece, blank); piece == "" || ruler(piece) {
				gap = true
				continue
			}
			if len(lines) >= maxLines {
				return nil, refuse("file.rows", "most", MaxRows)
			}
			lines = append(lines, textLine{no: no, text: piece, gap: gap})
			gap = false
		}
	}
	return lines, nil
}

// ruler reports a line that only separates, like ------.
func ruler(line string) bool {
	return len(line) >= 3 && strings.Trim(line, "-=*—─━－·~ ") == ""
}

var invisible = strings.NewReplacer("\u00a0", " ", "\u200b", "", "\u200c", "", "\u200d", "", "\ufeff", "", "\u200e", "", "\u200f", "", "\u00ad", "",
	"［", "[", "］", "]")

// cleanLine takes out signs that nobody sees, and writes wide square brackets as narrow ones.
func cleanLine(line string) string {
	if strings.ContainsAny(line, "\u00a0\u200b\u200c\u200d\ufeff\u200e\u200f\u00ad［］") {
		return invisible.Replace(line)
	}
	return line
}

// splitBreaks cuts at soft breaks and page breaks inside a line.
func splitBreaks(line string) []string {
	if !strings.ContainsAny(line, "\v\f\u2028\u2029\u0085") {
		return []string{line}
	}
	return strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune("\v\f\u2028\u2029\u0085", r) })
}

// readLines reads the lines of a document. A document without any question is refused; lines that belong to
// no question are among the result's Skipped.
func readLines(res Result, lines []textLine) (Result, error) {
	p := &paper{lines: unspaced(lines)}
	if err := p.run(); err != nil {
		return Result{}, err
	}
	res.Rows = p.rows
	res.Skipped = append(res.Skipped, p.skipped()...)
	if len(res.Rows) == 0 {
		return Result{}, refuse("file.no_items")
	}
	return res, nil
}

// unspaced forgets gaps that tell nothing, because nearly every line is followed by one.
func unspaced(lines []textLine) []textLine {
	gaps := 0
	for i := range lines {
		if lines[i].gap {
			gaps++
		}
	}
	if len(lines) > 4 && gaps*10 >= len(lines)*8 {
		for i := range lines {
			lines[i].gap = false
		}
	}
	return lines
}

var pageMark = regexp.MustCompile(`^[-—–\s]*(?:第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?|\d+\s*/\s*\d+\s*页?|[-—–]\s*\d+\s*[-—–]|[Pp]age\s*\d+(?:\s*of\s*\d+)?)[-—–\s]*$`)

// isPageMark reports a page number that was copied with the text.
func isPageMark(text string) bool {
	return len(text) < 60 && (mentions(text, "页", "/", "age") || strings.HasPrefix(text, "-") || strings.HasPrefix(text, "—") || strings.HasPrefix(text, "–")) &&
		pageMark.MatchString(text)
}

// skipped lists what belongs to no question, and keys without one.
func (p *paper) skipped() []Problem {
	var out []Problem
	var rest strings.Builder
	first := 0
	for _, l := range p.orphans {
		if len(out) < maxOrphans {
			out = append(out, orphan(l.no, l.text, "text.orphan"))
			continue
		}
		if first == 0 {
			first = l.no
		}
		rest.WriteString(l.text + "\n")
	}
	if first > 0 {
		out = append(out, orphan(first, strings.TrimSpace(rest.String()), "text.orphan"))
	}
	return append(out, p.strays...)
}

// isHan reports a Chinese sign.
func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// isSpace reports a space of any width.
func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '　' || unicode.IsSpace(r) }
