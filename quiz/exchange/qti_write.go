package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// qtiSpelling is what differs between the versions of QTI that are written.
type qtiSpelling struct {
	three     bool
	item      string // attributes of the root of an item
	test      string // and of a test
	manifest  string // and of the manifest
	schema    string
	version   string
	itemType  string
	testType  string
	templates string
	suffix    string // of a template's address
}

const (
	xsi  = ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`
	ns21 = ` xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"` + xsi + ` xsi:schemaLocation="http://www.imsglobal.org/xsd/imsqti_v2p1 http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"`
	ns30 = ` xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"` + xsi + ` xsi:schemaLocation="http://www.imsglobal.org/xsd/imsqtiasi_v3p0 https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd"`
)

var (
	spelling21 = qtiSpelling{item: ns21, test: ns21,
		manifest: ` xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:imsmd="http://ltsc.ieee.org/xsd/LOM" xmlns:imsqti="http://www.imsglobal.org/xsd/imsqti_metadata_v2p1"` + xsi +
			` xsi:schemaLocation="http://www.imsglobal.org/xsd/imscp_v1p1 http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd http://ltsc.ieee.org/xsd/LOM http://www.imsglobal.org/xsd/imsmd_loose_v1p3p2.xsd http://www.imsglobal.org/xsd/imsqti_metadata_v2p1 http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_metadata_v2p1.xsd"`,
		schema: "QTIv2.1 Package", version: "1.0.0", itemType: "imsqti_item_xmlv2p1", testType: "imsqti_test_xmlv2p1",
		templates: "http://www.imsglobal.org/question/qti_v2p1/rptemplates/"}
	spelling30 = qtiSpelling{three: true, item: ns30, test: ns30,
		manifest: ` xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1" xmlns:imsmd="http://ltsc.ieee.org/xsd/LOM" xmlns:imsqti="http://www.imsglobal.org/xsd/imsqti_metadata_v3p0"` + xsi +
			` xsi:schemaLocation="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1 https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd http://ltsc.ieee.org/xsd/LOM https://purl.imsglobal.org/spec/md/v1p3/schema/xsd/imsmd_loose_v1p3p2.xsd http://www.imsglobal.org/xsd/imsqti_metadata_v3p0 https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_metadatav3p0_v1p0.xsd"`,
		schema: "QTI Package", version: "3.0.0", itemType: "imsqti_item_xmlv3p0", testType: "imsqti_test_xmlv3p0",
		templates: "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/", suffix: ".xml"}
)

func writeQTI21(items []Item) ([]byte, error) { return writeQTI(items, spelling21) }
func writeQTI30(items []Item) ([]byte, error) { return writeQTI(items, spelling30) }

// qtiMarkup writes elements in the spelling of a version.
type qtiMarkup struct {
	b bytes.Buffer
	s qtiSpelling
}

// kebab is qti-choice-interaction of choiceInteraction.
func kebab(name string) string {
	var b strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// htmlNames are the elements that QTI borrows.
var htmlNames = map[string]bool{"p": true, "div": true, "span": true, "img": true, "br": true}

func (m *qtiMarkup) name(name string) string {
	if !m.s.three || htmlNames[name] {
		return name
	}
	return "qti-" + kebab(name)
}

func (m *qtiMarkup) tag(name, end string, attrs []string) {
	m.b.WriteString("<" + m.name(name))
	for i := 0; i+1 < len(attrs); i += 2 {
		key := attrs[i]
		if m.s.three {
			key = kebab(key)
		}
		m.b.WriteString(" " + key + `="`)
		m.text(attrs[i+1])
		m.b.WriteByte('"')
	}
	m.b.WriteString(end)
}

func (m *qtiMarkup) start(name string, attrs ...string) { m.tag(name, ">", attrs) }
func (m *qtiMarkup) empty(name string, attrs ...string) { m.tag(name, "/>", attrs) }
func (m *qtiMarkup) end(name string)                    { m.b.WriteString("</" + m.name(name) + ">") }
func (m *qtiMarkup) text(text string)                   { _ = xml.EscapeText(&m.b, []byte(text)) } // a buffer never fails
func (m *qtiMarkup) line()                              { m.b.WriteByte('\n') }

// value writes an element that holds a text.
func (m *qtiMarkup) value(name, text string, attrs ...string) {
	m.start(name, attrs...)
	m.text(text)
	m.end(name)
}

// writeQTI writes a package: a file for each item, a test that keeps their order and points, a manifest with
// what QTI has no place for.
func writeQTI(items []Item, s qtiSpelling) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	parts := 2
	put := func(name string, data []byte) error {
		if parts++; parts > maxPackageParts {
			return fmt.Errorf("exchange: more than %d files in a package", maxPackageParts)
		}
		w, err := z.Create(name)
		if err != nil {
			return fmt.Errorf("exchange: %w", err)
		}
		if _, err := w.Write(data); err != nil {
			return fmt.Errorf("exchange: %w", err)
		}
		return nil
	}
	p := &packageWriter{s: s}
	for i, it := range items {
		w, err := newItemWriter(it, i+1, s)
		if err != nil {
			return nil, fmt.Errorf("exchange: item %d: %w", i+1, err)
		}
		if err := put(w.path, w.document()); err != nil {
			return nil, err
		}
		for j, pic := range w.pictures {
			if err := put(w.files[j], pic.Data); err != nil {
				return nil, err
			}
		}
		p.add(w)
	}
	if err := put("assessment.xml", p.test()); err != nil {
		return nil, err
	}
	if err := put("imsmanifest.xml", p.manifest()); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("exchange: %w", err)
	}
	return out.Bytes(), nil
}

