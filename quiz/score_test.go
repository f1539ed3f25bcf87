package quiz

import "testing"

// The table of rules-contest 5.4: five options, key ABD, 1 point = 100.
func TestMarkChoiceFollowsTheTable(t *testing.T) {
	const a, b, c, d, e = 1, 2, 3, 4, 5
	picks := map[string][]int64{"ABD": {a, b, d}, "AB": {a, b}, "A": {a}, "ABC": {a, b, c}, "ABCDE": {a, b, c, d, e}, "ACE": {a, c, e}, "": {}}
	want := map[Scoring]map[string]int64{
		ScoringM0:  {"ABD": 100, "AB": 0, "A": 0, "ABC": 0, "ABCDE": 0, "ACE": 0, "": 0},
		ScoringM1:  {"ABD": 100, "AB": 67, "A": 33, "ABC": 0, "ABCDE": 0, "ACE": 0, "": 0},
		ScoringM1h: {"ABD": 100, "AB": 50, "A": 50, "ABC": 0, "ABCDE": 0, "ACE": 0, "": 0},
		ScoringM2:  {"ABD": 100, "AB": 67, "A": 33, "ABC": 17, "ABCDE": 0, "ACE": 0, "": 0},
		ScoringM3:  {"ABD": 100, "AB": 60, "A": 20, "ABC": 20, "ABCDE": 20, "ACE": 0, "": 0},
	}
	for mode, row := range want {
		for name, score := range row {
			got := markChoice(mode, false, 100, 5, []int64{a, b, d}, picks[name])
			if got.Score != score || got.Right != (name == "ABD") || got.Answered != (name != "") {
				t.Errorf("%s %q: %+v, want %d", mode, name, got, score)
			}
		}
	}
}

func TestMarkChoiceEdges(t *testing.T) {
	cases := []struct {
		name        string
		mode        Scoring
		single      bool
		points      int64
		n           int
		keys, picks []int64
		want        int64
	}{
		{"single right", ScoringM2, true, 500, 4, []int64{3}, []int64{3}, 500},
		{"single wrong pays nothing in any mode", ScoringM2, true, 500, 4, []int64{3}, []int64{1}, 0},
		{"single with two picks is wrong", ScoringM1, true, 500, 4, []int64{3}, []int64{3, 1}, 0},
		{"a pick given twice counts once", ScoringM0, false, 500, 4, []int64{1, 2}, []int64{1, 1, 2}, 500},
		{"M2 with every option a key falls back to M1", ScoringM2, false, 300, 3, []int64{1, 2, 3}, []int64{1}, 100},
		{"half of an odd score rounds up", ScoringM1h, false, 125, 4, []int64{1, 2}, []int64{1}, 63},
		{"an unknown pick is a wrong pick", ScoringM1, false, 500, 4, []int64{1, 2}, []int64{1, 9}, 0},
		{"no key pays nobody", ScoringM1, false, 500, 4, nil, []int64{1}, 0},
	}
	for _, c := range cases {
		if got := markChoice(c.mode, c.single, c.points, c.n, c.keys, c.picks); got.Score != c.want {
			t.Errorf("%s: %d, want %d", c.name, got.Score, c.want)
		}
	}
}

func TestMarkBlanks(t *testing.T) {
	accepted := [][]string{{"24小时", "二十四小时"}, {"保密行政管理部门"}}
	cases := []struct {
		name     string
		mode     Scoring
		given    []string
		want     int64
		answered bool
	}{
		{"all right", ScoringM0, []string{"24小时", "保密行政管理部门"}, 400, true},
		{"width and space do not matter", ScoringM0, []string{" ２４小时 ", "保密行政管理部门"}, 400, true},
		{"a variant", ScoringM0, []string{"二十四小时", "保密行政管理部门"}, 400, true},
		{"one of two, all or nothing", ScoringM0, []string{"24小时", "公安局"}, 0, true},
		{"one of two, in proportion", ScoringM1, []string{"24小时", "公安局"}, 200, true},
		{"blank", ScoringM1, []string{"", ""}, 0, false},
		{"nothing", ScoringM1, nil, 0, false},
		{"too few", ScoringM1, []string{"24小时"}, 200, true},
	}
	for _, c := range cases {
		if got := markBlanks(c.mode, 400, accepted, c.given); got.Score != c.want || got.Answered != c.answered {
			t.Errorf("%s: %+v, want %d", c.name, got, c.want)
		}
	}
}
