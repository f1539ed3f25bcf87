package exchange

import (
	"reflect"
	"strings"
	"testing"
)

// item1 is an item of QTI 1.2 of a type, with a presentation and conditions.
func item1(kind, presentation, conditions string) string {
	return `<item ident="i" title="Question"><itemmetadata><qtimetadata><qtimetadatafield><fieldlabel>question_type</fieldlabel><fieldentry>` + kind +
		`</fieldentry></qtimetadatafield><qtimetadatafield><fieldlabel>points_possible</fieldlabel><fieldentry>2.0</fieldentry></qtimetadatafield></qtimetadata></itemmetadata>
<presentation>` + presentation + `</presentation><resprocessing><outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>` + conditions + `</resprocessing></item>`
}

func mat(html string) string {
	return `<material><mattext texttype="text/html">` + strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(html) + `</mattext></material>`
}

func labels(pairs ...string) string {
	out := "<render_choice>"
	for i := 0; i+1 < len(pairs); i += 2 {
		out += `<response_label ident="` + pairs[i] + `"><material><mattext>` + pairs[i+1] + `</mattext></material></response_label>`
	}
	return out + "</render_choice>"
}

func when(score, condition string) string {
	return `<respcondition continue="No"><conditionvar>` + condition + `</conditionvar><setvar action="Set" varname="SCORE">` + score + `</setvar></respcondition>`
}

func eq(ident, value string) string {
	return `<varequal respident="` + ident + `">` + value + `</varequal>`
}

func lid(ident, cardinality, inside string) string {
	return `<response_lid ident="` + ident + `" rcardinality="` + cardinality + `">` + inside + `</response_lid>`
}

const typed = `<response_str ident="response1" rcardinality="Single"><render_fib><response_label ident="answer1"/></render_fib></response_str>`

var threeLabels = labels("1", "甲", "2", "乙", "3", "丙")

func bbText(class, text string) string {
	return `<flow class="` + class + `"><flow class="FORMATTED_TEXT_BLOCK"><material><mat_extension><mat_formattedtext type="HTML">` + text + `</mat_formattedtext></mat_extension></material></flow></flow>`
}

