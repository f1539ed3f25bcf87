package ranking

import (
	"cmp"
	"context"
	"slices"

	"gorm.io/gorm"

	"jingzhong/org"
)

// PersonRef names a person.
type PersonRef struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// PersonRow is a person on the board. Score is 1/100 point, time ms; Rank is null while the public board is
// frozen and the reader is not the bureau (5.7).
type PersonRow struct {
	Rank        *int      `json:"rank"`
	Person      PersonRef `json:"person"`
	Unit        UnitRef   `json:"unit"`
	Score       int64     `json:"score"`
	TimeMS      int64     `json:"timeMs"`
	Attempts    int64     `json:"attempts"`
	SubmittedAt int64     `json:"submittedAt"`
	Passed      bool      `json:"passed"`
	Excellent   bool      `json:"excellent"`
	OnRoster    bool      `json:"onRoster"` // counts in the unit's sums, unless exempt
	Exempt      bool      `json:"exempt"`
}

type personRow struct {
	PersonID                             int64
	UnitID                               int64
	UnitPath, UnitName                   string
	Score, TimeMs, Attempts, SubmittedAt int64
	Passed, Excellent, OnRoster, Exempt  bool
	rank                                 int
}

func (p personRow) outcome() outcome { return outcome{p.Score, p.TimeMs, p.Attempts, p.SubmittedAt} }

// peopleBoard is the order of people at a version of the board; names are read when shown, so that an
// anonymised person is gone at once.
type peopleBoard struct {
	version int64
	rows    []personRow
}

const (
	selectPeople = `SELECT r.person_id, r.unit_id, r.unit_path, COALESCE(s.unit_name, u.name, '') AS unit_name, r.score,
		r.time_ms, r.attempts, r.submitted_at, r.passed, r.excellent, m.person_id IS NOT NULL AS on_roster,
		COALESCE(m.exempt, r.counted <> r.counted) AS exempt
		FROM ranking_results r
		LEFT JOIN ranking_roster m ON m.board_id = r.board_id AND m.person_id = r.person_id
		LEFT JOIN ranking_unit_stats s ON s.board_id = r.board_id AND s.unit_id = r.unit_id
		LEFT JOIN units u ON u.id = r.unit_id
		WHERE r.board_id = ? AND r.counted`
	resultNames = `SELECT p.id, p.name FROM people p JOIN ranking_results r ON r.person_id = p.id
		WHERE r.board_id = ? AND r.unit_path LIKE ?`
)

// ranked returns the people of the board in order (5.6), cached until the board's version moves.
func (s *Service) ranked(ctx context.Context, b Board, version int64) ([]personRow, error) {
	e := s.entry(b.ID)
	if old := e.people.Load(); old != nil && old.version == version {
		return old.rows, nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if old := e.people.Load(); old != nil && old.version == version {
		return old.rows, nil
	}
	var rows []personRow
	if err := s.db.Read(ctx).Raw(selectPeople, b.ID).Scan(&rows).Error; err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(x, y personRow) int {
		// The id is for the eye only: equal outcomes share their rank.
		return cmp.Or(compareOutcomes(x.outcome(), y.outcome(), b.TimeUnitMS), cmp.Compare(x.PersonID, y.PersonID))
	})
	ranks := shareRanks(len(rows), func(i, j int) bool {
		return compareOutcomes(rows[i].outcome(), rows[j].outcome(), b.TimeUnitMS) == 0
	})
	for i, rank := range ranks {
		rows[i].rank = rank
	}
	e.people.Store(&peopleBoard{version: version, rows: rows})
	return rows, nil
}

func readNames(db *gorm.DB, boardID int64, prefixes []string) (map[int64]string, error) {
	names := map[int64]string{}
	for _, prefix := range prefixes {
		var rows []PersonRef
		if err := db.Raw(resultNames, boardID, prefix+"%").Scan(&rows).Error; err != nil {
			return nil, err
		}
		for _, row := range rows {
			names[row.ID] = row.Name
		}
	}
	return names, nil
}

