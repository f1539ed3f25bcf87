package ranking

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/org"
	"jingzhong/store"
)

// The states of a board: the roster may still change; it is fixed; the public sees a pinned version; final.
const (
	StateProvisional  = "provisional"
	StateFrozenRoster = "frozen_roster"
	StateFrozen       = "frozen"
	StateFinal        = "final"
)

// KindContest is the kind of a board whose ref is a contest.
const KindContest = "contest"

// Which result of a person is kept; the grader applies it.
const (
	KeptBest  = "best"
	KeptLast  = "last"
	KeptFirst = "first"
	KeptSum   = "sum" // FullMark is then the full mark times the attempts allowed (5.5)
)

// NewBoard is what a board is made from. Zero values take the defaults: kind contest, formula U1, U2's
// weights .4/.4/.2, U3's m max(5, ⌈30 %⌉), U5's 10, kept best, time unit 1 s, bands 10 and 50.
type NewBoard struct {
	Kind          string
	Ref           int64
	Title         string
	Rule          Rule // FullMark is required
	ExcellentMark int64
	Kept          string
	TimeUnitMS    int64
	ScopeUnitID   int64 // the ranked units are its direct children
	ListEmpty     bool  // list units of which nobody is expected
}

// Board is a board as stored. Times are ms UTC, 0 = not yet.
type Board struct {
	ID int64
	NewBoard
	ScopePath      string
	State          string
	RosterFrozenAt int64
	FrozenAt       int64
	FinalAt        int64
	Version        int64 // rises with every change
}

// PublicFrozen reports whether the public reads the pinned version (5.7).
func (b Board) PublicFrozen() bool { return b.State == StateFrozen }

type boardRow struct {
	ID                                         int64
	Kind                                       string
	Ref                                        int64
	Title, Formula                             string
	WeightPart, WeightMean, WeightPass         int64
	TeamLeast, TeamShare, Shrink               int64
	FullMark, PassMark, ExcellentMark          int64
	Kept                                       string
	TimeUnitMS                                 int64 `gorm:"column:time_unit_ms"`
	BandLimits                                 string
	LeastShare, LeastPeople                    int64
	ListEmpty                                  bool
	ScopeUnitID                                int64
	ScopePath, State                           string
	RosterFrozenAt, FrozenAt, FinalAt, Version int64
}

func (r boardRow) board() Board {
	return Board{ID: r.ID, ScopePath: r.ScopePath, State: r.State, RosterFrozenAt: r.RosterFrozenAt,
		FrozenAt: r.FrozenAt, FinalAt: r.FinalAt, Version: r.Version,
		NewBoard: NewBoard{Kind: r.Kind, Ref: r.Ref, Title: r.Title, ExcellentMark: r.ExcellentMark, Kept: r.Kept,
			TimeUnitMS: r.TimeUnitMS, ScopeUnitID: r.ScopeUnitID, ListEmpty: r.ListEmpty,
			Rule: Rule{Formula: r.Formula, WeightPart: r.WeightPart, WeightMean: r.WeightMean, WeightPass: r.WeightPass,
				TeamLeast: r.TeamLeast, TeamShare: r.TeamShare, Shrink: r.Shrink, FullMark: r.FullMark,
				PassMark: r.PassMark, BandLimits: splitLimits(r.BandLimits), LeastShare: r.LeastShare,
				LeastPeople: r.LeastPeople}}}
}

func splitLimits(text string) []int64 {
	var limits []int64
	for part := range strings.SplitSeq(text, ",") {
		if n, err := strconv.ParseInt(part, 10, 64); err == nil {
			limits = append(limits, n)
		}
	}
	return limits
}

func joinLimits(limits []int64) string {
	parts := make([]string, len(limits))
	for i, n := range limits {
		parts[i] = strconv.FormatInt(n, 10)
	}
	return strings.Join(parts, ",")
}

