package quiz

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"jingzhong/org"
	"jingzhong/ranking"
	"jingzhong/store"
)

// ContestsConfig is what the contest engine stands on.
type ContestsConfig struct {
	DB      *store.DB
	Org     *org.Service
	Ranking *ranking.Service
	Now     func() time.Time
	Zone    *time.Location // civil days of attempt limits; nil = UTC
	Key     []byte         // >= 32 bytes: leases and receipts are made with it
	Log     *slog.Logger
}

// Contests runs contests: blueprints, editions, attempts, grading and the monitor.
type Contests struct {
	db      *store.DB
	org     *org.Service
	ranking *ranking.Service
	now     func() time.Time
	zone    *time.Location
	key     []byte
	log     *slog.Logger

	contests  *knownContests
	editions  *editionCache
	papers    *paperCache
	presence  *presence
	anyOpen   openContests
	analyses  *analysisCache
	looked    sync.Map // contest id > attempts at the last look for wrong keys
	monitors  sync.Map // contest id > *monitorCache
	ranksAt   atomic.Int64
	saveQuery string // saveGuarded in the dialect
}

// NewContests returns the engine; Run must be started for the clock to act.
func NewContests(cfg ContestsConfig) *Contests {
	if cfg.Zone == nil {
		cfg.Zone = time.UTC
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	s := &Contests{
		db: cfg.DB, org: cfg.Org, ranking: cfg.Ranking, now: cfg.Now, zone: cfg.Zone, key: cfg.Key, log: cfg.Log,
		contests: newKnownContests(), editions: newEditionCache(), papers: newPaperCache(), presence: newPresence(), analyses: newAnalysisCache(),
	}
	s.saveQuery = s.forUpdate(saveGuarded) + onNewer
	return s
}

// Run moves contests and attempts with the clock until ctx ends: once a second it beats, compensates an
// outage, opens and closes contests, expires attempts and grades what was handed in. Once a minute, beside
// that, it studies the results.
func (s *Contests) Run(ctx context.Context) {
	var studies sync.WaitGroup
	studies.Go(func() { s.studyOften(ctx) })
	defer studies.Wait()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("sweep", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
