package server

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"jingzhong/audit"
	"jingzhong/org"
)

type auditView struct {
	ID         int64           `json:"id"`
	At         stamp           `json:"at"`
	Actor      ref             `json:"actor" doc:"0 = nobody signed in, -1 = the program"`
	Action     string          `json:"action"`
	ObjectKind string          `json:"objectKind"`
	ObjectID   int64           `json:"objectId"`
	UnitID     int64           `json:"unitId"`
	Before     json.RawMessage `json:"before,omitempty"`
	After      json.RawMessage `json:"after,omitempty"`
	Reason     string          `json:"reason"`
	IP         string          `json:"ip"`
	Hash       string          `json:"hash"`
}

func auditOf(r audit.Record) auditView {
	return auditView{ID: r.ID, At: stampOf(r.At), Actor: ref{r.ActorID, r.ActorName}, Action: r.Action, ObjectKind: r.ObjectKind,
		ObjectID: r.ObjectID, UnitID: r.UnitID, Before: raw(r.Before), After: raw(r.After), Reason: r.Reason, IP: r.IP, Hash: r.Hash}
}

// raw passes stored JSON on; an altered record may hold anything, and is then shown as text.
func raw(text string) json.RawMessage {
	if text == "" {
		return nil
	}
	if !json.Valid([]byte(text)) {
		text = strconv.Quote(text)
	}
	return json.RawMessage(text)
}

type listAuditIn struct {
	Paging
	From   stamp  `query:"from"`
	To     stamp  `query:"to"`
	Actor  int64  `query:"actor" doc:"Person id; -1 = the program"`
	Action string `query:"action" maxLength:"60" doc:"Exact, or a noun followed by a dot"`
	Object string `query:"object" maxLength:"60" doc:"kind, or kind:id"`
}

func (s *Server) listAudit(ctx context.Context, by org.Actor, in *listAuditIn) (list[auditView], error) {
	f, err := in.filter()
	if err != nil {
		return list[auditView]{}, err
	}
	if !by.Has(org.VerifyAudit) { // who reads the log but does not verify it does not read own acts (security.md)
		f.NotActorID = by.PersonID
	}
	records, err := s.cfg.Audit.List(ctx, f)
	next := ""
	if len(records) == f.Limit {
		next = number(records[len(records)-1].ID)
	}
	return listOf(records, next, auditOf), err
}

func (in *listAuditIn) filter() (audit.Filter, error) {
	f := audit.Filter{From: in.From.ms(), To: in.To.ms(), ActorID: in.Actor, Action: in.Action, Limit: in.Limit}
	kind, id, has := strings.Cut(in.Object, ":")
	f.ObjectKind = kind
	var err error
	if has {
		if f.ObjectID, err = strconv.ParseInt(id, 10, 64); err != nil {
			return f, inputFaults["input.format"].At("object").With("field", "object", "expected", "contest:7")
		}
	}
	if in.Cursor != "" {
		if f.Before, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil || f.Before < 1 {
			return f, org.ErrCursor.At("cursor")
		}
	}
	return f, nil
}

type verificationView struct {
	Intact   bool   `json:"intact"`
	Records  int64  `json:"records" doc:"Intact records from the beginning"`
	Head     string `json:"head"`
	FirstBad int64  `json:"firstBad,omitempty" doc:"Number of the first record that does not fit"`
	Why      string `json:"why,omitempty" enum:"hash,link,gap,head"`
}

func (s *Server) verifyAudit(ctx context.Context, _ org.Actor, _ *nothing) (verificationView, error) {
	v, err := s.cfg.Audit.Verify(ctx)
	return verificationView{Intact: v.Intact(), Records: v.Records, Head: v.Head, FirstBad: v.FirstBad, Why: v.Why}, err
}
