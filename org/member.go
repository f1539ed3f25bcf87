package org

// Member is a person as rosters need it.
type Member struct {
	PersonID int64
	Name     string
	UnitID   int64
	UnitPath string
	Position string
	Status   string
}

// Audience says who a contest or plan is meant for: units (with everything below) and groups narrow each other; people listed
// by name come in addition. All = every unit. The zero value holds nobody.
type Audience struct {
	All         bool
	UnitIDs     []int64
	AudienceIDs []int64
	PersonIDs   []int64
}

// TextMatch is what a pasted list of people resolved to.
type TextMatch struct {
	Found     []Member
	Ambiguous []TextLine // several people answer to the line
	Missing   []TextLine
}

// TextLine is one line of a pasted list that needs a person's eye.
type TextLine struct {
	Line       int // counted from 1
	Text       string
	Candidates []Member
}