// PersonStandings ranks people over the whole board and returns those of the actor's scope.
func (s *Service) PersonStandings(ctx context.Context, by org.Actor, boardID int64) ([]PersonRow, error) {
	b, v, err := s.see(ctx, by, boardID)
	if err != nil {
		return nil, err
	}
	return s.people(ctx, b, v)
}

func (s *Service) people(ctx context.Context, b Board, v viewer) ([]PersonRow, error) {
	snap, err := s.Snapshot(ctx, b.ID)
	if err != nil {
		return nil, err
	}
	rows, err := s.ranked(ctx, b, snap.Board.Version)
	if err != nil {
		return nil, err
	}
	names, err := readNames(s.db.Read(ctx), b.ID, v.prefixes())
	if err != nil {
		return nil, err
	}
	out := []PersonRow{}
	for _, p := range rows {
		name, known := names[p.PersonID]
		if !known || !v.covers(p.UnitPath) {
			continue
		}
		row := PersonRow{Rank: shown(p.rank), Person: PersonRef{ID: p.PersonID, Name: name}, Unit: UnitRef{ID: p.UnitID, Name: p.UnitName},
			Score: p.Score, TimeMS: p.TimeMs, Attempts: p.Attempts, SubmittedAt: p.SubmittedAt, Passed: p.Passed,
			Excellent: p.Excellent, OnRoster: p.OnRoster, Exempt: p.Exempt}
		if b.PublicFrozen() && !v.whole {
			row.Rank = nil
		}
		out = append(out, row)
	}
	return out, nil
}

// OwnStanding is a person's own place: the score stays visible while the board is frozen, the rank does not.
type OwnStanding struct {
	Listed  bool  // on the roster
	Counted bool  // has a counted result
	Score   int64 // 1/100 point
	Rank    *int
	Of      int64 // people with a counted result; 0 while frozen
}

const (
	ownResult = `SELECT score, time_ms, attempts, submitted_at FROM ranking_results
		WHERE board_id = ? AND person_id = ? AND counted`
	countPeople = `SELECT CAST(COUNT(*) AS BIGINT) FROM ranking_results WHERE board_id = ? AND counted`
	countBetter = countPeople + ` AND (score > ? OR (score = ? AND (time_ms / ? < ? OR (time_ms / ? = ?
		AND (attempts < ? OR (attempts = ? AND submitted_at < ?))))))`
)

// OwnStanding returns the actor's own place on the board, counted without reading the board.
func (s *Service) OwnStanding(ctx context.Context, by org.Actor, boardID int64) (OwnStanding, error) {
	if err := org.Require(by, org.SignedIn); err != nil {
		return OwnStanding{}, err
	}
	b, err := s.FindBoard(ctx, boardID)
	if err != nil {
		return OwnStanding{}, err
	}
	db := s.db.Read(ctx)
	var own OwnStanding
	if own.Listed, _, err = s.Listed(ctx, db, boardID, by.PersonID); err != nil {
		return OwnStanding{}, err
	}
	var mine []personRow
	if err := db.Raw(ownResult, boardID, by.PersonID).Scan(&mine).Error; err != nil || len(mine) == 0 {
		return own, err
	}
	own.Counted, own.Score = true, mine[0].Score
	if b.PublicFrozen() {
		return own, nil
	}
	var better int64
	if err := db.Raw(countPeople, boardID).Scan(&own.Of).Error; err != nil {
		return OwnStanding{}, err
	}
	m, unit := mine[0], b.TimeUnitMS
	if err := db.Raw(countBetter, boardID, m.Score, m.Score, unit, m.TimeMs/unit, unit, m.TimeMs/unit, m.Attempts, m.Attempts,
		m.SubmittedAt).Scan(&better).Error; err != nil {
		return OwnStanding{}, err
	}
	own.Rank = shown(int(better) + 1)
	return own, nil
}
