package server

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"jingzhong/org"
	"jingzhong/store/storetest"
)

var testKey = []byte("0123456789abcdef0123456789abcdef")

// bare is a server without services, for what the HTTP face decides alone. The actor of a token is looked
// up in people by person id.
func bare(t *testing.T, change func(*Config)) (*Server, *storetest.Clock) {
	t.Helper()
	clock := storetest.NewClock()
	cfg := Config{Version: "test", Now: clock.Now, Log: slog.New(slog.DiscardHandler), TokenKey: testKey,
		Ready: func(context.Context) error { return nil },
		Authenticate: func(_ context.Context, session string, person, epoch int64) (org.Actor, error) {
			if epoch != 1 {
				return org.Actor{}, org.ErrSessionStale
			}
			return org.Actor{PersonID: person, Name: "某人", UnitPath: "/1/", SessionID: session, Mode: org.ModeQuick}, nil
		}}
	if change != nil {
		change(&cfg)
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.hub.close)
	return s, clock
}

// call is one request to a test server.
type call struct {
	method, path, body, token string
	header                    map[string]string
}

type reply struct {
	status int
	header http.Header
	body   string
}

func (s *Server) ask(t testing.TB, c call) reply {
	t.Helper()
	var body io.Reader
	if c.body != "" {
		body = strings.NewReader(c.body)
	}
	req := httptest.NewRequest(c.method, c.path, body)
	if c.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	for name, value := range c.header {
		req.Header.Set(name, value)
	}
	res, err := s.app.Test(req, 30_000)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{res.StatusCode, res.Header, string(b)}
}

func (r reply) problem(t testing.TB) problem {
	t.Helper()
	var p problem
	if err := json.Unmarshal([]byte(r.body), &p); err != nil {
		t.Fatalf("%d %s: %v", r.status, r.body, err)
	}
	return p
}

