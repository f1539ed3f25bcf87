package org

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"jingzhong/fault"
)

// xlsx makes a workbook of one sheet.
func xlsx(t *testing.T, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		must(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
	}
	var out bytes.Buffer
	must(t, f.Write(&out))
	return out.Bytes()
}

// A template of another training system, as its users have it: notes in the first row, departments with bars
// and hyphens, a password column, e-mail for a name.
func TestAnotherSystemsTemplateIsRead(t *testing.T) {
	h := newHouse(t)
	data, err := os.ReadFile(filepath.Join("testdata", "学员批量导入模板.xlsx"))
	must(t, err)
	_, err = readTable(data)
	want(t, err, ErrImportEmpty)
	f, err := excelize.OpenReader(bytes.NewReader(data))
	must(t, err)
	for i, row := range [][]any{{"财政局-办公室|教育局", "gaoshan@example.test", "secret-1", "高山"}, {"城关镇-东街社区", "li@example.test", "secret-2", "李木子"}} {
		must(t, f.SetSheetRow(f.GetSheetName(0), fmt.Sprintf("A%d", i+3), &row))
	}
	var out bytes.Buffer
	must(t, f.Write(&out))
	imp := h.prepared(h.owner, ImportFile{Name: "学员.xlsx", Data: out.Bytes()})
	if imp.Counts.New != 2 || len(imp.Warnings) != 1 || imp.Warnings[0].Code != WarnPasswordColumn.Code {
		t.Fatalf("%+v", imp)
	}
	rows := h.rows(h.owner, imp.ID)
	if rows[0].UnitName != "办公室" || !slices.ContainsFunc(rows[0].Warnings, func(w *fault.Error) bool { return w.Code == WarnSecondUnit.Code }) {
		t.Errorf("%+v", rows[0])
	}
	h.applied(h.owner, imp)
	if p := h.people(PeopleFilter{Query: "gaoshan"}); len(p) != 1 || p[0].UnitID != h.office.ID || p[0].Email != "gaoshan@example.test" || p[0].Username != "gs001" {
		t.Errorf("%+v", p)
	}
}

func TestOurTemplateImportsAsItIsFilled(t *testing.T) {
	h := newHouse(t)
	data, err := h.ImportTemplate(ctx, h.owner)
	must(t, err)
	f, err := excelize.OpenReader(bytes.NewReader(data))
	must(t, err)
	help, err := f.GetRows(sheetHelp)
	must(t, err)
	if !strings.Contains(help[0][0], "严禁存储、处理、传输国家秘密") {
		t.Error(help)
	}
	drops, err := f.GetDataValidations(sheetPeople)
	must(t, err)
	if len(drops) != 3 {
		t.Errorf("%d drop-downs", len(drops))
	}
	lists, err := f.GetRows(sheetLists)
	must(t, err)
	if len(lists) != 6 || lists[0][1] != "领导干部" || lists[5][2] != "停用" {
		t.Errorf("%v", lists)
	}
	must(t, f.SetSheetRow(sheetPeople, "A2", &[]any{"高山", "财政局", "F1", "13800138000", "", "科长", "领导干部、公务员", "在职"}))
	var out bytes.Buffer
	must(t, f.Write(&out))
	imp := h.prepared(h.owner, ImportFile{Name: "人员.xlsx", Data: out.Bytes()})
	if imp.Counts.New != 1 || len(imp.Warnings) != 0 {
		t.Fatalf("%+v", imp)
	}
	h.applied(h.owner, imp)
	if p := h.byStaff("F1"); p.Phone != "13800138000" || len(p.Audiences) != 2 {
		t.Errorf("%+v", p)
	}
}

func TestTheMarkedWorkbookNamesEveryError(t *testing.T) {
	h := newHouse(t)
	imp := h.imported(h.owner, "姓名,单位,手机,职务,密码\n高山,财正局,123,=cmd|' /C calc'!A0,secret\n李木子,财政局,,,\n")
	say := func(f *fault.Error) string { return "=" + f.Code }
	data, err := h.ImportWorkbook(ctx, h.owner, imp.ID, say)
	must(t, err)
	f, err := excelize.OpenReader(bytes.NewReader(data))
	must(t, err)
	rows, err := f.GetRows(sheetPeople)
	must(t, err)
	if fmt.Sprint(rows[0]) != "[姓名 单位 手机 职务 密码 错误]" || len(rows) != 3 {
		t.Fatalf("%v", rows)
	}
	for _, code := range []*fault.Error{ErrPhoneMalformed, ErrRowFormula, ErrRowUnitUnknown} {
		if !strings.Contains(rows[1][5], code.Code) {
			t.Errorf("%s is not in %q", code.Code, rows[1][5])
		}
	}
	for _, cell := range []string{rows[1][3], rows[1][5]} {
		if strings.HasPrefix(cell, "=") {
			t.Errorf("%q would run", cell)
		}
	}
	if rows[1][4] != "" || (len(rows[2]) > 5 && rows[2][5] != "") {
		t.Errorf("%v", rows)
	}
	comments, err := f.GetComments(sheetPeople)
	must(t, err)
	if len(comments) != 3 || comments[0].Cell != "C2" {
		t.Errorf("%+v", comments)
	}
	again := h.prepared(h.owner, ImportFile{Name: "again.xlsx", Data: data})
	if again.Counts.Errors != 1 || again.Counts.New != 1 {
		t.Errorf("%+v", again)
	}
}

