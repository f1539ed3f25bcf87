package quiz

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"jingzhong/fault"
	"jingzhong/org"
	"jingzhong/quiz/exchange"
)

// workbook is a question table with a header and some rows.
func workbook(rows ...string) []byte {
	return []byte("题型,题干,选项A,选项B,选项C,答案,解析,知识点,依据,难度,分值\n" + strings.Join(rows, "\n") + "\n")
}

var mixed = workbook(
	"单选,密级分几级？,一级,两级,三级,C,分三级,定密,《保密法》第十四条第一款,易,2",
	"判断,工作秘密不是国家秘密,,,,对,,总则,《保密法》第64条,中,",
	"填空,应在____小时内报告,,,,24/二十四,,监督管理,实施条例第六十一条,0.35,",
	"单选,密级分几级,一级,三级。,两级,B,重复,定密,,,",          // the first again
	"单选,谁定密？,甲,乙,,E,,定密,,,",                  // no option E
	"单选,哪条？,甲,乙,,A,,定密,《保密法》第99条,,",          // no article 99
	"单选,什么题？,甲,乙,,A,,天文,,,",                  // no such topic
	"判断,保密工作实行积极防范、突出重点、依法管理的方针,,,,对,,总则,,,", // 2010
	"猜谜,谈谈体会,,,,略,,总则,,,",
	"判断,按规定报告,,,,对,,总则,《航空法》第三条,,", // kept in the explanation
)

func (r *bankRoom) prepare(by org.Actor, data []byte) QuestionImport {
	r.t.Helper()
	imp, err := r.PrepareImport(bankCtx, by, QuestionFile{Name: "题库.csv", Data: data})
	if err != nil {
		r.t.Fatal(err)
	}
	return imp
}

func TestBankImportShowsEverythingBeforeItChangesAnything(t *testing.T) {
	r := newBankRoom(t)
	imp := r.prepare(trainerA, mixed)
	want := ImportCounts{Ready: 5, Warned: 2, Errors: 4, Duplicates: 1}
	if imp.Counts != want || imp.Total != 10 || imp.State != ImportReady || imp.Encoding != "utf-8" {
		t.Fatalf("%+v", imp)
	}
	if len(imp.Skipped) != 1 || imp.Skipped[0].Code != "question.points_unused" {
		t.Errorf("unread: %+v", imp.Skipped)
	}
	if n := r.count(`SELECT COUNT(*) FROM questions`); n != 0 {
		t.Fatalf("a dry run wrote %d questions", n)
	}
	page, err := r.ListImportRows(bankCtx, trainerA, imp.ID, ImportRowFilter{Limit: 6})
	if err != nil || len(page.Items) != 6 || page.Next == "" {
		t.Fatalf("%+v %v", page, err)
	}
	var got []string
	for _, row := range page.Items {
		text := fmt.Sprint(row.Line, row.State)
		for _, p := range append(row.Problems, row.Warnings...) {
			text += " " + p.Code + "@" + p.Column
		}
		got = append(got, text)
	}
	wanted := []string{
		"6error item.answer_beyond@答案", "7error law.article_unknown@条", "8error question.topic_unknown@知识点",
		"10error item.kind_unknown@题型", "5duplicate", "9ready law.old_text@",
	}
	if !reflect.DeepEqual(got, wanted) {
		t.Errorf("rows\n got %q\nwant %q", got, wanted)
	}
	if page.Items[4].DuplicateRow != 1 {
		t.Errorf("duplicate of row %d", page.Items[4].DuplicateRow)
	}
	rest, err := r.ListImportRows(bankCtx, trainerA, imp.ID, ImportRowFilter{Cursor: page.Next})
	if err != nil || len(rest.Items) != 4 || rest.Items[0].Warnings[0].Code != "question.reference_kept" {
		t.Fatalf("%+v %v", rest, err)
	}
	for _, by := range []org.Actor{trainerB, trainerRoot, learner} {
		if _, err := r.FindImport(bankCtx, by, imp.ID); err == nil {
			t.Errorf("%s sees another's import", by.Name)
		}
		if _, err := r.ListImportRows(bankCtx, by, imp.ID, ImportRowFilter{}); err == nil {
			t.Errorf("%s reads another's rows", by.Name)
		}
		if _, err := r.ApplyImport(bankCtx, by, imp.ID, ApplyInput{LeaveOut: true}); err == nil {
			t.Errorf("%s applied another's import", by.Name)
		}
		if _, err := r.ImportWorkbook(bankCtx, by, imp.ID, quietly); err == nil {
			t.Errorf("%s downloaded another's import", by.Name)
		}
	}
}

func quietly(string, map[string]any) string { return "" }

