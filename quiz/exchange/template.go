package exchange

import (
	"fmt"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// templateRows is how many rows of the template have drop-downs.
const templateRows = 2000

// notes are the lines of the template's 填写说明.
var notes = []string{
	Boundary + "。不得把国家秘密、工作秘密和内部敏感信息写进题目。",
	"",
	"1. 一行一题，填在“试题”表中，不要改动第一行的列名。",
	"2. 题型：单选、多选、判断、填空，可从下拉框选择。",
	"3. 选项填在选项A至选项J，从A开始依次填写，中间不要留空；判断题和填空题不填选项。",
	"4. 答案：单选写 A，多选写 ABD，判断写 对 或 错；也可以写选项的文字。",
	"5. 填空题：题干里每个空写 ____（四个下划线）；几个空的答案用 ; 分开，同一个空可接受的几种写法用 | 分开，例如 24|二十四;保密行政管理部门。",
	"6. 难度：易、中、难，或 1 到 5，或 0 到 1 之间的小数（预计答对的比例）。",
	"7. 知识点：从下拉框选择；标签：几个标签用空格分开。",
	"8. 依据：写法律名称和条款，例如 《保密法》第二十六条第二款；导入时核对条号，并提示 2010 年旧法、2014 年旧条例的说法。",
	"9. 用途：练习、竞赛、通用；空着按通用处理。竞赛题在竞赛结束前不会出现在练习中。",
	"10. 导入先检查、后写入：有错的行会标出来，改好再导入；可以写入全部没有错的行，也可以全部不写入。",
}

// Template is an empty workbook with drop-downs and a sheet 填写说明; topics fill the drop-down of 知识点.
func Template(topics []string) ([]byte, error) {
	f, w, err := newSheet("试题", nil)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lists := map[Field][]string{
		FieldKind:       {"单选", "多选", "判断", "填空"},
		FieldDifficulty: {"易", "中", "难"},
		FieldUse:        {"通用", "练习", "竞赛"},
		FieldTopic:      topics,
	}
	if err := addNotes(f); err != nil {
		return nil, err
	}
	if err := addLists(f, lists); err != nil {
		return nil, err
	}
	if err := w.Flush(); err != nil { // last: what is added to a streamed sheet afterwards is lost
		return nil, fmt.Errorf("exchange: %w", err)
	}
	return bytesOf(f, "")
}

func addNotes(f *excelize.File) error {
	const name = "填写说明"
	if _, err := f.NewSheet(name); err != nil {
		return fmt.Errorf("exchange: %w", err)
	}
	wrap, err := f.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return fmt.Errorf("exchange: %w", err)
	}
	loud, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Color: "B42318"},
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return fmt.Errorf("exchange: %w", err)
	}
	if err := f.SetColWidth(name, "A", "A", 110); err != nil {
		return fmt.Errorf("exchange: %w", err)
	}
	for i, line := range notes {
		cell := "A" + strconv.Itoa(i+1)
		style := wrap
		if i == 0 {
			style = loud
		}
		if err := f.SetCellStr(name, cell, line); err != nil {
			return fmt.Errorf("exchange: %w", err)
		}
		if err := f.SetCellStyle(name, cell, cell, style); err != nil {
			return fmt.Errorf("exchange: %w", err)
		}
	}
	return nil
}

// addLists puts the choices on a hidden sheet and the drop-downs on the columns.
func addLists(f *excelize.File, lists map[Field][]string) error {
	const name = "选择项"
	if _, err := f.NewSheet(name); err != nil {
		return fmt.Errorf("exchange: %w", err)
	}
	next := 1
	for i, col := range layout {
		values := lists[col.field]
		if len(values) == 0 {
			continue
		}
		list, err := excelize.ColumnNumberToName(next)
		if err != nil {
			return fmt.Errorf("exchange: %w", err)
		}
		next++
		for j, value := range values {
			if err := f.SetCellStr(name, list+strconv.Itoa(j+1), value); err != nil {
				return fmt.Errorf("exchange: %w", err)
			}
		}
		letter, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return fmt.Errorf("exchange: %w", err)
		}
		dv := excelize.NewDataValidation(true)
		dv.Sqref = fmt.Sprintf("%s2:%s%d", letter, letter, templateRows+1)
		dv.SetSqrefDropList(fmt.Sprintf("'%s'!$%s$1:$%s$%d", name, list, list, len(values)))
		dv.SetError(excelize.DataValidationErrorStyleWarning, col.header, "请从下拉框中选择")
		if err := f.AddDataValidation("试题", dv); err != nil {
			return fmt.Errorf("exchange: %w", err)
		}
	}
	if err := f.SetSheetVisible(name, false); err != nil {
		return fmt.Errorf("exchange: %w", err)
	}
	return nil
}