var qti1Items = map[string]struct {
	xml  string
	want Item
}{
	"canvas, one": {item1("multiple_choice_question", mat("<div><p>哪一个</p></div>")+lid("response1", "Single", threeLabels), `<respcondition continue="Yes"><conditionvar><other/></conditionvar><displayfeedback feedbacktype="Response" linkrefid="general_fb"/></respcondition>`+when("100", eq("response1", "2"))),
		Item{Kind: Single, Stem: "哪一个", Options: opts("甲", "乙", "丙"), Correct: []int{1}, Points: 200}},
	"canvas, several": {item1("multiple_answers_question", mat("哪些")+lid("response1", "Multiple", threeLabels), when("100", `<and>`+eq("response1", "1")+`<not>`+eq("response1", "2")+`</not>`+eq("response1", "3")+`</and>`)),
		Item{Kind: Multiple, Stem: "哪些", Options: opts("甲", "乙", "丙"), Correct: []int{0, 2}, Points: 200}},
	"canvas, only one of several": {item1("multiple_answers_question", mat("哪些")+lid("response1", "Multiple", threeLabels), when("100", `<and>`+eq("response1", "1")+`<not>`+eq("response1", "2")+`</not><not>`+eq("response1", "3")+`</not></and>`)),
		Item{Kind: Multiple, Stem: "哪些", Options: opts("甲", "乙", "丙"), Correct: []int{0}, Points: 200}},
	"points by answer": {item1("multiple_choice_question", mat("哪个")+lid("r", "Single", threeLabels), when("10", eq("r", "1"))+when("5", eq("r", "2"))),
		Item{Kind: Single, Stem: "哪个", Options: opts("甲", "乙", "丙"), Correct: []int{0}, Weights: []int64{100_000, 50_000, 0}, Points: 200}},
	"respondus, several by parts": {item1("", mat("哪些")+lid("r", "Multiple", threeLabels), strings.ReplaceAll(when("50.00", eq("r", "1"))+when("50.00", eq("r", "2"))+when("-10.00", eq("r", "3")), "Set", "Add")),
		Item{Kind: Multiple, Stem: "哪些", Options: opts("甲", "乙", "丙"), Correct: []int{0, 1}, Weights: []int64{50_000, 50_000, -10_000}, Points: 200}},
	"ilias, points for what is left": {item1("MULTIPLE CHOICE QUESTION", mat("哪些")+lid("MCMR", "Multiple", labels("0", "甲", "1", "乙")), strings.ReplaceAll(when("1", eq("MCMR", "0"))+when("0", "<not>"+eq("MCMR", "0")+"</not>")+when("0", eq("MCMR", "1"))+when("1", "<not>"+eq("MCMR", "1")+"</not>"), "Set", "Add")),
		Item{Kind: Multiple, Stem: "哪些", Options: opts("甲", "乙"), Correct: []int{0}, Weights: []int64{100_000, -100_000}, Points: 200}},
	"true or false": {item1("true_false_question", mat("对吗")+lid("response1", "Single", labels("6511", "True", "2200", "False")), when("100", eq("response1", "2200"))),
		Item{Kind: TrueFalse, Stem: "对吗", Correct: []int{1}, Points: 200}},
	"short answer": {item1("short_answer_question", mat("几年")+typed, when("100", eq("response1", "30")+eq("response1", "三十"))),
		Item{Kind: Fill, Stem: "几年____", Blanks: [][]string{{"30", "三十"}}, Points: 200}},
	"short answer with a gap of its own": {item1("short_answer_question", mat("最长 ______ 年")+typed, when("100", eq("response1", "30"))),
		Item{Kind: Fill, Stem: "最长 ____ 年", Blanks: [][]string{{"30"}}, Points: 200}},
	"blanks with names": {item1("fill_in_multiple_blanks_question", mat("<p>分[one]和[two]</p>")+lid("response_two", "Single", "<material><mattext>two</mattext></material>"+labels("9", "机密"))+lid("response_one", "Single", "<material><mattext>one</mattext></material>"+labels("7", "绝密", "8", "最高")), strings.ReplaceAll(when("50", eq("response_one", "7"))+when("50", eq("response_two", "9")), "Set", "Add")),
		Item{Kind: Fill, Stem: "分____和____", Blanks: [][]string{{"绝密", "最高"}, {"机密"}}, Points: 200}},
	"dropdowns": {item1("multiple_dropdowns_question", mat("先[a]再[b]")+lid("response_a", "Single", labels("1", "报告", "2", "删除"))+lid("response_b", "Single", labels("3", "转发", "4", "封存")), strings.ReplaceAll(when("50", eq("response_a", "1"))+when("50", eq("response_b", "4")), "Set", "Add")),
		Item{Kind: Group, Stem: "先（1）____再（2）____", Points: 200, Items: []Item{{Kind: Single, Stem: "（1）____", Options: opts("报告", "删除"), Correct: []int{0}}, {Kind: Single, Stem: "（2）____", Options: opts("转发", "封存"), Correct: []int{1}}}}},
	"canvas matching": {item1("matching_question", mat("连线")+lid("response_1", "Single", mat("绝密")+labels("a", "30年", "b", "20年", "c", "5年"))+lid("response_2", "Single", mat("机密")+labels("a", "30年", "b", "20年", "c", "5年")), strings.ReplaceAll(when("50", eq("response_1", "a"))+when("50", eq("response_2", "b")), "Set", "Add")),
		Item{Kind: Matching, Stem: "连线", Pairs: []Pair{{"绝密", "30年"}, {"机密", "20年"}}, Distractors: []string{"5年"}, Points: 200}},
	"ilias matching": {item1("assMatchingQuestion", mat("连线")+`<response_grp ident="MQ" rcardinality="Multiple">`+labels("s1", "甲", "s2", "乙", "t1", "一", "t2", "二")+`</response_grp>`, strings.NewReplacer("varequal", "varsubset", "Set", "Add").Replace(when("1", eq("MQ", "s1,t1"))+when("1", eq("MQ", "s2,t2")))),
		Item{Kind: Matching, Stem: "连线", Pairs: []Pair{{"甲", "一"}, {"乙", "二"}}, Points: 200}},
	"numerical": {item1("numerical_question", mat("几年")+`<response_str ident="response1"><render_fib fibtype="Decimal"><response_label ident="answer1"/></render_fib></response_str>`, when("100", "<or>"+eq("response1", "30.0")+`<and><vargte respident="response1">30.0</vargte><varlte respident="response1">30.0</varlte></and></or>`)),
		Item{Kind: Fill, Stem: "几年____", Blanks: [][]string{{"30.0", "30"}}, Points: 200}},
	"essay": {item1("essay_question", mat("谈谈")+typed, `<respcondition continue="No"><conditionvar><other/></conditionvar></respcondition>`),
		Item{Kind: Essay, Stem: "谈谈", Points: 200}},
	"ordering": {item1("ordering_question", mat("排序")+`<response_lid ident="r" rcardinality="Ordered"><render_extension><ims_render_object shuffle="No"><flow_label><response_label ident="A"><material><mattext>甲</mattext></material></response_label><response_label ident="B"><material><mattext>乙</mattext></material></response_label></flow_label></ims_render_object></render_extension></response_lid>`, when("100", eq("r", "B")+eq("r", "A"))),
		Item{Kind: Ordering, Stem: "排序", Options: opts("甲", "乙"), Correct: []int{1, 0}, Points: 200}},
	"gaps in the flow": {item1("", `<flow><material><mattext>Now is the </mattext></material><response_str ident="F1"><render_fib/></response_str><material><mattext> of our </mattext></material><response_str ident="F2"><render_fib/></response_str></flow>`, `<respcondition><conditionvar>`+eq("F1", "Winter")+eq("F2", "Sorrow")+`</conditionvar><setvar action="Add" varname="S">3</setvar></respcondition>`),
		Item{Kind: Fill, Stem: "Now is the ____ of our ____", Blanks: [][]string{{"Winter"}, {"Sorrow"}}, Points: 200}},
	"blackboard, several": {`<item maxattempts="0"><itemmetadata><bbmd_questiontype>Multiple Answer</bbmd_questiontype><qmd_absolutescore_max>3.0</qmd_absolutescore_max></itemmetadata><presentation><flow class="Block">` + bbText("QUESTION_BLOCK", "&lt;p&gt;哪些&lt;/p&gt;") + `<flow class="RESPONSE_BLOCK"><response_lid ident="response" rcardinality="Multiple"><render_choice><flow_label class="Block"><response_label ident="x">` + bbText("Block", "甲") + `</response_label></flow_label><flow_label class="Block"><response_label ident="y">` + bbText("Block", "乙") + `</response_label></flow_label></render_choice></response_lid></flow></flow></presentation>
<resprocessing scoremodel="SumOfScores"><outcomes><decvar varname="SCORE" vartype="Decimal" defaultval="0" minvalue="0" maxvalue="3.0"/></outcomes><respcondition title="correct"><conditionvar><and>` + eq("response", "x") + `<not>` + eq("response", "y") + `</not></and></conditionvar><setvar variablename="SCORE" action="Set">SCORE.max</setvar><displayfeedback linkrefid="correct" feedbacktype="Response"/></respcondition><respcondition title="incorrect"><conditionvar><other/></conditionvar><setvar variablename="SCORE" action="Set">0.0</setvar></respcondition></resprocessing><itemfeedback ident="correct">` + bbText("Block", "答对了，因为……") + `</itemfeedback><itemfeedback ident="incorrect"/></item>`,
		Item{Kind: Multiple, Stem: "哪些", Options: opts("甲", "乙"), Correct: []int{0}, Points: 300, Explanation: "答对了，因为……"}},
	"blackboard matching": {`<item><itemmetadata><bbmd_questiontype>Matching</bbmd_questiontype></itemmetadata><presentation><flow class="Block">` + bbText("QUESTION_BLOCK", "连线") + `<flow class="RESPONSE_BLOCK"><flow class="Block">` + bbText("Block", "绝密") + `<response_lid ident="l1"><render_choice><flow_label><response_label ident="p1"/><response_label ident="p2"/></flow_label></render_choice></response_lid></flow><flow class="Block">` + bbText("Block", "机密") + `<response_lid ident="l2"><render_choice><flow_label><response_label ident="q1"/><response_label ident="q2"/></flow_label></render_choice></response_lid></flow></flow><flow class="RIGHT_MATCH_BLOCK">` + bbText("Block", "20年") + bbText("Block", "30年") + `</flow></flow></presentation><resprocessing>` + when("1", eq("l1", "p2")) + when("1", eq("l2", "q1")) + `</resprocessing></item>`,
		Item{Kind: Matching, Stem: "连线", Pairs: []Pair{{"绝密", "30年"}, {"机密", "20年"}}}},
}

