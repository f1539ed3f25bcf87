package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Sizes of performance.md: groups of up to 1,024 operations; a group waits for company only while there is
// load; more than two seconds of queued work is refused. The design's
// 1-2 ms of linger left the processor idle while 128 callers waited: in one comparison on two cores saves reached
// 0.40 of the null store at 1 ms and 0.55 at 0.2 ms, though such runs swing widely.
const (
	maxGroup      = 1024
	linger        = 200 * time.Microsecond
	maxQueued     = 2 * time.Second
	leastQueue    = 512   // always accepted, however slow the disk
	mostQueue     = 65536 // never more than this many waiting
	postgresLanes = 4     // writers on PostgreSQL, sharded by attempt
)

// Committer commits hot writes in groups and answers each caller after COMMIT.
type Committer struct {
	db    *DB
	lanes []*lane
	stats Stats
	mu    sync.RWMutex // held for reading while an operation enters, for writing to close
	shut  bool
	wg    sync.WaitGroup
	null  func(query string, dest []any) bool // see Null
}

// lane is one writer: the only one on SQLite, one of a few on PostgreSQL.
type lane struct {
	queue   chan *operation
	pending atomic.Int64
	cost    atomic.Int64 // moving average, ns an operation
	stmts   map[string]*sql.Stmt
	unknown map[string]bool // queries met in this group that are not prepared yet
}

type operation struct {
	ctx  context.Context
	fn   func(*Batch) error
	done chan error
	err  error
}

func newCommitter(db *DB) *Committer {
	n := 1
	if db.Dialect == Postgres {
		n = postgresLanes
	}
	c := &Committer{db: db}
	for range n {
		l := &lane{queue: make(chan *operation, mostQueue), stmts: map[string]*sql.Stmt{}, unknown: map[string]bool{}}
		c.lanes = append(c.lanes, l)
		c.wg.Go(func() { c.run(l) })
	}
	return c
}

// Do runs fn inside a group and returns after the group is committed: nil means that what fn wrote is on
// disk. Operations of one shard run in the order they came. fn may run twice (a group that fails is
// replayed one by one), so it must only touch the batch; when it returns an error on purpose it must not
// have written anything. A full queue returns ErrBusy, a stopping program ErrClosing.
func (c *Committer) Do(ctx context.Context, shard int64, fn func(*Batch) error) error {
	if c.null != nil {
		return c.doNull(ctx, fn)
	}
	l := c.lanes[uint64(shard)%uint64(len(c.lanes))]
	limit := int64(mostQueue)
	if cost := l.cost.Load(); cost > 0 {
		limit = min(limit, max(leastQueue, int64(maxQueued)/cost))
	}
	if l.pending.Add(1) > limit {
		l.pending.Add(-1)
		c.stats.refused.Add(1)
		return ErrBusy
	}
	defer l.pending.Add(-1)
	op := &operation{ctx: ctx, fn: fn, done: make(chan error, 1)}
	c.mu.RLock()
	if c.shut {
		c.mu.RUnlock()
		return ErrClosing
	}
	l.queue <- op
	c.mu.RUnlock()
	// Not cut short by ctx: once queued the outcome is known only after COMMIT, and an operation whose
	// context ended before its turn is skipped there.
	return <-op.done
}

func (c *Committer) close() {
	c.mu.Lock()
	if c.shut {
		c.mu.Unlock()
		return
	}
	c.shut = true
	for _, l := range c.lanes {
		close(l.queue)
	}
	c.mu.Unlock()
	c.wg.Wait()
}

func (c *Committer) run(l *lane) {
	group := make([]*operation, 0, maxGroup)
	last := 0
	for op := range l.queue {
		group = append(group[:0], op)
		group = l.gather(group, last > 1)
		last = len(group)
		begun := c.db.now()
		c.commit(l, group)
		spent := c.db.now().Sub(begun)
		old, each := l.cost.Load(), int64(spent)/int64(len(group))
		l.cost.Store(old + (each-old)/8)
		c.stats.observe(len(group), spent)
		for _, op := range group {
			op.done <- op.err
		}
	}
	for _, stmt := range l.stmts {
		stmt.Close()
	}
}

// gather takes what is waiting, and lingers for more only if the last group had company.
func (l *lane) gather(group []*operation, loaded bool) []*operation {
	var wait <-chan time.Time
	for len(group) < maxGroup {
		select {
		case op, ok := <-l.queue:
			if !ok {
				return group
			}
			group = append(group, op)
			continue
		default:
		}
		if !loaded {
			return group
		}
		if wait == nil {
			wait = time.After(linger)
		}
		select {
		case op, ok := <-l.queue:
			if !ok {
				return group
			}
			group = append(group, op)
		case <-wait:
			return group
		}
	}
	return group
}

// commit runs a group in one transaction. If an operation fails after it wrote, or the database itself
// refuses a statement, the group is rolled back and each operation runs alone, so that one bad write never
// takes its neighbours down.
func (c *Committer) commit(l *lane, group []*operation) {
	ok, err := c.attempt(l, group)
	switch {
	case err != nil:
		for _, op := range group {
			op.err = asFault(err)
		}
	case !ok && len(group) > 1:
		c.stats.replayed.Add(1)
		for _, op := range group {
			c.commit(l, []*operation{op})
		}
	}
	c.prepare(l)
}

