package exchange

import (
	"regexp"
	"strconv"
	"strings"
)

const verdictWord = `√|×|✓|✔|✗|✘|╳|☑|对|错|正确|错误|不正确|T|F|是|否|Y|N|True|False|TRUE|FALSE`

var (
	keyBracket     = regexp.MustCompile(`[（(【\[]\s*(?:[A-J](?:[\s、,，;；/]*[A-J])*|` + verdictWord + `)\s*[)）\]】]`)
	letterBracket  = regexp.MustCompile(`[_＿]*[（(【\[][\s　_]*([A-JＡ-Ｊ](?:[\s　、,，;；/]*[A-JＡ-Ｊ])*)[\s　_]*[)）\]】][_＿]*|[_＿]+[\s　]*([A-JＡ-Ｊ](?:[、,，]?[A-JＡ-Ｊ])*)[\s　]*[_＿]+`)
	verdictEnd     = regexp.MustCompile(`[\s　]*[（(【\[][\s　]*(` + verdictWord + `)[\s　]*[)）\]】]([\s　]*[。.；;]?)$`)
	verdictBegin   = regexp.MustCompile(`^[（(【\[][\s　]*(` + verdictWord + `)[\s　]*[)）\]】][\s　]*`)
	verdictLead    = regexp.MustCompile(`^([√×✓✗✔✘])[\s　]+`)
	verdictBare    = regexp.MustCompile(`([。.？?\s　])[\s　]*([√×✓✗✔✘])[\s　]*$`)
	trailingGap    = regexp.MustCompile(`[\s　]*[（(][\s　_＿]*[)）]([。.；;？?]?)[\s　]*$`)
	leadingGap     = regexp.MustCompile(`^[（(][\s　_＿]*[)）][\s　]*`)
	pointsEnd      = regexp.MustCompile(`[\s　]*[（(\[【]\s*(?:本题|本小题|共|计|每题|满分|分值[:：])?\s*(\d+(?:\.\d+)?)\s*分\s*[)）\]】][\s　]*([。.：:？?]?)$`)
	pointsBegin    = regexp.MustCompile(`^[（(\[【]\s*(?:本题|本小题|共|计)?\s*(\d+(?:\.\d+)?)\s*分\s*[)）\]】][\s　]*`)
	choiceValue    = regexp.MustCompile(`(?s)^(?:应?选|应?为|是)?[:：]?[\s　]*[（(【\[]?[\s　]*([A-Ja-jＡ-Ｊ](?:[\s　、,，;；/|和]*[A-Ja-jＡ-Ｊ])*)[\s　]*[)）】\]]?项?[\s　]*(?:([。.，,；;：:（(、\s【])(.*))?$`)
	verdictValue   = regexp.MustCompile(`(?s)^(?:应?为|是)?[:：]?[\s　]*[（(【\[]?[\s　]*(` + verdictWord + `|不对|t|f|true|false|[xXvV])[\s　]*[)）】\]]?[\s　]*(?:([。.，,；;：:（(、\s【!！])(.*))?$`)
	longGap        = regexp.MustCompile(` {3,}|　{2,}|\t+`)
	bracketAnswer  = regexp.MustCompile(`[（(]\s*([^（）()]{1,40}?)\s*[)）]`)
	essayStem      = regexp.MustCompile(`^(?:简述|试述|论述|简答|请|谈谈|概述|列举|什么是|何谓|为什么|如何|怎样|试|名词解释)`)
	circles        = "①②③④⑤⑥⑦⑧⑨⑩"
	circledAnswer  = regexp.MustCompile(`^[①-⑩](?:[\s、,，;；→>－-]*[①-⑩])*[。.]?$`)
	numberedAnswer = regexp.MustCompile(`[①-⑩]|[（(]\s*\d{1,2}\s*[)）]|第[一二三四五六七八九十\d]+空\s*[:：]?|(?:^|[\s　;；\n])\d{1,2}\s*[.．、)）]`)
)

// ascendingLetters reports letters of so many options, each after the one before: a key, not a word.
func ascendingLetters(key string, options int) bool {
	last := -1
	for _, r := range key {
		i := keyLetter(r)
		if i < 0 {
			continue
		}
		if i <= last || i >= options {
			return false
		}
		last = i
	}
	return last >= 0
}

