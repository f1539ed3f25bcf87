package exchange

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
)

// Bounds of one QTI document: elements and runs of text held at once (a document lets go of each question as
// it is read), and how deep elements nest.
const (
	maxQTINodes = 300_000
	maxQTIDepth = 200
)

var (
	xmlDeclaration = regexp.MustCompile(`^\s*<\?xml[^>]*\?>`)
	xmlEncoding    = regexp.MustCompile(`encoding\s*=\s*["']([A-Za-z0-9._-]+)["']`)
)

// xmlText brings a document to UTF-8: what it is by its bytes, then what it declares, then a guess.
func xmlText(data []byte) (text, encoding string, err error) {
	head := data[:min(len(data), 200)]
	declared := ""
	if m := xmlEncoding.FindSubmatch(xmlDeclaration.Find(head)); m != nil {
		declared = strings.ToLower(string(m[1]))
	}
	known, unknown := htmlindex.Get(declared)
	if !utf8.Valid(data) && declared != "" && declared != "utf-8" && unknown == nil && bytes.IndexByte(data, 0) < 0 {
		out, err := known.NewDecoder().Bytes(data)
		if err != nil {
			return "", "", refuse("file.encoding")
		}
		text, encoding = string(out), declared
		if strings.HasPrefix(declared, "gb") {
			encoding = "gb18030"
		}
	} else if text, encoding, err = decode(data); err != nil {
		return "", "", err
	}
	text = strings.TrimPrefix(text, "\ufeff")
	if at := xmlDeclaration.FindStringIndex(text[:min(len(text), 200)]); at != nil && !strings.Contains(text[:at[1]], "1.0") {
		text = strings.Repeat("\n", strings.Count(text[:at[1]], "\n")) + text[at[1]:] // a version that the decoder does not know
	}
	return text, encoding, nil
}

// qtiName makes the spellings of QTI 2 and 3 the same: qti-choice-interaction and choiceInteraction.
func qtiName(name string) string {
	name = strings.ToLower(name)
	return strings.ReplaceAll(strings.TrimPrefix(name, "qti-"), "-", "")
}

// qtiParser builds a tree with normalised names and forgives what real files do: end tags that miss, entities
// of HTML, attributes without quotes.
type qtiParser struct {
	d     *xml.Decoder
	stack []*node
	nodes int
	part  string
	each  func(item *node, above []*node)
}

// parseQTI reads a document. Each question, and each resource of a manifest, is handed to each as soon as it is whole and then let go of; with
// each nil the whole tree is kept. A fault of the writing comes back with what was read before it.
func parseQTI(text, part string, each func(item *node, above []*node)) (*node, *Error) {
	p := &qtiParser{d: xml.NewDecoder(strings.NewReader(text)), part: part, each: each}
	p.d.Strict, p.d.Entity = false, xml.HTMLEntity
	p.d.CharsetReader = func(label string, input io.Reader) (io.Reader, error) { return input, nil } // UTF-8 by now
	root := &node{name: "#document"}
	p.stack = []*node{root}
	for {
		start := p.d.InputOffset()
		line, _ := p.d.InputPos()
		token, err := p.d.RawToken()
		if errors.Is(err, io.EOF) {
			if len(p.stack) > 1 {
				return root, refuse("file.xml", "line", line, "reason", "<"+p.stack[len(p.stack)-1].name+"> "+"EOF")
			}
			return root, nil
		}
		if err != nil {
			return root, xmlFault(err)
		}
		if fault := p.take(token, line, start); fault != nil {
			return root, fault
		}
	}
}

func (p *qtiParser) take(token xml.Token, line int, start int64) *Error {
	top := p.stack[len(p.stack)-1]
	switch t := token.(type) {
	case xml.Directive:
		if bytes.Contains(bytes.ToUpper(t), []byte("ENTITY")) {
			return refuse("file.entities", "part", p.part)
		}
	case xml.StartElement:
		if len(p.stack) > maxQTIDepth {
			return refuse("file.broken", "part", p.part)
		}
		if p.nodes++; p.nodes > maxQTINodes {
			return refuse("file.bomb", "part", p.part)
		}
		n := &node{name: qtiName(t.Name.Local), line: line, start: start}
		if len(t.Attr) > 0 {
			n.attrs = make(map[string]string, len(t.Attr))
			for _, a := range t.Attr {
				n.attrs[qtiName(a.Name.Local)] = a.Value
			}
		}
		top.kids = append(top.kids, n)
		p.stack = append(p.stack, n)
	case xml.EndElement:
		p.end(qtiName(t.Name.Local))
	case xml.CharData:
		if p.nodes++; p.nodes > maxQTINodes {
			return refuse("file.bomb", "part", p.part)
		}
		top.kids = append(top.kids, &node{text: string(t), line: line})
	}
	return nil
}

// end closes the nearest element of the name and all that were left open inside it.
func (p *qtiParser) end(name string) {
	at := len(p.stack) - 1
	for at > 0 && p.stack[at].name != name {
		at--
	}
	if at == 0 {
		return
	}
	for len(p.stack) > at {
		n := p.stack[len(p.stack)-1]
		n.end = p.d.InputOffset()
		p.stack = p.stack[:len(p.stack)-1]
		if p.each != nil && p.question(n) {
			p.each(n, p.stack)
			above := p.stack[len(p.stack)-1]
			above.kids = above.kids[:len(above.kids)-1]
			p.nodes -= size(n)
		}
	}
}

// question tells the element of one question from elements of the same name elsewhere.
func (p *qtiParser) question(n *node) bool {
	switch n.name {
	case "assessmentitem", "bankentry_item":
		return true
	case "resource":
		return p.stack[len(p.stack)-1].name == "resources"
	case "item":
		switch p.stack[len(p.stack)-1].name {
		case "questestinterop", "assessment", "section", "objectbank", "#document":
			return true
		}
	}
	return false
}

func size(n *node) int {
	count := 1
	for _, k := range n.kids {
		count += size(k)
	}
	return count
}

// attr is an attribute by its normalised name; empty for none.
func (n *node) attr(name string) string {
	if n == nil {
		return ""
	}
	return strings.TrimSpace(n.attrs[name])
}

// first is the first element of a name anywhere below, nil for none.
func (n *node) first(name string) *node {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name == name {
			return k
		}
		if found := k.first(name); found != nil {
			return found
		}
	}
	return nil
}
