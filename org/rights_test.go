package org

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/quick"
)

// The table of security.md, written out again: what each role may do in mode two_person.
func TestRolesHaveTheRightsOfTheTable(t *testing.T) {
	table := map[string][]Right{
		RoleTrainer:     {Compete, Author, SeeKeys, ManageContest, Invigilate, SeeUnitResults, SeePeople},
		RoleReviewer:    {Compete, Review, SeeKeys, SeeUnitResults},
		RoleManager:     {Compete, SeeUnitResults, Remind, SeePeople, ProposePeople, ReissueSlips},
		RoleInvigilator: {Compete, Invigilate},
		RoleSysadmin:    {SeePeople, ManagePeople, ManageUnits, Configure},
		RoleSecadmin:    {SeePeople, ReissueSlips, GrantRoles, ReadAudit},
		RoleAuditor:     {ReadAudit, VerifyAudit},
		RoleOwner:       {SeePeople, ManagePeople, ReissueSlips, ManageUnits, GrantRoles, Configure, ReadAudit},
		RoleLearner:     {Compete},
	}
	quickMore := map[string][]Right{RoleTrainer: {Review, ManagePeople, ReissueSlips}, RoleOwner: Rights}
	for role, rights := range table {
		for _, mode := range []string{ModeTwoPerson, ModeQuick} {
			by := Actor{PersonID: 7, Mode: mode}
			if role != RoleLearner {
				by.Grants = []Grant{{Role: role, UnitID: 5, UnitPath: "/1/5/"}}
			}
			for _, right := range Rights {
				wanted := slices.Contains(rights, right) || right == Public || right == SignedIn
				if mode == ModeQuick {
					wanted = wanted || slices.Contains(quickMore[role], right)
				}
				if right == FinaliseBoard {
					wanted = false // only over the root
				}
				if by.Has(right) != wanted {
					t.Errorf("%s in %s: %s is %v", role, mode, right, by.Has(right))
				}
				if right != Public && right != SignedIn && right != Compete && by.Scope(right).Empty() == wanted {
					t.Errorf("%s in %s: scope of %s is %+v", role, mode, right, by.Scope(right))
				}
			}
		}
	}
	bureau := Actor{PersonID: 7, Mode: ModeTwoPerson, Grants: []Grant{{RoleManager, 1, "/1/"}}}
	if !bureau.Has(FinaliseBoard) {
		t.Error("a manager of the root cannot finalise")
	}
}

func TestNobodyHasOnlyWhatIsPublic(t *testing.T) {
	for _, right := range Rights {
		if got := (Actor{}).Has(right); got != (right == Public) {
			t.Errorf("nobody: %s is %v", right, got)
		}
		// A grant without a person, and the program's number without being the program, are worth nothing.
		for _, id := range []int64{0, -1} {
			by := Actor{PersonID: id, Mode: ModeQuick, Grants: []Grant{{RoleOwner, 1, "/1/"}}}
			if by.Has(right) != (right == Public) {
				t.Errorf("person %d: %s", id, right)
			}
		}
		if !System.Has(right) || !System.Scope(right).All {
			t.Errorf("the program lacks %s", right)
		}
	}
	want(t, Require(Actor{}, Compete), ErrSignInNeeded)
	want(t, Require(Actor{PersonID: 3}, Author), ErrDenied)
}

func TestScopeCoversSubtreesOnly(t *testing.T) {
	s := Scope{}.with("/1/5/").with("/1/5/8/").with("/1/9/")
	for path, wanted := range map[string]bool{"/1/5/": true, "/1/5/8/": true, "/1/5/8/13/": true, "/1/": false, "/1/50/": false,
		"/1/55/5/": false, "/1/9/": true, "/5/": false, "": false} {
		if s.Covers(path) != wanted {
			t.Errorf("%q: %v", path, !wanted)
		}
	}
	if len(s.Paths) != 2 {
		t.Errorf("%v", s.Paths)
	}
	if wider := s.with("/1/"); !wider.All {
		t.Errorf("%+v", wider)
	}
	if (Scope{}).Covers("/1/") || (Scope{Paths: []string{""}}).Covers("/1/5/") {
		t.Error("an empty scope covers something")
	}
	sql, args := s.Where("u.path")
	if sql != `(u.path LIKE ? ESCAPE '\' OR u.path LIKE ? ESCAPE '\')` || fmt.Sprint(args) != "[/1/5/% /1/9/%]" {
		t.Errorf("%s %v", sql, args)
	}
	if sql, _ := (Scope{}).Where("u.path"); sql != "1 = 0" {
		t.Error(sql)
	}
	defer func() {
		if recover() == nil {
			t.Error("a column from outside was let into a query")
		}
	}()
	s.Where("path) OR (1=1")
}

