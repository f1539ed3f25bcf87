package quiz

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"jingzhong/org"
	"jingzhong/store"
)

// Bounds of an answer.
const (
	clientIDMost = 64
	answerMost   = 3_600_000 // ms a question counts as on the screen
)

// Answer marks an answer (M2), explains it at once, and plans when its point comes back; a blank one says that the
// learner does not know. The same client id sent again is answered as the first time.
func (s *Practice) Answer(ctx context.Context, by org.Actor, runID int64, in PracticeAnswer) (PracticeResult, error) {
	if err := practises(by); err != nil {
		return PracticeResult{}, err
	}
	if in.ClientID == "" || len(in.ClientID) > clientIDMost {
		return PracticeResult{}, ErrPracticeClient.At("clientId").With("most", clientIDMost)
	}
	tx := s.db.Read(ctx)
	row, err := findRunRow(tx, runID, by.PersonID)
	if err != nil {
		return PracticeResult{}, err
	}
	items, err := unmarshal[[]runItem](row.Items)
	if err != nil {
		return PracticeResult{}, err
	}
	if in.Slot < 1 || in.Slot > len(items) {
		return PracticeResult{}, ErrAnswerSlot.At("slot").With("max", len(items))
	}
	a, err := s.marked(tx, by, row, items, in)
	if err != nil {
		return PracticeResult{}, err
	}
	err = s.db.Tx(ctx, func(tx *gorm.DB) error { return s.record(tx, row, items, a) })
	if err != nil {
		return PracticeResult{}, err
	}
	return s.result(ctx, by, runID, in.Slot)
}

// marked checks the answer's form and scores it.
func (s *Practice) marked(tx *gorm.DB, by org.Actor, row practiceRunRow, items []runItem, in PracticeAnswer) (practiceAnswerRow, error) {
	it, now := items[in.Slot-1], s.db.Now()
	a := practiceAnswerRow{RunID: row.ID, Slot: in.Slot, PersonID: by.PersonID, UnitID: by.UnitID, ClientID: in.ClientID, QuestionID: it.Question,
		VersionID: it.Version, Part: it.Part, Ms: min(max(in.MS, 0), answerMost), Day: s.civilDay(now), AnsweredAt: now}
	may, err := stillPracticable(tx, items[in.Slot-1:in.Slot], now)
	if err != nil {
		return a, err
	}
	if !may[it.Question] {
		return a, ErrPracticeWithdrawn
	}
	e, paper, err := runSheet(tx, items[in.Slot-1:in.Slot])
	if err != nil {
		return a, err
	}
	q := e.questions[0]
	if err := fits(q, len(it.Order), in); err != nil {
		return a, err
	}
	a.Choice, a.Text = encodeAnswer(AnswerInput{Choice: in.Choice, Text: in.Text})
	key, err := answeredKey(tx, q, a)
	if err != nil {
		return a, err
	}
	m, err := markSlot(ScoringM2, e, paper[0], key, answerRow{Choice: a.Choice, Text: a.Text})
	if err != nil {
		return a, err
	}
	a.Score, a.Points, a.Correct = m.Score, q.points(it.Points), m.Right
	notes, err := reviewNotes(tx, e, paper)
	if err != nil {
		return a, err
	}
	note := notes[it.Version].part(it.Part)
	var topicID int64
	if err := tx.Raw(`SELECT topic_id FROM question_versions WHERE id = ?`, it.Version).Scan(&topicID).Error; err != nil {
		return a, fmt.Errorf("quiz: topic: %w", err)
	}
	a.Point = pointOf(note.Statute, note.Article, topicID)
	if !m.Awaiting {
		median, err := medianMS(tx, by.PersonID)
		if err != nil {
			return a, err
		}
		a.Rating = int(rate(m.Right, a.Ms, median))
	}
	return a, nil
}

// fits refuses what is no answer to the question.
func fits(q frozenQuestion, options int, in PracticeAnswer) error {
	slot := sheetSlot{options: options, shape: &q.shape}
	if !slot.holds(in.Choice) {
		return ErrAnswerChoice.At("choice").With("max", options)
	}
	if len(in.Text) > q.shape.texts {
		return ErrAnswerText.At("text").With("max", q.shape.texts)
	}
	for _, text := range in.Text {
		if len([]rune(text)) > q.shape.runes {
			return ErrAnswerText.At("text").With("max", q.shape.runes)
		}
	}
	return nil
}

