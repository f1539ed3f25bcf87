package server

import (
	"strings"
	"testing"
	"time"

	"jingzhong/org"
	"jingzhong/quiz"
)

// scoped says, for a route about one object and a role held over unit A, what the five places of the object
// give: own = the actor's own person, unit = A, child = below A, parent = the root, sibling = beside A. y is
// let through, h is hidden (404: foreign objects do not exist), d is denied (403), - is not asked. Written
// from security.md: scope is applied in one function, foreign objects are 404.
type scoped struct {
	as, method, path, body                string
	object                                string // person, unit, contest, question
	own, inUnit, inChild, parent, sibling byte
}

var expectedScope = []scoped{
	{"trainer", "GET", "/api/v1/people/{id}", "", "person", 'y', 'y', 'y', 'h', 'h'},
	{"manager", "GET", "/api/v1/people/{id}", "", "person", 'y', 'y', 'y', 'h', 'h'},
	{"sysadmin", "GET", "/api/v1/people/{id}", "", "person", 'y', 'y', 'y', 'h', 'h'},
	{"secadmin", "GET", "/api/v1/people/{id}", "", "person", 'y', 'y', 'y', 'h', 'h'},
	{"reviewer", "GET", "/api/v1/people/{id}", "", "person", 'd', 'd', 'd', 'd', 'd'},
	{"invigilator", "GET", "/api/v1/people/{id}", "", "person", 'd', 'd', 'd', 'd', 'd'},
	{"auditor", "GET", "/api/v1/people/{id}", "", "person", 'd', 'd', 'd', 'd', 'd'},
	{"a0", "GET", "/api/v1/people/{id}", "", "person", 'd', 'd', 'd', 'd', 'd'},
	{"sysadmin", "PATCH", "/api/v1/people/{id}", `{"position":"科员"}`, "person", '-', 'y', 'y', 'h', 'h'},
	{"manager", "PATCH", "/api/v1/people/{id}", `{"position":"科员"}`, "person", 'd', 'd', 'd', 'd', 'd'},
	{"sysadmin", "POST", "/api/v1/people/{id}/anonymisation", `{"reason":"期满"}`, "person", '-', 'y', 'y', 'h', 'h'},
	{"secadmin", "POST", "/api/v1/people/{id}/unlock", "", "person", '-', 'y', 'y', 'h', 'h'},
	{"manager", "POST", "/api/v1/people/{id}/unlock", "", "person", 'd', 'd', 'd', 'd', 'd'},

	{"sysadmin", "PATCH", "/api/v1/units/{id}", `{"shortName":"简"}`, "unit", '-', 'y', 'y', 'h', 'h'},
	{"manager", "PATCH", "/api/v1/units/{id}", `{"shortName":"简"}`, "unit", '-', 'd', 'd', 'd', 'd'},
	{"manager", "POST", "/api/v1/units/{id}/activation-slips", `{}`, "unit", '-', 'y', 'y', 'h', 'h'},
	{"secadmin", "POST", "/api/v1/units/{id}/activation-slips", `{}`, "unit", '-', 'y', 'y', 'h', 'h'},
	{"a0", "POST", "/api/v1/units/{id}/activation-slips", `{}`, "unit", '-', 'd', 'd', 'd', 'd'},

	{"trainer", "GET", "/api/v1/contests/{id}", "", "contest", '-', 'y', 'y', 'h', 'h'},
	{"reviewer", "GET", "/api/v1/contests/{id}", "", "contest", '-', 'y', 'y', 'h', 'h'},
	{"invigilator", "GET", "/api/v1/contests/{id}", "", "contest", '-', 'y', 'y', 'h', 'h'},
	{"manager", "GET", "/api/v1/contests/{id}", "", "contest", '-', 'h', 'h', 'h', 'h'}, // a draft
	{"auditor", "GET", "/api/v1/contests/{id}", "", "contest", '-', 'h', 'h', 'h', 'h'},
	{"a0", "GET", "/api/v1/contests/{id}", "", "contest", '-', 'h', 'h', 'h', 'h'},
	{"trainer", "POST", "/api/v1/contests/{id}/publication", "", "contest", '-', 'y', 'y', 'h', 'h'},
	{"trainer", "POST", "/api/v1/contests/{id}/feasibility", `{"rows":[{"count":1,"points":100}]}`, "contest", '-', 'y', 'y', 'h', 'h'},
	{"trainer", "GET", "/api/v1/contests/{id}/time-factors", "", "contest", '-', 'y', 'y', 'h', 'h'},
	{"trainer", "GET", "/api/v1/contests/{id}/monitor", "", "contest", '-', 'y', 'y', 'h', 'h'},
	{"trainer", "GET", "/api/v1/contests/{id}/monitor/people", "", "contest", '-', 'y', 'y', 'h', 'h'},
	{"trainer", "GET", "/api/v1/contests/{id}/monitor/stream", "", "contest", '-', '-', '-', 'h', 'h'},
	{"invigilator", "GET", "/api/v1/contests/{id}/monitor", "", "contest", '-', 'y', 'y', 'h', 'h'},
	{"invigilator", "POST", "/api/v1/contests/{id}/extensions", `{"scope":"all","minutes":5,"reason":"断网"}`, "contest", '-', 'y', 'y', 'h', 'h'},
	{"trainer", "POST", "/api/v1/contests/{id}/cancellation", `{"reason":"取消"}`, "contest", '-', 'y', 'y', 'h', 'h'},

	{"trainer", "GET", "/api/v1/questions/{id}", "", "question", '-', 'y', 'y', 'h', 'h'},
	{"reviewer", "GET", "/api/v1/questions/{id}", "", "question", '-', 'y', 'y', 'h', 'h'},
	{"manager", "GET", "/api/v1/questions/{id}", "", "question", '-', 'd', 'd', 'd', 'd'},
	{"trainer", "GET", "/api/v1/questions/{id}/versions", "", "question", '-', 'y', 'y', 'h', 'h'},
	{"reviewer", "POST", "/api/v1/questions/{id}/retirement", `{"reason":"过时"}`, "question", '-', 'y', 'y', 'h', 'h'},

	{"manager", "GET", "/api/v1/contests/{open}/rankings/units/{id}/people", "", "unit", '-', 'y', '-', 'h', 'h'},
	{"manager", "GET", "/api/v1/contests/{open}/rankings/units/{id}/missing", "", "unit", '-', 'y', '-', 'h', 'h'},
	{"manager", "GET", "/api/v1/contests/{open}/rankings/units/{id}", "", "unit", '-', 'y', '-', 'h', 'h'},
	{"a0", "GET", "/api/v1/contests/{open}/rankings/units/{id}/people", "", "unit", '-', 'd', 'd', 'd', 'd'},
}

