package org

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/crypto/argon2"
)

// Cost of a password (security.md): argon2id with two passes over 19 MiB on one lane.
const (
	argonTime   = 2
	argonMemory = 19 * 1024 // KiB
	argonLanes  = 1
	argonSalt   = 16
	argonKey    = 32
)

// Lengths of the nist profile, in characters.
const (
	minPassword      = 8
	minAdminPassword = 15
	maxPassword      = 128
)

// waiting is how many passwords may queue for each slot: at about 35 ms each the last waits a second.
const waiting = 32

// hashPool bounds how many passwords are hashed at once (each takes 19 MiB) and how many wait. While a
// contest is open one at a time is hashed, so that sign-ins leave the cores to the contestants.
type hashPool struct {
	queue       chan struct{}
	slots       chan struct{}
	only        chan struct{} // the one slot of an open contest
	contestOpen func() bool
}

func newHashPool(slots int, contestOpen func() bool) *hashPool {
	return &hashPool{queue: make(chan struct{}, slots*(1+waiting)), slots: make(chan struct{}, slots),
		only: make(chan struct{}, 1), contestOpen: contestOpen}
}

// run calls fn in a slot, or returns ErrPasswordBusy at once when the queue is full.
func (p *hashPool) run(ctx context.Context, fn func()) error {
	select {
	case p.queue <- struct{}{}:
	default:
		return ErrPasswordBusy
	}
	defer func() { <-p.queue }()
	if len(p.queue) > 1+waiting && p.contestOpen() {
		return ErrPasswordBusy
	}
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-p.slots }()
	// Asked in the slot, not in the queue: a contest may have opened meanwhile.
	if p.contestOpen() {
		select {
		case p.only <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		defer func() { <-p.only }()
	}
	fn()
	return nil
}

func (s *Service) hash(ctx context.Context, password string) (hash string, err error) {
	err = s.hashes.run(ctx, func() { hash = hashPassword(password) })
	return hash, err
}

func (s *Service) verify(ctx context.Context, hash, password string) (ok bool, err error) {
	err = s.hashes.run(ctx, func() { ok = verifyPassword(hash, password) })
	return ok, err
}

// hashPassword returns the PHC string of a password.
func hashPassword(password string) string {
	salt := make([]byte, argonSalt)
	rand.Read(salt)
	key := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonLanes, argonKey)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes,
		enc.EncodeToString(salt), enc.EncodeToString(key))
}

// verifyPassword compares a password with a PHC string, with the costs the string names; it refuses costs
// no version of this program has written.
func verifyPassword(phc, password string) bool {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || runes(password) > maxPassword {
		return false
	}
	var version, memory, passes, lanes int
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &passes, &lanes); err != nil {
		return false
	}
	if version != argon2.Version || memory < 8 || memory > 64*1024 || passes < 1 || passes > 8 || lanes < 1 || lanes > 4 {
		return false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(want) != argonKey {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, uint32(passes), uint32(memory), uint8(lanes), argonKey)
	return subtle.ConstantTimeCompare(got, want) == 1
}

//go:embed password_common.txt
var commonText string

// commonPasswords are refused as they are and with digits or signs after them.
var commonPasswords = func() map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(commonText) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			set[line] = true
		}
	}
	return set
}()

// checkPassword applies the nist profile (security.md): a length, a block list, nothing made from the
// person's own name or numbers; no rotation, no character classes.
func checkPassword(password string, administrator bool, own ...string) error {
	least := minPassword
	if administrator {
		least = minAdminPassword
	}
	n := runes(password)
	switch {
	case n < least:
		return ErrPasswordShort.With("min", least).At("password")
	case n > maxPassword:
		return ErrPasswordLong.With("max", maxPassword).At("password")
	case isCommon(password):
		return ErrPasswordCommon.At("password")
	}
	lower := strings.ToLower(password)
	for _, word := range own {
		word = strings.ToLower(word)
		if runes(word) >= 4 && strings.Contains(lower, word) && runes(lower)-runes(word) < minPassword {
			return ErrPasswordOwnName.At("password")
		}
	}
	return nil
}

func isCommon(password string) bool {
	lower := strings.ToLower(password)
	base := strings.TrimFunc(lower, func(r rune) bool { return !unicode.IsLetter(r) })
	return commonPasswords[lower] || (base != "" && commonPasswords[base] && runes(lower)-runes(base) < 6) || monotone(lower)
}

// monotone reports whether a password is one short piece repeated or a run of neighbours, whatever its
// length: aaaaaaaa, 12121212, 123456789, hgfedcba.
func monotone(s string) bool {
	rs := []rune(s)
	for period := 1; period <= 4 && period*2 <= len(rs); period++ {
		repeats := true
		for i := period; i < len(rs); i++ {
			if rs[i] != rs[i-period] {
				repeats = false
				break
			}
		}
		if repeats {
			return true
		}
	}
	for _, step := range []rune{1, -1} {
		run := true
		for i := 1; i < len(rs); i++ {
			next := rs[i] == rs[i-1]+step || (rs[i-1] == '9' && rs[i] == '0' && step == 1) || (rs[i-1] == '0' && rs[i] == '9' && step == -1)
			if !next {
				run = false
				break
			}
		}
		if run {
			return true
		}
	}
	return false
}
