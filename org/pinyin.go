package org

import (
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// surnames are the family names read differently from the same character elsewhere. Both readings are kept
// for search; the surname's makes the initials.
var surnames = map[string]string{
	"单": "shan", "仇": "qiu", "区": "ou", "任": "ren", "解": "xie", "曾": "zeng", "查": "zha", "翟": "zhai", "朴": "piao",
	"盖": "ge", "覃": "qin", "华": "hua", "缪": "miao", "乐": "yue", "折": "she", "种": "chong", "员": "yun", "冼": "xian",
	"秘": "bi", "宓": "mi", "召": "shao", "纪": "ji", "黑": "he", "尉迟": "yu chi", "万俟": "mo qi", "令狐": "ling hu",
	"长孙": "zhang sun", "澹台": "tan tai", "宿": "su", "牟": "mou", "逄": "pang", "俞": "yu", "尹": "yin", "葛": "ge",
}

var pinyinArgs = func() pinyin.Args {
	args := pinyin.NewArgs()
	args.Fallback = func(r rune, _ pinyin.Args) []string {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return []string{strings.ToLower(string(r))}
		}
		return nil
	}
	return args
}()

// spell returns a name's full pinyin, all readings apart by a space ("shanxiaoming danxiaoming"), and its
// initials ("sxm").
func spell(name string) (full, initials string) {
	plain := syllables(name)
	proper := plain
	for _, n := range []int{2, 1} {
		rs := []rune(name)
		if len(rs) <= n {
			continue
		}
		if reading, ok := surnames[string(rs[:n])]; ok {
			proper = append(strings.Fields(reading), syllables(string(rs[n:]))...)
			break
		}
	}
	full = strings.Join(proper, "")
	if other := strings.Join(plain, ""); other != full {
		full += " " + other
	}
	for _, s := range proper {
		initials += string([]rune(s)[:1])
	}
	return full, initials
}

func syllables(s string) []string {
	var out []string
	for _, reading := range pinyin.Pinyin(s, pinyinArgs) {
		if len(reading) > 0 && reading[0] != "" {
			out = append(out, strings.ReplaceAll(reading[0], "ü", "v"))
		}
	}
	return out
}

// asciiInitials is what a made sign-in name begins with: the initials' ASCII letters and digits, "u" if none.
func asciiInitials(initials string) string {
	s := strings.Map(func(r rune) rune {
		if r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return -1
	}, initials)
	if s == "" || s[0] < 'a' {
		s = "u" + s
	}
	return s[:min(len(s), 8)]
}
