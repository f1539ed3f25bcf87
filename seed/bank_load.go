package seed

import (
	"context"
	"fmt"

	"jingzhong/quiz"
	"jingzhong/quiz/exchange"
)

// importQuestions gives the bank to the importer as the workbooks a trainer would have, the cases in one of
// their own, and puts them into force; a question is then edited, so that it has two versions.
func (l *loader) importQuestions(ctx context.Context) error {
	l.at(-60, 9, 0)
	questions, err := Questions()
	if err != nil {
		return err
	}
	items := make([]exchange.Item, len(questions))
	for i, q := range questions {
		items[i] = q.item()
		l.questions[bareStem(q.Stem)] = q
	}
	if err := l.importBook(ctx, "保密知识题库.xlsx", items); err != nil {
		return err
	}
	l.at(-59, 9, 0)
	cases, err := CaseItems()
	if err != nil {
		return err
	}
	if err := l.importBook(ctx, "保密案例题.xlsx", cases); err != nil {
		return err
	}
	if err := l.editQuestion(ctx); err != nil {
		return err
	}
	return l.addDrawings(ctx)
}

// importBook imports items as a workbook of the given name; every one of them must be ready.
func (l *loader) importBook(ctx context.Context, name string, items []exchange.Item) error {
	book, err := exchange.WriteXLSX(items)
	if err != nil {
		return err
	}
	root, err := l.root(ctx)
	if err != nil {
		return err
	}
	imp, err := l.Bank.PrepareImport(ctx, l.trainer, quiz.QuestionFile{Name: name, Data: book, UnitID: root})
	if err != nil {
		return err
	}
	if imp.Counts.Ready != len(items) {
		return fmt.Errorf("the workbook %s was not understood: %+v", name, imp.Counts)
	}
	if imp, err = l.Bank.ApplyImport(ctx, l.trainer, imp.ID, quiz.ApplyInput{}); err != nil {
		return err
	}
	if imp.Counts.Imported != len(items) {
		return fmt.Errorf("the workbook %s was not applied: %s %+v", name, imp.State, imp.Counts)
	}
	return nil
}

// The question with two versions, and what the trainer added to its explanation.
const (
	editedQuestion = "jiandu-002"
	editedNote     = "“立即”“及时”写在《保密法》第四十七条，24小时写在条例里，不要记混。"
)

func (l *loader) editQuestion(ctx context.Context) error {
	l.at(-58, 15, 10)
	page, err := l.Bank.ListQuestions(ctx, l.trainer, quiz.QuestionFilter{Query: "立即采取补救措施", Kinds: []string{quiz.KindFill}, Limit: 50})
	if err != nil {
		return err
	}
	for _, q := range page.Items {
		source := l.questions[bareStem(q.Version.Stem)]
		if source.No != editedQuestion {
			continue
		}
		_, err := l.Bank.EditQuestion(ctx, l.trainer, q.ID, quiz.QuestionInput{Kind: q.Version.Kind, Stem: q.Version.Stem, Blanks: source.Blanks,
			Explanation: q.Version.Explanation + editedNote, Statute: q.Version.Statute, Article: q.Version.Article,
			Paragraph: q.Version.Paragraph, LawQuote: q.Version.LawQuote, TopicID: q.Topic.ID, Use: q.Use,
			Difficulty: q.Version.Difficulty, Tags: q.Version.Tags, Base: q.Version.ID, Publish: true})
		return err
	}
	return fmt.Errorf("no question %s to edit", editedQuestion)
}