// stemKey takes the key out of a stem: （ A ） of a choice with so many options, （√） of a true/false.
func stemKey(stem, kind string, options int) (rest, key string) {
	if kind == "填空" || kind == "简答" || kind == "连线" || kind == "案例" {
		return stem, ""
	}
	if options >= 2 && kind != "判断" {
		if !strings.ContainsAny(stem, "（(【[_＿") {
			return stem, ""
		}
		all := letterBracket.FindAllStringSubmatchIndex(stem, -1)
		for i := len(all) - 1; i >= 0; i-- {
			m, mark := all[i], "（ ）"
			from, to := m[2], m[3]
			if from < 0 {
				from, to = m[4], m[5]
			}
			if strings.ContainsAny(stem[m[0]:m[1]], "_＿") {
				mark = Blank
			}
			if ascendingLetters(stem[from:to], options) {
				return stem[:m[0]] + mark + stem[m[1]:], stem[from:to]
			}
		}
		return stem, ""
	}
	if kind != "" && kind != "判断" && kind != "选择题" || options > 0 && kind != "判断" {
		return stem, ""
	}
	if m := verdictEnd.FindStringSubmatchIndex(stem); m != nil {
		return strings.TrimSpace(stem[:m[0]] + strings.TrimSpace(stem[m[4]:m[5]])), stem[m[2]:m[3]]
	}
	if m := verdictBegin.FindStringSubmatchIndex(stem); m != nil && m[1] < len(stem) {
		return stem[m[1]:], stem[m[2]:m[3]]
	}
	if m := verdictLead.FindStringSubmatchIndex(stem); m != nil && m[1] < len(stem) {
		return stem[m[1]:], stem[m[2]:m[3]]
	}
	if m := verdictBare.FindStringSubmatchIndex(stem); m != nil {
		return strings.TrimSpace(stem[:m[3]]), stem[m[4]:m[5]]
	}
	return stem, ""
}

// telling is what a draft says beside its cells.
type telling struct {
	cells  Cells
	marked bool // the key is only set off by colour, bold or underline
	many   bool // more options than letters
	essay  bool // the kind was guessed from a text as answer
}

// row makes the row of a question. It reports false for a numbered line that is no question at all.
func (d *draft) row() (Row, bool) {
	row := Row{Line: d.line, Text: strings.Join(d.raw, "\n")}
	if d.size() > maxDraft {
		for _, part := range d.parts {
			row.Text += "\n" + strings.Join(part.raw, "\n")
		}
		return row, false
	}
	if len(d.parts) == 0 {
		if d.group {
			d.plainAgain()
		}
		t := d.tell()
		if d.nothing(t) {
			return row, false
		}
		row.Cells = t.cells
		row = Parse(row)
		t.comment(&row, 0)
		return row, true
	}
	d.share()
	head := d.tell()
	head.cells[FieldKind] = "案例"
	var tells []telling
	parts := make([]Cells, len(d.parts))
	for i, part := range d.parts {
		t := part.tell()
		parts[i], tells = t.cells, append(tells, t)
		row.Text += "\n" + strings.Join(part.raw, "\n")
	}
	head.cells[FieldItems] = cellsCell(parts)
	delete(head.cells, FieldPoints)
	row.Cells = head.cells
	row = Parse(row)
	for i, t := range tells {
		t.comment(&row, i+1)
	}
	return row, true
}

// size counts the bytes of a question's lines and of what a key list adds.
func (d *draft) size() (n int) {
	for _, text := range d.raw {
		n += len(text)
	}
	for _, texts := range d.fields {
		for _, text := range texts {
			n += len(text)
		}
	}
	for _, part := range d.parts {
		n += part.size()
	}
	return n
}

// plainAgain makes material without questions an ordinary question.
func (d *draft) plainAgain() {
	d.group = false
	if d.kind == "案例" {
		d.kind = "简答"
		if len(d.options) > 1 {
			d.kind = "选择题"
		}
	}
}

