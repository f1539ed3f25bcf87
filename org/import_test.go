package org

import (
	"fmt"
	"strings"
	"testing"

	"jingzhong/fault"
)

func csvFile(text string) ImportFile { return ImportFile{Name: "people.csv", Data: []byte(text)} }

// imported checks a CSV file and fails the test if the file as a whole is refused.
func (h *house) imported(by Actor, text string) Import {
	h.t.Helper()
	return h.prepared(by, csvFile(text))
}

func (h *house) prepared(by Actor, file ImportFile) Import {
	h.t.Helper()
	imp, err := h.PrepareImport(ctx, by, file)
	must(h.t, err)
	imp, err = h.WaitImport(ctx, by, imp.ID)
	must(h.t, err)
	if imp.State != ImportChecked {
		h.t.Fatalf("%+v: %v", imp, imp.Problem)
	}
	return imp
}

func (h *house) applied(by Actor, imp Import) Import {
	h.t.Helper()
	_, err := h.ApplyImport(ctx, by, imp.ID)
	must(h.t, err)
	imp, err = h.WaitImport(ctx, by, imp.ID)
	must(h.t, err)
	if imp.State != ImportApplied {
		h.t.Fatalf("%+v: %v", imp, imp.Problem)
	}
	return imp
}

func (h *house) rows(by Actor, id int64) []ImportRow {
	h.t.Helper()
	var rows []ImportRow
	cursor := ""
	for {
		page, err := h.ListImportRows(ctx, by, id, RowFilter{Limit: 200, Cursor: cursor})
		must(h.t, err)
		rows = append(rows, page.Items...)
		if cursor = page.Next; cursor == "" {
			return rows
		}
	}
}

func (h *house) people(f PeopleFilter) []Person {
	h.t.Helper()
	var people []Person
	f.Limit = 200
	for {
		page, err := h.ListPeople(ctx, h.owner, f)
		must(h.t, err)
		people = append(people, page.Items...)
		if f.Cursor = page.Next; f.Cursor == "" {
			return people
		}
	}
}

func (h *house) byStaff(staffNo string) Person {
	h.t.Helper()
	for _, p := range h.people(PeopleFilter{Query: staffNo}) {
		if p.StaffNo == staffNo {
			return p
		}
	}
	h.t.Fatalf("nobody has staff number %s", staffNo)
	return Person{}
}

