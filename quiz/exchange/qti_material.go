package exchange

import "strings"

// readStimulusRefs remembers which material an item belongs to.
func (r *qtiReader) readStimulusRefs(n *node) {
	for _, ref := range n.children("assessmentstimulusref") {
		href := ref.attr("href")
		part, ok := "", false
		if r.files != nil {
			part, ok = r.resolve(href)
		}
		if !ok {
			r.warn("package.part_missing", "part", href)
			continue
		}
		if r.stimuli[part] == nil {
			r.stimuli[part] = r.readStimulus(part)
		}
		if r.material == "" {
			r.material = part
		}
	}
}

// readStimulus reads a document of shared material.
func (r *qtiReader) readStimulus(part string) *stimulus {
	own, ownPictures, ownNames := r.part, r.pictures, r.names
	r.part, r.pictures, r.names, r.read[part] = part, nil, map[string]string{}, true
	defer func() { r.part, r.pictures, r.names = own, ownPictures, ownNames }()
	root, _ := r.parse(part, nil)
	if root == nil {
		return &stimulus{}
	}
	s := &stimulus{text: r.kidsText(nil, root.first("stimulusbody")), line: 1}
	if s.text == "" {
		s.text = root.first("assessmentstimulus").attr("title")
	}
	s.pictures = r.pictures
	return s
}

// joinMaterial makes case groups of questions that share material. A question that cannot be read stays
// alone, and says so.
func (r *qtiReader) joinMaterial() {
	r.adoptTexts()
	heads := map[string]int{}
	members := map[string][]int{}
	for i, e := range r.entries {
		if e.material != "" && len(e.row.Problems) == 0 && e.row.Item.Kind != "" && r.stimuli[e.material] != nil {
			if _, ok := heads[e.material]; !ok {
				heads[e.material] = i
			}
			members[e.material] = append(members[e.material], i)
		}
	}
	if len(heads) == 0 {
		return
	}
	var out []qtiEntry
	for i, e := range r.entries {
		head, ok := heads[e.material]
		switch {
		case !ok || len(e.row.Problems) > 0 || e.row.Item.Kind == "":
			out = append(out, e)
		case head == i:
			out = append(out, r.joined(e, members[e.material]))
		}
	}
	r.entries = out
}

// joined is the group of some entries and their material.
func (r *qtiReader) joined(head qtiEntry, members []int) qtiEntry {
	s := r.stimuli[head.material]
	it := Item{Kind: Group, Stem: s.text, Topic: head.row.Item.Topic, Pictures: s.pictures}
	var warnings []Problem
	text := s.text
	for _, i := range members {
		row := r.entries[i].row
		part := row.Item
		marks := renamePictures(&it, part.Pictures)
		part.Pictures = nil
		renameMarks(&part, marks)
		parts := []Item{part}
		if part.Kind == Group {
			parts = part.Items
			parts[0].Stem = part.Stem + "\n" + parts[0].Stem
		}
		it.Items = append(it.Items, parts...)
		if len(warnings) < maxNotes {
			warnings = append(warnings, row.Warnings...)
		}
		if len(text) < 2000 {
			text += "\n" + row.Text
		}
	}
	row := exactRow(head.row.Line, cutText(text), it)
	row.Sheet, row.Warnings = head.row.Sheet, append(row.Warnings, warnings...)
	return qtiEntry{row: row}
}

// renamePictures takes pictures into a group and gives those whose name is taken another.
func renamePictures(group *Item, pictures []Picture) map[string]string {
	marks := map[string]string{}
	for _, p := range pictures {
		name, same := p.Name, false
		for taken := true; taken; {
			taken = false
			for _, have := range group.Pictures {
				if have.Name == name {
					same = len(have.Data) == len(p.Data) && string(have.Data) == string(p.Data)
					taken = !same
				}
			}
			if taken {
				name = "x-" + name
			}
		}
		if !same {
			group.Pictures = append(group.Pictures, Picture{name, p.Data})
		}
		if name != p.Name {
			marks[p.Name] = name
		}
	}
	return marks
}

// renameMarks writes the new names of pictures into the texts of an item.
func renameMarks(it *Item, marks map[string]string) {
	if len(marks) == 0 {
		return
	}
	eachText(it, func(text string) string {
		return pictureMarks.ReplaceAllStringFunc(text, func(mark string) string {
			m := pictureMarks.FindStringSubmatch(mark)
			if name := marks[m[2]]; name != "" {
				return "![" + m[1] + "](" + name + ")"
			}
			return mark
		})
	})
}

// eachText changes every text of an item that may show a picture.
func eachText(it *Item, change func(string) string) {
	it.Stem, it.Explanation, it.Rubric = change(it.Stem), change(it.Explanation), change(it.Rubric)
	for i := range it.Options {
		it.Options[i].Text = change(it.Options[i].Text)
	}
	for i := range it.Pairs {
		it.Pairs[i] = Pair{change(it.Pairs[i].Left), change(it.Pairs[i].Right)}
	}
	for i := range it.Distractors {
		it.Distractors[i] = change(it.Distractors[i])
	}
	for i := range it.Items {
		eachText(&it.Items[i], change)
	}
}

// adoptTexts makes the texts of QTI 1.2 that questions name as their parent into material; the others are
// listed as no questions.
func (r *qtiReader) adoptTexts() {
	wanted := map[string]bool{}
	for _, e := range r.entries {
		if e.material != "" {
			wanted[e.material] = true
		}
	}
	out := r.entries[:0]
	for _, e := range r.entries {
		switch {
		case e.ident == "":
			out = append(out, e)
		case wanted[e.ident]:
			r.stimuli[e.ident] = &stimulus{text: strings.TrimSpace(e.text), pictures: e.row.Pictures, line: e.row.Line}
		default:
			p := orphan(e.row.Line, e.text, "item.not_question")
			p.Sheet = e.row.Sheet
			r.res.Skipped = append(r.res.Skipped, p)
		}
	}
	r.entries = out
}
