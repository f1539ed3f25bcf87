package quiz

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/org"
	"jingzhong/quiz/exchange"
	"jingzhong/store"
)

// importKept is how long a workbook that was never applied is kept; its rows hold keys.
const importKept = 7 * 24 * time.Hour

// PrepareImport reads and judges a file and keeps the outcome for a look; the bank is not changed. A file
// that cannot be read is refused as a whole.
func (b *Bank) PrepareImport(ctx context.Context, by org.Actor, file QuestionFile) (QuestionImport, error) {
	read := b.db.Read(ctx)
	r, err := reachOf(read, by)
	if err != nil {
		return QuestionImport{}, err
	}
	if file.UnitID == 0 {
		file.UnitID = by.UnitID
	}
	if !r.author[file.UnitID] {
		return QuestionImport{}, ErrQuestionUnit.At("unitId")
	}
	if file.Use != "" && !slices.Contains([]string{UsePractice, UseContest, UseBoth}, file.Use) {
		return QuestionImport{}, errUseUnknown.At("use").With("use", file.Use)
	}
	result, err := exchange.Read(file.Name, file.Data)
	if err != nil {
		return QuestionImport{}, fileFault(err)
	}
	if err := b.importPictures(ctx, by, file.UnitID, result.Rows); err != nil {
		return QuestionImport{}, err
	}
	j, err := b.newJudge(read, by, file.Use, file.TopicID)
	if err != nil {
		return QuestionImport{}, err
	}
	lines, err := j.lines(result.Rows)
	if err != nil {
		return QuestionImport{}, err
	}
	if err := b.markDuplicates(read, r, lines); err != nil {
		return QuestionImport{}, err
	}
	if err := b.markNear(read, r, lines); err != nil {
		return QuestionImport{}, err
	}
	return b.keepImport(ctx, by, file, result, j, lines)
}

// keepImport stores a judged file; imports that were never applied go when their time is up.
func (b *Bank) keepImport(ctx context.Context, by org.Actor, file QuestionFile, result exchange.Result, j *judge, lines []importLine) (QuestionImport, error) {
	skipped, err := json.Marshal(append(importProblems(result.Skipped), j.notes...))
	if err != nil {
		return QuestionImport{}, fmt.Errorf("quiz: import: %w", err)
	}
	sum := sha256.Sum256(file.Data)
	row := importRow{FileName: shortName(file.Name), SHA256: hex.EncodeToString(sum[:]), Format: result.Format,
		Encoding: result.Encoding, State: ImportReady, Skipped: string(skipped), Use: file.Use, TopicID: file.TopicID,
		Total: len(lines), CreatedBy: by.PersonID, UnitID: file.UnitID, CreatedAt: b.db.Now()}
	err = b.db.Tx(ctx, func(tx *gorm.DB) error {
		if err := b.expireImports(tx); err != nil {
			return err
		}
		if err := b.expireUploads(tx); err != nil {
			return err
		}
		row.ID = 0
		if err := tx.Create(&row).Error; err != nil {
			return fmt.Errorf("quiz: keep import: %w", err)
		}
		for i := range lines {
			lines[i].ImportID = row.ID
		}
		if err := tx.CreateInBatches(lines, bankBatch).Error; err != nil {
			return fmt.Errorf("quiz: keep import rows: %w", err)
		}
		e := b.entry(by, "question_import.prepare", row.ID, row.UnitID)
		e.ObjectKind = "question_import"
		e.After = map[string]any{"file": row.FileName, "sha256": row.SHA256, "rows": row.Total}
		return audit.Append(ctx, tx, e)
	})
	if err != nil {
		return QuestionImport{}, err
	}
	return b.FindImport(ctx, by, row.ID)
}

