package quiz

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"jingzhong/audit"
	"jingzhong/fault"
	"jingzhong/media"
	"jingzhong/org"
)

// Faults of pictures in questions.
var (
	ErrPictureNotFound = fault.New(fault.NotFound, "picture.not_found")

	errPictureAddress = fault.New(fault.Invalid, "question.picture_address")
	errPictureAlt     = fault.New(fault.Invalid, "question.picture_alt")
	errPictureUnknown = fault.New(fault.Invalid, "question.picture_unknown")
	errPicturesMany   = fault.New(fault.Invalid, "question.pictures_many")
)

const (
	picturesMost = 20  // pictures of one question
	altMost      = 200 // characters that say what one shows

	pictureKept = 30 * 24 * time.Hour // an upload that no question came to show
)

// A text shows a picture as ![what it shows](picture:HASH#WxH). Authors may leave the size out; versions have
// it, so that a page keeps the place free before the picture is there.
var (
	pictureMark    = regexp.MustCompile(`!\[([^\[\]]*)\]\(([^()]*)\)`)
	pictureAddress = regexp.MustCompile(`^picture:([0-9a-f]{64})(#[0-9]{1,4}x[0-9]{1,4})?$`)
	pictureHash    = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// withoutPictures is a text with what its pictures show in their place.
func withoutPictures(text string) string { return pictureMark.ReplaceAllString(text, "$1") }

// pictureUse is one place of a question that shows a picture; note marks places nobody sees before the key.
type pictureUse struct {
	hash  string
	field string
	note  bool
}

// pictures finds the pictures of a text; anything but one of ours, with words for who cannot see it, is a fault.
func (c *checker) pictures(field, text string) {
	for _, m := range pictureMark.FindAllStringSubmatch(text, -1) {
		address := pictureAddress.FindStringSubmatch(m[2])
		switch alt := strings.TrimSpace(m[1]); {
		case address == nil:
			c.fail(errPictureAddress, field, "address", shortAddress(m[2]))
			continue
		case alt == "" || len([]rune(alt)) > altMost:
			c.fail(errPictureAlt, field, "most", altMost)
		}
		asked := strings.HasSuffix(field, "stem") || strings.Contains(field, "options[") || strings.Contains(field, "pairs[") || strings.HasPrefix(field, "distractors")
		c.shown = append(c.shown, pictureUse{hash: address[1], field: field, note: !asked})
	}
}

func shortAddress(address string) string {
	if r := []rune(address); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return address
}

// place checks the topic and the pictures of a question against the bank.
func (b *Bank) place(tx *gorm.DB, by org.Actor, c *content) error {
	if err := checkTopic(tx, c.topicID); err != nil {
		return err
	}
	return placePictures(tx, by, b.db.Now(), c)
}

// placePictures looks up what the question shows among the pictures its writer may use and writes their sizes
// into the texts.
func placePictures(tx *gorm.DB, by org.Actor, now int64, c *content) error {
	if len(c.pictures) == 0 {
		return nil
	}
	if len(c.pictures) > picturesMost {
		return ErrQuestionInvalid.And(errPicturesMany.At("stem").With("most", picturesMost))
	}
	hashes := make([]string, len(c.pictures))
	for i, p := range c.pictures {
		hashes[i] = p.hash
	}
	sizes, err := usablePictures(tx, by, now, hashes)
	if err != nil {
		return err
	}
	var unknown []*fault.Error
	for _, p := range c.pictures {
		if sizes[p.hash] == "" {
			unknown = append(unknown, errPictureUnknown.At(p.field))
		}
	}
	if len(unknown) > 0 {
		return ErrQuestionInvalid.And(unknown...)
	}
	c.mapTexts(func(text string) string {
		return mapPictures(text, func(hash string) string { return "picture:" + hash + sizes[hash] })
	})
	return nil
}

// mapPictures gives each of our pictures in a text another address.
func mapPictures(text string, address func(hash string) string) string {
	if !strings.Contains(text, "](picture:") {
		return text
	}
	return pictureMark.ReplaceAllStringFunc(text, func(mark string) string {
		m := pictureMark.FindStringSubmatch(mark)
		if a := pictureAddress.FindStringSubmatch(m[2]); a != nil {
			return "![" + m[1] + "](" + address(a[1]) + ")"
		}
		return mark
	})
}

// mapTexts changes every text of the question that may show a picture.
func (q *content) mapTexts(change func(string) string) {
	q.stem, q.explanation, q.lawQuote, q.rubric = change(q.stem), change(q.explanation), change(q.lawQuote), change(q.rubric)
	for i := range q.options {
		q.options[i].Text = change(q.options[i].Text)
	}
	for i := range q.lefts {
		q.lefts[i] = change(q.lefts[i])
	}
	for i := range q.items {
		q.items[i].mapTexts(change)
	}
}

type pictureRow struct {
	Hash   string `gorm:"primaryKey"`
	MIME   string `gorm:"column:mime"`
	Width  int
	Height int
	Size   int
	Data   []byte
}

// TableName is the pictures' table.
func (pictureRow) TableName() string { return "pictures" }

type uploadRow struct {
	Hash      string `gorm:"primaryKey"`
	CreatedBy int64  `gorm:"primaryKey;autoIncrement:false"`
	UnitID    int64
	At        int64
}

// TableName is the table of who brought which picture.
func (uploadRow) TableName() string { return "picture_uploads" }

type shownRow struct {
	VersionID int64  `gorm:"primaryKey;autoIncrement:false"`
	Hash      string `gorm:"primaryKey"`
	Note      bool
}

// TableName is the table of which version shows which picture.
func (shownRow) TableName() string { return "question_pictures" }

// pictureRows are the pictures of a version; one that the question itself shows anywhere is no note.
func (q content) pictureRows(versionID int64) []shownRow {
	var rows []shownRow
	for _, p := range q.pictures {
		i := slices.IndexFunc(rows, func(r shownRow) bool { return r.Hash == p.hash })
		if i < 0 {
			rows = append(rows, shownRow{versionID, p.hash, p.note})
		} else {
			rows[i].Note = rows[i].Note && p.note
		}
	}
	return rows
}

// UploadPicture keeps a picture for a question its writer is about to write, PNG, JPEG or the first frame of a
// GIF. The same picture is kept once.
func (b *Bank) UploadPicture(ctx context.Context, by org.Actor, name string, data []byte) (media.Picture, error) {
	if err := org.Require(by, org.Author); err != nil {
		return media.Picture{}, err
	}
	if err := media.Named(name, data); err != nil {
		return media.Picture{}, namedPicture(err, name).At("file")
	}
	p, err := media.Clean(data)
	if err != nil {
		return media.Picture{}, namedPicture(err, name).At("file")
	}
	return p, b.db.Tx(ctx, func(tx *gorm.DB) error {
		if err := b.expireUploads(tx); err != nil {
			return err
		}
		return b.keepPicture(ctx, tx, by, by.UnitID, p)
	})
}

// namedPicture puts the file's name into the fault of a picture.
func namedPicture(err error, name string) *fault.Error {
	f, _ := fault.As(err)
	return f.With("name", shortName(name))
}

// keepPicture stores a cleaned picture and that its bringer brought it.
func (b *Bank) keepPicture(ctx context.Context, tx *gorm.DB, by org.Actor, unitID int64, p media.Picture) error {
	row := pictureRow{Hash: p.Hash, MIME: p.MIME, Width: p.Width, Height: p.Height, Size: len(p.Data), Data: p.Data}
	if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
		return fmt.Errorf("quiz: keep picture: %w", err)
	}
	up := uploadRow{Hash: p.Hash, CreatedBy: by.PersonID, UnitID: unitID, At: b.db.Now()}
	err := tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "hash"}, {Name: "created_by"}},
		DoUpdates: clause.AssignmentColumns([]string{"unit_id", "at"})}).Create(&up).Error
	if err != nil {
		return fmt.Errorf("quiz: keep picture: %w", err)
	}
	e := b.entry(by, "picture.upload", 0, unitID)
	e.ObjectKind = "picture"
	e.After = map[string]any{"hash": p.Hash, "mime": p.MIME, "width": p.Width, "height": p.Height, "size": len(p.Data)}
	return audit.Append(ctx, tx, e)
}

