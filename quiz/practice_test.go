package quiz

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jingzhong/org"
)

// practiceRoom is the hall with practice and, beside its contest-only bank, questions for practice.
type practiceRoom struct {
	*hall
	*Practice
	learner org.Actor
	calls   int
}

func newPracticeRoom(t *testing.T) *practiceRoom {
	h := newHall(t)
	return &practiceRoom{hall: h, learner: h.people[0],
		Practice: NewPractice(PracticeConfig{DB: h.db, Contests: h.contests, Zone: time.FixedZone("CST", 8*3600)})}
}

// write puts n single choices into the bank, one an article from 14 on; the key is "对的".
func (r *practiceRoom) write(n int, use string) []Question {
	r.t.Helper()
	var list []Question
	for i := range n {
		q, err := r.bank.CreateQuestion(r.ctx, r.trainer, QuestionInput{Kind: KindSingle, Stem: fmt.Sprintf("练习%s%d：密级怎样确定？", use, i), TopicID: 2,
			Options:     []OptionInput{{Text: "对的", Correct: true}, {Text: "错甲"}, {Text: "错乙"}},
			Explanation: "CANARY", LawQuote: "CANARY", Statute: "BMF", Article: fmt.Sprint(14 + i), Use: use, Publish: true})
		r.must(err)
		list = append(list, q)
	}
	return list
}

func (r *practiceRoom) begin(mode string) PracticeRun {
	r.t.Helper()
	run, err := r.Begin(r.ctx, r.learner, PracticeStart{Mode: mode})
	r.must(err)
	return run
}

// answer answers a shown question, right or wrong.
func (r *practiceRoom) answer(run PracticeRun, it PracticeItem, right bool) PracticeResult {
	r.t.Helper()
	r.calls++
	out, err := r.Answer(r.ctx, r.learner, run.ID, PracticeAnswer{Slot: it.Slot, ClientID: fmt.Sprint("c", r.calls), Choice: r.choice(it, right), MS: 10_000})
	r.must(err)
	return out
}

func (r *practiceRoom) choice(it PracticeItem, right bool) []int {
	r.t.Helper()
	if strings.Contains(string(it.Question), "CANARY") {
		r.t.Fatalf("a question shows its explanation before the answer: %s", it.Question)
	}
	var q struct {
		Options []struct {
			ID   int
			Text string
		}
	}
	r.must(json.Unmarshal(it.Question, &q))
	for _, o := range q.Options {
		if (o.Text == "对的") == right {
			return []int{o.ID}
		}
	}
	r.t.Fatalf("no such option in %s", it.Question)
	return nil
}

func (r *practiceRoom) pointOf(it PracticeItem) string {
	r.t.Helper()
	var point string
	r.must(r.hall.db.Read(r.ctx).Raw(`SELECT statute || ':' || article FROM question_versions WHERE id = ?`, it.VersionID).Scan(&point).Error)
	return point
}

// TestAWeekOfPractice plays seven days: each day's five begin with what is due, every due day is FSRS-6's, and a
// wrong answer stays in the book until it was right on two days.
func TestAWeekOfPractice(t *testing.T) {
	r := newPracticeRoom(t)
	if _, err := r.Begin(r.ctx, r.learner, PracticeStart{Mode: PracticeDaily}); err == nil {
		t.Fatal("contest-only questions can be practised")
	}
	r.write(12, UseBoth)
	cards, due, last := map[string]memory{}, map[string]int{}, map[string]int{}
	wrong := map[string]int{} // point > days right since
	for n := range 7 {
		run, today := r.begin(PracticeDaily), r.today()
		if len(run.Items) != 5 || run.Day != dayText(today) {
			t.Fatalf("day %d: %d questions on %s", n, len(run.Items), run.Day)
		}
		var points, expected []string
		for point, day := range due {
			if day <= today {
				expected = append(expected, point)
			}
		}
		slices.SortFunc(expected, func(a, b string) int {
			if due[a] != due[b] {
				return due[a] - due[b]
			}
			return strings.Compare(a, b)
		})
		for _, it := range run.Items {
			points = append(points, r.pointOf(it))
		}
		if k := min(5, len(expected)); !slices.Equal(points[:k], expected[:k]) {
			t.Fatalf("day %d: %v are asked, %v are due", n, points, expected)
		}
		for i, it := range run.Items {
			if i == 2 { // another device goes on where this one stopped
				if again := r.begin(PracticeDaily); again.ID != run.ID || again.Answered != 2 || again.Items[0].Review == nil || again.Items[2].Question == nil {
					t.Fatalf("day %d: the run is not resumed: %+v", n, again)
				}
			}
			right := !(n == 0 && i == 0) && !(n == 3 && i == 1)
			out := r.answer(run, it, right)
			if out.Item.Review == nil || out.Item.Review.Right != right || out.Item.Review.Explanation != "CANARY" || out.Item.Review.StatuteCode != "BMF" {
				t.Fatalf("day %d: the answer is not explained: %+v", n, out.Item)
			}
			point, grade := points[i], ratingGood
			if !right {
				grade = ratingAgain
				wrong[point] = 0
			} else if days, ok := wrong[point]; ok {
				if wrong[point] = days + 1; days+1 == 2 {
					delete(wrong, point)
				}
			}
			cards[point] = cards[point].after(today-last[point], grade)
			last[point], due[point] = today, today+cards[point].interval()
		}
		for point, day := range due {
			if got := r.count(`SELECT due_day FROM practice_cards WHERE person_id = ? AND point = ?`, r.learner.PersonID, point); int(got) != day {
				t.Errorf("day %d: %s is due in %d days, want %d", n, point, int(got)-today, day-today)
			}
		}
		book, err := r.WrongAnswers(r.ctx, r.learner, 0, "")
		r.must(err)
		if len(book.Items) != len(wrong) {
			t.Errorf("day %d: the book holds %d, want %d", n, len(book.Items), len(wrong))
		}
		if done := r.begin(PracticeDaily); done.ID != run.ID || done.State != runDone || done.Answered != 5 {
			t.Errorf("day %d: %+v", n, done)
		}
		r.clock.Advance(24 * time.Hour)
	}
	if len(wrong) != 1 && len(wrong) != 0 || len(cards) < 8 {
		t.Errorf("the week left %v wrong and %d cards", wrong, len(cards))
	}
	home, err := r.Home(r.ctx, r.learner)
	r.must(err)
	if len(home.Week) != 7 || home.Week[5].Answered != 5 || home.Week[6].Answered != 0 || home.Wrong != len(wrong) {
		t.Errorf("the week is shown as %+v", home)
	}
}

