package server

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jingzhong/fault"
	"jingzhong/ranking"
)

// TestEveryCodeIsTranslated holds every language to every code the program can answer with, and to the same
// placeholders.
func TestEveryCodeIsTranslated(t *testing.T) {
	codes := append(fault.Codes(), ranking.WordCodes...)
	for _, status := range statusOf {
		codes = append(codes, "status."+number(int64(status)))
	}
	codes = append(codes, "status.405", "status.415", "status.500")
	placeholder := regexp.MustCompile(`\{[a-zA-Z]+\}`)
	for _, code := range codes {
		if strings.HasPrefix(code, "test.") {
			continue
		}
		var want []string
		for _, lang := range langs {
			s, ok := sentences[lang][code]
			if !ok || strings.TrimSpace(s) == "" {
				t.Errorf("%s: no sentence for %s", lang, code)
				continue
			}
			got := slices.Sorted(slices.Values(placeholder.FindAllString(s, -1)))
			if lang == defaultLang {
				want = got
			} else if !slices.Equal(got, want) {
				t.Errorf("%s: %s has %v, zh-CN %v", lang, code, got, want)
			}
		}
	}
	for _, lang := range langs {
		for code := range maps.Keys(sentences[lang]) {
			if !slices.Contains(codes, code) && !strings.HasPrefix(code, "export.") && code != hint {
				t.Errorf("%s: sentence for unknown code %s", lang, code)
			}
		}
	}
}
