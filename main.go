// Command jingzhong runs the confidentiality training and contest site of a county, or looks after one:
// serve, tls init, audit verify, import questions, coverage, openapi, healthcheck, version. One static binary holds the
// server, the browser app, the migrations and the demo county.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	_ "time/tzdata" // civil days do not depend on what the machine has installed

	"github.com/alecthomas/kong"
	"github.com/willabides/kongplete"
)

// version is set by the build (-X main.version=...).
var version = "dev"

// cli is flags, environment, configuration file and sub-commands in one struct. Every flag of serve is also
// JINGZHONG_<NAME>, and JINGZHONG_<NAME>_FILE names a file to read it from; flag > environment > file > default.
type cli struct {
	Config configFlag `help:"YAML file with the flags' names as keys." placeholder:"FILE" env:"JINGZHONG_CONFIG"`

	Serve serveCmd `cmd:"" help:"Serve the site."`
	TLS   struct {
		Init tlsInitCmd `cmd:"" help:"Make the site's own CA and a server certificate under DIR/tls."`
	} `cmd:"" name:"tls" help:"Encryption without a public CA."`
	Audit struct {
		Verify auditVerifyCmd `cmd:"" help:"Walk the audit log's hash chain and name the first bad record."`
	} `cmd:"" help:"The audit log."`
	Import struct {
		Questions importQuestionsCmd `cmd:"" help:"Read question files; say what they hold or import it as drafts."`
	} `cmd:"" help:"Files into the bank without a server."`
	Coverage    coverageCmd                  `cmd:"" help:"Print how often the shipped questions ask about each article."`
	OpenAPI     openapiCmd                   `cmd:"" name:"openapi" help:"Print the API's OpenAPI 3.1 document."`
	Healthcheck healthcheckCmd               `cmd:"" help:"Exit 0 if a running site is ready."`
	Version     versionCmd                   `cmd:"" help:"Print the version."`
	Completion  kongplete.InstallCompletions `cmd:"" help:"Install shell completion."`
}

func main() {
	var c cli
	parser := kong.Must(&c, kong.Name("jingzhong"), kong.Description("警钟: confidentiality training and contests for a county."),
		kong.UsageOnError(), kong.Vars{"version": version}, kong.Resolvers(environment{}))
	kongplete.Complete(parser)
	command, err := parser.Parse(os.Args[1:])
	parser.FatalIfErrorf(err)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	command.BindTo(ctx, (*context.Context)(nil))
	err = command.Run()
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = nil // asked to stop before it had begun to serve: a graceful end all the same
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "jingzhong:", err)
		os.Exit(1)
	}
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run() error {
	fmt.Println("jingzhong", version)
	return nil
}