// TestAWrongAnswerLeavesTheBookOnTwoDays: twice on one day is once.
func TestAWrongAnswerLeavesTheBookOnTwoDays(t *testing.T) {
	r := newPracticeRoom(t)
	r.write(1, UsePractice)
	size := func() int64 { return r.count(`SELECT COUNT(*) FROM practice_wrong`) }
	run := r.begin(PracticeDaily)
	r.answer(run, run.Items[0], false)
	for day, want := range []int64{1, 0} {
		run := r.begin(PracticeWrong)
		r.answer(run, run.Items[0], true)
		if size() != want {
			t.Fatalf("after right day %d the book holds %d", day+1, size())
		}
		if _, err := r.Begin(r.ctx, r.learner, PracticeStart{Mode: PracticeWrong}); day == 0 {
			r.wants(err, ErrPracticeNoWrong) // right today already
		}
		drill, err := r.Begin(r.ctx, r.learner, PracticeStart{Mode: PracticeTopic, TopicID: 2})
		r.must(err)
		r.answer(drill, drill.Items[0], true)
		if size() != want {
			t.Fatalf("a second right answer on day %d leaves %d", day+1, size())
		}
		r.clock.Advance(24 * time.Hour)
	}
}

// TestAPracticeAnswerCountsOnce: the same sent again changes nothing, and nothing stored is ever changed.
func TestAPracticeAnswerCountsOnce(t *testing.T) {
	r := newPracticeRoom(t)
	r.write(6, UseBoth)
	run := r.begin(PracticeDaily)
	in := PracticeAnswer{Slot: 1, ClientID: "x", Choice: r.choice(run.Items[0], false)}
	first, err := r.Answer(r.ctx, r.learner, run.ID, in)
	r.must(err)
	in.Choice = r.choice(run.Items[0], true)
	again, err := r.Answer(r.ctx, r.learner, run.ID, in)
	r.must(err)
	if again.Item.Review.Right || again.Run.Answered != first.Run.Answered {
		t.Errorf("sent again it became %+v of %+v", again.Item.Review, again.Run)
	}
	in.ClientID = "y"
	_, err = r.Answer(r.ctx, r.learner, run.ID, in)
	r.wants(err, ErrPracticeAnswered)
	in.ClientID, in.Slot = "x", 2
	_, err = r.Answer(r.ctx, r.learner, run.ID, in)
	r.wants(err, ErrPracticeAnswered)
	if n := r.count(`SELECT COUNT(*) FROM practice_answers`); n != 1 {
		t.Errorf("%d answers are stored", n)
	}
	other := r.people[1]
	_, err = r.Answer(r.ctx, other, run.ID, PracticeAnswer{Slot: 2, ClientID: "z"})
	r.wants(err, ErrPracticeNotFound)
	for _, statement := range []string{`UPDATE practice_answers SET correct = NOT correct`, `DELETE FROM practice_answers`} {
		if err := r.hall.db.Read(r.ctx).Exec(statement).Error; err == nil {
			t.Errorf("%s went through", statement)
		}
	}
}

