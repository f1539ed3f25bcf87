package quiz

import "jingzhong/quiz/exchange"

// trueFalseKind is a statement that is right or wrong. Its two options are always the same and keep their
// places.
type trueFalseKind struct{ plain }

var _ = register(KindTrueFalse, 3, trueFalseKind{})

func (trueFalseKind) check(c *checker, in QuestionInput, out *content) {
	c.only(in, "truth")
	out.options = []Option{{ID: optRight, Text: "正确", Fixed: true}, {ID: optWrong, Text: "错误", Fixed: true}}
	switch {
	case in.Truth == nil:
		c.fail(errKeyMissing, "truth")
	case *in.Truth:
		out.correct = []int{0}
	default:
		out.correct = []int{1}
	}
}

func (trueFalseKind) shape(leaf) shape { return shape{picks: 1, table: true, guess: .5} }

func (trueFalseKind) mark(m marking) Marked {
	return markChoice(m.mode, true, m.points, len(m.options), m.key.Options, m.picks)
}

func (trueFalseKind) export(v QuestionVersion, key Key, it *exchange.Item) {
	it.Correct = []int{0}
	if len(key.Options) == 1 && key.Options[0] == optWrong {
		it.Correct = []int{1}
	}
}

func (trueFalseKind) read(it exchange.Item, in *QuestionInput) {
	if len(it.Correct) == 1 {
		right := it.Correct[0] == 0
		in.Truth = &right
	}
}