func TestBankImportIsMendedAndApplied(t *testing.T) {
	r := newBankRoom(t)
	imp := r.prepare(trainerA, mixed)
	if _, err := r.ApplyImport(bankCtx, trainerA, imp.ID, ApplyInput{}); !errors.Is(err, ErrImportErrors) {
		t.Fatalf("rows with errors did not stop it: %v", err)
	}
	page, err := r.ListImportRows(bankCtx, trainerA, imp.ID, ImportRowFilter{State: ImportRowError})
	if err != nil {
		t.Fatal(err)
	}
	cells := page.Items[0].Cells
	cells[exchange.FieldAnswer] = "A"
	row, err := r.UpdateImportRow(bankCtx, trainerA, imp.ID, page.Items[0].N, cells)
	if err != nil || row.State != ImportRowReady || len(row.Problems) != 0 {
		t.Fatalf("%+v %v", row, err)
	}
	if _, err := r.UpdateImportRow(bankCtx, trainerA, imp.ID, 1, exchange.Cells{"password": "x"}); !errors.Is(err, ErrImportField) {
		t.Errorf("an unknown field: %v", err)
	}
	if _, err := r.UpdateImportRow(bankCtx, trainerA, imp.ID, 99, cells); !errors.Is(err, ErrImportRow) {
		t.Errorf("a row that is not: %v", err)
	}
	twin, err := r.UpdateImportRow(bankCtx, trainerA, imp.ID, page.Items[1].N, cells)
	if err != nil || twin.State != ImportRowDuplicate || twin.DuplicateRow != row.N {
		t.Errorf("mended into another row: %+v %v", twin, err)
	}
	done, err := r.ApplyImport(bankCtx, trainerA, imp.ID, ApplyInput{LeaveOut: true})
	if err != nil || done.State != ImportApplied || !done.Published || done.Progress != 6 || done.Total != 6 || done.Counts.Imported != 6 {
		t.Fatalf("%+v %v", done, err)
	}
	list, err := r.ListQuestions(bankCtx, trainerA, QuestionFilter{WithCount: true})
	if err != nil || list.Total != 6 || list.Facets.States[QuestionPublished] != 6 {
		t.Fatalf("%+v %v", list, err)
	}
	if n := r.count(`SELECT COUNT(*) FROM question_import_rows WHERE state = 'imported' AND item <> ''`); n != 0 {
		t.Errorf("%d imported rows still hold their keys", n)
	}
	if n := r.count(`SELECT COUNT(*) FROM audit_records WHERE action = 'question_import.apply' AND reason = ?`, SelfReview); n != 1 {
		t.Errorf("%d records of the import", n)
	}
	if _, err := r.ApplyImport(bankCtx, trainerA, imp.ID, ApplyInput{LeaveOut: true}); !errors.Is(err, ErrImportState) {
		t.Errorf("applied twice: %v", err)
	}
	kept, err := r.ListQuestions(bankCtx, trainerA, QuestionFilter{Query: "按规定报告"})
	if err != nil || len(kept.Items) != 1 {
		t.Fatal(err)
	}
	if q, err := r.FindQuestion(bankCtx, trainerA, kept.Items[0].ID); err != nil || !strings.Contains(q.Version.Explanation, "《航空法》第三条") {
		t.Errorf("a reference outside the index was lost: %+v %v", q, err)
	}
	again := r.prepare(trainerA, mixed)
	if again.Counts.Ready != 0 || again.Counts.Duplicates != 6 {
		t.Errorf("the same file again: %+v", again.Counts)
	}
	if _, err := r.ApplyImport(bankCtx, trainerA, again.ID, ApplyInput{LeaveOut: true}); !errors.Is(err, ErrImportNothing) {
		t.Errorf("nothing to import: %v", err)
	}
}

func TestBankImportOfAnAuthorStaysADraft(t *testing.T) {
	r := newBankRoom(t)
	imp := r.prepare(authorA, workbook("判断,对吗,,,,对,,总则,,,"))
	done, err := r.ApplyImport(bankCtx, authorA, imp.ID, ApplyInput{})
	if err != nil || done.Published {
		t.Fatalf("%+v %v", done, err)
	}
	page, err := r.ListQuestions(bankCtx, reviewerA, QuestionFilter{Pending: true})
	if err != nil || len(page.Items) != 1 || page.Items[0].State != QuestionDraft || !page.Items[0].MayPublish {
		t.Fatalf("%+v %v", page, err)
	}
}

