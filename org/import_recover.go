package org

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"

	"jingzhong/fault"
)

// unstage deletes what an import staged and was not flipped.
func (s *Service) unstage(ctx context.Context, id int64) error {
	for {
		var ids []int64
		if err := s.read(ctx).Table("people").Where("import_id = ?", id).Limit(rowsPerTx).Pluck("id", &ids).Error; err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		err := s.db.Tx(ctx, func(tx *gorm.DB) error {
			if err := tx.Exec("DELETE FROM person_audiences WHERE person_id IN ?", ids).Error; err != nil {
				return err
			}
			if err := tx.Exec("UPDATE people_import_rows SET person_id = 0, done = ? WHERE import_id = ? AND person_id IN ? AND state = ?",
				false, id, ids, RowNew).Error; err != nil {
				return err
			}
			return tx.Exec("DELETE FROM people WHERE import_id = ? AND id IN ?", id, ids).Error
		})
		if err != nil {
			return err
		}
	}
	return s.db.Tx(ctx, func(tx *gorm.DB) error {
		var units []unitModel
		if err := tx.Table("units").Where("import_id = ?", id).Scan(&units).Error; err != nil {
			return err
		}
		slices.SortFunc(units, func(a, b unitModel) int { return strings.Count(b.Path, "/") - strings.Count(a.Path, "/") })
		for _, u := range units {
			if err := tx.Exec("DELETE FROM units WHERE id = ? AND import_id = ?", u.ID, id).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

// recoverImports deals with what the last stop left: a file half read and people half staged are forgotten,
// an import that had taken effect is finished in the background.
func (s *Service) recoverImports(ctx context.Context) error {
	var rows []importModel
	err := s.read(ctx).Table("people_imports").Where("state IN ?", []string{ImportReading, ImportApplying}).Order("id").Scan(&rows).Error
	if err != nil {
		return err
	}
	var finish []int64
	for _, row := range rows {
		if row.FlippedAt > 0 {
			finish = append(finish, row.ID)
			continue
		}
		if err := s.unstage(ctx, row.ID); err != nil {
			return err
		}
		problem, _ := fault.As(ErrImportStopped)
		if err := s.failImport(ctx, row.ID, problem); err != nil {
			return err
		}
	}
	if len(finish) == 0 {
		return nil
	}
	s.applyMu.Lock()
	s.work.Go(func() {
		defer s.applyMu.Unlock()
		for _, id := range finish {
			if err := s.finish(s.ctx, id); err != nil && s.ctx.Err() == nil {
				s.log.Error("people import not finished", "import", id, "error", err)
			}
		}
	})
	return nil
}
