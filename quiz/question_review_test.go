package quiz

import (
	"errors"
	"testing"

	"jingzhong/org"
)

// reviewerAuthor may write and review in two-person mode.
var reviewerAuthor = somebody(18, org.ModeTwoPerson, org.RoleTrainer, "/1/2/", org.RoleReviewer, "/1/2/")

func TestAQuestionGoesFromDraftOverReviewedToPublished(t *testing.T) {
	r := newBankRoom(t)
	q := r.create(reviewerAuthor, singleInput("谁来审核"))
	review := func(by org.Actor, decision, note string) (Question, error) {
		return r.ReviewQuestion(bankCtx, by, q.ID, ReviewInput{Decision: decision, Note: note})
	}
	if _, err := review(reviewerAuthor, ReviewApprove, ""); !errors.Is(err, ErrQuestionOwnReview) {
		t.Errorf("the author reviewed: %v", err)
	}
	if _, err := r.PublishQuestion(bankCtx, reviewerAuthor, q.ID); !errors.Is(err, ErrQuestionOwnReview) {
		t.Errorf("the author published unreviewed: %v", err)
	}
	if _, err := review(authorA, ReviewApprove, ""); !errors.Is(err, org.ErrDenied) {
		t.Errorf("an author without the right reviewed: %v", err)
	}
	if _, err := review(reviewerA, ReviewReturn, "  "); !errors.Is(err, ErrReviewNote) {
		t.Errorf("returned without a word: %v", err)
	}
	if _, err := review(reviewerA, "maybe", ""); !errors.Is(err, ErrReviewDecision) {
		t.Errorf("an odd decision: %v", err)
	}
	got, err := review(reviewerA, ReviewApprove, "依据准确")
	if err != nil || got.State != QuestionReviewed || got.Review.Note != "依据准确" {
		t.Fatalf("%+v %v", got, err)
	}
	edited := singleInput("谁来审核这道题")
	if got, err = r.EditQuestion(bankCtx, reviewerAuthor, q.ID, edited); err != nil || got.State != QuestionDraft || got.Review.Decision != "" {
		t.Fatalf("edited: %s %+v %v", got.State, got.Review, err)
	}
	if _, err := review(reviewerA, ReviewReturn, "选项重复"); err != nil {
		t.Fatal(err)
	}
	if got, err = r.FindQuestion(bankCtx, reviewerAuthor, q.ID); err != nil || got.State != QuestionDraft || got.Review.Note != "选项重复" || got.MayPublish {
		t.Errorf("the author reads %+v, may publish %v (%v)", got.Review, got.MayPublish, err)
	}
	if _, err := r.PublishQuestion(bankCtx, reviewerAuthor, q.ID); !errors.Is(err, ErrQuestionOwnReview) {
		t.Errorf("published although returned: %v", err)
	}
	if _, err := review(reviewerA, ReviewApprove, ""); err != nil {
		t.Fatal(err)
	}
	if got, err = r.PublishQuestion(bankCtx, reviewerAuthor, q.ID); err != nil || got.State != QuestionPublished {
		t.Errorf("approved by another, published by its writer: %s %v", got.State, err)
	}
	if _, err := review(reviewerA, ReviewApprove, ""); !errors.Is(err, ErrQuestionState) {
		t.Errorf("nothing waits: %v", err)
	}
	versions, err := r.QuestionVersions(bankCtx, reviewerAuthor, q.ID)
	if err != nil || len(versions) != 2 || len(versions[0].Reviews) != 2 || len(versions[1].Reviews) != 1 || versions[0].Reviews[0].Decision != ReviewReturn {
		t.Errorf("history %+v %v", versions, err)
	}
}

func TestPublishingASecondPersonsQuestionIsItsReview(t *testing.T) {
	r := newBankRoom(t)
	q := r.create(authorA, singleInput("一步审核并发布"))
	got, err := r.PublishQuestion(bankCtx, reviewerA, q.ID)
	if err != nil || got.State != QuestionPublished || got.Review.Decision != ReviewApprove || got.Review.ReviewerID != reviewerA.PersonID {
		t.Errorf("%s %+v %v", got.State, got.Review, err)
	}
	if r.count(`SELECT COUNT(*) FROM question_reviews`) != 1 {
		t.Error("not kept once")
	}
}

