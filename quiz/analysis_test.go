package quiz

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sort"
	"testing"
)

// sitting of a fixture: the marks of each item.
type markMatrix struct {
	points []int64
	rows   [][]int64
}

// fixtureMarks are 53 people of different skill before seven items, one of which the skilled get wrong.
func fixtureMarks() markMatrix {
	r := rand.New(rand.NewPCG(7, 11))
	m := markMatrix{points: []int64{200, 200, 300, 100, 500, 200, 400}}
	for range 53 {
		skill := r.Float64()
		row := make([]int64, len(m.points))
		for i, p := range m.points {
			switch {
			case i == 5:
				if r.Float64() > skill {
					row[i] = p
				}
			case i == 4:
				row[i] = int64(math.Round(skill*4+r.Float64())) * p / 5
			case r.Float64() < .2+.7*skill:
				row[i] = p
			}
		}
		m.rows = append(m.rows, row)
	}
	return m
}

func (m markMatrix) study() *study {
	totals := scoreCounts{}
	for _, row := range m.rows {
		totals[sum(row)]++
	}
	s := newStudy(totals)
	for _, row := range m.rows {
		var slots []answered
		for i, mark := range row {
			q := frozenQuestion{versionID: int64(i + 1), of: 1, optionIDs: []int64{1, 2, 3, 4}, shape: shape{guess: .25, table: true}}
			slots = append(slots, answered{item: s.item(leafKey{int64(i + 1), 0}, q, Key{Options: []int64{1}}), mark: mark, points: m.points[i]})
		}
		s.add(sum(row), slots)
	}
	return s
}

func sum(row []int64) (n int64) {
	for _, v := range row {
		n += v
	}
	return n
}

// The definitions of 5.13 straight from a table held in memory: covariance as half the mean of all pairwise
// differences' products, so that no step is shared with the code under test.
func pairCov(x, y []float64) float64 {
	n, total := float64(len(x)), 0.0
	for i := range x {
		for j := range x {
			total += (x[i] - x[j]) * (y[i] - y[j])
		}
	}
	return total / (2 * n * (n - 1))
}

func sorted(x []float64) []float64 {
	x = slices.Clone(x)
	sort.Float64s(x)
	return x
}

func near(t *testing.T, what string, got *float64, want float64) {
	t.Helper()
	if got == nil || math.Abs(*got-want) > 1e-6 {
		shown := "nil"
		if got != nil {
			shown = fmt.Sprint(*got)
		}
		t.Errorf("%s: got %s, want %v", what, shown, want)
	}
}

func TestItemsAgreeWithTheDefinitions(t *testing.T) {
	m := fixtureMarks()
	_, items := m.study().statistics()
	totals := make([]float64, len(m.rows))
	for i, row := range m.rows {
		totals[i] = float64(sum(row))
	}
	roots := 0.0
	column := func(at int) (x, rest []float64) {
		for i, row := range m.rows {
			x, rest = append(x, float64(row[at])), append(rest, totals[i]-float64(row[at]))
		}
		return x, rest
	}
	for i := range m.points {
		x, _ := column(i)
		if c := pairCov(x, totals); c > 0 {
			roots += math.Sqrt(c)
		}
	}
	order := make([]int, len(totals))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return totals[order[a]] > totals[order[b]] })
	size := int(math.Round(.27 * float64(len(order))))
	best, weakest := totals[order[size-1]], totals[order[len(order)-size]]
	for i, points := range m.points {
		x, rest := column(i)
		item, mean, hi, lo, his, los := items[i], 0.0, 0.0, 0.0, 0.0, 0.0
		for k, v := range x {
			mean += v / float64(len(x))
			if totals[k] >= best {
				hi, his = hi+v, his+1
			}
			if totals[k] <= weakest {
				lo, los = lo+v, los+1
			}
		}
		name := func(what string) string { return fmt.Sprintf("item %d %s", i+1, what) }
		near(t, name("facility"), &item.Facility, mean/float64(points))
		near(t, name("corrected"), item.Corrected, (mean/float64(points)-.25)/.75)
		near(t, name("deviation"), item.Deviation, math.Sqrt(pairCov(x, x))/100)
		near(t, name("index"), item.Index, 100*pairCov(x, rest)/math.Sqrt(pairCov(x, x)*pairCov(rest, rest)))
		near(t, name("efficiency"), item.Efficiency, 100*pairCov(x, rest)/pairCov(sorted(x), sorted(rest)))
		near(t, name("upper-lower"), item.UpperLower, (hi/his-lo/los)/float64(points))
		if c := pairCov(x, totals); c >= 0 {
			near(t, name("weight"), item.Weight, 100*math.Sqrt(c)/roots)
		} else if item.Weight != nil {
			t.Errorf("%s of a negative covariance: %v", name("weight"), *item.Weight)
		}
	}
	if *items[5].Index >= 0 || !slices.Contains(items[5].Flags, Flag{Code: FlagWrongKey}) {
		t.Errorf("the item that the skilled get wrong: index %v, flags %v", *items[5].Index, items[5].Flags)
	}
}

