package server

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"jingzhong/org"
)

// listen serves on a real socket, for what app.Test cannot show: limits, streams, shutdown.
func listen(t *testing.T, s *Server) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve(ln) }()
	t.Cleanup(func() {
		if err := s.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return "http://" + ln.Addr().String()
}

func TestBodyLimits(t *testing.T) {
	s, _ := bare(t, func(c *Config) {
		c.Authenticate = func(context.Context, string, int64, int64) (org.Actor, error) {
			return org.Actor{PersonID: 7, Mode: org.ModeQuick}, nil
		}
	})
	base := listen(t, s)
	form := func(size int) (string, io.Reader) {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		part, err := w.CreateFormFile("file", "people.xlsx")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(make([]byte, size)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return w.FormDataContentType(), &b
	}
	for name, c := range map[string]struct {
		path   string
		size   int
		status int
	}{
		"json route, a large body":   {"/api/v1/sessions", jsonBodyLimit + 1, 413},
		"upload route, a large body": {"/api/v1/people-imports", jsonBodyLimit + 1, 403},
		"upload route, too large":    {"/api/v1/people-imports", uploadBodyLimit + 1, 413},
		"lookalike of an upload":     {"/api/v1/people-imports/", jsonBodyLimit + 1, 413},
	} {
		kind, body := form(c.size)
		req, err := http.NewRequest(http.MethodPost, base+c.path, body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", kind)
		req.Header.Set("Authorization", "Bearer "+s.token(t, 7, 1))
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			if c.status != 413 { // the server may close while we still send
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		got, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != c.status {
			t.Errorf("%s: %d %s %v", name, res.StatusCode, got, err)
		}
		if c.status == 413 && (!strings.Contains(string(got), "input.too_large") || res.Header.Get("Content-Security-Policy") == "") {
			t.Errorf("%s: %s %v", name, got, res.Header)
		}
	}
}

// streaming adds a stream over a value of the test's.
func streaming(t *testing.T, value *chan string) (*Server, string) {
	t.Helper()
	s, _ := bare(t, nil)
	latest := "first"
	s.app = s.newApp()
	s.app.Get("/stream", func(c *fiber.Ctx) error {
		return s.stream(c, "k", func(context.Context) (any, any, error) {
			select {
			case latest = <-*value:
			default:
			}
			return latest, latest, nil
		})
	})
	return s, listen(t, s)
}

func TestStreamsSendSnapshotsAndEnd(t *testing.T) {
	values := make(chan string, 4)
	s, base := streaming(t, &values)
	res, err := http.Get(base + "/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got := res.Header.Get("Content-Type"); got != "text/event-stream; charset=utf-8" {
		t.Error(got)
	}
	if res.Header.Get("Content-Encoding") != "" || res.Header.Get("ETag") != "" {
		t.Error(res.Header)
	}
	lines := bufio.NewScanner(res.Body)
	wait := func(want string) {
		t.Helper()
		for lines.Scan() {
			if strings.Contains(lines.Text(), want) {
				return
			}
		}
		t.Fatalf("the stream ended without %q", want)
	}
	wait("retry:")
	wait(`"serverTime":"2026-04-13T01:00:00.000Z"`)
	wait(`data: "first"`)
	values <- "second"
	wait(`data: "second"`)
	late, err := http.Get(base + "/stream") // who comes later gets the newest at once
	if err != nil {
		t.Fatal(err)
	}
	defer late.Body.Close()
	lines = bufio.NewScanner(late.Body)
	wait(`data: "second"`)
	if err := s.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, late.Body); err != nil {
		t.Error("the stream did not end cleanly:", err)
	}
}

func TestStreamsAreCapped(t *testing.T) {
	s, _ := bare(t, nil)
	read := func(context.Context) (any, any, error) { return 1, 1, nil }
	var leave []func()
	for range streamsOfPerson {
		_, l, err := s.hub.join("k", 7, read)
		if err != nil {
			t.Fatal(err)
		}
		leave = append(leave, l)
	}
	if _, _, err := s.hub.join("k", 7, read); err == nil {
		t.Error("one more than the cap was let in")
	}
	for _, l := range leave {
		l()
		l() // leaving twice counts once
	}
	if s.hub.total != 0 || len(s.hub.topics) != 0 || len(s.hub.people) != 0 {
		t.Errorf("left behind: %d clients, %d topics, %d people", s.hub.total, len(s.hub.topics), len(s.hub.people))
	}
}

func TestSlowClientsGetTheNewest(t *testing.T) {
	s, _ := bare(t, nil)
	events, leave, err := s.hub.join("k", 7, func(ctx context.Context) (any, any, error) { <-ctx.Done(); return nil, nil, ctx.Err() })
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	top := s.hub.topics["k"]
	for i := range 3 * streamQueue {
		s.hub.publish(top, []byte(number(int64(i))), uint64(i))
	}
	last := ""
	for range streamQueue {
		last = string(<-events)
	}
	if !strings.Contains(last, "data: "+number(3*streamQueue-1)+"\n") {
		t.Error(last)
	}
}

// TestShutdownDrains: a running request finishes, a new one is not taken, and it does not take long.
func TestShutdownDrains(t *testing.T) {
	s, _ := bare(t, nil)
	entered, release := make(chan struct{}), make(chan struct{})
	s.app = s.newApp()
	s.app.Get("/slow", func(c *fiber.Ctx) error {
		close(entered)
		<-release
		return c.SendString("finished")
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(ln) }()
	answer := make(chan string, 1)
	go func() {
		res, err := http.Get("http://" + ln.Addr().String() + "/slow")
		if err != nil {
			answer <- err.Error()
			return
		}
		b, err := io.ReadAll(res.Body)
		res.Body.Close()
		answer <- string(b)
		_ = err
	}()
	<-entered
	down := make(chan error, 1)
	go func() { down <- s.Shutdown(context.Background()) }()
	for !s.draining.Load() {
		time.Sleep(time.Millisecond)
	}
	close(release)
	if got := <-answer; got != "finished" {
		t.Error(got)
	}
	if err := <-down; err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}
