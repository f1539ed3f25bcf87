-- +goose Up
-- What a question is about. Flat today; parent_id leaves room for a tree.
CREATE TABLE topics (
  id        $PK,
  parent_id BIGINT REFERENCES topics (id),
  name      TEXT   NOT NULL UNIQUE,
  sort      INTEGER NOT NULL
);
INSERT INTO topics (name, sort) VALUES
  ('总则', 1), ('定密', 2), ('载体管理', 3), ('涉密人员', 4), ('信息系统与网络', 5), ('办公场景', 6),
  ('手机与社交媒体', 7), ('人工智能与网盘', 8), ('会议宣传与信息公开', 9), ('监督管理', 10), ('法律责任', 11),
  ('家庭与社交', 12), ('出国出境', 13);

-- A question's life. Its text lives in versions: current is the one in force (null until first published),
-- draft the one that awaits publication. The two search columns hold the newest version's words, folded;
-- search_note (explanation and quotation) betrays the key and is searched only by those who may see keys.
-- state: importing (invisible, part of an import being applied), draft, published, retired.
CREATE TABLE questions (
  id                 $PK,
  current_version_id BIGINT,
  draft_version_id   BIGINT,
  topic_id           BIGINT NOT NULL REFERENCES topics (id),
  state              TEXT   NOT NULL CHECK (state IN ('importing', 'draft', 'published', 'retired')),
  use                TEXT   NOT NULL CHECK (use IN ('practice', 'contest', 'both')),
  author_id          BIGINT NOT NULL,
  unit_id            BIGINT NOT NULL,
  import_id          BIGINT,
  text_hash          TEXT   NOT NULL,
  search_text        TEXT   NOT NULL,
  search_note        TEXT   NOT NULL,
  created_at         BIGINT NOT NULL,
  updated_at         BIGINT NOT NULL,
  CHECK (state <> 'published' OR current_version_id IS NOT NULL)
);
CREATE INDEX questions_unit ON questions (unit_id, id);
CREATE INDEX questions_topic ON questions (topic_id, state);
CREATE INDEX questions_hash ON questions (text_hash);
CREATE INDEX questions_import ON questions (import_id) WHERE import_id IS NOT NULL;

-- Never changed: an edit makes a new one, attempts keep theirs. topic_id and use are what the version asks
-- for; publishing copies them to the question. article is "26", "219-1" (之一) or "M" (题注);
-- difficulty is the expected share of right answers in 1/100.
CREATE TABLE question_versions (
  id          $PK,
  question_id BIGINT  NOT NULL REFERENCES questions (id),
  no          INTEGER NOT NULL,
  kind        TEXT    NOT NULL CHECK (kind IN ('single', 'multiple', 'truefalse', 'fill')),
  stem        TEXT    NOT NULL,
  explanation TEXT    NOT NULL,
  statute     TEXT    NOT NULL,
  article     TEXT    NOT NULL,
  paragraph   INTEGER NOT NULL,
  law_quote   TEXT    NOT NULL,
  topic_id    BIGINT  NOT NULL REFERENCES topics (id),
  use         TEXT    NOT NULL CHECK (use IN ('practice', 'contest', 'both')),
  difficulty  INTEGER NOT NULL CHECK (difficulty BETWEEN 1 AND 99),
  tags        TEXT    NOT NULL,
  created_by  BIGINT  NOT NULL,
  created_at  BIGINT  NOT NULL,
  UNIQUE (question_id, no)
);

CREATE TABLE question_options (
  version_id BIGINT  NOT NULL REFERENCES question_versions (id),
  opt_id     BIGINT  NOT NULL,
  sort       INTEGER NOT NULL,
  text       TEXT    NOT NULL,
  fixed      $BOOL   NOT NULL,
  PRIMARY KEY (version_id, opt_id)
);

-- The right answers, apart from everything a contestant's screen is built from. Written last: once a
-- version has its key, no option can be added to it.
CREATE TABLE question_keys (
  version_id BIGINT NOT NULL PRIMARY KEY REFERENCES question_versions (id),
  answer     TEXT   NOT NULL
);

