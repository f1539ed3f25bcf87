package ranking

import (
	"math/big"
	"testing"
)

// hundred is a paper of 100 points with a pass mark of 60.
func hundred(formula string) Rule {
	n, err := NewBoard{Rule: Rule{Formula: formula, FullMark: 10_000, PassMark: 6_000}}.complete()
	if err != nil {
		panic(err)
	}
	return n.Rule
}

// alike is a unit in which so many took part with the same score, in points.
func alike(members, exempt, participants, score int64) Tally {
	t := Tally{Members: members, Exempt: exempt, Participants: participants, SumBest: participants * score * 100}
	if score >= 60 {
		t.Passed = participants
	}
	for range participants {
		t.Best = append(t.Best, score*100)
	}
	return t
}

func TestFormulasOfTheRules(t *testing.T) {
	for _, c := range []struct {
		name    string
		formula string
		tally   Tally
		want    *big.Rat // nil = no score
	}{
		{"U1 A: 2 of 10 with 100", FormulaAll, alike(10, 0, 2, 100), big.NewRat(20, 1)},
		{"U1 B: 95 of 100 with 88", FormulaAll, alike(100, 0, 95, 88), big.NewRat(836, 10)},
		{"U1 exempt leave the divisor", FormulaAll, alike(12, 2, 2, 100), big.NewRat(20, 1)},
		{"U1 nobody came", FormulaAll, alike(10, 0, 0, 0), new(big.Rat)},
		{"U1 nobody expected", FormulaAll, alike(3, 3, 0, 0), nil},
		{"U1 thirds stay exact", FormulaAll, alike(3, 0, 1, 100), big.NewRat(100, 3)},
		{"U2 A: .4·.2 + .4·1 + .2·.2", FormulaWeighted, alike(10, 0, 2, 100), big.NewRat(52, 1)},
		{"U2 B: .4·.95 + .4·.88 + .2·.95", FormulaWeighted, alike(100, 0, 95, 88), big.NewRat(922, 10)},
		{"U3 A: best 5 of 10, 3 missing", FormulaTeam, alike(10, 0, 2, 100), big.NewRat(40, 1)},
		{"U3 B: best 30 of 100", FormulaTeam, alike(100, 0, 95, 88), big.NewRat(88, 1)},
		{"U4 A: the sum", FormulaTotal, alike(10, 0, 2, 100), big.NewRat(200, 1)},
		{"U4 B: the sum", FormulaTotal, alike(100, 0, 95, 88), big.NewRat(8360, 1)},
		{"U5 A: (2·1 + 10·.5)/12", FormulaShrunk, alike(10, 0, 2, 100), big.NewRat(700, 12)},
		{"U5 B: (95·.88 + 10·.5)/105", FormulaShrunk, alike(100, 0, 95, 88), big.NewRat(8860, 105)},
		{"U5 nobody came: the board's mean", FormulaShrunk, alike(10, 0, 0, 0), big.NewRat(50, 1)},
	} {
		got := hundred(c.formula).points(c.tally.load(), big.NewRat(1, 2))
		if (got == nil) != (c.want == nil) || (got != nil && got.Cmp(c.want) != 0) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestParticipationIsCappedAtOne(t *testing.T) {
	l := Tally{Members: 4, Exempt: 1, Participants: 4, Passed: 4}.load()
	if l.participation().Cmp(big.NewRat(1, 1)) != 0 || l.passRate().Cmp(big.NewRat(1, 1)) != 0 {
		t.Errorf("p %v, a %v", l.participation(), l.passRate())
	}
}

func TestBoardMeanSumsBeforeItDivides(t *testing.T) {
	got := hundred(FormulaShrunk).boardMean([]Tally{alike(10, 0, 2, 100), alike(100, 0, 98, 50)})
	if got.Cmp(big.NewRat(2*100+98*50, 100*100)) != 0 { // a mean of means would be .75
		t.Error(got)
	}
}

func TestHalfUp(t *testing.T) {
	for _, c := range []struct {
		num, den, want int64
	}{{1, 2, 1}, {49, 100, 0}, {3, 2, 2}, {5, 3, 2}, {4, 3, 1}, {0, 1, 0}, {149, 100, 1}} {
		if got := halfUp(big.NewRat(c.num, c.den)); got != c.want {
			t.Errorf("%d/%d: %d, want %d", c.num, c.den, got, c.want)
		}
	}
}
