package exchange

import (
	"errors"
	"reflect"
	"sort"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"
)

// word draws a trimmed text with everything that a writer might get wrong.
func word(t *rapid.T, label string) string {
	return rapid.Custom(func(t *rapid.T) string {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("保密甲A1a=+-@'\"\\;|/,、；()（）<>&_x0041\t\n 　.．:😀é~#")), 1, 14, -1).Draw(t, "text")
		return strings.TrimFunc(text, blank)
	}).Filter(func(s string) bool { return s != "" && CountBlanks(s) == 0 }).Draw(t, label)
}

func optional(t *rapid.T, label string) string {
	if rapid.Bool().Draw(t, label+"?") {
		return word(t, label)
	}
	return ""
}

func drawItem(t *rapid.T) Item {
	return drawItemOf(t, []string{Single, Multiple, TrueFalse, Fill, Matching, Ordering, Essay, Group})
}

func drawItemOf(t *rapid.T, kinds []string) Item {
	it := Item{Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Stem: word(t, "stem"),
		Explanation: optional(t, "explanation"), Reference: optional(t, "reference"), LawQuote: optional(t, "quote"),
		Topic: optional(t, "topic"), Statute: rapid.SampledFrom([]string{"", "BMF", "TL"}).Draw(t, "statute"),
		Article:    rapid.SampledFrom([]string{"", "26", "219-1", "M", "007"}).Draw(t, "article"),
		Paragraph:  rapid.IntRange(0, 9).Draw(t, "paragraph"),
		Points:     rapid.Int64Range(0, 100_000).Draw(t, "points"),
		Difficulty: rapid.IntRange(0, 99).Draw(t, "difficulty"),
		Use:        rapid.SampledFrom([]string{"", "practice", "contest", "both"}).Draw(t, "use")}
	for range rapid.IntRange(0, 3).Draw(t, "tags") {
		tag := strings.Join(strings.Fields(word(t, "tag")), "")
		it.Tags = append(it.Tags, tag)
	}
	switch it.Kind {
	case Single, Multiple:
		for range rapid.IntRange(2, 10).Draw(t, "options") {
			it.Options = append(it.Options, Option{word(t, "option"), rapid.Bool().Draw(t, "fixed")})
		}
		n := 1
		if it.Kind == Multiple {
			n = rapid.IntRange(1, len(it.Options)).Draw(t, "keys")
		}
		all := make([]int, len(it.Options))
		for i := range all {
			all[i] = i
		}
		it.Correct = append([]int{}, rapid.Permutation(all).Draw(t, "key")[:n]...)
		sort.Ints(it.Correct)
		if rapid.Bool().Draw(t, "weighted") {
			for range it.Options {
				it.Weights = append(it.Weights, rapid.Int64Range(-WholeWeight, WholeWeight).Draw(t, "weight"))
			}
		}
	case Ordering:
		all := []int{}
		for i := range rapid.IntRange(2, 10).Draw(t, "steps") {
			it.Options, all = append(it.Options, Option{Text: word(t, "step")}), append(all, i)
		}
		it.Correct = append([]int{}, rapid.Permutation(all).Draw(t, "order")...)
	case Matching:
		for range rapid.IntRange(2, 6).Draw(t, "pairs") {
			it.Pairs = append(it.Pairs, Pair{word(t, "left"), word(t, "right")})
		}
		for range rapid.IntRange(0, 2).Draw(t, "distractors") {
			it.Distractors = append(it.Distractors, word(t, "distractor"))
		}
	case Essay:
		it.Rubric = optional(t, "rubric")
	case Group:
		for range rapid.IntRange(1, 3).Draw(t, "parts") {
			it.Items = append(it.Items, drawItemOf(t, []string{Single, Multiple, TrueFalse, Fill, Essay}))
		}
	case TrueFalse:
		it.Correct = []int{rapid.IntRange(0, 1).Draw(t, "truth")}
	case Fill:
		for range rapid.IntRange(1, 4).Draw(t, "blanks") {
			it.Stem += Blank + word(t, "after")
			var variants []string
			for range rapid.IntRange(1, 3).Draw(t, "variants") {
				variants = append(variants, word(t, "variant"))
			}
			it.Blanks = append(it.Blanks, variants)
		}
		it.Stem = NormaliseBlanks(it.Stem)
	}
	return it
}

func TestExportReadsBackTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.SliceOfN(rapid.Custom(drawItem), 1, 4).Draw(t, "items")
		for _, it := range items {
			for _, each := range append([]Item{it}, it.Items...) {
				if each.Kind == Fill && CountBlanks(each.Stem) != len(each.Blanks) {
					t.Skip("gaps ran together")
				}
			}
		}
		data, err := WriteXLSX(items)
		if err != nil {
			t.Fatal(err)
		}
		res, err := Read("bank.xlsx", data)
		if err != nil {
			t.Fatal(err)
		}
		if len(res.Rows) != len(items) || len(res.Skipped) != 0 {
			t.Fatalf("wrote %d items, read %d rows, skipped %v", len(items), len(res.Rows), res.Skipped)
		}
		for i, row := range res.Rows {
			if len(row.Problems) > 0 {
				t.Fatalf("item %d: %v", i, row.Problems)
			}
			if got, want := normal(row.Item), normal(items[i]); !reflect.DeepEqual(got, want) {
				t.Fatalf("wrote %#v\nread  %#v", want, got)
			}
		}
	})
}

// normal makes an empty list and none the same.
func normal(it Item) Item {
	if len(it.Tags) == 0 {
		it.Tags = nil
	}
	for i := range it.Items {
		it.Items[i] = normal(it.Items[i])
	}
	return it
}

func TestNoCellOfAnExportRunsAsAFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("'=+-@\ta1")), 1, 6, -1).Draw(t, "text")
		g := guard(text)
		if strings.ContainsRune(guarded, rune(g[0])) {
			t.Fatalf("%q is written as %q", text, g)
		}
		if back := unguard(g); back != text {
			t.Fatalf("%q came back as %q", text, back)
		}
	})
}

func TestMarkedWorkbookReadsBack(t *testing.T) {
	res, err := ReadCSV([]byte("题干,选项,答案,题型\n谁负责？,A. 甲 B. 乙,C,单选\n判断这句,,也许,判断\n"))
	if err != nil {
		t.Fatal(err)
	}
	marked := make([]MarkedRow, len(res.Rows))
	for i, row := range res.Rows {
		if len(row.Problems) == 0 {
			t.Fatalf("row %d has no problem", i)
		}
		marked[i] = MarkedRow{State: "有错", Bad: true, Notes: []string{row.Problems[0].Message}, Row: row}
	}
	data, err := WriteMarked(marked)
	if err != nil {
		t.Fatal(err)
	}
	back, err := Read("x.xlsx", data)
	if err != nil || len(back.Rows) != 2 || len(back.Skipped) != 0 {
		t.Fatalf("%+v %v", back, err)
	}
	if back.Rows[0].Problems[0].Code != "item.answer_beyond" || back.Rows[0].Cells["B"] != "乙" || back.Rows[0].Cells[FieldAnswer] != "C" {
		t.Fatalf("%+v", back.Rows[0])
	}
}

