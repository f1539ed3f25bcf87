package quiz

import (
	"fmt"
	"sync"

	"gorm.io/gorm"
)

// knownContest is a contest as it was read a moment ago. Whoever acts on it guards the write with its
// revision, so an old reading can refuse or be repeated but never do harm.
type knownContest struct {
	row  contestRow
	unit unitRef
	// percents are the time factors of people who have one
	percents map[int64]int64
	at       int64
}

// percent is a person's share of the time limit, 100 for most.
func (k knownContest) percent(personID int64) int64 {
	if p, ok := k.percents[personID]; ok {
		return p
	}
	return 100
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
	var factors []struct{ PersonID, Percent int64 }
	if err := tx.Table("contest_time_factors").Select("person_id, percent").Where("contest_id = ?", id).Find(&factors).Error; err != nil {
		return knownContest{}, fmt.Errorf("quiz: time factors: %w", err)
	}
	k := knownContest{row: c, unit: u, percents: make(map[int64]int64, len(factors)), at: now}
	for _, f := range factors {
		k.percents[f.PersonID] = f.Percent
	}
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
