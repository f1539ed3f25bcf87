package store

import (
	"errors"

	"gorm.io/gorm"

	"jingzhong/fault"
)

var (
	// ErrBusy says that more than two seconds of writes are waiting; the client retries after a pause.
	ErrBusy = fault.New(fault.Unavailable, "store.busy").After(1)
	// ErrFull says that the disk is full: nothing was changed.
	ErrFull = fault.New(fault.Full, "store.full")
	// ErrClosing says that the program is stopping.
	ErrClosing = fault.New(fault.Unavailable, "store.closing").After(2)
)

// IsDuplicate reports whether err is a violated unique index or primary key, in either dialect and engine.
func IsDuplicate(err error) bool {
	return err != nil && (sqliteDuplicate(err) || postgresCode(err) == "23505")
}

// IsMissing reports whether err says that a query found no row.
func IsMissing(err error) bool { return errors.Is(err, gorm.ErrRecordNotFound) }

// asFault turns a full disk into its fault and leaves everything else alone.
func asFault(err error) error {
	if err != nil && (sqliteFull(err) || postgresCode(err) == "53100") {
		return ErrFull
	}
	return err
}
