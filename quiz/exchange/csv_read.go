package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// ReadCSV reads a table of text in UTF-8 (with or without BOM), UTF-16 with BOM, or GB18030 (which covers
// GBK), separated by commas, tabs or semicolons.
func ReadCSV(data []byte) (Result, error) {
	text, encoding, err := decode(data)
	if err != nil {
		return Result{}, err
	}
	return readCSV(text, encoding)
}

func readCSV(text, encoding string) (Result, error) {
	s := &sheet{}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = separator(text), -1, true
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Result{}, malformed(err)
		}
		no, _ := r.FieldPos(0)
		if s.columns == nil && len(cells) == len(layout)+1 {
			s.exact = cells[len(layout)] == csvMark
		}
		if !s.line(no, cells) {
			break
		}
		if len(s.rows) > MaxRows {
			return Result{}, refuse("file.rows", "most", MaxRows)
		}
	}
	return finish("csv", encoding, []*sheet{s}, nil)
}

func malformed(err error) error {
	line := 0
	if parse := new(csv.ParseError); errors.As(err, &parse) {
		line = parse.StartLine
	}
	return refuse("row.malformed", "line", line)
}

// decode brings a text to UTF-8 and names its encoding.
func decode(data []byte) (text, encoding string, err error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return string(bytes.ToValidUTF8(data[3:], []byte("\ufffd"))), "utf-8", nil
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(data)
		if err != nil {
			return "", "", refuse("file.encoding")
		}
		return string(out), "utf-16", nil
	case bytes.IndexByte(data, 0) >= 0:
		return "", "", refuse("file.encoding")
	case utf8.Valid(data):
		return string(data), "utf-8", nil
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil {
		return "", "", refuse("file.encoding")
	}
	// A text in neither encoding turns into many signs that mean nothing.
	if bad := bytes.Count(out, []byte("\ufffd")); bad > 0 && bad*50 > utf8.RuneCount(out) {
		return "", "", refuse("file.encoding")
	}
	return string(out), "gb18030", nil
}

// separator is the sign that cuts the first header row found into most columns.
func separator(text string) rune {
	best, most := ',', 0
	for i, line := range strings.SplitN(text, "\n", headerRows+1) {
		if i == headerRows {
			break
		}
		for _, sep := range ",\t;" {
			cells := strings.Split(strings.TrimRight(line, "\r"), string(sep))
			for j := range cells {
				cells[j] = strings.Trim(cells[j], `"`)
			}
			if columns, _, ok := headerOf(cells); ok && len(columns) > most {
				best, most = sep, len(columns)
			}
		}
		if most > 0 {
			break
		}
	}
	return best
}
