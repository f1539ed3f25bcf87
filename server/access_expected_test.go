package server

// Expected access, written from the table of security.md ("Access control") and its modes, never derived
// from routes.go. A role is a letter:
//
//	n nobody   e employee   t trainer   r reviewer   m unit manager   M manager of the root
//	i invigilator   s sysadmin   c secadmin   a auditor   o owner
//
// two is mode two_person, the table as it stands. quick adds what the text on modes says: a trainer publishes
// and imports people alone, the owner holds all roles.
type expected struct {
	route string
	two   string
	quick string // in addition to two
}

const (
	all      = "netrmMisca" + "o"
	signedIn = "etrmMisca" + "o"
)

var expectedAccess = []expected{
	// anybody
	{"GET /api/v1/site", all, ""},
	{"GET /api/v1/time", all, ""},
	{"POST /api/v1/setup", all, ""},
	{"POST /api/v1/sessions", all, ""},
	{"POST /api/v1/sessions/refresh", all, ""},
	{"POST /api/v1/activations", all, ""},

	// oneself
	{"DELETE /api/v1/sessions/current", signedIn, ""},
	{"GET /api/v1/me", signedIn, ""},
	{"PUT /api/v1/me/password", signedIn, ""},
	{"GET /api/v1/me/sessions", signedIn, ""},
	{"DELETE /api/v1/me/sessions/{id}", signedIn, ""},
	{"GET /api/v1/me/home", signedIn, ""},
	{"GET /api/v1/me/attempts", signedIn, ""},

	// learn, compete, see own results: everybody but the three administrators (and the owner, who is one)
	{"POST /api/v1/contests/{id}/attempts", "etrmMi", "o"},
	{"GET /api/v1/attempts/{id}", "etrmMi", "o"},
	{"GET /api/v1/attempts/{id}/beat", "etrmMi", "o"},
	{"POST /api/v1/attempts/{id}/lease", "etrmMi", "o"},
	{"PUT /api/v1/attempts/{id}/answers", "etrmMi", "o"},
	{"POST /api/v1/attempts/{id}/submission", "etrmMi", "o"},
	{"GET /api/v1/attempts/{id}/review", "etrmMi", "o"},

	{"GET /api/v1/me/practice", "etrmMi", "o"},
	{"POST /api/v1/practice-runs", "etrmMi", "o"},
	{"GET /api/v1/practice-runs/{id}", "etrmMi", "o"},
	{"POST /api/v1/practice-runs/{id}/answers", "etrmMi", "o"},
	{"PUT /api/v1/practice-runs/{id}/marks/{n}", "etrmMi", "o"},
	{"GET /api/v1/me/wrong-answers", "etrmMi", "o"},
	{"GET /api/v1/me/streaks", "etrmMi", "o"},
	{"POST /api/v1/appeals", "etrmMi", "o"},
	{"GET /api/v1/me/appeals", "etrmMi", "o"},

	// appeals are answered by those who write and review the questions
	{"GET /api/v1/appeals", "tr", "o"},
	{"POST /api/v1/appeals/{id}/decision", "tr", "o"},

	// what everybody may read, each in the own part of the tree
	{"GET /api/v1/units", signedIn, ""},
	{"GET /api/v1/audiences", signedIn, ""},
	{"GET /api/v1/topics", signedIn, ""},
	{"GET /api/v1/pictures/{hash}", signedIn, ""},
	{"GET /api/v1/contests", signedIn, ""},
	{"GET /api/v1/contests/{id}", signedIn, ""},
	{"GET /api/v1/contests/{id}/intro", signedIn, ""},
	{"GET /api/v1/contests/{id}/roster", signedIn, ""},
	{"GET /api/v1/contests/{id}/rankings/units", signedIn, ""},
	{"GET /api/v1/contests/{id}/rankings/units/{unitId}", signedIn, ""},
	{"GET /api/v1/contests/{id}/board", signedIn, ""},
	{"GET /api/v1/contests/{id}/board/stream", signedIn, ""},

	// author questions, courses, papers, contests: the trainer
	{"POST /api/v1/topics", "t", "o"},
	{"PATCH /api/v1/topics/{id}", "t", "o"},
	{"GET /api/v1/questions", "tr", "o"},
	{"GET /api/v1/questions/duplicates", "tr", "o"},
	{"POST /api/v1/questions/distinctions", "tr", "o"},
	{"POST /api/v1/questions/bulk", "tr", "o"},
	{"POST /api/v1/questions", "t", "o"},
	{"GET /api/v1/questions/{id}", "tr", "o"},
	{"PUT /api/v1/questions/{id}", "t", "o"},
	{"GET /api/v1/questions/{id}/versions", "tr", "o"},
	{"GET /api/v1/questions/export", "tr", "o"},
	{"POST /api/v1/pictures", "t", "o"},
	{"GET /api/v1/question-imports/template", "t", "o"},
	{"POST /api/v1/question-imports", "t", "o"},
	{"GET /api/v1/question-imports/{id}", "t", "o"},
	{"GET /api/v1/question-imports/{id}/rows", "t", "o"},
	{"PUT /api/v1/question-imports/{id}/rows/{n}", "t", "o"},
	{"POST /api/v1/question-imports/{id}/application", "t", "o"},
	{"GET /api/v1/question-imports/{id}/workbook", "t", "o"},
	{"GET /api/v1/contest-presets", "t", "o"},
	{"POST /api/v1/contests", "t", "o"},
	{"PATCH /api/v1/contests/{id}", "t", "o"},
	{"POST /api/v1/contests/{id}/feasibility", "t", "o"},
	{"PUT /api/v1/contests/{id}/participants", "t", "o"},
	{"POST /api/v1/contests/{id}/participants/preview", "t", "o"},
	{"POST /api/v1/contests/{id}/participants/match", "t", "o"},
	{"POST /api/v1/participants/file", "t", "o"},
	{"GET /api/v1/contests/{id}/time-factors", "t", "o"},
	{"PUT /api/v1/contests/{id}/time-factors", "t", "o"},
	{"POST /api/v1/contests/{id}/withdrawal", "t", "o"},
	{"POST /api/v1/contests/{id}/cancellation", "t", "o"},
	{"POST /api/v1/contests/{id}/suspension", "t", "o"},
	{"POST /api/v1/contests/{id}/resumption", "t", "o"},
	{"POST /api/v1/contests/{id}/closing", "t", "o"},

	// publish: the trainer proposes, the reviewer approves
	{"POST /api/v1/contests/{id}/publication", "t", "o"},
	{"POST /api/v1/contests/{id}/approval", "r", "to"},
	{"POST /api/v1/questions/{id}/review", "r", "to"},
	{"POST /api/v1/questions/{id}/publication", "r", "to"},
	{"POST /api/v1/questions/{id}/retirement", "r", "to"},

	// mark essays: whoever sees the keys
	{"GET /api/v1/contests/{id}/marking", "tr", "o"},
	{"GET /api/v1/contests/{id}/analysis", "tr", "o"},
	{"GET /api/v1/contests/{id}/analysis/export", "tr", "o"},
	{"GET /api/v1/questions/{id}/statistics", "tr", "o"},
	{"GET /api/v1/key-alarms", "tr", "o"},
	{"PUT /api/v1/attempts/{id}/marks/{n}", "tr", "o"},

	// extend, suspend, resume: trainer and invigilator; void and reopen: they propose, the reviewer approves
	{"GET /api/v1/contests/{id}/monitor", "ti", "o"},
	{"GET /api/v1/contests/{id}/monitor/stream", "ti", "o"},
	{"GET /api/v1/contests/{id}/monitor/people", "ti", "o"},
	{"POST /api/v1/contests/{id}/extensions", "ti", "o"},
	{"POST /api/v1/attempts/{id}/suspension", "ti", "o"},
	{"POST /api/v1/attempts/{id}/resumption", "ti", "o"},
	{"POST /api/v1/attempts/{id}/voiding", "ti", "o"},
	{"POST /api/v1/attempts/{id}/unvoiding", "ti", "o"},
	{"POST /api/v1/attempts/{id}/reopening", "ti", "o"},
	{"GET /api/v1/attempt-acts", "r", "to"},
	{"POST /api/v1/attempt-acts/{id}/decision", "r", "to"},

	// see unit progress and results: trainer and reviewer of own contests, manager of the subtree
	{"GET /api/v1/contests/{id}/rankings/people", "trmM", "o"},
	{"GET /api/v1/contests/{id}/rankings/units/{unitId}/people", "trmM", "o"},
	{"GET /api/v1/contests/{id}/rankings/units/{unitId}/missing", "trmM", "o"},
	{"GET /api/v1/contests/{id}/rankings/export", "trmM", "o"},

	{"GET /api/v1/contests/{id}/exemptions", "trmM", "o"},
	{"GET /api/v1/contests/{id}/corrections", "trmM", "o"},

	// exemptions, corrections, freeze, notice, final: the bureau manager, only at the root
	{"POST /api/v1/contests/{id}/exemptions", "M", "o"},
	{"POST /api/v1/contests/{id}/exemptions/{personId}/withdrawal", "M", "o"},
	{"POST /api/v1/contests/{id}/corrections", "M", "o"},
	{"POST /api/v1/contests/{id}/board/freezing", "M", "o"},
	{"POST /api/v1/contests/{id}/board/unfreezing", "M", "o"},
	{"POST /api/v1/contests/{id}/notice", "M", "o"},
	{"POST /api/v1/contests/{id}/final", "M", "o"},

	// people, import, unit tree: the sysadmin; the owner until duties are divided; a trainer imports in quick
	{"GET /api/v1/people", "tmMsco", ""},
	{"GET /api/v1/people/{id}", "tmMsco", ""},
	{"POST /api/v1/people", "so", "t"},
	{"PATCH /api/v1/people/{id}", "so", "t"},
	{"POST /api/v1/people/{id}/anonymisation", "so", "t"},
	{"POST /api/v1/audiences", "so", "t"},
	{"POST /api/v1/units", "so", ""},
	{"PATCH /api/v1/units/{id}", "so", ""},
	{"GET /api/v1/people-imports/template", "so", "t"},
	{"POST /api/v1/people-imports", "so", "t"},
	{"GET /api/v1/people-imports/{id}", "so", "t"},
	{"GET /api/v1/people-imports/{id}/rows", "so", "t"},
	{"PUT /api/v1/people-imports/{id}/rows/{n}/decision", "so", "t"},
	{"POST /api/v1/people-imports/{id}/application", "so", "t"},
	{"GET /api/v1/people-imports/{id}/workbook", "so", "t"},

	// activate: secadmin, and a unit manager re-issues slips for own people
	{"POST /api/v1/units/{id}/activation-slips", "mMco", "t"},

	// grant and revoke roles, unlock, policies: secadmin
	{"GET /api/v1/role-grants", "co", ""},
	{"POST /api/v1/role-grants", "co", ""},
	{"DELETE /api/v1/role-grants/{id}", "co", ""},
	{"POST /api/v1/people/{id}/unlock", "co", ""},

	// configuration
	{"PUT /api/v1/mode", "so", ""},

	// read the audit log: secadmin, auditor; verify: auditor
	{"GET /api/v1/audit", "cao", ""},
	{"POST /api/v1/audit/verification", "a", "o"},
}
