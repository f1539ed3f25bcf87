// Package fault holds the errors the program returns on purpose: a kind (which the HTTP face maps to a
// status), a stable code such as "contest.closed" (also the key of its sentence in every language), and,
// where one input caused it, the field. Everything else that goes wrong is an internal error and is never
// shown to a user.
package fault

import (
	"errors"
	"fmt"
	"maps"
	"sort"
	"sync"
)

// Kind is the class of a fault; the HTTP face has one table from kind to status.
type Kind uint8

// The kinds, with the status the HTTP face gives each.
const (
	Invalid         Kind = iota + 1 // 400
	Unauthenticated                 // 401
	Denied                          // 403
	NotFound                        // 404
	Conflict                        // 409
	Gone                            // 410
	Precondition                    // 412
	TooLarge                        // 413
	Unprocessable                   // 422
	Locked                          // 423
	TooMany                         // 429
	Unavailable                     // 503
	Full                            // 507
)

// Error is one fault. Values declared at package level are compared by code, so a copy made by At, With
// or After still matches errors.Is against its origin.
type Error struct {
	Kind       Kind
	Code       string         // noun.reason
	Field      string         // the input that caused it, as the client spelled it; empty if none
	Args       map[string]any // values for the sentence's {placeholders}
	Fields     []*Error       // further field errors of the same request
	RetryAfter int            // seconds; 0 = none
}

var (
	registryMu sync.Mutex
	registry   = map[string]Kind{}
)

// New declares a fault and records its code, so that a test can hold every language to every code.
// It panics when a code is declared twice with different kinds: a code means one thing.
func New(kind Kind, code string) *Error {
	registryMu.Lock()
	defer registryMu.Unlock()
	if old, ok := registry[code]; ok && old != kind {
		panic("fault: code declared twice: " + code)
	}
	registry[code] = kind
	return &Error{Kind: kind, Code: code}
}

// Codes returns every declared code in order.
func Codes() []string {
	registryMu.Lock()
	defer registryMu.Unlock()
	codes := make([]string, 0, len(registry))
	for code := range registry {
		codes = append(codes, code)
	}
	sort.Strings(codes)
	return codes
}

// Error is for logs; users see the sentence of the code.
func (e *Error) Error() string {
	s := e.Code
	if e.Field != "" {
		s += " at " + e.Field
	}
	if len(e.Args) > 0 {
		s += fmt.Sprintf(" %v", e.Args)
	}
	return s
}

// Is compares by code.
func (e *Error) Is(target error) bool {
	var other *Error
	return errors.As(target, &other) && other.Code == e.Code
}

// At returns a copy that names the field.
func (e *Error) At(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// With returns a copy with further placeholder values, given as name, value pairs.
func (e *Error) With(pairs ...any) *Error {
	c := *e
	c.Args = maps.Clone(e.Args)
	if c.Args == nil {
		c.Args = map[string]any{}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		c.Args[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return &c
}

// And returns a copy that carries further field errors.
func (e *Error) And(fields ...*Error) *Error {
	c := *e
	c.Fields = append(append([]*Error{}, e.Fields...), fields...)
	return &c
}

// After returns a copy that asks the client to wait this many seconds.
func (e *Error) After(seconds int) *Error {
	c := *e
	c.RetryAfter = seconds
	return &c
}

// As returns the fault inside err, if there is one.
func As(err error) (*Error, bool) {
	var f *Error
	ok := errors.As(err, &f)
	return f, ok
}
