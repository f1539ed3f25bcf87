package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"

	"jingzhong/server"
)

type openapiCmd struct{}

// Run prints the document; nothing is opened for it.
func (openapiCmd) Run() error {
	s, err := server.New(server.Config{Version: version, Now: time.Now, Log: slog.New(slog.DiscardHandler), TokenKey: make([]byte, keySize)})
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(s.Document())
	return err
}

type healthcheckCmd struct {
	Addr string `help:"Where the site listens." default:"127.0.0.1:8080" env:"JINGZHONG_ADDR" placeholder:"HOST:PORT"`
	TLS  bool   `help:"Ask over TLS; the certificate is not checked." name:"tls"`
}

// Run asks /readyz and fails unless it says ready.
func (c *healthcheckCmd) Run(ctx context.Context) error {
	scheme := "http"
	if c.TLS {
		scheme = "https"
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+"://"+reachable(c.Addr)+"/readyz", nil)
	if err != nil {
		return err
	}
	// The check asks this machine whether it answers, not who it is.
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		body, err := io.ReadAll(io.LimitReader(res.Body, 4096))
		return fmt.Errorf("not ready: %s %s %w", res.Status, body, err)
	}
	fmt.Println("ready")
	return nil
}
