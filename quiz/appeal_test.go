package quiz

import (
	"testing"
	"time"
)

// TestAppeals: only what was answered, one a person and question, decided together, and the decision comes back.
func TestAppeals(t *testing.T) {
	r := newPracticeRoom(t)
	r.write(5, UseBoth)
	run := r.begin(PracticeDaily)
	in := AppealInput{VersionID: run.Items[0].VersionID, Context: AppealPractice, Text: "依据的条款已经修改"}
	_, err := r.FileAppeal(r.ctx, r.learner, in)
	r.wants(err, ErrAppealNotShown)
	r.answer(run, run.Items[0], false)
	filed, err := r.FileAppeal(r.ctx, r.learner, in)
	r.must(err)
	_, err = r.FileAppeal(r.ctx, r.learner, in)
	r.wants(err, ErrAppealFiled)
	r.exec(`INSERT INTO appeals (person_id, question_id, version_id, part, context, attempt_id, text, state, created_at)
		SELECT 11, question_id, version_id, part, context, 0, '同一题的另一条意见', state, 2 FROM appeals WHERE id = ?`, filed.ID)

	page, err := r.bank.Appeals(r.ctx, r.trainer, "", 0, "")
	r.must(err)
	if len(page.Items) != 1 || page.Items[0].Count != 2 || len(page.Items[0].Texts) != 2 || !page.Items[0].MayDecide {
		t.Fatalf("the author sees %+v", page)
	}
	if _, err := r.bank.Appeals(r.ctx, r.learner, "", 0, ""); err == nil {
		t.Error("a learner lists appeals")
	}
	r.wants(r.bank.DecideAppeal(r.ctx, r.trainer, filed.ID, AppealDecision{}), ErrAppealNote)
	r.wants(r.bank.DecideAppeal(r.ctx, trainerB, filed.ID, AppealDecision{Note: "不在范围内的人"}), ErrAppealNotFound)
	decision := AppealDecision{Accept: true, Note: "题干应写明密级", Statute: "BMF", Article: "14"}
	r.must(r.bank.DecideAppeal(r.ctx, r.trainer, filed.ID, decision))
	r.wants(r.bank.DecideAppeal(r.ctx, r.trainer, filed.ID, decision), ErrAppealDecided)

	mine, err := r.MyAppeals(r.ctx, r.learner)
	r.must(err)
	if len(mine) != 1 || mine[0].State != AppealAccepted || mine[0].Note != decision.Note || mine[0].Article != "14" || mine[0].Stem == "" {
		t.Errorf("the appellant sees %+v", mine)
	}
	if n := r.count(`SELECT COUNT(*) FROM appeals WHERE state = 'accepted'`); n != 2 {
		t.Errorf("%d of 2 are decided", n)
	}
}

// TestAppealsOfAContestWaitForItsReview and end 48 hours after it.
func TestAppealsOfAContestWaitForItsReview(t *testing.T) {
	r := newPracticeRoom(t)
	c := r.opened(nil)
	st := r.finish(r.learner, c.ID, 3)
	in := AppealInput{Context: AppealContest, AttemptID: st.ID, Text: "我觉得这题有问题",
		VersionID: r.count(`SELECT MIN(version_id) FROM contest_items WHERE contest_id = ?`, c.ID)}
	_, err := r.FileAppeal(r.ctx, r.learner, in)
	r.wants(err, ErrReviewHidden)
	r.later(25 * time.Hour)
	_, items, err := r.hall.contests.Review(r.ctx, r.learner, st.ID)
	r.must(err)
	in.VersionID, in.Part = items[4].VersionID, items[4].Part
	_, err = r.FileAppeal(r.ctx, r.people[1], in)
	r.wants(err, ErrAttemptNotFound)
	_, err = r.FileAppeal(r.ctx, r.learner, in)
	r.must(err)
	r.clock.Advance(49 * time.Hour)
	in.VersionID = items[5].VersionID
	_, err = r.FileAppeal(r.ctx, r.learner, in)
	r.wants(err, ErrAppealLate)
}
