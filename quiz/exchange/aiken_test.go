package exchange

import (
	"strings"
	"testing"
)

func TestAikenReads(t *testing.T) {
	for text, want := range map[string]string{
		"Who?\nA) one\nB) two\nANSWER: B":                      "single: Who? ~one =two",
		"Who?\nA. one\nB. two\nC. three\nANSWER: a\n":          "single: Who? =one ~two ~three",
		"谁？\nA．甲\nB、乙\n答案：B":                                   "single: 谁？ ~甲 =乙",
		"谁？\nA.甲\nB.乙\nANSWER: A,B":                            "multiple: 谁？ =甲 =乙",
		"Who?\nA) one\nB) two\nANSWER: AB":                     "multiple: Who? =one =two",
		"Which is\nright?\n\nA) one\n\nB) two\nANSWER: A":      "single: Which is⏎right? =one ~two",
		"Who?\nA) one\nand more\nB) two\nANSWER: A":            "single: Who? =one\nand more ~two",
		"I. first\nA) one\nB) two\nANSWER: A":                  "single: I. first =one ~two",
		"Who?\na) one\nb) two\nANSWER: b":                      "single: Who? ~one =two",
		"Who?\nA) one\nB) two\nANSWER: A\n解析：因为":               "single: Who? =one ~two # 因为",
		"Who?\nA)one\nB)two\nANSWER: B":                        "single: Who? ~one =two",
		"Who?\nA) one\nANSWER: A":                              "! item.options_few",
		"Who?\nA) one\nB) two\n":                               "! item.answer_missing",
		"Who?\nA) one\nB) two\n\nThen?\nA) x\nB) y\nANSWER: A": "! item.answer_missing; single: Then? =x ~y",
		"Who?\nA) one\nB) two\nThen?\nA) x\nB) y\nANSWER: A":   "! item.answer_missing; single: Then? =x ~y",
		"Who?\nA) one\nB) two\nANSWER: D":                      "! item.answer_beyond",
		"Who?\nA) one\nB) two\nANSWER: perhaps":                "! item.answer_unreadable",
		"Who?\nA) one\nB) two\nANSWER: A\nC) three":            "! item.malformed",
		"Who?\nA) one\nC) two\nANSWER: A":                      "! item.options_few",
	} {
		res, err := readAiken(text, "utf-8")
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := strings.Join(told(res), "; "); got != want {
			t.Errorf("%q:\n got %s\nwant %s", text, got, want)
		}
	}
}

// The shape of Moodle's own file of errors: good questions among bad ones.
func TestAikenTellsBadQuestionsFromGoodOnes(t *testing.T) {
	text := "Too few answers\nA) Only one\nANSWER: A\n\nA) Nothing asked\n\nANSWER: Nothing asked\n\n" +
		"A good one\nA) Right\nB) Wrong\nANSWER: A\n\nNever finished\nA) Right\nB) Wrong\n\n" +
		"Another good one\nA)Wrong, no space\nB)Right, no space\nANSWER: B"
	res, err := Read("x.txt", []byte(text))
	if err != nil || res.Format != "aiken" {
		t.Fatalf("%s %v", res.Format, err)
	}
	want := "! item.options_few; single: A good one =Right ~Wrong; ! item.answer_missing; single: Another good one ~Wrong, no space =Right, no space"
	if got := strings.Join(told(res), "; "); got != want {
		t.Errorf("got %s", got)
	}
	for i, line := range []int{1, 9, 14, 18} {
		if res.Rows[i].Line != line {
			t.Errorf("row %d at line %d, want %d", i, res.Rows[i].Line, line)
		}
	}
	if len(res.Skipped) != 2 || res.Skipped[0].Line != 5 || res.Skipped[1].Line != 7 || res.Skipped[1].Text != "ANSWER: Nothing asked" {
		t.Errorf("skipped %+v", res.Skipped)
	}
	if w := res.Rows[3].Warnings; len(w) != 2 || w[0].Code != "item.option_space" || w[0].Line != 18 {
		t.Errorf("warned %+v", w)
	}
}

func TestHostileAiken(t *testing.T) {
	for name, text := range map[string]func() string{
		"lines":   func() string { return strings.Repeat("a\n", MaxBytes/8) },
		"options": func() string { return "x\n" + strings.Repeat("A) b\n", MaxBytes/5-1) },
		"tails":   func() string { return "x\nA) b\n" + strings.Repeat("c\n", MaxBytes/8) },
		"answers": func() string { return strings.Repeat("ANSWER: A\n", MaxBytes/10) },
		"blanks":  func() string { return strings.Repeat("a\n\n", MaxBytes/3) },
	} {
		data := []byte(text())
		frugal(t, name, func() (Result, error) { return Read("a.aiken", data) })
	}
}

func FuzzAiken(f *testing.F) {
	for _, text := range []string{"x\nA) b\nB) c\nANSWER: A\nC) d", "A) b\n\nANSWER: x", "x\n\ny\nA．b\nc\nA) d\n答案：AB\n解析：e", "x\nA)b\n\nz\nw\nA) c\nB) d\nANSWER: b"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		res, err := Read("a.aiken", []byte(text))
		keepsText(t, text, res, err)
		if err != nil {
			return
		}
		var all strings.Builder
		for _, row := range res.Rows {
			all.WriteString(row.Text + "\n")
		}
		for _, p := range res.Skipped {
			all.WriteString(p.Text + "\n")
		}
		decoded, _, _ := decode([]byte(text))
		for line := range strings.SplitSeq(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(decoded), "\n") {
			if line = strings.TrimFunc(line, blank); line != "" && !strings.Contains(all.String(), line) {
				t.Fatalf("lost %q of %q", line, text)
			}
		}
	})
}

func TestCSVExportReadsBackTheSame(t *testing.T) { goesRoundIn(t, "csv", drawItem) }

func TestCSVExportIsGuarded(t *testing.T) {
	data, err := WriteCSV([]Item{{Kind: TrueFalse, Stem: "=1+1", Correct: []int{0}}})
	if err != nil || !strings.HasPrefix(string(data), "\ufeff") || !strings.Contains(string(data), "判断,'=1+1,") {
		t.Errorf("%s %v", data, err)
	}
}
