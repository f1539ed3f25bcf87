package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
	"gorm.io/gorm"

	"jingzhong/store"
)

// workers is how many connections the generator keeps busy.
const workers = 128

// load calls do from every worker until the time is over and returns calls per second. do gets the worker's
// number and how many calls that worker made before.
func load(each time.Duration, do func(worker, n int) error) (float64, error) {
	var calls atomic.Int64
	var failed atomic.Value
	var wg sync.WaitGroup
	begun := time.Now()
	for w := range workers {
		wg.Go(func() {
			for n := 0; time.Since(begun) < each; n++ {
				if err := do(w, n); err != nil {
					failed.Store(err)
					return
				}
				calls.Add(1)
			}
		})
	}
	wg.Wait()
	if err, ok := failed.Load().(error); ok && !errors.Is(err, errDone) {
		return 0, err
	}
	return float64(calls.Load()) / time.Since(begun).Seconds(), nil
}

// errDone ends a worker that has nothing left to do.
var errDone = errors.New("done")

func call(client *fasthttp.HostClient, method, path, token, lease string, body []byte, want ...int) ([]byte, error) {
	req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(res)
	req.SetRequestURI("http://" + client.Addr + path)
	req.Header.SetMethod(method)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if lease != "" {
		req.Header.Set("X-Lease", lease)
	}
	if body != nil {
		req.Header.SetContentType("application/json")
		req.SetBodyRaw(body)
	}
	if err := client.Do(req, res); err != nil {
		return nil, err
	}
	for _, status := range want {
		if res.StatusCode() == status {
			return append([]byte(nil), res.Body()...), nil
		}
	}
	return nil, fmt.Errorf("%s %s: %d %s", method, path, res.StatusCode(), res.Body())
}

func client(addr string) *fasthttp.HostClient {
	return &fasthttp.HostClient{Addr: addr, MaxConns: 4 * workers, ReadTimeout: 30 * time.Second, WriteTimeout: 30 * time.Second}
}

