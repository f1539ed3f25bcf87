package quiz

import (
	"context"
	"fmt"
	"strconv"

	"gorm.io/gorm"

	"jingzhong/law"
	"jingzhong/org"
)

// FindAttempt returns the reader's own attempt. An attempt whose time has run out is handed in first, so
// that nobody ever sees a running clock below zero (rules-contest 5.1).
func (s *Contests) FindAttempt(ctx context.Context, by org.Actor, attemptID int64) (AttemptView, error) {
	tx := s.db.Read(ctx)
	a, err := findAttemptRow(tx, attemptID)
	if err != nil {
		return AttemptView{}, err
	}
	if a.PersonID != by.PersonID {
		return AttemptView{}, ErrAttemptNotFound
	}
	now := s.db.Now()
	if a.State == string(AttemptInProgress) && now > a.DeadlineAt+Grace {
		if err := s.expireDue(ctx); err != nil {
			return AttemptView{}, err
		}
		if a, err = findAttemptRow(tx, attemptID); err != nil {
			return AttemptView{}, err
		}
	}
	c, err := findContestRow(tx, a.ContestID)
	if err != nil {
		return AttemptView{}, err
	}
	v := s.attemptView(c, a, by, now)
	answers, err := answersOf(tx, a.ID)
	if err != nil {
		return AttemptView{}, err
	}
	if v.Answers, err = s.storedAnswers(a, answers); err != nil {
		return AttemptView{}, err
	}
	if v.HoldsLease && a.State == string(AttemptInProgress) {
		s.presence.touch(c.ID, a.ID, now)
		e, paper, err := s.paperOf(ctx, a)
		if err != nil {
			return AttemptView{}, err
		}
		v.Paper = e.render(paper)
	}
	return v, nil
}

func (s *Contests) storedAnswers(a attemptRow, answers map[int]answerRow) ([]StoredAnswer, error) {
	list := []StoredAnswer{}
	for slot := 1; len(list) < len(answers) && slot <= maxQuestions; slot++ {
		r, ok := answers[slot]
		if !ok {
			continue
		}
		choice, text, err := decodeAnswer(r)
		if err != nil {
			return nil, err
		}
		list = append(list, StoredAnswer{Slot: slot, Seq: r.Seq, Choice: choice, Text: text, SavedAt: r.SavedAt,
			Receipt: s.receipt(a.ID, slot, r.Seq, r.SavedAt, r.Choice, r.Text)})
	}
	return list, nil
}

// attemptView is everything but answers and paper; the score stays out until it may be seen.
func (s *Contests) attemptView(c contestRow, a attemptRow, by org.Actor, now int64) AttemptView {
	v := AttemptView{ID: a.ID, ContestID: c.ID, ContestTitle: c.Title, ContestState: c.state(now), No: a.No, State: AttemptState(a.State),
		StateReason: a.StateReason, StartedAt: a.StartedAt, DeadlineAt: a.DeadlineAt, SubmittedAt: a.SubmittedAt, SubmitKind: a.SubmitKind,
		ServerTime: now, HoldsLease: a.LeaseSession == by.SessionID && a.LeaseSession != "", OutageMS: a.OutageMs, ExtensionMS: a.ExtensionMs,
		Questions: paperSize(a.Paper), Awaiting: a.Awaiting > 0, FullMark: c.FullMark}
	graded := a.State == string(AttemptGraded) || a.State == string(AttemptFinal)
	if at, shown := visibleAt(c, Show(c.ScoreShow), now); !shown {
		v.ScoreAt = at
	} else if graded {
		score, passed, excellent := a.Score, reaches(c, a.Score, c.PassMark), reaches(c, a.Score, c.ExcellentMark)
		v.Score, v.Passed, v.Excellent, v.TimeMS = &score, &passed, &excellent, a.timeMS()
	}
	at, shown := visibleAt(c, Show(c.ReviewShow), now)
	v.ReviewOpen = shown && graded
	if !shown {
		v.ReviewAt = at
	}
	return v
}

// visibleAt says whether something with this rule may be seen at now, and if not, from when (0 = never).
func visibleAt(c contestRow, rule Show, now int64) (at int64, shown bool) {
	switch rule {
	case ShowSubmit:
		return 0, true
	case ShowClose:
		return c.ClosesAt, over(c, now)
	case ShowAt:
		return c.ResultsAt, over(c, now) && now >= c.ResultsAt
	}
	return 0, false
}

// over reports whether nobody can be answering any more: the window has closed and the running attempts are in.
func over(c contestRow, now int64) bool {
	switch c.state(now) {
	case ContestGraded, ContestNotice, ContestFinal:
		return true
	}
	return false
}

