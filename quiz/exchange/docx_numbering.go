package exchange

import (
	"strconv"
	"strings"
)

const maxLevels = 9

// listLevel is one level of a list: 1. and （%1） and the like.
type listLevel struct {
	start   int
	format  string
	text    string
	restart int // the level that resets this one; -1 = any higher one
	legal   bool
	style   string
}

type listNumber struct {
	abstract string
	starts   [maxLevels]int // overriding start, 0 = none; one more than the value
	levels   map[int]*listLevel
	used     [maxLevels]bool
}

// listStyle is what a paragraph style says: its list, its level, whether it is a heading.
type listStyle struct {
	based, num string
	level      int
	head       int
}

// numbering counts lists as Word does: the numbers are not in the text.
type numbering struct {
	abstracts map[string]*[maxLevels]*listLevel
	links     map[string]string // of an abstract list to a list style
	nums      map[string]*listNumber
	styles    map[string]*listStyle
	counts    map[string]*[maxLevels]int
}

func newNumbering() *numbering {
	return &numbering{map[string]*[maxLevels]*listLevel{}, map[string]string{}, map[string]*listNumber{}, map[string]*listStyle{}, map[string]*[maxLevels]int{}}
}

// readNumbering reads numbering.xml.
func (n *numbering) readNumbering(data []byte) error {
	var abstract, num string
	var level *listLevel
	at := 0
	return scanXML(data, func(e *xmlEvent) error {
		if e.kind == xmlClose {
			switch e.name {
			case "abstractNum":
				abstract = ""
			case "num":
				num = ""
			case "lvl":
				level = nil
			}
		}
		if e.kind != xmlOpen {
			return nil
		}
		value := e.attr("val")
		switch e.name {
		case "abstractNum":
			abstract = e.attr("abstractNumId")
			n.abstracts[abstract] = &[maxLevels]*listLevel{}
		case "numStyleLink":
			n.links[abstract] = value
		case "num":
			num = e.attr("numId")
			n.nums[num] = &listNumber{levels: map[int]*listLevel{}}
		case "abstractNumId":
			if num != "" {
				n.nums[num].abstract = value
			}
		case "lvlOverride":
			at = levelOf(e.attr("ilvl"))
		case "startOverride":
			if num != "" {
				n.nums[num].starts[at] = wordNumber(value) + 1
			}
		case "lvl":
			level = &listLevel{start: 1, format: "decimal", restart: -1}
			at = levelOf(e.attr("ilvl"))
			if num != "" {
				n.nums[num].levels[at] = level
			} else if list := n.abstracts[abstract]; list != nil {
				list[at] = level
			}
		default:
			level.set(e.name, value, e)
		}
		return nil
	})
}

func (l *listLevel) set(name, value string, e *xmlEvent) {
	if l == nil {
		return
	}
	switch name {
	case "start":
		l.start = wordNumber(value)
	case "numFmt":
		if l.format = value; value == "custom" {
			l.format = "decimal"
		}
	case "lvlText":
		l.text = value
	case "lvlRestart":
		l.restart = wordNumber(value)
	case "isLgl":
		l.legal = value != "0" && value != "false"
	}
}

func levelOf(value string) int { return min(maxLevels-1, max(0, wordNumber(value))) }

func wordNumber(value string) int {
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 || n > 1_000_000 {
		return 0
	}
	return n
}

// readStyles reads the lists and headings of paragraph styles.
func (n *numbering) readStyles(data []byte) error {
	var style *listStyle
	return scanXML(data, func(e *xmlEvent) error {
		switch {
		case e.kind == xmlClose && e.name == "style":
			style = nil
		case e.kind != xmlOpen:
		case e.name == "style":
			style = &listStyle{level: -1}
			n.styles[e.attr("styleId")] = style
		case style == nil:
		case e.name == "name":
			if level, ok := strings.CutPrefix(strings.ToLower(e.attr("val")), "heading "); ok {
				style.head = wordNumber(level)
			} else if strings.EqualFold(e.attr("val"), "Title") {
				style.head = 1
			}
		case e.name == "basedOn":
			style.based = e.attr("val")
		case e.name == "numId":
			style.num = e.attr("val")
		case e.name == "ilvl":
			style.level = levelOf(e.attr("val"))
		}
		return nil
	})
}

