package audit

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"jingzhong/store"
)

// Verification is the outcome of walking the whole chain.
type Verification struct {
	Records  int64  // intact records from the beginning
	Head     string // hash of the last intact record
	FirstBad int64  // number of the first record that does not fit; 0 = none
	Why      string // "hash", "link", "gap" or "head"; empty if intact
}

// Intact reports whether nothing was found.
func (v Verification) Intact() bool { return v.FirstBad == 0 }

// verifyPiece is how many records are read at once.
const verifyPiece = 2000

// Verify walks the chain from its first record and names the first that was changed, removed or put in.
// Removing records from the end is seen only up to the chain's head, which lives in the same database.
func Verify(ctx context.Context, db *gorm.DB) (Verification, error) {
	var v Verification
	for {
		var piece []Record
		err := db.WithContext(ctx).Where("id > ?", v.Records).Order("id").Limit(verifyPiece).Find(&piece).Error
		if err != nil {
			return v, fmt.Errorf("audit: read: %w", err)
		}
		for _, r := range piece {
			if why := r.fits(v); why != "" {
				v.FirstBad, v.Why = v.Records+1, why
				return v, nil
			}
			v.Records, v.Head = r.ID, r.Hash
		}
		if len(piece) < verifyPiece {
			break
		}
	}
	var seq int64
	var hash string
	found, err := store.Writing(db.WithContext(ctx)).QueryRow(readHead, nil, &seq, &hash)
	if err != nil {
		return v, fmt.Errorf("audit: read head: %w", err)
	}
	if !found || seq != v.Records || hash != v.Head {
		v.FirstBad, v.Why = v.Records+1, "head"
	}
	return v, nil
}

func (r Record) fits(v Verification) string {
	switch {
	case r.ID != v.Records+1:
		return "gap"
	case r.PrevHash != v.Head:
		return "link"
	case r.Hash != r.sum():
		return "hash"
	}
	return ""
}

// Filter narrows a reading of the log; zero values do not narrow.
type Filter struct {
	From, To   int64 // ms UTC, From inclusive, To exclusive
	ActorID    int64
	NotActorID int64  // a security administrator does not read own acts (security.md)
	Action     string // exact, or a noun followed by "."
	ObjectKind string
	ObjectID   int64
	Before     int64 // only records with a smaller number: the cursor
	Limit      int   // 1-200
}

// List returns records newest first.
func List(ctx context.Context, db *gorm.DB, f Filter) ([]Record, error) {
	q := db.WithContext(ctx).Order("id DESC").Limit(f.Limit)
	if f.From > 0 {
		q = q.Where("at >= ?", f.From)
	}
	if f.To > 0 {
		q = q.Where("at < ?", f.To)
	}
	if f.ActorID != 0 {
		q = q.Where("actor_id = ?", f.ActorID)
	}
	if f.NotActorID != 0 {
		q = q.Where("actor_id <> ?", f.NotActorID)
	}
	if n := len(f.Action); n > 0 && f.Action[n-1] == '.' {
		q = q.Where("action >= ? AND action < ?", f.Action, f.Action[:n-1]+"/")
	} else if n > 0 {
		q = q.Where("action = ?", f.Action)
	}
	if f.ObjectKind != "" {
		q = q.Where("object_kind = ?", f.ObjectKind)
	}
	if f.ObjectID != 0 {
		q = q.Where("object_id = ?", f.ObjectID)
	}
	if f.Before > 0 {
		q = q.Where("id < ?", f.Before)
	}
	var records []Record
	if err := q.Find(&records).Error; err != nil {
		return nil, fmt.Errorf("audit: list: %w", err)
	}
	return records, nil
}
