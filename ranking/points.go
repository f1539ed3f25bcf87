package ranking

import "math/big"

// The formulas of rules-contest.md 5.5.
const (
	FormulaAll      = "U1" // 全员平均, the default: sum of best over everybody expected
	FormulaWeighted = "U2" // 加权综合: participation, mean and pass rate, weighted
	FormulaTeam     = "U3" // 团体: mean of the best m, the missing count 0
	FormulaTotal    = "U4" // 累计分: the plain sum, fair only within a band
	FormulaShrunk   = "U5" // mean drawn towards the board's, for boards of opinion
)

// Rule is how a board turns the tally of a unit into a score and a place. It is fixed when the roster is.
type Rule struct {
	Formula string
	// WeightPart, WeightMean and WeightPass are U2's weights in thousandths; they sum to 1000.
	WeightPart, WeightMean, WeightPass int64
	// TeamLeast and TeamShare (thousandths of the expected people) give U3's m = max(least, ⌈share·E⌉).
	TeamLeast, TeamShare int64
	// Shrink is how many imagined people at the board's mean U5 adds to each unit.
	Shrink int64
	// FullMark and PassMark are marks of one paper in 1/100 point; with kept score "sum" FullMark is that of
	// all attempts together.
	FullMark, PassMark int64
	// BandLimits are the largest sizes of the bands but the last (rules-training.md R6: 10, 50).
	BandLimits []int64
	// LeastShare (thousandths) and LeastPeople are the participation a unit needs to be ranked; 0 = no gate.
	LeastShare, LeastPeople int64
}

// Tally is the sums of a unit, its subtree included. Sums are in 1/100 point, times in ms.
type Tally struct {
	UnitID       int64
	Name         string
	Path         string
	Sort         int64
	Members      int64 // N, everybody on the roster
	Exempt       int64 // x, approved exemptions
	Participants int64 // P
	Passed       int64
	Excellent    int64
	SumBest      int64
	MedianTwice  int64   // twice the median time, so that it is whole; 0 = not asked for
	Best         []int64 // the best scores, falling, as many as U3 counts; else empty
	Shrunk       bool    // a correction of the last seven days lowered the expected people (R3)
}

// Expected is E, the roster less exemptions.
func (t Tally) Expected() int64 { return t.Members - t.Exempt }

// team is U3's m for that many expected people.
func (r Rule) team(expected int64) int64 {
	return max(r.TeamLeast, (r.TeamShare*expected+999)/1000, 1)
}

// load is what a formula reads. The sum is a fraction because "what would move it" adds people at the
// unit's average.
type load struct {
	expected, participants, passed int64
	sum                            *big.Rat
	best                           []*big.Rat
}

func (t Tally) load() load {
	l := load{expected: t.Expected(), participants: t.Participants, passed: t.Passed, sum: whole(t.SumBest)}
	for _, b := range t.Best {
		l.best = append(l.best, whole(b))
	}
	return l
}

// participation is p = P/E, at most 1; nil if nobody is expected.
func (l load) participation() *big.Rat {
	if l.expected <= 0 {
		return nil
	}
	return big.NewRat(min(l.participants, l.expected), l.expected)
}

// mean is q = Σb/(P·F); 0 if nobody took part.
func (l load) mean(full int64) *big.Rat {
	if l.participants <= 0 {
		return new(big.Rat)
	}
	return over(l.sum, l.participants*full)
}

// passRate is a = passed/E; nil if nobody is expected.
func (l load) passRate() *big.Rat {
	if l.expected <= 0 {
		return nil
	}
	return big.NewRat(min(l.passed, l.expected), l.expected)
}

// points is the unit's score on a scale of 100, exact; nil if nobody is expected. board is the mean over
// all participants of the board (0-1), which only U5 reads.
func (r Rule) points(l load, board *big.Rat) *big.Rat {
	if l.expected <= 0 {
		return nil
	}
	var u *big.Rat
	switch r.Formula {
	case FormulaWeighted:
		u = over(times(l.participation(), r.WeightPart), 1000)
		u.Add(u, over(times(l.mean(r.FullMark), r.WeightMean), 1000))
		u.Add(u, over(times(l.passRate(), r.WeightPass), 1000))
	case FormulaTeam:
		m := r.team(l.expected)
		sum := new(big.Rat)
		for _, b := range l.best[:min(int64(len(l.best)), m)] {
			sum.Add(sum, b)
		}
		u = over(sum, m*r.FullMark)
	case FormulaTotal:
		u = over(l.sum, r.FullMark)
	case FormulaShrunk:
		u = over(l.sum, r.FullMark)
		u.Add(u, times(board, r.Shrink))
		u = over(u, l.participants+r.Shrink)
	default:
		u = over(l.sum, l.expected*r.FullMark)
	}
	return times(u, 100)
}

// boardMean is q̄, the mean over all participants of all units (0-1); 0 if nobody took part.
func (r Rule) boardMean(tallies []Tally) *big.Rat {
	var sum, people int64
	for _, t := range tallies {
		sum += t.SumBest
		people += t.Participants
	}
	if people == 0 {
		return new(big.Rat)
	}
	return big.NewRat(sum, people*r.FullMark)
}

func whole(n int64) *big.Rat             { return new(big.Rat).SetInt64(n) }
func times(x *big.Rat, n int64) *big.Rat { return new(big.Rat).Mul(x, whole(n)) }
func over(x *big.Rat, n int64) *big.Rat  { return new(big.Rat).Quo(x, whole(n)) }
func hundredths(x *big.Rat) int64        { return halfUp(times(x, 100)) }

// halfUp rounds a fraction that is not negative to the nearest whole, halves up. It is applied once, for
// display; ranks compare the fraction.
func halfUp(x *big.Rat) int64 {
	num := new(big.Int).Lsh(x.Num(), 1)
	num.Add(num, x.Denom())
	return num.Quo(num, new(big.Int).Lsh(x.Denom(), 1)).Int64()
}
