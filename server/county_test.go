package server

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/org"
	"jingzhong/quiz"
	"jingzhong/ranking"
	"jingzhong/store"
	"jingzhong/store/storetest"
)

// county is a server on a real database: a root with the units A (2), its child A1 (3) and its sibling B (4),
// five people in each, every role over A, and a bank. Who signs in has the password `pass`.
type county struct {
	*Server
	t      *testing.T
	ctx    context.Context
	clock  *storetest.Clock
	db     *store.DB
	svc    Services
	units  map[string]org.Unit
	people map[string]org.Person // by sign-in name
	owner  org.Actor
	tokens map[string]string
}

const (
	pass      = "Bell-tower-at-dawn-2026"
	canaryKey = "CANARYKEY"
	canaryLaw = "CANARYLAW"
)

func newCounty(t *testing.T) *county {
	t.Helper()
	c := &county{t: t, ctx: context.Background(), clock: storetest.NewClock(), units: map[string]org.Unit{},
		people: map[string]org.Person{}, tokens: map[string]string{}}
	c.db = storetest.Open(t, c.clock)
	c.open()
	c.populate()
	return c
}

func (c *county) open() {
	c.t.Helper()
	o, err := org.New(c.db, c.clock.Now, org.Config{Secret: testKey, HashSlots: 4})
	c.must(err)
	c.t.Cleanup(o.Close)
	r := ranking.New(c.db, c.clock.Now)
	contests := quiz.NewContests(quiz.ContestsConfig{DB: c.db, Org: o, Ranking: r, Now: c.clock.Now, Key: testKey})
	r.Wire(ranking.Wiring{Progress: contests.Progress, Runs: contests.Runs})
	c.svc = Services{Org: o, Bank: quiz.NewBank(c.db, c.clock.Now), Contests: contests, Practice: quiz.NewPractice(quiz.PracticeConfig{DB: c.db, Contests: contests}),
		Ranking: r, Audit: AuditLog{
			List: func(ctx context.Context, f audit.Filter) ([]audit.Record, error) {
				return audit.List(ctx, c.db.Read(ctx), f)
			},
			Verify: func(ctx context.Context) (audit.Verification, error) { return audit.Verify(ctx, c.db.Read(ctx)) },
		}}
	c.Server, err = New(Config{Version: "test", Now: c.clock.Now, Log: slog.New(slog.DiscardHandler), TokenKey: testKey,
		Ready: c.db.Ping, Authenticate: o.Authenticate, Services: c.svc, Denied: func(ctx context.Context, by org.Actor, route, code string) error {
			return c.db.Tx(ctx, func(tx *gorm.DB) error {
				return audit.Append(ctx, tx, audit.Entry{At: c.db.Now(), ActorID: by.PersonID, ActorName: by.Name, Action: "right.deny", Reason: route})
			})
		}})
	c.must(err)
	c.t.Cleanup(c.hub.close)
}

func (c *county) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *county) populate() {
	c.t.Helper()
	token, err := c.svc.Org.SetupToken(c.ctx)
	c.must(err)
	r := c.ask(c.t, call{method: "POST", path: "/api/v1/setup", body: fmt.Sprintf(
		`{"token":%q,"siteName":"清川县","name":"方所有","username":"owner","password":%q}`, token, pass)})
	if r.status != 201 {
		c.t.Fatal(r.status, r.body)
	}
	c.tokens["owner"] = c.json(r)["accessToken"].(string)
	id, err := c.Server.tokens.verify(c.tokens["owner"])
	c.must(err)
	c.owner, err = c.svc.Org.Authenticate(c.ctx, id.sessionID, id.personID, id.epoch)
	c.must(err)
	c.people["owner"], err = c.svc.Org.FindPerson(c.ctx, c.owner, id.personID)
	c.must(err)
	c.units["root"], err = c.svc.Org.FindUnit(c.ctx, c.owner, c.owner.UnitID)
	c.must(err)
	for _, u := range []struct{ name, parent string }{{"A", "root"}, {"A1", "A"}, {"B", "root"}} {
		c.units[u.name], err = c.svc.Org.CreateUnit(c.ctx, c.owner, org.UnitInput{ParentID: c.units[u.parent].ID, Name: "单位" + u.name})
		c.must(err)
		for i := range 5 {
			c.person(strings.ToLower(u.name)+fmt.Sprint(i), u.name, "")
		}
	}
	for _, role := range org.Roles {
		if role != org.RoleOwner {
			c.person(role, "A", role)
		}
	}
	c.fillBank()
}