// complete fills the defaults and refuses what makes no sense.
func (n NewBoard) complete() (NewBoard, error) {
	r := &n.Rule
	n.Kind = or(n.Kind, KindContest)
	n.Kept = or(n.Kept, KeptBest)
	n.TimeUnitMS = or(n.TimeUnitMS, 1000)
	r.Formula = or(r.Formula, FormulaAll)
	if r.WeightPart == 0 && r.WeightMean == 0 && r.WeightPass == 0 {
		r.WeightPart, r.WeightMean, r.WeightPass = 400, 400, 200
	}
	if r.TeamLeast == 0 && r.TeamShare == 0 {
		r.TeamLeast, r.TeamShare = 5, 300
	}
	r.Shrink = or(r.Shrink, 10)
	if len(r.BandLimits) == 0 {
		r.BandLimits = DefaultBandLimits
	}
	switch {
	case r.WeightPart+r.WeightMean+r.WeightPass != 1000 || min(r.WeightPart, r.WeightMean, r.WeightPass) < 0:
		return n, ErrWeights.At("weights")
	case !slices.Contains([]string{FormulaAll, FormulaWeighted, FormulaTeam, FormulaTotal, FormulaShrunk}, r.Formula):
		return n, ErrRule.At("formula")
	case !slices.Contains([]string{KeptBest, KeptLast, KeptFirst, KeptSum}, n.Kept):
		return n, ErrRule.At("kept")
	case r.FullMark <= 0 || r.PassMark < 0 || r.PassMark > r.FullMark || n.ExcellentMark > r.FullMark:
		return n, ErrRule.At("fullMark")
	case r.TeamShare < 0 || r.TeamShare > 1000 || r.TeamLeast < 0 || r.Shrink < 0 || n.TimeUnitMS < 0:
		return n, ErrRule.At("formula")
	case r.LeastShare < 0 || r.LeastShare > 1000 || r.LeastPeople < 0:
		return n, ErrRule.At("leastShare")
	}
	for i, limit := range r.BandLimits {
		if limit < 1 || (i > 0 && limit <= r.BandLimits[i-1]) {
			return n, ErrRule.At("bandLimits")
		}
	}
	return n, nil
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

const (
	unitPath    = `SELECT path FROM units WHERE id = ? AND import_id = 0`
	insertBoard = `INSERT INTO ranking_boards (kind, ref, title, formula, weight_part, weight_mean, weight_pass,
		team_least, team_share, shrink, full_mark, pass_mark, excellent_mark, kept, time_unit_ms, band_limits,
		least_share, least_people, list_empty, scope_unit_id, scope_path, state, roster_frozen_at, frozen_at, final_at,
		version, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'provisional', 0, 0, 0, 1, ?) RETURNING id`
	updateBoard = `UPDATE ranking_boards SET title = ?, formula = ?, weight_part = ?, weight_mean = ?, weight_pass = ?,
		team_least = ?, team_share = ?, shrink = ?, full_mark = ?, pass_mark = ?, excellent_mark = ?, kept = ?,
		time_unit_ms = ?, band_limits = ?, least_share = ?, least_people = ?, list_empty = ?, scope_unit_id = ?,
		scope_path = ?, version = version + 1 WHERE id = ? AND state = 'provisional'`
	selectBoard  = `SELECT * FROM ranking_boards WHERE id = ?`
	boardByRef   = `SELECT * FROM ranking_boards WHERE kind = ? AND ref = ?`
	touchBoard   = `UPDATE ranking_boards SET version = version + 1 WHERE id = ?`
	freezeRoster = `UPDATE ranking_boards SET state = 'frozen_roster', roster_frozen_at = ?, version = version + 1
		WHERE id = ? AND state = 'provisional'`
	freezeBoard = `UPDATE ranking_boards SET state = 'frozen', frozen_at = ?, version = version + 1
		WHERE id = ? AND state = 'frozen_roster'`
	thawBoard = `UPDATE ranking_boards SET state = 'frozen_roster', frozen_at = 0, version = version + 1
		WHERE id = ? AND state = 'frozen'`
	finaliseBoard = `UPDATE ranking_boards SET state = 'final', final_at = ?, version = version + 1
		WHERE id = ? AND state IN ('frozen_roster', 'frozen')`
)

func (n NewBoard) columns(path string) []any {
	r := n.Rule
	return []any{n.Title, r.Formula, r.WeightPart, r.WeightMean, r.WeightPass, r.TeamLeast, r.TeamShare, r.Shrink,
		r.FullMark, r.PassMark, n.ExcellentMark, n.Kept, n.TimeUnitMS, joinLimits(r.BandLimits), r.LeastShare,
		r.LeastPeople, n.ListEmpty, n.ScopeUnitID, path}
}

// CreateBoard makes the board of what n.Ref names, in the transaction that makes or publishes it.
func (s *Service) CreateBoard(ctx context.Context, tx *gorm.DB, n NewBoard) (int64, error) {
	n, err := n.complete()
	if err != nil {
		return 0, err
	}
	w := store.Writing(tx.WithContext(ctx))
	var path string
	if found, err := w.QueryRow(unitPath, []any{n.ScopeUnitID}, &path); err != nil || !found {
		return 0, or(err, error(ErrUnitNotFound.At("scopeUnitId")))
	}
	args := append([]any{n.Kind, n.Ref}, n.columns(path)...)
	var id int64
	_, err = w.QueryRow(insertBoard, append(args, s.ms()), &id)
	if store.IsDuplicate(err) {
		return 0, ErrExists
	}
	return id, err
}

// UpdateBoard changes the rules of a board whose roster is still provisional; kind and ref stay.
func (s *Service) UpdateBoard(ctx context.Context, tx *gorm.DB, boardID int64, n NewBoard) error {
	n, err := n.complete()
	if err != nil {
		return err
	}
	w := store.Writing(tx.WithContext(ctx))
	var path string
	if found, err := w.QueryRow(unitPath, []any{n.ScopeUnitID}, &path); err != nil || !found {
		return or(err, error(ErrUnitNotFound.At("scopeUnitId")))
	}
	if err := s.move(ctx, tx, boardID, ErrRosterFrozen, updateBoard, append(n.columns(path), boardID)...); err != nil {
		return err
	}
	b, err := findBoard(tx.WithContext(ctx), boardID)
	if err != nil {
		return err
	}
	return rebuildStats(ctx, tx, b) // another scope has other units
}

// FindBoard returns a board; it says nothing about who may see what is on it.
func (s *Service) FindBoard(ctx context.Context, boardID int64) (Board, error) {
	return findBoard(s.db.Read(ctx), boardID)
}

// BoardOf returns the board of what ref names, e.g. (KindContest, contest id).
func (s *Service) BoardOf(ctx context.Context, kind string, ref int64) (Board, error) {
	return scanBoard(s.db.Read(ctx).Raw(boardByRef, kind, ref))
}

func findBoard(db *gorm.DB, boardID int64) (Board, error) {
	return scanBoard(db.Raw(selectBoard, boardID))
}

func scanBoard(query *gorm.DB) (Board, error) {
	var rows []boardRow
	if err := query.Scan(&rows).Error; err != nil {
		return Board{}, err
	}
	if len(rows) == 0 {
		return Board{}, ErrBoardNotFound
	}
	return rows[0].board(), nil
}

// move runs a guarded change of a board's row; no row changed means the board is missing or in another state.
func (s *Service) move(ctx context.Context, tx *gorm.DB, boardID int64, refused error, query string, args ...any) error {
	n, err := store.Writing(tx.WithContext(ctx)).Exec(query, args...)
	if err != nil || n == 1 {
		return err
	}
	b, err := findBoard(tx.WithContext(ctx), boardID)
	if err != nil {
		return err
	}
	if b.State == StateFinal {
		return ErrFinal
	}
	return refused
}

// lock takes the board's row for the rest of the transaction, so that whoever changes its sums is alone
// (several writers exist on PostgreSQL), raises its version and returns it.
func lock(ctx context.Context, tx *gorm.DB, boardID int64) (Board, error) {
	n, err := store.Writing(tx.WithContext(ctx)).Exec(touchBoard, boardID)
	if err != nil {
		return Board{}, err
	}
	if n == 0 {
		return Board{}, ErrBoardNotFound
	}
	return findBoard(tx.WithContext(ctx), boardID)
}

// FreezeRoster fixes the roster at opening, once; after that numbered corrections only (5.5).
func (s *Service) FreezeRoster(ctx context.Context, tx *gorm.DB, boardID, at int64) error {
	if err := s.move(ctx, tx, boardID, ErrRosterFrozen, freezeRoster, at, boardID); err != nil {
		return err
	}
	b, err := findBoard(tx.WithContext(ctx), boardID)
	if err != nil {
		return err
	}
	stats, err := loadStats(tx.WithContext(ctx), boardID)
	if err != nil {
		return err
	}
	var total Tally
	for _, t := range stats {
		total = total.plus(t)
	}
	// The clock opens what is ranked, so the program itself is the actor.
	return s.log(ctx, tx, org.System, b, audit.Entry{Action: "board.freeze_roster",
		After: map[string]any{"members": total.Members, "exempt": total.Exempt}})
}

// Freeze pins what the public sees at this moment (5.7); staff go on seeing the board live.
func (s *Service) Freeze(ctx context.Context, by org.Actor, boardID int64) error {
	return s.db.Tx(ctx, func(tx *gorm.DB) error { return s.FreezeIn(ctx, tx, by, boardID) })
}

// FreezeIn is Freeze in the caller's transaction.
func (s *Service) FreezeIn(ctx context.Context, tx *gorm.DB, by org.Actor, boardID int64) error {
	b, err := lock(ctx, tx, boardID)
	if err != nil {
		return err
	}
	if err := bureau(by, b); err != nil {
		return err
	}
	refused := ErrFrozen
	if b.State == StateProvisional {
		refused = ErrRosterOpen
	}
	if err := s.move(ctx, tx, boardID, refused, freezeBoard, s.ms(), boardID); err != nil {
		return err
	}
	if err := s.pin(ctx, tx, b); err != nil {
		return err
	}
	return s.log(ctx, tx, by, b, audit.Entry{Action: "board.freeze", After: map[string]any{"version": b.Version}})
}

// Unfreeze lets the public see the live board again.
func (s *Service) Unfreeze(ctx context.Context, by org.Actor, boardID int64) error {
	return s.db.Tx(ctx, func(tx *gorm.DB) error {
		b, err := lock(ctx, tx, boardID)
		if err == nil {
			err = bureau(by, b)
		}
		if err == nil {
			err = s.move(ctx, tx, boardID, ErrNotFrozen, thawBoard, boardID)
		}
		if err == nil {
			err = unpin(ctx, tx, boardID)
		}
		if err != nil {
			return err
		}
		return s.log(ctx, tx, by, b, audit.Entry{Action: "board.unfreeze"})
	})
}

// Finalise makes the board final, in the transaction that makes what it ranks final. The caller has made
// sure that no attempt, appeal or re-grade is open (5.7). The public then sees the final board.
func (s *Service) Finalise(ctx context.Context, tx *gorm.DB, by org.Actor, boardID int64) error {
	b, err := lock(ctx, tx, boardID)
	if err != nil {
		return err
	}
	if err := bureau(by, b); err != nil {
		return err
	}
	if err := s.move(ctx, tx, boardID, ErrRosterOpen, finaliseBoard, s.ms(), boardID); err != nil {
		return err
	}
	if err := unpin(ctx, tx, boardID); err != nil {
		return err
	}
	return s.log(ctx, tx, by, b, audit.Entry{Action: "board.finalise", After: map[string]any{"version": b.Version}})
}
