package server

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"
)

// healthz says that the process answers.
func (s *Server) healthz(c *fiber.Ctx) error { return c.JSON(fiber.Map{"status": "ok"}) }

// readyz says whether to send work here: the database answers with the newest schema (a server with an older
// one does not start), and nobody is shutting us down.
func (s *Server) readyz(c *fiber.Ctx) error {
	if s.draining.Load() {
		return s.refuse(c, errDraining)
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), 2*time.Second)
	defer cancel()
	if err := s.cfg.Ready(ctx); err != nil {
		s.log.Warn("not ready", "error", err)
		return s.refuse(c, errUnready)
	}
	return c.JSON(fiber.Map{"status": "ready"})
}
