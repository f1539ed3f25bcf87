package exchange

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

var (
	pairSign    = regexp.MustCompile(`\s*(?:=>|->|→|——|--|\||｜|：|:|=)\s*`)
	letterPair  = regexp.MustCompile(`^([A-Za-z])\s*[-—–:：=→]+>?\s*(\d{1,2})$|^(\d{1,2})\s*[-—–:：=→]+>?\s*([A-Za-z])$`)
	orderLetter = regexp.MustCompile(`[A-J]`)
)

// matching reads the right pairs: 左|右 (or =>, →, :), one a line or separated by ;, and what matches nothing.
func (p *parser) matching(options []string) {
	answer := p.row.Cells[FieldAnswer]
	if answer == "" {
		p.fail(FieldAnswer, "item.answer_missing")
		return
	}
	if p.row.Exact {
		for _, pair := range unescapeBlanks(answer) {
			p.pair(strings.Join(pair, "|"), pair)
		}
		if value := p.row.Cells[FieldDistractors]; value != "" {
			p.it.Distractors = unescapeBlanks(value)[0]
		}
	} else {
		for _, text := range nonEmpty(strings.FieldsFunc(answer, func(r rune) bool { return strings.ContainsRune("\n;；", r) })) {
			p.pair(text, pairSign.Split(text, 2))
		}
		p.it.Distractors = splitVariants(p.row.Cells[FieldDistractors], true)
	}
	if len(p.it.Pairs) < 2 && len(p.row.Problems) == 0 {
		p.fail(FieldAnswer, "item.pairs_few")
	}
}

func (p *parser) pair(text string, sides []string) {
	if len(sides) != 2 || strings.TrimSpace(sides[0]) == "" || strings.TrimSpace(sides[1]) == "" || letterPair.MatchString(text) {
		p.fail(FieldAnswer, "item.pair_unreadable", "pair", text)
		return
	}
	p.it.Pairs = append(p.it.Pairs, Pair{strings.TrimSpace(sides[0]), strings.TrimSpace(sides[1])})
}

// ordering reads the options as shown and their letters in the right order.
func (p *parser) ordering(texts []string) {
	for i, text := range texts {
		if text == "" {
			p.fail(Field(letters[i:i+1]), "item.option_gap", "option", letters[i:i+1])
		}
		p.it.Options = append(p.it.Options, Option{Text: text})
	}
	answer := p.row.Cells[FieldAnswer]
	switch {
	case len(texts) < 2:
		p.fail(FieldOptions, "item.options_few")
		return
	case answer == "":
		p.fail(FieldAnswer, "item.answer_missing")
		return
	}
	seen := map[int]bool{}
	var order []int
	for _, letter := range orderLetter.FindAllString(strings.ToUpper(norm.NFKC.String(answer)), -1) {
		i := strings.Index(letters, letter)
		if i < len(texts) && !seen[i] {
			seen[i] = true
			order = append(order, i)
		}
	}
	if len(order) != len(texts) {
		p.fail(FieldAnswer, "item.order_unreadable", "answer", answer)
		return
	}
	p.it.Correct = order
}

// group reads a group's questions, each as a row of its own; their problems carry the question's number.
func (p *parser) group() {
	var parts []groupPart
	if err := json.Unmarshal([]byte(p.row.Cells[FieldItems]), &parts); err != nil || len(parts) == 0 {
		p.fail(FieldItems, "item.group_empty")
		return
	}
	for i, part := range parts {
		row := Parse(Row{Sheet: p.row.Sheet, Line: p.row.Line, Exact: p.row.Exact, Cells: part.Cells})
		if row.Item.Kind == Group {
			row.Problems = []Problem{problem(FieldKind, "item.group_nested")}
		}
		p.it.Items = append(p.it.Items, row.Item)
		p.row.Problems = append(p.row.Problems, ofPart(row.Problems, i+1)...)
		p.row.Warnings = append(p.row.Warnings, ofPart(row.Warnings, i+1)...)
	}
}

func ofPart(problems []Problem, n int) []Problem {
	for i := range problems {
		problems[i].Part = n
		problems[i].Message = "第 " + strconv.Itoa(n) + " 小题：" + problems[i].Message
	}
	return problems
}

type groupPart struct {
	Cells Cells `json:"cells"`
}

// ItemsCell is the exact spelling of a group's questions.
func ItemsCell(items []Item) string {
	parts := make([]Cells, len(items))
	for i, it := range items {
		parts[i] = CellsOf(it)
	}
	return cellsCell(parts)
}

// cellsCell writes the cells of a group's questions into one.
func cellsCell(rows []Cells) string {
	parts := make([]groupPart, len(rows))
	for i, c := range rows {
		parts[i] = groupPart{c}
	}
	data, err := json.Marshal(parts)
	if err != nil {
		return "" // a map of strings has no value that fails
	}
	return string(data)
}

// ungroup is the row, or a group's rows as a sheet writes them.
func ungroup(c Cells, sign int) []Cells {
	var parts []groupPart
	if c[FieldItems] == "" || json.Unmarshal([]byte(c[FieldItems]), &parts) != nil {
		return []Cells{c}
	}
	head := Cells{FieldGroup: strconv.Itoa(sign)}
	for field, text := range c {
		if field != FieldItems {
			head[field] = text
		}
	}
	rows := []Cells{head}
	for _, part := range parts {
		part.Cells[FieldGroup] = strconv.Itoa(sign)
		rows = append(rows, part.Cells)
	}
	return rows
}

// foldGroups joins rows of one sheet that carry the same sign under the row of kind 案例 that has it.
func foldGroups(rows []Row) []Row {
	heads := map[string]int{}
	for i, row := range rows {
		if sign := row.Cells[FieldGroup]; sign != "" && kindOf(row.Cells[FieldKind]) == Group {
			if _, twice := heads[sign]; !twice {
				heads[sign] = i
			}
		}
	}
	parts := map[int][]Cells{}
	var out []Row
	var place []int // of out in rows
	for i, row := range rows {
		sign := row.Cells[FieldGroup]
		head, ok := heads[sign]
		if sign != "" && ok && i != head {
			delete(row.Cells, FieldGroup)
			parts[head] = append(parts[head], row.Cells)
			continue
		}
		if sign != "" && !ok {
			w := problem(FieldGroup, "item.group_alone", "group", sign)
			w.Sheet, w.Line = row.Sheet, row.Line
			row.Warnings = append(row.Warnings, w)
		}
		out, place = append(out, row), append(place, i)
	}
	for i := range out {
		if cells := parts[place[i]]; cells != nil {
			delete(out[i].Cells, FieldGroup)
			out[i].Cells[FieldItems] = cellsCell(cells)
			out[i] = Parse(out[i])
		}
	}
	return out
}

// pairsCell is the exact spelling of pairs: 左|右, separated by ;.
func pairsCell(pairs []Pair) string {
	sides := make([][]string, len(pairs))
	for i, p := range pairs {
		sides[i] = []string{p.Left, p.Right}
	}
	return escapeBlanks(sides)
}

// weightsCell writes weights in per cent.
func weightsCell(weights []int64) string {
	parts := make([]string, len(weights))
	for i, w := range weights {
		parts[i] = strconv.FormatFloat(float64(w)*100/WholeWeight, 'f', -1, 64)
	}
	return strings.Join(parts, ";")
}
