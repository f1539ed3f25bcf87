package exchange

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fieldNumber is a label before a question's number.
const fieldNumber Field = "number"

// labelWords name what follows them in a text, in lower case.
var labelWords = func() map[string]Field {
	m := map[string]Field{}
	for field, words := range map[Field][]string{
		FieldAnswer: {"正确答案", "参考答案", "标准答案", "试题答案", "题目答案", "本题答案", "答案", "正确选项", "答", "选", "评分标准", "评分要点", "答题要点",
			"参考要点", "答案要点", "要点", "得分点", "右列答案", "answer", "answers", "correct answer", "right answer", "ans", "key", "correct", "解答"},
		FieldExplanation: {"答案解析", "试题解析", "题目解析", "解析", "试题分析", "分析", "详解", "解释", "点评", "解析说明", "答案说明", "explanation", "analysis", "rationale", "feedback"},
		FieldDifficulty:  {"难度", "难易度", "难易程度", "难度系数", "试题难度", "题目难度", "难度等级", "difficulty", "level"},
		FieldReference: {"法律依据", "法规依据", "法条依据", "依据", "法条", "出处", "来源", "题目依据", "参考法条", "相关法条", "命题依据", "出题依据", "答案依据", "条款依据", "reference", "ref",
			"source"},
		FieldTopic:       {"知识点", "考点", "考查点", "考察点", "考查知识点", "所属章节", "章节", "知识点名称", "所属知识点", "分类", "题目分类", "试题分类", "topic", "category"},
		FieldPoints:      {"分值", "分数", "本题分值", "题目分值", "points", "score", "marks"},
		FieldTags:        {"标签", "关键词", "关键字", "题目标签", "tags", "tag", "keywords"},
		FieldKind:        {"题型", "题目类型", "试题类型", "类型", "type", "question type"},
		FieldStem:        {"题目", "题干", "试题", "问题", "题目内容", "试题内容", "题目描述", "question", "stem"},
		FieldOptions:     {"选项", "备选项", "备选答案", "options", "choices"},
		FieldDistractors: {"干扰项", "distractors"},
		fieldNumber:      {"题号"},
	} {
		for _, w := range words {
			m[w] = field
		}
	}
	return m
}()

// maxLabel is the longest label in bytes.
const maxLabel = 24

// segment is a part of a line under one label; the field is empty for what stands before the first.
type segment struct {
	field      Field
	label      string
	from, body int // of the label's mark and of what it names
	to         int
	bracket    bool // the label opened a bracket that holds its value, （答案：B）
}

// splitLabels cuts a line at the labels it holds: at its beginning, behind a space or the end of a sentence
// with a colon, or anywhere within 【】.
func splitLabels(text string) []segment {
	segs := []segment{{to: len(text)}}
	if s, ok := labelAtStart(text); ok {
		segs[0] = s
	}
	for i := segs[0].body; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == ':' || r == '：' || r == '】' || r == ']' || r == '〕' {
			if s, ok := labelBefore(text, i, size, segs[len(segs)-1].body); ok {
				segs[len(segs)-1].to = s.from
				segs = append(segs, s)
				i = s.body
				continue
			}
		}
		i += size
	}
	for i := range segs {
		s := &segs[i]
		if value := strings.TrimRightFunc(text[s.body:s.to], isSpace); s.bracket && strings.HasSuffix(value, "）") {
			s.to = s.body + len(value) - len("）")
		} else if s.bracket && strings.HasSuffix(value, ")") {
			s.to = s.body + len(value) - 1
		}
	}
	return segs
}

