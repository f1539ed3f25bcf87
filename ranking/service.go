// Package ranking turns results into places: people by score, units by participation and score over a
// frozen roster (rules-contest.md 5.5-5.7, rules-training.md section 3). It knows boards, not contests: a
// board's ref is the id of what it ranks, and whoever grades calls Record in its own transaction. Sums per
// unit are kept there; a snapshot, rebuilt at most once a second, is what readers get. Scores are integers
// in 1/100 point, times ms, and ranks compare exact fractions.
package ranking

import (
	"context"
	"sync"
	"time"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/fault"
	"jingzhong/org"
	"jingzhong/store"
)

var (
	// ErrBoardNotFound says that there is no such board, or none the actor may know of.
	ErrBoardNotFound = fault.New(fault.NotFound, "board.not_found")
	// ErrUnitNotFound says that the unit is not on the board, or outside the actor's scope.
	ErrUnitNotFound = fault.New(fault.NotFound, "board.unit_not_found")
	// ErrPersonNotFound says that the person is not on the board's roster.
	ErrPersonNotFound = fault.New(fault.NotFound, "board.person_not_found")
	// ErrNoPerson says that nobody has the number somebody is to be added by.
	ErrNoPerson = fault.New(fault.NotFound, "board.no_person")
	// ErrRosterFrozen says that the roster is fixed; only numbered corrections change it.
	ErrRosterFrozen = fault.New(fault.Conflict, "board.roster_frozen")
	// ErrRosterOpen says that the roster is not fixed yet, so there is nothing to correct or freeze.
	ErrRosterOpen = fault.New(fault.Conflict, "board.roster_open")
	// ErrFrozen says that the public board is frozen already.
	ErrFrozen = fault.New(fault.Conflict, "board.frozen")
	// ErrNotFrozen says that the public board is not frozen.
	ErrNotFrozen = fault.New(fault.Conflict, "board.not_frozen")
	// ErrFinal says that the board is final: numbered corrections only.
	ErrFinal = fault.New(fault.Conflict, "board.final")
	// ErrExists says that what is ranked has a board already.
	ErrExists = fault.New(fault.Conflict, "board.exists")
	// ErrOnRoster says that the person to add is on the roster already.
	ErrOnRoster = fault.New(fault.Conflict, "board.on_roster")
	// ErrReasonRequired says that this change or export needs a reason.
	ErrReasonRequired = fault.New(fault.Unprocessable, "board.reason_required")
	// ErrWeights says that the weights do not sum to 1000 thousandths.
	ErrWeights = fault.New(fault.Unprocessable, "board.weights")
	// ErrRule says that a setting of the board is outside its range.
	ErrRule = fault.New(fault.Unprocessable, "board.rule")
)

// Progress is how far a person who has no counted result has come.
const (
	NotSignedIn  = "not_signed_in"
	NotStarted   = "not_started"
	InProgress   = "in_progress"
	LeavePending = "leave_pending"
)

// Wiring is what only the package that owns the ranked thing knows; main sets it once, before serving.
type Wiring struct {
	// Progress returns the state (NotSignedIn ...) of each person of the ranked thing ref. People left out
	// count as NotStarted.
	Progress func(ctx context.Context, ref int64, people []int64) (map[int64]string, error)
	// Zone is the installation's zone, for civil days; nil is UTC.
	Zone *time.Location
	// Runs reports whether the actor runs the ranked thing ref (its trainer, reviewer, invigilator) and so
	// sees the whole board, names included.
	Runs func(ctx context.Context, by org.Actor, ref int64) (bool, error)
}

// Service keeps the boards. It is safe for concurrent use.
type Service struct {
	db     *store.DB
	now    func() time.Time
	wiring Wiring

	mu      sync.Mutex
	entries map[int64]*entry
}

// New returns a Service on the database with the program's clock.
func New(db *store.DB, now func() time.Time) *Service {
	return &Service{db: db, now: now, entries: map[int64]*entry{}}
}

// Wire sets the function values; call it before the first request.
func (s *Service) Wire(w Wiring) { s.wiring = w }

// viewer is what an actor may see of a board.
type viewer struct {
	whole bool      // everything, live: the bureau, or who runs the ranked thing
	scope org.Scope // own subtrees otherwise
	own   string    // path of the actor's own unit
}

// covers reports whether the viewer may see names in the unit at path.
func (v viewer) covers(path string) bool { return v.whole || v.scope.Covers(path) }

// view decides what the actor may see. SeeUnitResults is a manager's for the unit's people, and a trainer's
// or reviewer's only for what they run themselves (security.md); of the two only a manager may remind, so
// the scope of a manager is that of Remind.
func (s *Service) view(ctx context.Context, by org.Actor, b Board) (viewer, error) {
	if err := org.Require(by, org.SignedIn); err != nil {
		return viewer{}, err
	}
	v := viewer{scope: by.Scope(org.Remind), own: by.UnitPath}
	v.whole = v.scope.Covers(b.ScopePath)
	if !v.whole && s.wiring.Runs != nil {
		runs, err := s.wiring.Runs(ctx, by, b.Ref)
		if err != nil {
			return viewer{}, err
		}
		v.whole = runs
	}
	if !v.whole && v.scope.Empty() {
		return viewer{}, org.ErrDenied.With("right", string(org.SeeUnitResults))
	}
	return v, nil
}

// see is FindBoard and view in one.
func (s *Service) see(ctx context.Context, by org.Actor, boardID int64) (Board, viewer, error) {
	b, err := findBoard(s.db.Read(ctx), boardID)
	if err != nil {
		return Board{}, viewer{}, err
	}
	v, err := s.view(ctx, by, b)
	return b, v, err
}

// bureau requires the right to freeze, finalise and exempt, over the board's whole scope (security.md: only
// at the root).
func bureau(by org.Actor, b Board) error {
	if err := org.Require(by, org.FinaliseBoard); err != nil {
		return err
	}
	if !by.Scope(org.FinaliseBoard).Covers(b.ScopePath) {
		return ErrBoardNotFound
	}
	return nil
}

func (s *Service) log(ctx context.Context, tx *gorm.DB, by org.Actor, b Board, e audit.Entry) error {
	e.At, e.ActorID, e.ActorName, e.IP = s.ms(), by.PersonID, by.Name, by.IP
	e.ObjectKind, e.ObjectID = "board", b.ID
	if e.UnitID == 0 {
		e.UnitID = b.ScopeUnitID
	}
	return audit.Append(ctx, tx, e)
}

func (s *Service) ms() int64 { return store.MS(s.now()) }
