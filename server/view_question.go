package server

import (
	"jingzhong/quiz"
)

type topicView struct {
	ID       int64  `json:"id"`
	ParentID int64  `json:"parentId,omitempty"`
	Name     string `json:"name"`
	Sort     int    `json:"sort"`
}

func topicOf(t quiz.Topic) topicView {
	return topicView{ID: t.ID, ParentID: t.ParentID, Name: t.Name, Sort: t.Sort}
}

// questionView is a question as its reader may see it. Key is there only for FindQuestion and only for those
// who may see keys; no route of a contestant carries this view.
type questionView struct {
	ID          int64               `json:"id"`
	State       string              `json:"state" enum:"draft,reviewed,published,retired"`
	Topic       ref                 `json:"topic"`
	Use         string              `json:"use" enum:"practice,contest,both"`
	Unit        ref                 `json:"unit"`
	Author      ref                 `json:"author"`
	Version     questionVersionView `json:"version"`
	PublishedID int64               `json:"publishedId" doc:"The version in force; 0 = never published"`
	Pending     bool                `json:"pending" doc:"This version awaits publication"`
	Embargoed   bool                `json:"embargoed" doc:"A scheduled or open contest may draw it"`
	CreatedAt   stamp               `json:"createdAt"`
	UpdatedAt   stamp               `json:"updatedAt"`
	Key         *keyView            `json:"key,omitempty"`
	Warnings    []lawWarningView    `json:"warnings"`
	Review      *questionReviewView `json:"review,omitempty" doc:"The newest judgement of this version"`
	Exposure    exposureView        `json:"exposure"`
	Measured    *measuredView       `json:"measured,omitempty" doc:"Absent before its first contest"`
	MayEdit     bool                `json:"mayEdit"`
	MayReview   bool                `json:"mayReview"`
	MayPublish  bool                `json:"mayPublish"`
	MaySeeKey   bool                `json:"maySeeKey"`
}

// questionReviewView is a second person's judgement of a version.
type questionReviewView struct {
	Decision string `json:"decision" enum:"approve,return"`
	Note     string `json:"note"`
	Reviewer ref    `json:"reviewer"`
	At       stamp  `json:"at"`
}

func questionReviewOf(r quiz.Review) questionReviewView {
	return questionReviewView{r.Decision, r.Note, ref{r.ReviewerID, r.ReviewerName}, stampOf(r.At)}
}

// exposureView counts graded papers that held the question.
type exposureView struct {
	Drawn    int64 `json:"drawn"`
	Answered int64 `json:"answered"`
}

type keyView struct {
	Options []int64    `json:"options" doc:"Ids of the right options"`
	Blanks  [][]string `json:"blanks" doc:"Accepted answers of each blank"`
	Rubric  string     `json:"rubric,omitempty" doc:"Of an essay"`
	Weights []int64    `json:"weights,omitempty" doc:"Of the options, 1/100,000 of the points"`
	Parts   []keyView  `json:"parts,omitempty" doc:"Of the questions of a group"`
}

func keyOf(k quiz.Key) keyView {
	v := keyView{Options: notNil(k.Options), Blanks: notNil(k.Blanks), Rubric: k.Rubric, Weights: k.Weights}
	for _, part := range k.Parts {
		v.Parts = append(v.Parts, keyOf(part))
	}
	return v
}

type pairView struct {
	Left  string `json:"left" minLength:"1" maxLength:"1000"`
	Right string `json:"right" minLength:"1" maxLength:"1000"`
}

// QuestionPartView is what is asked, without its key.
type QuestionPartView struct {
	Kind        string       `json:"kind" enum:"single,multiple,truefalse,fill,matching,ordering,essay,group"`
	Stem        string       `json:"stem"`
	Options     []optionView `json:"options"`
	Lefts       []string     `json:"lefts,omitempty" doc:"Of a matching, whose options are the right sides"`
	Explanation string       `json:"explanation"`
	Statute     string       `json:"statute" doc:"Code of the statute"`
	Article     string       `json:"article"`
	Paragraph   int          `json:"paragraph" doc:"0 = the whole article"`
	LawQuote    string       `json:"lawQuote"`
}

