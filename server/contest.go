package server

import (
	"context"
	"strconv"
	"strings"

	"jingzhong/org"
	"jingzhong/quiz"
)

func (s *Server) listPresets(_ context.Context, _ org.Actor, in *Paging) (list[presetView], error) {
	return pageOf(*in, quiz.Presets(), presetOf)
}

type listContestsIn struct {
	Paging
	State string `query:"state" enum:"draft,proposed,scheduled,open,closed,graded,notice,final,suspended,cancelled"`
	Query string `query:"q" maxLength:"60"`
}

func (s *Server) listContests(ctx context.Context, by org.Actor, in *listContestsIn) (list[contestView], error) {
	page, err := s.cfg.Contests.ListContests(ctx, by, quiz.ContestFilter{State: quiz.ContestState(in.State), Query: in.Query,
		Limit: in.Limit, Cursor: in.Cursor})
	return listOf(page.Items, page.Next, contestOf), err
}

func (s *Server) showContest(ctx context.Context, by org.Actor, in *ByID) (contestView, error) {
	c, err := s.cfg.Contests.FindContest(ctx, by, in.ID)
	return contestOf(c), err
}

type createContestIn struct{ Body contestInput }

func (s *Server) createContest(ctx context.Context, by org.Actor, in *createContestIn) (contestView, error) {
	c, err := s.cfg.Contests.CreateContest(ctx, by, in.Body.contest())
	return contestOf(c), err
}

type updateContestIn struct {
	ByID
	IfMatch string `header:"If-Match" required:"true" maxLength:"30" doc:"The revision you read, quoted"`
	Body    contestInput
}

func (s *Server) updateContest(ctx context.Context, by org.Actor, in *updateContestIn) (contestView, error) {
	revision, err := revisionOf(in.IfMatch)
	if err != nil {
		return contestView{}, err
	}
	c, err := s.cfg.Contests.UpdateContest(ctx, by, in.ID, revision, in.Body.contest())
	return contestOf(c), err
}

// revisionOf reads an If-Match with one quoted number.
func revisionOf(header string) (int64, error) {
	n, err := strconv.ParseInt(strings.Trim(strings.TrimPrefix(header, "W/"), `"`), 10, 64)
	if err != nil {
		return 0, inputFaults["input.format"].At("If-Match").With("field", "If-Match", "expected", `"7"`)
	}
	return n, nil
}

type rowsBody struct {
	ByID
	Body struct {
		Rows []rowInput `json:"rows" minItems:"1" maxItems:"60"`
	}
}

func (s *Server) checkBlueprint(ctx context.Context, by org.Actor, in *rowsBody) (fitView, error) {
	fit, err := s.cfg.Contests.CheckBlueprint(ctx, by, in.ID, rowsIn(in.Body.Rows))
	return fitOf(fit), err
}

type participantsIn struct {
	ByID
	IfMatch string `header:"If-Match" required:"true" maxLength:"30" doc:"The revision you read, quoted"`
	Body    struct {
		Audience audienceInput `json:"audience"`
	}
}

func (s *Server) setParticipants(ctx context.Context, by org.Actor, in *participantsIn) (contestView, error) {
	revision, err := revisionOf(in.IfMatch)
	if err != nil {
		return contestView{}, err
	}
	c, err := s.cfg.Contests.FindContest(ctx, by, in.ID)
	if err != nil {
		return contestView{}, err
	}
	c.Audience = in.Body.Audience.audience()
	c, err = s.cfg.Contests.UpdateContest(ctx, by, in.ID, revision, c.ContestInput)
	return contestOf(c), err
}

type previewIn struct {
	ByID
	Body struct {
		Audience audienceInput `json:"audience"`
	}
}

func (s *Server) previewParticipants(ctx context.Context, by org.Actor, in *previewIn) (rosterPreviewView, error) {
	count, units, err := s.cfg.Contests.PreviewRoster(ctx, by, in.ID, in.Body.Audience.audience())
	return rosterPreviewView{Count: count, ByUnit: viewsOf(units, func(u quiz.UnitCount) unitCountView {
		return unitCountView{ref{u.UnitID, u.Name}, u.Count}
	})}, err
}

