package ranking

import (
	"math/big"
	"slices"
	"testing"
)

func TestPeopleAreOrderedAsDeclared(t *testing.T) {
	sorted := []outcome{
		{9_000, 60_999, 1, 500}, // one place: 60.000 s and 60.999 s are the same second
		{9_000, 60_000, 1, 500},
		{9_000, 60_000, 1, 501}, // later
		{9_000, 60_000, 2, 100}, // more attempts
		{9_000, 61_000, 1, 100}, // slower
		{8_999, 1_000, 1, 1},    // fewer points
	}
	want := []int{1, 1, 3, 4, 5, 6}
	got := shareRanks(len(sorted), func(i, j int) bool { return compareOutcomes(sorted[i], sorted[j], 1000) == 0 })
	if !slices.Equal(got, want) {
		t.Errorf("ranks %v", got)
	}
	for i := range sorted {
		for j := i + 1; j < len(sorted); j++ {
			a, b := compareOutcomes(sorted[i], sorted[j], 1000), compareOutcomes(sorted[j], sorted[i], 1000)
			if a != -b || a > 0 {
				t.Errorf("%d and %d: %d, %d", i, j, a, b)
			}
		}
	}
}

func TestSharedRanksLeaveAGap(t *testing.T) {
	scores := []int{9, 8, 8, 7, 7, 7, 6}
	got := shareRanks(len(scores), func(i, j int) bool { return scores[i] == scores[j] })
	if want := []int{1, 2, 2, 4, 4, 4, 7}; !slices.Equal(got, want) {
		t.Error(got)
	}
}

func TestUnitsAreOrderedByScoreThenRatesThenMedian(t *testing.T) {
	third := big.NewRat(1, 3)
	base := place{score: third, participation: third, passRate: third, participants: 1, medianTwice: 100}
	with := func(change func(*place)) place { p := base; change(&p); return p }
	for name, worse := range map[string]place{
		"score":         with(func(p *place) { p.score = big.NewRat(333_333_333, 1_000_000_000) }),
		"participation": with(func(p *place) { p.participation = big.NewRat(1, 4) }),
		"pass rate":     with(func(p *place) { p.passRate = big.NewRat(1, 4) }),
		"median":        with(func(p *place) { p.medianTwice = 101 }),
	} {
		if comparePlaces(base, worse) >= 0 || comparePlaces(worse, base) <= 0 {
			t.Errorf("%s does not decide", name)
		}
	}
	if none := with(func(p *place) { p.participants, p.medianTwice = 0, 0 }); comparePlaces(base, none) != 0 {
		t.Error("a unit without participants has no median time to win by")
	}
}
