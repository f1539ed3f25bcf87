package exchange

import (
	"reflect"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// withPictures gives an item pictures that its stem and first option show.
func withPictures(t *rapid.T, it Item) Item {
	shown := ""
	for i := range rapid.IntRange(0, 2).Draw(t, "pictures") {
		p := Picture{Name: "图" + strconv.Itoa(i) + ".png", Data: rapid.SliceOfN(rapid.Byte(), 1, 8).Draw(t, "bytes")}
		it.Pictures = append(it.Pictures, p)
		shown += "![看](" + p.Name + ")"
		if len(it.Options) > 0 {
			it.Options[0].Text += "![](" + p.Name + ")"
		}
	}
	it.Stem = shown + it.Stem
	return it
}

func TestQTIPackagesReadBackTheSame(t *testing.T) {
	for _, format := range []string{"qti21", "qti30"} {
		t.Run(format, rapid.MakeCheck(func(t *rapid.T) {
			items := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Item { return withPictures(t, drawItem(t)) }), 1, 4).Draw(t, "items")
			for _, it := range items {
				for _, each := range append([]Item{it}, it.Items...) {
					if each.Kind == Fill && CountBlanks(each.Stem) != len(each.Blanks) {
						t.Skip("gaps ran together")
					}
				}
			}
			file, err := Write(format, items)
			if err != nil {
				t.Fatal(err)
			}
			res, err := Read("bank."+file.Ext, file.Data)
			if err != nil {
				t.Fatal(err)
			}
			if res.Format != format || len(res.Rows) != len(items) || len(res.Skipped) != 0 {
				t.Fatalf("wrote %d items, read %d rows as %s, skipped %v", len(items), len(res.Rows), res.Format, res.Skipped)
			}
			for i, row := range res.Rows {
				if len(row.Problems)+len(row.Warnings) > 0 {
					t.Fatalf("item %d: %v %v", i, row.Problems, row.Warnings)
				}
				if got, want := normal(row.Item), normal(items[i]); !reflect.DeepEqual(got, want) {
					t.Fatalf("wrote %#v\nread  %#v", want, got)
				}
			}
		}))
	}
}
