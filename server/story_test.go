package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestSessions: sign in, be renewed once, and what a wrong or spent credential gets.
func TestSessions(t *testing.T) {
	c := newCounty(t)
	c.walk(
		step{method: "GET", path: "/api/v1/site", status: 200, want: []string{`"name":"清川县"`, `"setupNeeded":false`, `"secure":false`, `"timeZone":"UTC"`}},
		step{method: "POST", path: "/api/v1/setup", body: `{"token":"x","siteName":"x","name":"x","username":"x","password":"x"}`, status: 409, want: []string{"setup.done"}},
		step{method: "POST", path: "/api/v1/sessions", body: `{"username":"a0","password":"wrong"}`, status: 401, want: []string{"credentials.wrong"}, unwanted: []string{"accessToken"}},
		step{method: "POST", path: "/api/v1/sessions", body: `{"username":"nobody","password":"wrong"}`, status: 401, want: []string{"credentials.wrong"}, unwanted: []string{"not_found"}},
	)
	r := c.ask(t, call{method: "POST", path: "/api/v1/sessions", body: fmt.Sprintf(`{"username":"a0","password":%q}`, pass)})
	if r.status != 201 || !strings.Contains(r.body, `"unit":{"id":`) || !strings.Contains(r.body, `"roles":["learner"]`) {
		t.Fatal(r.status, r.body)
	}
	cookie := cookieOf(t, r)
	if !cookie.HttpOnly || cookie.Secure || cookie.SameSite != http.SameSiteStrictMode || cookie.Path != "/api/v1/sessions" || cookie.Name != "jingzhong" {
		t.Errorf("cookie %v", cookie)
	}
	if strings.Contains(r.body, cookie.Value) {
		t.Error("the refresh token is in the body")
	}
	renew := func(value string) reply {
		return c.ask(t, call{method: "POST", path: "/api/v1/sessions/refresh", header: map[string]string{"Cookie": "jingzhong=" + value}})
	}
	second := renew(cookie.Value)
	if second.status != 200 || cookieOf(t, second).Value == cookie.Value {
		t.Fatal("no new refresh token:", second.status, second.body)
	}
	c.clock.Advance(time.Minute)
	if again := renew(cookie.Value); again.status != 401 {
		t.Error("a spent refresh token was taken:", again.status, again.body)
	}
	if r := renew(cookieOf(t, second).Value); r.status != 401 {
		t.Error("the family outlived the reuse of a spent token:", r.status, r.body)
	}
	if r := renew(""); r.status != 401 {
		t.Error(r.status, r.body)
	}
	delete(c.tokens, "a0")
	c.walk(
		step{as: "a0", method: "GET", path: "/api/v1/me", status: 200, want: []string{`"username":"a0"`, `"mode":"quick"`, `"rights":["public","signed_in","compete"]`}},
		step{as: "a0", method: "GET", path: "/api/v1/me/sessions", status: 200, want: []string{`"current":true`}},
		step{as: "a0", method: "DELETE", path: "/api/v1/sessions/current", status: 204},
		step{as: "a0", method: "GET", path: "/api/v1/me", status: 401, want: []string{"session.ended"}, unwanted: []string{"username"}},
	)
}

func cookieOf(t *testing.T, r reply) *http.Cookie {
	t.Helper()
	cookies := (&http.Response{Header: r.header}).Cookies()
	if len(cookies) != 1 {
		t.Fatalf("%d cookies: %d %s", len(cookies), r.status, r.body)
	}
	return cookies[0]
}

// TestCookieUnderTLS: __Host- asks for Secure and Path=/, or browsers drop the cookie.
func TestCookieUnderTLS(t *testing.T) {
	s, clock := bare(t, nil)
	got := s.cookie(true, "t", clock.Now().Add(time.Hour))
	for _, want := range []string{"__Host-jingzhong=t", "Path=/;", "Max-Age=3600", "HttpOnly", "Secure", "SameSite=Strict"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s lacks %s", got, want)
		}
	}
	if strings.Contains(got, "Domain") {
		t.Error(got)
	}
}

