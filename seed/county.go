package seed

import (
	_ "embed"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"

	"jingzhong/org"
)

// CountyName is the invented county: the site's name and the root of the unit tree.
const CountyName = "清川县"

//go:embed county/units.tsv
var unitsTSV string

//go:embed county/cast.tsv
var castTSV string

//go:embed county/known.tsv
var knownTSV string

//go:embed county/surnames.txt
var surnamesText string

//go:embed county/given.txt
var givenText string

// Unit is one of the county's units. Strength is the mean share of right answers of its people and Turnout
// the share of them who take part, both in 1/100: they make the boards tell a story.
type Unit struct {
	Code, Parent, Name, Short, Kind string
	Size                            int // people in service
	Strength, Turnout               int
	Chief                           string
	Sections                        []string
	Aliases                         []string
}

// Units reads the embedded units; a unit below another one follows it and is written CODE-1.
func Units() ([]Unit, error) {
	rows, err := table("county/units.tsv", unitsTSV, 10)
	if err != nil {
		return nil, err
	}
	units := make([]Unit, len(rows))
	for i, c := range rows {
		u := Unit{Code: c[0], Name: c[1], Short: c[2], Kind: c[3], Chief: c[7], Sections: strings.Split(c[8], ","),
			Aliases: strings.Split(c[9], ",")}
		for at, to := range []*int{&u.Size, &u.Strength, &u.Turnout} {
			if *to, err = strconv.Atoi(c[4+at]); err != nil {
				return nil, fmt.Errorf("seed: unit %s: %w", u.Code, err)
			}
		}
		u.Parent, _, _ = strings.Cut(u.Code, "-")
		if u.Parent == u.Code {
			u.Parent = ""
		}
		units[i] = u
	}
	return units, nil
}

// Cast is one of the named accounts.
type Cast struct {
	Account, Name, Unit, Position, Role string
	Scope                               string // unit code, "*" = the county
	About                               string
}

// Accounts reads the named accounts.
func Accounts() ([]Cast, error) {
	rows, err := table("county/cast.tsv", castTSV, 7)
	if err != nil {
		return nil, err
	}
	cast := make([]Cast, len(rows))
	for i, c := range rows {
		cast[i] = Cast{c[0], c[1], c[2], c[3], c[4], c[5], c[6]}
	}
	return cast, nil
}

// Whether somebody takes part in the open contest; anything else is left to chance.
const (
	turnoutYes     = "yes"
	turnoutNo      = "no"
	turnoutRunning = "running"
)

// Person is one invented person.
type Person struct {
	Unit      *Unit
	Name      string
	StaffNo   string // empty in the smallest firms: their sign-in name is made by the import
	Position  string
	Status    string // org.StatusActive and so on
	Audiences []string
	Account   string  // of a named account
	Skill     float64 // expected share of right answers to a middling question, 0-1
	Turnout   string

	id       int64
	path     string
	unit     int64
	tookPart bool // in the open contest
}

// The groups of people training is meant for, by name as the import spells them.
const (
	groupLeader     = "领导干部"
	groupClassified = "涉密人员"
	groupCivil      = "公务员"
	groupPrint      = "打字复印与废品回收人员"
)

// chance is the demo's own source of chance: the same numbers at every loading.
func chance(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(20260415, stream)) }

// People makes the county's people, unit by unit.
func People(units []Unit) ([]*Person, error) {
	known, err := knownPeople(units)
	if err != nil {
		return nil, err
	}
	maker := newNames()
	var people []*Person
	for i := range units {
		u := &units[i]
		r := chance(uint64(1000 + i))
		staff := u.staff(r, maker, known[u.Code])
		people = append(people, staff...)
	}
	return people, nil
}

// knownPeople are the accounts and the few people a story needs, by unit.
func knownPeople(units []Unit) (map[string][]*Person, error) {
	byCode := map[string]*Unit{}
	for i := range units {
		byCode[units[i].Code] = &units[i]
	}
	cast, err := Accounts()
	if err != nil {
		return nil, err
	}
	known := map[string][]*Person{}
	for _, c := range cast {
		if c.Role == org.RoleOwner {
			continue // made by the set-up, not by the import
		}
		p := &Person{Unit: byCode[c.Unit], Name: c.Name, Position: c.Position, Account: c.Account, Turnout: turnoutNo}
		if c.Role == org.RoleManager && c.Scope != "*" {
			p.Turnout = turnoutYes // a unit's manager is an employee and competes
		}
		known[c.Unit] = append(known[c.Unit], p)
	}
	rows, err := table("county/known.tsv", knownTSV, 5)
	if err != nil {
		return nil, err
	}
	for _, c := range rows {
		known[c[1]] = append(known[c[1]], &Person{Unit: byCode[c[1]], Name: c[0], Position: c[2], Turnout: c[3]})
	}
	for code := range known {
		if byCode[code] == nil {
			return nil, fmt.Errorf("seed: no unit %s", code)
		}
	}
	return known, nil
}

