package exchange

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// giftItem is one question on its way from a chunk to an item.
type giftItem struct {
	it       Item
	album    album
	format   string // of the question's text; answers without one of their own take it
	feedback []string
	general  string
	warnings []Problem
	fault    []any // a code and its arguments
}

func (g *giftItem) warn(code string, args ...any) {
	g.warnings = append(g.warnings, problem("", code, args...))
}

// reading reads the chunk; raw is its text as the file has it.
func (c *giftChunk) reading(raw, topic string) reading {
	r := reading{row: Row{Line: c.line, Exact: true, Text: raw}}
	g := &giftItem{it: Item{Topic: topic}, album: album{used: map[string]bool{}}}
	for _, comment := range c.comments {
		if g.own(comment, &r.marks) {
			continue
		}
		for _, m := range giftTag.FindAllStringSubmatch(comment, -1) {
			g.it.Tags = append(g.it.Tags, tagOf(giftText(m[1])))
		}
	}
	if c.fault != "" {
		g.fault = []any{"item.malformed", "reason", c.fault}
		return g.finish(r)
	}
	text := c.title()
	switch {
	case len(c.braces) == 0:
		r.text = true
		g.it.Kind, g.it.Stem = Group, g.text(text, "")
	default:
		g.question(c, len(c.text)-len(text))
	}
	return g.finish(r)
}

// The comments in which our own files say what GIFT has no place for.
const (
	giftMark    = "// [jingzhong:"
	giftPicture = "// [jingzhong-picture:"
)

// own reads a comment of our own, false for another.
func (g *giftItem) own(comment string, m *marks) bool {
	if rest, ok := strings.CutPrefix(comment, giftMark); ok {
		field, value, _ := strings.Cut(strings.TrimSuffix(rest, "]"), " ")
		return m.read(field, value)
	}
	rest, ok := strings.CutPrefix(comment, giftPicture)
	if !ok {
		return false
	}
	name, body, _ := strings.Cut(strings.TrimSuffix(rest, "]"), " ")
	if data, err := decodePicture(body); err == nil {
		g.album.keep(pictureName(name), data)
	}
	return true
}

// tagOf is a tag without spaces, which separate tags.
func tagOf(tag string) string { return strings.Join(strings.Fields(tag), "_") }

// finish makes the reading of what was found.
func (g *giftItem) finish(r reading) reading {
	g.keepFeedback()
	r.row.Pictures = g.album.pictures
	r.row.Warnings = append(g.warnings, g.album.warnings...)
	if len(g.fault) == 0 && len(g.it.Options) > len(letters) {
		g.fault = []any{"item.options_many", "most", len(letters)}
		g.it.Options = nil
	}
	for i := range r.row.Warnings {
		r.row.Warnings[i].Line = r.row.Line
	}
	if len(g.fault) > 0 {
		p := problem("", g.fault[0].(string), g.fault[1:]...)
		p.Line = r.row.Line
		r.row.Problems = []Problem{p}
		if g.it.Stem != "" {
			r.cells = Cells{FieldStem: g.it.Stem}
		}
		return r
	}
	r.cells = CellsOf(g.it)
	return r
}

// keepFeedback puts what was said about single answers into the explanation, if nothing else is there.
func (g *giftItem) keepFeedback() {
	if g.general != "" {
		g.it.Explanation = g.general
		for _, text := range g.feedback {
			g.warn("item.feedback_lost", "text", text)
		}
		return
	}
	g.it.Explanation = strings.Join(g.feedback, "\n")
}

// title takes the title off the chunk's text and keeps what follows, and a comment behind it.
func (c *giftChunk) title() string {
	text := strings.TrimLeftFunc(c.text, blank)
	if !strings.HasPrefix(text, "::") {
		return text
	}
	for i := 2; i+1 < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case text[i] == '{':
			return text
		case text[i] == ':' && text[i+1] == ':':
			rest := text[i+2:]
			if first, more, _ := strings.Cut(rest, "\n"); strings.HasPrefix(strings.TrimSpace(first), "//") {
				return more
			}
			return rest
		}
	}
	return text
}

var (
	giftFormat = regexp.MustCompile(`^\s*\[(html|markdown|plain|moodle)\]`)
	lineBreak  = regexp.MustCompile(`[ \t\x{3000}]*\n\s*`)
)

