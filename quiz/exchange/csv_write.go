package exchange

import (
	"bytes"
	"encoding/csv"
	"fmt"
)

// csvMark is the header of the last column of a table of text that we wrote: its cells are exact.
const csvMark = "警钟格式"

// WriteCSV writes items as one table in UTF-8 with BOM, columns as in WriteXLSX, that reads back to the same
// items. Texts that a spreadsheet might run are guarded.
func WriteCSV(items []Item) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("\ufeff")
	w := csv.NewWriter(&out)
	record := make([]string, 0, len(layout)+1)
	for _, col := range layout {
		record = append(record, col.header)
	}
	if err := w.Write(append(record, csvMark)); err != nil {
		return nil, fmt.Errorf("exchange: %w", err)
	}
	for i, it := range items {
		if err := fitsSheet(it); err != nil {
			return nil, fmt.Errorf("exchange: item %d: %w", i+1, err)
		}
		for _, c := range rowsOf(it, i+1) {
			record = record[:0]
			for _, col := range layout {
				record = append(record, guard(c[col.field]))
			}
			if err := w.Write(append(record, "1")); err != nil {
				return nil, fmt.Errorf("exchange: %w", err)
			}
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return nil, fmt.Errorf("exchange: %w", err)
	}
	return out.Bytes(), nil
}
