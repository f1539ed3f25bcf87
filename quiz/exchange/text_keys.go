package exchange

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// keyEntry is one line of a key list: the question's number, what it says, and the labelled texts behind it.
type keyEntry struct {
	n      int
	no     int // line
	raw    string
	fields map[Field][]string
	used   bool
}

func (e *keyEntry) add(field Field, text string) {
	if text = strings.TrimSpace(text); text != "" {
		e.fields[field] = append(e.fields[field], text)
	}
}

func newEntry(n, no int, raw string) *keyEntry {
	return &keyEntry{n: n, no: no, raw: raw, fields: map[Field][]string{}}
}

// keySegment is a run of entries under one head, or with rising numbers.
type keySegment struct {
	kind    string
	entries []*keyEntry
}

// simpleEntry is a number and letters or a verdict.
type simpleEntry struct {
	n     int
	value string
}

const keyBreaks = " \t　;；,，、。|/"

// keyEntries reads a line that is nothing but a list of keys: 1.A 2.B, 1-5 ABCDA, 1、√ 2、×, (1)A (2)B.
func keyEntries(text string) (out []simpleEntry, ok bool) {
	if !strings.ContainsFunc(text, unicode.IsDigit) {
		return nil, false
	}
	for at := 0; ; {
		at += len(text[at:]) - len(strings.TrimLeft(text[at:], keyBreaks))
		if at >= len(text) {
			return out, len(out) > 0
		}
		entries, end, ok := entryAt(text, at)
		if !ok || len(out)+len(entries) > MaxRows {
			return nil, false
		}
		out = append(out, entries...)
		at = end
	}
}

// entryAt reads one entry, or the entries of one range.
func entryAt(text string, at int) (out []simpleEntry, end int, ok bool) {
	at += prefixLen(text[at:], "（", "(", "【", "[", "第")
	n, at, ok := digitsAt(text, at)
	if !ok {
		return nil, at, false
	}
	at = skipSpace(text, at)
	at = skipSpace(text, at+prefixLen(text[at:], ".", "．"))
	if dash := dashLen(text[at:]); dash > 0 {
		last, end, ok := digitsAt(text, skipSpace(text, at+dash))
		if ok && last >= n && last-n < 500 {
			return rangeAt(text, end, n, last)
		}
		at += dash
	}
	at = skipEntrySigns(text, at)
	value, end := valueAt(text, at)
	return []simpleEntry{{n, value}}, end, value != ""
}

func prefixLen(text string, prefixes ...string) int {
	for _, p := range prefixes {
		if strings.HasPrefix(text, p) {
			return len(p)
		}
	}
	return 0
}

// dashLen is the length of the sign between the ends of a range.
func dashLen(text string) int {
	n := len(text) - len(strings.TrimLeft(text, "-—–－~～―至到"))
	if n > 8 {
		return 0
	}
	return n
}

func skipEntrySigns(text string, at int) int {
	return at + len(text[at:]) - len(strings.TrimLeft(text[at:], " \t　.．、:：)）】]题=-，,("))
}

// valueAt reads letters, perhaps with signs between, or a verdict.
func valueAt(text string, at int) (value string, end int) {
	open := prefixLen(text[at:], "（", "(", "【", "[")
	at += open
	end = at
	for i := at; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case keyLetter(r) >= 0:
			end = i + size
		case end > at && strings.ContainsRune(" 、,，", r):
		default:
			i = len(text)
			continue
		}
		i += size
	}
	if end == at {
		end = at + verdictLen(text[at:])
	}
	value = text[at:end]
	if value == "" || !ended(text, end) {
		return "", at
	}
	return value, end + prefixLen(text[end:], "）", ")", "】", "]")
}

func keyLetter(r rune) int {
	if r >= 'Ａ' && r <= 'Ｊ' {
		r -= 'Ａ' - 'A'
	}
	if r > 'z' {
		return -1
	}
	return strings.IndexRune(letters, unicode.ToUpper(r))
}

// ended reports that a word of a key list ends here, and does not run into another word.
func ended(text string, at int) bool {
	r, size := utf8.DecodeRuneInString(text[at:])
	return size == 0 || isSpace(r) || unicode.IsDigit(r) || strings.ContainsRune(";；,，、。.|/）)】](（【[第", r)
}

var verdictSigns = []string{"正确", "错误", "不正确", "不对", "对", "错", "√", "×", "✓", "✔", "✗", "✘", "╳", "Χ", "х", "是", "否", "true", "false", "True", "False",
	"TRUE", "FALSE", "T", "F", "t", "f", "Y", "N", "x", "X", "V", "v"}

func verdictLen(text string) int { return prefixLen(text, verdictSigns...) }

