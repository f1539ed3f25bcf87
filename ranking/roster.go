package ranking

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/org"
	"jingzhong/store"
)

// RosterPerson is a row of the roster.
type RosterPerson struct {
	PersonID     int64
	Name         string
	UnitID       int64
	UnitPath     string
	UnitName     string
	Position     string
	Exempt       bool
	ExemptReason string
	ApprovedBy   int64  // 0 = the program, when the roster was made
	ApprovedName string // in Exemptions
	ApprovedAt   int64  // ms UTC
}

const (
	selectRoster = `SELECT person_id, unit_id, unit_path, position, exempt FROM ranking_roster WHERE board_id = ?`
	upsertRoster = `INSERT INTO ranking_roster (board_id, person_id, unit_id, unit_path, position, exempt, exempt_reason,
		approved_by, approved_at) VALUES (?, ?, ?, ?, ?, ?, '', 0, 0)
		ON CONFLICT (board_id, person_id) DO UPDATE SET unit_id = excluded.unit_id, unit_path = excluded.unit_path,
		position = excluded.position`
	deleteRoster = `DELETE FROM ranking_roster WHERE board_id = ? AND person_id = ?`
	placeResult  = `UPDATE ranking_results SET unit_id = ?, unit_path = ? WHERE board_id = ? AND person_id = ?`
)

// SyncRoster replaces the roster of a board whose roster is provisional. Exemptions of people who stay are
// kept. It runs when the contest is published, when its participants change and just before opening.
func (s *Service) SyncRoster(ctx context.Context, tx *gorm.DB, boardID int64, members []org.Member) error {
	b, err := lock(ctx, tx, boardID)
	if err != nil {
		return err
	}
	if b.State != StateProvisional {
		return ErrRosterFrozen
	}
	var rows []RosterPerson
	if err := tx.WithContext(ctx).Raw(selectRoster, boardID).Scan(&rows).Error; err != nil {
		return err
	}
	old := make(map[int64]RosterPerson, len(rows))
	for _, row := range rows {
		old[row.PersonID] = row
	}
	w := store.Writing(tx.WithContext(ctx))
	for _, m := range members {
		was, listed := old[m.PersonID]
		delete(old, m.PersonID)
		if listed && was.UnitPath == m.UnitPath && was.UnitID == m.UnitID && was.Position == m.Position {
			continue
		}
		if _, err := w.Exec(upsertRoster, boardID, m.PersonID, m.UnitID, m.UnitPath, m.Position, false); err != nil {
			return err
		}
		if _, err := w.Exec(placeResult, m.UnitID, m.UnitPath, boardID, m.PersonID); err != nil {
			return err
		}
	}
	for id := range old {
		if _, err := w.Exec(deleteRoster, boardID, id); err != nil {
			return err
		}
	}
	return rebuildStats(ctx, tx, b)
}

// Listed reports whether a person is on the roster, and whether exempt.
func (s *Service) Listed(ctx context.Context, tx *gorm.DB, boardID, personID int64) (listed, exempt bool, err error) {
	var unitID int64
	var path string
	listed, err = store.Writing(tx.WithContext(ctx)).QueryRow(rosterPlace, []any{boardID, personID}, &unitID, &path, &exempt)
	return listed, exempt, err
}

const rosterPage = `SELECT r.person_id, p.name, r.unit_id, r.unit_path, s.unit_name, r.position, r.exempt, r.exempt_reason,
	r.approved_by, r.approved_at FROM ranking_roster r JOIN people p ON p.id = r.person_id
	JOIN ranking_unit_stats s ON s.board_id = r.board_id AND s.unit_id = r.unit_id
	WHERE r.board_id = ? AND r.unit_path LIKE ? ORDER BY s.sort, r.unit_id, r.person_id`

// Roster lists the expected people of the actor's scope, by unit.
func (s *Service) Roster(ctx context.Context, by org.Actor, boardID int64) ([]RosterPerson, error) {
	b, v, err := s.see(ctx, by, boardID)
	if err != nil {
		return nil, err
	}
	rows := []RosterPerson{}
	for _, prefix := range v.prefixes() {
		var part []RosterPerson
		if err := s.db.Read(ctx).Raw(rosterPage, b.ID, prefix+"%").Scan(&part).Error; err != nil {
			return nil, err
		}
		rows = append(rows, part...)
	}
	return rows, nil
}

