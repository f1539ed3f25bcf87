package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"jingzhong/org"
)

// drainLimit is how long Shutdown waits for requests that run (security.md: deploy during a contest).
const drainLimit = 10 * time.Second

// Config is what the server stands on. Services may be nil only for Document.
type Config struct {
	Version        string
	Now            func() time.Time
	Log            *slog.Logger
	TokenKey       []byte         // >= 32 bytes, signs access tokens
	Zone           *time.Location // the installation's civil time, told to browsers
	TLS            *tls.Config    // nil = plain HTTP
	TrustedProxies []string       // addresses or CIDRs whose X-Forwarded-For and -Proto are believed
	App            fs.FS          // the built browser app; without an index.html it is "not built"
	SiteCA         []byte         // PEM of the site's own CA, offered at /install-ca; nil = none
	Ready          func(context.Context) error
	Gauges         map[string]func() float64 // further metrics, name without prefix

	// Authenticate turns a verified token into the actor of the moment, or refuses.
	Authenticate func(ctx context.Context, sessionID string, personID, epoch int64) (org.Actor, error)
	// Denied records a refusal for lack of a right in the audit log.
	Denied func(ctx context.Context, by org.Actor, route, code string) error

	Services
}

// Server is the HTTP face of one installation.
type Server struct {
	cfg      Config
	log      *slog.Logger
	tls      bool
	app      *fiber.App
	api      huma.API
	rows     []route
	uploads  map[string]bool
	tokens   *tokens
	site     *site
	hub      *hub
	metrics  *metrics
	draining atomic.Bool
	document []byte
}

// New builds the server; it serves once Serve is called.
func New(cfg Config) (*Server, error) {
	s := &Server{cfg: cfg, log: cfg.Log, tls: cfg.TLS != nil, uploads: map[string]bool{}, metrics: newMetrics(cfg.Gauges)}
	if s.log == nil {
		s.log = slog.Default()
	}
	if s.cfg.Zone == nil {
		s.cfg.Zone = time.UTC
	}
	if cfg.Now == nil {
		return nil, errors.New("server: Config.Now is required")
	}
	var err error
	if s.tokens, err = newTokens(cfg.TokenKey, cfg.Now); err != nil {
		return nil, err
	}
	if s.site, err = newSite(cfg.App); err != nil {
		return nil, fmt.Errorf("server: embedded app: %w", err)
	}
	s.hub = newHub(s)
	s.app = s.newApp()
	s.api = humafiber.New(s.app, apiConfig(cfg.Version))
	s.mountAll(s.routes())
	if s.document, err = s.makeDocument(); err != nil {
		return nil, err
	}
	s.mountRest()
	return s, nil
}

func apiConfig(version string) huma.Config {
	huma.DefaultArrayNullable = false // our lists are [] when empty, never null
	return huma.Config{
		OpenAPI: &huma.OpenAPI{OpenAPI: "3.1.0",
			Info: &huma.Info{Title: "警钟 Jingzhong", Version: version, Description: documentIntro},
			Components: &huma.Components{
				Schemas:         huma.NewMapRegistry("#/components/schemas/", schemaName),
				SecuritySchemes: map[string]*huma.SecurityScheme{"bearer": {Type: "http", Scheme: "bearer", BearerFormat: "JWT"}},
			}},
		Formats:       map[string]huma.Format{"application/json": strictJSON, "json": strictJSON},
		DefaultFormat: "application/json",
	}
}

// mountRest adds what is not the API: health, the document, the CA page and the app.
func (s *Server) mountRest() {
	s.app.Get("/healthz", s.healthz)
	s.app.Get("/readyz", s.readyz)
	s.mountDocs()
	s.mountCA()
	s.app.Use(func(c *fiber.Ctx) error {
		if path := c.Path(); path == "/api" || strings.HasPrefix(path, "/api/") {
			return c.Next() // Fiber tells 404 from 405
		}
		return s.site.serve(c)
	})
}

// Serve answers on the listener until Shutdown.
func (s *Server) Serve(ln net.Listener) error {
	if s.cfg.TLS != nil {
		ln = tls.NewListener(ln, s.cfg.TLS)
	}
	return s.app.Listener(ln)
}

// Shutdown stops taking work (readyz says 503), ends the streams, lets running requests finish for at most
// drainLimit and closes.
func (s *Server) Shutdown(ctx context.Context) error {
	s.draining.Store(true)
	s.hub.close()
	ctx, cancel := context.WithTimeout(ctx, drainLimit)
	defer cancel()
	return s.app.ShutdownWithContext(ctx)
}

// Document is the OpenAPI 3.1 document as JSON.
func (s *Server) Document() []byte { return s.document }
