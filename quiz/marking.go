package quiz

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/fault"
	"jingzhong/org"
	"jingzhong/store"
)

// Faults of marking.
var (
	ErrMarkSlot  = fault.New(fault.Invalid, "mark.slot")
	ErrMarkScore = fault.New(fault.Invalid, "mark.score")
	ErrMarkNote  = fault.New(fault.Invalid, "mark.note")
)

const markNoteMost = 1000

// Answer is one answer that waits for its marker (待阅卷). Whose it is stays hidden.
type Answer struct {
	AttemptID int64
	Slot      int
	Material  string
	Stem      string
	Rubric    string
	Points    int64 // 1/100 point, the most it can earn
	Text      string
	Marked    bool
	Score     int64
	Note      string
}

// AnswerPage is one page of a marking queue; Next is empty on the last one.
type AnswerPage struct {
	Items   []Answer
	Next    string
	Waiting int // attempts of the contest with an answer that waits
}

// MarkingQueue lists the answers of a contest that wait for a marker, attempt by attempt, without names.
// limit counts attempts.
func (s *Contests) MarkingQueue(ctx context.Context, by org.Actor, contestID int64, limit int, cursor string) (AnswerPage, error) {
	c, err := s.organised(ctx, by, contestID, org.SeeKeys)
	if err != nil {
		return AnswerPage{}, err
	}
	if limit < 0 || limit > pageMost {
		return AnswerPage{}, ErrQuestionLimit.At("limit").With("most", pageMost)
	}
	if limit == 0 {
		limit = pageDefault
	}
	after := int64(0)
	if cursor != "" {
		if after, err = strconv.ParseInt(cursor, 10, 64); err != nil || after < 0 {
			return AnswerPage{}, ErrQuestionCursor.At("cursor")
		}
	}
	tx := s.db.Read(ctx)
	var waiting []attemptRow
	err = tx.Where("contest_id = ? AND awaiting > 0 AND state IN ('submitted','expired') AND id > ?", c.ID, after).Order("id").Limit(limit + 1).Find(&waiting).Error
	if err != nil {
		return AnswerPage{}, fmt.Errorf("quiz: marking queue: %w", err)
	}
	var page AnswerPage
	var count int64
	if err := tx.Model(&attemptRow{}).Where("contest_id = ? AND awaiting > 0 AND state IN ('submitted','expired')", c.ID).Count(&count).Error; err != nil {
		return AnswerPage{}, fmt.Errorf("quiz: marking queue: %w", err)
	}
	page.Waiting = int(count)
	if len(waiting) > limit {
		waiting = waiting[:limit]
		page.Next = strconv.FormatInt(waiting[limit-1].ID, 10)
	}
	for _, a := range waiting {
		answers, err := s.answersToMark(ctx, tx, a)
		if err != nil {
			return AnswerPage{}, err
		}
		page.Items = append(page.Items, answers...)
	}
	return page, nil
}

// answersToMark are the answered essays of one attempt with what has been given so far.
func (s *Contests) answersToMark(ctx context.Context, tx *gorm.DB, a attemptRow) ([]Answer, error) {
	e, paper, err := s.paperOf(ctx, a)
	if err != nil {
		return nil, err
	}
	answers, err := answersOf(tx, a.ID)
	if err != nil {
		return nil, err
	}
	marks, err := marksOf(tx, a.ID)
	if err != nil {
		return nil, err
	}
	notes, err := reviewNotes(tx, e, paper)
	if err != nil {
		return nil, err
	}
	keys, err := s.keysOf(ctx, e)
	if err != nil {
		return nil, err
	}
	var out []Answer
	for i, p := range paper {
		m, err := markSlot(ScoringM0, e, p, keys[p.item], answers[i+1])
		if err != nil {
			return nil, err
		}
		if !m.Awaiting {
			continue
		}
		item, err := reviewItem(i+1, e, p, keys[p.item], answers[i+1], notes[e.questions[p.item].versionID])
		if err != nil {
			return nil, err
		}
		mark, marked := marks[i+1]
		out = append(out, Answer{AttemptID: a.ID, Slot: i + 1, Material: item.Material, Stem: item.Stem, Rubric: item.Rubric,
			Points: item.Points, Text: strings.Join(item.Text, "\n"), Marked: marked, Score: mark.Score, Note: mark.Note})
	}
	return out, nil
}