// packageWriter gathers what the test and the manifest say of each item.
type packageWriter struct {
	s     qtiSpelling
	items []*itemWriter
}

func (p *packageWriter) add(w *itemWriter) { p.items = append(p.items, w) }

const xmlHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// test keeps the order, a section for each run of one topic, and the points as weights.
func (p *packageWriter) test() []byte {
	m := &qtiMarkup{s: p.s}
	m.b.WriteString(xmlHead + "<" + m.name("assessmentTest") + p.s.test + ` identifier="TEST" title="Jingzhong">` + "\n")
	m.start("testPart", "identifier", "PART", "navigationMode", "nonlinear", "submissionMode", "simultaneous")
	m.line()
	for i, w := range p.items {
		if i == 0 || w.it.Topic != p.items[i-1].it.Topic {
			if i > 0 {
				m.end("assessmentSection")
				m.line()
			}
			title := w.it.Topic
			if title == "" {
				title = "Section " + strconv.Itoa(i+1)
			}
			m.start("assessmentSection", "identifier", "S"+strconv.Itoa(i+1), "title", title, "visible", "true")
			m.line()
		}
		attrs := []string{"identifier", w.id, "href", w.path}
		if w.it.Points == 0 {
			m.empty("assessmentItemRef", attrs...)
		} else {
			m.start("assessmentItemRef", attrs...)
			weight := float64(w.it.Points) / 100 / float64(max(1, len(w.scored)))
			m.empty("weight", "identifier", "POINTS", "value", strconv.FormatFloat(weight, 'f', -1, 64))
			m.end("assessmentItemRef")
		}
		m.line()
	}
	if len(p.items) == 0 {
		m.start("assessmentSection", "identifier", "S1", "title", "Section 1", "visible", "true")
	}
	m.end("assessmentSection")
	m.end("testPart")
	m.line()
	m.end("assessmentTest")
	return m.b.Bytes()
}

// manifest lists the files, with metadata for the catalogues of others and all that is ours for us.
func (p *packageWriter) manifest() []byte {
	m := &qtiMarkup{} // names of content packaging are the same in both versions
	m.b.WriteString(xmlHead + "<manifest" + p.s.manifest + ` xmlns:jz="` + ownSpace + `" identifier="MANIFEST">` + "\n<metadata>")
	m.value("schema", p.s.schema)
	m.value("schemaversion", p.s.version)
	m.b.WriteString("</metadata>\n<organizations/>\n<resources>\n")
	m.start("resource", "identifier", "RES-TEST", "type", p.s.testType, "href", "assessment.xml")
	m.empty("file", "href", "assessment.xml")
	for _, w := range p.items {
		m.empty("dependency", "identifierref", "RES-"+w.id)
	}
	m.end("resource")
	m.line()
	for _, w := range p.items {
		m.start("resource", "identifier", "RES-"+w.id, "type", p.s.itemType, "href", w.path)
		m.start("metadata")
		w.catalogue(m)
		w.ours(m)
		m.end("metadata")
		m.empty("file", "href", w.path)
		for _, f := range w.hrefs {
			m.empty("file", "href", f)
		}
		m.end("resource")
		m.line()
	}
	m.b.WriteString("</resources>\n</manifest>\n")
	return m.b.Bytes()
}

// catalogue writes learning object metadata and the metadata of QTI.
func (w *itemWriter) catalogue(m *qtiMarkup) {
	m.start("imsmd:lom")
	m.start("imsmd:general")
	m.start("imsmd:title")
	m.value("imsmd:string", w.title, "language", "zh-CN")
	m.end("imsmd:title")
	for _, tag := range w.it.Tags {
		m.start("imsmd:keyword")
		m.value("imsmd:string", tag, "language", "zh-CN")
		m.end("imsmd:keyword")
	}
	m.end("imsmd:general")
	if d := w.it.Difficulty; d > 0 {
		word := "very difficult"
		for _, step := range []struct {
			least int
			word  string
		}{{85, "very easy"}, {70, "easy"}, {50, "medium"}, {35, "difficult"}} {
			if d >= step.least {
				word = step.word
				break
			}
		}
		m.start("imsmd:educational")
		m.start("imsmd:difficulty")
		m.value("imsmd:source", "LOMv1.0")
		m.value("imsmd:value", word)
		m.end("imsmd:difficulty")
		m.end("imsmd:educational")
	}
	m.end("imsmd:lom")
	m.start("imsqti:qtiMetadata")
	for _, name := range w.interactions() {
		m.value("imsqti:interactionType", name)
	}
	m.end("imsqti:qtiMetadata")
}

// ours writes the fields of an item that have no place elsewhere.
func (w *itemWriter) ours(m *qtiMarkup) {
	m.start("jz:question", "version", "jingzhong 1")
	for part, it := range append([]Item{w.it}, w.it.Items...) {
		cells := CellsOf(withoutAnswers(it))
		cells[FieldWeights] = weightsCell(it.Weights)
		if it.Kind == Essay {
			cells[FieldAnswer] = it.Rubric
		}
		for _, field := range append(ownFields, FieldAnswer) {
			if text := cells[field]; text != "" {
				m.value("jz:field", text, "name", string(field), "part", strconv.Itoa(part))
			}
		}
	}
	m.end("jz:question")
}

// withoutAnswers is an item with what stands in its own document left out.
func withoutAnswers(it Item) Item {
	it.Options, it.Correct, it.Weights, it.Blanks, it.Pairs, it.Distractors = nil, nil, nil, nil, nil, nil
	it.Items, it.Rubric = nil, ""
	return it
}
