package exchange

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// qtiReader reads QTI of every version, from a package or a single document.
type qtiReader struct {
	zip      *archive // nil for a single document
	files    *packageFiles
	part     string // the document that is read, empty for the only one
	res      Result
	entries  []qtiEntry
	warnings []Problem // of the question that is read
	noted    map[string]bool
	pictures []Picture
	names    map[string]string // of pictures, by address as resolved
	quiet    int               // above 0 nothing is noted
	topic    string            // of the questions that come, from sections and titles
	weight   float64           // of the question that comes, from the test
	material string            // key of the stimulus that the question belongs to
	meta     map[string]*partMeta
	stimuli  map[string]*stimulus
	read     map[string]bool // parts done
	testDeep int
	fault    *Error // what refuses the whole file
}

// Bounds of one question: what is noted about it, its options, values and responses, and its
// size in bytes.
const (
	maxNotes    = 50
	maxChoices  = 1000
	maxPlaces   = 200
	maxDocument = 8 << 20
)

// qtiEntry is a row with what is needed to join it with others.
type qtiEntry struct {
	row      Row
	material string // key of its stimulus, or the ident of its parent
	ident    string // of a QTI 1.2 text that may be a stimulus
	text     string // of a stimulus
}

// stimulus is material that several questions share.
type stimulus struct {
	text     string
	pictures []Picture
	line     int
}

func newQTIReader(zip *archive, format string) *qtiReader {
	return &qtiReader{zip: zip, res: Result{Format: format}, meta: map[string]*partMeta{},
		stimuli: map[string]*stimulus{}, noted: map[string]bool{}, read: map[string]bool{}, names: map[string]string{}}
}

func (r *qtiReader) warn(code string, args ...any) {
	if r.quiet > 0 || len(r.warnings) >= maxNotes {
		return
	}
	key := code + fmt.Sprint(args...)
	if !r.noted[key] {
		r.noted[key] = true
		r.warnings = append(r.warnings, problem("", code, args...))
	}
}

// begin clears what belongs to one question.
func (r *qtiReader) begin() {
	r.warnings, r.pictures, r.names, r.noted, r.material = nil, nil, map[string]string{}, map[string]bool{}, ""
}

// push keeps a row; its warnings are those noted since begin.
func (r *qtiReader) push(row Row, e qtiEntry) {
	row.Sheet = r.part
	row.Warnings = append(row.Warnings, r.warnings...)
	for _, list := range [][]Problem{row.Problems, row.Warnings} {
		for i := range list {
			list[i].Sheet, list[i].Line = r.part, row.Line
		}
	}
	e.row = row
	if len(r.entries) >= MaxRows && r.fault == nil {
		r.fault = refuse("file.rows", "most", MaxRows)
	}
	r.entries = append(r.entries, e)
}

// bad keeps a question that cannot be read.
func (r *qtiReader) bad(n *node, text, code string, args ...any) {
	r.push(badRow(n.line, text, code, args...), qtiEntry{})
}

// skip lists a text that is no question.
func (r *qtiReader) skip(line int, text, code string, args ...any) {
	if len(r.res.Skipped) >= MaxRows && r.fault == nil {
		r.fault = refuse("file.rows", "most", MaxRows)
	}
	p := orphan(line, text, code, args...)
	p.Sheet = r.part
	r.res.Skipped = append(r.res.Skipped, p)
}

// add keeps an item that was read.
func (r *qtiReader) add(n *node, text string, it Item, q *qtiItem) {
	if it.Topic == "" && q.own == nil {
		it.Topic = r.topic
	}
	r.keep(n.line, text, it, q.own == nil, q.problems, qtiEntry{material: r.material})
}

// keep makes the row of an item. What others wrote is looked over for options that must keep their place.
func (r *qtiReader) keep(line int, text string, it Item, foreign bool, problems []Problem, e qtiEntry) {
	it.Pictures = r.pictures
	if foreign {
		for i := range it.Tags {
			it.Tags[i] = strings.Join(strings.Fields(it.Tags[i]), "_")
		}
		r.fixNeighbours(&it)
		for i := range it.Items {
			r.fixNeighbours(&it.Items[i])
		}
	}
	row := exactRow(line, text, it)
	for _, p := range row.Problems { // a key that cannot be read is not one that is missing
		if p.Code != "item.answer_missing" || !slices.ContainsFunc(problems, func(q Problem) bool { return q.Part == p.Part }) {
			problems = append(problems, p)
		}
	}
	row.Problems = problems
	for part, each := range append([]Item{it}, it.Items...) {
		for _, variants := range each.Blanks {
			if len(variants) == 0 && len(each.Blanks) > 1 {
				row.Problems = append(row.Problems, inPart(part, problem(FieldAnswer, "item.answer_missing")))
				break
			}
		}
	}
	if len(row.Problems) > 0 && len(row.Cells) == 0 {
		row.Cells = Cells{FieldStem: it.Stem}
	}
	r.push(row, e)
}

