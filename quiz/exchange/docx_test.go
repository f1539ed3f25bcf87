package exchange

import (
	"fmt"
	"html"
	"strings"
	"testing"
)

const wordSpaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"`

// wordFile is a document with a body and other parts.
func wordFile(t testing.TB, body string, parts map[string]string) []byte {
	all := map[string]string{
		"[Content_Types].xml": `<Types/>`,
		"word/document.xml":   `<?xml version="1.0" encoding="UTF-8"?><w:document ` + wordSpaces + `><w:body>` + body + `<w:sectPr><w:pgSz/></w:sectPr></w:body></w:document>`,
	}
	for name, text := range parts {
		all[name] = text
	}
	return repack(t, emptyZip(t), all)
}

// wp is a paragraph of one run; a list is given as its number and level.
func wp(text string, list ...int) string {
	props := ""
	if len(list) == 2 {
		props = fmt.Sprintf(`<w:pPr><w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr></w:pPr>`, list[1], list[0])
	}
	return `<w:p>` + props + wr(text, "") + `</w:p>`
}

func wr(text, props string) string {
	var b strings.Builder
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteString(`<w:br/>`)
		}
		for j, piece := range strings.Split(line, "\t") {
			if j > 0 {
				b.WriteString(`<w:tab/>`)
			}
			b.WriteString(`<w:t xml:space="preserve">` + html.EscapeString(piece) + `</w:t>`)
		}
	}
	return `<w:r><w:rPr>` + props + `</w:rPr>` + b.String() + `</w:r>`
}

func wtable(rows ...[]string) string {
	var b strings.Builder
	b.WriteString(`<w:tbl><w:tblPr/><w:tblGrid/>`)
	for _, cells := range rows {
		b.WriteString(`<w:tr>`)
		for _, cell := range cells {
			b.WriteString(`<w:tc><w:tcPr/>`)
			for _, line := range strings.Split(cell, "\n") {
				b.WriteString(wp(line))
			}
			b.WriteString(`</w:tc>`)
		}
		b.WriteString(`</w:tr>`)
	}
	return b.String() + `</w:tbl>`
}

// lists has 1 a decimal list with （%1） on its second level, 2 and 3 letters, 3 beginning again, 4 Chinese
// numbers, and 5 letters on the second level of stems.
const lists = `<w:numbering ` + wordSpaces + `>
<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1．"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%2、"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="5"><w:abstractNumId w:val="3"/></w:num>
</w:numbering>`

