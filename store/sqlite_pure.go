//go:build !cgo

package store

import (
	"database/sql/driver"
	"errors"
	"net/url"

	"modernc.org/sqlite"
)

// SQLiteEngine names the library of this build.
const SQLiteEngine = "modernc.org/sqlite"

var sqliteDriver driver.Driver = &sqlite.Driver{}

func sqliteDSN(path, synchronous string, readOnly bool) string {
	q := url.Values{
		"_txlock": {"immediate"},
		"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(" + synchronous + ")",
			"foreign_keys(1)", "cache_size(-32768)"},
	}
	if readOnly {
		q.Add("_pragma", "query_only(1)")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

const (
	constraintPrimaryKey = 1555
	constraintUnique     = 2067
	diskFull             = 13
)

func sqliteDuplicate(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code() == constraintPrimaryKey || e.Code() == constraintUnique)
}

func sqliteFull(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == diskFull
}
