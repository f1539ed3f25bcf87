package server

import (
	"context"

	"jingzhong/org"
	"jingzhong/quiz"
)

type appealIn struct {
	Body struct {
		QuestionVersion int64  `json:"questionVersion" minimum:"1"`
		Part            int    `json:"part,omitempty" minimum:"0" maximum:"100"`
		Context         string `json:"context" enum:"practice,contest"`
		AttemptID       int64  `json:"attemptId,omitempty" minimum:"0" doc:"Whose review shows it, in a contest"`
		Text            string `json:"text" minLength:"1" maxLength:"1000"`
	}
}

func (s *Server) fileAppeal(ctx context.Context, by org.Actor, in *appealIn) (appealView, error) {
	appeal, err := s.cfg.Practice.FileAppeal(ctx, by, quiz.AppealInput{VersionID: in.Body.QuestionVersion, Part: in.Body.Part,
		Context: in.Body.Context, AttemptID: in.Body.AttemptID, Text: in.Body.Text})
	return appealOf(appeal), err
}

func (s *Server) listMyAppeals(ctx context.Context, by org.Actor, in *Paging) (list[appealView], error) {
	appeals, err := s.cfg.Practice.MyAppeals(ctx, by)
	if err != nil {
		return list[appealView]{}, err
	}
	return pageOf(*in, appeals, appealOf)
}

type listAppealsIn struct {
	Paging
	State string `query:"state" enum:"filed,accepted,rejected" default:"filed"`
}

func (s *Server) listAppeals(ctx context.Context, by org.Actor, in *listAppealsIn) (list[appealGroupView], error) {
	page, err := s.cfg.Bank.Appeals(ctx, by, in.State, in.Limit, in.Cursor)
	return listOf(page.Items, page.Next, appealGroupOf), err
}

type decideAppealIn struct {
	ByID
	Body struct {
		Accept  bool   `json:"accept"`
		Note    string `json:"note" minLength:"1" maxLength:"1000" doc:"For those who appealed"`
		Statute string `json:"statute,omitempty" maxLength:"20" doc:"Code of the statute it rests on"`
		Article string `json:"article,omitempty" maxLength:"20"`
	}
}

func (s *Server) decideAppeal(ctx context.Context, by org.Actor, in *decideAppealIn) (done, error) {
	return done{}, s.cfg.Bank.DecideAppeal(ctx, by, in.ID, quiz.AppealDecision(in.Body))
}

// appealView is one's own appeal with its decision.
type appealView struct {
	ID              int64  `json:"id"`
	QuestionVersion int64  `json:"questionVersion"`
	Part            int    `json:"part"`
	Stem            string `json:"stem"`
	Context         string `json:"context" enum:"practice,contest"`
	Text            string `json:"text"`
	State           string `json:"state" enum:"filed,accepted,rejected"`
	Note            string `json:"note"`
	Statute         string `json:"statute"`
	Article         string `json:"article"`
	CreatedAt       stamp  `json:"createdAt"`
	DecidedAt       *stamp `json:"decidedAt,omitempty"`
}

func appealOf(a quiz.Appeal) appealView {
	return appealView{ID: a.ID, QuestionVersion: a.VersionID, Part: a.Part, Stem: a.Stem, Context: a.Context, Text: a.Text, State: a.State,
		Note: a.Note, Statute: a.Statute, Article: a.Article, CreatedAt: stampOf(a.CreatedAt), DecidedAt: stampIf(a.DecidedAt)}
}

// appealGroupView is all that was said against one question; who said it stays hidden.
type appealGroupView struct {
	ID              int64            `json:"id"`
	QuestionID      int64            `json:"questionId"`
	QuestionVersion int64            `json:"questionVersion"`
	Part            int              `json:"part"`
	Stem            string           `json:"stem"`
	UnitName        string           `json:"unitName"`
	State           string           `json:"state" enum:"filed,accepted,rejected"`
	Count           int              `json:"count"`
	Texts           []appealTextView `json:"texts" doc:"The first twenty"`
	Note            string           `json:"note"`
	Statute         string           `json:"statute"`
	Article         string           `json:"article"`
	DecidedAt       *stamp           `json:"decidedAt,omitempty"`
	MayDecide       bool             `json:"mayDecide"`
}

type appealTextView struct {
	Text    string `json:"text"`
	Context string `json:"context" enum:"practice,contest"`
	At      stamp  `json:"at"`
}

func appealGroupOf(g quiz.AppealGroup) appealGroupView {
	return appealGroupView{ID: g.ID, QuestionID: g.QuestionID, QuestionVersion: g.VersionID, Part: g.Part, Stem: g.Stem, UnitName: g.UnitName,
		State: g.State, Count: g.Count, Note: g.Note, Statute: g.Statute, Article: g.Article, DecidedAt: stampIf(g.DecidedAt), MayDecide: g.MayDecide,
		Texts: viewsOf(g.Texts, func(t quiz.AppealText) appealTextView { return appealTextView{t.Text, t.Context, stampOf(t.At)} })}
}
