package exchange

import (
	"archive/zip"
	"bytes"
	"runtime"
	"strings"
	"testing"
	"time"
)

var textSeeds = []string{
	"一、单选题（每题2分）\n1. 哪个对（ A ）\nA. 甲 B. 乙\n2、哪个\nA）甲\nB）乙\n答案：B 解析：因为\n",
	"1. 甲（ ）\nA.一B.二\n2. 乙（ ）\nA.一B.二\n参考答案\n一、单选题\n1-2 AB\n二、1.A 2.B\n",
	"阅读以下材料，回答第1～2题。\n材料\n1. 对吗（√）\n2. 错吗（×）\n连线题\n1. 连\n甲|乙\n丙|丁\n答案：1-A 2-B\n",
	"填空题（每空1分）\n1. 在____和（　）\n答案：①甲 ②乙\n简答题\n1. 谈谈\n答：1. 甲\n2. 乙\n",
	"# 题\n- [x] 甲\n- [ ] 乙\n| 题干 | 答案 |\n|---|---|\n| 对 | 错 |\n```\n1. x\n```\n> 解析：a\n",
	"题型：单选\n题目：甲\n题号：1\n选项：A.一 B.二\n【答案】【解析】\n（答案：A）\n",
	"题号 1 2\n答案 A B\n第二章 定密\n（一）\n（1）①②③\n答案：①②\n1-500 A\n第1题\n【1】\n(A)(B)(C)\nA\nB\nC\n", "答案：1-1 A", "一、\n1.\n答案", "（单选题，2分）1.（A）", "排序题\n1. ①甲②乙（BA）\n答案：2-1",
}

// checkLines holds that each line is in a row, listed as skipped, or part of the paper's structure.
func checkLines(t *testing.T, lines []textLine) {
	p := &paper{lines: unspaced(lines)}
	if p.run() != nil {
		return
	}
	var kept strings.Builder
	last := 0
	for _, row := range p.rows {
		kept.WriteString(row.Text + "\n")
		for _, text := range row.Cells {
			kept.WriteString(text + "\n")
		}
	}
	for _, s := range p.skipped() {
		kept.WriteString(s.Text + "\n")
	}
	structure := map[int]bool{}
	for _, no := range p.heads {
		structure[no] = true
	}
	all := kept.String()
	known := map[int]bool{}
	for _, l := range lines {
		known[l.no] = true
		last = max(last, l.no)
		if l.table != nil {
			last = max(last, l.table.lines[len(l.table.lines)-1])
		}
		if l.table == nil && !structure[l.no] && !strings.Contains(all, l.text) {
			t.Fatalf("line %d is lost: %q\n%s", l.no, l.text, readOut(Result{Rows: p.rows, Skipped: p.skipped()}))
		}
	}
	for _, row := range p.rows {
		if !known[row.Line] && row.Line > last || row.Line < 1 {
			t.Fatalf("a row at line %d of %d", row.Line, last)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range textSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines, err := plainLines(text)
		if err != nil {
			return
		}
		checkLines(t, lines)
		res, err := readText(source{text: text, encoding: "utf-8"})
		checkResult(t, res, err)
	})
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range textSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m := markdown{}
		if m.read(text) != nil {
			return
		}
		checkLines(t, m.lines)
		res, err := readMarkdown(source{text: text, encoding: "utf-8"})
		checkResult(t, res, err)
	})
}

func FuzzDocx(f *testing.F) {
	f.Add(wp("1. 哪个对（ ）")+wp("A. 甲\nB. 乙")+wp("答案：A"), lists)
	f.Add(wp("哪个", 1, 0)+wp("甲", 2, 0)+wtable([]string{"题干", "答案"}, []string{"对", "错"}), lists)
	f.Add(wtable([]string{"A", "甲"}, []string{"答案", "B"})+`<w:p><w:r><w:tab/><w:sym w:char="F0FC"/></w:r></w:p></w:p></w:tbl>`, "")
	f.Add(`<w:tbl><w:tr><w:tc><w:gridSpan w:val="9"/><w:tbl></w:tbl></w:tc></w:tr></w:tbl><m:oMath><m:rad/></m:oMath><w:p w:x='"'/>`, "<a")
	f.Fuzz(func(t *testing.T, body, numbering string) {
		data := wordFile(t, body, map[string]string{"word/numbering.xml": numbering})
		res, err := Read("a.docx", data)
		checkResult(t, res, err)
		doc := &document{zip: &archive{}, numbering: newNumbering()}
		w := &wordReader{doc: doc}
		if doc.numbering.readNumbering([]byte(numbering)) != nil || w.read([]byte(body)) != nil {
			return // only whole documents come so far
		}
		checkLines(t, w.lines)
	})
}

