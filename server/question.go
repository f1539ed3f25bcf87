package server

import (
	"context"

	"jingzhong/org"
	"jingzhong/quiz"
)

func (s *Server) listTopics(ctx context.Context, by org.Actor, in *Paging) (list[topicView], error) {
	topics, err := s.cfg.Bank.Topics(ctx, by)
	if err != nil {
		return list[topicView]{}, err
	}
	return pageOf(*in, topics, topicOf)
}

type createTopicIn struct {
	Body struct {
		Name     string `json:"name" minLength:"1" maxLength:"40"`
		ParentID int64  `json:"parentId,omitempty"`
	}
}

func (s *Server) createTopic(ctx context.Context, by org.Actor, in *createTopicIn) (topicView, error) {
	topic, err := s.cfg.Bank.CreateTopic(ctx, by, quiz.TopicInput{Name: in.Body.Name, ParentID: in.Body.ParentID})
	return topicOf(topic), err
}

// QuestionFilterIn narrows the bank; a name may be given more than once for "any of".
type QuestionFilterIn struct {
	Query   string   `query:"q" maxLength:"100" doc:"Words in stem, options and tags"`
	Topics  []int64  `query:"topic,explode" maxItems:"50"`
	Kinds   []string `query:"kind,explode" maxItems:"10" enum:"single,multiple,truefalse,fill,matching,ordering,essay,group"`
	States  []string `query:"state,explode" maxItems:"10" enum:"draft,reviewed,published,retired"`
	Uses    []string `query:"use,explode" maxItems:"10" enum:"practice,contest,both"`
	Levels  []string `query:"level,explode" maxItems:"10" enum:"easy,medium,hard"`
	Tag     string   `query:"tag" maxLength:"40"`
	Statute string   `query:"statute" maxLength:"20"`
	Article string   `query:"article" maxLength:"20"`
	Pending bool     `query:"pending" doc:"Only those with a version that awaits publication"`
	Mine    bool     `query:"mine"`
}

func (in *QuestionFilterIn) filter() quiz.QuestionFilter {
	return quiz.QuestionFilter{Query: in.Query, TopicIDs: in.Topics, Kinds: in.Kinds, States: in.States, Uses: in.Uses,
		Levels: in.Levels, Tag: in.Tag, Statute: in.Statute, Article: in.Article, Pending: in.Pending, Mine: in.Mine}
}

type listQuestionsIn struct {
	Paging
	QuestionFilterIn
	Count bool `query:"count" doc:"Also count"`
}

func (s *Server) listQuestions(ctx context.Context, by org.Actor, in *listQuestionsIn) (questionListView, error) {
	f := in.filter()
	f.Limit, f.Cursor, f.WithCount = in.Limit, in.Cursor, in.Count
	page, err := s.cfg.Bank.ListQuestions(ctx, by, f)
	return questionListOf(page, in.Count), err
}

func (s *Server) showQuestion(ctx context.Context, by org.Actor, in *ByID) (questionView, error) {
	q, err := s.cfg.Bank.FindQuestion(ctx, by, in.ID)
	return questionOf(q), err
}

// QuestionPartBody is what is asked, of a question itself or of one question of a group. Choice questions give
// options with correct, orderings options in the right order, fill-in questions blanks, true/false questions
// truth, matchings pairs and distractors, essays a rubric.
type QuestionPartBody struct {
	Kind        string        `json:"kind" enum:"single,multiple,truefalse,fill,matching,ordering,essay,group"`
	Stem        string        `json:"stem" minLength:"1" maxLength:"4000"`
	Options     []optionInput `json:"options,omitempty" maxItems:"10"`
	Blanks      [][]string    `json:"blanks,omitempty" maxItems:"20" doc:"Accepted answers of each ____ in order"`
	Truth       *bool         `json:"truth,omitempty"`
	Pairs       []pairView    `json:"pairs,omitempty" maxItems:"10"`
	Distractors []string      `json:"distractors,omitempty" maxItems:"8" doc:"Right sides of a matching that match nothing"`
	Rubric      string        `json:"rubric,omitempty" maxLength:"8000"`
	Explanation string        `json:"explanation,omitempty" maxLength:"4000"`
	Statute     string        `json:"statute,omitempty" maxLength:"20"`
	Article     string        `json:"article,omitempty" maxLength:"20"`
	Paragraph   int           `json:"paragraph,omitempty" minimum:"0" maximum:"99"`
	LawQuote    string        `json:"lawQuote,omitempty" maxLength:"4000"`
}

