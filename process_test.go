package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// hang is how long a test waits before it says that something hangs; nothing is measured with it.
const hang = 3 * time.Minute

var buildOnce = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "jingzhong-test")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "jingzhong")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

// program is the real binary, built once for all tests of this package.
func program(t *testing.T) string {
	t.Helper()
	path, err := buildOnce()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// process is a running program and what it printed.
type process struct {
	t    *testing.T
	cmd  *exec.Cmd
	base string
	mu   sync.Mutex
	out  strings.Builder
	errs bytes.Buffer
	done chan struct{}
}

var announced = regexp.MustCompile(`(?m)^警钟 .* at (https?://\S+)`)

// run starts the program and waits until it announces its address.
func run(t *testing.T, path string, env []string, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.Command(path, args...), done: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stderr = &p.errs
	pipe, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.kill() })
	ready := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(pipe)
		for lines.Scan() {
			p.mu.Lock()
			p.out.WriteString(lines.Text() + "\n")
			p.mu.Unlock()
			if m := announced.FindStringSubmatch(lines.Text()); m != nil {
				ready <- m[1]
			}
		}
		p.cmd.Wait()
		close(p.done)
	}()
	select {
	case p.base = <-ready:
	case <-p.done:
		t.Fatalf("the program ended: %s%s", p.printed(), p.errs.String())
	case <-time.After(hang):
		p.kill()
		t.Fatalf("the program did not announce itself: %s%s", p.printed(), p.errs.String())
	}
	return p
}

func (p *process) printed() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.String()
}

// kill is SIGKILL: no handler runs.
func (p *process) kill() {
	p.cmd.Process.Kill()
	<-p.done
}

// stop is SIGTERM; it returns the exit code.
func (p *process) stop() int {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	select {
	case <-p.done:
	case <-time.After(hang):
		p.t.Fatal("SIGTERM was not obeyed")
	}
	return p.cmd.ProcessState.ExitCode()
}

// call sends JSON and decodes the answer into out. The error is the transport's only.
func (p *process) call(method, path, token string, header map[string]string, in, out any) (int, error) {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return 0, err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequest(method, p.base+path, body)
	if err != nil {
		return 0, err
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err
	}
	if out != nil && len(b) > 0 && res.StatusCode < 300 {
		err = json.Unmarshal(b, out)
	}
	return res.StatusCode, err
}

// must is call for a step that has to succeed.
func (p *process) must(want int, method, path, token string, in, out any) {
	p.t.Helper()
	status, err := p.call(method, path, token, nil, in, out)
	if err != nil || status != want {
		p.t.Fatalf("%s %s: %d %v, want %d", method, path, status, err, want)
	}
}

type signedIn struct {
	AccessToken string `json:"accessToken"`
	Person      struct {
		ID   int64 `json:"id"`
		Unit struct {
			ID int64 `json:"id"`
		} `json:"unit"`
	} `json:"person"`
}

func (p *process) signIn(username, password string) signedIn {
	p.t.Helper()
	var s signedIn
	p.must(201, "POST", "/api/v1/sessions", "", map[string]string{"username": username, "password": password}, &s)
	return s
}
