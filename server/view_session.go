package server

import (
	"slices"

	"jingzhong/org"
)

// siteView is what anybody may know.
type siteView struct {
	Name        string `json:"name"`
	Version     string `json:"version"`
	Mode        string `json:"mode" enum:"quick,two_person"`
	Secure      bool   `json:"secure" doc:"Whether this connection is encrypted"`
	SetupNeeded bool   `json:"setupNeeded"`
	ServerTime  stamp  `json:"serverTime"`
	TimeZone    string `json:"timeZone" doc:"The installation's civil time; browsers show this one"`
}

type timeView struct {
	ServerTime stamp `json:"serverTime"`
}

type sessionView struct {
	AccessToken string            `json:"accessToken" doc:"Bearer token; lives at most ten minutes"`
	ExpiresAt   stamp             `json:"expiresAt"`
	Person      sessionPersonView `json:"person"`
}

type sessionPersonView struct {
	ID    int64    `json:"id"`
	Name  string   `json:"name"`
	Unit  ref      `json:"unit"`
	Roles []string `json:"roles"`
}

func sessionPersonOf(p org.Person) sessionPersonView {
	return sessionPersonView{ID: p.ID, Name: p.Name, Unit: ref{p.UnitID, p.UnitName}, Roles: rolesOf(p.Grants)}
}

// rolesOf lists the roles once each; everybody who is no administrator is a learner besides.
func rolesOf(grants []org.RoleGrant) []string {
	roles := []string{}
	learner := true
	for _, g := range grants {
		learner = learner && !org.IsAdministrator(g.Role)
		if !slices.Contains(roles, g.Role) {
			roles = append(roles, g.Role)
		}
	}
	if learner {
		roles = append(roles, org.RoleLearner)
	}
	return roles
}

type meView struct {
	Person mePersonView `json:"person"`
	Rights []string     `json:"rights" doc:"What the person may do somewhere; where, the server decides"`
	Scopes []scopeView  `json:"scopes"`
	Mode   string       `json:"mode" enum:"quick,two_person"`
}

type mePersonView struct {
	ID        int64    `json:"id"`
	Name      string   `json:"name"`
	Username  string   `json:"username"`
	Unit      ref      `json:"unit"`
	Position  string   `json:"position"`
	Roles     []string `json:"roles"`
	Audiences []string `json:"audiences"`
}

type scopeView struct {
	Role string `json:"role"`
	Unit ref    `json:"unit"`
}

func meOf(p org.Profile) meView {
	return meView{
		Person: mePersonView{ID: p.Person.ID, Name: p.Person.Name, Username: p.Person.Username,
			Unit: ref{p.Person.UnitID, p.Person.UnitName}, Position: p.Person.Position, Roles: rolesOf(p.Person.Grants),
			Audiences: viewsOf(p.Person.Audiences, func(a org.AudienceGroup) string { return a.Name })},
		Rights: viewsOf(p.Rights, func(r org.Right) string { return string(r) }),
		Scopes: viewsOf(p.Person.Grants, func(g org.RoleGrant) scopeView { return scopeView{g.Role, ref{g.UnitID, g.UnitName}} }),
		Mode:   p.Mode,
	}
}

type sessionInfoView struct {
	ID         string `json:"id"`
	Current    bool   `json:"current"`
	CreatedAt  stamp  `json:"createdAt"`
	LastSeenAt stamp  `json:"lastSeenAt"`
	ExpiresAt  stamp  `json:"expiresAt"`
	IP         string `json:"ip"`
	Agent      string `json:"agent"`
}

func sessionInfoOf(i org.SessionInfo) sessionInfoView {
	return sessionInfoView{ID: i.ID, Current: i.Current, CreatedAt: at(i.CreatedAt), LastSeenAt: at(i.LastSeenAt),
		ExpiresAt: at(i.ExpiresAt), IP: i.IP, Agent: i.Agent}
}
