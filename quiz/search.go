package quiz

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"gorm.io/gorm"

	"jingzhong/store"
)

// Chinese has no spaces between words, and the words looked for are often of two characters, sometimes of one.
// So a text is cut into pairs: every letter or digit gives one word, itself with the one that follows it; the
// last of a run stands alone. A query of one character asks for words that begin with it, a longer one for the
// chain of its pairs, which together is exactly "the text contains it". FTS5 and tsvector keep the same words.

// searchMost bounds the words of a query; searchLetters those of a text, and searchRepeats how often one word
// is kept, because a tsvector counts neither further (16,383 places, 256 of one word).
const (
	searchMost    = 6
	searchLetters = 16_000
	searchRepeats = 250
)

// filler stands where a word was repeated too often: it keeps the places apart and is never asked for.
const filler = "\ue000"

// searchFold is the form in which texts are searched: NFKC, which brings full and half width together, and
// small letters.
func searchFold(parts ...string) string {
	return strings.ToLower(norm.NFKC.String(strings.Join(parts, "\n")))
}

// searchRuns cuts a text at everything that is neither letter nor digit.
func searchRuns(text string) [][]rune {
	words := strings.FieldsFunc(searchFold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	runs := make([][]rune, len(words))
	for i, w := range words {
		runs[i] = []rune(w)
	}
	return runs
}

// searchTokens are the words of a text in their order.
func searchTokens(text string) []string {
	var tokens []string
	seen := map[string]int{}
	for _, run := range searchRuns(text) {
		for i := range run {
			if len(tokens) == searchLetters {
				return tokens
			}
			token := string(run[i:min(i+2, len(run))])
			if seen[token]++; seen[token] > searchRepeats {
				token = filler
			}
			tokens = append(tokens, token)
		}
	}
	return tokens
}

// storedWords is the text as the dialect's index takes it.
func storedWords(dialect, text string) string {
	tokens := searchTokens(text)
	if dialect == store.SQLite {
		return strings.Join(tokens, " ")
	}
	var out strings.Builder
	for i, t := range tokens {
		fmt.Fprintf(&out, "'%s':%d ", t, i+1)
	}
	return out.String()
}

// searchQuery is what somebody looks for, a phrase for each word; empty if it holds no letter or digit.
type searchQuery []string

// newSearchQuery builds the one query both databases answer alike.
func newSearchQuery(dialect, text string) searchQuery {
	var query searchQuery
	for _, run := range searchRuns(text) {
		if len(query) == searchMost {
			break
		}
		if len(run) == 1 {
			query = append(query, map[string]string{store.SQLite: `"` + string(run) + `"*`, store.Postgres: `'` + string(run) + `':*`}[dialect])
			continue
		}
		pairs := make([]string, len(run)-1)
		for i := range pairs {
			pairs[i] = string(run[i : i+2])
		}
		if dialect == store.SQLite {
			query = append(query, `"`+strings.Join(pairs, " ")+`"`)
		} else {
			query = append(query, `'`+strings.Join(pairs, `' <-> '`)+`'`)
		}
	}
	return query
}

// apply narrows a query over questions q. keys are the units whose explanations the reader may search; in all
// others every word must stand in what the question shows.
func (s searchQuery) apply(dialect string, q *gorm.DB, keys []int64) *gorm.DB {
	if dialect == store.SQLite {
		open, all := "{text} : ("+strings.Join(s, " AND ")+")", strings.Join(s, " AND ")
		if len(keys) == 0 {
			return q.Joins("JOIN question_words w ON w.rowid = q.id").Where("w.question_words MATCH ?", open)
		}
		return q.Joins("JOIN question_words w ON w.rowid = q.id").Where("w.question_words MATCH ?", all).
			Where("(q.unit_id IN ? OR q.id IN (SELECT rowid FROM question_words WHERE question_words MATCH ?))", keys, open)
	}
	q = q.Joins("JOIN question_words w ON w.question_id = q.id")
	for _, phrase := range s {
		if len(keys) == 0 {
			q = q.Where("w.text @@ ?::tsquery", phrase)
			continue
		}
		q = q.Where("(w.text @@ ?::tsquery OR (w.note @@ ?::tsquery AND q.unit_id IN ?))", phrase, phrase, keys)
	}
	return q
}

// writeWords puts a question's words into the index in place of those it had.
func (b *Bank) writeWords(tx *gorm.DB, questionID int64, text, note string) error {
	statement := `INSERT OR REPLACE INTO question_words (rowid, text, note) VALUES (?, ?, ?)`
	if b.db.Dialect == store.Postgres {
		statement = `INSERT INTO question_words (question_id, text, note) VALUES (?, ?::text::tsvector, ?::text::tsvector)
			ON CONFLICT (question_id) DO UPDATE SET text = excluded.text, note = excluded.note`
	}
	_, err := store.Writing(tx).Exec(statement, questionID, storedWords(b.db.Dialect, text), storedWords(b.db.Dialect, note))
	if err != nil {
		return fmt.Errorf("quiz: index question %d: %w", questionID, err)
	}
	return nil
}

// indexStep is how many questions one transaction of IndexWords writes.
const indexStep = 200

// IndexWords cuts questions that came from an older version of the program into words, in small transactions;
// with nothing due it costs one look. Called before the server answers.
func (b *Bank) IndexWords(ctx context.Context) error {
	for more := true; more; {
		err := b.db.Tx(ctx, func(tx *gorm.DB) error {
			var due []struct {
				QuestionID int64
				Text, Note string
			}
			if err := tx.Table("question_words_due").Order("question_id").Limit(indexStep).Find(&due).Error; err != nil {
				return fmt.Errorf("quiz: words due: %w", err)
			}
			more = len(due) > 0
			ids := make([]int64, len(due))
			for i, d := range due {
				ids[i] = d.QuestionID
				if err := b.writeWords(tx, d.QuestionID, d.Text, d.Note); err != nil {
					return err
				}
			}
			if err := b.hashAgain(tx, ids); err != nil {
				return err
			}
			if _, err := store.Writing(tx).Exec(`DELETE FROM question_words_due WHERE question_id <= ?`, append(ids, 0)[max(0, len(ids)-1)]); err != nil {
				return fmt.Errorf("quiz: words due: %w", err)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
