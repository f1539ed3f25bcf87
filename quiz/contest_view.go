package quiz

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"jingzhong/fault"
	"jingzhong/org"
)

// ErrCursor refuses a cursor this list did not give out.
var ErrCursor = fault.New(fault.Invalid, "list.cursor")

// FindContest returns a contest its reader organises, or a published one its reader belongs to.
func (s *Contests) FindContest(ctx context.Context, by org.Actor, id int64) (Contest, error) {
	if err := org.Require(by, org.SignedIn); err != nil {
		return Contest{}, err
	}
	tx := s.db.Read(ctx)
	c, err := findContestRow(tx, id)
	if err != nil {
		return Contest{}, err
	}
	u, err := findUnit(tx, c.UnitID)
	if err != nil {
		return Contest{}, err
	}
	if !s.visible(by, c, u) {
		return Contest{}, ErrContestNotFound
	}
	rows, err := blueprint(tx, id)
	if err != nil {
		return Contest{}, err
	}
	return s.view(tx, by, c, u, rows)
}

// visible: organisers see their contests from the draft on; everybody below the contest's unit, and
// managers above it, see published ones.
func (s *Contests) visible(by org.Actor, c contestRow, u unitRef) bool {
	if organises(by, u.Path) {
		return true
	}
	if !c.published() {
		return false
	}
	if by.Scope(org.SeeUnitResults).Covers(u.Path) {
		return true
	}
	below := org.Scope{Paths: []string{u.Path}}
	if below.Covers(by.UnitPath) {
		return true
	}
	for _, g := range by.Grants {
		if below.Covers(g.UnitPath) {
			return true
		}
	}
	return false
}

func (s *Contests) view(tx *gorm.DB, by org.Actor, c contestRow, u unitRef, rows []Row) (Contest, error) {
	a, err := c.audience()
	if err != nil {
		return Contest{}, err
	}
	var author string
	if err := tx.Table("people").Select("name").Where("id = ?", c.AuthorID).Row().Scan(&author); err != nil {
		return Contest{}, fmt.Errorf("quiz: author: %w", err)
	}
	now := s.db.Now()
	v := Contest{ID: c.ID, State: c.state(now), Revision: c.Revision, Edition: c.Edition, UnitID: u.ID, UnitPath: u.Path, UnitName: u.Name,
		AuthorID: c.AuthorID, AuthorName: author, Questions: c.Questions, FullMark: c.FullMark, BoardID: c.BoardID, ProposedBy: c.ProposedBy,
		ApprovedBy: c.ApprovedBy, SelfChecked: c.SelfChecked, StateReason: c.StateReason, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
		ContestInput: ContestInput{Preset: c.Preset, Title: c.Title, Notes: c.Notes, OpensAt: c.OpensAt, ClosesAt: c.ClosesAt, Limit: c.LimitMs,
			HardClose: c.HardClose, AttemptsTotal: c.AttemptsTotal, AttemptsDay: c.AttemptsDay, Kept: Kept(c.Kept), Scoring: Scoring(c.Scoring),
			PassMark: c.PassMark, ExcellentMark: c.ExcellentMark, Takeover: Takeover(c.Takeover), ScoreShow: Show(c.ScoreShow),
			ReviewShow: Show(c.ReviewShow), ResultsAt: c.ResultsAt, Audience: a, Rows: rows}}
	v.MayEdit = by.Scope(org.ManageContest).Covers(u.Path)
	v.MayMonitor = by.Scope(org.Invigilate).Covers(u.Path)
	v.MayApprove = v.State == ContestProposed && by.Scope(org.Review).Covers(u.Path) && by.PersonID != c.AuthorID && by.PersonID != c.ProposedBy
	if !organises(by, u.Path) {
		// Who takes part learns the rules, not the blueprint or the names on the list.
		v.Rows, v.Audience, v.AuthorID, v.AuthorName, v.ProposedBy, v.ApprovedBy = nil, org.Audience{}, 0, "", 0, 0
	}
	return v, nil
}

// ListContests lists, newest first, what the reader organises and the published contests it belongs to.
func (s *Contests) ListContests(ctx context.Context, by org.Actor, f ContestFilter) (ContestPage, error) {
	if err := org.Require(by, org.SignedIn); err != nil {
		return ContestPage{}, err
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 50
	}
	tx := s.db.Read(ctx)
	q := tx.Table("contests c").Select("c.*").Order("c.id DESC")
	if f.Cursor != "" {
		last, err := strconv.ParseInt(f.Cursor, 10, 64)
		if err != nil || last < 1 {
			return ContestPage{}, ErrCursor.At("cursor")
		}
		q = q.Where("c.id < ?", last)
	}
	if text := strings.TrimSpace(f.Query); text != "" {
		q = q.Where(`c.title LIKE ? ESCAPE '\'`, "%"+likeEscaper.Replace(text)+"%")
	}
	var rows []contestRow
	if err := narrowState(q, f.State, s.db.Now()).Find(&rows).Error; err != nil {
		return ContestPage{}, fmt.Errorf("quiz: list contests: %w", err)
	}
	units := map[int64]unitRef{}
	page := ContestPage{Items: []Contest{}}
	for _, c := range rows {
		u, ok := units[c.UnitID]
		if !ok {
			var err error
			if u, err = findUnit(tx, c.UnitID); err != nil {
				return ContestPage{}, err
			}
			units[c.UnitID] = u
		}
		if !s.visible(by, c, u) {
			continue
		}
		if len(page.Items) == limit {
			page.Next = strconv.FormatInt(page.Items[limit-1].ID, 10)
			break
		}
		v, err := s.view(tx, by, c, u, nil)
		if err != nil {
			return ContestPage{}, err
		}
		page.Items = append(page.Items, v)
	}
	return page, nil
}

// narrowState filters by the state at now, in which scheduled, open and closed follow the clock.
func narrowState(q *gorm.DB, state ContestState, now int64) *gorm.DB {
	switch state {
	case "":
		return q
	case ContestScheduled:
		return q.Where("c.state = 'scheduled' AND c.opens_at > ?", now)
	case ContestOpen:
		return q.Where("c.state IN ('scheduled','open') AND c.opens_at <= ? AND c.closes_at > ?", now, now)
	case ContestClosed:
		return q.Where("(c.state = 'closed' OR (c.state IN ('scheduled','open') AND c.closes_at <= ?))", now)
	}
	return q.Where("c.state = ?", string(state))
}
