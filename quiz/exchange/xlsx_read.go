package exchange

import (
	"bytes"
	"strings"

	"github.com/xuri/excelize/v2"
)

// exactMark stands in the keywords of the workbooks we export: nothing in them needs to be guessed.
const exactMark = "jingzhong-questions-1"

// ReadXLSX reads a workbook: one sheet per kind or a type column, in any sheet with a header row.
func ReadXLSX(data []byte) (Result, error) {
	if _, err := openArchive(data); err != nil {
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