// attempt reports ok=false if the transaction was rolled back because an operation failed (its error is in
// the operation), and an error if the transaction itself could not be begun or committed.
func (c *Committer) attempt(l *lane, group []*operation) (ok bool, err error) {
	pool := c.db.pools[len(c.db.pools)-1]
	tx, err := pool.BeginTx(context.Background(), nil)
	if err != nil {
		return false, wrap("begin", err)
	}
	run := &groupRun{lane: l, tx: tx, postgres: c.db.Dialect == Postgres}
	for _, op := range group {
		if op.err = op.ctx.Err(); op.err != nil {
			continue
		}
		b := &Batch{groupRun: run}
		op.err = b.call(op.fn)
		if b.failed || (op.err != nil && b.wrote) {
			op.err = asFault(op.err)
			return false, wrap("rollback", tx.Rollback())
		}
	}
	if err := run.settle(); err != nil {
		return false, errors.Join(wrap("settle", err), tx.Rollback())
	}
	return true, wrap("commit", tx.Commit())
}

// prepare compiles the queries the last group met for the first time. It cannot be done inside the
// transaction: the statement belongs to the pool, whose only connection the transaction holds.
func (c *Committer) prepare(l *lane) {
	pool := c.db.pools[len(c.db.pools)-1]
	for query := range l.unknown {
		delete(l.unknown, query)
		if stmt, err := pool.Prepare(query); err == nil {
			l.stmts[query] = stmt
		}
	}
}

// groupRun is a group's transaction.
type groupRun struct {
	lane     *lane
	tx       *sql.Tx
	postgres bool
	bound    map[string]*sql.Stmt // prepared statements as this transaction uses them
	kept     map[string]kept
	null     func(query string, dest []any) bool
}

// kept is a value that the operations of one transaction hand on to each other, and how it is written in the end.
type kept struct {
	value  any
	settle func(b *Batch, value any) error
}

// settle writes what was kept, in no order: the values must not depend on each other.
func (g *groupRun) settle() error {
	for _, k := range g.kept {
		if err := k.settle(&Batch{groupRun: g}, k.value); err != nil {
			return err
		}
	}
	return nil
}

// Batch is an operation's share of a group's transaction.
type Batch struct {
	*groupRun
	wrote  bool // a row was changed
	failed bool // the database refused a statement; PostgreSQL would refuse all that follow
}

// Kept returns what an earlier operation of the same transaction kept under the name.
func (b *Batch) Kept(name string) (value any, ok bool) {
	k, ok := b.kept[name]
	return k.value, ok
}

// Keep hands a value on to the later operations of the transaction instead of writing it for each of them;
// settle writes the last value once, before COMMIT. Rolled back, it is gone with everything else.
func (b *Batch) Keep(name string, value any, settle func(b *Batch, value any) error) {
	if b.kept == nil {
		b.kept = map[string]kept{}
	}
	b.kept[name] = kept{value, settle}
}

func (b *Batch) call(fn func(*Batch) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			b.failed, err = true, fmt.Errorf("store: operation panicked: %v", r)
		}
	}()
	return fn(b)
}

// Exec runs a statement with ? placeholders in either dialect and returns how many rows it changed.
func (b *Batch) Exec(query string, args ...any) (int64, error) {
	if b.null != nil {
		return 1, nil
	}
	res, err := b.exec(query, args...)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	b.wrote = b.wrote || n > 0
	return n, err
}

func (b *Batch) exec(query string, args ...any) (res sql.Result, err error) {
	if stmt := b.stmt(query); stmt != nil {
		res, err = stmt.Exec(args...)
	} else {
		res, err = b.tx.Exec(b.bind(query), args...)
	}
	b.failed = b.failed || err != nil
	return res, err
}

// Insert runs an INSERT of at most one row into a table whose key is id, and returns that id; made is false if
// the statement inserted nothing. SQLite's RETURNING would make a temporary table for each row.
func (b *Batch) Insert(query string, args ...any) (id int64, made bool, err error) {
	if b.postgres || b.null != nil {
		made, err = b.QueryRow(query+" RETURNING id", args, &id)
		b.wrote = b.wrote || made
		return id, made, err
	}
	res, err := b.exec(query, args...)
	if err != nil {
		return 0, false, err
	}
	n, err := res.RowsAffected()
	if err != nil || n == 0 {
		return 0, false, err
	}
	b.wrote = true
	id, err = res.LastInsertId()
	return id, true, err
}

// QueryRow runs a query that returns at most one row and scans it into dest; found is false if there is none.
func (b *Batch) QueryRow(query string, args []any, dest ...any) (found bool, err error) {
	if b.null != nil {
		return b.null(query, dest), nil
	}
	var row *sql.Row
	if stmt := b.stmt(query); stmt != nil {
		row = stmt.QueryRow(args...)
	} else {
		row = b.tx.QueryRow(b.bind(query), args...)
	}
	err = row.Scan(dest...)
	if err == sql.ErrNoRows {
		return false, nil
	}
	b.failed = b.failed || err != nil
	return err == nil, err
}

// stmt returns the prepared statement for the query, or nil the first time it is met. pgx prepares and
// caches by itself.
func (b *Batch) stmt(query string) *sql.Stmt {
	if b.postgres {
		return nil
	}
	if stmt, ok := b.bound[query]; ok {
		return stmt
	}
	if stmt, ok := b.lane.stmts[query]; ok {
		if b.bound == nil {
			b.bound = map[string]*sql.Stmt{}
		}
		b.bound[query] = b.tx.Stmt(stmt)
		return b.bound[query]
	}
	b.lane.unknown[query] = true
	return nil
}

func (b *Batch) bind(query string) string {
	if !b.postgres {
		return query
	}
	return Numbered(query)
}
