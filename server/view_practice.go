package server

import (
	"encoding/json"

	"jingzhong/quiz"
)

// practiceHomeView is where a learner's practice stands today.
type practiceHomeView struct {
	Day    string              `json:"day" doc:"YYYY-MM-DD of the installation"`
	Daily  practiceDailyView   `json:"daily"`
	Due    int                 `json:"due" doc:"Points that are about to be forgotten"`
	Wrong  int                 `json:"wrong" doc:"Questions in the wrong-answer book"`
	Best   int                 `json:"best" doc:"Longest streak"`
	Week   []practiceDayView   `json:"week" doc:"The last seven days, today last"`
	Topics []practiceTopicView `json:"topics"`
	Papers []practicePaperView `json:"papers" doc:"Contests that are over, whose blueprints may be practised"`
}

type practiceDailyView struct {
	RunID    int64 `json:"runId" doc:"0 = not begun"`
	Answered int   `json:"answered"`
	Total    int   `json:"total"`
	Done     bool  `json:"done"`
}

type practiceDayView struct {
	Day      string `json:"day"`
	Answered int    `json:"answered"`
	Right    int    `json:"right"`
}

type practiceTopicView struct {
	ID        int64  `json:"id"`
	ParentID  int64  `json:"parentId" doc:"0 = at the top"`
	Name      string `json:"name"`
	Questions int    `json:"questions"`
}

type practicePaperView struct {
	ContestID int64  `json:"contestId"`
	Title     string `json:"title"`
	Questions int    `json:"questions"`
}

func practiceHomeOf(h quiz.PracticeHome) practiceHomeView {
	return practiceHomeView{Day: h.Day, Daily: practiceDailyView(h.Daily), Due: h.Due, Wrong: h.Wrong, Best: h.Best,
		Week: viewsOf(h.Week, func(d quiz.PracticeDay) practiceDayView { return practiceDayView(d) }),
		Topics: viewsOf(h.Topics, func(t quiz.PracticeTopicShare) practiceTopicView {
			return practiceTopicView{t.Topic.ID, t.Topic.ParentID, t.Topic.Name, t.Questions}
		}),
		Papers: viewsOf(h.Papers, func(p quiz.PracticePaper) practicePaperView { return practicePaperView(p) })}
}

// practiceRunView is one run of its owner.
type practiceRunView struct {
	ID        int64              `json:"id"`
	Mode      string             `json:"mode" enum:"daily,topic,wrong,streak,mock"`
	State     string             `json:"state" enum:"open,done"`
	Day       string             `json:"day"`
	Title     string             `json:"title" doc:"Of the topic or the contest"`
	TopicID   int64              `json:"topicId"`
	ContestID int64              `json:"contestId"`
	Total     int                `json:"total"`
	Answered  int                `json:"answered"`
	Right     int                `json:"right"`
	Score     int64              `json:"score" doc:"1/100 point"`
	FullMark  int64              `json:"fullMark"`
	Items     []practiceItemView `json:"items" doc:"A streak shows only what was answered and the next"`
}

// practiceItemView is a question before its answer, or its review after it.
type practiceItemView struct {
	Slot            int             `json:"slot"`
	QuestionVersion int64           `json:"questionVersion"`
	Part            int             `json:"part" doc:"Which question of a group, from 0"`
	Question        *paperItemView  `json:"question,omitempty" doc:"Until it is answered"`
	Review          *reviewItemView `json:"review,omitempty" doc:"Once it is answered"`
	Withdrawn       bool            `json:"withdrawn,omitempty" doc:"Taken out of practice meanwhile; shows nothing"`
	SelfMark        bool            `json:"selfMark,omitempty" doc:"An essay its writer has still to mark by the rubric"`
	Appealed        bool            `json:"appealed,omitempty"`
}

func practiceItemOf(i quiz.PracticeItem) practiceItemView {
	v := practiceItemView{Slot: i.Slot, QuestionVersion: i.VersionID, Part: i.Part, Withdrawn: i.Withdrawn, SelfMark: i.SelfMark, Appealed: i.Appealed}
	if i.Question != nil {
		v.Question = &paperItemView{}
		if err := json.Unmarshal(i.Question, v.Question); err != nil {
			panic(err) // the engine rendered it
		}
	}
	if i.Review != nil {
		review := reviewItemOf(*i.Review)
		v.Review = &review
	}
	return v
}

func practiceRunOf(r quiz.PracticeRun) practiceRunView {
	return practiceRunView{ID: r.ID, Mode: r.Mode, State: r.State, Day: r.Day, Title: r.Title, TopicID: r.TopicID, ContestID: r.ContestID,
		Total: r.Total, Answered: r.Answered, Right: r.Right, Score: r.Score, FullMark: r.FullMark, Items: viewsOf(r.Items, practiceItemOf)}
}

// practiceResultView is what an answer earned, explained.
type practiceResultView struct {
	Item practiceItemView  `json:"item"`
	Run  practiceRunView   `json:"run" doc:"Without its items"`
	Next *practiceItemView `json:"next,omitempty" doc:"The next question of a streak"`
}

func practiceResultOf(r quiz.PracticeResult) practiceResultView {
	v := practiceResultView{Item: practiceItemOf(r.Item), Run: practiceRunOf(r.Run)}
	if r.Next != nil {
		next := practiceItemOf(*r.Next)
		v.Next = &next
	}
	return v
}

type wrongAnswerView struct {
	QuestionID int64  `json:"questionId"`
	Part       int    `json:"part"`
	Kind       string `json:"kind"`
	Stem       string `json:"stem"`
	Topic      string `json:"topic"`
	Wrongs     int    `json:"wrongs"`
	RightDays  int    `json:"rightDays" doc:"Of two that let it go"`
	WrongAt    stamp  `json:"wrongAt"`
	Today      bool   `json:"today" doc:"Right today already"`
}

func wrongAnswerOf(w quiz.WrongAnswer) wrongAnswerView {
	return wrongAnswerView{QuestionID: w.QuestionID, Part: w.Part, Kind: w.Kind, Stem: w.Stem, Topic: w.Topic, Wrongs: w.Wrongs,
		RightDays: w.RightDays, WrongAt: stampOf(w.WrongAt), Today: w.Today}
}

// streakBoardView names units and never people.
type streakBoardView struct {
	Best   int              `json:"best"`
	Place  int              `json:"place" doc:"Within the own unit; 0 = none yet"`
	People int              `json:"people" doc:"Of the own unit with a streak"`
	Top    []int            `json:"top" doc:"The own unit's best streaks"`
	Units  []unitStreakView `json:"units" doc:"The ten best and the own"`
}

type unitStreakView struct {
	Unit    ref  `json:"unit"`
	Place   int  `json:"place"`
	People  int  `json:"people"`
	Average int  `json:"average" doc:"1/100"`
	Best    int  `json:"best"`
	Mine    bool `json:"mine"`
}

func streakBoardOf(b quiz.StreakBoard) streakBoardView {
	return streakBoardView{Best: b.Best, Place: b.Place, People: b.People, Top: notNil(b.Top),
		Units: viewsOf(b.Units, func(u quiz.UnitStreak) unitStreakView {
			return unitStreakView{ref{u.UnitID, u.Name}, u.Place, u.People, u.Average, u.Best, u.Mine}
		})}
}
