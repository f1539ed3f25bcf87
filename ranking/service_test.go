package ranking

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"gorm.io/gorm"

	"jingzhong/org"
)

func TestStandingsRollUpTheTree(t *testing.T) {
	c := newCounty(t)
	own, water, office, station := c.people(1, 3), c.people(2, 2), c.people(21, 3), c.people(22, 5)
	audit, village := c.people(3, 4), c.people(41, 6)
	b := c.board(Rule{}, own, water, office, station, audit, village)
	c.record(result(b, water[0], 80), result(b, office[0], 90), result(b, station[0], 50), result(b, station[1], 100),
		result(b, audit[0], 70), result(b, own[0], 100), result(b, own[1], 90), result(b, own[2], 80))
	face := must(c.s.UnitStandings(c.ctx, c.manager(1), b))(t)
	if len(face.Items) != 4 {
		t.Fatalf("%d rows", len(face.Items))
	}
	row := unitRow(face.Items, 2)
	if row.Expected != 10 || row.Participants != 4 || *row.Average != 8_000 || *row.Score != 3_200 || *row.PassRate != .3 || *row.ParticipationRate != .4 {
		t.Errorf("%+v", row)
	}
	if own := unitRow(face.Items, 1); !own.Direct || own.Expected != 3 || *own.Rank != 1 || *own.Score != 9_000 {
		t.Errorf("本级: %+v", own)
	}
	if town := unitRow(face.Items, 4); town.Expected != 6 || town.Average != nil || *town.Rank != 4 {
		t.Errorf("%+v", town)
	}
	var sent struct {
		Items []map[string]any `json:"items"`
	}
	if err := json.Unmarshal(face.Bytes, &sent); err != nil || len(sent.Items) != 4 {
		t.Fatal(err)
	}
	for _, field := range []string{"unit", "rank", "band", "expected", "participants", "participationRate", "average", "passRate", "score"} {
		if _, ok := sent.Items[0][field]; !ok {
			t.Errorf("no field %q", field)
		}
	}
}

func TestDrillDownRowsAddUpExactly(t *testing.T) {
	c := newCounty(t)
	own, water, office, station, guest := c.people(1, 3), c.people(2, 2), c.people(21, 3), c.people(22, 5), c.people(2, 1)
	b := c.board(Rule{}, own, water, office, station)
	if err := c.s.Exempt(c.ctx, c.manager(1), b, Exemption{PersonID: station[4].PersonID, Exempt: true, Reason: "出题人"}); err != nil {
		t.Fatal(err)
	}
	c.record(result(b, water[0], 80), result(b, office[0], 90), result(b, station[0], 51), result(b, station[4], 100), result(b, guest[0], 99), result(b, own[0], 61))
	for _, unit := range []int64{1, 2, 21, 22} {
		d := must(c.s.DrillDown(c.ctx, c.manager(1), b, unit))(t)
		sum := d.Own
		for _, child := range d.Children {
			sum.Members += child.Members
			sum.Exempt += child.Exempt
			sum.Expected += child.Expected
			sum.Participants += child.Participants
			sum.Passed += child.Passed
			sum.Excellent += child.Excellent
			sum.SumBest += child.SumBest
		}
		if sum.Unit = d.Unit.Unit; sum != d.Unit {
			t.Errorf("unit %d: children %+v, parent %+v", unit, sum, d.Unit)
		}
		people := UnitSums{Unit: d.Own.Unit}
		for _, p := range d.People {
			people.Members += one(p.OnRoster)
			people.Exempt += one(p.Exempt)
			people.Expected += p.Expected
			people.Participants += p.Participants
			people.Passed += p.Passed
			people.Excellent += p.Excellent
			people.SumBest += p.SumBest
		}
		if people != d.Own {
			t.Errorf("unit %d: people %+v, unit %+v", unit, people, d.Own)
		}
	}
	d := must(c.s.DrillDown(c.ctx, c.manager(1), b, 2))(t)
	row := unitRow(must(c.s.UnitStandings(c.ctx, c.manager(1), b))(t).Items, 2)
	if d.Unit.Expected != 9 || d.Unit.Participants != 3 || row.Expected != d.Unit.Expected || row.Participants != d.Unit.Participants {
		t.Errorf("drill %+v, row %+v", d.Unit, row)
	}
	if len(d.People) != 3 {
		t.Errorf("2 people and a guest: %+v", d.People)
	}
}

func TestAPersonOffTheRosterIsRankedAndCountsNowhere(t *testing.T) {
	c := newCounty(t)
	audit, guest := c.people(3, 4), c.people(3, 1)
	b := c.board(Rule{}, audit)
	c.record(result(b, audit[0], 70), result(b, guest[0], 100))
	row := unitRow(must(c.s.UnitStandings(c.ctx, c.manager(1), b))(t).Items, 3)
	if row.Expected != 4 || row.Participants != 1 || *row.Score != 1_750 {
		t.Errorf("%+v", row)
	}
	people := must(c.s.PersonStandings(c.ctx, c.manager(1), b))(t)
	if len(people) != 2 || people[0].Person.ID != guest[0].PersonID || people[0].OnRoster || *people[0].Rank != 1 || !people[1].OnRoster {
		t.Errorf("%+v", people)
	}
}

