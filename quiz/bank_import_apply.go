package quiz

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/fault"
	"jingzhong/org"
	"jingzhong/quiz/exchange"
)

// ApplyInput says how an import is applied. LeaveOut: rows with errors stay out instead of stopping the
// whole; AsDraft: nothing is published even if the importer may.
type ApplyInput struct {
	LeaveOut bool
	AsDraft  bool
}

// applyBatch is how many rows one transaction writes, so that none holds the writer for long.
const applyBatch = 100

// ApplyImport puts the rows of an import that are ready into the bank, all or none: they are written in
// small transactions, invisible, and appear together with the last one. Published if the importer may
// publish own work, else as drafts. Interrupted, it goes on where it stopped when called again.
func (b *Bank) ApplyImport(ctx context.Context, by org.Actor, id int64, in ApplyInput) (QuestionImport, error) {
	if err := b.beginApply(ctx, by, id, in); err != nil {
		return QuestionImport{}, err
	}
	for {
		more, err := b.applySome(ctx, by, id)
		if err != nil {
			return QuestionImport{}, err
		}
		if !more {
			break
		}
	}
	if err := b.endApply(ctx, by, id); err != nil {
		return QuestionImport{}, err
	}
	return b.FindImport(ctx, by, id)
}

// beginApply checks the import once more and takes it out of everybody's hands.
func (b *Bank) beginApply(ctx context.Context, by org.Actor, id int64, in ApplyInput) error {
	stale := false
	err := b.db.Tx(ctx, func(tx *gorm.DB) error {
		stale = false
		r, err := reachOf(tx, by)
		if err != nil {
			return err
		}
		imp, err := ownImport(tx, by, id)
		if err != nil {
			return err
		}
		switch {
		case imp.State == ImportApplying:
			return nil
		case imp.State != ImportReady:
			return ErrImportState.With("state", imp.State)
		case !r.author[imp.UnitID]:
			return ErrQuestionUnit
		}
		counts, err := importCounts(tx, id)
		switch {
		case err != nil:
			return err
		case counts.Errors > 0 && !in.LeaveOut:
			return ErrImportErrors.With("errors", counts.Errors)
		case counts.Ready == 0:
			return ErrImportNothing
		}
		if stale, err = b.newDuplicates(tx, r, id); err != nil || stale {
			return err
		}
		publish := !in.AsDraft && r.mayPublish(imp.UnitID, by.PersonID)
		res := tx.Model(&importRow{}).Where("id = ? AND state = ?", id, ImportReady).
			Updates(map[string]any{"state": ImportApplying, "publish": publish, "progress": 0, "total": counts.Ready})
		return oneRow(res, "begin import")
	})
	if err == nil && stale {
		return ErrImportStale
	}
	return err
}

// newDuplicates marks rows that the bank has come to hold since the file was read.
func (b *Bank) newDuplicates(tx *gorm.DB, r *reach, id int64) (bool, error) {
	var lines []importLine
	err := tx.Select("import_id", "n", "state", "text_hash").Where("import_id = ? AND state = ?", id, ImportRowReady).
		Order("n").Find(&lines).Error
	if err != nil {
		return false, fmt.Errorf("quiz: import rows: %w", err)
	}
	if err := b.markDuplicates(tx, r, lines); err != nil {
		return false, err
	}
	found := false
	for _, l := range lines {
		if l.State == ImportRowReady {
			continue
		}
		found = true
		res := tx.Model(&importLine{}).Where("import_id = ? AND n = ?", id, l.N).
			Updates(map[string]any{"state": l.State, "duplicate_of": l.DuplicateOf})
		if err := oneRow(res, "mark duplicate"); err != nil {
			return false, err
		}
	}
	return found, nil
}

