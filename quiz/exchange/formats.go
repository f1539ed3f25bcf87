package exchange

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
)

// source is a file as a reader gets it: bytes of an archive or an XML document, or a text brought to UTF-8
// with \n at its line ends.
type source struct {
	name     string
	data     []byte
	zip      *archive // nil unless the file is one
	text     string
	encoding string // of the text: utf-8, utf-16 or gb18030
}

// extension is the name's, in lower case and without the dot.
func (s source) extension() string {
	return strings.ToLower(strings.TrimPrefix(filepath.Ext(s.name), "."))
}

// format is one kind of question file. detect says whether the file is one, whatever its name; text formats
// are asked in order, the last takes every text. write is nil for formats that are only read.
type format struct {
	name      string
	extension string // of files we write
	mime      string
	detect    func(source) bool
	read      func(source) (Result, error)
	write     func([]Item) ([]byte, error)
}

// The formats in the order they are asked: archives, XML documents, texts. A new format is a file of its own
// and a line here.
var (
	archives = []format{
		{name: "xlsx", extension: "xlsx", mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
			detect: func(s source) bool { return s.zip.has("xl/workbook.xml") },
			read:   func(s source) (Result, error) { return ReadXLSX(s.data) }, write: WriteXLSX},
		{name: "docx", extension: "docx", mime: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
			detect: func(s source) bool { return s.zip.has("word/document.xml") }, read: readDOCX},
		{name: "qti21", extension: "zip", mime: "application/zip",
			detect: func(s source) bool { return packageVersion(s.zip) == "qti21" }, read: readQTIPackage, write: writeQTI21},
		{name: "qti30", extension: "zip", mime: "application/zip",
			detect: func(s source) bool { return packageVersion(s.zip) == "qti30" }, read: readQTIPackage, write: writeQTI30},
		{name: "qti12", extension: "zip", mime: "application/zip",
			detect: func(s source) bool { return packageVersion(s.zip) == "qti12" }, read: readQTIPackage},
	}
	documents = []format{
		{name: "moodle", extension: "xml", mime: "application/xml", detect: isMoodle, read: readMoodle, write: WriteMoodle},
		{name: "qti", extension: "xml", mime: "application/xml",
			detect: func(s source) bool { return documentVersion(s.text) != "" }, read: readQTIDocument},
	}
	texts = []format{
		{name: "gift", extension: "gift", mime: "text/plain; charset=utf-8", detect: isGift,
			read: func(s source) (Result, error) { return readGift(s.text, s.encoding) }, write: WriteGIFT},
		{name: "aiken", extension: "txt", mime: "text/plain; charset=utf-8", detect: isAiken,
			read: func(s source) (Result, error) { return readAiken(s.text, s.encoding) }},
		{name: "csv", extension: "csv", mime: "text/csv; charset=utf-8",
			detect: isTable, read: func(s source) (Result, error) { return readCSV(s.text, s.encoding) }, write: WriteCSV},
		{name: "markdown", extension: "md", mime: "text/markdown; charset=utf-8", detect: isMarkdown, read: readMarkdown},
		{name: "text", extension: "txt", mime: "text/plain; charset=utf-8", detect: func(source) bool { return true }, read: readText},
	}
)

// Read reads a question file of any format; what it is shows in its content, and the name decides only where
// the content leaves a doubt. A returned error refuses the whole file; problems of single items are in the
// result.
func Read(name string, data []byte) (Result, error) {
	s := source{name: name, data: data}
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return Result{}, refuse("file.empty")
	case len(data) > MaxBytes:
		return Result{}, TooLarge()
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		if s.extension() == "doc" || s.extension() == "docx" {
			return Result{}, refuse("file.doc")
		}
		return Result{}, refuse("file.xls")
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")):
		a, err := openArchive(data)
		if err != nil {
			return Result{}, err
		}
		s.zip = a
		return readAs(archives, s)
	}
	if !textual[s.extension()] {
		return Result{}, refuse("file.format")
	}
	bring := decode
	if bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n\xef\xbb\xbf"), []byte("<")) {
		bring = xmlText
	}
	text, encoding, err := bring(data)
	if err != nil {
		return Result{}, err
	}
	s.text, s.encoding = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), encoding
	if strings.HasPrefix(strings.TrimLeft(s.text, " \t\n\ufeff"), "<") && s.extension() != "gift" {
		return readAs(documents, s)
	}
	return readAs(texts, s)
}

// textual are the extensions of files that may be texts.
var textual = map[string]bool{"": true, "txt": true, "text": true, "csv": true, "tsv": true, "md": true, "markdown": true,
	"gift": true, "aiken": true, "xml": true, "qti": true, "dat": true}

func readAs(formats []format, s source) (Result, error) {
	for _, f := range formats {
		if f.detect(s) {
			return f.read(s)
		}
	}
	return Result{}, refuse("file.format")
}

// Export is a file of questions as it goes out.
type Export struct {
	Name string // of the format
	Ext  string
	MIME string
	Data []byte
}

// Writable names the formats that Write writes.
func Writable() []string {
	var names []string
	for _, group := range [][]format{archives, documents, texts} {
		for _, f := range group {
			if f.write != nil {
				names = append(names, f.name)
			}
		}
	}
	return names
}

// Write writes items in a format of Writable; read back they are the same items.
func Write(name string, items []Item) (Export, error) {
	for _, group := range [][]format{archives, documents, texts} {
		for _, f := range group {
			if f.name == name && f.write != nil {
				data, err := f.write(items)
				return Export{f.name, f.extension, f.mime, data}, err
			}
		}
	}
	return Export{}, fmt.Errorf("exchange: no format %q", name)
}

// itemRow is the row of an item that a format without doubt tells: its cells are the exact spelling, so that
// it can be looked at, mended and read again like a row of a table.
func itemRow(line int, text string, it Item) Row {
	if len(it.Options) > len(letters) {
		row := Row{Line: line, Exact: true, Text: text, Pictures: it.Pictures, Cells: Cells{FieldStem: it.Stem}}
		p := problem(FieldOptions, "item.options_many", "most", len(letters))
		p.Line = line
		row.Problems = []Problem{p}
		return row
	}
	return Parse(Row{Line: line, Exact: true, Text: text, Pictures: it.Pictures, Cells: CellsOf(it)})
}

// badRow is the row of an item that could not be read.
func badRow(line int, text, code string, args ...any) Row {
	p := problem("", code, args...)
	p.Line = line
	return Row{Line: line, Exact: true, Text: text, Problems: []Problem{p}}
}

// orphan is a piece of text that makes no item.
func orphan(line int, text, code string, args ...any) Problem {
	p := problem("", code, args...)
	p.Line, p.Text = line, text
	return p
}
