package quiz

import "math"

// leafKey names one answerable question: a version and, in a group, which of its questions from 0.
type leafKey struct {
	version int64
	part    int
}

// itemTally is what one item's statistics are formed from. It grows with the number of different scores, not
// with the number of attempts.
type itemTally struct {
	key     leafKey
	guess   float64 // what blind guessing earns, 0-1
	table   bool    // options are picked
	options []int64 // ids
	keys    []int64 // ids of the right ones

	n      int
	marks  int64 // sum of the marks
	points int64 // sum of what the marks could have been
	shares float64
	rest   moments // mark against the share of the points on the other items
	whole  moments // mark against the total
	xs     map[int64]int
	others map[fraction]int
	groups Groups
	earned [3]int64 // marks of the weakest, the middle and the best
	could  [3]int64
	picked []Groups // by option
	blank  Groups
}

// answered is one slot of one attempt. picks are indexes of options.
type answered struct {
	item   *itemTally
	mark   int64
	points int64
	picks  []int
	blank  bool
}

// study forms the statistics of one contest. The totals must be known beforehand: they say who belongs to the
// best and the weakest.
type study struct {
	totals scoreCounts
	hi, lo int64
	split  bool
	full   int64
	slots  int
	items  []*itemTally
	index  map[leafKey]*itemTally
}

func newStudy(totals scoreCounts) *study {
	s := &study{totals: totals, index: map[leafKey]*itemTally{}}
	s.hi, s.lo, s.split = totals.borders()
	return s
}

// item is the tally of a leaf, made when first asked for.
func (s *study) item(key leafKey, q frozenQuestion, right Key) *itemTally {
	t := s.index[key]
	if t == nil {
		t = &itemTally{key: key, guess: q.shape.guess, table: q.shape.table, options: q.optionIDs, keys: right.Options, xs: map[int64]int{},
			others: map[fraction]int{}, picked: make([]Groups, len(q.optionIDs))}
		s.index[key] = t
		s.items = append(s.items, t)
	}
	return t
}

// place says where a total stands: 1 with the best, -1 with the weakest, 0 between.
func (s *study) place(total int64) int {
	switch {
	case !s.split:
		return 0
	case total >= s.hi:
		return 1
	case total <= s.lo:
		return -1
	}
	return 0
}

// add counts one attempt.
func (s *study) add(total int64, slots []answered) {
	full := int64(0)
	for _, a := range slots {
		full += a.points
	}
	s.full, s.slots = max(s.full, full), max(s.slots, len(slots))
	place := s.place(total)
	for _, a := range slots {
		t := a.item
		t.n++
		t.marks += a.mark
		t.points += a.points
		if a.points > 0 {
			t.shares += float64(a.mark) / float64(a.points)
		}
		rest := fraction{total - a.mark, full - a.points}
		t.rest.add(float64(a.mark), rest.value())
		t.whole.add(float64(a.mark), float64(total))
		t.xs[a.mark]++
		t.others[rest]++
		t.groups.add(place)
		t.earned[place+1] += a.mark
		t.could[place+1] += a.points
		if a.blank {
			t.blank.add(place)
		}
		if t.table {
			for _, at := range a.picks {
				t.picked[at].add(place)
			}
		}
	}
}

// same reports whether everybody had the same items.
func (s *study) same() bool {
	for _, t := range s.items {
		if t.n != s.totals.attempts() {
			return false
		}
	}
	return len(s.items) > 0 && len(s.items) == s.slots
}

// statistics closes the study.
func (s *study) statistics() (PaperStatistics, []ItemStatistics) {
	p := PaperStatistics{Items: s.slots, Same: s.same(), FullMark: s.full}
	s.totals.paper(&p)
	if p.Same {
		s.consistency(&p)
	}
	weights := 0.0
	for _, t := range s.items {
		if t.whole.xy > 0 {
			weights += math.Sqrt(t.whole.xy)
		}
	}
	out := make([]ItemStatistics, len(s.items))
	for i, t := range s.items {
		out[i] = t.statistics(p.Same)
		if p.Same && weights > 0 && t.whole.xy >= 0 && t.n > 1 {
			out[i].Weight = some64(100 * math.Sqrt(t.whole.xy) / weights)
		}
		out[i].Flags = out[i].flags(p.Same)
	}
	return p, out
}

