package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"gorm.io/gorm"

	"jingzhong/store"
	"jingzhong/store/storetest"
)

var errGuard = errors.New("guard")

func put(b *store.Batch, name string) error {
	_, err := b.Exec(`INSERT INTO settings (name, value) VALUES (?, ?)`, name, "x")
	return err
}

func names(t *testing.T, db *store.DB) map[string]bool {
	t.Helper()
	var list []string
	if err := db.Read(context.Background()).Raw(`SELECT name FROM settings WHERE name LIKE 'c-%'`).Scan(&list).Error; err != nil {
		t.Fatal(err)
	}
	set := map[string]bool{}
	for _, n := range list {
		set[n] = true
	}
	return set
}

func TestEveryCallerIsAnsweredAfterItsOwnCommit(t *testing.T) {
	db := storetest.Open(t, storetest.NewClock())
	ctx := context.Background()
	var wg sync.WaitGroup
	for i := range 400 {
		wg.Go(func() {
			name := fmt.Sprintf("c-%d", i)
			if err := db.Committer.Do(ctx, int64(i), func(b *store.Batch) error { return put(b, name) }); err != nil {
				t.Error(err)
				return
			}
			var n int
			if err := db.Read(ctx).Raw(`SELECT COUNT(*) FROM settings WHERE name = ?`, name).Scan(&n).Error; err != nil || n != 1 {
				t.Errorf("%s was acknowledged and cannot be read: %d %v", name, n, err)
			}
		})
	}
	wg.Wait()
	if h := db.Committer.Health(); h.Operations < 400 || h.Groups > 400 || h.Queued != 0 {
		t.Errorf("health %+v", h)
	}
}

// A guard that says no, a statement the database refuses and a panic each fail alone.
func TestOneBadOperationDoesNotTakeItsNeighboursDown(t *testing.T) {
	db := storetest.Open(t, storetest.NewClock())
	ctx := context.Background()
	bad := map[int]func(b *store.Batch) error{
		3: func(b *store.Batch) error { return errGuard },
		5: func(b *store.Batch) error {
			if err := put(b, "c-half"); err != nil {
				return err
			}
			return errGuard // an operation that breaks the rule and fails after it wrote
		},
		7: func(b *store.Batch) error { _, err := b.Exec(`INSERT INTO nowhere VALUES (1)`); return err },
		9: func(b *store.Batch) error { panic("broken") },
	}
	for round := range 20 {
		var wg sync.WaitGroup
		for i := range 30 {
			wg.Go(func() {
				fn, isBad := bad[i]
				if !isBad {
					fn = func(b *store.Batch) error { return put(b, fmt.Sprintf("c-%d-%d", round, i)) }
				}
				if err := db.Committer.Do(ctx, int64(i), fn); (err != nil) != isBad {
					t.Errorf("operation %d: %v", i, err)
				}
			})
		}
		wg.Wait()
	}
	got := names(t, db)
	if len(got) != 20*26 || got["c-half"] {
		t.Fatalf("%d rows, half-written %v", len(got), got["c-half"])
	}
}

func TestASkippedOperationWritesNothing(t *testing.T) {
	db := storetest.Open(t, storetest.NewClock())
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := db.Committer.Do(ctx, 1, func(b *store.Batch) error { return put(b, "c-late") })
	if !errors.Is(err, context.Canceled) || names(t, db)["c-late"] {
		t.Fatal(err)
	}
}

func TestAClosedCommitterSaysSo(t *testing.T) {
	db, err := store.Open(context.Background(), storetest.Config(t, storetest.NewClock()))
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	err = db.Committer.Do(context.Background(), 1, func(b *store.Batch) error { return nil })
	if !errors.Is(err, store.ErrClosing) {
		t.Fatal(err)
	}
}

func TestTxRollsBackAsAWhole(t *testing.T) {
	db := storetest.Open(t, storetest.NewClock())
	err := db.Tx(context.Background(), func(tx *gorm.DB) error {
		if _, err := store.Writing(tx).Exec(`INSERT INTO settings (name, value) VALUES ('c-1', 'x')`); err != nil {
			return err
		}
		return errGuard
	})
	if !errors.Is(err, errGuard) || len(names(t, db)) != 0 {
		t.Fatal(err)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	db := storetest.Open(t, storetest.NewClock())
	if db.Dialect == store.Postgres {
		return // one pool there: rights are the server's business
	}
	if err := db.Read(context.Background()).Exec(`INSERT INTO settings (name, value) VALUES ('c-r', 'x')`).Error; err == nil {
		t.Fatal("a reader wrote")
	}
}

func TestIsDuplicateInEitherDialect(t *testing.T) {
	db := storetest.Open(t, storetest.NewClock())
	insert := func(tx *gorm.DB) error {
		return tx.Exec(`INSERT INTO settings (name, value) VALUES ('c-d', 'x')`).Error
	}
	if err := db.Tx(context.Background(), insert); err != nil {
		t.Fatal(err)
	}
	if err := db.Tx(context.Background(), insert); !store.IsDuplicate(err) {
		t.Fatalf("%v is not seen as a duplicate", err)
	}
	err := db.Tx(context.Background(), func(tx *gorm.DB) error { return tx.Exec(`INSERT INTO settings (name) VALUES ('c-e')`).Error })
	if err == nil || store.IsDuplicate(err) {
		t.Fatalf("%v is seen as a duplicate", err)
	}
}
