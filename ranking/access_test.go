package ranking

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"gorm.io/gorm"

	"jingzhong/org"
)

func TestASiblingsManagerSeesNothingForeign(t *testing.T) {
	c := newCounty(t)
	water, office, audit, town := c.people(2, 4), c.people(21, 2), c.people(3, 5), c.people(4, 6)
	b := c.board(Rule{}, water, office, audit, town)
	c.record(result(b, water[0], 90), result(b, water[1], 90), result(b, water[2], 90), result(b, audit[0], 30), result(b, town[0], 20))
	sibling := c.manager(3)
	for _, p := range must(c.s.PersonStandings(c.ctx, sibling, b))(t) {
		if p.Unit.ID != 3 {
			t.Errorf("foreign person %+v", p)
		}
	}
	face := must(c.s.UnitStandings(c.ctx, sibling, b))(t)
	if unitRow(face.Items, 4) != nil || unitRow(face.Items, 2) == nil || unitRow(face.Items, 3) == nil || !unitRow(face.Items, 3).Own {
		t.Errorf("2 is first, 3 is own, 4 is of the lower half: %s", face.Bytes)
	}
	for _, unit := range []int64{1, 2, 21, 4, 41, 99} {
		if _, err := c.s.DrillDown(c.ctx, sibling, b, unit); !errors.Is(err, ErrUnitNotFound) {
			t.Errorf("drill %d: %v", unit, err)
		}
		if _, err := c.s.Missing(c.ctx, sibling, b, unit); !errors.Is(err, ErrUnitNotFound) {
			t.Errorf("missing %d: %v", unit, err)
		}
		if _, err := c.s.Explain(c.ctx, sibling, b, unit); !errors.Is(err, ErrUnitNotFound) {
			t.Errorf("explain %d: %v", unit, err)
		}
	}
	if rows := must(c.s.Roster(c.ctx, sibling, b))(t); len(rows) != 5 {
		t.Errorf("%d of the roster", len(rows))
	}
	if miss := must(c.s.Missing(c.ctx, sibling, b, 3))(t); len(miss) != 4 {
		t.Errorf("%+v", miss)
	}
	book := must(c.s.Export(c.ctx, sibling, b, ""))(t)
	if len(book.People) != 1 || len(book.Missing) != 4 || unitRow(book.Units, 4) != nil {
		t.Errorf("%+v", book)
	}
	// The manager of a department below the ranked unit has names of the department, and sees the row above.
	office21 := c.manager(21)
	if miss := must(c.s.Missing(c.ctx, office21, b, 21))(t); len(miss) != 2 {
		t.Errorf("%+v", miss)
	}
	if _, err := c.s.Missing(c.ctx, office21, b, 2); !errors.Is(err, ErrUnitNotFound) {
		t.Error(err)
	}
	if row := unitRow(must(c.s.UnitStandings(c.ctx, office21, b))(t).Items, 2); row == nil || !row.Own {
		t.Errorf("%+v", row)
	}
	for name, by := range map[string]org.Actor{"nobody": {}, "learner": c.learner(audit[0])} {
		if _, err := c.s.Missing(c.ctx, by, b, 3); err == nil {
			t.Errorf("%s sees names", name)
		}
		if _, err := c.s.Export(c.ctx, by, b, "x"); err == nil {
			t.Errorf("%s exports", name)
		}
	}
}

func TestWhoIsAboveIsNamedOnlyWhereVisible(t *testing.T) {
	c := newCounty(t)
	for id := int64(51); id <= 54; id++ {
		c.unit(id, 1)
	}
	b := c.board(Rule{})
	var members []org.Member
	var results []Result
	for i, unit := range []int64{2, 3, 4, 51, 52, 53} {
		p := c.people(unit, 4)
		members = append(members, p...)
		results = append(results, result(b, p[0], 90-int64(i)))
	}
	c.tx(func(tx *gorm.DB) error { return c.s.SyncRoster(c.ctx, tx, b, members) })
	c.record(results...)
	e := must(c.s.Explain(c.ctx, c.manager(53), b, 53))(t)
	if *e.Unit.Rank != 6 || e.Above == nil || e.Above.Unit != nil || e.Above.Components != nil || e.Above.Gap != 25 || e.Third.Unit == nil {
		t.Errorf("above %+v, third %+v", e.Above, e.Third)
	}
	if e := must(c.s.Explain(c.ctx, c.manager(1), b, 53))(t); e.Above.Unit == nil || e.Above.Unit.ID != 52 {
		t.Errorf("%+v", e.Above)
	}
}

