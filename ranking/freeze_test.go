package ranking

import (
	"errors"
	"testing"
	"time"

	"gorm.io/gorm"

	"jingzhong/org"
)

func TestRosterIsFrozenOnce(t *testing.T) {
	c := newCounty(t)
	p := c.people(3, 4)
	b := c.board(Rule{}, p)
	sync := func(members []org.Member) error {
		return c.db.Tx(c.ctx, func(tx *gorm.DB) error { return c.s.SyncRoster(c.ctx, tx, b, members) })
	}
	if err := c.s.Exempt(c.ctx, c.manager(1), b, Exemption{PersonID: p[0].PersonID, Exempt: true, Reason: "出题人"}); err != nil {
		t.Fatal(err)
	}
	if err := sync(p[:3]); err != nil {
		t.Fatal(err)
	}
	if rows := must(c.s.Roster(c.ctx, c.manager(1), b))(t); len(rows) != 3 || !rows[0].Exempt || rows[0].Name == "" {
		t.Errorf("%+v", rows)
	}
	if _, err := c.s.Correct(c.ctx, c.manager(1), b, Correction{Kind: CorrectionAdd, PersonID: p[3].PersonID, UnitID: 3, Reason: "漏报"}); !errors.Is(err, ErrRosterOpen) {
		t.Error(err)
	}
	c.freezeRoster(b)
	if err := c.db.Tx(c.ctx, func(tx *gorm.DB) error { return c.s.FreezeRoster(c.ctx, tx, b, 1) }); !errors.Is(err, ErrRosterFrozen) {
		t.Error(err)
	}
	if err := sync(p); !errors.Is(err, ErrRosterFrozen) {
		t.Error(err)
	}
}

func TestCorrectionsAreNumberedAndFlagged(t *testing.T) {
	c := newCounty(t)
	water, audit := c.people(2, 4), c.people(3, 5)
	b := c.board(Rule{}, water, audit[:4])
	c.record(result(b, water[0], 100), result(b, audit[0], 80), result(b, audit[4], 60))
	c.freezeRoster(b)
	bureau := c.manager(1)
	if _, err := c.s.Correct(c.ctx, bureau, b, Correction{Kind: CorrectionAdd, PersonID: audit[4].PersonID, UnitID: 3}); !errors.Is(err, ErrReasonRequired) {
		t.Error(err)
	}
	if _, err := c.s.Correct(c.ctx, c.manager(3), b, Correction{Kind: CorrectionRemove, PersonID: audit[1].PersonID, Reason: "x"}); err == nil {
		t.Error("a unit's manager corrects nothing")
	}
	if no := must(c.s.Correct(c.ctx, bureau, b, Correction{Kind: CorrectionAdd, PersonID: audit[4].PersonID, UnitID: 3, Reason: "漏报"}))(t); no != 1 {
		t.Errorf("number %d", no)
	}
	if _, err := c.s.Correct(c.ctx, bureau, b, Correction{Kind: CorrectionAdd, PersonID: audit[4].PersonID, UnitID: 3, Reason: "漏报"}); !errors.Is(err, ErrOnRoster) {
		t.Error(err)
	}
	if no := must(c.s.Correct(c.ctx, bureau, b, Correction{Kind: CorrectionMove, PersonID: water[0].PersonID, UnitID: 3, Reason: "调动"}))(t); no != 3 {
		t.Errorf("number %d: a move is a line for each unit", no)
	}
	if err := c.s.Exempt(c.ctx, bureau, b, Exemption{PersonID: audit[0].PersonID, Exempt: true, Reason: "长期病假"}); err != nil {
		t.Fatal(err)
	}
	c.clock.Advance(2 * time.Second)
	face := must(c.s.UnitStandings(c.ctx, bureau, b))(t)
	w, a := unitRow(face.Items, 2), unitRow(face.Items, 3)
	if w.Expected != 3 || w.Participants != 0 || len(w.Flags) != 1 || w.Flags[0] != FlagShrunk {
		t.Errorf("%+v", w)
	}
	if a.Expected != 5 || a.Exempt != 1 || a.Participants != 2 || *a.Average != 8_000 {
		t.Errorf("%+v", a)
	}
	if drifts := must(c.s.Reconcile(c.ctx, b))(t); len(drifts) != 0 {
		t.Errorf("%+v", drifts)
	}
	if all := must(c.s.Corrections(c.ctx, bureau, b))(t); len(all) != 4 || all[3].Kind != CorrectionExempt || all[3].No != 4 {
		t.Errorf("%+v", all)
	}
	if mine := must(c.s.Corrections(c.ctx, c.manager(2), b))(t); len(mine) != 1 || mine[0].UnitID != 2 {
		t.Errorf("%+v", mine)
	}
}

