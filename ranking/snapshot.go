package ranking

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"

	"jingzhong/store"
)

// refresh is how often a board is looked at again, at most (5.6: one snapshot a second).
const refresh = time.Second

// Stamp is a time written as RFC 3339 in UTC, always with milliseconds.
type Stamp struct{ time.Time }

// MarshalJSON writes it.
func (s Stamp) MarshalJSON() ([]byte, error) {
	return []byte(s.UTC().Format(`"2006-01-02T15:04:05.000Z"`)), nil
}

// Face is one reading of a board, ready to be sent. It is shared and never changed.
type Face struct {
	Version   int64     `json:"version"`
	State     string    `json:"state"`
	Frozen    bool      `json:"frozen"` // this is the pinned version; the board moves on unseen
	UpdatedAt Stamp     `json:"updatedAt"`
	Formula   string    `json:"formula"`
	Bands     []Band    `json:"bands"`
	Items     []UnitRow `json:"items"`

	ETag  string `json:"-"` // quoted, of Bytes
	Bytes []byte `json:"-"` // the JSON of this Face

	standings []standing
}

// Snapshot is a board at one version: live for staff, and for everybody else. It is immutable.
type Snapshot struct {
	Board  Board
	Live   *Face // every unit, as of Version
	Staff  *Face // every unit of the version the public reads: what a unit's manager selects from
	Public *Face // what R10 shows to all: the first ten of each band and the units that met the goal
}

// entry is the cache of one board.
type entry struct {
	mu      sync.Mutex
	current atomic.Pointer[Snapshot]
	checked atomic.Int64 // ms UTC
	people  atomic.Pointer[peopleBoard]
}

func (s *Service) entry(boardID int64) *entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.entries[boardID]
	if !ok {
		e = &entry{}
		s.entries[boardID] = e
	}
	return e
}

// Snapshot returns the board's newest reading, at most a second old. Reading costs the same for any number
// of participants: an atomic load; once a second one reader compares the board's version, which every change
// raises in its own transaction (so that other nodes notice too), and rebuilds if it moved. While it does,
// the others get the last one.
func (s *Service) Snapshot(ctx context.Context, boardID int64) (*Snapshot, error) {
	e := s.entry(boardID)
	if snap := e.current.Load(); snap != nil {
		age := s.ms() - e.checked.Load()
		if age >= 0 && age < refresh.Milliseconds() {
			return snap, nil
		}
		if !e.mu.TryLock() {
			return snap, nil
		}
	} else {
		e.mu.Lock()
	}
	defer e.mu.Unlock()
	now := s.ms()
	old := e.current.Load()
	if age := now - e.checked.Load(); old != nil && age >= 0 && age < refresh.Milliseconds() {
		return old, nil // somebody was faster
	}
	b, err := s.FindBoard(ctx, boardID)
	if err != nil {
		if errors.Is(err, ErrBoardNotFound) {
			s.forget(boardID)
		}
		return nil, err
	}
	if old == nil || old.Board.Version != b.Version {
		if old, err = s.build(ctx, b, now); err != nil {
			return nil, err
		}
		e.current.Store(old)
	}
	e.checked.Store(now)
	return old, nil
}

// forget drops the entry of a board that does not exist, so that guessed ids take no memory.
func (s *Service) forget(boardID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.entries, boardID)
}

func (s *Service) build(ctx context.Context, b Board, now int64) (*Snapshot, error) {
	db := s.db.Read(ctx)
	tallies, err := loadTallies(db, b, now)
	if err != nil {
		return nil, err
	}
	before, err := loadDay(db, b.ID, s.dayOf(now, -1))
	if err != nil {
		return nil, err
	}
	live := newFace(b, tallies, before, b.Version, now)
	if err := live.encode(); err != nil {
		return nil, err
	}
	snap := &Snapshot{Board: b, Live: live, Staff: live}
	if b.PublicFrozen() {
		pinned, err := loadPin(db, b.ID)
		if err != nil {
			return nil, err
		}
		// The day before the pin, not before today: ranks kept since then are not public.
		if before, err = loadDay(db, b.ID, s.dayOf(pinned.at, -1)); err != nil {
			return nil, err
		}
		snap.Staff = newFace(b, pinned.tallies, before, pinned.version, pinned.at)
		snap.Staff.Frozen = true
		if err := snap.Staff.encode(); err != nil {
			return nil, err
		}
	}
	public := *snap.Staff
	public.Items = []UnitRow{}
	for _, row := range snap.Staff.Items {
		if row.public(public.Bands) {
			public.Items = append(public.Items, row)
		}
	}
	snap.Public = &public
	return snap, snap.Public.encode()
}

func newFace(b Board, tallies []Tally, before map[int64]int, version, at int64) *Face {
	rows, all := b.Rule.standings(tallies)
	f := &Face{Version: version, State: b.State, UpdatedAt: Stamp{store.Time(at)}, Formula: b.Rule.Formula, Bands: all,
		Items: make([]UnitRow, len(rows)), standings: rows}
	for i, s := range rows {
		row := b.Rule.row(s, all)
		row.Direct = row.Unit.ID == b.ScopeUnitID
		if was, ok := before[row.Unit.ID]; ok && row.Rank != nil {
			row.RankChange = shown(was - *row.Rank)
		}
		f.Items[i] = row
	}
	return f
}

func (f *Face) encode() error {
	body, err := json.Marshal(f)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	f.Bytes, f.ETag = body, `"`+hex.EncodeToString(sum[:12])+`"`
	return nil
}

const (
	insertPin = `INSERT INTO ranking_pins (board_id, version, pinned_at, tallies) VALUES (?, ?, ?, ?)`
	deletePin = `DELETE FROM ranking_pins WHERE board_id = ?`
	selectPin = `SELECT version, pinned_at, tallies FROM ranking_pins WHERE board_id = ?`
)

// pin stores the tallies of this moment; the caller holds the board's lock.
func (s *Service) pin(ctx context.Context, tx *gorm.DB, b Board) error {
	now := s.ms()
	tallies, err := loadTallies(tx.WithContext(ctx), b, now)
	if err != nil {
		return err
	}
	body, err := json.Marshal(tallies)
	if err != nil {
		return err
	}
	_, err = store.Writing(tx.WithContext(ctx)).Exec(insertPin, b.ID, b.Version, now, string(body))
	return err
}

func unpin(ctx context.Context, tx *gorm.DB, boardID int64) error {
	_, err := store.Writing(tx.WithContext(ctx)).Exec(deletePin, boardID)
	return err
}

type pinned struct {
	version, at int64
	tallies     []Tally
}

func loadPin(db *gorm.DB, boardID int64) (pinned, error) {
	var rows []struct {
		Version, PinnedAt int64
		Tallies           string
	}
	if err := db.Raw(selectPin, boardID).Scan(&rows).Error; err != nil {
		return pinned{}, err
	}
	if len(rows) == 0 {
		return pinned{}, ErrNotFrozen
	}
	p := pinned{version: rows[0].Version, at: rows[0].PinnedAt}
	return p, json.Unmarshal([]byte(rows[0].Tallies), &p.tallies)
}
