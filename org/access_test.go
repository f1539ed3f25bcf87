package org

import (
	"errors"
	"slices"
	"testing"

	"jingzhong/fault"
)

// Every method that takes a target refuses whoever holds the right over a sibling unit only, and says that
// the target is not there.
func TestWhoeverHoldsTheRightNextDoorFindsNothing(t *testing.T) {
	h := newHouse(t)
	target := h.person(h.finance, "高山", "F1")
	grant, err := h.GrantRole(ctx, h.owner, GrantInput{PersonID: target.ID, Role: RoleInvigilator, UnitID: h.finance.ID})
	must(t, err)
	admin := h.actor(h.school, RoleSysadmin, h.school)
	security := h.actor(h.school, RoleSecadmin, h.school)
	manager := h.actor(h.school, RoleManager, h.school)
	trainer := h.actor(h.school, RoleTrainer, h.school)
	mine := h.person(h.school, "李木子", "S1")

	file := csvFile("姓名,单位,工号\n高山,财政局,F1\n")
	checks := map[string]struct {
		err  error
		want error
	}{}
	note := func(name string, err, want error) { checks[name] = struct{ err, want error }{err, want} }
	for _, by := range []Actor{admin, security, manager, trainer} {
		_, err = h.FindPerson(ctx, by, target.ID)
		note("FindPerson as "+by.Name, err, ErrPersonNotFound)
		_, err = h.ListPeople(ctx, by, PeopleFilter{UnitID: h.finance.ID})
		note("ListPeople as "+by.Name, err, ErrUnitNotFound)
		_, err = h.FindUnit(ctx, by, h.finance.ID)
		note("FindUnit as "+by.Name, err, ErrUnitNotFound)
	}
	_, err = h.UpdatePerson(ctx, admin, target.ID, PersonChange{Position: ptr("科员")})
	note("UpdatePerson", err, ErrPersonNotFound)
	_, err = h.UpdatePerson(ctx, admin, mine.ID, PersonChange{UnitID: ptr(h.finance.ID)})
	note("UpdatePerson into", err, ErrUnitNotFound)
	_, err = h.CreatePerson(ctx, admin, PersonInput{Name: "赵六", UnitID: h.finance.ID})
	note("CreatePerson", err, ErrUnitNotFound)
	note("Anonymise", h.Anonymise(ctx, admin, target.ID, ""), ErrPersonNotFound)
	_, err = h.CreateUnit(ctx, admin, UnitInput{ParentID: h.finance.ID, Name: "预算科"})
	note("CreateUnit", err, ErrUnitNotFound)
	_, err = h.UpdateUnit(ctx, admin, h.finance.ID, UnitChange{Name: ptr("税务局")})
	note("UpdateUnit", err, ErrUnitNotFound)
	_, err = h.UpdateUnit(ctx, admin, h.school.ID, UnitChange{ParentID: ptr(h.finance.ID)})
	note("UpdateUnit under", err, ErrUnitNotFound)
	_, err = h.IssueSlips(ctx, manager, h.finance.ID, nil)
	note("IssueSlips", err, ErrUnitNotFound)
	_, err = h.IssueSlips(ctx, manager, h.school.ID, []int64{target.ID})
	note("IssueSlips for", err, ErrPersonNotFound)
	note("Unlock", h.Unlock(ctx, security, target.ID), ErrPersonNotFound)
	_, err = h.GrantRole(ctx, security, GrantInput{PersonID: target.ID, Role: RoleManager, UnitID: h.school.ID})
	note("GrantRole to", err, ErrPersonNotFound)
	_, err = h.GrantRole(ctx, security, GrantInput{PersonID: mine.ID, Role: RoleManager, UnitID: h.finance.ID})
	note("GrantRole over", err, ErrUnitNotFound)
	note("RevokeRole", h.RevokeRole(ctx, security, grant.ID, ""), ErrGrantNotFound)
	_, err = h.ListGrants(ctx, security, GrantFilter{UnitID: h.finance.ID})
	note("ListGrants", err, ErrUnitNotFound)
	imp, err := h.PrepareImport(ctx, h.owner, file)
	must(t, err)
	_, err = h.FindImport(ctx, admin, imp.ID)
	note("FindImport", err, ErrImportNotFound)
	_, err = h.ListImportRows(ctx, admin, imp.ID, RowFilter{})
	note("ListImportRows", err, ErrImportNotFound)
	_, err = h.DecideImportRow(ctx, admin, imp.ID, 2, nil)
	note("DecideImportRow", err, ErrImportNotFound)
	_, err = h.ApplyImport(ctx, admin, imp.ID)
	note("ApplyImport", err, ErrImportNotFound)
	_, err = h.ImportWorkbook(ctx, admin, imp.ID, (*fault.Error).Error)
	note("ImportWorkbook", err, ErrImportNotFound)
	note("SetMode", h.SetMode(ctx, security, ModeTwoPerson), ErrDenied)
	note("SetRetention", h.SetRetention(ctx, security, 12), ErrDenied)
	_, err = h.CreateAudience(ctx, admin, "新人员")
	note("CreateAudience", err, ErrDenied)
	for name, check := range checks {
		if !errors.Is(check.err, check.want) {
			t.Errorf("%s: %v, want %v", name, check.err, check.want)
		}
	}

	page, err := h.ListPeople(ctx, admin, PeopleFilter{Limit: 200})
	must(t, err)
	for _, p := range page.Items {
		if p.UnitID != h.school.ID {
			t.Errorf("the list shows %s of %s", p.Name, p.UnitName)
		}
	}
	grants, err := h.ListGrants(ctx, security, GrantFilter{})
	must(t, err)
	if len(grants.Items) != 4 || slices.ContainsFunc(grants.Items, func(g RoleGrant) bool { return g.UnitID != h.school.ID }) {
		t.Errorf("%+v", grants.Items)
	}
	match, err := h.FindMembersByText(ctx, trainer, "高山\nF1")
	must(t, err)
	if len(match.Found) != 0 || len(match.Missing) != 2 {
		t.Errorf("%+v", match)
	}
	units, err := h.Units(ctx, trainer)
	must(t, err)
	if len(units) != 1 || units[0].ID != h.school.ID {
		t.Errorf("%+v", units)
	}
}

