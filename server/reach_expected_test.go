package server

// reach says whose objects an operation reaches: for each role the places whose object it gets, everything
// else being refused. Written by hand from the access table of security.md and its modes. Roles are the letters
// of access_expected_test.go, all over unit A but M and o, which stand over the root. Places: s oneself, u the
// own unit, c its child, p its parent, b its sibling; * all five.
type reach struct {
	route  string
	object string // kind of the target, see world.object
	two    string // mode two_person
	quick  string // in addition to two
	body   string
	within string // the object is {unitId} of this one's {id}
	skip   string // places this kind of question does not have
	listed bool   // a list: does it show the object
	open   bool   // the object is no secret, so that a refusal says 403 and not 404
	spent  bool   // success uses the object up
	upload bool   // the body is a file
}

const draftBody = `{"title":"改名","limitMs":600000,"kept":"best","scoring":"M0","takeover":"free","scoreShow":"submit","reviewShow":"close","passMark":6000,"excellentMark":9000,"audience":{"all":true}}`

var expectedReach = []reach{
	// oneself
	{route: "DELETE /api/v1/me/sessions/{id}", object: "session", two: "etrmMiscao:s", spent: true},

	// the unit tree: the sysadmin
	{route: "GET /api/v1/units", object: "unit", two: "e:u trmisca:uc Mo:*", listed: true},
	{route: "POST /api/v1/units", object: "unit", two: "s:uc o:*", body: `{"parentId":{id},"name":"新{spare}"}`},
	{route: "PATCH /api/v1/units/{id}", object: "unit", two: "s:uc o:*", body: `{"shortName":"简"}`},

	// people: listed by trainers, managers and those who keep accounts; changed by the sysadmin
	{route: "GET /api/v1/people?limit=200", object: "person", two: "tmsc:suc Mo:*", listed: true},
	{route: "GET /api/v1/people?unit={id}", object: "unit", two: "tmsc:uc Mo:*"},
	{route: "GET /api/v1/people/{id}", object: "person", two: "tmsc:suc Mo:*"},
	{route: "POST /api/v1/people", object: "unit", two: "s:uc o:*", quick: "t:uc", body: `{"name":"新人","unitId":{id}}`},
	{route: "PATCH /api/v1/people/{id}", object: "person", two: "s:suc o:*", quick: "t:suc", body: `{"position":"科员"}`},
	{route: "POST /api/v1/people/{id}/anonymisation", object: "leaver", two: "s:uc o:*", quick: "t:uc", body: `{"reason":"期满"}`, spent: true},
	{route: "POST /api/v1/units/{id}/activation-slips", object: "unit", two: "mc:uc Mo:*", quick: "t:uc", body: `{}`},

	// roles, locks: the secadmin, never for oneself
	{route: "POST /api/v1/people/{id}/unlock", object: "person", two: "c:uc o:ucpb", quick: "o:s"},
	{route: "GET /api/v1/role-grants?limit=200", object: "grant", two: "c:suc o:*", listed: true},
	{route: "GET /api/v1/role-grants?unit={id}", object: "unit", two: "c:uc o:*"},
	{route: "POST /api/v1/role-grants", object: "unit", two: "c:uc o:*", body: `{"personId":{person},"role":"invigilator","unitId":{id}}`},
	{route: "POST /api/v1/role-grants", object: "person", two: "c:uc o:ucpb", quick: "o:s", body: `{"personId":{id},"role":"invigilator","unitId":{unitId}}`},
	{route: "DELETE /api/v1/role-grants/{id}", object: "grant", two: "c:uc o:ucpb", quick: "o:s", spent: true},

	// imports: whoever brought the file; who keeps the people of the whole tree sees all of them
	{route: "GET /api/v1/people-imports/{id}", object: "people import", two: "s:s o:*", quick: "t:s"},
	{route: "GET /api/v1/people-imports/{id}/rows", object: "people import", two: "s:s o:*", quick: "t:s"},
	{route: "PUT /api/v1/people-imports/{id}/rows/{n}/decision", object: "people import", two: "s:s o:*", quick: "t:s", body: `{"personId":null}`},
	{route: "GET /api/v1/people-imports/{id}/workbook", object: "people import", two: "s:s o:*", quick: "t:s"},
	{route: "POST /api/v1/people-imports/{id}/application", object: "people import", two: "s:s o:*", quick: "t:s"},
	{route: "POST /api/v1/question-imports?unitId={id}", object: "unit", two: "t:uc", quick: "o:*", upload: true, open: true},
	{route: "GET /api/v1/question-imports/{id}", object: "question import", two: "t:s", quick: "o:s"},
	{route: "GET /api/v1/question-imports/{id}/rows", object: "question import", two: "t:s", quick: "o:s"},
	{route: "PUT /api/v1/question-imports/{id}/rows/{n}", object: "question import", two: "t:s", quick: "o:s", body: `{"cells":{}}`},
	{route: "GET /api/v1/question-imports/{id}/workbook", object: "question import", two: "t:s", quick: "o:s"},
	{route: "POST /api/v1/question-imports/{id}/application", object: "question import", two: "t:s", quick: "o:s", body: `{}`},

	// questions: written by the trainer, approved by the reviewer; what the units above have published is read
	{route: "PATCH /api/v1/topics/{id}", object: "topic", two: "t:ucpb", quick: "o:ucpb", body: `{"parentId":0}`, open: true},
	{route: "GET /api/v1/questions?state=draft&limit=200", object: "draft question", two: "tr:uc", quick: "o:*", listed: true},
	{route: "GET /api/v1/questions?use=practice&state=published&limit=200", object: "public question", two: "tr:ucp", quick: "o:*", listed: true},
	{route: "POST /api/v1/questions", object: "unit", two: "t:uc", quick: "o:*", open: true,
		body: `{"kind":"truefalse","stem":"新写的第{spare}题在{id}","truth":true,"topicId":1,"unitId":{id}}`},
	{route: "GET /api/v1/questions/{id}", object: "draft question", two: "tr:uc", quick: "o:*"},
	{route: "GET /api/v1/questions/{id}", object: "public question", two: "tr:ucp", quick: "o:*"},
	{route: "GET /api/v1/questions/{id}/versions", object: "draft question", two: "tr:uc", quick: "o:*"},
	{route: "GET /api/v1/questions/export?use=practice", object: "draft question", two: "tr:uc", quick: "o:*", listed: true},
	{route: "GET /api/v1/pictures/{hash}", object: "drawing", two: "tr:uc", quick: "o:*"},
	{route: "PUT /api/v1/questions/{id}", object: "draft question", two: "t:uc", quick: "o:*",
		body: `{"kind":"truefalse","stem":"改过的第{id}题","truth":true,"topicId":1}`, spent: true},
	{route: "POST /api/v1/questions/{id}/review", object: "draft question", two: "r:uc", quick: "t:uc o:*", body: `{"decision":"approve"}`, spent: true},
	{route: "POST /api/v1/questions/{id}/publication", object: "draft question", two: "r:uc", quick: "t:uc o:*", spent: true},
	{route: "POST /api/v1/questions/{id}/retirement", object: "draft question", two: "r:uc", quick: "t:uc o:*", body: `{"reason":"过时"}`, spent: true},

	// contests: drafts are their organisers'; published ones are known to those below and to managers above
	{route: "GET /api/v1/contests?limit=200", object: "draft", two: "tri:uc", quick: "o:*", listed: true},
	{route: "GET /api/v1/contests?limit=200", object: "running", two: "tri:ucp m:ucp esca:up M:* o:p", quick: "o:*", listed: true},
	{route: "GET /api/v1/contests/{id}", object: "draft", two: "tri:uc", quick: "o:*"},
	{route: "GET /api/v1/contests/{id}", object: "running", two: "tri:ucp m:ucp esca:up M:* o:p", quick: "o:*"},
	{route: "GET /api/v1/contests/{id}/intro", object: "running", two: "tri:ucp m:ucp esca:up M:* o:p", quick: "o:*"},
	{route: "POST /api/v1/contests/{id}/publication", object: "draft", two: "t:uc", quick: "o:*", spent: true},
	{route: "PATCH /api/v1/contests/{id}", object: "draft", two: "t:uc", quick: "o:*", body: draftBody, spent: true},
	{route: "POST /api/v1/contests/{id}/feasibility", object: "draft", two: "t:uc", quick: "o:*", body: `{"rows":[{"count":1,"points":100}]}`},
	{route: "PUT /api/v1/contests/{id}/participants", object: "draft", two: "t:uc", quick: "o:*", body: `{"audience":{"all":true}}`},
	{route: "POST /api/v1/contests/{id}/participants/preview", object: "draft", two: "t:uc", quick: "o:*", body: `{"audience":{"all":true}}`},
	{route: "POST /api/v1/contests/{id}/participants/match", object: "draft", two: "t:uc", quick: "o:*", body: `{"text":"人a0"}`},
	{route: "GET /api/v1/contests/{id}/time-factors", object: "draft", two: "t:uc", quick: "o:*"},
	{route: "PUT /api/v1/contests/{id}/time-factors", object: "scheduled", two: "t:uc", quick: "o:*", body: `{"items":[]}`},
	{route: "POST /api/v1/contests/{id}/approval", object: "proposed", two: "r:uc", quick: "t:uc o:*", spent: true},
	{route: "POST /api/v1/contests/{id}/withdrawal", object: "scheduled", two: "t:uc", quick: "o:*", body: `{"reason":"再改"}`, spent: true},
	{route: "POST /api/v1/contests/{id}/cancellation", object: "scheduled", two: "t:uc", quick: "o:*", body: `{"reason":"取消"}`, spent: true},
	{route: "POST /api/v1/contests/{id}/closing", object: "scheduled", two: "t:uc", quick: "o:*", body: `{"reason":"推后","closesAt":"2026-04-20T00:00:00Z"}`},
	{route: "POST /api/v1/contests/{id}/suspension", object: "running", two: "t:uc", quick: "o:*", body: `{"reason":"断网"}`},
	{route: "POST /api/v1/contests/{id}/resumption", object: "running", two: "t:uc", quick: "o:*", body: `{"reason":"恢复"}`},

	// attempts: one's own
	{route: "POST /api/v1/contests/{id}/attempts", object: "running", two: "ei:up m:up tr:p M:p", quick: "", open: true},
	{route: "GET /api/v1/attempts/{id}", object: "attempt", two: "etrmMi:s", quick: "o:s"},
	{route: "GET /api/v1/attempts/{id}/beat", object: "attempt", two: "etrmMi:s", quick: "o:s"},
	{route: "PUT /api/v1/attempts/{id}/answers", object: "attempt", two: "etrmMi:s", quick: "o:s", body: `{"answers":[{"slot":1,"seq":1}]}`},
	{route: "GET /api/v1/attempts/{id}/review", object: "attempt", two: "etrmMi:s", quick: "o:s", open: true},
	{route: "POST /api/v1/attempts/{id}/submission", object: "attempt", two: "etrmMi:s", quick: "o:s", body: `{}`},
	{route: "GET /api/v1/practice-runs/{id}", object: "practice run", two: "etrmMi:s", quick: "o:s"},
	{route: "POST /api/v1/practice-runs/{id}/answers", object: "practice run", two: "etrmMi:s", quick: "o:s", body: `{"slot":1,"clientId":"reach"}`},
	{route: "PUT /api/v1/practice-runs/{id}/marks/{n}", object: "practice run", two: "etrmMi:s", quick: "o:s", body: `{"score":0}`},
	{route: "GET /api/v1/appeals?limit=200", object: "appeal", two: "tr:uc", quick: "o:*", listed: true},
	{route: "POST /api/v1/appeals/{id}/decision", object: "appeal", two: "tr:uc", quick: "o:*", body: `{"accept":false,"note":"题目没有问题"}`, spent: true},
	{route: "POST /api/v1/attempts/{id}/lease", object: "attempt", two: "etrmMi:s", quick: "o:s"},

	// analysis: whoever sees the keys
	{route: "GET /api/v1/contests/{id}/analysis", object: "running", two: "tr:uc", quick: "o:*"},
	{route: "GET /api/v1/contests/{id}/analysis/export", object: "running", two: "tr:uc", quick: "o:*"},
	{route: "GET /api/v1/questions/{id}/statistics", object: "public question", two: "tr:uc", quick: "o:*"},
	{route: "GET /api/v1/key-alarms?contest={id}", object: "running", two: "tr:uc", quick: "o:*"},

	// marking: whoever sees the keys of the contest's unit
	{route: "GET /api/v1/contests/{id}/marking", object: "running", two: "tr:uc", quick: "o:*"},
	{route: "PUT /api/v1/attempts/{id}/marks/{n}", object: "attempt", two: "tr:uc", quick: "o:*", body: `{"score":0}`},

	// the monitor and acts on attempts: trainer and invigilator of the contest; the reviewer decides
	{route: "GET /api/v1/contests/{id}/monitor", object: "running", two: "ti:uc", quick: "o:*"},
	{route: "GET /api/v1/contests/{id}/monitor/stream", object: "running", two: "ti:uc", quick: "o:*"},
	{route: "GET /api/v1/contests/{id}/monitor/people", object: "running", two: "ti:uc", quick: "o:*"},
	{route: "POST /api/v1/contests/{id}/extensions", object: "running", two: "ti:uc", quick: "o:*", body: `{"scope":"all","minutes":5,"reason":"断网"}`},
	{route: "POST /api/v1/attempts/{id}/suspension", object: "attempt", two: "ti:uc", quick: "o:*", body: `{"reason":"求助"}`},
	{route: "POST /api/v1/attempts/{id}/resumption", object: "attempt", two: "ti:uc", quick: "o:*", body: `{"reason":"继续"}`},
	{route: "POST /api/v1/attempts/{id}/reopening", object: "attempt", two: "ti:uc", quick: "o:*", body: `{"reason":"误交"}`},
	{route: "POST /api/v1/attempts/{id}/voiding", object: "attempt", two: "ti:uc", quick: "o:*", body: `{"reason":"代答"}`},
	{route: "POST /api/v1/attempts/{id}/unvoiding", object: "attempt", two: "ti:uc", quick: "o:*", body: `{"reason":"误判"}`},
	{route: "GET /api/v1/contests/{id}/marking", object: "running", two: "tr:uc", quick: "o:*"},
	{route: "PUT /api/v1/attempts/{id}/marks/{n}", object: "attempt", two: "tr:uc", quick: "o:*", body: `{"score":0}`},
	{route: "GET /api/v1/attempt-acts?limit=200", object: "act", two: "r:uc", listed: true},
	{route: "POST /api/v1/attempt-acts/{id}/decision", object: "act", two: "r:uc", body: `{"approve":false,"reason":"证据不足"}`, spent: true},

	// results: the trainer and reviewer of the contest, the invigilator live, a manager for the own subtree
	{route: "GET /api/v1/contests/{id}/roster", object: "running", two: "tri:uc m:ucp M:*", quick: "o:*", open: true},
	{route: "GET /api/v1/contests/{id}/rankings/units", object: "ended", two: "tri:ucp m:ucp e:up M:*", quick: "o:*", open: true},
	{route: "GET /api/v1/contests/{id}/rankings/people", object: "ended", two: "tr:uc m:ucp M:*", quick: "o:*", open: true},
	{route: "GET /api/v1/contests/{id}/rankings/export?reason=x", object: "ended", two: "tr:uc m:ucp M:*", quick: "o:*", open: true},
	{route: "GET /api/v1/contests/{id}/rankings/units/{unitId}", object: "unit", within: "ended/root", two: "m:u M:upb", quick: "o:upb", open: true},
	{route: "GET /api/v1/contests/{id}/rankings/units/{unitId}/people", object: "unit", within: "ended/root", two: "m:uc M:*", quick: "o:*", open: true},
	{route: "GET /api/v1/contests/{id}/rankings/units/{unitId}/missing", object: "unit", within: "ended/root", two: "m:uc M:*", quick: "o:*", open: true},
	{route: "GET /api/v1/contests/{id}/board", object: "ended", two: "tri:ucp m:ucp esca:up M:* o:p", quick: "o:*"},
	{route: "GET /api/v1/contests/{id}/board/stream", object: "ended", two: "tri:ucp m:ucp esca:up M:* o:p", quick: "o:*"},

	{route: "GET /api/v1/contests/{id}/exemptions", object: "ended", two: "tr:uc m:ucp M:*", quick: "o:*", open: true},
	{route: "GET /api/v1/contests/{id}/corrections", object: "ended", two: "tr:uc m:ucp M:*", quick: "o:*", open: true},

	// the bureau: who is expected, freeze, notice and final
	{route: "POST /api/v1/contests/{id}/exemptions", object: "ended", two: "M:*", quick: "o:*", body: `{"personId":{local},"reason":"住院"}`},
	{route: "POST /api/v1/contests/{id}/exemptions/{personId}/withdrawal", object: "ended", two: "M:*", quick: "o:*", body: `{"reason":"已出院"}`},
	{route: "POST /api/v1/contests/{id}/corrections", object: "ended", two: "M:*", quick: "o:*", body: `{"kind":"add","personId":{stranger},"unitId":{unitId},"reason":"漏报"}`},
	{route: "POST /api/v1/contests/{id}/board/freezing", object: "ended", two: "M:*", quick: "o:*"},
	{route: "POST /api/v1/contests/{id}/board/unfreezing", object: "ended", two: "M:*", quick: "o:*"},
	{route: "POST /api/v1/contests/{id}/notice", object: "ended", two: "M:*", quick: "o:*"},
	{route: "POST /api/v1/contests/{id}/final", object: "ended", two: "M:*", quick: "o:*"},
}