func TestQTI1Items(t *testing.T) {
	for name, c := range qti1Items {
		doc := `<?xml version="1.0"?><!DOCTYPE questestinterop SYSTEM "ims_qtiasiv1p2.dtd" [<!ELEMENT x (y+)>]>` + "\n" +
			`<questestinterop><assessment title="Quiz"><section ident="root_section">` + c.xml + `</section></assessment></questestinterop>`
		res, err := Read("q.xml", []byte(doc))
		if err != nil || len(res.Rows) != 1 || len(res.Rows[0].Problems) > 0 || res.Format != "qti12" {
			t.Errorf("%s: %+v %v", name, res, err)
			continue
		}
		if got := normal(res.Rows[0].Item); !reflect.DeepEqual(got, normal(c.want)) {
			t.Errorf("%s:\n got %+v\nwant %+v", name, got, c.want)
		}
		if res.Rows[0].Line != 2 {
			t.Errorf("%s: line %d", name, res.Rows[0].Line)
		}
	}
}

func TestQTI1Feedback(t *testing.T) {
	feedback := func(id, text string) string {
		return `<itemfeedback ident="` + id + `"><flow_mat>` + mat(text) + `</flow_mat></itemfeedback>`
	}
	item := strings.Replace(qti1Items["canvas, one"].xml, "</item>", feedback("general_fb", "总的来说")+feedback("correct_fb", "对了")+feedback("general_incorrect_fb", "错了")+feedback("1_fb", "甲不行")+"</item>", 1)
	res, err := Read("q.xml", []byte("<questestinterop>"+item+"</questestinterop>"))
	if err != nil || len(res.Rows) != 1 {
		t.Fatalf("%+v %v", res, err)
	}
	var lost []string
	for _, w := range res.Rows[0].Warnings {
		lost = append(lost, w.Code+" "+w.Args["text"].(string))
	}
	if res.Rows[0].Item.Explanation != "总的来说" || strings.Join(lost, ",") != "item.feedback_lost 对了,item.feedback_lost 错了,item.feedback_lost 甲不行" {
		t.Errorf("%q, lost %q", res.Rows[0].Item.Explanation, lost)
	}
}