func TestPaperAgreesWithTheDefinitions(t *testing.T) {
	m := fixtureMarks()
	p, _ := m.study().statistics()
	n, k := float64(len(m.rows)), float64(len(m.points))
	// α from the mean covariance and the mean variance, not from the variance of the total.
	columns := make([][]float64, len(m.points))
	var totals []float64
	for _, row := range m.rows {
		totals = append(totals, float64(sum(row)))
		for i, v := range row {
			columns[i] = append(columns[i], float64(v))
		}
	}
	variance, covariance := 0.0, 0.0
	for i := range columns {
		for j := range columns {
			if i == j {
				variance += pairCov(columns[i], columns[i]) / k
			} else {
				covariance += pairCov(columns[i], columns[j]) / (k * (k - 1))
			}
		}
	}
	alpha := 100 * k * covariance / (variance + (k-1)*covariance)
	near(t, "CIC", p.CIC, alpha)
	near(t, "error ratio", p.ErrorRatio, 100*math.Sqrt(1-alpha/100))
	deviation := math.Sqrt(pairCov(totals, totals))
	near(t, "deviation", p.Deviation, deviation)
	near(t, "SEM", p.SEM, math.Sqrt(1-alpha/100)*deviation)
	// Fisher's k-statistics from power sums, in units of the smallest step so that the sums stay exact.
	var s1, s2, s3, s4 float64
	for _, v := range totals {
		v = (v - 1000) / 100
		s1, s2, s3, s4 = s1+v, s2+v*v, s3+v*v*v, s4+v*v*v*v
	}
	k2 := (n*s2 - s1*s1) / (n * (n - 1))
	k3 := (n*n*s3 - 3*n*s2*s1 + 2*s1*s1*s1) / (n * (n - 1) * (n - 2))
	k4 := ((n*n*n+n*n)*s4 - 4*(n*n+n)*s3*s1 - 3*(n*n-n)*s2*s2 + 12*n*s2*s1*s1 - 6*s1*s1*s1*s1) / (n * (n - 1) * (n - 2) * (n - 3))
	near(t, "skewness", p.Skewness, k3/math.Pow(k2, 1.5))
	near(t, "kurtosis", p.Kurtosis, k4/(k2*k2))
	if !p.Same || p.Items != 7 || p.Attempts != 53 {
		t.Errorf("paper: %+v", p)
	}
}

func TestConsistencyMayBeNegative(t *testing.T) {
	m := markMatrix{points: []int64{100, 100}, rows: [][]int64{{100, 0}, {0, 100}, {100, 0}, {0, 100}, {100, 100}, {0, 0}, {100, 0}}}
	p, _ := m.study().statistics()
	if p.CIC == nil || *p.CIC >= 0 || *p.ErrorRatio <= 100 {
		t.Errorf("items that contradict each other: CIC %v, error ratio %v", p.CIC, p.ErrorRatio)
	}
}

func TestNothingIsFormedFromNoVariance(t *testing.T) {
	m := markMatrix{points: []int64{100, 200}, rows: [][]int64{{100, 200}, {100, 0}, {100, 200}}}
	_, items := m.study().statistics()
	if items[0].Index != nil || items[0].Efficiency != nil || items[0].Facility != 1 {
		t.Errorf("everybody was right: %+v", items[0])
	}
	p, items := markMatrix{points: []int64{100}, rows: [][]int64{{100}}}.study().statistics()
	if p.Deviation != nil || p.CIC != nil || items[0].Index != nil || items[0].UpperLower != nil {
		t.Errorf("one person: %+v %+v", p, items[0])
	}
}

// Different papers have no consistency; an item is judged once thirty had it.
func TestRandomPapersAreJudgedByTheRest(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	const people = 200
	var papers [people][]int
	var marks [people][]int64
	totals := scoreCounts{}
	for i := range people {
		papers[i] = r.Perm(12)[:5]
		if i >= 10 { // item 0 is rare
			papers[i] = slices.DeleteFunc(r.Perm(12), func(at int) bool { return at == 0 })[:5]
		}
		skill := r.Float64()
		for range papers[i] {
			mark := int64(0)
			if r.Float64() < skill {
				mark = 100
			}
			marks[i] = append(marks[i], mark)
		}
		totals[sum(marks[i])]++
	}
	s := newStudy(totals)
	var x, rest []float64
	for i := range people {
		var slots []answered
		for k, at := range papers[i] {
			q := frozenQuestion{versionID: int64(at + 1), of: 1}
			slots = append(slots, answered{item: s.item(leafKey{int64(at + 1), 0}, q, Key{}), mark: marks[i][k], points: 100})
			if at == 4 {
				x, rest = append(x, float64(marks[i][k])), append(rest, float64(sum(marks[i])-marks[i][k])/400)
			}
		}
		s.add(sum(marks[i]), slots)
	}
	p, items := s.statistics()
	if p.Same || p.CIC != nil || p.SEM != nil {
		t.Errorf("papers differ, yet: %+v", p)
	}
	for i, item := range items {
		if key := s.items[i].key.version; key == 1 && (item.Attempts == 0 || item.Attempts >= randomFrom || item.Index != nil || len(item.Flags) > 0) {
			t.Errorf("a rare item is judged: %+v", item)
		} else if key == 5 {
			near(t, "index of item 5", item.Index, 100*pairCov(x, rest)/math.Sqrt(pairCov(x, x)*pairCov(rest, rest)))
			near(t, "efficiency of item 5", item.Efficiency, 100*pairCov(x, rest)/pairCov(sorted(x), sorted(rest)))
		}
	}
}

