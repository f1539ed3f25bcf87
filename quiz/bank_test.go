package quiz

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"gorm.io/gorm"

	"jingzhong/fault"
	"jingzhong/org"
	"jingzhong/store"
	"jingzhong/store/storetest"
)

// bankRoom is a county (1) with two bureaus (2 and 3) and a section (4) of the first, and a bank.
type bankRoom struct {
	*Bank
	t     *testing.T
	db    *store.DB
	clock *storetest.Clock
}

func newBankRoom(t *testing.T) *bankRoom {
	t.Helper()
	clock := storetest.NewClock()
	db := storetest.Open(t, clock)
	room := &bankRoom{NewBank(db, clock.Now), t, db, clock}
	for _, u := range []struct {
		id     int
		parent any
		name   string
		path   string
	}{{1, nil, "县", "/1/"}, {2, 1, "甲局", "/1/2/"}, {3, 1, "乙局", "/1/3/"}, {4, 2, "甲局一科", "/1/2/4/"}} {
		room.exec(`INSERT INTO units (id, parent_id, name, kind, tier, path, created_at, updated_at)
			VALUES (?, ?, ?, 'agency', 1, ?, 0, 0)`, u.id, u.parent, u.name, u.path)
	}
	return room
}

func (r *bankRoom) exec(query string, args ...any) {
	r.t.Helper()
	if err := r.write(query, args...); err != nil {
		r.t.Fatal(err)
	}
}

func (r *bankRoom) write(query string, args ...any) error {
	return r.db.Committer.Do(context.Background(), 0, func(b *store.Batch) error {
		_, err := b.Exec(query, args...)
		return err
	})
}

// somebody is a person with roles over units, given as role and unit path pairs.
func somebody(id int64, mode string, grants ...string) org.Actor {
	by := org.Actor{PersonID: id, Name: fmt.Sprint("人", id), Mode: mode}
	for i := 0; i < len(grants); i += 2 {
		path := grants[i+1]
		parts := strings.Split(strings.Trim(path, "/"), "/")
		var unit int64
		fmt.Sscan(parts[len(parts)-1], &unit)
		by.Grants = append(by.Grants, org.Grant{Role: grants[i], UnitID: unit, UnitPath: path})
		by.UnitID, by.UnitPath = unit, path
	}
	return by
}

var (
	trainerA    = somebody(11, org.ModeQuick, org.RoleTrainer, "/1/2/")
	trainerB    = somebody(12, org.ModeQuick, org.RoleTrainer, "/1/3/")
	trainerRoot = somebody(13, org.ModeQuick, org.RoleTrainer, "/1/")
	authorA     = somebody(14, org.ModeTwoPerson, org.RoleTrainer, "/1/2/")
	reviewerA   = somebody(15, org.ModeTwoPerson, org.RoleReviewer, "/1/2/")
	learner     = somebody(16, org.ModeQuick)
	managerRoot = somebody(17, org.ModeQuick, org.RoleManager, "/1/")
)

// canary is planted in keys: it must not be in anything that is not a key view.
const canary = "金丝雀答案"

func singleInput(stem string) QuestionInput {
	return QuestionInput{Kind: KindSingle, Stem: stem, TopicID: 2, Statute: "BMF", Article: "14", Difficulty: DifficultyEasy,
		Explanation: "见第十四条", Tags: []string{"概念", "概念"},
		Options: []OptionInput{{Text: "绝密", Correct: true}, {Text: "普通"}, {Text: "以上都对"}}}
}

func fillInput(stem string) QuestionInput {
	return QuestionInput{Kind: KindFill, Stem: stem, TopicID: 1, Blanks: [][]string{{canary, " " + canary + "　"}}}
}

var bankCtx = context.Background()

func (r *bankRoom) create(by org.Actor, in QuestionInput) Question {
	r.t.Helper()
	q, err := r.CreateQuestion(bankCtx, by, in)
	if err != nil {
		r.t.Fatal(err)
	}
	return q
}

func (r *bankRoom) count(query string, args ...any) (n int) {
	r.t.Helper()
	if err := r.db.Read(bankCtx).Raw(query, args...).Scan(&n).Error; err != nil {
		r.t.Fatal(err)
	}
	return n
}

func TestVersionsOptionsAndKeysAreNeverChanged(t *testing.T) {
	r := newBankRoom(t)
	q := r.create(trainerA, singleInput("密级有几级"))
	for _, statement := range []string{
		`UPDATE question_versions SET stem = 'x'`, `DELETE FROM question_versions`,
		`UPDATE question_options SET text = 'x'`, `DELETE FROM question_options`,
		`UPDATE question_keys SET answer = '{}'`, `DELETE FROM question_keys`,
		fmt.Sprintf(`INSERT INTO question_options (version_id, opt_id, sort, text, fixed) VALUES (%d, 9, 9, 'x', FALSE)`, q.Version.ID),
		`UPDATE questions SET state = 'published'`,
	} {
		if err := r.write(statement); err == nil {
			t.Errorf("the database obeyed: %s", statement)
		}
	}
}

