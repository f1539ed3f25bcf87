package ranking

import (
	"context"
	"fmt"
	"testing"
	"time"

	"gorm.io/gorm"

	"jingzhong/org"
	"jingzhong/store"
	"jingzhong/store/storetest"
)

// county is a small tree on a real database:
//
//	1 bureau ── 2 water ── 21 office, 22 station
//	         ├─ 3 audit
//	         └─ 4 town ── 41 village
type county struct {
	t     *testing.T
	ctx   context.Context
	db    *store.DB
	clock *storetest.Clock
	s     *Service
	paths map[int64]string
	next  int64
}

func newCounty(t *testing.T) *county {
	t.Helper()
	clock := storetest.NewClock()
	c := &county{t: t, ctx: context.Background(), db: storetest.Open(t, clock), clock: clock, paths: map[int64]string{}, next: 100}
	c.s = New(c.db, clock.Now)
	for _, u := range [][2]int64{{1, 0}, {2, 1}, {3, 1}, {4, 1}, {21, 2}, {22, 2}, {41, 4}} {
		c.unit(u[0], u[1])
	}
	return c
}

func (c *county) exec(query string, args ...any) {
	c.t.Helper()
	c.tx(func(tx *gorm.DB) error { return tx.Exec(query, args...).Error })
}

func (c *county) tx(fn func(tx *gorm.DB) error) {
	c.t.Helper()
	if err := c.db.Tx(c.ctx, fn); err != nil {
		c.t.Fatal(err)
	}
}

func (c *county) unit(id, parent int64) {
	c.t.Helper()
	path := fmt.Sprintf("/%d/", id)
	var above *int64
	if parent != 0 {
		path, above = c.paths[parent]+fmt.Sprintf("%d/", id), &parent
	}
	c.paths[id] = path
	c.exec(`INSERT INTO units (id, parent_id, name, kind, tier, code, path, sort, created_at, updated_at)
		VALUES (?, ?, ?, 'agency', 1, ?, ?, ?, 0, 0)`, id, above, fmt.Sprintf("单位%d", id), fmt.Sprintf("U%d", id), path, id)
}

// people makes so many people of a unit.
func (c *county) people(unit int64, n int) []org.Member {
	c.t.Helper()
	var out []org.Member
	c.tx(func(tx *gorm.DB) error {
		out = nil
		for i := range n {
			id := c.next + int64(i)
			name := fmt.Sprintf("人%d", id)
			if err := tx.Exec(`INSERT INTO people (id, name, username, unit_id, status, created_at, updated_at)
				VALUES (?, ?, ?, ?, 'active', 0, 0)`, id, name, fmt.Sprintf("p%d", id), unit).Error; err != nil {
				return err
			}
			out = append(out, org.Member{PersonID: id, Name: name, UnitID: unit, UnitPath: c.paths[unit], Position: "科员"})
		}
		return nil
	})
	c.next += int64(n)
	return out
}

// board makes a board of 100 points over the whole county.
func (c *county) board(rule Rule, members ...[]org.Member) int64 {
	c.t.Helper()
	rule.FullMark, rule.PassMark = 10_000, 6_000
	var id int64
	c.tx(func(tx *gorm.DB) error {
		var err error
		if id, err = c.s.CreateBoard(c.ctx, tx, NewBoard{Ref: 77, Title: "保密知识竞赛", ScopeUnitID: 1, Rule: rule, ExcellentMark: 9_000}); err != nil {
			return err
		}
		var all []org.Member
		for _, m := range members {
			all = append(all, m...)
		}
		return c.s.SyncRoster(c.ctx, tx, id, all)
	})
	return id
}

func result(board int64, m org.Member, points int64) Result {
	return Result{BoardID: board, PersonID: m.PersonID, UnitID: m.UnitID, Score: points * 100, TimeMS: 60_000, Attempts: 1,
		SubmittedAt: 1, Passed: points >= 60, Excellent: points >= 90, Counts: true}
}

func (c *county) record(results ...Result) {
	c.t.Helper()
	c.tx(func(tx *gorm.DB) error {
		for _, r := range results {
			if err := c.s.Record(c.ctx, tx, r); err != nil {
				return err
			}
		}
		return nil
	})
	c.clock.Advance(2 * time.Second)
}

func (c *county) freezeRoster(board int64) {
	c.t.Helper()
	c.tx(func(tx *gorm.DB) error { return c.s.FreezeRoster(c.ctx, tx, board, c.s.ms()) })
}

// manager manages a unit; of unit 1 it is the bureau.
func (c *county) manager(unit int64) org.Actor {
	return org.Actor{PersonID: 9, Name: "管理员", UnitID: unit, UnitPath: c.paths[unit], Mode: org.ModeQuick,
		Grants: []org.Grant{{Role: org.RoleManager, UnitID: unit, UnitPath: c.paths[unit]}}}
}

func (c *county) learner(m org.Member) org.Actor {
	return org.Actor{PersonID: m.PersonID, Name: m.Name, UnitID: m.UnitID, UnitPath: m.UnitPath, Mode: org.ModeQuick}
}

func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func unitRow(rows []UnitRow, id int64) *UnitRow {
	for i := range rows {
		if rows[i].Unit.ID == id {
			return &rows[i]
		}
	}
	return nil
}
