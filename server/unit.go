package server

import (
	"context"

	"jingzhong/org"
)

func (s *Server) showSite(ctx context.Context, _ org.Actor, _ *nothing) (siteView, error) {
	site, err := s.cfg.Org.Site(ctx)
	return siteView{Name: site.Name, Version: s.cfg.Version, Mode: site.Mode, Secure: requestOf(ctx).secure,
		SetupNeeded: site.SetupNeeded, ServerTime: at(s.cfg.Now()), TimeZone: s.cfg.Zone.String()}, err
}

func (s *Server) showTime(context.Context, org.Actor, *nothing) (timeView, error) {
	return timeView{ServerTime: at(s.cfg.Now())}, nil
}

type modeIn struct {
	Body struct {
		Mode string `json:"mode" enum:"quick,two_person"`
	}
}

func (s *Server) setMode(ctx context.Context, by org.Actor, in *modeIn) (done, error) {
	return done{}, s.cfg.Org.SetMode(ctx, by, in.Body.Mode)
}

func (s *Server) listUnits(ctx context.Context, by org.Actor, in *Paging) (list[unitView], error) {
	units, err := s.cfg.Org.Units(ctx, by)
	if err != nil {
		return list[unitView]{}, err
	}
	return pageOf(*in, units, unitOf)
}

type createUnitIn struct {
	Body struct {
		ParentID  int64    `json:"parentId" minimum:"1"`
		Name      string   `json:"name" minLength:"1" maxLength:"60"`
		ShortName string   `json:"shortName,omitempty" maxLength:"30"`
		Kind      string   `json:"kind,omitempty" enum:"agency,township,community,enterprise,school,institution"`
		Tier      *int     `json:"tier,omitempty" minimum:"0" maximum:"20"`
		Code      string   `json:"code,omitempty" maxLength:"40"`
		Sort      int      `json:"sort,omitempty"`
		Aliases   []string `json:"aliases,omitempty" maxItems:"20"`
	}
}

func (s *Server) createUnit(ctx context.Context, by org.Actor, in *createUnitIn) (unitView, error) {
	b := in.Body
	unit, err := s.cfg.Org.CreateUnit(ctx, by, org.UnitInput{ParentID: b.ParentID, Name: b.Name, ShortName: b.ShortName,
		Kind: b.Kind, Tier: b.Tier, Code: b.Code, Sort: b.Sort, Aliases: b.Aliases})
	return unitOf(unit), err
}

type updateUnitIn struct {
	ByID
	Body struct {
		ParentID  *int64    `json:"parentId,omitempty" minimum:"1"`
		Name      *string   `json:"name,omitempty" minLength:"1" maxLength:"60"`
		ShortName *string   `json:"shortName,omitempty" maxLength:"30"`
		Kind      *string   `json:"kind,omitempty" enum:"agency,township,community,enterprise,school,institution"`
		Tier      *int      `json:"tier,omitempty" minimum:"0" maximum:"20"`
		Code      *string   `json:"code,omitempty" maxLength:"40"`
		Sort      *int      `json:"sort,omitempty"`
		Aliases   *[]string `json:"aliases,omitempty" maxItems:"20"`
		Version   *int64    `json:"version,omitempty" doc:"The version you started from; another one is refused"`
	}
}

func (s *Server) updateUnit(ctx context.Context, by org.Actor, in *updateUnitIn) (unitView, error) {
	b := in.Body
	unit, err := s.cfg.Org.UpdateUnit(ctx, by, in.ID, org.UnitChange{ParentID: b.ParentID, Name: b.Name,
		ShortName: b.ShortName, Kind: b.Kind, Tier: b.Tier, Code: b.Code, Sort: b.Sort, Aliases: b.Aliases, Version: b.Version})
	return unitOf(unit), err
}

func (s *Server) listAudiences(ctx context.Context, by org.Actor, in *Paging) (list[audienceView], error) {
	groups, err := s.cfg.Org.Audiences(ctx, by)
	if err != nil {
		return list[audienceView]{}, err
	}
	return pageOf(*in, groups, audienceOf)
}

type createAudienceIn struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"40"`
	}
}

func (s *Server) createAudience(ctx context.Context, by org.Actor, in *createAudienceIn) (audienceView, error) {
	group, err := s.cfg.Org.CreateAudience(ctx, by, in.Body.Name)
	return audienceOf(group), err
}

type listGrantsIn struct {
	Paging
	PersonID int64  `query:"person"`
	UnitID   int64  `query:"unit" doc:"With everything below it"`
	Role     string `query:"role" enum:"owner,trainer,reviewer,manager,invigilator,sysadmin,secadmin,auditor"`
}

func (s *Server) listGrants(ctx context.Context, by org.Actor, in *listGrantsIn) (list[grantView], error) {
	page, err := s.cfg.Org.ListGrants(ctx, by, org.GrantFilter{PersonID: in.PersonID, UnitID: in.UnitID, Role: in.Role,
		Cursor: in.Cursor, Limit: in.Limit})
	return listOf(page.Items, page.Next, grantOf), err
}

type grantIn struct {
	Body struct {
		PersonID int64  `json:"personId" minimum:"1"`
		Role     string `json:"role" enum:"owner,trainer,reviewer,manager,invigilator,sysadmin,secadmin,auditor"`
		UnitID   int64  `json:"unitId" minimum:"1"`
		Reason   string `json:"reason,omitempty" maxLength:"200"`
	}
}

func (s *Server) grantRole(ctx context.Context, by org.Actor, in *grantIn) (grantView, error) {
	grant, err := s.cfg.Org.GrantRole(ctx, by, org.GrantInput{PersonID: in.Body.PersonID, Role: in.Body.Role,
		UnitID: in.Body.UnitID, Reason: in.Body.Reason})
	return grantOf(grant), err
}

type revokeIn struct {
	ByID
	Reason string `query:"reason" maxLength:"200"`
}

func (s *Server) revokeRole(ctx context.Context, by org.Actor, in *revokeIn) (done, error) {
	return done{}, s.cfg.Org.RevokeRole(ctx, by, in.ID, in.Reason)
}
