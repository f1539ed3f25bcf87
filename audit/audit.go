// Package audit keeps the tamper-evident log. A record is written in the transaction of the change it
// describes and carries the hash of the record before it; the database refuses to change or delete one.
// What is recorded, and what never is (passwords, tokens, keys, open answers), stands in security.md.
package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"jingzhong/store"
)

// Entry is what a change says about itself. Before and After are shown as JSON; they must hold no secret.
type Entry struct {
	At         int64 // ms UTC
	ActorID    int64 // 0 = nobody signed in, -1 = the program itself
	ActorName  string
	Action     string // noun.verb, e.g. "contest.publish"
	ObjectKind string
	ObjectID   int64
	UnitID     int64 // the unit whose managers the change concerns; 0 = none
	Before     any
	After      any
	Reason     string
	IP         string
}

// Record is one link of the chain, as stored.
type Record struct {
	ID         int64
	At         int64
	ActorID    int64
	ActorName  string
	Action     string
	ObjectKind string
	ObjectID   int64
	UnitID     int64
	Before     string
	After      string
	Reason     string
	IP         string
	PrevHash   string
	Hash       string
}

// TableName is the log's table.
func (Record) TableName() string { return "audit_records" }

// Append writes the entry at the chain's end, in the caller's transaction.
func Append(ctx context.Context, tx *gorm.DB, e Entry) error {
	return AppendTo(store.Writing(tx.WithContext(ctx)), tx.Dialector.Name() == store.Postgres, e)
}

const (
	readHead     = `SELECT seq, hash FROM audit_head WHERE id = 1`
	readHeadLock = readHead + ` FOR UPDATE`
	moveHead     = `UPDATE audit_head SET seq = ?, hash = ? WHERE id = 1`
	insertRecord = `INSERT INTO audit_records (id, at, actor_id, actor_name, action, object_kind, object_id, unit_id,
		before, after, reason, ip, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
)

// AppendTo is Append for an operation of the committer. On PostgreSQL several writers meet here, so the
// head is locked; SQLite has one writer.
func AppendTo(w store.Writer, locked bool, e Entry) error {
	r := Record{At: e.At, ActorID: e.ActorID, ActorName: e.ActorName, Action: e.Action, ObjectKind: e.ObjectKind,
		ObjectID: e.ObjectID, UnitID: e.UnitID, Reason: e.Reason, IP: e.IP}
	var err error
	if r.Before, err = text(e.Before); err != nil {
		return err
	}
	if r.After, err = text(e.After); err != nil {
		return err
	}
	if err := r.follow(w, locked); err != nil {
		return err
	}
	if _, err := w.Exec(insertRecord, r.ID, r.At, r.ActorID, r.ActorName, r.Action, r.ObjectKind, r.ObjectID, r.UnitID,
		r.Before, r.After, r.Reason, r.IP, r.PrevHash, r.Hash); err != nil {
		return fmt.Errorf("audit: append: %w", err)
	}
	if b, ok := w.(*store.Batch); ok {
		b.Keep(keptHead, head{r.ID, r.Hash}, func(b *store.Batch, last any) error { return last.(head).move(b) })
		return nil
	}
	return head{r.ID, r.Hash}.move(w)
}

// head is the end of the chain. The operations of a committer's group hand it on to each other, and it is
// written once, before COMMIT.
type head struct {
	seq  int64
	hash string
}

const keptHead = "audit.head"

func (h head) move(w store.Writer) error {
	if n, err := w.Exec(moveHead, h.seq, h.hash); err != nil || n != 1 {
		return fmt.Errorf("audit: move head: %d rows: %w", n, err)
	}
	return nil
}

// follow makes the record the next one of the chain.
func (r *Record) follow(w store.Writer, locked bool) error {
	end := head{}
	last, ok := any(nil), false
	if b, grouped := w.(*store.Batch); grouped {
		last, ok = b.Kept(keptHead)
	}
	if ok {
		end = last.(head)
	} else {
		query := readHead
		if locked {
			query = readHeadLock
		}
		found, err := w.QueryRow(query, nil, &end.seq, &end.hash)
		if err != nil || !found {
			return fmt.Errorf("audit: the chain has no head: %w", err)
		}
	}
	r.ID, r.PrevHash = end.seq+1, end.hash
	r.Hash = r.sum()
	return nil
}

func text(v any) (string, error) {
	if v == nil {
		return "", nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("audit: %w", err)
	}
	return string(b), nil
}

// sum is H(canonical(record) || prev_hash): a JSON array of every field in the order of the table, so that
// no two different records have the same bytes.
func (r Record) sum() string {
	b, err := json.Marshal([]any{r.ID, r.At, r.ActorID, r.ActorName, r.Action, r.ObjectKind, r.ObjectID, r.UnitID,
		r.Before, r.After, r.Reason, r.IP, r.PrevHash})
	if err != nil {
		panic(err) // numbers and strings always encode
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}
