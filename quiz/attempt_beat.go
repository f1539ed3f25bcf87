package quiz

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"jingzhong/org"
)

// Beat is what a running attempt's app must know every few seconds: whether it may go on, and until when.
type Beat struct {
	State      AttemptState
	DeadlineAt int64
	ServerTime int64
	HoldsLease bool // the reader's sign-in holds the lease
}

// Beat tells the reader's own attempt's state and deadline and marks its contestant as connected. It reads one
// row and neither paper nor answers: every contestant of a contest asks it all the time.
func (s *Contests) Beat(ctx context.Context, by org.Actor, attemptID int64) (Beat, error) {
	tx := s.db.Read(ctx)
	a, err := beatRow(tx, attemptID, by.PersonID)
	if err != nil {
		return Beat{}, err
	}
	now := s.db.Now()
	if a.State == string(AttemptInProgress) && now > a.DeadlineAt+Grace {
		if err := s.expireDue(ctx); err != nil {
			return Beat{}, err
		}
		if a, err = beatRow(tx, attemptID, by.PersonID); err != nil {
			return Beat{}, err
		}
	}
	b := Beat{State: AttemptState(a.State), DeadlineAt: a.DeadlineAt, ServerTime: now,
		HoldsLease: a.LeaseSession == by.SessionID && a.LeaseSession != ""}
	if b.HoldsLease && b.State == AttemptInProgress {
		s.presence.touch(a.ContestID, a.ID, now)
	}
	return b, nil
}

func beatRow(tx *gorm.DB, attemptID, personID int64) (attemptRow, error) {
	var rows []attemptRow
	err := tx.Select("id, contest_id, state, deadline_at, lease_session").
		Where("id = ? AND person_id = ?", attemptID, personID).Find(&rows).Error
	if err != nil {
		return attemptRow{}, fmt.Errorf("quiz: beat of attempt %d: %w", attemptID, err)
	}
	if len(rows) == 0 {
		return attemptRow{}, ErrAttemptNotFound
	}
	return rows[0], nil
}