func TestBulkEdit(t *testing.T) {
	r := newBankRoom(t)
	var ids []int64
	for _, stem := range []string{"批量甲", "批量乙", "批量丙"} {
		in := singleInput(stem)
		in.Publish = true
		ids = append(ids, r.create(trainerA, in).ID)
	}
	foreign := r.create(trainerB, singleInput("别局的题")).ID
	if _, err := r.RetireQuestion(bankCtx, trainerA, ids[2], "旧"); err != nil {
		t.Fatal(err)
	}
	bulk := func(by org.Actor, in BulkInput) BulkResult {
		t.Helper()
		out, err := r.BulkEdit(bankCtx, by, in)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	in := BulkInput{IDs: append(ids, foreign, ids[0]), Act: BulkTopic, TopicID: 5, DryRun: true}
	records := r.count(`SELECT COUNT(*) FROM audit_records`)
	if out := bulk(trainerA, in); out.Matched != 4 || out.Changed != 2 || len(out.Refused) != 2 || out.Refused[0].Stem != "批量丙" || out.Refused[1].Stem != "" {
		t.Errorf("dry run: %+v", out)
	}
	if n := r.count(`SELECT COUNT(*) FROM question_versions WHERE topic_id = 5`); n != 0 || r.count(`SELECT COUNT(*) FROM audit_records`) != records {
		t.Errorf("a dry run wrote %d versions", n)
	}
	in.DryRun = false
	if out := bulk(trainerA, in); out.Changed != 2 {
		t.Errorf("%+v", out)
	}
	if r.count(`SELECT COUNT(*) FROM audit_records`) != records+1 {
		t.Error("not one record for the batch")
	}
	q, err := r.FindQuestion(bankCtx, trainerA, ids[0])
	if err != nil || q.State != QuestionPublished || q.Topic.ID != 5 || q.Version.No != 2 || len(q.Key.Options) != 1 || len(q.Version.Options) != 3 {
		t.Errorf("%+v %v", q, err)
	}
	if out := bulk(trainerA, in); out.Changed != 0 {
		t.Errorf("again: %+v", out)
	}
	bulk(trainerA, BulkInput{Filter: QuestionFilter{Query: "批量"}, Act: BulkTag, Tag: "重点"})
	if got := r.found(t, "重点", 50); len(got) != 2 {
		t.Errorf("the new tag is not found: %v", got)
	}
	bulk(trainerA, BulkInput{Filter: QuestionFilter{Tag: "重点"}, Act: BulkUntag, Tag: "重点"})
	if got := r.found(t, "重点", 50); len(got) != 0 {
		t.Errorf("the tag that went is found: %v", got)
	}
	if out := bulk(trainerA, BulkInput{IDs: ids, Act: BulkRetire, Reason: "换新"}); out.Changed != 2 || len(out.Refused) != 1 {
		t.Errorf("retire: %+v", out)
	}
	for _, bad := range []BulkInput{{Act: "burn"}, {Act: BulkTopic, TopicID: 99}, {Act: BulkUse, Use: "x"}, {Act: BulkDifficulty}, {Act: BulkTag, Tag: " "}} {
		if _, err := r.BulkEdit(bankCtx, trainerA, bad); err == nil {
			t.Errorf("%+v was done", bad)
		}
	}
}

// In mode two-person a bulk edit waits for a reviewer, and a reviewer decides many at once, never their own.
func TestBulkInModeTwoPerson(t *testing.T) {
	r := newBankRoom(t)
	mine, other := r.create(reviewerAuthor, singleInput("自己写的")), r.create(authorA, singleInput("别人写的"))
	for _, act := range []string{BulkApprove, BulkPublish} {
		out, err := r.BulkEdit(bankCtx, reviewerAuthor, BulkInput{IDs: []int64{mine.ID, other.ID}, Act: act})
		if err != nil || out.Changed != 1 || len(out.Refused) != 1 || out.Refused[0].ID != mine.ID || !errors.Is(out.Refused[0].Err, ErrQuestionOwnReview) {
			t.Errorf("%s: %+v %v", act, out, err)
		}
	}
	if _, err := r.BulkEdit(bankCtx, authorA, BulkInput{IDs: []int64{other.ID}, Act: BulkDifficulty, Difficulty: 33}); err != nil {
		t.Fatal(err)
	}
	q, err := r.FindQuestion(bankCtx, authorA, other.ID)
	if err != nil || q.State != QuestionPublished || !q.Pending || q.Version.Difficulty != 33 || q.PublishedID == q.Version.ID {
		t.Errorf("%+v %v", q, err)
	}
}

func TestTopicsAreATree(t *testing.T) {
	r := newBankRoom(t)
	name, top, under, none := "定密与解密", int64(0), int64(2), int64(0)
	child, err := r.CreateTopic(bankCtx, trainerA, TopicInput{Name: "派生定密", ParentID: 2})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.EditTopic(bankCtx, trainerA, 2, TopicChange{ParentID: &child.ID}); !errors.Is(err, ErrTopicParent) {
		t.Errorf("a topic went under its own sub-topic: %v", err)
	}
	if _, err := r.EditTopic(bankCtx, trainerA, 999, TopicChange{Name: &name}); !errors.Is(err, ErrTopicNotFound) {
		t.Errorf("%v", err)
	}
	if _, err := r.EditTopic(bankCtx, learner, 2, TopicChange{Name: &name}); !errors.Is(err, org.ErrDenied) {
		t.Errorf("%v", err)
	}
	taken := "总则"
	if _, err := r.EditTopic(bankCtx, trainerA, 2, TopicChange{Name: &taken}); !errors.Is(err, ErrTopicTaken) {
		t.Errorf("%v", err)
	}
	if got, err := r.EditTopic(bankCtx, trainerA, 2, TopicChange{Name: &name}); err != nil || got.Name != name || got.Sort != 2 {
		t.Errorf("%+v %v", got, err)
	}
	if got, err := r.EditTopic(bankCtx, trainerA, 4, TopicChange{ParentID: &under, Before: &child.ID}); err != nil || got.Sort != 1 || got.ParentID != 2 {
		t.Errorf("%+v %v", got, err)
	}
	in := singleInput("派生的事项怎么定密")
	in.TopicID = child.ID
	q := r.create(trainerA, in)
	page, err := r.ListQuestions(bankCtx, trainerA, QuestionFilter{TopicIDs: []int64{2}, WithCount: true})
	if err != nil || len(page.Items) != 1 || page.Items[0].ID != q.ID || page.Facets.Topics[2] != 1 || page.Facets.Topics[child.ID] != 1 {
		t.Errorf("%+v %v", page, err)
	}
	rows, err := rowsWithSubTopics(r.db.Read(bankCtx), []Row{{TopicIDs: []int64{2}}, {}})
	if err != nil || !rows[0].accepts(poolQuestion{TopicID: child.ID, Kind: KindSingle, Difficulty: 50}) || rows[0].accepts(poolQuestion{TopicID: 1, Kind: KindSingle, Difficulty: 50}) {
		t.Errorf("%+v %v", rows, err)
	}
	if got, err := r.EditTopic(bankCtx, trainerA, 4, TopicChange{ParentID: &top, Before: &none}); err != nil || got.ParentID != 0 || got.Sort < 12 {
		t.Errorf("%+v %v", got, err)
	}
}

// Grading counts each question once a paper, and an attempt that is graded again only once.
func TestExposureIsCountedAtGrading(t *testing.T) {
	h := newHall(t)
	c := h.opened(func(in *ContestInput) { in.AttemptsTotal = 2 })
	st := h.finish(h.people[0], c.ID, 3)
	h.finish(h.people[1], c.ID, 4)
	papers := h.count(`SELECT SUM(answered) FROM attempts`)
	drawn, answered := h.count(`SELECT SUM(drawn) FROM question_exposure`), h.count(`SELECT SUM(answered) FROM question_exposure`)
	if drawn == 0 || answered != papers || h.count(`SELECT MAX(drawn) FROM question_exposure`) > 2 {
		t.Fatalf("drawn %d, answered %d of %d", drawn, answered, papers)
	}
	h.exec(`UPDATE attempts SET state = 'submitted' WHERE id = ?`, st.ID)
	h.must(h.contests.Sweep(h.ctx))
	if h.count(`SELECT COUNT(*) FROM attempts WHERE state = 'graded'`) != 2 || h.count(`SELECT SUM(drawn) FROM question_exposure`) != drawn {
		t.Error("graded again, counted again")
	}
	page, err := h.bank.ListQuestions(h.ctx, h.trainer, QuestionFilter{Limit: 200})
	h.must(err)
	shown := int64(0)
	for _, q := range page.Items {
		shown += q.Exposure.Drawn
	}
	if shown != drawn {
		t.Errorf("the bank shows %d of %d", shown, drawn)
	}
}