// medianOf is how many right answers the median time is taken over, and the least that make one.
const (
	medianOf    = 31
	medianLeast = 5
)

// medianMS is the person's usual time for a right answer, 0 = not known yet.
func medianMS(tx *gorm.DB, personID int64) (int64, error) {
	var times []int64
	err := tx.Raw(`SELECT ms FROM practice_answers WHERE person_id = ? AND correct = ? AND ms > 0 ORDER BY answered_at DESC LIMIT ?`,
		personID, true, medianOf).Scan(&times).Error
	if err != nil {
		return 0, fmt.Errorf("quiz: usual time: %w", err)
	}
	if len(times) < medianLeast {
		return 0, nil
	}
	slices.Sort(times)
	return times[len(times)/2], nil
}

// rate maps an answer to a rating: wrong, right but slow (over twice the median), right, right and fast (under half
// the median) (rules-contest 5.14).
func rate(right bool, ms, median int64) rating {
	switch {
	case !right:
		return ratingAgain
	case median > 0 && ms > 2*median:
		return ratingHard
	case median > 0 && ms > 0 && 2*ms < median:
		return ratingEasy
	}
	return ratingGood
}

// record stores the answer once and all that follows from it.
func (s *Practice) record(tx *gorm.DB, row practiceRunRow, items []runItem, a practiceAnswerRow) error {
	w := store.Writing(tx)
	// The run's row is locked first, so that two devices answer one after the other.
	open, err := w.Exec(`UPDATE practice_runs SET answered = answered WHERE id = ? AND state = 'open'`, row.ID)
	if err != nil {
		return fmt.Errorf("quiz: practice run: %w", err)
	}
	var stored string
	found, err := w.QueryRow(`SELECT client_id FROM practice_answers WHERE run_id = ? AND slot = ?`, []any{a.RunID, a.Slot}, &stored)
	switch {
	case err != nil:
		return fmt.Errorf("quiz: practice answer: %w", err)
	case found && stored == a.ClientID:
		return nil
	case found:
		return ErrPracticeAnswered
	case open == 0:
		return ErrPracticeDone
	}
	answers, _, err := practiceAnswers(tx, row.ID)
	if err != nil {
		return err
	}
	if row.Mode == PracticeStreak && a.Slot != s.nextSlot(items, answers) {
		return ErrPracticeOrder
	}
	if n, err := w.Exec(`INSERT INTO practice_answers (run_id, slot, person_id, unit_id, client_id, question_id, version_id, part, point, choice,
		text, score, points, correct, rating, ms, day, answered_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING`,
		a.RunID, a.Slot, a.PersonID, a.UnitID, a.ClientID, a.QuestionID, a.VersionID, a.Part, a.Point, a.Choice, a.Text, a.Score, a.Points,
		a.Correct, a.Rating, a.Ms, a.Day, a.AnsweredAt); err != nil {
		return fmt.Errorf("quiz: practice answer: %w", err)
	} else if n == 0 {
		return ErrPracticeAnswered.At("clientId") // the id names an answer elsewhere
	}
	answers[a.Slot] = a
	if a.Rating != 0 {
		if err := learn(tx, a, a.Correct, rating(a.Rating)); err != nil {
			return err
		}
	}
	return s.progress(tx, row, items, answers, a)
}

// nextSlot is the first place of a streak without an answer.
func (s *Practice) nextSlot(items []runItem, answers map[int]practiceAnswerRow) int {
	for slot := 1; slot <= len(items); slot++ {
		if _, ok := answers[slot]; !ok {
			return slot
		}
	}
	return 0
}

