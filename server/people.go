package server

import (
	"context"

	qr "github.com/piglig/go-qr"

	"jingzhong/fault"
	"jingzhong/org"
)

type listPeopleIn struct {
	Paging
	UnitID     int64  `query:"unit" doc:"With everything below it"`
	Query      string `query:"q" maxLength:"60" doc:"Name, pinyin, initials, staff number, sign-in name, end of the phone number"`
	Status     string `query:"status" enum:"active,seconded,sick,away,retired,disabled"`
	AudienceID int64  `query:"audience"`
	Role       string `query:"role" enum:"owner,trainer,reviewer,manager,invigilator,sysadmin,secadmin,auditor"`
	Activated  string `query:"activated" enum:"true,false"`
}

func (s *Server) listPeople(ctx context.Context, by org.Actor, in *listPeopleIn) (list[personView], error) {
	f := org.PeopleFilter{UnitID: in.UnitID, Query: in.Query, Status: in.Status, AudienceID: in.AudienceID, Role: in.Role,
		Cursor: in.Cursor, Limit: in.Limit}
	if in.Activated != "" {
		activated := in.Activated == "true"
		f.Activated = &activated
	}
	page, err := s.cfg.Org.ListPeople(ctx, by, f)
	return listOf(page.Items, page.Next, personOf), err
}

func (s *Server) showPerson(ctx context.Context, by org.Actor, in *ByID) (personView, error) {
	person, err := s.cfg.Org.FindPerson(ctx, by, in.ID)
	return personOf(person), err
}

type createPersonIn struct {
	Body struct {
		Name        string  `json:"name" minLength:"1" maxLength:"40"`
		Username    string  `json:"username,omitempty" maxLength:"40" doc:"Absent: staff number, else phone, else one is made"`
		StaffNo     string  `json:"staffNo,omitempty" maxLength:"40"`
		Phone       string  `json:"phone,omitempty" maxLength:"20"`
		Email       string  `json:"email,omitempty" maxLength:"100"`
		UnitID      int64   `json:"unitId" minimum:"1"`
		Position    string  `json:"position,omitempty" maxLength:"60"`
		Status      string  `json:"status,omitempty" enum:"active,seconded,sick,away,retired,disabled"`
		Test        bool    `json:"test,omitempty"`
		AudienceIDs []int64 `json:"audienceIds,omitempty" maxItems:"50"`
	}
}

func (s *Server) createPerson(ctx context.Context, by org.Actor, in *createPersonIn) (personView, error) {
	b := in.Body
	person, err := s.cfg.Org.CreatePerson(ctx, by, org.PersonInput{Name: b.Name, Username: b.Username, StaffNo: b.StaffNo,
		Phone: b.Phone, Email: b.Email, UnitID: b.UnitID, Position: b.Position, Status: b.Status, Test: b.Test, AudienceIDs: b.AudienceIDs})
	return personOf(person), err
}

type updatePersonIn struct {
	ByID
	Body struct {
		Name        *string  `json:"name,omitempty" minLength:"1" maxLength:"40"`
		Username    *string  `json:"username,omitempty" maxLength:"40"`
		StaffNo     *string  `json:"staffNo,omitempty" maxLength:"40"`
		Phone       *string  `json:"phone,omitempty" maxLength:"20"`
		Email       *string  `json:"email,omitempty" maxLength:"100"`
		UnitID      *int64   `json:"unitId,omitempty" minimum:"1"`
		Position    *string  `json:"position,omitempty" maxLength:"60"`
		Status      *string  `json:"status,omitempty" enum:"active,seconded,sick,away,retired,disabled"`
		AudienceIDs *[]int64 `json:"audienceIds,omitempty" maxItems:"50"`
		Version     *int64   `json:"version,omitempty" doc:"The version you started from; another one is refused"`
	}
}

func (s *Server) updatePerson(ctx context.Context, by org.Actor, in *updatePersonIn) (personView, error) {
	person, err := s.cfg.Org.UpdatePerson(ctx, by, in.ID, org.PersonChange(in.Body))
	return personOf(person), err
}