// applySome writes the next rows as invisible questions and reports whether there may be more.
func (b *Bank) applySome(ctx context.Context, by org.Actor, id int64) (more bool, err error) {
	err = b.db.Tx(ctx, func(tx *gorm.DB) error {
		// Touching the import first makes two runs of the same one take turns.
		res := tx.Model(&importRow{}).Where("id = ? AND state = ?", id, ImportApplying).
			Update("progress", gorm.Expr("progress + 0"))
		if res.Error != nil || res.RowsAffected == 0 {
			more = false
			return res.Error
		}
		imp, err := ownImport(tx, by, id)
		if err != nil {
			return err
		}
		var lines []importLine
		err = tx.Where("import_id = ? AND state = ?", id, ImportRowReady).Order("n").Limit(applyBatch).Find(&lines).Error
		if err != nil {
			return fmt.Errorf("quiz: import rows: %w", err)
		}
		if more = len(lines) > 0; !more {
			return nil
		}
		j, err := b.newJudge(tx, by, imp.Use, imp.TopicID)
		if err != nil {
			return err
		}
		contents := make([]content, len(lines))
		for i, l := range lines {
			row, err := l.row()
			if err != nil {
				return err
			}
			out := j.row(row)
			if out.broken != nil {
				return out.broken
			}
			if !out.ok {
				return fmt.Errorf("quiz: import %d: row %d was ready and is not: %v", id, l.N, out.problems)
			}
			contents[i] = out.content
		}
		if err := b.insertImported(tx, by, imp, lines, contents); err != nil {
			return err
		}
		res = tx.Model(&importRow{}).Where("id = ?", id).Update("progress", gorm.Expr("progress + ?", len(lines)))
		return oneRow(res, "count progress")
	})
	return more, err
}

// insertImported writes questions, versions, options and keys of some rows, a statement a table.
func (b *Bank) insertImported(tx *gorm.DB, by org.Actor, imp importRow, lines []importLine, contents []content) error {
	now := b.db.Now()
	questions := make([]questionRow, len(contents))
	for i, c := range contents {
		questions[i] = questionRow{TopicID: c.topicID, State: questionImporting, Use: c.use, AuthorID: by.PersonID,
			UnitID: imp.UnitID, ImportID: &imp.ID, TextHash: c.textHash(), Simhash: c.simHash(),
			CreatedAt: now, UpdatedAt: now}
	}
	if err := tx.Create(&questions).Error; err != nil {
		return fmt.Errorf("quiz: import questions: %w", err)
	}
	versions := make([]versionRow, len(contents))
	for i, c := range contents {
		versions[i] = c.version(questions[i].ID, 1, by.PersonID, now)
	}
	if err := tx.Create(&versions).Error; err != nil {
		return fmt.Errorf("quiz: import versions: %w", err)
	}
	var options []optionRow
	var shown []shownRow
	keys := make(map[int64]Key, len(contents))
	ids := make([]int64, len(contents))
	for i := range contents {
		c := &contents[i]
		for k := range c.options {
			c.options[k].ID = int64(k + 1)
		}
		options = append(options, c.optionRows(versions[i].ID)...)
		shown = append(shown, c.pictureRows(versions[i].ID)...)
		keys[versions[i].ID] = c.key()
		ids[i] = questions[i].ID
		if err := b.writeWords(tx, ids[i], c.searchText(), c.searchNote()); err != nil {
			return err
		}
		res := tx.Model(&importLine{}).Where("import_id = ? AND n = ?", imp.ID, lines[i].N).
			Updates(map[string]any{"state": ImportRowImported, "question_id": questions[i].ID, "item": ""})
		if err := oneRow(res, "mark imported"); err != nil {
			return err
		}
	}
	if len(options) > 0 {
		if err := tx.CreateInBatches(options, bankChunk).Error; err != nil {
			return fmt.Errorf("quiz: import options: %w", err)
		}
	}
	if len(shown) > 0 {
		if err := tx.CreateInBatches(shown, bankChunk).Error; err != nil {
			return fmt.Errorf("quiz: import pictures: %w", err)
		}
	}
	if err := writeKeys(tx, keys); err != nil {
		return err
	}
	err := tx.Exec(`UPDATE questions SET draft_version_id =
		(SELECT v.id FROM question_versions v WHERE v.question_id = questions.id) WHERE id IN ?`, ids).Error
	if err != nil {
		return fmt.Errorf("quiz: import versions: %w", err)
	}
	return nil
}

