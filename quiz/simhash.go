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
// A statement of forty characters that turns 不得 into 可以 differs in about seven; unrelated ones in about thirty.
const nearBits = 8

// pieceCounts bounds how often one piece of a text counts.
const pieceCounts = 2

// simHash turns what a question asks into 64 bits so that texts with many characters and pairs of them in common
// differ in few bits: each bit is what most of the pieces' own hashes say (Charikar 2002). A piece counts
// at most pieceCounts times, or questions that only keep saying 国家秘密 would look alike. The order of options,
// width, case and punctuation do not matter.
func simHash(stem string, words []string) uint64 {
	pieces := map[string]int{}
	for _, text := range append([]string{stem}, words...) {
		letters := []rune(skeleton(text))
		for i := range letters {
			pieces[string(letters[i:i+1])]++
			if i+1 < len(letters) {
				pieces[string(letters[i:i+2])]++
			}
		}
	}
	var votes [64]int
	for piece, n := range pieces {
		vote(&votes, piece, min(n, pieceCounts))
	}
	var out uint64
	for bit, v := range votes {
		if v > 0 {
			out |= 1 << bit
		}
	}
	return out
}

func vote(votes *[64]int, piece string, weight int) {
	h := fnv.New64a()
	h.Write([]byte(piece))
	sum := mix(h.Sum64())
	for bit := range votes {
		votes[bit] += weight * (int(sum>>bit&1)*2 - 1)
	}
}

// mix spreads the bits of a hash evenly (the finaliser of MurmurHash3); FNV of short texts leaves the high ones alike.
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

func (q content) simHash() int64 {
	words := slices.Clone(kinds[q.kind].words(q))
	for i, w := range words {
		words[i] = withoutPictures(w)
	}
	return int64(simHash(withoutPictures(q.stem), words))
}

// similarity of two hashes in 1/100: 100 = the same.
func similarity(a, b int64) int { return 100 - 100*distance(a, b)/64 }

func distance(a, b int64) int { return bits.OnesCount64(uint64(a) ^ uint64(b)) }

// simBands is how many bands a hash is cut into: of nine, one is the same in two hashes that differ in eight bits.
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

// nearest returns the place of the hash that differs least, the first of several, or -1 if none is within nearBits.
func (x *nearIndex) nearest(hash int64) int {
	best, least := -1, nearBits+1
	for n := range simBands {
		for _, i := range x.byBand[band(hash, n)] {
			if d := distance(hash, x.hashes[i]); d < least || d == least && i < best {
				best, least = i, d
			}
		}
	}
	return best
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

// asked is what a stored version asks and explains, as the checks know it: everything but its key.
func (v QuestionVersion) asked() content {
	c := v.QuestionPart.asked()
	c.tags = v.Tags
	for _, part := range v.Items {
		c.items = append(c.items, part.asked())
	}
	return c
}

func (p QuestionPart) asked() content {
	return content{kind: p.Kind, stem: p.Stem, options: p.Options, lefts: p.Lefts, explanation: p.Explanation, lawQuote: p.LawQuote}
}