func TestFlags(t *testing.T) {
	picked := func(key bool, id int64, hi, mid, lo int) OptionStatistics {
		return OptionStatistics{ID: id, Key: key, Picked: Groups{hi, mid, lo}}
	}
	d := func(v float64) *float64 { return &v }
	even := []OptionStatistics{picked(true, 1, 20, 20, 8), picked(false, 2, 4, 10, 10), picked(false, 3, 3, 16, 9)}
	for name, c := range map[string]struct {
		item ItemStatistics
		want []Flag
	}{
		"sound":               {ItemStatistics{Attempts: 100, Facility: .6, UpperLower: d(.4), Options: even}, nil},
		"too easy":            {ItemStatistics{Attempts: 100, Facility: .96, UpperLower: d(.2), Options: even}, []Flag{{FlagTooEasy, 0}}},
		"at the border":       {ItemStatistics{Attempts: 100, Facility: .95, UpperLower: d(.2), Options: even}, nil},
		"too hard":            {ItemStatistics{Attempts: 100, Facility: .24, UpperLower: d(.3), Options: even}, []Flag{{FlagTooHard, 0}}},
		"does not tell apart": {ItemStatistics{Attempts: 100, Facility: .6, UpperLower: d(.19), Options: even}, []Flag{{FlagLow, 0}}},
		"the weak are better": {ItemStatistics{Attempts: 100, Facility: .6, UpperLower: d(-.01), Options: even}, []Flag{{FlagWrongKey, 0}}},
		"the best pick another": {ItemStatistics{Attempts: 100, Facility: .5, UpperLower: d(.3), Options: []OptionStatistics{
			picked(true, 1, 10, 20, 8), picked(false, 2, 12, 10, 10), picked(false, 3, 5, 16, 9)}}, []Flag{{FlagWrongKey, 2}}},
		"a dead distractor": {ItemStatistics{Attempts: 100, Facility: .6, UpperLower: d(.3), Options: []OptionStatistics{
			picked(true, 1, 20, 30, 8), picked(false, 2, 7, 18, 13), picked(false, 3, 0, 2, 2)}}, []Flag{{FlagDead, 3}}},
		"nine answers": {ItemStatistics{Attempts: 9, Facility: 1}, nil},
	} {
		if got := c.item.flags(true); !slices.Equal(got, c.want) && len(got)+len(c.want) > 0 {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if got := (ItemStatistics{Attempts: 29, Facility: 1}).flags(false); len(got) != 0 {
		t.Errorf("29 answers on different papers: %v", got)
	}
}

// What a study holds does not grow with the number of attempts: ten times as many need as much memory.
func TestAStudyOfManyAttemptsStaysSmall(t *testing.T) {
	held := func(attempts int) uint64 {
		r := rand.New(rand.NewPCG(1, 2))
		totals := scoreCounts{}
		for i := range 31 {
			totals[int64(i)*100] = attempts/31 + 1
		}
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		s := newStudy(totals)
		slots := make([]answered, 30)
		for range attempts {
			total := int64(0)
			for k := range slots {
				q := frozenQuestion{versionID: int64(k + 1), of: 1, optionIDs: []int64{1, 2, 3, 4}, shape: shape{table: true}}
				slots[k] = answered{item: s.item(leafKey{int64(k + 1), 0}, q, Key{}), mark: 100 * int64(r.IntN(2)), points: 100, picks: []int{r.IntN(4)}}
				total += slots[k].mark
			}
			s.add(total, slots)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(s)
		return after.HeapAlloc - min(before.HeapAlloc, after.HeapAlloc)
	}
	few, many := held(10_000), held(100_000)
	t.Logf("10,000 attempts: %d KiB, 100,000: %d KiB", few/1024, many/1024)
	if many > few+512*1024 {
		t.Errorf("a study of 100,000 attempts holds %d KiB, one of 10,000 %d KiB", many/1024, few/1024)
	}
}
