package org

import "time"

// SignIn is a person's attempt to sign in.
type SignIn struct {
	Username string
	Password string
	IP       string
	Agent    string // the browser, as shown in the list of sessions
}

// Session is what a successful sign-in, refresh or activation hands out. The access token is made by the
// server from ID, Person and Epoch; RefreshToken is opaque and usable once.
type Session struct {
	ID           string // family id; the access token's session claim
	PersonID     int64
	Epoch        int64 // the access token's epoch claim; outdated = ErrSessionStale
	RefreshToken string
	ExpiresAt    time.Time // of the refresh token
	Person       Person
}

// SessionInfo is one of a person's sessions.
type SessionInfo struct {
	ID         string
	Current    bool
	CreatedAt  time.Time
	LastSeenAt time.Time
	ExpiresAt  time.Time
	IP         string
	Agent      string
}

// Profile is what a signed-in person learns about itself.
type Profile struct {
	Person Person
	Rights []Right
	Mode   string
}

// PasswordChange is a person's own change of password.
type PasswordChange struct {
	Current  string
	Password string
	Agent    string
}
