package quiz

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"gorm.io/gorm"

	"jingzhong/org"
)

// PracticeHome is where a learner's practice stands today.
type PracticeHome struct {
	Day    string // YYYY-MM-DD
	Daily  PracticeDailyState
	Due    int // points due today
	Wrong  int // questions in the wrong-answer book
	Best   int // longest streak
	Week   []PracticeDay
	Topics []PracticeTopicShare
	Papers []PracticePaper
}

// PracticeDailyState is today's five; RunID 0 = not begun.
type PracticeDailyState struct {
	RunID    int64
	Answered int
	Total    int
	Done     bool
}

// PracticeDay is what was answered on one day of the last seven.
type PracticeDay struct {
	Day      string
	Answered int
	Right    int
}

// PracticeTopicShare is a topic with how many of its questions may be practised, its sub-topics' included.
type PracticeTopicShare struct {
	Topic     Topic
	Questions int
}

// PracticePaper is a contest that is over, whose blueprint may be practised.
type PracticePaper struct {
	ContestID int64
	Title     string
	Questions int
}

// papersMost bounds the list of mock papers.
const papersMost = 20

// Home returns a learner's practice of today.
func (s *Practice) Home(ctx context.Context, by org.Actor) (PracticeHome, error) {
	if err := practises(by); err != nil {
		return PracticeHome{}, err
	}
	tx, day := s.db.Read(ctx), s.today()
	h := PracticeHome{Day: dayText(day)}
	var daily []practiceRunRow
	if err := tx.Where("person_id = ? AND mode = ? AND day = ?", by.PersonID, PracticeDaily, day).Limit(1).Find(&daily).Error; err != nil {
		return h, fmt.Errorf("quiz: today's five: %w", err)
	}
	h.Daily.Total = dailyQuestions
	for _, r := range daily {
		items, err := unmarshal[[]runItem](r.Items)
		if err != nil {
			return h, err
		}
		h.Daily = PracticeDailyState{RunID: r.ID, Answered: r.Answered, Total: len(items), Done: r.State == runDone}
	}
	err := tx.Raw(`SELECT (SELECT COUNT(*) FROM practice_cards WHERE person_id = ? AND due_day <= ?) AS due,
		(SELECT COUNT(*) FROM practice_wrong WHERE person_id = ?) AS wrong,
		COALESCE((SELECT best FROM practice_streaks WHERE person_id = ?), 0) AS best`, by.PersonID, day, by.PersonID, by.PersonID).
		Row().Scan(&h.Due, &h.Wrong, &h.Best)
	if err != nil {
		return h, fmt.Errorf("quiz: practice home: %w", err)
	}
	if h.Week, err = practiceWeek(tx, by.PersonID, day); err != nil {
		return h, err
	}
	if h.Topics, err = s.topicShares(ctx, by); err != nil {
		return h, err
	}
	h.Papers, err = s.papers(ctx, by)
	return h, err
}

func practiceWeek(tx *gorm.DB, personID int64, today int) ([]PracticeDay, error) {
	var rows []struct{ Day, Answered, Correct int }
	err := tx.Raw(`SELECT day, COUNT(*) AS answered, SUM(CASE WHEN correct THEN 1 ELSE 0 END) AS correct FROM practice_answers
		WHERE person_id = ? AND day > ? GROUP BY day`, personID, today-7).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("quiz: practice week: %w", err)
	}
	week := make([]PracticeDay, 7)
	for i := range week {
		week[i].Day = dayText(today - 6 + i)
	}
	for _, r := range rows {
		if i := r.Day - today + 6; i >= 0 && i < 7 {
			week[i].Answered, week[i].Right = r.Answered, r.Correct
		}
	}
	return week, nil
}

func (s *Practice) topicShares(ctx context.Context, by org.Actor) ([]PracticeTopicShare, error) {
	sh, err := s.shelf(ctx, by)
	if err != nil {
		return nil, err
	}
	own := map[int64]int{}
	for _, l := range sh.leaves {
		own[l.topicID]++
	}
	topics, err := topicsOf(s.db.Read(ctx))
	if err != nil {
		return nil, err
	}
	var shares []PracticeTopicShare
	for _, t := range topics {
		share := PracticeTopicShare{Topic: t}
		for _, id := range below(topics, []int64{t.ID}) {
			share.Questions += own[id]
		}
		if share.Questions > 0 {
			shares = append(shares, share)
		}
	}
	return shares, nil
}

