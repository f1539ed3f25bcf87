package server

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"path"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
)

// unbuilt is the answer of a binary whose app was never built.
const unbuilt = "The browser app is not built into this program.\n\n    make build\n\nbuilds both (or: cd frontend && npm ci --ignore-scripts && npm run build).\nThe API is at /api/docs.\n"

// site serves the embedded browser app from memory, gzipped once.
type site struct {
	files map[string]*siteFile
}

type siteFile struct {
	name  string
	body  []byte
	etag  string
	kind  string
	once  sync.Once
	small []byte // gzip; nil if it saves nothing
}

func newSite(app fs.FS) (*site, error) {
	s := &site{files: map[string]*siteFile{}}
	if app == nil {
		return s, nil
	}
	err := fs.WalkDir(app, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		body, err := fs.ReadFile(app, name)
		if err != nil {
			return err
		}
		s.files[name] = newSiteFile(name, body)
		return nil
	})
	return s, err
}

func newSiteFile(name string, body []byte) *siteFile {
	sum := sha256.Sum256(body)
	kind := mime.TypeByExtension(path.Ext(name))
	if known, ok := kinds[path.Ext(name)]; ok { // the system's table may be wrong or absent
		kind = known
	}
	if kind == "" {
		kind = "application/octet-stream"
	}
	return &siteFile{name: name, body: body, kind: kind, etag: `"` + hex.EncodeToString(sum[:8]) + `"`}
}

var kinds = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".json": "application/json", ".png": "image/png",
	".webp": "image/webp", ".ico": "image/x-icon", ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8",
	".pdf": "application/pdf", ".crt": "application/x-x509-ca-cert",
}

// serve answers a GET or HEAD: a file of the app, or for any other path without an extension the app itself,
// whose router decides.
func (s *site) serve(c *fiber.Ctx) error {
	if c.Method() != fiber.MethodGet && c.Method() != fiber.MethodHead {
		return fiber.ErrMethodNotAllowed
	}
	name := strings.TrimPrefix(path.Clean("/"+c.Path()), "/")
	index, built := s.files["index.html"]
	if !built {
		c.Set(fiber.HeaderContentType, "text/plain; charset=utf-8")
		return c.Status(fiber.StatusServiceUnavailable).SendString(unbuilt)
	}
	f, ok := s.files[name]
	switch {
	case ok:
	case name == "" || path.Ext(name) == "":
		f = index
	default:
		return fiber.ErrNotFound
	}
	caching := "no-cache"
	if strings.HasPrefix(f.name, "assets/") { // Vite names these by their content
		caching = "public, max-age=31536000, immutable"
	}
	return f.send(c, caching)
}

func (f *siteFile) send(c *fiber.Ctx, caching string) error {
	c.Set(fiber.HeaderCacheControl, caching)
	c.Set(fiber.HeaderETag, f.etag)
	c.Set(fiber.HeaderContentType, f.kind)
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	if c.Get(fiber.HeaderIfNoneMatch) == f.etag {
		return c.SendStatus(fiber.StatusNotModified)
	}
	if small := f.gzipped(); small != nil && strings.Contains(c.Get(fiber.HeaderAcceptEncoding), "gzip") {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(small)
	}
	return c.Send(f.body)
}

func (f *siteFile) gzipped() []byte {
	f.once.Do(func() {
		if len(f.body) < 1024 || strings.HasPrefix(f.kind, "image/") && f.kind != "image/svg+xml" || f.kind == "font/woff2" {
			return
		}
		var out bytes.Buffer
		w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
		if err != nil {
			return
		}
		if _, err := w.Write(f.body); err != nil || w.Close() != nil || out.Len() >= len(f.body) {
			return
		}
		f.small = out.Bytes()
	})
	return f.small
}
