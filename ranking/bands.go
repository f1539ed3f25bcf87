package ranking

import "strconv"

// leastInBand is how many ranked units a band needs to stand alone; leastRanked is the smallest unit that is
// ranked at all (rules-training.md R6).
const (
	leastInBand = 3
	leastRanked = 3
)

// DefaultBandLimits are the sizes of R6: up to 10, 11 to 50, more than 50 people.
var DefaultBandLimits = []int64{10, 50}

// Band is a class of units of like size, after merging.
type Band struct {
	Key   string `json:"key"` // "1-10", "11-50", "51+"
	From  int64  `json:"from"`
	To    int64  `json:"to"` // 0 = no upper end
	Units int    `json:"units"`
}

// bands sorts sizes (expected people of the ranked units) into bands. One with fewer than three units is
// merged with the next larger; the largest, which has none above it, with the next smaller.
func bands(limits, sizes []int64) []Band {
	if len(limits) == 0 {
		limits = DefaultBandLimits
	}
	all := make([]Band, 0, len(limits)+1)
	from := int64(1)
	for _, limit := range limits {
		all = append(all, Band{From: from, To: limit})
		from = limit + 1
	}
	all = append(all, Band{From: from})
	for _, size := range sizes {
		all[bandOf(all, size)].Units++
	}
	var merged []Band
	for i, b := range all {
		if i+1 < len(all) && b.Units < leastInBand {
			all[i+1].From = b.From
			all[i+1].Units += b.Units
			continue
		}
		merged = append(merged, b)
	}
	for len(merged) > 1 && merged[len(merged)-1].Units < leastInBand {
		last := merged[len(merged)-1]
		merged = merged[:len(merged)-1]
		merged[len(merged)-1].To = last.To
		merged[len(merged)-1].Units += last.Units
	}
	for i := range merged {
		merged[i].Key = merged[i].key()
	}
	return merged
}

func (b Band) key() string {
	if b.To == 0 {
		return strconv.FormatInt(b.From, 10) + "+"
	}
	return strconv.FormatInt(b.From, 10) + "-" + strconv.FormatInt(b.To, 10)
}

// bandOf is the place of the band a size falls into; bands cover every size from 1 up.
func bandOf(all []Band, size int64) int {
	for i, b := range all {
		if b.To == 0 || size <= b.To {
			return i
		}
	}
	return len(all) - 1
}