const exemptPage = `SELECT r.person_id, p.name, r.unit_id, r.unit_path, s.unit_name, r.position, r.exempt, r.exempt_reason,
	r.approved_by, COALESCE(a.name, '') AS approved_name, r.approved_at FROM ranking_roster r JOIN people p ON p.id = r.person_id
	JOIN ranking_unit_stats s ON s.board_id = r.board_id AND s.unit_id = r.unit_id LEFT JOIN people a ON a.id = r.approved_by
	WHERE r.board_id = ? AND r.exempt ORDER BY s.sort, r.unit_id, r.person_id`

// Exemptions lists who of the actor's scope is exempt, why, and who approved it.
func (s *Service) Exemptions(ctx context.Context, by org.Actor, boardID int64) ([]RosterPerson, error) {
	b, v, err := s.see(ctx, by, boardID)
	if err != nil {
		return nil, err
	}
	var all []RosterPerson
	if err := s.db.Read(ctx).Raw(exemptPage, b.ID).Scan(&all).Error; err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(p RosterPerson) bool { return !v.covers(p.UnitPath) }), nil
}

// prefixes are the path prefixes the viewer covers; org keeps none inside another. The whole board is the
// empty prefix.
func (v viewer) prefixes() []string {
	if v.whole || v.scope.All {
		return []string{""}
	}
	return v.scope.Paths
}

// Exemption is an approved exemption of a person, or its withdrawal.
type Exemption struct {
	PersonID int64
	Exempt   bool
	Reason   string // required
}

const setExempt = `UPDATE ranking_roster SET exempt = ?, exempt_reason = ?, approved_by = ?, approved_at = ?
	WHERE board_id = ? AND person_id = ? AND exempt <> ?`

// Exempt takes a person out of the expected (or back in); a result the person has then counts for no unit.
// On a fixed roster it is a numbered correction. Only the bureau may (security.md).
func (s *Service) Exempt(ctx context.Context, by org.Actor, boardID int64, e Exemption) error {
	return s.db.Tx(ctx, func(tx *gorm.DB) error { return s.ExemptIn(ctx, tx, by, boardID, e) })
}

// ExemptIn is Exempt in the caller's transaction.
func (s *Service) ExemptIn(ctx context.Context, tx *gorm.DB, by org.Actor, boardID int64, e Exemption) error {
	if e.Reason == "" {
		return ErrReasonRequired.At("reason")
	}
	b, err := lock(ctx, tx, boardID)
	if err != nil {
		return err
	}
	if err := bureau(by, b); err != nil {
		return err
	}
	person, err := rosterPerson(tx.WithContext(ctx), boardID, e.PersonID)
	if err != nil {
		return err
	}
	w := store.Writing(tx.WithContext(ctx))
	n, err := w.Exec(setExempt, e.Exempt, e.Reason, by.PersonID, s.ms(), boardID, e.PersonID, e.Exempt)
	if err != nil || n == 0 { // already so
		return err
	}
	had, err := resultOf(w, boardID, e.PersonID)
	if err != nil {
		return err
	}
	kind, sign := CorrectionExempt, int64(1)
	lost := share{}.minus(had.share())
	if !e.Exempt {
		kind, sign, lost = CorrectionUnexempt, -1, had.share()
	}
	if _, err := w.Exec(shiftStat, 0, sign, boardID, person.UnitID); err != nil {
		return err
	}
	if err := add(w, boardID, person.UnitID, lost); err != nil {
		return err
	}
	if b.State != StateProvisional {
		c := Correction{Kind: kind, PersonID: e.PersonID, UnitID: person.UnitID, UnitPath: person.UnitPath, Reason: e.Reason}
		if _, err := s.number(ctx, tx, by, b, c, -sign); err != nil {
			return err
		}
	}
	return s.log(ctx, tx, by, b, audit.Entry{Action: "board." + kind, UnitID: person.UnitID, Reason: e.Reason,
		After: map[string]any{"person": e.PersonID}})
}

const selectRosterPerson = `SELECT person_id, unit_id, unit_path, position, exempt FROM ranking_roster
	WHERE board_id = ? AND person_id = ?`

func rosterPerson(tx *gorm.DB, boardID, personID int64) (RosterPerson, error) {
	var rows []RosterPerson
	if err := tx.Raw(selectRosterPerson, boardID, personID).Scan(&rows).Error; err != nil {
		return RosterPerson{}, err
	}
	if len(rows) == 0 {
		return RosterPerson{}, ErrPersonNotFound.At("personId")
	}
	return rows[0], nil
}