func TestLayouts(t *testing.T) {
	for name, c := range map[string]struct {
		csv  string
		want Item
	}{
		"surveyking": {"序号,题干,选项 A,选项 B,选项 C,选项  D,解析,分数,答案,标签\n1,哪个对,甲,乙,丙,丁,因为,2.5,B,定密 概念\n",
			Item{Kind: Single, Stem: "哪个对", Options: opts("甲", "乙", "丙", "丁"), Correct: []int{1}, Explanation: "因为", Points: 250, Tags: []string{"定密", "概念"}}},
		"ted-back, key with comma": {"题目,选项A,选项B,选项C,正确答案,题目类型\n哪些对,甲,乙,丙,\"A,B\",多选题\n",
			Item{Kind: Multiple, Stem: "哪些对", Options: opts("甲", "乙", "丙"), Correct: []int{0, 1}}},
		"datiba": {"题目（必填）,题型（必填）,选项A（必填）,选项B（必填）,正确选项（必填）\n哪个,单选题,甲,乙,Ａ\n",
			Item{Kind: Single, Stem: "哪个", Options: opts("甲", "乙"), Correct: []int{0}}},
		"annotation": {"知识点名称,题目难度,题目内容,题型,A,B,C,答案\n定密,难,哪些,多选,甲,乙,丙,A、C\n",
			Item{Kind: Multiple, Stem: "哪些", Options: opts("甲", "乙", "丙"), Correct: []int{0, 2}, Topic: "定密", Difficulty: 40}},
		"options in one cell, text as key": {"question,options,label\n哪个,A.甲；B.乙；C.丙,乙\n",
			Item{Kind: Single, Stem: "哪个", Options: opts("甲", "乙", "丙"), Correct: []int{1}}},
		"lines in one cell": {"题干,选项,答案\n哪个,\"甲\n乙\n丙\",3\n",
			Item{Kind: Single, Stem: "哪个", Options: opts("甲", "乙", "丙"), Correct: []int{2}}},
		"letters inside the option columns": {"题干,选项1,选项2,答案,题型\n哪个,A.甲,B、乙,B,单选\n",
			Item{Kind: Single, Stem: "哪个", Options: opts("甲", "乙"), Correct: []int{1}}},
		"numbers as key": {"题干,选项A,选项B,选项C,答案,题型\n哪些,甲,乙,丙,1|3,多选\n",
			Item{Kind: Multiple, Stem: "哪些", Options: opts("甲", "乙", "丙"), Correct: []int{0, 2}}},
		"an option that is a number wins over its place": {"题干,选项A,选项B,选项C,答案\n几日,3,2,1,1\n",
			Item{Kind: Single, Stem: "几日", Options: opts("3", "2", "1"), Correct: []int{2}}},
		"verdict by sign":   {"题干,答案\n这样对,√\n", Item{Kind: TrueFalse, Stem: "这样对", Correct: []int{0}}},
		"verdict by letter": {"题型,题干,答案\n判断题,这样对,B\n", Item{Kind: TrueFalse, Stem: "这样对", Correct: []int{1}}},
		"verdict by option": {"题干,选项A,选项B,答案\n这样对,错误,正确,A\n", Item{Kind: TrueFalse, Stem: "这样对", Correct: []int{1}}},
		"fill, brackets as gaps": {"题型,题干,答案,依据\n填空,密级分为（ ）、（　）、( )三级,绝密、机密、秘密,《保密法》第14条\n",
			Item{Kind: Fill, Stem: "密级分为____、____、____三级", Blanks: [][]string{{"绝密"}, {"机密"}, {"秘密"}}, Reference: "《保密法》第14条"}},
		"fill, variants": {"题型,题干,答案\n填空,应在____小时内报告,24/二十四\n",
			Item{Kind: Fill, Stem: "应在____小时内报告", Blanks: [][]string{{"24", "二十四"}}}},
		"fill, a slash inside a word": {"题型,题干,答案\n填空,协议是____,TCP/IP\n",
			Item{Kind: Fill, Stem: "协议是____", Blanks: [][]string{{"TCP/IP"}}}},
		"fill, two blanks with variants": {"题型,题干,答案\n填空,在____小时内向____报告,24|二十四；上级\n",
			Item{Kind: Fill, Stem: "在____小时内向____报告", Blanks: [][]string{{"24", "二十四"}, {"上级"}}}},
		"fill, doubled bars between blanks": {"题型,题干,答案\n填空,____和____,30|三十||30|三十\n",
			Item{Kind: Fill, Stem: "____和____", Blanks: [][]string{{"30", "三十"}, {"30", "三十"}}}},
		"fill without a gap": {"题型,题干,答案\n填空,保密期限最长为,30年\n",
			Item{Kind: Fill, Stem: "保密期限最长为____", Blanks: [][]string{{"30年"}}}},
		"difficulty as a share, level, word": {"题型,题干,答案,难度\n判断,这样,F,0.73\n",
			Item{Kind: TrueFalse, Stem: "这样", Correct: []int{1}, Difficulty: 73}},
		"all of the above": {"题干,选项A,选项B,选项C,答案\n哪个,甲,乙,以上都对,C\n",
			Item{Kind: Single, Stem: "哪个", Options: []Option{{"甲", false}, {"乙", false}, {"以上都对", true}}, Correct: []int{2}}},
		"title rows above the header": {"某县保密题库,,\n,,\n题干,答案,备注\n这样对,对,x\n", Item{Kind: TrueFalse, Stem: "这样对", Correct: []int{0}}},
		"tabs":                        {"题干\t答案\n这样,不对吧\t错\n", Item{Kind: TrueFalse, Stem: "这样,不对吧", Correct: []int{1}}},
	} {
		for encoding, data := range encodings(t, c.csv) {
			res, err := Read("bank.csv", data)
			if err != nil || len(res.Rows) != 1 || len(res.Rows[0].Problems) > 0 {
				t.Errorf("%s in %s: %+v, %v", name, encoding, res, err)
				continue
			}
			if !reflect.DeepEqual(normal(res.Rows[0].Item), c.want) {
				t.Errorf("%s in %s:\n got %+v\nwant %+v", name, encoding, res.Rows[0].Item, c.want)
			}
		}
	}
}

func opts(texts ...string) []Option {
	out := make([]Option, len(texts))
	for i, text := range texts {
		out[i].Text = text
	}
	return out
}

func encodings(t *testing.T, text string) map[string][]byte {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{"utf-8": []byte(text), "utf-8 with BOM": []byte("\ufeff" + text), "gb18030": []byte(gb), "utf-16": []byte(wide)}
}

