package exchange

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"html"
	"strconv"
	"strings"
)

// moodleWriter writes the elements of Moodle's XML.
type moodleWriter struct {
	b        bytes.Buffer
	pictures []Picture
}

func escaped(text string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		return "" // a builder does not fail
	}
	return b.String()
}

// WriteMoodle writes items as Moodle's XML. What Moodle has no place for stands in elements of our own, which
// Moodle passes over and reading the file back understands. A group is its material as a description,
// followed by its questions.
func WriteMoodle(items []Item) ([]byte, error) {
	w := &moodleWriter{}
	w.b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n")
	topic := ""
	for i, it := range items {
		if err := fitsSheet(it); err != nil {
			return nil, fmt.Errorf("exchange: item %d: %w", i+1, err)
		}
		w.pictures = it.Pictures
		w.category(&topic, it.Topic)
		w.question(it, topic, len(it.Items))
		for _, part := range it.Items {
			w.pictures = append(it.Pictures[:len(it.Pictures):len(it.Pictures)], part.Pictures...)
			w.category(&topic, part.Topic)
			w.question(part, topic, 0)
		}
	}
	w.b.WriteString("</quiz>\n")
	return w.b.Bytes(), nil
}

func (w *moodleWriter) category(last *string, topic string) {
	if topic == *last {
		return
	}
	path := "$course$/top"
	if topic != "" {
		path += "/" + moodlePath(topic)
	}
	w.b.WriteString("<question type=\"category\"><category><text>" + escaped(html.EscapeString(path)) + "</text></category></question>\n")
	*last = topic
}

// question writes one item with the marks that make it read back as it is.
func (w *moodleWriter) question(it Item, topic string, parts int) {
	body := &moodleWriter{pictures: w.pictures}
	kind := body.body(it)
	open := "<question type=\"" + kind + "\">\n"
	native := moodleCells(open+body.b.String()+"</question>", topicOf("$course$/top/"+moodlePath(topic)))
	w.b.WriteString(open)
	w.b.Write(body.b.Bytes())
	for _, line := range (marks{cells: missing(CellsOf(it), native), parts: parts}).lines() {
		w.b.WriteString("  <jingzhong>" + escaped(line) + "</jingzhong>\n")
	}
	w.b.WriteString("</question>\n")
}

// moodleCells are the cells that a reader finds in one written question; none if it finds no item.
func moodleCells(document, topic string) (cells Cells) {
	err := eachQuestion(document, func(n *node) error {
		q := &moodleQuestion{n: n, it: Item{Topic: topic}, album: album{used: map[string]bool{}}}
		if r := q.reading(nil); len(r.row.Problems) == 0 {
			cells = r.cells
		}
		return nil
	})
	if err != nil {
		return nil
	}
	return cells
}

// text writes an element with a text: as it is, or as HTML when it shows pictures.
func (w *moodleWriter) text(name, attrs, text string) {
	w.b.WriteString("  <" + name + attrs)
	w.content(text)
	w.b.WriteString("</" + name + ">\n")
}

func (w *moodleWriter) content(text string) {
	shown := shownPictures(text, w.pictures)
	if len(shown) == 0 {
		w.b.WriteString(" format=\"plain_text\"><text>" + escaped(text) + "</text>")
		return
	}
	w.markup(markup(text), shown)
}

func (w *moodleWriter) markup(markup string, shown []Picture) {
	w.b.WriteString(" format=\"html\"><text>" + escaped(markup) + "</text>")
	for _, p := range shown {
		w.b.WriteString("<file name=\"" + escaped(p.Name) + "\" path=\"/\" encoding=\"base64\">" +
			base64.StdEncoding.EncodeToString(p.Data) + "</file>")
	}
}

func (w *moodleWriter) line(name, value string) {
	w.b.WriteString("  <" + name + ">" + escaped(value) + "</" + name + ">\n")
}

