package org

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// How long what has run out stays: rows of uploads hold personal data, ended sessions and codes do not.
const (
	importLife = 30 * 24 * time.Hour
	endedLife  = 7 * 24 * time.Hour
)

// Sweep deletes what has run out: sessions and codes a week after their end, uploads after 30 days. It works
// in short transactions; call it once an hour.
func (s *Service) Sweep(ctx context.Context) error {
	ended, old := s.now().Add(-endedLife).UnixMilli(), s.now().Add(-importLife).UnixMilli()
	for {
		var ids []string
		err := s.read(ctx).Table("sessions").Where("expires_at < ? OR (revoked_at > 0 AND revoked_at < ?)", ended, ended).
			Limit(rowsPerTx).Pluck("id", &ids).Error
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		err = s.db.Tx(ctx, func(tx *gorm.DB) error {
			if err := tx.Exec("DELETE FROM refresh_tokens WHERE session_id IN ?", ids).Error; err != nil {
				return err
			}
			return tx.Exec("DELETE FROM sessions WHERE id IN ?", ids).Error
		})
		if err != nil {
			return err
		}
	}
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		return tx.Exec("DELETE FROM activations WHERE expires_at < ?", ended).Error
	})
	if err != nil {
		return err
	}
	var imports []int64
	err = s.read(ctx).Table("people_imports").Where("created_at < ? AND state NOT IN ?", old, []string{ImportReading, ImportApplying}).
		Limit(rowsPerTx).Pluck("id", &imports).Error
	if err != nil {
		return err
	}
	for _, id := range imports {
		if err := s.sweepImport(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) sweepImport(ctx context.Context, id int64) error {
	for {
		left := int64(0)
		err := s.db.Tx(ctx, func(tx *gorm.DB) error {
			res := tx.Exec(`DELETE FROM people_import_rows WHERE import_id = ? AND row_no IN
				(SELECT row_no FROM people_import_rows WHERE import_id = ? ORDER BY row_no LIMIT 500)`, id, id)
			left = res.RowsAffected
			return res.Error
		})
		if err != nil {
			return err
		}
		if left == 0 {
			break
		}
	}
	return s.db.Tx(ctx, func(tx *gorm.DB) error {
		return tx.Exec("DELETE FROM people_imports WHERE id = ?", id).Error
	})
}
