-- +goose Up
-- The tree of units. path lists the ids from the root to the unit itself: /1/5/. A unit an import has staged
-- carries the import's number and is not there until the import is flipped (see people_imports).
CREATE TABLE units (
  id         $PK,
  parent_id  BIGINT REFERENCES units (id),
  name       TEXT    NOT NULL,
  short_name TEXT    NOT NULL DEFAULT '',
  kind       TEXT    NOT NULL CHECK (kind IN ('agency', 'township', 'community', 'enterprise', 'school', 'institution')),
  tier       INTEGER NOT NULL,
  code       TEXT,
  path       TEXT    NOT NULL,
  sort       INTEGER NOT NULL DEFAULT 0,
  import_id  BIGINT  NOT NULL DEFAULT 0,
  version    BIGINT  NOT NULL DEFAULT 1,
  created_at BIGINT  NOT NULL,
  updated_at BIGINT  NOT NULL
);
CREATE UNIQUE INDEX units_root ON units ((parent_id IS NULL)) WHERE parent_id IS NULL;
CREATE UNIQUE INDEX units_name ON units (parent_id, name);
CREATE UNIQUE INDEX units_code ON units (code) WHERE code IS NOT NULL;
CREATE INDEX units_path ON units (path);

-- Other names a unit is written as in files.
CREATE TABLE unit_aliases (
  unit_id BIGINT NOT NULL REFERENCES units (id),
  alias   TEXT   NOT NULL,
  PRIMARY KEY (unit_id, alias)
);

-- There is no column for an ID-card number, and there will be none.
CREATE TABLE people (
  id            $PK,
  name          TEXT    NOT NULL,
  pinyin        TEXT    NOT NULL DEFAULT '',
  initials      TEXT    NOT NULL DEFAULT '',
  username      TEXT    NOT NULL,
  staff_no      TEXT,
  phone         TEXT,
  email         TEXT,
  unit_id       BIGINT  NOT NULL REFERENCES units (id),
  position      TEXT    NOT NULL DEFAULT '',
  status        TEXT    NOT NULL CHECK (status IN ('active', 'seconded', 'sick', 'away', 'retired', 'disabled')),
  is_test       $BOOL   NOT NULL DEFAULT FALSE,
  password_hash TEXT    NOT NULL DEFAULT '',
  password_long $BOOL   NOT NULL DEFAULT FALSE,
  session_epoch BIGINT  NOT NULL DEFAULT 1,
  failed_logins INTEGER NOT NULL DEFAULT 0,
  locked_until  BIGINT  NOT NULL DEFAULT 0,
  anonymised_at BIGINT  NOT NULL DEFAULT 0,
  last_seen_at  BIGINT  NOT NULL DEFAULT 0,
  import_id     BIGINT  NOT NULL DEFAULT 0,
  version       BIGINT  NOT NULL DEFAULT 1,
  created_at    BIGINT  NOT NULL,
  updated_at    BIGINT  NOT NULL
);
CREATE UNIQUE INDEX people_username ON people (username);
CREATE UNIQUE INDEX people_staff_no ON people (staff_no) WHERE staff_no IS NOT NULL;
CREATE UNIQUE INDEX people_phone ON people (phone) WHERE phone IS NOT NULL;
CREATE INDEX people_unit ON people (unit_id, status);
CREATE INDEX people_import ON people (import_id) WHERE import_id <> 0;

CREATE TABLE audiences (
  id   $PK,
  code TEXT    NOT NULL UNIQUE,
  name TEXT    NOT NULL UNIQUE,
  sort INTEGER NOT NULL DEFAULT 0
);
INSERT INTO audiences (code, name, sort) VALUES
  ('leader', '领导干部', 10), ('classified', '涉密人员', 20), ('civil_servant', '公务员', 30),
  ('print_and_waste', '打字复印与废品回收人员', 40);

CREATE TABLE person_audiences (
  person_id   BIGINT NOT NULL REFERENCES people (id),
  audience_id BIGINT NOT NULL REFERENCES audiences (id),
  PRIMARY KEY (person_id, audience_id)
);
CREATE INDEX person_audiences_audience ON person_audiences (audience_id);

