package quiz

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"jingzhong/org"
	"jingzhong/ranking"
)

// UnitCount is how many people of a unit an audience holds.
type UnitCount struct {
	UnitID int64
	Name   string
	Count  int
}

// within bounds an audience to the contest's unit: "all" means all below it.
func within(a org.Audience, unitID int64) org.Audience {
	if a.All || (len(a.UnitIDs) == 0 && len(a.AudienceIDs) > 0) {
		a.All, a.UnitIDs = false, []int64{unitID}
	}
	return a
}

// MatchParticipants resolves a list pasted for the contest, within the organiser's own part of the tree.
func (s *Contests) MatchParticipants(ctx context.Context, by org.Actor, contestID int64, text string) (org.TextMatch, error) {
	if _, err := s.organised(ctx, by, contestID, org.ManageContest); err != nil {
		return org.TextMatch{}, err
	}
	return s.org.FindMembersByText(ctx, by, text)
}

// PreviewRoster returns whom an audience of the contest would hold today, by unit.
func (s *Contests) PreviewRoster(ctx context.Context, by org.Actor, contestID int64, a org.Audience) (int, []UnitCount, error) {
	c, err := s.organised(ctx, by, contestID, org.ManageContest)
	if err != nil {
		return 0, nil, err
	}
	members, err := s.org.Members(ctx, s.db.Read(ctx), within(a, c.UnitID))
	if err != nil {
		return 0, nil, err
	}
	scope := by.Scope(org.ManageContest)
	var ids []int64
	counts := map[int64]int{}
	total := 0
	for _, m := range members {
		if !scope.Covers(m.UnitPath) {
			continue
		}
		if counts[m.UnitID] == 0 {
			ids = append(ids, m.UnitID)
		}
		counts[m.UnitID]++
		total++
	}
	var units []unitRef
	if err := s.db.Read(ctx).Table("units").Select("id, name, path").Where("id IN ?", ids).Order("sort, id").Find(&units).Error; err != nil {
		return 0, nil, fmt.Errorf("quiz: roster preview: %w", err)
	}
	list := make([]UnitCount, len(units))
	for i, u := range units {
		list[i] = UnitCount{UnitID: u.ID, Name: u.Name, Count: counts[u.ID]}
	}
	return total, list, nil
}

// syncRoster brings the provisional roster up to date and exempts whoever can see the keys.
func (s *Contests) syncRoster(ctx context.Context, tx *gorm.DB, c contestRow) error {
	a, err := c.audience()
	if err != nil {
		return err
	}
	members, err := s.org.Members(ctx, tx, within(a, c.UnitID))
	if err != nil {
		return err
	}
	if len(members) == 0 {
		return ErrContestNobody.At("audience")
	}
	if err := s.ranking.SyncRoster(ctx, tx, c.BoardID, members); err != nil {
		return err
	}
	u, err := findUnit(tx, c.UnitID)
	if err != nil {
		return err
	}
	insiders, err := s.keyHolders(tx, u.Path)
	if err != nil {
		return err
	}
	for _, m := range members {
		if !insiders[m.PersonID] {
			continue
		}
		err := s.ranking.ExemptIn(ctx, tx, org.System, c.BoardID, ranking.Exemption{PersonID: m.PersonID, Exempt: true, Reason: "knows_keys"})
		if err != nil {
			return err
		}
	}
	return nil
}

// keyHolders are the people whose role lets them see the keys of this unit's contests.
func (s *Contests) keyHolders(tx *gorm.DB, path string) (map[int64]bool, error) {
	var rows []struct {
		PersonID int64
		Role     string
		Path     string
	}
	err := tx.Table("role_grants g").Select("g.person_id, g.role, u.path").Joins("JOIN units u ON u.id = g.unit_id").
		Where("g.revoked_at IS NULL AND g.role IN ?", []string{org.RoleTrainer, org.RoleReviewer, org.RoleOwner}).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("quiz: key holders: %w", err)
	}
	holders := map[int64]bool{}
	for _, r := range rows {
		by := org.Actor{PersonID: r.PersonID, Mode: org.ModeTwoPerson, Grants: []org.Grant{{Role: r.Role, UnitPath: r.Path}}}
		if r.Role == org.RoleOwner {
			by.Mode = org.ModeQuick
		}
		if by.Scope(org.SeeKeys).Covers(path) {
			holders[r.PersonID] = true
		}
	}
	return holders, nil
}

// freezeRoster fixes who is expected, at the opening.
func (s *Contests) freezeRoster(ctx context.Context, tx *gorm.DB, c contestRow) error {
	if err := s.syncRoster(ctx, tx, c); err != nil {
		return err
	}
	return s.ranking.FreezeRoster(ctx, tx, c.BoardID, s.db.Now())
}

// board is the ranking's side of a contest.
func (s *Contests) board(c contestRow) ranking.NewBoard {
	return ranking.NewBoard{Kind: ranking.KindContest, Ref: c.ID, Title: c.Title, Kept: c.Kept, ScopeUnitID: c.UnitID,
		Rule:          ranking.Rule{FullMark: c.FullMark, PassMark: c.PassMark * c.FullMark / 10_000},
		ExcellentMark: c.ExcellentMark * c.FullMark / 10_000}
}

// Progress tells the ranking how far people without a counted result have come.
func (s *Contests) Progress(ctx context.Context, contestID int64, people []int64) (map[int64]string, error) {
	progress := make(map[int64]string, len(people))
	for len(people) > 0 {
		piece := people[:min(500, len(people))]
		people = people[len(piece):]
		var rows []struct {
			ID   int64
			Seen int64
			Runs int64
		}
		err := s.db.Read(ctx).Raw(`SELECT p.id, COALESCE(p.last_seen_at, 0) AS seen,
			(SELECT COUNT(*) FROM attempts a WHERE a.contest_id = ? AND a.person_id = p.id AND a.state IN ('in_progress','suspended')) AS runs
			FROM people p WHERE p.id IN ?`, contestID, piece).Scan(&rows).Error
		if err != nil {
			return nil, fmt.Errorf("quiz: progress: %w", err)
		}
		for _, r := range rows {
			switch {
			case r.Runs > 0:
				progress[r.ID] = ranking.InProgress
			case r.Seen == 0:
				progress[r.ID] = ranking.NotSignedIn
			default:
				progress[r.ID] = ranking.NotStarted
			}
		}
	}
	return progress, nil
}
