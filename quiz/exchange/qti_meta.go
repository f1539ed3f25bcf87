package exchange

import (
	"path"
	"regexp"
	"strconv"
	"strings"
)

// ownSpace is the name space of what our packages say about a question beside it: all that an item holds and
// QTI has no place for.
const ownSpace = "urn:jingzhong:question:1"

// ownFields are the fields kept there, spelled like the cells of an exact row.
var ownFields = []Field{FieldKind, FieldTopic, FieldTags, FieldReference, FieldStatute, FieldArticle, FieldParagraph,
	FieldLawQuote, FieldUse, FieldPoints, FieldDifficulty, FieldWeights}

// ownMeta is what our own package says of an item (0) and of the questions of a group (1 and up).
type ownMeta struct{ cells map[int]Cells }

// kind is the kind of the item or of one of its questions; empty in others' packages.
func (m *ownMeta) kind(part int) string {
	if m == nil {
		return ""
	}
	return kindOf(m.cells[part][FieldKind])
}

// apply gives an item what the package says of it.
func (m *ownMeta) apply(it *Item) {
	if m == nil {
		return
	}
	m.dress(it, m.cells[0])
	for i := range it.Items {
		m.dress(&it.Items[i], m.cells[i+1])
	}
}

func (m *ownMeta) dress(it *Item, cells Cells) {
	told := Item{Options: it.Options}
	p := &parser{&Row{Exact: true, Cells: cells}, &told}
	p.texts()
	p.marks()
	p.weights()
	it.Reference, it.Statute, it.Article, it.Paragraph = told.Reference, told.Statute, told.Article, told.Paragraph
	it.LawQuote, it.Topic, it.Tags, it.Use = told.LawQuote, told.Topic, told.Tags, told.Use
	if it.Kind == Essay {
		it.Rubric = cells[FieldAnswer]
	}
	it.Points, it.Difficulty, it.Weights = told.Points, told.Difficulty, told.Weights
}

// partMeta is what the manifest says of one document.
type partMeta struct {
	own        *ownMeta
	tags       []string
	topic      string
	difficulty int
}

func (m *partMeta) ownMeta() *ownMeta {
	if m == nil {
		return nil
	}
	return m.own
}

// learn gives an item the tags, topic and difficulty of the manifest, where it has none.
func (r *qtiReader) learn(e *qtiEntry, m *partMeta, n *node) {
	if m.own != nil || e.row.Line != n.line || e.row.Sheet != r.part || e.row.Item.Kind == "" {
		return
	}
	it := e.row.Item
	it.Tags = append(it.Tags, m.tags...)
	if m.topic != "" && (it.Topic == "" || it.Topic == r.topic) {
		it.Topic = m.topic
	}
	if it.Difficulty == 0 {
		it.Difficulty = m.difficulty
	}
	if len(e.row.Problems) == 0 {
		row := itemRow(e.row.Line, e.row.Text, it)
		e.row.Cells, e.row.Item = row.Cells, row.Item
	}
}

// manifest is the table of contents of a package.
type manifest struct {
	parts  []string // documents in its order
	listed map[string]bool
}

// readManifest reads the manifest nearest to the root, if there is one.
func (r *qtiReader) readManifest(roots map[string]string) manifest {
	m := manifest{listed: map[string]bool{}}
	name := ""
	for part, kind := range roots {
		if kind == "manifest" && (name == "" || strings.Count(part, "/") < strings.Count(name, "/") ||
			strings.Count(part, "/") == strings.Count(name, "/") && part < name) {
			name = part
		}
	}
	if name == "" {
		return m
	}
	r.part = name
	root, fault := r.parse(name, func(res *node, above []*node) {
		resources := above[len(above)-1]
		r.readResource(&m, res, path.Join(path.Dir(name), localBase(resources.attr("base")), localBase(res.attr("base"))))
	})
	if fault != nil && r.fault == nil {
		r.broken(root, name, fault)
	}
	return m
}

// localBase is a base that is a folder of the package; addresses outside are nothing to us.
func localBase(base string) string {
	if strings.Contains(base, ":") {
		return ""
	}
	return base
}

// questionResource tells resources that must hold questions from those that may hold anything.
var questionResource = regexp.MustCompile(`(?i)imsqti|x-bb-qti|assessment`)

func (r *qtiReader) readResource(m *manifest, res *node, dir string) {
	var meta *partMeta
	if n := res.child("metadata"); n != nil {
		meta = readMeta(n)
	}
	hrefs := []string{res.attr("href"), res.attr("file")}
	for _, f := range res.children("file") {
		hrefs = append(hrefs, f.attr("href"))
	}
	seen := map[string]bool{}
	for _, href := range hrefs {
		if href == "" || seen[href] {
			continue
		}
		seen[href] = true
		part, ok := r.hrefPart(dir, href)
		if !ok {
			if questionResource.MatchString(res.attr("type")) {
				r.skip(res.line, href, "package.part_missing", "part", href)
			}
			continue
		}
		if !m.listed[part] {
			m.listed[part] = true
			m.parts = append(m.parts, part)
		}
		if meta != nil && r.meta[part] == nil {
			r.meta[part] = meta
		}
	}
}

// lomDifficulty are the words of learning object metadata, as shares of right answers.
var lomDifficulty = map[string]int{"veryeasy": 90, "easy": 80, "medium": 60, "difficult": 40, "verydifficult": 30}

// readMeta reads a resource's metadata: ours, and what learning object metadata has a place for.
func readMeta(n *node) *partMeta {
	m := &partMeta{}
	if q := n.first("question"); q != nil && strings.Contains(q.attr("version"), "jingzhong") {
		m.own = &ownMeta{map[int]Cells{}}
		for _, f := range q.children("field") {
			part, _ := strconv.Atoi(f.attr("part"))
			if m.own.cells[part] == nil {
				m.own.cells[part] = Cells{}
			}
			m.own.cells[part][Field(f.attr("name"))] = f.content()
		}
		return m
	}
	for _, k := range n.all("keyword") {
		texts := append(k.all("string"), k.all("langstring")...)
		if len(texts) == 0 {
			texts = []*node{k}
		}
		for _, t := range texts {
			if word := strings.Join(strings.Fields(t.content()), "_"); word != "" && len(m.tags) < 20 {
				m.tags = append(m.tags, word)
			}
		}
	}
	if d := n.first("difficulty"); d != nil {
		words := d.content()
		if v := d.first("value"); v != nil {
			words = v.content()
		}
		m.difficulty = lomDifficulty[fold(words)]
	}
	if path := n.first("taxonpath"); path != nil {
		taxons := path.all("taxon")
		if len(taxons) > 0 {
			m.topic = strings.Join(strings.Fields(taxons[len(taxons)-1].first("entry").content()), " ")
		}
	}
	return m
}
