package seed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"jingzhong/audit"
	"jingzhong/org"
	"jingzhong/quiz"
	"jingzhong/ranking"
	"jingzhong/store"
	"jingzhong/store/storetest"
)

const testPassword = "春江花月夜 41"

// demo is a loaded county with everything a test asks.
type demo struct {
	Config
	printed bytes.Buffer
	store   store.Config
}

func newDemo(t *testing.T) *demo {
	t.Helper()
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	day := time.Date(2026, 4, 23, 10, 30, 0, 0, zone) // a Thursday morning
	d := &demo{store: storetest.Config(t, storetest.NewClock())}
	d.Clock, d.Zone, d.Password, d.Out = NewClock(func() time.Time { return day }), zone, testPassword, &d.printed
	d.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	d.store.Now = d.Clock.Now
	db, err := store.Open(t.Context(), d.store)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	people, err := org.New(db, d.Clock.Now, org.Config{Secret: bytes.Repeat([]byte("k"), 32), Log: d.Log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(people.Close)
	d.DB, d.Org, d.Bank, d.Ranking = db, people, quiz.NewBank(db, d.Clock.Now), ranking.New(db, d.Clock.Now)
	d.Contests = quiz.NewContests(quiz.ContestsConfig{DB: db, Org: people, Ranking: d.Ranking, Now: d.Clock.Now, Zone: zone,
		Key: bytes.Repeat([]byte("k"), 32), Log: d.Log})
	d.Ranking.Wire(ranking.Wiring{Progress: d.Contests.Progress, Runs: d.Contests.Runs, Zone: zone})
	return d
}

func (d *demo) load(t *testing.T) {
	t.Helper()
	loaded, err := Load(t.Context(), d.Config)
	if err != nil || !loaded {
		t.Fatalf("loaded %v, %v", loaded, err)
	}
}

func (d *demo) count(t *testing.T, query string, args ...any) int64 {
	t.Helper()
	var n int64
	if err := d.DB.Read(t.Context()).Raw(query, args...).Scan(&n).Error; err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// signIn is a named account at work.
func (d *demo) signIn(t *testing.T, account string) org.Actor {
	t.Helper()
	session, err := d.Org.SignIn(t.Context(), org.SignIn{Username: account, Password: testPassword})
	if err != nil {
		t.Fatalf("%s: %v", account, err)
	}
	by, err := d.Org.Authenticate(t.Context(), session.ID, session.PersonID, session.Epoch)
	if err != nil {
		t.Fatalf("%s: %v", account, err)
	}
	return by
}

func (d *demo) contest(t *testing.T, title string) (id, board int64) {
	t.Helper()
	return d.count(t, `SELECT id FROM contests WHERE title = ?`, title), d.count(t, `SELECT board_id FROM contests WHERE title = ?`, title)
}

func TestDemoShowsEveryFeature(t *testing.T) {
	d := newDemo(t)
	d.load(t)
	for _, s := range shown {
		var least, most int64
		if _, err := fmt.Sscanf(s.want, "%d-%d", &least, &most); err != nil {
			t.Fatal(err)
		}
		if n := d.count(t, s.query); n < least || n > most {
			t.Errorf("%s: %d, want %s", s.feature, n, s.want)
		}
	}
	t.Run("accounts", func(t *testing.T) { d.testAccounts(t) })
	t.Run("open contest", func(t *testing.T) { d.testOpen(t) })
	t.Run("final", func(t *testing.T) { d.testFinal(t) })
	t.Run("draft", func(t *testing.T) { d.testDraft(t) })
	t.Run("questions", func(t *testing.T) { d.testQuestions(t) })
	t.Run("cases", func(t *testing.T) { d.testCases(t) })
	t.Run("log", func(t *testing.T) { d.testLog(t) })
	t.Run("again", func(t *testing.T) { d.testAgain(t) })
}

func (d *demo) testAccounts(t *testing.T) {
	cast, err := Accounts()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cast {
		by := d.signIn(t, c.Account)
		if by.Name != c.Name || (c.Role != "" && !by.HasRole(c.Role)) || (c.Role == "" && len(by.Grants) > 0) {
			t.Errorf("%s: %s %+v", c.Account, by.Name, by.Grants)
		}
		if !strings.Contains(d.printed.String(), c.Account) {
			t.Errorf("%s is not printed", c.Account)
		}
	}
	if strings.Contains(d.printed.String(), testPassword) {
		t.Error("a password that was given is printed")
	}
	if codes := regexp.MustCompile(`\b[0-9A-Z]{4}(-[0-9A-Z]{2,4}){2,}\b`).FindAllString(d.printed.String(), -1); len(codes) != shownSlips {
		t.Errorf("activation codes printed: %v\n%s", codes, d.printed.String())
	}
}

func (d *demo) testOpen(t *testing.T) {
	manager := d.signIn(t, "manager")
	id, board := d.contest(t, OpenTitle)
	c, err := d.Contests.FindContest(t.Context(), manager, id)
	if err != nil {
		t.Fatal(err)
	}
	closes := store.Time(c.ClosesAt).Sub(d.Clock.Now())
	if c.State != quiz.ContestOpen || closes < 60*24*time.Hour-time.Hour || closes > 61*24*time.Hour {
		t.Errorf("%s, closes in %v", c.State, closes)
	}
	face, err := d.Ranking.UnitStandings(t.Context(), manager, board)
	if err != nil {
		t.Fatal(err)
	}
	bands, alone, expected, participants, moved, ranked := map[string]int{}, 0, int64(0), int64(0), 0, 0
	for _, row := range face.Items {
		expected, participants = expected+row.Expected, participants+row.Participants
		switch row.Status {
		case ranking.StatusSingle:
			alone++
		case ranking.StatusRanked:
			bands[row.Band]++
			ranked++
			if row.RankChange != nil && *row.RankChange != 0 {
				moved++
			}
		}
		if row.Unit.Name == "县水利局" && row.Missing != 7 {
			t.Errorf("县水利局 misses %d people", row.Missing)
		}
	}
	if share := float64(participants) / float64(expected); share < .55 || share > .67 {
		t.Errorf("%d of %d take part", participants, expected)
	}
	if moved == 0 {
		t.Error("no unit has moved since yesterday")
	}
	if len(bands) != 3 || alone != 1 || ranked < 45 {
		t.Errorf("bands %v, alone %d", bands, alone)
	}
	if counted := d.count(t, `SELECT COUNT(*) FROM ranking_results r JOIN ranking_roster m ON m.board_id = r.board_id AND m.person_id = r.person_id
		WHERE r.board_id = ? AND r.counted AND NOT m.exempt`, board); counted != participants {
		t.Errorf("units count %d participants, people %d", participants, counted)
	}
	for _, b := range []int64{board, d.count(t, `SELECT board_id FROM contests WHERE title = ?`, FinalTitle)} {
		if drift, err := d.Ranking.Reconcile(t.Context(), b); err != nil || len(drift) > 0 {
			t.Errorf("board %d: %v %v", b, drift, err)
		}
	}
	d.testLearner(t, id)
}

// testLearner: the learner has something due and has not begun; colleagues have.
func (d *demo) testLearner(t *testing.T, contest int64) {
	learner := d.signIn(t, "learner")
	if n := d.count(t, `SELECT COUNT(*) FROM attempts WHERE person_id = ? AND contest_id = ?`, learner.PersonID, contest); n != 0 {
		t.Errorf("the learner has %d attempts", n)
	}
	past, err := d.Contests.MyAttempts(t.Context(), learner, 10, "")
	if err != nil || len(past.Items) != 1 || past.Items[0].Score == nil || *past.Items[0].Score != 9400 {
		t.Errorf("the learner's result in the final: %+v %v", past, err)
	} else if _, items, err := d.Contests.Review(t.Context(), learner, past.Items[0].ID); err != nil || len(items) != 50 || items[0].LawQuote == "" {
		t.Errorf("its review: %d questions, %v", len(items), err)
	}
	started, err := d.Contests.Start(t.Context(), learner, contest)
	if err != nil || !started.Created || started.Lease == "" {
		t.Errorf("the learner cannot begin: %+v %v", started, err)
	}
}

func (d *demo) testFinal(t *testing.T) {
	manager := d.signIn(t, "manager")
	_, board := d.contest(t, FinalTitle)
	face, err := d.Ranking.UnitStandings(t.Context(), manager, board)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]ranking.UnitRow{}
	for _, row := range face.Items {
		rows[row.Unit.Name] = row
	}
	all, few := rows["县委组织部"], rows["县审计局"]
	if !all.MetGoal || few.Participants != 2 || *few.Average <= *all.Average || *few.Score >= *all.Score {
		t.Errorf("a few strong people must not beat a whole unit: %+v %+v", all, few)
	}
	a, b := rows["县民政局"], rows["县司法局"]
	if a.Rank == nil || b.Rank == nil || *a.Rank != *b.Rank {
		t.Errorf("no tie of units: %+v %+v", a, b)
	}
	people, err := d.Ranking.PersonStandings(t.Context(), manager, board)
	if err != nil {
		t.Fatal(err)
	}
	ranks := map[int]int{}
	for _, p := range people {
		if p.Rank != nil {
			ranks[*p.Rank]++
		}
	}
	if len(people) != 119 || people[0].Score != 9900 || ranks[2] < 2 {
		t.Errorf("%d people, first %+v, ranks %v", len(people), people[0], ranks)
	}
}

func (d *demo) testDraft(t *testing.T) {
	trainer := d.signIn(t, "trainer")
	id, _ := d.contest(t, DraftTitle)
	fit, err := d.Contests.CheckBlueprint(t.Context(), trainer, id, nil)
	if err != nil || fit.Short == 0 || fit.Binding != 0 {
		t.Errorf("the draft's first row should be short: %+v %v", fit, err)
	}
	if _, err := d.Contests.Publish(t.Context(), trainer, id); !errors.Is(err, quiz.ErrContestShort) {
		t.Errorf("publishing it: %v", err)
	}
}

// testQuestions: each stored question has its fact's statute and article, and the statute's words.
func (d *demo) testQuestions(t *testing.T) {
	questions, err := Questions()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Question{}
	for _, q := range questions {
		want[bareStem(q.Stem)] = q
	}
	var stored []struct {
		Stem, Statute, Article, LawQuote, Topic, Use, Kind string
		Paragraph, Difficulty                              int
	}
	err = d.DB.Read(t.Context()).Raw(`SELECT v.stem, v.statute, v.article, v.paragraph, v.law_quote, v.difficulty, v.use, v.kind, t.name AS topic
		FROM questions q JOIN question_versions v ON v.id = q.current_version_id JOIN topics t ON t.id = q.topic_id`).Scan(&stored).Error
	if err != nil {
		t.Fatal(err)
	}
	drawn := 0
	for _, s := range stored {
		if strings.Contains(s.Stem, "](picture:") {
			drawn++
			continue
		}
		if s.Kind == quiz.KindGroup {
			continue // testCases
		}
		q, ok := want[bareStem(s.Stem)]
		delete(want, bareStem(s.Stem))
		if !ok || s.Statute != q.Fact.Statute || s.Article != q.Fact.Article || s.Paragraph != q.Fact.Paragraph || s.LawQuote != q.Fact.Quote ||
			s.Topic != q.Fact.Topic || s.Difficulty != q.Difficulty || s.Use != q.Use || s.Kind != q.Kind {
			t.Errorf("%+v is not %s", s, q.No)
		}
	}
	if drawn != len(drawings) {
		t.Errorf("%d questions show a drawing", drawn)
	}
	if len(want) > 0 {
		t.Errorf("%d questions are missing", len(want))
	}
}

func (d *demo) testLog(t *testing.T) {
	v, err := audit.Verify(t.Context(), d.DB.Read(t.Context()))
	if err != nil || !v.Intact() || v.Records < 1000 {
		t.Errorf("%+v %v", v, err)
	}
	back := d.count(t, `SELECT COUNT(*) FROM contests c WHERE c.state = 'open' AND c.created_at > c.opens_at`)
	if back != 0 {
		t.Error("the open contest opened before it was made")
	}
}

// testAgain: a second loading changes nothing.
func (d *demo) testAgain(t *testing.T) {
	before := d.fingerprint(t)
	loaded, err := Load(t.Context(), d.Config)
	if err != nil || loaded {
		t.Fatalf("loaded %v, %v", loaded, err)
	}
	if after := d.fingerprint(t); after != before {
		t.Errorf("a second loading changed\n%s\nto\n%s", before, after)
	}
}

var tables = []string{"settings", "units", "unit_aliases", "people", "person_audiences", "role_grants", "sessions", "activations",
	"people_imports", "people_import_rows", "topics", "questions", "question_versions", "question_options", "question_keys", "question_embargoes",
	"question_imports", "contests", "contest_rows", "contest_items", "contest_time_factors", "attempts", "answers", "answer_log", "late_evidence",
	"outages", "ranking_boards", "ranking_roster", "ranking_results", "ranking_unit_stats", "ranking_days", "audit_records"}

// fingerprint is every table's size and the end of the log.
func (d *demo) fingerprint(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for _, table := range tables {
		fmt.Fprintf(&b, "%s %d\n", table, d.count(t, "SELECT COUNT(*) FROM "+table))
	}
	var head string
	if err := d.DB.Read(t.Context()).Raw(`SELECT hash FROM audit_head`).Scan(&head).Error; err != nil {
		t.Fatal(err)
	}
	return b.String() + head
}

func TestLoadRefusesWhatIsNotItsOwn(t *testing.T) {
	d := newDemo(t)
	token, err := d.Org.SetupToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.Org.Setup(t.Context(), org.SetupInput{Token: token, SiteName: "另一个单位", Name: "王安", Username: "wangan", Password: testPassword + testPassword})
	if err != nil {
		t.Fatal(err)
	}
	before := d.fingerprint(t)
	if loaded, err := Load(t.Context(), d.Config); loaded || !errors.Is(err, ErrNotEmpty) {
		t.Errorf("loaded %v, %v", loaded, err)
	}
	if d.fingerprint(t) != before {
		t.Error("the refusal left something behind")
	}
}

func TestShortPasswordIsRefusedBeforeAnythingIsWritten(t *testing.T) {
	d := newDemo(t)
	d.Password = "short"
	before := d.fingerprint(t)
	if loaded, err := Load(t.Context(), d.Config); loaded || !errors.Is(err, ErrPassword) || d.fingerprint(t) != before {
		t.Errorf("loaded %v, %v", loaded, err)
	}
}

func TestInterruptedLoadIsRefused(t *testing.T) {
	d := newDemo(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Load(ctx, d.Config); err == nil {
		t.Fatal("a cancelled loading went on")
	}
	if err := mark(t.Context(), d.DB, markerLoading); err != nil {
		t.Fatal(err)
	}
	if loaded, err := Load(t.Context(), d.Config); loaded || !errors.Is(err, ErrInterrupted) {
		t.Errorf("loaded %v, %v", loaded, err)
	}
}
