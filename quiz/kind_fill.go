package quiz

import (
	"fmt"
	"strconv"

	"jingzhong/quiz/exchange"
)

// fillKind is a stem with gaps, each with the answers it accepts.
type fillKind struct{ plain }

var _ = register(KindFill, 4, fillKind{})

func (fillKind) check(c *checker, in QuestionInput, out *content) {
	c.only(in, "blanks")
	out.stem = exchange.NormaliseBlanks(out.stem)
	gaps := exchange.CountBlanks(out.stem)
	switch {
	case len(in.Blanks) == 0:
		c.fail(errKeyMissing, "blanks")
	case len(in.Blanks) > blanksMost:
		c.fail(errBlanksMany, "blanks", "most", blanksMost)
		return
	case gaps != len(in.Blanks):
		c.fail(errBlanksMismatch, "blanks", "gaps", gaps, "blanks", len(in.Blanks))
	}
	for i, variants := range in.Blanks {
		field := fmt.Sprintf("blanks[%d]", i)
		var kept []string
		seen := map[string]bool{}
		for _, v := range variants {
			v = c.text(field, v, variantMost)
			folded := NormaliseAnswer(v)
			if folded != "" && !seen[folded] {
				seen[folded] = true
				kept = append(kept, v)
			}
		}
		switch {
		case len(kept) == 0:
			c.fail(errBlankEmpty, field)
		case len(kept) > variantsMost:
			c.fail(errBlanksMany, field, "most", variantsMost)
		}
		out.blanks = append(out.blanks, kept)
	}
}

func (fillKind) taught(q content) []string {
	var texts []string
	for _, variants := range q.blanks {
		texts = append(texts, variants...)
	}
	return texts
}

func (fillKind) shape(q leaf) shape {
	gaps := exchange.CountBlanks(q.stem)
	return shape{texts: gaps, runes: blankRunes, extra: strconv.AppendInt([]byte(`,"blanks":`), int64(gaps), 10)}
}

func (fillKind) mark(m marking) Marked { return markBlanks(m.mode, m.points, m.key.Blanks, m.texts) }

func (fillKind) export(_ QuestionVersion, key Key, it *exchange.Item) { it.Blanks = key.Blanks }

func (fillKind) read(it exchange.Item, in *QuestionInput) { in.Blanks = it.Blanks }
