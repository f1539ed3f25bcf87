package seed

import (
	"context"
	"strings"

	"jingzhong/quiz/exchange"
)

// bareStem is how a paper's stem finds its question: without blanks and gaps of any width.
func bareStem(stem string) string {
	return strings.Join(strings.Fields(exchange.NormaliseBlanks(stem)), "")
}

// item is the question as a workbook carries it.
func (q Question) item() exchange.Item {
	it := exchange.Item{Kind: q.Kind, Stem: q.Stem, Correct: q.Correct, Blanks: q.Blanks, Explanation: q.Explanation,
		Pairs: q.Pairs, Distractors: q.Distractors, Rubric: strings.Join(q.Rubric, "\n"),
		Statute: q.Fact.Statute, Article: q.Fact.Article, Paragraph: q.Fact.Paragraph, LawQuote: q.Fact.Quote, Topic: q.Fact.Topic,
		Difficulty: q.Difficulty, Tags: append([]string{q.Fact.ID}, q.Tags...), Use: q.Use}
	for _, option := range q.Options {
		it.Options = append(it.Options, exchange.Option{Text: option, Fixed: exchange.LooksFixed(option)})
	}
	return it
}

// topicIndex finds topics by name.
type topicIndex map[string]int64

func (t topicIndex) of(names ...string) []int64 {
	ids := make([]int64, len(names))
	for i, name := range names {
		ids[i] = t[name]
	}
	return ids
}

func (l *loader) topics(ctx context.Context) (topicIndex, error) {
	list, err := l.Bank.Topics(ctx, l.trainer)
	index := topicIndex{}
	for _, t := range list {
		index[t.Name] = t.ID
	}
	return index, err
}
