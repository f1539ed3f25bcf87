package org

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// mac is what the database keeps instead of a code or token: HMAC-SHA-256 under the installation's secret,
// with the purpose in front so that one kind never passes for another.
func (s *Service) mac(purpose, text string) string {
	h := hmac.New(sha256.New, s.secret)
	h.Write([]byte(purpose))
	h.Write([]byte{0})
	h.Write([]byte(text))
	return hex.EncodeToString(h.Sum(nil))
}

// randomText is n random bytes, as base64url.
func randomText(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(b)
}

// codeAlphabet is base32 without look-alikes: no I, L, O, U.
const codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// codeLength gives 60 random bits (security.md, Passwords: at least 60).
const codeLength = 12

// newCode makes an activation code, grouped by four.
func newCode() string {
	b := make([]byte, codeLength)
	rand.Read(b)
	var out strings.Builder
	for i, c := range b {
		if i > 0 && i%4 == 0 {
			out.WriteByte('-')
		}
		out.WriteByte(codeAlphabet[c&31]) // 256 is a multiple of 32: no bias
	}
	return out.String()
}

var lookAlikes = strings.NewReplacer("O", "0", "I", "1", "L", "1", "-", "", " ", "", "—", "", "–", "", "_", "")

// plainCode undoes how people type a code: case, width, spaces, hyphens and look-alikes. It returns "" for
// what cannot be a code.
func plainCode(s string) string {
	s = lookAlikes.Replace(strings.ToUpper(tidy(s)))
	if len(s) != codeLength || strings.Trim(s, codeAlphabet) != "" {
		return ""
	}
	return s
}