// expirePictures lets go of pictures that were brought before that moment (ms UTC) and that no question came to show.
func expirePictures(tx *gorm.DB, before int64) error {
	err := tx.Where("at < ? AND NOT EXISTS (SELECT 1 FROM question_pictures q WHERE q.hash = picture_uploads.hash)", before).
		Delete(&uploadRow{}).Error
	if err != nil {
		return fmt.Errorf("quiz: old pictures: %w", err)
	}
	err = tx.Where(`NOT EXISTS (SELECT 1 FROM picture_uploads u WHERE u.hash = pictures.hash)
		AND NOT EXISTS (SELECT 1 FROM question_pictures q WHERE q.hash = pictures.hash)`).Delete(&pictureRow{}).Error
	if err != nil {
		return fmt.Errorf("quiz: old pictures: %w", err)
	}
	return nil
}

// findPicture reads a picture whose reader was found to be entitled to it.
func findPicture(tx *gorm.DB, hash string) (media.Picture, error) {
	var row pictureRow
	err := tx.Take(&row, "hash = ?", hash).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return media.Picture{}, ErrPictureNotFound
	}
	if err != nil {
		return media.Picture{}, fmt.Errorf("quiz: picture: %w", err)
	}
	return media.Picture{Hash: row.Hash, MIME: row.MIME, Width: row.Width, Height: row.Height, Data: row.Data}, nil
}
