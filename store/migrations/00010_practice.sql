-- +goose Up
-- Practice and appeals. Days are civil days of the installation's zone, counted from 1970-01-01. A point is what is to
-- be remembered: "BMF:26" for an article, "topic:5" for a question that cites none.

-- What a person remembers of a point (FSRS-6); stability in days.
CREATE TABLE practice_cards (
  person_id  BIGINT  NOT NULL REFERENCES people (id),
  point      TEXT    NOT NULL,
  state      TEXT    NOT NULL CHECK (state IN ('learning', 'review', 'relearning')),
  stability  DOUBLE PRECISION NOT NULL,
  difficulty DOUBLE PRECISION NOT NULL,
  due_day    INTEGER NOT NULL,
  last_day   INTEGER NOT NULL,
  reps       INTEGER NOT NULL,
  lapses     INTEGER NOT NULL,
  PRIMARY KEY (person_id, point)
);
CREATE INDEX practice_cards_due ON practice_cards (person_id, due_day);

-- One run through some questions; items holds which versions, and the order of their options. topic_id and contest_id
-- are 0 where the mode has none.
CREATE TABLE practice_runs (
  id          $PK,
  person_id   BIGINT  NOT NULL REFERENCES people (id),
  unit_id     BIGINT  NOT NULL REFERENCES units (id),
  mode        TEXT    NOT NULL CHECK (mode IN ('daily', 'topic', 'wrong', 'streak', 'mock')),
  state       TEXT    NOT NULL CHECK (state IN ('open', 'done')),
  day         INTEGER NOT NULL,
  topic_id    BIGINT  NOT NULL,
  contest_id  BIGINT  NOT NULL,
  items       TEXT    NOT NULL,
  answered    INTEGER NOT NULL DEFAULT 0,
  right_count INTEGER NOT NULL DEFAULT 0,
  score       BIGINT  NOT NULL DEFAULT 0,
  full_mark   BIGINT  NOT NULL,
  started_at  BIGINT  NOT NULL,
  ended_at    BIGINT  NOT NULL DEFAULT 0
);
-- The same five all day, however many devices ask at once.
CREATE UNIQUE INDEX practice_runs_daily ON practice_runs (person_id, day) WHERE mode = 'daily';
CREATE INDEX practice_runs_open ON practice_runs (person_id, mode, state);

-- Every answer, once a place of a run. rating: 1 wrong, 2 slow, 3 right, 4 fast, 0 until the person has marked an essay.
CREATE TABLE practice_answers (
  run_id      BIGINT  NOT NULL REFERENCES practice_runs (id),
  slot        INTEGER NOT NULL,
  person_id   BIGINT  NOT NULL,
  unit_id     BIGINT  NOT NULL,
  client_id   TEXT    NOT NULL,
  question_id BIGINT  NOT NULL REFERENCES questions (id),
  version_id  BIGINT  NOT NULL REFERENCES question_versions (id),
  part        INTEGER NOT NULL,
  point       TEXT    NOT NULL,
  choice      TEXT    NOT NULL,
  text        TEXT    NOT NULL,
  score       BIGINT  NOT NULL,
  points      BIGINT  NOT NULL,
  correct     $BOOL   NOT NULL,
  rating      INTEGER NOT NULL,
  ms          BIGINT  NOT NULL,
  day         INTEGER NOT NULL,
  answered_at BIGINT  NOT NULL,
  PRIMARY KEY (run_id, slot),
  UNIQUE (person_id, client_id)
);
CREATE INDEX practice_answers_seen ON practice_answers (person_id, question_id, part, answered_at);
CREATE INDEX practice_answers_day ON practice_answers (person_id, day);
CREATE INDEX practice_answers_time ON practice_answers (person_id, answered_at);
CREATE INDEX practice_answers_version ON practice_answers (version_id, part, person_id);

