package org

import "time"

// Slip is one person's activation slip. The code exists only here: the database holds its HMAC.
type Slip struct {
	PersonID  int64
	Name      string
	UnitID    int64
	UnitName  string
	Username  string
	Code      string // four characters, a hyphen, and so on
	ExpiresAt time.Time
}

// Activation is a person's use of a slip.
type Activation struct {
	Code     string
	Password string
	IP       string
	Agent    string
}
