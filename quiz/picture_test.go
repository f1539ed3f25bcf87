package quiz

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"regexp"
	"strings"
	"testing"
	"time"

	"jingzhong/media"
	"jingzhong/org"
	"jingzhong/quiz/exchange"
)

// drawn is a small picture; n makes it one of its own.
func drawn(n int) []byte {
	img := image.NewGray(image.Rect(0, 0, 12+n, 9))
	img.SetGray(3, 3, color.Gray{200})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func (r *bankRoom) upload(by org.Actor, n int) string {
	r.t.Helper()
	p, err := r.UploadPicture(bankCtx, by, "图.png", drawn(n))
	if err != nil {
		r.t.Fatal(err)
	}
	return p.Hash
}

func TestPicturesOfAQuestion(t *testing.T) {
	r := newBankRoom(t)
	hash := r.upload(trainerA, 0)
	if again := r.upload(trainerA, 0); again != hash || r.count(`SELECT COUNT(*) FROM pictures`) != 1 {
		t.Errorf("the same picture twice: %s and %s", hash, again)
	}
	in := singleInput("看图 ![标志](picture:" + hash + ") 这是什么？")
	in.Options[0].Text = "![绝密](picture:" + hash + ")"
	q := r.create(trainerA, in)
	sized := "![标志](picture:" + hash + "#12x9)"
	if !strings.Contains(q.Version.Stem, sized) || !strings.HasSuffix(q.Version.Options[0].Text, "#12x9)") {
		t.Errorf("no sizes: %q %q", q.Version.Stem, q.Version.Options[0].Text)
	}
	if n := r.count(`SELECT COUNT(*) FROM question_pictures WHERE version_id = ? AND note = ?`, q.Version.ID, false); n != 1 {
		t.Errorf("%d pictures of the version", n)
	}
	for query, want := range map[string]int{"标志": 1, hash[:6]: 0, "picture": 0} {
		if page, err := r.ListQuestions(bankCtx, trainerA, QuestionFilter{Query: query}); err != nil || len(page.Items) != want {
			t.Errorf("%q finds %d, %v", query, len(page.Items), err)
		}
	}
	same := inputOf(t, r, q.ID)
	if edited, err := r.EditQuestion(bankCtx, trainerA, q.ID, same); err != nil || edited.Version.No != 1 {
		t.Errorf("an edit that changes nothing: version %d, %v", edited.Version.No, err)
	}
	if _, err := r.BulkEdit(bankCtx, trainerA, BulkInput{IDs: []int64{q.ID}, Act: BulkTag, Tag: "图"}); err != nil {
		t.Fatal(err)
	}
	if n := r.count(`SELECT COUNT(*) FROM question_pictures`); n != 2 {
		t.Errorf("%d pictures of two versions after a bulk edit", n)
	}
	if r.write(`UPDATE question_pictures SET note = ?`, true) == nil || r.write(`DELETE FROM question_pictures`) == nil {
		t.Error("pictures of a version were changed")
	}
	for name, c := range map[string]struct{ stem, code string }{
		"unknown":   {"![图](picture:" + strings.Repeat("0", 64) + ")", "question.picture_unknown"},
		"address":   {"![图](http://example.org/a.png)", "question.picture_address"},
		"data":      {"![图](data:image/png;base64,AAAA)", "question.picture_address"},
		"no words":  {"![ ](picture:" + hash + ")", "question.picture_alt"},
		"many":      {strings.Repeat("![图](picture:"+hash+")", picturesMost+1), "question.pictures_many"},
		"of others": {"![图](picture:" + r.upload(trainerB, 1) + ")", "question.picture_unknown"},
	} {
		if _, err := r.CreateQuestion(bankCtx, trainerA, singleInput("看图 "+c.stem)); !hasField(err, c.code) {
			t.Errorf("%s: %v %s", name, err, fields(err))
		}
	}
}

func TestUploadsNobodyUsedGo(t *testing.T) {
	r := newBankRoom(t)
	used, left := r.upload(trainerA, 0), r.upload(trainerA, 1)
	r.create(trainerA, singleInput("看图 ![图](picture:"+used+")"))
	r.clock.Advance(pictureKept + time.Hour)
	fresh := r.upload(trainerA, 2)
	for hash, want := range map[string]int{used: 1, left: 0, fresh: 1} {
		if n := r.count(`SELECT COUNT(*) FROM pictures WHERE hash = ?`, hash); n != want {
			t.Errorf("%d of %s, want %d", n, hash[:6], want)
		}
	}
}

func TestUploadRefuses(t *testing.T) {
	r := newBankRoom(t)
	if _, err := r.UploadPicture(bankCtx, reviewerA, "a.png", drawn(0)); !errors.Is(err, org.ErrDenied) {
		t.Errorf("a reviewer: %v", err)
	}
	for name, want := range map[string]error{"a.svg": media.ErrExtension, "a.png": nil} {
		if _, err := r.UploadPicture(bankCtx, trainerA, name, drawn(0)); !errors.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.UploadPicture(bankCtx, trainerA, "a.svg", []byte("<svg/>")); !errors.Is(err, media.ErrType) {
		t.Errorf("SVG: %v", err)
	}
}

// TestPicturesTravel takes a bank with pictures out in every format that holds them and in again elsewhere.
func TestPicturesTravel(t *testing.T) {
	r := newBankRoom(t)
	hash := r.upload(trainerA, 0)
	in := singleInput("看图 ![标志](picture:" + hash + ") 这是什么？")
	in.Explanation = "见 ![章](picture:" + r.upload(trainerA, 1) + ")"
	r.create(trainerA, in)
	for _, format := range []string{"gift", "moodle", "qti21", "qti30"} {
		file, err := r.Export(bankCtx, trainerA, QuestionFilter{}, format)
		if err != nil {
			t.Fatal(err)
		}
		imp, err := r.PrepareImport(bankCtx, trainerB, QuestionFile{Name: "题库." + file.Ext, Data: file.Data, TopicID: 2})
		if err != nil || imp.Counts.Ready != 1 {
			t.Fatalf("%s: %+v %v", format, imp.Counts, err)
		}
		page, err := r.ListImportRows(bankCtx, trainerB, imp.ID, ImportRowFilter{})
		if err != nil || !strings.Contains(page.Items[0].Cells[exchange.FieldStem], "picture:"+hash+"#12x9") ||
			!strings.Contains(page.Items[0].Cells[exchange.FieldExplanation], "](picture:") {
			t.Errorf("%s: %+v %v", format, page.Items[0].Cells, err)
		}
		if format == "qti30" {
			if _, err := r.ApplyImport(bankCtx, trainerB, imp.ID, ApplyInput{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := r.count(`SELECT COUNT(*) FROM question_pictures`); n != 4 {
		t.Errorf("%d pictures of two versions", n)
	}
	table, err := r.Export(bankCtx, trainerA, QuestionFilter{}, "csv")
	if err != nil || !bytes.Contains(table.Data, []byte("picture:"+hash)) {
		t.Errorf("the table lost the reference: %v", err)
	}
}

func TestABadPictureIsAnErrorOfItsRow(t *testing.T) {
	r := newBankRoom(t)
	const question = `<question type="truefalse"><name><text>%s</text></name><questiontext format="html"><text><![CDATA[<p>%s 对吗？<img src="@@PLUGINFILE@@/x.png" alt="章"></p>]]></text>
		<file name="x.png" encoding="base64">%s</file></questiontext><answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question>`
	xml := `<?xml version="1.0" encoding="UTF-8"?><quiz>` + fmt.Sprintf(question, "a", "甲", "PHN2Zy8+") + fmt.Sprintf(question, "b", "乙", "iVBORw0KGgo=") + `</quiz>`
	imp, err := r.PrepareImport(bankCtx, trainerA, QuestionFile{Name: "q.xml", Data: []byte(xml), TopicID: 2})
	if err != nil || imp.Counts.Errors != 2 {
		t.Fatalf("%+v %v", imp, err)
	}
	page, err := r.ListImportRows(bankCtx, trainerA, imp.ID, ImportRowFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"picture.type", "picture.broken"} {
		if p := page.Items[i].Problems; len(p) == 0 || p[0].Code != want || p[0].Args["name"] != "x.png" {
			t.Errorf("row %d: %+v", i+1, p)
		}
	}
}

// TestWhoSeesAPicture follows a contest of two questions, of which each paper has one.
func TestWhoSeesAPicture(t *testing.T) {
	h := newHall(t)
	topics, err := h.bank.Topics(h.ctx, h.trainer)
	h.must(err)
	put := func(n int, use, note string) string {
		p, err := h.bank.UploadPicture(h.ctx, h.trainer, "图.png", drawn(n))
		h.must(err)
		in := singleInput(fmt.Sprintf("第%d幅图 ![图](picture:%s)", n, p.Hash))
		in.Explanation = note
		in.TopicID, in.Use, in.Publish = topics[4].ID, use, true
		_, err = h.bank.CreateQuestion(h.ctx, h.trainer, in)
		h.must(err)
		return p.Hash
	}
	note, err := h.bank.UploadPicture(h.ctx, h.trainer, "图.png", drawn(9))
	h.must(err)
	inNote := "![答案](picture:" + note.Hash + ")"
	hashes := []string{put(0, UseContest, inNote), put(1, UseContest, inNote)}
	practice := put(2, UsePractice, "")
	c := h.contest(func(in *ContestInput) {
		in.Rows = []Row{{TopicIDs: []int64{topics[4].ID}, Kinds: []string{KindSingle}, Count: 1, Points: 10000}}
	})
	may := func(by org.Actor, hash string) bool {
		t.Helper()
		p, err := h.contests.ShowPicture(h.ctx, by, hash)
		if err != nil && !errors.Is(err, ErrPictureNotFound) {
			t.Fatal(err)
		}
		return err == nil && len(p.Data) > 0
	}
	anna, bert := h.people[0], h.people[1]
	colleague := h.trainer
	colleague.PersonID, colleague.SessionID, colleague.Mode = 99, "s99", org.ModeTwoPerson
	for _, hash := range hashes {
		for who, want := range map[*org.Actor]bool{&h.trainer: true, &h.reviewer: true, &anna: false, &bert: false, &colleague: false, &h.bureau: false} {
			if may(*who, hash) != want {
				t.Errorf("before: %s sees %v", who.Name, !want)
			}
		}
	}
	if !may(anna, practice) {
		t.Error("a picture of practice is hidden")
	}
	h.later(time.Hour)
	st := h.start(anna, c.ID)
	mine := regexp.MustCompile(`picture:([0-9a-f]{64})`).FindStringSubmatch(string(st.Paper))[1]
	other := hashes[0]
	if mine == other {
		other = hashes[1]
	}
	otherDevice := anna
	otherDevice.SessionID = "another"
	for name, c := range map[string]struct {
		by   org.Actor
		hash string
		want bool
	}{"own paper": {anna, mine, true}, "not on the paper": {anna, other, false}, "another's paper": {bert, mine, false},
		"another device": {otherDevice, mine, false}, "the explanation's": {anna, note.Hash, false}} {
		if may(c.by, c.hash) != c.want {
			t.Errorf("running, %s: %v", name, !c.want)
		}
	}
	_, err = h.contests.Submit(h.ctx, anna, st.ID, SubmitInput{Lease: st.Lease, ArrivedAt: h.db.Now()})
	h.must(err)
	h.must(h.contests.Sweep(h.ctx))
	if may(anna, mine) || may(anna, note.Hash) {
		t.Error("seen between hand-in and review")
	}
	h.later(26 * time.Hour)
	if !may(anna, mine) || !may(anna, note.Hash) || may(anna, other) || may(bert, mine) {
		t.Errorf("reviewed: %v %v %v %v", may(anna, mine), may(anna, note.Hash), may(anna, other), may(bert, mine))
	}
	if may(anna, "' OR 1=1") {
		t.Error("a hash that is none")
	}
}
