package quiz

import (
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"jingzhong/org"
)

// contestRow is a row of contests.
type contestRow struct {
	ID            int64 `gorm:"primaryKey"`
	Title         string
	Notes         string
	Preset        string
	State         string
	StateReason   string
	Revision      int64
	Edition       int64
	UnitID        int64
	AuthorID      int64
	OpensAt       int64
	ClosesAt      int64
	LimitMs       int64
	HardClose     bool
	AttemptsTotal int
	AttemptsDay   int
	Kept          string
	Scoring       string
	PassMark      int64
	ExcellentMark int64
	Takeover      string
	ScoreShow     string
	ReviewShow    string
	ResultsAt     int64
	Audience      string
	Questions     int
	FullMark      int64
	Target        int
	Secret        []byte
	BoardID       int64
	ProposedBy    int64
	ApprovedBy    int64
	SelfChecked   bool
	SuspendedFrom string
	SuspendedAt   int64
	CreatedAt     int64
	UpdatedAt     int64
}

// TableName is the table of contests.
func (contestRow) TableName() string { return "contests" }

// state is where the contest stands at now: open and closed follow the clock even before the sweeper has
// written them down.
func (c contestRow) state(now int64) ContestState {
	state := ContestState(c.State)
	if state == ContestScheduled && now >= c.OpensAt {
		state = ContestOpen
	}
	if state == ContestOpen && now >= c.ClosesAt {
		state = ContestClosed
	}
	return state
}

func (c contestRow) audience() (org.Audience, error) {
	var a org.Audience
	if err := json.Unmarshal([]byte(c.Audience), &a); err != nil {
		return a, fmt.Errorf("quiz: audience of contest %d: %w", c.ID, err)
	}
	return a, nil
}

// blueprintRow is a row of contest_rows.
type blueprintRow struct {
	ContestID    int64 `gorm:"primaryKey"`
	No           int   `gorm:"primaryKey"`
	Topics       string
	Kinds        string
	DifficultyLo int
	DifficultyHi int
	Count        int
	Points       int64
}

// TableName is the table of blueprint rows.
func (blueprintRow) TableName() string { return "contest_rows" }

// itemRow is a row of contest_items.
type itemRow struct {
	ContestID  int64 `gorm:"primaryKey"`
	Edition    int64 `gorm:"primaryKey"`
	No         int   `gorm:"primaryKey"`
	QuestionID int64
	VersionID  int64
	Rows       string
}

// TableName is the table of an edition's pool.
func (itemRow) TableName() string { return "contest_items" }

// factorRow is a row of contest_time_factors.
type factorRow struct {
	ContestID int64 `gorm:"primaryKey"`
	PersonID  int64 `gorm:"primaryKey"`
	Percent   int
	Reason    string
	SetBy     int64
	SetAt     int64
}

// TableName is the table of time factors.
func (factorRow) TableName() string { return "contest_time_factors" }

// attemptRow is a row of attempts.
type attemptRow struct {
	ID           int64 `gorm:"primaryKey"`
	ContestID    int64
	Edition      int64
	PersonID     int64
	UnitID       int64
	No           int
	State        string
	StateReason  string
	Paper        []byte
	StartedAt    int64
	DeadlineAt   int64
	LimitMs      int64
	ExtensionMs  int64
	StoppedMs    int64
	OutageMs     int64
	SuspendedAt  int64
	SubmittedAt  int64
	SubmitKind   string
	LeaseEpoch   int64
	LeaseSession string
	VoidedFrom   string
	Answered     int
	Score        int64
	RightCount   int
	ItemScores   string
	GradedAt     int64
	ScoreVersion int
	Awaiting     int // answers that a person still has to mark
}

// TableName is the table of attempts.
func (attemptRow) TableName() string { return "attempts" }

// timeMS is the effective time of an attempt that was handed in: without the stretches its clock stood.
func (a attemptRow) timeMS() int64 {
	return max(0, a.SubmittedAt-a.StartedAt-a.StoppedMs-a.OutageMs)
}

// answerRow is a row of answers.
type answerRow struct {
	AttemptID int64 `gorm:"primaryKey"`
	Slot      int   `gorm:"primaryKey"`
	Epoch     int64
	Seq       int64
	Choice    string
	Text      string
	SavedAt   int64
}

// TableName is the table of answers.
func (answerRow) TableName() string { return "answers" }

func marshal(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // lists of numbers and strings always encode
	}
	return string(b)
}

func unmarshal[T any](text string) (T, error) {
	var v T
	if text == "" {
		return v, nil
	}
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return v, fmt.Errorf("quiz: stored list: %w", err)
	}
	return v, nil
}

// findContestRow reads a contest without asking who reads.
func findContestRow(tx *gorm.DB, id int64) (contestRow, error) {
	var c contestRow
	err := tx.Where("id = ?", id).Take(&c).Error
	if err == gorm.ErrRecordNotFound {
		return c, ErrContestNotFound
	}
	if err != nil {
		return c, fmt.Errorf("quiz: contest %d: %w", id, err)
	}
	return c, nil
}

func findAttemptRow(tx *gorm.DB, id int64) (attemptRow, error) {
	var a attemptRow
	err := tx.Where("id = ?", id).Take(&a).Error
	if err == gorm.ErrRecordNotFound {
		return a, ErrAttemptNotFound
	}
	if err != nil {
		return a, fmt.Errorf("quiz: attempt %d: %w", id, err)
	}
	return a, nil
}

func blueprint(tx *gorm.DB, contestID int64) ([]Row, error) {
	var stored []blueprintRow
	if err := tx.Where("contest_id = ?", contestID).Order("no").Find(&stored).Error; err != nil {
		return nil, fmt.Errorf("quiz: blueprint: %w", err)
	}
	rows := make([]Row, len(stored))
	for i, r := range stored {
		topics, err := unmarshal[[]int64](r.Topics)
		if err != nil {
			return nil, err
		}
		kinds, err := unmarshal[[]string](r.Kinds)
		if err != nil {
			return nil, err
		}
		rows[i] = Row{TopicIDs: topics, Kinds: kinds, DifficultyLo: r.DifficultyLo, DifficultyHi: r.DifficultyHi, Count: r.Count, Points: r.Points}
	}
	return rows, nil
}

func saveBlueprint(tx *gorm.DB, contestID int64, rows []Row) error {
	if err := tx.Where("contest_id = ?", contestID).Delete(&blueprintRow{}).Error; err != nil {
		return fmt.Errorf("quiz: blueprint: %w", err)
	}
	if len(rows) == 0 {
		return nil
	}
	stored := make([]blueprintRow, len(rows))
	for i, r := range rows {
		stored[i] = blueprintRow{ContestID: contestID, No: i, Topics: marshal(nonNil(r.TopicIDs)), Kinds: marshal(nonNil(r.Kinds)),
			DifficultyLo: r.DifficultyLo, DifficultyHi: r.DifficultyHi, Count: r.Count, Points: r.Points}
	}
	if err := tx.Create(&stored).Error; err != nil {
		return fmt.Errorf("quiz: blueprint: %w", err)
	}
	return nil
}

func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
