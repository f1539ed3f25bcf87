package ranking

import (
	"sync"
	"testing"

	"gorm.io/gorm"

	"jingzhong/store"
)

// TestConcurrentRecordsKeepTheSums grades from many goroutines, in transactions and through the committer,
// while others read; on PostgreSQL they are truly parallel.
func TestConcurrentRecordsKeepTheSums(t *testing.T) {
	c := newCounty(t)
	people := append(c.people(21, 6), c.people(3, 6)...)
	b := c.board(Rule{}, people)
	bureau := c.manager(1)
	var wg sync.WaitGroup
	for worker := range int64(6) {
		wg.Go(func() {
			for i := range int64(20) {
				r := result(b, people[(worker*7+i)%int64(len(people))], (worker*31+i*17)%101)
				var err error
				if i%2 == 0 {
					err = c.db.Tx(c.ctx, func(tx *gorm.DB) error { return c.s.Record(c.ctx, tx, r) })
				} else {
					err = c.db.Committer.Do(c.ctx, worker, func(batch *store.Batch) error { return c.s.RecordTo(batch, r) })
				}
				if err != nil {
					t.Error(err)
				}
				if _, err := c.s.UnitStandings(c.ctx, bureau, b); err != nil {
					t.Error(err)
				}
				if _, err := c.s.PersonStandings(c.ctx, bureau, b); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if drifts := must(c.s.Reconcile(c.ctx, b))(t); len(drifts) != 0 {
		t.Errorf("%+v", drifts)
	}
}
