package exchange

import (
	"encoding/base64"
	"fmt"
	"strings"
)

var giftEscapes = strings.NewReplacer(`\`, `\\`, "~", `\~`, "=", `\=`, "#", `\#`, "{", `\{`, "}", `\}`, ":", `\:`, "\n", `\n`)

// giftPlain writes a text so that nothing of it is a sign of GIFT.
func giftPlain(text string) string {
	if text != "" && (text[0] == '[' || text[0] == '%') {
		return "[plain]" + giftEscapes.Replace(text)
	}
	return giftEscapes.Replace(text)
}

// WriteGIFT writes items as GIFT that Moodle reads. What GIFT has no place for stands in comments, which
// reading the file back understands; several gaps in one text, which Moodle's GIFT does not know, become an
// essay there.
func WriteGIFT(items []Item) ([]byte, error) {
	var b strings.Builder
	topic := ""
	for i, it := range items {
		if err := fitsSheet(it); err != nil {
			return nil, fmt.Errorf("exchange: item %d: %w", i+1, err)
		}
		giftTopic(&b, &topic, it.Topic)
		writeGiftItem(&b, it, topic, len(it.Items))
		for _, part := range it.Items {
			giftTopic(&b, &topic, part.Topic)
			writeGiftItem(&b, part, topic, 0)
		}
	}
	return []byte(b.String()), nil
}

// giftTopic changes the category when the topic changes.
func giftTopic(b *strings.Builder, last *string, topic string) {
	if topic == *last {
		return
	}
	path := "$course$/top"
	if topic != "" {
		path += "/" + moodlePath(topic)
	}
	b.WriteString("$CATEGORY: " + path + "\n\n")
	*last = topic
}

// moodlePath is a name as a part of a category path.
func moodlePath(name string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(name), " "), "/", "//")
}

// writeGiftItem writes one item with the marks that make it read back as it is.
func writeGiftItem(b *strings.Builder, it Item, topic string, parts int) {
	body := giftBody(it)
	var tags strings.Builder
	for _, tag := range it.Tags {
		tags.WriteString("// [tag:" + strings.NewReplacer(`\`, `\\`, "]", `\]`, "\n", " ").Replace(tag) + "]\n")
	}
	m := marks{cells: missing(CellsOf(it), giftCells(tags.String()+body, topicOf("$course$/top/"+moodlePath(topic)))), parts: parts}
	b.WriteString(tags.String())
	for _, line := range m.lines() {
		b.WriteString(giftMark + line + "]\n")
	}
	for _, p := range it.Pictures {
		b.WriteString(giftPicture + pictureName(p.Name) + " " + base64.StdEncoding.EncodeToString(p.Data) + "]\n")
	}
	b.WriteString(body + "\n\n")
}

// giftCells are the cells that a reader finds in one written item; none if it finds no item or several.
func giftCells(text, topic string) Cells {
	s := &giftScanner{text: text, line: 1}
	c, ok := s.next()
	if !ok {
		return nil
	}
	r := c.reading("", topic)
	if _, more := s.next(); more || len(r.row.Problems) > 0 {
		return nil
	}
	return r.cells
}

// giftBody is the item in GIFT alone.
func giftBody(it Item) string {
	stem := "[plain]" + giftEscapes.Replace(it.Stem)
	if it.Kind == Group {
		return stem
	}
	answer, general := giftAnswers(it), ""
	if it.Explanation != "" {
		general = "####" + giftPlain(it.Explanation)
	}
	if it.Kind == Fill && len(it.Blanks) == 1 && CountBlanks(it.Stem) == 1 {
		at := strings.Index(stem, Blank)
		return stem[:at] + "{" + answer + general + "}" + stem[at+len(Blank):]
	}
	return stem + "{" + answer + general + "}"
}

// giftAnswers is what stands between the braces.
func giftAnswers(it Item) string {
	var b strings.Builder
	switch it.Kind {
	case Single, Multiple:
		for i, w := range moodleWeights(it) {
			sign := "~"
			if it.Kind == Single && w == 100 {
				sign = "="
			} else if w != 0 {
				sign = "~%" + share(w) + "%"
			}
			b.WriteString("\n\t" + sign + giftPlain(it.Options[i].Text))
		}
		b.WriteString("\n")
	case TrueFalse:
		if len(it.Correct) == 1 && it.Correct[0] == 0 {
			return "TRUE"
		}
		return "FALSE"
	case Fill:
		if len(it.Blanks) != 1 || CountBlanks(it.Stem) != 1 {
			return ""
		}
		for _, variant := range it.Blanks[0] {
			b.WriteString(" =" + giftPlain(strings.ReplaceAll(variant, "*", `\*`)))
		}
		b.WriteString(" ")
	case Matching:
		for _, p := range it.Pairs {
			b.WriteString("\n\t=" + giftPlain(noArrow(p.Left)) + " -> " + giftEscapes.Replace(noArrow(p.Right)))
		}
		for _, d := range it.Distractors {
			b.WriteString("\n\t= -> " + giftEscapes.Replace(noArrow(d)))
		}
		b.WriteString("\n")
	case Ordering:
		fmt.Fprintf(&b, ">%d ALL VERTICAL ABSOLUTE_POSITION", len(it.Correct))
		for _, i := range it.Correct {
			b.WriteString("\n\t" + giftPlain(it.Options[i].Text))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// noArrow keeps the sign between two sides out of them.
func noArrow(text string) string { return strings.ReplaceAll(text, "->", "→") }
