package seed

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"

	"jingzhong/org"
)

// ip is the invented address of the demo's computers (RFC 5737).
const ip = "192.0.2.10"

// setUp opens the installation the way its owner does, with the one-time token.
func (l *loader) setUp(ctx context.Context) error {
	l.at(-75, 8, 30)
	token, err := l.Org.SetupToken(ctx)
	if err != nil {
		return err
	}
	owner := l.cast[0]
	session, err := l.Org.Setup(ctx, org.SetupInput{Token: token, SiteName: CountyName, Name: owner.Name, Username: owner.Account,
		Password: randomPassword(), IP: ip, Agent: "demo"})
	if err != nil {
		return err
	}
	l.accounts[owner.Account] = session.PersonID
	if err := l.Org.SetPassword(ctx, org.System, session.PersonID, l.Password); err != nil {
		return err
	}
	l.owner, err = l.signIn(ctx, owner.Account)
	return err
}

func (l *loader) signIn(ctx context.Context, account string) (org.Actor, error) {
	session, err := l.Org.SignIn(ctx, org.SignIn{Username: account, Password: l.Password, IP: ip, Agent: "demo"})
	if err != nil {
		return org.Actor{}, fmt.Errorf("sign in %s: %w", account, err)
	}
	return l.Org.Authenticate(ctx, session.ID, session.PersonID, session.Epoch)
}

// makeUnits builds the tree; the owner then takes a place in the office that guards the county's secrets.
func (l *loader) makeUnits(ctx context.Context) error {
	l.at(-75, 9, 0)
	root, err := l.root(ctx)
	if err != nil {
		return err
	}
	for i, u := range l.units {
		parent, tier := root, 1
		if u.Parent != "" {
			parent, tier = l.unitIDs[u.Parent], 2
		}
		made, err := l.Org.CreateUnit(ctx, l.owner, org.UnitInput{ParentID: parent, Name: u.Name, ShortName: u.Short, Kind: u.Kind,
			Tier: &tier, Code: u.Code, Sort: (i + 1) * 10, Aliases: u.Aliases})
		if err != nil {
			return fmt.Errorf("%s: %w", u.Name, err)
		}
		l.unitIDs[u.Code] = made.ID
	}
	owner, place := l.cast[0], l.unitIDs[l.cast[0].Unit]
	_, err = l.Org.UpdatePerson(ctx, l.owner, l.accounts[owner.Account], org.PersonChange{UnitID: &place, Position: &owner.Position})
	return err
}

// root is the county itself.
func (l *loader) root(ctx context.Context) (int64, error) {
	units, err := l.Org.Units(ctx, l.owner)
	if err != nil {
		return 0, err
	}
	return units[0].ID, nil
}

// importPeople gives the county's people to the importer as a CSV file, as Excel saves one.
func (l *loader) importPeople(ctx context.Context) error {
	l.at(-75, 10, 0)
	file, err := peopleCSV(l.people)
	if err != nil {
		return err
	}
	imp, err := l.Org.PrepareImport(ctx, l.owner, org.ImportFile{Name: "清川县人员名册.csv", Data: file})
	if err != nil {
		return err
	}
	if imp, err = l.Org.WaitImport(ctx, l.owner, imp.ID); err != nil {
		return err
	}
	if imp.State != org.ImportChecked || imp.Counts.New != len(l.people) {
		return fmt.Errorf("the list of people was not understood: %s %v, %+v", imp.State, imp.Problem, imp.Counts)
	}
	if _, err = l.Org.ApplyImport(ctx, l.owner, imp.ID); err != nil {
		return err
	}
	if imp, err = l.Org.WaitImport(ctx, l.owner, imp.ID); err != nil {
		return err
	}
	if imp.State != org.ImportApplied {
		return fmt.Errorf("the list of people was not applied: %s %v", imp.State, imp.Problem)
	}
	return l.findPeople(ctx)
}

// statusWords are the statuses as a list of people spells them.
var statusWords = map[string]string{org.StatusActive: "在职", org.StatusSeconded: "借调", org.StatusSick: "长期病假",
	org.StatusAway: "离岗", org.StatusRetired: "退休"}

