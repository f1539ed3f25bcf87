package quiz

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/org"
	"jingzhong/store"
)

// CreateQuestion adds a question to a unit the author writes for. With Publish it is put into force at once
// if the author may publish own work (mode quick); otherwise it stays a draft for a reviewer.
func (b *Bank) CreateQuestion(ctx context.Context, by org.Actor, in QuestionInput) (Question, error) {
	c, checkErr := checkQuestion(in)
	var out Question
	err := b.db.Tx(ctx, func(tx *gorm.DB) error {
		r, err := reachOf(tx, by)
		if err != nil {
			return err
		}
		if checkErr != nil {
			return checkErr
		}
		unitID := in.UnitID
		if unitID == 0 {
			unitID = by.UnitID
		}
		if !r.author[unitID] {
			return ErrQuestionUnit.At("unitId")
		}
		if err := b.place(tx, by, &c); err != nil {
			return err
		}
		q, err := b.insertQuestion(tx, by, c, unitID)
		if err != nil {
			return err
		}
		e := b.entry(by, "question.create", q.ID, unitID)
		e.After = describe(q, c, 1)
		if err := audit.Append(ctx, tx, e); err != nil {
			return err
		}
		if in.Publish && r.mayPublish(unitID, by.PersonID) {
			if err := b.publish(ctx, tx, by, &q, c.topicID, c.use); err != nil {
				return err
			}
		}
		out, err = b.written(tx, r, q, c)
		return err
	})
	return out, err
}

func checkTopic(tx *gorm.DB, id int64) error {
	topics, err := topicsByID(tx)
	if err != nil {
		return err
	}
	if _, ok := topics[id]; !ok {
		return ErrQuestionInvalid.And(errTopicUnknown.At("topicId"))
	}
	return nil
}

// describe is what the audit log says about a version: never its key.
func describe(q questionRow, c content, no int) map[string]any {
	return map[string]any{"version": no, "kind": c.kind, "stem": c.stem, "state": q.State, "use": c.use,
		"topic": c.topicID, "statute": c.statute, "article": c.article, "hash": q.TextHash}
}

// insertQuestion writes a draft question with its first version.
func (b *Bank) insertQuestion(tx *gorm.DB, by org.Actor, c content, unitID int64) (questionRow, error) {
	now := b.db.Now()
	q := questionRow{TopicID: c.topicID, State: QuestionDraft, Use: c.use, AuthorID: by.PersonID, UnitID: unitID,
		TextHash: c.textHash(), Simhash: c.simHash(), CreatedAt: now, UpdatedAt: now}
	if err := tx.Create(&q).Error; err != nil {
		return q, fmt.Errorf("quiz: create question: %w", err)
	}
	if err := b.writeWords(tx, q.ID, c.searchText(), c.searchNote()); err != nil {
		return q, err
	}
	for i := range c.options {
		c.options[i].ID = int64(i + 1)
	}
	versionID, err := b.insertVersion(tx, by, q.ID, 1, c)
	if err != nil {
		return q, err
	}
	q.DraftVersionID = &versionID
	res := tx.Model(&questionRow{}).Where("id = ?", q.ID).Update("draft_version_id", versionID)
	return q, oneRow(res, "point at the first version")
}

func oneRow(res *gorm.DB, what string) error {
	if res.Error != nil {
		return fmt.Errorf("quiz: %s: %w", what, res.Error)
	}
	if res.RowsAffected != 1 {
		return ErrQuestionStale
	}
	return nil
}

// insertVersion writes a version, its placed options and pictures and, last, its key.
func (b *Bank) insertVersion(tx *gorm.DB, by org.Actor, questionID int64, no int, c content) (int64, error) {
	v := c.version(questionID, no, by.PersonID, b.db.Now())
	if err := tx.Create(&v).Error; err != nil {
		if store.IsDuplicate(err) {
			return 0, ErrQuestionStale
		}
		return 0, fmt.Errorf("quiz: create version: %w", err)
	}
	if options := c.optionRows(v.ID); len(options) > 0 {
		if err := tx.Create(&options).Error; err != nil {
			return 0, fmt.Errorf("quiz: create options: %w", err)
		}
	}
	if shown := c.pictureRows(v.ID); len(shown) > 0 {
		if err := tx.Create(&shown).Error; err != nil {
			return 0, fmt.Errorf("quiz: pictures of a version: %w", err)
		}
	}
	return v.ID, writeKeys(tx, map[int64]Key{v.ID: c.key()})
}

func (q content) version(questionID int64, no int, author, now int64) versionRow {
	return versionRow{QuestionID: questionID, No: no, Kind: q.kind, Stem: q.stem, Explanation: q.explanation,
		Statute: q.statute, Article: q.article, Paragraph: q.paragraph, LawQuote: q.lawQuote, TopicID: q.topicID,
		Use: q.use, Difficulty: q.difficulty, Parts: q.parts(), Tags: joinTags(q.tags), CreatedBy: author, CreatedAt: now}
}

func (q content) optionRows(versionID int64) []optionRow {
	rows := make([]optionRow, len(q.options))
	for i, o := range q.options {
		rows[i] = optionRow{VersionID: versionID, OptID: o.ID, Sort: i + 1, Text: o.Text, Fixed: o.Fixed}
	}
	return rows
}

// written is the answer to a write: the question as its author sees it, with what is worth a look.
func (b *Bank) written(tx *gorm.DB, r *reach, q questionRow, c content) (Question, error) {
	views, err := b.asQuestions(tx, r, []questionRow{q})
	if err != nil {
		return Question{}, err
	}
	views[0].Warnings = c.warnings
	return views[0], nil
}

