package audit_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/store"
	"jingzhong/store/storetest"
)

func entry(n int) audit.Entry {
	return audit.Entry{At: int64(1000 + n), ActorID: 7, ActorName: "沈一舟", Action: "unit.rename", ObjectKind: "unit",
		ObjectID: int64(n), Before: map[string]string{"name": "甲"}, After: map[string]string{"name": "乙"}}
}

func filled(t *testing.T, n int) *store.DB {
	t.Helper()
	db := storetest.Open(t, storetest.NewClock())
	for i := range n {
		err := db.Tx(context.Background(), func(tx *gorm.DB) error { return audit.Append(context.Background(), tx, entry(i)) })
		if err != nil {
			t.Fatal(err)
		}
	}
	return db
}

func TestRecordsAreChainedAndVerify(t *testing.T) {
	db := filled(t, 25)
	v, err := audit.Verify(context.Background(), db.Read(context.Background()))
	if err != nil || !v.Intact() || v.Records != 25 {
		t.Fatalf("%+v %v", v, err)
	}
}

func TestARolledBackChangeLeavesNoRecord(t *testing.T) {
	db := filled(t, 2)
	fail := errors.New("no")
	err := db.Tx(context.Background(), func(tx *gorm.DB) error {
		if err := audit.Append(context.Background(), tx, entry(3)); err != nil {
			return err
		}
		return fail
	})
	if !errors.Is(err, fail) {
		t.Fatal(err)
	}
	v, err := audit.Verify(context.Background(), db.Read(context.Background()))
	if err != nil || !v.Intact() || v.Records != 2 {
		t.Fatalf("%+v %v", v, err)
	}
}

func TestTheDatabaseRefusesToChangeARecord(t *testing.T) {
	db := filled(t, 3)
	for _, statement := range []string{`UPDATE audit_records SET action = 'x' WHERE id = 2`, `DELETE FROM audit_records WHERE id = 2`} {
		err := db.Tx(context.Background(), func(tx *gorm.DB) error { return tx.Exec(statement).Error })
		if err == nil {
			t.Fatalf("accepted: %s", statement)
		}
	}
}

// Each way of tampering is done as somebody with the database file would: with the defence switched off.
func TestVerifyFindsTamperingAndNamesTheRecord(t *testing.T) {
	cases := []struct {
		name, statement string
		bad             int64
		why             string
	}{
		{"changed", `UPDATE audit_records SET after = '{"name":"丙"}' WHERE id = 4`, 4, "hash"},
		{"actor changed", `UPDATE audit_records SET actor_id = 9 WHERE id = 9`, 9, "hash"},
		{"removed in the middle", `DELETE FROM audit_records WHERE id = 5`, 5, "gap"},
		{"removed at the end", `DELETE FROM audit_records WHERE id >= 9`, 9, "head"},
		{"rehashed alone", `UPDATE audit_records SET prev_hash = hash WHERE id = 6`, 6, "link"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			db := filled(t, 10)
			disarm(t, db)
			if err := db.Tx(context.Background(), func(tx *gorm.DB) error { return tx.Exec(c.statement).Error }); err != nil {
				t.Fatal(err)
			}
			v, err := audit.Verify(context.Background(), db.Read(context.Background()))
			if err != nil || v.FirstBad != c.bad || v.Why != c.why {
				t.Fatalf("got %+v %v, want record %d (%s)", v, err, c.bad, c.why)
			}
		})
	}
}

func disarm(t *testing.T, db *store.DB) {
	t.Helper()
	statements := []string{`DROP TRIGGER audit_records_no_update`, `DROP TRIGGER audit_records_no_delete`}
	if db.Dialect == store.Postgres {
		statements = []string{`DROP TRIGGER audit_records_frozen ON audit_records`}
	}
	for _, s := range statements {
		if err := db.Tx(context.Background(), func(tx *gorm.DB) error { return tx.Exec(s).Error }); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAppendFromTheCommitterKeepsTheChain(t *testing.T) {
	db := filled(t, 1)
	done := make(chan error, 50)
	for i := range 50 {
		go func() {
			done <- db.Committer.Do(context.Background(), int64(i), func(b *store.Batch) error {
				return audit.AppendTo(b, db.Dialect == store.Postgres, entry(i))
			})
		}()
	}
	for range 50 {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	v, err := audit.Verify(context.Background(), db.Read(context.Background()))
	if err != nil || !v.Intact() || v.Records != 51 {
		t.Fatalf("%+v %v", v, err)
	}
}

func TestListFiltersAndPages(t *testing.T) {
	db := filled(t, 12)
	ctx := context.Background()
	page, err := audit.List(ctx, db.Read(ctx), audit.Filter{Action: "unit.", Limit: 5})
	if err != nil || len(page) != 5 || page[0].ID != 12 {
		t.Fatalf("%v %v", page, err)
	}
	page, err = audit.List(ctx, db.Read(ctx), audit.Filter{Before: page[4].ID, From: 1004, Limit: 50})
	if err != nil || len(page) != 3 {
		t.Fatalf("%d %v", len(page), err)
	}
	for _, f := range []audit.Filter{{Action: "people.", Limit: 5}, {NotActorID: 7, Limit: 5}, {ObjectKind: "x", Limit: 5}} {
		if page, err := audit.List(ctx, db.Read(ctx), f); err != nil || len(page) != 0 {
			t.Fatal(fmt.Sprint(page, err))
		}
	}
}
