-- +goose Up
-- Pictures in questions. hash is the SHA-256 of data, which was decoded and written anew before it came here:
-- image/png or image/jpeg, sizes in pixels and bytes. A text shows one as ![what it shows](picture:HASH#WxH).
CREATE TABLE pictures (
  hash   TEXT    NOT NULL PRIMARY KEY,
  mime   TEXT    NOT NULL CHECK (mime IN ('image/png', 'image/jpeg')),
  width  INTEGER NOT NULL,
  height INTEGER NOT NULL,
  size   INTEGER NOT NULL,
  data   $BLOB   NOT NULL
);

-- Who brought a picture, for which unit, when last; several people may bring the same one, each for himself.
CREATE TABLE picture_uploads (
  hash       TEXT   NOT NULL REFERENCES pictures (hash),
  created_by BIGINT NOT NULL,
  unit_id    BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  PRIMARY KEY (hash, created_by)
);
CREATE INDEX picture_uploads_at ON picture_uploads (at);

-- Which versions show a picture; whoever may see the version may see it. With note only explanation, quotation
-- or rubric show it, which nobody sees before the key. Written with the version and, like it, never changed.
CREATE TABLE question_pictures (
  version_id BIGINT NOT NULL REFERENCES question_versions (id),
  hash       TEXT   NOT NULL REFERENCES pictures (hash),
  note       $BOOL  NOT NULL,
  PRIMARY KEY (version_id, hash)
);
CREATE INDEX question_pictures_hash ON question_pictures (hash);

-- +sqlite
-- +goose StatementBegin
CREATE TRIGGER question_pictures_no_update BEFORE UPDATE ON question_pictures
BEGIN SELECT RAISE(ABORT, 'pictures of a version are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER question_pictures_no_delete BEFORE DELETE ON question_pictures
BEGIN SELECT RAISE(ABORT, 'pictures of a version are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER question_pictures_sealed BEFORE INSERT ON question_pictures
WHEN EXISTS (SELECT 1 FROM question_keys k WHERE k.version_id = NEW.version_id)
BEGIN SELECT RAISE(ABORT, 'a version with a key takes no more pictures'); END;
-- +goose StatementEnd
-- +end
-- +postgres
CREATE TRIGGER question_pictures_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON question_pictures
  FOR EACH STATEMENT EXECUTE FUNCTION question_version_refuse();
CREATE TRIGGER question_pictures_sealed BEFORE INSERT ON question_pictures
  FOR EACH ROW EXECUTE FUNCTION question_version_sealed();
-- +end
