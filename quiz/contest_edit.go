package quiz

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/org"
	"jingzhong/store"
)

// Bounds of what a trainer may set.
const (
	maxRows      = 30
	maxQuestions = 200
	minLimit     = 60_000         // ms
	maxLimit     = 8 * 3_600_000  // ms
	maxPoints    = 100_00         // 1/100 point a question
	maxAudience  = 20_000         // named people
	hundredMarks = int64(100_00)  // marks are given on a scale of 100 points
	maxWindow    = 366 * 86400000 // ms
)

// CreateContest makes a draft in the actor's unit.
func (s *Contests) CreateContest(ctx context.Context, by org.Actor, in ContestInput) (Contest, error) {
	if err := org.Require(by, org.ManageContest); err != nil {
		return Contest{}, err
	}
	in = in.trimmed()
	if err := in.check(); err != nil {
		return Contest{}, err
	}
	unitID, err := s.homeUnit(ctx, by)
	if err != nil {
		return Contest{}, err
	}
	now := s.db.Now()
	c := contestRow{State: string(ContestDraft), Revision: 1, UnitID: unitID, AuthorID: by.PersonID, Secret: make([]byte, 32), CreatedAt: now, UpdatedAt: now}
	if _, err := rand.Read(c.Secret); err != nil {
		return Contest{}, fmt.Errorf("quiz: secret: %w", err)
	}
	c.take(in)
	err = s.db.Tx(ctx, func(tx *gorm.DB) error {
		c.ID = 0
		if err := tx.Create(&c).Error; err != nil {
			return fmt.Errorf("quiz: create contest: %w", err)
		}
		if err := saveBlueprint(tx, c.ID, in.Rows); err != nil {
			return err
		}
		return audit.Append(ctx, tx, entry(by, now, "contest.create", "contest", c.ID, c.UnitID, nil, map[string]any{"title": in.Title}, ""))
	})
	if err != nil {
		return Contest{}, err
	}
	return s.FindContest(ctx, by, c.ID)
}

// homeUnit is the unit a new contest belongs to: the widest one the actor manages contests for.
func (s *Contests) homeUnit(ctx context.Context, by org.Actor) (int64, error) {
	best := org.Grant{}
	for _, g := range by.Grants {
		one := org.Actor{PersonID: by.PersonID, Mode: by.Mode, Grants: []org.Grant{g}}
		if one.Has(org.ManageContest) && (best.UnitID == 0 || len(g.UnitPath) < len(best.UnitPath)) {
			best = g
		}
	}
	if best.UnitID != 0 {
		return best.UnitID, nil
	}
	var root int64
	err := s.db.Read(ctx).Table("units").Select("id").Where("parent_id IS NULL").Row().Scan(&root)
	return root, err
}

// UpdateContest replaces what a trainer may still change: everything of a draft, only the texts once it is
// scheduled (rules-contest 5.0). revision is the one the editor read; another means ErrContestChanged.
func (s *Contests) UpdateContest(ctx context.Context, by org.Actor, id, revision int64, in ContestInput) (Contest, error) {
	if _, err := s.organised(ctx, by, id, org.ManageContest); err != nil {
		return Contest{}, err
	}
	in = in.trimmed()
	if err := in.check(); err != nil {
		return Contest{}, err
	}
	now := s.db.Now()
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		c, err := findContestRow(tx, id)
		if err != nil {
			return err
		}
		if c.Revision != revision {
			return ErrContestChanged
		}
		before := c
		switch ContestState(c.State) {
		case ContestDraft:
			c.take(in)
			if err := saveBlueprint(tx, id, in.Rows); err != nil {
				return err
			}
		case ContestScheduled, ContestProposed:
			c.Title, c.Notes = in.Title, in.Notes
		default:
			return ErrContestState.With("state", c.State)
		}
		c.Revision, c.UpdatedAt = revision+1, now
		res := tx.Model(&contestRow{}).Where("id = ? AND revision = ?", id, revision).Select("*").Omit("id", "secret", "created_at").Updates(&c)
		if res.Error != nil {
			return fmt.Errorf("quiz: update contest: %w", res.Error)
		}
		if res.RowsAffected != 1 {
			return ErrContestChanged
		}
		return audit.Append(ctx, tx, entry(by, now, "contest.update", "contest", id, c.UnitID,
			map[string]any{"title": before.Title, "revision": revision}, map[string]any{"title": c.Title, "revision": c.Revision}, ""))
	})
	s.altered(id)
	if err != nil {
		return Contest{}, err
	}
	return s.FindContest(ctx, by, id)
}

