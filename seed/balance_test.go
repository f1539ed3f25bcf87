package seed

import (
	"testing"

	"jingzhong/quiz"
	"jingzhong/quiz/exchange"
)

// within fails unless part of whole lies between from and to per cent.
func within(t *testing.T, what string, part, whole, from, to int) {
	t.Helper()
	if part*100 < from*whole || part*100 > to*whole {
		t.Errorf("%s: %d of %d, want %d-%d %%", what, part, whole, from, to)
	}
}

func TestBankBalancesKindsAndLevels(t *testing.T) {
	questions, _ := demoBank(t)
	kinds, levels := map[string]int{}, map[int]int{}
	for _, q := range questions {
		kinds[q.Kind]++
		levels[q.Difficulty]++
	}
	n := len(questions)
	within(t, "single", kinds[quiz.KindSingle], n, 35, 50)
	within(t, "multiple", kinds[quiz.KindMultiple], n, 15, 27)
	within(t, "truefalse", kinds[quiz.KindTrueFalse], n, 15, 25)
	within(t, "fill", kinds[quiz.KindFill], n, 8, 16)
	for kind, least := range map[string]int{exchange.Matching: 15, exchange.Ordering: 15, exchange.Essay: 12} {
		if kinds[kind] < least {
			t.Errorf("%s: %d, want at least %d", kind, kinds[kind], least)
		}
	}
	within(t, "easy", levels[quiz.DifficultyEasy], n, 30, 45)
	within(t, "medium", levels[quiz.DifficultyMedium], n, 35, 48)
	within(t, "hard", levels[quiz.DifficultyHard], n, 14, 25)
}

// TestKeysAreBalanced: nobody gains by always choosing one letter, the longest option, "wrong" or "all".
func TestKeysAreBalanced(t *testing.T) {
	questions, _ := demoBank(t)
	var singles, longest, statements, right, multiples, every int
	letters := map[int]int{}
	for _, q := range questions {
		switch q.Kind {
		case quiz.KindSingle:
			singles++
			letters[q.Correct[0]]++
			if keyIsLongest(q) {
				longest++
			}
		case quiz.KindTrueFalse:
			statements++
			right += 1 - q.Correct[0]
		case quiz.KindMultiple:
			multiples++
			if len(q.Correct) == len(q.Options) {
				every++
			}
		}
	}
	for at := range 4 {
		within(t, "key "+string(rune('A'+at)), letters[at], singles, 22, 28)
	}
	within(t, "key longest", longest, singles, 0, 44)
	within(t, "statements that are right", right, statements, 40, 60)
	within(t, "multiples with every option right", every, multiples, 0, 25)
}

func keyIsLongest(q Question) bool {
	key := len([]rune(q.Options[q.Correct[0]]))
	for i, option := range q.Options {
		if i != q.Correct[0] && len([]rune(option)) >= key {
			return false
		}
	}
	return true
}

// TestBankHoldsNoNearDuplicates compares stems by the pairs of neighbouring signs they share.
func TestBankHoldsNoNearDuplicates(t *testing.T) {
	questions, _ := demoBank(t)
	shapes := make([]map[[2]rune]bool, len(questions))
	for i, q := range questions {
		shapes[i] = bigrams(bare(q.Stem))
		for j := range i {
			if likeness(shapes[i], shapes[j]) > 0.85 {
				t.Errorf("%s asks nearly what %s asks: %s", q.No, questions[j].No, q.Stem)
			}
		}
	}
	if likeness(bigrams("某局收到绝密级文件应当怎样保存"), bigrams("某局收到绝密级文件应该怎样保存")) < 0.7 ||
		likeness(bigrams("甲乙丙"), bigrams("丁戊己")) != 0 {
		t.Error("the measure of likeness is off")
	}
}

func bigrams(text string) map[[2]rune]bool {
	signs := []rune(text)
	out := map[[2]rune]bool{}
	for i := 1; i < len(signs); i++ {
		out[[2]rune{signs[i-1], signs[i]}] = true
	}
	return out
}

// likeness is the Jaccard index: the share of pairs in either text that are in both.
func likeness(a, b map[[2]rune]bool) float64 {
	both := 0
	for pair := range a {
		if b[pair] {
			both++
		}
	}
	if len(a)+len(b) == both {
		return 1
	}
	return float64(both) / float64(len(a)+len(b)-both)
}
