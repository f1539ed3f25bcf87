package org

import (
	"fmt"
	"strings"

	"gorm.io/gorm"
)

// namer chooses sign-in names nobody has.
type namer struct {
	taken map[string]bool
	last  map[string]int // the last number given to a base
}

func newNamer() *namer { return &namer{taken: map[string]bool{}, last: map[string]int{}} }

// loadNamer knows the names in the way of one person.
func loadNamer(tx *gorm.DB, row personRow) (*namer, error) {
	n := newNamer()
	var names []string
	err := tx.Table("people").Where(`username IN ? OR username LIKE ? ESCAPE '\'`,
		[]string{tidyUsername(text(row.StaffNo)), text(row.Phone)}, escapeLike(asciiInitials(row.Initials))+"%").Pluck("username", &names).Error
	for _, name := range names {
		n.taken[name] = true
	}
	return n, err
}

// choose is the staff number, else the phone number, else the initials and a number of at least three digits;
// the name is then taken.
func (n *namer) choose(name, staffNo, phone string) string {
	for _, wanted := range []string{strings.ToLower(staffNo), phone} {
		if wanted != "" && checkUsername(wanted) == nil && !n.taken[wanted] {
			n.taken[wanted] = true
			return wanted
		}
	}
	_, initials := spell(name)
	base := asciiInitials(initials)
	for {
		n.last[base]++
		if made := fmt.Sprintf("%s%03d", base, n.last[base]); !n.taken[made] {
			n.taken[made] = true
			return made
		}
	}
}
