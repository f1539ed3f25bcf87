package org

import "time"

// RoleGrant is a role somebody holds over a unit and everything below it.
type RoleGrant struct {
	ID         int64
	PersonID   int64
	PersonName string
	Role       string
	UnitID     int64
	UnitName   string
	UnitPath   string
	GrantedBy  int64
	GrantedAt  time.Time
}

// GrantInput asks for a role to be granted.
type GrantInput struct {
	PersonID int64
	Role     string
	UnitID   int64
	Reason   string
}

// GrantFilter narrows the list of grants; zero values do not narrow.
type GrantFilter struct {
	PersonID int64
	UnitID   int64 // with everything below it
	Role     string
	Cursor   string
	Limit    int
}
