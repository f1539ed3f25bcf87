package seed

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"jingzhong/law"
	"jingzhong/quiz"
	"jingzhong/quiz/exchange"
)

var signs = regexp.MustCompile(`[\s，。、；：！？,.;:!?“”"‘’（）()《》]`)

// bare is a text without width, case and punctuation: what two readers would call the same.
func bare(s string) string { return strings.ToLower(signs.ReplaceAllString(norm.NFKC.String(s), "")) }

func holdsTerm(text string, terms []string) bool {
	return slices.ContainsFunc(terms, func(t string) bool { return strings.Contains(bare(text), bare(t)) })
}

func demoBank(t *testing.T) ([]Question, []Fact) {
	t.Helper()
	questions, err := Questions()
	if err != nil {
		t.Fatal(err)
	}
	facts, err := Facts()
	if err != nil {
		t.Fatal(err)
	}
	return questions, facts
}

func TestFactsPointIntoStatutesInForce(t *testing.T) {
	_, facts := demoBank(t)
	seen := map[string]bool{}
	for _, f := range facts {
		if err := law.Check(f.Statute, f.Article); err != nil {
			t.Errorf("%s: %v", f.ID, err)
		}
		s, _ := law.Find(f.Statute)
		if s.Status != "现行有效" {
			t.Errorf("%s cites %s, which is %s", f.ID, s.Name, s.Status)
		}
		if key := f.Topic + f.ID; seen[key] {
			t.Errorf("%s twice in %s", f.ID, f.Topic)
		} else {
			seen[key] = true
		}
		if f.Terms[0] == "" || f.Truth == "" || len([]rune(f.Quote)) < 6 {
			t.Errorf("%s: no term, truth or quotation", f.ID)
		}
		if bare(f.Truth) == bare(f.Quote) {
			t.Errorf("%s: the truth only repeats the statute", f.ID)
		}
	}
}

func TestBankCoversTopicsKindsAndUses(t *testing.T) {
	questions, _ := demoBank(t)
	if len(questions) < 1000 {
		t.Fatalf("%d questions, want at least 1,000", len(questions))
	}
	topics, kinds, uses, levels, stems := map[string]int{}, map[string]int{}, map[string]int{}, map[int]int{}, map[string]string{}
	for _, q := range questions {
		topics[q.Fact.Topic]++
		kinds[q.Kind]++
		uses[q.Use]++
		levels[q.Difficulty]++
		if other, ok := stems[bare(q.Stem)]; ok {
			t.Errorf("%s asks what %s asks", q.No, other)
		}
		stems[bare(q.Stem)] = q.No
	}
	if len(topics) != 13 || len(kinds) != 7 || len(levels) != 3 || levels[0] > 0 {
		t.Errorf("topics %v, kinds %v, levels %v", topics, kinds, levels)
	}
	if uses[quiz.UseContest]*10 < 3*len(questions) || uses[quiz.UsePractice] == 0 || uses[quiz.UseBoth] == 0 {
		t.Errorf("uses %v: at least 30 %% must be for contests alone", uses)
	}
}

