package seed

import (
	"embed"
	"fmt"
	"strconv"
	"strings"

	"jingzhong/quiz"
	"jingzhong/quiz/exchange"
)

//go:embed bank/*.tsv
var bankFiles embed.FS

// topicFiles are the bank's files in the order of the topics; qingjing holds the scenes of daily work, which
// belong to the topics of their facts.
var topicFiles = []string{"zongze", "dingmi", "zaiti", "renyuan", "xitong", "bangong", "shouji", "rengong", "huiyi",
	"jiandu", "zeren", "jiating", "chuguo", "qingjing"}

// Fact is one sentence of law that questions are written from. Terms are the words or figures that decide an
// answer; Quote is the statute's own wording.
type Fact struct {
	ID        string
	Topic     string
	Statute   string
	Article   string
	Paragraph int // 款, 0 = the article has only one
	Truth     string
	Terms     []string
	Quote     string
}

// Question is one question of the demo's bank.
type Question struct {
	No          string
	Fact        Fact
	Kind        string // quiz.KindSingle and so on
	Difficulty  int    // expected share of right answers, 1/100
	Use         string
	Stem        string
	Options     []string
	Correct     []int           // indexes of Options, of an ordering in the right order; of a true/false question 0 = right, 1 = wrong
	Blanks      [][]string      // accepted answers of each blank
	Pairs       []exchange.Pair // of a matching, whose Distractors match nothing
	Distractors []string
	Rubric      []string // marking points of an essay, each with its share of ten points: 要点（4分）
	Explanation string
	Tags        []string
}

var levels = map[string]int{"易": quiz.DifficultyEasy, "中": quiz.DifficultyMedium, "难": quiz.DifficultyHard}

// Facts reads the embedded facts in the order of the topics.
func Facts() ([]Fact, error) {
	var facts []Fact
	for _, slug := range topicFiles {
		part, err := readFacts(slug)
		if err != nil {
			return nil, err
		}
		facts = append(facts, part...)
	}
	return facts, nil
}

func readFacts(slug string) ([]Fact, error) {
	name := "bank/" + slug + ".facts.tsv"
	text, err := bankFiles.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("seed: %w", err)
	}
	rows, err := table(name, string(text), 8)
	if err != nil {
		return nil, err
	}
	facts := make([]Fact, len(rows))
	for i, c := range rows {
		f := Fact{ID: c[0], Topic: c[1], Statute: c[2], Article: c[3], Truth: c[5], Terms: strings.Split(c[6], "|"), Quote: c[7]}
		if c[4] != "" {
			if f.Paragraph, err = strconv.Atoi(c[4]); err != nil {
				return nil, fmt.Errorf("seed: %s: %s: paragraph: %w", name, f.ID, err)
			}
		}
		facts[i] = f
	}
	return facts, nil
}

// factsByID finds a fact wherever it stands: a scene or a case may rest on the fact of any topic.
func factsByID() (map[string]Fact, error) {
	facts, err := Facts()
	byID := make(map[string]Fact, len(facts))
	for _, f := range facts {
		if other, twice := byID[f.ID]; twice {
			return nil, fmt.Errorf("seed: fact %s is in %s and in %s", f.ID, other.Topic, f.Topic)
		}
		byID[f.ID] = f
	}
	return byID, err
}

// Questions reads the embedded questions in the order of the topics.
func Questions() ([]Question, error) {
	byID, err := factsByID()
	if err != nil {
		return nil, err
	}
	var questions []Question
	for _, slug := range topicFiles {
		part, err := readQuestions(slug, byID)
		if err != nil {
			return nil, err
		}
		questions = append(questions, part...)
	}
	for i := range questions {
		questions[i].Use = useOf(i)
		switch questions[i].Kind {
		case quiz.KindMatching, quiz.KindOrdering, quiz.KindEssay:
			questions[i].Use = quiz.UsePractice // the contests played here are made of the other four kinds
		}
	}
	return questions, nil
}

// useOf spreads the uses evenly: of ten questions four only for contests, three only for practice, three for
// both, so that the embargo of a contest has something to hold back and practice something to show.
func useOf(i int) string {
	switch i % 10 {
	case 0, 3, 5, 8:
		return quiz.UseContest
	case 1, 4, 7:
		return quiz.UsePractice
	}
	return quiz.UseBoth
}

func readQuestions(slug string, facts map[string]Fact) ([]Question, error) {
	name := "bank/" + slug + ".questions.tsv"
	text, err := bankFiles.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("seed: %w", err)
	}
	rows, err := table(name, string(text), 14)
	if err != nil {
		return nil, err
	}
	questions := make([]Question, len(rows))
	for i, c := range rows {
		if questions[i], err = readQuestion(c, facts); err != nil {
			return nil, fmt.Errorf("seed: %s: %s: %w", name, c[0], err)
		}
	}
	return questions, nil
}

func readQuestion(c []string, facts map[string]Fact) (Question, error) {
	fact, ok := facts[c[1]]
	if !ok {
		return Question{}, fmt.Errorf("%q names no fact", c[1])
	}
	q := Question{No: c[0], Fact: fact, Kind: c[2], Difficulty: levels[c[3]], Stem: c[4], Explanation: c[12],
		Tags: strings.Fields(c[13])}
	for _, option := range c[5:11] {
		if option != "" {
			q.Options = append(q.Options, option)
		}
	}
	return q, q.readKey(c[11])
}

// readKey reads "BCD" (of an ordering in the right order), 对 or 错, the blanks' accepted answers
// "24|二十四||…", the pairs "左|右||左|右" or the marking points "要点（4分）||…".
func (q *Question) readKey(key string) error {
	switch q.Kind {
	case quiz.KindSingle, quiz.KindMultiple, quiz.KindOrdering:
		for _, letter := range key {
			at := int(letter - 'A')
			if at < 0 || at >= len(q.Options) {
				return fmt.Errorf("key %q names no option", key)
			}
			q.Correct = append(q.Correct, at)
		}
	case quiz.KindTrueFalse:
		at := strings.Index("对错", key)
		if key == "" || at < 0 {
			return fmt.Errorf("key %q is neither 对 nor 错", key)
		}
		q.Correct = []int{at / len("对")}
	case quiz.KindFill:
		for _, blank := range strings.Split(key, "||") {
			q.Blanks = append(q.Blanks, strings.Split(blank, "|"))
		}
	case quiz.KindMatching:
		for _, pair := range strings.Split(key, "||") {
			left, right, ok := strings.Cut(pair, "|")
			if !ok {
				return fmt.Errorf("pair %q has one side", pair)
			}
			q.Pairs = append(q.Pairs, exchange.Pair{Left: left, Right: right})
		}
		q.Distractors, q.Options = q.Options, nil
	case quiz.KindEssay:
		q.Rubric = strings.Split(key, "||")
	default:
		return fmt.Errorf("kind %q", q.Kind)
	}
	return nil
}
