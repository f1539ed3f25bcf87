package exchange

import (
	"encoding/xml"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// packageFiles finds the parts of a package by the paths that its documents write.
type packageFiles struct {
	zip    *archive
	names  []string            // in the order of the file
	byPath map[string]string   // folded path to part
	byBase map[string][]string // folded last element to parts
	cache  map[string][]byte
}

func newPackageFiles(zip *archive) *packageFiles {
	f := &packageFiles{zip: zip, names: zip.names, byPath: make(map[string]string, len(zip.names)),
		byBase: make(map[string][]string, len(zip.names)), cache: map[string][]byte{}}
	for _, name := range zip.names {
		shown := name
		if !utf8.ValidString(shown) { // names of an archive made on a Chinese Windows
			if out, err := simplifiedchinese.GB18030.NewDecoder().String(shown); err == nil {
				shown = out
			}
		}
		key := strings.ToLower(path.Clean(shown))
		if _, twice := f.byPath[key]; !twice {
			f.byPath[key] = name
		}
		base := path.Base(key)
		f.byBase[base] = append(f.byBase[base], name)
	}
	return f
}

// find looks an address up below a folder, then from the root, then by its file name if only one part has it.
func (f *packageFiles) find(dir, address string) (string, bool) {
	address = strings.ToLower(strings.ReplaceAll(address, `\`, "/"))
	for _, try := range []string{path.Join(strings.ToLower(dir), address), path.Clean(strings.TrimLeft(address, "/")),
		path.Join("web_resources", address)} {
		if name, ok := f.byPath[try]; ok {
			return name, true
		}
	}
	if parts := f.byBase[path.Base(address)]; len(parts) == 1 {
		return parts[0], true
	}
	return "", false
}

// bytes are those of a part; pictures that several questions show are held once.
func (f *packageFiles) bytes(part string) ([]byte, error) {
	if data, ok := f.cache[part]; ok {
		return data, nil
	}
	data, err := f.zip.read(part)
	if err == nil && !strings.HasSuffix(strings.ToLower(part), ".xml") {
		f.cache[part] = data
	}
	return data, err
}

// documentRoots are the outermost elements of QTI documents, with what they are.
var documentRoots = map[string]string{"assessmentitem": "item", "assessmenttest": "test", "assessmentsection": "section",
	"assessmentstimulus": "stimulus", "questestinterop": "qti12", "manifest": "manifest"}

// rootOf says what the document in a part is, and whether it is written as in QTI 3; empty for no XML.
func (f *packageFiles) rootOf(part string) (kind string, three bool) {
	switch strings.ToLower(path.Ext(part)) {
	case ".xml", ".qti", ".dat", "":
	default:
		return "", false
	}
	file := f.zip.parts[part]
	if file == nil {
		return "", false
	}
	in, err := file.Open()
	if err != nil {
		return "", false
	}
	defer in.Close()
	return rootElement(io.LimitReader(in, 64<<10))
}

// rootElement reads up to the first element.
func rootElement(in io.Reader) (kind string, three bool) {
	d := xml.NewDecoder(in)
	d.Strict = false
	d.CharsetReader = func(label string, input io.Reader) (io.Reader, error) { return input, nil }
	for range 50 {
		token, err := d.RawToken()
		if err != nil {
			return "", false
		}
		if t, ok := token.(xml.StartElement); ok {
			name := qtiName(t.Name.Local)
			if kind := documentRoots[name]; kind != "" {
				return kind, strings.HasPrefix(strings.ToLower(t.Name.Local), "qti-")
			}
			return "other", false
		}
	}
	return "", false
}
