package org

import (
	"fmt"
	"strings"
	"testing"
)

// A crash before the flip leaves nothing, at whatever step; the numbers are free again.
func TestACrashBeforeTheFlipLeavesNothing(t *testing.T) {
	for _, step := range []string{"stage", "flip"} {
		t.Run(step, func(t *testing.T) {
			h := newHouse(t)
			h.person(h.finance, "高山", "F1")
			file := csvFile("姓名,单位,工号,职务\n高山,财政局,F1,科长\n李木子,新设局,F2,\n")
			file.CreateUnits = true
			imp := h.prepared(h.owner, file)
			h.halt = func(at string) bool { return at == step }
			_, err := h.ApplyImport(ctx, h.owner, imp.ID)
			must(t, err)
			h.work.Wait()
			h.wantOnlyBefore()
			var staged int64
			must(t, h.db.Read(ctx).Table("people").Where("import_id <> 0").Count(&staged).Error)
			if staged != 1 {
				t.Fatalf("%d staged: the test does not stop where it should", staged)
			}
			// Staged people and units are nobody and nowhere.
			_, err = h.CreatePerson(ctx, h.owner, PersonInput{Name: "王五", StaffNo: "F2", UnitID: h.finance.ID})
			want(t, err, ErrStaffNoTaken)
			h.start()
			h.wantOnlyBefore()
			got, err := h.FindImport(ctx, h.owner, imp.ID)
			must(t, err)
			if got.State != ImportFailed || got.Problem.Code != ErrImportStopped.Code {
				t.Errorf("%+v", got)
			}
			for _, table := range []string{"people", "units"} {
				var left int64
				must(t, h.db.Read(ctx).Table(table).Where("import_id <> 0").Count(&left).Error)
				if left != 0 {
					t.Errorf("%d %s left", left, table)
				}
			}
			h.applied(h.owner, h.prepared(h.owner, file))
			if p := h.byStaff("F2"); p.UnitName != "新设局" {
				t.Errorf("%+v", p)
			}
		})
	}
}

// wantOnlyBefore holds every reader to what was there before the import.
func (h *house) wantOnlyBefore() {
	h.t.Helper()
	people := h.people(PeopleFilter{})
	if len(people) != 2 || people[1].Position != "" {
		h.t.Errorf("%+v", people)
	}
	units, err := h.Units(ctx, h.owner)
	must(h.t, err)
	if len(units) != 6 {
		h.t.Errorf("%d units", len(units))
	}
	members, err := h.Members(ctx, h.db.Read(ctx), Audience{All: true})
	must(h.t, err)
	if len(members) != 1 {
		h.t.Errorf("%d members", len(members))
	}
	match, err := h.FindMembersByText(ctx, h.owner, "李木子")
	must(h.t, err)
	if len(match.Missing) != 1 {
		h.t.Errorf("%+v", match)
	}
}

// A crash after the flip is finished at the next start.
func TestACrashAfterTheFlipIsFinished(t *testing.T) {
	h := newHouse(t)
	var b strings.Builder
	b.WriteString("姓名,单位,工号,职务\n李木子,财政局,F0,\n")
	for i := 1; i <= rowsPerTx+10; i++ {
		h.person(h.finance, "高山", fmt.Sprintf("N%d", i))
		fmt.Fprintf(&b, "高山,财政局,N%d,科员\n", i)
	}
	imp := h.imported(h.owner, b.String())
	h.halt = func(at string) bool { return at == "finish" }
	_, err := h.ApplyImport(ctx, h.owner, imp.ID)
	must(t, err)
	h.work.Wait()
	h.byStaff("F0")
	h.start()
	imp, err = h.WaitImport(ctx, h.owner, imp.ID)
	must(t, err)
	if imp.State != ImportApplied {
		t.Fatalf("%+v", imp)
	}
	for _, p := range h.people(PeopleFilter{Query: "高山"}) {
		if p.Position != "科员" || p.Version != 2 {
			t.Fatalf("%+v", p)
		}
	}
}
