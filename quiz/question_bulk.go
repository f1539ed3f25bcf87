package quiz

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/fault"
	"jingzhong/org"
)

// What can be done to many questions at once.
const (
	BulkTopic      = "topic"
	BulkUse        = "use"
	BulkDifficulty = "difficulty"
	BulkTag        = "tag"
	BulkUntag      = "untag"
	BulkApprove    = "approve"
	BulkPublish    = "publish"
	BulkRetire     = "retire"
)

// Sizes of a bulk edit: how many questions one takes, and how many of them one transaction changes.
const (
	bulkMost  = 2000
	bulkBatch = 25
)

// BulkInput names questions, by IDs or, if there are none, as all that match Filter, and what is done to them.
type BulkInput struct {
	IDs        []int64
	Filter     QuestionFilter
	Act        string
	TopicID    int64
	Use        string
	Difficulty int // 1/100
	Tag        string
	Reason     string // of retiring
	DryRun     bool   // say what would happen, change nothing
}

// BulkRefusal is a question that stayed as it was.
type BulkRefusal struct {
	ID   int64
	Stem string // empty for a question that does not exist for the reader
	Err  error  // a fault
}

// BulkResult says how many questions were meant, changed (or would be), and which refused; the rest were so already.
type BulkResult struct {
	Matched int
	Changed int
	Refused []BulkRefusal
}

// Faults of bulk edits.
var (
	ErrBulkAct   = fault.New(fault.Invalid, "question.bulk_act")
	ErrBulkLarge = fault.New(fault.Unprocessable, "question.bulk_large")
)

// errDryRun undoes the transaction of a dry run.
var errDryRun = errors.New("quiz: dry run")

// BulkEdit does one thing to many questions. Each question changes whole or not at all and one that refuses does
// not stop the others; questions are written in small batches, each with one audit record. A changed text, topic,
// use, difficulty or tag is a new version: in force at once where the reader may publish own work, else awaiting
// a reviewer.
func (b *Bank) BulkEdit(ctx context.Context, by org.Actor, in BulkInput) (BulkResult, error) {
	ids, err := b.bulkTargets(ctx, by, &in)
	if err != nil {
		return BulkResult{}, err
	}
	out := BulkResult{Matched: len(ids)}
	for part := range slices.Chunk(ids, bulkBatch) {
		var changed []int64
		var refused []BulkRefusal
		err := b.db.Tx(ctx, func(tx *gorm.DB) (err error) {
			changed, refused, err = b.bulkSome(ctx, tx, by, in, part)
			if err == nil && in.DryRun {
				return errDryRun
			}
			return err
		})
		if err != nil && !errors.Is(err, errDryRun) {
			return out, err
		}
		out.Changed += len(changed)
		out.Refused = append(out.Refused, refused...)
	}
	return out, nil
}

// bulkTargets checks the input and lists the questions meant.
func (b *Bank) bulkTargets(ctx context.Context, by org.Actor, in *BulkInput) ([]int64, error) {
	tx := b.db.Read(ctx)
	r, err := reachOf(tx, by)
	if err != nil {
		return nil, err
	}
	if err := in.check(tx); err != nil {
		return nil, err
	}
	ids := slices.Compact(slices.Sorted(slices.Values(in.IDs)))
	if len(ids) == 0 {
		f := in.Filter
		if err := f.check(); err != nil {
			return nil, err
		}
		if f.TopicIDs, err = withSubTopics(tx, f.TopicIDs); err != nil {
			return nil, err
		}
		err = f.narrow(b.filtered(tx, r, f)).Where("q.unit_id IN ?", some(r.work)).Order("q.id").Limit(bulkMost+1).Pluck("q.id", &ids).Error
		if err != nil {
			return nil, fmt.Errorf("quiz: bulk: %w", err)
		}
	}
	if len(ids) > bulkMost {
		return nil, ErrBulkLarge.With("most", bulkMost)
	}
	return ids, nil
}

func (in *BulkInput) check(tx *gorm.DB) error {
	in.Tag = strings.Join(strings.Fields(in.Tag), "")
	switch in.Act {
	case BulkTopic:
		return checkTopic(tx, in.TopicID)
	case BulkUse:
		if !slices.Contains([]string{UsePractice, UseContest, UseBoth}, in.Use) {
			return errUseUnknown.At("use").With("use", in.Use)
		}
	case BulkDifficulty:
		if in.Difficulty < 1 || in.Difficulty > 99 {
			return errDifficulty.At("difficulty")
		}
	case BulkTag, BulkUntag:
		if in.Tag == "" || len([]rune(in.Tag)) > tagMost || bankControl(in.Tag) {
			return errTagsMany.At("tag").With("most", tagsMost, "length", tagMost)
		}
	case BulkApprove, BulkPublish, BulkRetire:
	default:
		return ErrBulkAct.At("act")
	}
	return nil
}

