package store

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestOldSQLiteIsRefused(t *testing.T) {
	for version, ok := range map[string]bool{"3.51.2": false, "3.45.1": false, "2.9.9": false, "3.51.3": true, "3.52.0": true, "4.0.0": true, "x": false} {
		if err := checkSQLiteVersion(version); (err == nil) != ok {
			t.Errorf("%s: %v", version, err)
		}
	}
}

// Each setting that an acknowledged write rests on is read back; a connection without it is refused.
func TestAConnectionThatIsNotDurableIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.db")
	if conn, err := (checkedConnector{dsn: sqliteDSN(path, "FULL", false), want: "FULL"}).Connect(context.Background()); err != nil {
		t.Fatal(err)
	} else {
		conn.Close()
	}
	for name, c := range map[string]checkedConnector{
		"synchronous NORMAL":      {dsn: sqliteDSN(path, "NORMAL", false), want: "FULL"},
		"no settings at all":      {dsn: "file:" + path, want: "FULL"},
		"a reader that can write": {dsn: sqliteDSN(path, "FULL", false), want: "FULL", readOnly: true},
	} {
		if conn, err := c.Connect(context.Background()); err == nil {
			conn.Close()
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestANewerSchemaIsRefused(t *testing.T) {
	cfg := Config{Path: filepath.Join(t.TempDir(), "t.db"), Now: time.Now}
	db, err := Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.write.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`).Error; err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if db, err := Open(context.Background(), cfg); err == nil {
		db.Close()
		t.Fatal("a database of a newer program was opened")
	}
}

func TestNumbered(t *testing.T) {
	if got := Numbered(`SELECT ? , '?' , ?`); got != `SELECT $1 , '?' , $2` {
		t.Fatal(got)
	}
}

func TestALibraryWithoutFullTextSearchIsRefused(t *testing.T) {
	if err := checkSearch(false); err == nil || !strings.Contains(err.Error(), "sqlite_fts5") {
		t.Errorf("got %v", err)
	}
	if err := checkSearch(true); err != nil {
		t.Error(err)
	}
}
