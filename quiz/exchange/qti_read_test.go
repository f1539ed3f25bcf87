package exchange

import (
	"archive/zip"
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// item2 is an assessmentItem of QTI 2 around some declarations and a body.
func item2(title, inside string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="` + title + `" adaptive="false" timeDependent="false">
` + inside + `
</assessmentItem>`
}

func declared(cardinality string, values ...string) string {
	out := `<responseDeclaration identifier="RESPONSE" cardinality="` + cardinality + `" baseType="identifier"><correctResponse>`
	for _, v := range values {
		out += "<value> " + v + "\n</value>"
	}
	return out + "</correctResponse></responseDeclaration>"
}

const abc = `<simpleChoice identifier="A">甲</simpleChoice><simpleChoice identifier="B">乙</simpleChoice><simpleChoice identifier="C" fixed="true">丙</simpleChoice>`

func choiceOf(most, inside string) string {
	return `<itemBody><p>选一个</p><choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="` + most + `">` + inside + `</choiceInteraction></itemBody>`
}

func matchSets(lefts, rights []string) string {
	out := "<simpleMatchSet>"
	for i, t := range lefts {
		out += fmt.Sprintf(`<simpleAssociableChoice identifier="L%d" matchMax="1">%s</simpleAssociableChoice>`, i, t)
	}
	out += "</simpleMatchSet><simpleMatchSet>"
	for i, t := range rights {
		out += fmt.Sprintf(`<simpleAssociableChoice identifier="R%d" matchMax="0">%s</simpleAssociableChoice>`, i, t)
	}
	return out + "</simpleMatchSet>"
}

var cOptions = []Option{{"甲", false}, {"乙", false}, {"丙", true}}

var qti2Items = map[string]struct {
	xml  string
	want Item
}{
	"single": {item2("标题", declared("single", "B")+choiceOf("1", `<prompt>哪一个？</prompt>`+abc)),
		Item{Kind: Single, Stem: "选一个\n哪一个？", Options: cOptions, Correct: []int{1}}},
	"several by cardinality": {item2("", declared("multiple", "C", "A")+choiceOf("0", abc)),
		Item{Kind: Multiple, Stem: "选一个", Options: cOptions, Correct: []int{0, 2}}},
	"single said, several meant": {item2("", declared("single", "A", "B")+choiceOf("3", abc)),
		Item{Kind: Multiple, Stem: "选一个", Options: cOptions, Correct: []int{0, 1}}},
	"true or false by words": {item2("", declared("single", "no")+choiceOf("1", `<simpleChoice identifier="yes">正确</simpleChoice><simpleChoice identifier="no">错误。</simpleChoice>`)),
		Item{Kind: TrueFalse, Stem: "选一个", Correct: []int{1}}},
	"true or false, inline feedback": {item2("", declared("single", "true")+choiceOf("1", `<simpleChoice identifier="true">True <feedbackInline outcomeIdentifier="FEEDBACK" identifier="true" showHide="show">说得对</feedbackInline></simpleChoice><simpleChoice identifier="false">False</simpleChoice>`)),
		Item{Kind: TrueFalse, Stem: "选一个", Correct: []int{0}, Explanation: "说得对"}},
	"mapped, unequal": {item2("", `<responseDeclaration identifier="RESPONSE" cardinality="multiple" baseType="identifier"><correctResponse><value>A</value><value>B</value></correctResponse><mapping lowerBound="0" upperBound="2" defaultValue="-2"><mapEntry mapKey="A" mappedValue="1"/><mapEntry mapKey="B" mappedValue="1"/></mapping></responseDeclaration>`+choiceOf("0", abc)),
		Item{Kind: Multiple, Stem: "选一个", Options: cOptions, Correct: []int{0, 1}, Weights: []int64{50_000, 50_000, -100_000}}},
	"mapped, equal": {item2("", `<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier"><mapping defaultValue="0"><mapEntry mapKey="C" mappedValue="3"/></mapping></responseDeclaration>`+choiceOf("1", abc)),
		Item{Kind: Single, Stem: "选一个", Options: cOptions, Correct: []int{2}}},
	"key in the processing": {item2("", `<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier"/>`+choiceOf("1", abc)+
		`<responseProcessing><responseCondition><responseIf><match><variable identifier="RESPONSE"/><baseValue baseType="identifier">B</baseValue></match><setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue></responseIf><responseElse><setOutcomeValue identifier="SCORE"><baseValue baseType="float">0</baseValue></setOutcomeValue></responseElse></responseCondition></responseProcessing>`),
		Item{Kind: Single, Stem: "选一个", Options: cOptions, Correct: []int{1}}},
	"points, general feedback": {item2("", declared("single", "A")+`<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float" normalMaximum="10"/><outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float"><defaultValue><value>2.5</value></defaultValue></outcomeDeclaration>`+choiceOf("1", abc)+
		`<modalFeedback outcomeIdentifier="FEEDBACK" showHide="show" identifier="SOLUTION"><p>因为如此</p></modalFeedback>`),
		Item{Kind: Single, Stem: "选一个", Options: cOptions, Correct: []int{0}, Points: 250, Explanation: "因为如此"}},
	"a choice in a line": {item2("", declared("single", "Y")+`<itemBody><p>文件属于<inlineChoiceInteraction responseIdentifier="RESPONSE" shuffle="false"><inlineChoice identifier="G">公开</inlineChoice><inlineChoice identifier="Y">秘密</inlineChoice></inlineChoiceInteraction>级。</p></itemBody>`),
		Item{Kind: Single, Stem: "文件属于____级。", Options: opts("公开", "秘密"), Correct: []int{1}}},
	"typed, variants mapped": {item2("", `<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string"><correctResponse><value>24</value></correctResponse><mapping defaultValue="0"><mapEntry mapKey="24" mappedValue="1"/><mapEntry mapKey="二十四" mappedValue="1"/></mapping></responseDeclaration><itemBody><p>应在<textEntryInteraction responseIdentifier="RESPONSE" expectedLength="5"/>小时内报告</p></itemBody>`),
		Item{Kind: Fill, Stem: "应在____小时内报告", Blanks: [][]string{{"24", "二十四"}}}},
	"typed, several": {item2("", `<responseDeclaration identifier="R1" cardinality="single" baseType="string"><correctResponse><value>绝密</value></correctResponse></responseDeclaration><responseDeclaration identifier="R2" cardinality="single" baseType="string"><correctResponse><value>机密</value></correctResponse></responseDeclaration><itemBody><p>分为<textEntryInteraction responseIdentifier="R1"/><textEntryInteraction responseIdentifier="R2"/>两级</p></itemBody>`),
		Item{Kind: Fill, Stem: "分为____ ____两级", Blanks: [][]string{{"绝密"}, {"机密"}}}},
	"essay with a rubric": {item2("", `<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string"/><itemBody><p>谈谈保密</p><extendedTextInteraction responseIdentifier="RESPONSE"/><rubricBlock view="scorer"><p>答出要点</p></rubricBlock></itemBody>`),
		Item{Kind: Essay, Stem: "谈谈保密", Rubric: "答出要点"}},
	"matching": {item2("", declared("multiple", "L1 R0", "L0 R1")+`<itemBody><matchInteraction responseIdentifier="RESPONSE" shuffle="true" maxAssociations="2"><prompt>连一连</prompt>`+matchSets([]string{"绝密", "机密"}, []string{"20年", "30年", "5年"})+`</matchInteraction></itemBody>`),
		Item{Kind: Matching, Stem: "连一连", Pairs: []Pair{{"绝密", "30年"}, {"机密", "20年"}}, Distractors: []string{"5年"}}},
	"associate": {item2("", declared("multiple", "A P", "C M")+`<itemBody><associateInteraction responseIdentifier="RESPONSE" maxAssociations="2"><prompt>配对</prompt><simpleAssociableChoice identifier="A">一</simpleAssociableChoice><simpleAssociableChoice identifier="C">二</simpleAssociableChoice><simpleAssociableChoice identifier="M">乙</simpleAssociableChoice><simpleAssociableChoice identifier="P">甲</simpleAssociableChoice><simpleAssociableChoice identifier="X">丁</simpleAssociableChoice></associateInteraction></itemBody>`),
		Item{Kind: Matching, Stem: "配对", Pairs: []Pair{{"一", "甲"}, {"二", "乙"}}, Distractors: []string{"丁"}}},
	"gaps to fill from a list": {item2("", declared("multiple", "W G1", "Su G2")+`<itemBody><gapMatchInteraction responseIdentifier="RESPONSE"><prompt>填词</prompt><gapText identifier="W" matchMax="1">冬</gapText><gapText identifier="Su" matchMax="1">夏</gapText><gapText identifier="A" matchMax="1">秋</gapText><p>先是<gap identifier="G1"/>，后是<gap identifier="G2"/>。</p></gapMatchInteraction></itemBody>`),
		Item{Kind: Matching, Stem: "填词\n先是（1）____，后是（2）____。", Pairs: []Pair{{"（1）", "冬"}, {"（2）", "夏"}}, Distractors: []string{"秋"}}},
	"ordering": {item2("", declared("ordered", "C", "A", "B")+`<itemBody><orderInteraction responseIdentifier="RESPONSE" shuffle="true"><prompt>排序</prompt>`+strings.ReplaceAll(abc, ` fixed="true"`, "")+`</orderInteraction></itemBody>`),
		Item{Kind: Ordering, Stem: "排序", Options: opts("甲", "乙", "丙"), Correct: []int{2, 0, 1}}},
	"words of a text": {item2("", declared("single", "B")+`<itemBody><hottextInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>找错</prompt><p>他<hottext identifier="A">已经</hottext>把文件<hottext identifier="B">转发</hottext>了</p></hottextInteraction></itemBody>`),
		Item{Kind: Single, Stem: "找错\n他【已经】把文件【转发】了", Options: opts("已经", "转发"), Correct: []int{1}}},
	"a title for a stem": {item2("哪一个对？", declared("single", "A")+`<itemBody><choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">`+abc+`</choiceInteraction></itemBody>`),
		Item{Kind: Single, Stem: "哪一个对？", Options: cOptions, Correct: []int{0}}},
	"formula, table, list": {item2("", declared("single", "A")+`<itemBody><p>求 <m:math xmlns:m="http://www.w3.org/1998/Math/MathML"><m:mfrac><m:mi>a</m:mi><m:msup><m:mi>b</m:mi><m:mn>2</m:mn></m:msup></m:mfrac></m:math></p><table><tr><td>一</td><td>二</td></tr></table><ul><li>甲&nbsp;</li><li>乙</li></ul><choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">`+abc+`</choiceInteraction></itemBody>`),
		Item{Kind: Single, Stem: "求 a/(b^2)\n一 二\n甲\n乙", Options: cOptions, Correct: []int{0}}},
	"html that was escaped": {item2("", declared("single", "A")+`<itemBody><choiceInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>&lt;p&gt;哪&lt;b&gt;个&lt;/b&gt;&lt;/p&gt;</prompt>`+abc+`</choiceInteraction></itemBody>`),
		Item{Kind: Single, Stem: "哪个", Options: cOptions, Correct: []int{0}}},
	"several questions": {item2("", `<responseDeclaration identifier="R1" cardinality="single" baseType="identifier"><correctResponse><value>A</value></correctResponse></responseDeclaration><responseDeclaration identifier="R2" cardinality="single" baseType="string"><correctResponse><value>三</value></correctResponse></responseDeclaration><itemBody><blockquote><p>某单位的一天。</p></blockquote><choiceInteraction responseIdentifier="R1" maxChoices="1"><prompt>谁对？</prompt>`+abc+`</choiceInteraction><p>共<textEntryInteraction responseIdentifier="R2"/>人</p></itemBody>`),
		Item{Kind: Group, Stem: "某单位的一天。", Items: []Item{{Kind: Single, Stem: "谁对？", Options: cOptions, Correct: []int{0}}, {Kind: Fill, Stem: "共____人", Blanks: [][]string{{"三"}}}}}},
	"several lists in a line": {item2("", `<responseDeclaration identifier="R1" cardinality="single" baseType="identifier"><correctResponse><value>a</value></correctResponse></responseDeclaration><responseDeclaration identifier="R2" cardinality="single" baseType="identifier"><correctResponse><value>d</value></correctResponse></responseDeclaration><itemBody><p>先<inlineChoiceInteraction responseIdentifier="R1"><inlineChoice identifier="a">报告</inlineChoice><inlineChoice identifier="b">删除</inlineChoice></inlineChoiceInteraction>再<inlineChoiceInteraction responseIdentifier="R2"><inlineChoice identifier="c">转发</inlineChoice><inlineChoice identifier="d">封存</inlineChoice></inlineChoiceInteraction></p></itemBody>`),
		Item{Kind: Group, Stem: "先（1）____再（2）____", Items: []Item{{Kind: Single, Stem: "（1）____", Options: opts("报告", "删除"), Correct: []int{0}}, {Kind: Single, Stem: "（2）____", Options: opts("转发", "封存"), Correct: []int{1}}}}},
}