func TestBankImportGoesOnWhereItStopped(t *testing.T) {
	r := newBankRoom(t)
	rows := make([]string, 250)
	for i := range rows {
		rows[i] = fmt.Sprintf("单选,第%d题问什么？,甲,乙,丙,B,,总则,,,", i)
	}
	imp := r.prepare(trainerA, workbook(rows...))
	if err := r.beginApply(bankCtx, trainerA, imp.ID, ApplyInput{}); err != nil {
		t.Fatal(err)
	}
	if more, err := r.applySome(bankCtx, trainerA, imp.ID); err != nil || !more {
		t.Fatal(more, err)
	}
	// Here the program stops. What was written is not seen by anybody.
	if page, err := r.ListQuestions(bankCtx, trainerA, QuestionFilter{WithCount: true}); err != nil || page.Total != 0 {
		t.Errorf("half an import is visible: %+v %v", page.Total, err)
	}
	var hidden int64
	r.db.Read(bankCtx).Raw(`SELECT MIN(id) FROM questions`).Scan(&hidden)
	if _, err := r.FindQuestion(bankCtx, trainerA, hidden); !errors.Is(err, ErrQuestionNotFound) {
		t.Errorf("found: %v", err)
	}
	half, err := r.FindImport(bankCtx, trainerA, imp.ID)
	if err != nil || half.State != ImportApplying || half.Progress != applyBatch || half.Total != 250 {
		t.Errorf("%+v %v", half, err)
	}
	if _, err := r.UpdateImportRow(bankCtx, trainerA, imp.ID, 250, exchange.Cells{"stem": "x"}); !errors.Is(err, ErrImportState) {
		t.Errorf("mended while it is applied: %v", err)
	}
	done, err := r.ApplyImport(bankCtx, trainerA, imp.ID, ApplyInput{})
	if err != nil || done.Progress != 250 || done.Counts.Imported != 250 {
		t.Fatalf("%+v %v", done, err)
	}
	if n := r.count(`SELECT COUNT(*) FROM question_keys`); n != 250 {
		t.Errorf("%d keys", n)
	}
}

