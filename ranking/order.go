package ranking

import (
	"cmp"
	"math/big"
)

// outcome is a person's kept result as the order reads it: score in 1/100 point, times in ms.
type outcome struct {
	score, timeMS, attempts, submittedAt int64
}

// compareOutcomes orders people (rules-contest.md 5.6): score falling, effective time at the declared unit
// rising, attempts used rising, submission rising. 0 is a shared rank: it never falls through to an id.
func compareOutcomes(a, b outcome, timeUnit int64) int {
	return cmp.Or(
		cmp.Compare(b.score, a.score),
		cmp.Compare(a.timeMS/timeUnit, b.timeMS/timeUnit),
		cmp.Compare(a.attempts, b.attempts),
		cmp.Compare(a.submittedAt, b.submittedAt),
	)
}

// place is what the order of units reads.
type place struct {
	score, participation, passRate *big.Rat
	participants, medianTwice      int64
}

// comparePlaces orders units (5.6): U falling, p falling, a falling, median time rising, else shared. A
// unit without participants has no median time.
func comparePlaces(a, b place) int {
	if c := compareRates(a, b); c != 0 {
		return c
	}
	if a.participants == 0 || b.participants == 0 {
		return 0
	}
	return cmp.Compare(a.medianTwice, b.medianTwice)
}

// compareRates is comparePlaces without the median time, which is worth asking the database for only where
// the rest is equal.
func compareRates(a, b place) int {
	return cmp.Or(b.score.Cmp(a.score), b.participation.Cmp(a.participation), b.passRate.Cmp(a.passRate))
}

// shareRanks numbers a sorted list 1,2,2,4: equal neighbours share.
func shareRanks(n int, same func(i, j int) bool) []int {
	ranks := make([]int, n)
	for i := range ranks {
		ranks[i] = i + 1
		if i > 0 && same(i-1, i) {
			ranks[i] = ranks[i-1]
		}
	}
	return ranks
}
