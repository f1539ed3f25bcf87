package quiz

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/fault"
	"jingzhong/law"
	"jingzhong/org"
	"jingzhong/quiz/exchange"
)

// exportMost bounds one export, in questions.
const exportMost = exchange.MaxRows

// Faults of an export: more questions than one file holds, or a format that is not written.
var (
	ErrExportLarge  = fault.New(fault.Unprocessable, "question.export_large")
	ErrExportFormat = fault.New(fault.Invalid, "question.export_format")
)

// exportDefault is the format of an export that names none.
const exportDefault = "xlsx"

// Export writes the questions that match the filter, with their keys, as a file that imports to the same
// questions, in a format of exchange.Writable, "" for a workbook. It holds only questions whose keys the reader
// may see, and is recorded.
func (b *Bank) Export(ctx context.Context, by org.Actor, f QuestionFilter, format string) (exchange.Export, error) {
	if format == "" {
		format = exportDefault
	}
	if !slices.Contains(exchange.Writable(), format) {
		return exchange.Export{}, ErrExportFormat.At("format").With("format", format)
	}
	tx := b.db.Read(ctx)
	r, err := reachOf(tx, by)
	if err != nil {
		return exchange.Export{}, err
	}
	if err := f.check(); err != nil {
		return exchange.Export{}, err
	}
	var rows []questionRow
	wanted := f
	if wanted.TopicIDs, err = withSubTopics(tx, f.TopicIDs); err != nil {
		return exchange.Export{}, err
	}
	err = wanted.narrow(b.filtered(tx, r, wanted)).Where("q.unit_id IN ?", some(keysTrue(r.keys))).
		Select("q.*").Order("q.id").Limit(exportMost + 1).Find(&rows).Error
	if err != nil {
		return exchange.Export{}, fmt.Errorf("quiz: export: %w", err)
	}
	if len(rows) > exportMost {
		return exchange.Export{}, ErrExportLarge.With("most", exportMost)
	}
	questions, err := b.asQuestions(tx, r, rows)
	if err != nil {
		return exchange.Export{}, err
	}
	items, err := itemsWithKeys(tx, questions)
	if err != nil {
		return exchange.Export{}, err
	}
	if format != exportDefault && format != "csv" { // tables keep the references, which this bank reads back
		if err := packPictures(tx, items); err != nil {
			return exchange.Export{}, err
		}
	}
	file, err := exchange.Write(format, items)
	if err != nil {
		return exchange.Export{}, fmt.Errorf("quiz: export: %w", err)
	}
	return file, b.db.Tx(ctx, func(tx *gorm.DB) error {
		e := b.entry(by, "question.export", 0, by.UnitID)
		e.After = map[string]any{"questions": len(items), "format": format, "query": f.Query, "topics": f.TopicIDs, "kinds": f.Kinds, "states": f.States}
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
