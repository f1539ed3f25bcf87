package org

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"jingzhong/audit"
	"jingzhong/store"
	"jingzhong/store/storetest"
)

var ctx = context.Background()

var secret = []byte("0123456789abcdef0123456789abcdef")

const (
	ownerPassword = "correct horse battery"
	plainPassword = "绿水青山-2027"
)

// house is an installation with a small tree:
//
//	云溪县 > 财政局 > 办公室
//	       > 教育局
//	       > 城关镇 > 东街社区
type house struct {
	*Service
	t     *testing.T
	db    *store.DB
	clock *storetest.Clock
	owner Actor

	county, finance, office, school, town, street Unit
}

func newHouse(t *testing.T) *house {
	t.Helper()
	clock := storetest.NewClock()
	h := &house{t: t, clock: clock, db: storetest.Open(t, clock)}
	h.start()
	token, err := h.SetupToken(ctx)
	must(t, err)
	session, err := h.Setup(ctx, SetupInput{Token: token, SiteName: "云溪县", Name: "沈一舟", Username: "admin", Password: ownerPassword})
	must(t, err)
	h.owner = h.signedIn(session)
	units, err := h.Units(ctx, h.owner)
	must(t, err)
	h.county = units[0]
	h.finance = h.unit(h.county, "财政局")
	h.office = h.unit(h.finance, "办公室")
	h.school = h.unit(h.county, "教育局")
	h.town = h.unit(h.county, "城关镇")
	h.street = h.unit(h.town, "东街社区")
	return h
}

func (h *house) start() {
	h.t.Helper()
	s, err := New(h.db, h.clock.Now, Config{Secret: secret, Log: slog.New(slog.DiscardHandler)})
	must(h.t, err)
	h.Service = s
	h.t.Cleanup(s.Close)
}

func (h *house) signedIn(session Session) Actor {
	h.t.Helper()
	by, err := h.Authenticate(ctx, session.ID, session.PersonID, session.Epoch)
	must(h.t, err)
	return by
}

func (h *house) unit(parent Unit, name string) Unit {
	h.t.Helper()
	u, err := h.CreateUnit(ctx, h.owner, UnitInput{ParentID: parent.ID, Name: name})
	must(h.t, err)
	return u
}

func (h *house) person(unit Unit, name, staffNo string) Person {
	h.t.Helper()
	p, err := h.CreatePerson(ctx, h.owner, PersonInput{Name: name, StaffNo: staffNo, UnitID: unit.ID})
	must(h.t, err)
	return p
}

// actor is a new person with a role over a unit, as an Actor; no password is hashed for it.
func (h *house) actor(unit Unit, role string, over Unit) Actor {
	h.t.Helper()
	p := h.person(unit, "某"+strings.ToUpper(role[:1])+"甲", "")
	_, err := h.GrantRole(ctx, h.owner, GrantInput{PersonID: p.ID, Role: role, UnitID: over.ID})
	must(h.t, err)
	return h.as(p.ID)
}

// as is a person as an Actor, without a session.
func (h *house) as(personID int64) Actor {
	h.t.Helper()
	p, err := h.FindPerson(ctx, System, personID)
	must(h.t, err)
	site, err := h.Site(ctx)
	must(h.t, err)
	by := Actor{PersonID: p.ID, Name: p.Name, UnitID: p.UnitID, UnitPath: p.UnitPath, Mode: site.Mode}
	for _, g := range p.Grants {
		by.Grants = append(by.Grants, Grant{Role: g.Role, UnitID: g.UnitID, UnitPath: g.UnitPath})
	}
	return by
}

// activated gives a person a session through a slip.
func (h *house) activated(p Person, password string) Session {
	h.t.Helper()
	slips, err := h.IssueSlips(ctx, h.owner, p.UnitID, []int64{p.ID})
	must(h.t, err)
	session, err := h.Activate(ctx, Activation{Code: slips[0].Code, Password: password})
	must(h.t, err)
	return session
}

