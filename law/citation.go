package law

import (
	"regexp"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Citation points into a statute: Article is "26", "219-1" for 第二百一十九条之一, "M" for the title note or
// empty for the whole statute; Paragraph 款 and Item 项 are 0 when not given.
type Citation struct {
	Code      string
	Article   string
	Paragraph int
	Item      int
}

// String writes the citation the way a Chinese text does: 《保密法》第二十六条第二款.
func (c Citation) String() string {
	s, ok := byCode[c.Code]
	if !ok {
		return c.Code
	}
	out := "《" + s.Short + "》"
	switch c.Article {
	case "":
		return out
	case TitleNote:
		return out + "题注"
	}
	main, of, split := strings.Cut(c.Article, "-")
	n, _ := strconv.Atoi(main)
	out += "第" + numeral(n) + "条"
	if split {
		k, _ := strconv.Atoi(of)
		out += "之" + numeral(k)
	}
	if c.Paragraph > 0 {
		out += "第" + numeral(c.Paragraph) + "款"
	}
	if c.Item > 0 {
		out += "第（" + numeral(c.Item) + "）项"
	}
	return out
}

// extraNames are ways of writing a statute that its name and short name do not cover.
var extraNames = map[string][]string{
	"BMF":  {"保守国家秘密法"},
	"TL":   {"保守国家秘密法实施条例", "保密法实施条例", "保密实施条例", "保密条例"},
	"FS":   {"法释(2001)4号", "法释[2001]4号"},
	"ZWCF": {"公职人员政务处分法"},
	"JB":   {"公民举报危害国家安全行为奖励办法"},
}

// spellings lists every way of writing every statute, longest first, so that 保密法实施条例 is never read as
// 保密法. Where two codes share a name (parts of one law) the first in the index has it.
func spellings(all []Statute) []named {
	var out []named
	seen := map[string]bool{}
	add := func(code, text string) {
		text = foldName(text)
		if text != "" && !seen[text] {
			seen[text] = true
			out = append(out, named{text, code})
		}
	}
	for _, s := range all {
		add(s.Code, s.Name)
		add(s.Code, s.Short)
		add(s.Code, strings.TrimPrefix(s.Name, "中华人民共和国"))
		for _, text := range extraNames[s.Code] {
			add(s.Code, text)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return len(out[i].text) > len(out[j].text) })
	return out
}

// foldName brings the many widths of digits and brackets together and drops spaces and book marks.
func foldName(text string) string {
	text = norm.NFKC.String(text)
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\n', '\r', '《', '》', '〈', '〉':
			return -1
		case '〔', '【', '[':
			return '('
		case '〕', '】', ']':
			return ')'
		}
		return r
	}, text)
}

const digits = `([0-9零〇一二两三四五六七八九十百千]+)`

var place = regexp.MustCompile(`^(?:\([^()]{0,40}\))?(?:的?题注()|第?` + digits + `条(?:之` + digits + `)?(?:第?` + digits +
	`款)?(?:第?\(?` + digits + `\)?项)?)?`)

// ByName reads the first citation of a text, such as 《保密法》第26条第2款, 保密法第二十六条 or
// 《中华人民共和国刑法》第219条之一. It does not check that the article exists.
func ByName(text string) (Citation, error) {
	all := Citations(text)
	if len(all) == 0 {
		if strings.TrimSpace(text) == "" {
			return Citation{}, ErrNoCitation
		}
		return Citation{}, ErrStatuteUnknown.With("statute", short(text))
	}
	return all[0], nil
}

// Citations reads every citation of a text, in order.
func Citations(text string) []Citation {
	var out []Citation
	folded := foldName(text)
	for folded != "" {
		code, at, end := "", -1, 0
		for _, n := range names {
			if i := strings.Index(folded, n.text); i >= 0 && (at < 0 || i < at) {
				code, at, end = n.code, i, i+len(n.text)
			}
		}
		if at < 0 {
			return out
		}
		folded = folded[end:]
		m := place.FindStringSubmatchIndex(folded)
		c := Citation{Code: code}
		group := func(n int) int {
			if m[2*n] < 0 {
				return 0
			}
			v, _ := number(folded[m[2*n]:m[2*n+1]])
			return v
		}
		if m[2] >= 0 {
			c.Article = TitleNote
		} else if a := group(2); a > 0 {
			c.Article = strconv.Itoa(a)
			if k := group(3); k > 0 {
				c.Article += "-" + strconv.Itoa(k)
			}
			c.Paragraph, c.Item = group(4), group(5)
		}
		out = append(out, c)
		folded = folded[m[1]:]
	}
	return out
}

func short(text string) string {
	r := []rune(strings.TrimSpace(text))
	if len(r) > 30 {
		return string(r[:30]) + "…"
	}
	return string(r)
}

var (
	units = map[rune]int{'十': 10, '百': 100, '千': 1000}
	ones  = []rune("零一二三四五六七八九")
)

// number reads Arabic digits and Chinese numerals up to 9999, both the counting (二百一十九) and the digit
// (二一九) spelling; ok is false for anything else.
func number(text string) (value int, ok bool) {
	if text == "" {
		return 0, false
	}
	if n, err := strconv.Atoi(text); err == nil {
		return n, n >= 0 && n <= 9999
	}
	digit, spelled, counted := 0, 0, false
	for _, r := range text {
		if unit, isUnit := units[r]; isUnit {
			if digit == 0 && unit == 10 && value%100 == 0 {
				digit = 1 // 十五, 一百十五
			}
			value, digit, counted = value+digit*unit, 0, true
			continue
		}
		d, isDigit := onesOf(r)
		if !isDigit {
			return 0, false
		}
		digit, spelled = d, spelled*10+d
		if spelled > 99999 {
			return 0, false
		}
	}
	if !counted {
		return spelled, spelled <= 9999
	}
	return value + digit, value+digit <= 9999
}

func onesOf(r rune) (int, bool) {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0'), true
	case r == '〇':
		return 0, true
	case r == '两':
		return 2, true
	}
	for i, o := range ones {
		if o == r {
			return i, true
		}
	}
	return 0, false
}

// numeral writes 1-9999 in Chinese counting numerals.
func numeral(n int) string {
	if n <= 0 || n > 9999 {
		return strconv.Itoa(n)
	}
	var out []rune
	zero := false
	for _, unit := range []struct {
		size int
		name string
	}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
		d := n / unit.size % 10
		switch {
		case d == 0:
			zero = len(out) > 0
			continue
		case zero:
			out, zero = append(out, '零'), false
		}
		if !(d == 1 && unit.size == 10 && len(out) == 0) {
			out = append(out, ones[d])
		}
		out = append(out, []rune(unit.name)...)
	}
	return string(out)
}