func TestKeysHoldTheFact(t *testing.T) {
	questions := everyQuestion(t)
	for _, q := range questions {
		switch q.Kind {
		case quiz.KindSingle, quiz.KindMultiple:
			var right []string
			for _, at := range q.Correct {
				right = append(right, q.Options[at])
			}
			if !slices.ContainsFunc(right, func(o string) bool { return holdsTerm(o, q.Fact.Terms) }) {
				t.Errorf("%s: no right option holds a term of %s", q.No, q.Fact.ID)
			}
			if q.Kind == quiz.KindSingle && (len(q.Options) != 4 || len(q.Correct) != 1) {
				t.Errorf("%s: a single choice has four options and one key", q.No)
			}
			if q.Kind == quiz.KindMultiple && (len(q.Options) < 4 || len(q.Correct) < 2) {
				t.Errorf("%s: a multiple choice has four options or more and two keys", q.No)
			}
		case quiz.KindTrueFalse:
			where := q.Stem
			if q.Correct[0] == 1 {
				where = q.Explanation
			}
			if !holdsTerm(where, q.Fact.Terms) {
				t.Errorf("%s: the statement (or, when false, its explanation) holds no term of %s", q.No, q.Fact.ID)
			}
		case quiz.KindFill:
			if exchange.CountBlanks(q.Stem) != len(q.Blanks) {
				t.Errorf("%s: %d blanks, %d answers", q.No, exchange.CountBlanks(q.Stem), len(q.Blanks))
			}
			if !slices.ContainsFunc(slices.Concat(q.Blanks...), func(v string) bool {
				return holdsTerm(v, q.Fact.Terms) || slices.ContainsFunc(q.Fact.Terms, func(t string) bool { return strings.Contains(bare(t), bare(v)) })
			}) {
				t.Errorf("%s: no answer is a term of %s", q.No, q.Fact.ID)
			}
		case exchange.Matching:
			checkMatching(t, q)
		case exchange.Ordering:
			checkOrdering(t, q)
		case exchange.Essay:
			checkEssay(t, q)
		default:
			t.Errorf("%s: kind %s", q.No, q.Kind)
		}
	}
}

// checkMatching: each side is said once, so that every left has one right answer; distractors match nothing.
func checkMatching(t *testing.T, q Question) {
	t.Helper()
	var rights, sides []string
	seen := map[string]bool{}
	for _, p := range q.Pairs {
		if seen["left"+bare(p.Left)] || bare(p.Left) == "" || bare(p.Right) == "" {
			t.Errorf("%s: %q does not stand once on the left", q.No, p.Left)
		}
		seen["left"+bare(p.Left)] = true
		rights, sides = append(rights, p.Right), append(sides, p.Left, p.Right)
	}
	for _, r := range append(rights, q.Distractors...) {
		if seen[bare(r)] {
			t.Errorf("%s: %q stands twice on the right", q.No, r)
		}
		seen[bare(r)] = true
	}
	if len(q.Pairs) < 3 || !holdsTerm(strings.Join(sides, "\n"), q.Fact.Terms) {
		t.Errorf("%s: %d pairs, or none with a term of %s", q.No, len(q.Pairs), q.Fact.ID)
	}
}

// checkOrdering: the key takes each step once, is not the order shown, and read in it the steps hold a term.
func checkOrdering(t *testing.T, q Question) {
	t.Helper()
	var steps string
	for _, at := range q.Correct {
		steps += q.Options[at]
	}
	every := slices.Sorted(slices.Values(q.Correct))
	if len(q.Options) < 3 || len(every) != len(q.Options) || len(slices.Compact(every)) != len(q.Options) || slices.IsSorted(q.Correct) {
		t.Errorf("%s: key %v of %d steps", q.No, q.Correct, len(q.Options))
	}
	if !holdsTerm(steps, q.Fact.Terms) {
		t.Errorf("%s: no step holds a term of %s", q.No, q.Fact.ID)
	}
}

var share = regexp.MustCompile(`（(\d+)分）$`)

// checkEssay: at least three marking points whose shares make ten, one of them with a term of the fact.
func checkEssay(t *testing.T, q Question) {
	t.Helper()
	sum := 0
	for _, point := range q.Rubric {
		m := share.FindStringSubmatch(point)
		if m == nil {
			t.Errorf("%s: %q has no share of the points", q.No, point)
			continue
		}
		n, _ := strconv.Atoi(m[1])
		sum += n
	}
	if len(q.Rubric) < 3 || sum != 10 || !holdsTerm(strings.Join(q.Rubric, "\n"), q.Fact.Terms) {
		t.Errorf("%s: %d marking points of %d points together, or none with a term of %s", q.No, len(q.Rubric), sum, q.Fact.ID)
	}
}

