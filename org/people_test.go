package org

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestSignInNamesAreStaffNumberPhoneOrMade(t *testing.T) {
	h := newHouse(t)
	for _, c := range []struct {
		in   PersonInput
		want string
	}{
		{PersonInput{Name: "高山", StaffNo: "F-1", Phone: "13800138000"}, "f-1"},
		{PersonInput{Name: "高山", Phone: "13800138001"}, "13800138001"},
		{PersonInput{Name: "高山"}, "gs001"},
		{PersonInput{Name: "高 松"}, "gs002"},
		{PersonInput{Name: "单晓明", Username: "Ming"}, "ming"},
	} {
		c.in.UnitID = h.finance.ID
		p, err := h.CreatePerson(ctx, h.owner, c.in)
		must(t, err)
		if p.Username != c.want || p.Activated || len(p.Grants) != 0 {
			t.Errorf("%+v: %q", c.in, p.Username)
		}
	}
	for _, c := range []struct {
		in   PersonInput
		want error
	}{
		{PersonInput{Name: "甲", StaffNo: "F-1"}, ErrStaffNoTaken}, {PersonInput{Name: "甲", Phone: "13800138000"}, ErrPhoneTaken},
		{PersonInput{Name: "甲", Username: "ming"}, ErrUsernameTaken}, {PersonInput{Name: ""}, ErrNameNeeded},
		{PersonInput{Name: "甲", StaffNo: "11010119900307123X"}, ErrIDCard}, {PersonInput{Name: "甲", Username: "110101199003071234"}, ErrIDCard},
		{PersonInput{Name: "<b>甲"}, ErrNameMalformed}, {PersonInput{Name: "甲", Status: "gone"}, ErrStatusUnknown},
		{PersonInput{Name: "甲", AudienceIDs: []int64{99}}, ErrAudienceNotFound},
	} {
		c.in.UnitID = h.finance.ID
		_, err := h.CreatePerson(ctx, h.owner, c.in)
		want(t, err, c.want)
	}
	if n := len(h.people(PeopleFilter{UnitID: h.finance.ID})); n != 5 {
		t.Errorf("%d people", n)
	}
}

func TestPeopleAreFoundByNamePinyinAndNumbers(t *testing.T) {
	h := newHouse(t)
	_, err := h.CreatePerson(ctx, h.owner, PersonInput{Name: "单晓明", StaffNo: "CZ-108", Phone: "13800135566", UnitID: h.office.ID})
	must(t, err)
	h.person(h.school, "李木子", "JY-1")
	for query, found := range map[string]int{
		"晓明": 1, "单 晓明": 1, "shanxiaoming": 1, "shan xiao": 1, "danxiao": 1, "xiaoming": 1, "sxm": 1, "SXM": 1, "xm": 0, "cz-1": 1, "CZ-108": 1,
		"5566": 1, "1380013": 0, "0013": 0, "z-1": 0, "lmz": 1, "": 3, "%": 0, "_": 0, "' OR 1=1 --": 0,
	} {
		page, err := h.ListPeople(ctx, h.owner, PeopleFilter{Query: query})
		must(t, err)
		if len(page.Items) != found {
			t.Errorf("%q: %d found, want %d", query, len(page.Items), found)
		}
	}
}

func TestListsComeInPages(t *testing.T) {
	h := newHouse(t)
	for i := range 7 {
		h.person(h.finance, "高山", fmt.Sprintf("F%d", i))
	}
	var seen []string
	f := PeopleFilter{UnitID: h.finance.ID, Limit: 3}
	for pages := 1; ; pages++ {
		page, err := h.ListPeople(ctx, h.owner, f)
		must(t, err)
		for _, p := range page.Items {
			seen = append(seen, p.StaffNo)
		}
		if f.Cursor = page.Next; f.Cursor == "" {
			if pages != 3 {
				t.Errorf("%d pages", pages)
			}
			break
		}
	}
	if fmt.Sprint(seen) != "[F0 F1 F2 F3 F4 F5 F6]" {
		t.Error(seen)
	}
	_, err := h.ListPeople(ctx, h.owner, PeopleFilter{Cursor: "!"})
	want(t, err, ErrCursor)
}