// person makes a person with the password, and with the role over the unit if one is named.
func (c *county) person(username, unit, role string) {
	c.t.Helper()
	p, err := c.svc.Org.CreatePerson(c.ctx, c.owner, org.PersonInput{Name: "人" + username, Username: username, UnitID: c.units[unit].ID})
	c.must(err)
	if role != "" || username == "a0" || username == "a1" { // the others never sign in, and a hash takes its time
		c.must(c.svc.Org.SetPassword(c.ctx, org.System, p.ID, pass))
	}
	if role != "" {
		_, err = c.svc.Org.GrantRole(c.ctx, c.owner, org.GrantInput{PersonID: p.ID, Role: role, UnitID: c.units[unit].ID, Reason: "测试"})
		c.must(err)
	}
	c.people[username] = p
}

// fillBank writes forty questions of the root, every explanation and quotation a canary.
func (c *county) fillBank() {
	c.t.Helper()
	topics, err := c.svc.Bank.Topics(c.ctx, c.owner)
	c.must(err)
	for i := range 40 {
		in := quiz.QuestionInput{Kind: quiz.KindSingle, Stem: fmt.Sprintf("第%d题：保密载体怎么办？", i), Statute: "BMF", Article: "26",
			Explanation: canaryKey, LawQuote: canaryLaw, TopicID: topics[i%3].ID, Use: quiz.UseContest, Difficulty: 60, Publish: true,
			Options: []quiz.OptionInput{{Text: "对的", Correct: true}, {Text: "错甲"}, {Text: "错乙"}, {Text: "错丙"}}}
		if i%4 == 3 {
			in.Kind, in.Options, in.Blanks, in.Stem = quiz.KindFill, nil, [][]string{{"二十四"}}, in.Stem+"____"
		}
		_, err := c.svc.Bank.CreateQuestion(c.ctx, c.owner, in)
		c.must(err)
	}
}

// contest publishes one over the root that is open for an hour, and returns its id.
func (c *county) contest() int64 {
	c.t.Helper()
	id := c.scheduled()
	c.clock.Advance(2 * time.Minute)
	c.must(c.svc.Contests.Sweep(c.ctx))
	return id
}

// scheduled is the same a minute before it opens.
func (c *county) scheduled() int64 {
	c.t.Helper()
	now := store.MS(c.clock.Now())
	made, err := c.svc.Contests.CreateContest(c.ctx, c.owner, quiz.ContestInput{Title: "知识竞赛", OpensAt: now + 60_000, ClosesAt: now + 3_660_000,
		Limit: 1_200_000, HardClose: true, AttemptsTotal: 2, Kept: quiz.KeptBest, Scoring: quiz.ScoringM0, PassMark: 6000, ExcellentMark: 9000,
		Takeover: quiz.TakeoverFree, ScoreShow: quiz.ShowSubmit, ReviewShow: quiz.ShowClose, Audience: org.Audience{All: true},
		Rows: []quiz.Row{{Kinds: []string{quiz.KindSingle}, Count: 4, Points: 2000}, {Kinds: []string{quiz.KindFill}, Count: 1, Points: 2000}}})
	c.must(err)
	_, err = c.svc.Contests.Publish(c.ctx, c.owner, made.ID)
	c.must(err)
	return made.ID
}

func (c *county) json(r reply) map[string]any {
	c.t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(r.body), &v); err != nil {
		c.t.Fatalf("%d %s: %v", r.status, r.body, err)
	}
	return v
}

// as signs the person in once and returns the access token.
func (c *county) as(username string) string {
	c.t.Helper()
	if username == "" {
		return ""
	}
	token, ok := c.tokens[username]
	if !ok {
		r := c.ask(c.t, call{method: "POST", path: "/api/v1/sessions", body: fmt.Sprintf(`{"username":%q,"password":%q}`, username, pass)})
		if r.status != 201 {
			c.t.Fatal(username, r.status, r.body)
		}
		token = c.json(r)["accessToken"].(string)
		c.tokens[username] = token
	}
	return token
}

// step is one request and what must, and must not, be in the answer.
type step struct {
	as, method, path, body string
	header                 map[string]string
	status                 int
	want, unwanted         []string
}

// walk runs steps in order and returns the last answer.
func (c *county) walk(steps ...step) reply {
	c.t.Helper()
	var r reply
	for _, s := range steps {
		r = c.ask(c.t, call{method: s.method, path: s.path, body: s.body, token: c.as(s.as), header: s.header})
		name := s.as + " " + s.method + " " + s.path
		c.conforms(s.method, s.path, r)
		if r.status != s.status {
			c.t.Errorf("%s: %d, want %d: %s", name, r.status, s.status, r.body)
		}
		for _, w := range s.want {
			if !strings.Contains(r.body, w) {
				c.t.Errorf("%s: lacks %s: %.2000s", name, w, r.body)
			}
		}
		for _, w := range append(s.unwanted, "password_hash", "passwordHash", "argon2", "refresh_hash", "goroutine", "gorm") {
			if strings.Contains(r.body, w) {
				c.t.Errorf("%s: shows %s: %.2000s", name, w, r.body)
			}
		}
	}
	return r
}
