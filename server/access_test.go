package server

import (
	"context"
	"strings"
	"testing"

	"jingzhong/org"
)

// roleLetters are the letters of access_expected_test.go. The unit manager stands over unit 2 below the root.
var roleLetters = map[string][]org.Grant{
	"e": nil,
	"t": {{Role: org.RoleTrainer, UnitID: 2, UnitPath: "/1/2/"}},
	"r": {{Role: org.RoleReviewer, UnitID: 2, UnitPath: "/1/2/"}},
	"m": {{Role: org.RoleManager, UnitID: 2, UnitPath: "/1/2/"}},
	"M": {{Role: org.RoleManager, UnitID: 1, UnitPath: "/1/"}},
	"i": {{Role: org.RoleInvigilator, UnitID: 2, UnitPath: "/1/2/"}},
	"s": {{Role: org.RoleSysadmin, UnitID: 1, UnitPath: "/1/"}},
	"c": {{Role: org.RoleSecadmin, UnitID: 1, UnitPath: "/1/"}},
	"a": {{Role: org.RoleAuditor, UnitID: 1, UnitPath: "/1/"}},
	"o": {{Role: org.RoleOwner, UnitID: 1, UnitPath: "/1/"}},
}

// TestEveryRouteRefusesEveryLesserRole asks each row as each role in both modes. The services are absent, so
// a request that is let in fails later with anything but 401 and right.denied.
func TestEveryRouteRefusesEveryLesserRole(t *testing.T) {
	var grants []org.Grant
	var mode string
	denials := 0
	s, _ := bare(t, func(c *Config) {
		c.Authenticate = func(context.Context, string, int64, int64) (org.Actor, error) {
			return org.Actor{PersonID: 7, UnitID: 2, UnitPath: "/1/2/", Mode: mode, Grants: grants}, nil
		}
		c.Denied = func(context.Context, org.Actor, string, string) error { denials++; return nil }
	})
	rows := map[string]bool{}
	for _, r := range s.rows {
		rows[r.method+" "+r.path] = true
	}
	token := s.token(t, 7, 1)
	refused := 0
	for _, e := range expectedAccess {
		if !rows[e.route] {
			t.Errorf("%s is expected and does not exist", e.route)
			continue
		}
		delete(rows, e.route)
		for _, mode = range []string{org.ModeTwoPerson, org.ModeQuick} {
			admitted := e.two
			if mode == org.ModeQuick {
				admitted += e.quick
			}
			for _, letter := range strings.Split(all, "") {
				bearer := token
				if grants = roleLetters[letter]; letter == "n" {
					bearer = ""
				}
				got, reply := letIn(t, s, e.route, bearer)
				if want := strings.Contains(admitted, letter); got != want {
					t.Errorf("%s: %s in mode %s let in = %v, security.md says %v (%d %s)", e.route, letter, mode, got, want, reply.status, reply.body)
				}
				if !got && letter != "n" {
					refused++
				}
			}
		}
	}
	for route := range rows {
		t.Errorf("%s has no expected access; write it from security.md", route)
	}
	if denials != refused {
		t.Errorf("%d of %d refusals were recorded", denials, refused)
	}
}

// letIn reports whether the request reached its handler.
func letIn(t *testing.T, s *Server, route, token string) (bool, reply) {
	t.Helper()
	method, path, _ := strings.Cut(route, " ")
	path = strings.NewReplacer("{id}", "1", "{n}", "1", "{unitId}", "1", "{personId}", "1", "{hash}", strings.Repeat("0", 64)).Replace(path)
	r := s.ask(t, call{method: method, path: path, token: token})
	return r.status != 401 && r.status != 403 || strings.HasPrefix(path, "/api/v1/sessions/refresh"), r
}
