package org

import (
	"regexp"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Actor is who asks: a person with the grants of the moment. The zero Actor is nobody.
type Actor struct {
	PersonID  int64
	Name      string
	UnitID    int64
	UnitPath  string
	SessionID string
	Grants    []Grant
	Mode      string // ModeQuick or ModeTwoPerson
	IP        string
	Lang      string

	system bool
}

// Grant is a role held over a unit and everything below it.
type Grant struct {
	Role     string
	UnitID   int64
	UnitPath string
}

// System acts for the program itself: the seed, the sweeper.
var System = Actor{PersonID: -1, Name: "jingzhong", system: true}

// IsSystem reports whether the program itself acts.
func (by Actor) IsSystem() bool { return by.system }

// Has reports whether the actor holds the right anywhere; Scope says where.
func (by Actor) Has(right Right) bool {
	switch {
	case by.system || right == Public:
		return true
	case by.PersonID <= 0:
		return false
	case right == SignedIn:
		return true
	case right == Compete && !by.administrates():
		return true
	}
	return slices.ContainsFunc(by.Grants, func(g Grant) bool { return grants(by.Mode, g.Role, g.UnitPath, right) })
}

// administrates reports whether the actor is one of the administrators, who do not compete.
func (by Actor) administrates() bool {
	return slices.ContainsFunc(by.Grants, func(g Grant) bool { return IsAdministrator(g.Role) })
}

// HasRole reports whether the actor holds the role over any unit.
func (by Actor) HasRole(role string) bool {
	return slices.ContainsFunc(by.Grants, func(g Grant) bool { return g.Role == role })
}

// Rights lists what the actor may do somewhere, in the order of the table.
func (by Actor) Rights() []Right {
	var held []Right
	for _, right := range Rights {
		if by.Has(right) {
			held = append(held, right)
		}
	}
	return held
}

// Scope is where the actor holds the right: the subtrees of the units its roles were granted over.
func (by Actor) Scope(right Right) Scope {
	if by.system {
		return Scope{All: true}
	}
	var s Scope
	for _, g := range by.Grants {
		if grants(by.Mode, g.Role, g.UnitPath, right) {
			s = s.with(g.UnitPath)
		}
	}
	return s
}

// anywhere is the union of every grant's subtree and the actor's own unit: the part of the tree it may see.
func (by Actor) anywhere() Scope {
	if by.system {
		return Scope{All: true}
	}
	var s Scope
	for _, g := range by.Grants {
		s = s.with(g.UnitPath)
	}
	return s
}

// Require returns nil if the actor holds the right, ErrSignInNeeded for nobody, else ErrDenied.
func Require(by Actor, right Right) error {
	switch {
	case by.Has(right):
		return nil
	case by.PersonID == 0:
		return ErrSignInNeeded
	}
	return ErrDenied.With("right", string(right))
}

// Scope is a part of the unit tree: all of it, or the subtrees under some paths such as "/1/5/".
type Scope struct {
	All   bool
	Paths []string
}

func (s Scope) with(path string) Scope {
	if isRoot(path) {
		return Scope{All: true}
	}
	if s.Covers(path) {
		return s
	}
	s.Paths = append(slices.DeleteFunc(slices.Clone(s.Paths), func(p string) bool { return strings.HasPrefix(p, path) }), path)
	return s
}

// Empty reports whether the scope holds no unit at all.
func (s Scope) Empty() bool { return !s.All && len(s.Paths) == 0 }

// Covers reports whether the unit with this path lies in the scope.
func (s Scope) Covers(path string) bool {
	return s.All || slices.ContainsFunc(s.Paths, func(p string) bool { return p != "" && strings.HasPrefix(path, p) })
}

var columnForm = regexp.MustCompile(`^[a-z_]+(\.[a-z_]+)?$`)

// Where is the scope as a condition on a column that holds unit paths. The column is a constant of the
// caller's; anything that does not look like one panics.
func (s Scope) Where(column string) (string, []any) {
	if !columnForm.MatchString(column) {
		panic("org: not a column: " + column)
	}
	if s.All {
		return "1 = 1", nil
	}
	if len(s.Paths) == 0 {
		return "1 = 0", nil
	}
	parts, args := make([]string, len(s.Paths)), make([]any, len(s.Paths))
	for i, path := range s.Paths {
		parts[i], args[i] = column+` LIKE ? ESCAPE '\'`, escapeLike(path)+"%"
	}
	return "(" + strings.Join(parts, " OR ") + ")", args
}

// In narrows a query to the scope; table and column are constants of the caller's.
func (s Scope) In(q *gorm.DB, table, column string) *gorm.DB {
	if s.All {
		return q
	}
	if len(s.Paths) == 0 {
		return q.Where("1 = 0")
	}
	likes := make([]clause.Expression, len(s.Paths))
	for i, path := range s.Paths {
		likes[i] = clause.Like{Column: clause.Column{Table: table, Name: column}, Value: path + "%"}
	}
	// One OR group inside an AND: alone, GORM would join it to its neighbours with OR.
	return q.Where(clause.And(clause.Or(likes...)))
}

// escapeLike makes text literal inside LIKE ... ESCAPE '\'.
func escapeLike(s string) string { return likeEscaper.Replace(s) }

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// isRoot reports whether the path is that of the tree's root, "/1/".
func isRoot(path string) bool { return len(path) > 2 && strings.Count(path, "/") == 2 }
