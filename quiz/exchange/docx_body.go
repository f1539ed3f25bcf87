package exchange

import (
	"path"
	"strconv"
	"strings"
)

// wordPara is a paragraph while its runs come in.
type wordPara struct {
	no       int
	text     strings.Builder
	marked   []span
	style    string
	num      string
	level    int
	inProps  bool
	run      bool
	runProps bool
	set      bool // the run is set off by colour, bold or underline
	under    bool // the run is underlined
	gap      bool // the text ends with a gap made of underlined spaces
}

// wordReader turns a document into lines of the common grammar.
type wordReader struct {
	doc    *document
	lines  []textLine
	paras  []*wordPara // open paragraphs: a text box stands inside another
	boxes  [][]textLine
	tables []*wordTable
	count  int // paragraphs so far
	space  bool
	skip   int // depth inside an element that is not read
	math   int
	total  int
	cells  int
	inText bool
}

// unread are elements whose text is not part of the document as it stands.
var unread = map[string]bool{"del": true, "moveFrom": true, "Fallback": true, "instrText": true, "delText": true, "delInstrText": true, "rt": true,
	"pPrChange": true, "rPrChange": true, "tblPrChange": true, "trPrChange": true, "tcPrChange": true, "sectPr": true, "deg": true, "binData": true}

func (w *wordReader) read(data []byte) error {
	return scanXML(data, func(e *xmlEvent) error {
		switch e.kind {
		case xmlChars:
			if w.skip == 0 && w.inText && len(w.paras) > 0 {
				w.write(e.text())
			}
			return nil
		case xmlClose:
			return w.close(e.name)
		}
		if w.skip > 0 || unread[e.name] {
			w.skip++
			return nil
		}
		return w.open(e)
	})
}

func (w *wordReader) para() *wordPara {
	if len(w.paras) == 0 {
		return nil
	}
	return w.paras[len(w.paras)-1]
}

func (w *wordReader) open(e *xmlEvent) error {
	switch e.name {
	case "p":
		w.count++
		w.paras = append(w.paras, &wordPara{no: w.count, level: -1})
		w.boxes = append(w.boxes, nil)
		return nil
	case "tbl":
		w.tables = append(w.tables, &wordTable{para: len(w.paras)})
		return nil
	case "tr", "tc", "gridSpan":
		if w.cells++; w.cells > maxLines {
			return refuse("file.rows", "most", MaxRows)
		}
		w.tableTag(e)
		return nil
	case "oMath":
		w.math++
	}
	if p := w.para(); p != nil {
		w.paraTag(p, e)
	}
	return nil
}

// paraTag reads a tag inside a paragraph.
func (w *wordReader) paraTag(p *wordPara, e *xmlEvent) {
	switch e.name {
	case "pPr":
		p.inProps = true
	case "pStyle":
		p.style = e.attr("val")
	case "numId":
		p.num = e.attr("val")
	case "ilvl":
		p.level = levelOf(e.attr("val"))
	case "r":
		p.run, p.set, p.under = true, false, false
	case "rPr":
		p.runProps = true
	case "b", "color", "u", "highlight", "shd":
		if p.runProps && !p.inProps {
			p.setOff(e)
		}
	case "t":
		w.inText = true
	case "tab":
		if p.run && !p.inProps {
			w.write("\t")
		}
	case "br", "cr":
		w.write("\n")
	case "noBreakHyphen":
		w.write("-")
	case "sym":
		w.write(symbol(e.attr("font"), e.attr("char")))
	case "blip", "imagedata":
		id := e.attr("embed")
		if id == "" {
			id = e.attr("id")
		}
		if id != "" {
			w.picture(id)
		}
	default:
		if w.math > 0 {
			w.write(mathOpen[e.name])
		}
	}
}

// How formulas are written in one line.
var (
	mathOpen  = map[string]string{"rad": "√(", "sup": "^", "sub": "_", "d": "(", "den": "/"}
	mathClose = map[string]string{"rad": ")", "d": ")"}
)

func (p *wordPara) setOff(e *xmlEvent) {
	value := e.attr("val")
	off := value == "0" || value == "false" || value == "none" || value == "off"
	switch e.name {
	case "b":
		p.set = p.set || !off
	case "u":
		p.under = !off
		p.set = p.set || !off
	case "highlight":
		p.set = p.set || !off && value != "white"
	case "color":
		p.set = p.set || colourful(value)
	case "shd":
		p.set = p.set || colourful(e.attr("fill"))
	}
}

// colourful reports a colour that is neither black, grey nor white.
func colourful(rgb string) bool {
	v, err := strconv.ParseUint(rgb, 16, 32)
	if err != nil || len(rgb) != 6 {
		return false
	}
	r, g, b := int(v>>16&255), int(v>>8&255), int(v&255)
	return max(r, g, b)-min(r, g, b) > 60
}