func TestAnEditMakesAVersionAndOptionsKeepTheirIDs(t *testing.T) {
	r := newBankRoom(t)
	in := singleInput("密级有几级")
	in.Publish = true
	q := r.create(trainerA, in)
	if q.State != QuestionPublished || q.PublishedID != q.Version.ID || q.Pending || q.Version.No != 1 {
		t.Fatalf("%+v", q)
	}
	if len(q.Version.Tags) != 1 || !q.Version.Options[2].Fixed || len(q.Warnings) != 1 {
		t.Fatalf("%+v", q)
	}
	in.Options = []OptionInput{{ID: 2, Text: "内部"}, {ID: 1, Text: "绝密级", Correct: true}, {Text: "机密"}}
	edited, err := r.EditQuestion(bankCtx, trainerA, q.ID, in)
	if err != nil {
		t.Fatal(err)
	}
	if edited.Version.No != 2 || edited.PublishedID != edited.Version.ID || edited.Version.Options[0].ID != 2 ||
		edited.Version.Options[1].ID != 1 || edited.Version.Options[2].ID != 4 {
		t.Fatalf("%+v", edited)
	}
	again, err := r.EditQuestion(bankCtx, trainerA, q.ID, inputOf(t, r, q.ID))
	if err != nil || again.Version.ID != edited.Version.ID {
		t.Fatalf("an edit that changes nothing made version %d, %v", again.Version.No, err)
	}
	in.Options[0].ID = 77
	if _, err := r.EditQuestion(bankCtx, trainerA, q.ID, in); !hasField(err, "question.option_unknown") {
		t.Errorf("a foreign option id: %v", err)
	}
	in.Base = q.Version.ID
	if _, err := r.EditQuestion(bankCtx, trainerA, q.ID, in); !errors.Is(err, ErrQuestionStale) {
		t.Errorf("an edit of an old version: %v", err)
	}
	old, err := keyOf(r.db.Read(bankCtx), q.Version.ID)
	if err != nil || len(old.Options) != 1 || old.Options[0] != 1 {
		t.Errorf("the first version's key: %+v %v", old, err)
	}
	versions, err := r.QuestionVersions(bankCtx, trainerA, q.ID)
	if err != nil || len(versions) != 2 || versions[1].Options[0].Text != "绝密" {
		t.Errorf("%+v %v", versions, err)
	}
}

// inputOf is what an author's form would send back unchanged.
func inputOf(t *testing.T, r *bankRoom, id int64) QuestionInput {
	t.Helper()
	q, err := r.FindQuestion(bankCtx, trainerA, id)
	if err != nil {
		t.Fatal(err)
	}
	v := q.Version
	in := QuestionInput{Kind: v.Kind, Stem: v.Stem, Explanation: v.Explanation, Statute: v.Statute, Article: v.Article,
		Paragraph: v.Paragraph, LawQuote: v.LawQuote, TopicID: v.Topic.ID, Use: v.Use, Difficulty: v.Difficulty, Tags: v.Tags,
		Blanks: q.Key.Blanks, Base: v.ID}
	for _, o := range v.Options {
		in.Options = append(in.Options, OptionInput{ID: o.ID, Text: o.Text, Fixed: o.Fixed, Correct: len(q.Key.Options) == 1 && q.Key.Options[0] == o.ID})
	}
	return in
}

func hasField(err error, code string) bool {
	f, ok := fault.As(err)
	if !ok {
		return false
	}
	for _, each := range f.Fields {
		if each.Code == code {
			return true
		}
	}
	return false
}

func TestTwoPersonModeNeedsAnotherToPublish(t *testing.T) {
	r := newBankRoom(t)
	in := singleInput("密级有几级")
	in.Publish = true
	q := r.create(authorA, in)
	if q.State != QuestionDraft || !q.Pending || q.MayPublish {
		t.Fatalf("published alone: %+v", q)
	}
	if _, err := r.PublishQuestion(bankCtx, authorA, q.ID); !errors.Is(err, org.ErrDenied) {
		t.Errorf("the author published: %v", err)
	}
	if q, err := r.PublishQuestion(bankCtx, reviewerA, q.ID); err != nil || q.State != QuestionPublished {
		t.Fatalf("%+v %v", q, err)
	}
	in.Stem, in.Use = "密级一共有几级", UseContest
	edited, err := r.EditQuestion(bankCtx, authorA, q.ID, in)
	if err != nil || edited.State != QuestionPublished || edited.PublishedID != q.Version.ID || !edited.Pending || edited.Use != UseBoth {
		t.Fatalf("%+v %v", edited, err)
	}
	// A reviewer who edits becomes the writer of that version.
	in.Stem = "密级一共有几级呢"
	if _, err := r.EditQuestion(bankCtx, reviewerA, q.ID, in); err != nil {
		t.Fatal(err)
	}
	if _, err := r.PublishQuestion(bankCtx, reviewerA, q.ID); !errors.Is(err, ErrQuestionOwnReview) {
		t.Errorf("a reviewer published own words: %v", err)
	}
	other := somebody(99, org.ModeTwoPerson, org.RoleReviewer, "/1/")
	done, err := r.PublishQuestion(bankCtx, other, q.ID)
	if err != nil || done.Version.Stem != in.Stem || done.Use != UseContest || done.Pending {
		t.Fatalf("%+v %v", done, err)
	}
	if n := r.count(`SELECT COUNT(*) FROM audit_records WHERE action = 'question.publish' AND reason = ''`); n != 2 {
		t.Errorf("%d publications recorded as another's", n)
	}
}

