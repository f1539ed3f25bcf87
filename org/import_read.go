package org

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"jingzhong/fault"
)

// Limits of an upload (security.md, Imports): checked before anything is inflated.
const (
	maxImportBytes   = 10 << 20
	maxImportRows    = 20000
	maxImportColumns = 60
	maxCell          = 500 // characters kept of a cell
	headerRows       = 20  // the header is looked for in the first rows
	maxSheets        = 8
	maxZipFiles      = 2000
	maxZipBytes      = 200 << 20
	maxZipRatio      = 100
	smallZipEntry    = 1 << 20 // the ratio of small entries does no harm
)

// The fields a column can hold.
const (
	columnName       = "name"
	columnUnit       = "unit"
	columnDepartment = "department"
	columnStaffNo    = "staffNo"
	columnPhone      = "phone"
	columnEmail      = "email"
	columnPosition   = "position"
	columnAudiences  = "audiences"
	columnStatus     = "status"
	columnPassword   = "password"
	columnIDCard     = "idCard"
	columnResult     = "result" // 错误: the column a marked-up workbook came back with
)

// headings are the names a column is known by, without spaces, signs and remarks in brackets.
var headings = map[string][]string{
	columnName:       {"姓名", "名字", "学员姓名", "员工姓名", "人员姓名", "职工姓名", "name"},
	columnUnit:       {"单位", "所属单位", "所在单位", "工作单位", "单位名称", "unit", "organization"},
	columnDepartment: {"部门", "所属部门", "所在部门", "部门名称", "单位/部门", "单位部门", "内设机构", "科室", "department"},
	columnStaffNo:    {"工号", "职工号", "人员编号", "员工编号", "员工号", "职工编号", "工作证号", "staffno", "employeeid"},
	columnPhone:      {"手机", "手机号", "手机号码", "电话", "联系电话", "电话号码", "移动电话", "联系方式", "phone", "mobile"},
	columnEmail:      {"邮箱", "电子邮箱", "邮箱地址", "电子邮件", "email", "e-mail"},
	columnPosition:   {"职务", "岗位", "职位", "职务/岗位", "职务岗位", "position"},
	columnAudiences:  {"人员类别", "受众", "类别", "人员类型", "培训对象", "audience", "audiences"},
	columnStatus:     {"状态", "人员状态", "在职状态", "在岗状态", "status"},
	columnPassword:   {"密码", "初始密码", "登录密码", "password"},
	columnIDCard:     {"身份证", "身份证号", "身份证号码", "公民身份号码", "公民身份证号码", "证件号", "证件号码", "idcard"},
	columnResult:     {"错误"},
}

var headingField = func() map[string]string {
	fields := map[string]string{}
	for field, names := range headings {
		for _, name := range names {
			fields[name] = field
		}
	}
	return fields
}()

// table is what was read: one row of the file each, cut to the header's width.
type table struct {
	header  []string       // as the file spells it
	columns map[string]int // field > place
	rows    []tableRow
}

type tableRow struct {
	no    int // as Excel counts
	cells []string
}

// cell is the value of a field in a row, tidied; "" when the file has no such column.
func (t *table) cell(row tableRow, field string) string {
	i, ok := t.columns[field]
	if !ok || i >= len(row.cells) {
		return ""
	}
	return tidy(row.cells[i])
}

// heading is the file's own name for a field.
func (t *table) heading(field string) string {
	if i, ok := t.columns[field]; ok {
		return t.header[i]
	}
	return ""
}

var zipMagic = []byte("PK\x03\x04")

// readTable reads people from a workbook or a CSV file; which it is says the content, not the name.
func readTable(data []byte) (*table, error) {
	switch {
	case len(data) > maxImportBytes:
		return nil, ErrImportBig.With("max", maxImportBytes)
	case bytes.HasPrefix(data, zipMagic):
		return readWorkbook(data)
	case len(data) == 0 || bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")) || bytes.HasPrefix(data, []byte("%PDF")):
		return nil, ErrImportFormat
	}
	return readCSV(data)
}

// checkZip reads the table of contents only.
func checkZip(data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return ErrImportFormat
	}
	if len(z.File) > maxZipFiles {
		return ErrImportBig.With("max", maxZipFiles)
	}
	total, workbook := uint64(0), false
	for _, f := range z.File {
		total += f.UncompressedSize64
		packed := max(f.CompressedSize64, 1)
		if total > maxZipBytes || (f.UncompressedSize64 > smallZipEntry && f.UncompressedSize64/packed > maxZipRatio) {
			return ErrImportBig.With("max", maxZipBytes)
		}
		workbook = workbook || strings.EqualFold(f.Name, "xl/workbook.xml")
	}
	if !workbook {
		return ErrImportFormat
	}
	return nil
}

func readWorkbook(data []byte) (t *table, err error) {
	if err := checkZip(data); err != nil {
		return nil, err
	}
	// A damaged file must not take the program down, whatever the reader of it does.
	defer func() {
		if recover() != nil {
			t, err = nil, ErrImportFormat
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxZipBytes, UnzipXMLSizeLimit: 32 << 20, RawCellValue: true})
	if err != nil {
		return nil, ErrImportFormat
	}
	defer f.Close()
	missing := error(ErrImportEmpty)
	for i, sheet := range f.GetSheetList() {
		if i >= maxSheets {
			break
		}
		rows, err := f.Rows(sheet)
		if err != nil {
			continue
		}
		b := &tableBuilder{}
		for no := 1; rows.Next(); no++ {
			cells, err := rows.Columns()
			if err != nil {
				rows.Close()
				return nil, ErrImportFormat
			}
			if err := b.add(no, cells); err != nil {
				rows.Close()
				return nil, err
			}
		}
		rows.Close()
		t, err := b.table()
		if err == nil {
			return t, nil
		}
		if !errors.Is(err, ErrImportHeader) || errors.Is(missing, ErrImportEmpty) {
			missing = err
		}
	}
	return nil, missing
}

