package server

import (
	"context"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jingzhong/fault"
	"jingzhong/org"
)

// admit checks what every row asks before its handler runs: known query names given once, and an actor that
// holds the row's least right. Which objects the actor may touch is the service's decision.
func (s *Server) admit(c *fiber.Ctx, r *route) error {
	n := notes(c)
	n.route = r.path
	if err := r.checkQuery(c); err != nil {
		return err
	}
	if r.least == org.Public {
		n.by = org.Actor{IP: n.ip, Lang: n.lang}
		return nil
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), serviceTimeout)
	defer cancel()
	by, err := s.authenticate(ctx, c.Get(fiber.HeaderAuthorization))
	if err != nil {
		return err
	}
	by.IP, by.Lang = n.ip, n.lang
	n.by = by
	if r.other != "" && by.Has(r.other) {
		return nil
	}
	if err := org.Require(by, r.least); err != nil {
		s.recordDenial(ctx, n, err)
		return err
	}
	return nil
}

// authenticate turns a bearer token into the actor of the moment. org looks at the session's epoch on each
// request, so disabling, a role or a new password act within a second.
func (s *Server) authenticate(ctx context.Context, header string) (org.Actor, error) {
	scheme, token, ok := strings.Cut(header, " ")
	if header == "" {
		return org.Actor{}, org.ErrSignInNeeded
	}
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return org.Actor{}, errToken
	}
	id, err := s.tokens.verify(token)
	if err != nil {
		return org.Actor{}, err
	}
	return s.cfg.Authenticate(ctx, id.sessionID, id.personID, id.epoch)
}

func (r *route) checkQuery(c *fiber.Ctx) error {
	args := c.Context().QueryArgs()
	if args.Len() == 0 {
		return nil
	}
	seen := map[string]bool{}
	for key := range args.All() {
		name := string(key)
		repeatable, known := r.query[name]
		if !known {
			return errUnknownQuery.At(name).With("field", name)
		}
		if seen[name] && !repeatable {
			return errRepeated.At(name).With("field", name)
		}
		seen[name] = true
	}
	return nil
}

// recordDenial writes refusals for lack of a right into the audit log (security.md, Audit log).
func (s *Server) recordDenial(ctx context.Context, r *request, err error) {
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.Denied || s.cfg.Denied == nil || r.by.PersonID == 0 {
		return
	}
	if err := s.cfg.Denied(context.WithoutCancel(ctx), r.by, r.route, f.Code); err != nil && !errors.Is(err, context.Canceled) {
		s.log.Error("record denial", "requestId", r.id, "error", err)
	}
}
