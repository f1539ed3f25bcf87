package server

import (
	"context"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"jingzhong/org"
	"jingzhong/quiz"
)

func (s *Server) showMonitor(ctx context.Context, by org.Actor, in *ByID) (monitorView, error) {
	m, err := s.cfg.Contests.Monitor(ctx, by, in.ID)
	return monitorOf(m), err
}

type monitorPeopleIn struct {
	ByID
	Paging
	State  string `query:"state" enum:"not_started,in_progress,disconnected,suspended,submitted,voided"`
	UnitID int64  `query:"unit"`
	Query  string `query:"q" maxLength:"60"`
}

func (s *Server) listMonitorPeople(ctx context.Context, by org.Actor, in *monitorPeopleIn) (list[monitorPersonView], error) {
	page, err := s.cfg.Contests.MonitorPeople(ctx, by, in.ID, quiz.MonitorFilter{State: in.State, UnitID: in.UnitID, Query: in.Query,
		Limit: in.Limit, Cursor: in.Cursor})
	return listOf(page.Items, page.Next, monitorPersonOf), err
}

// streamMonitor sends the monitor whenever it changes. The first reading is made here, so that who may not
// see it gets a problem and no stream.
func (s *Server) streamMonitor(c *fiber.Ctx, by org.Actor) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	if _, err := s.cfg.Contests.Monitor(c.UserContext(), by, id); err != nil {
		return err
	}
	// Everybody who may open a contest's monitor sees the same one.
	return s.stream(c, "monitor/"+number(id), func(ctx context.Context) (any, any, error) {
		m, err := s.cfg.Contests.Monitor(ctx, by, id)
		view := monitorOf(m)
		m.ServerTime, m.Store = 0, quiz.Monitor{}.Store
		return view, monitorOf(m), err
	})
}

// pathID is the {id} of a plain route.
func pathID(c *fiber.Ctx) (int64, error) {
	id, err := strconv.ParseInt(c.Params("id"), 10, 64)
	if err != nil || id < 1 {
		return 0, inputFaults["input.type"].At("id").With("field", "id", "expected", "0")
	}
	return id, nil
}
