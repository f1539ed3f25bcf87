package quiz

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/fault"
	"jingzhong/law"
	"jingzhong/org"
	"jingzhong/store"
)

// Where an appealed question was seen.
const (
	AppealPractice = "practice"
	AppealContest  = "contest"
)

// The states of an appeal.
const (
	AppealFiled    = "filed"
	AppealAccepted = "accepted"
	AppealRejected = "rejected"
)

// AppealInput says what is wrong with a question that was shown with its key. AttemptID is the attempt of a contest
// whose review shows it, 0 in practice.
type AppealInput struct {
	VersionID int64
	Part      int
	Context   string
	AttemptID int64
	Text      string
}

// Appeal is one person's word against one question (rules-contest 5.11), with what was decided.
type Appeal struct {
	ID        int64
	VersionID int64
	Part      int
	Stem      string
	Context   string
	Text      string
	State     string
	Note      string
	Statute   string // code
	Article   string
	CreatedAt int64 // ms UTC
	DecidedAt int64
}

// Faults of appeals.
var (
	ErrAppealNotShown = fault.New(fault.NotFound, "appeal.not_shown")
	ErrAppealFiled    = fault.New(fault.Conflict, "appeal.filed")
	ErrAppealText     = fault.New(fault.Invalid, "appeal.text")
	ErrAppealLate     = fault.New(fault.Conflict, "appeal.late")
	ErrAppealNotFound = fault.New(fault.NotFound, "appeal.not_found")
	ErrAppealDecided  = fault.New(fault.Conflict, "appeal.decided")
	ErrAppealOwn      = fault.New(fault.Denied, "appeal.own")
	ErrAppealNote     = fault.New(fault.Invalid, "appeal.note")
	ErrAppealContext  = fault.New(fault.Invalid, "appeal.context")
)

// Bounds of an appeal: its text in characters, and how long after the review of a contest opened one may be filed, ms.
const (
	appealLeast  = 5
	appealMost   = 1000
	appealWindow = 48 * 3_600_000
)

// FileAppeal files one appeal a person and question, against a question the person has answered and seen explained.
func (s *Practice) FileAppeal(ctx context.Context, by org.Actor, in AppealInput) (Appeal, error) {
	if err := practises(by); err != nil {
		return Appeal{}, err
	}
	text, err := appealText(in.Text, ErrAppealText, "text")
	if err != nil {
		return Appeal{}, err
	}
	switch in.Context {
	case AppealPractice:
		in.AttemptID = 0
		err = s.practised(ctx, by, in)
	case AppealContest:
		err = s.contests.reviewed(ctx, by, in)
	default:
		err = ErrAppealContext.At("context")
	}
	if err != nil {
		return Appeal{}, err
	}
	var id int64
	err = s.db.Tx(ctx, func(tx *gorm.DB) error {
		var v versionRow
		if err := tx.Where("id = ?", in.VersionID).Take(&v).Error; err != nil {
			return fmt.Errorf("quiz: appealed version: %w", err)
		}
		found, err := store.Writing(tx).QueryRow(`INSERT INTO appeals (person_id, question_id, version_id, part, context, attempt_id, text, state,
			created_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'filed', ?) ON CONFLICT DO NOTHING RETURNING id`,
			[]any{by.PersonID, v.QuestionID, in.VersionID, in.Part, in.Context, in.AttemptID, text, s.db.Now()}, &id)
		switch {
		case err != nil:
			return fmt.Errorf("quiz: file appeal: %w", err)
		case !found:
			return ErrAppealFiled
		}
		return audit.Append(ctx, tx, audit.Entry{At: s.db.Now(), ActorID: by.PersonID, ActorName: by.Name, Action: "appeal.file", ObjectKind: "question",
			ObjectID: v.QuestionID, UnitID: by.UnitID, After: map[string]any{"appeal": id, "version": in.VersionID, "part": in.Part}, IP: by.IP})
	})
	if err != nil {
		return Appeal{}, err
	}
	own, err := ownAppeals(s.db.Read(ctx), by.PersonID, id)
	if err != nil {
		return Appeal{}, err
	}
	return own[0], nil
}

func appealText(text string, f *fault.Error, field string) (string, error) {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n < appealLeast || n > appealMost || bankControl(text) {
		return "", f.At(field).With("least", appealLeast).With("most", appealMost)
	}
	return text, nil
}