// endApply lets the import's questions appear, all at once.
func (b *Bank) endApply(ctx context.Context, by org.Actor, id int64) error {
	return b.db.Tx(ctx, func(tx *gorm.DB) error {
		res := tx.Model(&importRow{}).Where("id = ? AND state = ?", id, ImportApplying).
			Updates(map[string]any{"state": ImportApplied, "applied_at": b.db.Now()})
		if res.Error != nil || res.RowsAffected == 0 {
			return res.Error // another run of the same import was faster
		}
		imp, err := ownImport(tx, by, id)
		if err != nil {
			return err
		}
		q := tx.Model(&questionRow{}).Where("import_id = ? AND state = ?", id, questionImporting)
		if imp.Publish {
			q = q.Updates(map[string]any{"state": QuestionPublished, "current_version_id": gorm.Expr("draft_version_id"),
				"draft_version_id": nil})
		} else {
			q = q.Update("state", QuestionDraft)
		}
		if q.Error != nil {
			return fmt.Errorf("quiz: end import: %w", q.Error)
		}
		e := b.entry(by, "question_import.apply", id, imp.UnitID)
		e.ObjectKind = "question_import"
		e.After = map[string]any{"file": imp.FileName, "sha256": imp.SHA256, "questions": q.RowsAffected, "published": imp.Publish}
		if imp.Publish && !by.IsSystem() {
			e.Reason = SelfReview
		}
		return audit.Append(ctx, tx, e)
	})
}

// ImportWorkbook is the import as a workbook: every row that has not been imported with its state and its
// problems, to be mended and sent again. say turns a code and its arguments into a sentence of the reader's
// language; where it returns "" the file reader's own Chinese sentence is used.
func (b *Bank) ImportWorkbook(ctx context.Context, by org.Actor, id int64, say func(code string, args map[string]any) string) ([]byte, error) {
	if err := org.Require(by, org.Author); err != nil {
		return nil, err
	}
	tx := b.db.Read(ctx)
	if _, err := ownImport(tx, by, id); err != nil {
		return nil, err
	}
	var lines []importLine
	err := tx.Where("import_id = ? AND state <> ?", id, ImportRowImported).Order("n").Find(&lines).Error
	if err != nil {
		return nil, fmt.Errorf("quiz: import rows: %w", err)
	}
	marked := make([]exchange.MarkedRow, len(lines))
	for i, l := range lines {
		view, err := l.view()
		if err != nil {
			return nil, err
		}
		row, err := l.row()
		if err != nil {
			return nil, err
		}
		marked[i] = exchange.MarkedRow{State: say("question_import.row_"+l.State, nil), Bad: l.State != ImportRowReady, Row: row}
		for _, p := range append(view.Problems, view.Warnings...) {
			marked[i].Notes = append(marked[i].Notes, p.sentence(say))
		}
		if view.DuplicateOf > 0 || view.DuplicateRow > 0 {
			marked[i].Notes = append(marked[i].Notes, say("question_import.duplicate",
				map[string]any{"question": view.DuplicateOf, "row": view.DuplicateRow}))
		}
	}
	return exchange.WriteMarked(marked)
}

// Sentences of the marked-up workbook that are no faults; declared so that every language has them.
var _ = []*fault.Error{
	fault.New(fault.Unprocessable, "question_import.row_ready"),
	fault.New(fault.Unprocessable, "question_import.row_error"),
	fault.New(fault.Unprocessable, "question_import.row_duplicate"),
	fault.New(fault.Unprocessable, "question_import.duplicate"),
}

func (p ImportProblem) sentence(say func(string, map[string]any) string) string {
	text := say(p.Code, p.Args)
	if text == "" {
		text = p.Message
	}
	if text == "" {
		text = p.Code
	}
	if p.Column != "" {
		return p.Column + "：" + text
	}
	return text
}
