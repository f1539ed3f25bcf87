package quiz

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/org"
	"jingzhong/store"
)

// poolQuestion is a published question that a contest may draw.
type poolQuestion struct {
	ID         int64
	VersionID  int64
	TopicID    int64
	Kind       string
	Difficulty int
	Options    int
	Practice   bool // practice may have shown it
}

// pool returns the questions a contest of this unit may draw: published, for contests, owned by the unit
// itself, one above it or one below it.
func pool(tx *gorm.DB, unitPath string) ([]poolQuestion, error) {
	var rows []struct {
		ID, VersionID, TopicID int64
		Kind, Use, Path        string
		Difficulty, Options    int
	}
	err := tx.Raw(`SELECT q.id, v.id AS version_id, v.topic_id, v.kind, v.difficulty, q.use, u.path,
		(SELECT COUNT(*) FROM question_options o WHERE o.version_id = v.id) AS options
		FROM questions q JOIN question_versions v ON v.id = q.current_version_id JOIN units u ON u.id = q.unit_id
		WHERE q.state = 'published' AND q.use IN ('contest','both') ORDER BY q.id`).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("quiz: pool: %w", err)
	}
	up, down := org.Scope{Paths: []string{unitPath}}, make([]poolQuestion, 0, len(rows))
	for _, r := range rows {
		if !up.Covers(r.Path) && !(org.Scope{Paths: []string{r.Path}}).Covers(unitPath) {
			continue
		}
		down = append(down, poolQuestion{ID: r.ID, VersionID: r.VersionID, TopicID: r.TopicID, Kind: r.Kind, Difficulty: r.Difficulty,
			Options: r.Options, Practice: r.Use == UseBoth})
	}
	return down, nil
}

// accepts reports whether a blueprint row wants the question. A row that names no kind takes every kind that
// is one slot and marked at once; essays and groups are asked for by name.
func (r Row) accepts(q poolQuestion) bool {
	lo, hi := r.difficulty()
	if len(r.Kinds) == 0 && (q.Kind == KindEssay || q.Kind == KindGroup) {
		return false
	}
	return contains(r.TopicIDs, q.TopicID) && contains(r.Kinds, q.Kind) && q.Difficulty >= lo && q.Difficulty <= hi
}

// contains reports whether v is in list; an empty list means any.
func contains[T comparable](list []T, v T) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return len(list) == 0
}

// candidatesOf narrows the pool to the questions some row wants and says which rows want each.
func candidatesOf(rows []Row, questions []poolQuestion) (wanted []poolQuestion, items []poolItem, candidates [][]int, wantedBy [][]int) {
	candidates = make([][]int, len(rows))
	for _, q := range questions {
		var by []int
		for r, row := range rows {
			if row.accepts(q) {
				by = append(by, r)
			}
		}
		if len(by) == 0 {
			continue
		}
		for _, r := range by {
			candidates[r] = append(candidates[r], len(wanted))
		}
		wanted = append(wanted, q)
		wantedBy = append(wantedBy, by)
		items = append(items, poolItem{difficulty: q.Difficulty, first: len(items), leaves: []poolLeaf{{options: q.Options}}})
	}
	return wanted, items, candidates, wantedBy
}

// CheckBlueprint proves whether the rows can be drawn and shows what 200 trial papers look like. rows nil
// means the saved ones.
func (s *Contests) CheckBlueprint(ctx context.Context, by org.Actor, contestID int64, rows []Row) (Fit, error) {
	c, err := s.organised(ctx, by, contestID, org.ManageContest)
	if err != nil {
		return Fit{}, err
	}
	tx := s.db.Read(ctx)
	if rows == nil {
		if rows, err = blueprint(tx, contestID); err != nil {
			return Fit{}, err
		}
	} else if err := (ContestInput{Title: "-", Limit: minLimit, Kept: KeptBest, Scoring: ScoringM0, Takeover: TakeoverFree,
		ScoreShow: ShowSubmit, ReviewShow: ShowClose, Rows: rows}).check(); err != nil {
		return Fit{}, err
	}
	u, err := findUnit(tx, c.UnitID)
	if err != nil {
		return Fit{}, err
	}
	questions, err := pool(tx, u.Path)
	if err != nil {
		return Fit{}, err
	}
	wide, err := rowsWithSubTopics(tx, rows)
	if err != nil {
		return Fit{}, err
	}
	wanted, items, candidates, _ := candidatesOf(wide, questions)
	f := fit(rows, candidates, len(wanted))
	practised := 0
	for r := range rows {
		for _, q := range candidates[r] {
			if wanted[q].Practice {
				f.Rows[r].Practised++
			}
		}
	}
	for _, q := range wanted {
		if q.Practice {
			practised++
		}
	}
	f.PracticeShare = 100 * practised / max(1, len(wanted))
	f.Target = poolTarget(rows, candidates, items)
	if f.Short == 0 && len(rows) > 0 {
		f.Trials = trials(rows, candidates, items, f.Target)
	}
	return f, nil
}

// Publish freezes the draft into an edition and schedules it: at once in mode quick (recorded as 本人复核)
// and for whoever may approve another's work, else as a proposal for a second person.
func (s *Contests) Publish(ctx context.Context, by org.Actor, id int64) (Contest, error) {
	c, err := s.organised(ctx, by, id, org.ManageContest)
	if err != nil {
		return Contest{}, err
	}
	if c.State != string(ContestDraft) {
		return Contest{}, ErrContestState.With("state", c.State)
	}
	err = s.db.Tx(ctx, func(tx *gorm.DB) error {
		now := s.db.Now()
		if c, err = findContestRow(tx, id); err != nil {
			return err
		}
		if err := c.complete(now); err != nil {
			return err
		}
		if by.Mode == org.ModeQuick || by.IsSystem() {
			return s.schedule(ctx, tx, by, c, ContestDraft, true)
		}
		if err := s.proveFit(tx, c); err != nil {
			return err
		}
		if _, err := store.Writing(tx).Exec(`UPDATE contests SET proposed_by = ? WHERE id = ?`, by.PersonID, id); err != nil {
			return fmt.Errorf("quiz: propose: %w", err)
		}
		return s.move(ctx, tx, by, c, ContestDraft, ContestProposed, "", now)
	})
	s.altered(id)
	if err != nil {
		return Contest{}, err
	}
	return s.FindContest(ctx, by, id)
}

