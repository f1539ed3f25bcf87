package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"jingzhong/frontend"
	"jingzhong/seed"
	"jingzhong/server"
	"jingzhong/store"
)

type serveCmd struct {
	Data           string   `help:"Folder of the installation: database, keys, certificates." default:"data" env:"JINGZHONG_DATA" placeholder:"DIR"`
	Addr           string   `help:"Where to listen." default:"127.0.0.1:8080" env:"JINGZHONG_ADDR" placeholder:"HOST:PORT"`
	Demo           bool     `help:"Load the demo county into an empty folder." env:"JINGZHONG_DEMO"`
	DemoPassword   string   `help:"Password of the demo's named accounts; absent = a random one, printed once." env:"JINGZHONG_DEMO_PASSWORD" placeholder:"PASSWORD"`
	TLSCert        string   `help:"Certificate, PEM." name:"tls-cert" env:"JINGZHONG_TLS_CERT" placeholder:"FILE"`
	TLSKey         string   `help:"Its key, PEM." name:"tls-key" env:"JINGZHONG_TLS_KEY" placeholder:"FILE"`
	MetricsAddr    string   `help:"Where to serve /metrics; absent = nowhere." env:"JINGZHONG_METRICS_ADDR" placeholder:"HOST:PORT"`
	DSN            string   `help:"PostgreSQL instead of SQLite." name:"dsn" env:"JINGZHONG_DSN" placeholder:"DSN"`
	TokenKey       string   `help:"Key of access tokens, at least 32 bytes; absent = DIR/keys/jwt.key, made on the first start." env:"JINGZHONG_TOKEN_KEY" placeholder:"KEY"`
	SiteKey        string   `help:"Key of codes, leases and receipts, at least 32 bytes; absent = DIR/keys/site.key, made on the first start." env:"JINGZHONG_SITE_KEY" placeholder:"KEY"`
	TrustedProxies []string `help:"Addresses whose X-Forwarded-For and X-Forwarded-Proto are believed." env:"JINGZHONG_TRUSTED_PROXIES" placeholder:"CIDR"`
	TimeZone       string   `help:"Civil time of the installation." default:"Asia/Shanghai" env:"JINGZHONG_TIME_ZONE"`
	LogFormat      string   `help:"json or text." enum:"json,text" default:"json" env:"JINGZHONG_LOG_FORMAT"`
	LogLevel       string   `help:"debug, info, warn or error." enum:"debug,info,warn,error" default:"info" env:"JINGZHONG_LOG_LEVEL"`
}

// databaseFile is the installation's database inside its folder.
const databaseFile = "jingzhong.db"

// Run serves until the context ends (SIGTERM, SIGINT), then drains.
func (c *serveCmd) Run(ctx context.Context) error {
	log, err := c.logger()
	if err != nil {
		return err
	}
	slog.SetDefault(log)
	lock, err := c.openFolder()
	if err != nil {
		return err
	}
	defer lock.Close()
	s, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer s.close()
	ln, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return err
	}
	if err := c.greet(ctx, s, ln.Addr().String()); err != nil {
		ln.Close()
		return err
	}
	return c.run(ctx, s, ln)
}

func (c *serveCmd) logger() (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return nil, err
	}
	options := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "text" {
		return slog.New(slog.NewTextHandler(os.Stderr, options)), nil
	}
	return slog.New(slog.NewJSONHandler(os.Stderr, options)), nil
}

// openFolder makes and locks the installation's folder; the demo wants an empty one, or its own.
func (c *serveCmd) openFolder() (*os.File, error) {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, err
	}
	if c.Demo {
		if err := markDemo(c.Data); err != nil {
			return nil, err
		}
	}
	return lockFolder(c.Data)
}

// demoMark tells a demo's folder from others, before anything is written into its database.
const demoMark = "demo"

func markDemo(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, demoMark)); err == nil {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if name := e.Name(); name != lockFile && name != "tls" && name != "lost+found" {
			return fmt.Errorf("--demo loads the demo county into an empty folder, and %s holds %s; give another --data", dir, name)
		}
	}
	return os.WriteFile(filepath.Join(dir, demoMark), []byte("This folder holds the demo county.\n"), 0o600)
}

