package quiz

import (
	"fmt"

	"gorm.io/gorm"
)

// liftEmbargo frees a contest's questions, in its own transaction, once nobody can draw them any more.
func liftEmbargo(tx *gorm.DB, contestID int64) error {
	if err := tx.Where("contest_id = ?", contestID).Delete(&embargoRow{}).Error; err != nil {
		return fmt.Errorf("quiz: lift embargo: %w", err)
	}
	return nil
}

// embargo holds the contest-only questions among those given back from everybody but their authors and
// reviewers, in the transaction that schedules the contest; until is ms UTC, 0 = until lifted.
func embargo(tx *gorm.DB, contestID int64, questionIDs []int64, until int64) error {
	for start := 0; start < len(questionIDs); start += bankChunk {
		part := questionIDs[start:min(start+bankChunk, len(questionIDs))]
		err := tx.Exec(`INSERT INTO question_embargoes (question_id, contest_id, until)
			SELECT id, ?, ? FROM questions WHERE id IN ? AND use = ?
			ON CONFLICT (question_id, contest_id) DO UPDATE SET until = excluded.until`, contestID, until, part, UseContest).Error
		if err != nil {
			return fmt.Errorf("quiz: embargo: %w", err)
		}
	}
	return nil
}

type embargoRow struct {
	QuestionID int64
	ContestID  int64
	Until      int64
}

// TableName is the embargoes' table.
func (embargoRow) TableName() string { return "question_embargoes" }

// embargoed returns which of the questions a scheduled or open contest may draw.
func embargoed(tx *gorm.DB, ids []int64, now int64) (map[int64]bool, error) {
	held := map[int64]bool{}
	for start := 0; start < len(ids); start += bankChunk {
		var part []int64
		err := tx.Model(&embargoRow{}).Where("question_id IN ? AND (until = 0 OR until > ?)",
			ids[start:min(start+bankChunk, len(ids))], now).Pluck("question_id", &part).Error
		if err != nil {
			return nil, fmt.Errorf("quiz: embargoes: %w", err)
		}
		for _, id := range part {
			held[id] = true
		}
	}
	return held, nil
}