type markRow struct {
	AttemptID int64 `gorm:"primaryKey;autoIncrement:false"`
	Slot      int   `gorm:"primaryKey;autoIncrement:false"`
	Score     int64
	Note      string
	MarkedBy  int64
	MarkedAt  int64
}

// TableName is the table of marks that people gave.
func (markRow) TableName() string { return "attempt_marks" }

func marksOf(tx *gorm.DB, attemptID int64) (map[int]markRow, error) {
	var rows []markRow
	if err := tx.Where("attempt_id = ?", attemptID).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("quiz: marks: %w", err)
	}
	marks := make(map[int]markRow, len(rows))
	for _, r := range rows {
		marks[r.Slot] = r
	}
	return marks, nil
}

// MarkAnswer gives an essay its points, 0 to what it is worth, with a note for its writer. Until the attempt
// is graded the mark can be given anew; with the last one the attempt is graded and ranked.
func (s *Contests) MarkAnswer(ctx context.Context, by org.Actor, attemptID int64, slot int, score int64, note string) error {
	a, err := findAttemptRow(s.db.Read(ctx), attemptID)
	if err != nil {
		return err
	}
	c, err := s.organised(ctx, by, a.ContestID, org.SeeKeys)
	if err != nil {
		return ErrAttemptNotFound
	}
	if note = strings.TrimSpace(note); len([]rune(note)) > markNoteMost || bankControl(note) {
		return ErrMarkNote.At("note").With("most", markNoteMost)
	}
	err = s.db.Tx(ctx, func(tx *gorm.DB) error {
		if a, err = findAttemptRow(tx, attemptID); err != nil {
			return err
		}
		if a.Awaiting == 0 || a.PersonID == by.PersonID {
			return ErrAttemptState.With("state", a.State)
		}
		answers, err := s.answersToMark(ctx, tx, a)
		if err != nil {
			return err
		}
		return s.keepMark(ctx, tx, by, a, answers, markRow{AttemptID: a.ID, Slot: slot, Score: score, Note: note, MarkedBy: by.PersonID,
			MarkedAt: s.db.Now()})
	})
	if err != nil {
		return err
	}
	s.changed(c.ID)
	return s.gradeDue(ctx)
}

func (s *Contests) keepMark(ctx context.Context, tx *gorm.DB, by org.Actor, a attemptRow, answers []Answer, m markRow) error {
	found, left := false, 0
	for _, each := range answers {
		if each.Slot == m.Slot {
			found = true
			if m.Score < 0 || m.Score > each.Points {
				return ErrMarkScore.At("score").With("most", each.Points)
			}
		} else if !each.Marked {
			left++
		}
	}
	if !found {
		return ErrMarkSlot.At("slot")
	}
	_, err := store.Writing(tx).Exec(`INSERT INTO attempt_marks (attempt_id, slot, score, note, marked_by, marked_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (attempt_id, slot) DO UPDATE SET score = excluded.score, note = excluded.note, marked_by = excluded.marked_by,
			marked_at = excluded.marked_at`, m.AttemptID, m.Slot, m.Score, m.Note, m.MarkedBy, m.MarkedAt)
	if err != nil {
		return fmt.Errorf("quiz: mark: %w", err)
	}
	n, err := store.Writing(tx).Exec(`UPDATE attempts SET awaiting = ? WHERE id = ? AND state = ? AND awaiting > 0`, left, a.ID, a.State)
	if err != nil {
		return fmt.Errorf("quiz: mark: %w", err)
	}
	if n == 0 {
		return ErrAttemptState.With("state", a.State)
	}
	return audit.Append(ctx, tx, entry(by, m.MarkedAt, "attempt.mark", "attempt", a.ID, a.UnitID, nil,
		map[string]any{"slot": m.Slot, "score": m.Score}, m.Note))
}