// exactRow is itemRow for an item whose questions may have more options than a row has room for.
func exactRow(line int, text string, it Item) Row {
	for i, part := range it.Items {
		if len(part.Options) > len(letters) {
			row := badRow(line, text, "item.options_many", "most", len(letters))
			row.Problems = []Problem{inPart(i+1, row.Problems[0])}
			row.Cells, row.Pictures = Cells{FieldStem: it.Stem}, it.Pictures
			return row
		}
	}
	return itemRow(line, text, it)
}

func inPart(part int, p Problem) Problem {
	if part == 0 {
		return p
	}
	return ofPart([]Problem{p}, part)[0]
}

func (r *qtiReader) fixNeighbours(it *Item) {
	if it.Kind != Single && it.Kind != Multiple {
		return
	}
	for i, o := range it.Options {
		if !o.Fixed && LooksFixed(o.Text) {
			it.Options[i].Fixed = true
			r.warn("item.option_fixed", "option", o.Text)
		}
	}
}

var (
	pictureFile  = regexp.MustCompile(`(?i)\.(png|jpe?g|gif|bmp|webp|svg|tiff?)(\?.*)?$`)
	dataAddress  = regexp.MustCompile(`^data:image/([a-z+.-]+);base64,`)
	addressSigns = strings.NewReplacer(" ", "%20", "(", "%28", ")", "%29", "\n", "", "\t", "")
	unsafeName   = regexp.MustCompile(`[^\p{L}\p{N}._-]+`)
)

// pictureName gives the picture at an address its name in the item and takes its bytes along.
func (r *qtiReader) pictureName(src string) string {
	src = strings.TrimSpace(src)
	if src == "" {
		return ""
	}
	if m := dataAddress.FindStringSubmatch(src); m != nil {
		data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(src[len(m[0]):]), ""))
		name := "picture-" + strconv.Itoa(len(r.pictures)+1) + "." + unsafeName.ReplaceAllString(m[1], "")
		if err != nil {
			r.warn("item.picture_missing", "name", name)
			return name
		}
		return r.keepPicture(name, data)
	}
	part, ok := r.resolve(src)
	if !ok {
		r.warn("item.picture_missing", "name", cutText(src))
		return addressSigns.Replace(src)
	}
	if name := r.names[part]; name != "" {
		return name
	}
	data, err := r.files.bytes(part)
	if err != nil {
		r.warn("item.picture_missing", "name", part)
		return path.Base(part)
	}
	name := r.keepPicture(path.Base(part), data)
	r.names[part] = name
	return name
}

// keepPicture adds a picture under a name that no other of the item has.
func (r *qtiReader) keepPicture(name string, data []byte) string {
	if len(r.pictures) >= maxPictures {
		r.warn("item.picture_many", "most", maxPictures)
		return name
	}
	name = unsafeName.ReplaceAllString(name, "_")
	for n, base := 2, name; ; n++ {
		taken := false
		for _, p := range r.pictures {
			taken = taken || p.Name == name
		}
		if !taken {
			break
		}
		name = strconv.Itoa(n) + "-" + base
	}
	if r.quiet == 0 {
		r.pictures = append(r.pictures, Picture{name, data})
	}
	return name
}

// resolve finds the part of the package that an address means. Nothing outside the package is looked at.
func (r *qtiReader) resolve(src string) (string, bool) {
	if r.files == nil {
		return "", false
	}
	if u, err := url.PathUnescape(src); err == nil {
		src = u
	}
	for _, base := range []string{"$IMS-CC-FILEBASE$", "$CANVAS_OBJECT_REFERENCE$", "@X@EmbeddedFile.requestUrlStub@X@"} {
		src = strings.TrimPrefix(src, base)
	}
	if i := strings.IndexAny(src, "?#"); i >= 0 {
		src = src[:i]
	}
	if strings.Contains(src, "://") || src == "" {
		return "", false
	}
	return r.files.find(path.Dir(r.part), src)
}

// htmlPart is the text of a page of the package.
func (r *qtiReader) htmlPart(src string) string {
	part, ok := r.resolve(src)
	if !ok {
		r.warn("package.part_missing", "part", src)
		return ""
	}
	data, err := r.files.bytes(part)
	if err != nil {
		r.warn("package.part_missing", "part", src)
		return ""
	}
	text, _, err := decode(data)
	if err != nil {
		r.warn("package.part_missing", "part", src)
		return ""
	}
	r.read[part] = true
	return htmlText(text, r.pictureName)
}