// inQTI3 spells a QTI 2 document as QTI 3 does.
func inQTI3(doc string) string {
	for _, name := range []string{"assessmentItem", "responseDeclaration", "correctResponse", "value", "mapping", "mapEntry", "itemBody", "choiceInteraction",
		"simpleChoice", "prompt", "responseProcessing", "responseCondition", "responseIf", "responseElse", "match", "variable", "baseValue", "setOutcomeValue",
		"outcomeDeclaration", "defaultValue", "modalFeedback", "inlineChoiceInteraction", "inlineChoice", "textEntryInteraction", "extendedTextInteraction",
		"rubricBlock", "matchInteraction", "simpleMatchSet", "simpleAssociableChoice", "associateInteraction", "gapMatchInteraction", "gapText", "gap",
		"orderInteraction", "hottextInteraction", "hottext", "feedbackInline"} {
		for _, after := range []string{" ", ">", "/"} {
			doc = strings.ReplaceAll(doc, "<"+name+after, "<qti-"+kebab(name)+after)
			doc = strings.ReplaceAll(doc, "</"+name+after, "</qti-"+kebab(name)+after)
		}
	}
	for _, name := range []string{"responseIdentifier", "maxChoices", "mapKey", "mappedValue", "defaultValue", "upperBound", "baseType", "normalMaximum", "matchMax", "outcomeIdentifier", "showHide"} {
		doc = strings.ReplaceAll(doc, " "+name+"=", " "+kebab(name)+"=")
	}
	return doc
}

