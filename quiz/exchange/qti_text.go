package exchange

import (
	"regexp"
	"strings"
)

// exactClass marks an element of ours whose white space counts.
const exactClass = "jz-exact"

// Signs that stand for the white space of exact texts until all else is tidied. They are no characters.
var (
	exactSpace   = strings.NewReplacer(" ", "\ufdd0", "\t", "\ufdd1", "\n", "\ufdd2", "\u00a0", "\ufdd3", "\r", "\ufdd2")
	unexactSpace = strings.NewReplacer("\ufdd0", " ", "\ufdd1", "\t", "\ufdd2", "\n", "\ufdd3", "\u00a0")
	looseSpace   = strings.NewReplacer("\r", " ", "\n", " ", "\t", " ")
	escapedHTML  = regexp.MustCompile(`(?i)</?(p|div|span|br|strong|em|b|i|u|ul|ol|li|img|table|tr|td|sub|sup|h[1-6])(\s[^<>]*)?/?>`)
)

// blockNames begin a line of their own.
var blockNames = map[string]bool{"p": true, "div": true, "li": true, "tr": true, "ul": true, "ol": true, "dl": true,
	"dt": true, "dd": true, "table": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true,
	"blockquote": true, "pre": true, "section": true, "article": true, "hr": true, "caption": true, "prompt": true,
	"rubricblock": true, "figure": true, "figcaption": true, "address": true, "simplechoice": true, "gaptext": true,
	"simpleassociablechoice": true, "flow": true, "flowmat": true, "material": true, "flowlabel": true, "responselabel": true}

// asideNames say something to those who have answered, or draw nothing: no text of the question.
var asideNames = map[string]bool{"feedbackinline": true, "feedbackblock": true, "modalfeedback": true, "rubricblock": true,
	"infocontrol": true, "script": true, "style": true, "stylesheet": true, "templateblock": true, "templateinline": true,
	"annotation": true, "annotationxml": true, "rp": true, "source": true, "track": true, "apipaccessibility": true,
	"companionmaterialsinfo": true, "cataloginfo": true}

// qtiText writes elements as text: lines, tabs between cells, pictures as ![alt](name), formulas in a line.
// gap says what stands for an interaction; without it interactions stand for nothing.
type qtiText struct {
	b     strings.Builder
	r     *qtiReader
	gap   func(n *node) string
	exact bool
}

// text is what a reader sees of elements.
func (r *qtiReader) text(gap func(*node) string, nodes ...*node) string {
	w := &qtiText{r: r, gap: gap}
	for _, n := range nodes {
		w.write(n)
	}
	return unexactSpace.Replace(tidyText(w.b.String()))
}

// kidsText is text of what is inside an element.
func (r *qtiReader) kidsText(gap func(*node) string, n *node) string {
	if n == nil {
		return ""
	}
	w := &qtiText{r: r, gap: gap}
	w.kids(n)
	return unexactSpace.Replace(tidyText(w.b.String()))
}

func (w *qtiText) kids(n *node) {
	if strings.Contains(n.attr("class"), exactClass) && !w.exact {
		w.exact = true
		defer func() { w.exact = false }()
	}
	for _, k := range n.kids {
		w.write(k)
	}
}

func (w *qtiText) write(n *node) {
	switch {
	case n.name == "":
		w.run(n.text)
	case asideNames[n.name]:
	case isInteraction(n):
		if w.gap != nil {
			w.b.WriteString(w.gap(n))
		}
	case n.name == "br":
		if w.exact {
			w.b.WriteString("\ufdd2")
		} else {
			w.b.WriteString("\n")
		}
	case n.name == "img" || n.name == "object" || n.name == "audio" || n.name == "video" || n.name == "include":
		w.embed(n)
	case n.name == "math":
		w.b.WriteString(mathText(n))
	case n.name == "td" || n.name == "th":
		w.b.WriteString("\t")
		w.kids(n)
	case n.name == "rt":
		w.b.WriteString("(")
		w.kids(n)
		w.b.WriteString(")")
	case n.name == "hottext":
		w.b.WriteString("【")
		w.kids(n)
		w.b.WriteString("】")
	case n.name == "gap":
		if w.gap != nil {
			w.b.WriteString(w.gap(n))
		}
	case blockNames[n.name]:
		w.b.WriteString("\n")
		w.kids(n)
		w.b.WriteString("\n")
	default:
		w.kids(n)
	}
}

// run writes a run of text. HTML that was escaped once too often is read as what it is.
func (w *qtiText) run(text string) {
	switch {
	case w.exact:
		w.b.WriteString(exactSpace.Replace(text))
	case strings.Contains(text, "<") && escapedHTML.MatchString(text):
		w.b.WriteString(htmlText(text, w.r.pictureName))
	default:
		w.b.WriteString(looseSpace.Replace(text))
	}
}

// embed writes a picture, or what stands inside an object that is none.
func (w *qtiText) embed(n *node) {
	src := n.attr("src")
	if n.name == "object" {
		src = n.attr("data")
	}
	kind := n.attr("type")
	switch {
	case n.name == "include":
		w.r.warn("package.part_unread", "part", n.attr("href"))
	case n.name == "img", strings.HasPrefix(kind, "image/"), kind == "" && pictureFile.MatchString(src):
		alt := n.attr("alt")
		if n.name == "object" {
			alt = w.r.kidsText(nil, n)
		}
		w.b.WriteString(pictureMark(alt, src, w.r.pictureName))
	case n.name == "object" && strings.Contains(kind, "html"):
		w.b.WriteString("\n" + w.r.htmlPart(src) + "\n")
	default:
		if src == "" {
			src = n.first("source").attr("src")
		}
		w.r.warn("item.media_lost", "name", src)
		w.kids(n)
	}
}

// isInteraction reports whether an element is a place for an answer.
func isInteraction(n *node) bool {
	return strings.HasSuffix(n.name, "interaction") || n.name == "positionobjectstage"
}

// mathText writes a formula in one line.
func mathText(n *node) string {
	if n.name == "" {
		return strings.TrimSpace(n.text)
	}
	var parts []string
	for _, k := range n.kids {
		if asideNames[k.name] {
			continue
		}
		if text := mathText(k); text != "" {
			parts = append(parts, text)
		}
	}
	wrap := func(i int) string {
		if len([]rune(parts[i])) > 1 {
			return "(" + parts[i] + ")"
		}
		return parts[i]
	}
	all := strings.Join(parts, "")
	switch {
	case n.name == "mfrac" && len(parts) == 2:
		return wrap(0) + "/" + wrap(1)
	case n.name == "msup" && len(parts) == 2:
		return wrap(0) + "^" + wrap(1)
	case n.name == "msub" && len(parts) == 2:
		return wrap(0) + "_" + wrap(1)
	case n.name == "msubsup" && len(parts) == 3:
		return wrap(0) + "_" + wrap(1) + "^" + wrap(2)
	case n.name == "msqrt" && all != "":
		return "√(" + all + ")"
	case n.name == "mroot" && len(parts) == 2:
		return wrap(0) + "^(1/" + parts[1] + ")"
	case n.name == "mfenced":
		return "(" + strings.Join(parts, ",") + ")"
	}
	return all
}