-- Contest-only questions of a scheduled or open contest; until is ms UTC, 0 = until the row goes.
CREATE TABLE question_embargoes (
  question_id BIGINT NOT NULL REFERENCES questions (id),
  contest_id  BIGINT NOT NULL,
  until       BIGINT NOT NULL,
  PRIMARY KEY (question_id, contest_id)
);
CREATE INDEX question_embargoes_contest ON question_embargoes (contest_id);

-- A workbook on its way in. Rows hold the parsed item with its key until the import is applied.
CREATE TABLE question_imports (
  id         $PK,
  file_name  TEXT    NOT NULL,
  sha256     TEXT    NOT NULL,
  format     TEXT    NOT NULL,
  encoding   TEXT    NOT NULL,
  state      TEXT    NOT NULL CHECK (state IN ('ready', 'applying', 'applied')),
  skipped    TEXT    NOT NULL,
  publish    $BOOL   NOT NULL,
  use        TEXT    NOT NULL,
  topic_id   BIGINT  NOT NULL,
  progress   INTEGER NOT NULL,
  total      INTEGER NOT NULL,
  created_by BIGINT  NOT NULL,
  unit_id    BIGINT  NOT NULL,
  created_at BIGINT  NOT NULL,
  applied_at BIGINT  NOT NULL
);
CREATE TABLE question_import_rows (
  import_id    BIGINT  NOT NULL REFERENCES question_imports (id),
  n            INTEGER NOT NULL,
  sheet        TEXT    NOT NULL,
  line         INTEGER NOT NULL,
  state        TEXT    NOT NULL CHECK (state IN ('ready', 'error', 'duplicate', 'imported')),
  item         TEXT    NOT NULL,
  problems     TEXT    NOT NULL,
  warnings     TEXT    NOT NULL,
  text_hash    TEXT    NOT NULL,
  duplicate_of BIGINT  NOT NULL,
  question_id  BIGINT  NOT NULL,
  PRIMARY KEY (import_id, n)
);
CREATE INDEX question_import_rows_state ON question_import_rows (import_id, state, n);

-- +sqlite
-- +goose StatementBegin
CREATE TRIGGER question_versions_no_update BEFORE UPDATE ON question_versions
BEGIN SELECT RAISE(ABORT, 'question versions are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER question_versions_no_delete BEFORE DELETE ON question_versions
BEGIN SELECT RAISE(ABORT, 'question versions are never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER question_options_no_update BEFORE UPDATE ON question_options
BEGIN SELECT RAISE(ABORT, 'options of a version are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER question_options_no_delete BEFORE DELETE ON question_options
BEGIN SELECT RAISE(ABORT, 'options of a version are never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER question_options_sealed BEFORE INSERT ON question_options
WHEN EXISTS (SELECT 1 FROM question_keys k WHERE k.version_id = NEW.version_id)
BEGIN SELECT RAISE(ABORT, 'a version with a key takes no more options'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER question_keys_no_update BEFORE UPDATE ON question_keys
BEGIN SELECT RAISE(ABORT, 'keys of a version are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER question_keys_no_delete BEFORE DELETE ON question_keys
BEGIN SELECT RAISE(ABORT, 'keys of a version are never deleted'); END;
-- +goose StatementEnd
-- +end
-- +postgres
-- +goose StatementBegin
CREATE FUNCTION question_version_refuse() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN RAISE EXCEPTION 'question versions, their options and keys are never changed or deleted'; END $f$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION question_version_sealed() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  IF EXISTS (SELECT 1 FROM question_keys k WHERE k.version_id = NEW.version_id) THEN
    RAISE EXCEPTION 'a version with a key takes no more options';
  END IF;
  RETURN NEW;
END $f$;
-- +goose StatementEnd
CREATE TRIGGER question_versions_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON question_versions
  FOR EACH STATEMENT EXECUTE FUNCTION question_version_refuse();
CREATE TRIGGER question_options_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON question_options
  FOR EACH STATEMENT EXECUTE FUNCTION question_version_refuse();
CREATE TRIGGER question_keys_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON question_keys
  FOR EACH STATEMENT EXECUTE FUNCTION question_version_refuse();
CREATE TRIGGER question_options_sealed BEFORE INSERT ON question_options
  FOR EACH ROW EXECUTE FUNCTION question_version_sealed();
-- +end
