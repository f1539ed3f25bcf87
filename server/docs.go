package server

import (
	"embed"
	"encoding/json"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
)

//go:embed docs/index.html docs/docs.js docs/docs.css docs/install-ca.html
var docFiles embed.FS

const documentIntro = `The whole HTTP API of an installation.

Sign in with POST /api/v1/sessions and send the access token as a bearer token; it lives at most ten minutes and is renewed
with POST /api/v1/sessions/refresh. Refusals are application/problem+json (RFC 9457) with a stable code; their sentences
follow Accept-Language or ?lang= (zh-CN, zh-TW, en). Times are RFC 3339 in UTC with milliseconds, ids are numbers, points and
scores integers in 1/100 point, rates decimals from 0 to 1. Lists answer {items, nextCursor}; unknown query names and unknown,
repeated or differently spelt JSON names are refused. 429 and 503 carry Retry-After. x-right names the least right of a call.`

// schemaName drops the word "View": a client thinks of a Person, not of our Go type.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	name = strings.ReplaceAll(name, "View", "")
	if rest, ok := strings.CutPrefix(name, "List"); ok && rest != "" {
		name = rest + "List"
	}
	return name
}

func (s *Server) makeDocument() ([]byte, error) {
	b, err := json.MarshalIndent(s.api.OpenAPI(), "", "  ")
	if err != nil {
		return nil, err
	}
	return append(b, '\n'), nil
}

// mountDocs serves the document and a page that renders it with nothing from outside.
func (s *Server) mountDocs() {
	document := newSiteFile("openapi.json", s.document)
	s.app.Get("/api/openapi.json", func(c *fiber.Ctx) error { return document.send(c, "no-cache") })
	for path, name := range map[string]string{"/api/docs": "docs/index.html", "/api/docs/docs.js": "docs/docs.js", "/api/docs/docs.css": "docs/docs.css"} {
		file := embedded(name)
		s.app.Get(path, func(c *fiber.Ctx) error { return file.send(c, "no-cache") })
	}
}

func embedded(name string) *siteFile {
	body, err := docFiles.ReadFile(name)
	if err != nil {
		panic(err) // named by the embed directive above
	}
	return newSiteFile(name, body)
}
