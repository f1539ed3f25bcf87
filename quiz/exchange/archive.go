package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path/filepath"
	"strings"
)

// archive is a zip that was looked over before anything of it was inflated into memory.
type archive struct {
	parts map[string]*zip.File // by name with slashes
	names []string             // in the order of the file
	qti   string               // the QTI format of its documents, once it was asked for
}

// openArchive looks a zip over: count, names, declared and real sizes, ratio, macros, and that every XML part
// is whole, shallow and without declarations.
func openArchive(data []byte) (*archive, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, refuse("file.broken", "part", "zip")
	}
	office := false // a document of an office program, whose parts its own reader expands
	for _, part := range z.File {
		name := strings.ToLower(strings.ReplaceAll(part.Name, `\\`, "/"))
		office = office || name == "[content_types].xml" || strings.HasPrefix(name, "xl/") || strings.HasPrefix(name, "word/")
	}
	if len(z.File) > maxPackageParts || office && len(z.File) > maxParts {
		return nil, refuse("file.bomb", "part", "zip")
	}
	a := &archive{parts: map[string]*zip.File{}}
	var total uint64
	for _, part := range z.File {
		name := strings.ReplaceAll(part.Name, `\`, "/")
		total += part.UncompressedSize64
		switch {
		case !filepath.IsLocal(strings.TrimSuffix(name, "/")):
			return nil, refuse("file.broken", "part", "zip")
		case total > maxInflated || part.UncompressedSize64 > maxInflated:
			return nil, refuse("file.bomb", "part", name)
		case part.UncompressedSize64 > 1<<20 && part.UncompressedSize64/max(1, part.CompressedSize64) > maxRatio:
			return nil, refuse("file.bomb", "part", name)
		case strings.HasSuffix(strings.ToLower(name), "vbaproject.bin"):
			return nil, refuse("file.macro")
		}
		if !part.FileInfo().IsDir() {
			a.parts[name] = part
			a.names = append(a.names, name)
		}
	}
	for _, part := range z.File {
		if err := checkPart(part, office); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// has reports whether a part is there, in any case of letters.
func (a *archive) has(name string) bool {
	for _, n := range a.names {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

// read inflates one part.
func (a *archive) read(name string) ([]byte, error) {
	part, ok := a.parts[name]
	if !ok {
		return nil, refuse("file.broken", "part", name)
	}
	r, err := part.Open()
	if err != nil {
		return nil, refuse("file.broken", "part", name)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, int64(part.UncompressedSize64)))
	if err != nil {
		return nil, refuse("file.broken", "part", name)
	}
	return data, nil
}

// checkPart inflates one part to nowhere, at most as far as it declared, and reads the XML of an
// office document to its end; the documents of other packages are checked as they are read.
func checkPart(part *zip.File, office bool) error {
	if part.FileInfo().IsDir() {
		return nil
	}
	r, err := part.Open()
	if err != nil {
		return refuse("file.broken", "part", part.Name)
	}
	defer r.Close()
	declared := int64(part.UncompressedSize64)
	counted := &countingReader{r: io.LimitReader(r, declared+1)}
	lower := strings.ToLower(part.Name)
	if office && (strings.HasSuffix(lower, ".xml") || strings.HasSuffix(lower, ".rels")) {
		if err := checkXML(counted, part.Name); err != nil {
			return err
		}
	}
	if _, err := io.Copy(io.Discard, counted); err != nil {
		return refuse("file.broken", "part", part.Name)
	}
	if counted.n > declared {
		return refuse("file.bomb", "part", part.Name)
	}
	return nil
}

type countingReader struct {
	r io.Reader
	n int64
}

// Read counts what passes.
func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// maxDepth bounds how deep elements may nest.
const maxDepth = 64

func checkXML(r io.Reader, name string) error {
	d := xml.NewDecoder(r)
	d.CharsetReader = func(label string, input io.Reader) (io.Reader, error) { return input, nil }
	depth := 0
	for {
		token, err := d.RawToken()
		switch {
		case errors.Is(err, io.EOF) && depth == 0:
			return nil
		case err != nil:
			return refuse("file.broken", "part", name)
		}
		switch token.(type) {
		case xml.Directive:
			return refuse("file.entities", "part", name)
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return refuse("file.broken", "part", name)
			}
		case xml.EndElement:
			depth--
		}
	}
}
