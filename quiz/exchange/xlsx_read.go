package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path/filepath"
	"strings"

	"github.com/xuri/excelize/v2"
)

// exactMark stands in the keywords of the workbooks we export: nothing in them needs to be guessed.
const exactMark = "jingzhong-questions-1"

// ReadXLSX reads a workbook: one sheet per kind or a type column, in any sheet with a header row.
func ReadXLSX(data []byte) (Result, error) {
	if err := checkArchive(data); err != nil {
		return Result{}, err
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: maxInflated, UnzipXMLSizeLimit: maxInflated, RawCellValue: true})
	if err != nil {
		return Result{}, refuse("file.broken", "part", "xlsx")
	}
	defer f.Close()
	exact := false
	if props, err := f.GetDocProps(); err == nil {
		exact = props.Keywords == exactMark
	}
	var sheets []*sheet
	var skipped []Problem
	rows := 0
	for i, name := range f.GetSheetList() {
		if code := skipReason(f, i, name); code != "" {
			p := problem("", code, "sheet", name, "most", maxSheets)
			p.Sheet = name
			skipped = append(skipped, p)
			continue
		}
		s := &sheet{name: name, exact: exact, kind: supported(kindOf(name))}
		if err := readSheet(f, s, &rows); err != nil {
			return Result{}, err
		}
		if s.columns == nil {
			p := problem("", "sheet.no_header", "sheet", name)
			p.Sheet = name
			skipped = append(skipped, p)
			continue
		}
		sheets = append(sheets, s)
	}
	return finish("xlsx", "", sheets, skipped)
}

func supported(kind string) string {
	if KindName(kind) == "" {
		return ""
	}
	return kind
}

func skipReason(f *excelize.File, i int, name string) string {
	if i >= maxSheets {
		return "sheet.many"
	}
	if visible, err := f.GetSheetVisible(name); err == nil && !visible {
		return "sheet.hidden"
	}
	if strings.Contains(name, "说明") || strings.EqualFold(name, "readme") {
		return "sheet.notes"
	}
	return ""
}

func readSheet(f *excelize.File, s *sheet, rows *int) error {
	it, err := f.Rows(s.name)
	if err != nil {
		return refuse("file.broken", "part", s.name)
	}
	defer it.Close()
	for no := 1; it.Next(); no++ {
		cells, err := it.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return refuse("file.broken", "part", s.name)
		}
		if len(cells) == 0 {
			continue
		}
		if !s.line(no, cells) {
			return nil
		}
		if *rows+len(s.rows) > MaxRows {
			return refuse("file.rows", "most", MaxRows)
		}
	}
	if err := it.Error(); err != nil {
		return refuse("file.broken", "part", s.name)
	}
	*rows += len(s.rows)
	return nil
}

// checkArchive looks a workbook over before anything is inflated into memory: count, names, declared and
// real sizes, ratio, macros, and that every part that is read is whole XML without declarations.
func checkArchive(data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return refuse("file.broken", "part", "zip")
	}
	if len(z.File) > maxParts {
		return refuse("file.bomb", "part", "zip")
	}
	var total uint64
	workbook := false
	for _, part := range z.File {
		name := strings.ReplaceAll(part.Name, `\`, "/")
		total += part.UncompressedSize64
		switch {
		case !filepath.IsLocal(strings.TrimSuffix(name, "/")):
			return refuse("file.broken", "part", "zip")
		case total > maxInflated || part.UncompressedSize64 > maxInflated:
			return refuse("file.bomb", "part", name)
		case part.UncompressedSize64 > 1<<20 && part.UncompressedSize64/max(1, part.CompressedSize64) > maxRatio:
			return refuse("file.bomb", "part", name)
		case strings.HasSuffix(strings.ToLower(name), "vbaproject.bin"):
			return refuse("file.macro")
		}
		workbook = workbook || strings.EqualFold(name, "xl/workbook.xml")
	}
	if !workbook {
		return refuse("file.format")
	}
	for _, part := range z.File {
		if err := checkPart(part); err != nil {
			return err
		}
	}
	return nil
}

// checkPart inflates one part to nowhere, at most as far as it declared, and reads XML to its end.
func checkPart(part *zip.File) error {
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
	if strings.HasSuffix(lower, ".xml") || strings.HasSuffix(lower, ".rels") {
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
