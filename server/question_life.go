package server

import (
	"context"

	"jingzhong/fault"
	"jingzhong/org"
	"jingzhong/quiz"
)

type editTopicIn struct {
	ByID
	Body struct {
		Name     *string `json:"name,omitempty" minLength:"1" maxLength:"40"`
		ParentID *int64  `json:"parentId,omitempty" minimum:"0" doc:"0 = the top"`
		Before   *int64  `json:"before,omitempty" minimum:"0" doc:"The sibling it is put in front of; 0 = last of its level"`
	}
}

func (s *Server) editTopic(ctx context.Context, by org.Actor, in *editTopicIn) (topicView, error) {
	topic, err := s.cfg.Bank.EditTopic(ctx, by, in.ID, quiz.TopicChange(in.Body))
	return topicOf(topic), err
}

type reviewQuestionIn struct {
	ByID
	Body struct {
		Decision string `json:"decision" enum:"approve,return"`
		Note     string `json:"note,omitempty" maxLength:"1000" doc:"Required when returned"`
		Base     int64  `json:"base,omitempty" doc:"The version you have read; another newest one is refused"`
	}
}

func (s *Server) reviewQuestion(ctx context.Context, by org.Actor, in *reviewQuestionIn) (questionView, error) {
	q, err := s.cfg.Bank.ReviewQuestion(ctx, by, in.ID, quiz.ReviewInput(in.Body))
	return questionOf(q), err
}

// bulkFilterBody is QuestionFilterIn in a body: all that match.
type bulkFilterBody struct {
	Query   string   `json:"q,omitempty" maxLength:"100"`
	Topics  []int64  `json:"topic,omitempty" maxItems:"50"`
	Kinds   []string `json:"kind,omitempty" maxItems:"10"`
	States  []string `json:"state,omitempty" maxItems:"10"`
	Uses    []string `json:"use,omitempty" maxItems:"10"`
	Levels  []string `json:"level,omitempty" maxItems:"10"`
	Tag     string   `json:"tag,omitempty" maxLength:"40"`
	Statute string   `json:"statute,omitempty" maxLength:"20"`
	Article string   `json:"article,omitempty" maxLength:"20"`
	Pending bool     `json:"pending,omitempty"`
	Mine    bool     `json:"mine,omitempty"`
}

type bulkQuestionsIn struct {
	Body struct {
		IDs        []int64         `json:"ids,omitempty" maxItems:"2000"`
		Filter     *bulkFilterBody `json:"filter,omitempty" doc:"Instead of ids: all that match"`
		Act        string          `json:"act" enum:"topic,use,difficulty,tag,untag,approve,publish,retire"`
		TopicID    int64           `json:"topicId,omitempty"`
		Use        string          `json:"use,omitempty" enum:"practice,contest,both"`
		Difficulty int             `json:"difficulty,omitempty" minimum:"0" maximum:"99" doc:"1/100"`
		Tag        string          `json:"tag,omitempty" maxLength:"40"`
		Reason     string          `json:"reason,omitempty" maxLength:"200"`
		DryRun     bool            `json:"dryRun,omitempty" doc:"Say what would happen, change nothing"`
	}
}

type bulkRefusalView struct {
	ID     int64  `json:"id"`
	Stem   string `json:"stem"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

type bulkResultView struct {
	Matched int               `json:"matched"`
	Changed int               `json:"changed" doc:"The rest of those matched were so already or refused"`
	Refused []bulkRefusalView `json:"refused"`
}

var errBulkNothing = fault.New(fault.Invalid, "question.bulk_nothing")

func (s *Server) bulkQuestions(ctx context.Context, by org.Actor, in *bulkQuestionsIn) (bulkResultView, error) {
	b := &in.Body
	input := quiz.BulkInput{IDs: b.IDs, Act: b.Act, TopicID: b.TopicID, Use: b.Use, Difficulty: b.Difficulty, Tag: b.Tag, Reason: b.Reason, DryRun: b.DryRun}
	if f := b.Filter; f != nil {
		input.Filter = quiz.QuestionFilter{Query: f.Query, TopicIDs: f.Topics, Kinds: f.Kinds, States: f.States, Uses: f.Uses, Levels: f.Levels,
			Tag: f.Tag, Statute: f.Statute, Article: f.Article, Pending: f.Pending, Mine: f.Mine}
	}
	if (b.Filter == nil) == (len(b.IDs) == 0) {
		return bulkResultView{}, errBulkNothing.At("ids")
	}
	out, err := s.cfg.Bank.BulkEdit(ctx, by, input)
	return bulkResultOf(requestOf(ctx).lang, out), err
}

func bulkResultOf(lang string, r quiz.BulkResult) bulkResultView {
	return bulkResultView{Matched: r.Matched, Changed: r.Changed, Refused: viewsOf(r.Refused, func(one quiz.BulkRefusal) bulkRefusalView {
		f, _ := fault.As(one.Err)
		if len(f.Fields) > 0 {
			f = f.Fields[0]
		}
		return bulkRefusalView{one.ID, one.Stem, f.Code, sentence(lang, f.Code, f.Args)}
	})}
}

type duplicatePairView struct {
	A          questionView `json:"a"`
	B          questionView `json:"b"`
	Similarity int          `json:"similarity" doc:"1/100"`
}

type duplicateListView struct {
	Items      []duplicatePairView `json:"items"`
	NextCursor string              `json:"nextCursor,omitempty"`
	Total      int                 `json:"total" doc:"Pairs left to look at, up to 2,000"`
}

func (s *Server) listDuplicates(ctx context.Context, by org.Actor, in *Paging) (duplicateListView, error) {
	page, err := s.cfg.Bank.Duplicates(ctx, by, in.Limit, in.Cursor)
	return duplicateListView{NextCursor: page.Next, Total: page.Total, Items: viewsOf(page.Items, func(p quiz.DuplicatePair) duplicatePairView {
		return duplicatePairView{questionOf(p.A), questionOf(p.B), p.Similarity}
	})}, err
}

type markDistinctIn struct {
	Body struct {
		A int64 `json:"a" minimum:"1"`
		B int64 `json:"b" minimum:"1"`
	}
}

func (s *Server) markDistinct(ctx context.Context, by org.Actor, in *markDistinctIn) (done, error) {
	return done{}, s.cfg.Bank.MarkDistinct(ctx, by, in.Body.A, in.Body.B)
}
