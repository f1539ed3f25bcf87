package ranking

import (
	"math/big"
	"slices"
)

// Sentence is a statement as a code and its values; the interface has the words of each language.
type Sentence struct {
	Code string         `json:"code"`
	Args map[string]any `json:"args"`
}

// Component is one part of a unit's score. Value is the share in 1/10000; Points and MaxPoints are what it
// adds to the score, in 1/100 point, where the formula is a sum (U2), else null.
type Component struct {
	Code        string `json:"code"` // participation, average, passRate, fullAverage, team, total, boardMean
	Numerator   int64  `json:"numerator"`
	Denominator int64  `json:"denominator"`
	Value       int64  `json:"value"`
	Weight      int64  `json:"weight"` // thousandths; 0 = not weighted
	Points      *int64 `json:"points"`
	MaxPoints   *int64 `json:"maxPoints"`
	Used        bool   `json:"used"` // enters the formula; otherwise only shown or a tie-breaker
}

// Neighbour is a unit further up. Unit and Components are null where the asking person may not see it.
type Neighbour struct {
	Unit       *UnitRef    `json:"unit"`
	Rank       int         `json:"rank"`
	Score      int64       `json:"score"`
	Gap        int64       `json:"gap"` // 1/100 point; 0 = only a tie-breaker lies between
	Components []Component `json:"components"`
}

// Move is what becomes of the unit if Extra more people take part and nobody else changes.
type Move struct {
	Extra int64 `json:"extra"`
	Score int64 `json:"score"`
	Rank  int   `json:"rank"`
}

// Explanation is "why this rank, and what would move it".
type Explanation struct {
	Unit       UnitRow     `json:"unit"`
	Formula    Sentence    `json:"formula"`
	Components []Component `json:"components"`
	Above      *Neighbour  `json:"above"`      // the next unit up; null for the first and the unranked
	Third      *Neighbour  `json:"third"`      // who holds the last of the first three places, if this unit is below
	Assumption *Sentence   `json:"assumption"` // of Moves
	Moves      []Move      `json:"moves"`
	UpOne      *Move       `json:"upOne"`    // the fewest more people that move it up; null = participation alone does not
	TopThree   *Move       `json:"topThree"` // the fewest that bring it among the first three

	path string
}

// explain answers for the i-th of the rows that standings returned.
func (r Rule) explain(rows []standing, all []Band, i int) Explanation {
	s := rows[i]
	mean := r.boardMean(tallyOf(rows))
	e := Explanation{Unit: r.row(s, all), Formula: r.sentence(), Moves: []Move{}, path: s.tally.Path}
	if s.status == StatusNone || s.status == StatusSingle {
		e.Components = []Component{}
		return e
	}
	e.Components = r.components(s.tally, mean)
	if s.status != StatusRanked {
		return e
	}
	band := slices.DeleteFunc(slices.Clone(rows), func(o standing) bool { return o.status != StatusRanked || o.band != s.band })
	for _, o := range band {
		if o.rank < s.rank {
			e.Above = r.neighbour(o, s, mean)
		}
		if o.rank <= 3 && s.rank > 3 {
			e.Third = r.neighbour(o, s, mean)
		}
	}
	r.whatIf(&e, s, band, mean)
	return e
}

func tallyOf(rows []standing) []Tally {
	out := make([]Tally, len(rows))
	for i, row := range rows {
		out[i] = row.tally
	}
	return out
}

func (r Rule) neighbour(o, s standing, mean *big.Rat) *Neighbour {
	return &Neighbour{Unit: &UnitRef{ID: o.tally.UnitID, Name: o.tally.Name}, Rank: o.rank, Score: hundredths(o.place.score),
		Gap: hundredths(o.place.score) - hundredths(s.place.score), Components: r.components(o.tally, mean)}
}

// sentence is the formula in words.
func (r Rule) sentence() Sentence {
	args := map[string]any{"full": r.FullMark}
	switch r.Formula {
	case FormulaWeighted:
		args["participation"], args["average"], args["passRate"] = r.WeightPart, r.WeightMean, r.WeightPass
	case FormulaTeam:
		args["least"], args["share"] = r.TeamLeast, r.TeamShare
	case FormulaShrunk:
		args["shrink"] = r.Shrink
	}
	return Sentence{Code: "formula." + r.Formula, Args: args}
}