func TestAnEditDoesNotOverwriteAnother(t *testing.T) {
	h := newHouse(t)
	p := h.person(h.finance, "高山", "F1")
	_, err := h.UpdatePerson(ctx, h.owner, p.ID, PersonChange{Position: ptr("科长"), Version: &p.Version})
	must(t, err)
	_, err = h.UpdatePerson(ctx, h.owner, p.ID, PersonChange{Position: ptr("局长"), Version: &p.Version})
	want(t, err, ErrPersonChanged)
	got, err := h.UpdatePerson(ctx, h.owner, p.ID, PersonChange{StaffNo: ptr(""), UnitID: ptr(h.school.ID), AudienceIDs: &[]int64{1, 3}, Name: ptr("高 岭")})
	must(t, err)
	if got.StaffNo != "" || got.UnitName != "教育局" || got.Position != "科长" || len(got.Audiences) != 2 || got.Name != "高岭" || got.Version != 3 {
		t.Errorf("%+v", got)
	}
	if n := len(h.people(PeopleFilter{Query: "gaoling"})); n != 1 {
		t.Errorf("%d", n)
	}
}

func TestPeopleAreAnonymisedWhenRetentionEnds(t *testing.T) {
	h := newHouse(t)
	p := h.person(h.finance, "高山", "F1")
	session := h.activated(p, plainPassword)
	want(t, h.Anonymise(ctx, h.owner, p.ID, ""), ErrNotRetired)
	_, err := h.UpdatePerson(ctx, h.owner, p.ID, PersonChange{Status: ptr(StatusRetired)})
	must(t, err)
	want(t, h.Anonymise(ctx, h.owner, p.ID, ""), ErrRetention)
	want(t, h.SetRetention(ctx, h.owner, 1), ErrSettingRange)
	must(t, h.SetRetention(ctx, h.owner, 6))
	h.clock.Advance(120 * 24 * time.Hour)
	want(t, h.Anonymise(ctx, h.owner, p.ID, ""), ErrRetention)
	h.clock.Advance(70 * 24 * time.Hour)
	must(t, h.Anonymise(ctx, h.owner, p.ID, "本人申请"))
	want(t, h.Anonymise(ctx, h.owner, p.ID, ""), ErrPersonAnonymous)
	got, err := h.FindPerson(ctx, h.owner, p.ID)
	must(t, err)
	if got.Name != "已匿名" || got.StaffNo != "" || got.Status != StatusDisabled || !got.Anonymised || strings.Contains(got.Username, "f1") {
		t.Errorf("%+v", got)
	}
	_, err = h.Refresh(ctx, session.RefreshToken, "", "")
	want(t, err, ErrSessionEnded)
	_, err = h.UpdatePerson(ctx, h.owner, p.ID, PersonChange{Name: ptr("高山")})
	want(t, err, ErrPersonAnonymous)
	h.person(h.finance, "高山", "F1") // the number is free
}

func TestRostersHoldThoseInServiceOnly(t *testing.T) {
	h := newHouse(t)
	in := h.person(h.finance, "高山", "F1")
	below := h.person(h.office, "李木子", "F2")
	school := h.person(h.school, "王五", "S1")
	retired := h.person(h.finance, "赵六", "F3")
	_, err := h.UpdatePerson(ctx, h.owner, retired.ID, PersonChange{Status: ptr(StatusRetired)})
	must(t, err)
	_, err = h.CreatePerson(ctx, h.owner, PersonInput{Name: "测试", UnitID: h.finance.ID, Test: true})
	must(t, err)
	for _, role := range []string{RoleSysadmin, RoleSecadmin, RoleAuditor} {
		h.actor(h.finance, role, h.county)
	}
	trainer := h.actor(h.finance, RoleTrainer, h.county)
	_, err = h.UpdatePerson(ctx, h.owner, below.ID, PersonChange{AudienceIDs: &[]int64{2}})
	must(t, err)
	_, err = h.UpdatePerson(ctx, h.owner, school.ID, PersonChange{AudienceIDs: &[]int64{2, 3}})
	must(t, err)
	for i, c := range []struct {
		audience Audience
		want     []int64
	}{
		{Audience{}, nil},
		{Audience{All: true}, []int64{in.ID, below.ID, school.ID, trainer.PersonID}},
		{Audience{UnitIDs: []int64{h.finance.ID}}, []int64{in.ID, below.ID, trainer.PersonID}},
		{Audience{UnitIDs: []int64{h.finance.ID, h.office.ID}, AudienceIDs: []int64{2}}, []int64{below.ID}},
		{Audience{AudienceIDs: []int64{2}}, []int64{below.ID, school.ID}},
		{Audience{UnitIDs: []int64{h.school.ID}, PersonIDs: []int64{in.ID, school.ID, retired.ID, h.owner.PersonID}}, []int64{in.ID, school.ID}},
		{Audience{PersonIDs: []int64{in.ID, in.ID}}, []int64{in.ID}},
		{Audience{UnitIDs: []int64{9999}}, nil},
	} {
		members, err := h.Members(ctx, h.db.Read(ctx), c.audience)
		must(t, err)
		var ids []int64
		for _, m := range members {
			ids = append(ids, m.PersonID)
		}
		if !slices.Equal(ids, c.want) {
			t.Errorf("%d: %v, want %v", i, ids, c.want)
		}
	}
}

