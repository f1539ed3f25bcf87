package seed

import (
	"sync"
	"time"
)

// Clock is the program's clock while the demo is loaded: it can be put to a day in the past, so that the
// services write the history of the county as if it had happened then, and afterwards follows the real time
// again. Build the store and the services on Now.
type Clock struct {
	real func() time.Time

	mu sync.Mutex
	at time.Time // zero = follow
}

// NewClock follows real until Set.
func NewClock(real func() time.Time) *Clock { return &Clock{real: real} }

// Now is the real time, or the one set. A set clock moves on by a millisecond each time it is read: it is
// never earlier than before, and two events seldom share a moment.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at.IsZero() {
		return c.real()
	}
	c.at = c.at.Add(time.Millisecond)
	return c.at
}

// Real is the real time, whatever is set.
func (c *Clock) Real() time.Time { return c.real() }

// Set puts the clock to t, or leaves it where it is if it already stands later.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.at) {
		c.at = t
	}
}

// Follow makes the clock follow the real time again.
func (c *Clock) Follow() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = time.Time{}
}
