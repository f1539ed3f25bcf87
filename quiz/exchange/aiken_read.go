package exchange

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

var (
	aikenOption  = regexp.MustCompile(`^([A-Za-z])[.)．）、:：](\s*)(.*)$`)
	aikenAnswer  = regexp.MustCompile(`^(?:(?i:ANSWER|ANS|CORRECT ANSWER)|(?:正确|参考)?答案)\s*[:：]\s*(.*)$`)
	aikenReason  = regexp.MustCompile(`^(?:(?i:EXPLANATION|FEEDBACK)|(?:答案)?解析)\s*[:：]\s*(.*)$`)
	aikenSign    = regexp.MustCompile(`(?m)^[ \t]*ANSWER[ \t]*:[ \t]*[A-Za-z]`)
	aikenChoice  = regexp.MustCompile(`(?m)^[ \t]*A[).]\s*\S`)
	otherAnswers = regexp.MustCompile(`(?m)^\s*(?:【?答案】?|【?解析】?|[一二三四五六七八九十]+、|\d+[.、．)）])`)
)

// isAiken knows the format by its answer lines in English; texts that answer in Chinese or number their
// questions are for the reader of ordinary texts.
func isAiken(s source) bool {
	if s.extension() == "aiken" {
		return true
	}
	return !otherTexts[s.extension()] && aikenSign.MatchString(s.text) && aikenChoice.MatchString(s.text) && !otherAnswers.MatchString(s.text)
}

// maxAikenLines bounds one question; what comes after is the next one.
const maxAikenLines = 2000

// aikenReader reads the Aiken format line by line: a stem, options, ANSWER: X.
type aikenReader struct {
	res      Result
	stem     []string
	options  []string
	tail     []string // lines behind the last option that may begin the next question
	text     []string
	warnings []Problem
	line     int // of the first line of the question
	tailLine int
	gap      bool // a blank line came before this one
	done     bool // the line before ended a question
}

// readAiken reads the Aiken format (rules-contest 6.1). A question that is not whole is an error of its own.
func readAiken(text, encoding string) (Result, error) {
	r := &aikenReader{res: Result{Format: "aiken", Encoding: encoding}}
	no := 0
	for line := range strings.SplitSeq(strings.TrimPrefix(text, "\ufeff"), "\n") {
		no++
		if len(r.res.Rows) > MaxRows || len(r.res.Skipped) > MaxRows {
			return Result{}, refuse("file.rows", "most", MaxRows)
		}
		line = strings.TrimFunc(line, blank)
		if line == "" {
			r.gap = true
			continue
		}
		r.take(no, line)
		r.gap = false
	}
	r.end("")
	if len(r.res.Rows) == 0 && len(r.res.Skipped) == 0 {
		return Result{}, refuse("file.no_items")
	}
	return r.res, nil
}

func (r *aikenReader) take(no int, line string) {
	if len(r.text) >= maxAikenLines {
		r.end("")
	}
	colon := strings.ContainsAny(line, ":：")
	if m := matchIf(colon, aikenAnswer, line); m != nil && (len(r.options) > 0 || len(r.stem) > 0) {
		r.begin(no, line)
		r.end(m[1])
		r.done = true
		return
	} else if m != nil {
		r.res.Skipped = append(r.res.Skipped, orphan(no, line, "text.orphan"))
		return
	}
	after := r.done && !r.gap
	if m := matchIf(colon && r.done, aikenReason, line); m != nil {
		r.explain(line, m[1])
		return
	}
	if m := matchIf(len(line) > 1 && strings.IndexByte(".):\xef\xe3", line[1]) >= 0, aikenOption, line); m != nil && r.option(no, line, m, after) {
		return
	}
	r.done = false
	r.sentence(no, line)
}

// matchIf looks for a pattern in lines that could have it.
func matchIf(possible bool, pattern *regexp.Regexp, line string) []string {
	if !possible {
		return nil
	}
	return pattern.FindStringSubmatch(line)
}

// begin notes the question's first line and its text.
func (r *aikenReader) begin(no int, line string) {
	if r.line == 0 {
		r.line = no
	}
	r.text = append(r.text, line)
}

// explain gives the question before an explanation.
func (r *aikenReader) explain(line, reason string) {
	last := &r.res.Rows[len(r.res.Rows)-1]
	if len(last.Cells) == 0 {
		return
	}
	last.Cells[FieldExplanation] = strings.TrimFunc(reason, blank)
	warnings := last.Warnings
	text := last.Text + "\n" + line
	*last = Parse(*last)
	last.Text, last.Warnings = text, append(last.Warnings, warnings...)
}

