package exchange

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// told is what a file's items say, in short.
func told(res Result) []string {
	var out []string
	for _, row := range res.Rows {
		out = append(out, tell(row.Item, row.Problems))
	}
	return out
}

func tell(it Item, problems []Problem) string {
	if len(problems) > 0 {
		return "! " + problems[0].Code
	}
	var b strings.Builder
	b.WriteString(it.Kind + ": " + strings.ReplaceAll(it.Stem, "\n", "⏎"))
	for i, o := range it.Options {
		mark := " ~"
		for _, k := range it.Correct {
			if k == i {
				mark = " ="
			}
		}
		b.WriteString(mark + o.Text)
	}
	if it.Kind == TrueFalse {
		b.WriteString(map[int]string{0: " T", 1: " F"}[it.Correct[0]])
	}
	for _, gap := range it.Blanks {
		b.WriteString(" [" + strings.Join(gap, "|") + "]")
	}
	for _, p := range it.Pairs {
		b.WriteString(" (" + p.Left + " -> " + p.Right + ")")
	}
	for _, d := range it.Distractors {
		b.WriteString(" (-> " + d + ")")
	}
	if len(it.Weights) > 0 {
		b.WriteString(" w" + weightsCell(it.Weights))
	}
	if it.Rubric != "" {
		b.WriteString(" rubric " + it.Rubric)
	}
	if it.Explanation != "" {
		b.WriteString(" # " + strings.ReplaceAll(it.Explanation, "\n", "⏎"))
	}
	if it.Topic != "" {
		b.WriteString(" @" + it.Topic)
	}
	for _, part := range it.Items {
		b.WriteString(" <" + tell(part, nil) + ">")
	}
	return b.String()
}

