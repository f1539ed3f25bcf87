package quiz

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func truthInput(stem string) QuestionInput {
	yes := true
	return QuestionInput{Kind: KindTrueFalse, Stem: stem, TopicID: 1, Truth: &yes}
}

const carry = "机关、单位工作人员携带涉密载体外出，应当采取必要的保护措施，始终不得离开本人的有效控制范围"

func TestRewordedQuestionsAreNear(t *testing.T) {
	hash := func(stem string) int64 { return int64(simHash(stem, nil)) }
	base := hash(carry)
	for name, c := range map[string]struct {
		stem string
		near bool
	}{
		"itself":          {carry, true},
		"punctuation":     {strings.ReplaceAll(carry, "，", ", ") + "。", true},
		"one word":        {strings.Replace(carry, "始终", "全程", 1), true},
		"a negation":      {strings.Replace(carry, "不得", "可以", 1), true},
		"another subject": {"涉密人员离岗离职实行脱密期管理，脱密期内不得违反规定就业和出境，不得泄露国家秘密", false},
	} {
		if d := distance(base, hash(c.stem)); (d <= nearBits) != c.near {
			t.Errorf("%s: %d bits", name, d)
		}
	}
}

// Saying the same few words again and again does not make two questions alike.
func TestRepeatedWordsDoNotMakeQuestionsNear(t *testing.T) {
	a := simHash("关于工作秘密，下列说法正确的有哪些？", []string{"工作秘密是绝密、机密、秘密之外的第四个密级", "工作秘密不属于国家秘密，但泄露后会造成一定不利影响",
		"对工作秘密应当采取必要的保护措施", "获取自其他单位的事项，也可能成为本单位要保护的工作秘密", "工作秘密文件应当在首页标注国家秘密标志"})
	b := simHash("公务员不得泄露国家秘密或者工作秘密，泄露工作秘密同样违反《公务员法》。", nil)
	if d := distance(int64(a), int64(b)); d <= nearBits {
		t.Errorf("%d bits", d)
	}
}

// The bands lose nothing: what they find is what comparing all with all finds.
func TestBandsFindEveryNearPair(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	hashes := make([]int64, 400)
	for i := range hashes {
		hashes[i] = int64(random.Uint64())
		if i > 0 && i%2 == 0 {
			hashes[i] = hashes[i-1]
			for range random.IntN(9) {
				hashes[i] ^= 1 << random.IntN(64)
			}
		}
	}
	var want []pair
	for i := range hashes {
		for j := i + 1; j < len(hashes); j++ {
			if d := distance(hashes[i], hashes[j]); d <= nearBits {
				want = append(want, pair{i, j, d})
			}
		}
	}
	if got := nearPairs(hashes, 10_000); !slices.Equal(got, sortedPairs(want)) || len(want) < 50 {
		t.Errorf("got %d pairs, want %d", len(got), len(want))
	}
	x := newNearIndex(hashes[1:])
	for i, h := range hashes[:1] {
		if at := x.nearest(h); at >= 0 && distance(h, hashes[at+1]) > nearBits {
			t.Errorf("%d: nearest is %d", i, at)
		}
	}
}

func TestDuplicatesAreForAPersonToDecide(t *testing.T) {
	r := newBankRoom(t)
	one := r.create(trainerA, truthInput(carry))
	negated := r.create(trainerA, truthInput(strings.Replace(carry, "不得", "可以", 1)))
	r.create(trainerA, truthInput("密级分为绝密、机密、秘密三级"))
	foreign := r.create(trainerB, truthInput(carry+"。"))

	page, err := r.Duplicates(bankCtx, trainerA, 0, "")
	if err != nil || page.Total != 1 || len(page.Items) != 1 {
		t.Fatalf("%d pairs, %v", page.Total, err)
	}
	got := page.Items[0]
	if got.A.ID != one.ID || got.B.ID != negated.ID || got.Similarity < 85 || got.A.Version.Stem == got.B.Version.Stem {
		t.Errorf("pair %d %d at %d", got.A.ID, got.B.ID, got.Similarity)
	}
	if page, err = r.Duplicates(bankCtx, trainerRoot, 1, ""); err != nil || page.Total != 3 || page.Next == "" {
		t.Errorf("the county sees %d pairs (%v)", page.Total, err)
	}
	if page, err = r.Duplicates(bankCtx, trainerRoot, 2, page.Next); err != nil || len(page.Items) != 2 || page.Next != "" {
		t.Errorf("second page: %d (%v)", len(page.Items), err)
	}
	if err := r.MarkDistinct(bankCtx, trainerA, one.ID, foreign.ID); !errors.Is(err, ErrQuestionNotFound) {
		t.Errorf("a foreign question: %v", err)
	}
	if err := r.MarkDistinct(bankCtx, trainerA, one.ID, one.ID); !errors.Is(err, ErrDistinctSame) {
		t.Errorf("itself: %v", err)
	}
	for range 2 {
		if err := r.MarkDistinct(bankCtx, trainerA, negated.ID, one.ID); err != nil {
			t.Fatal(err)
		}
	}
	if page, err = r.Duplicates(bankCtx, trainerA, 0, ""); err != nil || page.Total != 0 {
		t.Errorf("remembered: %d pairs left (%v)", page.Total, err)
	}
	if _, err := r.RetireQuestion(bankCtx, trainerB, foreign.ID, "重复"); err != nil {
		t.Fatal(err)
	}
	if page, err = r.Duplicates(bankCtx, trainerRoot, 0, ""); err != nil || page.Total != 0 {
		t.Errorf("retired: %d pairs left (%v)", page.Total, err)
	}
}

func TestAnImportWarnsOfNearDuplicates(t *testing.T) {
	r := newBankRoom(t)
	known := r.create(trainerA, truthInput(carry))
	data := fmt.Sprintf("题型,题干,答案,主题\n判断题,%s,错,总则\n判断题,涉密计算机不得接入互联网，也不得使用无线键盘和鼠标,对,总则\n",
		strings.Replace(strings.ReplaceAll(carry, ",", "，"), "不得", "可以", 1))
	imp, err := r.PrepareImport(bankCtx, trainerA, QuestionFile{Name: "题.csv", Data: []byte(data)})
	if err != nil || imp.Counts.Ready != 2 || imp.Counts.Warned != 1 {
		t.Fatalf("%+v %v", imp.Counts, err)
	}
	rows, err := r.ListImportRows(bankCtx, trainerA, imp.ID, ImportRowFilter{})
	if err != nil {
		t.Fatal(err)
	}
	warned := rows.Items[0]
	if len(warned.Warnings) != 1 || warned.Warnings[0].Code != warnNear.Code || warned.Warnings[0].Args["question"] != float64(known.ID) ||
		!strings.HasPrefix(carry, warned.Warnings[0].Args["stem"].(string)) {
		t.Errorf("%+v", warned.Warnings)
	}
	if _, err := r.ApplyImport(bankCtx, trainerA, imp.ID, ApplyInput{}); err != nil {
		t.Errorf("a warning stops the import: %v", err)
	}
}
