package seed

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"jingzhong/quiz"
	"jingzhong/quiz/exchange"
)

func demoCases(t *testing.T) []Case {
	t.Helper()
	cases, err := Cases()
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// everyQuestion is the bank and the questions of its cases: what is held to the law.
func everyQuestion(t *testing.T) []Question {
	t.Helper()
	questions, _ := demoBank(t)
	for _, c := range demoCases(t) {
		questions = append(questions, c.Parts...)
	}
	return questions
}

// Names that a reader could take for a real place or a real unit; 清川县 is ours.
var (
	realPlace = regexp.MustCompile(`北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|四川|贵州|云南|` +
		`西藏|陕西|甘肃|青海|宁夏|新疆|内蒙古|香港|澳门|台湾`)
	anyCounty = regexp.MustCompile(`(清川)?县(级|里)?`)
	realUnit  = regexp.MustCompile(`微软|谷歌|苹果公司|腾讯|阿里|百度|华为|字节|抖音|钉钉|飞书|顺丰|中国移动|中国电信|ChatGPT|豆包|DeepSeek|Kimi`)
)

func inventedOnly(t *testing.T, no, text string) {
	t.Helper()
	if found := realPlace.FindString(text) + realUnit.FindString(text); found != "" {
		t.Errorf("%s names %s", no, found)
	}
	for _, at := range anyCounty.FindAllStringIndex(text, -1) {
		before, found := []rune(text[:at[0]]), text[at[0]:at[1]]
		if len(before) > 0 && found == "县" && !strings.ContainsRune("某外邻各咱", before[len(before)-1]) {
			t.Errorf("%s: which county is %q?", no, string(before[max(0, len(before)-4):])+found)
		}
	}
}

func TestCasesAreInventedAndWhole(t *testing.T) {
	seen := map[string]string{}
	once := func(no, text string) {
		if other, twice := seen[bare(text)]; twice {
			t.Errorf("%s repeats %s", no, other)
		}
		seen[bare(text)] = no
	}
	for _, c := range demoCases(t) {
		if n := len([]rune(c.Material)); n < 150 || n > 400 || !strings.HasSuffix(c.Material, "（本案例为虚构）") {
			t.Errorf("%s: %d characters, want 150-400 that end with the mark of a fiction", c.No, n)
		}
		if c.Title == "" || len(c.Audience) == 0 || len(c.Parts) < 3 || len(c.Parts) > 4 {
			t.Errorf("%s: title %q, audience %v, %d questions", c.No, c.Title, c.Audience, len(c.Parts))
		}
		for _, a := range c.Audience {
			if !slices.Contains(Audiences, a) {
				t.Errorf("%s: audience %q", c.No, a)
			}
		}
		once(c.No, c.Title)
		once(c.No, c.Material)
		inventedOnly(t, c.No, c.Material)
		for _, part := range c.Parts {
			once(part.No, part.Stem)
			inventedOnly(t, part.No, part.Stem+strings.Join(part.Options, ""))
			if part.Difficulty == 0 {
				t.Errorf("%s has no difficulty", part.No)
			}
		}
	}
	questions, _ := demoBank(t)
	for _, q := range questions {
		once(q.No, q.Stem)
	}
}

func TestCasesSpreadOverTopicsAudiencesAndKinds(t *testing.T) {
	cases := demoCases(t)
	topics, audiences, kinds, levels, letters := map[string]int{}, map[string]int{}, map[string]int{}, map[int]int{}, map[int]int{}
	parts := 0
	for _, c := range cases {
		topics[c.Topic]++
		for _, a := range c.Audience {
			audiences[a]++
		}
		for _, part := range c.Parts {
			parts++
			kinds[part.Kind]++
			levels[part.Difficulty]++
			if part.Kind == exchange.Single {
				letters[part.Correct[0]]++
			}
		}
	}
	if len(cases) < 42 || len(topics) != 13 {
		t.Errorf("%d cases over %d topics: %v", len(cases), len(topics), topics)
	}
	for _, a := range Audiences {
		if audiences[a] < 8 {
			t.Errorf("%d cases for %s", audiences[a], a)
		}
	}
	for kind, least := range map[string]int{exchange.Single: 35, exchange.Multiple: 20, exchange.TrueFalse: 10, exchange.Fill: 5, exchange.Essay: 2} {
		if kinds[kind]*100 < least*parts {
			t.Errorf("%d of %d questions are %s, want %d %%", kinds[kind], parts, kind, least)
		}
	}
	if len(levels) != 3 {
		t.Errorf("difficulties %v", levels)
	}
	balanced(t, letters, kinds[exchange.Single])
}

// balanced: a reader who always marks the same letter gets no more than a third and no less than a sixth.
func balanced(t *testing.T, letters map[int]int, singles int) {
	t.Helper()
	for at := range 4 {
		if n := letters[at]; n*3 > singles || n*6 < singles {
			t.Errorf("%c is the key of %d of %d single choices", 'A'+at, n, singles)
		}
	}
}

// TestCasesSurviveAWorkbook: each group comes back from the file a trainer would be given.
func TestCasesSurviveAWorkbook(t *testing.T) {
	items, err := CaseItems()
	if err != nil {
		t.Fatal(err)
	}
	book, err := exchange.WriteXLSX(items)
	if err != nil {
		t.Fatal(err)
	}
	read, err := exchange.ReadXLSX(book)
	if err != nil {
		t.Fatal(err)
	}
	if len(read.Rows) != len(items) {
		t.Fatalf("%d groups came back of %d", len(read.Rows), len(items))
	}
	for i, row := range read.Rows {
		if len(row.Problems) > 0 {
			t.Errorf("%s: %+v", items[i].Stem, row.Problems)
		}
		if row.Item.Kind != exchange.Group || row.Item.Stem != items[i].Stem || len(row.Item.Items) != len(items[i].Items) {
			t.Fatalf("%+v came back as %+v", items[i], row.Item)
		}
		for k, got := range row.Item.Items {
			want := items[i].Items[k]
			if got.Kind != want.Kind || got.Stem != want.Stem || !slices.Equal(got.Options, want.Options) || !slices.Equal(got.Correct, want.Correct) ||
				!slices.EqualFunc(got.Blanks, want.Blanks, slices.Equal[[]string]) || got.Rubric != want.Rubric || got.Article != want.Article {
				t.Errorf("%+v came back as %+v", want, got)
			}
		}
	}
}

// testCases: each case is stored whole, under its topic, with the key of each of its questions.
func (d *demo) testCases(t *testing.T) {
	cases, err := Cases()
	if err != nil {
		t.Fatal(err)
	}
	trainer := d.signIn(t, "trainer")
	page, err := d.Bank.ListQuestions(t.Context(), trainer, quiz.QuestionFilter{Kinds: []string{quiz.KindGroup}, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	stored := map[string]quiz.Question{}
	for _, q := range page.Items {
		stored[bareStem(q.Version.Stem)] = q
	}
	for _, c := range cases {
		q, ok := stored[bareStem(c.Material)]
		if !ok || q.Topic.Name != c.Topic || len(q.Version.Items) != len(c.Parts) {
			t.Errorf("%s is stored as %+v", c.No, q)
			continue
		}
		for i, part := range c.Parts {
			got := q.Version.Items[i]
			if got.Kind != part.Kind || got.Stem != part.Stem || got.Statute != part.Fact.Statute || got.Article != part.Fact.Article || got.LawQuote != part.Fact.Quote {
				t.Errorf("%s is stored as %+v", part.No, got)
			}
		}
	}
}
