package server

import (
	"encoding/json"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// timeLayout is RFC 3339 in UTC with milliseconds, always three digits.
const timeLayout = "2006-01-02T15:04:05.000Z07:00"

// stamp is a time as clients see it.
type stamp struct{ time.Time }

// stampOf turns stored milliseconds into a stamp.
func stampOf(ms int64) stamp { return stamp{time.UnixMilli(ms).UTC()} }

// stampIf is stampOf, or nil for 0.
func stampIf(ms int64) *stamp {
	if ms == 0 {
		return nil
	}
	s := stampOf(ms)
	return &s
}

// at turns a time into a stamp.
func at(t time.Time) stamp { return stamp{t.UTC()} }

// ms is the stored form; 0 for an absent stamp.
func (s *stamp) ms() int64 {
	if s == nil || s.IsZero() {
		return 0
	}
	return s.UnixMilli()
}

// MarshalJSON writes timeLayout.
func (s stamp) MarshalJSON() ([]byte, error) {
	return []byte(`"` + s.UTC().Format(timeLayout) + `"`), nil
}

// UnmarshalJSON reads RFC 3339.
func (s *stamp) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	s.Time = t
	return err
}

// UnmarshalText reads RFC 3339 from a query parameter.
func (s *stamp) UnmarshalText(b []byte) error {
	t, err := time.Parse(time.RFC3339Nano, string(b))
	s.Time = t
	return err
}

// Schema documents a stamp as a date-time.
func (stamp) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date-time", Examples: []any{"2026-04-13T01:00:00.000Z"}}
}

// ref names a thing by number and name.
type ref struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// viewsOf maps; the result is never nil, so JSON shows [].
func viewsOf[M, V any](items []M, view func(M) V) []V {
	out := make([]V, 0, len(items))
	for _, item := range items {
		out = append(out, view(item))
	}
	return out
}

// ByID is the input of a route about one thing.
type ByID struct {
	ID int64 `path:"id" minimum:"1"`
}

// nothing is the input of a route without one.
type nothing struct{}

// done is the answer of a route that has nothing to tell (204).
type done struct{}

func number(n int64) string { return strconv.FormatInt(n, 10) }

var stampType = reflect.TypeFor[stamp]()
