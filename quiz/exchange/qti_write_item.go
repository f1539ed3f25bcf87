package exchange

import (
	"errors"
	"fmt"
	"net/url"
	"sort"
	"strconv"
	"strings"
)

// itemWriter writes one item as a document of its own.
type itemWriter struct {
	it       Item
	id       string
	path     string
	title    string
	s        qtiSpelling
	decl     qtiMarkup
	body     qtiMarkup
	scored   []scoredResponse
	kinds    map[string]bool
	pictures []Picture
	files    []string          // of the pictures in the package
	hrefs    []string          // the same as an address
	sources  map[string]string // address of a picture from the item, by its name
	told     []feedback
}

// scoredResponse is a response that counts, by match with the right answer or by mapping.
type scoredResponse struct {
	id     string
	mapped bool
}

func newItemWriter(it Item, n int, s qtiSpelling) (*itemWriter, error) {
	id := fmt.Sprintf("Q%05d", n)
	w := &itemWriter{it: it, id: id, path: "items/" + id + ".xml", s: s, kinds: map[string]bool{}, sources: map[string]string{}}
	w.decl.s, w.body.s = s, s
	w.title = strings.Join(strings.Fields(pictureMarks.ReplaceAllString(it.Stem, "")), " ")
	if runes := []rune(w.title); len(runes) > 60 {
		w.title = string(runes[:60]) + "…"
	}
	if w.title == "" {
		w.title = id
	}
	for _, p := range it.Pictures {
		if w.sources[p.Name] != "" || unsafeName.MatchString(p.Name) {
			return nil, fmt.Errorf("picture %q", p.Name)
		}
		file := "media/" + id + "/" + p.Name
		href := "media/" + id + "/" + url.PathEscape(p.Name)
		w.pictures, w.files, w.hrefs = append(w.pictures, p), append(w.files, file), append(w.hrefs, href)
		w.sources[p.Name] = "../" + href
	}
	return w, w.write()
}

func (w *itemWriter) write() error {
	if w.it.Explanation != "" {
		w.told = append(w.told, feedback{"EXPLANATION", w.it.Explanation})
	}
	if w.it.Kind != Group {
		return w.question(w.it, "RESPONSE")
	}
	w.body.start("div", "class", "jz-material")
	w.paragraph(w.it.Stem)
	w.body.end("div")
	w.body.line()
	for i, part := range w.it.Items {
		if part.Kind == Group {
			return errors.New("a group in a group")
		}
		if part.Explanation != "" {
			w.told = append(w.told, feedback{"EXPLANATION_" + strconv.Itoa(i+1), part.Explanation})
		}
		w.body.start("div", "class", "jz-part")
		if err := w.question(part, "RESPONSE_"+strconv.Itoa(i+1)); err != nil {
			return err
		}
		w.body.end("div")
		w.body.line()
	}
	for _, part := range w.it.Items {
		if part.Kind == Essay && part.Rubric != "" {
			w.rubric(part.Rubric)
		}
	}
	return nil
}