func TestAnImportCreatesChangesAndLeavesAlone(t *testing.T) {
	h := newHouse(t)
	h.person(h.finance, "高山", "F1")
	h.person(h.finance, "李木子", "F2")
	gone := h.person(h.finance, "赵六", "F9")
	imp := h.imported(h.owner, strings.Join([]string{
		"附件2：人员名册,,,,,,,",
		"序号,* 姓名（必填）,工号,所属单位,手机号码,职务/岗位,人员类别,状态",
		"1,高山,F1,财政局,,科长,领导干部、涉密人员,在职",
		"2,李 木 子,F2,财政局,,,,",
		"3,王五,F3,财政局-办公室,13800138000,,公务员,",
		"4,单晓明,,城关镇/东街社区,,,,借调",
	}, "\n"))
	if imp.Counts != (ImportCounts{New: 2, Changed: 1, Unchanged: 1, Leaving: 1}) || imp.Total != 4 || imp.Progress != 4 {
		t.Fatalf("%+v", imp)
	}
	if len(imp.Warnings) != 1 || imp.Warnings[0].Code != WarnUnknownColumn.Code {
		t.Errorf("%v", imp.Warnings)
	}
	rows := h.rows(h.owner, imp.ID)
	if rows[0].No != 3 || fmt.Sprint(rows[0].Changes) != "[{position  科长} {audiences  领导干部、涉密人员}]" {
		t.Errorf("%+v", rows[0])
	}
	if fmt.Sprint(rows[2].Changes) != "[{staffNo  F3} {phone  13800138000} {status  在职} {audiences  公务员}]" {
		t.Errorf("what would be written of a new person: %+v", rows[2])
	}
	leaving, err := h.ListImportRows(ctx, h.owner, imp.ID, RowFilter{State: RowLeaving})
	must(t, err)
	if len(leaving.Items) != 1 || leaving.Items[0].PersonID != gone.ID {
		t.Errorf("%+v", leaving.Items)
	}
	if n := len(h.people(PeopleFilter{})); n != 4 {
		t.Errorf("the check wrote: %d people", n)
	}
	h.applied(h.owner, imp)
	if p := h.byStaff("F1"); p.Position != "科长" || len(p.Audiences) != 2 || p.Version != 2 {
		t.Errorf("%+v", p)
	}
	if p := h.byStaff("F3"); p.UnitID != h.office.ID || p.Username != "f3" || p.Activated || len(p.Grants) != 0 || p.Phone != "13800138000" {
		t.Errorf("%+v", p)
	}
	made := h.people(PeopleFilter{Query: "sxm"})
	if len(made) != 1 || made[0].Username != "sxm001" || made[0].UnitID != h.street.ID || made[0].Status != StatusSeconded {
		t.Errorf("%+v", made)
	}
	if p, err := h.FindPerson(ctx, h.owner, gone.ID); err != nil || p.Status != StatusActive {
		t.Errorf("who left the file was touched: %+v %v", p, err)
	}
	_, err = h.ApplyImport(ctx, h.owner, imp.ID)
	want(t, err, ErrImportState)
	h.wantAction("people_import.apply")
	slips, err := h.IssueSlips(ctx, h.owner, h.street.ID, nil)
	must(t, err)
	if len(slips) != 1 || slips[0].Username != "sxm001" {
		t.Errorf("%+v", slips)
	}
	// The same file again changes nothing.
	again := h.imported(h.owner, "姓名,工号,单位,手机\n高山,F1,财政局,\n王五,F3,办公室,+86 138-0013-8000\n单晓明,,东街社区,\n")
	if again.Counts.Unchanged != 3 {
		t.Errorf("%+v", again.Counts)
	}
}

func TestRowErrorsNameColumnAndSuggestion(t *testing.T) {
	h := newHouse(t)
	imp := h.imported(h.owner, strings.Join([]string{
		"姓名,单位,工号,手机号,邮箱,职务,人员类别,状态,身份证号,初始密码",
		"高山,财正局,,,,,,,,",
		",财政局,,,,,,,,",
		"李木子,财政局,A1,123,,,,,,",
		"李木子,财政局,A1,,not-mail,,,,,",
		"赵六,财政局,11010119900307123X,,,,,,11010119900307123X,secret",
		"钱七,财政局,B1,,,,涉密人士,,,",
		"孙八,财政局,B2,,,,,上班,,",
		"周九,财政局,B3,,,,,,,",
		"吴十,财政局,b3,,,,,,,",
		"郑一,,,,,,,,,",
		"冯二,财政局,,,,=1+1,,,,",
	}, "\n"))
	if imp.Counts.Errors != 10 || imp.Counts.New != 1 {
		t.Fatalf("%+v", imp.Counts)
	}
	codes := map[string]bool{}
	for _, w := range imp.Warnings {
		codes[w.Code] = true
	}
	if !codes[WarnIDCardColumn.Code] || !codes[WarnPasswordColumn.Code] {
		t.Errorf("%v", imp.Warnings)
	}
	wanted := []struct {
		fault  *fault.Error
		column string
	}{{ErrRowUnitUnknown, "单位"}, {ErrNameNeeded, "姓名"}, {ErrPhoneMalformed, "手机号"}, {ErrEmailMalformed, "邮箱"}, {ErrIDCard, "工号"},
		{ErrRowAudienceUnknown, "人员类别"}, {ErrStatusUnknown, "状态"}, {}, {ErrRowTwice, "工号"}, {ErrRowUnitNeeded, "单位"}, {ErrRowFormula, "职务"}}
	rows := h.rows(h.owner, imp.ID)
	for i, w := range wanted {
		if w.fault == nil {
			continue
		}
		if len(rows[i].Problems) == 0 {
			t.Errorf("row %d: no problem", rows[i].No)
			continue
		}
		p := rows[i].Problems[0]
		if p.Code != w.fault.Code || p.Field != w.column {
			t.Errorf("row %d: %v, want %v at %s", rows[i].No, p, w.fault, w.column)
		}
	}
	if got := rows[0].Problems[0].Args["suggestion"]; got != "财政局" {
		t.Errorf("suggestion %v", got)
	}
	if got := rows[5].Problems[0].Args["suggestion"]; got != "涉密人员" {
		t.Errorf("suggestion %v", got)
	}
	_, err := h.ApplyImport(ctx, h.owner, imp.ID)
	want(t, err, ErrImportOpen)
	if n := len(h.people(PeopleFilter{})); n != 1 {
		t.Errorf("%d people", n)
	}
	// Neither the ID-card number nor the password reached the database.
	var stored []importRowModel
	must(t, h.db.Read(ctx).Table("people_import_rows").Scan(&stored).Error)
	for _, r := range stored {
		if strings.Contains(r.Cells+r.Plan, "19900307") || strings.Contains(r.Cells+r.Plan, "secret") {
			t.Errorf("row %d keeps what it must not: %s", r.RowNo, r.Cells)
		}
	}
}