// practised reports with a fault that the person has not answered the question in practice.
func (s *Practice) practised(ctx context.Context, by org.Actor, in AppealInput) error {
	var n int64
	err := s.db.Read(ctx).Raw(`SELECT COUNT(*) FROM practice_answers WHERE version_id = ? AND part = ? AND person_id = ?`, in.VersionID, in.Part,
		by.PersonID).Scan(&n).Error
	if err != nil {
		return fmt.Errorf("quiz: appeal: %w", err)
	}
	if n == 0 {
		return ErrAppealNotShown
	}
	return nil
}

// reviewed reports with a fault that the question is not on the person's attempt, or its review not open, or the time
// for appeals over: 48 hours from the review, and all of the public notice.
func (s *Contests) reviewed(ctx context.Context, by org.Actor, in AppealInput) error {
	v, err := s.FindAttempt(ctx, by, in.AttemptID)
	if err != nil {
		return err
	}
	if !v.ReviewOpen {
		return ErrReviewHidden.With("at", v.ReviewAt)
	}
	tx := s.db.Read(ctx)
	a, err := findAttemptRow(tx, in.AttemptID)
	if err != nil {
		return err
	}
	e, paper, err := s.paperOf(ctx, a)
	if err != nil {
		return err
	}
	shown := false
	for _, p := range paper {
		q := e.questions[p.item]
		shown = shown || (q.versionID == in.VersionID && q.part == in.Part)
	}
	if !shown {
		return ErrAppealNotShown
	}
	c, err := findContestRow(tx, a.ContestID)
	if err != nil {
		return err
	}
	opened := c.ClosesAt
	if Show(c.ReviewShow) == ShowAt {
		opened = max(opened, c.ResultsAt)
	}
	if ContestState(c.State) != ContestNotice && s.db.Now() > opened+appealWindow {
		return ErrAppealLate
	}
	return nil
}

// MyAppeals lists one's own appeals with their decisions, newest first.
func (s *Practice) MyAppeals(ctx context.Context, by org.Actor) ([]Appeal, error) {
	if err := practises(by); err != nil {
		return nil, err
	}
	return ownAppeals(s.db.Read(ctx), by.PersonID, 0)
}

// ownAppeals reads a person's newest 200 appeals, or one of them.
func ownAppeals(tx *gorm.DB, personID, id int64) ([]Appeal, error) {
	q := tx.Table("appeals a").Joins("JOIN question_versions v ON v.id = a.version_id").
		Select("a.id, a.version_id, a.part, a.context, a.text, a.state, a.note, a.statute, a.article, a.created_at, a.decided_at, v.stem").
		Where("a.person_id = ?", personID)
	if id != 0 {
		q = q.Where("a.id = ?", id)
	}
	var list []Appeal
	if err := q.Order("a.id DESC").Limit(pageMost).Scan(&list).Error; err != nil {
		return nil, fmt.Errorf("quiz: appeals: %w", err)
	}
	ids := make([]int64, len(list))
	for i, a := range list {
		ids[i] = a.VersionID
	}
	versions, err := loadVersions(tx, ids)
	if err != nil {
		return nil, err
	}
	for i, a := range list {
		list[i].Stem = versions[a.VersionID].stemOf(a.Part)
	}
	return list, nil
}

// stemOf is what one question of a version asks.
func (v poolVersion) stemOf(part int) string {
	if all := v.leaves(); part < len(all) {
		return all[part].stem
	}
	return v.stem
}

// appealedBy returns which of a run's questions the person has appealed against, by version.
func appealedBy(tx *gorm.DB, personID int64, items []runItem) (map[askedKey]bool, error) {
	ids := make([]int64, len(items))
	for i, it := range items {
		ids[i] = it.Version
	}
	var rows []struct {
		VersionID int64
		Part      int
	}
	err := tx.Raw(`SELECT version_id, part FROM appeals WHERE person_id = ? AND version_id IN ?`, personID, some(ids)).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("quiz: appeals: %w", err)
	}
	filed := map[askedKey]bool{}
	for _, r := range rows {
		filed[askedKey{r.VersionID, r.Part}] = true
	}
	return filed, nil
}

// AppealDecision is what an author or reviewer found, with the article it rests on.
type AppealDecision struct {
	Accept  bool
	Note    string
	Statute string // code, may be empty
	Article string
}

func (d AppealDecision) check() (AppealDecision, error) {
	var err error
	if d.Note, err = appealText(d.Note, ErrAppealNote, "note"); err != nil {
		return d, err
	}
	if d.Statute == "" {
		d.Article = ""
		return d, nil
	}
	return d, law.Check(d.Statute, d.Article)
}