type matchIn struct {
	ByID
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"100000" doc:"One person a line: staff number, phone, or name with or without unit"`
	}
}

func (s *Server) matchParticipants(ctx context.Context, by org.Actor, in *matchIn) (matchView, error) {
	match, err := s.cfg.Contests.MatchParticipants(ctx, by, in.ID, in.Body.Text)
	if err != nil {
		return matchView{}, err
	}
	units, err := s.cfg.Org.Units(ctx, by)
	return matchOf(match, units), err
}

type participantsView struct {
	Text string `json:"text" doc:"One person a line, for participants/match"`
}

func (s *Server) readParticipants(_ context.Context, by org.Actor, file uploaded) (participantsView, error) {
	text, err := s.cfg.Org.NamesInFile(by, file.Body)
	return participantsView{text}, err
}

func (s *Server) listRoster(ctx context.Context, by org.Actor, in *pagedByID) (list[rosterPersonView], error) {
	c, err := s.cfg.Contests.FindContest(ctx, by, in.ID)
	if err != nil {
		return list[rosterPersonView]{}, err
	}
	people, err := s.cfg.Ranking.Roster(ctx, by, c.BoardID)
	if err != nil {
		return list[rosterPersonView]{}, err
	}
	var factors []quiz.TimeFactor
	if c.MayEdit {
		if factors, err = s.cfg.Contests.TimeFactors(ctx, by, in.ID); err != nil {
			return list[rosterPersonView]{}, err
		}
	}
	return pageOf(in.Paging, people, rosterPersonOf(factors))
}

func (s *Server) listTimeFactors(ctx context.Context, by org.Actor, in *pagedByID) (list[factorView], error) {
	factors, err := s.cfg.Contests.TimeFactors(ctx, by, in.ID)
	if err != nil {
		return list[factorView]{}, err
	}
	return pageOf(in.Paging, factors, factorOf)
}

type factorsIn struct {
	ByID
	Body struct {
		Items []struct {
			PersonID int64  `json:"personId" minimum:"1"`
			Percent  int    `json:"percent" enum:"125,150,200"`
			Reason   string `json:"reason" minLength:"1" maxLength:"200"`
		} `json:"items" maxItems:"1000"`
	}
}

func (s *Server) setTimeFactors(ctx context.Context, by org.Actor, in *factorsIn) (list[factorView], error) {
	factors := make([]quiz.TimeFactor, len(in.Body.Items))
	for i, f := range in.Body.Items {
		factors[i] = quiz.TimeFactor{PersonID: f.PersonID, Percent: f.Percent, Reason: f.Reason}
	}
	if err := s.cfg.Contests.SetTimeFactors(ctx, by, in.ID, factors); err != nil {
		return list[factorView]{}, err
	}
	return s.listTimeFactors(ctx, by, &pagedByID{ByID: in.ByID})
}

func (s *Server) publishContest(ctx context.Context, by org.Actor, in *ByID) (contestView, error) {
	c, err := s.cfg.Contests.Publish(ctx, by, in.ID)
	return contestOf(c), err
}

func (s *Server) approveContest(ctx context.Context, by org.Actor, in *ByID) (contestView, error) {
	c, err := s.cfg.Contests.Approve(ctx, by, in.ID)
	return contestOf(c), err
}

func (s *Server) withdrawContest(ctx context.Context, by org.Actor, in *reasonIn) (contestView, error) {
	c, err := s.cfg.Contests.Withdraw(ctx, by, in.ID, in.Body.Reason)
	return contestOf(c), err
}

func (s *Server) cancelContest(ctx context.Context, by org.Actor, in *reasonIn) (contestView, error) {
	c, err := s.cfg.Contests.Cancel(ctx, by, in.ID, in.Body.Reason)
	return contestOf(c), err
}

func (s *Server) suspendContest(ctx context.Context, by org.Actor, in *reasonIn) (contestView, error) {
	c, err := s.cfg.Contests.Suspend(ctx, by, in.ID, in.Body.Reason)
	return contestOf(c), err
}

func (s *Server) resumeContest(ctx context.Context, by org.Actor, in *reasonIn) (contestView, error) {
	c, err := s.cfg.Contests.Resume(ctx, by, in.ID, in.Body.Reason)
	return contestOf(c), err
}

type closeContestIn struct {
	ByID
	Body struct {
		Reason   string `json:"reason" minLength:"1" maxLength:"200"`
		ClosesAt *stamp `json:"closesAt,omitempty" doc:"Another close; absent = now"`
	}
}

func (s *Server) closeContest(ctx context.Context, by org.Actor, in *closeContestIn) (contestView, error) {
	if in.Body.ClosesAt == nil {
		c, err := s.cfg.Contests.CloseNow(ctx, by, in.ID, in.Body.Reason)
		return contestOf(c), err
	}
	c, err := s.cfg.Contests.MoveClose(ctx, by, in.ID, in.Body.ClosesAt.ms(), in.Body.Reason)
	return contestOf(c), err
}

func (s *Server) noticeContest(ctx context.Context, by org.Actor, in *ByID) (contestView, error) {
	c, err := s.cfg.Contests.Notice(ctx, by, in.ID)
	return contestOf(c), err
}

func (s *Server) finaliseContest(ctx context.Context, by org.Actor, in *ByID) (contestView, error) {
	c, err := s.cfg.Contests.Finalise(ctx, by, in.ID)
	return contestOf(c), err
}

func (s *Server) showIntro(ctx context.Context, by org.Actor, in *ByID) (introView, error) {
	intro, err := s.cfg.Contests.Intro(ctx, by, in.ID)
	return introOf(by.Lang)(intro), err
}
