package server

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"jingzhong/org"
)

// request is what every handler may ask about the request it serves.
type request struct {
	id      string
	arrived time.Time // when the whole request had been read; deadlines are compared with it
	lang    string    // one of langs
	ip      string
	base    string // scheme://host as the client addressed us
	secure  bool   // the client reached us over TLS, directly or through a trusted proxy
	route   string // the row's path; empty outside the table
	by      org.Actor
}

type requestKey struct{}

// requestOf returns the request's notes; a context from elsewhere gets empty ones.
func requestOf(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return &request{lang: defaultLang}
}

func notes(c *fiber.Ctx) *request {
	if r, ok := c.Locals(requestKey{}).(*request); ok {
		return r
	}
	return &request{lang: defaultLang}
}

// The languages the server writes sentences in.
const defaultLang = "zh-CN"

var langs = []string{"zh-CN", "zh-TW", "en"}

// chooseLang picks the language of a sentence: the `lang` query parameter, else Accept-Language, else zh-CN.
func chooseLang(query, accept string) string {
	if l := matchLang(query); l != "" {
		return l
	}
	best, bestQ := defaultLang, 0.0
	for _, part := range strings.Split(accept, ",") {
		tag, params, _ := strings.Cut(part, ";")
		q := 1.0
		if v, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			q, _ = strconv.ParseFloat(v, 64)
		}
		if l := matchLang(strings.TrimSpace(tag)); l != "" && q > bestQ {
			best, bestQ = l, q
		}
	}
	return best
}

func matchLang(tag string) string {
	t := strings.ToLower(strings.ReplaceAll(tag, "_", "-"))
	switch {
	case t == "zh-tw" || t == "zh-hk" || t == "zh-mo" || strings.HasPrefix(t, "zh-hant"):
		return "zh-TW"
	case t == "zh" || strings.HasPrefix(t, "zh-"):
		return "zh-CN"
	case t == "en" || strings.HasPrefix(t, "en-"):
		return "en"
	}
	return ""
}