func TestReachOfTrainers(t *testing.T) {
	r := newBankRoom(t)
	in := singleInput("甲局的题")
	q := r.create(trainerA, in)
	county := singleInput("县里的题")
	county.Publish = true
	shared := r.create(trainerRoot, county)
	countyDraft := r.create(trainerRoot, singleInput("县里的草稿"))
	for name, by := range map[string]org.Actor{"sibling": trainerB, "a person without roles": learner, "a manager": managerRoot, "nobody": {}} {
		if _, err := r.FindQuestion(bankCtx, by, q.ID); err == nil {
			t.Errorf("%s found the question", name)
		}
		if _, err := r.EditQuestion(bankCtx, by, q.ID, in); err == nil {
			t.Errorf("%s edited", name)
		}
		if _, err := r.PublishQuestion(bankCtx, by, q.ID); err == nil {
			t.Errorf("%s published", name)
		}
		if _, err := r.RetireQuestion(bankCtx, by, q.ID, ""); err == nil {
			t.Errorf("%s retired", name)
		}
		if _, err := r.QuestionVersions(bankCtx, by, q.ID); err == nil {
			t.Errorf("%s read versions", name)
		}
	}
	if _, err := r.FindQuestion(bankCtx, trainerB, q.ID); !errors.Is(err, ErrQuestionNotFound) {
		t.Errorf("a sibling's question is not simply absent: %v", err)
	}
	if page, err := r.ListQuestions(bankCtx, trainerB, QuestionFilter{WithCount: true}); err != nil || page.Total != 1 || page.Items[0].ID != shared.ID {
		t.Errorf("a sibling lists %+v %v", page, err)
	}
	if page, err := r.ListQuestions(bankCtx, trainerRoot, QuestionFilter{}); err != nil || len(page.Items) != 3 {
		t.Errorf("the county lists %d, %v", len(page.Items), err)
	}
	if _, err := r.FindQuestion(bankCtx, trainerA, countyDraft.ID); !errors.Is(err, ErrQuestionNotFound) {
		t.Errorf("a draft of the unit above: %v", err)
	}
	got, err := r.FindQuestion(bankCtx, trainerA, shared.ID)
	if err != nil || got.Key != nil || got.MayEdit || got.MaySeeKey || got.Version.Explanation != "" {
		t.Errorf("the county's question below: %+v %v", got, err)
	}
	if _, err := r.EditQuestion(bankCtx, trainerA, shared.ID, in); !errors.Is(err, org.ErrDenied) {
		t.Errorf("the county's question was edited below: %v", err)
	}
	in.UnitID = 3
	if _, err := r.CreateQuestion(bankCtx, trainerA, in); !errors.Is(err, ErrQuestionUnit) {
		t.Errorf("a question for the sibling: %v", err)
	}
}

func TestKeysAreOnlyInKeyViews(t *testing.T) {
	r := newBankRoom(t)
	q := r.create(trainerA, fillInput("谁负责____"))
	page, err := r.ListQuestions(bankCtx, trainerA, QuestionFilter{WithCount: true})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("%+v %v", page, err)
	}
	versions, err := r.QuestionVersions(bankCtx, trainerA, q.ID)
	if err != nil {
		t.Fatal(err)
	}
	edited, err := r.EditQuestion(bankCtx, trainerA, q.ID, fillInput("到底谁负责____"))
	if err != nil {
		t.Fatal(err)
	}
	var records []string
	r.db.Read(bankCtx).Raw(`SELECT before || after || reason FROM audit_records`).Scan(&records)
	for name, view := range map[string]any{"list": page, "created": q, "versions": versions, "edited": edited, "audit": records} {
		text, err := json.Marshal(view)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), canary) {
			t.Errorf("the key is in %s: %s", name, text)
		}
	}
	if found, err := r.ListQuestions(bankCtx, trainerA, QuestionFilter{Query: canary}); err != nil || len(found.Items) != 0 {
		t.Errorf("the key can be searched: %+v %v", found, err)
	}
	before := r.count(`SELECT COUNT(*) FROM audit_records WHERE action = 'question.key_view'`)
	got, err := r.FindQuestion(bankCtx, trainerA, q.ID)
	if err != nil || got.Key == nil || len(got.Key.Blanks) != 1 || len(got.Key.Blanks[0]) != 1 || got.Key.Blanks[0][0] != canary {
		t.Fatalf("%+v %v", got.Key, err)
	}
	if n := r.count(`SELECT COUNT(*) FROM audit_records WHERE action = 'question.key_view'`); n != before+1 {
		t.Errorf("%d key views recorded for one", n-before)
	}
}