func questionPartOf(p quiz.QuestionPart) QuestionPartView {
	return QuestionPartView{Kind: p.Kind, Stem: p.Stem, Lefts: p.Lefts,
		Options:     viewsOf(p.Options, func(o quiz.Option) optionView { return optionView{o.ID, o.Text, o.Fixed} }),
		Explanation: p.Explanation, Statute: p.Statute, Article: p.Article, Paragraph: p.Paragraph, LawQuote: p.LawQuote}
}

type lawWarningView struct {
	Code    string `json:"code"`
	Field   string `json:"field"`
	Phrase  string `json:"phrase"`
	Statute string `json:"statute"`
	Article string `json:"article"`
	Note    string `json:"note"`
}

type questionVersionView struct {
	QuestionPartView
	ID         int64                `json:"id"`
	No         int                  `json:"no"`
	Items      []QuestionPartView   `json:"items,omitempty" doc:"The questions of a group"`
	Topic      ref                  `json:"topic"`
	Use        string               `json:"use"`
	Difficulty int                  `json:"difficulty" doc:"Expected share of right answers, 1/100"`
	Tags       []string             `json:"tags"`
	Author     ref                  `json:"author"`
	CreatedAt  stamp                `json:"createdAt"`
	Reviews    []questionReviewView `json:"reviews,omitempty" doc:"Oldest first; in the list of versions"`
}

type optionView struct {
	ID    int64  `json:"id"`
	Text  string `json:"text"`
	Fixed bool   `json:"fixed"`
}

func questionVersionOf(v quiz.QuestionVersion) questionVersionView {
	items, reviews := viewsOf(v.Items, questionPartOf), viewsOf(v.Reviews, questionReviewOf)
	if len(items) == 0 {
		items = nil
	}
	if len(reviews) == 0 {
		reviews = nil
	}
	return questionVersionView{QuestionPartView: questionPartOf(v.QuestionPart), ID: v.ID, No: v.No, Items: items,
		Topic: ref{v.Topic.ID, v.Topic.Name}, Use: v.Use, Difficulty: v.Difficulty, Tags: notNil(v.Tags),
		Author: ref{v.AuthorID, v.AuthorName}, CreatedAt: stampOf(v.CreatedAt), Reviews: reviews}
}

func questionOf(q quiz.Question) questionView {
	v := questionView{ID: q.ID, State: q.State, Topic: ref{q.Topic.ID, q.Topic.Name}, Use: q.Use, Unit: ref{q.UnitID, q.UnitName},
		Author: ref{q.AuthorID, q.AuthorName}, Version: questionVersionOf(q.Version), PublishedID: q.PublishedID,
		Pending: q.Pending, Embargoed: q.Embargoed, CreatedAt: stampOf(q.CreatedAt), UpdatedAt: stampOf(q.UpdatedAt),
		Warnings: viewsOf(q.Warnings, lawWarningOf), MayEdit: q.MayEdit, MayReview: q.MayReview, MayPublish: q.MayPublish, MaySeeKey: q.MaySeeKey,
		Exposure: exposureView(q.Exposure), Measured: measuredOf(q.Measured)}
	if q.Review.Decision != "" {
		review := questionReviewOf(q.Review)
		v.Review = &review
	}
	if q.Key != nil {
		key := keyOf(*q.Key)
		v.Key = &key
	}
	return v
}

func lawWarningOf(w quiz.Warning) lawWarningView {
	return lawWarningView{Code: w.Code, Field: w.Field, Phrase: w.Phrase, Statute: w.Statute, Article: w.Article, Note: w.Note}
}

type questionListView struct {
	Items      []questionView `json:"items"`
	NextCursor *string        `json:"nextCursor" nullable:"true"`
	Total      *int64         `json:"total,omitempty" doc:"With count=true"`
	Facets     *facetsView    `json:"facets,omitempty" doc:"With count=true: how many match, each dimension as if its own part of the filter were not set"`
}

type facetsView struct {
	Topics map[int64]int64  `json:"topics"`
	Kinds  map[string]int64 `json:"kinds"`
	States map[string]int64 `json:"states"`
	Levels map[string]int64 `json:"levels"`
	Uses   map[string]int64 `json:"uses"`
}

func questionListOf(p quiz.QuestionPage, counted bool) questionListView {
	v := questionListView{Items: viewsOf(p.Items, questionOf), NextCursor: cursorOf(p.Next)}
	if counted {
		f := facetsView(p.Facets)
		v.Total, v.Facets = &p.Total, &f
	}
	return v
}
