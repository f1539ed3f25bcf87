package quiz

import (
	"testing"
	"time"
)

func TestBeatKeepsAContestantConnected(t *testing.T) {
	h := newHall(t)
	c := h.opened(nil)
	by := h.people[0]
	st := h.start(by, c.ID)
	h.later(2 * time.Minute)
	seen := func() int64 { return h.contests.presence.at(c.ID, st.ID) }
	before := seen()

	_, err := h.contests.Beat(h.ctx, h.people[1], st.ID)
	h.wants(err, ErrAttemptNotFound)
	other := by
	other.SessionID = "another device"
	b, err := h.contests.Beat(h.ctx, other, st.ID)
	h.must(err)
	if b.HoldsLease || seen() != before {
		t.Fatalf("a device without the lease counts: %+v", b)
	}

	b, err = h.contests.Beat(h.ctx, by, st.ID)
	h.must(err)
	if want := (Beat{State: AttemptInProgress, DeadlineAt: st.DeadlineAt, ServerTime: h.db.Now(), HoldsLease: true}); b != want {
		t.Fatalf("%+v, want %+v", b, want)
	}
	if seen() != h.db.Now() {
		t.Fatal("the beat is no sign of life")
	}

	h.clock.Advance(20 * time.Minute) // no sweep comes by
	b, err = h.contests.Beat(h.ctx, by, st.ID)
	h.must(err)
	if b.State == AttemptInProgress {
		t.Fatal("a clock runs below zero")
	}
}
