package quiz

import (
	"fmt"
	"hash/fnv"
	"math/bits"
	"slices"

	"gorm.io/gorm"

	"jingzhong/store"
)

// nearBits is how many of 64 bits the hashes of near duplicates may differ in.
const nearBits = 6

// simHash turns what a question asks into 64 bits so that texts with many pairs of characters in common differ
// in few of them: each bit is what most of the pairs' own hashes say (Charikar 2002). The order of options,
// width, case and punctuation do not matter.
func simHash(stem string, words []string) uint64 {
	var votes [64]int
	for _, text := range append([]string{stem}, words...) {
		letters := []rune(skeleton(text))
		for i := range letters {
			h := fnv.New64a()
			h.Write([]byte(string(letters[i:min(i+2, len(letters))])))
			sum := mix(h.Sum64())
			for bit := range votes {
				if sum>>bit&1 == 1 {
					votes[bit]++
				} else {
					votes[bit]--
				}
			}
		}
	}
	var out uint64
	for bit, v := range votes {
		if v > 0 {
			out |= 1 << bit
		}
	}
	return out
}

// mix spreads the bits of a hash evenly (the finaliser of MurmurHash3); FNV of short texts leaves the high ones alike.
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

func (q content) simHash() int64 { return int64(simHash(q.stem, kinds[q.kind].words(q))) }

// similarity of two hashes in 1/100: 100 = the same.
func similarity(a, b int64) int { return 100 - 100*distance(a, b)/64 }

func distance(a, b int64) int { return bits.OnesCount64(uint64(a) ^ uint64(b)) }

// simBands is how many bands a hash is cut into: of seven, one is the same in two hashes that differ in six bits.
const simBands = nearBits + 1

// band is a piece of a hash with its place.
func band(hash int64, n int) uint16 {
	low, high := n*64/simBands, (n+1)*64/simBands
	return uint16(n)<<10 | uint16(uint64(hash)>>low&(1<<(high-low)-1))
}

// nearIndex finds hashes within nearBits of another by the bands they share.
type nearIndex struct {
	hashes []int64
	byBand map[uint16][]int
}

func newNearIndex(hashes []int64) *nearIndex {
	x := &nearIndex{hashes: hashes, byBand: map[uint16][]int{}}
	for i, h := range hashes {
		for n := range simBands {
			x.byBand[band(h, n)] = append(x.byBand[band(h, n)], i)
		}
	}
	return x
}

// near returns the places of all hashes within nearBits, nearest first, then in their order.
func (x *nearIndex) near(hash int64) []int {
	var found []int
	for n := range simBands {
		for _, i := range x.byBand[band(hash, n)] {
			if distance(hash, x.hashes[i]) <= nearBits && !slices.Contains(found, i) {
				found = append(found, i)
			}
		}
	}
	slices.SortFunc(found, func(a, b int) int {
		if d := distance(hash, x.hashes[a]) - distance(hash, x.hashes[b]); d != 0 {
			return d
		}
		return a - b
	})
	return found
}

// hashAgain computes the hashes of stored questions from their newest versions.
func (b *Bank) hashAgain(tx *gorm.DB, ids []int64) error {
	var rows []questionRow
	if err := tx.Where("id IN ?", some(ids)).Find(&rows).Error; err != nil {
		return fmt.Errorf("quiz: hash again: %w", err)
	}
	heads := make([]int64, len(rows))
	for i, q := range rows {
		heads[i] = q.head()
	}
	versions, err := versionsOf(tx, heads, nil)
	if err != nil {
		return err
	}
	for _, q := range rows {
		c := versions[q.head()].asked()
		if _, err := store.Writing(tx).Exec(`UPDATE questions SET simhash = ? WHERE id = ?`, c.simHash(), q.ID); err != nil {
			return fmt.Errorf("quiz: hash again: %w", err)
		}
	}
	return nil
}

// asked is what a stored version asks, as the checks know it: no key, no explanation.
func (v QuestionVersion) asked() content {
	c := content{kind: v.Kind, stem: v.Stem, options: v.Options, lefts: v.Lefts}
	for _, part := range v.Items {
		c.items = append(c.items, content{kind: part.Kind, stem: part.Stem, options: part.Options, lefts: part.Lefts})
	}
	return c
}
