package server

import (
	"context"

	"jingzhong/org"
	"jingzhong/ranking"
)

type exemptionView struct {
	Person     ref    `json:"person"`
	Unit       ref    `json:"unit"`
	Position   string `json:"position"`
	Reason     string `json:"reason"`
	ApprovedBy *ref   `json:"approvedBy,omitempty" doc:"Absent: the program, when the roster was made"`
	ApprovedAt *stamp `json:"approvedAt,omitempty"`
}

func exemptionOf(p ranking.RosterPerson) exemptionView {
	v := exemptionView{Person: ref{p.PersonID, p.Name}, Unit: ref{p.UnitID, p.UnitName}, Position: p.Position, Reason: p.ExemptReason,
		ApprovedAt: stampIf(p.ApprovedAt)}
	if p.ApprovedBy > 0 {
		v.ApprovedBy = &ref{p.ApprovedBy, p.ApprovedName}
	}
	return v
}

func (s *Server) listExemptions(ctx context.Context, by org.Actor, in *pagedByID) (list[exemptionView], error) {
	id, err := s.boardID(ctx, by, in.ID)
	if err != nil {
		return list[exemptionView]{}, err
	}
	people, err := s.cfg.Ranking.Exemptions(ctx, by, id)
	if err != nil {
		return list[exemptionView]{}, err
	}
	return pageOf(in.Paging, people, exemptionOf)
}

type exemptIn struct {
	ByID
	Body struct {
		PersonID int64  `json:"personId" minimum:"1"`
		Reason   string `json:"reason" minLength:"1" maxLength:"200"`
	}
}

func (s *Server) exemptPerson(ctx context.Context, by org.Actor, in *exemptIn) (done, error) {
	id, err := s.boardID(ctx, by, in.ID)
	if err != nil {
		return done{}, err
	}
	return done{}, s.cfg.Ranking.Exempt(ctx, by, id, ranking.Exemption{PersonID: in.Body.PersonID, Exempt: true, Reason: in.Body.Reason})
}

type unexemptIn struct {
	ByID
	PersonID int64 `path:"personId" minimum:"1"`
	Body     struct {
		Reason string `json:"reason" minLength:"1" maxLength:"200"`
	}
}

func (s *Server) withdrawExemption(ctx context.Context, by org.Actor, in *unexemptIn) (done, error) {
	id, err := s.boardID(ctx, by, in.ID)
	if err != nil {
		return done{}, err
	}
	return done{}, s.cfg.Ranking.Exempt(ctx, by, id, ranking.Exemption{PersonID: in.PersonID, Reason: in.Body.Reason})
}

type correctionView struct {
	No       int64  `json:"no"`
	Kind     string `json:"kind" enum:"add,remove,move,exempt,unexempt,result"`
	Person   ref    `json:"person"`
	Unit     ref    `json:"unit" doc:"The unit gained or concerned; a move has a line for each of the two"`
	Expected int64  `json:"expected" doc:"By how many the unit's expected people changed"`
	What     string `json:"what"`
	Reason   string `json:"reason"`
	By       ref    `json:"by"`
	At       stamp  `json:"at"`
}

func correctionOf(c ranking.Correction) correctionView {
	return correctionView{No: c.No, Kind: c.Kind, Person: ref{c.PersonID, c.PersonName}, Unit: ref{c.UnitID, c.UnitName}, Expected: c.Expected,
		What: c.What, Reason: c.Reason, By: ref{c.ByID, c.ByName}, At: stampOf(c.At)}
}

func (s *Server) listCorrections(ctx context.Context, by org.Actor, in *pagedByID) (list[correctionView], error) {
	id, err := s.boardID(ctx, by, in.ID)
	if err != nil {
		return list[correctionView]{}, err
	}
	corrections, err := s.cfg.Ranking.Corrections(ctx, by, id)
	if err != nil {
		return list[correctionView]{}, err
	}
	return pageOf(in.Paging, corrections, correctionOf)
}

type correctIn struct {
	ByID
	Body struct {
		Kind     string `json:"kind" enum:"add,remove,move"`
		PersonID int64  `json:"personId" minimum:"1"`
		UnitID   int64  `json:"unitId,omitempty" doc:"The unit gained: for add and move"`
		What     string `json:"what,omitempty" maxLength:"200" doc:"The correction in own words"`
		Reason   string `json:"reason" minLength:"1" maxLength:"200"`
	}
}

type correctedView struct {
	No int64 `json:"no" doc:"Number of the correction"`
}

func (s *Server) correctRoster(ctx context.Context, by org.Actor, in *correctIn) (correctedView, error) {
	id, err := s.boardID(ctx, by, in.ID)
	if err != nil {
		return correctedView{}, err
	}
	b := in.Body
	no, err := s.cfg.Ranking.Correct(ctx, by, id, ranking.Correction{Kind: b.Kind, PersonID: b.PersonID, UnitID: b.UnitID, What: b.What, Reason: b.Reason})
	return correctedView{no}, err
}

func (s *Server) freezeBoard(ctx context.Context, by org.Actor, in *ByID) (done, error) {
	id, err := s.boardID(ctx, by, in.ID)
	if err != nil {
		return done{}, err
	}
	return done{}, s.cfg.Ranking.Freeze(ctx, by, id)
}

func (s *Server) unfreezeBoard(ctx context.Context, by org.Actor, in *ByID) (done, error) {
	id, err := s.boardID(ctx, by, in.ID)
	if err != nil {
		return done{}, err
	}
	return done{}, s.cfg.Ranking.Unfreeze(ctx, by, id)
}
