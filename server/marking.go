package server

import (
	"context"

	"jingzhong/org"
	"jingzhong/quiz"
)

// answerToMarkView is an answer that waits for a marker; whose it is stays hidden.
type answerToMarkView struct {
	AttemptID int64  `json:"attemptId"`
	Slot      int    `json:"slot"`
	Material  string `json:"material,omitempty"`
	Stem      string `json:"stem"`
	Rubric    string `json:"rubric"`
	Points    int64  `json:"points" doc:"The most it can earn, 1/100 point"`
	Text      string `json:"text"`
	Marked    bool   `json:"marked"`
	Score     int64  `json:"score" doc:"1/100 point"`
	Note      string `json:"note"`
}

type markingView struct {
	Items      []answerToMarkView `json:"items"`
	NextCursor *string            `json:"nextCursor" nullable:"true"`
	Waiting    int                `json:"waiting" doc:"Attempts with an answer that waits"`
}

type listMarkingIn struct {
	ByID
	Paging
}

func (s *Server) listMarking(ctx context.Context, by org.Actor, in *listMarkingIn) (markingView, error) {
	page, err := s.cfg.Contests.MarkingQueue(ctx, by, in.ID, in.Limit, in.Cursor)
	return markingView{Items: viewsOf(page.Items, func(a quiz.Answer) answerToMarkView { return answerToMarkView(a) }),
		NextCursor: cursorOf(page.Next), Waiting: page.Waiting}, err
}

type markAnswerIn struct {
	ByID
	Slot int `path:"n" minimum:"1"`
	Body struct {
		Score int64  `json:"score" minimum:"0" doc:"1/100 point"`
		Note  string `json:"note,omitempty" maxLength:"1000" doc:"For the writer of the answer"`
	}
}

func (s *Server) markAnswer(ctx context.Context, by org.Actor, in *markAnswerIn) (done, error) {
	return done{}, s.cfg.Contests.MarkAnswer(ctx, by, in.ID, in.Slot, in.Body.Score, in.Body.Note)
}