// nothing reports a numbered line that asks nothing and answers nothing: a note, an instruction.
func (d *draft) nothing(t telling) bool {
	stem := t.cells[FieldStem]
	if d.kind != "" || len(d.options) > 0 || t.cells[FieldAnswer] != "" || d.has(FieldKind) || d.has(FieldAnswer) {
		return false
	}
	return !underscores.MatchString(stem) && !emptyBracket.MatchString(stem) && !askEnds.MatchString(stem) && !essayStem.MatchString(stem)
}

// share gives the questions of a group the answers that the last of them holds for all.
func (d *draft) share() {
	last := d.parts[len(d.parts)-1]
	for _, part := range d.parts[:len(d.parts)-1] {
		if part.ownKey() != "" {
			return
		}
	}
	if pieces := numbered(last.text(FieldAnswer)); len(pieces) == len(d.parts) && len(pieces) > 1 {
		for i, part := range d.parts {
			part.fields[FieldAnswer] = []string{pieces[i]}
		}
	}
}

// comment adds what Parse cannot know to the problems of a row.
func (t telling) comment(row *Row, part int) {
	put := func(p Problem) Problem {
		p.Line = row.Line
		if part > 0 {
			p = ofPart([]Problem{p}, part)[0]
		}
		return p
	}
	for i, p := range row.Problems {
		if t.marked && p.Part == part && p.Code == "item.answer_missing" {
			row.Problems[i] = put(problem(FieldAnswer, "text.marked_key"))
		}
	}
	if t.many {
		row.Problems = append(row.Problems, put(problem(FieldOptions, "item.options_many", "most", len(letters))))
	}
	if t.essay {
		row.Warnings = append(row.Warnings, put(problem(FieldKind, "item.kind_guessed", "kind", KindName(Essay))))
	}
}

// tell makes the cells of a question.
func (d *draft) tell() telling {
	t := telling{cells: Cells{}}
	c := t.cells
	for field, texts := range d.fields {
		if text := strings.TrimFunc(strings.Join(texts, "\n"), blank); text != "" {
			c[field] = text
		}
	}
	if c[FieldTopic] == "" && d.topic != "" {
		c[FieldTopic] = d.topic
	}
	if kind := c[FieldKind]; kind != "" {
		d.kind, d.own = kind, true
		if k := KindName(kindOf(kind)); k != "" {
			d.kind = k
		}
	}
	d.trimStem(c)
	d.circled(c)
	switch {
	case d.kind == "连线":
		d.pairs(c)
	case d.kind == "排序":
		d.order(c)
	case d.kind == "判断":
		d.verdict(c)
	case d.kind == "填空":
		d.gaps(c)
	case d.kind == "简答", d.group:
	case len(d.options) >= 2:
		d.choice(c)
	case d.kind == "" || d.kind == "选择题":
		t.essay = d.guess(c)
	default:
		d.choice(c)
	}
	for i, lines := range d.options {
		if text := strings.TrimFunc(strings.TrimRight(strings.Join(lines, "\n"), "；;"), blank); i < len(letters) && text != "" {
			c[Field(letters[i:i+1])] = text
		}
	}
	t.many = len(d.options) > len(letters)
	t.marked = c[FieldAnswer] == "" && (len(d.marked) > 0 && len(d.marked) < len(d.options) || d.set && d.kind == "填空")
	if d.kind != "" {
		c[FieldKind] = d.kind
	}
	d.givePoints(c)
	delete(c, fieldNumber)
	return t
}

func (d *draft) givePoints(c Cells) {
	switch {
	case c[FieldPoints] != "" || d.section == nil:
	case d.section.gap != "" && d.kind == "填空":
		each, _ := strconv.ParseFloat(d.section.gap, 64)
		c[FieldPoints] = strconv.FormatFloat(each*float64(max(1, gapsOf(c[FieldStem]))), 'f', -1, 64)
	case d.section.points != "":
		c[FieldPoints] = d.section.points
	}
}

// trimStem takes kind and points in brackets off the stem.
func (d *draft) trimStem(c Cells) {
	first, more, lines := strings.Cut(c[FieldStem], "\n")
	c[FieldStem] = d.trimEnds(c, first)
	if lines {
		c[FieldStem] += "\n" + d.trimEnds(c, more)
	}
	if c[FieldStem] = strings.TrimFunc(c[FieldStem], blank); c[FieldStem] == "" {
		delete(c, FieldStem)
	}
}

