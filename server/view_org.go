package server

import (
	"time"

	"jingzhong/fault"
	"jingzhong/org"
)

type unitView struct {
	ID        int64    `json:"id"`
	ParentID  int64    `json:"parentId,omitempty" doc:"Absent at the root"`
	Name      string   `json:"name"`
	ShortName string   `json:"shortName"`
	Kind      string   `json:"kind" enum:"agency,township,community,enterprise,school,institution"`
	Tier      int      `json:"tier"`
	Code      string   `json:"code"`
	Path      string   `json:"path" doc:"Ids from the root to this unit: /1/5/"`
	Sort      int      `json:"sort"`
	Aliases   []string `json:"aliases"`
	Version   int64    `json:"version"`
}

func unitOf(u org.Unit) unitView {
	return unitView{ID: u.ID, ParentID: u.ParentID, Name: u.Name, ShortName: u.ShortName, Kind: u.Kind, Tier: u.Tier,
		Code: u.Code, Path: u.Path, Sort: u.Sort, Aliases: notNil(u.Aliases), Version: u.Version}
}

type audienceView struct {
	ID   int64  `json:"id"`
	Code string `json:"code"`
	Name string `json:"name"`
	Sort int    `json:"sort"`
}

func audienceOf(a org.AudienceGroup) audienceView {
	return audienceView{ID: a.ID, Code: a.Code, Name: a.Name, Sort: a.Sort}
}

type grantView struct {
	ID        int64  `json:"id"`
	Person    ref    `json:"person"`
	Role      string `json:"role"`
	Unit      ref    `json:"unit"`
	GrantedAt stamp  `json:"grantedAt"`
}

func grantOf(g org.RoleGrant) grantView {
	return grantView{ID: g.ID, Person: ref{g.PersonID, g.PersonName}, Role: g.Role, Unit: ref{g.UnitID, g.UnitName}, GrantedAt: at(g.GrantedAt)}
}

type personView struct {
	ID          int64          `json:"id"`
	Name        string         `json:"name"`
	Username    string         `json:"username"`
	StaffNo     string         `json:"staffNo"`
	Phone       string         `json:"phone"`
	Email       string         `json:"email"`
	Unit        ref            `json:"unit"`
	Position    string         `json:"position"`
	Status      string         `json:"status" enum:"active,seconded,sick,away,retired,disabled"`
	Test        bool           `json:"test" doc:"A test account, never on a roster"`
	Activated   bool           `json:"activated"`
	LockedUntil *stamp         `json:"lockedUntil,omitempty"`
	LastSeenAt  *stamp         `json:"lastSeenAt,omitempty"`
	Anonymised  bool           `json:"anonymised"`
	Audiences   []audienceView `json:"audiences"`
	Grants      []grantView    `json:"grants"`
	Version     int64          `json:"version"`
	CreatedAt   stamp          `json:"createdAt"`
	UpdatedAt   stamp          `json:"updatedAt"`
}

func personOf(p org.Person) personView {
	return personView{ID: p.ID, Name: p.Name, Username: p.Username, StaffNo: p.StaffNo, Phone: p.Phone, Email: p.Email,
		Unit: ref{p.UnitID, p.UnitName}, Position: p.Position, Status: p.Status, Test: p.Test, Activated: p.Activated,
		LockedUntil: atIf(p.LockedUntil), LastSeenAt: atIf(p.LastSeenAt), Anonymised: p.Anonymised,
		Audiences: viewsOf(p.Audiences, audienceOf), Grants: viewsOf(p.Grants, grantOf), Version: p.Version,
		CreatedAt: at(p.CreatedAt), UpdatedAt: at(p.UpdatedAt)}
}

// slipView is one activation slip to print.
type slipView struct {
	Person    ref    `json:"person"`
	Unit      ref    `json:"unit"`
	Username  string `json:"username"`
	Code      string `json:"code" doc:"Shown once; the server keeps only its HMAC"`
	ExpiresAt stamp  `json:"expiresAt"`
	QR        string `json:"qr" doc:"An SVG image that opens the activation page with the code"`
}