func TestBackOffGrowsToItsLimit(t *testing.T) {
	for n, seconds := range map[int]float64{0: 0, 1: 0, 4: 0, 5: 30, 6: 60, 7: 120, 9: 480, 10: 900, 1000: 900} {
		if got := backOff(n).Seconds(); got != seconds {
			t.Errorf("%d failures: %v s", n, got)
		}
	}
}

func TestPasswordsOfTheNistProfile(t *testing.T) {
	own := []string{"zhangwei", "13800138000", "F2027", "张伟"}
	for password, wanted := range map[string]error{
		"short-7": ErrPasswordShort, "12345678": ErrPasswordCommon, "1qaz2wsx": ErrPasswordCommon, "Password1!": ErrPasswordCommon,
		"aaaaaaaaaa": ErrPasswordCommon, "abcabcabc": ErrPasswordCommon, "98765432": ErrPasswordCommon, "QWERTYUIOP": ErrPasswordCommon,
		"baomi2026": ErrPasswordCommon, "zhangwei12": ErrPasswordOwnName, "x13800138000": ErrPasswordOwnName,
		"zhangwei-likes-rain": nil, "绿水青山都是宝藏": nil, "tunafish-8": nil,
	} {
		if err := checkPassword(password, false, own...); !errors.Is(err, wanted) {
			t.Errorf("%q: %v, want %v", password, err, wanted)
		}
	}
	want(t, checkPassword("tunafish-swims", true), ErrPasswordShort)
	if err := checkPassword("tunafish-swims-", true); err != nil {
		t.Error(err)
	}
}

func TestPasswordHashesVerifyAndRefuseStrangers(t *testing.T) {
	hash := hashPassword("tunafish-8")
	if !verifyPassword(hash, "tunafish-8") || verifyPassword(hash, "tunafish-9") {
		t.Error(hash)
	}
	for _, bad := range []string{"", "$argon2id$", "$argon2i$v=19$m=19456,t=2,p=1$AAAA$AAAA", "$argon2id$v=19$m=4000000,t=99,p=1$AAAA$AAAA"} {
		if verifyPassword(bad, "tunafish-8") {
			t.Error(bad)
		}
	}
}

func TestCodesReadAsPeopleTypeThem(t *testing.T) {
	for typed, plain := range map[string]string{
		"ABCD-EFGH-JKMN": "ABCDEFGHJKMN", "abcd efgh jkmn": "ABCDEFGHJKMN", " ａｂｃｄ－efghjkmn ": "ABCDEFGHJKMN",
		"OIL0-1111-0000": "011011110000", "ABCD-EFGH": "", "ABCD-EFGH-JKM!": "", "": "", "ABCD-EF*H-JKMN": "",
	} {
		if got := plainCode(typed); got != plain {
			t.Errorf("%q: %q, want %q", typed, got, plain)
		}
	}
	seen := map[string]bool{}
	for range 200 {
		code := newCode()
		if len(code) != 14 || plainCode(code) == "" || seen[code] {
			t.Fatal(code)
		}
		seen[code] = true
	}
}

func TestNamesAreSpelledAsSurnames(t *testing.T) {
	for name, wanted := range map[string][2]string{
		"张三": {"zhangsan", "zs"}, "单晓明": {"shanxiaoming danxiaoming", "sxm"}, "欧阳娜": {"ouyangna", "oyn"}, "尉迟恭": {"yuchigong weichigong", "ycg"},
		"吕布": {"lvbu", "lb"}, "Anna Li": {"annali", "annali"},
	} {
		full, initials := spell(name)
		if full != wanted[0] || initials != wanted[1] {
			t.Errorf("%s: %q %q", name, full, initials)
		}
	}
	if err := quick.Check(func(name string) bool {
		base := asciiInitials(func() string { _, i := spell(tidyName(name)); return i }())
		return checkUsername(base+"001") == nil
	}, nil); err != nil {
		t.Error(err)
	}
}
