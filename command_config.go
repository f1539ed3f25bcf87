package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/alecthomas/kong"
	kongyaml "github.com/alecthomas/kong-yaml"
)

// environment reads a flag from its variable, or from the file that <variable>_FILE names, so that a secret
// need not stand in the environment. As the last resolver it beats the configuration file.
type environment struct{}

// Validate is part of kong.Resolver.
func (environment) Validate(*kong.Application) error { return nil }

// Resolve returns the flag's value, or nil if neither variable is set.
func (environment) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range flag.Envs {
		if value, ok := os.LookupEnv(name); ok {
			return value, nil
		}
		if file, ok := os.LookupEnv(name + "_FILE"); ok {
			b, err := os.ReadFile(file)
			if err != nil {
				return nil, fmt.Errorf("%s_FILE: %w", name, err)
			}
			return strings.TrimSpace(string(b)), nil
		}
	}
	return nil, nil
}

// configFlag reads the YAML file before the flags are resolved, and puts the environment after it again.
type configFlag string

// BeforeResolve is called by kong.
func (c configFlag) BeforeResolve(k *kong.Kong, ctx *kong.Context, trace *kong.Path) error {
	path, ok := ctx.FlagValue(trace.Flag).(configFlag)
	if !ok || path == "" {
		return nil
	}
	f, err := os.Open(string(path))
	if err != nil {
		return err
	}
	defer f.Close()
	file, err := kongyaml.Loader(f)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	ctx.AddResolver(file)
	ctx.AddResolver(environment{})
	return nil
}