type importView struct {
	ID          int64            `json:"id"`
	FileName    string           `json:"fileName"`
	State       string           `json:"state" enum:"reading,checked,applying,applied,failed"`
	Progress    int              `json:"progress" doc:"Rows done in this state"`
	Total       int              `json:"total"`
	Counts      importCountsView `json:"counts"`
	Warnings    []noteView       `json:"warnings"`
	Problem     *noteView        `json:"problem,omitempty" doc:"Why it failed"`
	CreateUnits bool             `json:"createUnits"`
	NewUnits    []string         `json:"newUnits"`
	CreatedAt   stamp            `json:"createdAt"`
	FinishedAt  *stamp           `json:"finishedAt,omitempty"`
}

type importCountsView struct {
	New       int `json:"new"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Leaving   int `json:"leaving"`
	Errors    int `json:"errors"`
	Undecided int `json:"undecided"`
}

// noteView is a problem or a warning as a sentence; Field is the column's header as the file spells it.
type noteView struct {
	Code   string `json:"code"`
	Field  string `json:"field,omitempty"`
	Detail string `json:"detail"`
}

func noteOf(lang string) func(*fault.Error) noteView {
	return func(f *fault.Error) noteView { return noteView{f.Code, f.Field, sentence(lang, f.Code, f.Args)} }
}

func importOf(lang string, i org.Import) importView {
	v := importView{ID: i.ID, FileName: i.FileName, State: i.State, Progress: i.Progress, Total: i.Total,
		Counts: importCountsView(i.Counts), Warnings: viewsOf(i.Warnings, noteOf(lang)), CreateUnits: i.CreateUnits,
		NewUnits: notNil(i.NewUnits), CreatedAt: at(i.CreatedAt), FinishedAt: atIf(i.FinishedAt)}
	if i.Problem != nil {
		note := noteOf(lang)(i.Problem)
		v.Problem = &note
	}
	return v
}

type importRowView struct {
	No         int             `json:"no" doc:"The row's number in the file, as Excel counts; 0 for who is leaving"`
	State      string          `json:"state" enum:"new,changed,unchanged,error,undecided,leaving"`
	PersonID   int64           `json:"personId,omitempty"`
	Name       string          `json:"name"`
	UnitName   string          `json:"unitName"`
	Username   string          `json:"username,omitempty"`
	Changes    []changeView    `json:"changes"`
	Problems   []noteView      `json:"problems"`
	Warnings   []noteView      `json:"warnings"`
	Candidates []candidateView `json:"candidates"`
	Decided    bool            `json:"decided"`
}

type changeView struct {
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

type candidateView struct {
	PersonID int64  `json:"personId"`
	Name     string `json:"name"`
	UnitName string `json:"unitName"`
	StaffNo  string `json:"staffNo"`
	Phone    string `json:"phone" doc:"All but the last four digits hidden"`
	Position string `json:"position"`
}

func importRowOf(lang string) func(org.ImportRow) importRowView {
	note := noteOf(lang)
	return func(r org.ImportRow) importRowView {
		return importRowView{No: r.No, State: r.State, PersonID: r.PersonID, Name: r.Name, UnitName: r.UnitName,
			Username: r.Username, Decided: r.Decided, Problems: viewsOf(r.Problems, note), Warnings: viewsOf(r.Warnings, note),
			Changes:    viewsOf(r.Changes, func(c org.FieldChange) changeView { return changeView(c) }),
			Candidates: viewsOf(r.Candidates, func(c org.Candidate) candidateView { return candidateView(c) })}
	}
}

func notNil[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

func atIf(t time.Time) *stamp {
	if t.IsZero() {
		return nil
	}
	s := at(t)
	return &s
}
