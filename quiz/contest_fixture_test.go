package quiz

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"gorm.io/gorm"

	"jingzhong/org"
	"jingzhong/ranking"
	"jingzhong/store"
	"jingzhong/store/storetest"
)

// hall is a small county with a trainer, a reviewer, twelve employees in two units and sixty questions.
type hall struct {
	t        *testing.T
	ctx      context.Context
	clock    *storetest.Clock
	cfg      store.Config
	db       *store.DB
	org      *org.Service
	ranking  *ranking.Service
	bank     *Bank
	contests *Contests
	trainer  org.Actor
	reviewer org.Actor
	bureau   org.Actor
	people   []org.Actor
}

var testKey = []byte("0123456789abcdef0123456789abcdef")

func newHall(t *testing.T) *hall {
	t.Helper()
	h := &hall{t: t, ctx: context.Background(), clock: storetest.NewClock()}
	h.cfg = storetest.Config(t, h.clock)
	h.open()
	t.Cleanup(func() { h.close() })
	h.populate()
	h.fillBank()
	return h
}

func (h *hall) open() {
	h.t.Helper()
	var err error
	if h.db, err = store.Open(h.ctx, h.cfg); err != nil {
		h.t.Fatal(err)
	}
	if h.org, err = org.New(h.db, h.clock.Now, org.Config{Secret: testKey}); err != nil {
		h.t.Fatal(err)
	}
	h.ranking = ranking.New(h.db, h.clock.Now)
	h.bank = NewBank(h.db, h.clock.Now)
	h.contests = NewContests(ContestsConfig{DB: h.db, Org: h.org, Ranking: h.ranking, Now: h.clock.Now, Key: testKey,
		Zone: time.FixedZone("CST", 8*3600)})
	h.ranking.Wire(ranking.Wiring{Progress: h.contests.Progress, Runs: h.contests.Runs})
}

func (h *hall) close() {
	h.org.Close()
	h.db.Close()
}

// restart is what a crash and a new start do to everything held in memory.
func (h *hall) restart() {
	h.close()
	h.open()
}

func (h *hall) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) exec(query string, args ...any) {
	h.t.Helper()
	h.must(h.db.Tx(h.ctx, func(tx *gorm.DB) error { _, err := store.Writing(tx).Exec(query, args...); return err }))
}

func (h *hall) count(query string, args ...any) (n int64) {
	h.t.Helper()
	h.must(h.db.Read(h.ctx).Raw(query, args...).Scan(&n).Error)
	return n
}

func (h *hall) populate() {
	h.t.Helper()
	for i, u := range []struct{ name, parent, path string }{{"清川县", "", "/1/"}, {"县水利局", "1", "/1/2/"}, {"县审计局", "1", "/1/3/"}, {"外县", "1", "/1/4/"}} {
		parent := any(nil)
		if u.parent != "" {
			parent = 1
		}
		h.exec(`INSERT INTO units (id, parent_id, name, kind, tier, path, sort, created_at, updated_at) VALUES (?, ?, ?, 'agency', 2, ?, ?, 1, 1)`,
			i+1, parent, u.name, u.path, i)
	}
	actor := func(id int64, name string, unit int64, path string, grants ...org.Grant) org.Actor {
		h.exec(`INSERT INTO people (id, name, username, unit_id, status, created_at, updated_at) VALUES (?, ?, ?, ?, 'active', 1, 1)`,
			id, name, fmt.Sprintf("p%d", id), unit)
		for _, g := range grants {
			h.exec(`INSERT INTO role_grants (person_id, role, unit_id, granted_by, created_at) VALUES (?, ?, ?, ?, 1)`, id, g.Role, g.UnitID, id)
		}
		return org.Actor{PersonID: id, Name: name, UnitID: unit, UnitPath: path, SessionID: fmt.Sprintf("s%d", id), Grants: grants, Mode: org.ModeQuick, IP: "127.0.0.1"}
	}
	root := func(role string) org.Grant { return org.Grant{Role: role, UnitID: 1, UnitPath: "/1/"} }
	h.trainer = actor(1, "沈一舟", 1, "/1/", root(org.RoleTrainer))
	h.reviewer = actor(2, "陆知行", 1, "/1/", root(org.RoleReviewer))
	h.bureau = actor(3, "顾长河", 1, "/1/", root(org.RoleManager))
	for i := range 12 {
		unit := int64(2 + i%2)
		h.people = append(h.people, actor(int64(10+i), fmt.Sprintf("学员%d", i), unit, fmt.Sprintf("/1/%d/", unit)))
	}
	if h.db.Dialect == store.Postgres {
		for _, table := range []string{"units", "people"} {
			h.exec(`SELECT setval(pg_get_serial_sequence('` + table + `', 'id'), 1000)`)
		}
	}
}