func readCSV(data []byte) (*table, error) {
	text, err := decodeText(data)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.ReuseRecord = separator(text), true, -1, true
	b := &tableBuilder{}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return b.table()
		}
		if err != nil {
			return nil, ErrImportFormat
		}
		line, _ := r.FieldPos(0)
		if err := b.add(line, cells); err != nil {
			return nil, err
		}
	}
}

// decodeText reads UTF-8 with or without a mark, UTF-16 with one, and else GB 18030, which holds GBK.
func decodeText(data []byte) (string, error) {
	var text []byte
	var err error
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		text = data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		text, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(data)
	case utf8.Valid(data):
		text = data
	default:
		text, err = simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	}
	if err != nil || bytes.IndexByte(text, 0) >= 0 || !utf8.Valid(text) {
		return "", ErrImportFormat
	}
	return string(text), nil
}

// separator is the one of comma, tab and semicolon that the first lines hold most of.
func separator(text string) rune {
	head := text[:min(len(text), 4096)]
	best, most := ',', 0
	for _, r := range []rune{',', '\t', ';'} {
		if n := strings.Count(head, string(r)); n > most {
			best, most = r, n
		}
	}
	return best
}

// tableBuilder finds the header by its names and then collects the rows below it.
type tableBuilder struct {
	t    *table
	seen int
}

// idCardRemoved stands where the file had an ID-card number, which is never stored.
const idCardRemoved = "(身份证号已删去)"

var classifiedMark = regexp.MustCompile(`(绝密|机密|秘密)\s*[★☆]`)

func (b *tableBuilder) add(no int, cells []string) error {
	if len(cells) > maxImportColumns {
		cells = cells[:maxImportColumns]
	}
	b.seen++
	if b.seen <= headerRows && slices.ContainsFunc(cells, classifiedMark.MatchString) {
		return ErrImportClassified.With("row", no)
	}
	if b.t == nil {
		if b.seen > headerRows {
			return nil
		}
		t, found, err := findHeader(cells)
		if found {
			b.t = t
		}
		return err
	}
	row := tableRow{no: no, cells: make([]string, len(b.t.header))}
	empty := true
	for i := range b.t.header {
		if i < len(cells) {
			row.cells[i] = cut(strings.ToValidUTF8(cells[i], ""), maxCell)
			if idCardForm.MatchString(tidy(row.cells[i])) {
				row.cells[i] = idCardRemoved
			}
			empty = empty && tidy(row.cells[i]) == ""
		}
	}
	if empty {
		return nil
	}
	// What must not be stored is not even kept while the file is being checked.
	for _, field := range []string{columnPassword, columnIDCard, columnResult} {
		if i, ok := b.t.columns[field]; ok {
			row.cells[i] = ""
		}
	}
	if len(b.t.rows) >= maxImportRows {
		return ErrImportRows.With("max", maxImportRows)
	}
	b.t.rows = append(b.t.rows, row)
	return nil
}

func (b *tableBuilder) table() (*table, error) {
	switch {
	case b.t == nil && b.seen == 0:
		return nil, ErrImportEmpty
	case b.t == nil:
		return nil, ErrImportHeader.With("columns", "姓名", "rows", headerRows)
	case len(b.t.rows) == 0:
		return nil, ErrImportEmpty
	}
	return b.t, nil
}

var bracketed = regexp.MustCompile(`[(\[「【].*?[)\]」】]`)

// headingKey takes a header cell apart from stars, colons, spaces and remarks: "* 姓名（必填）" is 姓名.
func headingKey(cell string) string {
	s := strings.ToLower(bracketed.ReplaceAllString(tidy(cell), ""))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" *:_、\"", r) }), "")
}

// findHeader takes a row for the header when it names a person and one more column.
func findHeader(cells []string) (t *table, found bool, err error) {
	t = &table{columns: map[string]int{}}
	var twice *fault.Error
	for i, cell := range cells {
		t.header = append(t.header, cut(tidy(cell), 40))
		field, known := headingField[headingKey(cell)]
		if !known {
			continue
		}
		if _, ok := t.columns[field]; ok {
			twice = ErrImportTwice.With("column", t.header[i])
			continue
		}
		t.columns[field] = i
	}
	if _, ok := t.columns[columnName]; !ok || len(t.columns) < 2 {
		return t, false, nil
	}
	for len(t.header) > 0 && t.header[len(t.header)-1] == "" {
		t.header = t.header[:len(t.header)-1]
	}
	if twice != nil {
		return t, false, twice
	}
	_, unit := t.columns[columnUnit]
	if _, department := t.columns[columnDepartment]; !unit && !department {
		return t, false, ErrImportHeader.With("columns", "单位", "rows", headerRows)
	}
	return t, true, nil
}

// plainNumber undoes what Excel does to long numbers typed into number cells: 1.38E+10, 13800138000.0.
func plainNumber(s string) string {
	if !strings.ContainsAny(s, ".eE") || strings.Trim(s, "0123456789.eE+") != "" {
		return s
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n < 0 || n >= 1<<53 || n != float64(int64(n)) {
		return s
	}
	return strconv.FormatInt(int64(n), 10)
}
