package ranking

import "testing"

func explained(t *testing.T, r Rule, unit int64, tallies ...Tally) Explanation {
	t.Helper()
	rows, all := r.standings(tallies)
	for i, row := range rows {
		if row.tally.UnitID == unit {
			return r.explain(rows, all, i)
		}
	}
	t.Fatal("no such unit")
	return Explanation{}
}

func TestExplainU1(t *testing.T) {
	// 10 people each: 10×80 = 80, 9×85 = 76.5, 8×90 = 72, 6×85 = 51
	e := explained(t, hundred(FormulaAll), 5, named(2, alike(10, 0, 10, 80)), named(3, alike(10, 0, 9, 85)),
		named(4, alike(10, 0, 8, 90)), named(5, alike(10, 0, 6, 85)))
	if *e.Unit.Rank != 4 || e.Above == nil || e.Above.Unit.ID != 4 || e.Above.Gap != 2_100 || e.Third.Unit.ID != 4 {
		t.Fatalf("%+v", e)
	}
	if e.Assumption.Code != "assume.unit_average" || e.Assumption.Args["each"] != int64(8_500) || e.Assumption.Args["passes"] != true {
		t.Errorf("%+v", e.Assumption)
	}
	want := []Move{{1, 5_950, 4}, {2, 6_800, 4}, {3, 7_650, 2}, {4, 8_500, 1}}
	for i, m := range want {
		if m.Extra == 3 { // 76.5 twice: equal in p, a and median, so shared
			m.Rank = 2
		}
		if i >= len(e.Moves) || e.Moves[i] != m {
			t.Errorf("move %d: %+v, want %+v", i, e.Moves, m)
		}
	}
	if e.UpOne == nil || e.UpOne.Extra != 3 || e.TopThree == nil || e.TopThree.Extra != 3 {
		t.Errorf("up %+v, top three %+v", e.UpOne, e.TopThree)
	}
	codes := map[string]Component{}
	for _, c := range e.Components {
		codes[c.Code] = c
	}
	if c := codes["participation"]; c.Numerator != 6 || c.Denominator != 10 || c.Value != 6_000 || !c.Used {
		t.Errorf("%+v", c)
	}
	if c := codes["fullAverage"]; c.Value != 5_100 || !c.Used {
		t.Errorf("%+v", c)
	}
	if codes["passRate"].Used {
		t.Error("the pass rate is only shown")
	}
}

func TestExplainU2PartsAddUp(t *testing.T) {
	e := explained(t, hundred(FormulaWeighted), 2, named(2, alike(38, 0, 32, 85)), named(3, alike(38, 0, 38, 90)), named(4, alike(38, 0, 38, 95)))
	var sum, most int64
	for _, c := range e.Components {
		sum += *c.Points
		most += *c.MaxPoints
	}
	if most != 10_000 || sum-*e.Unit.Score > 2 || *e.Unit.Score-sum > 2 {
		t.Errorf("parts %d of %d, score %d", sum, most, *e.Unit.Score)
	}
	if e.UpOne != nil {
		t.Errorf("all of them at 85 do not pass 90: %+v", e.UpOne)
	}
}

func TestMovesAreWhatThenHappens(t *testing.T) {
	for _, formula := range []string{FormulaAll, FormulaWeighted, FormulaTeam, FormulaTotal} {
		r := hundred(formula)
		others := []Tally{named(2, alike(20, 0, 19, 80)), named(3, alike(20, 0, 12, 85)), named(4, alike(20, 0, 9, 70)), named(6, alike(20, 0, 3, 99))}
		e := explained(t, r, 5, append(others, named(5, alike(20, 0, 4, 75)))...)
		for _, m := range e.Moves {
			rows, _ := rowsOf(r, append(others, named(5, alike(20, 0, 4+m.Extra, 75)))...)
			if got := rows[5]; *got.Rank != m.Rank || *got.Score != m.Score {
				t.Errorf("%s +%d: said %+v, became %d with %d", formula, m.Extra, m, *got.Rank, *got.Score)
			}
		}
		if e.UpOne != nil && e.UpOne.Extra > 1 {
			rows, _ := rowsOf(r, append(others, named(5, alike(20, 0, 3+e.UpOne.Extra, 75)))...)
			if *rows[5].Rank < *e.Unit.Rank {
				t.Errorf("%s: one fewer than %d would do", formula, e.UpOne.Extra)
			}
		}
	}
}

func TestNobodyYetAssumesTheBoardThenThePassMark(t *testing.T) {
	e := explained(t, hundred(FormulaAll), 5, named(5, alike(10, 0, 0, 0)), named(6, alike(10, 0, 5, 80)))
	if e.Assumption.Code != "assume.board_average" || e.Assumption.Args["each"] != int64(8_000) {
		t.Errorf("%+v", e.Assumption)
	}
	e = explained(t, hundred(FormulaAll), 5, named(5, alike(10, 0, 0, 0)))
	if e.Assumption.Code != "assume.pass_mark" || e.Assumption.Args["each"] != int64(6_000) {
		t.Errorf("%+v", e.Assumption)
	}
}

func TestUnrankedUnitsHaveNoMoves(t *testing.T) {
	e := explained(t, hundred(FormulaAll), 5, named(5, alike(2, 0, 1, 90)), named(6, alike(10, 0, 5, 80)))
	if len(e.Components) != 0 || len(e.Moves) != 0 || e.Above != nil {
		t.Errorf("%+v", e)
	}
}