func TestFilesAreReadInTheEncodingsPeopleHave(t *testing.T) {
	const text = "姓名,单位,工号\n高山,财政局,F1\n"
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(text)
	must(t, err)
	gb18030, err := simplifiedchinese.GB18030.NewEncoder().String("姓名,单位,工号\n𠮷山,财政局,F1\n")
	must(t, err)
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(text, ",", "\t"))
	must(t, err)
	for name, data := range map[string]string{"utf-8": text, "bom": "\ufeff" + text, "gbk": gbk, "gb18030": gb18030, "utf-16": utf16,
		"crlf": strings.ReplaceAll(text, "\n", "\r\n"), "semicolon": strings.ReplaceAll(text, ",", ";")} {
		table, err := readTable([]byte(data))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := table.cell(table.rows[0], columnUnit); got != "财政局" || len(table.rows) != 1 || table.rows[0].no != 2 {
			t.Errorf("%s: %q %+v", name, got, table.rows)
		}
	}
}

func TestNumbersSpoiltByExcelAreMended(t *testing.T) {
	table, err := readTable(xlsx(t, []any{"姓名", "单位", "手机", "工号"}, []any{"高山", "财政局", 13800138000, 1024}))
	must(t, err)
	row := table.rows[0]
	if got := plainNumber(table.cell(row, columnPhone)); got != "13800138000" {
		t.Error(got)
	}
	for in, out := range map[string]string{"1.3800138E10": "13800138000", "13800138000.0": "13800138000", "A1.5": "A1.5", "1.5": "1.5", "": ""} {
		if got := plainNumber(in); got != out {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestFilesThatAreRefusedWhole(t *testing.T) {
	many := strings.Repeat("高山,财政局\n", maxImportRows+1)
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"empty": {nil, ErrImportFormat}, "old Excel": {[]byte("\xd0\xcf\x11\xe0 and so on"), ErrImportFormat},
		"zip of something": {[]byte("PK\x03\x04 and so on"), ErrImportFormat}, "binary": {[]byte("a\x00b"), ErrImportFormat},
		"no header": {[]byte("甲,乙\n丙,丁\n"), ErrImportHeader}, "no unit": {[]byte("姓名,工号\n高山,F1\n"), ErrImportHeader},
		"no rows": {[]byte("姓名,单位\n,\n"), ErrImportEmpty}, "twice": {[]byte("姓名,单位,名字\n高山,财政局,甲\n"), ErrImportTwice},
		"rows": {[]byte("姓名,单位\n" + many), ErrImportRows}, "marked": {[]byte("机密★十年\n姓名,单位\n高山,财政局\n"), ErrImportClassified},
		"marked sheet": {xlsx(t, []any{"绝密 ★ 长期"}, []any{"姓名", "单位"}, []any{"高山", "财政局"}), ErrImportClassified},
		"bomb":         {bomb(t), ErrImportBig}, "big": {bytes.Repeat([]byte("a"), maxImportBytes+1), ErrImportBig},
	} {
		_, err := readTable(c.data)
		if f, ok := fault.As(err); !ok || f.Code != c.want.(*fault.Error).Code {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	h := newHouse(t)
	_, err := h.PrepareImport(ctx, h.owner, ImportFile{Data: make([]byte, maxImportBytes+1)})
	want(t, err, ErrImportBig)
	imp, err := h.PrepareImport(ctx, h.owner, csvFile("甲,乙\n"))
	must(t, err)
	imp, err = h.WaitImport(ctx, h.owner, imp.ID)
	must(t, err)
	if imp.State != ImportFailed || imp.Problem.Code != ErrImportHeader.Code {
		t.Errorf("%+v", imp)
	}
}

// bomb is a small workbook that would inflate to hundreds of megabytes.
func bomb(t *testing.T) []byte {
	t.Helper()
	data := xlsx(t, []any{"姓名", "单位"}, []any{strings.Repeat("a", 32000), "财政局"})
	return rezip(t, data, "xl/media/image1.png", make([]byte, 64<<20))
}

func TestUnitsAreFoundAsPeopleWriteThem(t *testing.T) {
	root := int64(1)
	f := int64(2)
	g := int64(4)
	x := newUnitIndex([]unitModel{
		{ID: 1, Name: "云溪县", Path: "/1/"},
		{ID: 2, ParentID: &root, Name: "云溪县财政局", ShortName: "财政局", Code: ptr("C08"), Path: "/1/2/"},
		{ID: 3, ParentID: &f, Name: "办公室", Path: "/1/2/3/"},
		{ID: 4, ParentID: &root, Name: "县委办公室(县国家保密局)", Path: "/1/4/"},
		{ID: 5, ParentID: &g, Name: "办公室", Path: "/1/4/5/"},
		{ID: 6, ParentID: &root, Name: "国网-云溪供电公司", Path: "/1/6/"},
	}, map[int64][]string{4: {"县保密局"}})
	for text, ids := range map[string]string{
		"云溪县财政局": "[2]", "财政局": "[2]", "c08": "[2]", "Ｃ08": "[2]", " 财 政 局 ": "[2]", "县保密局": "[4]", "县委办公室（县国家保密局）": "[4]",
		"办公室": "[3 5]", "财政局-办公室": "[3]", "云溪县/财政局/办公室": "[3]", "县保密局—办公室": "[5]", "国网-云溪供电公司": "[6]", "教育局": "[]", "": "[]", "教育局-办公室": "[]",
		"云溪县-办公室": "[]",
	} {
		ids2 := []int64{}
		for _, u := range x.find(text) {
			ids2 = append(ids2, u.ID)
		}
		if fmt.Sprint(ids2) != ids {
			t.Errorf("%q: %v, want %s", text, ids2, ids)
		}
	}
	for text, name := range map[string]string{"财正局": "云溪县财政局", "供电公司": "国网-云溪供电公司", "火星办事处": ""} {
		if got := x.suggest(text); got != name {
			t.Errorf("%q: %q, want %q", text, got, name)
		}
	}
}

func FuzzPeopleCSV(f *testing.F) {
	f.Add([]byte("姓名,单位,工号\n高山,财政局,F1\n"))
	f.Add([]byte("\xef\xbb\xbf姓名;部门;手机\r\n\"李\n木子\";\"财政局-办公室|教育局\";+86 138-0013-8000\r\n"))
	f.Add([]byte("\xd0\xd5\xc3\xfb,\xb5\xa5\xce\xbb\n\xb8\xdf\xc9\xbd,\xb2\xc6\xd5\xfe\xbe\xd6\n"))
	f.Add([]byte("名字\t所属单位\t状态\t人员类别\n甲\t=1+1\t在职\t公务员、涉密人员\n"))
	root := int64(1)
	units := newUnitIndex([]unitModel{{ID: 1, Name: "云溪县", Path: "/1/"}, {ID: 2, ParentID: &root, Name: "财政局", Path: "/1/2/"}}, nil)
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := readTable(data)
		if err != nil {
			if _, ok := fault.As(err); !ok {
				t.Fatalf("not a fault: %v", err)
			}
			return
		}
		c := &checker{scope: Scope{All: true}, createUnits: true, t: table, units: units, top: units.byID[1], usernames: newNamer(),
			byStaff: map[string]*knownPerson{}, byPhone: map[string]*knownPerson{}, byUnit: map[nameInUnit][]*knownPerson{},
			byID: map[int64]*knownPerson{}, rowOfPerson: map[int64]int{}, rowOfStaff: map[string]int{}, rowOfPhone: map[string]int{},
			rowOfName: map[nameInUnit]nameRow{}, groups: []AudienceGroup{{ID: 1, Code: "a", Name: "公务员"}}}
		for _, row := range table.rows {
			if len(row.cells) != len(table.header) {
				t.Fatalf("row %d has %d cells, the header %d", row.no, len(row.cells), len(table.header))
			}
			p := c.plan(row, nil)
			if _, err := p.model(1, row); err != nil {
				t.Fatal(err)
			}
			switch p.state {
			case RowError:
				if len(p.Problems) == 0 {
					t.Fatalf("an error without a problem: %+v", p)
				}
			case RowNew:
				if checkName(p.Name) != nil || checkUsername(p.Username) != nil || idCardForm.MatchString(p.StaffNo) || len(p.Problems) > 0 {
					t.Fatalf("planned what must be refused: %+v", p)
				}
			default:
				t.Fatalf("nobody is known, yet %s", p.state)
			}
		}
	})
}

// rezip adds a file to a zip archive.
func rezip(t *testing.T, data []byte, name string, content []byte) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	must(t, err)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range in.File {
		must(t, w.Copy(f))
	}
	part, err := w.Create(name)
	must(t, err)
	_, err = part.Write(content)
	must(t, err)
	must(t, w.Close())
	return out.Bytes()
}
