package server

import "testing"

// TestReadsConform asks every reading route that needs no object as the owner, who may read all.
func TestReadsConform(t *testing.T) {
	c := newCounty(t)
	id := number(c.contest())
	unit, person := number(c.units["A"].ID), number(c.people["a0"].ID)
	for _, path := range []string{"/site", "/time", "/me", "/me/sessions", "/me/home", "/me/attempts", "/units", "/audiences", "/topics",
		"/people", "/people/" + person, "/people?q=ren&unit=" + unit, "/role-grants", "/questions?count=true", "/questions?topic=1&topic=2&kind=single&kind=fill",
		"/questions/1", "/questions/1/versions", "/contest-presets", "/contests", "/contests/" + id, "/contests/" + id + "/intro",
		"/contests/" + id + "/roster", "/contests/" + id + "/time-factors", "/contests/" + id + "/monitor", "/contests/" + id + "/monitor/people",
		"/contests/" + id + "/rankings/units", "/contests/" + id + "/rankings/people", "/contests/" + id + "/rankings/units/" + unit,
		"/contests/" + id + "/rankings/units/" + unit + "/people", "/contests/" + id + "/rankings/units/" + unit + "/missing",
		"/contests/" + id + "/board", "/attempt-acts", "/audit", "/audit?object=contest:" + id + "&action=contest."} {
		c.walk(step{as: "owner", method: "GET", path: "/api/v1" + path, status: 200})
	}
	first := c.json(c.walk(step{as: "owner", method: "GET", path: "/api/v1/people?limit=3", status: 200}))
	seen := len(first["items"].([]any))
	for next, ok := first["nextCursor"].(string); ok; {
		page := c.json(c.walk(step{as: "owner", method: "GET", path: "/api/v1/people?limit=3&cursor=" + next, status: 200}))
		seen += len(page["items"].([]any))
		next, ok = page["nextCursor"].(string)
	}
	if seen != len(c.people) {
		t.Errorf("%d of %d people over the pages", seen, len(c.people))
	}
	// A list that comes whole comes in pages for who asks.
	units := c.json(c.walk(step{as: "owner", method: "GET", path: "/api/v1/units?limit=2", status: 200}))
	if len(units["items"].([]any)) != 2 || units["nextCursor"] != "2" {
		t.Errorf("%v", units["nextCursor"])
	}
	for _, path := range []string{"/topics", "/audiences", "/me/sessions", "/contest-presets", "/attempt-acts", "/questions/1/versions", "/contests/" + id + "/time-factors"} {
		c.walk(step{as: "owner", method: "GET", path: "/api/v1" + path + "?limit=200", status: 200})
	}
	c.walk(
		step{as: "owner", method: "GET", path: "/api/v1/units?cursor=x", status: 400, want: []string{"list.cursor"}},
		step{as: "owner", method: "GET", path: "/api/v1/people?limit=0", status: 400, want: []string{`"field":"limit"`}},
		step{as: "owner", method: "GET", path: "/api/v1/people?limit=201", status: 400, want: []string{`"field":"limit"`}},
		step{as: "owner", method: "GET", path: "/api/v1/people?limit=x", status: 400, want: []string{`"code":"input.type"`}},
		step{as: "owner", method: "GET", path: "/api/v1/contests?cursor=zzz", status: 400, want: []string{"list.cursor"}},
		step{as: "owner", method: "GET", path: "/api/v1/contests/9999", status: 404, want: []string{"contest.not_found"}},
		step{as: "owner", method: "GET", path: "/api/v1/audit?from=yesterday", status: 400, want: []string{`"field":"from"`}, unwanted: []string{"yesterday"}},
	)
}
