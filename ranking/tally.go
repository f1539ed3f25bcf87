package ranking

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"
)

// week is R3's span in ms: a cut of the expected people inside it is flagged beside the rank.
const week = 7 * 24 * 60 * 60 * 1000

type statRow struct {
	UnitID                          int64
	UnitPath, UnitName              string
	Sort, Members, Exempt           int64
	Participants, Passed, Excellent int64
	SumBest                         int64
}

func (r statRow) tally() Tally {
	return Tally{UnitID: r.UnitID, Name: r.UnitName, Path: r.UnitPath, Sort: r.Sort, Members: r.Members, Exempt: r.Exempt,
		Participants: r.Participants, Passed: r.Passed, Excellent: r.Excellent, SumBest: r.SumBest}
}

// plus adds another unit's sums: a parent is sums of numerators and denominators, never a mean of means.
func (t Tally) plus(u Tally) Tally {
	t.Members += u.Members
	t.Exempt += u.Exempt
	t.Participants += u.Participants
	t.Passed += u.Passed
	t.Excellent += u.Excellent
	t.SumBest += u.SumBest
	return t
}

const (
	selectStats = `SELECT unit_id, unit_path, unit_name, sort, members, exempt, participants, passed, excellent, sum_best
		FROM ranking_unit_stats WHERE board_id = ?`
	selectCuts = `SELECT DISTINCT unit_path FROM ranking_corrections WHERE board_id = ? AND expected < 0 AND at >= ?`
	// The people a unit's sums count: on the roster, not exempt, with a counted result.
	selectScores = `SELECT r.unit_path, r.score FROM ranking_results r
		JOIN ranking_roster m ON m.board_id = r.board_id AND m.person_id = r.person_id
		WHERE r.board_id = ? AND r.counted AND NOT m.exempt ORDER BY r.score DESC`
	selectTimes = `SELECT r.time_ms FROM ranking_results r
		JOIN ranking_roster m ON m.board_id = r.board_id AND m.person_id = r.person_id
		WHERE r.board_id = ? AND r.counted AND NOT m.exempt AND r.unit_path LIKE ? ORDER BY r.time_ms`
)

// rowPath is the path of the ranked unit that a unit of the roster belongs to: the child of the scope unit
// above it, the scope unit itself for its own people (本级), or the unit itself outside the scope.
func rowPath(scope, path string) string {
	rest, inside := strings.CutPrefix(path, scope)
	if !inside || rest == "" {
		return path
	}
	head, _, _ := strings.Cut(rest, "/")
	return scope + head + "/"
}

// unitOf is the id at the end of a path such as "/1/5/".
func unitOf(path string) int64 {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	id, err := strconv.ParseInt(parts[len(parts)-1], 10, 64)
	if err != nil {
		return 0
	}
	return id
}

func loadStats(db *gorm.DB, boardID int64) ([]Tally, error) {
	var rows []statRow
	if err := db.Raw(selectStats, boardID).Scan(&rows).Error; err != nil {
		return nil, err
	}
	out := make([]Tally, len(rows))
	for i, row := range rows {
		out[i] = row.tally()
	}
	return out, nil
}

// loadTallies returns the tally of each ranked unit of the board.
func loadTallies(db *gorm.DB, b Board, now int64) ([]Tally, error) {
	stats, err := loadStats(db, b.ID)
	if err != nil {
		return nil, err
	}
	tallies := b.rollUp(stats)
	if b.Rule.Formula == FormulaTeam {
		if err := loadBest(db, b, tallies); err != nil {
			return nil, err
		}
	}
	if err := loadCuts(db, b, tallies, now-week); err != nil {
		return nil, err
	}
	return tallies, loadMedians(db, b, tallies)
}

// rollUp sums the stats of each ranked unit's subtree, in the units' order.
func (b Board) rollUp(stats []Tally) []Tally {
	rows := map[string]Tally{}
	for _, t := range stats {
		path := rowPath(b.ScopePath, t.Path)
		row := rows[path]
		if t.Path == path {
			row.Name, row.Sort = t.Name, t.Sort
		}
		row.Path, row.UnitID = path, unitOf(path)
		rows[path] = row.plus(t)
	}
	tallies := make([]Tally, 0, len(rows))
	for path, row := range rows {
		// Of the scope unit itself only its own people are a row, so it is never listed empty.
		if row.Members > 0 || (b.ListEmpty && path != b.ScopePath) {
			tallies = append(tallies, row)
		}
	}
	slices.SortFunc(tallies, func(a, b Tally) int {
		return cmp.Or(cmp.Compare(a.Sort, b.Sort), cmp.Compare(a.UnitID, b.UnitID))
	})
	return tallies
}

// byPath finds the tally a unit of the roster belongs to.
func byPath(b Board, tallies []Tally) func(path string) *Tally {
	at := make(map[string]int, len(tallies))
	for i, t := range tallies {
		at[t.Path] = i
	}
	return func(path string) *Tally {
		if i, ok := at[rowPath(b.ScopePath, path)]; ok {
			return &tallies[i]
		}
		return nil
	}
}

// loadBest reads each unit's best scores, as many as U3 counts.
func loadBest(db *gorm.DB, b Board, tallies []Tally) error {
	var rows []struct {
		UnitPath string
		Score    int64
	}
	if err := db.Raw(selectScores, b.ID).Scan(&rows).Error; err != nil {
		return err
	}
	find := byPath(b, tallies)
	for _, row := range rows {
		if t := find(row.UnitPath); t != nil && int64(len(t.Best)) < b.Rule.team(t.Expected()) {
			t.Best = append(t.Best, row.Score)
		}
	}
	return nil
}

func loadCuts(db *gorm.DB, b Board, tallies []Tally, since int64) error {
	var paths []string
	if err := db.Raw(selectCuts, b.ID, since).Scan(&paths).Error; err != nil {
		return err
	}
	find := byPath(b, tallies)
	for _, path := range paths {
		if t := find(path); t != nil {
			t.Shrunk = true
		}
	}
	return nil
}

// loadMedians reads the median time of the units that are equal in all the rest: nobody else's matters, and
// a median cannot be kept by adding.
func loadMedians(db *gorm.DB, b Board, tallies []Tally) error {
	rows, _ := b.Rule.standings(tallies)
	find := byPath(b, tallies)
	tied := map[string]bool{}
	ranked := slices.DeleteFunc(rows, func(s standing) bool { return s.status != StatusRanked || s.tally.Participants == 0 })
	slices.SortFunc(ranked, func(a, b standing) int { return compareRates(a.place, b.place) })
	for i := 1; i < len(ranked); i++ {
		if compareRates(ranked[i-1].place, ranked[i].place) == 0 {
			tied[ranked[i-1].tally.Path], tied[ranked[i].tally.Path] = true, true
		}
	}
	for path := range tied {
		prefix := path + "%"
		if path == b.ScopePath { // 本级: its own people only
			prefix = path
		}
		var times []int64
		if err := db.Raw(selectTimes, b.ID, prefix).Scan(&times).Error; err != nil {
			return err
		}
		if n := len(times); n > 0 {
			find(path).MedianTwice = times[(n-1)/2] + times[n/2]
		}
	}
	return nil
}
