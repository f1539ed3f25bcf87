-- +goose Up
-- More kinds of question, two more ways of scoring, and essays that a person marks.
-- +sqlite
-- SQLite cannot alter a CHECK; it is text of the schema only, so the text is rewritten (sqlite.org/lang_altertable.html, 7).
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''truefalse'', ''fill''', '''truefalse'', ''fill'', ''matching'', ''ordering'', ''essay'', ''group''')
  WHERE type = 'table' AND name = 'question_versions';
UPDATE sqlite_schema SET sql = replace(sql, '''M1h'',''M2''', '''M1h'',''M2'',''M3'',''M4''')
  WHERE type = 'table' AND name = 'contests';
PRAGMA writable_schema = RESET;
-- +end
-- +postgres
ALTER TABLE question_versions DROP CONSTRAINT question_versions_kind_check;
ALTER TABLE question_versions ADD CONSTRAINT question_versions_kind_check
  CHECK (kind IN ('single', 'multiple', 'truefalse', 'fill', 'matching', 'ordering', 'essay', 'group'));
ALTER TABLE contests DROP CONSTRAINT contests_scoring_check;
ALTER TABLE contests ADD CONSTRAINT contests_scoring_check CHECK (scoring IN ('M0','M1','M1h','M2','M3','M4'));
-- +end
-- What a version holds besides its text and options, as JSON: the left sides of a matching, the questions of a group.
ALTER TABLE question_versions ADD COLUMN parts TEXT NOT NULL DEFAULT '';

-- Answers of a handed-in attempt that a person still has to mark; graded when none is left.
ALTER TABLE attempts ADD COLUMN awaiting INTEGER NOT NULL DEFAULT 0;
CREATE TABLE attempt_marks (
  attempt_id BIGINT  NOT NULL REFERENCES attempts (id),
  slot       INTEGER NOT NULL,
  score      BIGINT  NOT NULL CHECK (score >= 0),
  note       TEXT    NOT NULL,
  marked_by  BIGINT  NOT NULL,
  marked_at  BIGINT  NOT NULL,
  PRIMARY KEY (attempt_id, slot)
);
CREATE INDEX attempts_awaiting ON attempts (contest_id, id) WHERE awaiting > 0;