func TestCanvasPackage(t *testing.T) {
	text := `<item ident="s1" title="T"><itemmetadata><qtimetadata><qtimetadatafield><fieldlabel>question_type</fieldlabel><fieldentry>text_only_question</fieldentry></qtimetadatafield></qtimetadata></itemmetadata><presentation>` + mat("某单位的材料") + `</presentation></item>`
	child := strings.Replace(qti1Items["true or false"].xml, "<qtimetadata>", `<qtimetadata><qtimetadatafield><fieldlabel>parent_stimulus_item_ident</fieldlabel><fieldentry>s1</fieldentry></qtimetadatafield>`, 1)
	lone := strings.Replace(text, `ident="s1"`, `ident="s2"`, 1)
	upload := item1("file_upload_question", mat("交文件"), "")
	shown := strings.Replace(qti1Items["canvas, one"].xml, "&lt;p&gt;", `&lt;p&gt;&lt;img src="%24IMS-CC-FILEBASE%24/Uploaded%20Media/a.png?canvas_download=1" alt="x"&gt;`, 1)
	quiz := `<questestinterop><assessment ident="q" title="保密测验"><section ident="root_section">` + text + child + lone + upload + shown +
		`<bankentry_item sourcebank_ref="b" item_ref="gone"/></section></assessment></questestinterop>`
	res, err := Read("c.zip", zipped(t,
		"imsmanifest.xml", manifestOf(`<resource identifier="q" type="imsqti_xmlv1p2" href="q/q.xml"><file href="q/q.xml"/></resource><resource identifier="m" type="associatedcontent/imscc_xmlv1p1/learning-application-resource" href="q/assessment_meta.xml"/>`),
		"q/q.xml", quiz, "q/assessment_meta.xml", `<quiz xmlns="x"><title>保密测验</title></quiz>`, "web_resources/Uploaded Media/a.png", "PNG"))
	if err != nil || len(res.Rows) != 3 || res.Format != "qti12" {
		t.Fatalf("%+v %v", res, err)
	}
	group, bad, picture := res.Rows[0], res.Rows[1], res.Rows[2]
	if group.Item.Kind != Group || group.Item.Stem != "某单位的材料" || len(group.Item.Items) != 1 || group.Item.Topic != "保密测验" {
		t.Errorf("%+v", group)
	}
	if bad.Problems[0].Code != "item.unsupported" || bad.Text != "交文件" {
		t.Errorf("%+v", bad)
	}
	if len(picture.Pictures) != 1 || picture.Item.Stem != "![x](a.png)哪一个" {
		t.Errorf("%+v", picture)
	}
	var codes []string
	for _, p := range res.Skipped {
		codes = append(codes, p.Code)
	}
	if strings.Join(codes, " ") != "package.part_missing package.part_unread item.not_question" {
		t.Errorf("skipped %v", codes)
	}
}
