package quiz

import "jingzhong/fault"

// The kinds of question, as the API and the workbook's type column spell them.
const (
	KindSingle    = "single"
	KindMultiple  = "multiple"
	KindTrueFalse = "truefalse"
	KindFill      = "fill"
	KindMatching  = "matching"
	KindOrdering  = "ordering"
	KindEssay     = "essay"
	KindGroup     = "group"
)

// The states of a question. A question whose edit awaits a reviewer stays published with its old version.
const (
	QuestionDraft     = "draft"
	QuestionReviewed  = "reviewed" // a second person has approved it; it was never published
	QuestionPublished = "published"
	QuestionRetired   = "retired"

	questionImporting = "importing" // part of an import that is being applied; nobody sees it yet
)

// What a question may be used for. Contest-only questions are embargoed while a contest that may draw them
// is scheduled or open (security.md).
const (
	UsePractice = "practice"
	UseContest  = "contest"
	UseBoth     = "both"
)

// Difficulty is the expected share of right answers in 1/100; these are the setter's three words
// (rules-contest 5.13).
const (
	DifficultyEasy   = 80
	DifficultyMedium = 60
	DifficultyHard   = 40
)

// Blank marks a gap in the stem of a fill-in question.
const Blank = "____"

// The two options of every true/false question.
const (
	optRight int64 = 1
	optWrong int64 = 2
)

// Option is one option of a version. Its id is unique within the question and stays the same when a later
// version rewords it; Fixed options keep their place when a paper is shuffled.
type Option struct {
	ID    int64  `json:"id"`
	Text  string `json:"text"`
	Fixed bool   `json:"fixed,omitempty"`
}

// QuestionPart is what is asked: of a version itself, or one question of a group. It never holds the key.
type QuestionPart struct {
	Kind        string   `json:"kind"`
	Stem        string   `json:"stem"`
	Options     []Option `json:"options,omitempty"`     // in the author's order (of an ordering and a matching: shuffled for readers without the key); empty for fill-in and essay
	Lefts       []string `json:"lefts,omitempty"`       // of a matching, whose options are the right sides
	Explanation string   `json:"explanation,omitempty"` // empty for readers who may not see the key
	Statute     string   `json:"statute,omitempty"`     // code, e.g. "BMF"
	Article     string   `json:"article,omitempty"`     // "26", "219-1" for 第二百一十九条之一, "M" for the title note
	Paragraph   int      `json:"paragraph,omitempty"`   // 款, 0 = the whole article
	LawQuote    string   `json:"lawQuote,omitempty"`    // empty for readers who may not see the key
}

// QuestionVersion is one immutable state of a question. Items are the questions of a group.
type QuestionVersion struct {
	QuestionPart
	ID         int64
	QuestionID int64
	No         int
	Items      []QuestionPart
	Topic      Topic
	Use        string
	Difficulty int // expected share of right answers, 1/100
	Tags       []string
	AuthorID   int64
	AuthorName string
	CreatedAt  int64    // ms UTC
	Reviews    []Review // oldest first; only from QuestionVersions
}

// Question is a question with the version its reader works on: the one awaiting publication for those who
// write and review it, the published one for everybody else.
type Question struct {
	ID          int64
	State       string
	Topic       Topic
	Use         string
	UnitID      int64
	UnitName    string
	AuthorID    int64
	AuthorName  string
	Version     QuestionVersion
	PublishedID int64  // version in force, 0 = never published
	Pending     bool   // Version awaits publication
	Embargoed   bool   // a scheduled or open contest may draw it
	CreatedAt   int64  // ms UTC
	UpdatedAt   int64  // ms UTC
	Review      Review // the newest judgement of Version
	Exposure    Exposure
	Key         *Key // only from FindQuestion, and only for readers who may see keys
	Warnings    []Warning
	Measured    *Measured // nil before its first contest
	MayEdit     bool
	MayReview   bool
	MayPublish  bool
	MaySeeKey   bool
}

// Warning says what a person should look at although nothing forbids the question. Codes: law.old_text and
// law.old_article (Note is our sentence, Statute and Article where the law in force stands),
// question.option_fixed, question.one_key.
type Warning struct {
	Code    string
	Field   string
	Phrase  string // the words it is about
	Statute string
	Article string
	Note    string
}

// OptionInput is an option as its author writes it. ID names the option of an earlier version that this one
// rewords; 0 makes a new one.
type OptionInput struct {
	ID      int64
	Text    string
	Fixed   bool
	Correct bool
	Weight  *int64 // what it earns under M4, 1/100,000 of the points; nil = the key alone decides
}

// PairInput is a right pair of a matching.
type PairInput struct{ Left, Right string }

