package quiz

import "jingzhong/fault"

// AttemptState is an attempt's place in its life (rules-contest 5.1).
type AttemptState string

// The states of an attempt, as the API spells them.
const (
	AttemptInProgress AttemptState = "in_progress"
	AttemptSuspended  AttemptState = "suspended"
	AttemptSubmitted  AttemptState = "submitted"
	AttemptExpired    AttemptState = "expired"
	AttemptGraded     AttemptState = "graded"
	AttemptFinal      AttemptState = "final"
	AttemptVoided     AttemptState = "voided"
)

// Grace is how long after the deadline a save is still taken; contestants are not told (rules-contest 5.1).
const Grace = 3000 // ms

// Started is what Start returns. Paper is the JSON object {"items":[...]} of this attempt, rendered from the
// edition's fragments; it holds no key and no id of the bank.
type Started struct {
	ID         int64
	State      AttemptState
	No         int
	Created    bool // false: the open attempt was returned again
	DeadlineAt int64
	ServerTime int64
	Lease      string // empty when another sign-in holds the attempt
	Paper      []byte
}

// AnswerInput is one answer. Choice holds places 1..n on this paper in the order picked, Text one string a
// blank; both nil means blank. Seq strictly increases within an attempt.
type AnswerInput struct {
	Slot   int
	Seq    int64
	Choice []int
	Text   []string
}

// SaveInput is a batch of at most 200 answers. ArrivedAt is when the whole request had arrived: waiting in
// the queue never makes an answer late.
type SaveInput struct {
	Lease     string
	Answers   []AnswerInput
	ArrivedAt int64
}

// SavedAnswer acknowledges one slot: what is stored now, after COMMIT. Seq is the stored one, which is
// higher than the sent one if a newer answer had come first.
type SavedAnswer struct {
	Slot    int
	Seq     int64
	Receipt string
	SavedAt int64
}

// Saved acknowledges a batch.
type Saved struct {
	Answers    []SavedAnswer
	ServerTime int64
	DeadlineAt int64
}

// SubmitInput carries the answers not yet acknowledged. Lease may be empty for the sign-in that holds it.
type SubmitInput struct {
	Lease     string
	Answers   []AnswerInput
	ArrivedAt int64
}

// Submitted is an attempt after it was handed in, by hand or by the clock.
type Submitted struct {
	State       AttemptState
	SubmittedAt int64
	SubmitKind  string // hand, auto
	Saved       []SavedAnswer
	ServerTime  int64
}

// StoredAnswer is an answer as the contestant gave it.
type StoredAnswer struct {
	Slot    int
	Seq     int64
	Choice  []int
	Text    []string
	Receipt string
	SavedAt int64
}

// AttemptView is an attempt as its owner sees it. Score is nil until it may be seen.
type AttemptView struct {
	ID           int64
	ContestID    int64
	ContestTitle string
	ContestState ContestState
	No           int
	State        AttemptState
	StateReason  string // why it is suspended or voided
	StartedAt    int64
	DeadlineAt   int64
	SubmittedAt  int64
	SubmitKind   string
	ServerTime   int64
	HoldsLease   bool // the reader's sign-in holds the lease
	OutageMS     int64
	ExtensionMS  int64
	Questions    int  // slots of the paper
	Awaiting     bool // an answer waits for its marker
	FullMark     int64
	Answers      []StoredAnswer
	Paper        []byte // only while in progress and the reader holds the lease
	Score        *int64
	Passed       *bool
	Excellent    *bool
	TimeMS       int64
	ScoreAt      int64 // when the score will be shown, 0 = shown or never
	ReviewAt     int64 // when the review opens, 0 = open or never
	ReviewOpen   bool
}

// ReviewItem is one question of a review: after the contest closed, with the key and the law.
type ReviewItem struct {
	Slot        int
	VersionID   int64
	Part        int // which question of a group, from 0
	Kind        string
	Material    string // of a group
	Stem        string
	Points      int64
	Score       int64
	Options     []ReviewOption
	Lefts       []string   // of a matching
	Choice      []int      // places as picked, in order
	Key         []int      // places of the right options: of an ordering in order, of a matching one for each left
	Rubric      string     // of an essay
	Note        string     // the marker's
	Text        []string   // what was written, one a blank
	Accepted    [][]string // what was accepted, one list a blank
	Answered    bool
	Right       bool
	Explanation string
	Statute     string // name, 《…》
	StatuteCode string
	Article     string
	Paragraph   string
	LawQuote    string
	LawVersion  string
	Topic       string
}

// ReviewOption is one option of a reviewed question at its place on the paper.
type ReviewOption struct {
	ID     int
	Text   string
	Picked bool
	Key    bool
}

// Faults of attempts.
var (
	ErrAttemptNotFound  = fault.New(fault.NotFound, "attempt.not_found")
	ErrStaleLease       = fault.New(fault.Conflict, "attempt.stale_lease")
	ErrLeaseMissing     = fault.New(fault.Conflict, "attempt.lease_missing")
	ErrTakeoverForbid   = fault.New(fault.Denied, "attempt.takeover_forbidden")
	ErrAttemptLate      = fault.New(fault.Conflict, "attempt.late")
	ErrAttemptDone      = fault.New(fault.Conflict, "attempt.done")
	ErrAttemptSuspended = fault.New(fault.Conflict, "attempt.suspended")
	ErrAttemptVoided    = fault.New(fault.Conflict, "attempt.voided")
	ErrAttemptState     = fault.New(fault.Conflict, "attempt.state")
	ErrAttemptsUsed     = fault.New(fault.Conflict, "attempt.used_up")
	ErrAttemptsToday    = fault.New(fault.Conflict, "attempt.used_up_today")
	ErrNotEligible      = fault.New(fault.Denied, "attempt.not_eligible")
	ErrKnowsKeys        = fault.New(fault.Denied, "attempt.knows_keys")
	ErrAnswerSlot       = fault.New(fault.Invalid, "answer.slot")
	ErrAnswerSeq        = fault.New(fault.Invalid, "answer.seq")
	ErrAnswerChoice     = fault.New(fault.Invalid, "answer.choice")
	ErrAnswerText       = fault.New(fault.Invalid, "answer.text")
	ErrAnswerCount      = fault.New(fault.Invalid, "answer.count")
	ErrReviewHidden     = fault.New(fault.Conflict, "attempt.review_hidden")
)
