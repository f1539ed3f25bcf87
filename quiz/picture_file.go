package quiz

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"jingzhong/fault"
	"jingzhong/media"
	"jingzhong/org"
	"jingzhong/quiz/exchange"
	"jingzhong/store"
)

// importPoints bounds the points of all pictures of one file together: decoding them is what an import costs most.
const importPoints = 200_000_000

// errImportPictures is on the rows whose pictures were too many for one file.
var errImportPictures = fault.New(fault.Unprocessable, "question_import.pictures_many")

// pictureAlt stands for the words that a file does not have for a picture.
const pictureAlt = "图"

// incoming takes the pictures of a file in, each once.
type incoming struct {
	seen    map[[sha256.Size]byte]taken
	fresh   []media.Picture
	byHash  map[string]bool
	claimed int
}

type taken struct {
	address string
	err     error
}

// take cleans a picture and says under which address texts show it.
func (in *incoming) take(p exchange.Picture) taken {
	sum := sha256.Sum256(p.Data)
	if t, ok := in.seen[sum]; ok {
		return t
	}
	t := taken{err: errImportPictures}
	if in.claimed += media.Points(p.Data); in.claimed <= importPoints {
		var clean media.Picture
		if clean, t.err = media.Clean(p.Data); t.err == nil {
			t.address = fmt.Sprintf("picture:%s#%dx%d", clean.Hash, clean.Width, clean.Height)
			if !in.byHash[clean.Hash] {
				in.byHash[clean.Hash] = true
				in.fresh = append(in.fresh, clean)
			}
		}
	}
	in.seen[sum] = t
	return t
}

// importPictures stores what the rows of a file show and points their texts at it. A picture that is none, or
// is refused, is a problem of its row.
func (b *Bank) importPictures(ctx context.Context, by org.Actor, unitID int64, rows []exchange.Row) error {
	in := &incoming{seen: map[[sha256.Size]byte]taken{}, byHash: map[string]bool{}}
	for i := range rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		in.row(&rows[i])
		for len(in.fresh) > 0 {
			p := in.fresh[0]
			in.fresh = in.fresh[1:]
			if err := b.db.Tx(ctx, func(tx *gorm.DB) error { return b.keepPicture(ctx, tx, by, unitID, p) }); err != nil {
				return err
			}
		}
	}
	return nil
}

func (in *incoming) row(row *exchange.Row) {
	gone := slices.ContainsFunc(row.Warnings, func(p exchange.Problem) bool { return strings.HasPrefix(p.Code, "item.picture_") })
	if len(row.Pictures) == 0 && !gone {
		return
	}
	addresses := map[string]string{}
	for _, p := range row.Pictures {
		t := in.take(p)
		addresses[p.Name] = t.address
		if t.err != nil {
			f := namedPicture(t.err, p.Name)
			row.Problems = append(row.Problems, exchange.Problem{Sheet: row.Sheet, Line: row.Line, Field: exchange.FieldStem, Code: f.Code, Args: f.Args})
		}
	}
	for field, text := range row.Cells {
		row.Cells[field] = pictureMark.ReplaceAllStringFunc(text, func(mark string) string {
			m := pictureMark.FindStringSubmatch(mark)
			if strings.TrimSpace(m[1]) == "" {
				m[1] = pictureAlt
			}
			switch address, known := addresses[m[2]]; {
			case address != "":
				return "![" + m[1] + "](" + address + ")"
			case gone && !known && !pictureAddress.MatchString(m[2]):
				return "［" + m[1] + "］" // the reader of the file has said that it is not there
			}
			return mark
		})
	}
	row.Item = exchange.Parse(*row).Item
}

// packPictures gives items that leave the bank the bytes of what they show, under names of files.
func packPictures(tx *gorm.DB, items []exchange.Item) error {
	files := map[string]exchange.Picture{}
	for i := range items {
		shown := map[string]bool{}
		mapItem(&items[i], func(text string) string {
			return mapPictures(text, func(hash string) string { shown[hash] = true; return "picture:" + hash })
		})
		if len(shown) == 0 {
			continue
		}
		for hash := range shown {
			if _, ok := files[hash]; ok {
				continue
			}
			p, err := findPicture(tx, hash)
			if err != nil {
				return err
			}
			files[hash] = exchange.Picture{Name: hash[:16] + map[string]string{"image/png": ".png", "image/jpeg": ".jpg"}[p.MIME], Data: p.Data}
		}
		mapItem(&items[i], func(text string) string {
			return mapPictures(text, func(hash string) string { return files[hash].Name })
		})
		for hash := range shown {
			items[i].Pictures = append(items[i].Pictures, files[hash])
		}
		slices.SortFunc(items[i].Pictures, func(a, b exchange.Picture) int { return strings.Compare(a.Name, b.Name) })
	}
	return nil
}

// mapItem changes every text of an item that may show a picture.
func mapItem(it *exchange.Item, change func(string) string) {
	it.Stem, it.Explanation, it.LawQuote, it.Rubric = change(it.Stem), change(it.Explanation), change(it.LawQuote), change(it.Rubric)
	for i := range it.Options {
		it.Options[i].Text = change(it.Options[i].Text)
	}
	for i := range it.Pairs {
		it.Pairs[i].Left, it.Pairs[i].Right = change(it.Pairs[i].Left), change(it.Pairs[i].Right)
	}
	for i := range it.Distractors {
		it.Distractors[i] = change(it.Distractors[i])
	}
	for i := range it.Items {
		mapItem(&it.Items[i], change)
	}
}

// expireUploads lets go of what was brought and never shown; an import that waits is younger.
func (b *Bank) expireUploads(tx *gorm.DB) error {
	return expirePictures(tx, store.MS(b.now().Add(-pictureKept)))
}
