package ranking

import (
	"fmt"
	"testing"
)

func named(id int64, t Tally) Tally {
	t.UnitID, t.Name, t.Path, t.Sort = id, fmt.Sprintf("单位%d", id), fmt.Sprintf("/1/%d/", id), id
	return t
}

func rowsOf(r Rule, tallies ...Tally) (map[int64]UnitRow, []UnitRow) {
	standings, all := r.standings(tallies)
	byID, list := map[int64]UnitRow{}, []UnitRow{}
	for _, s := range standings {
		row := r.row(s, all)
		byID[row.Unit.ID] = row
		list = append(list, row)
	}
	return byID, list
}

func TestSmallAndEmptyUnitsAreNotRanked(t *testing.T) {
	rows, list := rowsOf(hundred(FormulaAll), named(2, alike(4, 0, 4, 90)), named(3, alike(2, 0, 2, 100)),
		named(4, alike(5, 5, 0, 0)), named(5, alike(4, 2, 1, 100)), named(6, alike(5, 0, 0, 0)))
	if r := rows[2]; r.Status != StatusRanked || *r.Rank != 1 || *r.Score != 9_000 || *r.Average != 9_000 || !r.MetGoal {
		t.Errorf("%+v", r)
	}
	if r := rows[3]; r.Status != StatusSingle || r.Rank != nil || r.Average != nil || r.Score != nil || r.PassRate != nil || *r.ParticipationRate != 1 {
		t.Errorf("N < 3: %+v", r)
	}
	if r := rows[5]; r.Status != StatusSingle || r.Expected != 2 || r.Missing != 1 || len(r.Flags) != 1 {
		t.Errorf("4 less 2 exempt: %+v", r)
	}
	if r := rows[4]; r.Status != StatusNone || r.ParticipationRate != nil || r.Score != nil || r.MetGoal {
		t.Errorf("N = 0: %+v", r)
	}
	if r := rows[6]; *r.Rank != 2 || *r.Score != 0 || r.Average != nil || *r.ParticipationRate != 0 {
		t.Errorf("nobody came: %+v", r)
	}
	if list[len(list)-1].Unit.ID != 4 || list[0].Unit.ID != 2 {
		t.Errorf("order: %+v", list)
	}
}

func TestUnitsShareARank(t *testing.T) {
	rows, _ := rowsOf(hundred(FormulaAll), named(2, alike(4, 0, 4, 90)), named(3, alike(8, 0, 8, 80)),
		named(4, alike(4, 0, 4, 80)), named(5, alike(4, 0, 2, 80)))
	for id, want := range map[int64]int{2: 1, 3: 2, 4: 2, 5: 4} {
		if got := *rows[id].Rank; got != want {
			t.Errorf("unit %d: rank %d, want %d", id, got, want)
		}
	}
}

func TestRanksAreWithinTheBand(t *testing.T) {
	var tallies []Tally
	for i := range int64(3) {
		tallies = append(tallies, named(10+i, alike(5, 0, 5, 70+i)), named(20+i, alike(20, 0, 20, 80+i)))
	}
	rows, list := rowsOf(hundred(FormulaAll), tallies...)
	if r := rows[12]; *r.Rank != 1 || *r.OverallRank != 4 || r.Band != "1-10" {
		t.Errorf("%+v", r)
	}
	if r := rows[22]; *r.Rank != 1 || *r.OverallRank != 1 || r.Band != "11+" {
		t.Errorf("%+v", r)
	}
	for i, id := range []int64{12, 11, 10, 22, 21, 20} {
		if list[i].Unit.ID != id {
			t.Errorf("place %d: %d", i, list[i].Unit.ID)
		}
	}
}

func TestGate(t *testing.T) {
	r := hundred(FormulaAll)
	r.LeastShare = 500
	rows, _ := rowsOf(r, named(2, alike(4, 0, 1, 100)), named(3, alike(4, 0, 2, 30)))
	if rows[2].Status != StatusGated || rows[2].Rank != nil || *rows[3].Rank != 1 {
		t.Errorf("%+v %+v", rows[2], rows[3])
	}
}

func TestPublicRows(t *testing.T) {
	var tallies []Tally
	for i := range int64(30) {
		tallies = append(tallies, named(100+i, alike(20, 0, 19-i%5, 90-i)))
	}
	tallies = append(tallies, named(200, alike(20, 0, 20, 30)), named(201, alike(2, 0, 2, 30)), named(202, alike(2, 0, 1, 90)))
	r := hundred(FormulaAll)
	standings, all := r.standings(tallies)
	public := map[int64]bool{}
	ranked := 0
	for _, s := range standings {
		row := r.row(s, all)
		if row.public(all) {
			public[row.Unit.ID] = true
			if !row.MetGoal {
				ranked++
			}
		}
	}
	if ranked != 10 || !public[200] || !public[201] || public[202] {
		t.Errorf("%d of the top, met %v %v, missed %v", ranked, public[200], public[201], public[202])
	}
}

func TestLowerHalfOfASmallBandIsNotPublic(t *testing.T) {
	var tallies []Tally
	for i := range int64(7) {
		tallies = append(tallies, named(100+i, alike(8, 0, 7, 90-i)))
	}
	r := hundred(FormulaAll)
	standings, all := r.standings(tallies)
	n := 0
	for _, s := range standings {
		if row := r.row(s, all); row.public(all) {
			n++
		}
	}
	if n != 4 {
		t.Errorf("%d of 7", n)
	}
}
