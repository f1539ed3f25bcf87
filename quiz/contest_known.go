package quiz

import (
	"sync"

	"gorm.io/gorm"
)

// knownContest is a contest as it was read a moment ago. Whoever acts on it guards the write with its
// revision, so an old reading can refuse or be repeated but never do harm.
type knownContest struct {
	row  contestRow
	unit unitRef
	at   int64
}

// knownFor is how long a reading serves, ms: a start herd reads the contest once a second, not once a start.
const knownFor = 1000

type knownContests struct {
	mu    sync.RWMutex
	items map[int64]knownContest
	read  sync.Mutex // one reading at a time: the others of a herd wait for it
}

func newKnownContests() *knownContests { return &knownContests{items: map[int64]knownContest{}} }

// known returns the contest, read at most knownFor ago on this node and never before this node changed it.
func (s *Contests) known(tx *gorm.DB, id int64) (knownContest, error) {
	now := s.db.Now()
	if k, ok := s.contests.at(id, now); ok {
		return k, nil
	}
	s.contests.read.Lock()
	defer s.contests.read.Unlock()
	if k, ok := s.contests.at(id, now); ok {
		return k, nil
	}
	c, err := findContestRow(tx, id)
	if err != nil {
		return knownContest{}, err
	}
	u, err := findUnit(tx, c.UnitID)
	if err != nil {
		return knownContest{}, err
	}
	k := knownContest{row: c, unit: u, at: now}
	s.contests.mu.Lock()
	defer s.contests.mu.Unlock()
	if len(s.contests.items) > maxEditions {
		clear(s.contests.items)
	}
	s.contests.items[id] = k
	return k, nil
}

func (k *knownContests) at(id, now int64) (knownContest, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	c, ok := k.items[id]
	return c, ok && now-c.at < knownFor && now >= c.at
}

// forget makes the next reading a fresh one.
func (s *Contests) forget(id int64) {
	s.contests.mu.Lock()
	defer s.contests.mu.Unlock()
	delete(s.contests.items, id)
}

// altered says that the contest itself moved; it is called after commit.
func (s *Contests) altered(id int64) {
	s.forget(id)
	s.changed(id)
}