// actions are the log's actions, the oldest first.
func (h *house) actions() []string {
	h.t.Helper()
	var list []string
	must(h.t, h.db.Read(ctx).Table("audit_records").Order("id").Pluck("action", &list).Error)
	return list
}

func (h *house) wantAction(action string) {
	h.t.Helper()
	for _, a := range h.actions() {
		if a == action {
			return
		}
	}
	h.t.Errorf("the log holds no %q: %v", action, h.actions())
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want(t testing.TB, err, target error) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Errorf("got %v, want %v", err, target)
	}
}

func ptr[T any](v T) *T { return &v }

func TestTheFirstStartMakesOneOwner(t *testing.T) {
	clock := storetest.NewClock()
	h := &house{t: t, clock: clock, db: storetest.Open(t, clock)}
	h.start()
	site, err := h.Site(ctx)
	must(t, err)
	if !site.SetupNeeded || site.Mode != ModeQuick {
		t.Fatalf("%+v", site)
	}
	old, err := h.SetupToken(ctx)
	must(t, err)
	token, err := h.SetupToken(ctx)
	must(t, err)
	in := SetupInput{Token: old, SiteName: "云溪县", Name: "沈一舟", Username: "Admin", Password: ownerPassword}
	_, err = h.Setup(ctx, in)
	want(t, err, ErrSetupToken)
	in.Token = token
	in.Password = "correct-horse1"
	_, err = h.Setup(ctx, in)
	want(t, err, ErrPasswordShort)
	in.Password = ownerPassword
	session, err := h.Setup(ctx, in)
	must(t, err)
	by := h.signedIn(session)
	for _, right := range Rights {
		if !by.Has(right) {
			t.Errorf("the owner in mode quick lacks %s", right)
		}
	}
	_, err = h.Setup(ctx, in)
	want(t, err, ErrSetupDone)
	if again, err := h.SetupToken(ctx); err != nil || again != "" {
		t.Fatalf("%q %v", again, err)
	}
	site, err = h.Site(ctx)
	must(t, err)
	if site.SetupNeeded || site.Name != "云溪县" {
		t.Fatalf("%+v", site)
	}
	if _, err := h.SignIn(ctx, SignIn{Username: " ADMIN ", Password: ownerPassword}); err != nil {
		t.Fatal(err)
	}
	h.wantAction("site.setup")
	h.wantAction("session.start")
}

func TestEveryRecordOfTheLogVerifies(t *testing.T) {
	h := newHouse(t)
	h.activated(h.person(h.finance, "高山", "F1"), plainPassword)
	v, err := audit.Verify(ctx, h.db.Read(ctx))
	if err != nil || !v.Intact() {
		t.Fatalf("%+v %v", v, err)
	}
}

func TestNoSecretIsStored(t *testing.T) {
	h := newHouse(t)
	p := h.person(h.finance, "高山", "F1")
	slips, err := h.IssueSlips(ctx, h.owner, h.finance.ID, []int64{p.ID})
	must(t, err)
	session, err := h.Activate(ctx, Activation{Code: slips[0].Code, Password: plainPassword})
	must(t, err)
	var dump bytes.Buffer
	for _, table := range []string{"people", "sessions", "refresh_tokens", "activations", "settings", "audit_records"} {
		var rows []map[string]any
		must(t, h.db.Read(ctx).Table(table).Find(&rows).Error)
		for _, row := range rows {
			for _, v := range row {
				if b, ok := v.([]byte); ok {
					dump.Write(b)
				} else if s, ok := v.(string); ok {
					dump.WriteString(s)
				}
				dump.WriteByte('\n')
			}
		}
	}
	for _, secret := range []string{plainPassword, ownerPassword, session.RefreshToken, slips[0].Code, plainCode(slips[0].Code)} {
		if strings.Contains(dump.String(), secret) {
			t.Errorf("the database holds %q", secret)
		}
	}
}
