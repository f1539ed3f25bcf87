package quiz

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/fault"
	"jingzhong/law"
	"jingzhong/org"
	"jingzhong/quiz/exchange"
)

// exportMost bounds one export, in questions.
const exportMost = exchange.MaxRows

// ErrExportLarge refuses an export of more questions than one workbook holds.
var ErrExportLarge = fault.New(fault.Unprocessable, "question.export_large")

// Export writes the questions that match the filter, with their keys, as a workbook that imports to the
// same questions. It holds only questions whose keys the reader may see, and is recorded.
func (b *Bank) Export(ctx context.Context, by org.Actor, f QuestionFilter) ([]byte, error) {
	tx := b.db.Read(ctx)
	r, err := reachOf(tx, by)
	if err != nil {
		return nil, err
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	var rows []questionRow
	wanted := f
	if wanted.TopicIDs, err = withSubTopics(tx, f.TopicIDs); err != nil {
		return nil, err
	}
	err = wanted.narrow(b.filtered(tx, r, wanted)).Where("q.unit_id IN ?", some(keysTrue(r.keys))).
		Select("q.*").Order("q.id").Limit(exportMost + 1).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("quiz: export: %w", err)
	}
	if len(rows) > exportMost {
		return nil, ErrExportLarge.With("most", exportMost)
	}
	questions, err := b.asQuestions(tx, r, rows)
	if err != nil {
		return nil, err
	}
	items, err := itemsWithKeys(tx, questions)
	if err != nil {
		return nil, err
	}
	data, err := exchange.WriteXLSX(items)
	if err != nil {
		return nil, fmt.Errorf("quiz: export: %w", err)
	}
	return data, b.db.Tx(ctx, func(tx *gorm.DB) error {
		e := b.entry(by, "question.export", 0, by.UnitID)
		e.After = map[string]any{"questions": len(items), "query": f.Query, "topics": f.TopicIDs, "kinds": f.Kinds, "states": f.States}
		return audit.Append(ctx, tx, e)
	})
}

// item is the question as the exchange formats tell it, without its key.
func (q Question) item() exchange.Item {
	v := q.Version
	it := exchange.Item{Kind: v.Kind, Stem: v.Stem, Explanation: v.Explanation, Statute: v.Statute, Article: v.Article,
		Paragraph: v.Paragraph, LawQuote: v.LawQuote, Topic: v.Topic.Name, Difficulty: v.Difficulty, Tags: v.Tags, Use: v.Use}
	if v.Statute != "" {
		it.Reference = law.Citation{Code: v.Statute, Article: v.Article, Paragraph: v.Paragraph}.String()
	}
	return it
}
