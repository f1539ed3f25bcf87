package exchange

import (
	"path"
	"strings"
)

// maxPartText bounds the parts of a document that say how it is numbered and styled.
const maxPartText = 16 << 20

// readDOCX reads a Word document: paragraphs with their numbers rebuilt, tables, text boxes, pictures.
// Deleted text of tracked changes is not read; notes, comments, heads and feet are listed as skipped.
func readDOCX(s source) (Result, error) {
	d := &document{zip: s.zip, numbering: newNumbering(), pictures: map[string]string{}}
	main := d.part("word/document.xml")
	if err := d.styles(); err != nil {
		return Result{}, err
	}
	data, err := s.zip.read(main)
	if err != nil {
		return Result{}, err
	}
	w := &wordReader{doc: d}
	if err := w.read(data); err != nil {
		return Result{}, err
	}
	res, err := readLines(Result{Format: "docx"}, w.lines)
	if err != nil {
		return Result{}, err
	}
	if err := d.givePictures(res.Rows); err != nil {
		return Result{}, err
	}
	notes, err := d.notes()
	res.Skipped = append(res.Skipped, notes...)
	return res, err
}

// document is what the parts around the text say.
type document struct {
	zip       *archive
	numbering *numbering
	pictures  map[string]string // part of each picture, by relation
	names     map[string]string // part of each picture, by the name in the text
}

// part finds a part in any case of letters.
func (d *document) part(name string) string {
	if _, ok := d.zip.parts[name]; ok {
		return name
	}
	for _, n := range d.zip.names {
		if strings.EqualFold(n, name) {
			return n
		}
	}
	return name
}

// load reads a part that may be missing; it is empty then.
func (d *document) load(name string) ([]byte, error) {
	name = d.part(name)
	part, ok := d.zip.parts[name]
	if !ok {
		return nil, nil
	}
	if part.UncompressedSize64 > maxPartText {
		return nil, refuse("file.bomb", "part", name)
	}
	return d.zip.read(name)
}

// styles reads numbering, styles and relations.
func (d *document) styles() error {
	for _, each := range []struct {
		name string
		take func([]byte) error
	}{
		{"word/numbering.xml", d.numbering.readNumbering},
		{"word/styles.xml", d.numbering.readStyles},
		{"word/_rels/document.xml.rels", d.relations},
	} {
		data, err := d.load(each.name)
		if err != nil {
			return err
		}
		if err := each.take(data); err != nil {
			return err
		}
	}
	return nil
}

func (d *document) relations(data []byte) error {
	d.names = map[string]string{}
	return scanXML(data, func(e *xmlEvent) error {
		if e.kind == xmlOpen && e.name == "Relationship" && strings.HasSuffix(e.attr("Type"), "/image") && e.attr("TargetMode") != "External" {
			target := e.attr("Target")
			if !strings.HasPrefix(target, "/") {
				target = path.Join("word", target)
			}
			target = d.part(strings.TrimPrefix(path.Clean(target), "/"))
			d.pictures[e.attr("Id")] = target
			d.names[path.Base(target)] = target
		}
		return nil
	})
}

// givePictures loads the pictures that a row shows. A picture that is not in the file is a warning.
func (d *document) givePictures(rows []Row) error {
	loaded := map[string][]byte{}
	total := 0
	for i := range rows {
		if !strings.Contains(rows[i].Text, "![") {
			continue
		}
		seen := map[string]bool{}
		for _, m := range pictureMarks.FindAllStringSubmatch(rows[i].Text, -1) {
			name := m[2]
			target, known := d.names[name]
			if _, there := d.zip.parts[target]; seen[name] || !known || !there {
				if !seen[name] {
					w := problem(FieldStem, "item.picture_missing", "name", name)
					w.Line = rows[i].Line
					rows[i].Warnings = append(rows[i].Warnings, w)
				}
				seen[name] = true
				continue
			}
			seen[name] = true
			if _, ok := loaded[name]; !ok {
				data, err := d.zip.read(target)
				if err != nil {
					return err
				}
				if total += len(data); total > maxInflated {
					return refuse("file.bomb", "part", target)
				}
				loaded[name] = data
			}
			rows[i].Pictures = append(rows[i].Pictures, Picture{Name: name, Data: loaded[name]})
		}
		rows[i].Item.Pictures = rows[i].Pictures
	}
	return nil
}

// notes lists the texts beside the document's own.
func (d *document) notes() ([]Problem, error) {
	var out []Problem
	seen := map[string]bool{}
	for _, name := range d.zip.names {
		base := strings.TrimSuffix(strings.ToLower(path.Base(name)), ".xml")
		kind := strings.TrimRight(base, "0123456789")
		if path.Dir(strings.ToLower(name)) != "word" || kind != "footnotes" && kind != "endnotes" && kind != "comments" && kind != "header" && kind != "footer" {
			continue
		}
		data, err := d.load(name)
		if err != nil {
			return out, err
		}
		w := &wordReader{doc: &document{zip: d.zip, numbering: newNumbering()}}
		if err := w.read(data); err != nil {
			return out, err
		}
		for _, l := range w.lines {
			if l.table == nil && !seen[l.text] && !isPageMark(l.text) && len(out) < maxOrphans {
				seen[l.text] = true
				out = append(out, orphan(0, l.text, "text.orphan"))
			}
		}
	}
	return out, nil
}
