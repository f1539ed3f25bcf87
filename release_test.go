package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheStaticProgramServes builds what `make release` ships for this kind of machine, without cgo, and
// starts it in an empty folder.
func TestTheStaticProgramServes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "jingzhong")
	build := exec.Command("go", "build", "-o", path, ".")
	build.Env = append(build.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	if out, err := exec.Command("go", "version", "-m", path).CombinedOutput(); err != nil || !strings.Contains(string(out), "CGO_ENABLED=0") {
		t.Fatalf("not a build without cgo: %v\n%s", err, out)
	}
	p := run(t, path, nil, "serve", "--data", filepath.Join(t.TempDir(), "data"), "--addr", "127.0.0.1:0", "--log-level", "error")
	p.must(200, "GET", "/readyz", "", nil, nil)
	var site struct {
		SetupNeeded bool `json:"setupNeeded"`
	}
	p.must(200, "GET", "/api/v1/site", "", nil, &site)
	if !site.SetupNeeded {
		t.Fatal("an empty folder is already set up")
	}
	if code := p.stop(); code != 0 {
		t.Fatalf("SIGTERM: exit code %d\n%s", code, p.errs.String())
	}
}
