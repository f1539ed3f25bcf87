package quiz

import "sync"

// connectedFor is how long after the last sign of life a contestant counts as connected, ms. The app calls
// at least every 15 seconds.
const connectedFor = 40_000

// presence remembers when each attempt was last heard of. It is only for the monitor's eye: on several
// nodes each knows its own contestants, and nothing is decided by it.
type presence struct {
	mu   sync.Mutex
	seen map[int64]map[int64]int64 // contest > attempt > ms UTC
}

func newPresence() *presence { return &presence{seen: map[int64]map[int64]int64{}} }

func (p *presence) touch(contestID, attemptID, at int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.seen[contestID] == nil {
		p.seen[contestID] = map[int64]int64{}
	}
	if at > p.seen[contestID][attemptID] {
		p.seen[contestID][attemptID] = at
	}
}

func (p *presence) at(contestID, attemptID int64) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen[contestID][attemptID]
}

// connected counts the attempts heard of within connectedFor and forgets those silent for an hour.
func (p *presence) connected(contestID, now int64, among map[int64]bool) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for id, at := range p.seen[contestID] {
		switch {
		case now-at > 3_600_000:
			delete(p.seen[contestID], id)
		case now-at <= connectedFor && among[id]:
			n++
		}
	}
	return n
}
