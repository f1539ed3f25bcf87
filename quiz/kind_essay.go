package quiz

import (
	"strconv"
	"strings"

	"jingzhong/quiz/exchange"
)

// essayKind is a short answer that a person marks by its rubric; until then the attempt waits (待阅卷).
type essayKind struct{ plain }

var _ = register(KindEssay, 7, essayKind{})

// Bounds of an essay, in characters.
const (
	rubricMost = 8000
	essayRunes = 5000
)

func (essayKind) check(c *checker, in QuestionInput, out *content) {
	c.only(in, "rubric")
	out.rubric = c.text("rubric", in.Rubric, rubricMost)
	if out.rubric == "" {
		c.fail(errRubricMissing, "rubric")
	}
}

func (essayKind) taught(q content) []string { return []string{q.rubric} }

func (essayKind) shape(leaf) shape {
	return shape{texts: 1, runes: essayRunes, extra: strconv.AppendInt([]byte(`,"most":`), essayRunes, 10)}
}

// mark leaves an answer to a person; a blank one is worth nothing at once.
func (essayKind) mark(m marking) Marked {
	answered := len(m.texts) > 0 && strings.TrimSpace(m.texts[0]) != ""
	return Marked{Answered: answered, Awaiting: answered}
}

func (essayKind) export(_ QuestionVersion, key Key, it *exchange.Item) { it.Rubric = key.Rubric }

func (essayKind) read(it exchange.Item, in *QuestionInput) { in.Rubric = it.Rubric }
