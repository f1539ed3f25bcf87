package quiz

import "math"

// rating is how well somebody remembered (rules-contest 5.14).
type rating int

// The four ratings: wrong, right with effort, right, right and fast.
const (
	ratingAgain rating = iota + 1
	ratingHard
	ratingGood
	ratingEasy
)

// fsrsWeights are the 21 default parameters of FSRS-6, as its authors fitted them to many people's reviews.
var fsrsWeights = [21]float64{0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
	1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542}

// Bounds of the model.
const (
	fsrsRetention = 0.9    // a card is due when its recall has fallen to this
	stabilityMin  = 0.001  // days
	stabilityMax  = 36_500 // days; also the longest interval
)

// memory is what FSRS-6 knows about a card. stability is the days after which recall is 90 %, difficulty lies
// between 1 and 10; the zero memory is a card never answered.
type memory struct {
	stability  float64
	difficulty float64
}

// recall is the chance that it is still remembered after so many days (rules-contest 5.14).
func (m memory) recall(days float64) float64 {
	return math.Pow(1+fsrsFactor()*days/m.stability, -fsrsWeights[20])
}

// fsrsFactor makes recall 0.9 after stability days whatever the decay.
func fsrsFactor() float64 { return math.Pow(0.9, -1/fsrsWeights[20]) - 1 }

// interval is in how many days the card is due, from 1.
func (m memory) interval() int {
	days := m.stability / fsrsFactor() * (math.Pow(fsrsRetention, -1/fsrsWeights[20]) - 1)
	return int(clamp(math.Round(days), 1, stabilityMax))
}

// after is the memory once it was answered days after the last answer; 0 is the same day.
func (m memory) after(days int, r rating) memory {
	if m.stability == 0 {
		return memory{stability: math.Max(fsrsWeights[r-1], 0.1), difficulty: clamp(firstDifficulty(r), 1, 10)}
	}
	return memory{stability: clamp(m.nextStability(days, r), stabilityMin, stabilityMax), difficulty: m.nextDifficulty(r)}
}

func (m memory) nextStability(days int, r rating) float64 {
	w, s := fsrsWeights, m.stability
	recall := m.recall(float64(days))
	switch {
	case days == 0:
		grown := math.Pow(s, -w[19]) * math.Exp(w[17]*(float64(r-ratingGood)+w[18]))
		if r > ratingAgain {
			grown = math.Max(grown, 1)
		}
		return s * grown
	case r == ratingAgain:
		forgot := w[11] * math.Pow(m.difficulty, -w[12]) * (math.Pow(s+1, w[13]) - 1) * math.Exp((1-recall)*w[14])
		return math.Min(s/math.Exp(w[17]*w[18]), forgot)
	}
	factor := 1.0
	switch r {
	case ratingHard:
		factor = w[15]
	case ratingEasy:
		factor = w[16]
	}
	return s * (1 + math.Exp(w[8])*(11-m.difficulty)*math.Pow(s, -w[9])*(math.Exp((1-recall)*w[10])-1)*factor)
}

// nextDifficulty moves it by the rating, less the nearer it is to 10, and a little back towards an easy card's.
func (m memory) nextDifficulty(r rating) float64 {
	w := fsrsWeights
	moved := m.difficulty - w[6]*float64(r-ratingGood)*(10-m.difficulty)/9
	return clamp(w[7]*firstDifficulty(ratingEasy)+(1-w[7])*moved, 1, 10)
}

func firstDifficulty(r rating) float64 {
	return fsrsWeights[4] - math.Exp(float64(r-1)*fsrsWeights[5]) + 1
}

func clamp(v, low, high float64) float64 { return math.Min(math.Max(v, low), high) }
