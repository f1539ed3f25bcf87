package server

import (
	"crypto/sha256"
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"jingzhong/fault"
)

// An access token is an HS256 JWT that lives at most accessLife (security.md: <= 10 min) and names the
// person, the sign-in and the session epoch; org decides on each request whether these still hold.
const (
	accessLife    = 10 * time.Minute
	tokenType     = "at+jwt"
	tokenIssuer   = "jingzhong"
	tokenAudience = "jingzhong-api"
	tokenLimit    = 2 << 10
	minKey        = 32
	cachedTokens  = 8192 // of each of two generations
)

var errToken = fault.New(fault.Unauthenticated, "session.token")

// claims is what a token says.
type claims struct {
	jwt.RegisteredClaims
	SessionID string `json:"sid"`
	Epoch     int64  `json:"ep"`
}

// identity is a verified token.
type identity struct {
	personID  int64
	sessionID string
	epoch     int64
	expires   time.Time
}

// tokens issues and verifies access tokens. Verified ones are remembered by the hash of their text, in two
// generations of bounded size, so that a busy client's token is parsed once.
type tokens struct {
	key    []byte
	now    func() time.Time
	parser *jwt.Parser

	mu       sync.Mutex
	young    map[[32]byte]identity
	old      map[[32]byte]identity
	verified int // tokens parsed, for tests
}

func newTokens(key []byte, now func() time.Time) (*tokens, error) {
	if len(key) < minKey {
		return nil, errors.New("server: the token key must be at least 32 bytes")
	}
	return &tokens{key: key, now: now, young: map[[32]byte]identity{}, parser: jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithIssuer(tokenIssuer),
		jwt.WithAudience(tokenAudience), jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
		jwt.WithStrictDecoding(), jwt.WithTimeFunc(now))}, nil
}

// issue makes a token for the sign-in.
func (t *tokens) issue(personID int64, sessionID string, epoch int64) (text string, expires time.Time, err error) {
	now := t.now()
	expires = now.Add(accessLife).Truncate(time.Second)
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims{SessionID: sessionID, Epoch: epoch,
		RegisteredClaims: jwt.RegisteredClaims{Subject: strconv.FormatInt(personID, 10), Issuer: tokenIssuer,
			Audience: jwt.ClaimStrings{tokenAudience}, IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(expires)}})
	token.Header["typ"] = tokenType
	text, err = token.SignedString(t.key)
	return text, expires, err
}

// verify returns what the token says, or errToken whatever is wrong with it.
func (t *tokens) verify(text string) (identity, error) {
	if len(text) == 0 || len(text) > tokenLimit {
		return identity{}, errToken
	}
	sum := sha256.Sum256([]byte(text))
	id, ok := t.remembered(sum)
	if !ok {
		var err error
		if id, err = t.parse(text); err != nil {
			return identity{}, errToken
		}
		t.remember(sum, id)
	}
	if !t.now().Before(id.expires) {
		return identity{}, errToken
	}
	return id, nil
}

func (t *tokens) parse(text string) (identity, error) {
	var c claims
	token, err := t.parser.ParseWithClaims(text, &c, func(*jwt.Token) (any, error) { return t.key, nil })
	if err != nil {
		return identity{}, err
	}
	person, err := strconv.ParseInt(c.Subject, 10, 64)
	switch {
	case err != nil || person <= 0:
		return identity{}, errors.New("subject")
	case token.Header["typ"] != tokenType:
		return identity{}, errors.New("type")
	case c.SessionID == "" || c.Epoch < 0 || c.IssuedAt == nil:
		return identity{}, errors.New("claims")
	case c.ExpiresAt.Sub(c.IssuedAt.Time) > accessLife:
		return identity{}, errors.New("life")
	}
	return identity{personID: person, sessionID: c.SessionID, epoch: c.Epoch, expires: c.ExpiresAt.Time}, nil
}

func (t *tokens) remembered(sum [32]byte) (identity, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	id, ok := t.young[sum]
	if !ok {
		id, ok = t.old[sum]
	}
	return id, ok
}

func (t *tokens) remember(sum [32]byte, id identity) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.verified++
	if len(t.young) >= cachedTokens {
		t.old, t.young = t.young, make(map[[32]byte]identity, cachedTokens)
	}
	t.young[sum] = id
}