// body writes what stands inside the question and returns its type.
func (w *moodleWriter) body(it Item) string {
	name := strings.Join(strings.Fields(pictureMarks.ReplaceAllString(it.Stem, "$1")), " ")
	w.b.WriteString("  <name><text>" + escaped(cutRunes(name, 40)) + "</text></name>\n")
	cloze := it.Kind == Fill && (len(it.Blanks) != 1 || CountBlanks(it.Stem) != 1)
	switch {
	case cloze:
		w.b.WriteString("  <questiontext")
		w.markup(clozeText(it), shownPictures(it.Stem, w.pictures))
		w.b.WriteString("</questiontext>\n")
	case it.Kind == Fill:
		w.text("questiontext", "", strings.Replace(it.Stem, Blank, Blank+"_", 1)) // where Moodle shows the field
	default:
		w.text("questiontext", "", it.Stem)
	}
	w.text("generalfeedback", "", it.Explanation)
	if it.Points > 0 {
		w.line("defaultgrade", strconv.FormatFloat(float64(it.Points)/100, 'f', -1, 64))
	}
	w.b.WriteString("  <penalty>0.3333333</penalty>\n  <hidden>0</hidden>\n  <idnumber></idnumber>\n")
	kind := "cloze"
	if !cloze {
		kind = w.answers(it)
	}
	if len(it.Tags) > 0 {
		w.b.WriteString("  <tags>")
		for _, tag := range it.Tags {
			w.b.WriteString("<tag><text>" + escaped(tag) + "</text></tag>")
		}
		w.b.WriteString("</tags>\n")
	}
	return kind
}

// answers writes what the type of question needs and returns its name in Moodle.
func (w *moodleWriter) answers(it Item) string {
	switch it.Kind {
	case Single, Multiple:
		w.line("single", strconv.FormatBool(it.Kind == Single))
		w.b.WriteString("  <shuffleanswers>true</shuffleanswers>\n  <answernumbering>ABCD</answernumbering>\n")
		for i, weight := range moodleWeights(it) {
			w.text("answer", ` fraction="`+share(weight)+`"`, it.Options[i].Text)
		}
		return "multichoice"
	case TrueFalse:
		right := len(it.Correct) == 1 && it.Correct[0] == 0
		for _, truth := range []bool{true, false} {
			w.text("answer", ` fraction="`+map[bool]string{true: "100", false: "0"}[truth == right]+`"`, strconv.FormatBool(truth))
		}
		return "truefalse"
	case Fill:
		w.line("usecase", "0")
		for _, variant := range it.Blanks[0] {
			w.text("answer", ` fraction="100"`, strings.ReplaceAll(variant, "*", `\*`))
		}
		return "shortanswer"
	case Matching:
		w.line("shuffleanswers", "true")
		for _, p := range it.Pairs {
			w.pair(p.Left, p.Right)
		}
		for _, d := range it.Distractors {
			w.pair("", d)
		}
		return "matching"
	case Ordering:
		w.b.WriteString("  <layouttype>VERTICAL</layouttype>\n  <selecttype>ALL</selecttype>\n  <selectcount>0</selectcount>\n" +
			"  <gradingtype>RELATIVE_NEXT_EXCLUDE_LAST</gradingtype>\n  <showgrading>SHOW</showgrading>\n  <numberingstyle>none</numberingstyle>\n")
		for place, i := range it.Correct {
			w.text("answer", ` fraction="`+strconv.Itoa(place+1)+`"`, it.Options[i].Text)
		}
		return "ordering"
	case Essay:
		w.b.WriteString("  <responseformat>editor</responseformat>\n  <responserequired>1</responserequired>\n" +
			"  <responsefieldlines>10</responsefieldlines>\n  <attachments>0</attachments>\n  <attachmentsrequired>0</attachmentsrequired>\n")
		w.text("graderinfo", "", it.Rubric)
		w.text("responsetemplate", "", "")
		return "essay"
	}
	return "description"
}

func (w *moodleWriter) pair(left, right string) {
	w.b.WriteString("  <subquestion")
	w.content(left)
	w.b.WriteString("<answer><text>" + escaped(right) + "</text></answer></subquestion>\n")
}

var clozeEscaper = strings.NewReplacer(`\`, `\\`, "~", `\~`, "}", `\}`)

// clozeText is a stem with the answers written into its gaps.
func clozeText(it Item) string {
	parts := strings.Split(it.Stem, Blank)
	var b strings.Builder
	for i, part := range parts {
		b.WriteString(markup(part))
		if i+1 == len(parts) {
			break
		}
		var answers []string
		if i < len(it.Blanks) {
			for _, variant := range it.Blanks[i] {
				text := clozeEscaper.Replace(escapeMarkup(strings.ReplaceAll(variant, "*", `\*`)))
				answers = append(answers, "="+escapeHash(text))
			}
		}
		b.WriteString("{1:SHORTANSWER:" + strings.Join(answers, "~") + "}")
	}
	return b.String()
}

// escapeHash escapes # but not that of an entity.
func escapeHash(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "#", `\#`), `&\#`, "&#")
}
