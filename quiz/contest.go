package quiz

import (
	"jingzhong/fault"
	"jingzhong/org"
)

// ContestState is a contest's place in its own life (rules-contest 5.0). Open and closed follow the server
// clock; the others are guarded updates.
type ContestState string

// The states of a contest, as the API spells them.
const (
	ContestDraft     ContestState = "draft"
	ContestProposed  ContestState = "proposed"
	ContestScheduled ContestState = "scheduled"
	ContestOpen      ContestState = "open"
	ContestClosed    ContestState = "closed"
	ContestGraded    ContestState = "graded"
	ContestNotice    ContestState = "notice"
	ContestFinal     ContestState = "final"
	ContestSuspended ContestState = "suspended"
	ContestCancelled ContestState = "cancelled"
)

// Scoring is how a multiple choice with a missing or wrong pick is paid (rules-contest 5.4).
type Scoring string

// The scoring modes.
const (
	ScoringM0  Scoring = "M0"  // all or nothing
	ScoringM1  Scoring = "M1"  // missing picks in proportion, a wrong pick 0
	ScoringM1h Scoring = "M1h" // missing picks half, a wrong pick 0
	ScoringM2  Scoring = "M2"  // guess-neutral
	ScoringM3  Scoring = "M3"  // Hamming distance
	ScoringM4  Scoring = "M4"  // weights of the options; a question without weights as M1
)

// Kept says which of a person's attempts counts.
type Kept string

// The kept-score rules.
const (
	KeptBest  Kept = "best"
	KeptLast  Kept = "last"
	KeptFirst Kept = "first"
)

// Takeover says whether a second device may take a running attempt over.
type Takeover string

// The take-over policies.
const (
	TakeoverFree   Takeover = "free"
	TakeoverForbid Takeover = "forbid"
)

// Show says when something becomes visible to contestants.
type Show string

// The moments. A key is never shown before the contest has closed, whatever is set.
const (
	ShowNever  Show = "never"
	ShowSubmit Show = "submit"
	ShowClose  Show = "close"
	ShowAt     Show = "at"
)

// Row is one line of a blueprint: Count questions of these topics, kinds and difficulty at Points each.
// Empty lists mean any; difficulty is the expected share of right answers in 1/100.
type Row struct {
	TopicIDs     []int64
	Kinds        []string
	DifficultyLo int
	DifficultyHi int
	Count        int
	Points       int64 // 1/100 point a question
}

// ContestInput is everything a trainer sets. Times are ms UTC, durations ms, marks 1/100 point of a full
// mark of 100 points.
type ContestInput struct {
	Preset        string
	Title         string
	Notes         string // shown to contestants before they start
	OpensAt       int64
	ClosesAt      int64
	Limit         int64
	HardClose     bool
	AttemptsTotal int // 0 = no limit
	AttemptsDay   int // 0 = no limit
	Kept          Kept
	Scoring       Scoring
	PassMark      int64
	ExcellentMark int64
	Takeover      Takeover
	ScoreShow     Show
	ReviewShow    Show
	ResultsAt     int64 // for ShowAt
	Audience      org.Audience
	Rows          []Row
}

// Contest is a contest as its organisers see it.
type Contest struct {
	ContestInput
	ID          int64
	State       ContestState // at the moment of reading
	Revision    int64        // for If-Match
	Edition     int64        // 0 = never published
	UnitID      int64
	UnitPath    string
	UnitName    string
	AuthorID    int64
	AuthorName  string
	Questions   int   // of one paper
	FullMark    int64 // of one paper, 1/100 point
	BoardID     int64
	ProposedBy  int64
	ApprovedBy  int64
	SelfChecked bool // published by its author alone, 本人复核
	StateReason string
	CreatedAt   int64
	UpdatedAt   int64
	MayEdit     bool // by the reader
	MayApprove  bool
	MayMonitor  bool
}

// ContestFilter narrows ListContests; the zero value lists all that the reader may see.
type ContestFilter struct {
	State  ContestState
	Query  string
	Limit  int
	Cursor string
}

// ContestPage is one page of a list; Next is empty on the last one.
type ContestPage struct {
	Items []Contest
	Next  string
}

// RowFit is what the feasibility proof says of one blueprint row.
type RowFit struct {
	Row       int // index
	Available int // questions that match, whether or not another row wants them too
	Needed    int
	Drawn     int // the most this row can be given when all rows share the pool
	Practised int // of Available, those that practice may have shown
}

// Fit is the outcome of the feasibility proof (rules-contest 5.3): the blueprint can be met exactly if
// Short is 0. Binding is the index of the row to change, -1 if none.
type Fit struct {
	Rows          []RowFit
	Needed        int
	Drawn         int
	Short         int
	Binding       int
	Target        int   // mean difficulty of the blueprint, 1/100
	Trials        []int // mean difficulty of 200 trial papers, 1/1000; empty when short
	PracticeShare int   // 1/100 of the pool that practice may have shown
}

// TimeFactor gives one person more time; Percent is 125, 150 or 200. Set before the start, with a reason.
type TimeFactor struct {
	PersonID   int64
	PersonName string
	Percent    int
	Reason     string
}

// Extension is more time for one person, a unit's subtree or all (Scope person, unit, all).
type Extension struct {
	Scope    string
	TargetID int64
	Minutes  int
	Reason   string
}

// Faults of contests.
var (
	ErrContestNotFound   = fault.New(fault.NotFound, "contest.not_found")
	ErrContestState      = fault.New(fault.Conflict, "contest.state")
	ErrContestChanged    = fault.New(fault.Precondition, "contest.changed")
	ErrContestClosed     = fault.New(fault.Conflict, "contest.closed")
	ErrContestNotOpen    = fault.New(fault.Conflict, "contest.not_open")
	ErrContestSuspended  = fault.New(fault.Conflict, "contest.suspended")
	ErrContestShort      = fault.New(fault.Unprocessable, "contest.short")
	ErrContestInput      = fault.New(fault.Invalid, "contest.input")
	ErrContestTimes      = fault.New(fault.Invalid, "contest.times")
	ErrContestEmpty      = fault.New(fault.Invalid, "contest.empty_blueprint")
	ErrContestNobody     = fault.New(fault.Unprocessable, "contest.nobody")
	ErrContestSelf       = fault.New(fault.Denied, "contest.approve_own")
	ErrContestUnfinished = fault.New(fault.Conflict, "contest.unfinished")
	ErrContestReason     = fault.New(fault.Invalid, "contest.reason_missing")
	ErrPresetUnknown     = fault.New(fault.Invalid, "contest.preset_unknown")
	ErrFactorInput       = fault.New(fault.Invalid, "contest.time_factor")
	ErrFactorLate        = fault.New(fault.Conflict, "contest.time_factor_late")
	ErrExtensionInput    = fault.New(fault.Invalid, "contest.extension")
)