// consistency forms α = 100·p/(p-1)·(1 - Σvar x / var T) and what follows from it.
func (s *study) consistency(p *PaperStatistics) {
	n := float64(len(s.items))
	if n < 2 || p.Deviation == nil || *p.Deviation == 0 {
		return
	}
	sum := 0.0
	for _, t := range s.items {
		sum += t.whole.xx / (t.whole.n - 1)
	}
	cic := 100 * n / (n - 1) * (1 - sum/(*p.Deviation**p.Deviation))
	ratio := 100 * math.Sqrt(1-cic/100)
	p.CIC, p.ErrorRatio, p.SEM = some64(cic), some64(ratio), some64(ratio**p.Deviation/100)
}

func (t *itemTally) statistics(same bool) ItemStatistics {
	out := ItemStatistics{VersionID: t.key.version, Attempts: t.n, Answers: t.groups, Blank: t.blank, marks: t.shares, Options: []OptionStatistics{}}
	if t.points > 0 {
		out.Facility = float64(t.marks) / float64(t.points)
	}
	if t.guess < 1 {
		out.Corrected = some64((out.Facility - t.guess) / (1 - t.guess))
	}
	if t.n > 1 {
		out.Deviation = some64(math.Sqrt(t.rest.xx/(t.rest.n-1)) / 100)
	}
	if (same || t.n >= randomFrom) && t.n > 1 && t.rest.xx > 0 && t.rest.yy > 0 {
		out.Index = some64(100 * t.rest.xy / math.Sqrt(t.rest.xx*t.rest.yy))
		if most := covMost(t.xs, t.others, t.rest); most > 0 {
			out.Efficiency = some64(100 * t.rest.xy / most)
		}
	}
	if (same || t.n >= randomFrom) && t.could[0] > 0 && t.could[2] > 0 {
		out.UpperLower = some64(float64(t.earned[2])/float64(t.could[2]) - float64(t.earned[0])/float64(t.could[0]))
	}
	if t.table {
		for i, id := range t.options {
			o := OptionStatistics{ID: id, Picked: t.picked[i]}
			for _, key := range t.keys {
				o.Key = o.Key || key == id
			}
			out.Options = append(out.Options, o)
		}
	}
	return out
}

// flags judges an item (rules-contest 5.13); too few answers are judged by nobody.
func (t ItemStatistics) flags(same bool) []Flag {
	flags := []Flag{}
	if t.Attempts < flagsFrom || (!same && t.Attempts < randomFrom) {
		return flags
	}
	if t.Facility > .95 {
		flags = append(flags, Flag{Code: FlagTooEasy})
	}
	if t.Facility < .25 {
		flags = append(flags, Flag{Code: FlagTooHard})
	}
	rival := t.rival()
	switch {
	case rival != 0:
		flags = append(flags, Flag{Code: FlagWrongKey, Option: rival})
	case t.UpperLower != nil && *t.UpperLower < 0:
		flags = append(flags, Flag{Code: FlagWrongKey})
	case t.UpperLower != nil && *t.UpperLower < .20:
		flags = append(flags, Flag{Code: FlagLow})
	}
	for _, o := range t.Options {
		if !o.Key && float64(o.Picked.All()) < .05*float64(t.Attempts) {
			flags = append(flags, Flag{Code: FlagDead, Option: o.ID})
		}
	}
	return flags
}

// rival is the distractor that more of the best picked than a right option, the most picked one; 0 = none.
func (t ItemStatistics) rival() int64 {
	key := -1
	for _, o := range t.Options {
		if o.Key && (key < 0 || o.Picked.Hi < key) {
			key = o.Picked.Hi
		}
	}
	rival, most := int64(0), key
	for _, o := range t.Options {
		if key >= 0 && !o.Key && o.Picked.Hi > most {
			rival, most = o.ID, o.Picked.Hi
		}
	}
	return rival
}
