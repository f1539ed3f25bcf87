package law

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"jingzhong/fault"
)

//go:embed traps.tsv
var trapsTSV string

//go:embed renumbered.tsv
var renumberedTSV string

// Warning says that a text carries wording or a number of superseded law. Code is "law.old_text" or
// "law.old_article"; Note is our own sentence about the law in force, Statute and Article where it stands
// (empty when the instrument is outside the index).
type Warning struct {
	Code    string
	Rule    string // id of the rule that spoke
	Phrase  string // the words that gave it away
	Statute string
	Article string
	Note    string
}

// Codes of warnings, declared as faults so that every language has a sentence for them.
var (
	WarnOldText    = fault.New(fault.Unprocessable, "law.old_text").Code
	WarnOldArticle = fault.New(fault.Unprocessable, "law.old_article").Code
)

type trap struct {
	id               string
	pattern, unless  *regexp.Regexp
	statute, article string
	note             string
}

type renumbered struct {
	statute, old, new string
	words             []string
}

var (
	traps []trap
	moved []renumbered
)

func init() {
	for _, c := range table(trapsTSV, 6) {
		t := trap{id: c[0], pattern: regexp.MustCompile(c[1]), statute: dash(c[3]), article: dash(c[4]), note: c[5]}
		if c[2] != "" {
			t.unless = regexp.MustCompile(c[2])
		}
		traps = append(traps, t)
	}
	for _, c := range table(renumberedTSV, 4) {
		moved = append(moved, renumbered{c[0], c[1], c[2], strings.Split(c[3], "|")})
	}
}

// Moved reports whether the article stands where it does since the latest revision of its statute, so that people who
// learned the law before it know another number.
func Moved(statute, article string) bool {
	return slices.ContainsFunc(moved, func(r renumbered) bool { return r.statute == statute && r.new == article })
}

func dash(s string) string {
	if s == "-" {
		return ""
	}
	return s
}

// Warnings looks a text over for wording of the 2010 law and the 2014 regulation and for other errors that
// circulate in question banks. Sentences are judged one by one, so that a denial in one does not excuse
// another.
func Warnings(text string) []Warning {
	var out []Warning
	seen := map[string]bool{}
	for _, sentence := range sentences(text) {
		for _, t := range traps {
			if seen[t.id] {
				continue
			}
			at := t.pattern.FindStringIndex(sentence)
			if at == nil || (t.unless != nil && t.unless.MatchString(sentence)) {
				continue
			}
			seen[t.id] = true
			out = append(out, Warning{WarnOldText, t.id, sentence[at[0]:at[1]], t.statute, t.article, t.note})
		}
	}
	return out
}

// CitationWarnings looks for citations that carry an article's number before the revision: the number is
// the old one and the text speaks of what has moved. The question's own reference counts as a citation.
func CitationWarnings(reference Citation, text string) []Warning {
	cited := append([]Citation{reference}, Citations(text)...)
	var out []Warning
	seen := map[string]bool{}
	for _, c := range cited {
		for _, m := range moved {
			if c.Code != m.statute || c.Article != m.old || seen[m.statute+m.old] {
				continue
			}
			for _, word := range m.words {
				if strings.Contains(text, word) && !isCurrent(c, word) {
					seen[m.statute+m.old] = true
					now := Citation{Code: m.statute, Article: m.new}
					out = append(out, Warning{WarnOldArticle, "moved" + m.old, word, m.statute, m.new,
						Citation{Code: c.Code, Article: c.Article}.String() + "是修订前的条号，现为" + now.String()})
					break
				}
			}
		}
	}
	return out
}

// isCurrent reports whether the same word also stands under the cited number in the numbering in force, so
// that an old number which has found a new matter is not blamed.
func isCurrent(c Citation, word string) bool {
	for _, m := range moved {
		if m.statute != c.Code || m.new != c.Article {
			continue
		}
		for _, w := range m.words {
			if strings.Contains(w, word) || strings.Contains(word, w) {
				return true
			}
		}
	}
	return false
}

// sentences cuts a text at full stops and folds its widths; phrases that straddle a stop are no phrase.
func sentences(text string) []string {
	return strings.FieldsFunc(fold(text), func(r rune) bool {
		return r == '。' || r == '!' || r == '?' || r == '\n' || r == ';'
	})
}

// fold brings widths together but keeps the Chinese comma and full stop, which rules and sentences use.
func fold(text string) string {
	text = strings.NewReplacer("，", ",", " ", "", "　", "").Replace(text)
	return norm.NFKC.String(text)
}
