package seed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"
	"unicode/utf8"

	"jingzhong/org"
	"jingzhong/quiz"
	"jingzhong/ranking"
	"jingzhong/store"
)

// Config is what Load works with: the services, built on Clock.
type Config struct {
	DB       *store.DB
	Org      *org.Service
	Bank     *quiz.Bank
	Contests *quiz.Contests // its background loop must not run yet
	Ranking  *ranking.Service
	Clock    *Clock
	Zone     *time.Location // the installation's civil days; nil = UTC
	Password string         // of the named accounts; empty = a random one, printed once
	Out      io.Writer      // the accounts are printed here; nil = nowhere
	Log      *slog.Logger   // nil = slog.Default()
}

// Faults of loading; they end the program's start.
var (
	// ErrNotEmpty says that the database holds something else than the demo.
	ErrNotEmpty = errors.New("seed: the data directory already holds an installation that is not the demo county; choose an empty directory for --demo")
	// ErrPassword says that JINGZHONG_DEMO_PASSWORD cannot be a password.
	ErrPassword = errors.New("seed: JINGZHONG_DEMO_PASSWORD must have 8 to 128 characters")
	// ErrInterrupted says that an earlier loading did not come to its end, so the county is not whole.
	ErrInterrupted = errors.New("seed: loading the demo county was interrupted and its data are incomplete; delete the data directory and start again")
)

// The marker among the settings.
const (
	markerName    = "demo.county"
	markerLoading = "loading"
	markerLoaded  = "loaded"
)

// Load puts the demo county into an empty database and reports true. On a database that holds it already it
// changes nothing and reports false; any other database that is not empty is refused.
func Load(ctx context.Context, cfg Config) (bool, error) {
	if cfg.Zone == nil {
		cfg.Zone = time.UTC
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Out == nil {
		cfg.Out = io.Discard
	}
	if n := utf8.RuneCountInString(cfg.Password); n > 0 && (n < 8 || n > 128) {
		return false, ErrPassword // before anything is written
	}
	loaded, err := begin(ctx, cfg.DB)
	if err != nil || loaded {
		return false, err
	}
	l, err := newLoader(cfg)
	if err != nil {
		return false, err
	}
	defer cfg.Clock.Follow()
	if err := l.run(ctx); err != nil {
		return false, err
	}
	if err := mark(ctx, cfg.DB, markerLoaded); err != nil {
		return false, err
	}
	l.printAccounts()
	return true, nil
}

// begin marks an empty database, or reports that the demo is there.
func begin(ctx context.Context, db *store.DB) (loaded bool, err error) {
	var state []string
	if err := db.Read(ctx).Raw(`SELECT value FROM settings WHERE name = ?`, markerName).Scan(&state).Error; err != nil {
		return false, fmt.Errorf("seed: marker: %w", err)
	}
	if len(state) > 0 {
		if state[0] != markerLoaded {
			return false, ErrInterrupted
		}
		return true, nil
	}
	var rows int64
	err = db.Read(ctx).Raw(`SELECT (SELECT COUNT(*) FROM units) + (SELECT COUNT(*) FROM people) +
		(SELECT COUNT(*) FROM questions) + (SELECT COUNT(*) FROM contests)`).Scan(&rows).Error
	if err != nil {
		return false, fmt.Errorf("seed: %w", err)
	}
	if rows > 0 {
		return false, ErrNotEmpty
	}
	return false, mark(ctx, db, markerLoading)
}

func mark(ctx context.Context, db *store.DB, state string) error {
	return write(ctx, db, `INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
		markerName, state)
}

func write(ctx context.Context, db *store.DB, statement string, args ...any) error {
	return db.Committer.Do(ctx, 0, func(b *store.Batch) error {
		_, err := b.Exec(statement, args...)
		return err
	})
}

// loader carries what one step of the loading leaves for the next.
type loader struct {
	Config
	day    time.Time // midnight of the day of loading
	chosen bool      // the password was made here

	units     []Unit
	unitIDs   map[string]int64 // by code
	people    []*Person
	questions map[string]Question // by bare stem
	cast      []Cast
	accounts  map[string]int64 // person by account

	owner, trainer, manager, invigilator org.Actor
	slips                                []org.Slip
	final, open                          quiz.Contest
}

func newLoader(cfg Config) (*loader, error) {
	l := &loader{Config: cfg, unitIDs: map[string]int64{}, accounts: map[string]int64{}, questions: map[string]Question{}}
	now := cfg.Clock.Real().In(cfg.Zone)
	l.day = time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, cfg.Zone)
	if l.Password == "" {
		l.Password, l.chosen = randomPassword(), true
	}
	var err error
	if l.units, err = Units(); err != nil {
		return nil, err
	}
	if l.people, err = People(l.units); err != nil {
		return nil, err
	}
	l.cast, err = Accounts()
	return l, err
}

// step is one chapter of the county's history.
type step struct {
	name string
	do   func(context.Context) error
}

func (l *loader) steps() []step {
	return []step{
		{"set-up", l.setUp}, {"units", l.makeUnits}, {"people", l.importPeople}, {"roles", l.grantRoles},
		{"questions", l.importQuestions}, {"the final", l.holdFinal}, {"the open contest", l.holdOpen},
		{"contests to come", l.planContests}, {"activation codes", l.issueSlips}, {"this moment", l.arrive},
	}
}

// run is the county's history, from its set-up to this moment.
func (l *loader) run(ctx context.Context) error {
	for _, step := range l.steps() {
		begun := l.Clock.Real()
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("seed: %s: %w", step.name, err)
		}
		l.Log.Info("demo county", "step", step.name, "ms", l.Clock.Real().Sub(begun).Milliseconds())
	}
	return nil
}

// moment is a time of a day counted from the day of loading.
func (l *loader) moment(days, hour, minute int) time.Time {
	return l.day.AddDate(0, 0, days).Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
}

// at puts the clock to a moment.
func (l *loader) at(days, hour, minute int) { l.Clock.Set(l.moment(days, hour, minute)) }

// sweep is a tick of the contests' clock. The demo's server never stood still, so the heartbeat is brought
// to the present first: otherwise each leap of the clock would be paid back as an outage.
func (l *loader) sweep(ctx context.Context) error {
	err := write(ctx, l.DB, `UPDATE heartbeat SET beat_at = ? WHERE id = 1`, l.DB.Now())
	if err != nil {
		return err
	}
	return l.Contests.Sweep(ctx)
}

// arrive ends the loading at the real time.
func (l *loader) arrive(ctx context.Context) error {
	for _, by := range []org.Actor{l.owner, l.trainer, l.manager, l.invigilator} {
		if err := l.Org.SignOut(ctx, by); err != nil {
			return err
		}
	}
	l.Clock.Follow()
	return l.sweep(ctx)
}
