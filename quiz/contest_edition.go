package quiz

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"gorm.io/gorm"
)

// edition is a published version of a contest, immutable and held in memory: the pool with its questions
// encoded once, so that starting an attempt only copies bytes. It holds no key.
type edition struct {
	contestID  int64
	no         int64
	rows       []Row
	target     int
	pool       []poolItem
	candidates [][]int          // row > pool indexes
	questions  []frozenQuestion // the leaves of all pool items in order
	unitOf     []int            // leaf > pool index
	secret     []byte
}

// frozenQuestion is one leaf of an edition as contestants see it.
type frozenQuestion struct {
	questionID int64
	versionID  int64
	part, of   int // which question of its group, from 0, and how many it has; 0 of 1 for most kinds
	kind       string
	shape      shape
	optionIDs  []int64  // the bank's stable ids, by index
	head       []byte   // "kind":"single","stem":"..."
	options    [][]byte // "text":"..." by index
}

// points is the leaf's part of what the row pays: equal parts, the first ones rounded up.
func (q frozenQuestion) points(row int64) int64 {
	n := int64(q.of)
	p := row / n
	if int64(q.part) < row%n {
		p++
	}
	return p
}

// keyIn is the leaf's own key within that of its version.
func (q frozenQuestion) keyIn(key Key) Key {
	if q.of == 1 && len(key.Parts) == 0 {
		return key
	}
	return key.Parts[q.part]
}

type editionKey struct{ contest, edition int64 }

// editionCache keeps the editions in use. They are immutable, so there is nothing to invalidate; the
// oldest goes when there are too many.
type editionCache struct {
	mu    sync.Mutex
	items map[editionKey]*editionLoad
	order []editionKey
}

// editionLoad is an edition being read, or read: however many start at once, one of them reads it.
type editionLoad struct {
	once sync.Once
	e    *edition
	err  error
}

const maxEditions = 64

func newEditionCache() *editionCache { return &editionCache{items: map[editionKey]*editionLoad{}} }

func (s *Contests) edition(ctx context.Context, c contestRow, no int64) (*edition, error) {
	key := editionKey{c.ID, no}
	load := s.editions.at(key)
	load.once.Do(func() {
		// Whoever asked first may leave; the others still want it.
		load.e, load.err = loadEdition(s.db.Read(context.WithoutCancel(ctx)), c, no)
	})
	if load.err != nil {
		s.editions.drop(key, load)
		return nil, load.err
	}
	return load.e, nil
}

func (c *editionCache) at(key editionKey) *editionLoad {
	c.mu.Lock()
	defer c.mu.Unlock()
	load := c.items[key]
	if load == nil {
		load = &editionLoad{}
		c.items[key] = load
		c.order = append(c.order, key)
		if len(c.order) > maxEditions {
			delete(c.items, c.order[0])
			c.order = c.order[1:]
		}
	}
	return load
}

// drop forgets a load that failed, so that the next one tries again.
func (c *editionCache) drop(key editionKey, failed *editionLoad) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.items[key] == failed {
		delete(c.items, key)
		c.order = slices.DeleteFunc(c.order, func(k editionKey) bool { return k == key })
	}
}

func loadEdition(tx *gorm.DB, c contestRow, no int64) (*edition, error) {
	rows, err := blueprint(tx, c.ID)
	if err != nil {
		return nil, err
	}
	var items []itemRow
	if err := tx.Where("contest_id = ? AND edition = ?", c.ID, no).Order("no").Find(&items).Error; err != nil {
		return nil, fmt.Errorf("quiz: pool: %w", err)
	}
	e := &edition{contestID: c.ID, no: no, rows: rows, target: c.Target, candidates: make([][]int, len(rows)), secret: c.Secret}
	ids := make([]int64, len(items))
	for i, item := range items {
		ids[i] = item.VersionID
		accepting, err := unmarshal[[]int](item.Rows)
		if err != nil {
			return nil, err
		}
		for _, r := range accepting {
			if r >= 0 && r < len(rows) {
				e.candidates[r] = append(e.candidates[r], i)
			}
		}
	}
	versions, err := loadVersions(tx, ids)
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		v, ok := versions[item.VersionID]
		if !ok {
			return nil, fmt.Errorf("quiz: version %d of contest %d is gone", item.VersionID, c.ID)
		}
		leaves := v.freeze(item.QuestionID)
		p := poolItem{difficulty: v.difficulty, first: len(e.questions)}
		for i, l := range v.leaves() {
			p.leaves = append(p.leaves, l.poolLeaf(leaves[i].shape.shuffle))
			e.unitOf = append(e.unitOf, len(e.pool))
		}
		e.pool = append(e.pool, p)
		e.questions = append(e.questions, leaves...)
	}
	return e, nil
}

// poolVersion is a question version as the engine reads it from the bank: everything but the key.
type poolVersion struct {
	id         int64
	kind       string
	stem       string
	difficulty int
	options    []poolOption
	parts      versionParts
}

type poolOption struct {
	id    int64
	text  string
	fixed bool
}