// interactions are the kinds of places for answers that the item has.
func (w *itemWriter) interactions() []string {
	var out []string
	for name := range w.kinds {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}

// document is the whole item.
func (w *itemWriter) document() []byte {
	m := &qtiMarkup{s: w.s}
	m.b.WriteString(xmlHead + "<" + m.name("assessmentItem") + w.s.item)
	for _, a := range [][2]string{{"identifier", w.id}, {"title", w.title}, {"adaptive", "false"}, {"timeDependent", "false"}, {"xml:lang", "zh-CN"}} {
		key := a[0]
		if w.s.three {
			key = kebab(key)
		}
		m.b.WriteString(" " + key + `="`)
		m.text(a[1])
		m.b.WriteByte('"')
	}
	m.b.WriteString(">\n")
	m.b.Write(w.decl.b.Bytes())
	m.start("outcomeDeclaration", "identifier", "SCORE", "cardinality", "single", "baseType", "float")
	m.defaultValues("0")
	m.end("outcomeDeclaration")
	m.line()
	m.start("outcomeDeclaration", "identifier", "MAXSCORE", "cardinality", "single", "baseType", "float")
	m.defaultValues(strconv.Itoa(max(1, len(w.scored))))
	m.end("outcomeDeclaration")
	m.line()
	if len(w.told) > 0 {
		var ids []string
		for _, f := range w.told {
			ids = append(ids, f.id)
		}
		m.start("outcomeDeclaration", "identifier", "FEEDBACK", "cardinality", "multiple", "baseType", "identifier")
		m.defaultValues(ids...)
		m.end("outcomeDeclaration")
		m.line()
	}
	m.start("itemBody")
	m.line()
	m.b.Write(w.body.b.Bytes())
	m.end("itemBody")
	m.line()
	w.processing(m)
	for _, f := range w.told {
		m.start("modalFeedback", "outcomeIdentifier", "FEEDBACK", "identifier", f.id, "showHide", "show")
		w.contentBody(m, f.text)
		m.end("modalFeedback")
		m.line()
	}
	m.end("assessmentItem")
	m.line()
	return m.b.Bytes()
}

func (m *qtiMarkup) defaultValues(values ...string) {
	m.start("defaultValue")
	for _, v := range values {
		m.value("value", v)
	}
	m.end("defaultValue")
}

// contentBody writes a paragraph, in QTI 3 inside the element that feedback and rubrics need.
func (w *itemWriter) contentBody(m *qtiMarkup, text string) {
	if w.s.three {
		m.start("contentBody")
		defer m.end("contentBody")
	}
	w.flow(m, "p", text, nil)
}

// processing says how answers are scored: by a template, or response by response.
func (w *itemWriter) processing(m *qtiMarkup) {
	switch len(w.scored) {
	case 0:
		return
	case 1:
		template := "match_correct"
		if w.scored[0].mapped {
			template = "map_response"
		}
		if w.scored[0].id == "RESPONSE" { // the name that the templates know
			m.empty("responseProcessing", "template", w.s.templates+template+w.s.suffix)
			m.line()
			return
		}
	}
	m.start("responseProcessing")
	m.line()
	for _, r := range w.scored {
		if !r.mapped {
			m.start("responseCondition")
			m.start("responseIf")
			m.start("match")
			m.empty("variable", "identifier", r.id)
			m.empty("correct", "identifier", r.id)
			m.end("match")
		}
		m.start("setOutcomeValue", "identifier", "SCORE")
		m.start("sum")
		m.empty("variable", "identifier", "SCORE")
		if r.mapped {
			m.empty("mapResponse", "identifier", r.id)
		} else {
			m.value("baseValue", "1", "baseType", "float")
		}
		m.end("sum")
		m.end("setOutcomeValue")
		if !r.mapped {
			m.end("responseIf")
			m.end("responseCondition")
		}
		m.line()
	}
	m.end("responseProcessing")
	m.line()
}

// needsExact reports whether tidying would change a text.
func needsExact(text string) bool {
	return tidyText(text) != text || strings.ContainsAny(text, "\t\u00a0") || escapedHTML.MatchString(text)
}

// flow writes a text inside an element: lines, pictures, and where gap is given a place for an answer at each
// gap.
func (w *itemWriter) flow(m *qtiMarkup, element, text string, gap func(n int)) {
	if needsExact(text) {
		m.start(element, "class", exactClass)
	} else {
		m.start(element)
	}
	pieces := []string{text}
	if gap != nil {
		pieces = strings.Split(text, Blank)
	}
	for n, piece := range pieces {
		if n > 0 {
			gap(n - 1)
		}
		at := 0
		for _, mark := range pictureMarks.FindAllStringSubmatchIndex(piece, -1) {
			alt, name := piece[mark[2]:mark[3]], piece[mark[4]:mark[5]]
			if w.sources[name] == "" || strings.ContainsAny(alt, "\n\t") {
				continue
			}
			w.lines(m, piece[at:mark[0]])
			m.empty("img", "src", w.sources[name], "alt", alt)
			at = mark[1]
		}
		w.lines(m, piece[at:])
	}
	m.end(element)
}

func (w *itemWriter) lines(m *qtiMarkup, text string) {
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			m.empty("br")
		}
		m.text(line)
	}
}

func (w *itemWriter) paragraph(text string) {
	w.flow(&w.body, "p", text, nil)
	w.body.line()
}

// rubric writes what those who mark go by.
func (w *itemWriter) rubric(text string) {
	attrs := []string{"view", "scorer"}
	if w.s.three {
		attrs = append(attrs, "use", "scoring")
	}
	w.body.start("rubricBlock", attrs...)
	w.contentBody(&w.body, text)
	w.body.end("rubricBlock")
	w.body.line()
}
