package exchange

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
)

// maxQuestionNodes bounds the elements of one question, and those between the questions.
const maxQuestionNodes = 100_000

var moodleRoot = regexp.MustCompile(`^\s*(?:<\?[^>]*\?>\s*|<!--(?s:.*?)-->\s*|<!DOCTYPE[^>]*>\s*)*<quiz[\s/>]`)

func isMoodle(s source) bool { return moodleRoot.MatchString(strings.TrimPrefix(s.text, "\ufeff")) }

// eachQuestion hands every question of a document over as a tree of its own and lets go of it, so that a
// long document is never in memory as a whole tree. Declarations are refused, and so is a document whose
// XML is broken, with the line.
func eachQuestion(document string, visit func(*node) error) error {
	d := xml.NewDecoder(strings.NewReader(document))
	d.Strict, d.Entity = true, xml.HTMLEntity
	d.CharsetReader = func(label string, input io.Reader) (io.Reader, error) { return input, nil } // UTF-8 by now
	depth, others := 0, 0                                                                          // others are elements between the questions
	for {
		start := d.InputOffset()
		line, _ := d.InputPos()
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return xmlFault(err)
		}
		switch t := token.(type) {
		case xml.Directive:
			if !harmlessDoctype(t) {
				return refuse("file.entities", "part", "xml")
			}
		case xml.StartElement:
			if t.Name.Local != "question" {
				if depth, others = depth+1, others+1; depth > maxDepth || others > maxQuestionNodes {
					return refuse("file.broken", "part", t.Name.Local)
				}
				continue
			}
			n, err := subtree(d, t, line)
			if err != nil {
				return err
			}
			n.start, n.end = start, d.InputOffset()
			if err := visit(n); err != nil {
				return err
			}
		case xml.EndElement:
			depth--
		}
	}
}

// subtree reads the element whose start was just read.
func subtree(d *xml.Decoder, start xml.StartElement, line int) (*node, error) {
	root := element(start, line)
	stack, count := []*node{root}, 0
	for len(stack) > 0 {
		line, _ := d.InputPos()
		token, err := d.Token()
		if err != nil {
			return nil, xmlFault(err)
		}
		top := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.Directive:
			return nil, refuse("file.entities", "part", "xml")
		case xml.StartElement:
			if count++; len(stack) > maxDepth || count > maxQuestionNodes {
				return nil, refuse("file.broken", "part", t.Name.Local)
			}
			n := element(t, line)
			top.kids = append(top.kids, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if last := len(top.kids) - 1; last >= 0 && top.kids[last].name == "" {
				top.kids[last].text += string(t)
			} else {
				top.kids = append(top.kids, &node{text: string(t), line: line})
			}
		}
	}
	return root, nil
}

func element(t xml.StartElement, line int) *node {
	n := &node{name: t.Name.Local, line: line}
	if len(t.Attr) > 0 {
		n.attrs = make(map[string]string, len(t.Attr))
		for _, a := range t.Attr {
			n.attrs[a.Name.Local] = a.Value
		}
	}
	return n
}
