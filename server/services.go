package server

import (
	"context"

	"jingzhong/audit"
	"jingzhong/org"
	"jingzhong/quiz"
	"jingzhong/ranking"
)

// Services are the features behind the routes.
type Services struct {
	Org      *org.Service
	Bank     *quiz.Bank
	Contests *quiz.Contests
	Practice *quiz.Practice
	Ranking  *ranking.Service
	Audit    AuditLog
}

// AuditLog is the log as the server reads it; main binds it to the database, which the server does not know.
type AuditLog struct {
	List   func(ctx context.Context, f audit.Filter) ([]audit.Record, error)
	Verify func(ctx context.Context) (audit.Verification, error)
}
