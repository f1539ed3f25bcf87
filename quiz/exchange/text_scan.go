package exchange

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// numberMark is the number before a stem. Style tells how it is written: '.' for 1. and 1、, '(' for （1）, ')'
// for 1）, 'Q' for 第1题, 【1】 and Q1, ' ' for a bare number, '一' for 一、.
type numberMark struct {
	n     int
	style rune
	end   int  // where the text behind it begins
	sure  bool // not a decimal, time or year by its looks
}

// numberWords may stand before a stem's number.
var numberWords = []string{"第", "题目", "试题", "问题", "小题", "题", "Question", "question", "QUESTION", "Q", "q", "No.", "NO."}

// numberAt reads the number at the beginning of a line.
func numberAt(text string) (numberMark, bool) {
	at := len(text) - len(strings.TrimLeft(text, "*★☆▲△●◆■※ 　"))
	open, size := utf8.DecodeRuneInString(text[at:])
	bracket := strings.ContainsRune("（([【〔", open)
	if bracket {
		at += size
	}
	worded := ""
	for _, w := range numberWords {
		if strings.HasPrefix(text[at:], w) {
			worded = w
			at += len(w)
			break
		}
	}
	at = skipSpace(text, at)
	n, end, ok := digitsAt(text, at)
	if !ok {
		return numberMark{}, false
	}
	m := numberMark{n: n, sure: true}
	at = skipSpace(text, end)
	closing := false
	for _, w := range []string{"小题", "题"} {
		if strings.HasPrefix(text[at:], w) && (bracket || worded != "") {
			at += len(w)
			closing = true
		}
	}
	sign, size := utf8.DecodeRuneInString(text[at:])
	switch {
	case bracket && strings.ContainsRune("）)]】〕", sign):
		at += size
		m.style = 'Q'
		if (open == '（' || open == '(') && worded == "" {
			m.style = '('
		}
	case bracket:
		return numberMark{}, false
	case worded == "第" && !closing:
		return numberMark{}, false
	case worded != "":
		if !closing && !strings.ContainsRune(".．、:：)）。", sign) && !isSpace(sign) {
			return numberMark{}, false
		}
		m.style = 'Q'
	case strings.ContainsRune(".．、:：。,，", sign):
		at += size
		m.style = '.'
		next, _ := utf8.DecodeRuneInString(text[at:])
		m.sure = !(strings.ContainsRune(".．:：,，", sign) && unicode.IsDigit(next)) && sign != ',' && sign != '，'
	case sign == ')' || sign == '）':
		at += size
		m.style = ')'
	case at > end || sign == utf8.RuneError && size == 0:
		m.style, m.sure = ' ', false
	default:
		return numberMark{}, false
	}
	m.end = skipSigns(text, at)
	return m, true
}

func skipSpace(text string, at int) int {
	return len(text) - len(strings.TrimLeftFunc(text[at:], isSpace))
}

// skipSigns skips spaces and a second sign behind a number, as in "1.、".
func skipSigns(text string, at int) int {
	at = skipSpace(text, at)
	if r, size := utf8.DecodeRuneInString(text[at:]); strings.ContainsRune(".．、:：", r) && size > 0 {
		at = skipSpace(text, at+size)
	}
	return at
}

// digitsAt reads one to four digits of either width.
func digitsAt(text string, at int) (n, end int, ok bool) {
	count := 0
	for i, r := range text[at:] {
		if r >= '０' && r <= '９' {
			r -= '０' - '0'
		}
		if r < '0' || r > '9' {
			return n, at + i, count > 0
		}
		if count++; count > 4 {
			return 0, at, false
		}
		n = n*10 + int(r-'0')
	}
	return n, len(text), count > 0
}

const hanDigits = "零一二三四五六七八九十百"

// hanNumber reads 一 to 九十九.
func hanNumber(text string) (n int, ok bool) {
	digits := map[rune]int{'〇': 0, '零': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}
	last := 0
	for _, r := range text {
		switch d, known := digits[r]; {
		case known:
			last = d
		case r == '十':
			n += max(1, last) * 10
			last = 0
		default:
			return 0, false
		}
	}
	return n + last, n+last > 0
}

// hanAt reads a Chinese number before a stem or a head: 一、 （一） 第一题.
func hanAt(text string) (numberMark, bool) {
	at, bracket, title := 0, false, false
	if r, size := utf8.DecodeRuneInString(text); strings.ContainsRune("（(【", r) {
		at, bracket = size, true
	}
	if strings.HasPrefix(text[at:], "第") {
		at, title = at+len("第"), true
	}
	end := at + len(text[at:]) - len(strings.TrimLeft(text[at:], hanDigits))
	n, ok := hanNumber(text[at:end])
	if !ok {
		return numberMark{}, false
	}
	for _, w := range []string{"部分", "大题", "题", "项", "类"} {
		if title && strings.HasPrefix(text[end:], w) {
			end, title = end+len(w), false
			if w != "题" {
				break
			}
		}
	}
	if title {
		return numberMark{}, false
	}
	r, size := utf8.DecodeRuneInString(text[end:])
	switch {
	case bracket && strings.ContainsRune("）)】", r), !bracket && strings.ContainsRune("、.．:：,，", r) && size > 0:
		end += size
	case strings.HasPrefix(text, "第") && (size == 0 || isSpace(r)):
	default:
		return numberMark{}, false
	}
	return numberMark{n: n, style: '一', end: skipSigns(text, end), sure: true}, true
}