func TestEmbargo(t *testing.T) {
	r := newBankRoom(t)
	in := singleInput("只用于竞赛")
	in.Use, in.Publish = UseContest, true
	q := r.create(trainerRoot, in)
	in.Stem, in.Use = "通用的题", UseBoth
	both := r.create(trainerRoot, in)
	hold := func(until int64) {
		t.Helper()
		err := r.db.Tx(bankCtx, func(tx *gorm.DB) error { return embargo(tx, 5, []int64{q.ID, both.ID}, until) })
		if err != nil {
			t.Fatal(err)
		}
	}
	hold(0)
	if page, err := r.ListQuestions(bankCtx, trainerA, QuestionFilter{WithCount: true}); err != nil || page.Total != 1 || page.Items[0].ID != both.ID {
		t.Errorf("below: %+v %v", page, err)
	}
	if _, err := r.FindQuestion(bankCtx, trainerA, q.ID); !errors.Is(err, ErrQuestionNotFound) {
		t.Errorf("found below: %v", err)
	}
	got, err := r.FindQuestion(bankCtx, trainerRoot, q.ID)
	if err != nil || !got.Embargoed {
		t.Errorf("its author: %+v %v", got, err)
	}
	// In mode two-person a trainer of the same unit who neither wrote nor reviews it does not see it.
	colleague := somebody(98, org.ModeTwoPerson, org.RoleTrainer, "/1/")
	if _, err := r.FindQuestion(bankCtx, colleague, q.ID); !errors.Is(err, ErrQuestionNotFound) {
		t.Errorf("a colleague: %v", err)
	}
	if _, err := r.RetireQuestion(bankCtx, trainerRoot, q.ID, ""); !errors.Is(err, ErrQuestionEmbargoed) {
		t.Errorf("retired while held: %v", err)
	}
	if _, err := r.EditQuestion(bankCtx, trainerRoot, q.ID, in); !errors.Is(err, ErrQuestionEmbargoed) {
		t.Errorf("moved to practice while held: %v", err)
	}
	hold(store.MS(r.clock.Now()) + 1000)
	r.clock.Advance(2_000_000_000)
	if _, err := r.FindQuestion(bankCtx, trainerA, q.ID); err != nil {
		t.Errorf("after its end: %v", err)
	}
	hold(0)
	if err := r.db.Tx(bankCtx, func(tx *gorm.DB) error { return liftEmbargo(tx, 5) }); err != nil {
		t.Fatal(err)
	}
	if _, err := r.FindQuestion(bankCtx, trainerA, q.ID); err != nil {
		t.Errorf("after it was lifted: %v", err)
	}
}

func TestRetire(t *testing.T) {
	r := newBankRoom(t)
	in := singleInput("旧题")
	in.Publish = true
	q := r.create(trainerA, in)
	if got, err := r.RetireQuestion(bankCtx, trainerA, q.ID, "过时"); err != nil || got.State != QuestionRetired || got.MayEdit {
		t.Fatalf("%+v %v", got, err)
	}
	if _, err := r.RetireQuestion(bankCtx, trainerA, q.ID, ""); !errors.Is(err, ErrQuestionState) {
		t.Errorf("retired twice: %v", err)
	}
	if _, err := r.EditQuestion(bankCtx, trainerA, q.ID, in); !errors.Is(err, ErrQuestionState) {
		t.Errorf("edited: %v", err)
	}
	if page, err := r.ListQuestions(bankCtx, trainerA, QuestionFilter{}); err != nil || len(page.Items) != 0 {
		t.Errorf("listed unasked: %+v %v", page, err)
	}
	if page, err := r.ListQuestions(bankCtx, trainerA, QuestionFilter{States: []string{QuestionRetired}}); err != nil || len(page.Items) != 1 {
		t.Errorf("not listed when asked: %+v %v", page, err)
	}
	if got, err := r.PublishQuestion(bankCtx, trainerA, q.ID); err != nil || got.State != QuestionPublished {
		t.Errorf("not brought back: %+v %v", got, err)
	}
}
