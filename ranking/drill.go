package ranking

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"jingzhong/org"
)

// UnitSums is the sums of a unit, its subtree included; children add up to their parent exactly.
type UnitSums struct {
	Unit         UnitRef `json:"unit"`
	Members      int64   `json:"members"`
	Exempt       int64   `json:"exempt"`
	Expected     int64   `json:"expected"`
	Participants int64   `json:"participants"`
	Passed       int64   `json:"passed"`
	Excellent    int64   `json:"excellent"`
	SumBest      int64   `json:"sumBest"` // 1/100 point
}

// PersonSums is a person's part of a unit's sums. A person who is not on the roster, or is exempt, may have
// a score that is no part of them.
type PersonSums struct {
	Person       PersonRef `json:"person"`
	Position     string    `json:"position"`
	OnRoster     bool      `json:"onRoster"`
	Exempt       bool      `json:"exempt"`
	Expected     int64     `json:"expected"`     // 0 or 1
	Participants int64     `json:"participants"` // 0 or 1
	Passed       int64     `json:"passed"`       // 0 or 1
	Excellent    int64     `json:"excellent"`    // 0 or 1
	SumBest      int64     `json:"sumBest"`      // 1/100 point; the score if it counts for the unit
	HasResult    bool      `json:"hasResult"`
	Score        int64     `json:"score"`
	TimeMS       int64     `json:"timeMs"`
	Attempts     int64     `json:"attempts"`
}

// Drill is a unit opened: Unit = Own + all Children, and Own = all People, in every column.
type Drill struct {
	Unit     UnitSums     `json:"unit"`
	Own      UnitSums     `json:"own"` // 本级: the unit's own people
	Children []UnitSums   `json:"children"`
	People   []PersonSums `json:"people"`
}

func (t Tally) sums() UnitSums {
	return UnitSums{Unit: UnitRef{ID: t.UnitID, Name: t.Name}, Members: t.Members, Exempt: t.Exempt, Expected: t.Expected(),
		Participants: t.Participants, Passed: t.Passed, Excellent: t.Excellent, SumBest: t.SumBest}
}

const (
	selectUnitPeople = `SELECT m.person_id, p.name, m.position, m.exempt, m.person_id IS NOT NULL AS on_roster,
		COALESCE(r.counted, m.exempt <> m.exempt) AS counted, COALESCE(r.passed, m.exempt <> m.exempt) AS passed,
		COALESCE(r.excellent, m.exempt <> m.exempt) AS excellent, COALESCE(r.score, 0) AS score,
		COALESCE(r.time_ms, 0) AS time_ms, COALESCE(r.attempts, 0) AS attempts
		FROM ranking_roster m JOIN people p ON p.id = m.person_id
		LEFT JOIN ranking_results r ON r.board_id = m.board_id AND r.person_id = m.person_id
		WHERE m.board_id = ? AND m.unit_id = ?`
	selectGuests = `SELECT r.person_id, p.name, '' AS position, r.counted <> r.counted AS exempt,
		r.counted <> r.counted AS on_roster, r.counted, r.passed, r.excellent, r.score, r.time_ms, r.attempts
		FROM ranking_results r JOIN people p ON p.id = r.person_id
		WHERE r.board_id = ? AND r.unit_id = ? AND r.counted AND NOT EXISTS
		(SELECT 1 FROM ranking_roster m WHERE m.board_id = r.board_id AND m.person_id = r.person_id)`
)

type drillRow struct {
	PersonID                                     int64
	Name, Position                               string
	Exempt, OnRoster, Counted, Passed, Excellent bool
	Score, TimeMs, Attempts                      int64
}

func (r drillRow) sums() PersonSums {
	p := PersonSums{Person: PersonRef{ID: r.PersonID, Name: r.Name}, Position: r.Position, OnRoster: r.OnRoster, Exempt: r.Exempt,
		Expected: one(r.OnRoster && !r.Exempt)}
	if r.Counted {
		p.HasResult, p.Score, p.TimeMS, p.Attempts = true, r.Score, r.TimeMs, r.Attempts
	}
	if r.Counted && r.OnRoster && !r.Exempt {
		p.Participants, p.Passed, p.Excellent, p.SumBest = 1, one(r.Passed), one(r.Excellent), r.Score
	}
	return p
}

