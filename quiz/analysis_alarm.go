package quiz

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"jingzhong/org"
	"jingzhong/store"
)

// When an open contest raises an alarm. Only the newest attempts are read, and only after a fifth more have
// been graded, so that the look costs the same however large the contest is.
const (
	alarmFrom   = 30   // answers to an item
	alarmNewest = 2000 // attempts
	alarmGap    = .30  // the facility is this far below the setter's estimate
)

// KeyAlarm says during a contest that a question's key may be wrong: far fewer are right than expected, and
// the best prefer a distractor. It is for those who may see the key; contestants never learn of it.
type KeyAlarm struct {
	ContestID    int64
	ContestTitle string
	RaisedAt     int64 // ms UTC
	Item         ItemStatistics
}

// alarming reports whether an item of an open contest looks as if its key were wrong.
func (t ItemStatistics) alarming() bool {
	return t.Attempts >= alarmFrom && t.Facility < float64(t.Expected)/100-alarmGap && t.rival() != 0
}

// lookForWrongKeys looks over every open contest that has moved on.
func (s *Contests) lookForWrongKeys(ctx context.Context) error {
	var open []contestRow
	if err := s.db.Read(ctx).Where("state = 'open'").Order("id").Find(&open).Error; err != nil {
		return fmt.Errorf("quiz: open contests: %w", err)
	}
	var errs []error
	for _, c := range open {
		var graded int64
		err := s.db.Read(ctx).Model(&attemptRow{}).Where("contest_id = ? AND state IN ('graded','final')", c.ID).Count(&graded).Error
		if err != nil {
			errs = append(errs, fmt.Errorf("contest %d: %w", c.ID, err))
			continue
		}
		if last, ok := s.looked.Load(c.ID); graded < alarmFrom || (ok && 5*graded < 6*last.(int64)) {
			continue
		}
		if err := s.lookOver(ctx, c); err != nil {
			errs = append(errs, fmt.Errorf("contest %d: %w", c.ID, err))
			continue
		}
		s.looked.Store(c.ID, graded)
	}
	return errors.Join(errs...)
}

// lookOver raises the alarms of one contest and takes back those that more answers have refuted.
func (s *Contests) lookOver(ctx context.Context, c contestRow) error {
	study, leaves, err := s.studyAttempts(ctx, c, alarmNewest)
	if err != nil {
		return err
	}
	_, items, err := s.named(ctx, study, leaves)
	if err != nil {
		return err
	}
	now := s.db.Now()
	return s.db.Tx(ctx, func(tx *gorm.DB) error {
		w := store.Writing(tx)
		for _, item := range items {
			var err error
			if item.alarming() {
				_, err = w.Exec(`INSERT INTO key_alarms (contest_id, version_id, part, question_id, statistics, raised_at) VALUES (?, ?, ?, ?, ?, ?)
					ON CONFLICT (contest_id, version_id, part) DO UPDATE SET statistics = excluded.statistics`,
					c.ID, item.VersionID, item.Part, item.QuestionID, marshal(item), now)
			} else {
				_, err = w.Exec(`DELETE FROM key_alarms WHERE contest_id = ? AND version_id = ? AND part = ?`, c.ID, item.VersionID, item.Part)
			}
			if err != nil {
				return fmt.Errorf("quiz: alarms: %w", err)
			}
		}
		return nil
	})
}

// KeyAlarms lists the alarms of contests that are open or wait for grading and whose keys the reader may see,
// newest first. contestID 0 = of all of them.
func (s *Contests) KeyAlarms(ctx context.Context, by org.Actor, contestID int64) ([]KeyAlarm, error) {
	if err := org.Require(by, org.SeeKeys); err != nil {
		return nil, err
	}
	if contestID != 0 {
		if _, err := s.organised(ctx, by, contestID, org.SeeKeys); err != nil {
			return nil, err
		}
	}
	var rows []struct {
		ContestID  int64
		Title      string
		Path       string
		RaisedAt   int64
		Statistics string
	}
	err := s.db.Read(ctx).Raw(`SELECT k.contest_id, c.title, u.path, k.raised_at, k.statistics FROM key_alarms k
		JOIN contests c ON c.id = k.contest_id JOIN units u ON u.id = c.unit_id
		WHERE c.state IN ('open','suspended','closed') AND (? = 0 OR c.id = ?) ORDER BY k.raised_at DESC, k.version_id, k.part`, contestID, contestID).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("quiz: alarms: %w", err)
	}
	alarms := []KeyAlarm{}
	for _, row := range rows {
		if !by.Scope(org.SeeKeys).Covers(row.Path) {
			continue
		}
		item, err := unmarshal[ItemStatistics](row.Statistics)
		if err != nil {
			return nil, err
		}
		alarms = append(alarms, KeyAlarm{ContestID: row.ContestID, ContestTitle: row.Title, RaisedAt: row.RaisedAt, Item: item})
	}
	return alarms, nil
}