func peopleCSV(people []*Person) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\uFEFF") // Excel's mark of UTF-8
	w := csv.NewWriter(&b)
	rows := [][]string{{"姓名", "单位", "工号", "职务", "人员状态", "人员类别"}}
	for _, p := range people {
		rows = append(rows, []string{p.Name, p.Unit.Name, p.StaffNo, p.Position, statusWords[p.Status], strings.Join(p.Audiences, "、")})
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// findPeople reads back whom the import made.
func (l *loader) findPeople(ctx context.Context) error {
	byKey := map[string]*Person{}
	for _, p := range l.people {
		byKey[p.key()] = p
	}
	found := 0
	for cursor := ""; ; {
		page, err := l.Org.ListPeople(ctx, l.owner, org.PeopleFilter{Limit: 200, Cursor: cursor})
		if err != nil {
			return err
		}
		for _, row := range page.Items {
			p := byKey[row.StaffNo]
			if p == nil {
				p = byKey[row.UnitName+row.Name]
			}
			if p != nil {
				p.id, p.unit, p.path = row.ID, row.UnitID, row.UnitPath
				found++
			}
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if found != len(l.people) {
		return fmt.Errorf("%d of %d people found", found, len(l.people))
	}
	return nil
}

// key finds a person again: the staff number, or unit and name.
func (p *Person) key() string {
	if p.StaffNo != "" {
		return p.StaffNo
	}
	return p.Unit.Name + p.Name
}

// actor is the person signed in.
func (p *Person) actor() org.Actor {
	return org.Actor{PersonID: p.id, Name: p.Name, UnitID: p.unit, UnitPath: p.path, Mode: org.ModeQuick, IP: ip, Lang: "zh-CN"}
}

// grantRoles gives the accounts their names, roles and passwords; the roles first, because an
// administrator's own password must be longer than the demo's may be.
func (l *loader) grantRoles(ctx context.Context) error {
	l.at(-74, 9, 0)
	for _, p := range l.people {
		if p.Account != "" {
			l.accounts[p.Account] = p.id
			if _, err := l.Org.UpdatePerson(ctx, l.owner, p.id, org.PersonChange{Username: &p.Account}); err != nil {
				return fmt.Errorf("%s: %w", p.Account, err)
			}
		}
	}
	for _, c := range l.cast[1:] {
		if err := l.grant(ctx, c); err != nil {
			return fmt.Errorf("%s: %w", c.Account, err)
		}
		if err := l.Org.SetPassword(ctx, org.System, l.accounts[c.Account], l.Password); err != nil {
			return fmt.Errorf("%s: %w", c.Account, err)
		}
	}
	var errs [3]error
	l.trainer, errs[0] = l.signIn(ctx, "trainer")
	l.manager, errs[1] = l.signIn(ctx, "manager")
	l.invigilator, errs[2] = l.signIn(ctx, "invigilator")
	return errors.Join(errs[:]...)
}

func (l *loader) grant(ctx context.Context, c Cast) error {
	if c.Role == "" {
		return nil
	}
	over, err := l.root(ctx)
	if err != nil {
		return err
	}
	if c.Scope != "*" {
		over = l.unitIDs[c.Scope]
	}
	_, err = l.Org.GrantRole(ctx, l.owner, org.GrantInput{PersonID: l.accounts[c.Account], Role: c.Role, UnitID: over, Reason: "演示县分工"})
	return err
}

// issueSlips gives everybody else an activation code and keeps a few to print.
func (l *loader) issueSlips(ctx context.Context) error {
	l.Clock.Set(l.Clock.Real())
	root, err := l.root(ctx)
	if err != nil {
		return err
	}
	slips, err := l.Org.IssueSlips(ctx, l.owner, root, nil)
	if err != nil {
		return err
	}
	for _, s := range slips {
		if s.UnitID == l.unitIDs["C14"] && len(l.slips) < shownSlips {
			l.slips = append(l.slips, s)
		}
	}
	return nil
}
