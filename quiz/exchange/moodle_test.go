package exchange

import (
	"encoding/base64"
	"errors"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// quizOf is a document of one question.
func quizOf(kind, body string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>` + "\n<quiz>\n<question type=\"" + kind + "\">\n" + body + "\n</question>\n</quiz>\n"
}

func stemOf(text string) string {
	return `<questiontext format="html"><text><![CDATA[` + text + `]]></text></questiontext>`
}

func TestMoodleReads(t *testing.T) {
	for name, c := range map[string]struct{ kind, body, want string }{
		"single": {"multichoice", stemOf("<p>谁&nbsp;管?</p>") + `<single>true</single><answer fraction="100"><text>甲</text></answer><answer fraction="0"><text>&lt;b&gt;乙&lt;/b&gt;</text></answer>`,
			"single: 谁 管? =甲 ~乙"},
		"partial credit": {"multichoice", stemOf("x") + `<answer fraction="100"><text>a</text></answer><answer fraction="50"><text>b</text></answer><answer fraction="-50"><text>c</text></answer>`,
			"single: x =a ~b ~c w100;50;-50"},
		"several": {"multichoice", stemOf("x") + `<single>false</single><answer fraction="33.333"><text>a</text></answer><answer fraction="33.33333"><text>b</text></answer><answer fraction="33.33333"><text>c</text></answer><answer fraction="-100"><text>d</text></answer>`,
			"multiple: x =a =b =c ~d w33.333;33.333;33.333;-100"},
		"a share Moodle does not know": {"multichoice", stemOf("x") + `<single>false</single><answer fraction="33"><text>a</text></answer><answer fraction="67"><text>b</text></answer>`, "! item.weights"},
		"true":                         {"truefalse", stemOf("x") + `<answer fraction="100"><text>true</text><feedback><text>so it is</text></feedback></answer><answer fraction="0"><text>false</text></answer>`, "truefalse: x T # so it is"},
		"false in another tongue":      {"truefalse", stemOf("x") + `<answer fraction="0"><text>Wahr</text></answer><answer fraction="100"><text>Falsch</text></answer>`, "truefalse: x F"},
		"false by its place":           {"truefalse", stemOf("x") + `<answer fraction="0"><text>aaa</text></answer><answer fraction="100"><text>bbb</text></answer>`, "truefalse: x F"},
		"false written first":          {"truefalse", stemOf("x") + `<answer fraction="100"><text>错误</text></answer><answer fraction="0"><text>正确</text></answer>`, "truefalse: x F"},
		"short":                        {"shortanswer", stemOf("期限_____年") + `<answer fraction="100"><text>30</text></answer><answer fraction="100"><text>三十</text></answer><answer fraction="50"><text>29</text></answer><answer fraction="0"><text>*</text></answer>`, "fill: 期限____年 [30|三十]"},
		"number":                       {"numerical", stemOf("多少") + `<answer fraction="100"><text>42</text><tolerance>0.5</tolerance></answer><answer fraction="0"><text>*</text></answer>`, "fill: 多少____ [42]"},
		"number with a unit":           {"numerical", stemOf("多长") + `<answer fraction="100"><text>3</text><tolerance>0</tolerance></answer><units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit></units>`, "fill: 多长____ [3|3m]"},
		"matching":                     {"matching", stemOf("连") + `<subquestion><text>A</text><answer><text>a</text></answer></subquestion><subquestion format="html"><text>B</text><answer><text>b</text></answer></subquestion><subquestion><text></text><answer><text>d</text></answer></subquestion>`, "matching: 连 (A -> a) (B -> b) (-> d)"},
		"essay":                        {"essay", stemOf("谈") + `<graderinfo format="html"><text><![CDATA[<p>三点</p>]]></text></graderinfo><generalfeedback><text>略</text></generalfeedback>`, "essay: 谈 rubric 三点 # 略"},
		"ordering":                     {"ordering", stemOf("排") + `<answer fraction="2.0"><text>后</text></answer><answer fraction="1.0"><text>先</text></answer>`, "ordering: 排 =先 =后"},
		"words":                        {"gapselect", stemOf("一[[2]]二[[1]]") + `<selectoption><text>a</text></selectoption><selectoption><text>b</text></selectoption><selectoption><text>c</text></selectoption>`, "fill: 一____二____ [b] [a]"},
		"cloze of short answers":       {"cloze", stemOf(`水{1:SHORTANSWER:=水#好~=H2O~%50%汽~*#不}在{2:NM:=0:0.1}度`), "fill: 水____在____度 [水|H2O] [0] # 水：好⏎*：不"},
		"cloze with escapes":           {"cloze", stemOf(`{:SA:=a\}b\~c&#39;s}`), "fill: ____ [a}b~c's]"},
		"cloze of one choice":          {"cloze", stemOf(`选{1:MCV:甲~=乙#对}吧`), "single: 选____吧 ~甲 =乙 # 乙：对"},
		"cloze of several kinds": {"cloze", stemOf(`<p>一{1:MULTICHOICE:=甲~乙}</p><p>二{1:SA:=x}</p><p>三{1:MULTIRESPONSE:=p~=q~r}</p>`),
			"group: 一（1）____⏎二（2）____⏎三（3）____ <single: （1）一____ =甲 ~乙> <fill: （2）二____ [x]> <multiple: （3）三____ =p =q ~r>"},
		"nested":                      {"multianswer", stemOf("水{#1}冰{#2}") + `<question type="shortanswer"><answer fraction="100"><text>a</text></answer></question><question type="numerical"><answer fraction="100"><text>1</text></answer></question>`, "fill: 水____冰____ [a] [1]"},
		"cloze without gaps":          {"cloze", stemOf("选"), "! item.malformed"},
		"cloze without answers":       {"cloze", stemOf("选{1:MULTICHOICE}"), "! item.malformed"},
		"cloze with one option":       {"cloze", stemOf("选{1:MULTICHOICE:=甲}"), "! item.options_few"},
		"cloze without a right one":   {"cloze", stemOf("选{1:MULTICHOICE:甲~%50%乙}"), "! item.answer_missing"},
		"cloze with a word as number": {"cloze", stemOf("选{1:NUMERICAL:=零}"), "! item.answer_unreadable"},
		"calculated":                  {"calculated", stemOf("{a}+{b}"), "! item.unsupported"},
		"no text":                     {"truefalse", `<answer fraction="100"><text>true</text></answer>`, "! item.stem_missing"},
		"no answer":                   {"multichoice", stemOf("x") + `<answer fraction="0"><text>a</text></answer><answer fraction="0"><text>b</text></answer>`, "! item.answer_missing"},
		"auto format keeps its lines": {"essay", `<questiontext format="moodle_auto_format"><text>one` + "\n" + `two &amp;lt; &lt;b&gt;three&lt;/b&gt;</text></questiontext>`, "essay: one⏎two < three"},
	} {
		res, err := Read("q.xml", []byte(quizOf(c.kind, c.body)))
		if err != nil || res.Format != "moodle" {
			t.Errorf("%s: %s %v", name, res.Format, err)
			continue
		}
		if got := strings.Join(told(res), "; "); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
		if row := res.Rows[0]; row.Line != 3 || row.Text == "" {
			t.Errorf("%s: line %d, text %q", name, row.Line, row.Text)
		}
	}
}

func TestMoodleReadsWhatIsAroundAQuestion(t *testing.T) {
	png := base64.StdEncoding.EncodeToString([]byte("\x89PNG..."))
	text := `<?xml version="1.0" encoding="GBK"?>
<quiz>
<!-- question: 0 -->
<question type="category"><category><text>$course$/top/保密法/密级 a//b</text></category></question>
<question type="truefalse"><name><text>第一</text></name>
<questiontext format="html"><text><![CDATA[<p>看<img src="@@PLUGINFILE@@/a%20b.png" alt="图"> <img src="data:image/png;base64,` + png + `"> <img src="@@PLUGINFILE@@/none.png"></p>]]></text>
<file name="a b.png" encoding="base64">` + png + `
</file><file name="x.mp3" encoding="base64">AAAA</file></questiontext>
<defaultgrade>2.5000000</defaultgrade><hidden>1</hidden><tags><tag><text>两 词</text></tag><tag><text>b</text></tag></tags>
<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question>
<question type="description"><questiontext><text>请读。</text></questiontext></question>
</quiz>`
	data, err := simplifiedchinese.GBK.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	res, err := Read("q.xml", []byte(data))
	if err != nil || len(res.Rows) != 1 || len(res.Skipped) != 1 {
		t.Fatalf("%+v %v", res, err)
	}
	row := res.Rows[0]
	if row.Item.Stem != "看![图](a_b.png) ![](picture-2.png) ![](none.png)" && row.Item.Stem != "看![图](a_b.png) ![](a_b.png) ![](none.png)" {
		t.Errorf("stem %q", row.Item.Stem)
	}
	if it := row.Item; it.Topic != "密级 a/b" || it.Points != 250 || !reflect.DeepEqual(it.Tags, []string{"两_词", "b"}) || len(it.Pictures) != 1 || string(it.Pictures[0].Data) != "\x89PNG..." {
		t.Errorf("read %+v", it)
	}
	codes := map[string]int{}
	for _, w := range row.Warnings {
		codes[w.Code]++
	}
	if want := map[string]int{"item.hidden": 1, "item.detail_lost": 1, "item.picture_missing": 1}; !reflect.DeepEqual(codes, want) {
		t.Errorf("warned %v", codes)
	}
	if p := res.Skipped[0]; p.Code != "item.not_question" || p.Text != "请读。" || p.Line != 11 || res.Encoding != "gb18030" {
		t.Errorf("skipped %+v, %s", p, res.Encoding)
	}
}

func TestMoodleRefusesBrokenDocuments(t *testing.T) {
	for text, want := range map[string]string{
		"<quiz>\n<question type=\"essay\">\n</quiz>":                                 "file.xml",
		"<quiz>\n<question type=\"essay\">&nope;</question></quiz>":                  "file.xml",
		"<!DOCTYPE quiz [<!ENTITY a \"b\">]>\n<quiz><question>&a;</question></quiz>": "file.",
		"<quiz>" + strings.Repeat("<a>", 100_000):                                    "file.broken",
		"<quiz><question>" + strings.Repeat("<a>", 100_000):                          "file.broken",
		"<quiz><question>" + strings.Repeat("<a/>", 200_000) + "</question></quiz>":  "file.broken",
		"<quiz></quiz>": "file.no_items",
	} {
		_, err := Read("q.xml", []byte(text))
		var refused *Error
		if !errors.As(err, &refused) || !strings.HasPrefix(refused.Code, want) {
			t.Errorf("%.60q: %v", text, err)
		}
		if refused != nil && refused.Code == "file.xml" && refused.Args["line"].(int) < 2 {
			t.Errorf("%.60q: at line %v", text, refused.Args["line"])
		}
	}
}

func TestMoodleExportReadsBackTheSame(t *testing.T) { goesRoundIn(t, "moodle", drawPictured) }

func TestHostileMoodle(t *testing.T) {
	for name, text := range map[string]func() string{
		"elements":  func() string { return "<quiz>" + strings.Repeat("<a/>", (MaxBytes-20)/4) + "</quiz>" },
		"questions": func() string { return "<quiz>" + strings.Repeat("<question/>", (MaxBytes-20)/11) + "</quiz>" },
		"a text": func() string {
			return quizOf("cloze", "<questiontext><text>"+strings.Repeat("{1:SA:=a}", 400_000)+"</text></questiontext>")
		},
		"answers": func() string {
			return quizOf("cloze", "<questiontext><text>{1:SA:"+strings.Repeat("=a~", 2_000_000)+"}</text></questiontext>")
		},
		"a picture": func() string {
			return quizOf("essay", `<questiontext format="html"><text>&lt;img src="@@PLUGINFILE@@/a"></text><file name="a" encoding="base64">`+strings.Repeat("A", 18<<20)+"</file></questiontext>")
		},
		"tags": func() string {
			return quizOf("essay", `<questiontext format="html"><text>`+strings.Repeat("&lt;p>", 2_000_000)+"</text></questiontext>")
		},
	} {
		data := []byte(text())
		frugal(t, name, func() (Result, error) { return Read("q.xml", data) })
	}
}

func FuzzMoodle(f *testing.F) {
	for _, c := range []struct{ kind, body string }{
		{"multichoice", stemOf("x") + `<answer fraction="100"><text>a</text></answer><answer fraction="0"><text>b</text></answer>`},
		{"cloze", stemOf("x{1:SA:=a~%50%b}y{1:MC:c~=d}")}, {"ddwtos", stemOf("[[1]]") + "<dragbox><text>a</text></dragbox>"},
		{"matching", stemOf("x") + `<subquestion><text>A</text><answer><text>a</text></answer></subquestion>`},
		{"description", stemOf("x") + `<jingzhong>parts "1"</jingzhong>`}, {"category", "<category><text>$course$/a//b</text></category>"},
		{"numerical", stemOf("x") + `<answer fraction="100"><text>1</text><tolerance>2</tolerance></answer>`},
	} {
		f.Add(quizOf(c.kind, c.body))
	}
	f.Fuzz(func(t *testing.T, text string) {
		res, err := Read("q.xml", []byte(text))
		keepsText(t, text, res, err)
	})
}