func (s *Server) token(t testing.TB, person, epoch int64) string {
	t.Helper()
	text, _, err := s.tokens.issue(person, "s1", epoch)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestEveryAnswerCarriesTheHeaders(t *testing.T) {
	s, _ := bare(t, nil)
	want := map[string]string{"Content-Security-Policy": contentPolicy, "X-Content-Type-Options": "nosniff",
		"X-Frame-Options": "DENY", "Referrer-Policy": "same-origin"}
	for _, path := range []string{"/healthz", "/readyz", "/api/v1/time", "/api/v1/none", "/api/openapi.json", "/api/docs", "/", "/assets/none.js"} {
		r := s.ask(t, call{method: "GET", path: path})
		for name, value := range want {
			if got := r.header.Get(name); got != value {
				t.Errorf("%s: %s = %q", path, name, got)
			}
		}
		if r.header.Get("X-Request-Id") == "" {
			t.Errorf("%s: no request id", path)
		}
		for _, unwanted := range []string{"Strict-Transport-Security", "Cross-Origin-Opener-Policy", "Server"} {
			if got := r.header.Get(unwanted); got != "" {
				t.Errorf("%s: %s = %q over plain HTTP", path, unwanted, got)
			}
		}
	}
}

func TestTrustedProxyOnly(t *testing.T) {
	forwarded := map[string]string{"X-Forwarded-Proto": "https", "X-Forwarded-For": "6.6.6.6, 10.1.2.3"}
	s, _ := bare(t, nil)
	if r := s.ask(t, call{method: "GET", path: "/healthz", header: forwarded}); r.header.Get("Strict-Transport-Security") != "" {
		t.Error("a stranger's X-Forwarded-Proto was believed")
	}
	s, _ = bare(t, func(c *Config) { c.TrustedProxies = []string{"0.0.0.0"} }) // the peer app.Test gives
	if r := s.ask(t, call{method: "GET", path: "/healthz", header: forwarded}); r.header.Get("Strict-Transport-Security") == "" {
		t.Error("the trusted proxy's X-Forwarded-Proto was not believed")
	}
}

func TestProblems(t *testing.T) {
	s, _ := bare(t, nil)
	token := s.token(t, 7, 1)
	for name, c := range map[string]struct {
		call
		status      int
		code, field string
	}{
		"no route":          {call{method: "GET", path: "/api/v1/none"}, 404, "route.not_found", ""},
		"no method":         {call{method: "PATCH", path: "/api/v1/time"}, 405, "route.method", ""},
		"other case":        {call{method: "GET", path: "/api/v1/Time"}, 404, "route.not_found", ""},
		"trailing slash":    {call{method: "GET", path: "/api/v1/time/"}, 404, "route.not_found", ""},
		"no session":        {call{method: "GET", path: "/api/v1/me"}, 401, "session.required", ""},
		"bad token":         {call{method: "GET", path: "/api/v1/me", token: "x.y.z"}, 401, "session.token", ""},
		"basic":             {call{method: "GET", path: "/api/v1/me", header: map[string]string{"Authorization": "Basic YTpi"}}, 401, "session.token", ""},
		"stale epoch":       {call{method: "GET", path: "/api/v1/me", token: s.token(t, 7, 2)}, 401, "session.stale", ""},
		"no right":          {call{method: "GET", path: "/api/v1/people", token: token}, 403, "right.denied", ""},
		"unknown query":     {call{method: "GET", path: "/api/v1/time?Lang=en&secret=1"}, 400, "input.unknown_query", "Lang"},
		"repeated query":    {call{method: "GET", path: "/api/v1/time?lang=en&lang=en"}, 400, "input.repeated_query", "lang"},
		"empty body":        {call{method: "POST", path: "/api/v1/sessions"}, 400, "input.body_missing", ""},
		"not json":          {call{method: "POST", path: "/api/v1/sessions", body: `{"username"`}, 400, "input.syntax", ""},
		"text after":        {call{method: "POST", path: "/api/v1/sessions", body: `{"username":"a","password":"b"} {}`}, 400, "input.trailing", ""},
		"unknown name":      {call{method: "POST", path: "/api/v1/sessions", body: `{"username":"a","password":"b","admin":true}`}, 400, "input.unknown", "admin"},
		"other case name":   {call{method: "POST", path: "/api/v1/sessions", body: `{"username":"a","passWord":"hunter2"}`}, 400, "input.unknown", "passWord"},
		"twice":             {call{method: "POST", path: "/api/v1/sessions", body: `{"username":"a","username":"b","password":"b"}`}, 400, "input.duplicate", "username"},
		"twice, escaped":    {call{method: "POST", path: "/api/v1/sessions", body: `{"username":"a","\u0075sername":"b","password":"b"}`}, 400, "input.duplicate", "username"},
		"twice, other case": {call{method: "POST", path: "/api/v1/sessions", body: `{"username":"a","Username":"b","password":"b"}`}, 400, "input.case", "Username"},
		"missing":           {call{method: "POST", path: "/api/v1/sessions", body: `{"username":"a"}`}, 400, "input.required", "password"},
		"wrong type":        {call{method: "POST", path: "/api/v1/sessions", body: `{"username":1,"password":"b"}`}, 400, "input.type", "username"},
		"null":              {call{method: "POST", path: "/api/v1/sessions", body: `{"username":null,"password":"b"}`}, 400, "input.type", "username"},
		"not an object":     {call{method: "POST", path: "/api/v1/sessions", body: `["a"]`}, 400, "input.type", ""},
		"too long":          {call{method: "POST", path: "/api/v1/sessions", body: `{"username":"` + strings.Repeat("a", 81) + `","password":"b"}`}, 400, "input.too_long", "username"},
		"nul":               {call{method: "POST", path: "/api/v1/sessions", body: `{"username":"a\u0000","password":"b"}`}, 400, "input.encoding", ""},
		"not utf-8":         {call{method: "POST", path: "/api/v1/sessions", body: "{\"username\":\"a\xff\",\"password\":\"b\"}"}, 400, "input.encoding", ""},
		"deep":              {call{method: "POST", path: "/api/v1/sessions", body: strings.Repeat("[", 40) + strings.Repeat("]", 40)}, 400, "input.depth", ""},
		"media type":        {call{method: "POST", path: "/api/v1/sessions", body: `<x/>`, header: map[string]string{"Content-Type": "text/xml"}}, 415, "input.media_type", ""},
	} {
		r := s.ask(t, c.call)
		p := r.problem(t)
		if r.status != c.status || p.Status != c.status || p.Code != c.code || p.Field != c.field {
			t.Errorf("%s: %d %s %q, want %d %s %q (%s)", name, r.status, p.Code, p.Field, c.status, c.code, c.field, r.body)
		}
		if got := r.header.Get("Content-Type"); got != "application/problem+json" {
			t.Errorf("%s: %s", name, got)
		}
		if p.Type != "urn:jingzhong:"+p.Code || p.Title == "" || p.Detail == "" || p.RequestID == "" || p.RequestID != r.header.Get("X-Request-Id") {
			t.Errorf("%s: incomplete %s", name, r.body)
		}
		for _, unwanted := range []string{"hunter2", "xxxxxxxxxx", "aaaaaaaaaa", "expected", "huma", "json:", "{"} {
			if strings.Contains(strings.TrimPrefix(r.body, "{"), unwanted) && unwanted != "{" {
				t.Errorf("%s: shows %q: %s", name, unwanted, r.body)
			}
		}
		if strings.Contains(p.Detail, "{") {
			t.Errorf("%s: unfilled sentence %q", name, p.Detail)
		}
	}
}

func TestSentencesFollowTheLanguage(t *testing.T) {
	s, _ := bare(t, nil)
	for _, c := range []struct{ query, accept, want string }{
		{"", "", "zh-CN"}, {"", "en-GB,en;q=0.9", "en"}, {"", "zh-Hant-HK", "zh-TW"}, {"", "fr, zh-TW;q=0.3, en;q=0.8", "en"},
		{"?lang=zh-TW", "en", "zh-TW"}, {"?lang=xx", "en", "en"}, {"", "fr", "zh-CN"},
	} {
		r := s.ask(t, call{method: "GET", path: "/api/v1/me" + c.query, header: map[string]string{"Accept-Language": c.accept}})
		if got := r.problem(t).Detail; got != sentence(c.want, "session.required", nil) {
			t.Errorf("%q %q: %q", c.query, c.accept, got)
		}
	}
}

func TestReadiness(t *testing.T) {
	broken := false
	s, _ := bare(t, func(c *Config) {
		c.Ready = func(context.Context) error {
			if broken {
				return context.DeadlineExceeded
			}
			return nil
		}
	})
	if r := s.ask(t, call{method: "GET", path: "/readyz"}); r.status != 200 {
		t.Error(r)
	}
	broken = true
	if r := s.ask(t, call{method: "GET", path: "/readyz"}); r.status != 503 || r.header.Get("Retry-After") == "" {
		t.Error(r)
	}
	broken = false
	s.draining.Store(true)
	if r := s.ask(t, call{method: "GET", path: "/readyz"}); r.status != 503 || r.problem(t).Code != "server.draining" {
		t.Error(r)
	}
	if r := s.ask(t, call{method: "GET", path: "/healthz"}); r.status != 200 {
		t.Error(r)
	}
}

func TestAppIsServed(t *testing.T) {
	s, _ := bare(t, nil)
	if r := s.ask(t, call{method: "GET", path: "/"}); r.status != 503 || !strings.Contains(r.body, "make build") {
		t.Errorf("unbuilt: %d %s", r.status, r.body)
	}
	script := bytes.Repeat([]byte("console.log('警钟');"), 200)
	s, _ = bare(t, func(c *Config) {
		c.App = fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}, "assets/app-1a2b.js": {Data: script},
			"mark.svg": {Data: []byte("<svg/>")}, ".keep": {}}
	})
	for _, c := range []struct {
		path, kind, caching string
		status              int
	}{
		{"/", "text/html", "no-cache", 200}, {"/contests/3/attempt", "text/html", "no-cache", 200}, {"/index.html", "text/html", "no-cache", 200},
		{"/assets/app-1a2b.js", "text/javascript", "public, max-age=31536000, immutable", 200}, {"/mark.svg", "image/svg+xml", "no-cache", 200},
		{"/assets/gone.js", "application/problem+json", "no-store", 404}, {"/../../etc/passwd.txt", "application/problem+json", "no-store", 404},
		{"/.keep", "application/problem+json", "no-store", 404},
	} {
		r := s.ask(t, call{method: "GET", path: c.path})
		if r.status != c.status || !strings.HasPrefix(r.header.Get("Content-Type"), c.kind) || r.header.Get("Cache-Control") != c.caching {
			t.Errorf("%s: %d %s %s", c.path, r.status, r.header.Get("Content-Type"), r.header.Get("Cache-Control"))
		}
	}
	r := s.ask(t, call{method: "GET", path: "/assets/app-1a2b.js", header: map[string]string{"Accept-Encoding": "gzip"}})
	if r.header.Get("Content-Encoding") != "gzip" || len(r.body) > len(script)/4 {
		t.Errorf("gzip: %s, %d bytes", r.header.Get("Content-Encoding"), len(r.body))
	}
	if r := s.ask(t, call{method: "GET", path: "/mark.svg", header: map[string]string{"If-None-Match": s.site.files["mark.svg"].etag}}); r.status != 304 {
		t.Errorf("etag: %d", r.status)
	}
}
