package quiz

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"

	"gorm.io/gorm"

	"jingzhong/org"
	"jingzhong/store"
)

// Begin opens a run, or goes on with the open one: today's five are the same all day, a streak and a mock paper wait
// until they are ended, a drill until midnight.
func (s *Practice) Begin(ctx context.Context, by org.Actor, in PracticeStart) (PracticeRun, error) {
	if err := practises(by); err != nil {
		return PracticeRun{}, err
	}
	switch in.Mode {
	case PracticeDaily, PracticeWrong, PracticeStreak:
		in.TopicID, in.ContestID = 0, 0
	case PracticeTopic:
		in.ContestID = 0
	case PracticeMock:
		in.TopicID = 0
	default:
		return PracticeRun{}, ErrPracticeMode.At("mode")
	}
	day := s.today()
	id, err := openRun(s.db.Read(ctx), by.PersonID, in, day)
	if err != nil {
		return PracticeRun{}, err
	}
	if id == 0 {
		if id, err = s.create(ctx, by, in, day); err != nil {
			return PracticeRun{}, err
		}
	}
	return s.FindRun(ctx, by, id)
}

// openRun finds the run to go on with, 0 = none.
func openRun(tx *gorm.DB, personID int64, in PracticeStart, day int) (id int64, err error) {
	q := tx.Table("practice_runs").Select("id").Where("person_id = ? AND mode = ? AND topic_id = ? AND contest_id = ?", personID, in.Mode,
		in.TopicID, in.ContestID)
	switch in.Mode {
	case PracticeDaily:
		q = q.Where("day = ?", day)
	case PracticeTopic, PracticeWrong:
		q = q.Where("state = ? AND day = ?", runOpen, day)
	default:
		q = q.Where("state = ?", runOpen)
	}
	if err := q.Order("id DESC").Limit(1).Scan(&id).Error; err != nil {
		return 0, fmt.Errorf("quiz: open practice run: %w", err)
	}
	return id, nil
}

func (s *Practice) create(ctx context.Context, by org.Actor, in PracticeStart, day int) (int64, error) {
	tx, now := s.db.Read(ctx), s.db.Now()
	salt := now
	if in.Mode == PracticeDaily {
		salt = 0
	}
	sh, err := s.shelf(ctx, by)
	if err != nil {
		return 0, err
	}
	p, err := newPicker(tx, by, sh, day, salt)
	if err != nil {
		return 0, err
	}
	leaves, points, err := s.pick(ctx, p, in)
	if err != nil {
		return 0, err
	}
	items, full, err := runItems(tx, p.rng, leaves, points)
	if err != nil {
		return 0, err
	}
	if may, err := stillPracticable(tx, items, now); err != nil {
		return 0, err
	} else if len(items) == 0 || len(may) == 0 {
		return 0, ErrPracticeEmpty
	}
	var id int64
	err = s.db.Tx(ctx, func(tx *gorm.DB) error {
		_, err := store.Writing(tx).QueryRow(`INSERT INTO practice_runs (person_id, unit_id, mode, state, day, topic_id, contest_id, items,
			full_mark, started_at) VALUES (?, ?, ?, 'open', ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id`,
			[]any{by.PersonID, by.UnitID, in.Mode, day, in.TopicID, in.ContestID, marshal(items), full, now}, &id)
		if err != nil {
			return fmt.Errorf("quiz: begin practice: %w", err)
		}
		if id == 0 { // another device was first
			id, err = openRun(tx, by.PersonID, in, day)
		}
		return err
	})
	return id, err
}

// pick chooses the run's questions; points are what each pays its question, nil = practicePoints each.
func (s *Practice) pick(ctx context.Context, p *picker, in PracticeStart) ([]practiceLeaf, []int64, error) {
	switch in.Mode {
	case PracticeDaily:
		leaves, err := p.daily()
		return leaves, nil, err
	case PracticeTopic:
		topics, err := topicsByID(p.tx)
		if err != nil {
			return nil, nil, err
		}
		if _, ok := topics[in.TopicID]; !ok {
			return nil, nil, ErrPracticeTopic
		}
		ids, err := withSubTopics(p.tx, []int64{in.TopicID})
		return p.topic(ids), nil, err
	case PracticeWrong:
		leaves, err := p.wrong()
		if err == nil && len(leaves) == 0 {
			err = ErrPracticeNoWrong
		}
		return leaves, nil, err
	case PracticeStreak:
		return p.streak(), nil, nil
	}
	if _, err := s.paper(ctx, p.by, in.ContestID); err != nil {
		return nil, nil, err
	}
	rows, err := blueprint(p.tx, in.ContestID)
	if err != nil {
		return nil, nil, err
	}
	if rows, err = rowsWithSubTopics(p.tx, rows); err != nil {
		return nil, nil, err
	}
	leaves, points := p.mock(rows)
	return leaves, points, nil
}

// paper is the contest whose blueprint may be practised: one of the own unit or those above that is over.
func (s *Practice) paper(ctx context.Context, by org.Actor, contestID int64) (contestRow, error) {
	tx := s.db.Read(ctx)
	c, err := findContestRow(tx, contestID)
	if err != nil {
		return c, ErrPracticePaper
	}
	u, err := findUnit(tx, c.UnitID)
	if err != nil {
		return c, err
	}
	if !c.published() || !over(c, s.db.Now()) || !(org.Scope{Paths: []string{u.Path}}).Covers(by.UnitPath) {
		return contestRow{}, ErrPracticePaper
	}
	return c, nil
}

