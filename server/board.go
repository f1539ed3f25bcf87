package server

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"jingzhong/fault"
	"jingzhong/org"
	"jingzhong/ranking"
)

// boardOut is a rendered board with its ETag; a client that has it gets 304.
type boardOut struct {
	Status      int
	ContentType string `header:"Content-Type"`
	ETag        string `header:"ETag"`
	Body        []byte
}

type boardIn struct {
	ByID
	IfNoneMatch string `header:"If-None-Match" maxLength:"200"`
}

func (s *Server) listUnitStandings(ctx context.Context, by org.Actor, in *boardIn) (*boardOut, error) {
	id, err := s.boardID(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	face, err := s.cfg.Ranking.UnitStandings(ctx, by, id)
	if err != nil {
		return nil, err
	}
	out := &boardOut{Status: fiber.StatusOK, ContentType: fiber.MIMEApplicationJSON, ETag: face.ETag, Body: face.Bytes}
	if in.IfNoneMatch == face.ETag {
		out.Status, out.Body = fiber.StatusNotModified, nil
	}
	return out, nil
}

// boardID finds the board of a contest the actor may know of.
func (s *Server) boardID(ctx context.Context, by org.Actor, contestID int64) (int64, error) {
	c, err := s.cfg.Contests.FindContest(ctx, by, contestID)
	if err == nil && c.BoardID == 0 {
		err = ranking.ErrBoardNotFound
	}
	return c.BoardID, err
}

func (s *Server) listPersonStandings(ctx context.Context, by org.Actor, in *ByID) (list[personStandView], error) {
	id, err := s.boardID(ctx, by, in.ID)
	if err != nil {
		return list[personStandView]{}, err
	}
	people, err := s.cfg.Ranking.PersonStandings(ctx, by, id)
	return listOf(people, "", personStandOf), err
}

type unitOnBoard struct {
	ByID
	UnitID int64 `path:"unitId" minimum:"1"`
}

func (s *Server) explainUnit(ctx context.Context, by org.Actor, in *unitOnBoard) (explanationView, error) {
	id, err := s.boardID(ctx, by, in.ID)
	if err != nil {
		return explanationView{}, err
	}
	e, err := s.cfg.Ranking.Explain(ctx, by, id, in.UnitID)
	return explanationOf(by.Lang, e), err
}

func (s *Server) drillUnit(ctx context.Context, by org.Actor, in *unitOnBoard) (drillView, error) {
	id, err := s.boardID(ctx, by, in.ID)
	if err != nil {
		return drillView{}, err
	}
	d, err := s.cfg.Ranking.DrillDown(ctx, by, id, in.UnitID)
	return drillOf(d), err
}

func (s *Server) listMissing(ctx context.Context, by org.Actor, in *unitOnBoard) (list[missingView], error) {
	id, err := s.boardID(ctx, by, in.ID)
	if err != nil {
		return list[missingView]{}, err
	}
	people, err := s.cfg.Ranking.Missing(ctx, by, id, in.UnitID)
	return listOf(people, "", missingOf), err
}

func (s *Server) showLearnerBoard(ctx context.Context, by org.Actor, in *ByID) (learnerBoardView, error) {
	id, err := s.boardID(ctx, by, in.ID)
	if err != nil {
		return learnerBoardView{}, err
	}
	view, err := s.cfg.Ranking.LearnerBoard(ctx, by, id)
	if err != nil {
		return learnerBoardView{}, err
	}
	return learnerBoardOf(view), nil
}

// ownBoard is the own unit's place, for the home page; nil where there is none to show.
func (s *Server) ownBoard(ctx context.Context, by org.Actor, contestID int64) (*ownBoardView, error) {
	id, err := s.boardID(ctx, by, contestID)
	if err != nil {
		return nil, ignoreNotFound(err)
	}
	view, err := s.cfg.Ranking.LearnerBoard(ctx, by, id)
	if err != nil || view.Own == nil {
		return nil, ignoreNotFound(err)
	}
	return &ownBoardView{ContestID: contestID, State: view.Public.State, Frozen: view.Public.Frozen, UpdatedAt: at(view.Public.UpdatedAt.Time),
		Unit: unitStandOf(*view.Own)}, nil
}

func ignoreNotFound(err error) error {
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
		return nil
	}
	return err
}

// streamBoard sends the unit board whenever it changes; what one sees depends on scope and own unit, so
// only people of the same unit without a scope share a reading.
func (s *Server) streamBoard(c *fiber.Ctx, by org.Actor) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	if _, err := s.boardID(c.UserContext(), by, id); err != nil {
		return err
	}
	return s.stream(c, "board/"+number(id)+"/unit/"+number(by.UnitID), func(ctx context.Context) (any, any, error) {
		view, err := s.showLearnerBoard(ctx, by, &ByID{ID: id})
		return view, view, err
	})
}
