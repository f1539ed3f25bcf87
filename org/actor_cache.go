package org

import (
	"sync"
	"time"
)

// actorLife is how long a looked-up actor may be believed (security.md: changes act within a second). In
// this process a change takes effect at once, because it forgets the person.
const actorLife = time.Second

// maxActors bounds the cache; it is emptied when full, which costs one query for each session.
const maxActors = 20000

type actorCache struct {
	mu      sync.Mutex
	entries map[string]cachedActor
	turn    int64 // counts what was forgotten: an actor read before that is not stored after it
}

type cachedActor struct {
	actor Actor
	epoch int64
	until time.Time
}

func newActorCache() *actorCache { return &actorCache{entries: map[string]cachedActor{}} }

func (c *actorCache) find(sessionID string, now time.Time) (entry cachedActor, found bool, turn int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	entry, found = c.entries[sessionID]
	// A clock that went backwards must not prolong a life.
	left := entry.until.Sub(now)
	return entry, found && left > 0 && left <= actorLife, c.turn
}

func (c *actorCache) keep(sessionID string, entry cachedActor, turn int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.turn != turn {
		return
	}
	if len(c.entries) >= maxActors {
		clear(c.entries)
	}
	c.entries[sessionID] = entry
}

func (c *actorCache) forget(personID int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn++
	for id, entry := range c.entries {
		if entry.actor.PersonID == personID {
			delete(c.entries, id)
		}
	}
}

func (c *actorCache) forgetAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn++
	clear(c.entries)
}