// labelBefore reads the label that ends at a colon or a closing bracket.
func labelBefore(text string, at, size, floor int) (segment, bool) {
	from := max(floor, at-maxLabel)
	for from < at && !utf8.RuneStart(text[from]) {
		from++
	}
	before := strings.TrimRightFunc(text[from:at], isSpace)
	closing := text[at:at+size] == "】" || text[at:at+size] == "]" || text[at:at+size] == "〕"
	if !closing && (strings.HasSuffix(before, "】") || strings.HasSuffix(before, "]")) {
		return segment{}, false // read at the bracket
	}
	start := strings.LastIndexAny(before, " \t　\n；;。，,、？?！!（(【[〔）)√×]】")
	word, sign := before, rune(0)
	if start >= 0 {
		var n int
		sign, n = utf8.DecodeRuneInString(before[start:])
		word = before[start+n:]
		from += start
	} else if from > floor {
		return segment{}, false
	}
	if _, known := labelWords[word]; !known && !closing {
		if bare := strings.TrimLeft(word, "ABCDEFGHIJ"); bare != word { // the key runs into the label: B解析：
			from, sign, word = at-len(text[from:at])+strings.LastIndex(text[from:at], bare), 'A', bare
		}
	}
	field, ok := labelWords[strings.ToLower(strings.Join(strings.Fields(word), " "))]
	opened := strings.ContainsRune("【[〔", sign) && sign != 0
	if !ok || closing != opened || !closing && strings.ContainsRune("，,、", sign) && sign != 0 || !opened && (word == "选" || word == "要点") {
		return segment{}, false
	}
	if strings.ContainsRune("】]；;。？?！!）)√×，,、", sign) && sign != 0 {
		from += utf8.RuneLen(sign) // these end what stands before
	}
	s := segment{field: field, label: word, from: from, body: at + size, to: len(text), bracket: sign == '（' || sign == '('}
	s.body = skipColon(text, s.body)
	return s, true
}

func skipColon(text string, at int) int {
	at = skipSpace(text, at)
	if r, size := utf8.DecodeRuneInString(text[at:]); size > 0 && (r == ':' || r == '：') {
		at = skipSpace(text, at+size)
	}
	return at
}

var (
	startLabel = regexp.MustCompile(`^(?:[（(【\[〔]\s*)?([\p{Han}]{1,6}|[A-Za-z]+(?: [A-Za-z]+)?)\s*(?:([】\]〕])\s*[:：]?|[:：]|([）)])\s*[:：])\s*`)
	bareAnswer = regexp.MustCompile(`^(?:正确答案|参考答案|标准答案|本题答案|答案|ANSWER|Answer|answer)\s*(?:是|为|选)?\s*[:：]?\s*`)
	pickLine   = regexp.MustCompile(`^(?:故|应|本题|因此)?(?:应|正确)?(?:选择|选)\s*[:：]?\s*([A-Ja-j][A-Ja-j\s、,，]*)[。.]?$`)
)

// labelAtStart reads the label a line begins with.
func labelAtStart(text string) (segment, bool) {
	if m := startLabel.FindStringSubmatchIndex(text); m != nil {
		word := strings.ToLower(text[m[2]:m[3]])
		open, _ := utf8.DecodeRuneInString(text)
		opened := strings.ContainsRune("【[〔", open)
		if field, ok := labelWords[word]; ok && opened == (m[4] >= 0) {
			return segment{field: field, label: word, body: m[1], to: len(text), bracket: (open == '（' || open == '(') && m[6] < 0}, true
		}
	}
	if m := bareAnswer.FindStringIndex(text); m != nil {
		if value := text[m[1]:]; value == "" || simpleKey(value) {
			return segment{field: FieldAnswer, label: "答案", body: m[1], to: len(text)}, true
		}
	}
	if m := pickLine.FindStringSubmatchIndex(text); m != nil {
		return segment{field: FieldAnswer, label: "选", body: m[2], to: len(text)}, true
	}
	return segment{}, false
}

// simpleKey reports letters or a verdict and nothing else.
func simpleKey(text string) bool {
	if len(text) > 60 {
		return false
	}
	folded := strings.Trim(norm.NFKC.String(strings.TrimSpace(text)), "()[]【】.。 ")
	return letterAnswer.MatchString(strings.ToUpper(folded)) || isVerdict(folded) && folded != ""
}