// DrillDown opens a unit of the actor's scope: its own people and the units directly below, live.
func (s *Service) DrillDown(ctx context.Context, by org.Actor, boardID, unitID int64) (Drill, error) {
	b, v, err := s.see(ctx, by, boardID)
	if err != nil {
		return Drill{}, err
	}
	stats, err := loadStats(s.db.Read(ctx), b.ID)
	if err != nil {
		return Drill{}, err
	}
	at := slices.IndexFunc(stats, func(t Tally) bool { return t.UnitID == unitID })
	if at < 0 || !v.covers(stats[at].Path) {
		return Drill{}, ErrUnitNotFound
	}
	own := stats[at]
	d := Drill{Own: own.sums(), Children: []UnitSums{}, People: []PersonSums{}}
	below := Board{ID: b.ID, ScopePath: own.Path, NewBoard: NewBoard{ListEmpty: b.ListEmpty}}
	inside := slices.DeleteFunc(slices.Clone(stats), func(t Tally) bool { return t.Path == own.Path || !strings.HasPrefix(t.Path, own.Path) })
	total := own
	for _, child := range below.rollUp(inside) {
		total = total.plus(child)
		d.Children = append(d.Children, child.sums())
	}
	d.Unit = total.sums()
	var listed, guests []drillRow
	if err := s.db.Read(ctx).Raw(selectUnitPeople, b.ID, unitID).Scan(&listed).Error; err != nil {
		return Drill{}, err
	}
	if err := s.db.Read(ctx).Raw(selectGuests, b.ID, unitID).Scan(&guests).Error; err != nil {
		return Drill{}, err
	}
	for _, row := range slices.Concat(listed, guests) {
		d.People = append(d.People, row.sums())
	}
	slices.SortStableFunc(d.People, func(x, y PersonSums) int {
		return cmp.Or(cmp.Compare(y.Participants, x.Participants), cmp.Compare(y.Score, x.Score), cmp.Compare(x.Person.ID, y.Person.ID))
	})
	return d, nil
}

// MissingPerson is somebody expected who has no counted result.
type MissingPerson struct {
	Person   PersonRef `json:"person"`
	Unit     UnitRef   `json:"unit"`
	Position string    `json:"position"`
	State    string    `json:"state"` // NotSignedIn, NotStarted, InProgress or LeavePending
}

const selectMissing = `SELECT m.person_id, p.name, m.unit_id, s.unit_name, m.position
	FROM ranking_roster m JOIN people p ON p.id = m.person_id
	JOIN ranking_unit_stats s ON s.board_id = m.board_id AND s.unit_id = m.unit_id
	WHERE m.board_id = ? AND NOT m.exempt AND m.unit_path LIKE ? AND NOT EXISTS
	(SELECT 1 FROM ranking_results r WHERE r.board_id = m.board_id AND r.person_id = m.person_id AND r.counted)
	ORDER BY s.sort, m.unit_id, m.person_id`

// Missing names the people of a unit of the actor's scope, its subtree included, who have not taken part;
// for the board's scope unit that is everybody.
func (s *Service) Missing(ctx context.Context, by org.Actor, boardID, unitID int64) ([]MissingPerson, error) {
	b, v, err := s.see(ctx, by, boardID)
	if err != nil {
		return nil, err
	}
	stats, err := loadStats(s.db.Read(ctx), b.ID)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(stats, func(t Tally) bool { return t.UnitID == unitID })
	if at < 0 || !v.covers(stats[at].Path) {
		return nil, ErrUnitNotFound
	}
	return s.missing(ctx, b, stats[at].Path)
}

func (s *Service) missing(ctx context.Context, b Board, prefix string) ([]MissingPerson, error) {
	var rows []RosterPerson
	if err := s.db.Read(ctx).Raw(selectMissing, b.ID, prefix+"%").Scan(&rows).Error; err != nil {
		return nil, err
	}
	states := map[int64]string{}
	if s.wiring.Progress != nil && len(rows) > 0 {
		ids := make([]int64, len(rows))
		for i, row := range rows {
			ids[i] = row.PersonID
		}
		var err error
		if states, err = s.wiring.Progress(ctx, b.Ref, ids); err != nil {
			return nil, err
		}
	}
	out := make([]MissingPerson, len(rows))
	for i, row := range rows {
		out[i] = MissingPerson{Person: PersonRef{ID: row.PersonID, Name: row.Name}, Unit: UnitRef{ID: row.UnitID, Name: row.UnitName},
			Position: row.Position, State: or(states[row.PersonID], NotStarted)}
	}
	return out, nil
}
