package exchange

import (
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestTextLayouts reads papers written in many ways; beside each stands what it says, item by item.
func TestTextLayouts(t *testing.T) {
	names, err := filepath.Glob("testdata/text/*.want")
	if err != nil || len(names) < 15 {
		t.Fatalf("%d papers, %v", len(names), err)
	}
	for _, want := range names {
		name := strings.TrimSuffix(want, ".want")
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		expected, err := os.ReadFile(want)
		if err != nil {
			t.Fatal(err)
		}
		res, err := Read(name, data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := readOut(res); got != strings.TrimSpace(string(expected)) {
			t.Errorf("%s:\n got %s\nwant %s", name, got, expected)
		}
	}
}

// phrase draws a text as a question or an option has it.
func phrase(t *rapid.T, label string) string {
	return rapid.StringOfN(rapid.RuneFrom([]rune("涉密文件应当登记保管销毁审批机关单位人员网络")), 2, 12, -1).Draw(t, label)
}

func drawQuestion(t *rapid.T, kind string) Item {
	it := Item{Kind: kind, Stem: phrase(t, "stem"), Explanation: "因为" + phrase(t, "explanation")}
	switch kind {
	case TrueFalse:
		it.Correct = []int{rapid.IntRange(0, 1).Draw(t, "truth")}
	case Fill:
		it.Stem = "在" + it.Stem
		for range rapid.IntRange(1, 3).Draw(t, "gaps") {
			it.Stem += Blank + phrase(t, "after")
			it.Blanks = append(it.Blanks, []string{phrase(t, "answer")})
		}
	default:
		it.Stem += "（ ）"
		n := rapid.IntRange(2, 6).Draw(t, "options")
		for i := range n {
			it.Options = append(it.Options, Option{Text: phrase(t, "option") + strconv.Itoa(i)})
		}
		keys := 1
		if kind == Multiple {
			keys = rapid.IntRange(2, n).Draw(t, "keys")
		}
		all := make([]int, n)
		for i := range all {
			all[i] = i
		}
		it.Correct = append(it.Correct, rapid.Permutation(all).Draw(t, "key")[:keys]...)
		sort.Ints(it.Correct)
	}
	return it
}

// paperStyle is how a paper is written.
type paperStyle struct {
	number  string // with 0 for the number
	option  string // with X for the letter
	between string // options
	keys    string // where the keys stand
	restart bool
}

func keyOf(it Item) string {
	switch it.Kind {
	case TrueFalse:
		return []string{"√", "×"}[it.Correct[0]]
	case Fill:
		var parts []string
		for _, variants := range it.Blanks {
			parts = append(parts, variants[0])
		}
		return strings.Join(parts, "；")
	}
	key := ""
	for _, i := range it.Correct {
		key += letters[i : i+1]
	}
	return key
}

// paperOf writes questions, sorted by kind, in a style.
func paperOf(items []Item, l paperStyle) string {
	var b, keys strings.Builder
	last, n, part := "", 0, 0
	for _, it := range items {
		if it.Kind != last {
			last = it.Kind
			head := string([]rune("一二三四")[part]) + "、" + KindName(it.Kind) + "题"
			part++
			b.WriteString("\n" + head + "（每题2分）\n")
			keys.WriteString(head + "\n")
			if l.restart {
				n = 0
			}
		}
		n++
		stem := it.Stem
		if it.Kind == TrueFalse {
			stem += "（ ）"
		}
		if l.keys == "stem" && it.Kind != Fill {
			stem = strings.Replace(stem, "（ ）", "（ "+keyOf(it)+" ）", 1)
		}
		b.WriteString(strings.Replace(l.number, "0", strconv.Itoa(n), 1) + stem + "\n")
		var options []string
		for i, o := range it.Options {
			options = append(options, strings.Replace(l.option, "X", letters[i:i+1], 1)+o.Text)
		}
		if len(options) > 0 {
			b.WriteString(strings.Join(options, l.between) + "\n")
		}
		switch {
		case l.keys == "behind" || l.keys == "stem" && it.Kind == Fill:
			b.WriteString("答案：" + keyOf(it) + "\n解析：" + it.Explanation + "\n")
		case l.keys == "labels":
			b.WriteString("【答案】" + keyOf(it) + "【解析】" + it.Explanation + "\n")
		case l.keys == "stem":
			b.WriteString("解析：" + it.Explanation + "\n")
		default:
			keys.WriteString(strconv.Itoa(n) + "." + keyOf(it) + "\n解析：" + it.Explanation + "\n")
		}
	}
	if l.keys == "list" {
		return b.String() + "\n参考答案\n" + keys.String()
	}
	return b.String()
}

func TestPapersReadBack(outer *testing.T) {
	rapid.Check(outer, func(t *rapid.T) {
		var items []Item
		for _, kind := range []string{Single, Multiple, TrueFalse, Fill} {
			for range rapid.IntRange(1, 3).Draw(t, kind) {
				items = append(items, drawQuestion(t, kind))
			}
		}
		l := paperStyle{
			number:  rapid.SampledFrom([]string{"0. ", "0、", "0．", "（0）", "0)", "第0题 ", "【0】"}).Draw(t, "number"),
			option:  rapid.SampledFrom([]string{"X. ", "X、", "X．", "X）", "（X）", "【X】", "X："}).Draw(t, "option"),
			between: rapid.SampledFrom([]string{"\n", "  ", "\t", "　", " "}).Draw(t, "between"),
			keys:    rapid.SampledFrom([]string{"stem", "behind", "labels", "list"}).Draw(t, "keys"),
			restart: rapid.Bool().Draw(t, "restart"),
		}
		text := paperOf(items, l)
		var body strings.Builder
		for _, line := range strings.Split(text, "\n") {
			body.WriteString(wp(line))
		}
		for name, data := range map[string][]byte{"paper.txt": []byte(text), "paper.md": []byte(text), "paper.docx": wordFile(outer, body.String(), nil)} {
			holdsItems(t, name, text, data, items)
		}
	})
}

// holdsItems reads a paper and compares it with the questions it was written from.
func holdsItems(t *rapid.T, name, text string, data []byte, items []Item) {
	res, err := Read(name, data)
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Rows) != len(items) || len(res.Skipped) > 0 {
		t.Fatalf("%s: %d of %d questions\n%s\n%s", name, len(res.Rows), len(items), text, readOut(res))
	}
	for i, row := range res.Rows {
		want := items[i]
		want.Points = 200
		if len(row.Problems) > 0 || !reflect.DeepEqual(normal(row.Item), normal(want)) {
			t.Fatalf("%s\n%s\nread  %s %v\nwrote %s", name, text, brief(row.Item), row.Problems, brief(want))
		}
	}
}