// bulkSome changes one batch: a savepoint for each question, one audit record for all.
func (b *Bank) bulkSome(ctx context.Context, tx *gorm.DB, by org.Actor, in BulkInput, ids []int64) (changed []int64, refused []BulkRefusal, err error) {
	r, err := reachOf(tx, by)
	if err != nil {
		return nil, nil, err
	}
	for _, id := range ids {
		stem, did := "", false
		err := tx.Transaction(func(tx *gorm.DB) error {
			q, err := b.findRow(tx, r, id, true)
			if err != nil {
				return err
			}
			if err := tx.Model(&versionRow{}).Where("id = ?", q.head()).Pluck("stem", &stem).Error; err != nil {
				return fmt.Errorf("quiz: stem: %w", err)
			}
			did, err = b.bulkOne(tx, r, &q, in)
			return err
		})
		if _, ok := fault.As(err); ok {
			refused = append(refused, BulkRefusal{id, stem, err})
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		if did {
			changed = append(changed, id)
		}
	}
	if len(changed) == 0 || in.DryRun {
		return changed, refused, nil
	}
	e := b.entry(by, "question.bulk", 0, by.UnitID)
	e.Reason = in.Reason
	e.After = map[string]any{"act": in.Act, "topic": in.TopicID, "use": in.Use, "difficulty": in.Difficulty, "tag": in.Tag,
		"questions": changed, "refused": len(refused)}
	if in.Act != BulkRetire && in.Act != BulkApprove && r.alone() && !by.IsSystem() {
		e.Reason = SelfReview
	}
	return changed, refused, audit.Append(ctx, tx, e)
}

// bulkOne does the act to one question and reports whether that changed anything.
func (b *Bank) bulkOne(tx *gorm.DB, r *reach, q *questionRow, in BulkInput) (bool, error) {
	switch in.Act {
	case BulkRetire:
		return true, b.retire(tx, r, q)
	case BulkApprove:
		return true, b.review(tx, r, q, ReviewInput{Decision: ReviewApprove})
	case BulkPublish:
		v, err := b.publishable(tx, r, q)
		if err != nil {
			return false, err
		}
		return true, b.putInForce(tx, q, v.TopicID, v.Use)
	}
	return b.bulkVersion(tx, r, q, in)
}

// bulkVersion gives the question a version that differs in one particular: its options, pictures and key are copied
// as they stand, the key unread.
func (b *Bank) bulkVersion(tx *gorm.DB, r *reach, q *questionRow, in BulkInput) (bool, error) {
	switch {
	case !r.author[q.UnitID]:
		return false, org.ErrDenied.With("right", string(org.Author))
	case q.State == QuestionRetired:
		return false, ErrQuestionState.With("state", q.State)
	}
	var old versionRow
	if err := tx.Take(&old, "id = ?", q.head()).Error; err != nil {
		return false, fmt.Errorf("quiz: newest version: %w", err)
	}
	next := old
	if err := in.change(&next); err != nil || next == old {
		return false, err
	}
	next.ID, next.No, next.CreatedBy, next.CreatedAt = 0, old.No+1, r.by.PersonID, b.db.Now()
	if err := tx.Create(&next).Error; err != nil {
		return false, fmt.Errorf("quiz: create version: %w", err)
	}
	err := tx.Exec(`INSERT INTO question_options (version_id, opt_id, sort, text, fixed)
		SELECT ?, opt_id, sort, text, fixed FROM question_options WHERE version_id = ?`, next.ID, old.ID).Error
	if err != nil {
		return false, fmt.Errorf("quiz: copy options: %w", err)
	}
	err = tx.Exec(`INSERT INTO question_pictures (version_id, hash, note)
		SELECT ?, hash, note FROM question_pictures WHERE version_id = ?`, next.ID, old.ID).Error
	if err != nil {
		return false, fmt.Errorf("quiz: copy pictures: %w", err)
	}
	if err := copyKey(tx, old.ID, next.ID); err != nil {
		return false, err
	}
	views, err := versionsOf(tx, []int64{next.ID}, nil)
	if err != nil {
		return false, err
	}
	wasPublished := q.State == QuestionPublished
	if err := b.pointAt(tx, q, next.ID, views[next.ID].asked()); err != nil {
		return false, err
	}
	if wasPublished && r.mayPublish(q.UnitID, r.by.PersonID) {
		return true, b.putInForce(tx, q, next.TopicID, next.Use)
	}
	return true, nil
}

// change sets the particular in a version.
func (in BulkInput) change(v *versionRow) error {
	tags := strings.Fields(v.Tags)
	switch in.Act {
	case BulkTopic:
		v.TopicID = in.TopicID
	case BulkUse:
		v.Use = in.Use
	case BulkDifficulty:
		v.Difficulty = in.Difficulty
	case BulkTag:
		if slices.Contains(tags, in.Tag) {
			return nil
		}
		if len(tags) >= tagsMost {
			return errTagsMany.At("tag").With("most", tagsMost, "length", tagMost)
		}
		v.Tags = joinTags(append(tags, in.Tag))
	case BulkUntag:
		v.Tags = joinTags(slices.DeleteFunc(tags, func(t string) bool { return t == in.Tag }))
	}
	return nil
}
