package exchange

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

var (
	pairAnswer = regexp.MustCompile(`(?:\(\s*)?(\d{1,2})\s*\)?\s*(?:[-—–:=→.、,]|->|=>)*>?\s*\(?([A-Ja-j])\)?`)
	pairSure   = regexp.MustCompile(`\s*(?:=>|->|→|——|--|\||｜)\s*`)
	leftMark   = regexp.MustCompile(`(?:^|[\s　])(?:[①-⑩]|[（(]\s*\d{1,2}\s*[)）]|\d{1,2}\s*[.．、)）])\s*`)
)

// pairs reads a matching: lines 左|右, or two lists and the numbers and letters that belong together.
func (d *draft) pairs(c Cells) {
	lines := d.fields[FieldStem]
	if c[FieldAnswer] == "" {
		var stem, found []string
		for i, line := range lines {
			sides := pairSure.Split(line, -1)
			if len(sides) == 2 && sides[0] != "" && sides[1] != "" && (i > 0 || len(lines) == 1) {
				found = append(found, line)
			} else {
				stem = append(stem, line)
			}
		}
		if len(found) > 1 {
			c[FieldStem], c[FieldAnswer] = strings.Join(stem, "\n"), strings.Join(found, "\n")
			d.trimStem(c)
		}
		return
	}
	folded := norm.NFKC.String(c[FieldAnswer])
	found := pairAnswer.FindAllStringSubmatch(folded, -1)
	if rest := pairAnswer.ReplaceAllString(folded, ""); len(found) < 2 || strings.ContainsFunc(rest, unicode.IsLetter) {
		return
	}
	left, right, stem := columns(lines)
	var pairs []string
	used := map[int]bool{}
	for _, m := range found {
		n, _ := strconv.Atoi(m[1])
		i := strings.Index(letters, strings.ToUpper(m[2]))
		if n < 1 || n > len(left) || i >= len(right) {
			return
		}
		used[i] = true
		pairs = append(pairs, left[n-1]+"|"+right[i])
	}
	var spare []string
	for i, text := range right {
		if !used[i] {
			spare = append(spare, text)
		}
	}
	c[FieldStem], c[FieldAnswer] = strings.Join(stem, "\n"), strings.Join(pairs, "\n")
	if len(spare) > 0 {
		c[FieldDistractors] = strings.Join(spare, "\n")
	}
	d.trimStem(c)
}

// columns reads the two lists of a matching: what is numbered is left, what has a letter is right.
func columns(lines []string) (left, right, stem []string) {
	for i, line := range lines {
		cuts := laterCuts(line, 0, len(right), waySign)
		begin := len(line)
		if len(cuts) > 0 {
			begin = cuts[0].from
		}
		head := line[:begin]
		marks := leftMark.FindAllStringIndex(head, -1)
		if len(marks) > 0 && (strings.TrimSpace(head[:marks[0][0]]) == "" || i > 0) {
			for k, m := range marks {
				end := len(head)
				if k+1 < len(marks) {
					end = marks[k+1][0]
				}
				left = append(left, strings.TrimFunc(head[m[1]:end], isSpace))
			}
			if before := strings.TrimSpace(head[:marks[0][0]]); before != "" {
				stem = append(stem, before)
			}
		} else if strings.TrimSpace(head) != "" {
			stem = append(stem, head)
		}
		for k, cut := range cuts {
			end := len(line)
			if k+1 < len(cuts) {
				end = cuts[k+1].from
			}
			right = append(right, strings.TrimFunc(line[cut.text:end], isSpace))
		}
	}
	return left, right, stem
}

// order reads the key of an ordering; numbers stand for the options in their order.
func (d *draft) order(c Cells) {
	answer := norm.NFKC.String(c[FieldAnswer])
	if answer == "" {
		if stem, key := stemOrder(c[FieldStem], len(d.options)); key != "" {
			c[FieldStem], c[FieldAnswer] = stem, key
		}
		return
	}
	if orderLetter.MatchString(strings.ToUpper(answer)) {
		return
	}
	key := ""
	for _, r := range answer {
		if r >= '1' && r <= '9' {
			key += letters[r-'1' : r-'0']
		}
	}
	if len(key) == len(d.options) {
		c[FieldAnswer] = key
	}
}

var orderBracket = regexp.MustCompile(`[（(【\[]\s*([A-J](?:[\s、,，→>-]*[A-J])+)\s*[)）\]】]`)

// stemOrder takes an order such as （BADC） out of a stem.
func stemOrder(stem string, options int) (rest, key string) {
	m := orderBracket.FindStringSubmatchIndex(stem)
	if m == nil || len(orderLetter.FindAllString(stem[m[2]:m[3]], -1)) != options {
		return stem, ""
	}
	return stem[:m[0]] + "（ ）" + stem[m[1]:], stem[m[2]:m[3]]
}
