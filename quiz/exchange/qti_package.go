package exchange

import (
	"net/url"
	"path"
	"regexp"
	"strings"
)

// maxTestDeep bounds how deep sections may refer to sections of other files.
const maxTestDeep = 20

// qtiDocument tells a QTI document by its elements.
var qtiDocument = regexp.MustCompile(`(?i)<(?:[\w-]+:)?(qti-assessment-item|qti-assessment-test|assessment-?item|assessment-?test|questestinterop)[\s>/]`)

// documentVersion names the format of a document; empty for one that is no QTI.
func documentVersion(text string) string {
	m := qtiDocument.FindStringSubmatch(text)
	switch {
	case m == nil:
		return ""
	case strings.EqualFold(m[1], "questestinterop"):
		return "qti12"
	case strings.HasPrefix(strings.ToLower(m[1]), "qti-"):
		return "qti30"
	}
	return "qti21"
}

// packageVersion names the format of a package by its first document of questions.
func packageVersion(zip *archive) string {
	if zip.qti != "" {
		return zip.qti
	}
	zip.qti = "none"
	f := &packageFiles{zip: zip}
	for _, name := range zip.names {
		switch kind, three := f.rootOf(name); {
		case kind == "qti12":
			zip.qti = "qti12"
		case kind == "" || kind == "other":
			continue
		case kind == "manifest":
			if zip.qti == "none" {
				zip.qti = "qti21"
			}
			continue
		case three:
			zip.qti = "qti30"
		default:
			zip.qti = "qti21"
		}
		return zip.qti
	}
	return zip.qti
}

// readQTIPackage reads a package: the questions of its tests in their order, then those of the manifest, then
// what else is in the archive.
func readQTIPackage(s source) (Result, error) {
	r := newQTIReader(s.zip, packageVersion(s.zip))
	r.files = newPackageFiles(s.zip)
	roots := map[string]string{}
	for _, name := range r.files.names {
		if kind, _ := r.files.rootOf(name); kind != "" {
			roots[name] = kind
		}
	}
	m := r.readManifest(roots)
	for _, kind := range []string{"test", "section"} {
		for _, name := range append(m.parts, r.files.names...) {
			if roots[name] == kind && !r.read[name] && r.fault == nil {
				r.readTest(name)
			}
		}
	}
	for _, name := range append(m.parts, r.files.names...) {
		kind := roots[name]
		if r.read[name] || r.fault != nil || kind != "item" && kind != "qti12" {
			continue
		}
		r.topic, r.weight = "", 0
		r.readPart(name, len(m.parts) > 0 && !m.listed[name])
	}
	r.listRest(roots)
	return r.finish()
}

// finish joins questions with their material and gives the result.
func (r *qtiReader) finish() (Result, error) {
	if r.fault != nil {
		return Result{}, r.fault
	}
	r.joinMaterial()
	for _, e := range r.entries {
		r.res.Rows = append(r.res.Rows, e.row)
	}
	if len(r.res.Rows) == 0 && len(r.res.Skipped) == 0 {
		return Result{}, refuse("file.no_items")
	}
	return r.res, nil
}

// parse reads a part as a document; hostile ones refuse the file, broken ones are listed.
func (r *qtiReader) parse(part string, each func(*node, []*node)) (*node, *Error) {
	data, err := r.files.bytes(part)
	if err != nil {
		return nil, refuse("file.broken", "part", part)
	}
	text, _, err := xmlText(data)
	if err != nil {
		return nil, refuse("file.encoding")
	}
	root, fault := parseQTI(text, part, each)
	if fault != nil && fault.Code != "file.xml" {
		r.fault = fault
	}
	return root, fault
}

// readPart reads the questions of one document of the package.
func (r *qtiReader) readPart(part string, unlisted bool) {
	r.part, r.read[part] = part, true
	if full := "non_cc_assessments/" + path.Base(path.Dir(part)) + ".xml.qti"; path.Base(part) == "assessment_qti.xml" {
		if name, ok := r.files.find("", full); ok && strings.EqualFold(name, full) {
			r.skip(0, "", "package.twice", "part", part, "other", name)
			return
		}
	}
	before := len(r.entries)
	root, fault := r.parse(part, r.question)
	if fault != nil && r.fault == nil {
		r.broken(root, part, fault)
	}
	for i := before; unlisted && i < len(r.entries); i++ {
		w := problem("", "package.unlisted", "part", part)
		w.Sheet, w.Line = part, r.entries[i].row.Line
		r.entries[i].row.Warnings = append(r.entries[i].row.Warnings, w)
	}
}