// sectionHead is what the head of a part of a paper says.
type sectionHead struct {
	kind   string // the word as a kind column spells it
	points string // of each question
	gap    string // points of each gap
	keys   bool   // it heads a list of keys
	rest   string // what follows on the line and is not part of the head
	number int    // of the part
}

// headWords are the names of kinds that can head a part, longest first; those without 题 need a number before.
var headWords = []struct{ word, kind string }{
	{"单项选择题", "单选"}, {"单选题", "单选"}, {"多项选择题", "多选"}, {"多选题", "多选"}, {"不定项选择题", "多选"}, {"不定项题", "多选"}, {"选择题", "选择题"},
	{"判断改错题", "判断"}, {"判断正误题", "判断"}, {"判断对错题", "判断"}, {"判断题", "判断"}, {"是非判断题", "判断"}, {"是非题", "判断"}, {"对错题", "判断"}, {"填空题", "填空"},
	{"案例分析题", "案例"}, {"案例选择题", "案例"}, {"案例题", "案例"}, {"材料分析题", "案例"}, {"材料题", "案例"}, {"综合分析题", "案例"}, {"综合题", "案例"}, {"情景分析题", "案例"}, {"情景题", "案例"},
	{"简答题", "简答"}, {"问答题", "简答"}, {"论述题", "简答"}, {"简述题", "简答"}, {"主观题", "简答"}, {"思考题", "简答"}, {"名词解释题", "简答"}, {"名词解释", "简答"},
	{"连线题", "连线"}, {"匹配题", "连线"}, {"配对题", "连线"}, {"排序题", "排序"},
	{"单项选择", "单选"}, {"单选", "单选"}, {"多项选择", "多选"}, {"多选", "多选"}, {"不定项选择", "多选"}, {"不定项", "多选"}, {"选择", "选择题"},
	{"判断正误", "判断"}, {"判断对错", "判断"}, {"判断", "判断"}, {"填空", "填空"}, {"案例分析", "案例"}, {"简答", "简答"}, {"问答", "简答"}, {"论述", "简答"},
	{"连线", "连线"}, {"匹配", "连线"}, {"排序", "排序"},
	{"Single Choice", "单选"}, {"Single choice", "单选"}, {"True/False", "判断"}, {"True or False", "判断"}, {"Multiple Choice", "选择题"},
	{"Multiple choice", "选择题"}, {"Fill in the blank", "填空"}, {"Short answer", "简答"}, {"Short Answer", "简答"}, {"Essay", "简答"}, {"Matching", "连线"}, {"Ordering", "排序"},
}

var (
	perQuestion = regexp.MustCompile(`(?:每|各)个?(?:小)?(?:题|道)?(?:各)?(?:计|得|为)?\s*(\d+(?:\.\d+)?)\s*分`)
	perGap      = regexp.MustCompile(`每(?:个)?空(?:格)?\s*(\d+(?:\.\d+)?)\s*分`)
	keysWord    = regexp.MustCompile(`^[的\s　（(【:：]*(?:参考|标准|正确)?答案(?:及解析|与解析|解析)?[）)】]?[:：]?[\s　]*`)
	headTail    = regexp.MustCompile(`^[\s　]*(?:部分|[sS])?[\s　]*(?:[（(【\[][^（）()【】\[\]]{0,200}[)）】\]][\s　]*)*[:：。.、]?[\s　]*`)
	headSpeech  = regexp.MustCompile(`^(?:[,，]?\s*(?:下列|以下|正误|对错|正确|请|共|每|本|总|将|在|要求|说明|注|\d+\s*[分题道个]|第?\d+\s*[-—~～至]\s*\d+\s*题))`)
	decoration  = " 　\t-—–=*#~·•【】<>《》_─━「」"
)

