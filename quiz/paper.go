package quiz

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"slices"
)

// poolItem is one question of an edition's frozen pool, as the draw sees it: the leaves it brings to a paper,
// one for most kinds, one for each question of a group. first is the index of its first leaf among all.
type poolItem struct {
	difficulty int // 1/100
	first      int
	leaves     []poolLeaf
}

// poolLeaf is one answerable question as the shuffle sees it.
type poolLeaf struct {
	options int  // how many
	shuffle bool // options may change places
	fixed   []bool
}

// pickedItem is one slot of a paper: a leaf of the pool and the order of its options.
type pickedItem struct {
	item  int     // index of the leaf
	row   int     // blueprint row that asked for it
	order []uint8 // order[place-1] = index of the option
}

// Constants of the draw (rules-contest 5.3).
const (
	difficultySlack = 3   // 1/100: |mean difficulty - target| of an accepted paper
	drawTries       = 200 // then the closest paper is taken
)

var errDrawShort = errors.New("quiz: the pool cannot fill the blueprint")

// drawSeed makes the seed of one attempt from the contest's secret: the same attempt always has the same
// paper, and nobody without the secret can foresee it.
func drawSeed(secret []byte, contestID, personID int64, no int) [32]byte {
	mac := hmac.New(sha256.New, secret)
	var b [24]byte
	binary.BigEndian.PutUint64(b[0:], uint64(contestID))
	binary.BigEndian.PutUint64(b[8:], uint64(personID))
	binary.BigEndian.PutUint64(b[16:], uint64(no))
	mac.Write(b[:])
	return [32]byte(mac.Sum(nil))
}

// draw fills every row from its candidates without giving a question twice, tries again until the paper's
// mean difficulty is within difficultySlack of the target, and shuffles the options. Questions in avoid
// (pool indexes, those of earlier attempts) are used only if the rest does not suffice.
func draw(seed [32]byte, rows []Row, candidates [][]int, pool []poolItem, target int, avoid map[int]bool) ([]pickedItem, error) {
	rng := rand.New(rand.NewChaCha8(seed))
	var best []pickedItem
	bestGap := -1
	for range drawTries {
		paper := drawOnce(rng, rows, candidates, len(pool), avoid)
		if paper == nil {
			return nil, errDrawShort
		}
		gap := abs(meanDifficulty(paper, pool) - 10*target)
		if bestGap < 0 || gap < bestGap {
			best, bestGap = paper, gap
		}
		if bestGap <= 10*difficultySlack {
			break
		}
	}
	paper := make([]pickedItem, 0, len(best))
	for _, p := range best {
		for i, l := range pool[p.item].leaves {
			paper = append(paper, pickedItem{item: pool[p.item].first + i, row: p.row, order: shuffleOptions(rng, l)})
		}
	}
	return paper, nil
}

// drawOnce gives every row distinct questions in random order, the tightest row first, and falls back to
// augmenting paths when the rows get in each other's way; nil if no paper exists at all.
func drawOnce(rng *rand.Rand, rows []Row, candidates [][]int, size int, avoid map[int]bool) []pickedItem {
	total := 0
	first := make([]int, len(rows)) // row > its first slot
	for r, row := range rows {
		first[r] = total
		total += row.Count
	}
	paper := make([]pickedItem, total)
	taken := make([]bool, size)
	var scratch []int
	for _, r := range tightestFirst(rows, candidates) {
		scratch = append(scratch[:0], candidates[r]...)
		got := 0
		for n := len(scratch); n > 0 && got < rows[r].Count; n-- {
			k := rng.IntN(n)
			q := scratch[k]
			scratch[k] = scratch[n-1]
			if !taken[q] && !avoid[q] {
				taken[q] = true
				paper[first[r]+got] = pickedItem{item: q, row: r}
				got++
			}
		}
		if got < rows[r].Count {
			return drawAlongPaths(rng, rows, candidates, size, avoid)
		}
	}
	return paper
}

