package quiz

import (
	"context"
	"sync"
	"time"
)

// openFor is how long an answer of AnyOpen holds, ms.
const openFor = 1000

// openContests remembers whether any contest was open when it was last looked up.
type openContests struct {
	mu   sync.Mutex
	open bool
	at   int64 // ms UTC; 0 = never looked up
}

// AnyOpen reports whether a contest is open by the clock. The answer may be a second old; when the database
// does not answer it is yes, the side on which contestants are safe.
func (s *Contests) AnyOpen() bool {
	now := s.db.Now()
	s.anyOpen.mu.Lock()
	defer s.anyOpen.mu.Unlock()
	if s.anyOpen.at != 0 && now-s.anyOpen.at < openFor {
		return s.anyOpen.open
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	var n int64
	err := s.db.Read(ctx).Model(&contestRow{}).
		Where("state IN ? AND opens_at <= ? AND closes_at > ?", []string{string(ContestOpen), string(ContestScheduled)}, now, now).
		Count(&n).Error
	if err != nil {
		s.log.Error("is a contest open", "error", err)
	}
	s.anyOpen.open, s.anyOpen.at = n > 0 || err != nil, now
	return s.anyOpen.open
}