// headOf reads the head of a part: 一、单选题（每题2分，共20分）, 单选题, 第二部分 判断题.
func headOf(text string) (sectionHead, bool) {
	if len(text) > 600 {
		return sectionHead{}, false
	}
	bare := strings.Trim(text, decoration)
	var h sectionHead
	ordinal := false
	if m, ok := hanAt(bare); ok {
		h.number, ordinal, bare = m.n, true, bare[m.end:]
	} else if m, ok := numberAt(bare); ok && m.sure {
		h.number, bare = m.n, bare[m.end:]
	} else if rest := strings.TrimLeft(bare, "ⅠⅡⅢⅣⅤⅥⅦIVX"); rest != bare && strings.IndexAny(rest, ".、． ") == 0 {
		bare, ordinal = strings.TrimLeft(rest, ".、． "), true
	} else if rest, ok := strings.CutPrefix(bare, "题型"); ok {
		if m, ok := hanAt(rest); ok {
			h.number, ordinal, bare = m.n, true, rest[m.end:]
		}
	}
	for _, w := range headWords {
		rest, ok := strings.CutPrefix(bare, w.word)
		if !ok {
			continue
		}
		h.kind = w.kind
		rest = strings.TrimLeft(rest, decoration[:len(" 　\t-—")])
		return h, h.tail(rest, ordinal, ordinal || strings.HasSuffix(w.word, "题") || w.word[0] < 0x80)
	}
	return trailingHead(bare, h)
}

// tail reads what stands behind the kind: points, a hint, keys; it reports false if the line is a question.
func (h *sectionHead) tail(rest string, ordinal, plain bool) bool {
	if m := keysWord.FindStringIndex(rest); m != nil {
		h.keys, h.rest = true, rest[m[1]:]
		return true
	}
	folded := norm.NFKC.String(rest)
	if m := perQuestion.FindStringSubmatch(folded); m != nil {
		h.points = m[1]
	}
	if m := perGap.FindStringSubmatch(folded); m != nil {
		h.gap, h.points = m[1], ""
	}
	end := headTail.FindStringIndex(rest)[1]
	speech := rest[end:]
	switch {
	case speech == "":
		return true
	case emptyBracket.MatchString(speech) || keyBracket.MatchString(speech) || strings.HasSuffix(speech, "？") || strings.HasSuffix(speech, "?"):
		return false
	case headSpeech.MatchString(speech):
		return plain && (end > 0 || ordinal || h.points != "" || h.gap != "") || ordinal
	case ordinal || plain && end > 0:
		if entries, ok := keyEntries(speech); ok && len(entries) > 0 {
			h.keys, h.rest = true, speech
			return true
		}
	}
	return false
}

var kindAtEnd = regexp.MustCompile(`^([\p{Han}A-Za-z0-9《》、]{0,20}?)(单项选择题|单选题|多项选择题|多选题|不定项选择题|判断题|填空题|简答题|问答题|论述题|案例分析题|名词解释题?|连线题|排序题)(?:部分)?[\s　]*(?:[（(][^（）()]{0,120}[）)])?[:：]?$`)

// trailingHead reads a head whose kind stands last: 保密知识单选题（50题）.
func trailingHead(bare string, h sectionHead) (sectionHead, bool) {
	if !strings.Contains(bare, "题") && !strings.Contains(bare, "名词解释") {
		return h, false
	}
	m := kindAtEnd.FindStringSubmatch(bare)
	if m == nil || strings.ContainsAny(m[1], "、") && kindOf(m[1]) != "" {
		return h, false
	}
	for _, w := range headWords {
		if w.word == m[2] {
			h.kind = w.kind
		}
	}
	return h, h.tail(bare[strings.Index(bare, m[2])+len(m[2]):], false, true)
}

var chapterHead = regexp.MustCompile(`^第\s*[` + hanDigits + `\d]+\s*[章节编篇讲单元]+[\s　:：、.]*(.*)$`)

// chapterOf reads 第二章 定密 as a topic.
func chapterOf(text string) (string, bool) {
	if len(text) > 120 {
		return "", false
	}
	m := chapterHead.FindStringSubmatch(strings.Trim(text, decoration))
	if m == nil || strings.ContainsAny(m[1], "。？?；;（(_") || m[1] == "" && len(text) > 30 {
		return "", false
	}
	if name := strings.TrimSpace(m[1]); name != "" {
		return name, true
	}
	return strings.TrimSpace(text), true
}
