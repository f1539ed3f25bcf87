package server

import (
	"encoding/json"
	"strconv"

	"jingzhong/quiz"
)

// paperView documents the paper, which the engine renders from fragments encoded at publication. An option's
// id is its place on this paper, never the bank's.
type paperView struct {
	Items []paperItemView `json:"items"`
}

type paperItemView struct {
	Slot     int               `json:"slot" doc:"1..n on this paper"`
	Kind     string            `json:"kind" enum:"single,multiple,truefalse,fill,matching,ordering,essay,group"`
	Stem     string            `json:"stem"`
	Points   int64             `json:"points" doc:"1/100 point"`
	Options  []paperOptionView `json:"options"`
	Blanks   int               `json:"blanks,omitempty" doc:"Of a fill-in: how many strings an answer has in text"`
	Lefts    []string          `json:"lefts,omitempty" doc:"Of a matching: choice names an option for each, 0 = none"`
	Most     int               `json:"most,omitempty" doc:"Of an essay: characters of the one string in text"`
	Material string            `json:"material,omitempty" doc:"Of a group: the text its questions are about"`
	Part     int               `json:"part,omitempty" doc:"Of a group: which of its questions, from 1"`
	Parts    int               `json:"parts,omitempty"`
}

type paperOptionView struct {
	ID   int    `json:"id" doc:"Its place 1..n on this paper"`
	Text string `json:"text"`
}

// startedView documents what a start answers; startedJSON writes it.
type startedView struct {
	ID         int64     `json:"id"`
	State      string    `json:"state"`
	No         int       `json:"no"`
	DeadlineAt stamp     `json:"deadlineAt"`
	ServerTime stamp     `json:"serverTime"`
	Lease      string    `json:"lease" doc:"Send it as X-Lease; empty when another sign-in holds the attempt"`
	Paper      paperView `json:"paper"`
}

// startedJSON copies the rendered paper instead of encoding it: 1 against 45 us (performance.md).
func startedJSON(a quiz.Started) []byte {
	b := make([]byte, 0, len(a.Paper)+256)
	b = append(b, `{"id":`...)
	b = strconv.AppendInt(b, a.ID, 10)
	b = append(b, `,"state":"`...)
	b = append(b, a.State...)
	b = append(b, `","no":`...)
	b = strconv.AppendInt(b, int64(a.No), 10)
	b = append(b, `,"deadlineAt":`...)
	b = appendStamp(b, a.DeadlineAt)
	b = append(b, `,"serverTime":`...)
	b = appendStamp(b, a.ServerTime)
	b = append(b, `,"lease":"`...)
	b = append(b, a.Lease...) // digits, a dot and base64url: nothing to escape
	b = append(b, `","paper":`...)
	b = append(b, a.Paper...)
	return append(b, '}')
}

func appendStamp(b []byte, ms int64) []byte {
	b = append(b, '"')
	b = stampOf(ms).AppendFormat(b, timeLayout)
	return append(b, '"')
}

type answerInput struct {
	Slot   int      `json:"slot" minimum:"1"`
	Seq    int64    `json:"seq" minimum:"1" doc:"Rises with every change within the attempt"`
	Choice []int    `json:"choice,omitempty" maxItems:"26" doc:"Ids of the picked options, in the order picked; absent = blank"`
	Text   []string `json:"text,omitempty" maxItems:"50" doc:"One string a blank, one for an essay; absent = blank"`
}

func answersIn(in []answerInput) []quiz.AnswerInput {
	answers := make([]quiz.AnswerInput, len(in))
	for i, a := range in {
		answers[i] = quiz.AnswerInput(a)
	}
	return answers
}

type savedView struct {
	Saved      []savedAnswerView `json:"saved"`
	ServerTime stamp             `json:"serverTime"`
	DeadlineAt stamp             `json:"deadlineAt"`
}

type savedAnswerView struct {
	Slot    int    `json:"slot"`
	Seq     int64  `json:"seq" doc:"What is stored now; higher than sent if a newer answer had come first"`
	Receipt string `json:"receipt"`
	SavedAt stamp  `json:"savedAt"`
}

func savedAnswerOf(a quiz.SavedAnswer) savedAnswerView {
	return savedAnswerView{Slot: a.Slot, Seq: a.Seq, Receipt: a.Receipt, SavedAt: stampOf(a.SavedAt)}
}

func savedOf(s quiz.Saved) savedView {
	return savedView{Saved: viewsOf(s.Answers, savedAnswerOf), ServerTime: stampOf(s.ServerTime), DeadlineAt: stampOf(s.DeadlineAt)}
}

