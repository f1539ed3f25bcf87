package quiz

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/fault"
	"jingzhong/org"
)

// duplicatesMost bounds the pairs one look over the bank finds: enough for a person to work through, and a bank of
// one question ten thousand times does not cost ten thousand times ten thousand.
const duplicatesMost = 2000

// stemShown is how much of a stem a warning quotes, in characters.
const stemShown = 40

// DuplicatePair is two questions that may ask the same. Similarity is in 1/100.
type DuplicatePair struct {
	A, B       Question
	Similarity int
}

// DuplicatePage is one page of pairs, the most alike first; Next is empty on the last one. Total counts all, up to
// the 2,000 that are looked for.
type DuplicatePage struct {
	Items []DuplicatePair
	Next  string
	Total int
}

// Faults of the duplicate finder.
var (
	ErrDistinctSame = fault.New(fault.Invalid, "question.distinct_same")

	warnNear = fault.New(fault.Unprocessable, "question.near_duplicate")
)

// hashed is a question as the duplicate finder knows it.
type hashed struct {
	ID      int64
	Simhash int64
}

// pair is two places of a list of hashes.
type pair struct{ a, b, distance int }

// nearPairs finds pairs of hashes within nearBits, at most `most` of them, the most alike first. A pair is taken
// in the first band it shares, so none comes twice.
func nearPairs(hashes []int64, most int) []pair {
	x := newNearIndex(hashes)
	var found []pair
	for i, h := range hashes {
		for n := range simBands {
			for _, j := range x.byBand[band(h, n)] {
				if j <= i || distance(h, hashes[j]) > nearBits || firstBand(h, hashes[j]) != n {
					continue
				}
				if found = append(found, pair{i, j, distance(h, hashes[j])}); len(found) == most {
					return sortedPairs(found)
				}
			}
		}
	}
	return sortedPairs(found)
}

func firstBand(a, b int64) int {
	for n := range simBands {
		if band(a, n) == band(b, n) {
			return n
		}
	}
	return simBands
}

func sortedPairs(pairs []pair) []pair {
	slices.SortFunc(pairs, func(x, y pair) int {
		if x.distance != y.distance {
			return x.distance - y.distance
		}
		if x.a != y.a {
			return x.a - y.a
		}
		return x.b - y.b
	})
	return pairs
}

// Duplicates lists pairs of questions the reader works on that may ask the same, less those somebody has found
// distinct. Whether they do, a person decides: one 不 makes another question of a text.
func (b *Bank) Duplicates(ctx context.Context, by org.Actor, limit int, cursor string) (DuplicatePage, error) {
	tx := b.db.Read(ctx)
	r, err := reachOf(tx, by)
	if err != nil {
		return DuplicatePage{}, err
	}
	if limit < 0 || limit > pageMost {
		return DuplicatePage{}, ErrQuestionLimit.At("limit").With("most", pageMost)
	}
	if limit == 0 {
		limit = pageDefault
	}
	start := 0
	if cursor != "" {
		if start, err = strconv.Atoi(cursor); err != nil || start < 0 {
			return DuplicatePage{}, ErrQuestionCursor.At("cursor")
		}
	}
	rows, err := b.hashes(tx, r, "q.unit_id IN ?", some(r.work))
	if err != nil {
		return DuplicatePage{}, err
	}
	pairs, err := distinctPairs(tx, rows)
	if err != nil {
		return DuplicatePage{}, err
	}
	page := DuplicatePage{Total: len(pairs)}
	end := min(start+limit, len(pairs))
	if end < len(pairs) {
		page.Next = strconv.Itoa(end)
	}
	page.Items, err = b.pairViews(tx, r, rows, pairs[min(start, end):end])
	return page, err
}

// hashes reads what the reader may see and is not retired.
func (b *Bank) hashes(tx *gorm.DB, r *reach, and string, args ...any) ([]hashed, error) {
	var rows []hashed
	err := r.visible(tx.Table("questions AS q").Select("q.id, q.simhash"), b.db.Now()).
		Where("q.state <> ?", QuestionRetired).Where(and, args...).Order("q.id").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("quiz: hashes: %w", err)
	}
	return rows, nil
}

func distinctPairs(tx *gorm.DB, rows []hashed) ([]pair, error) {
	known := map[[2]int64]bool{}
	var distinct []struct{ A, B int64 }
	if err := tx.Table("question_distinct").Select("a, b").Find(&distinct).Error; err != nil {
		return nil, fmt.Errorf("quiz: distinct questions: %w", err)
	}
	for _, d := range distinct {
		known[[2]int64{d.A, d.B}] = true
	}
	list := make([]int64, len(rows))
	for i, row := range rows {
		list[i] = row.Simhash
	}
	return slices.DeleteFunc(nearPairs(list, duplicatesMost+len(known)), func(p pair) bool {
		return known[[2]int64{rows[p.a].ID, rows[p.b].ID}]
	}), nil
}