func TestProblemsNameTheirCell(t *testing.T) {
	for csv, want := range map[string]string{
		"题干,选项A,选项B,答案,题型\n,甲,乙,A,单选\n":          "item.stem_missing 题干",
		"题干,选项A,选项B,答案,题型\n哪个,甲,乙,,单选\n":         "item.answer_missing 答案",
		"题干,选项A,选项B,答案,题型\n哪个,甲,乙,C,单选\n":        "item.answer_beyond 答案",
		"题干,选项A,选项B,答案,题型\n哪个,甲,乙,AB,单选\n":       "item.answer_many 答案",
		"题干,选项A,选项B,答案,题型\n哪个,甲,乙,大概是甲,单选\n":     "item.answer_unreadable 答案",
		"题干,选项A,选项B,选项C,答案,题型\n哪个,甲,,丙,A,单选\n":   "item.option_gap 选项B",
		"题干,选项A,选项B,答案,题型\n哪个,甲,,A,单选\n":         "item.options_few ",
		"题干,答案,题型\n谈谈,略,猜谜\n":                    "item.kind_unknown 题型",
		"题干,答案\n谈谈,略\n":                          "item.kind_unclear ",
		"题干,答案,题型\n在____内向____报告,24,填空\n":        "item.blanks_mismatch 答案",
		"题干,答案,题型,分值\n对吗,对,判断,很多\n":              "item.points 分值",
		"题干,答案,题型,难度\n对吗,对,判断,7\n":               "item.difficulty 难度",
		"题干,答案,题型,用途\n对吗,对,判断,随便\n":              "item.use 用途",
		"题干,答案,题型,款\n对吗,对,判断,x\n":                "item.paragraph 款",
		"题干,选项A,选项B,答案,题型,固定选项\n哪个,甲,乙,A,单选,C\n": "item.fixed 固定选项",
		"题干,答案,题型\n对\u0007吗,对,判断\n":              "item.text_control 题干",
	} {
		res, err := Read("x.csv", []byte(csv))
		if err != nil || len(res.Rows) != 1 || len(res.Rows[0].Problems) != 1 {
			t.Errorf("%q: %+v %v", csv, res.Rows, err)
			continue
		}
		p := res.Rows[0].Problems[0]
		if got := p.Code + " " + p.Column; got != want || p.Line != 2 || strings.Contains(p.Message, "{") {
			t.Errorf("%q: %s at line %d (%s), want %s", csv, got, p.Line, p.Message, want)
		}
	}
}

func TestOneSheetPerKind(t *testing.T) {
	data := sheetsOf(t, map[string][][]string{
		"单选":     {{"题干", "选项A", "选项B", "答案"}, {"哪个", "甲", "乙", "A"}},
		"多选题":    {{"题干", "选项A", "选项B", "答案"}, {"哪些", "甲", "乙", "A"}},
		"判断":     {{"题干", "答案"}, {"对吗", "错"}},
		"填空":     {{"题干", "答案"}, {"在____", "此"}},
		"简答":     {{"题干", "答案"}, {"谈谈", "略"}},
		"填写说明":   {{"题干", "答案"}, {"例题", "A"}},
		"Sheet9": {{"随便"}, {"写写"}},
	})
	res, err := Read("x.xlsx", data)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, row := range res.Rows {
		if len(row.Problems) == 0 {
			kinds[row.Item.Kind]++
		} else {
			kinds[row.Problems[0].Code]++
		}
	}
	want := map[string]int{Single: 1, Multiple: 1, TrueFalse: 1, Fill: 1, Essay: 1}
	if !reflect.DeepEqual(kinds, want) {
		t.Errorf("got %v", kinds)
	}
	var skipped []string
	for _, p := range res.Skipped {
		skipped = append(skipped, p.Code)
	}
	sort.Strings(skipped)
	if strings.Join(skipped, " ") != "sheet.no_header sheet.notes" {
		t.Errorf("skipped %v", skipped)
	}
}

func TestTemplate(t *testing.T) {
	data, err := Template([]string{"总则", "定密"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Read("t.xlsx", data)
	var refused *Error
	if !errors.As(err, &refused) || refused.Code != "file.no_rows" {
		t.Fatalf("an unfilled template: %v", err)
	}
	text := partsOf(t, data)
	for _, want := range []string{"严禁存储、处理、传输国家秘密", "选择项", "dataValidation", "定密"} {
		if !strings.Contains(text, want) {
			t.Errorf("the template lacks %s", want)
		}
	}
}

func TestLooksFixed(t *testing.T) {
	for _, text := range []string{"以上都对", "以上都不对", "以上均正确", "以上选项都对", "A和B", "ABC都对", "都正确", "A、B、C", "None of the above", "上述行为", "以上三项都是", "以上说法均错误"} {
		if !LooksFixed(text) {
			t.Errorf("%s moves", text)
		}
	}
	for _, text := range []string{"正确", "错误", "绝密", "机密级以上都应当登记", "A类人员", "都市", "全国人大", "不对外公开", "以上级机关的决定为准", "B", "AI"} {
		if LooksFixed(text) {
			t.Errorf("%s keeps its place", text)
		}
	}
}
