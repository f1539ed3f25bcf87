package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"jingzhong/seed"
)

type coverageCmd struct {
	JSON bool `help:"Print one JSON document instead of a table." name:"json"`
}

// Run prints how often the shipped bank asks about each article; no database is needed.
func (c coverageCmd) Run() error {
	questions, err := seed.Questions()
	if err != nil {
		return err
	}
	return printCoverage(os.Stdout, seed.Coverage(questions), c.JSON)
}

func printCoverage(w io.Writer, statutes []seed.StatuteCoverage, asJSON bool) error {
	if asJSON {
		out := json.NewEncoder(w)
		out.SetIndent("", "  ")
		return out.Encode(struct {
			Statutes []seed.StatuteCoverage `json:"statutes"`
		}{statutes})
	}
	total := 0
	var table strings.Builder
	for _, s := range statutes {
		fmt.Fprintf(&table, "%s: %d questions, %d of %d articles\n", s.Name, s.Total, s.Asked, s.Of)
		for i, a := range s.Articles {
			end := ""
			if i%10 == 9 || i == len(s.Articles)-1 {
				end = "\n"
			}
			fmt.Fprintf(&table, "%7s:%-3d%s", a.Article, a.Questions, end)
		}
		total += s.Total
	}
	_, err := fmt.Fprintf(w, "%s%d questions\n", table.String(), total)
	return err
}