// symbol is a sign of a symbol font; teachers use them to tick.
func symbol(font, char string) string {
	v, err := strconv.ParseUint(char, 16, 32)
	if err != nil {
		return "□"
	}
	if v >= 0xF000 && v < 0xF100 {
		v -= 0xF000
	}
	signs := map[string]map[uint64]string{
		"Wingdings":   {0xFC: "√", 0xFB: "×", 0xFD: "☒", 0xFE: "☑", 0xA8: "□", 0x6F: "□", 0x81: "①", 0x82: "②", 0x83: "③", 0x84: "④", 0x85: "⑤", 0x86: "⑥"},
		"Wingdings 2": {0x50: "√", 0x4F: "×", 0x51: "☒", 0x52: "☑", 0x54: "☒", 0xA3: "□", 0x2A: "□"},
		"Symbol":      {0xD6: "√", 0xB4: "×", 0xB3: "≥", 0xA3: "≤", 0xB1: "±", 0xB7: "·"},
	}
	if sign := signs[font][v]; sign != "" {
		return sign
	}
	if v >= 0x100 && v < 0xE000 {
		return string(rune(v))
	}
	return "□"
}

// write adds a text to the open paragraph. Underlined spaces are a gap to fill.
func (w *wordReader) write(text string) {
	p := w.para()
	if p == nil || text == "" {
		return
	}
	if p.under && p.run && strings.TrimFunc(text, func(r rune) bool { return r != '\n' && isSpace(r) || r == '\u00a0' }) == "" {
		if !p.gap {
			p.text.WriteString(Blank)
		}
		p.gap = true
		return
	}
	p.gap = false
	from := p.text.Len()
	p.text.WriteString(cleanLine(text))
	if p.set && p.run && strings.TrimFunc(text, blank) != "" {
		if last := len(p.marked) - 1; last >= 0 && p.marked[last].to == from {
			p.marked[last].to = p.text.Len()
		} else {
			p.marked = append(p.marked, span{from, p.text.Len()})
		}
	}
}

func (w *wordReader) picture(id string) {
	name := id
	if target := w.doc.pictures[id]; target != "" {
		name = path.Base(target)
	}
	w.write("![图](" + strings.NewReplacer(" ", "%20", "(", "", ")", "").Replace(name) + ")")
}

func (w *wordReader) close(name string) error {
	if w.skip > 0 {
		w.skip--
		return nil
	}
	p := w.para()
	switch name {
	case "p":
		return w.endPara()
	case "tc", "tr", "tbl":
		return w.endTable(name)
	case "t":
		w.inText = false
	case "oMath":
		w.math--
	case "r":
		if p != nil && w.math == 0 {
			p.run, p.set, p.under = false, false, false
		}
	case "rPr":
		if p != nil {
			p.runProps = false
		}
	case "pPr":
		if p != nil {
			p.inProps = false
		}
	default:
		if w.math > 0 {
			w.write(mathClose[name])
		}
	}
	return nil
}

// endPara makes the lines of a paragraph, its number first, then those of the text boxes it holds.
func (w *wordReader) endPara() error {
	p := w.para()
	if p == nil {
		return nil
	}
	boxes := w.boxes[len(w.boxes)-1]
	w.paras, w.boxes = w.paras[:len(w.paras)-1], w.boxes[:len(w.boxes)-1]
	num, level, head := w.doc.numbering.ofStyle(p.style)
	if p.num != "" {
		num, level = p.num, max(0, p.level)
	} else if p.level >= 0 {
		level = p.level
	}
	label, bullet := "", false
	if num != "" && num != "0" {
		label, bullet = w.doc.numbering.label(num, level)
	}
	lines := paraLines(p, label, bullet, int8(head))
	if len(lines) == 0 {
		w.space = true
	}
	return w.give(append(lines, boxes...))
}

// paraLines cuts a paragraph at its soft breaks.
func paraLines(p *wordPara, label string, bullet bool, head int8) []textLine {
	text, at := p.text.String(), 0
	if strings.TrimFunc(text, blank) == "" {
		return nil
	}
	var lines []textLine
	for piece := range strings.SplitSeq(text, "\n") {
		from := at
		at += len(piece) + 1
		trimmed := strings.TrimLeftFunc(piece, blank)
		from += len(piece) - len(trimmed)
		if trimmed = strings.TrimRightFunc(trimmed, blank); trimmed == "" {
			continue
		}
		l := textLine{no: p.no, text: trimmed, head: head}
		shift := -from
		if len(lines) == 0 {
			l.bullet = bullet
			if label != "" {
				l.text = label + " " + trimmed
				shift += len(label) + 1
			}
		}
		for _, m := range p.marked {
			if m.from < from+len(trimmed) && m.to > from {
				l.marked = append(l.marked, span{max(m.from, from) + shift, min(m.to, from+len(trimmed)) + shift})
			}
		}
		lines = append(lines, l)
	}
	return lines
}

// give hands lines to where the paragraph stands: a text box, a cell, the document.
func (w *wordReader) give(lines []textLine) error {
	if len(lines) == 0 {
		return nil
	}
	if w.total += len(lines); w.total > maxLines {
		return refuse("file.rows", "most", MaxRows)
	}
	lines[0].gap, w.space = lines[0].gap || w.space, false
	if t := w.table(); t != nil && t.para >= len(w.paras) {
		t.add(lines)
		return nil
	}
	if depth := len(w.boxes); depth > 0 {
		w.boxes[depth-1] = append(w.boxes[depth-1], lines...)
		return nil
	}
	w.lines = append(w.lines, lines...)
	return nil
}
