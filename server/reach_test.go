package server

import (
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"jingzhong/org"
)

// TestReach asks every operation that has a target as every role about an object in each of the five places,
// in both modes, on a real database (security.md, Numbers: access matrix).
func TestReach(t *testing.T) {
	w := newWorld(t)
	w.sweep(org.ModeQuick)
	page, err := w.svc.Org.ListGrants(w.ctx, w.owner, org.GrantFilter{PersonID: w.owner.PersonID, Role: org.RoleInvigilator})
	w.must(err)
	for _, g := range page.Items { // quick let the owner grant to oneself
		w.must(w.svc.Org.RevokeRole(w.ctx, w.owner, g.ID, "测试"))
	}
	w.must(w.svc.Org.SetMode(w.ctx, w.owner, org.ModeTwoPerson))
	w.clock.Advance(2 * time.Second)
	w.tokens = map[string]string{}
	w.sweep(org.ModeTwoPerson)
}

// TestEveryOperationHasAReach: a new operation says whose objects each role reaches, or why it has none.
func TestEveryOperationHasAReach(t *testing.T) {
	s, _ := bare(t, nil)
	known := map[string]bool{}
	for _, e := range expectedReach {
		known[strings.Split(e.route, "?")[0]] = true
	}
	for route, why := range withoutTarget {
		if known[route] || why == "" || strings.Contains(route, "{") {
			t.Errorf("%s has a target", route)
		}
		known[route] = true
	}
	for _, r := range s.rows {
		if !known[r.method+" "+r.path] {
			t.Errorf("%s %s has no expected reach", r.method, r.path)
		}
		delete(known, r.method+" "+r.path)
	}
	for route := range known {
		t.Errorf("%s is expected and does not exist", route)
	}
}

// sweep asks all roles in mode two_person, and in quick those whose rights it widens, with one it does not.
func (w *world) sweep(mode string) {
	asked, asking := 0, []byte("etrmMiscao")
	if mode == org.ModeQuick {
		asking = []byte("mto")
	}
	for i := range expectedReach {
		e := &expectedReach[i]
		if e.object == "act" && mode == org.ModeQuick { // nobody waits for a second person
			continue
		}
		want := reachOf(e.two)
		if mode == org.ModeQuick {
			for actor, letters := range reachOf(e.quick) {
				want[actor] += letters
			}
		}
		for _, actor := range asking {
			for place := range places {
				if e.skip != "" && strings.Contains(e.skip, string(places[place].letter)) {
					continue
				}
				if id := w.object(e.object, actor, place); id != "" {
					w.check(mode, e, actor, place, id, strings.IndexByte(want[actor], places[place].letter) >= 0)
					asked++
				}
			}
		}
	}
	w.t.Logf("%s: %d decisions", mode, asked)
}

// reachOf reads "tr:uc M:*": which places each of the roles reaches.
func reachOf(text string) map[byte]string {
	out := map[byte]string{}
	for _, part := range strings.Fields(text) {
		roles, letters, _ := strings.Cut(part, ":")
		if letters == "*" {
			letters = "sucpb"
		}
		for _, role := range []byte(roles) {
			out[role] += letters
		}
	}
	return out
}

func (w *world) check(mode string, e *reach, actor byte, place int, id string, want bool) {
	if want && strings.HasSuffix(e.route, "/stream") { // an endless answer; its refusals are what is asked here
		return
	}
	r := w.send(e, actor, place, id)
	name := mode + " " + string(actor) + " " + e.route + " (" + e.object + ", " + places[place].name + ")"
	switch {
	case e.listed && r.status == 200:
		if got := w.lists(r, id); got != want {
			w.t.Errorf("%s: listed = %v", name, got)
		}
	case r.status == 403 || r.status == 404:
		if want {
			w.t.Errorf("%s: refused: %d %.200s", name, r.status, r.body)
		} else if admitted := w.admits(e.route, mode, actor); !admitted && r.status != 403 || admitted && r.status == 403 && !e.open && place > 0 {
			w.t.Errorf("%s: refused with %d %.200s", name, r.status, r.body)
		}
	case r.status < 300 || r.status == 409 || r.status == 412 || r.status == 422:
		if !want {
			w.t.Errorf("%s: let through: %d %.200s", name, r.status, r.body)
		}
	default:
		w.t.Errorf("%s: %d %.300s", name, r.status, r.body)
	}
	if e.spent && r.status < 300 {
		for key, kept := range w.made {
			if kept == id && strings.HasPrefix(key, e.object+"/") {
				delete(w.made, key)
			}
		}
	}
}

// admits reports whether the table of routes lets the role in at all; security.md hides foreign objects
// behind 404 from those, and says 403 to the others.
func (w *world) admits(route, mode string, actor byte) bool {
	route = strings.Split(route, "?")[0]
	for _, e := range expectedAccess {
		if e.route == route {
			return strings.IndexByte(e.two, actor) >= 0 || mode == org.ModeQuick && strings.IndexByte(e.quick, actor) >= 0
		}
	}
	return false
}

func (w *world) send(e *reach, actor byte, place int, id string) reply {
	method, path, _ := strings.Cut(e.route, " ")
	fill := strings.NewReplacer("{id}", id, "{n}", map[bool]string{true: "2", false: "1"}[e.object == "people import"], "{unitId}", number(w.units["A"].ID), "{person}", number(w.people["a4"].ID),
		"{spare}", number(int64(w.spares)), "{local}", number(w.people[places[place].person].ID), "{personId}", number(w.people[places[place].person].ID),
		"{hash}", id, "{stranger}", number(w.people["owner"].ID))
	if e.within != "" {
		fill = strings.NewReplacer("{id}", w.made[e.within], "{unitId}", id)
	}
	deliver := func() reply {
		if strings.HasSuffix(path, "/stream") {
			return w.open(fill.Replace(path), w.as(actors[actor]))
		}
		if e.upload {
			return w.upload(fill.Replace(path), w.as(actors[actor]))
		}
		return w.ask(w.t, call{method: method, path: fill.Replace(path), body: fill.Replace(e.body), token: w.as(actors[actor]),
			header: map[string]string{"If-Match": `"1"`, "X-Lease": "x"}})
	}
	r := deliver()
	if r.status == 401 { // an earlier act on the actor's own person ended the session
		delete(w.tokens, actors[actor])
		w.clock.Advance(2 * time.Second)
		r = deliver()
	}
	return r
}

// lists reports whether a list, or the workbook of an export, shows the object.
func (w *world) lists(r reply, id string) bool {
	if !strings.HasPrefix(r.header.Get("Content-Type"), "application/json") {
		book, err := excelize.OpenReader(strings.NewReader(r.body))
		w.must(err)
		defer book.Close()
		cells, err := book.SearchSheet(book.GetSheetName(0), w.stems[id])
		w.must(err)
		return len(cells) == 1
	}
	for _, item := range w.json(r)["items"].([]any) {
		if n, _ := item.(map[string]any)["id"].(float64); number(int64(n)) == id {
			return true
		}
	}
	return false
}
