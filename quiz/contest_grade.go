package quiz

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"jingzhong/ranking"
	"jingzhong/store"
)

// gradeStep is how many attempts are graded in one transaction: about 20 ms of the writer's time.
const gradeStep = 50

// gradeDue grades what was handed in and passes each person's kept result to the ranking, in the same
// transaction: there is never a score without its place, nor a place without its score.
func (s *Contests) gradeDue(ctx context.Context) error {
	for {
		var due []attemptRow
		err := s.db.Read(ctx).Where("state IN ('submitted','expired') AND awaiting = 0").Order("id").Limit(gradeStep).Find(&due).Error
		if err != nil {
			return fmt.Errorf("quiz: ungraded: %w", err)
		}
		if len(due) == 0 {
			return nil
		}
		for contestID, attempts := range byContest(due) {
			if err := s.grade(ctx, contestID, attempts); err != nil {
				return fmt.Errorf("contest %d: %w", contestID, err)
			}
			s.changed(contestID)
		}
	}
}

func byContest(attempts []attemptRow) map[int64][]attemptRow {
	groups := map[int64][]attemptRow{}
	for _, a := range attempts {
		groups[a.ContestID] = append(groups[a.ContestID], a)
	}
	return groups
}

func (s *Contests) grade(ctx context.Context, contestID int64, attempts []attemptRow) error {
	tx := s.db.Read(ctx)
	c, err := findContestRow(tx, contestID)
	if err != nil {
		return err
	}
	marked := make([]gradedAttempt, len(attempts))
	keys := map[int64][]Key{} // by edition, read once a step
	for i, a := range attempts {
		if marked[i], err = s.mark(ctx, c, a, keys); err != nil {
			return err
		}
	}
	return s.db.Tx(ctx, func(tx *gorm.DB) error {
		now, seen := s.db.Now(), map[int64]Exposure{}
		for i, a := range attempts {
			if marked[i].awaiting > 0 {
				if err := await(tx, a, marked[i].awaiting); err != nil {
					return err
				}
				continue
			}
			n, err := store.Writing(tx).Exec(`UPDATE attempts SET state = 'graded', answered = ?, score = ?, right_count = ?,
				item_scores = ?, graded_at = ?, score_version = score_version + 1 WHERE id = ? AND state = ?`,
				marked[i].answered, marked[i].score, marked[i].right, marshal(marked[i].items), now, a.ID, a.State)
			if err != nil {
				return fmt.Errorf("quiz: grade: %w", err)
			}
			if n == 0 {
				continue // voided or reopened meanwhile
			}
			if a.ScoreVersion == 0 { // not when it is graded again
				marked[i].addTo(seen)
			}
			if err := s.rank(ctx, tx, c, a.PersonID); err != nil {
				return err
			}
		}
		return expose(tx, seen)
	})
}

// gradedAttempt is an attempt's outcome; items holds each slot's score in 1/100 point.
type gradedAttempt struct {
	score    int64
	answered int
	right    int
	items    []int64
	awaiting int            // answers without the mark of a person
	versions map[int64]bool // what the paper showed, and whether it was answered
}

// await leaves an attempt to the markers.
func await(tx *gorm.DB, a attemptRow, answers int) error {
	_, err := store.Writing(tx).Exec(`UPDATE attempts SET awaiting = ? WHERE id = ? AND state = ?`, answers, a.ID, a.State)
	if err != nil {
		return fmt.Errorf("quiz: await marks: %w", err)
	}
	return nil
}

// mark scores the stored answers against the keys of the versions that were drawn.
func (s *Contests) mark(ctx context.Context, c contestRow, a attemptRow, read map[int64][]Key) (gradedAttempt, error) {
	e, paper, err := s.paperOf(ctx, a)
	if err != nil {
		return gradedAttempt{}, err
	}
	answers, err := answersOf(s.db.Read(ctx), a.ID)
	if err != nil {
		return gradedAttempt{}, err
	}
	keys := read[e.no]
	if keys == nil {
		if keys, err = s.keysOf(ctx, e); err != nil {
			return gradedAttempt{}, err
		}
		read[e.no] = keys
	}
	var marks map[int]markRow
	g := gradedAttempt{items: make([]int64, len(paper))}
	for i, p := range paper {
		m, err := markSlot(Scoring(c.Scoring), e, p, keys[p.item], answers[i+1])
		if err != nil {
			return g, fmt.Errorf("attempt %d slot %d: %w", a.ID, i+1, err)
		}
		if m.Awaiting {
			if marks == nil {
				if marks, err = marksOf(s.db.Read(ctx), a.ID); err != nil {
					return g, err
				}
			}
			given, ok := marks[i+1]
			if !ok {
				g.awaiting++
			}
			m.Score = given.Score
			m.Right = ok && given.Score == e.questions[p.item].points(e.rows[p.row].Points)
		}
		g.items[i] = m.Score
		g.score += m.Score
		if m.Right {
			g.right++
		}
		if m.Answered {
			g.answered++
		}
		g.shown(e.questions[p.item].versionID, m.Answered)
	}
	return g, nil
}

