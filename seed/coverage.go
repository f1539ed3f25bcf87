package seed

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"jingzhong/law"
)

// StatuteCoverage says how often the articles of one statute are asked about.
type StatuteCoverage struct {
	Code     string            `json:"code"`
	Name     string            `json:"name"`
	Of       int               `json:"of"`    // articles of the statute
	Asked    int               `json:"asked"` // articles with a question
	Total    int               `json:"questions"`
	Articles []ArticleCoverage `json:"articles"`
}

// ArticleCoverage counts the questions of one article; Article is "26", "219-1", or "M" for the title note.
type ArticleCoverage struct {
	Article   string `json:"article"`
	Citation  string `json:"citation"`
	Questions int    `json:"questions"`
}

// wholeStatutes are those of which a learner must know every article, so that their table shows gaps as well.
var wholeStatutes = []string{"BMF", "TL"}

// Coverage counts the questions of each article, statute by statute in the order of the index. The secrecy
// law and its regulation are listed article by article, other statutes where they are asked about.
func Coverage(questions []Question) []StatuteCoverage {
	counts := map[string]map[string]int{}
	for _, q := range questions {
		if counts[q.Fact.Statute] == nil {
			counts[q.Fact.Statute] = map[string]int{}
		}
		counts[q.Fact.Statute][q.Fact.Article]++
	}
	var out []StatuteCoverage
	for _, s := range law.All() {
		articles := counts[s.Code]
		c := StatuteCoverage{Code: s.Code, Name: s.Name, Of: s.Articles}
		if slices.Contains(wholeStatutes, s.Code) {
			for n := 1; n <= s.Articles; n++ {
				c.add(strconv.Itoa(n), articles[strconv.Itoa(n)])
			}
		}
		for article, n := range articles {
			if !slices.ContainsFunc(c.Articles, func(a ArticleCoverage) bool { return a.Article == article }) {
				c.add(article, n)
			}
		}
		if len(c.Articles) > 0 {
			slices.SortFunc(c.Articles, func(a, b ArticleCoverage) int { return compareArticles(a.Article, b.Article) })
			out = append(out, c)
		}
	}
	return out
}

func (c *StatuteCoverage) add(article string, n int) {
	c.Articles = append(c.Articles, ArticleCoverage{article, law.Citation{Code: c.Code, Article: article}.String(), n})
	c.Total += n
	if n > 0 && article != law.TitleNote {
		c.Asked++
	}
}

// compareArticles puts the title note first, then the articles by number, 219 before 219-1.
func compareArticles(a, b string) int {
	main := func(article string) (int, int) {
		whole, of, _ := strings.Cut(article, "-")
		n, _ := strconv.Atoi(whole)
		k, _ := strconv.Atoi(of)
		return n, k
	}
	an, ak := main(a)
	bn, bk := main(b)
	return cmp.Or(cmp.Compare(an, bn), cmp.Compare(ak, bk))
}
