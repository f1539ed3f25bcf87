package store

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Stats counts the committer's work since the program started.
type Stats struct {
	groups, operations, refused, replayed atomic.Int64

	mu     sync.Mutex
	recent [512]time.Duration // the last groups' times from begin to COMMIT
	next   int
	filled int
}

func (s *Stats) observe(n int, spent time.Duration) {
	s.groups.Add(1)
	s.operations.Add(int64(n))
	s.mu.Lock()
	s.recent[s.next] = spent
	s.next = (s.next + 1) % len(s.recent)
	s.filled = min(s.filled+1, len(s.recent))
	s.mu.Unlock()
}

// Health is what the committer did and how long its last 512 groups took to commit.
type Health struct {
	Queued     int64 // operations waiting now
	Operations int64 // committed since start
	Groups     int64
	Refused    int64 // answered ErrBusy
	Replayed   int64 // groups that were run again one by one
	P50, P99   time.Duration
}

// Health reads the committer's counters.
func (c *Committer) Health() Health {
	h := Health{
		Operations: c.stats.operations.Load(), Groups: c.stats.groups.Load(),
		Refused: c.stats.refused.Load(), Replayed: c.stats.replayed.Load(),
	}
	for _, l := range c.lanes {
		h.Queued += l.pending.Load()
	}
	c.stats.mu.Lock()
	times := slices.Clone(c.stats.recent[:c.stats.filled])
	c.stats.mu.Unlock()
	if len(times) > 0 {
		slices.Sort(times)
		h.P50, h.P99 = times[len(times)/2], times[len(times)*99/100]
	}
	return h
}

var numbered sync.Map // query > the same with $1, $2 ...

// Numbered rewrites ? placeholders as PostgreSQL's $1, $2 ...; it leaves quoted text alone.
func Numbered(query string) string {
	if done, ok := numbered.Load(query); ok {
		return done.(string)
	}
	var out strings.Builder
	n, quoted := 0, false
	for _, r := range query {
		switch {
		case r == '\'':
			quoted = !quoted
			out.WriteRune(r)
		case r == '?' && !quoted:
			n++
			out.WriteByte('$')
			out.WriteString(strconv.Itoa(n))
		default:
			out.WriteRune(r)
		}
	}
	numbered.Store(query, out.String())
	return out.String()
}
