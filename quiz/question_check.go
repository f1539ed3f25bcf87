package quiz

import (
	"fmt"
	"slices"
	"strings"

	"jingzhong/fault"
	"jingzhong/law"
	"jingzhong/quiz/exchange"
)

// Bounds of a question, in characters and pieces.
const (
	stemMost        = 4000
	optionMost      = 1000
	optionsLeast    = 2
	optionsMost     = 10
	explanationMost = 8000
	quoteMost       = 4000
	blanksMost      = 10
	variantsMost    = 20
	variantMost     = 200
	tagsMost        = 20
	tagMost         = 40
)

// content is a question that passed every check: what a version, its options and its key are written from.
type content struct {
	kind, stem, explanation    string
	statute, article, lawQuote string
	paragraph, difficulty      int
	topicID                    int64
	use                        string
	tags                       []string
	options                    []Option // ids 0 until placed
	correct                    []int    // indexes of options
	blanks                     [][]string
	warnings                   []Warning
}

// checker collects what is wrong with an input, one field error each.
type checker struct{ faults []*fault.Error }

func (c *checker) fail(err *fault.Error, field string, args ...any) {
	c.faults = append(c.faults, err.At(field).With(args...))
}

func (c *checker) err() error {
	if len(c.faults) == 0 {
		return nil
	}
	return ErrQuestionInvalid.And(c.faults...)
}

// text trims a text, brings its line ends together and bounds it.
func (c *checker) text(field, text string, most int) string {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if len([]rune(text)) > most {
		c.fail(errTextLong, field, "most", most)
	}
	if bankControl(text) {
		c.fail(errTextControl, field)
	}
	return text
}

// checkQuestion judges an input by itself; the topic is looked up by the caller.
func checkQuestion(in QuestionInput) (content, error) {
	c := &checker{}
	out := content{kind: in.Kind, paragraph: in.Paragraph, topicID: in.TopicID, use: in.Use, difficulty: in.Difficulty}
	out.stem = c.text("stem", in.Stem, stemMost)
	out.explanation = c.text("explanation", in.Explanation, explanationMost)
	out.lawQuote = c.text("lawQuote", in.LawQuote, quoteMost)
	if out.stem == "" {
		c.fail(errStemMissing, "stem")
	}
	if out.use == "" {
		out.use = UseBoth
	}
	if !slices.Contains([]string{UsePractice, UseContest, UseBoth}, out.use) {
		c.fail(errUseUnknown, "use", "use", in.Use)
	}
	if out.topicID == 0 {
		c.fail(errTopicMissing, "topicId")
	}
	if out.difficulty == 0 {
		out.difficulty = DifficultyMedium
	}
	if out.difficulty < 1 || out.difficulty > 99 {
		c.fail(errDifficulty, "difficulty")
	}
	c.tags(in.Tags, &out)
	c.reference(in, &out)
	switch in.Kind {
	case KindSingle, KindMultiple:
		c.choice(in, &out)
	case KindTrueFalse:
		c.trueFalse(in, &out)
	case KindFill:
		c.fill(in, &out)
	default:
		c.fail(errKindUnknown, "kind", "kind", in.Kind)
	}
	if err := c.err(); err != nil {
		return content{}, err
	}
	out.warnings = append(out.warnings, out.lawWarnings()...)
	return out, nil
}

func (c *checker) tags(tags []string, out *content) {
	for _, tag := range tags {
		tag = strings.Join(strings.Fields(tag), "")
		if tag == "" || slices.Contains(out.tags, tag) {
			continue
		}
		if len([]rune(tag)) > tagMost || bankControl(tag) {
			c.fail(errTagsMany, "tags", "most", tagsMost, "length", tagMost)
			return
		}
		out.tags = append(out.tags, tag)
	}
	if len(out.tags) > tagsMost {
		c.fail(errTagsMany, "tags", "most", tagsMost, "length", tagMost)
	}
}

// reference checks the citation against the statutes in force.
func (c *checker) reference(in QuestionInput, out *content) {
	out.statute, out.article = strings.TrimSpace(in.Statute), strings.TrimSpace(in.Article)
	if out.statute == "" {
		if out.article != "" || in.Paragraph != 0 {
			c.faults = append(c.faults, law.ErrStatuteUnknown.At("statute").With("statute", ""))
		}
		return
	}
	if err := law.Check(out.statute, out.article); err != nil {
		f, _ := fault.As(err)
		field := "article"
		if f.Code == law.ErrStatuteUnknown.Code {
			field = "statute"
		}
		c.faults = append(c.faults, f.At(field))
	}
	if in.Paragraph < 0 || in.Paragraph > 99 || (in.Paragraph > 0 && out.article == "") {
		c.faults = append(c.faults, law.ErrArticleUnknown.At("paragraph").With("statute", out.statute,
			"article", out.article, "articles", 0))
	}
}