func TestLearnerBoardHoldsNoNames(t *testing.T) {
	c := newCounty(t)
	water, audit, town := c.people(2, 4), c.people(3, 5), c.people(4, 6)
	b := c.board(Rule{}, water, audit, town)
	c.record(result(b, water[0], 90), result(b, audit[0], 30), result(b, town[0], 20))
	view := must(c.s.LearnerBoard(c.ctx, c.learner(town[0]), b))(t)
	if view.Own == nil || view.Own.Unit.ID != 4 || *view.Own.Rank != 3 || unitRow(view.Public.Items, 4) != nil {
		t.Errorf("%+v", view)
	}
	// The same rows stand under the managers' address: the public ones and the own unit's.
	if face := must(c.s.UnitStandings(c.ctx, c.learner(town[0]), b))(t); len(face.Items) != len(view.Public.Items)+1 || unitRow(face.Items, 4) == nil {
		t.Errorf("%+v", face.Items)
	}
	if _, err := c.s.UnitStandings(c.ctx, org.Actor{}, b); err == nil {
		t.Error("nobody reads it")
	}
	if bytes.Contains(view.Public.Bytes, []byte("人1")) {
		t.Error("a person's name")
	}
	if _, err := c.s.LearnerBoard(c.ctx, org.Actor{}, b); err == nil {
		t.Error("nobody reads it")
	}
	if _, err := c.s.LearnerBoard(c.ctx, c.learner(town[0]), b+1); !errors.Is(err, ErrBoardNotFound) {
		t.Error(err)
	}
}

func TestWiring(t *testing.T) {
	c := newCounty(t)
	audit := c.people(3, 4)
	b := c.board(Rule{}, audit)
	trainer := org.Actor{PersonID: 5, Name: "培训", UnitID: 1, UnitPath: "/1/", Mode: org.ModeQuick, Grants: []org.Grant{{Role: org.RoleTrainer, UnitID: 1, UnitPath: "/1/"}}}
	if _, err := c.s.Missing(c.ctx, trainer, b, 3); !errors.Is(err, org.ErrDenied) {
		t.Errorf("a trainer sees the names of what others run: %v", err)
	}
	c.s.Wire(Wiring{
		Runs: func(_ context.Context, by org.Actor, ref int64) (bool, error) {
			return by.PersonID == 5 && ref == 77, nil
		},
		Progress: func(_ context.Context, ref int64, people []int64) (map[int64]string, error) {
			return map[int64]string{people[0]: NotSignedIn, people[1]: InProgress}, nil
		},
	})
	if face := must(c.s.UnitStandings(c.ctx, trainer, b))(t); len(face.Items) != 1 {
		t.Errorf("%+v", face.Items)
	}
	miss := must(c.s.Missing(c.ctx, trainer, b, 3))(t)
	if len(miss) != 4 || miss[0].State != NotSignedIn || miss[1].State != InProgress || miss[2].State != NotStarted || miss[0].Position != "科员" {
		t.Errorf("%+v", miss)
	}
}

func TestExportAsksForAReasonAndIsRecorded(t *testing.T) {
	c := newCounty(t)
	audit := c.people(3, 201)
	b := c.board(Rule{}, audit)
	if _, err := c.s.Export(c.ctx, c.manager(1), b, " "); !errors.Is(err, ErrReasonRequired) {
		t.Error(err)
	}
	book := must(c.s.Export(c.ctx, c.manager(1), b, "表彰"))(t)
	if len(book.Missing) != 201 || len(book.Units) != 1 || len(book.Words) < 8 || book.Words[0].Code != "formula.U1" {
		t.Errorf("%d missing, %+v", len(book.Missing), book.Words)
	}
	for _, word := range book.Words {
		if !strings.Contains(" "+strings.Join(WordCodes, " ")+" ", " "+word.Code+" ") {
			t.Errorf("%s is not listed", word.Code)
		}
	}
	var reasons []string
	if err := c.db.Read(c.ctx).Raw(`SELECT reason FROM audit_records WHERE action = 'board.export'`).Scan(&reasons).Error; err != nil || len(reasons) != 1 || reasons[0] != "表彰" {
		t.Errorf("%v %v", reasons, err)
	}
}