// optionCut is one option's letter in a line: where the mark begins, where its text begins.
type optionCut struct{ letter, from, text int }

// optionLetters are the letters an option may carry; those beyond the last of letters are counted, so that
// nothing disappears into the option before.
const optionLetters = "ABCDEFGHIJKLMNOPQRST"

// Ways to write an option's letter.
const (
	wayNone  = iota
	waySign  // A. A、 A: A)
	wayRound // (A) （A）
	waySquare
	wayBare // A and a space
	wayGlued
)

// optionAt reads an option's letter at one place, its way, and where the text behind it begins.
func optionAt(text string, at int) (letter, way, end int) {
	r, size := utf8.DecodeRuneInString(text[at:])
	opened := wayNone
	switch r {
	case '(', '（':
		opened = wayRound
	case '[', '【':
		opened = waySquare
	}
	i := at
	if opened != wayNone {
		i = skipSpace(text, at+size)
		r, size = utf8.DecodeRuneInString(text[i:])
	}
	if r >= 'Ａ' && r <= 'Ｚ' {
		r -= 'Ａ' - 'A'
	}
	letter = strings.IndexRune(optionLetters, unicode.ToUpper(r))
	if letter < 0 || size == 0 {
		return -1, wayNone, at
	}
	i += size
	lower := unicode.IsLower(r)
	sign, size := utf8.DecodeRuneInString(text[i:])
	switch {
	case opened != wayNone:
		i = skipSpace(text, i)
		if sign, size = utf8.DecodeRuneInString(text[i:]); !strings.ContainsRune(")）]】", sign) || size == 0 {
			return -1, wayNone, at
		}
		return letter, opened, skipSigns(text, i+size)
	case size > 0 && strings.ContainsRune(".．、:：)）", sign):
		return letter, waySign, skipSigns(text, i+size)
	case lower:
		return -1, wayNone, at
	case size == 0 || isSpace(sign):
		i = skipSpace(text, i)
		if sign, size = utf8.DecodeRuneInString(text[i:]); strings.ContainsRune(".．、:：", sign) && size > 0 {
			return letter, waySign, skipSpace(text, i+size)
		}
		return letter, wayBare, i
	case isHan(sign) || strings.ContainsRune("《“\"", sign) || unicode.IsDigit(sign):
		return letter, wayGlued, i
	}
	return -1, wayNone, at
}

// optionCuts finds the letters from the wanted one on in one line, in one way of writing; the first must
// stand at the beginning unless inside is set.
func optionCuts(text string, want int, inside bool) ([]optionCut, int) {
	letter, way, end := optionAt(text, 0)
	if !inside {
		if letter != want {
			return nil, wayNone
		}
		return append([]optionCut{{letter, 0, end}}, laterCuts(text, end, want+1, way)...), way
	}
	for _, way := range []int{waySign, wayRound, waySquare} {
		if cuts := laterCuts(text, 0, want, way); len(cuts) >= 2 || len(cuts) == 1 && strings.TrimSpace(text[cuts[0].text:]) != "" {
			return cuts, way
		}
	}
	if cuts := laterCuts(text, 0, want, wayBare); len(cuts) >= 3 {
		return cuts, wayBare
	}
	return nil, wayNone
}

// laterCuts finds letters in order, each at a border: behind a space or a sign, or, for A. and (A), right
// behind a Chinese sign. A letter that comes again before its follower is taken where it stands last: the
// earlier one was part of a text.
func laterCuts(text string, at, want, way int) []optionCut {
	var cuts []optionCut
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	if at == 0 {
		before = ' '
	}
	for i := at; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if optionStart(r) && border(before, way) {
			letter, found, end := optionAt(text, i)
			same := found == way || way == wayGlued && found == wayBare
			switch {
			case same && letter == want && letter < len(optionLetters):
				cuts = append(cuts, optionCut{letter, i, end})
				want++
			case same && len(cuts) == 1 && letter == cuts[0].letter && letter == 0:
				cuts[0] = optionCut{letter, i, end}
			}
		}
		before = r
		i += size
	}
	return cuts
}

func optionStart(r rune) bool {
	if r > '】' && r < 'Ａ' && r != '（' { // most Chinese signs
		return false
	}
	return r >= 'A' && r <= 'T' || r >= 'a' && r <= 't' || r >= 'Ａ' && r <= 'Ｔ' || strings.ContainsRune("(（[【", r)
}

func border(before rune, way int) bool {
	if isSpace(before) || strings.ContainsRune("；;。？?！!", before) {
		return true
	}
	if way == wayBare || way == wayGlued {
		return false
	}
	return isHan(before) || strings.ContainsRune("，,）)】]》”…：:_＿%％", before) || unicode.IsDigit(before)
}