// rangeAt reads the keys of the questions n to last.
func rangeAt(text string, at, n, last int) (out []simpleEntry, end int, ok bool) {
	at = skipEntrySigns(text, at)
	end = at
	for end < len(text) { // the region up to the next number
		r, size := utf8.DecodeRuneInString(text[end:])
		if unicode.IsDigit(r) || strings.ContainsRune("第(（【[", r) {
			break
		}
		end += size
	}
	region := text[at:end]
	values := strings.FieldsFunc(region, func(r rune) bool { return strings.ContainsRune(keyBreaks+".", r) })
	count := last - n + 1
	if len(values) != count {
		values = signsOf(strings.Join(values, ""))
	}
	if len(values) != count {
		return nil, at, false
	}
	for i, v := range values {
		if !simpleKey(v) {
			return nil, at, false
		}
		out = append(out, simpleEntry{n + i, v})
	}
	return out, end, true
}

// signsOf cuts ABCDA or √×√ into its signs, nil if it holds anything else.
func signsOf(text string) (out []string) {
	for at := 0; at < len(text); {
		size := verdictLen(text[at:])
		if r, n := utf8.DecodeRuneInString(text[at:]); keyLetter(r) >= 0 {
			size = n
		}
		if size == 0 {
			return nil
		}
		out = append(out, text[at:at+size])
		at += size
	}
	return out
}

// applyKeys gives the questions since the last key list their keys. Numbers that are unique over them decide
// alone; else the runs of the list are laid beside the runs of questions, by kind and then in order.
func (p *paper) applyKeys() {
	segs := p.keys
	drafts := p.drafts[p.keyed:]
	p.keys, p.keyed, p.keying = nil, len(p.drafts), false
	if len(segs) == 0 {
		return
	}
	runs := runsOf(drafts)
	byNumber, unique := map[int]*draft{}, true
	for _, d := range drafts {
		if d.number > 0 {
			unique = unique && byNumber[d.number] == nil
			byNumber[d.number] = d
		}
	}
	rising, last := true, 0
	for _, s := range segs {
		for _, e := range s.entries {
			rising = rising && e.n > last
			last = e.n
		}
	}
	if unique && rising && len(byNumber) > 0 && len(byNumber) == len(drafts) {
		for _, s := range segs {
			for _, e := range s.entries {
				e.give(byNumber[e.n])
			}
		}
	} else {
		pairRuns(segs, runs)
	}
	for _, s := range segs {
		for _, e := range s.entries {
			if !e.used {
				p.strays = append(p.strays, orphan(e.no, e.raw, "text.key_unmatched", "number", e.n))
			}
		}
	}
}

type draftRun struct {
	kind   string
	drafts []*draft
	taken  bool
}

// runsOf cuts questions where the part changes or the numbers begin again.
func runsOf(drafts []*draft) []*draftRun {
	var runs []*draftRun
	for i, d := range drafts {
		if i == 0 || d.section != drafts[i-1].section || d.number > 0 && d.number <= drafts[i-1].number {
			runs = append(runs, &draftRun{kind: d.kind})
		}
		run := runs[len(runs)-1]
		run.drafts = append(run.drafts, d)
	}
	return runs
}

func pairRuns(segs []*keySegment, runs []*draftRun) {
	left := len(runs)
	for _, s := range segs {
		if left == 0 {
			return
		}
		var found *draftRun
		for _, run := range runs {
			if !run.taken && s.kind != "" && run.kind == s.kind {
				found = run
				break
			}
		}
		for _, run := range runs {
			if found == nil && !run.taken && (s.kind == "" || run.kind == "") {
				found = run
			}
		}
		if found == nil {
			continue
		}
		found.taken = true
		left--
		byNumber := map[int]*draft{}
		for i, d := range found.drafts {
			if d.number == 0 {
				byNumber[i+1] = d
			} else if byNumber[d.number] == nil {
				byNumber[d.number] = d
			}
		}
		restarted := len(s.entries) > 0 && s.entries[0].n == 1 && found.drafts[0].number > 1
		for _, e := range s.entries {
			d := byNumber[e.n]
			if restarted && e.n >= 1 && e.n <= len(found.drafts) {
				d = found.drafts[e.n-1] // the list counts from 1, the questions go on counting
			}
			e.give(d)
		}
	}
}

// give writes the entry into a question that has no key of its own.
func (e *keyEntry) give(d *draft) {
	if d == nil {
		return
	}
	if own := d.ownKey(); own != "" && len(e.fields[FieldAnswer]) > 0 && fold(own) != fold(strings.Join(e.fields[FieldAnswer], "")) {
		return
	}
	e.used = true
	for field, texts := range e.fields {
		if len(d.fields[field]) == 0 {
			d.fields[field] = texts
		}
	}
}
