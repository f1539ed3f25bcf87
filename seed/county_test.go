package seed

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"jingzhong/org"
)

func county(t *testing.T) ([]Unit, []*Person) {
	t.Helper()
	units, err := Units()
	if err != nil {
		t.Fatal(err)
	}
	people, err := People(units)
	if err != nil {
		t.Fatal(err)
	}
	return units, people
}

func TestUnitsAreModelledOnACountyAndInvented(t *testing.T) {
	units, _ := county(t)
	firms, kinds, codes, names := 0, map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, u := range units {
		if u.Size < 2 || u.Size > 130 || u.Strength < 50 || u.Strength > 99 || u.Turnout < 30 || u.Turnout > 100 {
			t.Errorf("%s: size %d, strength %d, turnout %d", u.Code, u.Size, u.Strength, u.Turnout)
		}
		kinds[u.Kind] = true
		if codes[u.Code] || names[u.Name] || names[u.Short] {
			t.Errorf("%s %s: code or name used twice", u.Code, u.Name)
		}
		codes[u.Code], names[u.Name], names[u.Short] = true, true, true
		for _, alias := range u.Aliases {
			if alias != u.Short && names[alias] {
				t.Errorf("%s: alias %s is another unit's name", u.Code, alias)
			}
			names[alias] = true
		}
		if !slices.Contains(org.UnitKinds, u.Kind) {
			t.Errorf("%s: kind %s", u.Code, u.Kind)
		}
		if u.Kind == org.KindEnterprise {
			firms++
			if !strings.HasPrefix(u.Name, "清川") {
				t.Errorf("%s: a firm carries the invented county's name", u.Name)
			}
		}
	}
	if len(units)-firms != 44 || firms != 6 || len(kinds) != len(org.UnitKinds) {
		t.Errorf("%d units, %d firms, kinds %v", len(units)-firms, firms, kinds)
	}
	real := regexp.MustCompile(`国网|邮政|电信|移动|联通|烟草|石油|石化|银行|保险|华为|腾讯|阿里|中兴|浪潮|省|市[^场]`)
	for _, u := range units {
		if found := real.FindString(u.Name); found != "" {
			t.Errorf("%s names a real one: %s", u.Name, found)
		}
	}
}

func TestUnitSizesReachEveryBand(t *testing.T) {
	units, people := county(t)
	active := map[string]int{}
	for _, p := range people {
		if p.Status == org.StatusActive {
			active[p.Unit.Code]++
		}
	}
	var small, middle, large, single int
	for _, u := range units {
		n := active[u.Code]
		if n != u.Size {
			t.Errorf("%s has %d people in service, want %d", u.Code, n, u.Size)
		}
		switch {
		case n < 3:
			single++
		case n <= 10:
			small++
		case n <= 50:
			middle++
		default:
			large++
		}
	}
	if single != 1 || small < 3 || middle < 3 || large < 3 {
		t.Errorf("bands: 单列 %d, small %d, middle %d, large %d", single, small, middle, large)
	}
}

func TestPeopleArePlausible(t *testing.T) {
	_, people := county(t)
	if len(people) < 1850 || len(people) > 1950 {
		t.Errorf("%d people", len(people))
	}
	han := regexp.MustCompile(`^\p{Han}{2,3}$`)
	numbers, status, groups, same := map[string]bool{}, map[string]int{}, map[string]int{}, map[string]int{}
	accounts, bare := 0, 0
	for _, p := range people {
		if !han.MatchString(p.Name) || p.Position == "" {
			t.Errorf("%s %q %q", p.StaffNo, p.Name, p.Position)
		}
		if p.StaffNo == "" {
			bare++
		} else if numbers[p.StaffNo] {
			t.Errorf("staff number %s twice", p.StaffNo)
		}
		numbers[p.StaffNo] = true
		status[p.Status]++
		same[p.Unit.Code+p.Name]++
		for _, g := range p.Audiences {
			groups[g]++
		}
		if p.Account != "" {
			accounts++
		}
	}
	var namesakes []string
	for key, n := range same {
		if n > 1 {
			namesakes = append(namesakes, key)
		}
	}
	if len(namesakes) != 2 {
		t.Errorf("namesakes %v", namesakes)
	}
	if accounts != 8 || bare == 0 || len(groups) != 4 {
		t.Errorf("%d accounts, %d without a number, groups %v", accounts, bare, groups)
	}
	for _, s := range []string{org.StatusSeconded, org.StatusSick, org.StatusAway, org.StatusRetired} {
		if status[s] == 0 {
			t.Errorf("nobody is %s: %v", s, status)
		}
	}
	t.Logf("%d people, %v, %v", len(people), status, groups)
}

func TestTheCountyIsTheSameEachTime(t *testing.T) {
	_, first := county(t)
	_, second := county(t)
	for i := range first {
		if first[i].Name != second[i].Name || first[i].Skill != second[i].Skill {
			t.Fatalf("person %d differs", i)
		}
	}
}
