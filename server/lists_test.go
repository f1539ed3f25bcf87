package server

import (
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"gorm.io/gorm"

	"jingzhong/org"
	"jingzhong/quiz"
)

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
	c.walk(
		step{as: "owner", method: "GET", path: "/api/v1/people?limit=x", status: 400, want: []string{`"code":"input.type"`}},
		step{as: "owner", method: "GET", path: "/api/v1/contests/9999", status: 404, want: []string{"contest.not_found"}},
		step{as: "owner", method: "GET", path: "/api/v1/audit?from=yesterday", status: 400, want: []string{`"field":"from"`}, unwanted: []string{"yesterday"}},
	)
}

// TestEveryListIsPaged walks every list of the route table one row at a time: the pages hold what the whole
// list holds, in its order, and each list refuses sizes out of range and a cursor nobody gave out.
func TestEveryListIsPaged(t *testing.T) {
	c := newCounty(t)
	at := c.fillLists()
	walked := 0
	for i := range c.rows {
		r := &c.rows[i]
		if r.method != "GET" || !strings.HasPrefix(r.name, "list") {
			continue
		}
		_, limit := r.query["limit"]
		if _, cursor := r.query["cursor"]; strings.Contains(r.path, "/rankings/") {
			if limit || cursor {
				t.Errorf("%s: a ranking is whole", r.path)
			}
			continue
		} else if !limit || !cursor {
			t.Errorf("%s: no limit or no cursor", r.path)
			continue
		}
		path := strings.ReplaceAll(r.path, "{id}", at[r.path])
		as := "owner"
		if r.path == "/api/v1/me/attempts" { // the owner knows the keys and never competes
			as = "a0"
		}
		// One pages whole attempts, the other more pairs of the county's alike stems than a page holds; quiz tests both.
		if r.name != "listMarking" && r.name != "listDuplicates" {
			c.walkPages(as, path)
		}
		walked++
		for _, query := range []string{"limit=0", "limit=201", "limit=-1", "limit=x", "cursor=rotten", "cursor=-1"} {
			name, _, _ := strings.Cut(query, "=")
			c.walk(step{as: "owner", method: "GET", path: path + "?" + query, status: 400, want: []string{`"field":"` + name + `"`}})
		}
	}
	if walked < 19 {
		t.Errorf("%d lists", walked)
	}
}

func (c *county) walkPages(as, path string) {
	c.t.Helper()
	items := func(r reply) []any { return c.json(r)["items"].([]any) }
	whole := items(c.walk(step{as: as, method: "GET", path: path + "?limit=200", status: 200, want: []string{`"nextCursor":null`}}))
	if len(whole) < 2 {
		c.t.Errorf("%s: %d rows are too few to walk", path, len(whole))
	}
	var seen []any
	query := "?limit=1"
	for range len(whole) + 2 {
		r := c.walk(step{as: as, method: "GET", path: path + query, status: 200})
		page := items(r)
		if len(page) > 1 {
			c.t.Errorf("%s%s: %d rows", path, query, len(page))
		}
		seen = append(seen, page...)
		next, more := c.json(r)["nextCursor"].(string)
		if !more {
			break
		}
		query = "?limit=1&cursor=" + url.QueryEscape(next)
	}
	if !reflect.DeepEqual(seen, whole) {
		c.t.Errorf("%s: %d rows page by page, %d at once, or in another order", path, len(seen), len(whole))
	}
}

