package quiz

import (
	"slices"
	"strings"

	"jingzhong/fault"
	"jingzhong/law"
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
	correct                    []int    // indexes of options; of a matching one for each left
	weights                    []int64  // of the options, 1/100,000; nil = none
	blanks                     [][]string
	lefts                      []string
	rubric                     string
	items                      []content
	pictures                   []pictureUse
	warnings                   []Warning
}

// checker collects what is wrong with an input, one field error each.
type checker struct {
	faults []*fault.Error
	shown  []pictureUse
}

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
	c.pictures(field, text)
	return text
}

// checkQuestion judges an input by itself; the topic is looked up by the caller.
func checkQuestion(in QuestionInput) (content, error) {
	c := &checker{}
	out := c.judge(in)
	if out.topicID == 0 {
		c.fail(errTopicMissing, "topicId")
	}
	if err := c.err(); err != nil {
		return content{}, err
	}
	out.warnings = append(out.warnings, out.lawWarnings()...)
	return out, nil
}

// judge checks what a question and each question of a group must keep.
func (c *checker) judge(in QuestionInput) content {
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
	if out.difficulty == 0 {
		out.difficulty = DifficultyMedium
	}
	if out.difficulty < 1 || out.difficulty > 99 {
		c.fail(errDifficulty, "difficulty")
	}
	c.tags(in.Tags, &out)
	c.reference(in, &out)
	if k, ok := kinds[in.Kind]; ok {
		k.check(c, in, &out)
	} else {
		c.fail(errKindUnknown, "kind", "kind", in.Kind)
	}
	out.pictures = append(out.pictures, c.shown...)
	return out
}

// only refuses what belongs to other kinds: the field named is the one that this kind reads.
func (c *checker) only(in QuestionInput, field string) {
	for name, given := range map[string]bool{"options": len(in.Options) > 0, "blanks": len(in.Blanks) > 0, "truth": in.Truth != nil,
		"pairs": len(in.Pairs)+len(in.Distractors) > 0, "rubric": in.Rubric != "", "items": len(in.Items) > 0} {
		if given && name != field {
			c.fail(errOptionsUnwanted, name)
		}
	}
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

// taught are the sentences the question presents as true: its stem unless the statement is wrong on purpose,
// and what its kind adds. Distractors may well carry old law.
func (q content) taught() []string {
	var texts []string
	if q.kind != KindTrueFalse || slices.Equal(q.correct, []int{0}) {
		texts = append(texts, q.stem)
	}
	return append(texts, kinds[q.kind].taught(q)...)
}

// lawWarnings looks over what the question teaches and its explanation.
func (q content) lawWarnings() []Warning {
	taught := q.taught()
	explained := q.explanation
	for _, part := range q.items {
		explained += "。" + part.explanation
	}
	cited := law.Citation{Code: q.statute, Article: q.article, Paragraph: q.paragraph}
	says := withoutPictures(strings.Join(taught, "。"))
	found := law.Warnings(says)
	found = append(found, law.CitationWarnings(cited, says+"。"+withoutPictures(explained))...)
	out := make([]Warning, len(found))
	for i, w := range found {
		out[i] = Warning{Code: w.Code, Phrase: w.Phrase, Statute: w.Statute, Article: w.Article, Note: w.Note}
	}
	return out
}

func (q content) textHash() string { return textHash(q.stem, kinds[q.kind].words(q)) }

func (q content) searchText() string {
	return withoutPictures(strings.Join(slices.Concat([]string{q.stem}, q.tags, kinds[q.kind].words(q)), "\n"))
}

func (q content) searchNote() string {
	notes := []string{q.explanation, q.lawQuote}
	for _, part := range q.items {
		notes = append(notes, part.explanation, part.lawQuote)
	}
	return withoutPictures(strings.Join(notes, "\n"))
}

// key names the right answers by option id; the options must have been placed.
func (q content) key() Key {
	k := Key{Blanks: q.blanks, Rubric: q.rubric, Weights: q.weights}
	for _, i := range q.correct {
		k.Options = append(k.Options, q.options[i].ID)
	}
	for _, part := range q.items {
		k.Parts = append(k.Parts, part.key())
	}
	return k
}

// parts is the stored form of what a version holds besides its text and options; empty for most kinds.
func (q content) parts() string {
	p := versionParts{Lefts: q.lefts}
	for _, part := range q.items {
		p.Items = append(p.Items, QuestionPart{Kind: part.kind, Stem: part.stem, Options: part.options, Lefts: part.lefts,
			Explanation: part.explanation, Statute: part.statute, Article: part.article, Paragraph: part.paragraph, LawQuote: part.lawQuote})
	}
	if len(p.Lefts)+len(p.Items) == 0 {
		return ""
	}
	return marshal(p)
}
