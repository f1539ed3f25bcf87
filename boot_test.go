package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// boot starts the program on a port of its own.
func boot(t *testing.T, args ...string) *process {
	t.Helper()
	return run(t, program(t), nil, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
}

// link is the one-time set-up link, which the program prints after its address.
func (p *process) link() string {
	p.t.Helper()
	for range 200 {
		if _, rest, ok := strings.Cut(p.printed(), "set the site up: "); ok && strings.Contains(rest, "\n") {
			return strings.TrimSpace(rest)
		}
		time.Sleep(10 * time.Millisecond)
	}
	return ""
}

// end is SIGTERM, which has to end the program well.
func (p *process) end() {
	p.t.Helper()
	if code := p.stop(); code != 0 {
		p.t.Fatalf("SIGTERM: exit %d\n%s", code, p.errs.String())
	}
}

type object = map[string]any

// command runs one that ends by itself.
func command(t *testing.T, args ...string) (string, error) {
	t.Helper()
	out, err := exec.Command(program(t), args...).CombinedOutput()
	return string(out), err
}

const ownerPassword = "Bell-tower-at-dawn-2026"

// TestBoot is the life of an installation: first start, set-up link, sign-in, SIGTERM, second start.
func TestBoot(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	p := boot(t, "--data", dir)
	link := p.link()
	_, token, ok := strings.Cut(link, "/setup#token=")
	if !ok || !strings.HasPrefix(link, p.base) {
		t.Fatalf("no set-up link:\n%s", p.printed())
	}
	var site, me object
	p.must(200, "GET", "/api/v1/site", "", nil, &site)
	if site["setupNeeded"] != true || site["timeZone"] != "Asia/Shanghai" || site["secure"] != false {
		t.Error(site)
	}
	p.must(200, "GET", "/readyz", "", nil, nil)
	if status, _ := p.call("GET", "/metrics", "", nil, nil, &site); status == 200 && site["jingzhong_requests_total"] != nil {
		t.Error("metrics are on the main listener")
	}
	setup := object{"token": token, "siteName": "清川县", "name": "方所有", "username": "owner", "password": ownerPassword}
	p.must(201, "POST", "/api/v1/setup", "", setup, nil)
	p.must(409, "POST", "/api/v1/setup", "", setup, nil)
	access := p.signIn("owner", ownerPassword).AccessToken
	p.must(200, "GET", "/api/v1/me", access, nil, &me)
	if me["mode"] != "quick" {
		t.Error(me)
	}
	if out, err := command(t, "serve", "--data", dir, "--addr", "127.0.0.1:0"); err == nil || !strings.Contains(out, "another jingzhong uses") {
		t.Errorf("a second process opened the folder: %s", out)
	}
	if out, err := command(t, "audit", "verify", "--data", dir); err == nil {
		t.Errorf("verified a folder in use: %s", out)
	}
	p.end()
	for _, secret := range []string{access, token, ownerPassword} {
		if strings.Contains(p.errs.String(), secret) {
			t.Error("a secret is in the log")
		}
	}
	checkKeys(t, dir)

	p = boot(t, "--data", dir)
	p.must(200, "GET", "/api/v1/me", access, nil, &me) // the key survives a restart
	if strings.Contains(p.printed(), "setup") {
		t.Error("a set-up link on a site that is set up:", p.printed())
	}
	p.end()
	if out, err := command(t, "audit", "verify", "--data", dir); err != nil || !strings.Contains(out, "intact") {
		t.Errorf("%v %s", err, out)
	}
	if out, err := command(t, "serve", "--demo", "--data", dir, "--addr", "127.0.0.1:0"); err == nil || !strings.Contains(out, "empty folder") {
		t.Errorf("--demo was loaded beside a real site: %s", out)
	}
}

func checkKeys(t *testing.T, dir string) {
	t.Helper()
	for _, name := range []string{"jwt.key", "site.key"} {
		info, err := os.Stat(filepath.Join(dir, "keys", name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, info, err)
		}
	}
}

// TestAuditVerifyNamesTheBadRecord changes one record behind the program's back.
func TestAuditVerifyNamesTheBadRecord(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	p := boot(t, "--data", dir)
	_, token, _ := strings.Cut(p.link(), "#token=")
	p.must(201, "POST", "/api/v1/setup", "", object{"token": token, "siteName": "清川县", "name": "方所有", "username": "owner", "password": ownerPassword}, nil)
	p.end()
	tamper(t, filepath.Join(dir, databaseFile))
	out, err := command(t, "audit", "verify", "--data", dir)
	if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 1 {
		t.Errorf("exit %v: %s", err, out)
	}
	if !strings.Contains(out, "broken at record 1: its content was changed") {
		t.Error(out)
	}
	if out, err := command(t, "audit", "verify", "--data", t.TempDir()); err == nil {
		t.Errorf("an empty folder is intact: %s", out)
	}
}

// TestTLS makes the site's CA, serves with it, and meets it as a browser would that has it installed.
func TestTLS(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	out, err := command(t, "tls", "init", "--data", dir, "--host", "127.0.0.1", "--host", "baomi.example.lan")
	if err != nil {
		t.Fatalf("%v %s", err, out)
	}
	cert, key := filepath.Join(dir, "tls", "server.crt"), filepath.Join(dir, "tls", "server.key")
	p := boot(t, "--data", dir, "--tls-cert", cert, "--tls-key", key)
	if !strings.HasPrefix(p.base, "https://") {
		t.Fatal(p.base)
	}
	ca, err := os.ReadFile(filepath.Join(dir, "tls", "ca.crt"))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	get := func(path string) (http.Header, []byte) {
		res, err := client.Get(p.base + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != 200 {
			t.Fatal(path, res.StatusCode, err)
		}
		return res.Header, body
	}
	if header, body := get("/api/v1/site"); !bytes.Contains(body, []byte(`"secure":true`)) || header.Get("Strict-Transport-Security") == "" {
		t.Errorf("%s %v", body, header)
	}
	_, page := get("/install-ca")
	if print := regexp.MustCompile(`([0-9A-F]{2}:){31}[0-9A-F]{2}`).FindString(out); print == "" || !bytes.Contains(page, []byte(print)) {
		t.Errorf("the page does not show the fingerprint that tls init printed:\n%s", out)
	}
	if _, got := get("/install-ca/jingzhong-ca.crt"); !bytes.Equal(got, ca) || bytes.Contains(got, []byte("PRIVATE")) {
		t.Errorf("the offered CA: %s", got)
	}
	p.end()
	if out, err := command(t, "tls", "init", "--data", dir, "--host", "other.lan"); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if again, err := os.ReadFile(filepath.Join(dir, "tls", "ca.crt")); err != nil || !bytes.Equal(again, ca) {
		t.Error("renewing made another CA:", err)
	}
}

// TestConfiguration: flag > environment > file > default, and secrets from files.
func TestConfiguration(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "jingzhong.yaml")
	if err := os.WriteFile(file, []byte("serve:\n  log-level: error\n  time-zone: Asia/Urumqi\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	zone := func(want string, args ...string) {
		t.Helper()
		p := boot(t, append([]string{"--config", file, "--data", filepath.Join(dir, want)}, args...)...)
		var site object
		p.must(200, "GET", "/api/v1/site", "", nil, &site)
		if site["timeZone"] != want {
			t.Errorf("time zone %v, want %s", site["timeZone"], want)
		}
		p.end()
	}
	zone("Asia/Urumqi")
	t.Setenv("JINGZHONG_TIME_ZONE", "Asia/Tokyo")
	zone("Asia/Tokyo")
	zone("Asia/Shanghai", "--time-zone", "Asia/Shanghai")
	short := filepath.Join(dir, "short.key")
	if err := os.WriteFile(short, []byte("too short\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("JINGZHONG_TOKEN_KEY_FILE", short)
	if out, err := command(t, "serve", "--data", filepath.Join(dir, "d"), "--addr", "127.0.0.1:0"); err == nil || !strings.Contains(out, "at least 32 bytes") {
		t.Errorf("a short key was taken: %v %s", err, out)
	}
}

func TestMetricsHaveTheirOwnListener(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	ln.Close()
	p := boot(t, "--data", t.TempDir(), "--metrics-addr", addr)
	p.must(200, "GET", "/api/v1/time", "", nil, nil)
	res, err := http.Get("http://" + addr + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || !bytes.Contains(body, []byte(`jingzhong_requests_total{method="GET",route="/api/v1/time",status="200"} 1`)) {
		t.Errorf("%v %.500s", err, body)
	}
	p.end()
}

func TestCommands(t *testing.T) {
	for name, want := range map[string]string{"version": "jingzhong", "openapi": `"openapi": "3.1.0"`, "--help": "audit verify"} {
		if out, err := command(t, name); err != nil || !strings.Contains(out, want) {
			t.Errorf("%s: %v %.200s", name, err, out)
		}
	}
	if out, err := command(t, "healthcheck", "--addr", "127.0.0.1:1"); err == nil {
		t.Errorf("nobody is healthy: %s", out)
	}
	p := boot(t, "--data", t.TempDir())
	if out, err := command(t, "healthcheck", "--addr", strings.TrimPrefix(p.base, "http://")); err != nil {
		t.Errorf("%v %s", err, out)
	}
	p.end()
}