func (d *draft) trimEnds(c Cells, stem string) string {
	for range 4 {
		before := stem
		if m := pointsEnd.FindStringSubmatchIndex(stem); m != nil {
			if c[FieldPoints] == "" {
				c[FieldPoints] = stem[m[2]:m[3]]
			}
			stem = stem[:m[0]] + stem[m[4]:m[5]]
		}
		if m := pointsBegin.FindStringSubmatchIndex(stem); m != nil && m[1] < len(stem) {
			if c[FieldPoints] == "" {
				c[FieldPoints] = stem[m[2]:m[3]]
			}
			stem = stem[m[1]:]
		}
		if m := kindClosed.FindStringSubmatchIndex(stem); m != nil {
			if kind, ok := headKinds[stem[m[2]:m[3]]]; ok {
				d.kind = kind
				if m[4] >= 0 && c[FieldPoints] == "" {
					c[FieldPoints] = stem[m[4]:m[5]]
				}
				stem = stem[:m[0]] + stem[m[6]:m[7]]
			}
		}
		if stem == before {
			break
		}
	}
	return strings.TrimFunc(stem, blank)
}

// choice reads the key of a choice: ticked boxes, letters with an explanation behind, a bracket in the stem.
func (d *draft) choice(c Cells) {
	stem, key := stemKey(c[FieldStem], d.kind, len(d.options))
	answer := c[FieldAnswer]
	switch {
	case answer == "" && d.boxed && len(d.ticked) > 0:
		for _, i := range d.ticked {
			if i < len(letters) {
				c[FieldAnswer] += letters[i : i+1]
			}
		}
		return
	case answer == "":
		if key != "" {
			c[FieldStem], c[FieldAnswer] = stem, key
		}
		return
	}
	if m := choiceValue.FindStringSubmatch(answer); m != nil {
		c[FieldAnswer] = strings.TrimSpace(m[1])
		d.behind(c, m[2], m[3])
	}
	if key != "" && fold(key) == fold(c[FieldAnswer]) {
		c[FieldStem] = stem
	}
}

// behind puts what stands behind a key before the explanation, unless it only repeats the option.
func (d *draft) behind(c Cells, sign, rest string) {
	rest = strings.TrimFunc(rest, blank)
	if sign == "（" || sign == "(" {
		rest = strings.TrimRight(rest, "。.")
		rest = strings.TrimSuffix(strings.TrimSuffix(rest, "）"), ")")
	}
	if strings.Trim(rest, "。.;；，, ") == "" {
		return
	}
	for _, lines := range d.options {
		if fold(strings.Join(lines, "")) == fold(strings.TrimRight(rest, "；;")) {
			return
		}
	}
	if c[FieldExplanation] != "" {
		rest += "\n" + c[FieldExplanation]
	}
	c[FieldExplanation] = rest
}

// verdict reads the key of a true/false.
func (d *draft) verdict(c Cells) {
	stem, key := stemKey(c[FieldStem], "判断", 0)
	if c[FieldAnswer] == "" && key != "" {
		c[FieldStem], c[FieldAnswer] = stem, key
	} else if m := verdictValue.FindStringSubmatch(c[FieldAnswer]); m != nil {
		c[FieldAnswer] = m[1]
		d.behind(c, m[2], m[3])
		if key != "" && verdicts[fold(key)] == verdicts[fold(m[1])] {
			c[FieldStem] = stem
		}
	} else if m := choiceValue.FindStringSubmatch(c[FieldAnswer]); m != nil {
		c[FieldAnswer] = m[1]
		d.behind(c, m[2], m[3])
	}
	switch c[FieldAnswer] {
	case "╳", "Χ", "х":
		c[FieldAnswer] = "×"
	}
	if c[FieldStem] = trailingGap.ReplaceAllString(leadingGap.ReplaceAllString(c[FieldStem], ""), "$1"); c[FieldStem] == "" {
		delete(c, FieldStem)
	}
}
