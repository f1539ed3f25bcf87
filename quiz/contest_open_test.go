package quiz

import (
	"testing"
	"time"
)

func TestAnyOpenFollowsTheClock(t *testing.T) {
	h := newHall(t)
	if h.contests.AnyOpen() {
		t.Fatal("open with no contest")
	}
	c := h.opened(nil)
	h.clock.Advance(openFor * time.Millisecond)
	if !h.contests.AnyOpen() {
		t.Fatal("the open contest is not seen after a second")
	}
	h.clock.Advance(time.Duration(c.ClosesAt-h.db.Now()) * time.Millisecond)
	if h.contests.AnyOpen() {
		t.Fatal("open at its close, before any sweep")
	}
}
