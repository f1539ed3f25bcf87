package org

import (
	"sync"
	"time"
)

// maxGhosts bounds the memory unknown names can take.
const maxGhosts = 8192

// ghostCounter counts failed sign-ins with names nobody has, so that they are locked as real ones are and
// the answer never tells which names exist.
type ghostCounter struct {
	mu    sync.Mutex
	known map[string]ghost
}

type ghost struct {
	failures int
	until    time.Time
}

func newGhostCounter() *ghostCounter { return &ghostCounter{known: map[string]ghost{}} }

func (c *ghostCounter) lockedUntil(key string) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known[key].until
}

func (c *ghostCounter) fail(key string, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.known) >= maxGhosts {
		for other := range c.known { // any one: the map's order is random
			delete(c.known, other)
			break
		}
	}
	g := c.known[key]
	g.failures++
	if wait := backOff(g.failures); wait > 0 {
		g.until = now.Add(wait)
	}
	c.known[key] = g
}

// Failures that cost nothing, the first wait, and the longest.
const (
	freeFailures = 5
	firstWait    = 30 * time.Second
	longestWait  = 15 * time.Minute
)

// backOff is how long an account waits after its nth failure in a row: nothing before the fifth, then 30 s,
// doubling up to 15 min.
func backOff(failures int) time.Duration {
	if failures < freeFailures {
		return 0
	}
	wait := firstWait
	for range failures - freeFailures {
		if wait *= 2; wait >= longestWait {
			return longestWait
		}
	}
	return wait
}

// quietLog thins out records of something anybody can cause without a name: one a second.
type quietLog struct {
	mu   sync.Mutex
	last time.Time
	held int
}

// due reports whether to record now, and how many were held back since the last.
func (q *quietLog) due(now time.Time) (held int, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.last.IsZero() && now.Sub(q.last) < time.Second {
		q.held++
		return 0, false
	}
	held, q.held, q.last = q.held, 0, now
	return held, true
}