func markSlot(mode Scoring, e *edition, p pickedItem, key Key, answer answerRow) (Marked, error) {
	choice, text, err := decodeAnswer(answer)
	if err != nil {
		return Marked{}, err
	}
	q := &e.questions[p.item]
	picks := make([]int64, len(choice))
	for i, place := range choice {
		if place >= 1 && place <= len(p.order) {
			picks[i] = q.optionIDs[p.order[place-1]]
		}
	}
	return kinds[q.kind].mark(marking{mode: mode, points: q.points(e.rows[p.row].Points), options: q.optionIDs, key: key,
		picks: picks, texts: text}), nil
}

// keysOf returns the edition's keys by leaf. It is the grader's and the review's only way to them,
// and they are not kept beside the edition, which contestants' papers are rendered from.
func (s *Contests) keysOf(ctx context.Context, e *edition) ([]Key, error) {
	ids := make([]int64, len(e.questions))
	for i, q := range e.questions {
		ids[i] = q.versionID
	}
	stored, err := keysOf(s.db.Read(ctx), ids)
	if err != nil {
		return nil, err
	}
	keys := make([]Key, len(ids))
	for i, id := range ids {
		key, ok := stored[id]
		if !ok {
			return nil, fmt.Errorf("quiz: version %d has no key", id)
		}
		keys[i] = e.questions[i].keyIn(key)
	}
	return keys, nil
}

func answersOf(tx *gorm.DB, attemptID int64) (map[int]answerRow, error) {
	var rows []answerRow
	if err := tx.Where("attempt_id = ?", attemptID).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("quiz: answers: %w", err)
	}
	answers := make(map[int]answerRow, len(rows))
	for _, r := range rows {
		answers[r.Slot] = r
	}
	return answers, nil
}

// rank recomputes which of the person's graded attempts is kept and hands it to the board.
func (s *Contests) rank(ctx context.Context, tx *gorm.DB, c contestRow, personID int64) error {
	var graded []attemptRow
	err := tx.Where("contest_id = ? AND person_id = ? AND state IN ('graded','final')", c.ID, personID).Order("no").Find(&graded).Error
	if err != nil {
		return fmt.Errorf("quiz: kept score: %w", err)
	}
	result := ranking.Result{BoardID: c.BoardID, PersonID: personID}
	if kept := keptAttempt(Kept(c.Kept), graded); kept != nil {
		result.UnitID, result.Score, result.TimeMS, result.SubmittedAt = kept.UnitID, kept.Score, kept.timeMS(), kept.SubmittedAt
		result.Attempts = int64(len(graded))
		result.Passed, result.Excellent = reaches(c, kept.Score, c.PassMark), reaches(c, kept.Score, c.ExcellentMark)
		result.Counts = kept.Answered > 0
	}
	return s.ranking.Record(ctx, tx, result)
}

// reaches compares a score with a mark given on a scale of 100 points.
func reaches(c contestRow, score, mark int64) bool {
	const hundred = 10_000 // 100 points
	return score*hundred >= mark*c.FullMark
}

// keptAttempt picks the attempt that counts: best by score, then shorter time, then the earlier one.
func keptAttempt(kept Kept, graded []attemptRow) *attemptRow {
	if len(graded) == 0 {
		return nil
	}
	switch kept {
	case KeptFirst:
		return &graded[0]
	case KeptLast:
		return &graded[len(graded)-1]
	}
	best := 0
	for i, a := range graded[1:] {
		b := graded[best]
		if a.Score > b.Score || (a.Score == b.Score && a.timeMS() < b.timeMS()) {
			best = i + 1
		}
	}
	return &graded[best]
}
