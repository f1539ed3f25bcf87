package exchange

import (
	"encoding/base64"
	"path"
	"strings"
)

// place12 is a response of a QTI 1.2 item: what it is called, shows and offers.
type place12 struct {
	n       *node
	ident   string
	label   string // what stands inside it, before its options
	options []qtiOption
	fib     bool // typed, not picked
	numeric bool
	ordered bool
	several bool
	long    bool // has room for several lines
}

// piece12 is a run of text or a response, in the order of the presentation.
type piece12 struct {
	text  string
	place *place12
}

// pieces takes a presentation apart.
func (r *qtiReader) pieces(n *node) []piece12 {
	if n == nil {
		return nil
	}
	var out []piece12
	for _, k := range n.kids {
		switch k.name {
		case "material", "materialref", "matformattedtext", "mat_formattedtext", "mattext":
			if text := r.material12(k); text != "" {
				out = append(out, piece12{text: text})
			}
		case "response_lid", "response_str", "response_num", "response_grp", "response_xy", "response_extension":
			out = append(out, piece12{place: r.place(k)})
		case "":
		default:
			out = append(out, r.pieces(k)...)
		}
	}
	return out
}

// place reads one response.
func (r *qtiReader) place(n *node) *place12 {
	p := &place12{n: n, ident: n.attr("ident")}
	p.ordered = strings.EqualFold(n.attr("rcardinality"), "ordered")
	p.several = strings.EqualFold(n.attr("rcardinality"), "multiple")
	var labels []string
	for _, k := range n.kids {
		if k.name == "material" {
			labels = append(labels, r.material12(k))
		}
	}
	p.label = strings.Join(nonEmpty(labels), "\n")
	for _, l := range n.all("response_label") {
		if n.name == "response_str" && n.first("render_choice") == nil || n.name == "response_num" {
			break
		}
		text := r.labelText(l)
		if len(p.options) >= maxChoices {
			break
		}
		p.options = append(p.options, qtiOption{l.attr("ident"), text, strings.EqualFold(l.attr("rshuffle"), "no")})
	}
	fib := n.first("render_fib")
	p.fib = len(p.options) == 0 && n.name != "response_grp" && (fib != nil || n.name == "response_str" || n.name == "response_num")
	p.numeric = n.name == "response_num" || strings.EqualFold(fib.attr("fibtype"), "decimal") || strings.EqualFold(fib.attr("fibtype"), "integer")
	p.long = number(fib.attr("rows")) > 1
	allFixed := len(p.options) > 0
	for _, o := range p.options {
		allFixed = allFixed && o.fixed
	}
	for i := range p.options {
		if allFixed { // the whole list keeps its order, no option depends on another
			p.options[i].fixed = false
		}
	}
	return p
}

// labelText is what one option shows.
func (r *qtiReader) labelText(l *node) string {
	var texts []string
	for _, piece := range r.pieces(l) {
		texts = append(texts, piece.text)
	}
	if len(texts) == 0 {
		texts = append(texts, r.plain12(l.content(), ""))
	}
	return strings.Join(nonEmpty(texts), "\n")
}

// material12 is the text of a material: runs of text side by side, pictures, line breaks.
func (r *qtiReader) material12(n *node) string {
	var b strings.Builder
	r.writeMaterial(&b, n)
	return strings.TrimFunc(b.String(), blank)
}

func (r *qtiReader) writeMaterial(b *strings.Builder, n *node) {
	switch n.name {
	case "mattext", "matemtext", "mat_formattedtext", "matformattedtext":
		kind := n.attr("texttype") + n.attr("type")
		for _, k := range n.kids {
			if k.name != "" { // XHTML that was not escaped
				b.WriteString(r.kidsText(nil, n))
				return
			}
		}
		b.WriteString(r.plain12(n.content(), kind))
	case "matimage":
		b.WriteString(r.image12(n))
	case "matbreak":
		b.WriteString("\n")
	case "mataudio", "matvideo", "matapplet", "matapplication":
		r.warn("item.media_lost", "name", n.attr("uri"))
	case "altmaterial":
	default:
		for _, k := range n.kids {
			if k.name != "" {
				r.writeMaterial(b, k)
			}
		}
	}
}

// plain12 reads a run of text as HTML if it says so or looks like it.
func (r *qtiReader) plain12(text, kind string) string {
	kind = strings.ToLower(kind)
	if strings.Contains(kind, "html") || escapedHTML.MatchString(text) || kind == "smart_text" && strings.Contains(text, "<") {
		return htmlText(text, r.pictureName)
	}
	return tidyText(text)
}

// image12 is a picture of a material, at an address or inside the document.
func (r *qtiReader) image12(n *node) string {
	alt := n.attr("label")
	if strings.EqualFold(n.attr("embedded"), "base64") {
		data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(n.content()), ""))
		name := path.Base(alt)
		if name == "." || name == "/" {
			name = "picture.png"
		}
		if err != nil {
			r.warn("item.picture_missing", "name", name)
			return alt
		}
		return pictureMark(alt, r.keepPicture(name, data), nil)
	}
	src := n.attr("uri")
	if src == "" {
		src = n.attr("entityref")
	}
	return pictureMark(alt, src, r.pictureName)
}

// gapMark stands for a response until the text is whole. It is no character.
const gapMark = "\ufdd4"

// gapped puts pieces together: texts on lines of their own, responses as gaps inside the text.
func gapped(pieces []piece12) string {
	var b strings.Builder
	var last piece12
	for i, p := range pieces {
		switch {
		case p.place != nil:
			if last.place != nil {
				b.WriteString(" ")
			} else if s := b.String(); s != "" && isWord(s[len(s)-1]) {
				b.WriteString(" ")
			}
			b.WriteString(gapMark)
		default:
			if i > 0 && last.place == nil {
				b.WriteString("\n")
			} else if last.place != nil && isWord(p.text[0]) {
				b.WriteString(" ")
			}
			b.WriteString(p.text)
		}
		last = p
	}
	return b.String()
}

func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// settleGaps makes marks into gaps. A text that shows as many gaps of its own before its marks keeps those.
func settleGaps(text string, gaps int) string {
	bare := strings.TrimRight(text, gapMark+" \n")
	if !strings.Contains(bare, gapMark) && CountBlanks(bare) == gaps {
		return bare
	}
	text = underscores.ReplaceAllString(text, "_")
	text = strings.ReplaceAll(strings.ReplaceAll(text, gapMark+"_", gapMark+" _"), "_"+gapMark, "_ "+gapMark)
	return strings.ReplaceAll(text, gapMark, Blank)
}