func TestFrozenBoardPinsWhatThePublicSees(t *testing.T) {
	c := newCounty(t)
	water, audit := c.people(2, 4), c.people(3, 4)
	b := c.board(Rule{}, water, audit)
	bureau, unit, learner := c.manager(1), c.manager(3), c.learner(audit[0])
	if err := c.s.Freeze(c.ctx, bureau, b); !errors.Is(err, ErrRosterOpen) {
		t.Error(err)
	}
	c.freezeRoster(b)
	c.record(result(b, audit[0], 80))
	before := must(c.s.LearnerBoard(c.ctx, learner, b))(t)
	if err := c.s.Freeze(c.ctx, unit, b); err == nil {
		t.Error("a unit's manager freezes nothing")
	}
	if err := c.s.Freeze(c.ctx, bureau, b); err != nil {
		t.Fatal(err)
	}
	if err := c.s.Freeze(c.ctx, bureau, b); !errors.Is(err, ErrFrozen) {
		t.Error(err)
	}
	c.record(result(b, audit[1], 100))
	pinned := must(c.s.LearnerBoard(c.ctx, learner, b))(t)
	etag := pinned.Public.ETag
	c.record(result(b, audit[2], 100), result(b, water[0], 10))
	pinned = must(c.s.LearnerBoard(c.ctx, learner, b))(t)
	if !pinned.Public.Frozen || *pinned.Own.Score != *before.Own.Score || pinned.Own.Participants != 1 || pinned.Public.ETag != etag {
		t.Errorf("%+v, etag %s after %s", pinned.Own, pinned.Public.ETag, etag)
	}
	if row := unitRow(must(c.s.UnitStandings(c.ctx, unit, b))(t).Items, 3); row.Participants != 1 {
		t.Errorf("a unit's manager reads the pin: %+v", row)
	}
	if e := must(c.s.Explain(c.ctx, unit, b, 3))(t); e.Unit.Participants != 1 || e.Components[0].Numerator != 1 {
		t.Errorf("%+v", e)
	}
	if row := unitRow(must(c.s.UnitStandings(c.ctx, bureau, b))(t).Items, 3); row.Participants != 3 {
		t.Errorf("the bureau reads live: %+v", row)
	}
	if own := must(c.s.OwnStanding(c.ctx, learner, b))(t); own.Score != 8_000 || own.Rank != nil || own.Of != 0 {
		t.Errorf("own score shows, own rank does not: %+v", own)
	}
	for _, p := range must(c.s.PersonStandings(c.ctx, unit, b))(t) {
		if p.Rank != nil {
			t.Errorf("rank leaks: %+v", p)
		}
	}
	c.tx(func(tx *gorm.DB) error { return c.s.Finalise(c.ctx, tx, bureau, b) })
	c.clock.Advance(2 * time.Second)
	if final := must(c.s.LearnerBoard(c.ctx, learner, b))(t); final.Public.Frozen || final.Public.State != StateFinal || final.Own.Participants != 3 {
		t.Errorf("%+v", final.Own)
	}
	if err := c.db.Tx(c.ctx, func(tx *gorm.DB) error { return c.s.Record(c.ctx, tx, result(b, water[1], 50)) }); !errors.Is(err, ErrFinal) {
		t.Error(err)
	}
	c.tx(func(tx *gorm.DB) error {
		no, err := c.s.CorrectResult(c.ctx, tx, bureau, result(b, audit[0], 90), "答案更正")
		if no != 1 {
			t.Errorf("number %d", no)
		}
		return err
	})
}

func TestUnfreezeShowsTheBoardAgain(t *testing.T) {
	c := newCounty(t)
	audit := c.people(3, 4)
	b := c.board(Rule{}, audit)
	c.freezeRoster(b)
	for range 2 {
		if err := c.s.Freeze(c.ctx, c.manager(1), b); err != nil {
			t.Fatal(err)
		}
		if err := c.s.Unfreeze(c.ctx, c.manager(1), b); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.s.Unfreeze(c.ctx, c.manager(1), b); !errors.Is(err, ErrNotFrozen) {
		t.Error(err)
	}
}

func TestSnapshotIsRebuiltAtMostOnceASecondAndOnlyWhenMoved(t *testing.T) {
	c := newCounty(t)
	audit := c.people(3, 4)
	b := c.board(Rule{}, audit)
	c.record(result(b, audit[0], 80))
	first := must(c.s.Snapshot(c.ctx, b))(t)
	c.tx(func(tx *gorm.DB) error { return c.s.Record(c.ctx, tx, result(b, audit[1], 80)) })
	if again := must(c.s.Snapshot(c.ctx, b))(t); again != first {
		t.Error("rebuilt within the second")
	}
	c.clock.Advance(time.Second)
	second := must(c.s.Snapshot(c.ctx, b))(t)
	if second == first || second.Live.ETag == first.Live.ETag || unitRow(second.Live.Items, 3).Participants != 2 {
		t.Error("not rebuilt after a change")
	}
	c.clock.Advance(time.Second)
	if third := must(c.s.Snapshot(c.ctx, b))(t); third != second {
		t.Error("rebuilt without a change")
	}
	// Another node's change is noticed by the version.
	other := New(c.db, c.clock.Now)
	c.tx(func(tx *gorm.DB) error { return other.Record(c.ctx, tx, result(b, audit[2], 80)) })
	c.clock.Advance(time.Second)
	if fourth := must(c.s.Snapshot(c.ctx, b))(t); unitRow(fourth.Live.Items, 3).Participants != 3 {
		t.Error("another node's change is not seen")
	}
	if _, err := c.s.Snapshot(c.ctx, 4711); !errors.Is(err, ErrBoardNotFound) || len(c.s.entries) != 1 {
		t.Errorf("%v, %d entries", err, len(c.s.entries))
	}
}