func TestQTI2And3Items(t *testing.T) {
	for name, c := range qti2Items {
		for version, doc := range map[string]string{"2": c.xml, "3": inQTI3(c.xml)} {
			res, err := Read("i.xml", []byte(doc))
			if err != nil || len(res.Rows) != 1 || len(res.Rows[0].Problems) > 0 {
				t.Errorf("%s as QTI %s: %+v %v", name, version, res, err)
				continue
			}
			if got := normal(res.Rows[0].Item); !reflect.DeepEqual(got, normal(c.want)) {
				t.Errorf("%s as QTI %s:\n got %+v\nwant %+v", name, version, got, c.want)
			}
			if row := res.Rows[0]; row.Line != 2 || row.Text == "" {
				t.Errorf("%s: line %d, text %q", name, row.Line, row.Text)
			}
		}
	}
}

func TestQTIItemsThatCannotBeRead(t *testing.T) {
	for name, c := range map[string]struct{ xml, want, text string }{
		"no key":      {item2("", `<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier"/>`+choiceOf("1", abc)), "item.answer_missing", "选一个"},
		"no such key": {item2("", declared("single", "Q")+choiceOf("1", abc)), "item.answer_unreadable", "乙"},
		"hotspot":     {item2("看图", declared("single", "A")+`<itemBody><hotspotInteraction responseIdentifier="RESPONSE"><prompt>点哪里</prompt></hotspotInteraction></itemBody>`), "item.unsupported", "点哪里"},
		"custom":      {item2("", `<itemBody><p>玩一玩</p><portableCustomInteraction responseIdentifier="R"/></itemBody>`), "item.unsupported", "玩一玩"},
		"template":    {item2("", declared("single", "A")+`<templateDeclaration identifier="X" cardinality="single" baseType="integer"/>`+choiceOf("1", abc)), "item.unsupported", "选一个"},
		"a gap of two without a key": {item2("", `<responseDeclaration identifier="R1" cardinality="single" baseType="string"><correctResponse><value>x</value></correctResponse></responseDeclaration><itemBody><p><textEntryInteraction responseIdentifier="R1"/>和<textEntryInteraction responseIdentifier="R2"/></p></itemBody>`),
			"item.answer_missing", "和"},
	} {
		res, err := Read("i.xml", []byte(c.xml))
		if err != nil || len(res.Rows) != 1 || len(res.Rows[0].Problems) == 0 {
			t.Errorf("%s: %+v %v", name, res, err)
			continue
		}
		row := res.Rows[0]
		if row.Problems[0].Code != c.want || row.Problems[0].Line != 2 || !strings.Contains(row.Text, c.text) {
			t.Errorf("%s: %+v, text %q", name, row.Problems, row.Text)
		}
	}
	res, err := Read("i.xml", []byte(item2("", `<itemBody><p>只是说明</p></itemBody>`)))
	if err != nil || len(res.Skipped) != 1 || res.Skipped[0].Code != "item.not_question" || res.Skipped[0].Text != "只是说明" {
		t.Errorf("a text: %+v %v", res, err)
	}
}