// An import from next door neither finds nor changes anybody here, and does not learn who they are.
func TestAnImportStaysInItsUnits(t *testing.T) {
	h := newHouse(t)
	target := h.person(h.finance, "高山", "F1")
	admin := h.actor(h.school, RoleSysadmin, h.school)
	imp := h.imported(admin, "姓名,单位,工号\n高山,财政局,F1\n高山,教育局,F1\n高岭,教育局,\n")
	rows := h.rows(admin, imp.ID)
	want(t, rows[0].Problems[0], ErrRowUnitUnknown)
	want(t, rows[1].Problems[0], ErrRowElsewhere)
	if rows[2].State != RowNew {
		t.Errorf("%+v", rows[2])
	}
	for _, r := range rows {
		if r.PersonID == target.ID || len(r.Candidates) > 0 {
			t.Errorf("%+v", r)
		}
	}
}

func TestWithoutTheRightEverythingIsDenied(t *testing.T) {
	h := newHouse(t)
	p := h.person(h.finance, "高山", "F1")
	learner := h.as(h.person(h.finance, "李木子", "F2").ID)
	manager := h.actor(h.finance, RoleManager, h.county)
	for _, by := range []Actor{{}, learner, manager} {
		target := ErrDenied
		if by.PersonID == 0 {
			target = ErrSignInNeeded
		}
		errs := map[string]error{}
		_, errs["CreatePerson"] = h.CreatePerson(ctx, by, PersonInput{Name: "甲", UnitID: h.finance.ID})
		_, errs["UpdatePerson"] = h.UpdatePerson(ctx, by, p.ID, PersonChange{})
		errs["Anonymise"] = h.Anonymise(ctx, by, p.ID, "")
		_, errs["CreateUnit"] = h.CreateUnit(ctx, by, UnitInput{ParentID: h.finance.ID, Name: "甲"})
		_, errs["UpdateUnit"] = h.UpdateUnit(ctx, by, h.finance.ID, UnitChange{})
		_, errs["GrantRole"] = h.GrantRole(ctx, by, GrantInput{PersonID: p.ID, Role: RoleManager, UnitID: h.finance.ID})
		errs["RevokeRole"] = h.RevokeRole(ctx, by, 1, "")
		_, errs["ListGrants"] = h.ListGrants(ctx, by, GrantFilter{})
		errs["Unlock"] = h.Unlock(ctx, by, p.ID)
		errs["SetMode"] = h.SetMode(ctx, by, ModeTwoPerson)
		errs["SetRetention"] = h.SetRetention(ctx, by, 12)
		_, errs["CreateAudience"] = h.CreateAudience(ctx, by, "甲")
		_, errs["PrepareImport"] = h.PrepareImport(ctx, by, csvFile("姓名,单位\n甲,财政局\n"))
		_, errs["FindImport"] = h.FindImport(ctx, by, 1)
		_, errs["ImportTemplate"] = h.ImportTemplate(ctx, by)
		_, errs["FindMembersByText"] = h.FindMembersByText(ctx, by, "高山")
		if !by.HasRole(RoleManager) {
			_, errs["ListPeople"] = h.ListPeople(ctx, by, PeopleFilter{})
			_, errs["FindPerson"] = h.FindPerson(ctx, by, p.ID)
			_, errs["IssueSlips"] = h.IssueSlips(ctx, by, h.finance.ID, nil)
		}
		for name, err := range errs {
			if !errors.Is(err, target) {
				t.Errorf("%s by %q: %v, want %v", name, by.Name, err, target)
			}
		}
		want(t, h.SetPassword(ctx, by, p.ID, plainPassword), ErrDenied)
	}
	want(t, h.SetPassword(ctx, h.owner, p.ID, plainPassword), ErrDenied)
	if me, err := h.FindPerson(ctx, learner, learner.PersonID); err != nil || me.ID != learner.PersonID {
		t.Errorf("oneself: %+v %v", me, err)
	}
}

