package quiz

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"jingzhong/org"
	"jingzhong/store"
)

// studyEvery is how often finished contests are looked for and open ones are looked over.
const studyEvery = time.Minute

// priorWeight is how many answers the setter's own estimate of the difficulty counts for (rules-contest 5.13).
const priorWeight = 10

func (s *Contests) studyOften(ctx context.Context) {
	tick := time.NewTicker(studyEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := s.Study(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("item analysis", "error", err)
		}
	}
}

// Study keeps the statistics of contests that were graded or regraded since, lets the difficulty of their
// questions learn from them, and looks open contests over for wrong keys. Run calls it once a minute, beside
// the clock's work, which never waits for it; it can be repeated and cut short anywhere.
func (s *Contests) Study(ctx context.Context) error {
	return errors.Join(s.keepDue(ctx), s.lookForWrongKeys(ctx))
}

// keepDue stores the analysis of every contest whose board has moved since it was stored.
func (s *Contests) keepDue(ctx context.Context) error {
	var due []struct {
		ID      int64
		Version int64
	}
	err := s.db.Read(ctx).Raw(`SELECT c.id, b.version FROM contests c JOIN ranking_boards b ON b.id = c.board_id
		LEFT JOIN contest_analyses k ON k.contest_id = c.id
		WHERE c.state IN ('graded','notice','final') AND (k.contest_id IS NULL OR k.board_version <> b.version) ORDER BY c.id`).Scan(&due).Error
	if err != nil {
		return fmt.Errorf("quiz: contests to analyse: %w", err)
	}
	var errs []error
	for _, d := range due {
		if err := s.keepAnalysis(ctx, d.ID, d.Version); err != nil {
			errs = append(errs, fmt.Errorf("contest %d: %w", d.ID, err))
		}
	}
	return errors.Join(errs...)
}

func (s *Contests) keepAnalysis(ctx context.Context, contestID, version int64) error {
	c, err := findContestRow(s.db.Read(ctx), contestID)
	if err != nil {
		return err
	}
	s.analyses.form.Lock()
	defer s.analyses.form.Unlock()
	a, err := s.analysis(ctx, c, version)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx *gorm.DB) error {
		w := store.Writing(tx)
		if _, err := w.Exec(`DELETE FROM question_statistics WHERE contest_id = ?`, c.ID); err != nil {
			return fmt.Errorf("quiz: statistics: %w", err)
		}
		if _, err := w.Exec(`DELETE FROM key_alarms WHERE contest_id = ?`, c.ID); err != nil {
			return fmt.Errorf("quiz: alarms: %w", err)
		}
		var questions []int64
		seen := map[int64]bool{}
		for _, item := range a.Items {
			_, err := w.Exec(`INSERT INTO question_statistics (contest_id, version_id, part, question_id, attempts, marks, statistics) VALUES (?, ?, ?, ?, ?, ?, ?)`,
				c.ID, item.VersionID, item.Part, item.QuestionID, item.Attempts, item.marks, marshal(item))
			if err != nil {
				return fmt.Errorf("quiz: statistics: %w", err)
			}
			if !seen[item.QuestionID] {
				seen[item.QuestionID] = true
				questions = append(questions, item.QuestionID)
			}
		}
		if err := learnDifficulty(tx, questions, a.At); err != nil {
			return err
		}
		_, err := w.Exec(`INSERT INTO contest_analyses (contest_id, board_version, analysed_at) VALUES (?, ?, ?)
			ON CONFLICT (contest_id) DO UPDATE SET board_version = excluded.board_version, analysed_at = excluded.analysed_at`, c.ID, version, a.At)
		return err
	})
}

