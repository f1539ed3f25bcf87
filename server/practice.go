package server

import (
	"context"

	"jingzhong/org"
	"jingzhong/quiz"
)

func (s *Server) showPractice(ctx context.Context, by org.Actor, _ *nothing) (practiceHomeView, error) {
	home, err := s.cfg.Practice.Home(ctx, by)
	return practiceHomeOf(home), err
}

type beginPracticeIn struct {
	Body struct {
		Mode      string `json:"mode" enum:"daily,topic,wrong,streak,mock"`
		TopicID   int64  `json:"topicId,omitempty" minimum:"0" doc:"Of a topic drill"`
		ContestID int64  `json:"contestId,omitempty" minimum:"0" doc:"Whose blueprint a mock paper follows"`
	}
}

func (s *Server) beginPractice(ctx context.Context, by org.Actor, in *beginPracticeIn) (practiceRunView, error) {
	run, err := s.cfg.Practice.Begin(ctx, by, quiz.PracticeStart(in.Body))
	return practiceRunOf(run), err
}

func (s *Server) showPracticeRun(ctx context.Context, by org.Actor, in *ByID) (practiceRunView, error) {
	run, err := s.cfg.Practice.FindRun(ctx, by, in.ID)
	return practiceRunOf(run), err
}

type practiceAnswerIn struct {
	ByID
	Body struct {
		Slot     int      `json:"slot" minimum:"1"`
		ClientID string   `json:"clientId" minLength:"1" maxLength:"64" doc:"Made by the client; the same sent again counts once"`
		Choice   []int    `json:"choice,omitempty" maxItems:"26" doc:"As in a contest; nothing at all = I do not know"`
		Text     []string `json:"text,omitempty" maxItems:"50"`
		MS       int64    `json:"ms,omitempty" minimum:"0" doc:"How long the question was on the screen"`
	}
}

func (s *Server) answerPractice(ctx context.Context, by org.Actor, in *practiceAnswerIn) (practiceResultView, error) {
	result, err := s.cfg.Practice.Answer(ctx, by, in.ID, quiz.PracticeAnswer(in.Body))
	return practiceResultOf(result), err
}

type selfMarkIn struct {
	ByID
	Slot int `path:"n" minimum:"1"`
	Body struct {
		Score int64 `json:"score" minimum:"0" doc:"1/100 point"`
	}
}

func (s *Server) markPractice(ctx context.Context, by org.Actor, in *selfMarkIn) (practiceResultView, error) {
	result, err := s.cfg.Practice.SelfMark(ctx, by, in.ID, in.Slot, in.Body.Score)
	return practiceResultOf(result), err
}

func (s *Server) listWrongAnswers(ctx context.Context, by org.Actor, in *Paging) (list[wrongAnswerView], error) {
	page, err := s.cfg.Practice.WrongAnswers(ctx, by, in.Limit, in.Cursor)
	return listOf(page.Items, page.Next, wrongAnswerOf), err
}

func (s *Server) showStreaks(ctx context.Context, by org.Actor, _ *nothing) (streakBoardView, error) {
	board, err := s.cfg.Practice.Streaks(ctx, by)
	return streakBoardOf(board), err
}