// findRow loads a question the reader may see; with forWork only one it may change.
func (b *Bank) findRow(tx *gorm.DB, r *reach, id int64, forWork bool) (questionRow, error) {
	var q questionRow
	err := r.visible(tx.Table("questions AS q").Select("q.*"), b.db.Now()).Where("q.id = ?", id).Take(&q).Error
	if err != nil {
		return q, asNotFound(err)
	}
	if forWork && !r.mayEdit(q.UnitID) {
		return q, org.ErrDenied.With("right", string(org.Author))
	}
	return q, nil
}

// EditQuestion makes a new version. A published question stays published: with the new version if the
// editor may publish own work, else with the old one until a reviewer, who is not the editor, publishes the
// new one. An input that changes nothing makes no version.
func (b *Bank) EditQuestion(ctx context.Context, by org.Actor, id int64, in QuestionInput) (Question, error) {
	c, checkErr := checkQuestion(in)
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
		switch {
		case q.State == QuestionRetired:
			return ErrQuestionState.With("state", q.State)
		case in.Base != 0 && in.Base != q.head():
			return ErrQuestionStale
		case checkErr != nil:
			return checkErr
		}
		if err := b.place(tx, by, &c); err != nil {
			return err
		}
		if err := b.addVersion(ctx, tx, by, &q, &c); err != nil {
			return err
		}
		wanted := in.Publish || q.State == QuestionPublished
		if q.DraftVersionID != nil && wanted && r.mayPublish(q.UnitID, by.PersonID) {
			if err := b.publish(ctx, tx, by, &q, c.topicID, c.use); err != nil {
				return err
			}
		}
		out, err = b.written(tx, r, q, c)
		return err
	})
	return out, err
}

// addVersion places the options and writes the next version unless nothing changed.
func (b *Bank) addVersion(ctx context.Context, tx *gorm.DB, by org.Actor, q *questionRow, c *content) error {
	var old versionRow
	if err := tx.Take(&old, "id = ?", q.head()).Error; err != nil {
		return fmt.Errorf("quiz: newest version: %w", err)
	}
	if err := placeOptions(tx, q.ID, c); err != nil {
		return err
	}
	same, err := sameVersion(tx, old, *c)
	if err != nil || same {
		return err
	}
	versionID, err := b.insertVersion(tx, by, q.ID, old.No+1, *c)
	if err != nil {
		return err
	}
	before := map[string]any{"version": old.No, "stem": old.Stem, "state": q.State, "hash": q.TextHash}
	if err := b.pointAt(tx, q, versionID, *c); err != nil {
		return err
	}
	e := b.entry(by, "question.edit", q.ID, q.UnitID)
	e.Before, e.After = before, describe(*q, *c, old.No+1)
	return audit.Append(ctx, tx, e)
}

// pointAt makes a version the one that awaits publication; what was reviewed before is a draft again.
func (b *Bank) pointAt(tx *gorm.DB, q *questionRow, versionID int64, c content) error {
	guard := tx.Model(&questionRow{}).Where("id = ? AND updated_at = ?", q.ID, q.UpdatedAt)
	q.DraftVersionID, q.TextHash, q.Simhash = &versionID, c.textHash(), c.simHash()
	if q.State == QuestionReviewed {
		q.State = QuestionDraft
	}
	q.UpdatedAt = max(b.db.Now(), q.UpdatedAt+1)
	res := guard.Updates(map[string]any{"draft_version_id": versionID, "text_hash": q.TextHash, "simhash": q.Simhash,
		"state": q.State, "updated_at": q.UpdatedAt})
	if err := oneRow(res, "point at the new version"); err != nil {
		return err
	}
	return b.writeWords(tx, q.ID, c.searchText(), c.searchNote())
}

// placeOptions gives new options ids that no version of the question has used; ids that the input names
// must be the question's own and may stand once.
func placeOptions(tx *gorm.DB, questionID int64, c *content) error {
	if c.kind != KindSingle && c.kind != KindMultiple && c.kind != KindOrdering {
		return nil // their options, if they have any, are numbered by the kind
	}
	var used []int64
	err := tx.Table("question_options AS o").Joins("JOIN question_versions v ON v.id = o.version_id").
		Where("v.question_id = ?", questionID).Distinct("o.opt_id").Pluck("o.opt_id", &used).Error
	if err != nil {
		return fmt.Errorf("quiz: option ids: %w", err)
	}
	next, taken := int64(0), map[int64]bool{}
	for _, id := range used {
		next = max(next, id)
	}
	for i, o := range c.options {
		switch {
		case o.ID == 0:
			next++
			c.options[i].ID = next
		case !slices.Contains(used, o.ID) || taken[o.ID]:
			return ErrQuestionInvalid.And(errOptionUnknown.At(fmt.Sprintf("options[%d].id", i)))
		}
		taken[c.options[i].ID] = true
	}
	return nil
}

// sameVersion compares everything but the author and the time.
func sameVersion(tx *gorm.DB, old versionRow, c content) (bool, error) {
	if next := c.version(old.QuestionID, old.No, old.CreatedBy, old.CreatedAt); !equalVersion(old, next) {
		return false, nil
	}
	var options []optionRow
	if err := tx.Where("version_id = ?", old.ID).Order("sort").Find(&options).Error; err != nil {
		return false, fmt.Errorf("quiz: options: %w", err)
	}
	if !slices.Equal(options, c.optionRows(old.ID)) {
		return false, nil
	}
	key, err := keyOf(tx, old.ID)
	return key.equal(c.key()), err
}

func equalVersion(old, next versionRow) bool {
	next.ID = old.ID
	return old == next
}