// drawAlongPaths fills the slots one by one along augmenting paths over candidates in random order, so that
// it finds a full paper whenever one exists. Questions in avoid come last.
func drawAlongPaths(rng *rand.Rand, rows []Row, candidates [][]int, size int, avoid map[int]bool) []pickedItem {
	shuffled := make([][]int, len(rows))
	for r := range rows {
		shuffled[r] = freshFirst(rng, candidates[r], avoid)
	}
	var slots []int // slot > row
	for r, row := range rows {
		for range row.Count {
			slots = append(slots, r)
		}
	}
	taken := make([]int, size) // question > slot+1
	given := make([]int, len(slots))
	seen := make([]int, size)
	var fill func(slot, stamp int) bool
	fill = func(slot, stamp int) bool {
		for _, q := range shuffled[slots[slot]] {
			if seen[q] == stamp {
				continue
			}
			seen[q] = stamp
			if taken[q] == 0 || fill(taken[q]-1, stamp) {
				taken[q], given[slot] = slot+1, q
				return true
			}
		}
		return false
	}
	for slot := range slots {
		if !fill(slot, slot+1) {
			return nil
		}
	}
	paper := make([]pickedItem, len(slots))
	for slot, r := range slots {
		paper[slot] = pickedItem{item: given[slot], row: r}
	}
	return paper
}

func freshFirst(rng *rand.Rand, candidates []int, avoid map[int]bool) []int {
	list := append([]int(nil), candidates...)
	rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	slices.SortStableFunc(list, func(a, b int) int {
		switch {
		case avoid[a] == avoid[b]:
			return 0
		case avoid[a]:
			return 1
		}
		return -1
	})
	return list
}

// meanDifficulty of a paper in 1/1000.
func meanDifficulty(paper []pickedItem, pool []poolItem) int {
	sum := 0
	for _, p := range paper {
		sum += pool[p.item].difficulty
	}
	return 10 * sum / max(1, len(paper))
}

func shuffleOptions(rng *rand.Rand, item poolLeaf) []uint8 {
	order := make([]uint8, item.options)
	var free []int
	for i := range order {
		order[i] = uint8(i)
		if item.shuffle && !(i < len(item.fixed) && item.fixed[i]) {
			free = append(free, i)
		}
	}
	rng.Shuffle(len(free), func(i, j int) {
		order[free[i]], order[free[j]] = order[free[j]], order[free[i]]
	})
	return order
}

// encodePaper is the stored form: per slot the pool index, the row, the number of options and their order.
func encodePaper(paper []pickedItem) []byte {
	b := binary.AppendUvarint(nil, uint64(len(paper)))
	for _, p := range paper {
		b = binary.AppendUvarint(b, uint64(p.item))
		b = binary.AppendUvarint(b, uint64(p.row))
		b = append(b, uint8(len(p.order)))
		b = append(b, p.order...)
	}
	return b
}

var errPaperBroken = errors.New("quiz: unreadable paper")

// paperSize is the number of slots of a stored paper.
func paperSize(b []byte) int {
	n, _ := binary.Uvarint(b)
	return int(n)
}

func decodePaper(b []byte) ([]pickedItem, error) {
	next := func() int {
		v, n := binary.Uvarint(b)
		if n <= 0 || v > 1<<20 {
			b = nil
			return -1
		}
		b = b[n:]
		return int(v)
	}
	count := next()
	if count < 0 || count > 2000 {
		return nil, errPaperBroken
	}
	paper := make([]pickedItem, count)
	for i := range paper {
		item, row := next(), next()
		if item < 0 || row < 0 || len(b) == 0 || len(b)-1 < int(b[0]) {
			return nil, errPaperBroken
		}
		n := int(b[0])
		paper[i] = pickedItem{item: item, row: row, order: b[1 : 1+n : 1+n]}
		b = b[1+n:]
	}
	return paper, nil
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
