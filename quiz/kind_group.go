package quiz

import (
	"fmt"

	"jingzhong/law"
	"jingzhong/quiz/exchange"
)

// groupKind is a case: a text with several questions, drawn whole and never split by shuffling. On a paper
// each of its questions has a slot of its own; the row's points are shared among them (rules-contest 5.4).
type groupKind struct{ plain }

var _ = register(KindGroup, 8, groupKind{})

const partsMost = 10

func (groupKind) check(c *checker, in QuestionInput, out *content) {
	c.only(in, "items")
	if len(in.Items) == 0 || len(in.Items) > partsMost {
		c.fail(errParts, "items", "most", partsMost)
		return
	}
	for i, part := range in.Items {
		prefix := fmt.Sprintf("items[%d].", i)
		if part.Kind == KindGroup || kinds[part.Kind] == nil {
			c.fail(errKindUnknown, prefix+"kind", "kind", part.Kind)
			continue
		}
		part.TopicID, part.Use = in.TopicID, in.Use
		sub := &checker{}
		q := sub.judge(part)
		for _, f := range sub.faults {
			c.faults = append(c.faults, f.At(prefix+f.Field))
		}
		for k := range q.options {
			q.options[k].ID = int64(k + 1)
		}
		for _, w := range q.warnings {
			w.Field = prefix + w.Field
			out.warnings = append(out.warnings, w)
		}
		for _, p := range q.pictures {
			p.field = prefix + p.field
			out.pictures = append(out.pictures, p)
		}
		out.items = append(out.items, q)
	}
}

func (groupKind) taught(q content) []string {
	var texts []string
	for _, part := range q.items {
		texts = append(texts, part.taught()...)
	}
	return texts
}

func (groupKind) words(q content) []string {
	var texts []string
	for _, part := range q.items {
		texts = append(append(texts, part.stem), kinds[part.kind].words(part)...)
	}
	return texts
}

// shape and mark are never asked of a group: its questions stand on the paper, each of its own kind.
func (groupKind) shape(leaf) shape    { return shape{} }
func (groupKind) mark(marking) Marked { return Marked{} }

func (groupKind) export(v QuestionVersion, key Key, it *exchange.Item) {
	for i, part := range v.Items {
		each := exchange.Item{Kind: part.Kind, Stem: part.Stem, Explanation: part.Explanation, Statute: part.Statute,
			Article: part.Article, Paragraph: part.Paragraph, LawQuote: part.LawQuote}
		if part.Statute != "" {
			each.Reference = law.Citation{Code: part.Statute, Article: part.Article, Paragraph: part.Paragraph}.String()
		}
		kinds[part.Kind].export(QuestionVersion{QuestionPart: part}, key.Parts[i], &each)
		it.Items = append(it.Items, each)
	}
}

func (groupKind) read(it exchange.Item, in *QuestionInput) {
	for _, part := range it.Items {
		each := QuestionInput{Kind: part.Kind, Stem: part.Stem, Explanation: part.Explanation, Statute: part.Statute,
			Article: part.Article, Paragraph: part.Paragraph, LawQuote: part.LawQuote}
		if each.Statute == "" && part.Reference != "" {
			if cited := law.Citations(part.Reference); len(cited) > 0 {
				each.Statute, each.Article, each.Paragraph = cited[0].Code, cited[0].Article, cited[0].Paragraph
			}
		}
		if k := kinds[part.Kind]; k != nil {
			k.read(part, &each)
		}
		in.Items = append(in.Items, each)
	}
}
