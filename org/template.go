package org

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"jingzhong/fault"
)

// Boundary is the sentence every upload and template carries (security.md, Product boundary).
const Boundary = "本系统为非涉密系统，严禁存储、处理、传输国家秘密。"

const (
	sheetPeople = "人员"
	sheetHelp   = "填写说明"
	sheetLists  = "选项"
)

var templateHeader = []string{"姓名", "单位", "工号", "手机号", "邮箱", "职务", "人员类别", "状态"}

// helpLines explain the columns.
var helpLines = []string{
	Boundary,
	"一、请在“人员”表中填写，一行一人；表头按名称识别，列的顺序可以调整，不用的列可以删去。",
	"二、“姓名”“单位”必填。单位可从下拉列表选择，也可填写简称、代码或别名；下级单位用“-”连接，如：财政局-办公室。",
	"三、“工号”“手机号”选填。登录名依次取工号、手机号；都没有时由系统生成并打印在激活单上。",
	"四、已有人员依次按工号、手机号、单位加姓名对应；可能对应多人的行由您确认，系统不作猜测。空白单元格不会清除原有内容。",
	"五、“人员类别”可填多个，用顿号分隔；“状态”不填视为在职。导入不会提升状态，也不会赋予任何角色。",
	"六、请勿填写身份证号和密码：这两列不会被读取。首次登录使用一次性激活码。",
	"七、每次最多 20000 行、10 MB；有错误的行改好之前，不会写入任何一行。",
}

// lastListRow is down to where the drop-downs reach.
const lastListRow = 5000

// ImportTemplate is the empty workbook: drop-downs for units, groups and status, and a sheet that explains.
func (s *Service) ImportTemplate(ctx context.Context, by Actor) ([]byte, error) {
	if err := Require(by, ManagePeople); err != nil {
		return nil, err
	}
	index, err := loadUnitIndex(s.read(ctx), by.Scope(ManagePeople))
	if err != nil {
		return nil, err
	}
	groups, err := listAudiences(s.read(ctx))
	if err != nil {
		return nil, err
	}
	f := excelize.NewFile()
	defer f.Close()
	w := &sheetWriter{f: f}
	w.do(f.SetSheetName("Sheet1", sheetPeople))
	w.sheet(sheetHelp)
	w.sheet(sheetLists)
	head := w.style(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EDF3"}}})
	words := w.style(&excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{Vertical: "center"}}) // 49 = text: Excel leaves numbers alone
	w.do(f.SetColStyle(sheetPeople, "A:H", words))
	w.do(f.SetColWidth(sheetPeople, "A", "H", 18))
	for i, name := range templateHeader {
		w.cell(sheetPeople, i+1, 1, name)
	}
	w.do(f.SetRowStyle(sheetPeople, 1, 1, head))
	w.do(f.SetPanes(sheetPeople, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	wrap := w.style(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	w.do(f.SetColWidth(sheetHelp, "A", "A", 100))
	w.do(f.SetColStyle(sheetHelp, "A", wrap))
	for i, line := range helpLines {
		w.cell(sheetHelp, 1, i+1, line)
	}
	var units []unitModel
	for _, u := range index.byID {
		units = append(units, u)
	}
	slices.SortFunc(units, func(a, b unitModel) int { return strings.Compare(a.Path, b.Path) })
	for i, u := range units {
		name := u.Name
		if len(index.find(name)) > 1 {
			name = index.spellPath(u)
		}
		w.cell(sheetLists, 1, i+1, name)
	}
	for i, g := range groups {
		w.cell(sheetLists, 2, i+1, g.Name)
	}
	for i, status := range Statuses {
		w.cell(sheetLists, 3, i+1, statusNames[status])
	}
	w.drop("B", "A", len(units), "单位不在列表中：也可填写简称、代码或别名")
	w.drop("G", "B", len(groups), "可填多个，用顿号分隔")
	w.drop("H", "C", len(Statuses), "")
	w.do(f.SetSheetVisible(sheetLists, false))
	if w.err != nil {
		return nil, w.err
	}
	return w.bytes()
}

// sheetWriter keeps the first error, so that building a workbook reads as a list of steps.
type sheetWriter struct {
	f   *excelize.File
	err error
}

func (w *sheetWriter) do(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *sheetWriter) sheet(name string) {
	_, err := w.f.NewSheet(name)
	w.do(err)
}

func (w *sheetWriter) style(style *excelize.Style) int {
	id, err := w.f.NewStyle(style)
	w.do(err)
	return id
}

func (w *sheetWriter) cell(sheet string, column, row int, value string) {
	name, err := excelize.CoordinatesToCellName(column, row)
	w.do(err)
	w.do(w.f.SetCellStr(sheet, name, SafeCell(value)))
}

// drop puts a drop-down of a column of the lists' sheet on a column of the people's. It only warns: short
// names and several groups are right as well.
func (w *sheetWriter) drop(column, list string, n int, hint string) {
	if n == 0 {
		return
	}
	v := excelize.NewDataValidation(true)
	v.Sqref = fmt.Sprintf("%s2:%s%d", column, column, lastListRow)
	v.SetSqrefDropList(fmt.Sprintf("%s!$%s$1:$%s$%d", sheetLists, list, list, n))
	if hint != "" {
		v.SetError(excelize.DataValidationErrorStyleInformation, "提示", hint)
	}
	w.do(w.f.AddDataValidation(sheetPeople, v))
}

func (w *sheetWriter) bytes() ([]byte, error) {
	var out bytes.Buffer
	err := w.f.Write(&out)
	return out.Bytes(), err
}

// SafeCell makes text safe to open in a spreadsheet: what would start a formula gets an apostrophe, and
// control characters go (security.md, Exports).
func SafeCell(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' {
			return -1
		}
		return r
	}, s)
	if s != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}

