package main

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"log/slog"
	"time"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/org"
	"jingzhong/quiz"
	"jingzhong/ranking"
	"jingzhong/server"
	"jingzhong/store"
)

// services are an open installation's features, wired to each other.
type services struct {
	db       *store.DB
	org      *org.Service
	bank     *quiz.Bank
	contests *quiz.Contests
	practice *quiz.Practice
	ranking  *ranking.Service
	now      func() time.Time
}

func openServices(ctx context.Context, cfg store.Config, siteKey []byte, zone *time.Location, log *slog.Logger) (services, error) {
	s := services{now: cfg.Now}
	orgKey, err := deriveKey(siteKey, "org")
	if err != nil {
		return s, err
	}
	contestKey, err := deriveKey(siteKey, "contests")
	if err != nil {
		return s, err
	}
	if s.db, err = store.Open(ctx, cfg); err != nil {
		return s, err
	}
	// The contests know the people and are made after them; no password is hashed before this function returns.
	var contests *quiz.Contests
	contestOpen := func() bool { return contests != nil && contests.AnyOpen() }
	if s.org, err = org.New(s.db, cfg.Now, org.Config{Secret: orgKey, Log: log, ContestOpen: contestOpen}); err != nil {
		return s, errors.Join(err, s.db.Close())
	}
	s.bank = quiz.NewBank(s.db, cfg.Now)
	if err := s.bank.IndexWords(ctx); err != nil {
		return s, errors.Join(err, s.db.Close())
	}
	s.ranking = ranking.New(s.db, cfg.Now)
	s.contests = quiz.NewContests(quiz.ContestsConfig{DB: s.db, Org: s.org, Ranking: s.ranking, Now: cfg.Now, Zone: zone, Key: contestKey, Log: log})
	contests = s.contests
	s.practice = quiz.NewPractice(quiz.PracticeConfig{DB: s.db, Contests: s.contests, Zone: zone})
	s.ranking.Wire(ranking.Wiring{Progress: s.contests.Progress, Runs: s.contests.Runs, Zone: zone})
	return s, nil
}

// deriveKey makes a feature's own key from the site's, so that what one signs means nothing to another.
func deriveKey(siteKey []byte, feature string) ([]byte, error) {
	return hkdf.Key(sha256.New, siteKey, nil, "jingzhong "+feature, 32)
}

func (s services) close() {
	s.org.Close()
	if err := s.db.Close(); err != nil {
		slog.Error("close", "error", err)
	}
}

// serverConfig is what the server gets of the installation: services, and closures over the database it does
// not know.
func (s services) serverConfig() server.Config {
	return server.Config{
		Ready:        s.db.Ping,
		Authenticate: s.org.Authenticate,
		Denied:       s.recordDenial,
		Gauges: map[string]func() float64{
			"store_queued":         func() float64 { return float64(s.db.Committer.Health().Queued) },
			"store_operations":     func() float64 { return float64(s.db.Committer.Health().Operations) },
			"store_groups":         func() float64 { return float64(s.db.Committer.Health().Groups) },
			"store_refused":        func() float64 { return float64(s.db.Committer.Health().Refused) },
			"store_commit_seconds": func() float64 { return s.db.Committer.Health().P99.Seconds() },
		},
		Services: server.Services{Org: s.org, Bank: s.bank, Contests: s.contests, Practice: s.practice, Ranking: s.ranking, Audit: server.AuditLog{
			List: func(ctx context.Context, f audit.Filter) ([]audit.Record, error) {
				return audit.List(ctx, s.db.Read(ctx), f)
			},
			Verify: func(ctx context.Context) (audit.Verification, error) {
				return audit.Verify(ctx, s.db.Read(ctx))
			},
		}},
	}
}

// recordDenial writes down that somebody was refused for lack of a right.
func (s services) recordDenial(ctx context.Context, by org.Actor, route, code string) error {
	return s.db.Tx(ctx, func(tx *gorm.DB) error {
		return audit.Append(ctx, tx, audit.Entry{At: s.db.Now(), ActorID: by.PersonID, ActorName: by.Name, Action: "right.deny",
			ObjectKind: "route", UnitID: by.UnitID, After: map[string]string{"route": route, "code": code}, IP: by.IP})
	})
}
