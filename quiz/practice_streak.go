package quiz

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"jingzhong/org"
)

// StreakBoard shows how far a person and the units have come in 挑战答题. It names units and never people
// (rules-training R10): the own unit's best streaks stand as numbers.
type StreakBoard struct {
	Best   int   // one's own, 0 = none yet
	Place  int   // within the own unit, 0 = none yet
	People int   // of the own unit with a streak
	Top    []int // the own unit's best, at most ten
	Units  []UnitStreak
}

// UnitStreak is a unit on the board; Average is over its people with a streak, in 1/100.
type UnitStreak struct {
	UnitID  int64
	Name    string
	Place   int
	People  int
	Average int
	Best    int
	Mine    bool
}

// unitStreak is a row of the board before anybody looks at it.
type unitStreak = UnitStreak

// Bounds of the board.
const (
	streakTop       = 10     // rows shown besides the own unit's
	streakLeast     = 3      // people a unit needs to be placed, so that no row is one person's
	streakBoardOnce = 30_000 // ms one reading serves everybody
)

// Streaks returns the board as the person may see it: the ten best units and the own one.
func (s *Practice) Streaks(ctx context.Context, by org.Actor) (StreakBoard, error) {
	var b StreakBoard
	if err := practises(by); err != nil {
		return b, err
	}
	tx := s.db.Read(ctx)
	var best []int
	if err := tx.Raw(`SELECT best FROM practice_streaks WHERE person_id = ?`, by.PersonID).Scan(&best).Error; err != nil {
		return b, fmt.Errorf("quiz: streak: %w", err)
	}
	if len(best) > 0 {
		b.Best = best[0]
	}
	err := tx.Raw(`SELECT best FROM practice_streaks WHERE unit_id = ? ORDER BY best DESC LIMIT ?`, by.UnitID, streakTop).Scan(&b.Top).Error
	if err != nil {
		return b, fmt.Errorf("quiz: streaks: %w", err)
	}
	err = tx.Raw(`SELECT COUNT(*), COUNT(CASE WHEN best > ? THEN 1 END) FROM practice_streaks WHERE unit_id = ?`, b.Best, by.UnitID).
		Row().Scan(&b.People, &b.Place)
	if err != nil {
		return b, fmt.Errorf("quiz: streaks: %w", err)
	}
	if b.Place++; b.Best == 0 {
		b.Place = 0
	}
	units, err := s.unitStreaks(ctx)
	if err != nil {
		return b, err
	}
	for _, u := range units {
		u.Mine = u.UnitID == by.UnitID
		if u.Place <= streakTop || u.Mine {
			b.Units = append(b.Units, u)
		}
	}
	return b, nil
}

// unitStreaks ranks the units by their people's average; read at most twice a minute however many look.
func (s *Practice) unitStreaks(ctx context.Context) ([]unitStreak, error) {
	now := s.db.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.board != nil && now >= s.boardAt && now < s.boardAt+streakBoardOnce {
		return s.board, nil
	}
	var rows []struct {
		UnitID            int64
		Name              string
		People, Sum, Best int
	}
	err := s.db.Read(ctx).Raw(`SELECT s.unit_id, u.name, COUNT(*) AS people, SUM(s.best) AS sum, MAX(s.best) AS best
		FROM practice_streaks s JOIN units u ON u.id = s.unit_id GROUP BY s.unit_id, u.name HAVING COUNT(*) >= ?`, streakLeast).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("quiz: unit streaks: %w", err)
	}
	board := make([]unitStreak, len(rows))
	for i, r := range rows {
		board[i] = unitStreak{UnitID: r.UnitID, Name: r.Name, People: r.People, Average: (200*r.Sum + r.People) / (2 * r.People), Best: r.Best}
	}
	slices.SortFunc(board, func(a, b unitStreak) int {
		return cmp.Or(b.Average-a.Average, b.Best-a.Best, cmp.Compare(a.UnitID, b.UnitID))
	})
	for i := range board {
		board[i].Place = i + 1
		if i > 0 && board[i].Average == board[i-1].Average && board[i].Best == board[i-1].Best {
			board[i].Place = board[i-1].Place
		}
	}
	s.board, s.boardAt = board, now
	return board, nil
}
