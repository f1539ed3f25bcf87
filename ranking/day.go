package ranking

import (
	"context"
	"time"

	"gorm.io/gorm"

	"jingzhong/store"
)

const (
	upsertDay = `INSERT INTO ranking_days (board_id, day, unit_id, rank) VALUES (?, ?, ?, ?)
		ON CONFLICT (board_id, day, unit_id) DO UPDATE SET rank = excluded.rank`
	selectDay = `SELECT unit_id, rank FROM ranking_days WHERE board_id = ? AND day = ?`
)

// dayOf is the civil day of a time (ms UTC) in the installation's zone, so many days later.
func (s *Service) dayOf(ms int64, later int) string {
	zone := s.wiring.Zone
	if zone == nil {
		zone = time.UTC
	}
	return store.Time(ms).In(zone).AddDate(0, 0, later).Format(time.DateOnly)
}

// KeepDay stores today's ranks of a board for tomorrow's "since yesterday". The sweeper calls it for open
// boards now and then; the last call of the civil day stands.
func (s *Service) KeepDay(ctx context.Context, boardID int64) error {
	snap, err := s.Snapshot(ctx, boardID)
	if err != nil {
		return err
	}
	day := s.dayOf(s.ms(), 0)
	return s.db.Tx(ctx, func(tx *gorm.DB) error {
		w := store.Writing(tx.WithContext(ctx))
		for _, row := range snap.Live.Items {
			if row.Rank == nil {
				continue
			}
			if _, err := w.Exec(upsertDay, boardID, day, row.Unit.ID, *row.Rank); err != nil {
				return err
			}
		}
		return nil
	})
}

func loadDay(db *gorm.DB, boardID int64, day string) (map[int64]int, error) {
	var rows []struct {
		UnitID int64
		Rank   int
	}
	if err := db.Raw(selectDay, boardID, day).Scan(&rows).Error; err != nil {
		return nil, err
	}
	out := make(map[int64]int, len(rows))
	for _, row := range rows {
		out[row.UnitID] = row.Rank
	}
	return out, nil
}