func TestNamesakesAreDecidedNeverGuessed(t *testing.T) {
	h := newHouse(t)
	one := h.person(h.finance, "张伟", "F1")
	two := h.person(h.finance, "张伟", "F2")
	alone, err := h.CreatePerson(ctx, h.owner, PersonInput{Name: "高山", UnitID: h.finance.ID, Phone: "13900000001"})
	must(t, err)
	imp := h.imported(h.owner, strings.Join([]string{
		"姓名,单位,工号,手机,职务",
		"张伟,财政局,,,科长",          // two of that name
		"高山,财政局,,13900000002,", // one of that name with another phone
		"王五,财政局,,13900000001,", // another name with a known phone
	}, "\n"))
	if imp.Counts.Undecided != 3 {
		t.Fatalf("%+v", imp.Counts)
	}
	rows := h.rows(h.owner, imp.ID)
	if len(rows[0].Candidates) != 2 || rows[0].Candidates[0].PersonID != one.ID || rows[0].Candidates[1].StaffNo != "F2" {
		t.Errorf("%+v", rows[0].Candidates)
	}
	if len(rows[1].Candidates) != 1 || rows[1].Candidates[0].Phone != "*******0001" {
		t.Errorf("%+v", rows[1].Candidates)
	}
	_, err = h.ApplyImport(ctx, h.owner, imp.ID)
	want(t, err, ErrImportOpen)
	_, err = h.DecideImportRow(ctx, h.owner, imp.ID, 2, &alone.ID)
	want(t, err, ErrImportDecision)
	_, err = h.DecideImportRow(ctx, h.owner, imp.ID, 99, nil)
	want(t, err, ErrImportRow)
	row, err := h.DecideImportRow(ctx, h.owner, imp.ID, 2, &two.ID)
	must(t, err)
	if row.State != RowChanged || row.PersonID != two.ID || !row.Decided {
		t.Fatalf("%+v", row)
	}
	row, err = h.DecideImportRow(ctx, h.owner, imp.ID, 3, nil)
	must(t, err)
	if row.State != RowNew {
		t.Fatalf("%+v", row)
	}
	row, err = h.DecideImportRow(ctx, h.owner, imp.ID, 4, nil)
	must(t, err)
	if row.State != RowError || row.Problems[0].Code != ErrPhoneTaken.Code {
		t.Fatalf("%+v", row)
	}
	row, err = h.DecideImportRow(ctx, h.owner, imp.ID, 4, &alone.ID)
	must(t, err)
	if row.State != RowChanged {
		t.Fatalf("%+v", row)
	}
	h.applied(h.owner, imp)
	if p := h.byStaff("F2"); p.Position != "科长" {
		t.Errorf("%+v", p)
	}
	if p := h.byStaff("F1"); p.Position != "" {
		t.Errorf("%+v", p)
	}
	if p, err := h.FindPerson(ctx, h.owner, alone.ID); err != nil || p.Name != "王五" {
		t.Errorf("%+v %v", p, err)
	}
	if n := len(h.people(PeopleFilter{Query: "高山"})); n != 1 {
		t.Errorf("%d", n)
	}
}