func (in ContestInput) trimmed() ContestInput {
	in.Title, in.Notes = strings.TrimSpace(in.Title), strings.TrimSpace(in.Notes)
	return in
}

// check refuses what could never be right; a draft may still be incomplete.
func (in ContestInput) check() error {
	if n := len([]rune(in.Title)); n < 1 || n > 60 {
		return ErrContestInput.At("title").With("min", 1, "max", 60)
	}
	if len([]rune(in.Notes)) > 2000 {
		return ErrContestInput.At("notes").With("max", 2000)
	}
	if in.Preset != "" && !slices.ContainsFunc(presets, func(p Preset) bool { return p.Code == in.Preset }) {
		return ErrPresetUnknown.At("preset")
	}
	if in.OpensAt < 0 || in.ClosesAt < 0 || (in.OpensAt > 0 && in.ClosesAt > 0 && (in.ClosesAt <= in.OpensAt || in.ClosesAt-in.OpensAt > maxWindow)) {
		return ErrContestTimes.At("closesAt")
	}
	if in.Limit < minLimit || in.Limit > maxLimit {
		return ErrContestInput.At("limitMs").With("min", minLimit, "max", maxLimit)
	}
	for _, n := range []struct {
		field string
		value int
	}{{"attemptsTotal", in.AttemptsTotal}, {"attemptsPerDay", in.AttemptsDay}} {
		if n.value < 0 || n.value > 1000 {
			return ErrContestInput.At(n.field).With("min", 0, "max", 1000)
		}
	}
	return in.checkRules()
}

func (in ContestInput) checkRules() error {
	switch {
	case !slices.Contains([]Kept{KeptBest, KeptLast, KeptFirst}, in.Kept):
		return ErrContestInput.At("kept")
	case !slices.Contains([]Scoring{ScoringM0, ScoringM1, ScoringM1h, ScoringM2, ScoringM3, ScoringM4}, in.Scoring):
		return ErrContestInput.At("scoring")
	case in.Takeover != TakeoverFree && in.Takeover != TakeoverForbid:
		return ErrContestInput.At("takeover")
	case !slices.Contains([]Show{ShowSubmit, ShowClose, ShowAt}, in.ScoreShow):
		return ErrContestInput.At("scoreShow")
	case !slices.Contains([]Show{ShowNever, ShowClose, ShowAt}, in.ReviewShow):
		return ErrContestInput.At("reviewShow")
	case in.PassMark < 0 || in.PassMark > hundredMarks:
		return ErrContestInput.At("passMark").With("min", 0, "max", hundredMarks)
	case in.ExcellentMark < in.PassMark || in.ExcellentMark > hundredMarks:
		return ErrContestInput.At("excellentMark").With("min", in.PassMark, "max", hundredMarks)
	case len(in.Audience.PersonIDs) > maxAudience:
		return ErrContestInput.At("audience").With("max", maxAudience)
	case len(in.Rows) > maxRows:
		return ErrContestInput.At("rows").With("max", maxRows)
	}
	total := 0
	for i, r := range in.Rows {
		field := func(name string) string { return "rows[" + strconv.Itoa(i) + "]." + name }
		total += r.Count
		switch {
		case r.Count < 1 || total > maxQuestions:
			return ErrContestInput.At(field("count")).With("min", 1, "max", maxQuestions)
		case r.Points < 1 || r.Points > maxPoints:
			return ErrContestInput.At(field("points")).With("min", 1, "max", maxPoints)
		case r.DifficultyLo < 0 || r.DifficultyHi > 100 || (r.DifficultyHi != 0 && r.DifficultyLo > r.DifficultyHi):
			return ErrContestInput.At(field("difficulty")).With("min", 0, "max", 100)
		}
		for _, k := range r.Kinds {
			if kinds[k] == nil {
				return ErrContestInput.At(field("kinds"))
			}
		}
	}
	return nil
}