func TestGiftReads(t *testing.T) {
	for text, want := range map[string]string{
		"谁管定密?{~甲 ~乙 =丙}":                                               "single: 谁管定密? ~甲 ~乙 =丙",
		"Who is it?{~one ~two=three}":                                   "single: Who is it? ~one ~two =three",
		"It is {~a =b ~c} in the room.":                                 "single: It is ____ in the room. ~a =b ~c",
		"On the {\n ~second\n ~third\n =fourth\n} Thursday.":            "single: On the ____ Thursday. ~second ~third =fourth",
		"Is it so.{FALSE}":                                              "truefalse: Is it so. F",
		"Is it so.{ t }":                                                "truefalse: Is it so. T",
		"Is it so.{F#not so#well done}":                                 "truefalse: Is it so. F # not so⏎well done",
		"Is it so.{T####since}":                                         "truefalse: Is it so. T # since",
		"Who?{=no one =nobody}":                                         "fill: Who?____ [no one|nobody]",
		"Two and two is {=four =4}.":                                    "fill: Two and two is ____. [four|4]",
		"{ =Asia } is large.":                                           "fill: ____ is large. [Asia]",
		"When?{#1822}":                                                  "fill: When?____ [1822]",
		"When?{#1822:5}":                                                "fill: When?____ [1822]",
		"Pi? {#3.141..3.142}.":                                          "fill: Pi? ____. [3.1415]",
		"When? {#\n =1822:0 #good\n =%50%1822:2\n ~#bad}":               "fill: When? ____ [1822] # 其他：bad⏎1822:0：good",
		"Capitals{=Canada->Ottawa =Italy -> Rome = -> Oslo}":            "matching: Capitals (Canada -> Ottawa) (Italy -> Rome) (-> Oslo)",
		"Write. {}":                                                     "essay: Write.",
		"Write. {####since}":                                            "essay: Write. # since",
		"Which?{~%50%a ~%50%b ~c}":                                      "multiple: Which? =a =b ~c",
		"Which?{~%-50%a ~%50%b ~%50%c}":                                 "multiple: Which? ~a =b =c w-50;50;50",
		"Which?{\n~%33.33333%a\n~%33.33333%b\n~%33.33333%c\n~%-100%d}":  "multiple: Which? =a =b =c ~d w33.333;33.333;33.333;-100",
		"Which?{~a ~%50%b =c}":                                          "single: Which? ~a ~b =c w0;50;100",
		"Which?{=a =b ~c}":                                              "multiple: Which? =a =b ~c",
		"From {=Nazareth#Yes! =%75%Nazereth#Right}.":                    "fill: From ____. [Nazareth] # Nazareth：Yes!⏎Nazereth：Right",
		`Signs?{ ~ \~ # \~ no ~ \= ~ \# ~ \{ ~ \} ~ \: = \ # yes \ so}`: `single: Signs? ~~ ~= ~# ~{ ~} ~: =\ # ~：~ no⏎\：yes \ so`,
		`Five?{ ~ \= 2 + 2 = \= 2 + 3 }`:                                "single: Five? ~= 2 + 2 == 2 + 3",
		"[html]<p>The <b>sun</b>&nbsp;rises</p> {\n=<p>east</p>#<i>yes</i>\n~<p>west</p>}": "single: The sun rises =east ~west # east：yes",
		"[markdown]Who's **there**?{=no}":                                                  "fill: Who's **there**?____ [no]",
		"a < b and c > d{T}":                                                               "truefalse: a < b and c > d T",
		"one<br>two &amp; three{T}":                                                        "truefalse: one⏎two & three T",
		`one\ntwo{T}`:                                                                      "truefalse: one⏎two T",
		"one\n  two{T}":                                                                    "truefalse: one two T",
		"第一行\n第二行{T}":                                                                      "truefalse: 第一行⏎第二行 T",
		"::Title::text{T}":                                                                 "truefalse: text T",
		"::Ti\\:\\:tle:: // why\ntext{T}":                                                  "truefalse: text T",
		"// [id:9] [tag:a b] [tag:c]\ntext{T}":                                             "truefalse: text T",
		"text{\n\n~a\n\n=b\n\n}":                                                           "single: text ~a =b",
		"text\n{ // note\n // note\n F // note\n}":                                         "truefalse: text F",
		"[html]_____ is large.{\n\t=%100%Asia#\n}":                                         "fill: ____ is large. [Asia]",
		"在 {=24|x} 小时内向 {=上级} 报告":                                                          "fill: 在 ____ 小时内向 ____ 报告 [24|x] [上级]",
		"Step{>3 ALL V\n one\n two\n}":                                                     "ordering: Step =one =two",
		"Coffee?{~go -> shop =get -> add}":                                                 "single: Coffee? ~go -> shop =get -> add",
		"A \\\\\\\\ B {}":                                                                  `essay: A \\ B`,
		"{T}":                                                                              "! item.stem_missing",
		"::Title::{=a}":                                                                    "! item.stem_missing",
		"Which?{~a}":                                                                       "! item.options_few",
		"Which?{~a ~b}":                                                                    "! item.answer_missing",
		"When?{#soon}":                                                                     "! item.answer_unreadable",
		"Cut {~a =b":                                                                       "! item.malformed",
		"Cut ~a =b}":                                                                       "! item.malformed",
		"Cut {~a{b} =b}":                                                                   "! item.malformed",
		"Mix {=a} and {T}":                                                                 "! item.malformed",
		"Over{~%250%a ~b}":                                                                 "! item.weights",
		"Pair{=a -> b =c}":                                                                 "! item.pair_unreadable",
	} {
		res, err := readGift(text, "utf-8")
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := strings.Join(told(res), "; "); got != want {
			t.Errorf("%q:\n got %s\nwant %s", text, got, want)
		}
	}
}

func TestGiftCutsQuestionsApart(t *testing.T) {
	text := "\ufeff// head\r\n\r\n$CATEGORY: $course$/top/保密法/定密//解密\r\n::a::One {T}\r\n::b::Two {F}\r\n" +
		"Three {~x =y}\r\n// about four\r\nFour {=z}\r\n\r\nJust a note.\r\n\r\n$CATEGORY: 其他\r\n\r\nBroken {~a =b\r\n\r\nFive {T}\r\n"
	res, err := Read("x.txt", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"truefalse: One T @定密/解密", "truefalse: Two F @定密/解密", "single: Three ~x =y @定密/解密",
		"fill: Four ____ [z] @定密/解密", "! item.malformed", "truefalse: Five T @其他"}
	if got := told(res); !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
	lines := []int{}
	for _, row := range res.Rows {
		lines = append(lines, row.Line)
	}
	if !reflect.DeepEqual(lines, []int{4, 5, 6, 8, 14, 16}) {
		t.Errorf("lines %v", lines)
	}
	if len(res.Skipped) != 1 || res.Skipped[0].Text != "Just a note." || res.Skipped[0].Line != 10 || res.Format != "gift" {
		t.Errorf("%s skipped %+v", res.Format, res.Skipped)
	}
	if row := res.Rows[4]; !strings.Contains(row.Text, "Broken {~a =b") {
		t.Errorf("the text of a broken question: %q", row.Text)
	}
}

