package quiz

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/org"
	"jingzhong/store"
)

// Bank is the question bank: questions with their immutable versions, topics, and workbooks in and out.
type Bank struct {
	db  *store.DB
	now func() time.Time
}

// NewBank returns the bank over an open database.
func NewBank(db *store.DB, now func() time.Time) *Bank { return &Bank{db: db, now: now} }

// Sizes of the statements the bank writes and reads: SQLite takes at most 32,766 values in one.
const (
	bankBatch = 200 // rows of one INSERT
	bankChunk = 500 // ids of one IN list
)

// SelfReview is the reason recorded when somebody publishes what they wrote themselves, which only mode
// quick allows (security.md).
const SelfReview = "本人复核"

// reach is what one reader may do with the questions of each unit. It is the only place where the bank
// turns roles into access; list, detail, edit and export all ask it.
type reach struct {
	by     org.Actor
	paths  map[int64]string
	names  map[int64]string
	work   []int64 // units whose questions the reader writes or reviews: drafts too
	shared []int64 // units above: their published questions may be read and drawn, never their keys
	keys   map[int64]bool
	review map[int64]bool
	author map[int64]bool
}

type bankUnit struct {
	ID   int64
	Path string
	Name string
}

// reachOf reads the unit tree and works out the reader's reach. It refuses those who neither write nor
// review questions.
func reachOf(tx *gorm.DB, by org.Actor) (*reach, error) {
	if !by.Has(org.Author) && !by.Has(org.Review) {
		return nil, org.Require(by, org.Author)
	}
	var units []bankUnit
	if err := tx.Table("units").Select("id, path, name").Find(&units).Error; err != nil {
		return nil, fmt.Errorf("quiz: units: %w", err)
	}
	author, review, keys := by.Scope(org.Author), by.Scope(org.Review), by.Scope(org.SeeKeys)
	r := &reach{by: by, paths: map[int64]string{}, names: map[int64]string{},
		keys: map[int64]bool{}, review: map[int64]bool{}, author: map[int64]bool{}}
	above := append(append([]string{}, author.Paths...), review.Paths...)
	for _, u := range units {
		r.paths[u.ID], r.names[u.ID] = u.Path, u.Name
		r.author[u.ID], r.review[u.ID] = author.Covers(u.Path), review.Covers(u.Path)
		switch {
		case r.author[u.ID] || r.review[u.ID]:
			r.work = append(r.work, u.ID)
			r.keys[u.ID] = keys.Covers(u.Path)
		case isAbove(u.Path, above):
			r.shared = append(r.shared, u.ID)
		}
	}
	if by.IsSystem() {
		r.work, r.keys[0], r.review[0], r.author[0] = append(r.work, 0), true, true, true
	}
	return r, nil
}

// isAbove reports whether the unit with this path stands above one of the subtrees.
func isAbove(path string, subtrees []string) bool {
	for _, s := range subtrees {
		if path != "" && s != path && strings.HasPrefix(s, path) {
			return true
		}
	}
	return false
}

// visible narrows a query over questions q to what the reader may see: everything in the units it works
// for, what is published in the units above, and no contest-only question of a scheduled or open contest
// unless the reader wrote or reviews it (security.md).
func (r *reach) visible(q *gorm.DB, now int64) *gorm.DB {
	reviewed := keysTrue(r.review)
	return q.Where("q.state <> ?", questionImporting).
		Where("(q.unit_id IN ? OR (q.unit_id IN ? AND q.state = ?))", some(r.work), some(r.shared), QuestionPublished).
		Where(`(q.author_id = ? OR q.unit_id IN ? OR NOT EXISTS (SELECT 1 FROM question_embargoes e
			WHERE e.question_id = q.id AND (e.until = 0 OR e.until > ?)))`, r.by.PersonID, some(reviewed), now)
}

func keysTrue(m map[int64]bool) []int64 {
	var ids []int64
	for id, ok := range m {
		if ok {
			ids = append(ids, id)
		}
	}
	return ids
}

// some keeps an IN list from being empty; no row has the id -1.
func some(ids []int64) []int64 {
	if len(ids) == 0 {
		return []int64{-1}
	}
	return ids
}

func (r *reach) works(unitID int64) bool     { return r.author[unitID] || r.review[unitID] }
func (r *reach) maySeeKey(unitID int64) bool { return r.keys[unitID] }
func (r *reach) mayEdit(unitID int64) bool   { return r.author[unitID] || r.review[unitID] }
func (r *reach) mayRetire(unitID int64) bool { return r.author[unitID] || r.review[unitID] }
func (r *reach) mayReview(unitID int64) bool { return r.review[unitID] }
func (r *reach) ownsAlone(author int64) bool { return r.by.PersonID == author }
func (r *reach) alone() bool                 { return r.by.IsSystem() || r.by.Mode == org.ModeQuick }

// mayPublish reports whether the reader may put a version into force: a reviewer of the unit who did not
// write it; alone in mode quick.
func (r *reach) mayPublish(unitID, writtenBy int64) bool {
	return r.mayReview(unitID) && (r.alone() || !r.ownsAlone(writtenBy))
}

// entry begins an audit record about a question.
func (b *Bank) entry(by org.Actor, action string, id, unitID int64) audit.Entry {
	return audit.Entry{At: store.MS(b.now()), ActorID: by.PersonID, ActorName: by.Name, Action: action,
		ObjectKind: "question", ObjectID: id, UnitID: unitID, IP: by.IP}
}

// bankControl reports whether a text holds control characters other than line feed and tab.
func bankControl(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return (unicode.IsControl(r) && r != '\n' && r != '\t') || r == unicode.ReplacementChar
	})
}

// asNotFound turns a missing row into the question's fault: foreign questions do not exist for the reader.
func asNotFound(err error) error {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return ErrQuestionNotFound
	}
	return err
}