func TestAnImportNeverRaisesAStatusOrARole(t *testing.T) {
	h := newHouse(t)
	p := h.person(h.finance, "高山", "F1")
	_, err := h.UpdatePerson(ctx, h.owner, p.ID, PersonChange{Status: ptr(StatusDisabled)})
	must(t, err)
	holder := h.person(h.finance, "李木子", "F2")
	_, err = h.GrantRole(ctx, h.owner, GrantInput{PersonID: holder.ID, Role: RoleTrainer, UnitID: h.finance.ID})
	must(t, err)
	h.person(h.finance, "赵六", "F3")
	imp := h.imported(h.owner, "姓名,单位,工号,状态,角色\n高山,财政局,F1,在职,owner\n李木子,财政局,F2,停用,\n赵六,财政局,F3,退休,管理员\n")
	rows := h.rows(h.owner, imp.ID)
	if rows[0].State != RowUnchanged || rows[0].Warnings[0].Code != WarnStatusKept.Code {
		t.Errorf("%+v", rows[0])
	}
	if rows[1].State != RowError || rows[1].Problems[0].Code != ErrRowHolderDisabled.Code {
		t.Errorf("%+v", rows[1])
	}
	imp = h.imported(h.owner, "姓名,单位,工号,状态,角色\n高山,财政局,F1,在职,owner\n赵六,财政局,F3,退休,管理员\n")
	h.applied(h.owner, imp)
	if got := h.byStaff("F1"); got.Status != StatusDisabled {
		t.Errorf("%+v", got)
	}
	if got := h.byStaff("F3"); got.Status != StatusRetired || len(got.Grants) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestNumbersThatChangeHandsInOneFile(t *testing.T) {
	h := newHouse(t)
	_, err := h.CreatePerson(ctx, h.owner, PersonInput{Name: "甲一", UnitID: h.finance.ID, StaffNo: "F1", Phone: "13900000001"})
	must(t, err)
	b, err := h.CreatePerson(ctx, h.owner, PersonInput{Name: "乙二", UnitID: h.finance.ID, StaffNo: "F2"})
	must(t, err)
	// One gets a new phone; the other's old number is found by staff number, so nothing is in doubt.
	imp := h.imported(h.owner, "姓名,单位,工号,手机\n甲一,财政局,F1,13900000009\n")
	h.applied(h.owner, imp)
	imp = h.imported(h.owner, "姓名,单位,工号,手机\n乙二,财政局,F2,13900000001\n")
	h.applied(h.owner, imp)
	if p, err := h.FindPerson(ctx, h.owner, b.ID); err != nil || p.Phone != "13900000001" {
		t.Errorf("%+v %v", p, err)
	}
	// A swap inside one file is in conflict: each number names somebody else.
	imp = h.imported(h.owner, "姓名,单位,工号,手机\n甲一,财政局,F1,13900000001\n乙二,财政局,F2,13900000009\n")
	if imp.Counts.Errors != 2 || h.rows(h.owner, imp.ID)[0].Problems[0].Code != ErrRowConflict.Code {
		t.Errorf("%+v", imp.Counts)
	}
}

func TestMissingUnitsAreCreatedOnRequest(t *testing.T) {
	h := newHouse(t)
	text := "姓名,部门,工号\n高山,财政局-预算科-一组,F1\n李木子,财政局-预算科-一组,F2\n赵六,新设局,F3\n王五,办公室,F4\n"
	if imp := h.imported(h.owner, text); imp.Counts.Errors != 3 {
		t.Fatalf("%+v", imp.Counts)
	}
	file := csvFile(text)
	file.CreateUnits = true
	imp := h.prepared(h.owner, file)
	if imp.Counts.New != 4 || fmt.Sprint(imp.NewUnits) != "[财政局-预算科-一组 新设局]" {
		t.Fatalf("%+v", imp)
	}
	h.applied(h.owner, imp)
	units, err := h.Units(ctx, h.owner)
	must(t, err)
	paths := map[string]string{}
	for _, u := range units {
		paths[u.Name] = u.Path
	}
	if !strings.HasPrefix(paths["一组"], paths["预算科"]) || !strings.HasPrefix(paths["预算科"], h.finance.Path) ||
		!strings.HasPrefix(paths["新设局"], h.county.Path) || len(units) != 9 {
		t.Errorf("%v", paths)
	}
	if p := h.byStaff("F2"); p.UnitPath != paths["一组"] {
		t.Errorf("%+v", p)
	}
}

func TestAnImportIsRefusedWhenPeopleMovedSinceTheCheck(t *testing.T) {
	h := newHouse(t)
	p := h.person(h.finance, "高山", "F1")
	imp := h.imported(h.owner, "姓名,单位,工号,职务\n高山,财政局,F1,科长\n李木子,财政局,F2,\n")
	_, err := h.UpdatePerson(ctx, h.owner, p.ID, PersonChange{Position: ptr("局长")})
	must(t, err)
	_, err = h.ApplyImport(ctx, h.owner, imp.ID)
	must(t, err)
	imp, err = h.WaitImport(ctx, h.owner, imp.ID)
	must(t, err)
	if imp.State != ImportFailed || imp.Problem.Code != ErrImportStale.Code {
		t.Fatalf("%+v", imp)
	}
	if people := h.people(PeopleFilter{UnitID: h.finance.ID}); len(people) != 1 || people[0].Position != "局长" {
		t.Errorf("%+v", people)
	}
	h.person(h.finance, "李木子", "F2") // the staged number is free again
	imp = h.imported(h.owner, "姓名,单位,工号\n王五,财政局,F3\n")
	h.person(h.finance, "王五", "F3")
	_, err = h.ApplyImport(ctx, h.owner, imp.ID)
	must(t, err)
	imp, err = h.WaitImport(ctx, h.owner, imp.ID)
	must(t, err)
	if imp.State != ImportFailed || imp.Problem.Code != ErrImportStale.Code {
		t.Errorf("%+v", imp)
	}
}

func bigFile(n int) string {
	var b strings.Builder
	b.WriteString("姓名,单位,工号,手机号,人员类别\n")
	surnames, given := []rune("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"), []rune("安邦国庆建华伟芳娜敏静丽强磊军洋")
	for i := range n {
		fmt.Fprintf(&b, "%c%c%c,财政局,N%05d,1390%07d,涉密人员\n", surnames[i%16], given[i/16%16], given[i/256%16], i, i)
	}
	return b.String()
}

func TestTenThousandRowsAreImportedWhole(t *testing.T) {
	h := newHouse(t)
	imp := h.imported(h.owner, bigFile(10000))
	if imp.Counts.New != 10000 || imp.Total != 10000 || imp.Progress != 10000 {
		t.Fatalf("%+v", imp)
	}
	imp = h.applied(h.owner, imp)
	if imp.Progress != 10000 || imp.Total != 10000 {
		t.Errorf("%+v", imp)
	}
	members, err := h.Members(ctx, h.db.Read(ctx), Audience{UnitIDs: []int64{h.finance.ID}})
	must(t, err)
	if len(members) != 10000 {
		t.Errorf("%d members", len(members))
	}
	var left int64
	must(t, h.db.Read(ctx).Table("people").Where("import_id <> 0").Count(&left).Error)
	if left != 0 {
		t.Errorf("%d people still carry the import's number", left)
	}
}