// TestRolesActAtOnce: a role, a disabling and a new password act on a token that is still good.
func TestRolesActAtOnce(t *testing.T) {
	c := newCounty(t)
	a1 := c.people["a1"]
	grant := fmt.Sprintf(`{"personId":%d,"role":"manager","unitId":%d}`, a1.ID, c.units["A"].ID)
	c.walk(
		step{as: "a1", method: "GET", path: "/api/v1/people", status: 403, want: []string{"right.denied"}, unwanted: []string{"items"}},
		step{as: "a1", method: "POST", path: "/api/v1/role-grants", body: grant, status: 403},
		step{as: "owner", method: "POST", path: "/api/v1/role-grants", body: grant, status: 201, want: []string{`"role":"manager"`}},
	)
	c.clock.Advance(2 * time.Second)
	c.walk(step{as: "a1", method: "GET", path: "/api/v1/people", status: 401, want: []string{"session.stale"}})
	delete(c.tokens, "a1")
	c.walk(
		step{as: "a1", method: "GET", path: "/api/v1/people?limit=200", status: 200, want: []string{`"username":"a0"`, `"username":"a10"`}, unwanted: []string{`"username":"b0"`, `"username":"owner"`}},
		step{as: "owner", method: "PATCH", path: "/api/v1/people/" + number(a1.ID), body: `{"status":"disabled"}`, status: 200, want: []string{`"status":"disabled"`}},
	)
	c.clock.Advance(2 * time.Second)
	c.walk(
		step{as: "a1", method: "GET", path: "/api/v1/me", status: 401},
		step{as: "owner", method: "GET", path: "/api/v1/audit?action=right.", status: 200, want: []string{`"action":"right.deny"`, `"reason":"/api/v1/role-grants"`}},
		step{as: "owner", method: "POST", path: "/api/v1/audit/verification", status: 200, want: []string{`"intact":true`}},
	)
}

