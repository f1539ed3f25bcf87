package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"jingzhong/audit"
	"jingzhong/store"
)

type auditVerifyCmd struct {
	Data string `help:"Folder of the installation." default:"data" env:"JINGZHONG_DATA" placeholder:"DIR"`
	DSN  string `help:"PostgreSQL instead of SQLite." name:"dsn" env:"JINGZHONG_DSN" placeholder:"DSN"`
}

// Run walks the chain without a server and fails if a record does not fit.
func (c *auditVerifyCmd) Run(ctx context.Context) error {
	cfg := store.Config{DSN: c.DSN, Now: time.Now}
	if c.DSN == "" {
		cfg.Path = filepath.Join(c.Data, databaseFile)
		if _, err := os.Stat(cfg.Path); err != nil {
			return err // Open would make an empty one and call it intact
		}
		lock, err := lockFolder(c.Data)
		if err != nil {
			return fmt.Errorf("%w; stop it, verify a copy of the folder, or let an auditor verify in the site", err)
		}
		defer lock.Close()
	}
	db, err := store.Open(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	v, err := audit.Verify(ctx, db.Read(ctx))
	if err != nil {
		return err
	}
	if !v.Intact() {
		return errors.New(badRecord(v))
	}
	fmt.Printf("audit log intact: %d records, head %s\n", v.Records, v.Head)
	return nil
}

func badRecord(v audit.Verification) string {
	why := map[string]string{
		"hash": "its content was changed",
		"link": "it does not follow the record before it",
		"gap":  "it is missing",
		"head": "records were removed from, or added at, the end",
	}[v.Why]
	return fmt.Sprintf("audit log broken at record %d: %s (%d records before it are intact)", v.FirstBad, why, v.Records)
}
