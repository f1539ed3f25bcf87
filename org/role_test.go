package org

import (
	"testing"
	"time"
)

func TestGrantsAreNeverToOneselfExceptTheQuickOwner(t *testing.T) {
	h := newHouse(t)
	security := h.actor(h.county, RoleSecadmin, h.county)
	_, err := h.GrantRole(ctx, security, GrantInput{PersonID: security.PersonID, Role: RoleTrainer, UnitID: h.county.ID})
	want(t, err, ErrGrantSelf)
	h.wantAction("role.grant_denied")
	p := h.person(h.finance, "高山", "F1")
	_, err = h.GrantRole(ctx, security, GrantInput{PersonID: p.ID, Role: RoleOwner, UnitID: h.county.ID})
	want(t, err, ErrGrantOwner)
	_, err = h.GrantRole(ctx, security, GrantInput{PersonID: p.ID, Role: RoleTrainer, UnitID: h.finance.ID})
	must(t, err)
	_, err = h.GrantRole(ctx, security, GrantInput{PersonID: p.ID, Role: RoleTrainer, UnitID: h.finance.ID})
	want(t, err, ErrGrantTaken)
	_, err = h.GrantRole(ctx, security, GrantInput{PersonID: p.ID, Role: "root", UnitID: h.finance.ID})
	want(t, err, ErrRoleUnknown)
	_, err = h.GrantRole(ctx, h.owner, GrantInput{PersonID: h.owner.PersonID, Role: RoleTrainer, UnitID: h.county.ID})
	must(t, err)
	must(t, h.SetMode(ctx, h.owner, ModeTwoPerson))
	owner := h.as(h.owner.PersonID)
	_, err = h.GrantRole(ctx, owner, GrantInput{PersonID: owner.PersonID, Role: RoleReviewer, UnitID: h.county.ID})
	want(t, err, ErrGrantSelf)
}

func TestTheLastWhoCanGrantStays(t *testing.T) {
	h := newHouse(t)
	owned, err := h.ListGrants(ctx, h.owner, GrantFilter{Role: RoleOwner})
	must(t, err)
	want(t, h.RevokeRole(ctx, h.owner, owned.Items[0].ID, ""), ErrGrantLast)
	_, err = h.UpdatePerson(ctx, h.owner, h.owner.PersonID, PersonChange{Status: ptr(StatusDisabled)})
	want(t, err, ErrGrantLast)
	// A security administrator of one unit, or one who has never signed in, is no successor.
	p := h.person(h.finance, "高山", "F1")
	_, err = h.GrantRole(ctx, h.owner, GrantInput{PersonID: p.ID, Role: RoleSecadmin, UnitID: h.county.ID})
	must(t, err)
	want(t, h.RevokeRole(ctx, h.owner, owned.Items[0].ID, ""), ErrGrantLast)
	h.activated(p, ownerPassword)
	must(t, h.RevokeRole(ctx, h.owner, owned.Items[0].ID, "移交"))
	security := h.as(p.ID)
	held, err := h.ListGrants(ctx, security, GrantFilter{PersonID: p.ID})
	must(t, err)
	want(t, h.RevokeRole(ctx, security, held.Items[0].ID, ""), ErrGrantSelf)
}

func TestModeOnlyMovesUp(t *testing.T) {
	h := newHouse(t)
	want(t, h.SetMode(ctx, h.owner, "strictest"), ErrModeUnknown)
	p := h.person(h.finance, "高山", "F1")
	audits, err := h.GrantRole(ctx, h.owner, GrantInput{PersonID: p.ID, Role: RoleAuditor, UnitID: h.county.ID})
	must(t, err)
	_, err = h.GrantRole(ctx, h.owner, GrantInput{PersonID: p.ID, Role: RoleTrainer, UnitID: h.county.ID})
	must(t, err)
	want(t, h.SetMode(ctx, h.owner, ModeTwoPerson), ErrGrantAuditor)
	must(t, h.RevokeRole(ctx, h.owner, audits.ID, ""))
	must(t, h.SetMode(ctx, h.owner, ModeTwoPerson))
	want(t, h.SetMode(ctx, h.as(h.owner.PersonID), ModeQuick), ErrModeDown)
	_, err = h.GrantRole(ctx, h.as(h.owner.PersonID), GrantInput{PersonID: p.ID, Role: RoleAuditor, UnitID: h.county.ID})
	want(t, err, ErrGrantAuditor)
	owner := h.as(h.owner.PersonID)
	if owner.Has(Author) || owner.Has(VerifyAudit) || !owner.Has(GrantRoles) {
		t.Errorf("%v", owner.Rights())
	}
}

func TestAnAdministratorsPasswordIsLong(t *testing.T) {
	h := newHouse(t)
	p := h.person(h.finance, "高山", "F1")
	h.activated(p, plainPassword)
	_, err := h.GrantRole(ctx, h.owner, GrantInput{PersonID: p.ID, Role: RoleSysadmin, UnitID: h.county.ID})
	want(t, err, ErrGrantPassword)
	_, err = h.GrantRole(ctx, h.owner, GrantInput{PersonID: p.ID, Role: RoleTrainer, UnitID: h.county.ID})
	must(t, err)
	q := h.person(h.finance, "李木子", "F2")
	_, err = h.GrantRole(ctx, h.owner, GrantInput{PersonID: q.ID, Role: RoleSysadmin, UnitID: h.county.ID})
	must(t, err)
	slips, err := h.IssueSlips(ctx, h.owner, h.finance.ID, []int64{q.ID})
	must(t, err)
	_, err = h.Activate(ctx, Activation{Code: slips[0].Code, Password: plainPassword})
	want(t, err, ErrPasswordShort)
	_, err = h.Activate(ctx, Activation{Code: slips[0].Code, Password: ownerPassword})
	must(t, err)
}

func TestAccountsStartWithoutARoleAndARoleActsAtOnce(t *testing.T) {
	h := newHouse(t)
	p := h.person(h.finance, "高山", "F1")
	if len(p.Grants) != 0 {
		t.Fatal(p.Grants)
	}
	session := h.activated(p, plainPassword)
	if by := h.signedIn(session); by.Has(Author) {
		t.Fatal("a new account may author")
	}
	grant, err := h.GrantRole(ctx, h.owner, GrantInput{PersonID: p.ID, Role: RoleTrainer, UnitID: h.finance.ID})
	must(t, err)
	_, err = h.Authenticate(ctx, session.ID, p.ID, session.Epoch)
	want(t, err, ErrSessionStale)
	session, err = h.Refresh(ctx, session.RefreshToken, "", "")
	must(t, err)
	if by := h.signedIn(session); !by.Has(Author) || by.Scope(Author).Covers(h.school.Path) || !by.Scope(Author).Covers(h.office.Path) {
		t.Fatalf("%+v", by)
	}
	must(t, h.RevokeRole(ctx, h.owner, grant.ID, ""))
	_, err = h.Authenticate(ctx, session.ID, p.ID, session.Epoch)
	want(t, err, ErrSessionStale)
	h.clock.Advance(time.Minute)
	want(t, h.RevokeRole(ctx, h.owner, grant.ID, ""), ErrGrantNotFound)
}
