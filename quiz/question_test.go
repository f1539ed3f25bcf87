package quiz

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"jingzhong/fault"
	"jingzhong/law"
)

func TestNormaliseAnswer(t *testing.T) {
	for text, want := range map[string]string{
		" 24 ": "24", "２４": "24", "二十四": "二十四", "TCP/IP": "tcp/ip", "ＴＣＰ／ＩＰ": "tcp/ip", "24 小时": "24小时",
		"New   York": "new york", "　绝密　级": "绝密级", "": "", "\u200b": "", "①": "1", "Straße": "straße",
	} {
		if got := NormaliseAnswer(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"ǅ ﬁ　甲 b", "İ", "K", "ﷺ a"} {
		once := NormaliseAnswer(text)
		if twice := NormaliseAnswer(once); twice != once {
			t.Errorf("%q is not stable: %q then %q", text, once, twice)
		}
	}
}

func TestTextHash(t *testing.T) {
	same := textHash("密级有几级？", []string{"绝密", "机密"})
	if same != textHash(" 密级有几级?", []string{"机密。", "绝密"}) {
		t.Error("width, signs and the order of options matter")
	}
	if same == textHash("密级有几级？", []string{"绝密", "秘密"}) {
		t.Error("options do not matter")
	}
	if textHash("选", []string{"+", "1"}) == textHash("选", []string{"-", "1"}) {
		t.Error("options of signs are all the same")
	}
}

func TestQuestionChecks(t *testing.T) {
	long := strings.Repeat("字", stemMost+1)
	many := make([]OptionInput, optionsMost+1)
	for i := range many {
		many[i] = OptionInput{Text: fmt.Sprint(i), Correct: i == 0}
	}
	yes := true
	for name, c := range map[string]struct {
		change func(*QuestionInput)
		code   string
		field  string
	}{
		"no stem":            {func(q *QuestionInput) { q.Stem = " \n" }, "question.stem_missing", "stem"},
		"long stem":          {func(q *QuestionInput) { q.Stem = long }, "question.text_too_long", "stem"},
		"control sign":       {func(q *QuestionInput) { q.Stem = "a\x00" }, "question.text_control", "stem"},
		"no kind":            {func(q *QuestionInput) { q.Kind = "riddle" }, "question.kind_unknown", "kind"},
		"no topic":           {func(q *QuestionInput) { q.TopicID = 0 }, "question.topic_missing", "topicId"},
		"odd use":            {func(q *QuestionInput) { q.Use = "exam" }, "question.use_unknown", "use"},
		"odd difficulty":     {func(q *QuestionInput) { q.Difficulty = 100 }, "question.difficulty", "difficulty"},
		"one option":         {func(q *QuestionInput) { q.Options = q.Options[:1] }, "question.options_few", "options"},
		"many options":       {func(q *QuestionInput) { q.Options = many }, "question.options_many", "options"},
		"empty option":       {func(q *QuestionInput) { q.Options[1].Text = " " }, "question.option_empty", "options[1].text"},
		"repeated option":    {func(q *QuestionInput) { q.Options[1].Text = "绝密 " }, "question.option_repeated", "options[1].text"},
		"no key":             {func(q *QuestionInput) { q.Options[0].Correct = false }, "question.key_missing", "options"},
		"two keys":           {func(q *QuestionInput) { q.Options[1].Correct = true }, "question.key_single", "options"},
		"blanks of a choice": {func(q *QuestionInput) { q.Blanks = [][]string{{"x"}} }, "question.options_unwanted", "blanks"},
		"truth of a choice":  {func(q *QuestionInput) { q.Truth = &yes }, "question.options_unwanted", "truth"},
		"options of a fill":  {func(q *QuestionInput) { q.Kind, q.Blanks = KindFill, [][]string{{"x"}}; q.Stem = "____" }, "question.options_unwanted", "options"},
		"too few blanks": {func(q *QuestionInput) {
			q.Kind, q.Options, q.Blanks, q.Stem = KindFill, nil, [][]string{{"x"}}, "__ 和 ____"
		}, "question.blanks_mismatch", "blanks"},
		"blank without answer":  {func(q *QuestionInput) { q.Kind, q.Options, q.Blanks, q.Stem = KindFill, nil, [][]string{{" "}}, "__" }, "question.blank_empty", "blanks[0]"},
		"truth missing":         {func(q *QuestionInput) { q.Kind, q.Options = KindTrueFalse, nil }, "question.key_missing", "truth"},
		"unknown statute":       {func(q *QuestionInput) { q.Statute = "ABC" }, law.ErrStatuteUnknown.Code, "statute"},
		"article beyond":        {func(q *QuestionInput) { q.Article = "66" }, law.ErrArticleUnknown.Code, "article"},
		"article without law":   {func(q *QuestionInput) { q.Statute = "" }, law.ErrStatuteUnknown.Code, "statute"},
		"paragraph of no where": {func(q *QuestionInput) { q.Article, q.Paragraph = "", 2 }, law.ErrArticleUnknown.Code, "paragraph"},
		"long tag":              {func(q *QuestionInput) { q.Tags = []string{strings.Repeat("字", 41)} }, "question.tags", "tags"},
	} {
		in := singleInput("题干")
		c.change(&in)
		_, err := checkQuestion(in)
		if !errors.Is(err, ErrQuestionInvalid) || !hasField(err, c.code) || !strings.Contains(fields(err), c.field+" ") {
			t.Errorf("%s: %v with %s", name, err, fields(err))
		}
	}
}

func fields(err error) (out string) {
	if f, ok := fault.As(err); ok {
		for _, each := range f.Fields {
			out += each.Field + " "
		}
	}
	return out
}

func TestWarningsLookAtWhatIsTaught(t *testing.T) {
	old := "保密工作实行积极防范、突出重点、依法管理的方针"
	right, wrong := true, false
	for name, c := range map[string]struct {
		in   QuestionInput
		want int
	}{
		"stem":                   {QuestionInput{Kind: KindTrueFalse, Stem: old, Truth: &right, TopicID: 1}, 1},
		"a false statement":      {QuestionInput{Kind: KindTrueFalse, Stem: old, Truth: &wrong, TopicID: 1}, 0},
		"the right option":       {QuestionInput{Kind: KindSingle, Stem: "方针是", Options: []OptionInput{{Text: old, Correct: true}, {Text: "无"}}, TopicID: 1}, 1},
		"a distractor":           {QuestionInput{Kind: KindSingle, Stem: "原则是", Options: []OptionInput{{Text: old}, {Text: "无", Correct: true}}, TopicID: 1}, 0},
		"an old article":         {QuestionInput{Kind: KindFill, Stem: "____期管理", Blanks: [][]string{{"脱密"}}, Explanation: "脱密期见保密法第三十八条", TopicID: 1}, 1},
		"the reference is stale": {QuestionInput{Kind: KindTrueFalse, Stem: "离岗实行脱密期管理", Truth: &right, Statute: "BMF", Article: "38", TopicID: 1}, 1},
	} {
		got, err := checkQuestion(c.in)
		if err != nil || len(got.warnings) != c.want {
			t.Errorf("%s: %+v %v", name, got.warnings, err)
		}
	}
}

func TestSearchFiltersFacetsAndPages(t *testing.T) {
	r := newBankRoom(t)
	for i := range 7 {
		in := singleInput(fmt.Sprintf("定密责任人由谁担任 %d_%%", i))
		in.Publish = i%2 == 0
		r.create(trainerA, in)
	}
	in := fillInput("在____ＡＢＣ内报告")
	in.Explanation, in.Tags, in.Use, in.Difficulty = "绝密级载体", []string{"时限"}, UseContest, 45
	r.create(trainerA, in)
	find := func(f QuestionFilter) QuestionPage {
		t.Helper()
		f.WithCount = true
		page, err := r.ListQuestions(bankCtx, trainerA, f)
		if err != nil {
			t.Fatal(err)
		}
		return page
	}
	for name, c := range map[string]struct {
		f    QuestionFilter
		want int64
	}{
		"all": {QuestionFilter{}, 8}, "two characters": {QuestionFilter{Query: "定密"}, 7}, "one character": {QuestionFilter{Query: "密"}, 8},
		"an option": {QuestionFilter{Query: "普通"}, 7}, "a tag": {QuestionFilter{Query: "时限"}, 1}, "the explanation": {QuestionFilter{Query: "载体"}, 1},
		"width and case": {QuestionFilter{Query: "abc"}, 1}, "two words": {QuestionFilter{Query: "责任人 3_"}, 1}, "a literal %": {QuestionFilter{Query: "%%"}, 0},
		"nothing": {QuestionFilter{Query: "火星"}, 0}, "topic": {QuestionFilter{TopicIDs: []int64{1}}, 1}, "kind": {QuestionFilter{Kinds: []string{KindFill}}, 1},
		"state": {QuestionFilter{States: []string{QuestionPublished}}, 4}, "use": {QuestionFilter{Uses: []string{UseContest}}, 1},
		"level": {QuestionFilter{Levels: []string{"hard"}}, 1}, "levels": {QuestionFilter{Levels: []string{"hard", "easy"}}, 8},
		"exact tag": {QuestionFilter{Tag: "概念"}, 7}, "part of a tag": {QuestionFilter{Tag: "概"}, 0}, "statute": {QuestionFilter{Statute: "BMF", Article: "14"}, 7},
		"pending": {QuestionFilter{Pending: true}, 4}, "mine": {QuestionFilter{Mine: true}, 8},
	} {
		if got := find(c.f); got.Total != c.want || int64(len(got.Items)) != c.want {
			t.Errorf("%s: %d and %d items, want %d", name, got.Total, len(got.Items), c.want)
		}
	}
	page := find(QuestionFilter{Kinds: []string{KindFill}, Query: "密"})
	if page.Facets.Kinds[KindSingle] != 7 || page.Facets.Kinds[KindFill] != 1 || page.Facets.Topics[2] != 0 || page.Facets.Levels["hard"] != 1 {
		t.Errorf("%+v", page.Facets)
	}
	seen := map[int64]bool{}
	f := QuestionFilter{Limit: 3}
	for pages := 0; ; pages++ {
		page, err := r.ListQuestions(bankCtx, trainerA, f)
		if err != nil || pages > 3 {
			t.Fatal(pages, err)
		}
		for _, q := range page.Items {
			seen[q.ID] = true
		}
		if f.Cursor = page.Next; page.Next == "" {
			break
		}
	}
	if len(seen) != 8 {
		t.Errorf("pages hold %d questions", len(seen))
	}
	for _, bad := range []QuestionFilter{{Limit: 201}, {Limit: -1}, {Cursor: "?"}, {Levels: []string{"x"}}, {Kinds: []string{"x"}}, {States: []string{"importing"}}, {Uses: []string{"x"}}} {
		if _, err := r.ListQuestions(bankCtx, trainerA, bad); err == nil {
			t.Errorf("accepted %+v", bad)
		}
	}
}

func TestTopics(t *testing.T) {
	r := newBankRoom(t)
	topics, err := r.Topics(bankCtx, learner)
	if err != nil || len(topics) != 13 || topics[0].Name != "总则" || topics[12].Name != "出国出境" {
		t.Fatalf("%+v %v", topics, err)
	}
	if _, err := r.CreateTopic(bankCtx, learner, TopicInput{Name: "无人机"}); err == nil {
		t.Error("a learner made a topic")
	}
	made, err := r.CreateTopic(bankCtx, trainerA, TopicInput{Name: " 无人机 ", ParentID: topics[4].ID})
	if err != nil || made.Name != "无人机" || made.Sort != 14 {
		t.Fatalf("%+v %v", made, err)
	}
	if _, err := r.CreateTopic(bankCtx, trainerA, TopicInput{Name: "无人机"}); !errors.Is(err, ErrTopicTaken) {
		t.Errorf("twice: %v", err)
	}
}
