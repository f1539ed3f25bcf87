package seed

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"jingzhong/law"
)

// unasked are facts about rules whose text is not public: lessons may mention them, marked as unchecked, but no
// question asks about them.
var unasked = []int{78, 79, 80, 81, 108, 178, 179, 203, 228, 236, 244, 254, 255, 256, 257, 258, 263, 264, 287}

// numberedFacts is how many facts the collection counts, F001 and so on.
const numberedFacts = 287

func TestCoverageOfEveryFact(t *testing.T) {
	questions, facts := demoBank(t)
	asked := map[string]int{}
	for _, q := range questions {
		asked[q.Fact.ID]++
	}
	for _, f := range facts {
		if asked[f.ID] == 0 {
			t.Errorf("no question asks %s (%s): %s", f.ID, law.Citation{Code: f.Statute, Article: f.Article}, f.Truth)
		}
	}
	for n := 1; n <= numberedFacts; n++ {
		id := fmt.Sprintf("F%03d", n)
		if slices.Contains(unasked, n) != (asked[id] == 0) {
			t.Errorf("%s is asked %d times", id, asked[id])
		}
	}
}

// TestCoverageOfEveryArticle: every article of the secrecy law and of its regulation can be asked about, and is.
func TestCoverageOfEveryArticle(t *testing.T) {
	questions, _ := demoBank(t)
	found := 0
	for _, s := range Coverage(questions) {
		if !slices.Contains(wholeStatutes, s.Code) {
			continue
		}
		found++
		for _, a := range s.Articles {
			if a.Questions < 2 {
				t.Errorf("%s is asked about %d times, want at least 2", a.Citation, a.Questions)
			}
		}
		if s.Asked != s.Of {
			t.Errorf("%s: %d of %d articles are asked about", s.Name, s.Asked, s.Of)
		}
	}
	if found != len(wholeStatutes) {
		t.Errorf("%d statutes are listed whole", found)
	}
}

func TestCoverageCountsAndSorts(t *testing.T) {
	ask := func(statute, article string) Question {
		return Question{Fact: Fact{Statute: statute, Article: article}}
	}
	got := Coverage([]Question{ask("XF", "398"), ask("XF", "219-1"), ask("XF", "398"), ask("XF", "219"), ask("BMF", "M"), ask("BMF", "26")})
	if len(got) != 3 || got[0].Code != "BMF" || got[1].Code != "TL" || got[2].Code != "XF" {
		t.Fatalf("%+v", got)
	}
	bmf, xf := got[0], got[2]
	if len(bmf.Articles) != 66 || bmf.Articles[0].Article != "M" || bmf.Articles[26].Questions != 1 || bmf.Asked != 1 || bmf.Total != 2 || bmf.Of != 65 {
		t.Errorf("%+v", bmf)
	}
	var order []string
	for _, a := range xf.Articles {
		order = append(order, fmt.Sprint(a.Article, "=", a.Questions))
	}
	if strings.Join(order, " ") != "219=1 219-1=1 398=2" || xf.Asked != 3 || xf.Total != 4 {
		t.Errorf("%v %+v", order, xf)
	}
}
