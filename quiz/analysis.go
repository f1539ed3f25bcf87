package quiz

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// Flags of an item (rules-contest 5.13). They ask a person to look; nothing follows by itself.
const (
	FlagTooEasy  = "too_easy"           // facility above 0.95
	FlagTooHard  = "too_hard"           // facility below 0.25
	FlagLow      = "low_discrimination" // upper less lower 27 % below 0.20
	FlagWrongKey = "wrong_key"          // the best do worse than the weakest, or prefer a distractor to the key
	FlagDead     = "dead_distractor"    // fewer than 5 % pick it
)

// How many answers statistics need before they are shown, and before flags are drawn from them.
const (
	randomFrom = 30 // per item, where people have different papers
	flagsFrom  = 10
)

// Flag is what stands out about an item; Option is the option it is about, 0 for the whole item.
type Flag struct {
	Code   string `json:"code"`
	Option int64  `json:"option,omitempty"`
}

// Groups counts the best 27 %, the middle and the weakest 27 % by total score. People who share the score at a
// border stand in the outer group together, so the count does not depend on any order.
type Groups struct {
	Hi  int `json:"hi"`
	Mid int `json:"mid"`
	Lo  int `json:"lo"`
}

// All is everybody.
func (g Groups) All() int { return g.Hi + g.Mid + g.Lo }

func (g *Groups) add(place int) {
	switch {
	case place > 0:
		g.Hi++
	case place < 0:
		g.Lo++
	default:
		g.Mid++
	}
}

// OptionStatistics is a row of the distractor table: who picked the option.
type OptionStatistics struct {
	ID     int64  `json:"id"`
	Text   string `json:"text"`
	Key    bool   `json:"key"`
	Picked Groups `json:"picked"`
}

// ItemStatistics is how one question, or one question of a group, did among those who had it on their paper.
// Shares are 0-1, percentages are of 100; a nil value cannot be formed, because a variance is 0 or too few
// people answered.
type ItemStatistics struct {
	QuestionID int64              `json:"questionId"`
	VersionID  int64              `json:"versionId"`
	Part       int                `json:"part"` // 1.. within a group, 0 = the question stands alone
	Kind       string             `json:"kind"`
	Stem       string             `json:"stem"`
	Expected   int                `json:"expected"` // the setter's difficulty, 1/100
	Attempts   int                `json:"attempts"`
	Facility   float64            `json:"facility"`
	Corrected  *float64           `json:"corrected"`  // facility without what blind guessing earns
	Deviation  *float64           `json:"deviation"`  // of the marks, points
	Index      *float64           `json:"index"`      // discrimination index, percent
	Efficiency *float64           `json:"efficiency"` // discrimination efficiency, percent
	Weight     *float64           `json:"weight"`     // effective weight, percent; nil where people have different papers
	UpperLower *float64           `json:"upperLower"` // facility of the best 27 % less that of the weakest
	Answers    Groups             `json:"answers"`
	Blank      Groups             `json:"blank"`
	Options    []OptionStatistics `json:"options"` // the distractor table; empty where nothing is picked
	Flags      []Flag             `json:"flags"`

	marks float64 // sum of mark/points, for the difficulty's Bayes
}

// PaperStatistics is how the whole paper did. The internal consistency and what follows from it are nil where
// people have different papers.
type PaperStatistics struct {
	Attempts   int
	Items      int  // on one paper
	Same       bool // everybody had the same questions
	FullMark   int64
	Mean       float64  // 1/100 point
	Deviation  *float64 // 1/100 point
	CIC        *float64 // coefficient of internal consistency (α), percent; may be negative: not reliable
	ErrorRatio *float64 // percent
	SEM        *float64 // standard error of measurement, 1/100 point
	Skewness   *float64
	Kurtosis   *float64
}

// moments are two-dimensional central moments kept online (Welford), so that no attempt need be kept.
type moments struct {
	n, meanX, meanY, xx, yy, xy float64
}

func (m *moments) add(x, y float64) {
	m.n++
	dx, dy := x-m.meanX, y-m.meanY
	m.meanX += dx / m.n
	m.meanY += dy / m.n
	m.xx += dx * (x - m.meanX)
	m.yy += dy * (y - m.meanY)
	m.xy += dx * (y - m.meanY)
}

// fraction is a rest score: points over the points that could be had. Comparable without rounding.
type fraction struct{ num, den int64 }

func (f fraction) value() float64 {
	if f.den == 0 {
		return 0
	}
	return float64(f.num) / float64(f.den)
}

// covMost is the sum of products about the means that x and y would have if both were sorted: what the
// discrimination could be at best. Only how often each value occurs is known, and that suffices.
func covMost(xs map[int64]int, ys map[fraction]int, m moments) float64 {
	left := slices.Sorted(maps.Keys(xs))
	right := slices.SortedFunc(maps.Keys(ys), func(a, b fraction) int { return cmp.Compare(a.value(), b.value()) })
	sum, i, j := 0.0, 0, 0
	needX, needY := 0, 0
	for {
		if needX == 0 {
			if i == len(left) {
				return sum
			}
			needX, i = xs[left[i]], i+1
		}
		if needY == 0 {
			if j == len(right) {
				return sum
			}
			needY, j = ys[right[j]], j+1
		}
		both := min(needX, needY)
		sum += float64(both) * (float64(left[i-1]) - m.meanX) * (right[j-1].value() - m.meanY)
		needX, needY = needX-both, needY-both
	}
}

// scoreCounts is how often each total score occurs.
type scoreCounts map[int64]int

func (c scoreCounts) attempts() int {
	n := 0
	for _, k := range c {
		n += k
	}
	return n
}

// borders are the scores from which one belongs to the best and up to which to the weakest 27 %; ok is false
// if the two would overlap.
func (c scoreCounts) borders() (hi, lo int64, ok bool) {
	n := c.attempts()
	if n == 0 {
		return 0, 0, false
	}
	size := max(1, int(math.Round(.27*float64(n))))
	sorted := slices.Sorted(maps.Keys(c))
	seen := 0
	for _, score := range sorted {
		if seen += c[score]; seen >= size {
			lo = score
			break
		}
	}
	seen = 0
	for _, score := range slices.Backward(sorted) {
		if seen += c[score]; seen >= size {
			hi = score
			break
		}
	}
	return hi, lo, hi > lo
}

// paper forms mean, deviation, skewness (k3/k2^1.5) and kurtosis (k4/k2²) of the totals from k-statistics.
func (c scoreCounts) paper(p *PaperStatistics) {
	n := float64(c.attempts())
	p.Attempts = int(n)
	if n == 0 {
		return
	}
	for score, k := range c {
		p.Mean += float64(score) * float64(k) / n
	}
	var m2, m3, m4 float64
	for score, k := range c {
		d := float64(score) - p.Mean
		m2 += d * d * float64(k) / n
		m3 += d * d * d * float64(k) / n
		m4 += d * d * d * d * float64(k) / n
	}
	if n < 2 {
		return
	}
	k2 := n * m2 / (n - 1)
	p.Deviation = some64(math.Sqrt(k2))
	if n > 2 && k2 > 0 {
		k3 := n * n * m3 / ((n - 1) * (n - 2))
		p.Skewness = some64(k3 / math.Pow(k2, 1.5))
	}
	if n > 3 && k2 > 0 {
		k4 := n * n * ((n+1)*m4 - 3*(n-1)*m2*m2) / ((n - 1) * (n - 2) * (n - 3))
		p.Kurtosis = some64(k4 / (k2 * k2))
	}
}

func some64(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}