// fillBank writes 60 questions: the key of a single is always the option "对的", so that tests can answer
// right or wrong by reading the paper as a contestant would.
func (h *hall) fillBank() {
	h.t.Helper()
	topics, err := h.bank.Topics(h.ctx, h.trainer)
	h.must(err)
	truth := true
	for i := range 60 {
		in := QuestionInput{Stem: fmt.Sprintf("第%d题：保密载体怎么办？", i), Statute: "BMF", Article: "26", Explanation: "《保密法》第二十六条。CANARY-" + fmt.Sprint(i),
			LawQuote: "CANARY-QUOTE", TopicID: topics[i%3].ID, Use: UseContest, Difficulty: 60, Publish: true}
		switch i % 4 {
		case 0, 1:
			in.Kind = KindSingle
			in.Options = []OptionInput{{Text: "对的", Correct: true}, {Text: "错甲"}, {Text: "错乙"}, {Text: "错丙"}}
		case 2:
			in.Kind = KindMultiple
			in.Options = []OptionInput{{Text: "对的一", Correct: true}, {Text: "对的二", Correct: true}, {Text: "错甲"}, {Text: "错乙"}}
		case 3:
			if i%8 == 3 {
				in.Kind, in.Truth = KindTrueFalse, &truth
			} else {
				in.Kind, in.Stem, in.Blanks = KindFill, fmt.Sprintf("第%d题：应当在____内报告。", i), [][]string{{"24小时", "二十四小时"}}
			}
		}
		_, err := h.bank.CreateQuestion(h.ctx, h.trainer, in)
		h.must(err)
	}
}

// contest makes and publishes a ten-question contest that opens in an hour and stays open for a day.
func (h *hall) contest(change func(*ContestInput)) Contest {
	h.t.Helper()
	now := h.db.Now()
	in := ContestInput{Title: "保密知识竞赛", OpensAt: now + 3_600_000, ClosesAt: now + 25*3_600_000, Limit: 20 * minute, HardClose: true,
		AttemptsTotal: 2, Kept: KeptBest, Scoring: ScoringM0, PassMark: 6000, ExcellentMark: 9000, Takeover: TakeoverFree,
		ScoreShow: ShowSubmit, ReviewShow: ShowClose, Audience: org.Audience{All: true},
		Rows: []Row{{Kinds: []string{KindSingle}, Count: 6, Points: 1000}, {Kinds: []string{KindMultiple}, Count: 2, Points: 1000},
			{Kinds: []string{KindTrueFalse, KindFill}, Count: 2, Points: 1000}}}
	if change != nil {
		change(&in)
	}
	c, err := h.contests.CreateContest(h.ctx, h.trainer, in)
	h.must(err)
	c, err = h.contests.Publish(h.ctx, h.trainer, c.ID)
	h.must(err)
	return c
}

// opened is contest, an hour later.
func (h *hall) opened(change func(*ContestInput)) Contest {
	h.t.Helper()
	c := h.contest(change)
	h.later(time.Hour)
	return c
}

// later moves the clock as a running server would live through it: in steps with their heartbeat.
func (h *hall) later(d time.Duration) {
	h.t.Helper()
	for d > 0 {
		step := min(d, 4*time.Second)
		if d > time.Minute { // nothing happens in between that the test looks at
			step = d - time.Minute
			h.clock.Advance(step)
			h.exec(`UPDATE heartbeat SET beat_at = ?`, h.db.Now())
		} else {
			h.clock.Advance(step)
		}
		h.must(h.contests.Sweep(h.ctx))
		d -= step
	}
}

type paperView struct {
	Items []struct {
		Slot    int
		Kind    string
		Stem    string
		Points  int64
		Blanks  int
		Options []struct {
			ID   int
			Text string
		}
	}
}

func (h *hall) paper(b []byte) paperView {
	h.t.Helper()
	var p paperView
	h.must(json.Unmarshal(b, &p))
	return p
}

// rightAnswers answers the first n questions right, as somebody who knows would by reading the options.
func (h *hall) rightAnswers(paper []byte, n int, seq int64) []AnswerInput {
	h.t.Helper()
	var answers []AnswerInput
	for _, item := range h.paper(paper).Items[:n] {
		a := AnswerInput{Slot: item.Slot, Seq: seq}
		seq++
		for _, o := range item.Options {
			if o.Text == "对的" || o.Text == "对的一" || o.Text == "对的二" || (item.Kind == KindTrueFalse && o.ID == 1) {
				a.Choice = append(a.Choice, o.ID)
			}
		}
		if item.Kind == KindFill {
			a.Text = []string{"24小时"}
		}
		answers = append(answers, a)
	}
	return answers
}

func (h *hall) start(by org.Actor, contestID int64) Started {
	h.t.Helper()
	st, err := h.contests.Start(h.ctx, by, contestID)
	h.must(err)
	return st
}

func (h *hall) save(by org.Actor, st Started, answers ...AnswerInput) (Saved, error) {
	return h.contests.Save(h.ctx, by, st.ID, SaveInput{Lease: st.Lease, Answers: answers, ArrivedAt: h.db.Now()})
}

// finish plays an attempt to the end with n right answers.
func (h *hall) finish(by org.Actor, contestID int64, n int) Started {
	h.t.Helper()
	st := h.start(by, contestID)
	_, err := h.contests.Submit(h.ctx, by, st.ID, SubmitInput{Lease: st.Lease, Answers: h.rightAnswers(st.Paper, n, 1), ArrivedAt: h.db.Now()})
	h.must(err)
	h.must(h.contests.Sweep(h.ctx))
	return st
}

func (h *hall) wants(err, want error) {
	h.t.Helper()
	if !errors.Is(err, want) {
		h.t.Fatalf("got %v, want %v", err, want)
	}
}
