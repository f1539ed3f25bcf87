package server

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"html"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// mountCA offers the site's own CA, made by `jingzhong tls init`, and a plain page that explains installing
// it. The page shows the fingerprint, so that a user can compare it with the one the administrator printed.
func (s *Server) mountCA() {
	if len(s.cfg.SiteCA) == 0 {
		return
	}
	block, _ := pem.Decode(s.cfg.SiteCA)
	if block == nil {
		return
	}
	page := embedded("docs/install-ca.html")
	page.body = []byte(strings.ReplaceAll(string(page.body), "{{fingerprint}}", html.EscapeString(fingerprint(block.Bytes))))
	s.app.Get("/install-ca", func(c *fiber.Ctx) error { return page.send(c, "no-cache") })
	s.app.Get("/install-ca/jingzhong-ca.crt", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, mediaPEM)
		c.Set(fiber.HeaderContentDisposition, `attachment; filename="jingzhong-ca.crt"`)
		return c.Send(s.cfg.SiteCA)
	})
}

// fingerprint is the certificate's SHA-256 in pairs, as browsers and phones show it.
func fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	text := strings.ToUpper(hex.EncodeToString(sum[:]))
	pairs := make([]string, 0, len(sum))
	for i := 0; i < len(text); i += 2 {
		pairs = append(pairs, text[i:i+2])
	}
	return strings.Join(pairs, ":")
}
