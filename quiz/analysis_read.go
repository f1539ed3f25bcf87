package quiz

import (
	"context"
	"fmt"

	"gorm.io/gorm"
)

// studyStep is how many attempts are held at once while a contest is read.
const studyStep = 500

// gradedAttempts are the attempts an analysis counts. A limit takes the newest ones; 0 = all.
func gradedAttempts(contestID int64, limit int) (string, []any) {
	from := `SELECT id, edition, paper, score, item_scores FROM attempts WHERE contest_id = ? AND state IN ('graded','final')`
	if limit > 0 {
		return from + ` ORDER BY id DESC LIMIT ?`, []any{contestID, limit}
	}
	return from, []any{contestID}
}

// studyAttempts reads a contest's graded attempts, once for the totals and once for the items, and holds
// studyStep of them at a time. limit = 0 reads all.
func (s *Contests) studyAttempts(ctx context.Context, c contestRow, limit int) (*study, map[leafKey]frozenQuestion, error) {
	tx := s.db.Read(ctx)
	from, args := gradedAttempts(c.ID, limit)
	var counts []struct {
		Score int64
		N     int
	}
	if err := tx.Raw(`SELECT score, COUNT(*) AS n FROM (`+from+`) t GROUP BY score`, args...).Scan(&counts).Error; err != nil {
		return nil, nil, fmt.Errorf("quiz: totals: %w", err)
	}
	totals := scoreCounts{}
	for _, count := range counts {
		totals[count.Score] = count.N
	}
	r := &attemptReader{s: s, c: c, study: newStudy(totals), editions: map[int64]*studiedEdition{}, leaves: map[leafKey]frozenQuestion{}}
	rows, err := tx.Raw(from, args...).Rows()
	if err != nil {
		return nil, nil, fmt.Errorf("quiz: attempts: %w", err)
	}
	defer rows.Close()
	step := make([]attemptRow, 0, studyStep)
	for rows.Next() {
		var a attemptRow
		if err := rows.Scan(&a.ID, &a.Edition, &a.Paper, &a.Score, &a.ItemScores); err != nil {
			return nil, nil, fmt.Errorf("quiz: attempts: %w", err)
		}
		if step = append(step, a); len(step) == studyStep {
			if err := r.take(ctx, step); err != nil {
				return nil, nil, err
			}
			step = step[:0]
		}
	}
	if err := rows.Err(); err != nil {
		return nil, nil, fmt.Errorf("quiz: attempts: %w", err)
	}
	return r.study, r.leaves, r.take(ctx, step)
}

// studiedEdition is an edition with the tally of each of its leaves.
type studiedEdition struct {
	*edition
	tallies []*itemTally
	keys    []Key
}

type attemptReader struct {
	s        *Contests
	c        contestRow
	study    *study
	editions map[int64]*studiedEdition
	leaves   map[leafKey]frozenQuestion
	slots    []answered
}

func (r *attemptReader) edition(ctx context.Context, no int64) (*studiedEdition, error) {
	if e := r.editions[no]; e != nil {
		return e, nil
	}
	e, err := r.s.edition(ctx, r.c, no)
	if err != nil {
		return nil, err
	}
	keys, err := r.s.keysOf(ctx, e)
	if err != nil {
		return nil, err
	}
	r.editions[no] = &studiedEdition{edition: e, keys: keys, tallies: make([]*itemTally, len(e.questions))}
	return r.editions[no], nil
}

// take counts some attempts with their answers.
func (r *attemptReader) take(ctx context.Context, attempts []attemptRow) error {
	if len(attempts) == 0 {
		return nil
	}
	choices, err := choicesOf(r.s.db.Read(ctx), attempts)
	if err != nil {
		return err
	}
	for _, a := range attempts {
		if err := r.count(ctx, a, choices[a.ID]); err != nil {
			return fmt.Errorf("attempt %d: %w", a.ID, err)
		}
	}
	return nil
}

func (r *attemptReader) count(ctx context.Context, a attemptRow, choices map[int]choiceRow) error {
	e, err := r.edition(ctx, a.Edition)
	if err != nil {
		return err
	}
	paper, err := decodePaper(a.Paper)
	if err != nil {
		return err
	}
	marks, err := unmarshal[[]int64](a.ItemScores)
	if err != nil {
		return err
	}
	if len(marks) != len(paper) {
		return errPaperBroken
	}
	r.slots = r.slots[:0]
	for i, p := range paper {
		if p.item >= len(e.questions) || p.row >= len(e.rows) || len(p.order) != len(e.questions[p.item].optionIDs) {
			return errPaperBroken
		}
		q := e.questions[p.item]
		tally := e.tallies[p.item]
		if tally == nil {
			key := leafKey{q.versionID, q.part}
			tally = r.study.item(key, q, e.keys[p.item])
			e.tallies[p.item], r.leaves[key] = tally, q
		}
		answer := answered{item: tally, mark: marks[i], points: q.points(e.rows[p.row].Points)}
		if err := answer.pick(p, choices[i+1]); err != nil {
			return err
		}
		r.slots = append(r.slots, answer)
	}
	r.study.add(a.Score, r.slots)
	return nil
}

// pick reads which options were picked; what stands twice counts once.
func (a *answered) pick(p pickedItem, row choiceRow) error {
	a.blank = row.Choice == "" && !row.Written
	if !a.item.table || row.Choice == "" {
		return nil
	}
	places, err := unmarshal[[]int](row.Choice)
	if err != nil {
		return err
	}
	seen := uint64(0)
	for _, place := range places {
		if place >= 1 && place <= len(p.order) && seen&(1<<place) == 0 {
			seen |= 1 << place
			a.picks = append(a.picks, int(p.order[place-1]))
		}
	}
	a.blank = len(a.picks) == 0
	return nil
}

// choiceRow is an answer without its words.
type choiceRow struct {
	Choice  string
	Written bool
}

func choicesOf(tx *gorm.DB, attempts []attemptRow) (map[int64]map[int]choiceRow, error) {
	ids := make([]int64, len(attempts))
	for i, a := range attempts {
		ids[i] = a.ID
	}
	rows, err := tx.Raw(`SELECT attempt_id, slot, choice, text <> '' FROM answers WHERE attempt_id IN ?`, ids).Rows()
	if err != nil {
		return nil, fmt.Errorf("quiz: answers: %w", err)
	}
	defer rows.Close()
	choices := make(map[int64]map[int]choiceRow, len(ids))
	for rows.Next() {
		var id int64
		var slot int
		var c choiceRow
		if err := rows.Scan(&id, &slot, &c.Choice, &c.Written); err != nil {
			return nil, fmt.Errorf("quiz: answers: %w", err)
		}
		if choices[id] == nil {
			choices[id] = map[int]choiceRow{}
		}
		choices[id][slot] = c
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("quiz: answers: %w", err)
	}
	return choices, nil
}
