package exchange

import (
	"math"
	"strconv"
	"strings"
)

// readMoodle reads Moodle's XML format (rules-contest 6.1).
func readMoodle(s source) (Result, error) {
	text, encoding, err := xmlText(s.data)
	if err != nil {
		return Result{}, err
	}
	res := Result{Format: "moodle", Encoding: encoding}
	topic, document := "", []byte(text)
	var readings []reading
	err = eachQuestion(text, func(n *node) error {
		if n.attrs["type"] == "category" {
			topic = topicOf(htmlText(n.child("category").content(), nil))
			return nil
		}
		if len(readings) >= MaxRows {
			return refuse("file.rows", "most", MaxRows)
		}
		q := &moodleQuestion{n: n, it: Item{Topic: topic}, album: album{used: map[string]bool{}}}
		readings = append(readings, q.reading(document))
		return nil
	})
	if err != nil {
		return Result{}, err
	}
	assemble(readings, &res)
	if len(res.Rows) == 0 && len(res.Skipped) == 0 {
		return Result{}, refuse("file.no_items")
	}
	return res, nil
}

// moodleQuestion is one question element on its way to an item.
type moodleQuestion struct {
	n        *node
	it       Item
	album    album
	feedback []string
	warnings []Problem
	fault    []any // a code and its arguments
}

func (q *moodleQuestion) warn(code string, args ...any) {
	q.warnings = append(q.warnings, problem("", code, args...))
}

func (q *moodleQuestion) fail(code string, args ...any) {
	if q.fault == nil {
		q.fault = append([]any{code}, args...)
	}
}

// text is what an element with a text says, with its pictures.
func (q *moodleQuestion) text(n *node) string {
	if n == nil {
		return ""
	}
	return formatted(q.raw(n), n.attrs["format"], &q.album)
}

// raw is the element's text as markup; the files that came with it are known from here on.
func (q *moodleQuestion) raw(n *node) string {
	q.album.files = map[string][]byte{}
	for _, f := range n.children("file") {
		name := f.attrs["name"]
		if f.attrs["encoding"] != "base64" || name == "" {
			continue
		}
		if data, err := decodePicture(f.content()); err == nil {
			q.album.files[strings.TrimPrefix(f.attrs["path"], "/")+name] = data
		}
	}
	var b strings.Builder
	for _, t := range n.children("text") {
		b.WriteString(t.content())
	}
	if text := n.child("text"); text == nil {
		for _, k := range n.kids {
			if k.name == "" {
				b.WriteString(k.text)
			}
		}
	}
	if text := b.String(); len(text) > maxPictureMarkup || len(text) > maxQuestion && !strings.Contains(text, "data:image/") {
		q.fail("item.malformed", "reason", "这一题太长")
		return strings.ToValidUTF8(text[:maxQuestion/100], "")
	}
	return b.String()
}

// readers are the types of Moodle that make an item.
var readers = map[string]func(*moodleQuestion){
	"multichoice": (*moodleQuestion).choice, "multichoiceset": (*moodleQuestion).choice, "truefalse": (*moodleQuestion).trueFalse,
	"shortanswer": (*moodleQuestion).short, "numerical": (*moodleQuestion).numerical, "matching": (*moodleQuestion).matching,
	"match": (*moodleQuestion).matching, "ddmatch": (*moodleQuestion).matching, "essay": (*moodleQuestion).essay,
	"ordering": (*moodleQuestion).ordering, "ddwtos": (*moodleQuestion).words, "gapselect": (*moodleQuestion).words,
}

// reading reads the question.
func (q *moodleQuestion) reading(document []byte) reading {
	kind := q.n.attrs["type"]
	r := reading{row: Row{Line: q.n.line, Exact: true}}
	q.common(&r.marks)
	switch read := readers[kind]; {
	case kind == "description":
		r.text = true
		q.it.Kind, q.it.Stem = Group, q.stem()
	case kind == "cloze" || kind == "multianswer":
		q.cloze()
	case read != nil:
		q.it.Stem = q.stem()
		read(q)
	default:
		q.it.Stem = q.stem()
		q.fail("item.unsupported", "kind", kind)
	}
	r.row.Text = q.said(document)
	q.finish(&r)
	return r
}

// said is the question's text, for a list of what was not read: what it asks, or else its source.
func (q *moodleQuestion) said(document []byte) string {
	parts := nonEmpty([]string{htmlText(q.n.child("name").child("text").content(), nil), q.it.Stem})
	if len(parts) == 0 || q.fault != nil {
		return q.n.source(document)
	}
	return strings.Join(parts, "\n")
}

// stem is the question's text, with the one picture that Moodle 1.9 had beside it.
func (q *moodleQuestion) stem() string {
	stem := q.text(q.n.child("questiontext"))
	name := strings.TrimSpace(q.n.child("image").content())
	if data, err := decodePicture(q.n.child("image_base64").content()); err == nil && name != "" && len(data) > 0 {
		stem += "\n" + pictureMark("", q.album.keep(pictureName(name), data), nil)
	}
	return strings.TrimFunc(stem, blank)
}

// common reads what every type has.
func (q *moodleQuestion) common(m *marks) {
	q.it.Explanation = q.text(q.n.child("generalfeedback"))
	if grade := strings.TrimSpace(q.n.child("defaultgrade").content()); grade != "" {
		if v, err := strconv.ParseFloat(grade, 64); err == nil && v >= 0 && v <= 1000 {
			q.it.Points = int64(math.Round(v * 100))
		} else {
			q.fail("item.points", "value", grade)
		}
	}
	for _, tag := range q.n.child("tags").children("tag") {
		if text := tagOf(tag.content()); text != "" {
			q.it.Tags = append(q.it.Tags, text)
		}
	}
	if hidden := strings.TrimSpace(q.n.child("hidden").content()); hidden == "1" || hidden == "true" {
		q.warn("item.hidden")
	}
	for _, hint := range q.n.children("hint") {
		if text := q.text(hint); text != "" {
			q.warn("item.detail_lost", "name", "提示", "text", text)
		}
	}
	for _, mark := range q.n.children("jingzhong") {
		field, value, _ := strings.Cut(mark.content(), " ")
		m.read(field, value)
	}
}

// finish puts the item, or what is wrong with it, into the reading.
func (q *moodleQuestion) finish(r *reading) {
	if q.it.Explanation == "" {
		q.it.Explanation = strings.Join(q.feedback, "\n")
	} else {
		for _, text := range q.feedback {
			q.warn("item.feedback_lost", "text", text)
		}
	}
	for _, n := range q.n.all("file") {
		if name := n.attrs["name"]; name != "" && !q.album.used[name] && !hasPicture(q.album.pictures, pictureName(name)) {
			q.warn("item.detail_lost", "name", "附件", "text", name)
		}
	}
	r.row.Pictures = q.album.pictures
	r.row.Warnings = append(q.warnings, q.album.warnings...)
	for i := range r.row.Warnings {
		r.row.Warnings[i].Line = r.row.Line
	}
	if manyOptions(q.it) {
		q.fail("item.options_many", "most", len(letters))
	}
	if q.fault != nil {
		p := problem("", q.fault[0].(string), q.fault[1:]...)
		p.Line = r.row.Line
		r.row.Problems = []Problem{p}
		if q.it.Stem != "" {
			r.cells = Cells{FieldStem: q.it.Stem}
		}
		return
	}
	r.cells = CellsOf(q.it)
}

func manyOptions(it Item) bool {
	for _, part := range it.Items {
		if manyOptions(part) {
			return true
		}
	}
	return len(it.Options) > len(letters)
}
