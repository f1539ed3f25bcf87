package ranking

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/org"
	"jingzhong/store"
)

const (
	// Every unit of the scope has a row, also when nobody is expected; so has any unit of the roster.
	selectUnits = `SELECT id AS unit_id, path AS unit_path, name AS unit_name, sort FROM units WHERE path LIKE ? AND import_id = 0`
	rosterUnits = `SELECT DISTINCT u.id AS unit_id, u.path AS unit_path, u.name AS unit_name, u.sort FROM units u
		JOIN ranking_roster r ON r.unit_id = u.id WHERE r.board_id = ?`
	groupMembers = `SELECT m.unit_id, CAST(COUNT(*) AS BIGINT) AS members,
		CAST(SUM(CASE WHEN m.exempt THEN 1 ELSE 0 END) AS BIGINT) AS exempt,
		CAST(SUM(CASE WHEN r.counted AND NOT m.exempt THEN 1 ELSE 0 END) AS BIGINT) AS participants,
		CAST(SUM(CASE WHEN r.counted AND r.passed AND NOT m.exempt THEN 1 ELSE 0 END) AS BIGINT) AS passed,
		CAST(SUM(CASE WHEN r.counted AND r.excellent AND NOT m.exempt THEN 1 ELSE 0 END) AS BIGINT) AS excellent,
		CAST(SUM(CASE WHEN r.counted AND NOT m.exempt THEN r.score ELSE 0 END) AS BIGINT) AS sum_best
		FROM ranking_roster m LEFT JOIN ranking_results r ON r.board_id = m.board_id AND r.person_id = m.person_id
		WHERE m.board_id = ? GROUP BY m.unit_id`
	deleteStats = `DELETE FROM ranking_unit_stats WHERE board_id = ?`
	writeStat   = `INSERT INTO ranking_unit_stats (board_id, unit_id, unit_path, unit_name, sort, members, exempt,
		participants, passed, excellent, sum_best) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	repairStat = `UPDATE ranking_unit_stats SET members = ?, exempt = ?, participants = ?, passed = ?, excellent = ?,
		sum_best = ? WHERE board_id = ? AND unit_id = ?`
)

// rebuildStats makes the sums anew, with the units as they are today. Only a provisional board does so: a
// fixed one keeps the names and paths of its day.
func rebuildStats(ctx context.Context, tx *gorm.DB, b Board) error {
	db := tx.WithContext(ctx)
	var inside, listed, sums []statRow
	for _, read := range []error{
		db.Raw(selectUnits, b.ScopePath+"%").Scan(&inside).Error,
		db.Raw(rosterUnits, b.ID).Scan(&listed).Error,
		db.Raw(groupMembers, b.ID).Scan(&sums).Error,
	} {
		if read != nil {
			return read
		}
	}
	bySum := map[int64]statRow{}
	for _, sum := range sums {
		bySum[sum.UnitID] = sum
	}
	w := store.Writing(db)
	if _, err := w.Exec(deleteStats, b.ID); err != nil {
		return err
	}
	done := map[int64]bool{}
	for _, u := range slices.Concat(inside, listed) {
		if done[u.UnitID] {
			continue
		}
		done[u.UnitID] = true
		sum := bySum[u.UnitID]
		if _, err := w.Exec(writeStat, b.ID, u.UnitID, u.UnitPath, u.UnitName, u.Sort, sum.Members, sum.Exempt,
			sum.Participants, sum.Passed, sum.Excellent, sum.SumBest); err != nil {
			return err
		}
	}
	return nil
}

// Drift is a unit whose kept sums differed from the rows they sum.
type Drift struct {
	UnitID int64 `json:"unit"`
	Kept   Tally `json:"kept"`
	True   Tally `json:"true"`
}

// Reconcile compares the kept sums with GROUP BY, repairs what differs, and records it in the audit log. An
// empty answer is the normal one.
func (s *Service) Reconcile(ctx context.Context, boardID int64) ([]Drift, error) {
	var drifts []Drift
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		drifts = nil
		b, err := findBoard(tx.WithContext(ctx), boardID)
		if err != nil {
			return err
		}
		if drifts, err = findDrifts(tx.WithContext(ctx), b); err != nil || len(drifts) == 0 {
			return err
		}
		// Only now: a board in order keeps its version, so its readers keep their copy. Read again under the
		// lock, for on PostgreSQL another transaction may have moved the sums meanwhile.
		if _, err := lock(ctx, tx, boardID); err != nil {
			return err
		}
		if drifts, err = findDrifts(tx.WithContext(ctx), b); err != nil || len(drifts) == 0 {
			return err
		}
		return s.repair(ctx, tx, b, drifts)
	})
	if err == nil && len(drifts) > 0 {
		slog.WarnContext(ctx, "ranking: sums repaired", "board", boardID, "units", len(drifts))
	}
	return drifts, err
}

func findDrifts(db *gorm.DB, b Board) ([]Drift, error) {
	kept, err := loadStats(db, b.ID)
	if err != nil {
		return nil, err
	}
	var sums []statRow
	if err := db.Raw(groupMembers, b.ID).Scan(&sums).Error; err != nil {
		return nil, err
	}
	truth := map[int64]statRow{}
	for _, sum := range sums {
		truth[sum.UnitID] = sum
	}
	var drifts []Drift
	for _, k := range kept {
		t := truth[k.UnitID]
		delete(truth, k.UnitID)
		t.UnitID, t.UnitPath, t.UnitName, t.Sort = k.UnitID, k.Path, k.Name, k.Sort
		if want := t.tally(); !want.sameSums(k) {
			drifts = append(drifts, Drift{UnitID: k.UnitID, Kept: k, True: want})
		}
	}
	for id := range truth {
		return nil, fmt.Errorf("ranking: board %d: unit %d is on the roster and has no sums", b.ID, id)
	}
	return drifts, nil
}

func (t Tally) sameSums(u Tally) bool {
	return t.Members == u.Members && t.Exempt == u.Exempt && t.Participants == u.Participants && t.Passed == u.Passed &&
		t.Excellent == u.Excellent && t.SumBest == u.SumBest
}

func (s *Service) repair(ctx context.Context, tx *gorm.DB, b Board, drifts []Drift) error {
	w := store.Writing(tx.WithContext(ctx))
	for _, d := range drifts {
		t := d.True
		if _, err := w.Exec(repairStat, t.Members, t.Exempt, t.Participants, t.Passed, t.Excellent, t.SumBest, b.ID, d.UnitID); err != nil {
			return err
		}
	}
	return s.log(ctx, tx, org.System, b, audit.Entry{Action: "board.repair", After: drifts})
}