// text is a piece of the question as its reader sees it; fallback is the format it has without a name.
func (g *giftItem) text(raw, fallback string) string {
	format := fallback
	if m := giftFormat.FindStringSubmatchIndex(raw); m != nil {
		format, raw = raw[m[2]:m[3]], raw[m[1]:]
	}
	if format != "markdown" && format != "html" {
		raw = joinLines(raw)
	}
	return formatted(giftText(raw), format, &g.album)
}

// joinLines makes one line of several: the author's editor broke them, a meant line break is \n. Lines that
// end or begin in Chinese keep their ends.
func joinLines(text string) string {
	text = strings.TrimFunc(text, blank)
	cuts := lineBreak.FindAllStringIndex(text, -1)
	if cuts == nil {
		return text
	}
	var b strings.Builder
	at := 0
	for _, cut := range cuts {
		b.WriteString(text[at:cut[0]])
		before, _ := utf8.DecodeLastRuneInString(text[:cut[0]])
		after, _ := utf8.DecodeRuneInString(text[cut[1]:])
		if wide(before) || wide(after) {
			b.WriteByte('\n')
		} else {
			b.WriteByte(' ')
		}
		at = cut[1]
	}
	b.WriteString(text[at:])
	return b.String()
}

func wide(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef
}

// giftText takes the escapes out of a text.
func giftText(raw string) string {
	if !strings.ContainsRune(raw, '\\') {
		return raw
	}
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' || i+1 == len(raw) {
			b.WriteByte(raw[i])
			continue
		}
		switch next := raw[i+1]; {
		case next == 'n':
			b.WriteByte('\n')
			i++
		case strings.IndexByte(`\:#={}~]`, next) >= 0:
			b.WriteByte(next)
			i++
		default:
			b.WriteByte('\\')
		}
	}
	return b.String()
}

// question reads a chunk with braces; the text begins at an offset of the chunk.
func (g *giftItem) question(c *giftChunk, begin int) {
	var texts, answers []string
	at := min(begin, c.braces[0][0])
	for _, pair := range c.braces {
		texts = append(texts, c.text[at:pair[0]])
		answers = append(answers, c.text[pair[0]+1:pair[1]])
		at = pair[1] + 1
	}
	texts = append(texts, c.text[at:])
	if m := giftFormat.FindStringSubmatch(texts[0]); m != nil {
		g.format = m[1]
	}
	if len(answers) > 1 {
		g.several(texts, answers)
		return
	}
	before, after := texts[0], texts[1]
	g.answer(answers[0])
	gap := g.it.Kind == Single || g.it.Kind == Multiple || g.it.Kind == Fill
	switch {
	case strings.TrimFunc(before, blank) == "" && strings.TrimFunc(after, blank) == "", g.bare(before) && strings.TrimFunc(after, blank) == "":
		g.it.Stem = ""
	case strings.TrimFunc(after, blank) != "" && (gap || !punctuation(after)):
		g.it.Stem = g.text(before+Blank+after, "")
	case strings.TrimFunc(after, blank) != "":
		g.it.Stem = g.text(strings.TrimRightFunc(before, blank)+strings.TrimFunc(after, blank), "")
	default:
		g.it.Stem = g.text(before, "")
		if g.it.Kind == Fill && CountBlanks(g.it.Stem) == 0 {
			if strings.HasSuffix(before, " ") {
				g.it.Stem += " "
			}
			g.it.Stem += Blank
		}
	}
}

// bare reports whether a text is empty but for the name of its format.
func (g *giftItem) bare(text string) bool {
	return strings.TrimFunc(giftFormat.ReplaceAllString(text, ""), blank) == ""
}

func punctuation(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

// several reads a text with several pairs of braces: gaps, if each of them is a short answer.
func (g *giftItem) several(texts, answers []string) {
	g.it.Kind = Fill
	var blanks [][]string
	for _, answer := range answers {
		one := &giftItem{album: g.album, format: g.format}
		one.answer(answer)
		if one.it.Kind != Fill || len(one.it.Blanks) != 1 || len(one.fault) > 0 {
			g.fault = []any{"item.malformed", "reason", "一道题里有几处花括号，只有每处都是填空时才能读取"}
			return
		}
		blanks = append(blanks, one.it.Blanks[0])
		g.feedback = append(g.feedback, one.feedback...)
		g.warnings = append(g.warnings, one.warnings...)
	}
	g.it.Blanks, g.it.Stem = blanks, g.text(strings.Join(texts, Blank), "")
}