func TestPeopleShareRanksAndOwnStandingAgrees(t *testing.T) {
	c := newCounty(t)
	p := c.people(3, 6)
	b := c.board(Rule{}, p)
	slow, twice, later := result(b, p[3], 80), result(b, p[4], 80), result(b, p[5], 80)
	slow.TimeMS, twice.Attempts, later.SubmittedAt = 61_000, 2, 2
	same := result(b, p[2], 80)
	same.TimeMS = 60_999
	c.record(result(b, p[0], 90), result(b, p[1], 80), same, slow, twice, later)
	rows := must(c.s.PersonStandings(c.ctx, c.manager(1), b))(t)
	want := map[int64]int{p[0].PersonID: 1, p[1].PersonID: 2, p[2].PersonID: 2, p[5].PersonID: 4, p[4].PersonID: 5, p[3].PersonID: 6}
	for _, row := range rows {
		if *row.Rank != want[row.Person.ID] {
			t.Errorf("%d: %d, want %d", row.Person.ID, *row.Rank, want[row.Person.ID])
		}
	}
	for _, m := range p {
		own := must(c.s.OwnStanding(c.ctx, c.learner(m), b))(t)
		if !own.Listed || !own.Counted || own.Rank == nil || *own.Rank != want[m.PersonID] || own.Of != 6 {
			t.Errorf("%d: %+v", m.PersonID, own)
		}
	}
}

func TestMedianTimeDecidesBetweenEqualUnits(t *testing.T) {
	c := newCounty(t)
	water, audit, town := c.people(2, 3), c.people(3, 3), c.people(4, 3)
	b := c.board(Rule{}, water, audit, town)
	at := func(m org.Member, ms int64) Result { r := result(b, m, 80); r.TimeMS = ms; return r }
	c.record(at(water[0], 50_000), at(water[1], 70_000), at(audit[0], 10_000), at(audit[1], 109_999), at(town[0], 60_000), at(town[1], 60_000))
	face := must(c.s.UnitStandings(c.ctx, c.manager(1), b))(t)
	for id, want := range map[int64]int{3: 1, 2: 2, 4: 2} {
		if got := *unitRow(face.Items, id).Rank; got != want {
			t.Errorf("unit %d: %d, want %d", id, got, want)
		}
	}
}

func TestTeamBoardReadsTheBest(t *testing.T) {
	c := newCounty(t)
	water, office := c.people(2, 4), c.people(21, 2)
	b := c.board(Rule{Formula: FormulaTeam, TeamLeast: 2}, water, office)
	c.record(result(b, water[0], 80), result(b, water[1], 90), result(b, office[0], 100))
	if row := unitRow(must(c.s.UnitStandings(c.ctx, c.manager(1), b))(t).Items, 2); *row.Score != 9_500 {
		t.Errorf("%d", *row.Score)
	}
}

func TestSinceYesterday(t *testing.T) {
	c := newCounty(t)
	c.s.Wire(Wiring{Zone: time.FixedZone("CST", 8*60*60)})
	water, audit := c.people(2, 4), c.people(3, 4)
	b := c.board(Rule{}, water, audit)
	c.record(result(b, water[0], 80))
	for range 2 { // the last of the day stands
		if err := c.s.KeepDay(c.ctx, b); err != nil {
			t.Fatal(err)
		}
	}
	c.clock.Advance(24 * time.Hour)
	c.record(result(b, audit[0], 90))
	face := must(c.s.UnitStandings(c.ctx, c.manager(1), b))(t)
	if up, down := unitRow(face.Items, 3), unitRow(face.Items, 2); *up.RankChange != 1 || *down.RankChange != -1 {
		t.Errorf("%+v %+v", up, down)
	}
}

func TestBoardsAreCheckedWhenMade(t *testing.T) {
	c := newCounty(t)
	create := func(n NewBoard) error {
		n.ScopeUnitID = or(n.ScopeUnitID, 1)
		return c.db.Tx(c.ctx, func(tx *gorm.DB) error { _, err := c.s.CreateBoard(c.ctx, tx, n); return err })
	}
	full := Rule{FullMark: 10_000}
	for name, n := range map[string]struct {
		board NewBoard
		want  error
	}{
		"no full mark":  {NewBoard{}, ErrRule},
		"weights":       {NewBoard{Rule: Rule{FullMark: 1, WeightPart: 500, WeightMean: 400}}, ErrWeights},
		"formula":       {NewBoard{Rule: Rule{FullMark: 1, Formula: "U9"}}, ErrRule},
		"bands":         {NewBoard{Rule: Rule{FullMark: 1, BandLimits: []int64{50, 10}}}, ErrRule},
		"kept":          {NewBoard{Rule: full, Kept: "worst"}, ErrRule},
		"unknown scope": {NewBoard{Rule: full, ScopeUnitID: 999}, ErrUnitNotFound},
		"fine":          {NewBoard{Rule: full, Ref: 5}, nil},
	} {
		if err := create(n.board); !errors.Is(err, n.want) && err != n.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := create(NewBoard{Rule: full, Ref: 5}); !errors.Is(err, ErrExists) {
		t.Error(err)
	}
	b := must(c.s.BoardOf(c.ctx, KindContest, 5))(t)
	if b.Rule.Formula != FormulaAll || b.State != StateProvisional || b.ScopePath != "/1/" || len(b.Rule.BandLimits) != 2 {
		t.Errorf("%+v", b)
	}
	c.tx(func(tx *gorm.DB) error {
		return c.s.UpdateBoard(c.ctx, tx, b.ID, NewBoard{Title: "改", ScopeUnitID: 1, Rule: Rule{FullMark: 5_000, Formula: FormulaWeighted}})
	})
	if b := must(c.s.FindBoard(c.ctx, b.ID))(t); b.Title != "改" || b.Rule.FullMark != 5_000 || b.Ref != 5 {
		t.Errorf("%+v", b)
	}
}
