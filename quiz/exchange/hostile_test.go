package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func sheetsOf(t testing.TB, sheets map[string][][]string) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	names := make([]string, 0, len(sheets))
	for name := range sheets {
		names = append(names, name)
	}
	sort.Strings(names)
	for i, name := range names {
		if i == 0 {
			f.SetSheetName("Sheet1", name)
		} else if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for r, cells := range sheets[name] {
			for c, text := range cells {
				at, _ := excelize.CoordinatesToCellName(c+1, r+1)
				if err := f.SetCellStr(name, at, text); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// partsOf is every part of a workbook, as one text.
func partsOf(t *testing.T, data []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, r); err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	return all.String()
}

// repack rewrites a workbook with some parts replaced or added.
func repack(t testing.TB, data []byte, parts map[string]string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	add := func(name string, r io.Reader) {
		p, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(p, r); err != nil {
			t.Fatal(err)
		}
	}
	for _, part := range z.File {
		if _, replaced := parts[part.Name]; replaced {
			continue
		}
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		add(part.Name, r)
		r.Close()
	}
	for name, text := range parts {
		add(name, strings.NewReader(text))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestHostileFilesGetASentence(t *testing.T) {
	good := sheetsOf(t, map[string][][]string{"题": {{"题干", "答案"}, {"对吗", "错"}}})
	const sheet1 = "xl/worksheets/sheet1.xml"
	lying := bytes.Clone(good)
	// The directory's declared size of every part is cut to a byte.
	for at := 0; ; {
		i := bytes.Index(lying[at:], []byte("PK\x01\x02"))
		if i < 0 {
			break
		}
		at += i + 4
		copy(lying[at+20:at+24], []byte{1, 0, 0, 0})
	}
	many := map[string]string{}
	for i := range maxParts {
		many[fmt.Sprintf("xl/media/%d.bin", i)] = "x"
	}
	for name, c := range map[string]struct {
		file string
		data []byte
		want string
	}{
		"empty":             {"a.xlsx", nil, "file.empty"},
		"old xls":           {"a.xls", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....."), "file.xls"},
		"picture":           {"a.xlsx", []byte("\x89PNG\r\n"), "file.format"},
		"too large":         {"a.csv", make([]byte, MaxBytes+1), "file.too_large"},
		"not a workbook":    {"a.xlsx", repack(t, emptyZip(t), map[string]string{"ppt/presentation.xml": "<a/>"}), "file.format"},
		"half a zip":        {"a.xlsx", good[:len(good)/2], "file.broken"},
		"sizes that lie":    {"a.xlsx", lying, "file.b"},
		"bomb":              {"a.xlsx", repack(t, good, map[string]string{"xl/media/a.bin": strings.Repeat("\x00", 40<<20)}), "file.bomb"},
		"too many parts":    {"a.xlsx", repack(t, good, many), "file.bomb"},
		"path out":          {"a.xlsx", repack(t, good, map[string]string{"../../etc/cron.d/x": "x"}), "file.broken"},
		"macro":             {"a.xlsx", repack(t, good, map[string]string{"xl/vbaProject.bin": "x"}), "file.macro"},
		"entities":          {"a.xlsx", repack(t, good, map[string]string{sheet1: `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "b">]><worksheet><sheetData/></worksheet>`}), "file.entities"},
		"xml cut short":     {"a.xlsx", repack(t, good, map[string]string{sheet1: `<worksheet><sheetData><row r="1">`}), "file.broken"},
		"deep xml":          {"a.xlsx", repack(t, good, map[string]string{sheet1: strings.Repeat("<a>", 100_000)}), "file.broken"},
		"row number beyond": {"a.xlsx", repack(t, good, map[string]string{sheet1: `<worksheet><sheetData><row r="1000000000"><c r="A1000000000"/></row></sheetData></worksheet>`}), "file.broken"},
		"no header":         {"a.csv", []byte("a,b\n1,2\n"), "file.no_header"},
		"only a header":     {"a.csv", []byte("题干,答案\n"), "file.no_rows"},
		"binary csv":        {"a.csv", []byte{0xff, 0x00, 0x81, 0x00}, "file.encoding"},
		"too many rows":     {"a.csv", []byte("题干,答案\n" + strings.Repeat("对吗,对\n", MaxRows+2)), "file.rows"},
	} {
		_, err := Read(c.file, c.data)
		var refused *Error
		if !errors.As(err, &refused) || !strings.HasPrefix(refused.Code, c.want) {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
			continue
		}
		if strings.Contains(err.Error(), "{") || err.Error() == refused.Code {
			t.Errorf("%s: no sentence: %s", name, err)
		}
	}
}

func emptyZip(t testing.TB) []byte {
	var out bytes.Buffer
	if err := zip.NewWriter(&out).Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestATextThatDoesNotFitACellIsNotCut(t *testing.T) {
	_, err := WriteXLSX([]Item{{Kind: TrueFalse, Stem: strings.Repeat("字", maxCell+1), Correct: []int{0}}})
	if err == nil {
		t.Fatal("a text longer than a cell was written")
	}
}

// checkResult holds what every reading of any bytes must keep: a file is refused with a sentence, or each
// row has an item or a problem and keeps its text.
func checkResult(t *testing.T, res Result, err error) {
	if err != nil {
		var refused *Error
		if !errors.As(err, &refused) || sentences[refused.Code] == "" {
			t.Fatalf("refused without a sentence: %v", err)
		}
		return
	}
	for _, row := range res.Rows {
		if len(row.Cells) == 0 || (row.Item.Kind == "" && len(row.Problems) == 0) {
			t.Fatalf("a row was lost: %+v", row)
		}
		for _, i := range row.Item.Correct {
			if i < 0 || (len(row.Item.Options) > 0 && i >= len(row.Item.Options)) {
				t.Fatalf("a key without an option: %+v", row)
			}
		}
		if len(row.Problems) == 0 {
			if _, err := WriteXLSX([]Item{row.Item}); err != nil && len(row.Item.Stem) < maxCell {
				t.Fatalf("a good item cannot be written: %v", err)
			}
		}
	}
}

func FuzzXLSX(f *testing.F) {
	good := sheetsOf(f, map[string][][]string{"题": {{"题干", "选项A", "选项B", "答案"}, {"哪个", "甲", "乙", "A"}}})
	f.Add(good)
	f.Add(repack(f, good, map[string]string{"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row><c t="s"><v>9</v></c><c t="inlineStr"><is><t>题干</t></is></c></row></sheetData></worksheet>`}))
	template, err := Template([]string{"总则"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(template)
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		res, err := ReadXLSX(data)
		checkResult(t, res, err)
	})
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("题干,选项A,选项B,答案,题型\n哪个,甲,乙,A,单选\n"))
	f.Add([]byte("题干\t答案\n在____小时\t24/二十四\n"))
	f.Add([]byte("\xff\xfe\x98\x98"))
	f.Add([]byte("\xcc\xe2\xb8\xc9,\xb4\xf0\xb0\xb8\n\xb6\xd4,\xb6\xd4\n"))
	f.Add([]byte("question;options;label\n\"a\"\"b\";A.x B.y;x\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		res, err := ReadCSV(data)
		checkResult(t, res, err)
	})
}