// take copies the input into the row; the blueprint has its own table.
func (c *contestRow) take(in ContestInput) {
	c.Title, c.Notes, c.Preset = in.Title, in.Notes, in.Preset
	c.OpensAt, c.ClosesAt, c.LimitMs, c.HardClose = in.OpensAt, in.ClosesAt, in.Limit, in.HardClose
	c.AttemptsTotal, c.AttemptsDay, c.Kept, c.Scoring = in.AttemptsTotal, in.AttemptsDay, string(in.Kept), string(in.Scoring)
	c.PassMark, c.ExcellentMark, c.Takeover = in.PassMark, in.ExcellentMark, string(in.Takeover)
	c.ScoreShow, c.ReviewShow, c.ResultsAt = string(in.ScoreShow), string(in.ReviewShow), in.ResultsAt
	c.Audience = marshal(in.Audience)
	c.Questions, c.FullMark = 0, 0
	for _, r := range in.Rows {
		c.Questions += r.Count
		c.FullMark += int64(r.Count) * r.Points
	}
}

// SetTimeFactors replaces the time factors of a contest's people; only before the person has started.
func (s *Contests) SetTimeFactors(ctx context.Context, by org.Actor, contestID int64, factors []TimeFactor) error {
	c, err := s.organised(ctx, by, contestID, org.ManageContest)
	if err != nil {
		return err
	}
	now := s.db.Now()
	return s.db.Tx(ctx, func(tx *gorm.DB) error {
		var old []factorRow
		if err := tx.Where("contest_id = ?", contestID).Find(&old).Error; err != nil {
			return fmt.Errorf("quiz: time factors: %w", err)
		}
		changed, err := factorChanges(old, factors)
		if err != nil {
			return err
		}
		if len(changed) > 0 {
			var started int64
			err := tx.Table("attempts").Where("contest_id = ? AND person_id IN ?", contestID, changed).Limit(1).Count(&started).Error
			if err != nil {
				return fmt.Errorf("quiz: time factors: %w", err)
			}
			if started > 0 {
				return ErrFactorLate
			}
		}
		if err := tx.Where("contest_id = ?", contestID).Delete(&factorRow{}).Error; err != nil {
			return fmt.Errorf("quiz: time factors: %w", err)
		}
		w := store.Writing(tx)
		for _, f := range factors {
			if _, err := w.Exec(`INSERT INTO contest_time_factors (contest_id, person_id, percent, reason, set_by, set_at) VALUES (?, ?, ?, ?, ?, ?)`,
				contestID, f.PersonID, f.Percent, f.Reason, by.PersonID, now); err != nil {
				return fmt.Errorf("quiz: time factor: %w", err)
			}
		}
		return audit.Append(ctx, tx, entry(by, now, "contest.time_factors", "contest", contestID, c.UnitID, nil,
			map[string]any{"people": len(factors), "changed": len(changed)}, ""))
	})
}

// factorChanges checks the factors and returns the people whose time would change.
func factorChanges(old []factorRow, factors []TimeFactor) ([]int64, error) {
	was := map[int64]factorRow{}
	for _, f := range old {
		was[f.PersonID] = f
	}
	var changed []int64
	seen := map[int64]bool{}
	for i, f := range factors {
		field := func(name string) string { return "items[" + strconv.Itoa(i) + "]." + name }
		if seen[f.PersonID] || f.PersonID <= 0 {
			return nil, ErrFactorInput.At(field("personId"))
		}
		seen[f.PersonID] = true
		if f.Percent != 125 && f.Percent != 150 && f.Percent != 200 {
			return nil, ErrFactorInput.At(field("percent"))
		}
		if n := len([]rune(strings.TrimSpace(f.Reason))); n < 2 || n > 200 {
			return nil, ErrFactorInput.At(field("reason"))
		}
		if o, ok := was[f.PersonID]; !ok || o.Percent != f.Percent {
			changed = append(changed, f.PersonID)
		}
		delete(was, f.PersonID)
	}
	for id := range was {
		changed = append(changed, id)
	}
	return changed, nil
}

// TimeFactors lists the people who have more time, for the organiser.
func (s *Contests) TimeFactors(ctx context.Context, by org.Actor, contestID int64) ([]TimeFactor, error) {
	if _, err := s.organised(ctx, by, contestID, org.Invigilate); err != nil {
		return nil, err
	}
	factors := []TimeFactor{}
	err := s.db.Read(ctx).Table("contest_time_factors f").Select("f.person_id, p.name AS person_name, f.percent, f.reason").
		Joins("JOIN people p ON p.id = f.person_id").Where("f.contest_id = ?", contestID).Order("p.id").Find(&factors).Error
	if err != nil {
		return nil, fmt.Errorf("quiz: time factors: %w", err)
	}
	return factors, nil
}
