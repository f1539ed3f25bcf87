package server

import (
	"crypto"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"strings"
	"testing"
	"time"

	"jingzhong/store/storetest"
)

type object = map[string]any

// forge makes a token of any header and claims, signed as told.
func forge(t *testing.T, header, claims object, sign func(signed string) []byte) string {
	t.Helper()
	part := func(v object) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(b)
	}
	signed := part(header) + "." + part(claims)
	return signed + "." + base64.RawURLEncoding.EncodeToString(sign(signed))
}

func hs256(key []byte) func(string) []byte {
	return func(signed string) []byte {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(signed))
		return mac.Sum(nil)
	}
}

func with(base object, pairs ...any) object {
	out := maps.Clone(base)
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == nil {
			delete(out, pairs[i].(string))
		} else {
			out[pairs[i].(string)] = pairs[i+1]
		}
	}
	return out
}

func TestForgedTokens(t *testing.T) {
	s, clock := bare(t, nil)
	now := clock.Now().Unix()
	header := object{"alg": "HS256", "typ": tokenType}
	good := object{"sub": "7", "sid": "s1", "ep": 1, "iss": tokenIssuer, "aud": tokenAudience, "iat": now, "exp": now + 600}
	ours, other := hs256(testKey), hs256([]byte("another key of thirty-two bytes!"))
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&rsaKey.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rs256 := func(signed string) []byte {
		sum := sha256.Sum256([]byte(signed))
		b, err := rsa.SignPKCS1v15(rand.Reader, rsaKey, crypto.SHA256, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	valid := forge(t, header, good, ours)
	parts := strings.Split(valid, ".")
	none := func(string) []byte { return nil }
	forged := map[string]string{
		"alg none":              forge(t, with(header, "alg", "none"), good, none),
		"alg None":              forge(t, with(header, "alg", "None"), good, none),
		"alg none, signed":      forge(t, with(header, "alg", "none"), good, ours),
		"no alg":                forge(t, with(header, "alg", nil), good, ours),
		"HS384":                 forge(t, with(header, "alg", "HS384"), good, ours),
		"RS256":                 forge(t, with(header, "alg", "RS256"), good, rs256),
		"HS256 with public key": forge(t, header, good, hs256(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}))),
		"EdDSA":                 forge(t, with(header, "alg", "EdDSA"), good, func(s string) []byte { return ed25519.Sign(edKey, []byte(s)) }),
		"other key":             forge(t, header, good, other),
		"empty key":             forge(t, header, good, hs256(nil)),
		"own key in header":     forge(t, with(header, "jwk", object{"kty": "oct", "k": "YW5vdGhlcg"}), good, other),
		"key id":                forge(t, with(header, "kid", "../../dev/null"), good, hs256(nil)),
		"typ JWT":               forge(t, with(header, "typ", "JWT"), good, ours),
		"no typ":                forge(t, with(header, "typ", nil), good, ours),
		"other issuer":          forge(t, header, with(good, "iss", "evil"), ours),
		"no issuer":             forge(t, header, with(good, "iss", nil), ours),
		"other audience":        forge(t, header, with(good, "aud", "other"), ours),
		"no audience":           forge(t, header, with(good, "aud", nil), ours),
		"expired":               forge(t, header, with(good, "iat", now-700, "exp", now-100), ours),
		"expires now":           forge(t, header, with(good, "exp", now), ours),
		"no expiry":             forge(t, header, with(good, "exp", nil), ours),
		"lives for a day":       forge(t, header, with(good, "exp", now+86400), ours),
		"no issued-at":          forge(t, header, with(good, "iat", nil), ours),
		"issued tomorrow":       forge(t, header, with(good, "iat", now+86400, "exp", now+86500), ours),
		"not yet":               forge(t, header, with(good, "nbf", now+300), ours),
		"no person":             forge(t, header, with(good, "sub", nil), ours),
		"person is text":        forge(t, header, with(good, "sub", "admin"), ours),
		"the program itself":    forge(t, header, with(good, "sub", "-1"), ours),
		"no session":            forge(t, header, with(good, "sid", nil), ours),
		"negative epoch":        forge(t, header, with(good, "ep", -1), ours),
		"expiry is text":        forge(t, header, with(good, "exp", "never"), ours),
		"empty":                 "",
		"dots":                  "..",
		"two parts":             parts[0] + "." + parts[1],
		"no signature":          parts[0] + "." + parts[1] + ".",
		"cut signature":         valid[:len(valid)-4],
		"claims changed":        parts[0] + "." + strings.Split(forge(t, header, with(good, "sub", "1"), ours), ".")[1] + "." + parts[2],
		"header changed":        strings.Split(forge(t, with(header, "x", 1), good, ours), ".")[0] + "." + parts[1] + "." + parts[2],
		"padding":               valid + "=",
		"blank inside":          parts[0] + ". " + parts[1] + "." + parts[2],
		"oversized":             forge(t, header, with(good, "x", strings.Repeat("a", tokenLimit)), ours),
	}
	for name, token := range forged {
		if id, err := s.tokens.verify(token); err == nil {
			t.Errorf("%s: believed as %+v", name, id)
		}
		r := s.ask(t, call{method: "GET", path: "/api/v1/me", token: token})
		if r.status != 401 || strings.Contains(r.body, "person") {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	if id, err := s.tokens.verify(valid); err != nil || id.personID != 7 || id.sessionID != "s1" || id.epoch != 1 {
		t.Errorf("valid: %+v, %v", id, err)
	}
}

func TestTokensAreRememberedAndForgotten(t *testing.T) {
	clock := storetest.NewClock()
	tokens, err := newTokens(testKey, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	text, expires, err := tokens.issue(7, "s1", 3)
	if err != nil || expires.Sub(clock.Now()) > accessLife {
		t.Fatal(err, expires)
	}
	for range 5 {
		if _, err := tokens.verify(text); err != nil {
			t.Fatal(err)
		}
	}
	if tokens.verified != 1 {
		t.Errorf("parsed %d times", tokens.verified)
	}
	clock.Advance(accessLife + time.Second)
	if _, err := tokens.verify(text); err == nil {
		t.Error("a remembered token outlived its expiry")
	}
	for i := range 2*cachedTokens + 10 {
		tokens.remember([32]byte{byte(i), byte(i >> 8), byte(i >> 16), 1}, identity{})
	}
	if n := len(tokens.young) + len(tokens.old); n > 2*cachedTokens {
		t.Errorf("remembers %d tokens", n)
	}
}

func TestShortKeysAreRefused(t *testing.T) {
	if _, err := newTokens(testKey[:31], storetest.NewClock().Now); err == nil {
		t.Error("31 bytes were taken")
	}
}