// withoutTarget are the operations about nobody's object, each with the reason.
var withoutTarget = map[string]string{
	"GET /api/v1/site":                      "the installation",
	"GET /api/v1/time":                      "the clock",
	"POST /api/v1/setup":                    "a one-time token decides",
	"PUT /api/v1/mode":                      "the installation",
	"POST /api/v1/sessions":                 "a password decides",
	"POST /api/v1/sessions/refresh":         "a cookie decides",
	"DELETE /api/v1/sessions/current":       "the session that asks",
	"POST /api/v1/activations":              "a code decides",
	"GET /api/v1/me":                        "oneself",
	"PUT /api/v1/me/password":               "oneself",
	"GET /api/v1/me/sessions":               "oneself",
	"GET /api/v1/me/home":                   "oneself",
	"GET /api/v1/me/attempts":               "oneself",
	"GET /api/v1/me/practice":               "oneself",
	"GET /api/v1/me/wrong-answers":          "oneself",
	"GET /api/v1/me/streaks":                "oneself, and units without people's names",
	"GET /api/v1/me/appeals":                "oneself",
	"POST /api/v1/practice-runs":            "one's own run; quiz tests which questions and blueprints it may take",
	"POST /api/v1/appeals":                  "only a question one has answered oneself; quiz tests it",
	"GET /api/v1/audiences":                 "groups belong to the whole installation",
	"POST /api/v1/audiences":                "groups belong to the whole installation",
	"GET /api/v1/topics":                    "topics belong to the whole installation",
	"POST /api/v1/topics":                   "topics belong to the whole installation",
	"GET /api/v1/questions/duplicates":      "pairs of what GET /questions lists; quiz tests whose",
	"POST /api/v1/questions/distinctions":   "looks up both questions as GET /questions/{id}; quiz tests whose",
	"POST /api/v1/questions/bulk":           "refuses question by question; quiz tests whose",
	"GET /api/v1/people-imports/template":   "an empty workbook",
	"GET /api/v1/question-imports/template": "an empty workbook",
	"POST /api/v1/pictures":                 "it belongs to whoever brings it",
	"POST /api/v1/people-imports":           "each row of the file names its unit; org tests the rows",
	"GET /api/v1/contest-presets":           "built in",
	"POST /api/v1/contests":                 "it belongs to the unit of the author's own role",
	"POST /api/v1/participants/file":        "reads a file and looks nothing up",
	"GET /api/v1/audit":                     "the whole log, for those who answer for it",
	"POST /api/v1/audit/verification":       "the whole log",
}
