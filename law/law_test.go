package law

import (
	"errors"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func TestEveryTrapPointsIntoTheLawInForce(t *testing.T) {
	for _, trap := range traps {
		if trap.note == "" {
			t.Errorf("%s says nothing", trap.id)
		}
		if trap.statute != "" {
			if err := Check(trap.statute, trap.article); err != nil {
				t.Errorf("%s: %v", trap.id, err)
			}
		}
	}
	for _, m := range moved {
		if err := Check(m.statute, m.new); err != nil {
			t.Errorf("%s %s: %v", m.statute, m.old, err)
		}
	}
}

func TestByName(t *testing.T) {
	for text, want := range map[string]Citation{
		"《保密法》第26条第2款": {"BMF", "26", 2, 0},
		"保密法第二十六条":     {"BMF", "26", 0, 0},
		"《中华人民共和国保守国家秘密法》（2024年修订）第四十七条": {"BMF", "47", 0, 0},
		"《中华人民共和国保守国家秘密法实施条例》第六十一条":      {"TL", "61", 0, 0},
		"保密法实施条例 第 61 条":                 {"TL", "61", 0, 0},
		"《实施条例》第二十五条第一款":                 {"TL", "25", 1, 0},
		"依据《刑法》第二百一十九条之一":                {"XF", "219-1", 0, 0},
		"刑法308条之一第一款":                    {"XF", "308-1", 1, 0},
		"《保密法》题注":                        {"BMF", "M", 0, 0},
		"法释〔2001〕4号第二条":                  {"FS", "2", 0, 0},
		"《保密法》第五十七条第（三）项":                {"BMF", "57", 0, 3},
		"《保密法》第５７条第一款第三项":                {"BMF", "57", 1, 3},
		"《公务员法》":                         {"GWY", "", 0, 0},
		"《政务处分法》第三十九条":                   {"ZWCF", "39", 0, 0},
		"根据《网络安全法》第二十三条":                 {"WA", "23", 0, 0},
		"见《中华人民共和国公职人员政务处分法》第三十九条，以及《保密法》第57条": {"ZWCF", "39", 0, 0},
	} {
		got, err := ByName(text)
		if err != nil || got != want {
			t.Errorf("%s: got %+v, %v; want %+v", text, got, err, want)
		}
	}
	if _, err := ByName(" "); !errors.Is(err, ErrNoCitation) {
		t.Errorf("blank: %v", err)
	}
	if _, err := ByName("《航空法》第三条"); !errors.Is(err, ErrStatuteUnknown) {
		t.Errorf("a statute outside the index: %v", err)
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		code, article string
		want          error
	}{
		{"BMF", "65", nil}, {"BMF", "66", ErrArticleUnknown}, {"BMF", "0", ErrArticleUnknown}, {"BMF", "", nil},
		{"BMF", "M", nil}, {"TL", "74", nil}, {"TL", "75", ErrArticleUnknown}, {"XF", "219-1", nil},
		{"XF", "219-x", ErrArticleUnknown}, {"XF", "0219", ErrArticleUnknown}, {"NO", "1", ErrStatuteUnknown},
	} {
		if err := Check(c.code, c.article); !errors.Is(err, c.want) && (err != nil || c.want != nil) {
			t.Errorf("%s %s: %v", c.code, c.article, err)
		}
	}
}

func TestWarnings(t *testing.T) {
	for text, want := range map[string]string{
		"保密工作实行积极防范、突出重点、依法管理的方针":            "policy",
		"坚持党管保密、依法管理，积极防范、突出重点，技管并重、创新发展的原则": "",
		"机关、单位应当定期审核所确定的国家秘密":                "review",
		"机关、单位应当每年审核所确定的国家秘密":                "",
		"工作秘密属于国家秘密":                         "work",
		"工作秘密不属于国家秘密":                        "",
		"2025年新版保密法施行":                       "edition",
		"没有2025年版的保密法":                       "",
		"涉密信息系统按照网络安全等级保护的要求":                "graded",
		"涉密信息系统实行分级保护，不适用等级保护":               "",
		"国务院令第788号公布":                        "order788",
		"邮寄、托运国家秘密载体出境":                      "post",
		"核心涉密人员每年培训不少于40学时":                  "hours",
		"只有造成严重后果才给予处分":                      "result",
		"使用商用密码传输国家秘密":                       "cipher",
		"商用密码用于保护不属于国家秘密的信息":                 "",
		"县级机关可以确定秘密级":                        "county",
		"县级机关经授权可以确定秘密级":                     "",
		"下列说法错误的是？":                          "",
	} {
		got := ""
		for _, w := range Warnings(text) {
			got += w.Rule
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestCitationWarnings(t *testing.T) {
	for _, c := range []struct {
		reference Citation
		text      string
		want      string
	}{
		{Citation{Code: "BMF", Article: "38"}, "涉密人员离岗实行脱密期管理", "46"},
		{Citation{Code: "BMF", Article: "46"}, "涉密人员离岗实行脱密期管理", ""},
		{Citation{Code: "BMF", Article: "38"}, "举办会议应当采取保密措施", ""},
		{Citation{}, "《保密法》第十二条规定的定密责任人是谁", "16"},
		{Citation{}, "《保密法》第十六条规定的定密责任人是谁", ""},
		{Citation{Code: "TL", Article: "34"}, "在24小时内报告", "61"},
	} {
		got := ""
		for _, w := range CitationWarnings(c.reference, c.text) {
			got += w.Article
		}
		if got != c.want {
			t.Errorf("%+v %s: got %q, want %q", c.reference, c.text, got, c.want)
		}
	}
}

func TestCitationsAreReadAsTheyAreWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom(statutes).Draw(t, "statute")
		want := Citation{Code: s.Code, Article: numeralArticle(t, s)}
		if want.Article != "" && want.Article != TitleNote {
			want.Paragraph = rapid.IntRange(0, 12).Draw(t, "paragraph")
			want.Item = rapid.IntRange(0, 12).Draw(t, "item")
		}
		got, err := ByName(want.String())
		if s.Code == "XFZ" {
			want.Code = "XF" // the general part shares the law's name
		}
		if err != nil || got != want {
			t.Fatalf("%s: got %+v, %v", want, got, err)
		}
	})
}

func numeralArticle(t *rapid.T, s Statute) string {
	switch rapid.IntRange(0, 9).Draw(t, "form") {
	case 0:
		return ""
	case 1:
		return TitleNote
	}
	n := rapid.IntRange(1, s.Articles).Draw(t, "article")
	if err := Check(s.Code, strconv.Itoa(n)); err != nil {
		t.Fatal(err)
	}
	if rapid.IntRange(0, 4).Draw(t, "split") == 0 {
		return strconv.Itoa(n) + "-" + strconv.Itoa(rapid.IntRange(1, 9).Draw(t, "of"))
	}
	return strconv.Itoa(n)
}

func TestNumeralsUpToTenThousand(t *testing.T) {
	for n := 1; n <= 9999; n++ {
		if got, ok := number(numeral(n)); !ok || got != n {
			t.Fatalf("%d is written %s and read %d", n, numeral(n), got)
		}
	}
	for text, want := range map[string]int{"二一九": 219, "一百十五": 115, "十": 10, "二〇": 20, "0026": 26} {
		if got, ok := number(text); !ok || got != want {
			t.Errorf("%s: %d", text, got)
		}
	}
}
