package server

import (
	"embed"
	"encoding/json"
	"fmt"
	"sort"
	"strings"
)

//go:embed messages/*.json
var messageFiles embed.FS

// sentences holds language > code > sentence with {placeholders}.
var sentences = loadSentences()

func loadSentences() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, lang := range langs {
		b, err := messageFiles.ReadFile("messages/" + lang + ".json")
		if err != nil {
			panic(err)
		}
		m := map[string]string{}
		if err := json.Unmarshal(b, &m); err != nil {
			panic("server: messages/" + lang + ".json: " + err.Error())
		}
		all[lang] = m
	}
	return all
}

// hint is the sentence that follows a refusal with a suggestion.
const hint = "hint.suggestion"

// sentence writes the code's sentence in the language. A code nobody translated reads as its kind's title;
// messages_test.go keeps that from happening.
func sentence(lang, code string, args map[string]any) string {
	s, ok := sentences[lang][code]
	if !ok {
		s = sentences[defaultLang][code]
	}
	if len(args) == 0 {
		return s
	}
	names := make([]string, 0, len(args))
	for name := range args {
		names = append(names, name)
	}
	sort.Strings(names)
	pairs := make([]string, 0, 2*len(names))
	for _, name := range names {
		pairs = append(pairs, "{"+name+"}", fmt.Sprint(args[name]))
	}
	s = strings.NewReplacer(pairs...).Replace(s)
	if near, ok := args["suggestion"].(string); ok && near != "" && code != hint {
		s += sentence(lang, hint, map[string]any{"suggestion": near})
	}
	return s
}
