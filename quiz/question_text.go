package quiz

import (
	"crypto/sha256"
	"encoding/hex"
	"sort"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// NormaliseAnswer folds what somebody wrote into a blank so that only the answer is compared: NFKC (which
// brings full and half width together), letter case, surrounding space; inner space counts once, and not at
// all beside a Chinese character (rules-contest 5.4).
func NormaliseAnswer(text string) string {
	folded := norm.NFKC.String(strings.ToLower(norm.NFKC.String(text)))
	words := strings.FieldsFunc(folded, func(r rune) bool {
		return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff'
	})
	var out strings.Builder
	last := rune(0)
	for _, word := range words {
		first := []rune(word)[0]
		if last != 0 && !unicode.Is(unicode.Han, last) && !unicode.Is(unicode.Han, first) {
			out.WriteByte(' ')
		}
		out.WriteString(word)
		letters := []rune(word)
		last = letters[len(letters)-1]
	}
	return out.String()
}

// textHash is equal for questions that ask the same: the letters and digits of stem and options, without
// width, case, space, punctuation and the order of options.
func textHash(stem string, words []string) string {
	rest := make([]string, len(words))
	for i, o := range words {
		rest[i] = skeleton(o)
	}
	sort.Strings(rest)
	parts := append([]string{skeleton(stem)}, rest...)
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// skeleton keeps letters and digits. A text of signs only is kept whole, so that "+" and "-" differ.
func skeleton(text string) string {
	folded := strings.ToLower(norm.NFKC.String(text))
	bare := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, folded)
	if bare == "" {
		return strings.TrimSpace(folded)
	}
	return bare
}

var likeLiteral = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
