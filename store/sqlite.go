package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
)

// oldestSQLite is the first release without the WAL-reset corruption (3.7.0-3.51.2).
var oldestSQLite = [3]int{3, 51, 3}

func (db *DB) openSQLite(ctx context.Context, cfg Config) error {
	db.Dialect = SQLite
	synchronous := "FULL"
	if cfg.Unsafe {
		synchronous = "NORMAL"
	}
	writer := sql.OpenDB(checkedConnector{dsn: sqliteDSN(cfg.Path, synchronous, false), want: synchronous})
	writer.SetMaxOpenConns(1)
	writer.SetMaxIdleConns(1)
	reader := sql.OpenDB(checkedConnector{dsn: sqliteDSN(cfg.Path, synchronous, true), want: synchronous, readOnly: true})
	reader.SetMaxOpenConns(readers())
	reader.SetMaxIdleConns(readers())
	db.pools = []*sql.DB{reader, writer}

	var version string
	if err := writer.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version); err != nil {
		return wrap("open "+cfg.Path, err)
	}
	if err := checkSQLiteVersion(version); err != nil {
		return err
	}
	var fts5 int
	err := writer.QueryRowContext(ctx, "SELECT COUNT(*) FROM pragma_module_list WHERE name = 'fts5'").Scan(&fts5)
	if err != nil {
		return wrap("open "+cfg.Path, err)
	}
	if err := checkSearch(fts5 > 0); err != nil {
		return err
	}
	if db.write, err = gorm.Open(sqlite.New(sqlite.Config{Conn: writer}), gormConfig(cfg.Now)); err != nil {
		return wrap("gorm", err)
	}
	db.read, err = gorm.Open(sqlite.New(sqlite.Config{Conn: reader}), gormConfig(cfg.Now))
	return wrap("gorm", err)
}

func checkSQLiteVersion(version string) error {
	var got [3]int
	for i, part := range strings.SplitN(version, ".", 3) {
		n, err := strconv.Atoi(part)
		if err != nil {
			return fmt.Errorf("store: unreadable SQLite version %q", version)
		}
		got[i] = n
	}
	for i := range got {
		if got[i] != oldestSQLite[i] {
			if got[i] < oldestSQLite[i] {
				return fmt.Errorf("store: SQLite %s can corrupt a WAL database; need %d.%d.%d or newer",
					version, oldestSQLite[0], oldestSQLite[1], oldestSQLite[2])
			}
			return nil
		}
	}
	return nil
}

// checkSearch refuses a library that cannot hold the bank's search index.
func checkSearch(fts5 bool) error {
	if !fts5 {
		return errors.New("store: this program was built without full-text search (FTS5): build it with -tags sqlite_fts5, as make does")
	}
	return nil
}

// checkedConnector opens SQLite connections and refuses one whose settings would break the promise that an
// acknowledged write survives power loss. A setting in a DSN is only a wish; this reads it back.
type checkedConnector struct {
	dsn      string
	want     string // synchronous: FULL, or NORMAL in the crash tests' twin
	readOnly bool
}

// Driver returns the SQLite driver of this build.
func (c checkedConnector) Driver() driver.Driver { return sqliteDriver }

// Connect opens one connection and asserts its pragmas.
func (c checkedConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := sqliteDriver.Open(c.dsn)
	if err != nil {
		return nil, wrap("connect", err)
	}
	// A statement with RETURNING or a sort needs a temporary table; in a file of its own it costs half a
	// millisecond to make.
	if _, err := pragma(ctx, conn, "temp_store = MEMORY"); err != nil {
		conn.Close()
		return nil, wrap("connect", err)
	}
	level := map[string]string{"NORMAL": "1", "FULL": "2"}[c.want]
	wants := [][2]string{{"journal_mode", "wal"}, {"synchronous", level}, {"foreign_keys", "1"}, {"temp_store", "2"}}
	if c.readOnly {
		wants = append(wants, [2]string{"query_only", "1"})
	}
	for _, want := range wants {
		got, err := pragma(ctx, conn, want[0])
		if err == nil && got != want[1] {
			err = fmt.Errorf("PRAGMA %s is %q, must be %q", want[0], got, want[1])
		}
		if err != nil {
			conn.Close()
			return nil, wrap("connect", err)
		}
	}
	return conn, nil
}

func pragma(ctx context.Context, conn driver.Conn, name string) (string, error) {
	queryer, ok := conn.(driver.QueryerContext)
	if !ok {
		return "", fmt.Errorf("driver cannot query")
	}
	rows, err := queryer.QueryContext(ctx, "PRAGMA "+name, nil)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	row := make([]driver.Value, len(rows.Columns()))
	if err := rows.Next(row); err != nil {
		if err == io.EOF {
			return "", nil
		}
		return "", err
	}
	if b, ok := row[0].([]byte); ok {
		return string(b), nil
	}
	return fmt.Sprint(row[0]), nil
}