func (b *Bank) pairViews(tx *gorm.DB, r *reach, rows []hashed, pairs []pair) ([]DuplicatePair, error) {
	ids := make([]int64, 0, 2*len(pairs))
	for _, p := range pairs {
		ids = append(ids, rows[p.a].ID, rows[p.b].ID)
	}
	var questions []questionRow
	if err := tx.Where("id IN ?", some(ids)).Find(&questions).Error; err != nil {
		return nil, fmt.Errorf("quiz: pairs: %w", err)
	}
	views, err := b.asQuestions(tx, r, questions)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]Question, len(views))
	for _, v := range views {
		v.Version.Explanation = ""
		byID[v.ID] = v
	}
	out := make([]DuplicatePair, len(pairs))
	for i, p := range pairs {
		out[i] = DuplicatePair{byID[rows[p.a].ID], byID[rows[p.b].ID], similarity(rows[p.a].Simhash, rows[p.b].Simhash)}
	}
	return out, nil
}

// MarkDistinct remembers that two questions the reader works on ask different things, so that they are not shown
// as a pair again.
func (b *Bank) MarkDistinct(ctx context.Context, by org.Actor, one, other int64) error {
	if one == other {
		return ErrDistinctSame.At("b")
	}
	low, high := min(one, other), max(one, other)
	return b.db.Tx(ctx, func(tx *gorm.DB) error {
		r, err := reachOf(tx, by)
		if err != nil {
			return err
		}
		q, err := b.findRow(tx, r, low, true)
		if err != nil {
			return err
		}
		if _, err := b.findRow(tx, r, high, true); err != nil {
			return err
		}
		err = tx.Exec(`INSERT INTO question_distinct (a, b, by, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			low, high, by.PersonID, b.db.Now()).Error
		if err != nil {
			return fmt.Errorf("quiz: distinct: %w", err)
		}
		e := b.entry(by, "question.distinct", low, q.UnitID)
		e.After = map[string]any{"other": high}
		return audit.Append(ctx, tx, e)
	})
}

// markNear warns of rows that nearly ask what a question the reader may see asks; such a row still imports.
func (b *Bank) markNear(tx *gorm.DB, r *reach, lines []importLine) error {
	rows, err := b.hashes(tx, r, "1 = 1")
	if err != nil {
		return err
	}
	list := make([]int64, len(rows))
	for i, row := range rows {
		list[i] = row.Simhash
	}
	x, twins := newNearIndex(list), map[int]hashed{}
	var ids []int64
	for i, l := range lines {
		if l.State != ImportRowReady {
			continue
		}
		if at := x.nearest(l.simhash); at >= 0 {
			twins[i] = rows[at]
			ids = append(ids, rows[at].ID)
		}
	}
	stems, err := b.shownStems(tx, r, ids)
	if err != nil {
		return err
	}
	for i, twin := range twins {
		w := ImportProblem{Sheet: lines[i].Sheet, Line: lines[i].Line, Code: warnNear.Code, Args: map[string]any{"question": twin.ID,
			"stem": stems[twin.ID], "similarity": similarity(lines[i].simhash, twin.Simhash)}}
		if err := lines[i].warn(w); err != nil {
			return err
		}
	}
	return nil
}

// shownStems are the beginnings of the stems the reader may see.
func (b *Bank) shownStems(tx *gorm.DB, r *reach, ids []int64) (map[int64]string, error) {
	stems := map[int64]string{}
	for part := range slices.Chunk(ids, bankChunk) {
		var questions []questionRow
		if err := tx.Where("id IN ?", part).Find(&questions).Error; err != nil {
			return nil, fmt.Errorf("quiz: near duplicates: %w", err)
		}
		views, err := b.asQuestions(tx, r, questions)
		if err != nil {
			return nil, err
		}
		for _, v := range views {
			stem := []rune(strings.ReplaceAll(v.Version.Stem, "\n", " "))
			stems[v.ID] = string(stem[:min(stemShown, len(stem))])
		}
	}
	return stems, nil
}

// warn adds a warning to a stored row.
func (l *importLine) warn(w ImportProblem) error {
	var warnings []ImportProblem
	if err := json.Unmarshal([]byte(l.Warnings), &warnings); err != nil {
		return fmt.Errorf("quiz: import row: %w", err)
	}
	text, err := json.Marshal(append(warnings, w))
	if err != nil {
		return fmt.Errorf("quiz: import row: %w", err)
	}
	l.Warnings = string(text)
	return nil
}
