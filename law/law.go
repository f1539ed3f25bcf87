// Package law knows the statutes in force that questions and lessons cite: their names, editions and number
// of articles, how a citation is written, and the wording of superseded law that still circulates in
// question banks. It judges a citation; it does not hold the texts.
package law

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"jingzhong/fault"
)

//go:embed statutes.tsv
var statutesTSV string

// TitleNote is the article of a citation that rests on a statute's title note 题注 (who passed it and when).
const TitleNote = "M"

// Statute is one statute of the index. Effective is the day it came into force, YYYY-MM-DD.
type Statute struct {
	Code      string
	Name      string // full name without 《》
	Short     string // how people call it
	Version   string
	Effective string
	Articles  int
	Status    string
}

// Faults of citations.
var (
	ErrNoCitation     = fault.New(fault.Invalid, "law.no_citation")
	ErrStatuteUnknown = fault.New(fault.Invalid, "law.statute_unknown")
	ErrArticleUnknown = fault.New(fault.Invalid, "law.article_unknown")
)

var (
	statutes []Statute
	byCode   = map[string]Statute{}
	names    []named // longest first
)

// named is one way of writing a statute's name.
type named struct {
	text string
	code string
}

func init() {
	for i, cells := range table(statutesTSV, 7) {
		articles, err := strconv.Atoi(cells[5])
		if err != nil {
			panic(fmt.Sprintf("law: statutes.tsv row %d: %v", i+2, err))
		}
		s := Statute{Code: cells[0], Name: cells[1], Short: cells[2], Version: cells[3], Effective: cells[4],
			Articles: articles, Status: cells[6]}
		statutes = append(statutes, s)
		byCode[s.Code] = s
	}
	names = spellings(statutes)
}

// table splits an embedded TSV file into rows of exactly n cells, without its header. The files are part of
// the program, so a malformed one stops it.
func table(text string, n int) [][]string {
	var rows [][]string
	for i, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		cells := strings.Split(strings.TrimRight(line, "\r"), "\t")
		if len(cells) != n {
			panic(fmt.Sprintf("law: row %d has %d cells, not %d: %s", i+1, len(cells), n, line))
		}
		if i > 0 {
			rows = append(rows, cells)
		}
	}
	return rows
}

// All lists the statutes in the order of the index.
func All() []Statute { return append([]Statute{}, statutes...) }

// Find returns the statute of a code such as "BMF".
func Find(code string) (Statute, bool) {
	s, ok := byCode[code]
	return s, ok
}

// Check reports whether an article of a statute exists. An empty article cites the whole statute.
func Check(code, article string) error {
	s, ok := byCode[code]
	if !ok {
		return ErrStatuteUnknown.With("statute", code)
	}
	if article == "" || article == TitleNote {
		return nil
	}
	main, of, split := strings.Cut(article, "-")
	n, err := strconv.Atoi(main)
	if err != nil || n < 1 || strconv.Itoa(n) != main || n > s.Articles {
		return ErrArticleUnknown.With("statute", s.Short, "article", article, "articles", s.Articles)
	}
	if split {
		if k, err := strconv.Atoi(of); err != nil || k < 1 || k > 20 || strconv.Itoa(k) != of {
			return ErrArticleUnknown.With("statute", s.Short, "article", article, "articles", s.Articles)
		}
	}
	return nil
}