// broken lists what of a document could not be read.
func (r *qtiReader) broken(root *node, part string, fault *Error) {
	line, _ := fault.Args["line"].(int)
	text := ""
	if root != nil {
		text = cutText(strings.TrimSpace(r.quietText(root)))
	}
	row := badRow(line, text, fault.Code, pairList(fault.Args)...)
	r.begin()
	r.push(row, qtiEntry{})
}

func pairList(args map[string]any) []any {
	var out []any
	for name, value := range args {
		out = append(out, name, value)
	}
	return out
}

func (r *qtiReader) quietText(n *node) string {
	r.quiet++
	defer func() { r.quiet-- }()
	var gap func(*node) string
	gap = func(k *node) string { return "\n" + r.kidsText(gap, k) + "\n" }
	return r.kidsText(gap, n)
}

// question takes one question of a document, with the elements that hold it.
func (r *qtiReader) question(n *node, above []*node) {
	if r.fault != nil {
		return
	}
	r.begin()
	if n.name != "assessmentitem" {
		r.readItem12(n, above)
		return
	}
	if len(above) > 1 { // items inside a test or another wrapper
		r.topic = sectionTopic(above)
	}
	meta := r.meta[r.part]
	r.readStimulusRefs(n)
	r.readItem(n, meta.ownMeta())
	if len(r.entries) > 0 && meta != nil {
		r.learn(&r.entries[len(r.entries)-1], meta, n)
	}
}

// readTest reads a test or a section of one: its questions in order, the titles of its sections as topics.
func (r *qtiReader) readTest(part string) {
	if r.testDeep >= maxTestDeep || r.read[part] {
		return
	}
	r.read[part] = true
	r.testDeep++
	defer func() { r.testDeep-- }()
	r.part = part
	root, fault := r.parse(part, r.question)
	if root == nil || r.fault != nil {
		return
	}
	if fault != nil {
		r.broken(root, part, fault)
	}
	r.walkTest(root, part, r.topic)
}

func (r *qtiReader) walkTest(n *node, part, topic string) {
	for _, k := range n.kids {
		if r.fault != nil {
			return
		}
		switch k.name {
		case "assessmentsection":
			under := topic
			if title := k.attr("title"); !dullTitle.MatchString(title) {
				under = title
			}
			r.walkTest(k, part, under)
		case "assessmentsectionref", "assessmentitemref":
			r.follow(k, part, topic)
		case "":
		default:
			r.walkTest(k, part, topic)
		}
	}
}

// follow reads what a test refers to.
func (r *qtiReader) follow(ref *node, part, topic string) {
	r.part = part
	href := ref.attr("href")
	name, ok := r.resolve(href)
	if !ok {
		r.skip(ref.line, href, "package.part_missing", "part", href)
		return
	}
	r.topic, r.weight = topic, 0
	if ref.name == "assessmentsectionref" {
		r.readTest(name)
		return
	}
	if r.read[name] {
		return
	}
	if w := ref.child("weight"); w != nil {
		r.weight = number(w.attr("value"))
	}
	r.readPart(name, false)
}

// dullTitle is a title that names no topic.
var dullTitle = regexp.MustCompile(`(?i)^\s*$|^(root[_ ]?section|main|section|part|test ?part|default|untitled|title|assessment|quiz|test|pool|questions?)?[\s_-]*[\dA-Z]{0,4}$|^第?[\d一二三四五六七八九十]+(部分|节|章)?$`)

// sectionTopic is the title of the nearest section, else of what holds it.
func sectionTopic(above []*node) string {
	for i := len(above) - 1; i >= 0; i-- {
		if title := above[i].attr("title"); !dullTitle.MatchString(title) {
			return strings.Join(strings.Fields(title), " ")
		}
	}
	return ""
}

// listRest lists the documents of the package that hold no question.
func (r *qtiReader) listRest(roots map[string]string) {
	const most = 200
	n := 0
	for _, name := range r.files.names {
		page := roots[name] != "" && roots[name] != "manifest"
		switch strings.ToLower(path.Ext(name)) {
		case ".html", ".htm", ".xhtml", ".pdf", ".doc", ".docx", ".txt", ".csv":
			page = true
		}
		if !page || r.read[name] || strings.Contains("/"+name, "/__MACOSX/") {
			continue
		}
		if n++; n <= most {
			r.part = name
			r.skip(0, name, "package.part_unread", "part", name)
		}
	}
	if n > most {
		r.part = ""
		r.skip(0, "", "package.parts_unread", "count", n-most)
	}
}

// hrefPart is the part that an href of the manifest means.
func (r *qtiReader) hrefPart(dir, href string) (string, bool) {
	if u, err := url.PathUnescape(href); err == nil {
		href = u
	}
	if i := strings.IndexAny(href, "?#"); i > 0 {
		href = href[:i]
	}
	if strings.Contains(href, "://") {
		return "", false
	}
	return r.files.find(dir, href)
}
