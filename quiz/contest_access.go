package quiz

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"jingzhong/org"
)

// unitRef is a unit as the engine needs it.
type unitRef struct {
	ID   int64
	Name string
	Path string
}

func findUnit(tx *gorm.DB, id int64) (unitRef, error) {
	var u unitRef
	if err := tx.Table("units").Select("id, name, path").Where("id = ?", id).Take(&u).Error; err != nil {
		return u, fmt.Errorf("quiz: unit %d: %w", id, err)
	}
	return u, nil
}

// organised returns the contest if the actor holds the right over its unit; anybody else's contest is not
// found. It is the one place where organisers' scope is decided.
func (s *Contests) organised(ctx context.Context, by org.Actor, contestID int64, right org.Right) (contestRow, error) {
	if err := org.Require(by, right); err != nil {
		return contestRow{}, err
	}
	tx := s.db.Read(ctx)
	c, err := findContestRow(tx, contestID)
	if err != nil {
		return c, err
	}
	u, err := findUnit(tx, c.UnitID)
	if err != nil {
		return c, err
	}
	if !by.Scope(right).Covers(u.Path) {
		return contestRow{}, ErrContestNotFound
	}
	return c, nil
}

// organiserRights are those that let their holder see a contest before it is published.
var organiserRights = []org.Right{org.Author, org.Review, org.ManageContest, org.Invigilate}

// organises reports whether the actor holds any organiser's right over the unit.
func organises(by org.Actor, path string) bool {
	for _, right := range organiserRights {
		if by.Scope(right).Covers(path) {
			return true
		}
	}
	return false
}

// Runs reports whether the actor runs the contest: ranking shows such people the whole board. An unknown
// contest is run by nobody.
func (s *Contests) Runs(ctx context.Context, by org.Actor, contestID int64) (bool, error) {
	c, err := findContestRow(s.db.Read(ctx), contestID)
	if err != nil {
		return false, err
	}
	u, err := findUnit(s.db.Read(ctx), c.UnitID)
	if err != nil {
		return false, err
	}
	return organises(by, u.Path), nil
}

// published reports whether contestants may know of the contest.
func (c contestRow) published() bool {
	return c.Edition > 0 && c.State != string(ContestDraft) && c.State != string(ContestProposed)
}

// admissible refuses those who cannot compete in the contest whatever its audience: whoever can see its
// keys (rules-contest 5.5), administrators, nobody.
func admissible(by org.Actor, k knownContest) error {
	if by.Scope(org.SeeKeys).Covers(k.unit.Path) {
		return ErrKnowsKeys
	}
	if !by.Has(org.Compete) || by.PersonID <= 0 {
		return ErrNotEligible
	}
	if !k.row.published() {
		return ErrContestNotFound
	}
	return nil
}

// meant reports whether the contest's audience holds somebody who is not on the frozen roster: people who
// joined later may compete and are ranked as persons.
func (s *Contests) meant(tx *gorm.DB, by org.Actor, c contestRow, u unitRef) (bool, error) {
	a, err := c.audience()
	if err != nil {
		return false, err
	}
	for _, id := range a.PersonIDs {
		if id == by.PersonID {
			return true, nil
		}
	}
	paths := []string{}
	switch {
	case a.All:
		paths = append(paths, u.Path)
	case len(a.UnitIDs) > 0:
		if err := tx.Table("units").Where("id IN ?", a.UnitIDs).Pluck("path", &paths).Error; err != nil {
			return false, fmt.Errorf("quiz: audience: %w", err)
		}
	case len(a.AudienceIDs) > 0:
		paths = append(paths, u.Path)
	}
	if !(org.Scope{Paths: paths}).Covers(by.UnitPath) {
		return false, nil
	}
	if len(a.AudienceIDs) == 0 {
		return true, nil
	}
	var n int64
	err = tx.Table("person_audiences").Where("person_id = ? AND audience_id IN ?", by.PersonID, a.AudienceIDs).Count(&n).Error
	if err != nil {
		return false, fmt.Errorf("quiz: audience: %w", err)
	}
	return n > 0, nil
}