func (s *Practice) papers(ctx context.Context, by org.Actor) ([]PracticePaper, error) {
	var rows []struct {
		ID        int64
		Title     string
		Questions int
		Path      string
	}
	err := s.db.Read(ctx).Raw(`SELECT c.id, c.title, c.questions, u.path FROM contests c JOIN units u ON u.id = c.unit_id
		WHERE c.state IN ('graded', 'notice', 'final') AND c.edition > 0 ORDER BY c.closes_at DESC, c.id DESC LIMIT 200`).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("quiz: mock papers: %w", err)
	}
	var papers []PracticePaper
	for _, r := range rows {
		if (org.Scope{Paths: []string{r.Path}}).Covers(by.UnitPath) && len(papers) < papersMost {
			papers = append(papers, PracticePaper{ContestID: r.ID, Title: r.Title, Questions: r.Questions})
		}
	}
	return papers, nil
}

// WrongAnswer is a question of the wrong-answer book, without its key: it is to be answered again.
type WrongAnswer struct {
	QuestionID int64
	Part       int
	Kind       string
	Stem       string
	Topic      string
	Wrongs     int
	RightDays  int // of two that let it go
	WrongAt    int64
	Today      bool // right today already; the next day counts tomorrow
}

// WrongPage is one page of the book; Next is empty on the last one.
type WrongPage struct {
	Items []WrongAnswer
	Next  string
}

// WrongAnswers lists one's wrong-answer book, the newest first; what was taken out of practice is left out.
func (s *Practice) WrongAnswers(ctx context.Context, by org.Actor, limit int, cursor string) (WrongPage, error) {
	var page WrongPage
	if err := practises(by); err != nil {
		return page, err
	}
	limit, before, err := pageAt(limit, cursor)
	if err != nil {
		return page, err
	}
	tx := s.db.Read(ctx)
	sh, err := s.shelf(ctx, by)
	if err != nil {
		return page, err
	}
	var rows []wrongRow
	if err := tx.Where("person_id = ?", by.PersonID).Order("wrong_at DESC, question_id DESC, part").Limit(1000).Find(&rows).Error; err != nil {
		return page, fmt.Errorf("quiz: wrong answers: %w", err)
	}
	rows = slices.DeleteFunc(rows, func(r wrongRow) bool {
		_, ok := sh.byKey[askedKey{r.QuestionID, r.Part}]
		return !ok
	})
	start := min(before, len(rows))
	end := min(start+limit, len(rows))
	if end < len(rows) {
		page.Next = strconv.Itoa(end)
	}
	page.Items, err = wrongViews(tx, sh, rows[start:end], s.today())
	return page, err
}

// pageAt reads a page's size and the place where it begins.
func pageAt(limit int, cursor string) (int, int, error) {
	if limit == 0 {
		limit = pageDefault
	}
	if limit < 0 || limit > pageMost {
		return 0, 0, ErrQuestionLimit.At("limit").With("most", pageMost)
	}
	if cursor == "" {
		return limit, 0, nil
	}
	n, err := strconv.Atoi(cursor)
	if err != nil || n < 0 {
		return 0, 0, ErrQuestionCursor.At("cursor")
	}
	return limit, n, nil
}

func wrongViews(tx *gorm.DB, sh *shelf, rows []wrongRow, today int) ([]WrongAnswer, error) {
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = sh.byKey[askedKey{r.QuestionID, r.Part}].versionID
	}
	versions, err := loadVersions(tx, ids)
	if err != nil {
		return nil, err
	}
	topics, err := topicsByID(tx)
	if err != nil {
		return nil, err
	}
	out := make([]WrongAnswer, len(rows))
	for i, r := range rows {
		l := sh.byKey[askedKey{r.QuestionID, r.Part}]
		out[i] = WrongAnswer{QuestionID: r.QuestionID, Part: r.Part, Kind: l.kind, Stem: versions[l.versionID].leaves()[r.Part].stem,
			Topic: topics[l.topicID].Name, Wrongs: r.Wrongs, RightDays: r.RightDays, WrongAt: r.WrongAt, Today: r.LastRightDay == today}
	}
	return out, nil
}