// progress counts the answer into its run and ends the run with its last question, a streak with its first wrong one.
func (s *Practice) progress(tx *gorm.DB, row practiceRunRow, items []runItem, answers map[int]practiceAnswerRow, a practiceAnswerRow) error {
	may, err := stillPracticable(tx, items, a.AnsweredAt)
	if err != nil {
		return err
	}
	done := row.Mode == PracticeStreak && !a.Correct
	if !done {
		done = !slices.ContainsFunc(indexes(items), func(i int) bool {
			_, answered := answers[i+1]
			return !answered && may[items[i].Question]
		})
	}
	right, state, ended := 0, runOpen, int64(0)
	if a.Correct {
		right = 1
	}
	if done {
		state, ended = runDone, a.AnsweredAt
	}
	_, err = store.Writing(tx).Exec(`UPDATE practice_runs SET answered = answered + 1, right_count = right_count + ?, score = score + ?, state = ?,
		ended_at = ? WHERE id = ?`, right, a.Score, state, ended, row.ID)
	if err != nil {
		return fmt.Errorf("quiz: practice run: %w", err)
	}
	if row.Mode != PracticeStreak || right == 0 {
		return nil
	}
	return longest(tx, a, row.RightCount+right)
}

func indexes(items []runItem) []int {
	list := make([]int, len(items))
	for i := range list {
		list[i] = i
	}
	return list
}

// SelfMark is what the writer of an essay gives it by the rubric, from 0 to the question's points, once. All of them
// count as right, three fifths as right with effort.
func (s *Practice) SelfMark(ctx context.Context, by org.Actor, runID int64, slot int, score int64) (PracticeResult, error) {
	if err := practises(by); err != nil {
		return PracticeResult{}, err
	}
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		if _, err := findRunRow(tx, runID, by.PersonID); err != nil {
			return err
		}
		answers, marks, err := practiceAnswers(tx, runID)
		if err != nil {
			return err
		}
		a, ok := answers[slot]
		given, marked := marks[slot]
		switch {
		case !ok || a.Rating != 0:
			return ErrPracticeNoMark
		case score < 0 || score > a.Points:
			return ErrPracticeMark.At("score").With("max", a.Points)
		case marked && given == score:
			return nil
		case marked:
			return ErrPracticeAnswered
		}
		w := store.Writing(tx)
		if _, err := w.Exec(`INSERT INTO practice_marks (run_id, slot, score, marked_at) VALUES (?, ?, ?, ?)`, runID, slot, score, s.db.Now()); err != nil {
			return fmt.Errorf("quiz: self mark: %w", err)
		}
		r, right := ratingAgain, 0
		switch {
		case score == a.Points:
			r, right = ratingGood, 1
		case score*5 >= a.Points*3:
			r = ratingHard
		}
		if _, err := w.Exec(`UPDATE practice_runs SET score = score + ?, right_count = right_count + ? WHERE id = ?`, score, right, runID); err != nil {
			return fmt.Errorf("quiz: practice run: %w", err)
		}
		return learn(tx, a, r > ratingAgain, r)
	})
	if err != nil {
		return PracticeResult{}, err
	}
	return s.result(ctx, by, runID, slot)
}

// result is one place after its answer, the run's standing, and in a streak the next question.
func (s *Practice) result(ctx context.Context, by org.Actor, runID int64, slot int) (PracticeResult, error) {
	tx := s.db.Read(ctx)
	row, err := findRunRow(tx, runID, by.PersonID)
	if err != nil {
		return PracticeResult{}, err
	}
	items, err := unmarshal[[]runItem](row.Items)
	if err != nil {
		return PracticeResult{}, err
	}
	out := PracticeResult{}
	if out.Run, err = s.runView(tx, row, len(items)); err != nil {
		return out, err
	}
	answers, marks, err := practiceAnswers(tx, runID)
	if err != nil {
		return out, err
	}
	shown, err := s.items(tx, by.PersonID, items[slot-1:slot], slot, answers, marks)
	if err != nil {
		return out, err
	}
	out.Item = shown[0]
	if next := s.nextSlot(items, answers); row.Mode == PracticeStreak && row.State == runOpen && next > 0 {
		if shown, err = s.items(tx, by.PersonID, items[next-1:next], next, answers, marks); err != nil {
			return out, err
		}
		out.Next = &shown[0]
	}
	return out, nil
}