func TestATrainerImportsInModeQuickOnly(t *testing.T) {
	h := newHouse(t)
	trainer := h.actor(h.finance, RoleTrainer, h.finance)
	_, err := h.PrepareImport(ctx, trainer, csvFile("姓名,单位\n甲,财政局\n"))
	must(t, err)
	file := csvFile("姓名,单位\n甲,财政局\n")
	file.CreateUnits = true
	_, err = h.PrepareImport(ctx, trainer, file)
	want(t, err, ErrDenied)
	must(t, h.SetMode(ctx, h.owner, ModeTwoPerson))
	_, err = h.PrepareImport(ctx, h.as(trainer.PersonID), csvFile("姓名,单位\n甲,财政局\n"))
	want(t, err, ErrDenied)
}

// Without this a manager, or a trainer in mode quick, could sign in as any administrator of the unit.
func TestASlipForARoleHolderNeedsTheRightToGrant(t *testing.T) {
	h := newHouse(t)
	holder := h.person(h.finance, "高山", "F1")
	_, err := h.GrantRole(ctx, h.owner, GrantInput{PersonID: holder.ID, Role: RoleSecadmin, UnitID: h.county.ID})
	must(t, err)
	plain := h.person(h.finance, "李木子", "F2")
	for _, role := range []string{RoleManager, RoleTrainer} {
		by := h.actor(h.school, role, h.county)
		_, err = h.IssueSlips(ctx, by, h.finance.ID, []int64{plain.ID, holder.ID})
		want(t, err, ErrRoleHolder)
		slips, err := h.IssueSlips(ctx, by, h.finance.ID, nil)
		must(t, err)
		if len(slips) != 1 || slips[0].PersonID != plain.ID {
			t.Errorf("%s: %+v", role, slips)
		}
	}
	if slips, err := h.IssueSlips(ctx, h.owner, h.finance.ID, nil); err != nil || len(slips) != 2 {
		t.Errorf("%+v %v", slips, err)
	}
	trainer := h.actor(h.school, RoleTrainer, h.county)
	_, err = h.UpdatePerson(ctx, trainer, holder.ID, PersonChange{Status: ptr(StatusDisabled)})
	want(t, err, ErrRoleHolder)
	_, err = h.UpdatePerson(ctx, trainer, holder.ID, PersonChange{Username: ptr("other")})
	want(t, err, ErrRoleHolder)
	_, err = h.UpdatePerson(ctx, trainer, holder.ID, PersonChange{Position: ptr("科长")})
	must(t, err)
}
