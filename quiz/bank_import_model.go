package quiz

import (
	"encoding/json"
	"errors"
	"fmt"

	"jingzhong/fault"
	"jingzhong/quiz/exchange"
)

// The states of an import and of its rows.
const (
	ImportReady    = "ready"
	ImportApplying = "applying"
	ImportApplied  = "applied"

	ImportRowReady     = "ready"
	ImportRowError     = "error"
	ImportRowDuplicate = "duplicate"
	ImportRowImported  = "imported"
)

// QuestionFile is a workbook or table on its way in. UnitID 0 = the importer's own unit; TopicID and Use
// stand for rows that name none.
type QuestionFile struct {
	Name    string
	Data    []byte
	UnitID  int64
	TopicID int64
	Use     string
}

// ImportProblem is an error or a warning at one place of the file. Message is the Chinese sentence where the
// reader of the file made it; other codes have theirs in the languages of the server. Text is what the file
// says there, of a piece that makes no row.
type ImportProblem struct {
	Sheet   string         `json:"sheet,omitempty"`
	Line    int            `json:"line,omitempty"`
	Column  string         `json:"column,omitempty"`
	Code    string         `json:"code"`
	Args    map[string]any `json:"args,omitempty"`
	Message string         `json:"message,omitempty"`
	Text    string         `json:"text,omitempty"`
}

// ImportCounts counts the rows of an import; Warned are those of Ready that are worth a look.
type ImportCounts struct {
	Ready      int
	Warned     int
	Errors     int
	Duplicates int
	Imported   int
}

// QuestionImport is a file that was read and judged, and how far its application has come (Progress of
// Total rows).
type QuestionImport struct {
	ID        int64
	FileName  string
	Format    string
	Encoding  string
	State     string
	Published bool // applied rows were put into force at once
	Progress  int
	Total     int
	Counts    ImportCounts
	Skipped   []ImportProblem // sheets, columns and pieces of text that were not read
	UnitID    int64
	CreatedAt int64 // ms UTC
	AppliedAt int64 // ms UTC, 0 = not yet
}

// QuestionImportRow is one row of the file. Cells is what it said, by field, and can be mended; Text is how a
// text wrote it, empty for a table; Item is how it was understood; DuplicateOf is a question of the bank, DuplicateRow another row of the file.
type QuestionImportRow struct {
	N            int
	Sheet        string
	Line         int
	State        string
	Text         string
	Cells        exchange.Cells
	Item         exchange.Item
	Problems     []ImportProblem
	Warnings     []ImportProblem
	DuplicateOf  int64
	DuplicateRow int
	QuestionID   int64 // once imported
}

// ImportRowFilter narrows ListImportRows; errors come first, then duplicates, then what is worth a look.
type ImportRowFilter struct {
	State  string
	Limit  int // 1-200, 0 = 50
	Cursor string
}

// ImportRowPage is one page of rows; Next is empty on the last one.
type ImportRowPage struct {
	Items []QuestionImportRow
	Next  string
}

// Faults of question imports.
var (
	ErrImportNotFound = fault.New(fault.NotFound, "question_import.not_found")
	ErrImportRow      = fault.New(fault.NotFound, "question_import.row_not_found")
	ErrImportState    = fault.New(fault.Conflict, "question_import.state")
	ErrImportErrors   = fault.New(fault.Conflict, "question_import.errors")
	ErrImportNothing  = fault.New(fault.Conflict, "question_import.nothing")
	ErrImportStale    = fault.New(fault.Conflict, "question_import.stale")
	ErrImportField    = fault.New(fault.Invalid, "question_import.field_unknown")

	warnTopicGuessed = fault.New(fault.Unprocessable, "question.topic_guessed")
	warnReference    = fault.New(fault.Unprocessable, "question.reference_kept")
	warnPoints       = fault.New(fault.Unprocessable, "question.points_unused")
	warnOptionFixed  = fault.New(fault.Unprocessable, "question.option_fixed")
	warnOneKey       = fault.New(fault.Unprocessable, "question.one_key")

	// fileFaults declares the codes of the file readers, so that every language has a sentence for them.
	fileFaults = declareFileFaults()
)

func declareFileFaults() map[string]*fault.Error {
	faults := map[string]*fault.Error{}
	for _, code := range exchange.Codes() {
		kind := fault.Unprocessable
		if code == "file.too_large" {
			kind = fault.TooLarge
		}
		faults[code] = fault.New(kind, code)
	}
	return faults
}

// fileFault turns the refusal of a file into its fault.
func fileFault(err error) error {
	var refused *exchange.Error
	if !errors.As(err, &refused) || fileFaults[refused.Code] == nil {
		return err
	}
	f := *fileFaults[refused.Code]
	f.Args = refused.Args
	return f.At("file")
}

type importRow struct {
	ID        int64 `gorm:"primaryKey"`
	FileName  string
	SHA256    string `gorm:"column:sha256"`
	Format    string
	Encoding  string
	State     string
	Skipped   string
	Publish   bool
	Use       string
	TopicID   int64
	Progress  int
	Total     int
	CreatedBy int64
	UnitID    int64
	CreatedAt int64 `gorm:"autoCreateTime:false"`
	AppliedAt int64
}

// TableName is the imports' table.
func (importRow) TableName() string { return "question_imports" }

type importLine struct {
	ImportID    int64 `gorm:"primaryKey;autoIncrement:false"`
	N           int   `gorm:"primaryKey;autoIncrement:false"`
	Sheet       string
	Line        int
	State       string
	Item        string // JSON of storedCells; emptied once imported, because it holds the key
	Problems    string
	Warnings    string
	TextHash    string
	DuplicateOf int64 // a question's id, or minus the number of a row of the same file; 0 = none
	QuestionID  int64
	simhash     int64 // of a row that is ready, while it is judged
}

// TableName is the table of the rows.
func (importLine) TableName() string { return "question_import_rows" }

type storedCells struct {
	Exact bool           `json:"exact,omitempty"`
	Cells exchange.Cells `json:"cells"`
	Text  string         `json:"text,omitempty"`
}

func (l importLine) view() (QuestionImportRow, error) {
	out := QuestionImportRow{N: l.N, Sheet: l.Sheet, Line: l.Line, State: l.State, QuestionID: l.QuestionID}
	if l.DuplicateOf > 0 {
		out.DuplicateOf = l.DuplicateOf
	} else {
		out.DuplicateRow = int(-l.DuplicateOf)
	}
	row, err := l.row()
	if err != nil {
		return out, err
	}
	out.Cells, out.Text, out.Item = row.Cells, row.Text, row.Item
	if err := json.Unmarshal([]byte(l.Problems), &out.Problems); err != nil {
		return out, fmt.Errorf("quiz: import row: %w", err)
	}
	if err := json.Unmarshal([]byte(l.Warnings), &out.Warnings); err != nil {
		return out, fmt.Errorf("quiz: import row: %w", err)
	}
	return out, nil
}

// row reads the stored cells again; an imported row has none left.
func (l importLine) row() (exchange.Row, error) {
	if l.Item == "" {
		return exchange.Row{Sheet: l.Sheet, Line: l.Line}, nil
	}
	var stored storedCells
	if err := json.Unmarshal([]byte(l.Item), &stored); err != nil {
		return exchange.Row{}, fmt.Errorf("quiz: import row: %w", err)
	}
	return exchange.Parse(exchange.Row{Sheet: l.Sheet, Line: l.Line, Exact: stored.Exact, Cells: stored.Cells, Text: stored.Text}), nil
}