// TestAStreakEndsWithTheFirstWrongAnswer shows one question at a time and keeps the best.
func TestAStreakEndsWithTheFirstWrongAnswer(t *testing.T) {
	r := newPracticeRoom(t)
	r.write(8, UseBoth)
	run := r.begin(PracticeStreak)
	if len(run.Items) != 1 {
		t.Fatalf("%d questions are shown ahead", len(run.Items))
	}
	it := run.Items[0]
	_, err := r.Answer(r.ctx, r.learner, run.ID, PracticeAnswer{Slot: 3, ClientID: "ahead", Choice: []int{1}})
	r.wants(err, ErrPracticeOrder)
	for range 3 {
		it = *r.answer(run, it, true).Next
	}
	out := r.answer(run, it, false)
	if out.Run.State != runDone || out.Next != nil || out.Run.Right != 3 {
		t.Errorf("after the wrong answer: %+v", out)
	}
	second := r.begin(PracticeStreak)
	if second.ID == run.ID {
		t.Fatal("an ended streak goes on")
	}
	r.answer(second, second.Items[0], false)
	for i, by := range r.people[2:6] { // two of them of the learner's unit
		r.exec(`INSERT INTO practice_streaks (person_id, unit_id, best, best_at) VALUES (?, ?, ?, 1)`, by.PersonID, by.UnitID, 10+i)
	}
	board, err := r.Streaks(r.ctx, r.learner)
	r.must(err)
	if board.Best != 3 || board.Place != 3 || board.People != 3 || len(board.Units) != 1 || !board.Units[0].Mine {
		t.Errorf("the board is %+v", board)
	}
}

// TestPracticeHidesWhatAContestMayDraw: contest-only questions never appear, and one that becomes so disappears from
// runs that already hold it, with its key.
func TestPracticeHidesWhatAContestMayDraw(t *testing.T) {
	r := newPracticeRoom(t)
	list := r.write(5, UseBoth)
	run := r.begin(PracticeDaily)
	r.answer(run, run.Items[0], true)
	for _, q := range list {
		r.exec(`UPDATE questions SET use = 'contest' WHERE id = ?`, q.ID)
		r.exec(`INSERT INTO question_embargoes (question_id, contest_id, until) VALUES (?, 1, 0)`, q.ID)
	}
	shown, err := r.FindRun(r.ctx, r.learner, run.ID)
	r.must(err)
	for _, it := range shown.Items {
		if !it.Withdrawn || it.Question != nil || it.Review != nil {
			t.Errorf("place %d still shows %+v", it.Slot, it)
		}
	}
	_, err = r.Answer(r.ctx, r.learner, run.ID, PracticeAnswer{Slot: 2, ClientID: "late", Choice: []int{1}})
	r.wants(err, ErrPracticeWithdrawn)
}

// TestEssaysAreMarkedByTheirWriter: the rubric comes with the answer, the mark counts once.
func TestEssaysAreMarkedByTheirWriter(t *testing.T) {
	r := newPracticeRoom(t)
	_, err := r.bank.CreateQuestion(r.ctx, r.trainer, QuestionInput{Kind: KindEssay, Stem: "简述定密的程序。", TopicID: 2, Rubric: "CANARY 三点各一分", Use: UsePractice, Publish: true})
	r.must(err)
	run := r.begin(PracticeDaily)
	if strings.Contains(string(run.Items[0].Question), "CANARY") {
		t.Fatal("the rubric is shown before the answer")
	}
	out, err := r.Answer(r.ctx, r.learner, run.ID, PracticeAnswer{Slot: 1, ClientID: "e", Text: []string{"先拟定，再审核，后批准"}})
	r.must(err)
	if !out.Item.SelfMark || out.Item.Review.Rubric == "" || r.count(`SELECT COUNT(*) FROM practice_cards`) != 0 {
		t.Fatalf("got %+v", out.Item)
	}
	_, err = r.SelfMark(r.ctx, r.learner, run.ID, 1, practicePoints+1)
	r.wants(err, ErrPracticeMark)
	for range 2 {
		out, err = r.SelfMark(r.ctx, r.learner, run.ID, 1, 60)
		r.must(err)
	}
	if out.Item.SelfMark || out.Item.Review.Score != 60 || out.Run.Score != 60 || r.count(`SELECT reps FROM practice_cards`) != 1 {
		t.Errorf("got %+v of %+v", out.Item.Review, out.Run)
	}
	_, err = r.SelfMark(r.ctx, r.learner, run.ID, 1, 100)
	r.wants(err, ErrPracticeAnswered)
}

// TestAMockPaperFollowsABlueprintThatIsOver with the questions for practice alone.
func TestAMockPaperFollowsABlueprintThatIsOver(t *testing.T) {
	r := newPracticeRoom(t)
	r.write(4, UseBoth)
	c := r.contest(nil)
	_, err := r.Begin(r.ctx, r.learner, PracticeStart{Mode: PracticeMock, ContestID: c.ID})
	r.wants(err, ErrPracticePaper)
	r.later(26 * time.Hour)
	run, err := r.Begin(r.ctx, r.learner, PracticeStart{Mode: PracticeMock, ContestID: c.ID})
	r.must(err)
	if len(run.Items) != 4 || run.FullMark != 4000 || run.Title != c.Title {
		t.Fatalf("the blueprint's six singles are met with %d of four: %+v", len(run.Items), run)
	}
	out := r.answer(run, run.Items[3], true)
	if out.Run.Score != 1000 {
		t.Errorf("a right answer pays %d", out.Run.Score)
	}
}
