-- +goose Up
-- How each question did in each contest, kept once the contest is graded. part: 1.. within a group, 0 = the
-- question stands alone; marks: sum over the answers of mark/points.
CREATE TABLE question_statistics (
  contest_id  BIGINT  NOT NULL REFERENCES contests (id),
  version_id  BIGINT  NOT NULL REFERENCES question_versions (id),
  part        INTEGER NOT NULL,
  question_id BIGINT  NOT NULL REFERENCES questions (id),
  attempts    INTEGER NOT NULL,
  marks       DOUBLE PRECISION NOT NULL,
  statistics  TEXT    NOT NULL,
  PRIMARY KEY (contest_id, version_id, part)
);
CREATE INDEX question_statistics_question ON question_statistics (question_id);
CREATE INDEX question_statistics_version ON question_statistics (version_id);

-- Which state of the board a contest's statistics belong to.
CREATE TABLE contest_analyses (
  contest_id    BIGINT NOT NULL PRIMARY KEY REFERENCES contests (id),
  board_version BIGINT NOT NULL,
  analysed_at   BIGINT NOT NULL
);

-- What answers say about a question's difficulty, 0-1, beside the setter's value in its version.
CREATE TABLE question_difficulties (
  question_id BIGINT  NOT NULL PRIMARY KEY REFERENCES questions (id),
  version_id  BIGINT  NOT NULL REFERENCES question_versions (id),
  answers     INTEGER NOT NULL,
  difficulty  DOUBLE PRECISION NOT NULL,
  measured_at BIGINT  NOT NULL
);

-- Questions of an open contest whose key looks wrong.
CREATE TABLE key_alarms (
  contest_id  BIGINT  NOT NULL REFERENCES contests (id),
  version_id  BIGINT  NOT NULL REFERENCES question_versions (id),
  part        INTEGER NOT NULL,
  question_id BIGINT  NOT NULL REFERENCES questions (id),
  statistics  TEXT    NOT NULL,
  raised_at   BIGINT  NOT NULL,
  PRIMARY KEY (contest_id, version_id, part)
);
