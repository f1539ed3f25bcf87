package quiz

import (
	"encoding/json"
	"sync"
	"time"

	"jingzhong/fault"
	"jingzhong/org"
	"jingzhong/store"
)

// PracticeConfig is what practice stands on.
type PracticeConfig struct {
	DB       *store.DB
	Contests *Contests
	Zone     *time.Location // civil days; nil = UTC
}

// Practice lets people learn from the bank's questions for practice: each answer is explained at once, and what is
// about to be forgotten comes back.
type Practice struct {
	db       *store.DB
	contests *Contests
	zone     *time.Location

	mu      sync.Mutex
	catalog *catalogue
	board   []unitStreak
	boardAt int64
}

// NewPractice returns practice over an open database.
func NewPractice(cfg PracticeConfig) *Practice {
	if cfg.Zone == nil {
		cfg.Zone = time.UTC
	}
	return &Practice{db: cfg.DB, contests: cfg.Contests, zone: cfg.Zone}
}

// The modes of a run.
const (
	PracticeDaily  = "daily"  // 每日5题
	PracticeTopic  = "topic"  // a topic with all below it
	PracticeWrong  = "wrong"  // out of the wrong-answer book
	PracticeStreak = "streak" // 挑战答题: ends at the first wrong answer
	PracticeMock   = "mock"   // a paper by the blueprint of a contest that is over
)

// How many questions a run has; a mock paper has what its blueprint asks for.
const (
	dailyQuestions  = 5
	topicQuestions  = 10
	wrongQuestions  = 20
	streakQuestions = 200
)

const (
	runOpen = "open"
	runDone = "done"
)

// practicePoints is what a question is worth in practice, 1/100 point.
const practicePoints = 100

// PracticeStart says what to practise: TopicID for PracticeTopic, ContestID for PracticeMock.
type PracticeStart struct {
	Mode      string
	TopicID   int64
	ContestID int64
}

// PracticeRun is one run as its owner sees it. Score and FullMark are in 1/100 point.
type PracticeRun struct {
	ID        int64
	Mode      string
	State     string // open, done
	Day       string // YYYY-MM-DD
	Title     string // of the topic or the contest
	TopicID   int64
	ContestID int64
	Total     int
	Answered  int
	Right     int
	Score     int64
	FullMark  int64
	Items     []PracticeItem
}

// PracticeItem is one question of a run: as a contestant sees it until it is answered, then with its key, explanation
// and article. A question that was taken out of practice meanwhile is withdrawn and shows nothing.
type PracticeItem struct {
	Slot      int
	VersionID int64
	Part      int
	Question  json.RawMessage // nil once answered
	Review    *ReviewItem     // nil until answered
	Withdrawn bool
	SelfMark  bool // an essay its writer has still to mark
	Appealed  bool
}

// PracticeAnswer is an answer to one question of a run. ClientID names it: sent again, it counts once. MS is how long
// the question was on the screen.
type PracticeAnswer struct {
	Slot     int
	ClientID string
	Choice   []int
	Text     []string
	MS       int64
}

// PracticeResult is what an answer earned, with the run after it.
type PracticeResult struct {
	Item PracticeItem
	Run  PracticeRun // without items
	Next *PracticeItem
}

// Faults of practice.
var (
	ErrPracticeMode      = fault.New(fault.Invalid, "practice.mode")
	ErrPracticeNotFound  = fault.New(fault.NotFound, "practice.not_found")
	ErrPracticeEmpty     = fault.New(fault.Conflict, "practice.empty")
	ErrPracticeNoWrong   = fault.New(fault.Conflict, "practice.no_wrong")
	ErrPracticePaper     = fault.New(fault.NotFound, "practice.paper")
	ErrPracticeTopic     = fault.New(fault.NotFound, "practice.topic")
	ErrPracticeDone      = fault.New(fault.Conflict, "practice.done")
	ErrPracticeAnswered  = fault.New(fault.Conflict, "practice.answered")
	ErrPracticeOrder     = fault.New(fault.Conflict, "practice.order")
	ErrPracticeWithdrawn = fault.New(fault.Conflict, "practice.withdrawn")
	ErrPracticeClient    = fault.New(fault.Invalid, "practice.client")
	ErrPracticeMark      = fault.New(fault.Invalid, "practice.mark")
	ErrPracticeNoMark    = fault.New(fault.Conflict, "practice.no_mark")
)

// practises refuses those who do not learn here: nobody, and administrators.
func practises(by org.Actor) error {
	if err := org.Require(by, org.Compete); err != nil {
		return err
	}
	if by.PersonID <= 0 {
		return org.ErrDenied
	}
	return nil
}

// civilDay is the day of a moment, counted from 1970-01-01.
func (s *Practice) civilDay(ms int64) int {
	t := store.Time(ms).In(s.zone)
	return int(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86_400)
}

// today is the civil day of this moment.
func (s *Practice) today() int { return s.civilDay(s.db.Now()) }

// dayText is a civil day as YYYY-MM-DD.
func dayText(day int) string { return time.Unix(int64(day)*86_400, 0).UTC().Format(time.DateOnly) }
