package exchange

import (
	"fmt"
	"strings"
)

// brief writes an item on one line: kind, stem, options, key, and what else it has.
func brief(it Item) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", it.Kind, strings.ReplaceAll(it.Stem, "\n", "/"))
	for i, o := range it.Options {
		fmt.Fprintf(&b, " |%s:%s", letters[i:i+1], strings.ReplaceAll(o.Text, "\n", "/"))
	}
	if len(it.Blanks) > 0 {
		fmt.Fprintf(&b, " =%v", it.Blanks)
	} else if len(it.Pairs) > 0 {
		fmt.Fprintf(&b, " =%v", it.Pairs)
	} else if it.Kind == Essay {
		fmt.Fprintf(&b, " =%s", strings.ReplaceAll(it.Rubric, "\n", "/"))
	} else if it.Kind != Group {
		fmt.Fprintf(&b, " =%v", it.Correct)
	}
	for _, d := range it.Distractors {
		b.WriteString(" -" + d)
	}
	for _, f := range []struct{ sign, text string }{{"解析", it.Explanation}, {"依据", it.Reference}, {"知识点", it.Topic}, {"标签", strings.Join(it.Tags, ",")}} {
		if f.text != "" {
			b.WriteString(" " + f.sign + ":" + strings.ReplaceAll(f.text, "\n", "/"))
		}
	}
	if it.Points > 0 {
		fmt.Fprintf(&b, " %d分", it.Points)
	}
	if it.Difficulty > 0 {
		fmt.Fprintf(&b, " 难%d", it.Difficulty)
	}
	for _, part := range it.Items {
		b.WriteString(" {" + brief(part) + "}")
	}
	return b.String()
}

// readOut writes a result: an item or a problem a line, then what was skipped.
func readOut(res Result) string {
	var out []string
	for _, row := range res.Rows {
		line := brief(row.Item)
		for _, p := range row.Problems {
			line = fmt.Sprintf("!%s@%d %s", p.Code, p.Line, line)
		}
		out = append(out, line)
	}
	for _, p := range res.Skipped {
		out = append(out, fmt.Sprintf("-%s@%d %s", p.Code, p.Line, p.Text))
	}
	return strings.Join(out, "\n")
}
