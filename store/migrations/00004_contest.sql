-- +goose Up
CREATE TABLE contests (
  id             $PK,
  title          TEXT   NOT NULL,
  notes          TEXT   NOT NULL,
  preset         TEXT   NOT NULL,
  state          TEXT   NOT NULL CHECK (state IN ('draft','proposed','scheduled','open','closed','graded','notice','final','suspended','cancelled')),
  state_reason   TEXT   NOT NULL DEFAULT '',
  revision       BIGINT NOT NULL DEFAULT 1,
  edition        BIGINT NOT NULL DEFAULT 0,
  unit_id        BIGINT NOT NULL REFERENCES units (id),
  author_id      BIGINT NOT NULL REFERENCES people (id),
  opens_at       BIGINT NOT NULL,
  closes_at      BIGINT NOT NULL,
  limit_ms       BIGINT NOT NULL,
  hard_close     $BOOL  NOT NULL,
  attempts_total INTEGER NOT NULL,
  attempts_day   INTEGER NOT NULL,
  kept           TEXT   NOT NULL CHECK (kept IN ('best','last','first')),
  scoring        TEXT   NOT NULL CHECK (scoring IN ('M0','M1','M1h','M2')),
  pass_mark      BIGINT NOT NULL,
  excellent_mark BIGINT NOT NULL,
  takeover       TEXT   NOT NULL CHECK (takeover IN ('free','forbid')),
  score_show     TEXT   NOT NULL CHECK (score_show IN ('submit','close','at')),
  review_show    TEXT   NOT NULL CHECK (review_show IN ('never','close','at')),
  results_at     BIGINT NOT NULL,
  audience       TEXT   NOT NULL,
  questions      INTEGER NOT NULL DEFAULT 0,
  full_mark      BIGINT NOT NULL DEFAULT 0,
  target         INTEGER NOT NULL DEFAULT 0,
  secret         $BLOB  NOT NULL,
  board_id       BIGINT NOT NULL DEFAULT 0,
  proposed_by    BIGINT NOT NULL DEFAULT 0,
  approved_by    BIGINT NOT NULL DEFAULT 0,
  self_checked   $BOOL  NOT NULL,
  suspended_from TEXT   NOT NULL DEFAULT '',
  suspended_at   BIGINT NOT NULL DEFAULT 0,
  created_at     BIGINT NOT NULL,
  updated_at     BIGINT NOT NULL
);
CREATE INDEX contests_state ON contests (state, opens_at);

CREATE TABLE contest_rows (
  contest_id    BIGINT  NOT NULL REFERENCES contests (id),
  no            INTEGER NOT NULL,
  topics        TEXT    NOT NULL,
  kinds         TEXT    NOT NULL,
  difficulty_lo INTEGER NOT NULL,
  difficulty_hi INTEGER NOT NULL,
  count         INTEGER NOT NULL CHECK (count > 0),
  points        BIGINT  NOT NULL CHECK (points > 0),
  PRIMARY KEY (contest_id, no)
);

-- The pool of a published edition: which version of which question, and which blueprint rows accept it.
CREATE TABLE contest_items (
  contest_id  BIGINT  NOT NULL REFERENCES contests (id),
  edition     BIGINT  NOT NULL,
  no          INTEGER NOT NULL,
  question_id BIGINT  NOT NULL REFERENCES questions (id),
  version_id  BIGINT  NOT NULL REFERENCES question_versions (id),
  rows        TEXT    NOT NULL,
  PRIMARY KEY (contest_id, edition, no)
);

CREATE TABLE contest_time_factors (
  contest_id BIGINT  NOT NULL REFERENCES contests (id),
  person_id  BIGINT  NOT NULL REFERENCES people (id),
  percent    INTEGER NOT NULL CHECK (percent IN (125, 150, 200)),
  reason     TEXT    NOT NULL,
  set_by     BIGINT  NOT NULL,
  set_at     BIGINT  NOT NULL,
  PRIMARY KEY (contest_id, person_id)
);

CREATE TABLE attempts (
  id            $PK,
  contest_id    BIGINT  NOT NULL REFERENCES contests (id),
  edition       BIGINT  NOT NULL,
  person_id     BIGINT  NOT NULL REFERENCES people (id),
  unit_id       BIGINT  NOT NULL REFERENCES units (id),
  no            INTEGER NOT NULL,
  state         TEXT    NOT NULL CHECK (state IN ('in_progress','suspended','submitted','expired','graded','final','voided')),
  state_reason  TEXT    NOT NULL DEFAULT '',
  paper         $BLOB   NOT NULL,
  started_at    BIGINT  NOT NULL,
  deadline_at   BIGINT  NOT NULL,
  limit_ms      BIGINT  NOT NULL,
  extension_ms  BIGINT  NOT NULL DEFAULT 0,
  stopped_ms    BIGINT  NOT NULL DEFAULT 0,
  outage_ms     BIGINT  NOT NULL DEFAULT 0,
  suspended_at  BIGINT  NOT NULL DEFAULT 0,
  submitted_at  BIGINT  NOT NULL DEFAULT 0,
  submit_kind   TEXT    NOT NULL DEFAULT '',
  lease_epoch   BIGINT  NOT NULL,
  lease_session TEXT    NOT NULL,
  voided_from   TEXT    NOT NULL DEFAULT '',
  answered      INTEGER NOT NULL DEFAULT 0,
  score         BIGINT  NOT NULL DEFAULT 0,
  right_count   INTEGER NOT NULL DEFAULT 0,
  item_scores   TEXT    NOT NULL DEFAULT '',
  graded_at     BIGINT  NOT NULL DEFAULT 0,
  score_version INTEGER NOT NULL DEFAULT 0,
  UNIQUE (contest_id, person_id, no)
);
-- One running attempt a person and contest, whatever the guard in the program forgets.
CREATE UNIQUE INDEX attempts_live ON attempts (contest_id, person_id) WHERE state IN ('in_progress','suspended');
CREATE INDEX attempts_due ON attempts (deadline_at) WHERE state = 'in_progress';
CREATE INDEX attempts_ungraded ON attempts (id) WHERE state IN ('submitted','expired');
CREATE INDEX attempts_contest ON attempts (contest_id, state);
CREATE INDEX attempts_person ON attempts (person_id, id);