// storedZip holds one part as it is, so that no ratio gives it away.
func storedZip(t *testing.T, name, text string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for n, s := range map[string]string{name: text} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: n, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(s)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// fillUp repeats a piece up to a fifth of a file's limit: a loop that grows with the square of the text shows
// there too, and the tests stay quick.
func fillUp(piece string) string { return strings.Repeat(piece, MaxBytes/5/len(piece)) }

func TestHugeTextsEnd(t *testing.T) {
	inWord := func(body string) []byte {
		return storedZip(t, "word/document.xml", `<w:document `+wordSpaces+`><w:body>`+body+`</w:body></w:document>`)
	}
	for name, c := range map[string]struct {
		file string
		data func() []byte
	}{
		"empty lines":          {"a.txt", func() []byte { return []byte("1. 对（√）\n" + fillUp("\n")) }},
		"short lines":          {"a.txt", func() []byte { return []byte(fillUp("a\n")) }},
		"one line":             {"a.txt", func() []byte { return []byte(fillUp("甲")) }},
		"one line of brackets": {"a.txt", func() []byte { return []byte("1. " + fillUp("（A）（")) }},
		"one line of options":  {"a.txt", func() []byte { return []byte("1. 甲" + fillUp(" A. 甲 B. 乙")) }},
		"one line of labels":   {"a.txt", func() []byte { return []byte("1. 甲" + fillUp("。答案：A")) }},
		"one line of keys":     {"a.txt", func() []byte { return []byte("1. 甲\n2. 乙\n" + fillUp("1.A ")) }},
		"a stem of many lines": {"a.txt", func() []byte {
			return []byte("1. 甲\n" + fillUp("乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙\n"))
		}},
		"numbers": {"a.txt", func() []byte {
			return []byte(fillUp("1. 甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲\n"))
		}},
		"keys without question": {"a.txt", func() []byte {
			return []byte("1. 甲（）\n2. 乙（）\n" + fillUp("1-3 ABC 4.D 5.A 6.B 7.C 8.D 9.A\n"))
		}},
		"ordinary questions": {"a.txt", func() []byte {
			return []byte(fillUp("1. 下列哪个说法是正确的，请从以下选项中选择（ ）\nA. 甲" + strings.Repeat("甲", 300) + "\nB. 乙\n答案：A\n解析：因为\n"))
		}},
		"a pipe table": {"a.md", func() []byte {
			return []byte("|题干|答案|\n|---|---|\n" + fillUp("|||||||||||||||||||||||||||||||||||||||||||||||||\n"))
		}},
		"emphasis":          {"a.md", func() []byte { return []byte(fillUp("**<u>")) }},
		"word: empty runs":  {"a.docx", func() []byte { return inWord(fillUp("<w:r/>")) }},
		"word: empty paras": {"a.docx", func() []byte { return inWord(fillUp("<w:p/>")) }},
		"word: cells":       {"a.docx", func() []byte { return inWord("<w:tbl><w:tr>" + fillUp("<w:tc/>") + "</w:tr></w:tbl>") }},
		"word: one para": {"a.docx", func() []byte {
			return inWord("<w:p>" + fillUp("<w:r><w:rPr><w:b/></w:rPr><w:t>甲</w:t></w:r><w:r><w:t>乙</w:t></w:r>") + "</w:p>")
		}},
		"word: short paras": {"a.docx", func() []byte { return inWord(fillUp("<w:p><w:r><w:t>1.甲</w:t></w:r></w:p>")) }},
	} {
		t.Run(name, func(t *testing.T) { endsInTime(t, c.file, c.data()) })
	}
}

// endsInTime reads a file and holds it to the limits of time and memory.
func endsInTime(t *testing.T, file string, data []byte) {
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	peak := make(chan uint64)
	stop := make(chan struct{})
	go func() {
		most := uint64(0)
		for {
			select {
			case <-stop:
				peak <- most
				return
			case <-time.After(20 * time.Millisecond):
				runtime.ReadMemStats(&after)
				most = max(most, after.HeapInuse)
			}
		}
	}()
	start := time.Now()
	res, err := Read(file, data)
	took := time.Since(start)
	close(stop)
	most := int64(<-peak) - int64(before.HeapInuse)
	t.Logf("%6d rows %6.2f s %4d MB %v", len(res.Rows), took.Seconds(), most>>20, err)
	if took > 15*time.Second { // 1 s on a quiet machine; a quadratic loop takes minutes
		t.Errorf("took %v", took)
	}
	if most > 100<<20 {
		t.Errorf("used %d MB", most>>20)
	}
	if len(res.Rows) < 10 { // each row is written as a workbook
		checkResult(t, res, err)
	}
}