// leaves are the answerable questions of a version.
func (v poolVersion) leaves() []leaf {
	if v.kind != KindGroup {
		return []leaf{{kind: v.kind, stem: v.stem, options: v.options, lefts: v.parts.Lefts}}
	}
	leaves := make([]leaf, len(v.parts.Items))
	for i, part := range v.parts.Items {
		leaves[i] = leaf{kind: part.Kind, stem: part.Stem, lefts: part.Lefts}
		for _, o := range part.Options {
			leaves[i].options = append(leaves[i].options, poolOption{id: o.ID, text: o.Text, fixed: o.Fixed})
		}
	}
	return leaves
}

func (l leaf) poolLeaf(shuffle bool) poolLeaf {
	p := poolLeaf{options: len(l.options), shuffle: shuffle}
	for _, o := range l.options {
		p.fixed = append(p.fixed, o.fixed)
	}
	return p
}

// freeze encodes the version's leaves as contestants will see them.
func (v poolVersion) freeze(questionID int64) []frozenQuestion {
	leaves := v.leaves()
	frozen := make([]frozenQuestion, len(leaves))
	for i, l := range leaves {
		q := frozenQuestion{questionID: questionID, versionID: v.id, part: i, of: len(leaves), kind: l.kind, shape: kinds[l.kind].shape(l)}
		q.head = fmt.Appendf(nil, `"kind":%s,"stem":%s`, encode(l.kind), encode(l.stem))
		if v.kind == KindGroup {
			q.head = fmt.Appendf(q.head, `,"material":%s,"part":%d,"parts":%d`, encode(v.stem), i+1, len(leaves))
		}
		q.head = append(q.head, q.shape.extra...)
		for _, o := range l.options {
			q.optionIDs = append(q.optionIDs, o.id)
			q.options = append(q.options, fmt.Appendf(nil, `"text":%s`, encode(o.text)))
		}
		frozen[i] = q
	}
	return frozen
}

func encode(text string) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(text); err != nil {
		panic(err) // a string always encodes
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// loadVersions reads question versions with their options in the bank's order.
func loadVersions(tx *gorm.DB, ids []int64) (map[int64]poolVersion, error) {
	versions := make(map[int64]poolVersion, len(ids))
	for len(ids) > 0 {
		piece := ids[:min(len(ids), 500)]
		ids = ids[len(piece):]
		var stems []struct {
			ID                int64
			Kind, Stem, Parts string
			Difficulty        int
		}
		if err := tx.Table("question_versions").Select("id, kind, stem, parts, difficulty").Where("id IN ?", piece).Find(&stems).Error; err != nil {
			return nil, fmt.Errorf("quiz: versions: %w", err)
		}
		for _, v := range stems {
			parts, err := unmarshal[versionParts](v.Parts)
			if err != nil {
				return nil, fmt.Errorf("quiz: version %d: %w", v.ID, err)
			}
			versions[v.ID] = poolVersion{id: v.ID, kind: v.Kind, stem: v.Stem, difficulty: v.Difficulty, parts: parts}
		}
		var options []struct {
			VersionID, OptID int64
			Text             string
			Fixed            bool
		}
		err := tx.Table("question_options").Select("version_id, opt_id, text, fixed").Where("version_id IN ?", piece).
			Order("version_id, sort").Find(&options).Error
		if err != nil {
			return nil, fmt.Errorf("quiz: options: %w", err)
		}
		for _, o := range options {
			v := versions[o.VersionID]
			v.options = append(v.options, poolOption{id: o.OptID, text: o.Text, fixed: o.Fixed})
			versions[o.VersionID] = v
		}
	}
	return versions, nil
}

// render writes the paper as contestants get it: slots from 1, options by place from 1.
func (e *edition) render(paper []pickedItem) []byte {
	size := 16
	for _, p := range paper {
		size += len(e.questions[p.item].head) + 64
		for _, o := range e.questions[p.item].options {
			size += len(o) + 16
		}
	}
	b := append(make([]byte, 0, size), `{"items":[`...)
	for i, p := range paper {
		if i > 0 {
			b = append(b, ',')
		}
		b = e.appendSlot(b, i+1, p)
	}
	return append(b, "]}"...)
}

// appendSlot writes one place of a paper: options by place from 1.
func (e *edition) appendSlot(b []byte, slot int, p pickedItem) []byte {
	q := &e.questions[p.item]
	b = append(b, `{"slot":`...)
	b = strconv.AppendInt(b, int64(slot), 10)
	b = append(b, ',')
	b = append(b, q.head...)
	b = append(b, `,"points":`...)
	b = strconv.AppendInt(b, q.points(e.rows[p.row].Points), 10)
	b = append(b, `,"options":[`...)
	for place, index := range p.order {
		if place > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"id":`...)
		b = strconv.AppendInt(b, int64(place+1), 10)
		b = append(b, ',')
		b = append(b, q.options[index]...)
		b = append(b, '}')
	}
	return append(b, "]}"...)
}
