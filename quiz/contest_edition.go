package quiz

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"

	"gorm.io/gorm"

	"jingzhong/quiz/exchange"
)

// edition is a published version of a contest, immutable and held in memory: the pool with its questions
// encoded once, so that starting an attempt only copies bytes. It holds no key.
type edition struct {
	contestID  int64
	no         int64
	rows       []Row
	target     int
	pool       []poolItem
	candidates [][]int // row > pool indexes
	questions  []frozenQuestion
	secret     []byte
}

// frozenQuestion is one question of an edition as contestants see it.
type frozenQuestion struct {
	questionID int64
	versionID  int64
	kind       string
	blanks     int
	optionIDs  []int64  // the bank's stable ids, by index
	head       []byte   // "kind":"single","stem":"..."
	options    [][]byte // "text":"..." by index
}

type editionKey struct{ contest, edition int64 }

// editionCache keeps the editions in use. They are immutable, so there is nothing to invalidate; the
// oldest goes when there are too many.
type editionCache struct {
	mu    sync.Mutex
	items map[editionKey]*edition
	order []editionKey
}

const maxEditions = 64

func newEditionCache() *editionCache { return &editionCache{items: map[editionKey]*edition{}} }

func (s *Contests) edition(ctx context.Context, c contestRow, no int64) (*edition, error) {
	key := editionKey{c.ID, no}
	s.editions.mu.Lock()
	e := s.editions.items[key]
	s.editions.mu.Unlock()
	if e != nil {
		return e, nil
	}
	e, err := loadEdition(s.db.Read(ctx), c, no)
	if err != nil {
		return nil, err
	}
	s.editions.mu.Lock()
	defer s.editions.mu.Unlock()
	if s.editions.items[key] == nil {
		s.editions.items[key] = e
		s.editions.order = append(s.editions.order, key)
		if len(s.editions.order) > maxEditions {
			delete(s.editions.items, s.editions.order[0])
			s.editions.order = s.editions.order[1:]
		}
	}
	return e, nil
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
		e.pool = append(e.pool, v.poolItem())
		e.questions = append(e.questions, v.freeze(item.QuestionID))
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
}

type poolOption struct {
	id    int64
	text  string
	fixed bool
}

func (v poolVersion) poolItem() poolItem {
	item := poolItem{difficulty: v.difficulty, options: len(v.options), shuffle: v.kind == KindSingle || v.kind == KindMultiple}
	for _, o := range v.options {
		item.fixed = append(item.fixed, o.fixed)
	}
	return item
}

func (v poolVersion) freeze(questionID int64) frozenQuestion {
	q := frozenQuestion{questionID: questionID, versionID: v.id, kind: v.kind}
	q.head = fmt.Appendf(nil, `"kind":%s,"stem":%s`, encode(v.kind), encode(v.stem))
	if v.kind == KindFill {
		q.blanks = exchange.CountBlanks(v.stem)
	}
	for _, o := range v.options {
		q.optionIDs = append(q.optionIDs, o.id)
		q.options = append(q.options, fmt.Appendf(nil, `"text":%s`, encode(o.text)))
	}
	return q
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
			ID         int64
			Kind, Stem string
			Difficulty int
		}
		if err := tx.Table("question_versions").Select("id, kind, stem, difficulty").Where("id IN ?", piece).Find(&stems).Error; err != nil {
			return nil, fmt.Errorf("quiz: versions: %w", err)
		}
		for _, v := range stems {
			versions[v.ID] = poolVersion{id: v.ID, kind: v.Kind, stem: v.Stem, difficulty: v.Difficulty}
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
		q := &e.questions[p.item]
		b = append(b, `{"slot":`...)
		b = strconv.AppendInt(b, int64(i+1), 10)
		b = append(b, ',')
		b = append(b, q.head...)
		b = append(b, `,"points":`...)
		b = strconv.AppendInt(b, e.rows[p.row].Points, 10)
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
		b = append(b, ']')
		if q.kind == KindFill {
			b = append(b, `,"blanks":`...)
			b = strconv.AppendInt(b, int64(q.blanks), 10)
		}
		b = append(b, '}')
	}
	return append(b, "]}"...)
}