// Review returns the reader's own attempt with keys, explanations and the law, once the contest is over and
// its rules allow: the one contestant's view that reads keys, and never before that.
func (s *Contests) Review(ctx context.Context, by org.Actor, attemptID int64) (AttemptView, []ReviewItem, error) {
	v, err := s.FindAttempt(ctx, by, attemptID)
	if err != nil {
		return v, nil, err
	}
	if !v.ReviewOpen {
		return v, nil, ErrReviewHidden.With("at", v.ReviewAt)
	}
	tx := s.db.Read(ctx)
	a, err := findAttemptRow(tx, attemptID)
	if err != nil {
		return v, nil, err
	}
	e, paper, err := s.paperOf(ctx, a)
	if err != nil {
		return v, nil, err
	}
	keys, err := s.keysOf(ctx, e)
	if err != nil {
		return v, nil, err
	}
	notes, err := reviewNotes(tx, e, paper)
	if err != nil {
		return v, nil, err
	}
	answers, err := answersOf(tx, a.ID)
	if err != nil {
		return v, nil, err
	}
	scores, err := unmarshal[[]int64](a.ItemScores)
	if err != nil {
		return v, nil, err
	}
	marks, err := marksOf(tx, a.ID)
	if err != nil {
		return v, nil, err
	}
	items := make([]ReviewItem, len(paper))
	for i, p := range paper {
		if items[i], err = reviewItem(i+1, e, p, keys[p.item], answers[i+1], notes[e.questions[p.item].versionID]); err != nil {
			return v, nil, err
		}
		items[i].Note = marks[i+1].Note
		if i < len(scores) {
			items[i].Score, items[i].Right = scores[i], scores[i] == items[i].Points
		}
	}
	return v, items, nil
}

// reviewNote is what a review adds to a question.
type reviewNote struct {
	ID                                            int64
	Stem, Explanation, Statute, Article, LawQuote string
	Paragraph                                     int
	Topic                                         string
	version                                       poolVersion
}

func reviewNotes(tx *gorm.DB, e *edition, paper []pickedItem) (map[int64]reviewNote, error) {
	ids := make([]int64, len(paper))
	for i, p := range paper {
		ids[i] = e.questions[p.item].versionID
	}
	var rows []reviewNote
	err := tx.Raw(`SELECT v.id, v.stem, v.explanation, v.statute, v.article, v.paragraph, v.law_quote, t.name AS topic
		FROM question_versions v JOIN topics t ON t.id = v.topic_id WHERE v.id IN ?`, ids).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("quiz: review: %w", err)
	}
	versions, err := loadVersions(tx, ids)
	if err != nil {
		return nil, err
	}
	notes := make(map[int64]reviewNote, len(rows))
	for _, r := range rows {
		r.version = versions[r.ID]
		notes[r.ID] = r
	}
	return notes, nil
}

// part is the note of one question of a group, whose own explanation and citation come before the group's.
func (n reviewNote) part(i int) reviewNote {
	if n.version.kind != KindGroup {
		return n
	}
	p := n.version.parts.Items[i]
	n.Stem = p.Stem
	if p.Explanation != "" {
		n.Explanation = p.Explanation
	}
	if p.Statute != "" {
		n.Statute, n.Article, n.Paragraph, n.LawQuote = p.Statute, p.Article, p.Paragraph, p.LawQuote
	}
	return n
}

func reviewItem(slot int, e *edition, p pickedItem, key Key, answer answerRow, note reviewNote) (ReviewItem, error) {
	q := &e.questions[p.item]
	choice, text, err := decodeAnswer(answer)
	if err != nil {
		return ReviewItem{}, err
	}
	l, material := note.version.leaves()[q.part], ""
	if note.version.kind == KindGroup {
		material = note.Stem
	}
	note = note.part(q.part)
	item := ReviewItem{Slot: slot, VersionID: q.versionID, Part: q.part, Kind: q.kind, Material: material, Stem: note.Stem, Points: q.points(e.rows[p.row].Points), Text: text,
		Choice: choice, Lefts: l.lefts, Accepted: key.Blanks, Rubric: key.Rubric, Answered: len(choice) > 0 || len(text) > 0,
		Explanation: note.Explanation, StatuteCode: note.Statute, Article: note.Article, LawQuote: note.LawQuote, Topic: note.Topic}
	if note.Paragraph > 0 {
		item.Paragraph = strconv.Itoa(note.Paragraph)
	}
	if statute, ok := law.Find(note.Statute); ok {
		item.Statute, item.LawVersion = statute.Short, statute.Version
	}
	picked := map[int]bool{}
	for _, place := range choice {
		picked[place] = true
	}
	places := map[int64]int{}
	for place, index := range p.order {
		places[q.optionIDs[index]] = place + 1
	}
	right := map[int64]bool{}
	for _, id := range key.Options {
		right[id] = true
		item.Key = append(item.Key, places[id])
	}
	for place, index := range p.order {
		item.Options = append(item.Options, ReviewOption{ID: place + 1, Text: l.options[index].text, Picked: picked[place+1],
			Key: right[q.optionIDs[index]]})
	}
	return item, nil
}
