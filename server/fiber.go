package server

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/valyala/fasthttp"
)

// Limits of a request, from security.md. Uploads have routes, a body limit and patience of their own.
const (
	jsonBodyLimit   = 256 << 10
	uploadBodyLimit = 20 << 20
	readTimeout     = 15 * time.Second
	writeTimeout    = 30 * time.Second
	idleTimeout     = 90 * time.Second
	uploadTimeout   = 2 * time.Minute
	serviceTimeout  = 15 * time.Second
	importTimeout   = 5 * time.Minute
	headerLimit     = 8 << 10
)

// contentPolicy is the content security policy that held with no violation (ecosystem.md).
const contentPolicy = "default-src 'self'; img-src 'self' data:; font-src 'self' data:; style-src 'self'; script-src 'self'; " +
	"object-src 'none'; base-uri 'none'; frame-ancestors 'none'; connect-src 'self'"

func (s *Server) newApp() *fiber.App {
	app := fiber.New(fiber.Config{
		AppName:                      "Jingzhong",
		Immutable:                    true,
		CaseSensitive:                true,
		StrictRouting:                true,
		BodyLimit:                    jsonBodyLimit,
		ReadTimeout:                  readTimeout,
		WriteTimeout:                 writeTimeout,
		IdleTimeout:                  idleTimeout,
		ReadBufferSize:               headerLimit,
		DisablePreParseMultipartForm: true,
		DisableStartupMessage:        true,
		EnableTrustedProxyCheck:      true,
		TrustedProxies:               s.cfg.TrustedProxies,
		ErrorHandler:                 s.handleError,
	})
	app.Server().HeaderReceived = s.limitsFor
	app.Server().KeepHijackedConns = false
	app.Use(s.observe)
	return app
}

// limitsFor gives upload routes their larger body and event streams their long write before the body is read.
func (s *Server) limitsFor(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	path, _, _ := strings.Cut(string(h.RequestURI()), "?")
	switch {
	case h.IsPost() && s.uploads[path]:
		return fasthttp.RequestConfig{MaxRequestBodySize: uploadBodyLimit, ReadTimeout: uploadTimeout}
	case h.IsGet() && strings.HasSuffix(path, "/stream"):
		return fasthttp.RequestConfig{WriteTimeout: 2 * streamMaxAge}
	}
	return fasthttp.RequestConfig{}
}

// observe is the outermost layer: the request's notes, the headers every answer carries, recovery, counting
// and the access log. The log names the route's pattern, never the query, a body or a token.
func (s *Server) observe(c *fiber.Ctx) (err error) {
	r := s.note(c)
	s.secure(c)
	s.metrics.inFlight.Inc()
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("panic", "requestId", r.id, "route", r.route, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = s.refuse(c, errInternal)
		}
		s.metrics.inFlight.Dec()
		s.account(c, r, s.cfg.Now().Sub(r.arrived))
	}()
	if s.draining.Load() {
		c.Context().SetConnectionClose()
	}
	if err := c.Next(); err != nil {
		return s.handleError(c, err)
	}
	return nil
}

func (s *Server) account(c *fiber.Ctx, r *request, spent time.Duration) {
	status := c.Response().StatusCode()
	route := r.route
	if route == "" {
		route = "other"
	}
	s.metrics.observe(c.Method(), route, status, spent)
	level := slog.LevelInfo
	if status >= 500 {
		level = slog.LevelWarn
	}
	if ctx := context.Background(); s.log.Enabled(ctx, level) {
		s.log.LogAttrs(ctx, level, "request", slog.String("method", c.Method()), slog.String("route", route),
			slog.Int("status", status), slog.Float64("ms", float64(spent.Microseconds())/1000),
			slog.String("requestId", r.id), slog.Int64("person", r.by.PersonID), slog.String("ip", r.ip))
	}
}

// note starts the request's notes.
func (s *Server) note(c *fiber.Ctx) *request {
	r := &request{id: uuid.NewString(), arrived: s.cfg.Now(), ip: s.clientIP(c)}
	r.lang = chooseLang(c.Query("lang"), c.Get(fiber.HeaderAcceptLanguage))
	r.secure = s.tls || c.IsProxyTrusted() && c.Get(fiber.HeaderXForwardedProto) == "https"
	r.base = "http://" + c.Hostname()
	if r.secure {
		r.base = "https://" + c.Hostname()
	}
	c.Locals(requestKey{}, r)
	return r
}

// secure sets the headers every answer carries. The opener policy and HSTS only mean something over TLS;
// over plain HTTP browsers would log the first as an error.
func (s *Server) secure(c *fiber.Ctx) {
	h := &c.Response().Header
	h.Set("X-Request-Id", notes(c).id)
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	h.Set("Cache-Control", "no-store")
	if notes(c).secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
	}
}

// clientIP is the peer, or, behind a trusted proxy, the address that proxy saw: the last one it appended.
// It is only recorded, never used to limit anyone (a county sits behind one address).
func (s *Server) clientIP(c *fiber.Ctx) string {
	peer := c.Context().RemoteIP().String()
	if len(s.cfg.TrustedProxies) == 0 || !c.IsProxyTrusted() {
		return peer
	}
	hops := strings.Split(c.Get(fiber.HeaderXForwardedFor), ",")
	if ip := net.ParseIP(strings.TrimSpace(hops[len(hops)-1])); ip != nil {
		return ip.String()
	}
	return peer
}