func TestWordLayouts(t *testing.T) {
	for name, c := range map[string]struct {
		body  string
		parts map[string]string
		want  string
	}{
		"numbers and letters of lists": {
			wp("单选题（每题2分）", 4, 0) + wp("哪个对（ ）", 1, 0) + wp("甲", 2, 0) + wp("乙", 2, 0) + wp("答案：B") +
				wp("哪个错（ ）", 1, 0) + wp("丙", 3, 0) + wp("丁", 3, 0) + wp("答案：A") + wp("判断题", 4, 0) + wp("这样对。（√）", 1, 0),
			map[string]string{"word/numbering.xml": lists},
			"single 哪个对（ ） |A:甲 |B:乙 =[1] 200分\nsingle 哪个错（ ） |A:丙 |B:丁 =[0] 200分\ntruefalse 这样对。 =[0]"},
		"letters on the second level begin again": {
			wp("哪个对（ ）", 5, 0) + wp("甲", 5, 1) + wp("乙", 5, 1) + wp("哪些对（ ）", 5, 0) + wp("丙", 5, 1) + wp("丁", 5, 1) + wp("参考答案") + wp("1.B 2.AB"),
			map[string]string{"word/numbering.xml": lists},
			"single 哪个对（ ） |A:甲 |B:乙 =[1]\nmultiple 哪些对（ ） |A:丙 |B:丁 =[0 1]"},
		"numbers from a style": {
			`<w:p><w:pPr><w:pStyle w:val="Q2"/></w:pPr>` + wr("哪个对（A）", "") + `</w:p>` + wp("A．甲\tB．乙"),
			map[string]string{"word/numbering.xml": lists, "word/styles.xml": `<w:styles ` + wordSpaces + `><w:style w:styleId="Q"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:styleId="Q2"><w:basedOn w:val="Q"/></w:style></w:styles>`},
			"single 哪个对（ ） |A:甲 |B:乙 =[0]"},
		"soft breaks": {wp("1. 哪个对（ ）\nA. 甲\nB. 乙\n答案：A\n解析：因为"), nil, "single 哪个对（ ） |A:甲 |B:乙 =[0] 解析:因为"},
		"underlined spaces are gaps": {
			wp("填空题") + `<w:p>` + wr("1. 密级分为", "") + wr("   ", `<w:u w:val="single"/>`) + wr("\t", `<w:u w:val="single"/>`) + wr("、", "") + wr("　　", `<w:u w:val="single"/>`) + wr("等。", "") + `</w:p>` + wp("答案：绝密；机密"), nil,
			"fill 密级分为____、____等。 =[[绝密] [机密]]"},
		"tracked changes": {
			`<w:p>` + wr("1. 哪个", "") + `<w:del><w:r><w:delText>不</w:delText></w:r></w:del><w:ins>` + wr("对（ ）", "") + `</w:ins></w:p>` + wp("A. 甲") + wp("B. 乙") + wp("答案：B"), nil,
			"single 哪个对（ ） |A:甲 |B:乙 =[1]"},
		"hyperlinks, smart tags and content controls": {
			`<w:p><w:sdt><w:sdtContent>` + wr("1. 见", "") + `</w:sdtContent></w:sdt><w:hyperlink r:id="x">` + wr("链接", "") + `</w:hyperlink><w:smartTag>` + wr("对吗（ ）", "") + `</w:smartTag></w:p>` + wp("A.甲B.乙") + wp("答案：B"), nil,
			"single 见链接对吗（ ） |A:甲 |B:乙 =[1]"},
		"ticks from symbol fonts": {
			wp("判断题") + `<w:p>` + wr("1. 这样对（", "") + `<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>` + wr("）", "") + `</w:p>`, nil,
			"truefalse 这样对 =[0]"},
		"a table with a header": {
			wp("题库") + wtable([]string{"序号", "题型", "题干", "选项A", "选项B", "答案"}, []string{"1", "单选", "哪个对", "甲", "乙", "B"}, []string{"2", "判断", "对吗", "", "", "错"}), nil,
			"single 哪个对 |A:甲 |B:乙 =[1]\ntruefalse 对吗 =[1]\n-text.orphan@1 题库"},
		"one question a table": {
			wtable([]string{"题型", "单选题"}, []string{"题目", "哪个对"}, []string{"A", "甲"}, []string{"B", "乙"}, []string{"答案", "A"}, []string{"解析", "因为\n所以"}) +
				wtable([]string{"题型", "判断题"}, []string{"题目", "对吗"}, []string{"答案", "对"}), nil,
			"single 哪个对 |A:甲 |B:乙 =[0] 解析:因为/所以\ntruefalse 对吗 =[0]"},
		"options in a table": {
			wp("1. 哪个对（ ）") + wtable([]string{"A. 甲", "B. 乙"}, []string{"C. 丙", "D. 丁"}) + wp("答案：D"), nil,
			"single 哪个对（ ） |A:甲 |B:乙 |C:丙 |D:丁 =[3]"},
		"keys in a table": {
			wp("1. 哪个对（ ）") + wp("A. 甲 B. 乙") + wp("2. 哪个错（ ）") + wp("A. 甲 B. 乙") + wp("参考答案") + wtable([]string{"题号", "1", "2"}, []string{"答案", "B", "A"}), nil,
			"single 哪个对（ ） |A:甲 |B:乙 =[1]\nsingle 哪个错（ ） |A:甲 |B:乙 =[0]"},
		"text boxes": {
			wp("1. 哪个对（ ）") + `<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>` + wp("A. 甲") + wp("B. 乙") + `</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>` + wp("A. 甲") + `</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>` + wp("答案：A"), nil,
			"single 哪个对（ ） |A:甲 |B:乙 =[0]"},
		"a formula": {
			`<w:p>` + wr("1. 值是（ ）", "") + `<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f><m:rad><m:deg/><m:e><m:r><m:t>2</m:t></m:r></m:e></m:rad></m:oMath></w:p>` + wp("A. 甲 B. 乙") + wp("答案：A"), nil,
			"single 值是（ ）a/b√(2) |A:甲 |B:乙 =[0]"},
		"a key marked only by colour": {
			wp("1. 哪个对（ ）") + wp("A. 甲") + `<w:p>` + wr("B. 乙", `<w:color w:val="FF0000"/>`) + `</w:p>` + wp("C. 丙"), nil,
			"!text.marked_key@1 single 哪个对（ ） |A:甲 |B:乙 |C:丙 =[]"},
		"a key marked only by bold, all on one line": {
			wp("1. 哪个对（ ）") + `<w:p>` + wr("A. 甲  ", "") + wr("B. 乙", `<w:b/>`) + `</w:p>`, nil,
			"!text.marked_key@1 single 哪个对（ ） |A:甲 |B:乙 =[]"},
		"notes, heads and feet": {
			wp("1. 对吗（√）"), map[string]string{"word/footnotes.xml": `<w:footnotes ` + wordSpaces + `><w:footnote>` + wp("注释一") + `</w:footnote></w:footnotes>`, "word/header1.xml": `<w:hdr ` + wordSpaces + `>` + wp("内部资料") + `</w:hdr>`},
			"truefalse 对吗 =[0]\n-text.orphan@0 注释一\n-text.orphan@0 内部资料"},
	} {
		res, err := Read("a.docx", wordFile(t, c.body, c.parts))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := readOut(res); sorted(got) != sorted(c.want) {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

// sorted puts lines in order: parts of a zip come in any.
func sorted(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		for j := i; j > 0 && lines[j] < lines[j-1]; j-- {
			lines[j], lines[j-1] = lines[j-1], lines[j]
		}
	}
	return strings.Join(lines, "\n")
}

func TestWordPictures(t *testing.T) {
	data := wordFile(t, wp("1. 看图（ ）")+`<w:p><w:r><w:drawing><a:blip r:embed="rId7"/></w:drawing></w:r></w:p>`+wp("A. 甲 B. 乙")+wp("答案：A")+
		`<w:p><w:r><w:t>2. 看</w:t><w:pict><v:imagedata r:id="rId9"/></w:pict><w:t>（√）</w:t></w:r></w:p>`,
		map[string]string{"word/media/image1.png": "PNG", "word/_rels/document.xml.rels": `<Relationships><Relationship Id="rId7" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/image1.png"/></Relationships>`})
	res, err := Read("a.docx", data)
	if err != nil || len(res.Rows) != 2 {
		t.Fatalf("%v %s", err, readOut(res))
	}
	row := res.Rows[0]
	if row.Item.Stem != "看图（ ）\n![图](image1.png)" || len(row.Pictures) != 1 || string(row.Item.Pictures[0].Data) != "PNG" {
		t.Errorf("%+v", row)
	}
	if w := res.Rows[1].Warnings; len(w) == 0 || w[len(w)-1].Code != "item.picture_missing" {
		t.Errorf("a picture that is not there: %+v", w)
	}
}