CREATE TABLE role_grants (
  id         $PK,
  person_id  BIGINT NOT NULL REFERENCES people (id),
  role       TEXT   NOT NULL CHECK (role IN ('owner', 'trainer', 'reviewer', 'manager', 'invigilator', 'sysadmin', 'secadmin', 'auditor')),
  unit_id    BIGINT NOT NULL REFERENCES units (id),
  granted_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  revoked_at BIGINT,
  revoked_by BIGINT
);
CREATE UNIQUE INDEX role_grants_held ON role_grants (person_id, role, unit_id) WHERE revoked_at IS NULL;
CREATE INDEX role_grants_role ON role_grants (role) WHERE revoked_at IS NULL;

-- One row a sign-in; its id is the family of its refresh tokens.
CREATE TABLE sessions (
  id           TEXT   PRIMARY KEY,
  person_id    BIGINT NOT NULL REFERENCES people (id),
  generation   BIGINT NOT NULL DEFAULT 1,
  ip           TEXT   NOT NULL DEFAULT '',
  agent        TEXT   NOT NULL DEFAULT '',
  created_at   BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  revoked_at   BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX sessions_person ON sessions (person_id);
CREATE INDEX sessions_expires ON sessions (expires_at);

-- Refresh tokens by their HMAC, the spent ones too: a spent one that comes back revokes the family.
CREATE TABLE refresh_tokens (
  hash       TEXT   PRIMARY KEY,
  session_id TEXT   NOT NULL REFERENCES sessions (id),
  generation BIGINT NOT NULL,
  issued_at  BIGINT NOT NULL,
  used_at    BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id, generation);

-- Activation codes by their HMAC.
CREATE TABLE activations (
  id         $PK,
  person_id  BIGINT NOT NULL REFERENCES people (id),
  code_hash  TEXT   NOT NULL UNIQUE,
  issued_by  BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at    BIGINT NOT NULL DEFAULT 0,
  revoked_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX activations_person ON activations (person_id);

-- Uploads of people. What an import stages becomes visible in the one statement that sets flipped_at.
CREATE TABLE people_imports (
  id           $PK,
  person_id    BIGINT NOT NULL,
  file_name    TEXT   NOT NULL,
  file_hash    TEXT   NOT NULL,
  state        TEXT   NOT NULL CHECK (state IN ('reading', 'checked', 'applying', 'applied', 'failed')),
  problem      TEXT   NOT NULL DEFAULT '',
  total        INTEGER NOT NULL DEFAULT 0,
  progress     INTEGER NOT NULL DEFAULT 0,
  header       TEXT   NOT NULL DEFAULT '[]',
  warnings     TEXT   NOT NULL DEFAULT '[]',
  create_units $BOOL  NOT NULL DEFAULT FALSE,
  new_units    TEXT   NOT NULL DEFAULT '[]',
  flipped_at   BIGINT NOT NULL DEFAULT 0,
  created_at   BIGINT NOT NULL,
  finished_at  BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE people_import_rows (
  import_id  BIGINT  NOT NULL REFERENCES people_imports (id),
  row_no     INTEGER NOT NULL,
  state      TEXT    NOT NULL CHECK (state IN ('new', 'changed', 'unchanged', 'error', 'undecided')),
  person_id  BIGINT  NOT NULL DEFAULT 0,
  unit_id    BIGINT  NOT NULL DEFAULT 0,
  seen       BIGINT  NOT NULL DEFAULT 0,
  decided    $BOOL   NOT NULL DEFAULT FALSE,
  done       $BOOL   NOT NULL DEFAULT FALSE,
  cells      TEXT    NOT NULL,
  plan       TEXT    NOT NULL,
  PRIMARY KEY (import_id, row_no)
);
CREATE INDEX people_import_rows_state ON people_import_rows (import_id, state, row_no);
CREATE INDEX people_import_rows_person ON people_import_rows (person_id, import_id);
