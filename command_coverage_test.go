package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"jingzhong/seed"
)

func TestPrintCoverage(t *testing.T) {
	ask := func(statute, article string) seed.Question {
		return seed.Question{Fact: seed.Fact{Statute: statute, Article: article}}
	}
	statutes := seed.Coverage([]seed.Question{ask("BMF", "26"), ask("BMF", "26"), ask("FJD", "14")})
	var table, document bytes.Buffer
	if err := printCoverage(&table, statutes, false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"中华人民共和国保守国家秘密法: 2 questions, 1 of 65 articles\n", "     26:2 ", "      1:0 ",
		"中华人民共和国反间谍法: 1 questions, 1 of 71 articles\n     14:1  \n", "\n3 questions\n"} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("no %q in\n%s", want, table.String())
		}
	}
	if err := printCoverage(&document, statutes, true); err != nil {
		t.Fatal(err)
	}
	var read struct {
		Statutes []seed.StatuteCoverage `json:"statutes"`
	}
	if err := json.Unmarshal(document.Bytes(), &read); err != nil || len(read.Statutes) != 3 || read.Statutes[0].Articles[25].Questions != 2 {
		t.Errorf("%v %+v", err, read)
	}
}
