package server

import (
	"context"
	"net/http"

	"jingzhong/org"
	"jingzhong/quiz"
)

// startOut carries the paper as rendered: 201 for a new attempt, 200 for the open one.
type startOut struct {
	Status      int
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func (s *Server) startAttempt(ctx context.Context, by org.Actor, in *ByID) (*startOut, error) {
	started, err := s.cfg.Contests.Start(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	out := &startOut{Status: http.StatusOK, ContentType: "application/json", Body: startedJSON(started)}
	if started.Created {
		out.Status = http.StatusCreated
	}
	return out, nil
}

func (s *Server) takeOverAttempt(ctx context.Context, by org.Actor, in *ByID) (leaseView, error) {
	lease, err := s.cfg.Contests.TakeOver(ctx, by, in.ID)
	return leaseView{lease}, err
}

type saveIn struct {
	ByID
	Lease string `header:"X-Lease" maxLength:"100" doc:"The lease of the start or the take-over"`
	Body  struct {
		Answers []answerInput `json:"answers" minItems:"1" maxItems:"200"`
	}
}

func (s *Server) saveAnswers(ctx context.Context, by org.Actor, in *saveIn) (savedView, error) {
	saved, err := s.cfg.Contests.Save(ctx, by, in.ID, quiz.SaveInput{Lease: in.Lease, Answers: answersIn(in.Body.Answers),
		ArrivedAt: requestOf(ctx).arrived.UnixMilli()})
	return savedOf(saved), err
}

type submitIn struct {
	ByID
	Lease string `header:"X-Lease" maxLength:"100"`
	Body  *struct {
		Answers []answerInput `json:"answers,omitempty" maxItems:"200" doc:"What was not acknowledged yet"`
	} `required:"false"`
}

func (s *Server) submitAttempt(ctx context.Context, by org.Actor, in *submitIn) (submittedView, error) {
	input := quiz.SubmitInput{Lease: in.Lease, ArrivedAt: requestOf(ctx).arrived.UnixMilli()}
	if in.Body != nil {
		input.Answers = answersIn(in.Body.Answers)
	}
	submitted, err := s.cfg.Contests.Submit(ctx, by, in.ID, input)
	return submittedOf(submitted), err
}

func (s *Server) showAttempt(ctx context.Context, by org.Actor, in *ByID) (attemptView, error) {
	attempt, err := s.cfg.Contests.FindAttempt(ctx, by, in.ID)
	return attemptOf(attempt), err
}

func (s *Server) showBeat(ctx context.Context, by org.Actor, in *ByID) (beatView, error) {
	beat, err := s.cfg.Contests.Beat(ctx, by, in.ID)
	return beatOf(beat), err
}

func (s *Server) reviewAttempt(ctx context.Context, by org.Actor, in *ByID) (reviewView, error) {
	attempt, items, err := s.cfg.Contests.Review(ctx, by, in.ID)
	return reviewView{attemptOf(attempt), viewsOf(items, reviewItemOf)}, err
}

func (s *Server) showHome(ctx context.Context, by org.Actor, _ *nothing) (homeView, error) {
	home, err := s.cfg.Contests.Home(ctx, by)
	if err != nil {
		return homeView{}, err
	}
	v := homeOf(by.Lang, home)
	if home.BoardOf != 0 {
		v.Standing, err = s.ownBoard(ctx, by, home.BoardOf)
	}
	return v, err
}

func (s *Server) listMyAttempts(ctx context.Context, by org.Actor, in *Paging) (list[attemptView], error) {
	page, err := s.cfg.Contests.MyAttempts(ctx, by, in.Limit, in.Cursor)
	return listOf(page.Items, page.Next, attemptOf), err
}

type extensionIn struct {
	ByID
	Body struct {
		Scope   string `json:"scope" enum:"person,unit,all"`
		ID      int64  `json:"id,omitempty" doc:"Of the person or unit"`
		Minutes int    `json:"minutes" minimum:"1" maximum:"240"`
		Reason  string `json:"reason" minLength:"1" maxLength:"200"`
	}
}

type changedView struct {
	Changed int `json:"changed" doc:"Attempts it reached"`
}

func (s *Server) extendAttempts(ctx context.Context, by org.Actor, in *extensionIn) (changedView, error) {
	n, err := s.cfg.Contests.Extend(ctx, by, in.ID, quiz.Extension{Scope: in.Body.Scope, TargetID: in.Body.ID,
		Minutes: in.Body.Minutes, Reason: in.Body.Reason})
	return changedView{n}, err
}

func (s *Server) suspendAttempt(ctx context.Context, by org.Actor, in *reasonIn) (done, error) {
	return done{}, s.cfg.Contests.SuspendAttempt(ctx, by, in.ID, in.Body.Reason)
}

func (s *Server) resumeAttempt(ctx context.Context, by org.Actor, in *reasonIn) (done, error) {
	return done{}, s.cfg.Contests.ResumeAttempt(ctx, by, in.ID, in.Body.Reason)
}

// actedView tells a done act from one that waits for a second person (mode two_person).
type actedView struct {
	Done bool `json:"done"`
}

func (s *Server) voidAttempt(ctx context.Context, by org.Actor, in *reasonIn) (actedView, error) {
	ok, err := s.cfg.Contests.VoidAttempt(ctx, by, in.ID, in.Body.Reason)
	return actedView{ok}, err
}

func (s *Server) unvoidAttempt(ctx context.Context, by org.Actor, in *reasonIn) (actedView, error) {
	ok, err := s.cfg.Contests.UnvoidAttempt(ctx, by, in.ID, in.Body.Reason)
	return actedView{ok}, err
}

type reopenIn struct {
	ByID
	Body struct {
		Reason  string `json:"reason" minLength:"1" maxLength:"200"`
		Minutes int    `json:"minutes,omitempty" minimum:"0" maximum:"240" doc:"Absent = 10"`
	}
}

func (s *Server) reopenAttempt(ctx context.Context, by org.Actor, in *reopenIn) (actedView, error) {
	ok, err := s.cfg.Contests.ReopenAttempt(ctx, by, in.ID, in.Body.Minutes, in.Body.Reason)
	return actedView{ok}, err
}

func (s *Server) listProposedActs(ctx context.Context, by org.Actor, in *Paging) (list[actView], error) {
	acts, err := s.cfg.Contests.ProposedActs(ctx, by)
	if err != nil {
		return list[actView]{}, err
	}
	return pageOf(*in, acts, actOf)
}

type decideActIn struct {
	ByID
	Body struct {
		Approve bool   `json:"approve"`
		Reason  string `json:"reason" minLength:"1" maxLength:"200"`
	}
}

func (s *Server) decideAct(ctx context.Context, by org.Actor, in *decideActIn) (done, error) {
	return done{}, s.cfg.Contests.DecideAct(ctx, by, in.ID, in.Body.Approve, in.Body.Reason)
}
