package org

import (
	"time"

	"jingzhong/fault"
)

// The states of an import.
const (
	ImportReading  = "reading"
	ImportChecked  = "checked"
	ImportApplying = "applying"
	ImportApplied  = "applied"
	ImportFailed   = "failed"
)

// The states of an import's row.
const (
	RowNew       = "new"
	RowChanged   = "changed"
	RowUnchanged = "unchanged"
	RowError     = "error"
	RowUndecided = "undecided" // several people may be meant; somebody decides
	RowLeaving   = "leaving"   // in the file's units but not in the file; only shown
)

// ImportFile is an uploaded workbook or CSV file of people.
type ImportFile struct {
	Name        string
	Data        []byte
	CreateUnits bool // create missing units from their paths; needs ManageUnits
}

// Import is one upload on its way from file to people. Nothing is written before it is applied, and then all
// or nothing.
type Import struct {
	ID          int64
	FileName    string
	State       string
	Problem     *fault.Error // why it failed
	Total       int          // rows to go through in this state
	Progress    int          // rows done
	Counts      ImportCounts
	Warnings    []*fault.Error // about the file, e.g. a column that is never read
	CreateUnits bool
	NewUnits    []string // paths of the units that will be created
	CreatedAt   time.Time
	FinishedAt  time.Time
}

// ImportCounts counts an import's rows by what would happen to them.
type ImportCounts struct {
	New, Changed, Unchanged, Leaving, Errors, Undecided int
}

// ImportRow is one row of the file after the check, or one person who is leaving.
type ImportRow struct {
	No         int // the row's number in the file, as Excel counts; 0 for who is leaving
	State      string
	PersonID   int64 // whom it would change; 0 = new
	Name       string
	UnitName   string
	Username   string // of a new person
	Changes    []FieldChange
	Problems   []*fault.Error // errors of the row; Field is the column's header
	Warnings   []*fault.Error
	Candidates []Candidate
	Decided    bool
}

// FieldChange is one field's old and new value.
type FieldChange struct {
	Field string // name, unit, staffNo, phone, email, position, status, audiences
	Old   string
	New   string
}

// Candidate is a person an undecided row may mean.
type Candidate struct {
	PersonID int64
	Name     string
	UnitName string
	StaffNo  string
	Phone    string // masked but for its last four digits
	Position string
}

// RowFilter narrows the list of an import's rows.
type RowFilter struct {
	State  string
	Cursor string
	Limit  int
}
