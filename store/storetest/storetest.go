// Package storetest gives tests a fresh, migrated database of either dialect and a clock they can set.
package storetest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingzhong/store"
)

// DSNVariable names the environment variable that moves a test run to PostgreSQL.
const DSNVariable = "JINGZHONG_TEST_DSN"

// Start is where a test's clock begins: Monday 2026-04-13 09:00 in Shanghai.
var Start = time.Date(2026, 4, 13, 1, 0, 0, 0, time.UTC)

// Clock is a time that moves only when told to.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock starts at Start.
func NewClock() *Clock { return &Clock{now: Start} }

// Now returns the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Set puts the clock to t.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

var schemas atomic.Int64

// Open returns a fresh database that is closed when the test ends: SQLite in a temporary folder, or a new
// PostgreSQL schema if DSNVariable is set.
func Open(t testing.TB, clock *Clock) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), Config(t, clock))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// Config returns what Open opens, for tests that close and reopen.
func Config(t testing.TB, clock *Clock) store.Config {
	t.Helper()
	dsn := os.Getenv(DSNVariable)
	if dsn == "" {
		return store.Config{Path: filepath.Join(t.TempDir(), "jingzhong.db"), Now: clock.Now}
	}
	schema := fmt.Sprintf("t%d_%d", os.Getpid(), schemas.Add(1))
	admin(t, dsn, `CREATE SCHEMA `+schema)
	t.Cleanup(func() { admin(t, dsn, `DROP SCHEMA `+schema+` CASCADE`) })
	return store.Config{DSN: dsn, Schema: schema, Now: clock.Now}
}

func admin(t testing.TB, dsn, statement string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		t.Fatal(err)
	}
}
