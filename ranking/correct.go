package ranking

import (
	"context"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/org"
	"jingzhong/store"
)

// The kinds of numbered corrections.
const (
	CorrectionAdd      = "add"      // a person joins the roster
	CorrectionRemove   = "remove"   // a person leaves it
	CorrectionMove     = "move"     // a person counts for another unit
	CorrectionExempt   = "exempt"   // see Exempt
	CorrectionUnexempt = "unexempt" // see Exempt
	CorrectionResult   = "result"   // see CorrectResult
)

// Correction is one numbered 更正 of a fixed board.
type Correction struct {
	No         int64
	Kind       string
	PersonID   int64
	PersonName string // in Corrections, as is UnitName
	UnitID     int64  // the unit gained (add, move) or concerned
	UnitPath   string
	UnitName   string
	Expected   int64  // by how many the expected people of the unit changed; in Corrections
	What       string // in the words of who corrects
	Reason     string // required
	ByID       int64
	ByName     string
	At         int64 // ms UTC
}

const (
	nextCorrection   = `SELECT COALESCE(MAX(no), 0) + 1 FROM ranking_corrections WHERE board_id = ?`
	insertCorrection = `INSERT INTO ranking_corrections (board_id, no, kind, person_id, unit_id, unit_path, expected, what,
		reason, by_id, by_name, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	listCorrections = `SELECT c.no, c.kind, c.person_id, COALESCE(p.name, '') AS person_name, c.unit_id, c.unit_path,
		COALESCE(u.name, '') AS unit_name, c.expected, c.what, c.reason, c.by_id, c.by_name, c.at
		FROM ranking_corrections c LEFT JOIN people p ON p.id = c.person_id LEFT JOIN units u ON u.id = c.unit_id
		WHERE c.board_id = ? ORDER BY c.no`
	findPerson = `SELECT p.id FROM people p WHERE p.id = ? AND p.anonymised_at = 0 AND (p.import_id = 0
		OR EXISTS (SELECT 1 FROM people_imports i WHERE i.id = p.import_id AND i.flipped_at > 0))`
	findUnit   = `SELECT path, name, sort FROM units WHERE id = ? AND import_id = 0`
	insertStat = `INSERT INTO ranking_unit_stats (board_id, unit_id, unit_path, unit_name, sort, members, exempt,
		participants, passed, excellent, sum_best) VALUES (?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0)
		ON CONFLICT (board_id, unit_id) DO NOTHING`
	shiftStat = `UPDATE ranking_unit_stats SET members = members + ?, exempt = exempt + ? WHERE board_id = ? AND unit_id = ?`
)

// Correct changes a fixed roster by one person (add, remove, move) and returns the correction's number.
func (s *Service) Correct(ctx context.Context, by org.Actor, boardID int64, c Correction) (int64, error) {
	if c.Reason == "" {
		return 0, ErrReasonRequired.At("reason")
	}
	var no int64
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		b, err := lock(ctx, tx, boardID)
		if err != nil {
			return err
		}
		if err := bureau(by, b); err != nil {
			return err
		}
		if b.State == StateProvisional {
			return ErrRosterOpen
		}
		no, err = s.apply(ctx, tx, by, b, c)
		return err
	})
	return no, err
}

func (s *Service) apply(ctx context.Context, tx *gorm.DB, by org.Actor, b Board, c Correction) (int64, error) {
	w := store.Writing(tx.WithContext(ctx))
	var expected int64
	var before any
	if c.Kind == CorrectionRemove || c.Kind == CorrectionMove {
		was, err := rosterPerson(tx.WithContext(ctx), b.ID, c.PersonID)
		if err != nil {
			return 0, err
		}
		if err := leave(w, b.ID, was); err != nil {
			return 0, err
		}
		before = map[string]any{"unit": was.UnitID}
		expected--
		if c.Kind == CorrectionRemove {
			c.UnitID, c.UnitPath = was.UnitID, was.UnitPath
		} else if _, err := s.number(ctx, tx, by, b, Correction{Kind: c.Kind, PersonID: c.PersonID, UnitID: was.UnitID,
			UnitPath: was.UnitPath, What: c.What, Reason: c.Reason}, -1); err != nil { // the losing unit's own line
			return 0, err
		}
	}
	switch c.Kind {
	case CorrectionRemove:
	case CorrectionAdd, CorrectionMove:
		path, err := enter(w, b.ID, c.PersonID, c.UnitID)
		if err != nil {
			return 0, err
		}
		c.UnitPath, expected = path, 1
	default:
		return 0, ErrRule.At("kind")
	}
	no, err := s.number(ctx, tx, by, b, c, expected)
	if err != nil {
		return 0, err
	}
	after := map[string]any{"person": c.PersonID, "unit": c.UnitID, "kind": c.Kind, "no": no}
	return no, s.log(ctx, tx, by, b, audit.Entry{Action: "board.correct", UnitID: c.UnitID, Before: before, After: after, Reason: c.Reason})
}

// leave takes a person off the roster and the person's share off the unit. The result stays: it ranks the
// person, and no unit.
func leave(w store.Writer, boardID int64, was RosterPerson) error {
	if _, err := w.Exec(deleteRoster, boardID, was.PersonID); err != nil {
		return err
	}
	if _, err := w.Exec(shiftStat, -1, -one(was.Exempt), boardID, was.UnitID); err != nil {
		return err
	}
	if was.Exempt {
		return nil
	}
	had, err := resultOf(w, boardID, was.PersonID)
	if err != nil {
		return err
	}
	return add(w, boardID, was.UnitID, share{}.minus(had.share()))
}

// enter puts a person on the roster of a unit, with the result the person may have already.
func enter(w store.Writer, boardID, personID, unitID int64) (path string, err error) {
	var listedUnit int64
	var listedPath, name string
	var exempt bool
	var sort int64
	if listed, err := w.QueryRow(rosterPlace, []any{boardID, personID}, &listedUnit, &listedPath, &exempt); err != nil || listed {
		return "", or(err, error(ErrOnRoster.At("personId")))
	}
	var known int64
	if found, err := w.QueryRow(findPerson, []any{personID}, &known); err != nil || !found {
		return "", or(err, error(ErrNoPerson.At("personId")))
	}
	if found, err := w.QueryRow(findUnit, []any{unitID}, &path, &name, &sort); err != nil || !found {
		return "", or(err, error(ErrUnitNotFound.At("unitId")))
	}
	if _, err := w.Exec(insertStat, boardID, unitID, path, name, sort); err != nil {
		return "", err
	}
	if _, err := w.Exec(upsertRoster, boardID, personID, unitID, path, "", false); err != nil {
		return "", err
	}
	if _, err := w.Exec(placeResult, unitID, path, boardID, personID); err != nil {
		return "", err
	}
	if _, err := w.Exec(shiftStat, 1, 0, boardID, unitID); err != nil {
		return "", err
	}
	had, err := resultOf(w, boardID, personID)
	if err != nil {
		return "", err
	}
	return path, add(w, boardID, unitID, had.share())
}

func resultOf(w store.Writer, boardID, personID int64) (Result, error) {
	var r Result
	_, err := w.QueryRow(oldResult, []any{boardID, personID}, &r.Score, &r.Passed, &r.Excellent, &r.Counts)
	return r, err
}

// number writes the correction under the board's next number. expected is by how much the expected people
// of c.UnitID changed. The caller holds the board's lock.
func (s *Service) number(ctx context.Context, tx *gorm.DB, by org.Actor, b Board, c Correction, expected int64) (int64, error) {
	w := store.Writing(tx.WithContext(ctx))
	var no int64
	if _, err := w.QueryRow(nextCorrection, []any{b.ID}, &no); err != nil {
		return 0, err
	}
	_, err := w.Exec(insertCorrection, b.ID, no, c.Kind, c.PersonID, c.UnitID, c.UnitPath, expected, c.What, c.Reason,
		by.PersonID, by.Name, s.ms())
	return no, err
}

// Corrections lists the board's corrections in their order, those of the actor's scope.
func (s *Service) Corrections(ctx context.Context, by org.Actor, boardID int64) ([]Correction, error) {
	b, v, err := s.see(ctx, by, boardID)
	if err != nil {
		return nil, err
	}
	var all []Correction
	if err := s.db.Read(ctx).Raw(listCorrections, b.ID).Scan(&all).Error; err != nil {
		return nil, err
	}
	seen := []Correction{}
	for _, c := range all {
		if v.covers(c.UnitPath) {
			seen = append(seen, c)
		}
	}
	return seen, nil
}
