package server

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestCheckJSON(t *testing.T) {
	for text, want := range map[string]string{
		`{}`: "", `[]`: "", `"a"`: "", ` { "a" : [ 1 , {"b":null} ] , "c":-1.5e3 } `: "", `{"a":{"b":1},"b":{"a":1}}`: "",
		`{"a":1,"a":2}`:                 "input.duplicate|a",
		`{"a":{"b":1,"b":1}}`:           "input.duplicate|a.b",
		`{"a":[{"b":1},{"c":1,"C":2}]}`: "input.case|a[1].C",
		`{"a":1,"\u0061":2}`:            "input.duplicate|a",
		`{"a":"\\u0000"}`:               "",
		`{"a":"\u0000"}`:                "input.encoding",
		`{"a\u0000":1}`:                 "input.encoding",
		"{\"a\":\"\xc3\x28\"}":          "input.encoding",
		`{"a":1} x`:                     "input.trailing",
		`{"a":1}{"a":1}`:                "input.trailing",
		`{"a":1,}`:                      "input.syntax",
		`{a:1}`:                         "input.syntax",
		``:                              "input.syntax",
		`{"a":"\"}`:                     "input.syntax",
		strings.Repeat(`{"a":`, 18) + "1" + strings.Repeat("}", 18): "input.depth|16",
	} {
		got := ""
		if err := checkJSON([]byte(text)); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// FuzzCheckJSON: whatever comes, no panic; what is let through is valid and each object's names are distinct.
func FuzzCheckJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,"b\n",{"c":null}]}`, `{"a":1,"A":2}`, `[[[[]]]]`, `"\ud800"`, `{"\\":1}`, " 1 "} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if checkJSON(data) != nil {
			return
		}
		if !json.Valid(data) {
			t.Fatalf("let through %q", data)
		}
	})
}
