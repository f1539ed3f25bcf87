package ranking

import (
	"context"
	"errors"

	"jingzhong/org"
)

// UnitStandings is the board of units as the actor may see it. The bureau, and who runs the contest, see
// every unit live. The manager of a unit sees what the public sees (pinned while frozen), the units of the
// own scope and the own unit, wherever they stand (R10); somebody who only competes sees the public's rows
// and the own unit's.
func (s *Service) UnitStandings(ctx context.Context, by org.Actor, boardID int64) (*Face, error) {
	_, v, err := s.see(ctx, by, boardID)
	if errors.Is(err, org.ErrDenied) && by.Has(org.Compete) {
		v, err = viewer{own: by.UnitPath}, nil
	}
	if err != nil {
		return nil, err
	}
	snap, err := s.Snapshot(ctx, boardID)
	if err != nil {
		return nil, err
	}
	if v.whole {
		return snap.Live, nil
	}
	face := *snap.Staff
	face.Items = []UnitRow{}
	for _, row := range snap.Staff.Items {
		row.Own = row.path == rowPath(snap.Board.ScopePath, v.own)
		if v.sees(row, face.Bands) {
			face.Items = append(face.Items, row)
		}
	}
	return &face, face.encode()
}

func (v viewer) sees(row UnitRow, all []Band) bool {
	return v.whole || row.Own || v.scope.Covers(row.path) || row.public(all)
}

// LearnerView is the unit board of somebody who competes: what R10 makes public, shared by all, and the own
// unit. It holds no person's name.
type LearnerView struct {
	Public *Face
	Own    *UnitRow // null if the person's unit is not on the board
}

// LearnerBoard returns the public board and the actor's own unit's row; while the board is frozen both are
// of the pinned version.
func (s *Service) LearnerBoard(ctx context.Context, by org.Actor, boardID int64) (LearnerView, error) {
	if err := org.Require(by, org.SignedIn); err != nil {
		return LearnerView{}, err
	}
	snap, err := s.Snapshot(ctx, boardID)
	if err != nil {
		return LearnerView{}, err
	}
	view := LearnerView{Public: snap.Public}
	own := rowPath(snap.Board.ScopePath, by.UnitPath)
	for _, row := range snap.Staff.Items {
		if by.UnitPath != "" && row.path == own {
			row.Own = true
			view.Own = &row
		}
	}
	return view, nil
}

// Explain says why a unit stands where it does and what would move it, for a unit of the actor's scope or
// the own one. A unit further up is named only if the actor sees its row.
func (s *Service) Explain(ctx context.Context, by org.Actor, boardID, unitID int64) (Explanation, error) {
	_, v, err := s.see(ctx, by, boardID)
	if err != nil {
		return Explanation{}, err
	}
	snap, err := s.Snapshot(ctx, boardID)
	if err != nil {
		return Explanation{}, err
	}
	face := snap.Staff
	if v.whole {
		face = snap.Live
	}
	visible := map[int64]bool{}
	at := -1
	for i, row := range face.Items {
		row.Own = row.path == rowPath(snap.Board.ScopePath, v.own)
		visible[row.Unit.ID] = v.sees(row, face.Bands)
		if row.Unit.ID == unitID && (v.covers(row.path) || row.Own) {
			at = i
		}
	}
	if at < 0 {
		return Explanation{}, ErrUnitNotFound
	}
	e := snap.Board.Rule.explain(face.standings, face.Bands, at)
	e.Unit = face.Items[at]
	for _, n := range []*Neighbour{e.Above, e.Third} {
		if n != nil && !visible[n.Unit.ID] {
			n.Unit, n.Components = nil, nil
		}
	}
	return e, nil
}
