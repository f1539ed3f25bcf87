// Package org knows the units, the people in them, who may do what, and who is asking. It owns the unit
// tree, people with their audiences, roles with a unit scope, sessions, passwords and activation codes, and
// the import of people from Excel and CSV. Every other feature takes an Actor made here and asks it for
// rights and scope; scope is applied by one function (Scope.In), and what lies outside it is not found.
package org

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/store"
)

// Config is what the service needs beside the database and the clock.
type Config struct {
	// Secret keys the HMAC of activation codes, refresh tokens and the set-up token; at least 32 bytes. A new
	// secret makes every code and session of the old one worthless.
	Secret []byte
	Log    *slog.Logger // nil = slog.Default()
	// HashSlots is how many passwords are hashed at once; 0 = one for each core.
	HashSlots int
	// ContestOpen reports whether people are competing just now: then one password at a time is hashed. It is
	// asked for each password and must be quick; nil = never.
	ContestOpen func() bool
}

// Service is the package's door; make one with New.
type Service struct {
	db     *store.DB
	now    func() time.Time
	secret []byte
	log    *slog.Logger
	hashes *hashPool
	dummy  string // hashed for nobody, so that an unknown name costs what a known one does
	actors *actorCache
	ghosts *ghostCounter
	probes quietLog

	ctx     context.Context // ends when the service closes
	stop    context.CancelFunc
	work    sync.WaitGroup
	applyMu sync.Mutex             // one import is applied at a time
	halt    func(step string) bool // set by tests only: stop an import here as a crash would
}

// New starts the service: it finishes or undoes what an import left behind when the program last stopped.
// Call Close before closing the database.
func New(db *store.DB, now func() time.Time, cfg Config) (*Service, error) {
	if len(cfg.Secret) < 32 {
		return nil, errors.New("org: Config.Secret needs at least 32 bytes")
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.HashSlots <= 0 {
		cfg.HashSlots = runtime.NumCPU()
	}
	if cfg.ContestOpen == nil {
		cfg.ContestOpen = func() bool { return false }
	}
	s := &Service{db: db, now: now, secret: cfg.Secret, log: cfg.Log, hashes: newHashPool(cfg.HashSlots, cfg.ContestOpen),
		actors: newActorCache(), ghosts: newGhostCounter()}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.dummy = hashPassword(randomText(16))
	if err := s.recoverImports(s.ctx); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

// Close stops running imports and waits for them. An import that is being applied is undone, or finished if
// it had already become visible, when the service next starts.
func (s *Service) Close() {
	s.stop()
	s.work.Wait()
}

// Page is one page of a list; Next is the cursor of the next page, empty at the end.
type Page[T any] struct {
	Items []T
	Next  string
}

// Limits of a list's page (the contract: 1 to 200, 50 unless asked).
const (
	defaultLimit = 50
	maxLimit     = 200
)

func pageSize(limit int) int {
	if limit <= 0 {
		return defaultLimit
	}
	return min(limit, maxLimit)
}

// record appends to the audit log in the change's transaction, in the actor's name.
func (s *Service) record(ctx context.Context, tx *gorm.DB, by Actor, e audit.Entry) error {
	e.At, e.ActorID, e.ActorName, e.IP = store.MS(s.now()), by.PersonID, by.Name, by.IP
	return audit.Append(ctx, tx, e)
}