func TestAPastedListResolvesWithoutGuessing(t *testing.T) {
	h := newHouse(t)
	a := h.person(h.finance, "张伟", "F1")
	b := h.person(h.school, "张伟", "S1")
	c, err := h.CreatePerson(ctx, h.owner, PersonInput{Name: "李木子", Phone: "13800138000", UnitID: h.office.ID})
	must(t, err)
	match, err := h.FindMembersByText(ctx, h.owner, "f1\r\n\n138 0013 8000\n张伟\n张伟 教育局\n财政局，张伟\n李木子,13800138000\n王五\n王五 财政局\n")
	must(t, err)
	var ids []int64
	for _, m := range match.Found {
		ids = append(ids, m.PersonID)
	}
	if !slices.Equal(ids, []int64{a.ID, c.ID, b.ID}) {
		t.Errorf("%v", ids)
	}
	if len(match.Ambiguous) != 1 || match.Ambiguous[0].Line != 4 || len(match.Ambiguous[0].Candidates) != 2 {
		t.Errorf("%+v", match.Ambiguous)
	}
	if len(match.Missing) != 2 || match.Missing[0].Line != 8 {
		t.Errorf("%+v", match.Missing)
	}
}

func TestUnitsMoveWithEverythingBelow(t *testing.T) {
	h := newHouse(t)
	p := h.person(h.office, "高山", "F1")
	moved, err := h.UpdateUnit(ctx, h.owner, h.finance.ID, UnitChange{ParentID: ptr(h.town.ID), Aliases: &[]string{"镇财政所", "镇财政所"}})
	must(t, err)
	if moved.Path != h.town.Path+fmt.Sprint(h.finance.ID)+"/" || moved.ParentID != h.town.ID || len(moved.Aliases) != 1 {
		t.Fatalf("%+v", moved)
	}
	got, err := h.FindPerson(ctx, h.owner, p.ID)
	must(t, err)
	if got.UnitPath != moved.Path+fmt.Sprint(h.office.ID)+"/" {
		t.Errorf("%+v", got)
	}
	_, err = h.UpdateUnit(ctx, h.owner, h.finance.ID, UnitChange{ParentID: ptr(h.office.ID)})
	want(t, err, ErrUnitLoop)
	_, err = h.UpdateUnit(ctx, h.owner, h.finance.ID, UnitChange{ParentID: ptr(h.finance.ID)})
	want(t, err, ErrUnitLoop)
	_, err = h.UpdateUnit(ctx, h.owner, h.county.ID, UnitChange{ParentID: ptr(h.school.ID)})
	want(t, err, ErrUnitRoot)
	_, err = h.CreateUnit(ctx, h.owner, UnitInput{ParentID: h.town.ID, Name: "东街 社区"})
	want(t, err, ErrUnitNameTaken)
	_, err = h.CreateUnit(ctx, h.owner, UnitInput{ParentID: h.town.ID, Name: "西街社区", Kind: "shop"})
	want(t, err, ErrUnitKind)
	_, err = h.UpdateUnit(ctx, h.owner, h.school.ID, UnitChange{Code: ptr("C03")})
	must(t, err)
	_, err = h.UpdateUnit(ctx, h.owner, h.town.ID, UnitChange{Code: ptr("C03")})
	want(t, err, ErrUnitCodeTaken)
	_, err = h.UpdateUnit(ctx, h.owner, h.school.ID, UnitChange{Name: ptr("教体局"), Version: ptr(int64(1))})
	want(t, err, ErrUnitChanged)
	parent := h.street
	for i := range maxDepth {
		parent, err = h.CreateUnit(ctx, h.owner, UnitInput{ParentID: parent.ID, Name: fmt.Sprintf("第%d级", i)})
		if err != nil {
			break
		}
	}
	want(t, err, ErrUnitDeep)
	units, err := h.Units(ctx, h.as(p.ID))
	must(t, err)
	if len(units) != 1 || units[0].ID != h.office.ID {
		t.Errorf("a learner sees %+v", units)
	}
}

func TestGroupsAreATable(t *testing.T) {
	h := newHouse(t)
	group, err := h.CreateAudience(ctx, h.owner, "新入职人员")
	must(t, err)
	_, err = h.CreateAudience(ctx, h.owner, "新入职人员")
	want(t, err, ErrAudienceTaken)
	groups, err := h.Audiences(ctx, h.owner)
	must(t, err)
	if len(groups) != 5 || groups[1].Name != "涉密人员" || groups[4].ID != group.ID {
		t.Errorf("%+v", groups)
	}
}
