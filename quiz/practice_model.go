package quiz

import (
	"fmt"

	"gorm.io/gorm"
)

// practiceRunRow is a row of practice_runs.
type practiceRunRow struct {
	ID         int64 `gorm:"primaryKey"`
	PersonID   int64
	UnitID     int64
	Mode       string
	State      string
	Day        int
	TopicID    int64
	ContestID  int64
	Items      string
	Answered   int
	RightCount int
	Score      int64
	FullMark   int64
	StartedAt  int64
	EndedAt    int64
}

// TableName is the table of runs.
func (practiceRunRow) TableName() string { return "practice_runs" }

// runItem is one place of a run: which question of which version, what its row pays and the order of its options.
type runItem struct {
	Question int64   `json:"q"`
	Version  int64   `json:"v"`
	Part     int     `json:"p,omitempty"`
	Points   int64   `json:"s"`
	Order    []uint8 `json:"o,omitempty"`
}

// practiceAnswerRow is a row of practice_answers.
type practiceAnswerRow struct {
	RunID      int64 `gorm:"primaryKey"`
	Slot       int   `gorm:"primaryKey"`
	PersonID   int64
	UnitID     int64
	ClientID   string
	QuestionID int64
	VersionID  int64
	Part       int
	Point      string
	Choice     string
	Text       string
	Score      int64
	Points     int64
	Correct    bool
	Rating     int
	Ms         int64
	Day        int
	AnsweredAt int64
}

// TableName is the table of practice answers.
func (practiceAnswerRow) TableName() string { return "practice_answers" }

// cardRow is a row of practice_cards.
type cardRow struct {
	PersonID   int64  `gorm:"primaryKey"`
	Point      string `gorm:"primaryKey"`
	State      string
	Stability  float64
	Difficulty float64
	DueDay     int
	LastDay    int
	Reps       int
	Lapses     int
}

// TableName is the table of cards.
func (cardRow) TableName() string { return "practice_cards" }

// wrongRow is a row of practice_wrong.
type wrongRow struct {
	PersonID     int64 `gorm:"primaryKey"`
	QuestionID   int64 `gorm:"primaryKey"`
	Part         int   `gorm:"primaryKey"`
	Wrongs       int
	RightDays    int
	LastRightDay int
	WrongAt      int64
}

// TableName is the table of the wrong-answer book.
func (wrongRow) TableName() string { return "practice_wrong" }

// findRunRow reads somebody's run; anybody else's is not found.
func findRunRow(tx *gorm.DB, id, personID int64) (practiceRunRow, error) {
	var r practiceRunRow
	err := tx.Where("id = ? AND person_id = ?", id, personID).Take(&r).Error
	if err == gorm.ErrRecordNotFound {
		return r, ErrPracticeNotFound
	}
	if err != nil {
		return r, fmt.Errorf("quiz: practice run %d: %w", id, err)
	}
	return r, nil
}

// practiceAnswers reads what was answered in a run, by slot, with what its writer gave an essay.
func practiceAnswers(tx *gorm.DB, runID int64) (map[int]practiceAnswerRow, map[int]int64, error) {
	var rows []practiceAnswerRow
	if err := tx.Where("run_id = ?", runID).Find(&rows).Error; err != nil {
		return nil, nil, fmt.Errorf("quiz: practice answers: %w", err)
	}
	answers := make(map[int]practiceAnswerRow, len(rows))
	for _, r := range rows {
		answers[r.Slot] = r
	}
	var given []struct {
		Slot  int
		Score int64
	}
	if err := tx.Raw(`SELECT slot, score FROM practice_marks WHERE run_id = ?`, runID).Scan(&given).Error; err != nil {
		return nil, nil, fmt.Errorf("quiz: practice marks: %w", err)
	}
	marks := make(map[int]int64, len(given))
	for _, m := range given {
		marks[m.Slot] = m.Score
	}
	return answers, marks, nil
}

// runSheet is a run's places as the engine of the contests renders and marks them.
func runSheet(tx *gorm.DB, items []runItem) (*edition, []pickedItem, error) {
	ids := make([]int64, len(items))
	for i, it := range items {
		ids[i] = it.Version
	}
	versions, err := loadVersions(tx, ids)
	if err != nil {
		return nil, nil, err
	}
	e := &edition{}
	paper := make([]pickedItem, len(items))
	for i, it := range items {
		v, ok := versions[it.Version]
		if !ok {
			return nil, nil, fmt.Errorf("quiz: version %d of a practice run is gone", it.Version)
		}
		frozen := v.freeze(it.Question)
		if it.Part >= len(frozen) || len(it.Order) != len(frozen[it.Part].options) {
			return nil, nil, fmt.Errorf("practice: %w", errPaperBroken)
		}
		e.questions = append(e.questions, frozen[it.Part])
		e.rows = append(e.rows, Row{Points: it.Points})
		paper[i] = pickedItem{item: i, row: i, order: it.Order}
	}
	return e, paper, nil
}
