-- +goose Up
-- One board a contest (or, later, a year's programme): how units and people are ranked. ref is the id of
-- what is ranked; ranking knows nothing else about it. Weights and shares are thousandths, marks 1/100 point.
CREATE TABLE ranking_boards (
  id               $PK,
  kind             TEXT    NOT NULL,
  ref              BIGINT  NOT NULL,
  title            TEXT    NOT NULL,
  formula          TEXT    NOT NULL CHECK (formula IN ('U1', 'U2', 'U3', 'U4', 'U5')),
  weight_part      BIGINT  NOT NULL,
  weight_mean      BIGINT  NOT NULL,
  weight_pass      BIGINT  NOT NULL,
  team_least       BIGINT  NOT NULL,
  team_share       BIGINT  NOT NULL,
  shrink           BIGINT  NOT NULL,
  full_mark        BIGINT  NOT NULL CHECK (full_mark > 0),
  pass_mark        BIGINT  NOT NULL,
  excellent_mark   BIGINT  NOT NULL,
  kept             TEXT    NOT NULL CHECK (kept IN ('best', 'last', 'first', 'sum')),
  time_unit_ms     BIGINT  NOT NULL CHECK (time_unit_ms > 0),
  band_limits      TEXT    NOT NULL,
  least_share      BIGINT  NOT NULL,
  least_people     BIGINT  NOT NULL,
  list_empty       $BOOL   NOT NULL,
  scope_unit_id    BIGINT  NOT NULL REFERENCES units (id),
  scope_path       TEXT    NOT NULL,
  state            TEXT    NOT NULL CHECK (state IN ('provisional', 'frozen_roster', 'frozen', 'final')),
  roster_frozen_at BIGINT  NOT NULL,
  frozen_at        BIGINT  NOT NULL,
  final_at         BIGINT  NOT NULL,
  version          BIGINT  NOT NULL,
  created_at       BIGINT  NOT NULL,
  UNIQUE (kind, ref)
);

-- Who is expected, with the unit and position of that day. The name stays with the person, so that
-- anonymising one reaches every board.
CREATE TABLE ranking_roster (
  board_id      BIGINT NOT NULL REFERENCES ranking_boards (id),
  person_id     BIGINT NOT NULL REFERENCES people (id),
  unit_id       BIGINT NOT NULL,
  unit_path     TEXT   NOT NULL,
  position      TEXT   NOT NULL,
  exempt        $BOOL  NOT NULL,
  exempt_reason TEXT   NOT NULL,
  approved_by   BIGINT NOT NULL,
  approved_at   BIGINT NOT NULL,
  PRIMARY KEY (board_id, person_id)
);
CREATE INDEX ranking_roster_unit ON ranking_roster (board_id, unit_id);

-- The kept result of a person; counted = false is a void one. unit_id is the roster's, or for somebody who
-- is not on it the unit of the day.
CREATE TABLE ranking_results (
  board_id     BIGINT NOT NULL REFERENCES ranking_boards (id),
  person_id    BIGINT NOT NULL REFERENCES people (id),
  unit_id      BIGINT NOT NULL,
  unit_path    TEXT   NOT NULL,
  score        BIGINT NOT NULL,
  time_ms      BIGINT NOT NULL,
  attempts     BIGINT NOT NULL,
  submitted_at BIGINT NOT NULL,
  passed       $BOOL  NOT NULL,
  excellent    $BOOL  NOT NULL,
  counted      $BOOL  NOT NULL,
  PRIMARY KEY (board_id, person_id)
);
CREATE INDEX ranking_results_order ON ranking_results (board_id, score);
CREATE INDEX ranking_results_unit ON ranking_results (board_id, unit_id);

-- The sums of each unit's own people, kept in the transaction that records a result. Parents are summed
-- from these on reading. Exempt people stand in members and exempt only.
CREATE TABLE ranking_unit_stats (
  board_id     BIGINT NOT NULL REFERENCES ranking_boards (id),
  unit_id      BIGINT NOT NULL,
  unit_path    TEXT   NOT NULL,
  unit_name    TEXT   NOT NULL,
  sort         BIGINT NOT NULL,
  members      BIGINT NOT NULL,
  exempt       BIGINT NOT NULL,
  participants BIGINT NOT NULL,
  passed       BIGINT NOT NULL,
  excellent    BIGINT NOT NULL,
  sum_best     BIGINT NOT NULL,
  PRIMARY KEY (board_id, unit_id)
);

-- What the public sees while a board is frozen: the tallies of that moment, as JSON.
CREATE TABLE ranking_pins (
  board_id  BIGINT PRIMARY KEY REFERENCES ranking_boards (id),
  version   BIGINT NOT NULL,
  pinned_at BIGINT NOT NULL,
  tallies   TEXT   NOT NULL
);

-- Numbered corrections: the only way a roster changes after it is frozen. expected is by how many the
-- expected people of the unit changed.
CREATE TABLE ranking_corrections (
  board_id  BIGINT NOT NULL REFERENCES ranking_boards (id),
  no        BIGINT NOT NULL,
  kind      TEXT   NOT NULL,
  person_id BIGINT NOT NULL,
  unit_id   BIGINT NOT NULL,
  unit_path TEXT   NOT NULL,
  expected  BIGINT NOT NULL,
  what      TEXT   NOT NULL,
  reason    TEXT   NOT NULL,
  by_id     BIGINT NOT NULL,
  by_name   TEXT   NOT NULL,
  at        BIGINT NOT NULL,
  PRIMARY KEY (board_id, no)
);

-- The rank of each unit at the end of a civil day, for "since yesterday".
CREATE TABLE ranking_days (
  board_id BIGINT NOT NULL REFERENCES ranking_boards (id),
  day      TEXT   NOT NULL,
  unit_id  BIGINT NOT NULL,
  rank     BIGINT NOT NULL,
  PRIMARY KEY (board_id, day, unit_id)
);