func (r Rule) components(t Tally, mean *big.Rat) []Component {
	l := t.load()
	e := t.Expected()
	weighted := r.Formula == FormulaWeighted
	parts := []Component{
		part("participation", min(t.Participants, e), e, r.Formula == FormulaAll || weighted),
		part("average", t.SumBest, t.Participants*r.FullMark, r.Formula != FormulaTeam && r.Formula != FormulaTotal),
		part("passRate", min(t.Passed, e), e, weighted),
	}
	switch r.Formula {
	case FormulaWeighted:
		for i, w := range []int64{r.WeightPart, r.WeightMean, r.WeightPass} {
			share := []*big.Rat{l.participation(), l.mean(r.FullMark), l.passRate()}[i]
			parts[i].Weight = w
			parts[i].Points, parts[i].MaxPoints = shown(halfUp(times(share, 10*w))), shown(10*w)
		}
	case FormulaTeam:
		m, sum := r.team(e), int64(0)
		for _, b := range t.Best[:min(int64(len(t.Best)), m)] {
			sum += b
		}
		parts = append(parts, part("team", sum, m*r.FullMark, true))
	case FormulaTotal:
		parts = append(parts, part("total", t.SumBest, r.FullMark, true))
	case FormulaShrunk:
		board := part("boardMean", 0, 0, true)
		board.Value, board.Weight = halfUp(times(mean, 10_000)), r.Shrink
		parts = append(parts, board)
	default:
		parts = append(parts, part("fullAverage", t.SumBest, e*r.FullMark, true))
	}
	return parts
}

func part(code string, num, den int64, used bool) Component {
	c := Component{Code: code, Numerator: num, Denominator: den, Used: used}
	if den > 0 {
		c.Value = halfUp(big.NewRat(num*10_000, den))
	}
	return c
}

// whatIf fills the moves: k more people at the unit's average, everybody else as now.
func (r Rule) whatIf(e *Explanation, s standing, band []standing, mean *big.Rat) {
	missing := s.tally.Expected() - s.tally.Participants
	if missing <= 0 {
		return
	}
	each, source := r.assumed(s.tally, mean)
	passes := each.Cmp(whole(r.PassMark)) >= 0
	e.Assumption = &Sentence{Code: "assume." + source, Args: map[string]any{
		"each": hundredths(over(times(each, 100), r.FullMark)), "passes": passes}}
	try := func(k int64) Move {
		p := r.placeWith(s, k, each, passes, mean)
		rank := 1
		for _, o := range band {
			if o.tally.Path != s.tally.Path && comparePlaces(o.place, p) < 0 {
				rank++
			}
		}
		return Move{Extra: k, Score: hundredths(p.score), Rank: rank}
	}
	if s.rank > 1 {
		e.UpOne = fewest(missing, try, s.rank-1)
	}
	if s.rank > 3 {
		e.TopThree = fewest(missing, try, 3)
	}
	steps := []int64{1, 2, 3, missing}
	for _, m := range []*Move{e.UpOne, e.TopThree} {
		if m != nil {
			steps = append(steps, m.Extra)
		}
	}
	slices.Sort(steps)
	for _, k := range slices.Compact(steps) {
		if k <= missing {
			e.Moves = append(e.Moves, try(k))
		}
	}
}

// fewest is the smallest number of more people that reaches the rank, or nil. Adding people at the unit's
// average moves its score one way only, so halving finds it.
func fewest(missing int64, try func(int64) Move, rank int) *Move {
	if try(missing).Rank > rank {
		return nil
	}
	low, high := int64(1), missing
	for low < high {
		mid := (low + high) / 2
		if try(mid).Rank <= rank {
			high = mid
		} else {
			low = mid + 1
		}
	}
	m := try(low)
	return &m
}

// assumed is the score of each further person in 1/100 point: the unit's own average; where nobody took
// part yet the board's; before anybody did, the pass mark.
func (r Rule) assumed(t Tally, mean *big.Rat) (each *big.Rat, source string) {
	switch {
	case t.Participants > 0:
		return big.NewRat(t.SumBest, t.Participants), "unit_average"
	case mean.Sign() > 0:
		return times(mean, r.FullMark), "board_average"
	}
	return whole(r.PassMark), "pass_mark"
}

func (r Rule) placeWith(s standing, k int64, each *big.Rat, passes bool, mean *big.Rat) place {
	l := s.tally.load()
	l.participants += k
	l.sum = new(big.Rat).Add(l.sum, times(each, k))
	if passes {
		l.passed += k
	}
	if r.Formula == FormulaTeam {
		for range min(k, r.team(l.expected)) {
			l.best = append(l.best, each)
		}
		slices.SortFunc(l.best, func(a, b *big.Rat) int { return b.Cmp(a) })
	}
	return place{score: r.points(l, mean), participation: l.participation(), passRate: l.passRate(),
		participants: l.participants, medianTwice: s.place.medianTwice}
}
