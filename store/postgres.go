package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// postgresConns bounds the pool: the committer's lanes, ordinary transactions and readers share it.
const postgresConns = 24

func (db *DB) openPostgres(ctx context.Context, cfg Config) error {
	db.Dialect = Postgres
	conf, err := pgx.ParseConfig(cfg.DSN)
	if err != nil {
		return wrap("dsn", err)
	}
	if cfg.Schema != "" {
		conf.RuntimeParams["search_path"] = cfg.Schema
	}
	conf.RuntimeParams["timezone"] = "UTC"
	pool := stdlib.OpenDB(*conf)
	pool.SetMaxOpenConns(postgresConns)
	pool.SetMaxIdleConns(postgresConns)
	db.pools = []*sql.DB{pool}

	var commit, fsync string
	row := pool.QueryRowContext(ctx, "SELECT current_setting('synchronous_commit'), current_setting('fsync')")
	if err := row.Scan(&commit, &fsync); err != nil {
		return wrap("connect", err)
	}
	if commit == "off" || commit == "local" || (fsync != "on" && !cfg.Unsafe) {
		return fmt.Errorf("store: PostgreSQL would lose acknowledged writes: synchronous_commit=%s fsync=%s", commit, fsync)
	}
	db.write, err = gorm.Open(postgres.New(postgres.Config{Conn: pool}), gormConfig(cfg.Now))
	db.read = db.write
	return wrap("gorm", err)
}

// Codes after which PostgreSQL has undone a transaction that may simply be tried again.
const (
	deadlock      = "40P01"
	serialization = "40001"
)

func postgresCode(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