// option takes a line that looks like an option; it reports false for one that is a sentence.
func (r *aikenReader) option(no int, line string, m []string, after bool) bool {
	letter := int(unicode.ToUpper(rune(m[1][0])) - 'A')
	switch {
	case len(r.stem) == 0 && after:
		last := &r.res.Rows[len(r.res.Rows)-1]
		p := problem(FieldAnswer, "item.malformed", "reason", "答案后面还有选项 "+m[1])
		p.Line = last.Line
		last.Problems, last.Text = append(last.Problems, p), last.Text+"\n"+line
		return true
	case len(r.stem) == 0 && letter == 0 && unicode.IsUpper(rune(m[1][0])):
		r.done = false
		r.res.Skipped = append(r.res.Skipped, orphan(no, line, "text.orphan"))
		return true
	case letter == 0 && len(r.options) > 0 && len(r.tail) > 0:
		stem, first := r.tail, r.tailLine
		r.tail = nil
		r.text = r.text[:len(r.text)-len(stem)]
		r.end("")
		r.stem, r.text, r.line = stem, append([]string(nil), stem...), first
	case letter != len(r.options) || len(r.stem) == 0 || unicode.IsLower(rune(m[1][0])) && len(r.options) == 0 && letter != 0:
		return false
	}
	r.done = false
	r.join()
	if next, _ := utf8.DecodeRuneInString(m[3]); m[2] == "" && next < utf8.RuneSelf && strings.ContainsAny(m[0][1:2], ".):") {
		r.warnings = append(r.warnings, problem(FieldOptions, "item.option_space", "option", m[1]))
	}
	r.options = append(r.options, strings.TrimFunc(m[3], blank))
	r.begin(no, line)
	return true
}

// join adds lines behind an option to it.
func (r *aikenReader) join() {
	if len(r.tail) > 0 && len(r.options) > 0 {
		r.options[len(r.options)-1] += "\n" + strings.Join(r.tail, "\n")
	}
	r.tail = nil
}

// sentence takes a line that is neither option nor answer.
func (r *aikenReader) sentence(no int, line string) {
	switch {
	case len(r.options) > 0 && r.gap && len(r.tail) == 0:
		r.end("")
	case len(r.options) > 0:
		if r.gap {
			stem, first := r.tail, r.tailLine
			r.tail = nil
			r.text = r.text[:len(r.text)-len(stem)]
			r.end("")
			r.stem, r.text, r.line = stem, append([]string(nil), stem...), first
			break
		}
		if len(r.tail) == 0 {
			r.tailLine = no
		}
		r.tail = append(r.tail, line)
		r.begin(no, line)
		return
	case len(r.stem) > 0 && r.gap:
		r.res.Skipped = append(r.res.Skipped, orphan(r.line, strings.Join(r.text, "\n"), "text.orphan"))
		r.stem, r.text, r.line = nil, nil, 0
	}
	r.stem = append(r.stem, line)
	r.begin(no, line)
}

// end makes the row of what was gathered; an empty answer is a question that was never finished.
func (r *aikenReader) end(answer string) {
	r.join()
	if len(r.stem) == 0 && len(r.options) == 0 {
		return
	}
	it := Item{Kind: Single, Stem: strings.Join(r.stem, "\n")}
	for _, text := range r.options {
		it.Options = append(it.Options, Option{Text: text})
	}
	if len(r.stem) > 1 {
		r.warnings = append(r.warnings, problem(FieldStem, "item.stem_joined", "count", len(r.stem)))
	}
	row := itemRow(r.line, strings.Join(r.text, "\n"), it)
	if answer = strings.TrimFunc(answer, blank); answer != "" && len(it.Options) <= len(letters) {
		row.Cells[FieldAnswer] = strings.ToUpper(norm.NFKC.String(answer))
		if picked, ok := pick(answer, nil); ok && len(picked) > 1 {
			row.Cells[FieldKind] = KindName(Multiple)
		}
		row = Parse(row)
	}
	for _, w := range r.warnings {
		w.Line = r.line
		row.Warnings = append(row.Warnings, w)
	}
	r.res.Rows = append(r.res.Rows, row)
	*r = aikenReader{res: r.res, gap: r.gap}
}
