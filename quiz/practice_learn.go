package quiz

import (
	"fmt"

	"gorm.io/gorm"

	"jingzhong/store"
)

// learn moves the card, the wrong-answer book and the unit's count for one answer.
func learn(tx *gorm.DB, a practiceAnswerRow, right bool, r rating) error {
	if err := moveCard(tx, a, r); err != nil {
		return err
	}
	if err := keepWrong(tx, a, right); err != nil {
		return err
	}
	n := 0
	if right {
		n = 1
	}
	_, err := store.Writing(tx).Exec(`INSERT INTO practice_points (unit_id, point, answers, rights) VALUES (?, ?, 1, ?)
		ON CONFLICT (unit_id, point) DO UPDATE SET answers = practice_points.answers + 1, rights = practice_points.rights + excluded.rights`,
		a.UnitID, a.Point, n)
	if err != nil {
		return fmt.Errorf("quiz: unit's points: %w", err)
	}
	return nil
}

// moveCard plans when the answer's point is due again: FSRS-6 over whole civil days.
func moveCard(tx *gorm.DB, a practiceAnswerRow, r rating) error {
	var cards []cardRow
	if err := tx.Where("person_id = ? AND point = ?", a.PersonID, a.Point).Find(&cards).Error; err != nil {
		return fmt.Errorf("quiz: card: %w", err)
	}
	c := cardRow{PersonID: a.PersonID, Point: a.Point, LastDay: a.Day}
	if len(cards) > 0 {
		c = cards[0]
	}
	m := memory{stability: c.Stability, difficulty: c.Difficulty}.after(max(0, a.Day-c.LastDay), r)
	switch {
	case r == ratingAgain && c.Reps > 0:
		c.State = "relearning"
		c.Lapses++
	case r == ratingAgain || c.Reps == 0:
		c.State = "learning"
	default:
		c.State = "review"
	}
	c.Reps++
	c.LastDay, c.DueDay = a.Day, a.Day+m.interval()
	_, err := store.Writing(tx).Exec(`INSERT INTO practice_cards (person_id, point, state, stability, difficulty, due_day, last_day, reps, lapses)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (person_id, point) DO UPDATE SET state = excluded.state, stability = excluded.stability,
		difficulty = excluded.difficulty, due_day = excluded.due_day, last_day = excluded.last_day, reps = excluded.reps, lapses = excluded.lapses`,
		c.PersonID, c.Point, c.State, m.stability, m.difficulty, c.DueDay, c.LastDay, c.Reps, c.Lapses)
	if err != nil {
		return fmt.Errorf("quiz: card: %w", err)
	}
	return nil
}

// wrongDays is on how many civil days a question must be right to leave the wrong-answer book.
const wrongDays = 2

// keepWrong puts a wrong answer into the book, or counts a right one towards leaving it, once a day.
func keepWrong(tx *gorm.DB, a practiceAnswerRow, right bool) error {
	w := store.Writing(tx)
	if !right {
		_, err := w.Exec(`INSERT INTO practice_wrong (person_id, question_id, part, wrongs, right_days, last_right_day, wrong_at)
			VALUES (?, ?, ?, 1, 0, 0, ?) ON CONFLICT (person_id, question_id, part) DO UPDATE SET wrongs = practice_wrong.wrongs + 1,
			right_days = 0, last_right_day = 0, wrong_at = excluded.wrong_at`, a.PersonID, a.QuestionID, a.Part, a.AnsweredAt)
		if err != nil {
			return fmt.Errorf("quiz: wrong answer: %w", err)
		}
		return nil
	}
	key := []any{a.PersonID, a.QuestionID, a.Part}
	if _, err := w.Exec(`UPDATE practice_wrong SET right_days = right_days + 1, last_right_day = ?
		WHERE last_right_day < ? AND person_id = ? AND question_id = ? AND part = ?`, append([]any{a.Day, a.Day}, key...)...); err != nil {
		return fmt.Errorf("quiz: wrong answer: %w", err)
	}
	if _, err := w.Exec(`DELETE FROM practice_wrong WHERE person_id = ? AND question_id = ? AND part = ? AND right_days >= ?`,
		append(key, wrongDays)...); err != nil {
		return fmt.Errorf("quiz: wrong answer: %w", err)
	}
	return nil
}

// longest keeps the person's best streak.
func longest(tx *gorm.DB, a practiceAnswerRow, length int) error {
	_, err := store.Writing(tx).Exec(`INSERT INTO practice_streaks (person_id, unit_id, best, best_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (person_id) DO UPDATE SET best = excluded.best, best_at = excluded.best_at, unit_id = excluded.unit_id
		WHERE practice_streaks.best < excluded.best`, a.PersonID, a.UnitID, length, a.AnsweredAt)
	if err != nil {
		return fmt.Errorf("quiz: streak: %w", err)
	}
	return nil
}