type reasonIn struct {
	ByID
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"200"`
	}
}

func (s *Server) anonymisePerson(ctx context.Context, by org.Actor, in *reasonIn) (done, error) {
	return done{}, s.cfg.Org.Anonymise(ctx, by, in.ID, in.Body.Reason)
}

func (s *Server) unlockPerson(ctx context.Context, by org.Actor, in *ByID) (done, error) {
	return done{}, s.cfg.Org.Unlock(ctx, by, in.ID)
}

type slipsIn struct {
	ByID
	Body struct {
		PersonIDs []int64 `json:"personIds,omitempty" maxItems:"500" doc:"Absent: everybody below the unit who has not activated yet"`
	}
}

func (s *Server) issueSlips(ctx context.Context, by org.Actor, in *slipsIn) (list[slipView], error) {
	slips, err := s.cfg.Org.IssueSlips(ctx, by, in.ID, in.Body.PersonIDs)
	if err != nil {
		return list[slipView]{}, err
	}
	out := list[slipView]{Items: make([]slipView, len(slips))}
	for i, slip := range slips {
		image, err := qrImage(requestOf(ctx).base + "/activate#" + slip.Code)
		if err != nil {
			return list[slipView]{}, err
		}
		out.Items[i] = slipView{Person: ref{slip.PersonID, slip.Name}, Unit: ref{slip.UnitID, slip.UnitName},
			Username: slip.Username, Code: slip.Code, ExpiresAt: at(slip.ExpiresAt), QR: image}
	}
	return out, nil
}

// qrImage draws the text as an SVG. Medium correction survives a fold in the slip.
func qrImage(text string) (string, error) {
	code, err := qr.EncodeText(text, qr.Medium)
	if err != nil {
		return "", err
	}
	return svg(code), nil
}

func (s *Server) preparePeopleImport(ctx context.Context, by org.Actor, file uploaded) (importView, error) {
	create, err := file.flag("createUnits")
	if err != nil {
		return importView{}, err
	}
	i, err := s.cfg.Org.PrepareImport(ctx, by, org.ImportFile{Name: file.Name, Data: file.Body, CreateUnits: create})
	return importOf(by.Lang, i), err
}

func (s *Server) showPeopleImport(ctx context.Context, by org.Actor, in *ByID) (importView, error) {
	i, err := s.cfg.Org.FindImport(ctx, by, in.ID)
	return importOf(by.Lang, i), err
}

type importRowsIn struct {
	ByID
	Paging
	State string `query:"state" enum:"new,changed,unchanged,error,undecided,leaving"`
}

func (s *Server) listPeopleImportRows(ctx context.Context, by org.Actor, in *importRowsIn) (list[importRowView], error) {
	page, err := s.cfg.Org.ListImportRows(ctx, by, in.ID, org.RowFilter{State: in.State, Cursor: in.Cursor, Limit: in.Limit})
	return listOf(page.Items, page.Next, importRowOf(by.Lang)), err
}

type decisionIn struct {
	ByID
	No   int `path:"n" minimum:"1"`
	Body struct {
		PersonID *int64 `json:"personId" required:"true" doc:"Whom the row means; null = a new person"`
	}
}

func (s *Server) decidePeopleImportRow(ctx context.Context, by org.Actor, in *decisionIn) (importRowView, error) {
	row, err := s.cfg.Org.DecideImportRow(ctx, by, in.ID, in.No, in.Body.PersonID)
	return importRowOf(by.Lang)(row), err
}

func (s *Server) applyPeopleImport(ctx context.Context, by org.Actor, in *ByID) (importView, error) {
	i, err := s.cfg.Org.ApplyImport(ctx, by, in.ID)
	return importOf(by.Lang, i), err
}

func (s *Server) peopleImportWorkbook(ctx context.Context, by org.Actor, in *ByID) (*fileOut, error) {
	body, err := s.cfg.Org.ImportWorkbook(ctx, by, in.ID, func(f *fault.Error) string { return sentence(by.Lang, f.Code, f.Args) })
	return workbook("人员导入-标注.xlsx", body), err
}

func (s *Server) peopleImportTemplate(ctx context.Context, by org.Actor, _ *nothing) (*fileOut, error) {
	body, err := s.cfg.Org.ImportTemplate(ctx, by)
	return workbook("人员导入模板.xlsx", body), err
}