type submittedView struct {
	State       string            `json:"state"`
	SubmittedAt stamp             `json:"submittedAt"`
	SubmitKind  string            `json:"submitKind" enum:"hand,auto"`
	Saved       []savedAnswerView `json:"saved"`
	ServerTime  stamp             `json:"serverTime"`
}

func submittedOf(s quiz.Submitted) submittedView {
	return submittedView{State: string(s.State), SubmittedAt: stampOf(s.SubmittedAt), SubmitKind: s.SubmitKind,
		Saved: viewsOf(s.Saved, savedAnswerOf), ServerTime: stampOf(s.ServerTime)}
}

type leaseView struct {
	Lease string `json:"lease"`
}

// attemptView is an attempt as its owner sees it.
type attemptView struct {
	ID           int64              `json:"id"`
	ContestID    int64              `json:"contestId"`
	ContestTitle string             `json:"contestTitle"`
	ContestState string             `json:"contestState"`
	No           int                `json:"no"`
	State        string             `json:"state" enum:"in_progress,suspended,submitted,expired,graded,final,voided"`
	StateReason  string             `json:"stateReason,omitempty"`
	StartedAt    stamp              `json:"startedAt"`
	DeadlineAt   stamp              `json:"deadlineAt"`
	SubmittedAt  *stamp             `json:"submittedAt,omitempty"`
	SubmitKind   string             `json:"submitKind,omitempty"`
	ServerTime   stamp              `json:"serverTime"`
	HoldsLease   bool               `json:"holdsLease" doc:"This sign-in holds the lease"`
	OutageMS     int64              `json:"outageMs" doc:"Added because the server was down"`
	ExtensionMS  int64              `json:"extensionMs"`
	Questions    int                `json:"questions" doc:"Slots of the paper"`
	Awaiting     bool               `json:"awaiting,omitempty" doc:"Handed in; an answer waits for its marker"`
	FullMark     int64              `json:"fullMark"`
	Answers      []storedAnswerView `json:"answers"`
	Paper        *paperView         `json:"paper,omitempty" doc:"While in progress, to the sign-in that holds the lease"`
	Score        *int64             `json:"score,omitempty" doc:"Absent until it may be seen"`
	Passed       *bool              `json:"passed,omitempty"`
	Excellent    *bool              `json:"excellent,omitempty"`
	TimeMS       int64              `json:"timeMs"`
	ScoreAt      *stamp             `json:"scoreAt,omitempty" doc:"When the score will be shown"`
	ReviewAt     *stamp             `json:"reviewAt,omitempty"`
	ReviewOpen   bool               `json:"reviewOpen"`
}

// beatView is what a running attempt's app asks for every few seconds.
type beatView struct {
	State      string `json:"state" enum:"in_progress,suspended,submitted,expired,graded,final,voided"`
	DeadlineAt stamp  `json:"deadlineAt"`
	ServerTime stamp  `json:"serverTime"`
	HoldsLease bool   `json:"holdsLease" doc:"This sign-in holds the lease"`
}

func beatOf(b quiz.Beat) beatView {
	return beatView{State: string(b.State), DeadlineAt: stampOf(b.DeadlineAt), ServerTime: stampOf(b.ServerTime), HoldsLease: b.HoldsLease}
}

type storedAnswerView struct {
	Slot    int      `json:"slot"`
	Seq     int64    `json:"seq"`
	Choice  []int    `json:"choice,omitempty"`
	Text    []string `json:"text,omitempty"`
	Receipt string   `json:"receipt"`
	SavedAt stamp    `json:"savedAt"`
}

func attemptOf(a quiz.AttemptView) attemptView {
	v := attemptView{ID: a.ID, ContestID: a.ContestID, ContestTitle: a.ContestTitle, ContestState: string(a.ContestState), No: a.No,
		State: string(a.State), StateReason: a.StateReason, StartedAt: stampOf(a.StartedAt), DeadlineAt: stampOf(a.DeadlineAt),
		SubmittedAt: stampIf(a.SubmittedAt), SubmitKind: a.SubmitKind, ServerTime: stampOf(a.ServerTime), HoldsLease: a.HoldsLease,
		OutageMS: a.OutageMS, ExtensionMS: a.ExtensionMS, Questions: a.Questions, Awaiting: a.Awaiting, FullMark: a.FullMark, Score: a.Score, Passed: a.Passed,
		Excellent: a.Excellent, TimeMS: a.TimeMS, ScoreAt: stampIf(a.ScoreAt), ReviewAt: stampIf(a.ReviewAt), ReviewOpen: a.ReviewOpen,
		Answers: viewsOf(a.Answers, func(s quiz.StoredAnswer) storedAnswerView {
			return storedAnswerView{s.Slot, s.Seq, s.Choice, s.Text, s.Receipt, stampOf(s.SavedAt)}
		})}
	if len(a.Paper) > 0 {
		v.Paper = &paperView{}
		if err := json.Unmarshal(a.Paper, v.Paper); err != nil {
			panic(err) // the engine rendered it
		}
	}
	return v
}