// QuestionInput is everything an author sets. Choice questions give Options with Correct, orderings Options
// in the right order, fill-in questions Blanks (the accepted answers of each ____ in order), true/false
// questions Truth, matchings Pairs and Distractors, essays a Rubric, groups Items (of which only what is
// asked, its key, explanation and citation count).
type QuestionInput struct {
	Kind        string
	Stem        string
	Options     []OptionInput
	Blanks      [][]string
	Truth       *bool
	Pairs       []PairInput
	Distractors []string
	Rubric      string
	Items       []QuestionInput
	Explanation string
	Statute     string
	Article     string
	Paragraph   int
	LawQuote    string
	TopicID     int64
	Use         string // empty = both
	Difficulty  int    // 1/100; 0 = medium
	Tags        []string
	UnitID      int64 // owner of a new question; 0 = the author's own unit
	Base        int64 // EditQuestion: the version the author started from; 0 = whatever is newest
	Publish     bool  // publish at once if the author may
}

// QuestionFilter narrows ListQuestions and Export; the zero value lists all that the reader may see.
type QuestionFilter struct {
	Query     string // words in stem, options, tags and, for those who may see keys, the explanation
	TopicIDs  []int64
	Kinds     []string
	States    []string
	Uses      []string
	Levels    []string // easy, medium, hard
	Tag       string
	Statute   string
	Article   string
	Pending   bool // only those with a version that awaits publication
	Mine      bool // only the reader's own
	Limit     int  // 1-200, 0 = 50
	Cursor    string
	WithCount bool // fill Total and Facets
}

// Facets count the questions that match the filter, each dimension as if its own part of the filter were
// not set.
type Facets struct {
	Topics map[int64]int64
	Kinds  map[string]int64
	States map[string]int64
	Levels map[string]int64
	Uses   map[string]int64
}

// QuestionPage is one page of a list; Next is empty on the last one.
type QuestionPage struct {
	Items  []Question
	Next   string
	Total  int64
	Facets Facets
}

// Faults of questions.
var (
	ErrQuestionNotFound  = fault.New(fault.NotFound, "question.not_found")
	ErrQuestionInvalid   = fault.New(fault.Invalid, "question.invalid")
	ErrQuestionStale     = fault.New(fault.Precondition, "question.stale")
	ErrQuestionState     = fault.New(fault.Conflict, "question.state")
	ErrQuestionEmbargoed = fault.New(fault.Conflict, "question.embargoed")
	ErrQuestionOwnReview = fault.New(fault.Denied, "question.own_review")
	ErrQuestionCursor    = fault.New(fault.Invalid, "question.cursor")
	ErrQuestionLimit     = fault.New(fault.Invalid, "question.limit")
	ErrQuestionUnit      = fault.New(fault.NotFound, "question.unit_unknown")

	errKindUnknown     = fault.New(fault.Invalid, "question.kind_unknown")
	errUseUnknown      = fault.New(fault.Invalid, "question.use_unknown")
	errTopicUnknown    = fault.New(fault.Invalid, "question.topic_unknown")
	errTopicMissing    = fault.New(fault.Invalid, "question.topic_missing")
	errStemMissing     = fault.New(fault.Invalid, "question.stem_missing")
	errTextLong        = fault.New(fault.Invalid, "question.text_too_long")
	errTextControl     = fault.New(fault.Invalid, "question.text_control")
	errOptionsFew      = fault.New(fault.Invalid, "question.options_few")
	errOptionsMany     = fault.New(fault.Invalid, "question.options_many")
	errOptionsUnwanted = fault.New(fault.Invalid, "question.options_unwanted")
	errOptionEmpty     = fault.New(fault.Invalid, "question.option_empty")
	errOptionRepeated  = fault.New(fault.Invalid, "question.option_repeated")
	errOptionUnknown   = fault.New(fault.Invalid, "question.option_unknown")
	errKeyMissing      = fault.New(fault.Invalid, "question.key_missing")
	errKeySingle       = fault.New(fault.Invalid, "question.key_single")
	errKeyMultiple     = fault.New(fault.Invalid, "question.key_multiple")
	errBlanksMismatch  = fault.New(fault.Invalid, "question.blanks_mismatch")
	errBlankEmpty      = fault.New(fault.Invalid, "question.blank_empty")
	errBlanksMany      = fault.New(fault.Invalid, "question.blanks_many")
	errWeight          = fault.New(fault.Invalid, "question.weight")
	errPairs           = fault.New(fault.Invalid, "question.pairs")
	errRubricMissing   = fault.New(fault.Invalid, "question.rubric_missing")
	errParts           = fault.New(fault.Invalid, "question.items")
	errDifficulty      = fault.New(fault.Invalid, "question.difficulty")
	errTagsMany        = fault.New(fault.Invalid, "question.tags")
	errLevelUnknown    = fault.New(fault.Invalid, "question.level_unknown")
	errStateUnknown    = fault.New(fault.Invalid, "question.state_unknown")
)
