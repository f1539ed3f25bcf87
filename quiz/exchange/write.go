package exchange

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// Boundary is the sentence that stands wherever files come in (security.md).
const Boundary = "本系统为非涉密信息系统，严禁存储、处理、传输国家秘密"

// layout is our own sheet: one row a question, the kind in a column.
var layout = []struct {
	field  Field
	header string
	width  float64
}{
	{FieldKind, "题型", 8}, {FieldStem, "题干", 52},
	{"A", "选项A", 22}, {"B", "选项B", 22}, {"C", "选项C", 22}, {"D", "选项D", 22}, {"E", "选项E", 14},
	{"F", "选项F", 14}, {"G", "选项G", 10}, {"H", "选项H", 10}, {"I", "选项I", 10}, {"J", "选项J", 10},
	{FieldAnswer, "答案", 14}, {FieldExplanation, "解析", 44}, {FieldPoints, "分值", 8}, {FieldDifficulty, "难度", 8},
	{FieldTopic, "知识点", 16}, {FieldTags, "标签", 16}, {FieldReference, "依据", 26}, {FieldStatute, "法规代码", 10},
	{FieldArticle, "条", 8}, {FieldParagraph, "款", 6}, {FieldLawQuote, "法条原文", 44}, {FieldUse, "用途", 8},
	{FieldFixed, "固定选项", 10}, {FieldWeights, "选项权重", 12}, {FieldDistractors, "干扰项", 16}, {FieldGroup, "题组", 8},
}

// HeaderOf is the header of a field in our own sheet; empty for a field that has no column there.
func HeaderOf(field Field) string {
	for _, col := range layout {
		if col.field == field {
			return col.header
		}
	}
	return ""
}

var useWords = map[string]string{"practice": "练习", "contest": "竞赛", "both": "通用"}

// CellsOf is the exact spelling of an item: Parse of it, in a row marked Exact, gives the item back.
func CellsOf(it Item) Cells {
	c := Cells{FieldKind: KindName(it.Kind), FieldStem: it.Stem, FieldExplanation: it.Explanation, FieldTopic: it.Topic,
		FieldTags: strings.Join(it.Tags, " "), FieldReference: it.Reference, FieldStatute: it.Statute,
		FieldArticle: it.Article, FieldLawQuote: it.LawQuote, FieldUse: useWords[it.Use]}
	if it.Points > 0 {
		c[FieldPoints] = strconv.FormatFloat(float64(it.Points)/100, 'f', -1, 64)
	}
	if it.Paragraph > 0 {
		c[FieldParagraph] = strconv.Itoa(it.Paragraph)
	}
	c[FieldDifficulty] = difficultyCell(it.Difficulty)
	fixed, answer := "", ""
	for i, o := range it.Options {
		c[Field(letters[i:i+1])] = o.Text
		if o.Fixed {
			fixed += letters[i : i+1]
		}
	}
	for _, i := range it.Correct {
		answer += letters[i : i+1]
	}
	switch it.Kind {
	case TrueFalse:
		answer = map[string]string{"A": "对", "B": "错"}[answer]
	case Fill:
		answer = escapeBlanks(it.Blanks)
	case Matching:
		answer = pairsCell(it.Pairs)
		c[FieldDistractors] = escapeBlanks([][]string{it.Distractors})
	case Essay:
		answer = it.Rubric
	case Group:
		c[FieldItems] = ItemsCell(it.Items)
	}
	c[FieldAnswer], c[FieldFixed], c[FieldWeights] = answer, fixed, weightsCell(it.Weights)
	for field, text := range c {
		if text == "" {
			delete(c, field)
		}
	}
	return c
}

func difficultyCell(d int) string {
	switch d {
	case 0:
		return ""
	case 80:
		return "易"
	case 60:
		return "中"
	case 40:
		return "难"
	}
	return strconv.FormatFloat(float64(d)/100, 'f', 2, 64)
}

// WriteXLSX writes items as one sheet of text cells that reads back to the same items. A text longer than a
// cell can hold is an error, never cut.
func WriteXLSX(items []Item) ([]byte, error) {
	var rows []Cells
	for i, it := range items {
		if err := fitsSheet(it); err != nil {
			return nil, fmt.Errorf("exchange: item %d: %w", i+1, err)
		}
		rows = append(rows, rowsOf(it, i+1)...)
	}
	f, w, err := newSheet("试题", nil)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for i, c := range rows {
		if err := writeRow(w, i+2, nil, c); err != nil {
			return nil, err
		}
	}
	if err := w.Flush(); err != nil {
		return nil, fmt.Errorf("exchange: %w", err)
	}
	return bytesOf(f, exactMark)
}

// fitsSheet reports what of an item has no place in the option columns.
func fitsSheet(it Item) error {
	if len(it.Options) > len(letters) {
		return fmt.Errorf("%d options, a sheet holds %d", len(it.Options), len(letters))
	}
	for _, j := range it.Correct {
		if j < 0 || j >= len(letters) {
			return fmt.Errorf("no option %d", j)
		}
	}
	for _, part := range it.Items {
		if err := fitsSheet(part); err != nil {
			return err
		}
	}
	return nil
}

