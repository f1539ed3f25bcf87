package quiz

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"jingzhong/org"
	"jingzhong/store"
)

// Sizes of a page.
const (
	pageDefault = 50
	pageMost    = 200
)

// The words of the difficulty filter, with their bounds in 1/100.
var levels = map[string][2]int{"easy": {70, 100}, "medium": {50, 70}, "hard": {0, 50}}

// headVersion joins the newest version, which is what list, search and facets speak of where the reader
// works; elsewhere a question without a pending edit has just one.
const headVersion = "JOIN question_versions v ON v.id = COALESCE(q.draft_version_id, q.current_version_id)"

// ListQuestions lists what the reader may see, newest first. Keys, explanations of other units' questions
// and embargoed questions are never in it.
func (b *Bank) ListQuestions(ctx context.Context, by org.Actor, f QuestionFilter) (QuestionPage, error) {
	tx := b.db.Read(ctx)
	r, err := reachOf(tx, by)
	if err != nil {
		return QuestionPage{}, err
	}
	if err := f.check(); err != nil {
		return QuestionPage{}, err
	}
	limit := f.Limit
	if limit == 0 {
		limit = pageDefault
	}
	if f.TopicIDs, err = withSubTopics(tx, f.TopicIDs); err != nil {
		return QuestionPage{}, err
	}
	q, id := f.narrow(b.filtered(tx, r, f)), b.listID(f)
	if f.Cursor != "" {
		before, err := strconv.ParseInt(f.Cursor, 10, 64)
		if err != nil || before <= 0 {
			return QuestionPage{}, ErrQuestionCursor.At("cursor")
		}
		q = q.Where(id+" < ?", before)
	}
	var rows []questionRow
	if err := q.Select("q.*").Order(id + " DESC").Limit(limit + 1).Find(&rows).Error; err != nil {
		return QuestionPage{}, fmt.Errorf("quiz: list questions: %w", err)
	}
	var page QuestionPage
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = strconv.FormatInt(rows[limit-1].ID, 10)
	}
	if page.Items, err = b.asQuestions(tx, r, rows); err != nil {
		return QuestionPage{}, err
	}
	for i := range page.Items {
		page.Items[i].Version.Explanation = ""
	}
	if f.WithCount {
		err = b.count(tx, r, f, &page)
	}
	return page, err
}

func (f QuestionFilter) check() error {
	if f.Limit < 0 || f.Limit > pageMost {
		return ErrQuestionLimit.At("limit").With("most", pageMost)
	}
	for _, l := range f.Levels {
		if _, ok := levels[l]; !ok {
			return errLevelUnknown.At("level").With("level", l)
		}
	}
	for _, k := range f.Kinds {
		if kinds[k] == nil {
			return errKindUnknown.At("kind").With("kind", k)
		}
	}
	for _, s := range f.States {
		if !slices.Contains([]string{QuestionDraft, QuestionReviewed, QuestionPublished, QuestionRetired}, s) {
			return errStateUnknown.At("state").With("state", s)
		}
	}
	for _, u := range f.Uses {
		if !slices.Contains([]string{UsePractice, UseContest, UseBoth}, u) {
			return errUseUnknown.At("use").With("use", u)
		}
	}
	return nil
}

// listID is the column a list is ordered by: FTS5 hands out its matches in this order itself, so that a page of a
// word that half the bank holds costs no more than a page.
func (b *Bank) listID(f QuestionFilter) string {
	if b.db.Dialect == store.SQLite && len(newSearchQuery(b.db.Dialect, f.Query)) > 0 {
		return "w.rowid"
	}
	return "q.id"
}

// filtered is the query of all questions q with their newest version v that the reader may see and the filter
// lets through, but for the facets' own dimensions, which narrow adds.
func (b *Bank) filtered(tx *gorm.DB, r *reach, f QuestionFilter) *gorm.DB {
	q := r.visible(tx.Table("questions AS q").Joins(headVersion), b.db.Now())
	if query := newSearchQuery(b.db.Dialect, f.Query); len(query) > 0 {
		q = query.apply(b.db.Dialect, q, keysTrue(r.keys))
	} else if strings.TrimSpace(f.Query) != "" {
		q = q.Where("1 = 0") // nothing but signs: no text is searched for them
	}
	if f.Tag != "" {
		q = q.Where(`v.tags LIKE ? ESCAPE '\'`, "% "+likeLiteral.Replace(f.Tag)+" %")
	}
	if f.Statute != "" {
		q = q.Where("v.statute = ?", f.Statute)
	}
	if f.Article != "" {
		q = q.Where("v.article = ?", f.Article)
	}
	if f.Pending {
		q = q.Where("q.draft_version_id IS NOT NULL AND q.unit_id IN ?", some(r.work))
	}
	if f.Mine {
		q = q.Where("q.author_id = ?", r.by.PersonID)
	}
	return q
}

