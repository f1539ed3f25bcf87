package quiz

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/fault"
	"jingzhong/org"
)

// What a reviewer decides.
const (
	ReviewApprove = "approve"
	ReviewReturn  = "return" // back to the author, with a note that says why
)

// reviewNoteMost bounds a reviewer's note, in characters.
const reviewNoteMost = 1000

// ReviewInput is a judgement of the version that awaits publication. Base names the version the reviewer has
// read, 0 = whatever is newest.
type ReviewInput struct {
	Decision string
	Note     string
	Base     int64
}

// Review is a judgement of a version by somebody who did not write it.
type Review struct {
	Decision     string // empty = none
	Note         string // empty for readers who may not see keys: it may speak of the answer
	ReviewerID   int64
	ReviewerName string
	At           int64 // ms UTC
}

// Faults of reviews.
var (
	ErrReviewDecision = fault.New(fault.Invalid, "question.review_decision")
	ErrReviewNote     = fault.New(fault.Invalid, "question.review_note")
)

type reviewRow struct {
	ID         int64 `gorm:"primaryKey"`
	QuestionID int64
	VersionID  int64
	Reviewer   int64
	Decision   string
	Note       string
	At         int64
}

// TableName is the reviews' table.
func (reviewRow) TableName() string { return "question_reviews" }

func (in *ReviewInput) check() error {
	in.Note = strings.TrimSpace(in.Note)
	switch {
	case in.Decision != ReviewApprove && in.Decision != ReviewReturn:
		return ErrReviewDecision.At("decision")
	case in.Decision == ReviewReturn && in.Note == "", len([]rune(in.Note)) > reviewNoteMost, bankControl(in.Note):
		return ErrReviewNote.At("note").With("most", reviewNoteMost)
	}
	return nil
}

// ReviewQuestion records what a second person thinks of the version that awaits publication: approved, it may be
// published by any reviewer; returned, it is a draft whose author reads the note. Nobody reviews what they wrote.
func (b *Bank) ReviewQuestion(ctx context.Context, by org.Actor, id int64, in ReviewInput) (Question, error) {
	checkErr := in.check()
	return b.move(ctx, by, id, func(tx *gorm.DB, r *reach, q *questionRow) error {
		if !r.mayReview(q.UnitID) {
			return org.ErrDenied.With("right", string(org.Review))
		}
		if checkErr != nil {
			return checkErr
		}
		if err := b.review(tx, r, q, in); err != nil {
			return err
		}
		e := b.entry(by, "question.review", q.ID, q.UnitID)
		e.After, e.Reason = map[string]any{"version": q.head(), "decision": in.Decision, "state": q.State}, in.Note
		return audit.Append(ctx, tx, e)
	})
}

// review keeps a judgement and moves a question that was never published between draft and reviewed.
func (b *Bank) review(tx *gorm.DB, r *reach, q *questionRow, in ReviewInput) error {
	switch {
	case !r.mayReview(q.UnitID):
		return org.ErrDenied.With("right", string(org.Review))
	case q.DraftVersionID == nil || q.State == QuestionRetired:
		return ErrQuestionState.With("state", q.State)
	case in.Base != 0 && in.Base != q.head():
		return ErrQuestionStale
	}
	var writer int64
	if err := tx.Model(&versionRow{}).Where("id = ?", q.head()).Pluck("created_by", &writer).Error; err != nil {
		return fmt.Errorf("quiz: writer: %w", err)
	}
	if r.ownsAlone(writer) {
		return ErrQuestionOwnReview
	}
	if err := b.keepReview(tx, q.ID, q.head(), r.by.PersonID, in); err != nil {
		return err
	}
	state := q.State
	if state != QuestionPublished {
		state = map[string]string{ReviewApprove: QuestionReviewed, ReviewReturn: QuestionDraft}[in.Decision]
	}
	return b.setState(tx, q, state)
}

func (b *Bank) keepReview(tx *gorm.DB, questionID, versionID, reviewer int64, in ReviewInput) error {
	row := reviewRow{QuestionID: questionID, VersionID: versionID, Reviewer: reviewer, Decision: in.Decision, Note: in.Note, At: b.db.Now()}
	if err := tx.Create(&row).Error; err != nil {
		return fmt.Errorf("quiz: keep review: %w", err)
	}
	return nil
}

// reviewsOf returns the judgements of versions, oldest first.
func reviewsOf(tx *gorm.DB, versionIDs []int64) (map[int64][]Review, error) {
	out := map[int64][]Review{}
	for start := 0; start < len(versionIDs); start += bankChunk {
		var rows []reviewRow
		err := tx.Where("version_id IN ?", versionIDs[start:min(start+bankChunk, len(versionIDs))]).Order("id").Find(&rows).Error
		if err != nil {
			return nil, fmt.Errorf("quiz: reviews: %w", err)
		}
		people := make([]int64, len(rows))
		for i, row := range rows {
			people[i] = row.Reviewer
		}
		names, err := personNames(tx, people)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			out[row.VersionID] = append(out[row.VersionID], Review{row.Decision, row.Note, row.Reviewer, names[row.Reviewer], row.At})
		}
	}
	return out, nil
}

// lastReviews returns the newest judgement of each version that has one.
func lastReviews(tx *gorm.DB, versionIDs []int64) (map[int64]Review, error) {
	all, err := reviewsOf(tx, versionIDs)
	last := make(map[int64]Review, len(all))
	for id, reviews := range all {
		last[id] = reviews[len(reviews)-1]
	}
	return last, err
}
