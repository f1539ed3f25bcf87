// Package store opens the database, brings it to the newest schema and hands out the two ways to write:
// Tx, one short transaction for ordinary work, and the Committer, which commits hot writes in groups and
// answers each caller after COMMIT. It is the only package that knows the database drivers.
//
// On SQLite there is one writing connection (WAL, synchronous=FULL, foreign keys on) and a pool of
// read-only ones; every connection is checked when it opens. PostgreSQL stands behind the same interface.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// The two dialects.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Config says which database to open. Exactly one of Path (an SQLite file) and DSN (PostgreSQL) is set.
type Config struct {
	Path string
	DSN  string
	Now  func() time.Time // the program's clock; required
	Log  *slog.Logger     // nil = slog.Default()
	// Schema is the PostgreSQL schema to work in; empty = the connection's own.
	Schema string
	// Unsafe weakens synchronous to NORMAL. Only the crash tests set it, to show that they can fail.
	Unsafe bool
}

// DB is an open, migrated database.
type DB struct {
	Dialect   string
	Committer *Committer

	write *gorm.DB
	read  *gorm.DB
	pools []*sql.DB
	now   func() time.Time
	log   *slog.Logger
}

// Open opens and migrates the database and starts the committer. It refuses an SQLite library older than
// 3.51.3 (the WAL-reset corruption range, security.md) and any connection that is not durable.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	if cfg.Now == nil {
		return nil, errors.New("store: Config.Now is required")
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if (cfg.Path == "") == (cfg.DSN == "") {
		return nil, errors.New("store: give either a path or a DSN")
	}
	db := &DB{now: cfg.Now, log: cfg.Log}
	var err error
	if cfg.Path != "" {
		err = db.openSQLite(ctx, cfg)
	} else {
		err = db.openPostgres(ctx, cfg)
	}
	if err == nil {
		err = db.migrate(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.closePools())
	}
	db.Committer = newCommitter(db)
	return db, nil
}

func gormConfig(now func() time.Time) *gorm.Config {
	return &gorm.Config{
		SkipDefaultTransaction: true,
		PrepareStmt:            true,
		NowFunc:                now,
		Logger:                 logger.Discard,
	}
}

// readers is the size of the pool of SQLite readers: enough to keep every core busy while some wait.
func readers() int { return max(4, 2*runtime.NumCPU()) }

// Read returns a handle for queries. On SQLite its connections cannot write.
func (db *DB) Read(ctx context.Context) *gorm.DB { return db.read.WithContext(ctx) }

// Tx runs fn in one write transaction and commits it if fn returns nil. On SQLite it is immediate and waits
// its turn for the single writer, so fn must be short (at most 50 ms), must not call out, and may run again.
func (db *DB) Tx(ctx context.Context, fn func(tx *gorm.DB) error) error {
	for try := 1; ; try++ {
		err := db.write.WithContext(ctx).Transaction(fn)
		if code := postgresCode(err); try < 4 && (code == deadlock || code == serialization) {
			continue
		}
		return asFault(err)
	}
}

// Ping reports whether the database answers a query.
func (db *DB) Ping(ctx context.Context) error {
	var one int
	return db.Read(ctx).Raw("SELECT 1").Scan(&one).Error
}

// Close drains the committer and closes every connection.
func (db *DB) Close() error {
	db.Committer.close()
	return db.closePools()
}

func (db *DB) closePools() error {
	var errs []error
	for _, pool := range db.pools {
		errs = append(errs, pool.Close())
	}
	return errors.Join(errs...)
}

// Now returns the program's time in ms UTC.
func (db *DB) Now() int64 { return MS(db.now()) }

// MS turns a time into the stored form, milliseconds UTC since 1970; the zero time is 0.
func MS(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Time turns stored milliseconds into a time in UTC; 0 is the zero time.
func Time(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("store: %s: %w", what, err)
}
