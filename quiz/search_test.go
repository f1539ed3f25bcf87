package quiz

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"jingzhong/store"
)

// found lists the ids a search finds, oldest first.
func (r *bankRoom) found(t *testing.T, query string, limit int) []int64 {
	t.Helper()
	var ids []int64
	f := QuestionFilter{Query: query, Limit: limit}
	for {
		page, err := r.ListQuestions(bankCtx, trainerA, f)
		if err != nil {
			t.Fatalf("%q: %v", query, err)
		}
		for _, q := range page.Items {
			ids = append(ids, q.ID)
		}
		if f.Cursor = page.Next; f.Cursor == "" {
			slices.Reverse(ids)
			return ids
		}
	}
}

func TestSearchFindsWordsOfOneAndTwoCharacters(t *testing.T) {
	r := newBankRoom(t)
	ids := map[string]int64{}
	for name, stem := range map[string]string{
		"authority": "谁有定密权？", "secret": "确定，密级与期限由谁决定", "year": "2024年5月1日起施行的保密法", "tcp": "涉密机使用ＴＣＰ／ＩＰ协议吗",
		"one": "密", "both": "定密责任人定期审核密级",
	} {
		in := singleInput(stem)
		in.Explanation = "说明" + canary
		ids[name] = r.create(trainerA, in).ID
	}
	for query, names := range map[string][]string{
		"定密": {"authority", "both"}, "密": {"authority", "secret", "one", "both", "tcp", "year"}, "定": {"authority", "secret", "both"},
		"定密责任人": {"both"}, "密级": {"secret", "both"}, "2024": {"year"}, "２０２４年": {"year"}, "tcp/ip": {"tcp"}, "TCP": {"tcp"},
		"责任 审核": {"both"}, "定密 责任": {"both"}, "密定": {}, "定密权属": {}, canary: {"authority", "secret", "year", "tcp", "one", "both"},
		"？": {}, `"定密"*`: {"authority", "both"}, "' OR 1": {}, "概念 定密": {"authority", "both"},
	} {
		want := []int64{}
		for _, name := range names {
			want = append(want, ids[name])
		}
		slices.Sort(want)
		if got := r.found(t, query, 2); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", query, got, want)
		}
	}
}

// What the index finds is what reading every text from end to end would find.
func TestSearchEqualsReadingEveryText(t *testing.T) {
	r := newBankRoom(t)
	random := rand.New(rand.NewPCG(1, 2))
	letters := []rune("定密级权人保a1２Ｂ，、 ")
	words := func(n int) string {
		out := make([]rune, n)
		for i := range out {
			out[i] = letters[random.IntN(len(letters))]
		}
		return string(out)
	}
	texts := map[int64]string{}
	for i := range 120 {
		in := QuestionInput{Kind: KindFill, Stem: "问" + words(3+random.IntN(20)) + "____", TopicID: 1, Blanks: [][]string{{"x"}}, Explanation: words(random.IntN(12))}
		q := r.create(trainerA, in)
		if i%3 == 0 { // an edit takes the place of what was there
			in.Stem = "改" + in.Stem[len("问"):]
			in.Explanation = words(5)
			if _, err := r.EditQuestion(bankCtx, trainerA, q.ID, in); err != nil {
				t.Fatal(err)
			}
		}
		texts[q.ID] = searchFold(in.Stem) + "\n" + searchFold(in.Explanation)
	}
	hits := 0
	for range 400 {
		query := strings.Map(func(c rune) rune {
			if strings.ContainsRune("，、 ", c) {
				return -1
			}
			return c
		}, words(1+random.IntN(4)))
		if query == "" {
			continue
		}
		want := []int64{}
		for id, text := range texts {
			if strings.Contains(text, searchFold(query)) {
				want = append(want, id)
			}
		}
		slices.Sort(want)
		hits += len(want)
		if got := r.found(t, query, 200); !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", query, got, want)
		}
	}
	if hits < 1000 {
		t.Errorf("only %d hits: the texts have become too rare for the test to say anything", hits)
	}
}

// An explanation betrays the key: searching it must tell nothing to a reader who may not see keys, in any
// combination with words of the stem.
func TestExplanationsAreSearchedOnlyByWhoMaySeeKeys(t *testing.T) {
	r := newBankRoom(t)
	in := singleInput("县里发布的题目")
	in.Explanation, in.UnitID, in.Publish = canary, 1, true
	q := r.create(trainerRoot, in)
	for _, query := range []string{canary, "县里 " + canary, canary[:3]} {
		page, err := r.ListQuestions(bankCtx, trainerA, QuestionFilter{Query: query, WithCount: true})
		if err != nil || len(page.Items) > 0 || page.Total > 0 {
			t.Errorf("%s: a reader without the key found %d (%v)", query, len(page.Items), err)
		}
		page, err = r.ListQuestions(bankCtx, trainerRoot, QuestionFilter{Query: query, WithCount: true})
		if err != nil || len(page.Items) != 1 || page.Items[0].ID != q.ID || page.Total != 1 {
			t.Errorf("%s: the author found %d (%v)", query, len(page.Items), err)
		}
	}
}

// A text of any length is indexed, and a word repeated without end hides nothing that follows it.
func TestLongAndRepeatedTextsAreFound(t *testing.T) {
	r := newBankRoom(t)
	in := singleInput(strings.Repeat("密级", 1500) + "终点")
	in.Explanation = strings.Repeat("长", 4000) + "尾巴"
	q := r.create(trainerA, in)
	for _, query := range []string{"终点", "级终", "尾巴", "密级密级"} {
		if got := r.found(t, query, 50); !slices.Equal(got, []int64{q.ID}) {
			t.Errorf("%s: got %v", query, got)
		}
	}
}

func TestQuestionsOfAnOlderProgramAreIndexed(t *testing.T) {
	r := newBankRoom(t)
	var ids []int64
	for i := range indexStep + 5 {
		ids = append(ids, r.create(trainerA, fillInput(fmt.Sprintf("旧题%d____", i))).ID)
	}
	hash := r.count(`SELECT simhash FROM questions WHERE id = ?`, ids[0])
	err := r.db.Tx(bankCtx, func(tx *gorm.DB) error {
		for _, id := range ids {
			if _, err := store.Writing(tx).Exec(`INSERT INTO question_words_due (question_id, text, note) VALUES (?, ?, ?)`, id, "补入索引", "说明"); err != nil {
				return err
			}
		}
		_, err := store.Writing(tx).Exec(`UPDATE questions SET simhash = 0`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time there is nothing to do
		if err := r.IndexWords(bankCtx); err != nil {
			t.Fatal(err)
		}
	}
	if got := r.found(t, "补入", 200); !slices.Equal(got, ids) {
		t.Errorf("%d of %d found", len(got), len(ids))
	}
	if again := r.count(`SELECT simhash FROM questions WHERE id = ?`, ids[0]); again != hash || hash == 0 {
		t.Errorf("hash %d, was %d", again, hash)
	}
}
