package main

import (
	"context"
	"testing"
	"time"

	"gorm.io/gorm"

	"jingzhong/store"
)

// tamper changes the first audit record as somebody with the file would: by removing the trigger first.
func tamper(t *testing.T, path string) {
	t.Helper()
	db, err := store.Open(context.Background(), store.Config{Path: path, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Tx(context.Background(), func(tx *gorm.DB) error {
		var triggers []string
		if err := tx.Raw(`SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_records'`).Scan(&triggers).Error; err != nil {
			return err
		}
		for _, name := range triggers {
			if err := tx.Exec(`DROP TRIGGER ` + name).Error; err != nil {
				return err
			}
		}
		return tx.Exec(`UPDATE audit_records SET actor_name = 'somebody else' WHERE id = 1`).Error
	})
	if err != nil {
		t.Fatal(err)
	}
}