// rowsOf is an item's row, or those of a group: its material, then its questions with the same sign.
func rowsOf(it Item, sign int) []Cells {
	c := CellsOf(it)
	if it.Kind != Group {
		return []Cells{c}
	}
	delete(c, FieldItems)
	c[FieldGroup] = strconv.Itoa(sign)
	rows := []Cells{c}
	for _, part := range it.Items {
		row := CellsOf(part)
		row[FieldGroup] = strconv.Itoa(sign)
		rows = append(rows, row)
	}
	return rows
}

// newSheet begins a workbook with our header row, after some columns of the caller's own.
func newSheet(name string, extra []string) (*excelize.File, *excelize.StreamWriter, error) {
	f := excelize.NewFile()
	fail := func(err error) (*excelize.File, *excelize.StreamWriter, error) {
		f.Close()
		return nil, nil, fmt.Errorf("exchange: %w", err)
	}
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return fail(err)
	}
	head, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, NumFmt: 49,
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF4"}},
		Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}})
	if err != nil {
		return fail(err)
	}
	text, err := f.NewStyle(&excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	if err != nil {
		return fail(err)
	}
	w, err := f.NewStreamWriter(name)
	if err != nil {
		return fail(err)
	}
	cells := make([]any, 0, len(extra)+len(layout))
	for i, header := range extra {
		if err := w.SetColWidth(i+1, i+1, 30); err != nil {
			return fail(err)
		}
		cells = append(cells, excelize.Cell{StyleID: head, Value: header})
	}
	for i, col := range layout {
		if err := w.SetColWidth(len(extra)+i+1, len(extra)+i+1, col.width); err != nil {
			return fail(err)
		}
		cells = append(cells, excelize.Cell{StyleID: head, Value: col.header})
	}
	if err := w.SetColStyle(1, len(cells), text); err != nil {
		return fail(err)
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fail(err)
	}
	if err := w.SetRow("A1", cells, excelize.RowOpts{Height: 22}); err != nil {
		return fail(err)
	}
	return f, w, nil
}

// writeRow writes one row of text cells; extra comes first.
func writeRow(w *excelize.StreamWriter, no int, extra []any, c Cells) error {
	cells := append(make([]any, 0, len(extra)+len(layout)), extra...)
	for _, col := range layout {
		text := guard(c[col.field])
		if n := len(utf16.Encode([]rune(text))); n > maxCell {
			return fmt.Errorf("exchange: row %d, %s: %d characters do not fit a cell", no, col.header, n)
		}
		if text == "" {
			cells = append(cells, nil)
			continue
		}
		cells = append(cells, text)
	}
	if err := w.SetRow("A"+strconv.Itoa(no), cells); err != nil {
		return fmt.Errorf("exchange: %w", err)
	}
	return nil
}

func bytesOf(f *excelize.File, keywords string) ([]byte, error) {
	err := f.SetDocProps(&excelize.DocProperties{Creator: "Jingzhong", Keywords: keywords, Language: "zh-CN"})
	if err != nil {
		return nil, fmt.Errorf("exchange: %w", err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		return nil, fmt.Errorf("exchange: %w", err)
	}
	return out.Bytes(), nil
}

// MarkedRow is a row on its way back to whoever sent it: what became of it, and why.
type MarkedRow struct {
	State string
	Notes []string
	Bad   bool
	Row   Row
}

// WriteMarked writes rows back as they were read, each with its state and its problems in front, bad ones
// coloured; mended, the workbook can be imported again.
func WriteMarked(rows []MarkedRow) ([]byte, error) {
	f, w, err := newSheet("试题", []string{"状态", "问题说明"})
	if err != nil {
		return nil, err
	}
	defer f.Close()
	bad, err := f.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Color: "B42318", Bold: true},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FDECEA"}},
		Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	if err != nil {
		return nil, fmt.Errorf("exchange: %w", err)
	}
	exact, no := len(rows) > 0, 2
	for i, r := range rows {
		exact = exact && r.Row.Exact
		style := 0
		if r.Bad {
			style = bad
		}
		extra := []any{excelize.Cell{StyleID: style, Value: r.State},
			excelize.Cell{StyleID: style, Value: guard(strings.Join(r.Notes, "\n"))}}
		for _, c := range ungroup(spread(r.Row), i+1) {
			if err := writeRow(w, no, extra, c); err != nil {
				return nil, err
			}
			no, extra = no+1, []any{nil, nil}
		}
	}
	if err := w.Flush(); err != nil {
		return nil, fmt.Errorf("exchange: %w", err)
	}
	keywords := ""
	if exact {
		keywords = exactMark
	}
	return bytesOf(f, keywords)
}

// spread puts options that came in one cell into their columns, which is where our layout has room.
func spread(row Row) Cells {
	if row.Cells[FieldOptions] == "" {
		return row.Cells
	}
	c := Cells{}
	for field, text := range row.Cells {
		c[field] = text
	}
	texts := splitOptions(row.Cells[FieldOptions])
	for i := range texts {
		if i < len(letters) && c[Field(letters[i:i+1])] == "" {
			c[Field(letters[i:i+1])] = texts[i]
		}
	}
	return c
}
