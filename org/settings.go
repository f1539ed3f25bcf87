package org

// Site is what anybody may know about the installation.
type Site struct {
	Name        string
	Mode        string
	SetupNeeded bool
}

// SetupInput opens the installation with the token printed at the first start.
type SetupInput struct {
	Token    string
	SiteName string // also the name of the root unit
	Name     string // of the owner
	Username string
	Password string
	IP       string
	Agent    string
}
