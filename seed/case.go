package seed

import (
	"fmt"
	"strings"

	"jingzhong/quiz/exchange"
)

// caseFile holds the case groups; a row of kind group opens a case and the rows after it are its questions.
const caseFile = "bank/anli.tsv"

// Case is one 案例题: an invented leak or breach and the questions asked about it. Audience says whom it is
// written for, in the words of Audiences.
type Case struct {
	No       string
	Title    string
	Topic    string
	Audience []string
	Material string
	Parts    []Question
}

// Audiences are the readers the cases are written for; 从业人员 are those who type, copy and recycle paper.
var Audiences = []string{"领导干部", "涉密人员", "公务员", "从业人员"}

// Cases reads the embedded case groups.
func Cases() ([]Case, error) {
	facts, err := factsByID()
	if err != nil {
		return nil, err
	}
	text, err := bankFiles.ReadFile(caseFile)
	if err != nil {
		return nil, fmt.Errorf("seed: %w", err)
	}
	rows, err := table(caseFile, string(text), 14)
	if err != nil {
		return nil, err
	}
	var cases []Case
	for _, c := range rows {
		if c[2] == exchange.Group {
			cases = append(cases, Case{No: c[0], Topic: c[1], Material: c[4], Title: c[12], Audience: strings.Fields(c[13])})
			continue
		}
		if len(cases) == 0 || !strings.HasPrefix(c[0], cases[len(cases)-1].No+"-") {
			return nil, fmt.Errorf("seed: %s: %s stands under no case of its number", caseFile, c[0])
		}
		part, err := readQuestion(c, facts)
		if err != nil {
			return nil, fmt.Errorf("seed: %s: %s: %w", caseFile, c[0], err)
		}
		last := &cases[len(cases)-1]
		last.Parts = append(last.Parts, part)
	}
	return cases, nil
}

// CaseItems are the case groups as a file of questions carries them.
func CaseItems() ([]exchange.Item, error) {
	cases, err := Cases()
	items := make([]exchange.Item, len(cases))
	for i, c := range cases {
		items[i] = c.item()
		items[i].Use = useOf(i)
	}
	return items, err
}

func (c Case) item() exchange.Item {
	group := exchange.Item{Kind: exchange.Group, Stem: c.Material, Topic: c.Topic, Tags: append([]string{"案例", c.Title}, c.Audience...)}
	for _, part := range c.Parts {
		group.Items = append(group.Items, part.item())
	}
	return group
}