// reviewView is a finished attempt with its questions, keys and the law; only after the contest has closed.
type reviewView struct {
	Attempt attemptView      `json:"attempt"`
	Items   []reviewItemView `json:"items"`
}

type reviewItemView struct {
	Slot        int                `json:"slot"`
	Version     int64              `json:"questionVersion"`
	Part        int                `json:"part" doc:"Which question of a group, from 0"`
	Kind        string             `json:"kind"`
	Material    string             `json:"material,omitempty"`
	Stem        string             `json:"stem"`
	Points      int64              `json:"points"`
	Score       int64              `json:"score"`
	Options     []reviewOptionView `json:"options"`
	Text        []string           `json:"text" doc:"What was written, one a blank"`
	Accepted    [][]string         `json:"accepted" doc:"What was accepted, one list a blank"`
	Lefts       []string           `json:"lefts,omitempty" doc:"Of a matching"`
	Choice      []int              `json:"choice,omitempty" doc:"Option ids as picked, in order"`
	Key         []int              `json:"key,omitempty" doc:"Ids of the right options: of an ordering in order, of a matching one for each left"`
	Rubric      string             `json:"rubric,omitempty" doc:"Of an essay"`
	Note        string             `json:"note,omitempty" doc:"The marker's"`
	Answered    bool               `json:"answered"`
	Right       bool               `json:"right"`
	Explanation string             `json:"explanation"`
	Statute     string             `json:"statute"`
	StatuteCode string             `json:"statuteCode"`
	Article     string             `json:"article"`
	Paragraph   string             `json:"paragraph"`
	LawQuote    string             `json:"lawQuote"`
	LawVersion  string             `json:"lawVersion"`
	Topic       string             `json:"topic"`
}

type reviewOptionView struct {
	ID     int    `json:"id"`
	Text   string `json:"text"`
	Picked bool   `json:"picked"`
	Key    bool   `json:"key"`
}

func reviewItemOf(i quiz.ReviewItem) reviewItemView {
	return reviewItemView{Slot: i.Slot, Version: i.VersionID, Part: i.Part, Kind: i.Kind, Material: i.Material, Stem: i.Stem, Lefts: i.Lefts, Choice: i.Choice, Key: i.Key,
		Rubric: i.Rubric, Note: i.Note, Points: i.Points, Score: i.Score,
		Options: viewsOf(i.Options, func(o quiz.ReviewOption) reviewOptionView { return reviewOptionView(o) }),
		Text:    notNil(i.Text), Accepted: notNil(i.Accepted), Answered: i.Answered, Right: i.Right, Explanation: i.Explanation,
		Statute: i.Statute, StatuteCode: i.StatuteCode, Article: i.Article, Paragraph: i.Paragraph, LawQuote: i.LawQuote,
		LawVersion: i.LawVersion, Topic: i.Topic}
}

// actView is a proposed act on an attempt that waits for a second person.
type actView struct {
	ID         int64  `json:"id"`
	AttemptID  int64  `json:"attemptId"`
	Contest    ref    `json:"contest"`
	PersonName string `json:"personName"`
	UnitName   string `json:"unitName"`
	Act        string `json:"act" enum:"void,unvoid,reopen"`
	Minutes    int    `json:"minutes"`
	Reason     string `json:"reason"`
	ProposedBy ref    `json:"proposedBy"`
	ProposedAt stamp  `json:"proposedAt"`
	MayDecide  bool   `json:"mayDecide"`
}

func actOf(a quiz.Act) actView {
	return actView{ID: a.ID, AttemptID: a.AttemptID, Contest: ref{a.ContestID, a.ContestTitle}, PersonName: a.PersonName, UnitName: a.UnitName,
		Act: a.Act, Minutes: a.Minutes, Reason: a.Reason, ProposedBy: ref{a.ProposedBy, a.ProposerName}, ProposedAt: stampOf(a.ProposedAt), MayDecide: a.MayDecide}
}
