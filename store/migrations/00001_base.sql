-- +goose Up
-- Settings of the installation, one row a name.
CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- One row per process start and second: the gap between two beats is an outage the contestants are paid back.
CREATE TABLE heartbeat (
  id      INTEGER PRIMARY KEY,
  beat_at BIGINT NOT NULL
);

-- The tamper-evident log: each record carries the hash of the one before it.
CREATE TABLE audit_records (
  id          BIGINT PRIMARY KEY,
  at          BIGINT NOT NULL,
  actor_id    BIGINT NOT NULL,
  actor_name  TEXT   NOT NULL,
  action      TEXT   NOT NULL,
  object_kind TEXT   NOT NULL,
  object_id   BIGINT NOT NULL,
  unit_id     BIGINT NOT NULL,
  before      TEXT   NOT NULL,
  after       TEXT   NOT NULL,
  reason      TEXT   NOT NULL,
  ip          TEXT   NOT NULL,
  prev_hash   TEXT   NOT NULL,
  hash        TEXT   NOT NULL
);
CREATE INDEX audit_records_at ON audit_records (at);
CREATE INDEX audit_records_actor ON audit_records (actor_id, id);
CREATE INDEX audit_records_object ON audit_records (object_kind, object_id, id);

-- The chain's end, locked by whoever appends.
CREATE TABLE audit_head (
  id   INTEGER PRIMARY KEY CHECK (id = 1),
  seq  BIGINT NOT NULL,
  hash TEXT   NOT NULL
);
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');

-- +sqlite
-- +goose StatementBegin
CREATE TRIGGER audit_records_no_update BEFORE UPDATE ON audit_records
BEGIN SELECT RAISE(ABORT, 'audit records are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_records_no_delete BEFORE DELETE ON audit_records
BEGIN SELECT RAISE(ABORT, 'audit records are never deleted'); END;
-- +goose StatementEnd
-- +end
-- +postgres
-- +goose StatementBegin
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN RAISE EXCEPTION 'audit records are never changed or deleted'; END $f$;
-- +goose StatementEnd
CREATE TRIGGER audit_records_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_records
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
-- +end
