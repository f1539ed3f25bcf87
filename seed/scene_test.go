package seed

import (
	"slices"
	"strings"
	"testing"

	"jingzhong/quiz"
)

// places are where a scene can happen.
var places = []string{"办公", "手机", "网盘与AI", "出行", "社交", "打印与废品", "会议", "设备"}

func demoScenes(t *testing.T) []Question {
	t.Helper()
	questions, _ := demoBank(t)
	return slices.DeleteFunc(questions, func(q Question) bool { return !strings.HasPrefix(q.No, "qingjing-") })
}

func TestScenesAreConcreteAndInvented(t *testing.T) {
	scenes := demoScenes(t)
	if len(scenes) < 130 {
		t.Errorf("%d scenes, want at least 130", len(scenes))
	}
	found := map[string]int{}
	for _, q := range scenes {
		if n := len([]rune(q.Stem)); n < 50 || n > 140 {
			t.Errorf("%s: a scene of %d characters", q.No, n)
		}
		if len(q.Tags) < 2 || q.Tags[0] != "情景" || !slices.Contains(places, q.Tags[1]) {
			t.Errorf("%s: tags %v", q.No, q.Tags)
			continue
		}
		found[q.Tags[1]]++
		inventedOnly(t, q.No, q.Stem+strings.Join(q.Options, ""))
	}
	for _, place := range places {
		if found[place] < 10 {
			t.Errorf("%d scenes at %s, want at least 10", found[place], place)
		}
	}
}

func TestScenesAreBalanced(t *testing.T) {
	scenes := demoScenes(t)
	kinds, levels, letters, topics := map[string]int{}, map[int]int{}, map[int]int{}, map[string]int{}
	longest := 0
	for _, q := range scenes {
		kinds[q.Kind]++
		levels[q.Difficulty]++
		topics[q.Fact.Topic]++
		if q.Kind != quiz.KindSingle {
			continue
		}
		letters[q.Correct[0]]++
		key := len([]rune(q.Options[q.Correct[0]]))
		if !slices.ContainsFunc(q.Options, func(o string) bool { return o != q.Options[q.Correct[0]] && len([]rune(o)) >= key }) {
			longest++
		}
	}
	within := func(what string, n, from, to int) {
		if n*100 < from*len(scenes) || n*100 > to*len(scenes) {
			t.Errorf("%d of %d scenes are %s, want %d-%d %%", n, len(scenes), what, from, to)
		}
	}
	within("single", kinds[quiz.KindSingle], 50, 60)
	within("multiple", kinds[quiz.KindMultiple], 20, 30)
	within("truefalse", kinds[quiz.KindTrueFalse], 9, 15)
	within("fill", kinds[quiz.KindFill], 5, 11)
	within("easy", levels[quiz.DifficultyEasy], 33, 47)
	within("hard", levels[quiz.DifficultyHard], 15, 25)
	if len(topics) != 13 {
		t.Errorf("topics %v", topics)
	}
	if longest*5 > kinds[quiz.KindSingle]*2 {
		t.Errorf("the key is the longest option of %d of %d single choices", longest, kinds[quiz.KindSingle])
	}
	balanced(t, letters, kinds[quiz.KindSingle])
}