// staff fills a unit: its leaders first, then the known people, then the rest by section, then those who are
// seconded, ill, away or retired and stand on no roster.
func (u *Unit) staff(r *rand.Rand, maker *names, known []*Person) []*Person {
	used := map[string]bool{}
	for _, p := range known {
		used[p.Name] = true
	}
	fresh := func() string {
		for {
			if name := maker.next(r); !used[name] {
				used[name] = true
				return name
			}
		}
	}
	var staff []*Person
	leaders := min(u.Size-1-len(known), 1+min(4, u.Size/9))
	for i := range leaders {
		staff = append(staff, &Person{Unit: u, Name: fresh(), Position: u.leader(i), Audiences: []string{groupLeader}})
	}
	staff = append(staff, known...)
	for i := len(staff); i < u.Size; i++ {
		section := u.Sections[i%len(u.Sections)]
		staff = append(staff, &Person{Unit: u, Name: fresh(), Position: section + u.post(r, i)})
	}
	for i := range u.Size / 40 {
		off := []string{org.StatusSeconded, org.StatusRetired, org.StatusSick, org.StatusAway}[(i+r.IntN(4))%4]
		staff = append(staff, &Person{Unit: u, Name: fresh(), Position: u.Sections[0] + u.post(r, 20), Status: off})
	}
	for i, p := range staff {
		u.complete(p, i, r)
	}
	return staff
}

// complete gives a person number, groups and skill.
func (u *Unit) complete(p *Person, i int, r *rand.Rand) {
	if p.Status == "" {
		p.Status = org.StatusActive
	}
	if u.Size > 5 || u.Kind != org.KindEnterprise {
		p.StaffNo = fmt.Sprintf("%s%03d", strings.ReplaceAll(u.Code, "-", ""), i+1)
	}
	p.Audiences = append(p.Audiences, u.groups(p, r)...)
	p.Skill = min(0.98, max(0.2, float64(u.Strength)/100+0.09*r.NormFloat64()))
}

func (u *Unit) groups(p *Person, r *rand.Rand) []string {
	var groups []string
	typist := strings.Contains(p.Position, "打字") || strings.Contains(p.Position, "复印")
	if u.isOffice() && !typist {
		groups = append(groups, groupCivil)
	}
	share := map[string]float64{"A02": .7, "C05": .35, "A12": .5, "C10": .3, "C01": .3, "A03": .3, "A01": .3, "Q04": .25}[u.Code]
	if strings.Contains(p.Position, "保密") || strings.Contains(p.Position, "机要") {
		share = 1
	}
	if share == 0 && u.Kind != org.KindEnterprise {
		share = .05
	}
	if r.Float64() < share {
		groups = append(groups, groupClassified)
	}
	if typist || (u.isPrinter() && len(p.Audiences) == 0) {
		groups = append(groups, groupPrint)
	}
	return groups
}

func (u *Unit) isOffice() bool  { return u.Kind == org.KindAgency || u.Kind == org.KindTownship }
func (u *Unit) isPrinter() bool { return u.Code == "Q01" || u.Code == "Q02" || u.Code == "Q03" }

// leader names the i-th leading post.
func (u *Unit) leader(i int) string {
	if i == 0 {
		return u.Chief
	}
	if strings.HasPrefix(u.Chief, "常务") {
		return "副校长"
	}
	return "副" + u.Chief
}

// post names what somebody in a section does.
func (u *Unit) post(r *rand.Rand, i int) string {
	heads, rest := "负责人", []string{"科员", "科员", "一级科员", "四级主任科员", "工作人员"}
	switch u.Kind {
	case org.KindEnterprise:
		rest = []string{"职员", "专员", "主管", "工人", "工人"}
	case org.KindSchool:
		rest = []string{"教师", "教师", "教师", "干事"}
	case org.KindInstitution:
		rest = []string{"工作人员", "专业技术人员", "干事"}
	case org.KindCommunity:
		rest = []string{"社区工作者", "网格员"}
	}
	switch {
	case u.Code == "Q02":
		return []string{"打字员", "复印员"}[i%2]
	case i%17 == 9 && u.isOffice():
		return "打字员"
	case i < 4+len(u.Sections) && u.Size > 15:
		return heads
	}
	return rest[r.IntN(len(rest))]
}

// names makes invented names from two lists of characters: common family names are drawn more often.
type names struct{ family, given []rune }

func newNames() *names {
	return &names{family: []rune(strings.TrimSpace(surnamesText)), given: []rune(strings.TrimSpace(givenText))}
}

func (n *names) next(r *rand.Rand) string {
	at := int(float64(len(n.family)) * math.Pow(r.Float64(), 2.4))
	name := string(n.family[at]) + string(n.given[r.IntN(len(n.given))])
	if r.IntN(5) > 0 {
		name += string(n.given[r.IntN(len(n.given))])
	}
	return name
}
