package exchange

import (
	"bytes"
	"html"
)

// Kinds of event in an XML document.
const (
	xmlOpen = iota
	xmlClose
	xmlChars
)

// xmlEvent is one tag or run of text. An element closed at once is an open and a close.
type xmlEvent struct {
	kind int
	name string // without prefix
	body []byte // attributes as written, or text as written
	raw  bool   // a CDATA section: no entities
}

// attr is the value of an attribute by its local name, "" if absent.
func (e *xmlEvent) attr(name string) string {
	for at := 0; ; {
		i := bytes.Index(e.body[at:], []byte(name))
		if i < 0 {
			return ""
		}
		from := at + i
		at = from + len(name)
		if from > 0 && !bytes.ContainsRune([]byte(" \t\r\n:"), rune(e.body[from-1])) {
			continue
		}
		rest := bytes.TrimLeft(e.body[at:], " \t\r\n")
		if len(rest) < 2 || rest[0] != '=' {
			continue
		}
		rest = bytes.TrimLeft(rest[1:], " \t\r\n")
		if len(rest) < 2 || rest[0] != '"' && rest[0] != '\'' {
			continue
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return ""
		}
		return html.UnescapeString(string(rest[1 : 1+end]))
	}
}

// text is the run of text with its entities resolved.
func (e *xmlEvent) text() string {
	if e.raw || bytes.IndexByte(e.body, '&') < 0 {
		return string(e.body)
	}
	return html.UnescapeString(string(e.body))
}

// scanXML walks a document that openArchive found whole and without declarations. It keeps no tree, so that
// a document of any size needs no memory of its own.
func scanXML(data []byte, visit func(*xmlEvent) error) error {
	names := map[string]string{}
	name := func(tag []byte) string {
		if i := bytes.IndexByte(tag, ':'); i >= 0 {
			tag = tag[i+1:]
		}
		if n, ok := names[string(tag)]; ok {
			return n
		}
		n := string(tag)
		names[n] = n
		return n
	}
	var e xmlEvent
	tell := func(event xmlEvent) error {
		e = event
		return visit(&e)
	}
	for len(data) > 0 {
		open := bytes.IndexByte(data, '<')
		if open < 0 {
			open = len(data)
		}
		if open > 0 {
			if err := tell(xmlEvent{kind: xmlChars, body: data[:open]}); err != nil {
				return err
			}
			data = data[open:]
			continue
		}
		var end int
		switch {
		case bytes.HasPrefix(data, []byte("<!--")):
			end = after(data, "-->")
		case bytes.HasPrefix(data, []byte("<![CDATA[")):
			if end = after(data, "]]>"); end > 0 {
				if err := tell(xmlEvent{kind: xmlChars, body: data[9 : end-3], raw: true}); err != nil {
					return err
				}
			}
		case bytes.HasPrefix(data, []byte("<?")):
			end = after(data, "?>")
		default:
			if end = tagEnd(data); end > 0 {
				if err := visitTag(data[1:end-1], name, tell); err != nil {
					return err
				}
			}
		}
		if end <= 0 {
			return refuse("file.broken", "part", "xml")
		}
		data = data[end:]
	}
	return nil
}

func after(data []byte, sign string) int {
	i := bytes.Index(data, []byte(sign))
	if i < 0 {
		return 0
	}
	return i + len(sign)
}

// tagEnd is where a tag ends; a > within quotes does not end it.
func tagEnd(data []byte) int {
	var quote byte
	for i, c := range data {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1
		}
	}
	return 0
}

func visitTag(tag []byte, name func([]byte) string, tell func(xmlEvent) error) error {
	if len(tag) > 0 && tag[0] == '/' {
		return tell(xmlEvent{kind: xmlClose, name: name(bytes.TrimSpace(tag[1:]))})
	}
	empty := len(tag) > 0 && tag[len(tag)-1] == '/'
	if empty {
		tag = tag[:len(tag)-1]
	}
	i := bytes.IndexAny(tag, " \t\r\n")
	if i < 0 {
		i = len(tag)
	}
	n := name(tag[:i])
	if err := tell(xmlEvent{kind: xmlOpen, name: n, body: tag[i:]}); err != nil {
		return err
	}
	if empty {
		return tell(xmlEvent{kind: xmlClose, name: n})
	}
	return nil
}
