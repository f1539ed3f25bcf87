package exchange

import (
	"strings"
	"testing"
)

// checkQTI holds what every reading of QTI keeps: a refusal has a sentence; a row has an item or a problem,
// and what it said; lines lie in the document.
func checkQTI(t *testing.T, text string, res Result, err error) {
	if err == nil {
		lines := strings.Count(text, "\n") + 1
		for _, row := range res.Rows {
			if row.Text == "" && row.Item.Stem == "" && len(row.Cells) == 0 && row.Problems == nil {
				t.Fatalf("a question was lost: %+v", row)
			}
			if text != "" && (row.Line < 0 || row.Line > lines) {
				t.Fatalf("line %d of %d", row.Line, lines)
			}
			for _, p := range append(row.Problems, row.Warnings...) {
				if sentences[p.Code] == "" || strings.Contains(p.Message, "{part}") {
					t.Fatalf("a problem without a sentence: %+v", p)
				}
			}
		}
		rows := res.Rows[:0:0]
		for _, row := range res.Rows { // the general check is for rows of cells
			if len(row.Cells) > 0 {
				rows = append(rows, row)
			}
		}
		res.Rows = rows
	}
	checkResult(t, res, err)
}

// countItems is how many items a document has that is written well.
func countItems(text string, names ...string) int {
	n := 0
	root, fault := parseQTI(text, "", nil)
	if fault != nil {
		return -1
	}
	for _, name := range names {
		n += len(root.all(name))
	}
	return n
}

func FuzzQTI(f *testing.F) {
	for _, c := range qti2Items {
		f.Add(c.xml)
		f.Add(inQTI3(c.xml))
	}
	f.Add(`<assessmentItem><itemBody><p>x<textEntryInteraction/>`)
	f.Add(`<assessmentTest><assessmentItemRef href="a.xml"/></assessmentTest>`)
	f.Fuzz(func(t *testing.T, text string) {
		res, err := readQTIDocument(source{name: "a.xml", data: []byte(text)})
		checkQTI(t, text, res, err)
		plain, _, decoded := xmlText([]byte(text))
		if err != nil || decoded != nil {
			return
		}
		nested := countItems(plain, "assessmentitem", "item", "bankentry_item")
		if n := countItems(plain, "assessmentitem"); n == nested && n > len(res.Rows)+len(res.Skipped) {
			t.Fatalf("%d items, %d rows and %d skipped", n, len(res.Rows), len(res.Skipped))
		}
	})
}

func FuzzQTI12(f *testing.F) {
	for _, c := range qti1Items {
		f.Add("<questestinterop><assessment>" + c.xml + "</assessment></questestinterop>")
	}
	f.Add("<Assessment><item></Assessment>0")
	f.Add(`<questestinterop><item><presentation><response_lid><render_choice/></response_lid>`)
	f.Fuzz(func(t *testing.T, text string) {
		res, err := readQTIDocument(source{name: "a.xml", data: []byte(text)})
		checkQTI(t, text, res, err)
	})
}

func FuzzPackage(f *testing.F) {
	for _, format := range []string{"qti21", "qti30"} {
		file, err := Write(format, []Item{{Kind: Single, Stem: "哪个", Options: opts("甲", "乙"), Correct: []int{0}},
			{Kind: Group, Stem: "材料", Items: []Item{{Kind: Fill, Stem: "在____", Blanks: [][]string{{"此"}}}}}})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file.Data)
	}
	f.Add(zipped(f, "imsmanifest.xml", manifestOf(`<resource type="imsqti_item_xmlv2p1" href="a.xml"/>`), "a.xml", qti2Items["single"].xml))
	f.Add(zipped(f, "q.dat", "<questestinterop>"+qti1Items["blackboard matching"].xml+"</questestinterop>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		zip, err := openArchive(data)
		if err != nil {
			checkResult(t, Result{}, err)
			return
		}
		res, err := readQTIPackage(source{name: "a.zip", data: data, zip: zip})
		checkQTI(t, "", res, err)
	})
}
