package exchange

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// parser turns the cells of one row into an item.
type parser struct {
	row *Row
	it  *Item
}

func (p *parser) fail(field Field, code string, args ...any) {
	p.row.Problems = append(p.row.Problems, problem(field, code, args...))
}

func (p *parser) warn(field Field, code string, args ...any) {
	p.row.Warnings = append(p.row.Warnings, problem(field, code, args...))
}

// Parse reads the row's cells into its item and lists what is wrong, column by column. It can be repeated
// after a cell was mended.
func Parse(row Row) Row {
	row.Item, row.Problems, row.Warnings = Item{Pictures: row.Pictures}, nil, nil
	p := &parser{&row, &row.Item}
	p.texts()
	p.marks()
	options := p.options()
	switch kind := p.kind(options); kind {
	case Single, Multiple:
		p.it.Kind = kind
		p.choice(options)
	case TrueFalse:
		p.it.Kind = kind
		p.trueFalse(options)
	case Fill:
		p.it.Kind = kind
		p.fill()
	case Matching:
		p.it.Kind = kind
		p.matching(options)
	case Ordering:
		p.it.Kind = kind
		p.ordering(options)
	case Essay:
		p.it.Kind, p.it.Rubric = kind, row.Cells[FieldAnswer]
	case Group:
		p.it.Kind = kind
		p.group()
	}
	for i := range row.Problems {
		row.Problems[i].Sheet, row.Problems[i].Line = row.Sheet, row.Line
	}
	for i := range row.Warnings {
		row.Warnings[i].Sheet, row.Warnings[i].Line = row.Sheet, row.Line
	}
	return row
}

func (p *parser) texts() {
	c := p.row.Cells
	p.it.Stem, p.it.Explanation, p.it.LawQuote = c[FieldStem], c[FieldExplanation], c[FieldLawQuote]
	p.it.Reference, p.it.Statute, p.it.Article = c[FieldReference], c[FieldStatute], c[FieldArticle]
	p.it.Topic = c[FieldTopic]
	if p.it.Stem == "" {
		p.fail(FieldStem, "item.stem_missing")
	}
	for field, text := range c {
		if strings.ContainsRune(text, unicode.ReplacementChar) {
			p.fail(field, "item.text_lost")
		} else if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
			p.fail(field, "item.text_control")
		}
	}
	if p.row.Exact {
		p.it.Tags = strings.Fields(c[FieldTags])
		return
	}
	p.it.Tags = strings.FieldsFunc(c[FieldTags], func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("、,，;；|", r)
	})
}

var uses = map[string]string{"练习": "practice", "practice": "practice", "竞赛": "contest", "考试": "contest", "contest": "contest",
	"通用": "both", "练习和竞赛": "both", "both": "both"}

// marks reads the cells that are numbers or words of a list.
func (p *parser) marks() {
	c := p.row.Cells
	if v := c[FieldPoints]; v != "" {
		points, err := strconv.ParseFloat(strings.TrimSuffix(fold(v), "分"), 64)
		if err != nil || points < 0 || points > 1000 || math.IsNaN(points) {
			p.fail(FieldPoints, "item.points", "value", v)
		} else {
			p.it.Points = int64(math.Round(points * 100))
		}
	}
	if v := c[FieldDifficulty]; v != "" {
		var ok bool
		if p.it.Difficulty, ok = difficulty(v); !ok {
			p.fail(FieldDifficulty, "item.difficulty", "value", v)
		}
	}
	if v := c[FieldParagraph]; v != "" {
		n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(fold(v), "第"), "款"))
		if err != nil || n < 0 || n > 99 {
			p.fail(FieldParagraph, "item.paragraph", "value", v)
		} else {
			p.it.Paragraph = n
		}
	}
	if v := c[FieldUse]; v != "" {
		use, ok := uses[fold(v)]
		if !ok {
			p.fail(FieldUse, "item.use", "value", v)
		}
		p.it.Use = use
	}
}

func fold(text string) string {
	return strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(text)), ""))
}

var difficultyWords = map[string]int{
	"易": 80, "容易": 80, "简单": 80, "低": 80, "较易": 70, "较简单": 70, "easy": 80,
	"中": 60, "中等": 60, "一般": 60, "适中": 60, "普通": 60, "medium": 60, "normal": 60,
	"难": 40, "困难": 40, "较难": 50, "高": 40, "hard": 40, "difficult": 40,
	"1": 80, "2": 70, "3": 60, "4": 50, "5": 40,
}