// hello is a bare Fiber that answers the given bytes: what any request costs.
func hello(body []byte) (addr string, stop func(), err error) {
	app := fiber.New(fiber.Config{DisableStartupMessage: true, Immutable: true})
	app.All("/", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
		return c.Send(body)
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	go app.Listener(ln)
	return ln.Addr().String(), func() { app.Shutdown() }, nil
}

// turns measures the sides in turns and returns each one's rate relative to the first, the median of the rounds.
func turns(rounds int, sides ...func() (float64, error)) ([]float64, error) {
	ratios := make([][]float64, len(sides))
	for range rounds {
		var first float64
		for i, side := range sides {
			rate, err := side()
			if err != nil {
				return nil, err
			}
			if i == 0 {
				first = rate
			}
			ratios[i] = append(ratios[i], rate/first)
		}
	}
	out := make([]float64, len(sides))
	for i := range sides {
		out[i] = median(ratios[i])
	}
	return out, nil
}

type begun struct {
	ID    int64  `json:"id"`
	Lease string `json:"lease"`
}

// saves: the whole path of an answer at FULL against the same handler over a null store, and against hello.
func saves(rounds int, each time.Duration) ([]figure, error) {
	h, err := newHall()
	if err != nil {
		return nil, err
	}
	defer h.close()
	id, err := h.open()
	if err != nil {
		return nil, err
	}
	c := client(h.addr)
	attempts := make([]begun, workers)
	for i := range attempts {
		b, err := call(c, "POST", fmt.Sprintf("/api/v1/contests/%d/attempts", id), h.tokens[i], "", nil, 201)
		if err == nil {
			err = json.Unmarshal(b, &attempts[i])
		}
		if err != nil {
			return nil, err
		}
	}
	var seq atomic.Int64
	save := func(w, n int) error {
		body := fmt.Appendf(nil, `{"answers":[{"slot":%d,"seq":%d,"choice":[%d]}]}`, n%30+1, seq.Add(1), n%4+1)
		_, err := call(c, "PUT", fmt.Sprintf("/api/v1/attempts/%d/answers", attempts[w].ID), h.tokens[w], attempts[w].Lease, body, 200)
		return err
	}
	addr, stop, err := hello([]byte(`{"saved":[{"slot":1,"seq":1,"receipt":"0123456789012345678901"}],"serverTime":"2026-04-15T01:00:00.000Z"}`))
	if err != nil {
		return nil, err
	}
	defer stop()
	bare := client(addr)
	whole := h.db.Committer
	null := store.Null(func(query string, dest []any) bool {
		if deadline, ok := dest[0].(*int64); ok {
			*deadline = time.Now().Add(time.Hour).UnixMilli()
		}
		return true
	})
	ratio, err := turns(rounds,
		func() (float64, error) {
			h.db.Committer = null
			defer func() { h.db.Committer = whole }()
			return load(each, save)
		},
		func() (float64, error) { return load(each, save) },
		func() (float64, error) {
			return load(each, func(int, int) error { _, err := call(bare, "PUT", "/", "", "", []byte(`{}`), 200); return err })
		})
	if err != nil {
		return nil, err
	}
	return []figure{
		{"answer save, FULL, over the same handler with a null store", ratio[1], 0.55, true, "", "PUT answers over loopback, 128 connections"},
		{"whole save path over bare Fiber hello", ratio[1] / ratio[2], 0.35, true, "", "the same run"},
	}, nil
}

// starts: attempt and paper against a bare hello of the same size.
func starts(rounds int, each time.Duration) ([]figure, error) {
	h, err := newHall()
	if err != nil {
		return nil, err
	}
	defer h.close()
	c := client(h.addr)
	id, err := h.open()
	if err != nil {
		return nil, err
	}
	paper, err := call(c, "POST", fmt.Sprintf("/api/v1/contests/%d/attempts", id), h.tokens[0], "", nil, 201)
	if err != nil {
		return nil, err
	}
	addr, stop, err := hello(paper)
	if err != nil {
		return nil, err
	}
	defer stop()
	bare := client(addr)
	ratio, err := turns(rounds,
		func() (float64, error) {
			return load(each, func(int, int) error { _, err := call(bare, "POST", "/", "", "", nil, 200); return err })
		},
		func() (float64, error) {
			// Everybody starts once in a contest of this round: each call makes an attempt.
			id, err := h.open()
			if err != nil {
				return 0, err
			}
			path := fmt.Sprintf("/api/v1/contests/%d/attempts", id)
			var next atomic.Int64
			started := time.Now()
			if _, err := load(time.Minute, func(int, int) error {
				i := next.Add(1) - 1
				if i >= contestants {
					return errDone
				}
				_, err := call(c, "POST", path, h.tokens[i], "", nil, 201)
				return err
			}); err != nil {
				return 0, err
			}
			return contestants / time.Since(started).Seconds(), nil
		})
	if err != nil {
		return nil, err
	}
	return []figure{{"contest start (attempt + paper) over bare Fiber hello of the same size", ratio[1], 0.4, true, "",
		fmt.Sprintf("%d starts a round, %d bytes each", contestants, len(paper))}}, nil
}

// groups: rows per second in groups against one transaction a row, both at FULL.
func groups(rounds int, each time.Duration) ([]figure, error) {
	dir, err := os.MkdirTemp("", "jingzhong-bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	db, err := store.Open(context.Background(), store.Config{Path: filepath.Join(dir, "jingzhong.db"), Now: time.Now})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	const put = `INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`
	var n atomic.Int64
	ctx := context.Background()
	ratio, err := turns(rounds,
		func() (float64, error) {
			begun, rows := time.Now(), 0
			for ; time.Since(begun) < each; rows++ {
				err := db.Tx(ctx, func(tx *gorm.DB) error {
					_, err := store.Writing(tx).Exec(put, fmt.Sprint("bench-", rows%1000), strconv.FormatInt(n.Add(1), 10))
					return err
				})
				if err != nil {
					return 0, err
				}
			}
			return float64(rows) / time.Since(begun).Seconds(), nil
		},
		func() (float64, error) {
			var wg sync.WaitGroup
			var rows atomic.Int64
			begun := time.Now()
			for w := range 1024 {
				wg.Go(func() {
					for i := 0; time.Since(begun) < each; i++ {
						err := db.Committer.Do(ctx, int64(w), func(b *store.Batch) error {
							_, err := b.Exec(put, fmt.Sprint("bench-", (w*31+i)%1000), strconv.FormatInt(n.Add(1), 10))
							return err
						})
						if err == nil {
							rows.Add(1)
						}
					}
				})
			}
			wg.Wait()
			return float64(rows.Load()) / time.Since(begun).Seconds(), nil
		})
	if err != nil {
		return nil, err
	}
	return []figure{{"group commit over one-row commit, both FULL", ratio[1], 30, true, "x", "upserts by 1,024 callers"}}, nil
}

// connections: memory of the real program while 2,000 contestants hold a connection each.
func connections(int, time.Duration) ([]figure, error) {
	dir, err := os.MkdirTemp("", "jingzhong-bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := ln.Addr().String()
	ln.Close()
	cmd := exec.Command("bin/jingzhong", "serve", "--data", filepath.Join(dir, "data"), "--addr", addr)
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("make build first: %w", err)
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	if err := awaitReady(addr); err != nil {
		return nil, err
	}
	const many = 2000
	request := []byte("GET /api/v1/time HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n")
	conns := make([]net.Conn, 0, many)
	defer func() {
		for _, c := range conns {
			c.Close()
		}
	}()
	buf := make([]byte, 4096)
	for range many {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			return nil, err
		}
		conns = append(conns, c)
	}
	for range 3 {
		for _, c := range conns {
			if _, err := c.Write(request); err != nil {
				return nil, err
			}
		}
		for _, c := range conns {
			if n, err := c.Read(buf); err != nil || !bytes.HasPrefix(buf[:n], []byte("HTTP/1.1 200")) {
				return nil, fmt.Errorf("connection: %q %v", buf[:n], err)
			}
		}
	}
	mib, err := residentMiB(cmd.Process.Pid)
	if err != nil {
		return nil, err
	}
	return []figure{{"memory with 2,000 connections", mib, 150, false, " MiB", "resident set of the program, three requests on each"}}, nil
}

func awaitReady(addr string) error {
	c := client(addr)
	for range 200 {
		if _, err := call(c, "GET", "/readyz", "", "", nil, 200); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return errors.New("the program did not become ready")
}

func residentMiB(pid int) (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	m := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(b)
	if m == nil {
		return 0, errors.New("no VmRSS")
	}
	kb, err := strconv.Atoi(string(m[1]))
	return float64(kb) / 1024, err
}

// firstPage: what the app's own size check says of the learner's first page.
func firstPage(int, time.Duration) ([]figure, error) {
	cmd := exec.Command("npm", "run", "--silent", "size")
	cmd.Dir = "frontend"
	out, _ := cmd.CombinedOutput() // above the limit it exits 1 and still prints the figure
	m := regexp.MustCompile(`([\d.]+) KB\s+learner first page`).FindStringSubmatch(string(out))
	if m == nil {
		return nil, fmt.Errorf("npm run size says no figure: %s", strings.TrimSpace(string(out)))
	}
	kb, err := strconv.ParseFloat(m[1], 64)
	return []figure{{"learner's first page, script and style, compressed", kb, 150, false, " KB", "`npm run size`"}}, err
}