// site is a running installation.
type site struct {
	services
	server *server.Server
	log    *slog.Logger
	zone   *time.Location
}

func (c *serveCmd) open(ctx context.Context, log *slog.Logger) (*site, error) {
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("--time-zone: %w", err)
	}
	tokenKey, err := loadKey(c.Data, "jwt.key", c.TokenKey)
	if err != nil {
		return nil, err
	}
	siteKey, err := loadKey(c.Data, "site.key", c.SiteKey)
	if err != nil {
		return nil, err
	}
	clock := seed.NewClock(time.Now)
	cfg := store.Config{Path: filepath.Join(c.Data, databaseFile), Now: clock.Now, Log: log}
	if c.DSN != "" {
		cfg.Path, cfg.DSN = "", c.DSN
	}
	s := &site{log: log, zone: zone}
	if s.services, err = openServices(ctx, cfg, siteKey, zone, log); err != nil {
		return nil, err
	}
	if c.Demo {
		if err := c.loadDemo(ctx, s, clock); err != nil {
			s.close()
			return nil, err
		}
	}
	if s.server, err = c.newServer(s, clock.Now, tokenKey); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (c *serveCmd) loadDemo(ctx context.Context, s *site, clock *seed.Clock) error {
	loaded, err := seed.Load(ctx, seed.Config{DB: s.db, Org: s.org, Bank: s.bank, Contests: s.contests, Ranking: s.ranking,
		Clock: clock, Zone: s.zone, Password: c.DemoPassword, Out: os.Stdout, Log: s.log})
	if loaded {
		s.log.Info("demo county loaded")
	}
	return err
}

func (c *serveCmd) newServer(s *site, now func() time.Time, tokenKey []byte) (*server.Server, error) {
	cfg := s.services.serverConfig()
	cfg.Version, cfg.Now, cfg.Log, cfg.TokenKey, cfg.Zone = version, now, s.log, tokenKey, s.zone
	cfg.TrustedProxies, cfg.App = c.TrustedProxies, frontend.FS
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return nil, errors.New("--tls-cert and --tls-key go together")
	}
	if c.TLSCert != "" {
		pair, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
		if err != nil {
			return nil, err
		}
		cfg.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	}
	if ca, err := os.ReadFile(filepath.Join(c.Data, "tls", caCertFile)); err == nil {
		cfg.SiteCA = ca
	}
	return server.New(cfg)
}

// greet prints where the site is, and on a new installation the one-time set-up link.
func (c *serveCmd) greet(ctx context.Context, s *site, addr string) error {
	scheme := "http"
	if c.TLSCert != "" {
		scheme = "https"
	}
	base := scheme + "://" + reachable(addr)
	fmt.Println("警钟 Jingzhong", version, "at", base)
	token, err := s.org.SetupToken(ctx)
	if err != nil {
		return err
	}
	if token != "" {
		fmt.Println("Open this link once to set the site up:", base+"/setup#token="+token)
	}
	return nil
}

// reachable turns a wildcard address into one a browser on this machine can open.
func reachable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

func (c *serveCmd) run(ctx context.Context, s *site, ln net.Listener) error {
	// Before the first request: an outage is paid back before anybody's answer is compared with a deadline.
	if err := s.contests.Sweep(ctx); err != nil {
		return err
	}
	stopJobs := s.startJobs()
	defer stopJobs()
	failed := make(chan error, 2)
	go func() { failed <- s.server.Serve(ln) }()
	if c.MetricsAddr != "" {
		metrics := &http.Server{Addr: c.MetricsAddr, Handler: s.server.Metrics(), ReadHeaderTimeout: 5 * time.Second}
		defer metrics.Close()
		go func() { failed <- metrics.ListenAndServe() }()
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	s.log.Info("draining")
	return s.server.Shutdown(context.Background())
}

// startJobs runs what moves with the clock; the returned function ends it and waits.
func (s *site) startJobs() func() {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{}, 2)
	go func() { s.contests.Run(ctx); done <- struct{}{} }()
	go func() { s.hourly(ctx); done <- struct{}{} }()
	return func() {
		stop()
		<-done
		<-done
	}
}

// hourly deletes what has run out.
func (s *site) hourly(ctx context.Context) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		if err := s.org.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("sweep", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