// difficulty reads 易/中/难, levels 1-5 (1 is easy) and shares of right answers 0-1 or in per cent.
func difficulty(text string) (int, bool) {
	folded := fold(text)
	if d, ok := difficultyWords[folded]; ok {
		return d, true
	}
	share, percent := strings.CutSuffix(folded, "%")
	v, err := strconv.ParseFloat(share, 64)
	if err != nil || math.IsNaN(v) || (!percent && !strings.Contains(share, ".")) {
		return 0, false
	}
	if !percent {
		v *= 100
	}
	if v < 0 || v > 100 {
		return 0, false
	}
	return min(99, max(1, int(math.Round(v)))), true
}

var (
	optionMark   = regexp.MustCompile(`(?:^|[\s;；|,，。])\(?([A-Ja-j])[.．、:：)）]\s*`)
	leadingMark  = regexp.MustCompile(`^\(?([A-Ja-j])[.．、:：)）]\s*`)
	emptyBracket = regexp.MustCompile(`[（(][\s　_＿]*[)）]|【[\s　]*】|\[[\s　]*\]`)
)

// options reads the option columns, or the one cell that holds them all.
func (p *parser) options() []string {
	var texts []string
	last := -1
	for i := range letters {
		text := p.row.Cells[Field(letters[i:i+1])]
		texts = append(texts, text)
		if text != "" {
			last = i
		}
	}
	texts = texts[:last+1]
	if len(texts) == 0 && p.row.Cells[FieldOptions] != "" {
		texts = splitOptions(p.row.Cells[FieldOptions])
	}
	if !p.row.Exact {
		stripMarks(texts)
	}
	return texts
}

// stripMarks takes "A." "B." off the options when every option carries its own letter.
func stripMarks(texts []string) {
	for i, text := range texts {
		m := leadingMark.FindStringSubmatch(text)
		if m == nil || strings.ToUpper(m[1]) != letters[i:i+1] || len(m[0]) == len(text) {
			return
		}
	}
	for i, text := range texts {
		texts[i] = strings.TrimSpace(leadingMark.ReplaceAllString(text, ""))
	}
}

// splitOptions cuts one cell into options: at A. B. C. in order, else at lines, bars, or semicolons.
func splitOptions(cell string) []string {
	marks := optionMark.FindAllStringSubmatchIndex(cell, -1)
	var cuts [][]int
	for _, m := range marks {
		if len(cuts) < len(letters) && strings.ToUpper(cell[m[2]:m[3]]) == letters[len(cuts):len(cuts)+1] {
			cuts = append(cuts, m)
		}
	}
	if len(cuts) >= 2 {
		out := make([]string, len(cuts))
		for i, m := range cuts {
			end := len(cell)
			if i+1 < len(cuts) {
				end = cuts[i+1][0]
			}
			out[i] = strings.Trim(cell[m[1]:end], " \t\r\n　;；|")
		}
		return out
	}
	for _, cut := range []string{"\n", "|", "；;"} {
		parts := strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(cut, r) })
		if len(parts) >= 2 {
			out := parts[:0]
			for _, part := range parts {
				if part = strings.TrimSpace(part); part != "" {
					out = append(out, part)
				}
			}
			return out[:min(len(out), len(letters))]
		}
	}
	return []string{cell}
}

// kind reads the type column, or guesses from options and answer.
func (p *parser) kind(options []string) string {
	named := p.row.Cells[FieldKind]
	kind := kindOf(named)
	switch kind {
	case Single, Multiple, TrueFalse, Fill, Matching, Ordering, Essay, Group:
		return kind
	case "":
		if named != "" && fold(named) != "选择题" && fold(named) != "选择" {
			p.fail(FieldKind, "item.kind_unknown", "kind", named)
			return ""
		}
	}
	answer := p.row.Cells[FieldAnswer]
	_, verdict := verdicts[fold(answer)]
	switch {
	case len(options) == 2 && isVerdict(options[0]) && isVerdict(options[1]):
		kind = TrueFalse
	case p.row.Cells[FieldItems] != "":
		kind = Group
	case len(options) >= 2:
		kind = Single
		if picked, ok := pick(answer, options); ok && len(picked) > 1 {
			kind = Multiple
		}
	case len(options) == 0 && verdict:
		kind = TrueFalse
	case len(options) == 0 && (CountBlanks(p.it.Stem) > 0 || emptyBracket.MatchString(p.it.Stem)):
		kind = Fill
	default:
		p.fail(FieldKind, "item.kind_unclear")
		return ""
	}
	p.warn(FieldKind, "item.kind_guessed", "kind", KindName(kind))
	return kind
}

// KindName is the Chinese name of a kind, as the type column spells it.
func KindName(kind string) string {
	return map[string]string{Single: "单选", Multiple: "多选", TrueFalse: "判断", Fill: "填空",
		Matching: "连线", Ordering: "排序", Essay: "简答", Group: "案例"}[kind]
}
