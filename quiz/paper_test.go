package quiz

import (
	"crypto/sha256"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// pools makes a random blueprint over a random pool in which rows overlap.
func pools(t *rapid.T) (rows []Row, candidates [][]int, items []poolItem) {
	n := rapid.IntRange(1, 60).Draw(t, "pool")
	for range n {
		items = append(items, poolItem{difficulty: rapid.IntRange(20, 95).Draw(t, "difficulty"), first: len(items), leaves: []poolLeaf{{options: rapid.IntRange(0, 6).Draw(t, "options"), shuffle: true}}})
	}
	for range rapid.IntRange(1, 6).Draw(t, "rows") {
		rows = append(rows, Row{Count: rapid.IntRange(1, 12).Draw(t, "count"), Points: 100})
		var list []int
		for q := range n {
			if rapid.Bool().Draw(t, "wants") {
				list = append(list, q)
			}
		}
		candidates = append(candidates, list)
	}
	return rows, candidates, items
}

// The proof says yes exactly when a paper can be drawn, and every paper gives each row its number of
// distinct questions that it accepts.
func TestFeasibilityAgreesWithTheDraw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, candidates, items := pools(t)
		f := fit(rows, candidates, len(items))
		seed := sha256.Sum256([]byte{byte(rapid.IntRange(0, 255).Draw(t, "seed"))})
		paper, err := draw(seed, rows, candidates, items, 60, nil)
		if (err == nil) != (f.Short == 0) {
			t.Fatalf("short %d, draw says %v", f.Short, err)
		}
		if err != nil {
			if f.Binding < 0 || f.Rows[f.Binding].Drawn >= f.Rows[f.Binding].Needed {
				t.Fatalf("no binding row named: %+v", f)
			}
			return
		}
		seen, counts := map[int]bool{}, make([]int, len(rows))
		for _, p := range paper {
			if seen[p.item] {
				t.Fatal("a question was drawn twice")
			}
			seen[p.item] = true
			counts[p.row]++
			if !slices.Contains(candidates[p.row], p.item) {
				t.Fatal("a row got a question it does not accept")
			}
		}
		for r, row := range rows {
			if counts[r] != row.Count {
				t.Fatalf("row %d has %d of %d", r, counts[r], row.Count)
			}
		}
	})
}

// The flow must find what a brute-force maximum finds: rows that overlap are where a greedy count lies.
func TestFitIsTheMaximum(t *testing.T) {
	rows := []Row{{Count: 2}, {Count: 2}, {Count: 1}}
	candidates := [][]int{{0, 1, 2}, {0, 1}, {2, 3}}
	if f := fit(rows, candidates, 4); f.Short != 1 || f.Drawn != 4 {
		t.Fatalf("%+v", f)
	}
	candidates[2] = []int{4}
	if f := fit(rows, append(candidates[:2:2], []int{3, 4}), 5); f.Short != 1 {
		t.Fatalf("rows 1 and 2 share three questions and need four: %+v", f)
	}
	candidates[0] = []int{0, 1, 2, 3}
	if f := fit(rows, candidates, 5); f.Short != 0 || f.Binding != -1 {
		t.Fatalf("%+v", f)
	}
}

func TestTheSamePaperEveryTime(t *testing.T) {
	rows := []Row{{Count: 20, Points: 500}}
	all := make([]int, 300)
	items := make([]poolItem, 300)
	for i := range all {
		all[i], items[i] = i, poolItem{difficulty: 40 + 20*(i%3), first: i, leaves: []poolLeaf{{options: 4, shuffle: true}}}
	}
	secret := []byte("0123456789abcdef0123456789abcdef")
	one, err := draw(drawSeed(secret, 1, 2, 1), rows, [][]int{all}, items, 60, nil)
	if err != nil {
		t.Fatal(err)
	}
	two, _ := draw(drawSeed(secret, 1, 2, 1), rows, [][]int{all}, items, 60, nil)
	if !reflect.DeepEqual(one, two) {
		t.Fatal("the same attempt drew another paper")
	}
	other, _ := draw(drawSeed(secret, 1, 3, 1), rows, [][]int{all}, items, 60, nil)
	if reflect.DeepEqual(one, other) {
		t.Fatal("another person drew the same paper")
	}
	if mean := meanDifficulty(one, items); mean < 570 || mean > 630 {
		t.Fatalf("mean difficulty %d is outside 600 +- 30", mean)
	}
	avoid := map[int]bool{}
	for _, p := range one {
		avoid[p.item] = true
	}
	next, _ := draw(drawSeed(secret, 1, 2, 2), rows, [][]int{all}, items, 60, avoid)
	for _, p := range next {
		if avoid[p.item] {
			t.Fatal("a second attempt met a question of the first although others were left")
		}
	}
}

func TestFixedOptionsKeepTheirPlace(t *testing.T) {
	item := poolLeaf{options: 4, shuffle: true, fixed: []bool{false, false, false, true}}
	moved := false
	for seed := range 50 {
		order := shuffleOptions(rand.New(rand.NewPCG(uint64(seed), 1)), item)
		if order[3] != 3 {
			t.Fatalf("the fixed option moved: %v", order)
		}
		moved = moved || order[0] != 0
	}
	if !moved {
		t.Fatal("nothing was shuffled in 50 papers")
	}
	item.shuffle = false
	if order := shuffleOptions(rand.New(rand.NewPCG(1, 1)), item); !reflect.DeepEqual(order, []uint8{0, 1, 2, 3}) {
		t.Fatalf("true/false was shuffled: %v", order)
	}
}

func TestPapersSurviveTheirStoredForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var paper []pickedItem
		for range rapid.IntRange(0, 50).Draw(t, "n") {
			p := pickedItem{item: rapid.IntRange(0, 1<<20).Draw(t, "item"), row: rapid.IntRange(0, 30).Draw(t, "row"), order: []uint8{}}
			for i := range rapid.IntRange(0, 8).Draw(t, "options") {
				p.order = append(p.order, uint8(i))
			}
			paper = append(paper, p)
		}
		got, err := decodePaper(encodePaper(paper))
		if err != nil || len(got) != len(paper) {
			t.Fatal(err)
		}
		for i := range paper {
			if got[i].item != paper[i].item || got[i].row != paper[i].row || !slices.Equal(got[i].order, paper[i].order) {
				t.Fatalf("slot %d: %v > %v", i, paper[i], got[i])
			}
		}
	})
	for _, broken := range [][]byte{nil, {3}, {1, 0}, {1, 0, 0, 9, 1}, {255, 255, 255, 255, 255, 255}} {
		if _, err := decodePaper(broken); err == nil {
			t.Errorf("%v was read as a paper", broken)
		}
	}
}