// TestScope asks each of these in both modes: the manager of a sibling unit meets a wall everywhere.
func TestScope(t *testing.T) {
	for _, mode := range []string{org.ModeQuick, org.ModeTwoPerson} {
		t.Run(mode, func(t *testing.T) { testScope(t, mode) })
	}
}

func testScope(t *testing.T, mode string) {
	c := newCounty(t)
	open := number(c.contest())
	drafts, questions := c.drafts()
	if mode != org.ModeQuick {
		c.must(c.svc.Org.SetMode(c.ctx, c.owner, mode))
		c.clock.Advance(2 * time.Second)
		c.tokens = map[string]string{}
	}
	person := map[string]string{"A": "a2", "A1": "a11", "root": "owner", "B": "b0"}
	for _, e := range expectedScope {
		for i, want := range []byte{e.own, e.inUnit, e.inChild, e.parent, e.sibling} {
			if want == '-' {
				continue
			}
			place := []string{"own", "A", "A1", "root", "B"}[i]
			var id int64
			switch {
			case place == "own":
				id = c.people[e.as].ID
			case e.object == "person":
				id = c.people[person[place]].ID
			case e.object == "unit":
				id = c.units[place].ID
			case e.object == "contest":
				id = drafts[place]
			default:
				id = questions[place]
			}
			path := strings.NewReplacer("{id}", number(id), "{open}", open).Replace(e.path)
			r := c.ask(t, call{method: e.method, path: path, body: e.body, token: c.as(e.as)})
			got := byte('y')
			switch {
			case r.status == 404:
				got = 'h'
			case r.status == 403 && r.problem(t).Code == org.ErrDenied.Code:
				got = 'd'
			}
			if got != want {
				t.Errorf("%s %s %s (%s): %c, want %c: %d %.300s", e.as, e.method, e.path, place, got, want, r.status, r.body)
			}
			if r.status >= 500 {
				t.Errorf("%s %s %s (%s): %d %s", e.as, e.method, e.path, place, r.status, r.body)
			}
		}
	}
}

// drafts makes a draft contest and a draft question of each unit.
func (c *county) drafts() (contests, questions map[string]int64) {
	c.t.Helper()
	contests, questions = map[string]int64{}, map[string]int64{}
	topics, err := c.svc.Bank.Topics(c.ctx, c.owner)
	c.must(err)
	for name, u := range c.units {
		by := org.Actor{PersonID: c.owner.PersonID, Name: c.owner.Name, UnitID: u.ID, UnitPath: u.Path, Mode: org.ModeQuick,
			Grants: []org.Grant{{Role: org.RoleTrainer, UnitID: u.ID, UnitPath: u.Path}}}
		truth := true
		q, err := c.svc.Bank.CreateQuestion(c.ctx, by, quiz.QuestionInput{Kind: quiz.KindTrueFalse, Stem: "草稿题" + name, Truth: &truth,
			Statute: "BMF", Article: "26", TopicID: topics[0].ID, UnitID: u.ID})
		c.must(err)
		questions[name] = q.ID
		made, err := c.svc.Contests.CreateContest(c.ctx, by, quiz.ContestInput{Title: "草稿" + name, Kept: quiz.KeptBest, Scoring: quiz.ScoringM0,
			Limit: 600_000, Takeover: quiz.TakeoverFree, ScoreShow: quiz.ShowSubmit, ReviewShow: quiz.ShowClose, Audience: org.Audience{All: true}})
		c.must(err)
		contests[name] = made.ID
	}
	return contests, questions
}
