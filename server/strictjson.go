package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

// maxDepth bounds nesting in a request body; our deepest real one is 6.
const maxDepth = 16

// maxNames bounds the members of one object; our largest has about 30.
const maxNames = 100

// strictJSON reads requests as security.md asks: a name given twice, or twice in different case, is refused
// with the name; so are text after the value, invalid UTF-8, NUL (which PostgreSQL cannot store) and nesting
// beyond maxDepth. Unknown names and names in another case than the schema's are refused by the validator,
// which runs on the generic value read here first.
var strictJSON = huma.Format{
	Marshal: func(w io.Writer, v any) error {
		b, err := encode(v)
		if err != nil {
			return err
		}
		_, err = w.Write(b)
		return err
	},
	Unmarshal: func(data []byte, v any) error {
		if _, generic := v.(*any); generic {
			if err := checkJSON(data); err != nil {
				return err
			}
		}
		return typed(json.Unmarshal(data, v))
	},
}

func encode(v any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return out.Bytes(), err
}

// typed names the field of a value that fits the schema but not the Go type, such as 1e3 for an integer.
func typed(err error) error {
	var te *json.UnmarshalTypeError
	if errors.As(err, &te) {
		return errors.New("input.type|@" + te.Field)
	}
	if err != nil {
		return errors.New("input.syntax")
	}
	return nil
}

// checkJSON walks text that encoding/json accepts and looks for what it would let pass.
func checkJSON(data []byte) error {
	if !utf8.Valid(data) {
		return errors.New("input.encoding")
	}
	if !json.Valid(data) {
		return syntax(data)
	}
	w := walker{data: data}
	return w.value(0)
}

// syntax tells text after a complete value from other mistakes.
func syntax(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	var first json.RawMessage
	if d.Decode(&first) == nil {
		return errors.New("input.trailing")
	}
	return errors.New("input.syntax")
}

// walker moves over valid JSON, so it needs no error handling of its own.
type walker struct {
	data []byte
	at   int
	path []string
}

func (w *walker) space() {
	for w.at < len(w.data) {
		switch w.data[w.at] {
		case ' ', '\t', '\n', '\r':
			w.at++
		default:
			return
		}
	}
}

func (w *walker) value(depth int) error {
	if depth > maxDepth {
		return errors.New("input.depth|" + strconv.Itoa(maxDepth))
	}
	w.space()
	switch w.data[w.at] {
	case '{':
		return w.object(depth)
	case '[':
		return w.array(depth)
	case '"':
		_, err := w.text()
		return err
	}
	for w.at < len(w.data) && !strings.ContainsRune(",]} \t\r\n", rune(w.data[w.at])) {
		w.at++
	}
	return nil
}

func (w *walker) array(depth int) error {
	w.at++
	for i := 0; ; i++ {
		w.space()
		switch w.data[w.at] {
		case ']':
			w.at++
			return nil
		case ',':
			w.at++
		}
		w.path = append(w.path, "["+strconv.Itoa(i)+"]")
		if err := w.value(depth + 1); err != nil {
			return err
		}
		w.path = w.path[:len(w.path)-1]
		w.space()
	}
}

func (w *walker) object(depth int) error {
	w.at++
	var seen []string
	for {
		w.space()
		switch w.data[w.at] {
		case '}':
			w.at++
			return nil
		case ',':
			w.at++
			w.space()
		}
		name, err := w.text()
		if err != nil {
			return err
		}
		w.path = append(w.path, "."+name)
		if len(seen) == maxNames { // comparing names pairwise must stay cheap
			return errors.New("input.too_many|" + strconv.Itoa(maxNames))
		}
		for _, other := range seen {
			if other == name {
				return errors.New("input.duplicate|" + w.where())
			}
			if strings.EqualFold(other, name) {
				return errors.New("input.case|" + w.where())
			}
		}
		seen = append(seen, name)
		w.space()
		w.at++ // :
		if err := w.value(depth + 1); err != nil {
			return err
		}
		w.path = w.path[:len(w.path)-1]
		w.space()
	}
}

func (w *walker) text() (string, error) {
	start := w.at
	escaped := false
	for w.at++; w.data[w.at] != '"'; w.at++ {
		if w.data[w.at] == '\\' {
			escaped = true
			if bytes.HasPrefix(w.data[w.at:], []byte(`\u0000`)) {
				return "", errors.New("input.encoding")
			}
			w.at++
		}
	}
	w.at++
	raw := w.data[start:w.at]
	if !escaped {
		return string(raw[1 : len(raw)-1]), nil
	}
	var s string
	err := json.Unmarshal(raw, &s)
	return s, err
}

func (w *walker) where() string { return strings.TrimPrefix(strings.Join(w.path, ""), ".") }
