package quiz

import "crypto/sha256"

// trialPapers is how many papers the wizard draws to show the spread of difficulty.
const trialPapers = 200

// fit proves whether the rows can be met from distinct questions (rules-contest 5.3): a maximum flow from
// rows to questions, found along augmenting paths. candidates[r] are the pool indexes row r accepts.
func fit(rows []Row, candidates [][]int, size int) Fit {
	f := Fit{Binding: -1, Rows: make([]RowFit, len(rows))}
	owner := make([]int, size) // question > row+1
	seen := make([]int, size)
	stamp := 0
	var give func(row int) bool
	give = func(row int) bool {
		for _, q := range candidates[row] {
			if owner[q] == 0 {
				owner[q] = row + 1
				return true
			}
		}
		for _, q := range candidates[row] {
			if seen[q] == stamp || owner[q] == row+1 {
				continue
			}
			seen[q] = stamp
			if give(owner[q] - 1) {
				owner[q] = row + 1
				return true
			}
		}
		return false
	}
	for _, r := range tightestFirst(rows, candidates) {
		f.Rows[r] = RowFit{Row: r, Available: len(candidates[r]), Needed: rows[r].Count}
		f.Needed += rows[r].Count
		for range rows[r].Count {
			stamp++
			if !give(r) {
				break
			}
			f.Rows[r].Drawn++
			f.Drawn++
		}
	}
	f.Short = f.Needed - f.Drawn
	worst := 0
	for r, row := range f.Rows {
		if missing := row.Needed - row.Drawn; missing > worst {
			f.Binding, worst = r, missing
		}
	}
	return f
}

// tightestFirst orders rows by how few questions they have to spare, so that the row named as binding is
// the one with the least choice.
func tightestFirst(rows []Row, candidates [][]int) []int {
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	spare := func(r int) int { return len(candidates[r]) - rows[r].Count }
	// Rows with more to spare go last; a row that is short anyway goes last of all, so that it never takes
	// a question another row needs.
	key := func(r int) int {
		if spare(r) < 0 {
			return 1 << 30
		}
		return spare(r)
	}
	for i := 1; i < len(order); i++ {
		for j := i; j > 0 && key(order[j]) < key(order[j-1]); j-- {
			order[j], order[j-1] = order[j-1], order[j]
		}
	}
	return order
}

// target is the mean difficulty a paper is drawn towards, 1/100: each row's middle, weighed by its count.
func target(rows []Row) int {
	sum, n := 0, 0
	for _, row := range rows {
		lo, hi := row.difficulty()
		sum += row.Count * (lo + hi)
		n += 2 * row.Count
	}
	return sum / max(1, n)
}

// difficulty returns the row's bounds; unset bounds mean any.
func (r Row) difficulty() (lo, hi int) {
	if r.DifficultyHi == 0 {
		return r.DifficultyLo, 100
	}
	return r.DifficultyLo, r.DifficultyHi
}

// poolTarget is what papers really can reach: the mean over the rows of what their candidates offer.
func poolTarget(rows []Row, candidates [][]int, pool []poolItem) int {
	sum, n := 0, 0
	for r, row := range rows {
		if len(candidates[r]) == 0 {
			continue
		}
		mean := 0
		for _, q := range candidates[r] {
			mean += pool[q].difficulty
		}
		sum += row.Count * mean / len(candidates[r])
		n += row.Count
	}
	return sum / max(1, n)
}

// trials draws papers with fixed seeds and returns their mean difficulties in 1/1000.
func trials(rows []Row, candidates [][]int, pool []poolItem, target int) []int {
	means := make([]int, 0, trialPapers)
	for i := range trialPapers {
		seed := sha256.Sum256([]byte{byte(i), byte(i >> 8), 't'})
		paper, err := draw(seed, rows, candidates, pool, target, nil)
		if err != nil {
			return nil
		}
		means = append(means, meanDifficulty(paper, pool))
	}
	return means
}