// learnDifficulty sets the measured difficulty of questions by Bayes: (α0 + Σx/m) / (α0 + β0 + S), the prior
// from the setter's value with the weight of priorWeight answers. It counts the answers to the version in
// force, over all contests, a group's questions together as one; the setter's value stays as it is.
func learnDifficulty(tx *gorm.DB, questionIDs []int64, now int64) error {
	for start := 0; start < len(questionIDs); start += bankChunk {
		ids := questionIDs[start:min(start+bankChunk, len(questionIDs))]
		var sums []struct {
			QuestionID int64
			VersionID  int64
			Difficulty int
			Answers    int
			Marks      float64
		}
		err := tx.Raw(`SELECT q.id AS question_id, v.id AS version_id, v.difficulty, SUM(t.attempts) AS answers, SUM(t.marks) AS marks
			FROM questions q JOIN question_versions v ON v.id = q.current_version_id JOIN (
				SELECT version_id, contest_id, MAX(attempts) AS attempts, AVG(marks) AS marks FROM question_statistics GROUP BY version_id, contest_id
			) t ON t.version_id = v.id WHERE q.id IN ? GROUP BY q.id, v.id, v.difficulty`, ids).Scan(&sums).Error
		if err != nil {
			return fmt.Errorf("quiz: difficulty: %w", err)
		}
		for _, sum := range sums {
			prior := priorWeight * float64(sum.Difficulty) / 100
			_, err := store.Writing(tx).Exec(`INSERT INTO question_difficulties (question_id, version_id, answers, difficulty, measured_at) VALUES (?, ?, ?, ?, ?)
				ON CONFLICT (question_id) DO UPDATE SET version_id = excluded.version_id, answers = excluded.answers, difficulty = excluded.difficulty,
					measured_at = excluded.measured_at`, sum.QuestionID, sum.VersionID, sum.Answers, (prior+sum.Marks)/(priorWeight+float64(sum.Answers)), now)
			if err != nil {
				return fmt.Errorf("quiz: difficulty: %w", err)
			}
		}
	}
	return nil
}

// Measured is a question's difficulty as its answers show it, beside the setter's.
type Measured struct {
	Difficulty float64 // expected share of right answers, 0-1
	Answers    int
	VersionID  int64 // the version it was measured on
}

// ContestStatistics is how a question did in one contest. The title is empty where the reader does not
// organise the contest.
type ContestStatistics struct {
	ContestID int64
	Title     string
	ClosedAt  int64 // ms UTC
	VersionNo int
	Item      ItemStatistics
}

// QuestionStatistics is a question's history over all contests, newest first.
type QuestionStatistics struct {
	Measured *Measured // nil before its first contest
	Contests []ContestStatistics
}

// QuestionStatistics returns how a question has done, for whoever may see its key.
func (b *Bank) QuestionStatistics(ctx context.Context, by org.Actor, id int64) (QuestionStatistics, error) {
	if err := org.Require(by, org.SeeKeys); err != nil {
		return QuestionStatistics{}, err
	}
	tx := b.db.Read(ctx)
	r, err := reachOf(tx, by)
	if err != nil {
		return QuestionStatistics{}, err
	}
	q, err := b.findRow(tx, r, id, false)
	if err != nil {
		return QuestionStatistics{}, err
	}
	if !r.maySeeKey(q.UnitID) {
		return QuestionStatistics{}, ErrQuestionNotFound
	}
	measured, err := measuredOf(tx, []int64{id})
	if err != nil {
		return QuestionStatistics{}, err
	}
	out := QuestionStatistics{Measured: measured[id], Contests: []ContestStatistics{}}
	var rows []struct {
		ContestID  int64
		Title      string
		ClosesAt   int64
		Path       string
		No         int
		Statistics string
	}
	err = tx.Raw(`SELECT t.contest_id, c.title, c.closes_at, u.path, v.no, t.statistics FROM question_statistics t
		JOIN contests c ON c.id = t.contest_id JOIN units u ON u.id = c.unit_id JOIN question_versions v ON v.id = t.version_id
		WHERE t.question_id = ? ORDER BY c.closes_at DESC, c.id DESC, t.version_id, t.part`, id).Scan(&rows).Error
	if err != nil {
		return out, fmt.Errorf("quiz: statistics: %w", err)
	}
	scope := by.Scope(org.SeeKeys)
	for _, row := range rows {
		item, err := unmarshal[ItemStatistics](row.Statistics)
		if err != nil {
			return out, err
		}
		one := ContestStatistics{ContestID: row.ContestID, ClosedAt: row.ClosesAt, VersionNo: row.No, Item: item}
		if scope.Covers(row.Path) {
			one.Title = row.Title
		}
		out.Contests = append(out.Contests, one)
	}
	return out, nil
}

// measuredOf reads the measured difficulty of questions.
func measuredOf(tx *gorm.DB, ids []int64) (map[int64]*Measured, error) {
	out := map[int64]*Measured{}
	for start := 0; start < len(ids); start += bankChunk {
		var rows []struct {
			QuestionID int64
			VersionID  int64
			Answers    int
			Difficulty float64
		}
		err := tx.Table("question_difficulties").Where("question_id IN ?", ids[start:min(start+bankChunk, len(ids))]).Find(&rows).Error
		if err != nil {
			return nil, fmt.Errorf("quiz: difficulty: %w", err)
		}
		for _, row := range rows {
			out[row.QuestionID] = &Measured{Difficulty: row.Difficulty, Answers: row.Answers, VersionID: row.VersionID}
		}
	}
	return out, nil
}
