package quiz

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/org"
)

// PublishQuestion puts the version that awaits it into force, or brings a retired question back. In mode
// two-person the writer of the version cannot do it.
func (b *Bank) PublishQuestion(ctx context.Context, by org.Actor, id int64) (Question, error) {
	return b.move(ctx, by, id, func(tx *gorm.DB, r *reach, q *questionRow) error {
		v, err := b.publishable(tx, r, q)
		if err != nil {
			return err
		}
		return b.publish(ctx, tx, by, q, v.TopicID, v.Use)
	})
}

// publishable returns the version that the reader may put into force now. Whoever did not write it may: that is
// the review by a second person, and is kept as one. Its writer may once somebody else has approved it.
func (b *Bank) publishable(tx *gorm.DB, r *reach, q *questionRow) (versionRow, error) {
	var v versionRow
	if err := tx.Take(&v, "id = ?", q.head()).Error; err != nil {
		return v, fmt.Errorf("quiz: newest version: %w", err)
	}
	reviews, err := lastReviews(tx, []int64{v.ID})
	if err != nil {
		return v, err
	}
	approved := reviews[v.ID].Decision == ReviewApprove
	switch {
	case !r.mayReview(q.UnitID):
		return v, org.ErrDenied.With("right", string(org.Review))
	case !approved && !r.mayPublish(q.UnitID, v.CreatedBy):
		return v, ErrQuestionOwnReview
	case q.State == QuestionPublished && q.DraftVersionID == nil:
		return v, ErrQuestionState.With("state", q.State)
	}
	if !approved && !r.ownsAlone(v.CreatedBy) && q.DraftVersionID != nil {
		return v, b.keepReview(tx, q.ID, v.ID, r.by.PersonID, ReviewInput{Decision: ReviewApprove})
	}
	return v, nil
}

// publish moves the draft version into force and records it.
func (b *Bank) publish(ctx context.Context, tx *gorm.DB, by org.Actor, q *questionRow, topicID int64, use string) error {
	headID, before, old := q.head(), q.State, q.published()
	var writer int64
	if err := tx.Model(&versionRow{}).Where("id = ?", headID).Pluck("created_by", &writer).Error; err != nil {
		return fmt.Errorf("quiz: writer: %w", err)
	}
	if err := b.putInForce(tx, q, topicID, use); err != nil {
		return err
	}
	e := b.entry(by, "question.publish", q.ID, q.UnitID)
	e.Before = map[string]any{"state": before, "version": old}
	e.After = map[string]any{"state": q.State, "version": headID, "topic": topicID, "use": use}
	if writer == by.PersonID {
		e.Reason = SelfReview
	}
	return audit.Append(ctx, tx, e)
}

// putInForce moves the draft version into force, with its topic and use.
func (b *Bank) putInForce(tx *gorm.DB, q *questionRow, topicID int64, use string) error {
	if use != UseContest {
		held, err := embargoed(tx, []int64{q.ID}, b.db.Now())
		if err != nil {
			return err
		}
		if held[q.ID] {
			return ErrQuestionEmbargoed.At("use")
		}
	}
	headID := q.head()
	guard := tx.Model(&questionRow{}).Where("id = ? AND updated_at = ? AND state = ?", q.ID, q.UpdatedAt, q.State)
	q.CurrentVersionID, q.DraftVersionID, q.State, q.TopicID, q.Use = &headID, nil, QuestionPublished, topicID, use
	q.UpdatedAt = max(b.db.Now(), q.UpdatedAt+1)
	res := guard.Updates(map[string]any{"current_version_id": headID, "draft_version_id": nil, "topic_id": topicID,
		"state": q.State, "use": use, "updated_at": q.UpdatedAt})
	return oneRow(res, "publish")
}

// RetireQuestion takes a question out of use: it is drawn no more, and its versions stay for the attempts
// that had them. A question that a scheduled or open contest may draw is not retired.
func (b *Bank) RetireQuestion(ctx context.Context, by org.Actor, id int64, reason string) (Question, error) {
	return b.move(ctx, by, id, func(tx *gorm.DB, r *reach, q *questionRow) error {
		before := q.State
		if err := b.retire(tx, r, q); err != nil {
			return err
		}
		e := b.entry(by, "question.retire", q.ID, q.UnitID)
		e.Before, e.After, e.Reason = map[string]any{"state": before}, map[string]any{"state": q.State}, reason
		return audit.Append(ctx, tx, e)
	})
}

// retire takes the question out of use unless something forbids it.
func (b *Bank) retire(tx *gorm.DB, r *reach, q *questionRow) error {
	if !r.mayRetire(q.UnitID) {
		return org.ErrDenied.With("right", string(org.Author))
	}
	if q.State == QuestionRetired {
		return ErrQuestionState.With("state", q.State)
	}
	held, err := embargoed(tx, []int64{q.ID}, b.db.Now())
	if err != nil {
		return err
	}
	if held[q.ID] {
		return ErrQuestionEmbargoed
	}
	return b.setState(tx, q, QuestionRetired)
}

// setState moves the question on, if nobody has changed it meanwhile.
func (b *Bank) setState(tx *gorm.DB, q *questionRow, state string) error {
	guard := tx.Model(&questionRow{}).Where("id = ? AND updated_at = ?", q.ID, q.UpdatedAt)
	q.State, q.UpdatedAt = state, max(b.db.Now(), q.UpdatedAt+1)
	return oneRow(guard.Updates(map[string]any{"state": q.State, "updated_at": q.UpdatedAt}), "change state")
}

// move runs a change of state on a question the reader works on and returns it afterwards.
func (b *Bank) move(ctx context.Context, by org.Actor, id int64, change func(*gorm.DB, *reach, *questionRow) error) (Question, error) {
	var out Question
	err := b.db.Tx(ctx, func(tx *gorm.DB) error {
		r, err := reachOf(tx, by)
		if err != nil {
			return err
		}
		q, err := b.findRow(tx, r, id, true)
		if err != nil {
			return err
		}
		if err := change(tx, r, &q); err != nil {
			return err
		}
		views, err := b.asQuestions(tx, r, []questionRow{q})
		if err == nil {
			out = views[0]
		}
		return err
	})
	return out, err
}