// TestContestOverHTTP is the contract of the issue from start to ranking, and the canary: nothing a
// contestant can reach before the close holds a key, an explanation or a bank id.
func TestContestOverHTTP(t *testing.T) {
	c := newCounty(t)
	id := number(c.contest())
	secret := []string{canaryKey, canaryLaw, `"explanation"`, `"key":{`, `"correct"`, "questionId", "versionId"}
	c.walk(
		step{as: "a0", method: "GET", path: "/api/v1/contests?state=open", status: 200, want: []string{`"state":"open"`, `"opensAt":"2026-04-13T01:01:00.000Z"`, `"rows":[]`}, unwanted: secret},
		step{as: "a0", method: "GET", path: "/api/v1/contests/" + id + "/intro", status: 200, want: []string{`"eligible":true`, `"mayStart":true`}, unwanted: secret},
		step{as: "a0", method: "GET", path: "/api/v1/contests/" + id + "/monitor", status: 403},
		step{as: "auditor", method: "POST", path: "/api/v1/contests/" + id + "/attempts", status: 403},
	)
	started := c.walk(step{as: "a0", method: "POST", path: "/api/v1/contests/" + id + "/attempts", status: 201, want: []string{`"paper":{"items":[`, `"slot":5`, `"serverTime":"2026-04-13T01:02`}, unwanted: secret})
	attempt := c.json(started)
	path, lease := "/api/v1/attempts/"+number(int64(attempt["id"].(float64))), attempt["lease"].(string)
	again := c.walk(step{as: "a0", method: "POST", path: "/api/v1/contests/" + id + "/attempts", status: 200, want: []string{lease}, unwanted: secret})
	if c.json(again)["id"] != attempt["id"] {
		t.Error("starting again made another attempt")
	}
	held := map[string]string{"X-Lease": lease}
	answer := func(slot, seq int, rest string) string {
		return fmt.Sprintf(`{"answers":[{"slot":%d,"seq":%d,%s}]}`, slot, seq, rest)
	}
	saved := c.walk(
		step{as: "a0", method: "PUT", path: path + "/answers", body: answer(1, 1, `"choice":[2]`), status: 409, want: []string{"attempt.lease_missing"}},
		step{as: "a0", method: "PUT", path: path + "/answers", body: answer(1, 1, `"choice":[2],"score":100`), header: held, status: 400, want: []string{"input.unknown", "answers[0].score"}},
		step{as: "a0", method: "PUT", path: path + "/answers", body: answer(1, 1, `"choice":[2],"time":1`), header: held, status: 400, want: []string{"answers[0].time"}},
		step{as: "a0", method: "PUT", path: path + "/answers", body: answer(9, 1, `"choice":[2]`), header: held, status: 400, want: []string{"answers[0].slot"}},
		step{as: "a1", method: "PUT", path: path + "/answers", body: answer(1, 1, `"choice":[2]`), header: held, status: 404, want: []string{"attempt.not_found"}},
		step{as: "a0", method: "PUT", path: path + "/answers", body: answer(1, 1, `"choice":[2]`), header: held, status: 200, want: []string{`"saved":[{"slot":1,"seq":1,"receipt":"`, `"deadlineAt":`}, unwanted: secret},
	)
	c.clock.Advance(time.Second)
	if r := c.walk(step{as: "a0", method: "PUT", path: path + "/answers", body: answer(1, 1, `"choice":[2]`), header: held, status: 200}); receiptOf(t, c, r) != receiptOf(t, c, saved) {
		t.Error("the same seq got another receipt")
	}
	c.walk(
		step{as: "a1", method: "GET", path: path, status: 404},
		step{as: "trainer", method: "GET", path: path, status: 404},
		step{as: "a0", method: "GET", path: path, status: 200, want: []string{`"state":"in_progress"`, `"choice":[2]`, `"holdsLease":true`}, unwanted: secret},
		step{as: "a0", method: "GET", path: path + "/review", status: 409, want: []string{"attempt.review_hidden"}, unwanted: secret},
		step{as: "a0", method: "POST", path: path + "/submission", body: `{"answers":[{"slot":5,"seq":2,"text":["二十四"]}]}`, header: held, status: 200, want: []string{`"submittedAt":`}, unwanted: secret},
		step{as: "a0", method: "PUT", path: path + "/answers", body: answer(2, 3, `"choice":[1]`), header: held, status: 409, want: []string{"attempt.done"}},
		step{as: "a0", method: "GET", path: "/api/v1/me/home", status: 200, want: []string{`"due":`}, unwanted: secret},
		step{as: "a0", method: "GET", path: "/api/v1/me/attempts", status: 200, want: []string{`"questions":5`}, unwanted: secret},
		step{as: "a0", method: "GET", path: "/api/v1/contests/" + id + "/board", status: 200, want: []string{`"own":`}, unwanted: append(secret, "人a0")},
		step{as: "a0", method: "GET", path: "/api/v1/contests/" + id + "/rankings/people", status: 403},
		step{as: "a0", method: "GET", path: "/api/v1/questions", status: 403, unwanted: secret},
	)
	c.walk(step{as: "owner", method: "POST", path: "/api/v1/contests/" + id + "/closing", body: `{"reason":"测试结束"}`, status: 200, want: []string{`"state":"closed"`}})
	c.clock.Advance(4 * time.Second)
	c.must(c.svc.Contests.Sweep(c.ctx))
	c.walk(
		step{as: "a0", method: "GET", path: path + "/review", status: 200, want: []string{canaryKey, `"picked":true`}},
		step{as: "owner", method: "GET", path: "/api/v1/contests/" + id + "/rankings/units", status: 200, want: []string{`"unit":{"id":`, `"expected":`, `"participationRate":`, `"score":`}},
		step{as: "owner", method: "GET", path: "/api/v1/contests/" + id + "/rankings/people", status: 200, want: []string{`"rank":1`, `"timeMs":`, `"attempts":1`}},
	)
	r := c.ask(t, call{method: "GET", path: "/api/v1/contests/" + id + "/rankings/units", token: c.as("owner")})
	if again := c.ask(t, call{method: "GET", path: "/api/v1/contests/" + id + "/rankings/units", token: c.as("owner"), header: map[string]string{"If-None-Match": r.header.Get("ETag")}}); again.status != 304 || again.body != "" {
		t.Errorf("board: %d with the ETag it gave", again.status)
	}
	if r := c.ask(t, call{method: "GET", path: "/api/v1/contests/" + id + "/rankings/export", token: c.as("owner")}); r.status != 200 ||
		!strings.HasPrefix(r.header.Get("Content-Disposition"), "attachment;") || !strings.HasPrefix(r.body, "PK") {
		t.Errorf("export: %d %v %.200s", r.status, r.header, r.body)
	}
}

func receiptOf(t *testing.T, c *county, r reply) string {
	t.Helper()
	return c.json(r)["saved"].([]any)[0].(map[string]any)["receipt"].(string)
}