// Approve schedules a proposed contest. Neither its author nor its proposer may (security.md).
func (s *Contests) Approve(ctx context.Context, by org.Actor, id int64) (Contest, error) {
	c, err := s.organised(ctx, by, id, org.Review)
	if err != nil {
		return Contest{}, err
	}
	if by.PersonID == c.AuthorID || by.PersonID == c.ProposedBy {
		return Contest{}, ErrContestSelf
	}
	err = s.db.Tx(ctx, func(tx *gorm.DB) error {
		if c, err = findContestRow(tx, id); err != nil {
			return err
		}
		if err := c.complete(s.db.Now()); err != nil {
			return err
		}
		return s.schedule(ctx, tx, by, c, ContestProposed, false)
	})
	s.altered(id)
	if err != nil {
		return Contest{}, err
	}
	return s.FindContest(ctx, by, id)
}

// complete refuses a contest that lacks something contestants need.
func (c contestRow) complete(now int64) error {
	switch {
	case c.OpensAt == 0:
		return ErrContestTimes.At("opensAt")
	case c.ClosesAt <= max(now, c.OpensAt):
		return ErrContestTimes.At("closesAt")
	case c.Questions == 0:
		return ErrContestEmpty.At("rows")
	case (c.ScoreShow == string(ShowAt) || c.ReviewShow == string(ShowAt)) && c.ResultsAt < c.ClosesAt:
		return ErrContestTimes.At("resultsAt")
	}
	return nil
}

// schedule freezes the pool into the next edition, makes the board and the provisional roster, and puts the
// contest-only questions under embargo, all in the caller's transaction.
func (s *Contests) schedule(ctx context.Context, tx *gorm.DB, by org.Actor, c contestRow, from ContestState, self bool) error {
	now := s.db.Now()
	if err := s.move(ctx, tx, by, c, from, ContestScheduled, "", now); err != nil {
		return err
	}
	c.Edition++
	target, err := s.freezePool(tx, c)
	if err != nil {
		return err
	}
	if c.BoardID == 0 {
		if c.BoardID, err = s.ranking.CreateBoard(ctx, tx, s.board(c)); err != nil {
			return err
		}
	} else if err := s.ranking.UpdateBoard(ctx, tx, c.BoardID, s.board(c)); err != nil {
		return err
	}
	_, err = store.Writing(tx).Exec(`UPDATE contests SET edition = ?, target = ?, board_id = ?, approved_by = ?, self_checked = ? WHERE id = ?`,
		c.Edition, target, c.BoardID, by.PersonID, self, c.ID)
	if err != nil {
		return fmt.Errorf("quiz: schedule: %w", err)
	}
	if self {
		if err := audit.Append(ctx, tx, entry(by, now, "contest.self_check", "contest", c.ID, c.UnitID, nil, nil, "本人复核")); err != nil {
			return err
		}
	}
	return s.syncRoster(ctx, tx, c)
}

// proveFit refuses a blueprint that cannot be met and names the row.
func (s *Contests) proveFit(tx *gorm.DB, c contestRow) error {
	_, _, _, err := s.fitted(tx, c)
	return err
}

func (s *Contests) fitted(tx *gorm.DB, c contestRow) (wanted []poolQuestion, wantedBy [][]int, target int, err error) {
	rows, err := blueprint(tx, c.ID)
	if err != nil {
		return nil, nil, 0, err
	}
	u, err := findUnit(tx, c.UnitID)
	if err != nil {
		return nil, nil, 0, err
	}
	questions, err := pool(tx, u.Path)
	if err != nil {
		return nil, nil, 0, err
	}
	if rows, err = rowsWithSubTopics(tx, rows); err != nil {
		return nil, nil, 0, err
	}
	wanted, items, candidates, wantedBy := candidatesOf(rows, questions)
	if f := fit(rows, candidates, len(wanted)); f.Short > 0 {
		r := f.Rows[f.Binding]
		return nil, nil, 0, ErrContestShort.At(fmt.Sprintf("rows[%d]", f.Binding)).With("row", f.Binding+1, "available", r.Available,
			"needed", r.Needed, "drawn", r.Drawn, "short", f.Short)
	}
	return wanted, wantedBy, poolTarget(rows, candidates, items), nil
}

func (s *Contests) freezePool(tx *gorm.DB, c contestRow) (target int, err error) {
	wanted, wantedBy, target, err := s.fitted(tx, c)
	if err != nil {
		return 0, err
	}
	items, ids := make([]itemRow, len(wanted)), make([]int64, len(wanted))
	for i, q := range wanted {
		ids[i] = q.ID
		items[i] = itemRow{ContestID: c.ID, Edition: c.Edition, No: i, QuestionID: q.ID, VersionID: q.VersionID, Rows: marshal(wantedBy[i])}
	}
	if err := tx.CreateInBatches(items, 200).Error; err != nil {
		return 0, fmt.Errorf("quiz: freeze pool: %w", err)
	}
	return target, embargo(tx, c.ID, ids, 0)
}
