package quiz

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"gorm.io/gorm"

	"jingzhong/fault"
	"jingzhong/org"
	"jingzhong/store"
)

// Monitor is the trainer's view of a running contest. The five counts add up to Expected plus Guests.
type Monitor struct {
	ContestID    int64
	Title        string
	State        ContestState
	Version      int64
	ServerTime   int64
	OpensAt      int64
	ClosesAt     int64
	Expected     int // on the roster, not exempt
	Guests       int // eligible, taking part, not on the roster
	NotStarted   int
	InProgress   int // running and connected
	Disconnected int // running, not heard of for 40 s
	Suspended    int
	Submitted    int // handed in by hand or by the clock
	Units        []MonitorUnit
	Store        store.Health
}

// MonitorUnit is one unit's line.
type MonitorUnit struct {
	UnitID     int64
	Name       string
	Expected   int
	Started    int // has or had an attempt
	InProgress int
	Submitted  int
}

// MonitorFilter narrows the names; State is not_started, in_progress, disconnected, suspended, submitted,
// voided (the voided attempts themselves) or empty for all.
type MonitorFilter struct {
	State  string
	UnitID int64
	Query  string
	Limit  int
	Cursor string
}

// MonitorPerson is one contestant's line. AttemptID is 0 before the start.
type MonitorPerson struct {
	PersonID    int64
	Name        string
	UnitID      int64
	UnitName    string
	Position    string
	AttemptID   int64
	AttemptNo   int
	State       string // as in MonitorFilter, or voided
	Reason      string
	Answered    int
	Questions   int
	StartedAt   int64
	DeadlineAt  int64
	SubmittedAt int64
	SubmitKind  string
	LastSeen    int64
	Score       *int64 // after grading, for the organiser
	LateAnswers int    // kept as evidence
	TimeFactor  int    // percent, 0 = none
}

// MonitorPage is one page of names.
type MonitorPage struct {
	Items []MonitorPerson
	Next  string
}

// ErrMonitorState refuses an unknown state in the filter.
var ErrMonitorState = fault.New(fault.Invalid, "monitor.state_unknown")

// monitorCache holds one contest's last monitor and a version that moves with every change.
type monitorCache struct {
	version atomic.Int64
	mu      sync.Mutex
	built   Monitor
	at      int64
}

// monitorEvery is how often the counts are read again, ms: all who watch share one reading.
const monitorEvery = 1000

func (s *Contests) monitorCache(contestID int64) *monitorCache {
	cache, _ := s.monitors.LoadOrStore(contestID, &monitorCache{})
	return cache.(*monitorCache)
}

// changed says that something of the contest's attempts moved; it is called after commit.
func (s *Contests) changed(contestID int64) { s.monitorCache(contestID).version.Add(1) }

// MonitorVersion moves with every change this node made to the contest; streams compare it before they
// send.
func (s *Contests) MonitorVersion(contestID int64) int64 {
	return s.monitorCache(contestID).version.Load()
}

// Monitor returns the counts, at most a second old.
func (s *Contests) Monitor(ctx context.Context, by org.Actor, contestID int64) (Monitor, error) {
	c, err := s.organised(ctx, by, contestID, org.Invigilate)
	if err != nil {
		return Monitor{}, err
	}
	cache := s.monitorCache(contestID)
	cache.mu.Lock()
	defer cache.mu.Unlock()
	now := s.db.Now()
	if cache.at == 0 || now-cache.at >= monitorEvery || now < cache.at {
		built, err := s.buildMonitor(ctx, c, now)
		if err != nil {
			return Monitor{}, err
		}
		cache.built, cache.at = built, now
	}
	m := cache.built
	m.ServerTime, m.Version = now, cache.version.Load()
	return m, nil
}

// monitorPeople reads the newest attempt of everybody, joined with the roster.
const monitorPeople = `WITH newest AS (
	SELECT a.* FROM attempts a WHERE a.contest_id = ? AND a.state <> 'voided'
		AND NOT EXISTS (SELECT 1 FROM attempts b WHERE b.contest_id = a.contest_id AND b.person_id = a.person_id AND b.no > a.no AND b.state <> 'voided')
), members AS (
	SELECT person_id, unit_id, exempt FROM ranking_roster WHERE board_id = ?
	UNION ALL
	SELECT n.person_id, n.unit_id, NULL FROM newest n WHERE NOT EXISTS (SELECT 1 FROM ranking_roster r WHERE r.board_id = ? AND r.person_id = n.person_id)
)`

// voidedPeople has the same shape for the voided attempts, each with its own line.
const voidedPeople = `WITH newest AS (
	SELECT a.* FROM attempts a WHERE a.contest_id = ? AND a.state = 'voided' AND CAST(? AS BIGINT) = CAST(? AS BIGINT)
), members AS (
	SELECT DISTINCT n.person_id, n.unit_id, FALSE AS exempt FROM newest n
)`

