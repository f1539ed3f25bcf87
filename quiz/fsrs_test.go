package quiz

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// TestMemoryAgreesWithTheReference replays the histories that ts-fsrs was asked about
// (frontend/scripts/fsrs-fixtures.mjs); it rounds to eight places at every step.
func TestMemoryAgreesWithTheReference(t *testing.T) {
	text, err := os.ReadFile("testdata/fsrs.json")
	if err != nil {
		t.Fatal(err)
	}
	var fixture struct {
		Weights   []float64
		Retention float64
		Histories [][]struct {
			Days, Interval                int
			Rating                        rating
			Stability, Difficulty, Recall float64
		}
	}
	if err := json.Unmarshal(text, &fixture); err != nil {
		t.Fatal(err)
	}
	if len(fixture.Weights) != len(fsrsWeights) || fixture.Retention != fsrsRetention || len(fixture.Histories) < 100 {
		t.Fatalf("the fixture holds %d weights, retention %v, %d histories", len(fixture.Weights), fixture.Retention, len(fixture.Histories))
	}
	for i, w := range fixture.Weights {
		if w != fsrsWeights[i] {
			t.Errorf("w%d is %v, want %v", i, fsrsWeights[i], w)
		}
	}
	near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-6*math.Max(1, math.Abs(b)) }
	for n, steps := range fixture.Histories {
		var m memory
		for i, want := range steps {
			m = m.after(want.Days, want.Rating)
			if !near(m.stability, want.Stability) || !near(m.difficulty, want.Difficulty) {
				t.Fatalf("history %d step %d: got %+v, want %+v", n, i, m, want)
			}
			if m.interval() != want.Interval || !near(m.recall(float64(want.Interval)), want.Recall) {
				t.Fatalf("history %d step %d: due in %d (%v), want %d (%v)", n, i, m.interval(), m.recall(float64(want.Interval)), want.Interval, want.Recall)
			}
		}
	}
}