// ofStyle is the list, level and heading that a style and those it is based on give.
func (n *numbering) ofStyle(id string) (num string, level, head int) {
	level = -1
	for range 20 {
		s := n.styles[id]
		if s == nil {
			break
		}
		if num == "" {
			num = s.num
		}
		if level < 0 {
			level = s.level
		}
		if head == 0 {
			head = s.head
		}
		id = s.based
	}
	return num, max(0, level), min(head, 9)
}

// label counts a paragraph of a list and writes its number, "" for bullets; bullet reports those.
func (n *numbering) label(num string, at int) (text string, bullet bool) {
	list := n.nums[num]
	if list == nil {
		return "", false
	}
	at = min(at, maxLevels-1)
	abstract := list.abstract
	if link, ok := n.links[abstract]; ok {
		if s := n.styles[link]; s != nil && n.nums[s.num] != nil {
			abstract = n.nums[s.num].abstract
		}
	}
	level := func(i int) *listLevel {
		if l := list.levels[i]; l != nil {
			return l
		}
		if levels := n.abstracts[abstract]; levels != nil && levels[i] != nil {
			return levels[i]
		}
		return &listLevel{start: 1, format: "decimal", text: "%" + strconv.Itoa(i+1) + ".", restart: -1}
	}
	counts := n.counts[abstract]
	if counts == nil {
		counts = &[maxLevels]int{}
		n.counts[abstract] = counts
	}
	if start := list.starts[at]; start > 0 && !list.used[at] {
		counts[at] = start - 1
	} else if counts[at] == 0 {
		counts[at] = level(at).start
	} else {
		counts[at]++
	}
	list.used[at] = true
	for i := at + 1; i < maxLevels; i++ {
		if r := level(i).restart; r < 0 || r > at {
			counts[i] = 0
		}
	}
	l := level(at)
	if l.format == "bullet" || l.format == "none" && l.text == "" {
		return "", l.format == "bullet"
	}
	text = l.text
	for i := 0; i <= at; i++ {
		mark := "%" + strconv.Itoa(i+1)
		if !strings.Contains(text, mark) {
			continue
		}
		count, format := counts[i], level(i).format
		if count == 0 {
			count = level(i).start
		}
		if l.legal {
			format = "decimal"
		}
		text = strings.ReplaceAll(text, mark, countWord(count, format))
	}
	return text, false
}

// countWord writes a count in one of Word's formats.
func countWord(n int, format string) string {
	switch format {
	case "upperLetter", "lowerLetter":
		if n < 1 {
			return ""
		}
		s := strings.Repeat(string(rune('A'+(n-1)%26)), min(8, 1+(n-1)/26))
		if format == "lowerLetter" {
			return strings.ToLower(s)
		}
		return s
	case "upperRoman":
		return roman(n)
	case "lowerRoman":
		return strings.ToLower(roman(n))
	case "none":
		return ""
	case "decimalEnclosedCircle", "decimalEnclosedCircleChinese", "ideographEnclosedCircle":
		if n >= 1 && n <= 20 {
			return string(rune('①' + n - 1))
		}
	case "decimalZero":
		if n < 10 {
			return "0" + strconv.Itoa(n)
		}
	case "chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "ideographDigital", "japaneseCounting", "taiwaneseCounting",
		"taiwaneseCountingThousand", "japaneseDigitalTenThousand", "ideographTraditional", "koreanDigital2":
		return hanWord(n)
	}
	return strconv.Itoa(n)
}

func roman(n int) string {
	var b strings.Builder
	for _, r := range []struct {
		value int
		sign  string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for n >= r.value && b.Len() < 32 {
			b.WriteString(r.sign)
			n -= r.value
		}
	}
	return b.String()
}

// hanWord writes 1 to 999 as 一, 十一, 一百零一.
func hanWord(n int) string {
	digits := []rune("零一二三四五六七八九")
	switch {
	case n < 10:
		return string(digits[max(0, n)])
	case n < 20:
		return "十" + strings.TrimPrefix(hanWord(n-10), "零")
	case n < 100:
		return string(digits[n/10]) + "十" + strings.TrimPrefix(hanWord(n%10), "零")
	case n < 1000:
		rest := ""
		switch {
		case n%100 >= 10 && n%100 < 20:
			rest = "一" + hanWord(n%100)
		case n%100 >= 20:
			rest = hanWord(n % 100)
		case n%100 > 0:
			rest = "零" + hanWord(n%100)
		}
		return string(digits[n/100]) + "百" + rest
	}
	return strconv.Itoa(n)
}
