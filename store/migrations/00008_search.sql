-- +goose Up
-- Search by our own pairs of characters, a topic tree's use, reviews, exposure and near duplicates.

-- What the program still has to cut into words (questions written before this version); emptied at the next start.
CREATE TABLE question_words_due (
  question_id BIGINT NOT NULL PRIMARY KEY,
  text        TEXT   NOT NULL,
  note        TEXT   NOT NULL
);
INSERT INTO question_words_due (question_id, text, note) SELECT id, search_text, search_note FROM questions;
ALTER TABLE questions DROP COLUMN search_text;
ALTER TABLE questions DROP COLUMN search_note;

-- The words of each question's newest version; note (explanation and quotation) betrays the key and is searched
-- only by those who may see keys. The program writes the words, so that both databases find the same.
-- +sqlite
CREATE VIRTUAL TABLE question_words USING fts5(text, note, content='', contentless_delete=1, prefix='1',
  tokenize='unicode61 remove_diacritics 0');
-- +end
-- +postgres
CREATE TABLE question_words (
  question_id BIGINT   NOT NULL PRIMARY KEY,
  text        tsvector NOT NULL,
  note        tsvector NOT NULL
);
CREATE INDEX question_words_text ON question_words USING gin (text);
CREATE INDEX question_words_note ON question_words USING gin (note);
-- +end

-- A 64-bit SimHash of what the question asks; near duplicates differ in few bits.
ALTER TABLE questions ADD COLUMN simhash BIGINT NOT NULL DEFAULT 0;

-- Pairs that somebody has looked at and found to ask different things; a < b.
CREATE TABLE question_distinct (
  a  BIGINT NOT NULL REFERENCES questions (id),
  b  BIGINT NOT NULL REFERENCES questions (id),
  by BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (a, b),
  CHECK (a < b)
);

-- A question that a second person has approved is reviewed until it is published; an edit makes it a draft again.
-- +sqlite
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''draft'', ''published'', ''retired''', '''draft'', ''reviewed'', ''published'', ''retired''')
  WHERE type = 'table' AND name = 'questions';
PRAGMA writable_schema = RESET;
-- +end
-- +postgres
ALTER TABLE questions DROP CONSTRAINT questions_state_check;
ALTER TABLE questions ADD CONSTRAINT questions_state_check
  CHECK (state IN ('importing', 'draft', 'reviewed', 'published', 'retired'));
-- +end

-- Every judgement of a version by somebody else than its author; kept for good.
CREATE TABLE question_reviews (
  id          $PK,
  question_id BIGINT NOT NULL REFERENCES questions (id),
  version_id  BIGINT NOT NULL REFERENCES question_versions (id),
  reviewer    BIGINT NOT NULL,
  decision    TEXT   NOT NULL CHECK (decision IN ('approve', 'return')),
  note        TEXT   NOT NULL,
  at          BIGINT NOT NULL
);
CREATE INDEX question_reviews_version ON question_reviews (version_id, id);

-- How many contestants have had a version on their paper, and how many of them answered it.
CREATE TABLE question_exposure (
  version_id BIGINT NOT NULL PRIMARY KEY REFERENCES question_versions (id),
  drawn      BIGINT NOT NULL,
  answered   BIGINT NOT NULL
);