// runItems shuffles the options once for the whole run.
func runItems(tx *gorm.DB, rng *rand.Rand, leaves []practiceLeaf, points []int64) (items []runItem, full int64, err error) {
	ids := make([]int64, len(leaves))
	for i, l := range leaves {
		ids[i] = l.versionID
	}
	versions, err := loadVersions(tx, ids)
	if err != nil {
		return nil, 0, err
	}
	for i, l := range leaves {
		v := versions[l.versionID]
		all := v.leaves()
		if l.part >= len(all) {
			return nil, 0, fmt.Errorf("quiz: version %d has no part %d", l.versionID, l.part)
		}
		leaf := all[l.part]
		it := runItem{Question: l.questionID, Version: l.versionID, Part: l.part, Points: practicePoints * int64(l.of),
			Order: shuffleOptions(rng, leaf.poolLeaf(kinds[leaf.kind].shape(leaf).shuffle))}
		if points != nil {
			it.Points = points[i]
		}
		full += frozenQuestion{part: l.part, of: l.of}.points(it.Points)
		items = append(items, it)
	}
	return items, full, nil
}

// FindRun returns one's own run: what is not answered without its key, what is with it.
func (s *Practice) FindRun(ctx context.Context, by org.Actor, id int64) (PracticeRun, error) {
	if err := practises(by); err != nil {
		return PracticeRun{}, err
	}
	tx := s.db.Read(ctx)
	row, err := findRunRow(tx, id, by.PersonID)
	if err != nil {
		return PracticeRun{}, err
	}
	items, err := unmarshal[[]runItem](row.Items)
	if err != nil {
		return PracticeRun{}, err
	}
	run, err := s.runView(tx, row, len(items))
	if err != nil {
		return run, err
	}
	answers, marks, err := practiceAnswers(tx, id)
	if err != nil {
		return run, err
	}
	shown := len(items)
	if row.Mode == PracticeStreak { // the next question comes with the answer to this one
		shown = min(shown, len(answers))
		if row.State == runOpen {
			shown = min(len(items), shown+1)
		}
	}
	run.Items, err = s.items(tx, by.PersonID, items[:shown], 1, answers, marks)
	return run, err
}

// runView is a run without its items.
func (s *Practice) runView(tx *gorm.DB, row practiceRunRow, total int) (PracticeRun, error) {
	run := PracticeRun{ID: row.ID, Mode: row.Mode, State: row.State, Day: dayText(row.Day), TopicID: row.TopicID, ContestID: row.ContestID,
		Total: total, Answered: row.Answered, Right: row.RightCount, Score: row.Score, FullMark: row.FullMark}
	var err error
	switch {
	case row.TopicID != 0:
		err = tx.Raw(`SELECT name FROM topics WHERE id = ?`, row.TopicID).Scan(&run.Title).Error
	case row.ContestID != 0:
		err = tx.Raw(`SELECT title FROM contests WHERE id = ?`, row.ContestID).Scan(&run.Title).Error
	}
	if err != nil {
		return run, fmt.Errorf("quiz: practice run: %w", err)
	}
	return run, nil
}

// items are places of a run from slot first on. Keys are read for those that were answered, and only for those.
func (s *Practice) items(tx *gorm.DB, personID int64, items []runItem, first int, answers map[int]practiceAnswerRow, marks map[int]int64) ([]PracticeItem, error) {
	may, err := stillPracticable(tx, items, s.db.Now())
	if err != nil {
		return nil, err
	}
	e, paper, err := runSheet(tx, items)
	if err != nil {
		return nil, err
	}
	notes, err := reviewNotes(tx, e, paper)
	if err != nil {
		return nil, err
	}
	appealed, err := appealedBy(tx, personID, items)
	if err != nil {
		return nil, err
	}
	out := make([]PracticeItem, len(items))
	for i, it := range items {
		slot := first + i
		v := PracticeItem{Slot: slot, VersionID: it.Version, Part: it.Part, Withdrawn: !may[it.Question], Appealed: appealed[askedKey{it.Version, it.Part}]}
		a, answered := answers[slot]
		switch {
		case v.Withdrawn:
		case answered:
			mark, marked := marks[slot]
			review, err := practiceReview(tx, slot, e, paper[i], a, notes[it.Version])
			if err != nil {
				return nil, err
			}
			if v.SelfMark = e.questions[i].kind == KindEssay && a.Rating == 0 && !marked; marked {
				review.Score, review.Right = mark, mark == review.Points
			}
			v.Review = &review
		default:
			v.Question = e.renderOne(slot, paper[i])
		}
		out[i] = v
	}
	return out, nil
}

// practiceReview is an answered place with its key.
func practiceReview(tx *gorm.DB, slot int, e *edition, p pickedItem, a practiceAnswerRow, note reviewNote) (ReviewItem, error) {
	key, err := answeredKey(tx, e.questions[p.item], a)
	if err != nil {
		return ReviewItem{}, err
	}
	item, err := reviewItem(slot, e, p, key, answerRow{Choice: a.Choice, Text: a.Text}, note)
	item.Score, item.Right = a.Score, a.Correct
	return item, err
}

// renderOne is one place as contestants see it.
func (e *edition) renderOne(slot int, p pickedItem) json.RawMessage {
	return e.appendSlot(make([]byte, 0, 512), slot, p)
}