// maxComments bounds the notes on cells; the column 错误 holds every sentence in any case.
const maxComments = 1000

// ImportWorkbook is the upload back with its errors marked: a red cell with a note where the error is, and a
// column 错误 with the sentences. say turns a fault into a sentence of the user's language.
func (s *Service) ImportWorkbook(ctx context.Context, by Actor, id int64, say func(*fault.Error) string) ([]byte, error) {
	imp, err := findImportRow(s.read(ctx), by, id)
	if err != nil {
		return nil, err
	}
	if imp.State == ImportReading {
		return nil, ErrImportBusy
	}
	var header []string
	if err := json.Unmarshal([]byte(imp.Header), &header); err != nil {
		return nil, err
	}
	f := excelize.NewFile()
	defer f.Close()
	w := &sheetWriter{f: f}
	w.do(f.SetSheetName("Sheet1", sheetPeople))
	m := &marker{w: w, say: say, header: header,
		bad:  w.style(&excelize.Style{NumFmt: 49, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F6D5D2"}}}),
		text: w.style(&excelize.Style{NumFmt: 49})}
	m.out, err = f.NewStreamWriter(sheetPeople)
	if err != nil {
		return nil, err
	}
	w.do(m.out.SetColWidth(1, len(header)+1, 18))
	titles := make([]any, 0, len(header)+1)
	for _, name := range append(slices.Clone(header), "错误") {
		titles = append(titles, excelize.Cell{StyleID: m.text, Value: SafeCell(name)})
	}
	w.do(m.out.SetRow("A1", titles))
	after := 0
	for {
		var rows []importRowModel
		err := s.read(ctx).Table("people_import_rows").Where("import_id = ? AND row_no > ?", id, after).Order("row_no").Limit(1000).Scan(&rows).Error
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			break
		}
		after = rows[len(rows)-1].RowNo
		for _, r := range rows {
			if err := m.row(r); err != nil {
				return nil, err
			}
		}
	}
	w.do(m.out.Flush())
	for _, c := range m.comments {
		w.do(f.AddComment(sheetPeople, c))
	}
	if w.err != nil {
		return nil, w.err
	}
	return w.bytes()
}

// marker writes the rows of a marked-up workbook.
type marker struct {
	w         *sheetWriter
	out       *excelize.StreamWriter
	say       func(*fault.Error) string
	header    []string
	bad, text int
	line      int
	comments  []excelize.Comment
}

func (m *marker) row(r importRowModel) error {
	plan, err := r.plan()
	if err != nil {
		return err
	}
	var cells []string
	if err := json.Unmarshal([]byte(r.Cells), &cells); err != nil {
		return err
	}
	m.line++
	values := make([]any, len(m.header)+1)
	for i := range m.header {
		value := ""
		if i < len(cells) {
			value = cells[i]
		}
		values[i] = excelize.Cell{StyleID: m.text, Value: SafeCell(value)}
	}
	var sentences []string
	problems := plan.Problems
	if r.State == RowUndecided {
		problems = append(problems, ErrImportOpen.With("errors", 0, "undecided", 1))
	}
	for _, p := range problems {
		sentence := m.say(p)
		sentences = append(sentences, sentence)
		i := slices.Index(m.header, p.Field)
		if i < 0 || p.Field == "" {
			continue
		}
		cell := values[i].(excelize.Cell)
		values[i] = excelize.Cell{StyleID: m.bad, Value: cell.Value}
		if name, err := excelize.CoordinatesToCellName(i+1, m.line+1); err == nil && len(m.comments) < maxComments {
			m.comments = append(m.comments, excelize.Comment{Cell: name, Author: "警钟", Text: sentence})
		}
	}
	values[len(m.header)] = excelize.Cell{StyleID: m.text, Value: SafeCell(strings.Join(sentences, "；"))}
	name, err := excelize.CoordinatesToCellName(1, m.line+1)
	m.w.do(err)
	m.w.do(m.out.SetRow(name, values))
	return m.w.err
}