// zipped is an archive of some parts, in their order.
func zipped(t testing.TB, parts ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i+1 < len(parts); i += 2 {
		p, err := w.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func manifestOf(resources string) string {
	return `<?xml version="1.0"?><manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="M"><organizations/><resources>` + resources + `</resources></manifest>`
}

func TestQTIPackage(t *testing.T) {
	picture := `<itemBody><p>看图<img src="../img/a%20b.png" alt="图"/></p><choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">` + abc + `</choiceInteraction></itemBody>`
	data := zipped(t,
		"imsmanifest.xml", manifestOf(`
<resource identifier="A" type="imsqti_item_xmlv2p1" href="items/q%201.xml"><metadata><lom><general><keyword><langstring>定密 管理</langstring></keyword></general><educational><difficulty><value><langstring>difficult</langstring></value></difficulty></educational></lom></metadata><file href="items/q%201.xml"/></resource>
<resource identifier="B" type="imsqti_item_xmlv2p1" href="items/q2.xml"/>
<resource identifier="C" type="imsqti_item_xmlv2p1" href="items/gone.xml"/>
<resource identifier="T" type="imsqti_test_xmlv2p1" href="test.xml"/>`),
		"items/q 1.xml", item2("", declared("single", "A")+picture),
		"items/q2.xml", item2("", declared("single", "B")+choiceOf("1", abc)),
		"items/extra.xml", item2("", declared("single", "C")+choiceOf("1", abc)),
		"img/a b.png", "\x89PNG",
		"readme.html", "<p>说明</p>",
		"test.xml", `<assessmentTest identifier="T" title="卷"><testPart><assessmentSection title="定密" identifier="S"><assessmentItemRef identifier="B" href="items/q2.xml"><weight identifier="W" value="2"/></assessmentItemRef><assessmentItemRef identifier="A" href="items/q%201.xml"/><assessmentItemRef identifier="X" href="no.xml"/></assessmentSection></testPart></assessmentTest>`)
	res, err := Read("p.zip", data)
	if err != nil || len(res.Rows) != 3 || res.Format != "qti21" {
		t.Fatalf("%+v %v", res, err)
	}
	second, first, third := res.Rows[0], res.Rows[1], res.Rows[2]
	if second.Sheet != "items/q2.xml" || second.Item.Topic != "定密" || second.Item.Points != 200 || second.Item.Correct[0] != 1 {
		t.Errorf("the test's first: %+v", second)
	}
	if first.Item.Stem != "看图![图](a_b.png)" || len(first.Pictures) != 1 || string(first.Pictures[0].Data) != "\x89PNG" ||
		first.Item.Difficulty != 40 || !reflect.DeepEqual(first.Item.Tags, []string{"定密_管理"}) || first.Cells[FieldTags] != "定密_管理" {
		t.Errorf("with a picture: %+v", first)
	}
	if third.Item.Correct[0] != 2 || len(third.Warnings) == 0 || third.Warnings[0].Code != "package.unlisted" {
		t.Errorf("not in the manifest: %+v", third)
	}
	var codes []string
	for _, p := range res.Skipped {
		codes = append(codes, p.Code)
	}
	if strings.Join(codes, " ") != "package.part_missing package.part_missing package.part_unread" {
		t.Errorf("skipped %v", codes)
	}
}

func TestQTISharedMaterial(t *testing.T) {
	part := func(key string) string {
		return strings.Replace(inQTI3(item2("", declared("single", key)+choiceOf("1", abc))), "<qti-item-body>", `<qti-assessment-stimulus-ref identifier="s" href="s.xml"/><qti-item-body>`, 1)
	}
	res, err := Read("p.zip", zipped(t, "a.xml", part("A"), "b.xml", part("B"), "bad.xml", part("?"),
		"s.xml", `<qti-assessment-stimulus xmlns="x" identifier="s" title="材料"><qti-stimulus-body><p>某日，<b>张某</b>……</p></qti-stimulus-body></qti-assessment-stimulus>`))
	if err != nil || len(res.Rows) != 2 || len(res.Skipped) != 0 || res.Format != "qti30" {
		t.Fatalf("%+v %v", res, err)
	}
	g := res.Rows[0].Item
	if g.Kind != Group || g.Stem != "某日，张某……" || len(g.Items) != 2 || g.Items[1].Correct[0] != 1 || len(res.Rows[0].Problems) > 0 {
		t.Errorf("%+v", res.Rows[0])
	}
	if res.Rows[1].Problems[0].Code != "item.answer_unreadable" {
		t.Errorf("%+v", res.Rows[1])
	}
}

func TestSeveralItemsInOneDocument(t *testing.T) {
	one := strings.TrimPrefix(item2("", declared("single", "A")+choiceOf("1", abc)), `<?xml version="1.0" encoding="UTF-8"?>`)
	res, err := Read("all.xml", []byte(`<?xml version="1.1"?><items>`+one+one+`</items>`))
	if err != nil || len(res.Rows) != 2 || res.Rows[1].Line != 6 {
		t.Fatalf("%+v %v", res, err)
	}
	res, err = Read("cut.xml", []byte(`<items>`+one+`<assessmentItem title="断了"><itemBody><p>半`))
	if err != nil || len(res.Rows) != 2 || len(res.Rows[0].Problems) != 0 || res.Rows[1].Problems[0].Code != "file.xml" || !strings.Contains(res.Rows[1].Text, "半") {
		t.Fatalf("cut short: %+v %v", res, err)
	}
}
