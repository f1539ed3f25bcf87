package ranking

import (
	"cmp"
	"math/big"
	"slices"
)

// How a unit stands on the board.
const (
	StatusRanked = "ranked"
	StatusSingle = "single" // 单列: fewer than three expected, not ranked, no average shown (R6)
	StatusGated  = "gated"  // below the participation the board asks for
	StatusNone   = "none"   // nobody expected: "—", never 0 % or 100 %
)

// Flags beside a rank (R3).
const (
	FlagExempt = "exempt_share" // exemptions above 20 % of the roster
	FlagShrunk = "expected_cut" // a correction of the last seven days lowered the expected people
)

// exemptFlagShare is R3's bound in thousandths of the roster.
const exemptFlagShare = 200

// UnitRef names a unit.
type UnitRef struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// UnitRow is a unit on the board, ready to be sent. Score and average are 1/100 point on a scale of 100,
// rates 0-1; null = not shown.
type UnitRow struct {
	Unit              UnitRef  `json:"unit"`
	Rank              *int     `json:"rank"` // within the band
	OverallRank       *int     `json:"overallRank"`
	RankChange        *int     `json:"rankChange"` // places won within the band since the day before
	Band              string   `json:"band"`
	Status            string   `json:"status"`
	Expected          int64    `json:"expected"`
	Exempt            int64    `json:"exempt"`
	Participants      int64    `json:"participants"`
	ParticipationRate *float64 `json:"participationRate"`
	Average           *int64   `json:"average"` // sum of best / participants
	PassRate          *float64 `json:"passRate"`
	Score             *int64   `json:"score"`
	Missing           int64    `json:"missing"` // 还差 k 人
	MetGoal           bool     `json:"metGoal"` // everybody expected took part
	Own               bool     `json:"own"`     // the asking person's own unit
	Direct            bool     `json:"direct"`  // 本级: the people of the board's scope unit itself
	Flags             []string `json:"flags"`

	path string
}

// standing is a tally with its exact figures and places.
type standing struct {
	tally   Tally
	place   place // score nil if nobody is expected
	status  string
	band    int
	rank    int // within the band; 0 = not ranked
	overall int
}

// standings ranks the tallies and returns them by band, then rank, then the unranked in the units' order.
func (r Rule) standings(tallies []Tally) ([]standing, []Band) {
	mean := r.boardMean(tallies)
	rows := make([]standing, 0, len(tallies))
	var sizes []int64
	for _, t := range tallies {
		s := standing{tally: t, status: r.status(t)}
		if t.Expected() > 0 {
			l := t.load()
			s.place = place{score: r.points(l, mean), participation: l.participation(), passRate: l.passRate(),
				participants: t.Participants, medianTwice: t.MedianTwice}
		}
		if s.status == StatusRanked {
			sizes = append(sizes, t.Expected())
		}
		rows = append(rows, s)
	}
	all := bands(r.BandLimits, sizes)
	slices.SortStableFunc(rows, byPlace)
	number(rows, func(s *standing, rank int) { s.overall = rank })
	for i := range rows {
		if rows[i].status == StatusRanked {
			rows[i].band = bandOf(all, rows[i].tally.Expected())
		}
	}
	slices.SortStableFunc(rows, func(a, b standing) int {
		if a.status == StatusRanked && b.status == StatusRanked {
			return cmp.Compare(a.band, b.band)
		}
		return 0
	})
	for start := 0; start < len(rows) && rows[start].status == StatusRanked; {
		end := start
		for end < len(rows) && rows[end].status == StatusRanked && rows[end].band == rows[start].band {
			end++
		}
		number(rows[start:end], func(s *standing, rank int) { s.rank = rank })
		start = end
	}
	return rows, all
}

// byPlace puts the ranked first, by place; the others by status, then the units' own order.
func byPlace(a, b standing) int {
	order := map[string]int{StatusRanked: 0, StatusGated: 1, StatusSingle: 2, StatusNone: 3}
	if c := cmp.Compare(order[a.status], order[b.status]); c != 0 {
		return c
	}
	if a.status == StatusRanked {
		if c := comparePlaces(a.place, b.place); c != 0 {
			return c
		}
	}
	// For the eye only: equal places share their rank.
	return cmp.Or(cmp.Compare(a.tally.Sort, b.tally.Sort), cmp.Compare(a.tally.UnitID, b.tally.UnitID))
}

// number gives the ranked rows at the head of a sorted list their shared ranks.
func number(rows []standing, set func(*standing, int)) {
	n := 0
	for n < len(rows) && rows[n].status == StatusRanked {
		n++
	}
	ranks := shareRanks(n, func(i, j int) bool { return comparePlaces(rows[i].place, rows[j].place) == 0 })
	for i, rank := range ranks {
		set(&rows[i], rank)
	}
}

func (r Rule) status(t Tally) string {
	e := t.Expected()
	switch {
	case e <= 0:
		return StatusNone
	case e < leastRanked:
		return StatusSingle
	case t.Participants < r.LeastPeople || t.Participants*1000 < r.LeastShare*e:
		return StatusGated
	}
	return StatusRanked
}

// row turns a standing into what is shown.
func (r Rule) row(s standing, all []Band) UnitRow {
	t := s.tally
	row := UnitRow{Unit: UnitRef{ID: t.UnitID, Name: t.Name}, Status: s.status, Expected: t.Expected(), Exempt: t.Exempt,
		Participants: t.Participants, Missing: max(0, t.Expected()-t.Participants), Flags: flags(t), path: t.Path,
		MetGoal: t.Expected() > 0 && t.Participants >= t.Expected()}
	if s.status == StatusNone {
		return row
	}
	row.ParticipationRate = rate(s.place.participation)
	if s.status == StatusSingle {
		return row
	}
	row.PassRate = rate(s.place.passRate)
	row.Score = shown(hundredths(s.place.score))
	if t.Participants > 0 {
		row.Average = shown(hundredths(times(t.load().mean(r.FullMark), 100)))
	}
	if s.status == StatusRanked {
		row.Rank, row.OverallRank, row.Band = shown(s.rank), shown(s.overall), all[s.band].Key
	}
	return row
}

func flags(t Tally) []string {
	out := []string{}
	if t.Exempt*1000 > exemptFlagShare*t.Members {
		out = append(out, FlagExempt)
	}
	if t.Shrunk {
		out = append(out, FlagShrunk)
	}
	return out
}

func shown[T any](v T) *T { return &v }

// rate is a share as a decimal of six places.
func rate(x *big.Rat) *float64 {
	f := float64(halfUp(times(x, 1_000_000))) / 1_000_000
	return &f
}

// topOfBoard is how many units of a band the public sees (R10).
const topOfBoard = 10

// public reports whether everybody may see the row (R10): the first ten of a band as far as they are not in
// its lower half, and every unit that met the goal.
func (u UnitRow) public(all []Band) bool {
	if u.MetGoal {
		return true
	}
	if u.Rank == nil {
		return false
	}
	for _, b := range all {
		if b.Key == u.Band {
			return *u.Rank <= min(topOfBoard, (b.Units+1)/2)
		}
	}
	return false
}
