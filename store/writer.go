package store

import (
	"database/sql"
	"errors"

	"gorm.io/gorm"
)

// Writer is what an operation of the Committer and an ordinary transaction have in common: plain
// statements with ? placeholders. The audit log and the hot paths are written against it.
type Writer interface {
	Exec(query string, args ...any) (rows int64, err error)
	QueryRow(query string, args []any, dest ...any) (found bool, err error)
}

// Writing returns the Writer of an ordinary transaction.
func Writing(tx *gorm.DB) Writer { return txWriter{tx} }

type txWriter struct{ tx *gorm.DB }

// Exec runs a statement and returns how many rows it changed.
func (w txWriter) Exec(query string, args ...any) (int64, error) {
	res, err := w.tx.Statement.ConnPool.ExecContext(w.tx.Statement.Context, w.bind(query), args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// QueryRow scans the first row of a query into dest; found is false if there is none.
func (w txWriter) QueryRow(query string, args []any, dest ...any) (bool, error) {
	err := w.tx.Statement.ConnPool.QueryRowContext(w.tx.Statement.Context, w.bind(query), args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func (w txWriter) bind(query string) string {
	if w.tx.Dialector.Name() == "postgres" {
		return Numbered(query)
	}
	return query
}