func TestGiftWarnsOfWhatItLeavesOut(t *testing.T) {
	for text, want := range map[string]string{
		"When?{#1822:5}":        "item.tolerance",
		"Who?{=a =%50%b}":       "item.partial_lost",
		"Who?{=a*}":             "item.wildcard",
		"Who?{=a#good ####all}": "item.feedback_lost",
		`[html]See <img src\="@@PLUGINFILE@@/a.png">{T}`: "item.picture_missing",
		"Who?{=a =b ~c}": "item.kind_guessed",
	} {
		res, err := readGift(text, "utf-8")
		if err != nil || len(res.Rows) != 1 || len(res.Rows[0].Warnings) != 1 || res.Rows[0].Warnings[0].Code != want || res.Rows[0].Warnings[0].Line != 1 {
			t.Errorf("%q: %+v %v", text, res.Rows, err)
		}
	}
}

// drawPictured draws an item, some with a picture in a text.
func drawPictured(t *rapid.T) Item {
	it := drawItem(t)
	if rapid.Bool().Draw(t, "pictured") {
		it.Pictures = []Picture{{Name: "图1.png", Data: []byte("\x89PNG" + word(t, "data"))}}
		it.Stem += "![示意](图1.png)"
		if len(it.Options) > 0 && rapid.Bool().Draw(t, "in option") {
			it.Options[0].Text = "![](图1.png)" + it.Options[0].Text
		}
	}
	return it
}

// goesRoundIn checks that what a format writes reads back the same.
func goesRoundIn(t *testing.T, name string, draw func(*rapid.T) Item) {
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.SliceOfN(rapid.Custom(draw), 1, 4).Draw(t, "items")
		for _, it := range items {
			for _, each := range append([]Item{it}, it.Items...) {
				if each.Kind == Fill && CountBlanks(each.Stem) != len(each.Blanks) {
					t.Skip("gaps ran together")
				}
			}
		}
		out, err := Write(name, items)
		if err != nil {
			t.Fatal(err)
		}
		res, err := Read("bank."+out.Ext, out.Data)
		if err != nil {
			t.Fatalf("%v\n%s", err, out.Data)
		}
		if len(res.Rows) != len(items) || len(res.Skipped) != 0 || res.Format != name {
			t.Fatalf("wrote %d items, read %d rows as %s, skipped %v\n%s", len(items), len(res.Rows), res.Format, res.Skipped, out.Data)
		}
		for i, row := range res.Rows {
			if len(row.Problems) > 0 {
				t.Fatalf("item %d: %v\n%s", i, row.Problems, out.Data)
			}
			if got, want := normal(row.Item), normal(items[i]); !reflect.DeepEqual(got, want) {
				t.Fatalf("wrote %#v\nread  %#v\n%s", want, got, out.Data)
			}
		}
	})
}

func TestGiftExportReadsBackTheSame(t *testing.T) { goesRoundIn(t, "gift", drawPictured) }

// What Moodle makes of an export matters too: the common kinds need no mark of ours.
func TestGiftExportIsPlainGift(t *testing.T) {
	data, err := WriteGIFT([]Item{
		{Kind: Single, Stem: "哪个=对?", Options: opts("甲{1}", "乙"), Correct: []int{1}, Explanation: "因为", Topic: "定密"},
		{Kind: Multiple, Stem: "哪些", Options: opts("甲", "乙", "丙"), Correct: []int{0, 2}, Topic: "定密"},
		{Kind: TrueFalse, Stem: "对吗", Correct: []int{1}, Topic: "定密"},
		{Kind: Fill, Stem: "在____小时内", Blanks: [][]string{{"24", "二十四"}}},
		{Kind: Matching, Stem: "连", Pairs: []Pair{{"a", "b"}, {"c", "d"}}, Distractors: []string{"e"}},
		{Kind: Essay, Stem: "谈谈"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "$CATEGORY: $course$/top/定密\n\n[plain]哪个\\=对?{\n\t~甲\\{1\\}\n\t=乙\n####因为}\n\n" +
		"[plain]哪些{\n\t~%50%甲\n\t~乙\n\t~%50%丙\n}\n\n[plain]对吗{FALSE}\n\n$CATEGORY: $course$/top\n\n" +
		"[plain]在{ =24 =二十四 }小时内\n\n[plain]连{\n\t=a -> b\n\t=c -> d\n\t= -> e\n}\n\n[plain]谈谈{}\n\n"
	if string(data) != want {
		t.Errorf("got %s", data)
	}
}