func (c *checker) choice(in QuestionInput, out *content) {
	if len(in.Blanks) > 0 || in.Truth != nil {
		c.fail(errOptionsUnwanted, "blanks")
	}
	switch {
	case len(in.Options) < optionsLeast:
		c.fail(errOptionsFew, "options", "least", optionsLeast)
	case len(in.Options) > optionsMost:
		c.fail(errOptionsMany, "options", "most", optionsMost)
		return
	}
	seen := map[string]int{}
	for i, o := range in.Options {
		field := fmt.Sprintf("options[%d].text", i)
		text := c.text(field, o.Text, optionMost)
		if text == "" {
			c.fail(errOptionEmpty, field)
		} else if j, ok := seen[searchFold(text)]; ok {
			c.fail(errOptionRepeated, field, "first", j+1)
		}
		seen[searchFold(text)] = i
		fixed := o.Fixed
		if exchange.LooksFixed(text) {
			fixed = true
			out.warnings = append(out.warnings, Warning{Code: warnOptionFixed.Code, Field: field, Phrase: text})
		}
		out.options = append(out.options, Option{ID: o.ID, Text: text, Fixed: fixed})
		if o.Correct {
			out.correct = append(out.correct, i)
		}
	}
	switch {
	case len(out.correct) == 0:
		c.fail(errKeyMissing, "options")
	case in.Kind == KindSingle && len(out.correct) > 1:
		c.fail(errKeySingle, "options")
	case in.Kind == KindMultiple && len(out.correct) == 1:
		out.warnings = append(out.warnings, Warning{Code: warnOneKey.Code, Field: "options"})
	}
}

func (c *checker) trueFalse(in QuestionInput, out *content) {
	if len(in.Blanks) > 0 || len(in.Options) > 0 {
		c.fail(errOptionsUnwanted, "options")
	}
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

func (c *checker) fill(in QuestionInput, out *content) {
	if len(in.Options) > 0 || in.Truth != nil {
		c.fail(errOptionsUnwanted, "options")
	}
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

// lawWarnings looks over what the question teaches: its stem unless the statement is wrong on purpose, the
// right options and the explanation. Distractors may well carry old law.
func (q content) lawWarnings() []Warning {
	var taught []string
	if q.kind != KindTrueFalse || slices.Equal(q.correct, []int{0}) {
		taught = append(taught, q.stem)
	}
	if q.kind == KindSingle || q.kind == KindMultiple {
		for _, i := range q.correct {
			taught = append(taught, q.options[i].Text)
		}
	}
	for _, variants := range q.blanks {
		taught = append(taught, variants...)
	}
	cited := law.Citation{Code: q.statute, Article: q.article, Paragraph: q.paragraph}
	found := law.Warnings(strings.Join(taught, "。"))
	found = append(found, law.CitationWarnings(cited, strings.Join(taught, "。")+"。"+q.explanation)...)
	out := make([]Warning, len(found))
	for i, w := range found {
		out[i] = Warning{Code: w.Code, Phrase: w.Phrase, Statute: w.Statute, Article: w.Article, Note: w.Note}
	}
	return out
}

func (q content) optionTexts() []string {
	texts := make([]string, len(q.options))
	for i, o := range q.options {
		texts[i] = o.Text
	}
	return texts
}

func (q content) textHash() string { return textHash(q.kind, q.stem, q.optionTexts()) }

func (q content) searchText() string {
	parts := append([]string{q.stem}, q.tags...)
	if q.kind == KindSingle || q.kind == KindMultiple {
		parts = append(parts, q.optionTexts()...)
	}
	return searchFold(parts...)
}

func (q content) searchNote() string { return searchFold(q.explanation, q.lawQuote) }

// key names the right answers by option id; the options must have been placed.
func (q content) key() Key {
	k := Key{Blanks: q.blanks}
	for _, i := range q.correct {
		k.Options = append(k.Options, q.options[i].ID)
	}
	return k
}
