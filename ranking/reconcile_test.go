package ranking

import (
	"errors"
	"testing"

	"gorm.io/gorm"
	"pgregory.net/rapid"

	"jingzhong/org"
	"jingzhong/store"
)

// TestKeptSumsEqualGroupBy runs random histories (results, re-grades, voids, exemptions, corrections, roster
// changes) and compares the sums kept step by step with GROUP BY.
func TestKeptSumsEqualGroupBy(t *testing.T) {
	c := newCounty(t)
	units := []int64{1, 2, 21, 22, 3, 4, 41}
	var people []org.Member
	for _, unit := range units {
		people = append(people, c.people(unit, 3)...)
	}
	bureau := c.manager(1)
	ref := int64(1000)
	rapid.Check(t, func(rt *rapid.T) {
		ref++
		listed := rapid.SliceOfNDistinct(rapid.SampledFrom(people), 5, len(people), func(m org.Member) int64 { return m.PersonID }).Draw(rt, "roster")
		var b int64
		tx := func(fn func(tx *gorm.DB) error) {
			if err := c.db.Tx(c.ctx, fn); err != nil {
				rt.Fatal(err)
			}
		}
		tx(func(tx *gorm.DB) error {
			var err error
			if b, err = c.s.CreateBoard(c.ctx, tx, NewBoard{Ref: ref, ScopeUnitID: 1, Rule: Rule{FullMark: 10_000}}); err != nil {
				return err
			}
			return c.s.SyncRoster(c.ctx, tx, b, listed)
		})
		frozen := false
		for range rapid.IntRange(1, 15).Draw(rt, "steps") {
			m := rapid.SampledFrom(people).Draw(rt, "person")
			switch rapid.IntRange(0, 9).Draw(rt, "step") {
			case 0:
				if !frozen {
					tx(func(tx *gorm.DB) error { return c.s.FreezeRoster(c.ctx, tx, b, 1) })
					frozen = true
				}
			case 1:
				e := Exemption{PersonID: m.PersonID, Exempt: rapid.Bool().Draw(rt, "exempt"), Reason: "r"}
				if err := c.s.Exempt(c.ctx, bureau, b, e); err != nil && !isFault(err) {
					rt.Fatal(err)
				}
			case 2:
				kind := rapid.SampledFrom([]string{CorrectionAdd, CorrectionRemove, CorrectionMove}).Draw(rt, "kind")
				change := Correction{Kind: kind, PersonID: m.PersonID, UnitID: rapid.SampledFrom(units).Draw(rt, "unit"), Reason: "r"}
				if _, err := c.s.Correct(c.ctx, bureau, b, change); err != nil && !isFault(err) {
					rt.Fatal(err)
				}
			case 3:
				if !frozen {
					again := rapid.SliceOfNDistinct(rapid.SampledFrom(people), 3, len(people), func(m org.Member) int64 { return m.PersonID }).Draw(rt, "again")
					tx(func(tx *gorm.DB) error { return c.s.SyncRoster(c.ctx, tx, b, again) })
				}
			default:
				r := result(b, m, rapid.Int64Range(0, 100).Draw(rt, "score"))
				r.Counts = rapid.IntRange(0, 4).Draw(rt, "void") > 0
				if rapid.Bool().Draw(rt, "committer") {
					err := c.db.Committer.Do(c.ctx, m.PersonID, func(batch *store.Batch) error { return c.s.RecordTo(batch, r) })
					if err != nil {
						rt.Fatal(err)
					}
				} else {
					tx(func(tx *gorm.DB) error { return c.s.Record(c.ctx, tx, r) })
				}
			}
		}
		drifts, err := c.s.Reconcile(c.ctx, b)
		if err != nil || len(drifts) > 0 {
			rt.Fatalf("%+v %v", drifts, err)
		}
	})
}

func isFault(err error) bool {
	for _, known := range []error{ErrPersonNotFound, ErrOnRoster, ErrRosterOpen} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}

func TestReconcileRepairsAndRecords(t *testing.T) {
	c := newCounty(t)
	audit := c.people(3, 4)
	b := c.board(Rule{}, audit)
	c.record(result(b, audit[0], 80))
	before := must(c.s.FindBoard(c.ctx, b))(t).Version
	if drifts := must(c.s.Reconcile(c.ctx, b))(t); len(drifts) != 0 || must(c.s.FindBoard(c.ctx, b))(t).Version != before {
		t.Errorf("a board in order is left alone: %+v", drifts)
	}
	c.exec(`UPDATE ranking_unit_stats SET sum_best = sum_best + 1, passed = 9 WHERE board_id = ? AND unit_id = 3`, b)
	drifts := must(c.s.Reconcile(c.ctx, b))(t)
	if len(drifts) != 1 || drifts[0].UnitID != 3 || drifts[0].Kept.Passed != 9 || drifts[0].True.Passed != 1 {
		t.Errorf("%+v", drifts)
	}
	if drifts := must(c.s.Reconcile(c.ctx, b))(t); len(drifts) != 0 {
		t.Errorf("%+v", drifts)
	}
	var n int64
	if err := c.db.Read(c.ctx).Raw(`SELECT COUNT(*) FROM audit_records WHERE action = 'board.repair'`).Scan(&n).Error; err != nil || n != 1 {
		t.Errorf("%d records, %v", n, err)
	}
}
