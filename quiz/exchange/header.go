package exchange

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Field names a column whatever its header is called. Option columns are "A" to "J".
type Field string

// The fields of a question row.
const (
	FieldKind        Field = "kind"
	FieldStem        Field = "stem"
	FieldOptions     Field = "options" // all options in one cell
	FieldAnswer      Field = "answer"
	FieldExplanation Field = "explanation"
	FieldPoints      Field = "points"
	FieldDifficulty  Field = "difficulty"
	FieldTopic       Field = "topic"
	FieldTags        Field = "tags"
	FieldReference   Field = "reference"
	FieldStatute     Field = "statute"
	FieldArticle     Field = "article"
	FieldParagraph   Field = "paragraph"
	FieldLawQuote    Field = "lawQuote"
	FieldUse         Field = "use"
	FieldFixed       Field = "fixed"
	FieldWeights     Field = "weights"     // of the options in per cent, separated by ;
	FieldDistractors Field = "distractors" // right sides of a matching that match nothing
	FieldGroup       Field = "group"       // rows with the same sign belong to one group
	FieldItems       Field = "items"       // a group's questions, as ItemsCell writes them; no column of its own

	fieldIgnored Field = "-"
)

// letters are the option columns in order.
const letters = "ABCDEFGHIJ"

// Cells holds what a row's cells say, trimmed, by field; absent fields were empty.
type Cells map[Field]string

// headers lists the spellings of each field after folding (rules-contest 6.1).
var headers = map[Field][]string{
	FieldKind:        {"题型", "题目类型", "试题类型", "题目题型", "类型", "type", "kind", "questiontype"},
	FieldStem:        {"题干", "题目", "题目内容", "试题", "试题内容", "试题题干", "题干内容", "题目题干", "问题", "question", "stem", "title"},
	FieldOptions:     {"选项", "选项内容", "备选项", "备选答案", "候选项", "options", "choices"},
	FieldAnswer:      {"答案", "正确答案", "正确选项", "标准答案", "参考答案", "试题答案", "label", "answer", "key", "correctanswer"},
	FieldExplanation: {"解析", "答案解析", "整体解析", "试题解析", "题目解析", "解释", "explanation", "analysis"},
	FieldPoints:      {"分数", "分值", "题目分数", "每题分数", "score", "points", "mark"},
	FieldDifficulty:  {"难度", "题目难度", "试题难度", "难易度", "难易程度", "难度系数", "难度等级", "difficulty", "level"},
	FieldTopic:       {"知识点", "知识点名称", "分类", "题目分类", "试题分类", "所属分类", "类别", "章节", "主题", "专题", "topic", "category"},
	FieldTags:        {"标签", "题目标签", "试题标签", "tags", "tag"},
	FieldReference:   {"依据", "法条", "法律依据", "法规依据", "法条依据", "出处", "题目依据", "reference"},
	FieldStatute:     {"法规代码", "法律代码", "statute", "statutecode"},
	FieldArticle:     {"条", "条号", "article"},
	FieldParagraph:   {"款", "款号", "paragraph"},
	FieldLawQuote:    {"法条原文", "条文原文", "条文", "原文", "引文", "lawquote", "law_quote", "quote"},
	FieldUse:         {"用途", "题目用途", "use"},
	FieldFixed:       {"固定选项", "fixed"},
	FieldWeights:     {"选项权重", "weights"},
	FieldDistractors: {"干扰项", "distractors"},
	FieldGroup:       {"题组", "所属题组", "所属案例", "group"},
	fieldIgnored: {"序号", "编号", "题号", "no", "no.", "id", "number", "#", "状态", "问题说明", "处理结果",
		"fact", "创建时间", "更新时间", csvMark},
}

var byHeader = func() map[string]Field {
	m := map[string]Field{}
	for field, names := range headers {
		for _, name := range names {
			m[name] = field
		}
	}
	return m
}()

var (
	bracketed    = regexp.MustCompile(`\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】`)
	optionHeader = regexp.MustCompile(`^(?:选项|答案选项|备选项|备选答案|候选项|option|choice|opt)?[-_.:]?\(?([a-j]|10|[1-9])\)?(?:选项|项)?[.:]?$`)
	spaces       = regexp.MustCompile(`[\s\x{200b}\x{feff}*]+`)
)

// fieldOf reads a header cell; ok is false for an unknown one.
func fieldOf(header string) (field Field, ok bool) {
	folded := strings.ToLower(spaces.ReplaceAllString(norm.NFKC.String(header), ""))
	if folded == "" {
		return "", false
	}
	for _, name := range []string{folded, bracketed.ReplaceAllString(folded, "")} {
		if field, ok := byHeader[name]; ok {
			return field, true
		}
		m := optionHeader.FindStringSubmatch(name)
		if m == nil {
			continue
		}
		if i := strings.Index("abcdefghij", m[1]); i >= 0 {
			return Field(letters[i : i+1]), true
		}
		if name != m[1] { // a bare number is data, not a header
			i, _ := strconv.Atoi(m[1])
			return Field(letters[i-1 : i]), true
		}
	}
	return "", false
}

// column is one column of a sheet that is read.
type column struct {
	field  Field
	header string
}

// headerOf reads a row as a header row: it is one if it names a stem and either an answer or options. A
// field that stands twice is read from its first column; the others come back as unread.
func headerOf(cells []string) (columns map[int]column, unread map[int]string, ok bool) {
	columns, unread = map[int]column{}, map[int]string{}
	seen := map[Field]bool{}
	for i, cell := range cells {
		if i >= maxColumns {
			break
		}
		header := strings.TrimSpace(cell)
		field, known := fieldOf(cell)
		switch {
		case header == "":
		case !known || (seen[field] && field != fieldIgnored):
			unread[i] = header
		default:
			seen[field] = true
			columns[i] = column{field, header}
		}
	}
	ok = seen[FieldStem] && (seen[FieldAnswer] || seen[FieldOptions] || seen["A"])
	return columns, unread, ok
}

// kindWords are the names of kinds in a type column or a sheet's name, tried in order.
var kindWords = []struct {
	word string
	kind string
}{
	{"多选", Multiple}, {"多项选择", Multiple}, {"不定项", Multiple}, {"multiple", Multiple}, {"multi", Multiple},
	{"单选", Single}, {"单项选择", Single}, {"single", Single},
	{"判断", TrueFalse}, {"是非", TrueFalse}, {"对错", TrueFalse}, {"truefalse", TrueFalse}, {"true/false", TrueFalse}, {"judge", TrueFalse},
	{"填空", Fill}, {"fill", Fill}, {"blank", Fill},
	{"简答", Essay}, {"问答", Essay}, {"论述", Essay}, {"案例", Group}, {"材料", Group}, {"综合题", Group}, {"essay", Essay},
	{"连线", Matching}, {"匹配", Matching}, {"matching", Matching}, {"排序", Ordering}, {"ordering", Ordering},
	{"名词解释", Essay},
}

// kindOf reads the name of a kind; "" for none.
func kindOf(text string) string {
	folded := strings.ToLower(spaces.ReplaceAllString(norm.NFKC.String(text), ""))
	for _, w := range kindWords {
		if strings.Contains(folded, w.word) {
			return w.kind
		}
	}
	return ""
}
