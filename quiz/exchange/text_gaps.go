package exchange

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// guess tells the kind of a question without options; it reports a guessed essay.
func (d *draft) guess(c Cells) bool {
	answer, gaps := c[FieldAnswer], gapsOf(c[FieldStem])
	_, key := stemKey(c[FieldStem], "", 0)
	verdict := verdictValue.FindStringSubmatch(answer) != nil || answer == "" && key != ""
	switch {
	case len(d.options) == 1:
		return false
	case verdict && (gaps == 0 || trailingGap.MatchString(c[FieldStem]) || answer != "" && isVerdict(answer)):
		d.verdict(c)
	case gaps > 0 && answer != "":
		d.gaps(c)
	case answer != "" && c[FieldStem] != "" && !simpleKey(answer):
		d.kind = "简答"
		return !d.own
	}
	return false
}

func gapsOf(stem string) int {
	if n := CountBlanks(stem); n > 0 {
		return n
	}
	return len(emptyBracket.FindAllStringIndex(stem, -1))
}

// gaps reads the answers of a fill-in: numbered pieces become lines; brackets or long spaces become gaps.
func (d *draft) gaps(c Cells) {
	stem := c[FieldStem]
	if gapsOf(stem) == 0 && d.kind == "填空" {
		if found := bracketAnswer.FindAllStringSubmatch(stem, -1); c[FieldAnswer] == "" && found != nil {
			var answers []string
			for _, m := range found {
				answers = append(answers, m[1])
			}
			c[FieldStem], c[FieldAnswer] = bracketAnswer.ReplaceAllString(stem, Blank), strings.Join(answers, "\n")
			return
		}
		stem = longGap.ReplaceAllString(stem, Blank)
		c[FieldStem] = stem
	}
	answer := strings.TrimRight(c[FieldAnswer], "。 ")
	if answer == "" {
		return
	}
	n := gapsOf(stem)
	if pieces := numbered(answer); len(pieces) == n && n > 1 || len(pieces) == 1 && n == 1 {
		answer = strings.Join(pieces, "\n")
	}
	c[FieldAnswer] = answer
}

// numbered cuts ①绝密 ②机密 or (1)绝密 (2)机密 into its pieces, nil if the text does not begin with a number.
func numbered(text string) (out []string) {
	marks := numberedAnswer.FindAllStringIndex(text, -1)
	if len(marks) == 0 || strings.TrimSpace(text[:marks[0][0]]) != "" {
		return nil
	}
	for i, m := range marks {
		end := len(text)
		if i+1 < len(marks) {
			end = marks[i+1][0]
		}
		out = append(out, strings.Trim(text[m[1]:end], " \t\n　;；，,、。"))
	}
	return out
}

// circleOf is the place of a circled number, -1 for none.
func circleOf(r rune) int {
	if r >= '①' && r <= '⑩' {
		return int(r - '①')
	}
	return -1
}

// circled makes ①②③ in the stem the options of a choice or an ordering whose answer names them.
func (d *draft) circled(c Cells) {
	answer := norm.NFC.String(strings.TrimSpace(c[FieldAnswer]))
	if len(d.options) > 0 || !circledAnswer.MatchString(answer) || d.kind == "填空" || d.kind == "简答" || d.kind == "连线" {
		return
	}
	stem := c[FieldStem]
	var cuts []int
	for i, r := range stem {
		if circleOf(r) == len(cuts) {
			cuts = append(cuts, i)
		}
	}
	if len(cuts) < 2 {
		return
	}
	for i, from := range cuts {
		end := len(stem)
		if i+1 < len(cuts) {
			end = cuts[i+1]
		}
		d.options = append(d.options, []string{strings.Trim(stem[from+len("①"):end], " \t\n　;；，,.．、")})
	}
	c[FieldStem] = strings.TrimSpace(stem[:cuts[0]])
	key := ""
	for _, r := range answer {
		if i := circleOf(r); i >= 0 {
			key += letters[i : i+1]
		}
	}
	c[FieldAnswer] = key
}