-- The newest answer to each slot. +1 row in answer_log for every change.
CREATE TABLE answers (
  attempt_id BIGINT  NOT NULL REFERENCES attempts (id),
  slot       INTEGER NOT NULL,
  epoch      BIGINT  NOT NULL,
  seq        BIGINT  NOT NULL,
  choice     TEXT    NOT NULL,
  text       TEXT    NOT NULL,
  saved_at   BIGINT  NOT NULL,
  PRIMARY KEY (attempt_id, slot)
-- +sqlite
) WITHOUT ROWID;
-- +end
-- +postgres
);
-- +end

CREATE TABLE answer_log (
  attempt_id BIGINT  NOT NULL,
  slot       INTEGER NOT NULL,
  epoch      BIGINT  NOT NULL,
  seq        BIGINT  NOT NULL,
  choice     TEXT    NOT NULL,
  text       TEXT    NOT NULL,
  saved_at   BIGINT  NOT NULL,
  PRIMARY KEY (attempt_id, slot, epoch, seq)
-- +sqlite
) WITHOUT ROWID;
-- +goose StatementBegin
CREATE TRIGGER answers_logged_insert AFTER INSERT ON answers BEGIN
  INSERT INTO answer_log VALUES (new.attempt_id, new.slot, new.epoch, new.seq, new.choice, new.text, new.saved_at);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER answers_logged_update AFTER UPDATE ON answers BEGIN
  INSERT INTO answer_log VALUES (new.attempt_id, new.slot, new.epoch, new.seq, new.choice, new.text, new.saved_at);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER answer_log_no_update BEFORE UPDATE ON answer_log
BEGIN SELECT RAISE(ABORT, 'the answer log is only added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER answer_log_no_delete BEFORE DELETE ON answer_log
BEGIN SELECT RAISE(ABORT, 'the answer log is only added to'); END;
-- +goose StatementEnd
-- +end
-- +postgres
);
-- +goose StatementBegin
CREATE FUNCTION answers_logged() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  INSERT INTO answer_log VALUES (new.attempt_id, new.slot, new.epoch, new.seq, new.choice, new.text, new.saved_at);
  RETURN NULL;
END $f$;
-- +goose StatementEnd
CREATE TRIGGER answers_logged AFTER INSERT OR UPDATE ON answers FOR EACH ROW EXECUTE FUNCTION answers_logged();
-- +goose StatementBegin
CREATE FUNCTION answer_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN RAISE EXCEPTION 'the answer log is only added to'; END $f$;
-- +goose StatementEnd
CREATE TRIGGER answer_log_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON answer_log
  FOR EACH STATEMENT EXECUTE FUNCTION answer_log_refuse();
-- +end

-- What arrived after the deadline and its grace: kept as evidence, graded only if a person accepts it.
CREATE TABLE late_evidence (
  id          $PK,
  attempt_id  BIGINT  NOT NULL REFERENCES attempts (id),
  slot        INTEGER NOT NULL,
  epoch       BIGINT  NOT NULL,
  seq         BIGINT  NOT NULL,
  choice      TEXT    NOT NULL,
  text        TEXT    NOT NULL,
  received_at BIGINT  NOT NULL,
  UNIQUE (attempt_id, slot, epoch, seq)
);

-- Each stretch the server was down, paid back to every running attempt once.
CREATE TABLE outages (
  id       $PK,
  from_at  BIGINT  NOT NULL,
  to_at    BIGINT  NOT NULL,
  attempts INTEGER NOT NULL
);

-- Acts on an attempt that another person must approve in mode two_person.
CREATE TABLE attempt_proposals (
  id          $PK,
  attempt_id  BIGINT NOT NULL REFERENCES attempts (id),
  act         TEXT   NOT NULL CHECK (act IN ('void','unvoid','reopen')),
  minutes     INTEGER NOT NULL,
  reason      TEXT   NOT NULL,
  proposed_by BIGINT NOT NULL,
  proposed_at BIGINT NOT NULL,
  decided_by  BIGINT NOT NULL DEFAULT 0,
  decided_at  BIGINT NOT NULL DEFAULT 0,
  decision    TEXT   NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX attempt_proposals_open ON attempt_proposals (attempt_id, act) WHERE decision = '';
