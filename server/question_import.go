package server

import (
	"context"

	"jingzhong/org"
	"jingzhong/quiz"
	"jingzhong/quiz/exchange"
)

type questionImportView struct {
	ID        int64                    `json:"id"`
	FileName  string                   `json:"fileName"`
	Format    string                   `json:"format"`
	Encoding  string                   `json:"encoding"`
	State     string                   `json:"state" enum:"ready,applying,applied"`
	Published bool                     `json:"published" doc:"Applied rows were put into force at once"`
	Progress  int                      `json:"progress"`
	Total     int                      `json:"total"`
	Counts    questionImportCountsView `json:"counts"`
	Skipped   []fileNoteView           `json:"skipped" doc:"Sheets, columns and pieces of text that were not read"`
	CreatedAt stamp                    `json:"createdAt"`
	AppliedAt *stamp                   `json:"appliedAt,omitempty"`
}

type questionImportCountsView struct {
	Ready      int `json:"ready"`
	Warned     int `json:"warned"`
	Errors     int `json:"errors"`
	Duplicates int `json:"duplicates"`
	Imported   int `json:"imported"`
}

// fileNoteView is an error or a warning at one place of a file.
type fileNoteView struct {
	Code   string `json:"code"`
	Sheet  string `json:"sheet,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column string `json:"column,omitempty"`
	Detail string `json:"detail"`
	Text   string `json:"text,omitempty" doc:"What the file says there, of a piece that makes no row"`
}

func fileNoteOf(lang string) func(quiz.ImportProblem) fileNoteView {
	return func(p quiz.ImportProblem) fileNoteView {
		return fileNoteView{p.Code, p.Sheet, p.Line, p.Column, sentence(lang, p.Code, p.Args), p.Text}
	}
}

func questionImportOf(lang string, i quiz.QuestionImport) questionImportView {
	return questionImportView{ID: i.ID, FileName: i.FileName, Format: i.Format, Encoding: i.Encoding, State: i.State, Published: i.Published,
		Progress: i.Progress, Total: i.Total, Counts: questionImportCountsView(i.Counts), Skipped: viewsOf(i.Skipped, fileNoteOf(lang)),
		CreatedAt: stampOf(i.CreatedAt), AppliedAt: stampIf(i.AppliedAt)}
}

type questionImportRowView struct {
	N            int               `json:"n"`
	Sheet        string            `json:"sheet"`
	Line         int               `json:"line"`
	State        string            `json:"state" enum:"ready,error,duplicate,imported"`
	Cells        map[string]string `json:"cells" doc:"What the row says, by field; mend it and send it back"`
	Text         string            `json:"text,omitempty" doc:"As the file wrote it, of a text; a table's cells say it"`
	Problems     []fileNoteView    `json:"problems"`
	Warnings     []fileNoteView    `json:"warnings"`
	DuplicateOf  int64             `json:"duplicateOf,omitempty" doc:"A question of the bank"`
	DuplicateRow int               `json:"duplicateRow,omitempty" doc:"Another row of the file"`
	QuestionID   int64             `json:"questionId,omitempty" doc:"Once imported"`
}

func questionImportRowOf(lang string) func(quiz.QuestionImportRow) questionImportRowView {
	note := fileNoteOf(lang)
	return func(r quiz.QuestionImportRow) questionImportRowView {
		cells := make(map[string]string, len(r.Cells))
		for field, text := range r.Cells {
			cells[string(field)] = text
		}
		return questionImportRowView{N: r.N, Sheet: r.Sheet, Line: r.Line, State: r.State, Cells: cells, Text: r.Text, Problems: viewsOf(r.Problems, note),
			Warnings: viewsOf(r.Warnings, note), DuplicateOf: r.DuplicateOf, DuplicateRow: r.DuplicateRow, QuestionID: r.QuestionID}
	}
}

func (s *Server) prepareQuestionImport(ctx context.Context, by org.Actor, file uploaded) (questionImportView, error) {
	topic, err := file.number("topicId")
	if err != nil {
		return questionImportView{}, err
	}
	unit, err := file.number("unitId")
	if err != nil {
		return questionImportView{}, err
	}
	i, err := s.cfg.Bank.PrepareImport(ctx, by, quiz.QuestionFile{Name: file.Name, Data: file.Body, UnitID: unit, TopicID: topic, Use: file.query("use")})
	return questionImportOf(by.Lang, i), err
}

func (s *Server) showQuestionImport(ctx context.Context, by org.Actor, in *ByID) (questionImportView, error) {
	i, err := s.cfg.Bank.FindImport(ctx, by, in.ID)
	return questionImportOf(by.Lang, i), err
}

type questionRowsIn struct {
	ByID
	Paging
	State string `query:"state" enum:"ready,error,duplicate,imported"`
}

func (s *Server) listQuestionImportRows(ctx context.Context, by org.Actor, in *questionRowsIn) (list[questionImportRowView], error) {
	page, err := s.cfg.Bank.ListImportRows(ctx, by, in.ID, quiz.ImportRowFilter{State: in.State, Limit: in.Limit, Cursor: in.Cursor})
	return listOf(page.Items, page.Next, questionImportRowOf(by.Lang)), err
}

type mendRowIn struct {
	ByID
	No   int `path:"n" minimum:"1"`
	Body struct {
		Cells map[string]string `json:"cells"`
	}
}

func (s *Server) mendQuestionImportRow(ctx context.Context, by org.Actor, in *mendRowIn) (questionImportRowView, error) {
	cells := exchange.Cells{}
	for field, text := range in.Body.Cells {
		cells[exchange.Field(field)] = text
	}
	row, err := s.cfg.Bank.UpdateImportRow(ctx, by, in.ID, in.No, cells)
	return questionImportRowOf(by.Lang)(row), err
}

type applyQuestionsIn struct {
	ByID
	Body *struct {
		LeaveOut bool `json:"leaveOut,omitempty" doc:"Rows with errors stay out instead of stopping the whole"`
		AsDraft  bool `json:"asDraft,omitempty" doc:"Nothing is published, even if I may"`
	}
}

func (s *Server) applyQuestionImport(ctx context.Context, by org.Actor, in *applyQuestionsIn) (questionImportView, error) {
	var how quiz.ApplyInput
	if in.Body != nil {
		how = quiz.ApplyInput{LeaveOut: in.Body.LeaveOut, AsDraft: in.Body.AsDraft}
	}
	i, err := s.cfg.Bank.ApplyImport(ctx, by, in.ID, how)
	return questionImportOf(by.Lang, i), err
}

func (s *Server) questionImportTemplate(ctx context.Context, by org.Actor, _ *nothing) (*fileOut, error) {
	body, err := s.cfg.Bank.ImportTemplate(ctx, by)
	return workbook("试题导入模板.xlsx", body), err
}

func (s *Server) questionImportWorkbook(ctx context.Context, by org.Actor, in *ByID) (*fileOut, error) {
	body, err := s.cfg.Bank.ImportWorkbook(ctx, by, in.ID, func(code string, args map[string]any) string { return sentence(by.Lang, code, args) })
	return workbook("试题导入-标注.xlsx", body), err
}

type exportQuestionsIn struct {
	QuestionFilterIn
	Format string `query:"format" maxLength:"20" doc:"xlsx (default), csv, gift, moodle, qti21 or qti30"`
}

func (s *Server) exportQuestions(ctx context.Context, by org.Actor, in *exportQuestionsIn) (*fileOut, error) {
	file, err := s.cfg.Bank.Export(ctx, by, in.filter(), in.Format)
	return &fileOut{ContentType: file.MIME, Disposition: attachment("题库." + file.Ext), Body: file.Data}, err
}