// fillLists puts at least two rows into every list the owner may read, and returns the {id} of each path.
func (c *county) fillLists() map[string]string {
	c.t.Helper()
	contest := number(c.contest())
	send := func(as, method, path, body string, status int) map[string]any {
		r := c.walk(step{as: as, method: method, path: "/api/v1" + path, body: body, status: status})
		if r.body == "" {
			return nil
		}
		return c.json(r)
	}
	for _, as := range []string{"a0", "a1"} {
		attempt := number(int64(send(as, "POST", "/contests/"+contest+"/attempts", "", 201)["id"].(float64)))
		c.must(c.db.Tx(c.ctx, func(tx *gorm.DB) error {
			return tx.Exec(`INSERT INTO attempt_proposals (attempt_id, act, minutes, reason, proposed_by, proposed_at) VALUES (?, 'void', 0, 'x', ?, 1)`,
				attempt, c.people["trainer"].ID).Error
		}))
		person := number(c.people[as].ID)
		send("owner", "POST", "/contests/"+contest+"/exemptions", `{"personId":`+person+`,"reason":"x"}`, 204)
	}
	c.must(c.db.Tx(c.ctx, func(tx *gorm.DB) error {
		return tx.Exec(`INSERT INTO key_alarms (contest_id, version_id, part, question_id, statistics, raised_at)
			SELECT ` + contest + `, id, 0, question_id, '{}', id FROM question_versions ORDER BY id LIMIT 2`).Error
	}))
	factors := `{"items":[{"personId":` + number(c.people["a3"].ID) + `,"percent":150,"reason":"视力障碍"},{"personId":` + number(c.people["a4"].ID) + `,"percent":150,"reason":"视力障碍"}]}`
	scheduled := number(c.scheduled())
	send("owner", "PUT", "/contests/"+scheduled+"/time-factors", factors, 200)
	judged := func(stem string) string { return `{"kind":"truefalse","stem":"` + stem + `","truth":true,"topicId":1}` }
	question := number(int64(send("owner", "POST", "/questions", judged("先写的题"), 201)["id"].(float64)))
	send("owner", "PUT", "/questions/"+question, judged("改过的题"), 200)
	for _, stem := range []string{"练习甲", "练习乙"} {
		send("owner", "POST", "/questions", `{"kind":"truefalse","stem":"`+stem+`","truth":true,"topicId":1,"use":"practice","publish":true}`, 201)
	}
	c.must(c.db.Tx(c.ctx, func(tx *gorm.DB) error {
		return errors.Join(tx.Exec(`INSERT INTO practice_wrong (person_id, question_id, part, wrongs, right_days, last_right_day, wrong_at)
			SELECT ?, id, 0, 1, 0, 0, 1 FROM questions WHERE use = 'practice' AND state = 'published'`, c.owner.PersonID).Error,
			tx.Exec(`INSERT INTO appeals (person_id, question_id, version_id, part, context, attempt_id, text, state, created_at)
			SELECT ?, id, current_version_id, 0, 'practice', 0, '题目有误', 'filed', 1 FROM questions WHERE use = 'practice' AND state = 'published'`,
				c.owner.PersonID).Error)
	}))
	first := number(int64(send("a0", "POST", "/contests/"+contest+"/attempts", "", 200)["id"].(float64)))
	lease := send("a0", "POST", "/attempts/"+first+"/lease", "", 200)["lease"].(string)
	c.walk(step{as: "a0", method: "POST", path: "/api/v1/attempts/" + first + "/submission", header: map[string]string{"X-Lease": lease}, status: 200})
	send("a0", "POST", "/contests/"+contest+"/attempts", "", 201)
	_, err := c.svc.Org.SignIn(c.ctx, org.SignIn{Username: "owner", Password: pass}) // a second session
	c.must(err)
	people, err := c.svc.Org.PrepareImport(c.ctx, c.owner, org.ImportFile{Name: "p.csv", Data: []byte("姓名,单位,工号\n甲,单位A,N1\n乙,单位A,N2\n")})
	c.must(err)
	_, err = c.svc.Org.WaitImport(c.ctx, c.owner, people.ID)
	c.must(err)
	questions, err := c.svc.Bank.PrepareImport(c.ctx, c.owner, quiz.QuestionFile{Name: "q.csv",
		Data: []byte("题型,题干,选项A,选项B,答案\n单选题,第一题？,甲,乙,A\n单选题,第二题？,甲,乙,A\n")})
	c.must(err)
	return map[string]string{"/api/v1/contests/{id}/roster": contest, "/api/v1/contests/{id}/exemptions": contest,
		"/api/v1/contests/{id}/corrections": contest, "/api/v1/contests/{id}/monitor/people": contest, "/api/v1/contests/{id}/marking": contest, "/api/v1/contests/{id}/time-factors": scheduled,
		"/api/v1/questions/{id}/versions": question, "/api/v1/people-imports/{id}/rows": number(people.ID),
		"/api/v1/question-imports/{id}/rows": number(questions.ID)}
}
