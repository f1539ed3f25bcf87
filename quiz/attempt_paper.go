package quiz

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// sheet is what never changes about an attempt, and its deadline as last read, held in memory so that saving an answer reads only the
// attempt's state and deadline.
type sheet struct {
	attemptID int64
	contestID int64
	edition   int64
	personID  int64
	slots     []sheetSlot
	deadline  atomic.Int64 // as last read, ms UTC; the store has the last word
}

type sheetSlot struct {
	options int    // how many places
	shape   *shape // the edition's: what an answer may hold
}

// maxSheets bounds the cache; a sheet of 20 questions is about 1 KiB.
const maxSheets = 20_000

// paperCache keeps sheets of attempts in use, dropping the oldest half when it is full.
type paperCache struct {
	mu    sync.RWMutex
	items map[int64]*sheet
	order []int64
}

func newPaperCache() *paperCache { return &paperCache{items: map[int64]*sheet{}} }

func (c *paperCache) get(id int64) *sheet {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.items[id]
}

func (c *paperCache) put(sh *sheet) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.items[sh.attemptID] == nil {
		c.order = append(c.order, sh.attemptID)
	}
	c.items[sh.attemptID] = sh
	if len(c.order) > maxSheets {
		half := len(c.order) / 2
		for _, id := range c.order[:half] {
			delete(c.items, id)
		}
		c.order = append([]int64(nil), c.order[half:]...)
	}
}

// sheet returns the attempt's unchanging part. A foreign attempt is not found.
func (s *Contests) sheet(ctx context.Context, attemptID, personID int64) (*sheet, error) {
	sh := s.papers.get(attemptID)
	if sh == nil {
		a, err := findAttemptRow(s.db.Read(ctx), attemptID)
		if err != nil {
			return nil, err
		}
		if sh, err = s.loadSheet(ctx, a); err != nil {
			return nil, err
		}
		s.papers.put(sh)
	}
	if sh.personID != personID {
		return nil, ErrAttemptNotFound
	}
	return sh, nil
}

func (s *Contests) loadSheet(ctx context.Context, a attemptRow) (*sheet, error) {
	e, paper, err := s.paperOf(ctx, a)
	if err != nil {
		return nil, err
	}
	return newSheet(a, e, paper), nil
}

// paperOf returns an attempt's edition and its drawn slots.
func (s *Contests) paperOf(ctx context.Context, a attemptRow) (*edition, []pickedItem, error) {
	c, err := findContestRow(s.db.Read(ctx), a.ContestID)
	if err != nil {
		return nil, nil, err
	}
	e, err := s.edition(ctx, c, a.Edition)
	if err != nil {
		return nil, nil, err
	}
	paper, err := decodePaper(a.Paper)
	if err != nil {
		return nil, nil, fmt.Errorf("attempt %d: %w", a.ID, err)
	}
	for _, p := range paper {
		if p.item >= len(e.questions) || p.row >= len(e.rows) || len(p.order) != len(e.questions[p.item].options) {
			return nil, nil, fmt.Errorf("attempt %d: %w", a.ID, errPaperBroken)
		}
	}
	return e, paper, nil
}

func newSheet(a attemptRow, e *edition, paper []pickedItem) *sheet {
	sh := &sheet{attemptID: a.ID, contestID: a.ContestID, edition: a.Edition, personID: a.PersonID}
	sh.deadline.Store(a.DeadlineAt)
	sh.slots = make([]sheetSlot, 0, len(paper))
	for _, p := range paper {
		q := &e.questions[p.item]
		sh.slots = append(sh.slots, sheetSlot{options: len(p.order), shape: &q.shape})
	}
	return sh
}

// Limits of one save (rules-contest 5.2).
const (
	maxBatch   = 200
	blankRunes = 200
)

// check refuses answers that do not fit the paper; nothing is written then.
func (sh *sheet) check(answers []AnswerInput) error {
	if len(answers) > maxBatch {
		return ErrAnswerCount.At("answers").With("max", maxBatch)
	}
	for i, a := range answers {
		field := func(name string) string { return "answers[" + strconv.Itoa(i) + "]." + name }
		if a.Slot < 1 || a.Slot > len(sh.slots) {
			return ErrAnswerSlot.At(field("slot")).With("max", len(sh.slots))
		}
		if a.Seq < 1 {
			return ErrAnswerSeq.At(field("seq"))
		}
		slot := sh.slots[a.Slot-1]
		if !slot.holds(a.Choice) {
			return ErrAnswerChoice.At(field("choice")).With("max", slot.options)
		}
		if len(a.Text) > slot.shape.texts {
			return ErrAnswerText.At(field("text")).With("max", slot.shape.texts)
		}
		for _, text := range a.Text {
			if len(text) > slot.shape.runes && len([]rune(text)) > slot.shape.runes {
				return ErrAnswerText.At(field("text")).With("max", slot.shape.runes)
			}
		}
	}
	return nil
}

// holds reports whether picks are places of the slot, as many as its kind takes and each once.
func (slot sheetSlot) holds(picks []int) bool {
	if len(picks) > slot.shape.picks {
		return false
	}
	seen := uint64(0)
	for _, place := range picks {
		switch {
		case slot.shape.repeat && place == 0:
		case place < 1 || place > slot.options:
			return false
		case !slot.shape.repeat && seen&(1<<place) != 0:
			return false
		}
		seen |= 1 << place
	}
	return true
}

// encodeAnswer is the stored form: two JSON lists, empty text when blank.
func encodeAnswer(a AnswerInput) (choice, text string) {
	if len(a.Choice) > 0 {
		choice = marshal(a.Choice)
	}
	for _, t := range a.Text {
		if t != "" {
			return choice, marshal(a.Text)
		}
	}
	return choice, ""
}

func decodeAnswer(r answerRow) (choice []int, text []string, err error) {
	if choice, err = unmarshal[[]int](r.Choice); err != nil {
		return nil, nil, err
	}
	text, err = unmarshal[[]string](r.Text)
	return choice, text, err
}

// lease is "epoch.token": the token is made from the site's key, so it survives a restart and needs no table.
func (s *Contests) lease(attemptID, epoch int64) string {
	return strconv.FormatInt(epoch, 10) + "." + s.sign("lease", attemptID, epoch, 0, 0, "")
}

// leaseEpoch reads a lease; ok is false if it was not made here for this attempt.
func (s *Contests) leaseEpoch(attemptID int64, lease string) (epoch int64, ok bool) {
	number, token, found := strings.Cut(lease, ".")
	if !found {
		return 0, false
	}
	epoch, err := strconv.ParseInt(number, 10, 64)
	if err != nil || epoch < 1 {
		return 0, false
	}
	return epoch, hmac.Equal([]byte(token), []byte(s.sign("lease", attemptID, epoch, 0, 0, "")))
}

// receipt proves that this very answer was in store at that moment (attempt, slot, seq, content, time).
func (s *Contests) receipt(attemptID int64, slot int, seq, savedAt int64, choice, text string) string {
	return s.sign("receipt", attemptID, int64(slot), seq, savedAt, choice+"\x00"+text)
}

func (s *Contests) sign(what string, a, b, c, d int64, content string) string {
	mac := hmac.New(sha256.New, s.key)
	buf := make([]byte, 0, 96+len(content))
	buf = append(buf, what...)
	for _, n := range [...]int64{a, b, c, d} {
		buf = append(buf, '|')
		buf = strconv.AppendInt(buf, n, 10)
	}
	buf = append(buf, '|')
	buf = append(buf, content...)
	mac.Write(buf)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}