func (b *QuestionPartBody) input() quiz.QuestionInput {
	in := quiz.QuestionInput{Kind: b.Kind, Stem: b.Stem, Blanks: b.Blanks, Truth: b.Truth, Distractors: b.Distractors, Rubric: b.Rubric,
		Explanation: b.Explanation, Statute: b.Statute, Article: b.Article, Paragraph: b.Paragraph, LawQuote: b.LawQuote}
	for _, o := range b.Options {
		in.Options = append(in.Options, quiz.OptionInput(o))
	}
	for _, p := range b.Pairs {
		in.Pairs = append(in.Pairs, quiz.PairInput(p))
	}
	return in
}

// questionBody is everything an author sets.
type questionBody struct {
	QuestionPartBody
	Items      []QuestionPartBody `json:"items,omitempty" maxItems:"10" doc:"The questions of a group"`
	TopicID    int64              `json:"topicId" minimum:"1"`
	Use        string             `json:"use,omitempty" enum:"practice,contest,both"`
	Difficulty int                `json:"difficulty,omitempty" minimum:"0" maximum:"100"`
	Tags       []string           `json:"tags,omitempty" maxItems:"20"`
	UnitID     int64              `json:"unitId,omitempty" doc:"Owner of a new question; absent = my own unit"`
	Base       int64              `json:"base,omitempty" doc:"Edits: the version you started from; another newest one is refused"`
	Publish    bool               `json:"publish,omitempty" doc:"Publish at once if I may"`
}

type optionInput struct {
	ID      int64  `json:"id,omitempty" doc:"The option of an earlier version that this one rewords; absent = new"`
	Text    string `json:"text" minLength:"1" maxLength:"1000"`
	Fixed   bool   `json:"fixed,omitempty" doc:"Keeps its place when options are shuffled"`
	Correct bool   `json:"correct,omitempty"`
	Weight  *int64 `json:"weight,omitempty" minimum:"-100000" maximum:"100000" doc:"What it earns when options are weighted, 1/100,000 of the points"`
}

func (b *questionBody) input() quiz.QuestionInput {
	in := b.QuestionPartBody.input()
	in.TopicID, in.Use, in.Difficulty, in.Tags, in.UnitID = b.TopicID, b.Use, b.Difficulty, b.Tags, b.UnitID
	in.Base, in.Publish = b.Base, b.Publish
	for _, part := range b.Items {
		in.Items = append(in.Items, part.input())
	}
	return in
}

type createQuestionIn struct{ Body questionBody }

func (s *Server) createQuestion(ctx context.Context, by org.Actor, in *createQuestionIn) (questionView, error) {
	q, err := s.cfg.Bank.CreateQuestion(ctx, by, in.Body.input())
	return questionOf(q), err
}

type editQuestionIn struct {
	ByID
	Body questionBody
}

func (s *Server) editQuestion(ctx context.Context, by org.Actor, in *editQuestionIn) (questionView, error) {
	q, err := s.cfg.Bank.EditQuestion(ctx, by, in.ID, in.Body.input())
	return questionOf(q), err
}

func (s *Server) publishQuestion(ctx context.Context, by org.Actor, in *ByID) (questionView, error) {
	q, err := s.cfg.Bank.PublishQuestion(ctx, by, in.ID)
	return questionOf(q), err
}

func (s *Server) retireQuestion(ctx context.Context, by org.Actor, in *reasonIn) (questionView, error) {
	q, err := s.cfg.Bank.RetireQuestion(ctx, by, in.ID, in.Body.Reason)
	return questionOf(q), err
}

func (s *Server) listQuestionVersions(ctx context.Context, by org.Actor, in *pagedByID) (list[questionVersionView], error) {
	versions, err := s.cfg.Bank.QuestionVersions(ctx, by, in.ID)
	if err != nil {
		return list[questionVersionView]{}, err
	}
	return pageOf(in.Paging, versions, questionVersionOf)
}