-- What people gave their own essays.
CREATE TABLE practice_marks (
  run_id    BIGINT  NOT NULL,
  slot      INTEGER NOT NULL,
  score     BIGINT  NOT NULL,
  marked_at BIGINT  NOT NULL,
  PRIMARY KEY (run_id, slot),
  FOREIGN KEY (run_id, slot) REFERENCES practice_answers (run_id, slot)
);

-- The wrong-answer book. A row goes when it was right on two days without a wrong answer between.
CREATE TABLE practice_wrong (
  person_id      BIGINT  NOT NULL REFERENCES people (id),
  question_id    BIGINT  NOT NULL REFERENCES questions (id),
  part           INTEGER NOT NULL,
  wrongs         INTEGER NOT NULL,
  right_days     INTEGER NOT NULL,
  last_right_day INTEGER NOT NULL,
  wrong_at       BIGINT  NOT NULL,
  PRIMARY KEY (person_id, question_id, part)
);

-- How a unit's people answer each point.
CREATE TABLE practice_points (
  unit_id BIGINT NOT NULL,
  point   TEXT   NOT NULL,
  answers BIGINT NOT NULL,
  rights  BIGINT NOT NULL,
  PRIMARY KEY (unit_id, point)
);

-- Each person's longest run of right answers.
CREATE TABLE practice_streaks (
  person_id BIGINT  NOT NULL PRIMARY KEY REFERENCES people (id),
  unit_id   BIGINT  NOT NULL,
  best      INTEGER NOT NULL,
  best_at   BIGINT  NOT NULL
);
CREATE INDEX practice_streaks_unit ON practice_streaks (unit_id, best);

-- "我觉得这题有问题": one a person and question shown; run or attempt says where it was seen.
CREATE TABLE appeals (
  id          $PK,
  person_id   BIGINT  NOT NULL REFERENCES people (id),
  question_id BIGINT  NOT NULL REFERENCES questions (id),
  version_id  BIGINT  NOT NULL REFERENCES question_versions (id),
  part        INTEGER NOT NULL,
  context     TEXT    NOT NULL CHECK (context IN ('practice', 'contest')),
  attempt_id  BIGINT  NOT NULL,
  text        TEXT    NOT NULL,
  state       TEXT    NOT NULL CHECK (state IN ('filed', 'accepted', 'rejected')),
  note        TEXT    NOT NULL DEFAULT '',
  statute     TEXT    NOT NULL DEFAULT '',
  article     TEXT    NOT NULL DEFAULT '',
  decided_by  BIGINT  NOT NULL DEFAULT 0,
  decided_at  BIGINT  NOT NULL DEFAULT 0,
  created_at  BIGINT  NOT NULL,
  UNIQUE (person_id, version_id, part)
);
CREATE INDEX appeals_item ON appeals (version_id, part, state);
CREATE INDEX appeals_state ON appeals (state, id);

-- What practice may show is read anew when a question changes.
CREATE INDEX questions_updated ON questions (updated_at);

-- +sqlite
-- +goose StatementBegin
CREATE TRIGGER practice_answers_no_update BEFORE UPDATE ON practice_answers
BEGIN SELECT RAISE(ABORT, 'practice answers are only added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER practice_answers_no_delete BEFORE DELETE ON practice_answers
BEGIN SELECT RAISE(ABORT, 'practice answers are only added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER practice_marks_no_update BEFORE UPDATE ON practice_marks
BEGIN SELECT RAISE(ABORT, 'practice answers are only added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER practice_marks_no_delete BEFORE DELETE ON practice_marks
BEGIN SELECT RAISE(ABORT, 'practice answers are only added to'); END;
-- +goose StatementEnd
-- +end
-- +postgres
-- +goose StatementBegin
CREATE FUNCTION practice_refuse() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN RAISE EXCEPTION 'practice answers are only added to'; END $f$;
-- +goose StatementEnd
CREATE TRIGGER practice_answers_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON practice_answers
  FOR EACH STATEMENT EXECUTE FUNCTION practice_refuse();
CREATE TRIGGER practice_marks_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON practice_marks
  FOR EACH STATEMENT EXECUTE FUNCTION practice_refuse();
-- +end