// narrow adds the dimensions that facets count. With no state asked for, retired questions stay away.
func (f QuestionFilter) narrow(q *gorm.DB) *gorm.DB {
	if len(f.TopicIDs) > 0 {
		q = q.Where("v.topic_id IN ?", f.TopicIDs)
	}
	if len(f.Kinds) > 0 {
		q = q.Where("v.kind IN ?", f.Kinds)
	}
	if len(f.Uses) > 0 {
		q = q.Where("v.use IN ?", f.Uses)
	}
	if len(f.States) > 0 {
		q = q.Where("q.state IN ?", f.States)
	} else {
		q = q.Where("q.state <> ?", QuestionRetired)
	}
	if len(f.Levels) > 0 {
		low, high := [3]int{}, [3]int{}
		for i, l := range f.Levels[:min(3, len(f.Levels))] {
			low[i], high[i] = levels[l][0], levels[l][1]
		}
		q = q.Where(`((v.difficulty >= ? AND v.difficulty < ?) OR (v.difficulty >= ? AND v.difficulty < ?) OR
			(v.difficulty >= ? AND v.difficulty < ?))`, low[0], high[0], low[1], high[1], low[2], high[2])
	}
	return q
}

// FindQuestion returns one question. A reader who may see its key gets it with the warnings about the text,
// and that is recorded; anybody else gets neither key nor explanation.
func (b *Bank) FindQuestion(ctx context.Context, by org.Actor, id int64) (Question, error) {
	var out Question
	err := b.db.Tx(ctx, func(tx *gorm.DB) error {
		r, err := reachOf(tx, by)
		if err != nil {
			return err
		}
		q, err := b.findRow(tx, r, id, false)
		if err != nil {
			return err
		}
		views, err := b.asQuestions(tx, r, []questionRow{q})
		if err != nil {
			return err
		}
		out = views[0]
		if !out.MaySeeKey {
			return nil
		}
		if out.Key, err = b.viewKey(ctx, tx, by, out); err != nil {
			return err
		}
		out.Warnings = out.review()
		return nil
	})
	return out, err
}

// review looks a stored question over again: the law may have changed since it was written.
func (q Question) review() []Warning {
	c := content{kind: q.Version.Kind, stem: q.Version.Stem, explanation: q.Version.Explanation,
		statute: q.Version.Statute, article: q.Version.Article, paragraph: q.Version.Paragraph,
		options: q.Version.Options, blanks: q.Key.Blanks}
	for i, o := range c.options {
		if slices.Contains(q.Key.Options, o.ID) {
			c.correct = append(c.correct, i)
		}
	}
	return c.lawWarnings()
}

// QuestionVersions lists a question's versions, newest first, for those who write or review it; no keys.
func (b *Bank) QuestionVersions(ctx context.Context, by org.Actor, id int64) ([]QuestionVersion, error) {
	tx := b.db.Read(ctx)
	r, err := reachOf(tx, by)
	if err != nil {
		return nil, err
	}
	q, err := b.findRow(tx, r, id, true)
	if err != nil {
		return nil, err
	}
	var ids []int64
	if err := tx.Model(&versionRow{}).Where("question_id = ?", q.ID).Order("no DESC").Pluck("id", &ids).Error; err != nil {
		return nil, fmt.Errorf("quiz: versions: %w", err)
	}
	topics, err := topicsByID(tx)
	if err != nil {
		return nil, err
	}
	versions, err := versionsOf(tx, ids, topics)
	if err != nil {
		return nil, err
	}
	reviews, err := reviewsOf(tx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]QuestionVersion, len(ids))
	for i, id := range ids {
		out[i] = versions[id]
		out[i].Reviews = reviews[id]
		if !r.maySeeKey(q.UnitID) {
			out[i] = out[i].withoutKey()
			for k := range out[i].Reviews {
				out[i].Reviews[k].Note = ""
			}
		}
	}
	return out, nil
}