func (s *Contests) buildMonitor(ctx context.Context, c contestRow, now int64) (Monitor, error) {
	tx := s.db.Read(ctx)
	m := Monitor{ContestID: c.ID, Title: c.Title, State: c.state(now), OpensAt: c.OpensAt, ClosesAt: c.ClosesAt, Store: s.db.Committer.Health()}
	var lines []struct {
		UnitID    int64
		UnitName  string
		AttemptID int64
		State     string
		Guest     bool
		Exempt    bool
	}
	err := tx.Raw(monitorPeople+` SELECT m.unit_id, u.name AS unit_name, COALESCE(n.id, 0) AS attempt_id, COALESCE(n.state, '') AS state,
		m.exempt IS NULL AS guest, COALESCE(m.exempt, ?) AS exempt
		FROM members m JOIN units u ON u.id = m.unit_id LEFT JOIN newest n ON n.person_id = m.person_id ORDER BY u.sort, u.id`,
		c.ID, c.BoardID, c.BoardID, false).Scan(&lines).Error
	if err != nil {
		return m, fmt.Errorf("quiz: monitor: %w", err)
	}
	running := map[int64]bool{}
	index := map[int64]int{}
	for _, l := range lines {
		if l.Exempt && l.State == "" {
			continue
		}
		i, ok := index[l.UnitID]
		if !ok {
			i = len(m.Units)
			index[l.UnitID] = i
			m.Units = append(m.Units, MonitorUnit{UnitID: l.UnitID, Name: l.UnitName})
		}
		u := &m.Units[i]
		if l.Guest || l.Exempt {
			m.Guests++
		} else {
			m.Expected++
			u.Expected++
		}
		m.count(l.State, u)
		if l.State == string(AttemptInProgress) {
			running[l.AttemptID] = true
		}
	}
	connected := s.presence.connected(c.ID, now, running)
	m.Disconnected = len(running) - connected
	m.InProgress = connected
	return m, nil
}

func (m *Monitor) count(state string, u *MonitorUnit) {
	switch AttemptState(state) {
	case "":
		m.NotStarted++
		return
	case AttemptInProgress:
		u.InProgress++
	case AttemptSuspended:
		m.Suspended++
		u.InProgress++
	default:
		m.Submitted++
		u.Submitted++
	}
	u.Started++
}

// MonitorPeople lists contestants by name.
func (s *Contests) MonitorPeople(ctx context.Context, by org.Actor, contestID int64, f MonitorFilter) (MonitorPage, error) {
	c, err := s.organised(ctx, by, contestID, org.Invigilate)
	if err != nil {
		return MonitorPage{}, err
	}
	now := s.db.Now()
	q, err := s.monitorQuery(s.db.Read(ctx), c, f)
	if err != nil {
		return MonitorPage{}, err
	}
	var people []MonitorPerson
	if err := q.Scan(&people).Error; err != nil {
		return MonitorPage{}, fmt.Errorf("quiz: monitor names: %w", err)
	}
	page := MonitorPage{}
	for _, p := range people {
		p.Questions = c.Questions
		p.LastSeen = s.presence.at(c.ID, p.AttemptID)
		if p.State == string(AttemptInProgress) && now-p.LastSeen > connectedFor {
			p.State = "disconnected"
		}
		if f.State == "" || f.State == p.State {
			page.Items = append(page.Items, p)
		}
	}
	return pageOf(page, f)
}

// pageOf cuts the page out of the full list. A contest's list is a few thousand rows at most, and whether
// somebody is connected is known only in memory, so the database cannot page it.
func pageOf(all MonitorPage, f MonitorFilter) (MonitorPage, error) {
	start := 0
	if f.Cursor != "" {
		var err error
		if start, err = strconv.Atoi(f.Cursor); err != nil || start < 1 {
			return MonitorPage{}, ErrCursor.At("cursor")
		}
	}
	start = min(start, len(all.Items))
	end := min(start+f.Limit, len(all.Items))
	page := MonitorPage{Items: all.Items[start:end]}
	if end < len(all.Items) {
		page.Next = strconv.Itoa(end)
	}
	return page, nil
}

var monitorStates = map[string]bool{"": true, "not_started": true, "in_progress": true, "disconnected": true, "suspended": true, "submitted": true, "voided": true}

func (s *Contests) monitorQuery(tx *gorm.DB, c contestRow, f MonitorFilter) (*gorm.DB, error) {
	if !monitorStates[f.State] {
		return nil, ErrMonitorState.At("state")
	}
	people := monitorPeople
	if f.State == string(AttemptVoided) {
		people = voidedPeople
	}
	like := "%" + likeEscaper.Replace(strings.TrimSpace(f.Query)) + "%"
	return tx.Raw(people+` SELECT p.id AS person_id, p.name, m.unit_id, u.name AS unit_name, p.position,
		COALESCE(n.id, 0) AS attempt_id, COALESCE(n.no, 0) AS attempt_no,
		CASE WHEN n.state IS NULL THEN 'not_started' WHEN n.state IN ('submitted','expired','graded','final') THEN 'submitted' ELSE n.state END AS state,
		COALESCE(n.state_reason, '') AS reason,
		CASE WHEN n.graded_at > 0 THEN n.answered ELSE (SELECT COUNT(*) FROM answers x WHERE x.attempt_id = n.id AND (x.choice <> '' OR x.text <> '')) END AS answered,
		COALESCE(n.started_at, 0) AS started_at, COALESCE(n.deadline_at, 0) AS deadline_at, COALESCE(n.submitted_at, 0) AS submitted_at,
		COALESCE(n.submit_kind, '') AS submit_kind, CASE WHEN n.graded_at > 0 THEN n.score END AS score,
		(SELECT COUNT(*) FROM late_evidence e WHERE e.attempt_id = n.id) AS late_answers,
		COALESCE((SELECT t.percent FROM contest_time_factors t WHERE t.contest_id = ? AND t.person_id = p.id), 0) AS time_factor
		FROM members m JOIN people p ON p.id = m.person_id JOIN units u ON u.id = m.unit_id LEFT JOIN newest n ON n.person_id = m.person_id
		WHERE (? = 0 OR m.unit_id = ?) AND (? = '' OR p.name LIKE ? ESCAPE '\' OR p.staff_no LIKE ? ESCAPE '\')
			AND NOT (COALESCE(m.exempt, ?) AND n.id IS NULL)
		ORDER BY u.sort, u.id, p.id`, c.ID, c.BoardID, c.BoardID, c.ID, f.UnitID, f.UnitID, f.Query, like, like, false), nil
}

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