// TestDistractorsAreNotTrue: what another fact says of the same article must not be marked wrong.
func TestDistractorsAreNotTrue(t *testing.T) {
	_, facts := demoBank(t)
	questions := everyQuestion(t)
	for _, q := range questions {
		if q.Kind != quiz.KindSingle && q.Kind != quiz.KindMultiple {
			continue
		}
		options := map[string]bool{}
		for i, option := range q.Options {
			if options[bare(option)] {
				t.Errorf("%s: %q twice", q.No, option)
			}
			options[bare(option)] = true
			if slices.Contains(q.Correct, i) {
				continue
			}
			for _, f := range facts {
				if f.Statute != q.Fact.Statute || f.Article != q.Fact.Article {
					continue
				}
				for _, truth := range append([]string{f.Truth}, f.Terms...) {
					if bare(truth) == bare(option) {
						t.Errorf("%s: the distractor %q is true by %s", q.No, option, f.ID)
					}
				}
			}
			if strings.Contains(option, "以上都") || strings.Contains(option, "以上均") {
				t.Errorf("%s: %q cannot be shuffled", q.No, option)
			}
		}
	}
}

func TestExplanationsCiteTheArticle(t *testing.T) {
	questions := everyQuestion(t)
	for _, q := range questions {
		found := slices.ContainsFunc(law.Citations(q.Explanation), func(c law.Citation) bool {
			return c.Code == q.Fact.Statute && c.Article == q.Fact.Article
		})
		bareArticle := strings.TrimPrefix(law.Citation{Code: q.Fact.Statute, Article: q.Fact.Article}.String(),
			law.Citation{Code: q.Fact.Statute}.String())
		if !found && !strings.Contains(q.Explanation, bareArticle) && !strings.Contains(q.Explanation, "第"+q.Fact.Article+"条") {
			t.Errorf("%s: the explanation does not name %s", q.No, law.Citation{Code: q.Fact.Statute, Article: q.Fact.Article})
		}
	}
}

// valid joins what a question presents as the law in force: its key, its quotation and a true statement.
func valid(q Question) string {
	text := q.Fact.Truth + "\n" + q.Fact.Quote
	switch {
	case q.Kind == quiz.KindTrueFalse && q.Correct[0] == 0:
		text += "\n" + q.Stem
	case q.Kind == quiz.KindSingle || q.Kind == quiz.KindMultiple || q.Kind == exchange.Ordering:
		for _, at := range q.Correct {
			text += "\n" + q.Options[at]
		}
	case q.Kind == exchange.Essay:
		text += "\n" + strings.Join(q.Rubric, "\n")
	}
	for _, p := range q.Pairs {
		text += "\n" + p.Left + "\n" + p.Right
	}
	return text
}

// TestNothingOfTheOldLawIsTaught: wording of the law before 2024, wrong numbers and inventions that
// circulate in question banks never stand where the bank says what holds.
func TestNothingOfTheOldLawIsTaught(t *testing.T) {
	questions := everyQuestion(t)
	wrong := regexp.MustCompile(strings.Join([]string{
		`积极防范、突出重点、依法管理`, `定期审核`, `设区的市、自治州`, `邮寄、托运`, `成立(3|三)年以上`, `三级保密资格`, `定密管理暂行规定`,
		`第(646|788)号`, `学时`, `脱密期.{0,8}(年|个月)`, `第七次会议`, `2023年12月29日`, `2010年10月1日`, `遭受较重`,
		`全面领导责任`, `第四(种|个|级)密级`, `2025年新版`,
	}, "|"))
	for _, q := range questions {
		if found := wrong.FindString(valid(q)); found != "" {
			t.Errorf("%s presents %q as the law in force", q.No, found)
		}
		for _, w := range law.Warnings(valid(q)) {
			t.Errorf("%s: %s %s", q.No, w.Rule, w.Phrase)
		}
		if q.Fact.Statute == "WA" && slices.Contains([]string{"21", "37"}, q.Fact.Article) {
			t.Errorf("%s: 网络安全法 was renumbered in 2025", q.No)
		}
	}
}

func ExampleQuestion() {
	questions, _ := Questions()
	q := questions[0]
	fmt.Println(q.No, q.Fact.ID, law.Citation{Code: q.Fact.Statute, Article: q.Fact.Article})
	fmt.Println(q.Options[q.Correct[0]])
	// Output:
	// zongze-001 F002 《保密法》第六十五条
	// 2024年5月1日
}