func TestBankImportNoticesWhatTheBankGotMeanwhile(t *testing.T) {
	r := newBankRoom(t)
	row := workbook("判断,对吗,,,,对,,总则,,,")
	first, second := r.prepare(trainerA, row), r.prepare(trainerA, row)
	if _, err := r.ApplyImport(bankCtx, trainerA, first.ID, ApplyInput{}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.ApplyImport(bankCtx, trainerA, second.ID, ApplyInput{}); !errors.Is(err, ErrImportStale) {
		t.Fatalf("got %v", err)
	}
	if imp, err := r.FindImport(bankCtx, trainerA, second.ID); err != nil || imp.Counts.Duplicates != 1 {
		t.Errorf("%+v %v", imp, err)
	}
}

func TestBankImportRefusesWholeFiles(t *testing.T) {
	r := newBankRoom(t)
	for name, data := range map[string]string{"a.xls": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "b.csv": "a,b\n", "c.exe": "MZ", "d.csv": ""} {
		_, err := r.PrepareImport(bankCtx, trainerA, QuestionFile{Name: name, Data: []byte(data)})
		if f, ok := fault.As(err); !ok || !strings.HasPrefix(f.Code, "file.") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, file := range map[string]QuestionFile{"sibling unit": {UnitID: 3}, "use": {Use: "x"}, "topic": {TopicID: 99}} {
		file.Name, file.Data = "a.csv", workbook("判断,对吗,,,,对,,总则,,,")
		if _, err := r.PrepareImport(bankCtx, trainerA, file); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestBankImportWorkbookIsMendedAndSentAgain(t *testing.T) {
	r := newBankRoom(t)
	imp := r.prepare(trainerA, mixed)
	data, err := r.ImportWorkbook(bankCtx, trainerA, imp.ID, quietly)
	if err != nil {
		t.Fatal(err)
	}
	again, err := r.PrepareImport(bankCtx, trainerA, QuestionFile{Name: "改.xlsx", Data: data})
	if err != nil || again.Counts != imp.Counts {
		t.Fatalf("%+v, was %+v, %v", again.Counts, imp.Counts, err)
	}
}

func TestBankExportImportsToTheSameBank(t *testing.T) {
	r := newBankRoom(t)
	imp := r.prepare(trainerA, mixed)
	if _, err := r.ApplyImport(bankCtx, trainerA, imp.ID, ApplyInput{LeaveOut: true}); err != nil {
		t.Fatal(err)
	}
	odd := singleInput("=1+1 是\n什么？")
	odd.Options = append(odd.Options, OptionInput{Text: "A. 甲|乙;丙"})
	odd.Use, odd.Difficulty, odd.LawQuote, odd.Paragraph = UseContest, 73, "国家秘密的密级分为绝密、机密、秘密三级。", 1
	r.create(trainerA, odd)
	slash := fillInput("____和____")
	slash.Blanks = [][]string{{"a|b", "c;d"}, {`e\f`, "@g"}}
	r.create(trainerA, slash)
	file, err := r.Export(bankCtx, trainerA, QuestionFilter{}, "")
	if err != nil {
		t.Fatal(err)
	}
	data := file.Data
	if n := r.count(`SELECT COUNT(*) FROM audit_records WHERE action = 'question.export'`); n != 1 {
		t.Errorf("%d exports recorded", n)
	}
	// The sibling has no duplicate of it, so all of it goes in there.
	copied, err := r.PrepareImport(bankCtx, trainerB, QuestionFile{Name: "导出.xlsx", Data: data})
	if err != nil || copied.Counts.Ready != 7 || copied.Counts.Errors+copied.Counts.Duplicates != 0 || len(copied.Skipped) != 0 {
		t.Fatalf("%+v %v", copied, err)
	}
	if _, err := r.ApplyImport(bankCtx, trainerB, copied.ID, ApplyInput{}); err != nil {
		t.Fatal(err)
	}
	second, err := r.Export(bankCtx, trainerB, QuestionFilter{}, "xlsx")
	if err != nil {
		t.Fatal(err)
	}
	if a, b := itemsIn(t, data), itemsIn(t, second.Data); !reflect.DeepEqual(a, b) {
		t.Errorf("first  %+v\nsecond %+v", a, b)
	}
	below := somebody(97, org.ModeQuick, org.RoleTrainer, "/1/2/4/")
	empty, err := r.Export(bankCtx, below, QuestionFilter{}, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := exchange.Read("x.xlsx", empty.Data); err == nil {
		t.Error("a trainer below exports keys of the unit above")
	}
}

// TestExportFormats writes the bank in every format there is, and refuses the others by their code.
func TestExportFormats(t *testing.T) {
	r := newBankRoom(t)
	r.create(trainerA, singleInput("涉密文件怎样销毁？"))
	for _, format := range exchange.Writable() {
		file, err := r.Export(bankCtx, trainerA, QuestionFilter{}, format)
		if err != nil || file.Name != format || file.MIME == "" || file.Ext == "" {
			t.Fatalf("%s: %+v %v", format, file, err)
		}
		back, err := r.PrepareImport(bankCtx, trainerB, QuestionFile{Name: "x." + file.Ext, Data: file.Data})
		if err != nil || back.Total != 1 || back.Counts.Errors != 0 {
			t.Errorf("%s: %+v %v", format, back, err)
		}
	}
	_, err := r.Export(bankCtx, trainerA, QuestionFilter{}, "docx")
	if f, ok := fault.As(err); !ok || f.Code != ErrExportFormat.Code {
		t.Errorf("a format that is not written: %v", err)
	}
}

// TestImportKeepsText keeps what a text said with its rows and with the pieces that make none, through a mending.
func TestImportKeepsText(t *testing.T) {
	r := newBankRoom(t)
	imp, err := r.PrepareImport(bankCtx, trainerA, QuestionFile{Name: "题.txt",
		Data: []byte("前言，不是题目。\n\n1. 涉密文件怎样销毁？\nA. 送销毁机构\nB. 卖废品\n\n2. 手机可以带进涉密场所。（×）\n")})
	if err != nil {
		t.Fatal(err)
	}
	if len(imp.Skipped) == 0 || !strings.Contains(imp.Skipped[0].Text, "前言") {
		t.Errorf("skipped: %+v", imp.Skipped)
	}
	page, err := r.ListImportRows(bankCtx, trainerA, imp.ID, ImportRowFilter{})
	if err != nil || len(page.Items) != 2 {
		t.Fatalf("%+v %v", page, err)
	}
	row := page.Items[0]
	if row.State != ImportRowError || !strings.Contains(row.Text, "卖废品") {
		t.Fatalf("the row in error: %+v", row)
	}
	row.Cells[exchange.FieldAnswer], row.Cells[exchange.FieldTopic] = "A", "总则"
	mended, err := r.UpdateImportRow(bankCtx, trainerA, imp.ID, row.N, row.Cells)
	if err != nil || mended.State != ImportRowReady || mended.Text != row.Text {
		t.Errorf("mended: %+v %v", mended, err)
	}
}

func itemsIn(t *testing.T, data []byte) (items []exchange.Item) {
	t.Helper()
	res, err := exchange.Read("x.xlsx", data)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range res.Rows {
		items = append(items, row.Item)
	}
	return items
}

func TestImportTemplateOffersTheTopics(t *testing.T) {
	r := newBankRoom(t)
	if data, err := r.ImportTemplate(bankCtx, trainerA); err != nil || len(data) == 0 {
		t.Fatal(err)
	}
	if _, err := r.ImportTemplate(bankCtx, org.Actor{}); err == nil {
		t.Error("nobody got the template")
	}
}