func shortName(name string) string {
	name = filepath.Base(strings.ReplaceAll(name, `\`, "/"))
	if r := []rune(name); len(r) > 120 {
		name = string(r[:120])
	}
	return strings.ToValidUTF8(strings.Map(func(r rune) rune {
		if r < ' ' {
			return -1
		}
		return r
	}, name), "?")
}

func (b *Bank) expireImports(tx *gorm.DB) error {
	var old []int64
	before := store.MS(b.now().Add(-importKept))
	err := tx.Model(&importRow{}).Where("state = ? AND created_at < ?", ImportReady, before).Limit(20).Pluck("id", &old).Error
	if err != nil {
		return fmt.Errorf("quiz: old imports: %w", err)
	}
	if err := tx.Where("import_id IN ?", some(old)).Delete(&importLine{}).Error; err != nil {
		return fmt.Errorf("quiz: old import rows: %w", err)
	}
	if err := tx.Where("id IN ?", some(old)).Delete(&importRow{}).Error; err != nil {
		return fmt.Errorf("quiz: old imports: %w", err)
	}
	return nil
}

// ownImport loads an import of the reader's own: its rows hold keys, so nobody else sees it.
func ownImport(tx *gorm.DB, by org.Actor, id int64) (importRow, error) {
	var row importRow
	err := tx.Take(&row, "id = ? AND created_by = ?", id, by.PersonID).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return row, ErrImportNotFound
	}
	return row, err
}

// FindImport returns an import of the reader's own with its counts and progress.
func (b *Bank) FindImport(ctx context.Context, by org.Actor, id int64) (QuestionImport, error) {
	tx := b.db.Read(ctx)
	if err := org.Require(by, org.Author); err != nil {
		return QuestionImport{}, err
	}
	row, err := ownImport(tx, by, id)
	if err != nil {
		return QuestionImport{}, err
	}
	out := QuestionImport{ID: row.ID, FileName: row.FileName, Format: row.Format, Encoding: row.Encoding, State: row.State,
		Published: row.Publish, Progress: row.Progress, Total: row.Total, UnitID: row.UnitID, CreatedAt: row.CreatedAt,
		AppliedAt: row.AppliedAt}
	if err := json.Unmarshal([]byte(row.Skipped), &out.Skipped); err != nil {
		return QuestionImport{}, fmt.Errorf("quiz: import %d: %w", id, err)
	}
	out.Counts, err = importCounts(tx, id)
	return out, err
}

func importCounts(tx *gorm.DB, id int64) (ImportCounts, error) {
	var groups []struct {
		State  string
		N      int
		Warned int
	}
	err := tx.Model(&importLine{}).Select("state, COUNT(*) AS n, SUM(CASE WHEN warnings <> '[]' THEN 1 ELSE 0 END) AS warned").
		Where("import_id = ?", id).Group("state").Find(&groups).Error
	if err != nil {
		return ImportCounts{}, fmt.Errorf("quiz: import counts: %w", err)
	}
	var c ImportCounts
	for _, g := range groups {
		switch g.State {
		case ImportRowReady:
			c.Ready, c.Warned = g.N, g.Warned
		case ImportRowError:
			c.Errors = g.N
		case ImportRowDuplicate:
			c.Duplicates = g.N
		case ImportRowImported:
			c.Imported = g.N
		}
	}
	return c, nil
}

// rowOrder puts errors first, then duplicates, then rows worth a look; within each the order of the file.
const rowOrder = `(CASE WHEN state = 'error' THEN 0 WHEN state = 'duplicate' THEN 1 WHEN warnings <> '[]' THEN 2 ELSE 3 END) * 1000000 + n`

// place is the row's place in rowOrder.
func (l importLine) place() int64 {
	rank := int64(3)
	switch {
	case l.State == ImportRowError:
		rank = 0
	case l.State == ImportRowDuplicate:
		rank = 1
	case l.Warnings != "[]":
		rank = 2
	}
	return rank*1_000_000 + int64(l.N)
}

// ListImportRows lists the rows of an import of the reader's own.
func (b *Bank) ListImportRows(ctx context.Context, by org.Actor, id int64, f ImportRowFilter) (ImportRowPage, error) {
	if err := org.Require(by, org.Author); err != nil {
		return ImportRowPage{}, err
	}
	tx := b.db.Read(ctx)
	if _, err := ownImport(tx, by, id); err != nil {
		return ImportRowPage{}, err
	}
	if f.Limit < 0 || f.Limit > pageMost {
		return ImportRowPage{}, ErrQuestionLimit.At("limit").With("most", pageMost)
	}
	if f.Limit == 0 {
		f.Limit = pageDefault
	}
	q := tx.Where("import_id = ?", id)
	if f.State != "" {
		q = q.Where("state = ?", f.State)
	}
	if f.Cursor != "" {
		after, err := strconv.ParseInt(f.Cursor, 10, 64)
		if err != nil || after < 0 {
			return ImportRowPage{}, ErrQuestionCursor.At("cursor")
		}
		q = q.Where(rowOrder+" > ?", after)
	}
	var rows []importLine
	if err := q.Order(rowOrder).Limit(f.Limit + 1).Find(&rows).Error; err != nil {
		return ImportRowPage{}, fmt.Errorf("quiz: import rows: %w", err)
	}
	var page ImportRowPage
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		page.Next = strconv.FormatInt(rows[f.Limit-1].place(), 10)
	}
	for _, row := range rows {
		view, err := row.view()
		if err != nil {
			return ImportRowPage{}, err
		}
		page.Items = append(page.Items, view)
	}
	return page, nil
}

// ImportTemplate is an empty workbook with drop-downs and a sheet 填写说明.
func (b *Bank) ImportTemplate(ctx context.Context, by org.Actor) ([]byte, error) {
	topics, err := b.Topics(ctx, by)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(topics))
	for i, t := range topics {
		names[i] = t.Name
	}
	return exchange.Template(names)
}
