package quiz

import (
	"slices"

	"jingzhong/quiz/exchange"
)

// questionKind is all that tells one kind of question from another. Each kind is one file, kind_*.go, which
// registers itself; nothing else in the bank or the engine asks what kind a question is of.
type questionKind interface {
	// check judges what an author wrote and fills in what the version keeps.
	check(c *checker, in QuestionInput, out *content)
	// taught are the sentences besides the stem that the question presents as true, for the law check.
	taught(q content) []string
	// words are what a search finds besides the stem; a question with the same stem and words asks the same.
	words(q content) []string
	// shape says how the question stands on a paper and what an answer to it may hold.
	shape(q leaf) shape
	// mark scores an answer (rules-contest 5.4).
	mark(m marking) Marked
	// export and read turn the question into an exchange item and an item into an input.
	export(v QuestionVersion, key Key, it *exchange.Item)
	read(it exchange.Item, in *QuestionInput)
}

// shape is how a question stands on a paper. An answer holds at most picks places in choice and texts strings
// of at most runes characters.
type shape struct {
	shuffle bool // options change places
	picks   int
	repeat  bool // a place may stand twice, and 0 stands for none
	texts   int
	runes   int
	guess   float64 // share of the points that somebody earns who picks blindly
	table   bool    // each option is picked or not: the analysis counts who picked it
	extra   []byte  // fields of the contestant's view besides stem and options, each with a comma before it
}

// leaf is one answerable question of a version as the engine reads it from the bank: everything but the key.
// A group has one leaf for each of its questions, any other version one.
type leaf struct {
	kind    string
	stem    string
	options []poolOption
	lefts   []string
}

// marking is one answer against its key. picks are option ids in the order of the answer, 0 for a place left
// open; points are what the slot is worth, 1/100 point.
type marking struct {
	mode    Scoring
	points  int64
	options []int64 // ids in the author's order
	key     Key
	picks   []int64
	texts   []string
}

var (
	kinds     = map[string]questionKind{}
	kindPlace = map[string]int{}
)

// register makes a kind known; place is where it stands in lists of kinds.
func register(name string, place int, k questionKind) struct{} {
	kinds[name], kindPlace[name] = k, place
	return struct{}{}
}

// KindNames are all kinds of question in the order of lists.
func KindNames() []string {
	names := make([]string, 0, len(kinds))
	for name := range kinds {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return kindPlace[a] - kindPlace[b] })
	return names
}

// plain is what most kinds have in common: nothing more on the paper, nothing taught, nothing found.
type plain struct{}

func (plain) taught(content) []string { return nil }
func (plain) words(content) []string  { return nil }

// optionTexts are the texts of the options, for kinds whose options are part of the question.
func (q content) optionTexts() []string {
	texts := make([]string, len(q.options))
	for i, o := range q.options {
		texts[i] = o.Text
	}
	return texts
}

func exportOptions(v QuestionVersion, it *exchange.Item) {
	for _, o := range v.Options {
		it.Options = append(it.Options, exchange.Option{Text: o.Text, Fixed: o.Fixed})
	}
}
