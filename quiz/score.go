package quiz

// Marked is the outcome of one question. Score is in 1/100 point.
type Marked struct {
	Score    int64
	Right    bool // full marks
	Answered bool
	Awaiting bool // a person has to mark it
}

// markChoice scores picks against keys, both option ids of one question with n options. A single choice
// and true/false are all or nothing whatever the mode (rules-contest 5.4).
func markChoice(mode Scoring, single bool, points int64, n int, keys, picks []int64) Marked {
	key := make(map[int64]bool, len(keys))
	for _, id := range keys {
		key[id] = true
	}
	var right, wrong int64
	seen := make(map[int64]bool, len(picks))
	for _, id := range picks {
		if id == 0 {
			continue // a place left open
		}
		switch {
		case seen[id]:
		case key[id]:
			right++
		default:
			wrong++
		}
		seen[id] = true
	}
	k := int64(len(key))
	m := Marked{Answered: len(seen) > 0, Right: k > 0 && right == k && wrong == 0}
	if m.Right {
		m.Score = points
		return m
	}
	if single || k == 0 || !m.Answered {
		return m
	}
	m.Score = partial(mode, points, int64(n), k, right, wrong)
	return m
}

// partial pays an answer that is not wholly right: r right picks and w wrong picks of k keys among n options.
func partial(mode Scoring, s, n, k, r, w int64) int64 {
	switch mode {
	case ScoringM1, ScoringM4:
		if w == 0 {
			return share(s, r, k)
		}
	case ScoringM1h:
		if w == 0 && r > 0 {
			return share(s, 1, 2)
		}
	case ScoringM2:
		if n == k {
			return partial(ScoringM1, s, n, k, r, w)
		}
		return share(s, max(0, r*(n-k)-w*k), k*(n-k))
	case ScoringM3:
		return share(s, max(0, n-2*(k-r+w)), n)
	}
	return 0
}

// share is s*num/den, rounded half up once.
func share(s, num, den int64) int64 { return (2*s*num + den) / (2 * den) }

// markBlanks scores fill-in answers: blanks are compared after NormaliseAnswer; M0 wants all of them, the
// other modes pay in proportion.
func markBlanks(mode Scoring, points int64, accepted [][]string, given []string) Marked {
	var m Marked
	var right int64
	for i, variants := range accepted {
		if i >= len(given) {
			break
		}
		answer := NormaliseAnswer(given[i])
		if answer == "" {
			continue
		}
		m.Answered = true
		for _, v := range variants {
			if NormaliseAnswer(v) == answer {
				right++
				break
			}
		}
	}
	k := int64(len(accepted))
	m.Right = k > 0 && right == k
	switch {
	case m.Right:
		m.Score = points
	case mode != ScoringM0 && k > 0:
		m.Score = share(points, right, k)
	}
	return m
}
