package exchange

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// node is an element of an XML document, or a run of text (name ""). Names are as written, without prefix.
type node struct {
	name  string
	attrs map[string]string // by local name
	text  string            // of a run of text
	kids  []*node
	line  int
	start int64 // bytes of the document from < to >, for the text of what cannot be read
	end   int64
}

// parseXML reads a document into a tree. Declarations (and so entities of its own) are refused, nesting is
// bounded; HTML's named entities are known.
func parseXML(data []byte) (*node, error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict, d.Entity = true, xml.HTMLEntity
	d.CharsetReader = func(label string, input io.Reader) (io.Reader, error) { return input, nil } // UTF-8 by now
	root := &node{}
	stack := []*node{root}
	for {
		start := d.InputOffset()
		line, _ := d.InputPos()
		token, err := d.Token()
		top := stack[len(stack)-1]
		switch {
		case errors.Is(err, io.EOF):
			if len(root.kids) == 0 {
				return nil, refuse("file.empty")
			}
			return root, nil
		case err != nil:
			return nil, xmlFault(err)
		}
		switch t := token.(type) {
		case xml.Directive:
			if !harmlessDoctype(t) {
				return nil, refuse("file.entities", "part", "xml")
			}
		case xml.StartElement:
			if len(stack) > maxDepth {
				return nil, refuse("file.broken", "part", t.Name.Local)
			}
			n := &node{name: t.Name.Local, attrs: make(map[string]string, len(t.Attr)), line: line, start: start}
			for _, a := range t.Attr {
				n.attrs[a.Name.Local] = a.Value
			}
			top.kids = append(top.kids, n)
			stack = append(stack, n)
		case xml.EndElement:
			top.end = d.InputOffset()
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if last := len(top.kids) - 1; last >= 0 && top.kids[last].name == "" {
				top.kids[last].text += string(t)
			} else {
				top.kids = append(top.kids, &node{text: string(t), line: line})
			}
		}
	}
}

// harmlessDoctype is a DOCTYPE that only names its document type, as QTI 1.2 files do: it declares no entity
// and nothing is fetched for it.
func harmlessDoctype(d xml.Directive) bool {
	return bytes.HasPrefix(bytes.ToUpper(d), []byte("DOCTYPE")) && !bytes.ContainsAny(d, "[") && !bytes.Contains(d, []byte("ENTITY"))
}

func xmlFault(err error) *Error {
	if syntax := new(xml.SyntaxError); errors.As(err, &syntax) {
		return refuse("file.xml", "line", syntax.Line, "reason", syntax.Msg)
	}
	return refuse("file.broken", "part", "xml")
}

// child is the first element of a name among the kids, nil for none.
func (n *node) child(name string) *node {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name == name {
			return k
		}
	}
	return nil
}

// children are the elements of a name among the kids.
func (n *node) children(name string) (out []*node) {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name == name {
			out = append(out, k)
		}
	}
	return out
}

// walk visits the node and all elements below it, until visit says false for one: its kids are left out.
func (n *node) walk(visit func(*node) bool) {
	if n == nil || n.name != "" && !visit(n) {
		return
	}
	for _, k := range n.kids {
		k.walk(visit)
	}
}

// all are the elements of a name anywhere below.
func (n *node) all(name string) (out []*node) {
	n.walk(func(k *node) bool {
		if k != n && k.name == name {
			out = append(out, k)
		}
		return true
	})
	return out
}

// content is all text below, as written.
func (n *node) content() string {
	if n == nil {
		return ""
	}
	if n.name == "" && len(n.kids) == 0 {
		return n.text
	}
	var b strings.Builder
	for _, k := range n.kids {
		b.WriteString(k.content())
	}
	return b.String()
}

// source is the element as the document wrote it, cut at about 2,000 bytes.
func (n *node) source(document []byte) string {
	if n.start < 0 || n.end > int64(len(document)) || n.start >= n.end {
		return ""
	}
	text := document[n.start:n.end]
	if len(text) > 2000 {
		text = append(bytes.ToValidUTF8(text[:2000:2000], nil), "…"...)
	}
	return strings.TrimSpace(string(text))
}
