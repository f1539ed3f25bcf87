package ranking

import (
	"context"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/org"
	"jingzhong/store"
)

// Result is a person's kept result on a board. Score is 1/100 point, times are ms; UnitID is the person's
// unit of the day and only read for somebody who is not on the roster. Counts is false when nothing is kept
// any more (the attempt was voided).
type Result struct {
	BoardID, PersonID, UnitID            int64
	Score, TimeMS, Attempts, SubmittedAt int64
	Passed, Excellent, Counts            bool
}

// share is what a person's counted result adds to the sums of a unit.
type share struct {
	participants, passed, excellent, sum int64
}

func (r Result) share() share {
	if !r.Counts {
		return share{}
	}
	return share{participants: 1, passed: one(r.Passed), excellent: one(r.Excellent), sum: r.Score}
}

func (a share) minus(b share) share {
	return share{a.participants - b.participants, a.passed - b.passed, a.excellent - b.excellent, a.sum - b.sum}
}

func one(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

const (
	boardState   = `SELECT state FROM ranking_boards WHERE id = ?`
	rosterPlace  = `SELECT unit_id, unit_path, exempt FROM ranking_roster WHERE board_id = ? AND person_id = ?`
	oldResult    = `SELECT score, passed, excellent, counted FROM ranking_results WHERE board_id = ? AND person_id = ?`
	upsertResult = `INSERT INTO ranking_results (board_id, person_id, unit_id, unit_path, score, time_ms, attempts,
		submitted_at, passed, excellent, counted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (board_id, person_id) DO UPDATE SET unit_id = excluded.unit_id, unit_path = excluded.unit_path,
		score = excluded.score, time_ms = excluded.time_ms, attempts = excluded.attempts,
		submitted_at = excluded.submitted_at, passed = excluded.passed, excellent = excluded.excellent,
		counted = excluded.counted`
	addShare = `UPDATE ranking_unit_stats SET participants = participants + ?, passed = passed + ?,
		excellent = excellent + ?, sum_best = sum_best + ? WHERE board_id = ? AND unit_id = ?`
)

// Record replaces a person's kept result and keeps the sums of the unit exact, in the transaction that
// grades, re-grades or voids. Repeating it changes nothing. A final board refuses.
func (s *Service) Record(ctx context.Context, tx *gorm.DB, r Result) error {
	return s.RecordTo(store.Writing(tx.WithContext(ctx)), r)
}

// RecordTo is Record for an operation of the committer.
func (s *Service) RecordTo(w store.Writer, r Result) error {
	var state string
	if found, err := w.QueryRow(boardState, []any{r.BoardID}, &state); err != nil || !found {
		return or(err, error(ErrBoardNotFound))
	}
	// Checked before anything is written, as an operation of the committer must; a board that becomes final
	// between this and the lock has no open attempt left to grade.
	if state == StateFinal {
		return ErrFinal
	}
	_, _, err := record(w, r)
	return err
}

// record returns the unit the result stands under: the roster's, else that of the day.
func record(w store.Writer, r Result) (unitID int64, path string, err error) {
	if _, err := w.Exec(touchBoard, r.BoardID); err != nil { // the lock: see lock
		return 0, "", err
	}
	var exempt bool
	listed, err := w.QueryRow(rosterPlace, []any{r.BoardID, r.PersonID}, &unitID, &path, &exempt)
	if err != nil {
		return 0, "", err
	}
	if !listed {
		unitID = r.UnitID
		if _, err := w.QueryRow(unitPath, []any{unitID}, &path); err != nil {
			return 0, "", err
		}
	}
	old, err := resultOf(w, r.BoardID, r.PersonID)
	if err != nil {
		return 0, "", err
	}
	if _, err := w.Exec(upsertResult, r.BoardID, r.PersonID, unitID, path, r.Score, r.TimeMS, r.Attempts,
		r.SubmittedAt, r.Passed, r.Excellent, r.Counts); err != nil {
		return 0, "", err
	}
	if !listed || exempt {
		return unitID, path, nil
	}
	return unitID, path, add(w, r.BoardID, unitID, r.share().minus(old.share()))
}

func add(w store.Writer, boardID, unitID int64, d share) error {
	if d == (share{}) {
		return nil
	}
	_, err := w.Exec(addShare, d.participants, d.passed, d.excellent, d.sum, boardID, unitID)
	return err
}

// CorrectResult replaces a person's result on a final board, as a numbered correction. It returns the number.
func (s *Service) CorrectResult(ctx context.Context, tx *gorm.DB, by org.Actor, r Result, reason string) (int64, error) {
	b, err := lock(ctx, tx, r.BoardID)
	if err != nil {
		return 0, err
	}
	if err := bureau(by, b); err != nil {
		return 0, err
	}
	if reason == "" {
		return 0, ErrReasonRequired.At("reason")
	}
	if b.State == StateProvisional {
		return 0, ErrRosterOpen
	}
	w := store.Writing(tx.WithContext(ctx))
	old, err := resultOf(w, r.BoardID, r.PersonID)
	if err != nil {
		return 0, err
	}
	unitID, path, err := record(w, r)
	if err != nil {
		return 0, err
	}
	c := Correction{Kind: CorrectionResult, PersonID: r.PersonID, UnitID: unitID, UnitPath: path, Reason: reason}
	no, err := s.number(ctx, tx, by, b, c, 0)
	if err != nil {
		return 0, err
	}
	before := map[string]any{"score": old.Score, "counts": old.Counts}
	after := map[string]any{"score": r.Score, "counts": r.Counts, "no": no}
	return no, s.log(ctx, tx, by, b, audit.Entry{Action: "board.correct", UnitID: unitID, Before: before, After: after, Reason: reason})
}
