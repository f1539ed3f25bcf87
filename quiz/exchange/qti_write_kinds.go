package exchange

import (
	"fmt"
	"strconv"
)

// question writes one question: its declarations, its text and the place for its answer.
func (w *itemWriter) question(it Item, id string) error {
	if it.Kind != Fill {
		w.paragraph(it.Stem)
	}
	switch it.Kind {
	case Single, Multiple:
		w.choice(it, id)
	case TrueFalse:
		w.trueFalse(it, id)
	case Fill:
		w.fill(it, id)
	case Matching:
		w.matching(it, id)
	case Ordering:
		w.ordering(it, id)
	case Essay:
		w.declare(id, "single", "string", nil, nil)
		w.kinds["extendedTextInteraction"] = true
		w.body.empty("extendedTextInteraction", "responseIdentifier", id, "expectedLines", "6")
		w.body.line()
		if id == "RESPONSE" && it.Rubric != "" {
			w.rubric(it.Rubric)
		}
	default:
		return fmt.Errorf("no kind %q", it.Kind)
	}
	return nil
}

// declare writes a response: its right values, and what values earn.
func (w *itemWriter) declare(id, cardinality, base string, correct []string, mapped []mapEntry) {
	m := &w.decl
	m.start("responseDeclaration", "identifier", id, "cardinality", cardinality, "baseType", base)
	if len(correct) > 0 {
		m.start("correctResponse")
		for _, v := range correct {
			m.value("value", v)
		}
		m.end("correctResponse")
	}
	if len(mapped) > 0 {
		m.start("mapping", "lowerBound", "0", "upperBound", "1", "defaultValue", "0")
		for _, e := range mapped {
			attrs := []string{"mapKey", e.key, "mappedValue", strconv.FormatFloat(e.value, 'f', -1, 64)}
			if base == "string" {
				attrs = append(attrs, "caseSensitive", "false")
			}
			m.empty("mapEntry", attrs...)
		}
		m.end("mapping")
	}
	m.end("responseDeclaration")
	m.line()
	if len(correct) > 0 || len(mapped) > 0 {
		w.scored = append(w.scored, scoredResponse{id, len(mapped) > 0})
	}
}

// choiceID is the identifier of an option: A to Z, then numbers.
func choiceID(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return "Z" + strconv.Itoa(i)
}

func choiceIDs(indexes []int) []string {
	out := make([]string, len(indexes))
	for i, j := range indexes {
		out[i] = choiceID(j)
	}
	return out
}

func (w *itemWriter) choice(it Item, id string) {
	cardinality, most := "single", "1"
	if it.Kind == Multiple {
		cardinality, most = "multiple", "0"
	}
	var mapped []mapEntry
	for i, weight := range it.Weights {
		mapped = append(mapped, mapEntry{choiceID(i), float64(weight) / WholeWeight})
	}
	w.declare(id, cardinality, "identifier", choiceIDs(it.Correct), mapped)
	w.kinds["choiceInteraction"] = true
	m := &w.body
	m.start("choiceInteraction", "responseIdentifier", id, "shuffle", "true", "maxChoices", most)
	m.line()
	for i, o := range it.Options {
		w.option("simpleChoice", choiceID(i), o.Text, o.Fixed)
	}
	m.end("choiceInteraction")
	m.line()
}

// option writes one thing to choose.
func (w *itemWriter) option(name, id, text string, fixed bool) {
	m := &w.body
	attrs := []string{"identifier", id}
	if fixed {
		attrs = append(attrs, "fixed", "true")
	}
	if name == "simpleAssociableChoice" {
		attrs = append(attrs, "matchMax", "1")
	}
	m.start(name, attrs...)
	w.flow(m, "span", text, nil)
	m.end(name)
	m.line()
}

func (w *itemWriter) trueFalse(it Item, id string) {
	var correct []string
	for _, i := range it.Correct {
		correct = append(correct, []string{"true", "false"}[min(max(i, 0), 1)])
	}
	w.declare(id, "single", "identifier", correct, nil)
	w.kinds["choiceInteraction"] = true
	m := &w.body
	m.start("choiceInteraction", "responseIdentifier", id, "shuffle", "false", "maxChoices", "1")
	m.line()
	w.option("simpleChoice", "true", "正确", true)
	w.option("simpleChoice", "false", "错误", true)
	m.end("choiceInteraction")
	m.line()
}

func (w *itemWriter) fill(it Item, id string) {
	w.kinds["textEntryInteraction"] = true
	name := func(n int) string {
		if len(it.Blanks) == 1 {
			return id
		}
		return id + "_" + choiceID(n)
	}
	for n, variants := range it.Blanks {
		var correct []string
		var mapped []mapEntry
		for i, v := range variants {
			if i == 0 {
				correct = []string{v}
			}
			mapped = append(mapped, mapEntry{v, 1})
		}
		w.declare(name(n), "single", "string", correct, mapped)
	}
	w.flow(&w.body, "p", it.Stem, func(n int) {
		if n < len(it.Blanks) {
			w.body.empty("textEntryInteraction", "responseIdentifier", name(n), "expectedLength", "20")
		} else {
			w.body.text(Blank)
		}
	})
	w.body.line()
}

func (w *itemWriter) matching(it Item, id string) {
	var correct []string
	for i := range it.Pairs {
		correct = append(correct, "L"+strconv.Itoa(i+1)+" R"+strconv.Itoa(i+1))
	}
	w.declare(id, "multiple", "directedPair", correct, nil)
	w.kinds["matchInteraction"] = true
	m := &w.body
	m.start("matchInteraction", "responseIdentifier", id, "shuffle", "true", "maxAssociations", strconv.Itoa(len(it.Pairs)))
	m.start("simpleMatchSet")
	m.line()
	for i, p := range it.Pairs {
		w.option("simpleAssociableChoice", "L"+strconv.Itoa(i+1), p.Left, false)
	}
	m.end("simpleMatchSet")
	m.start("simpleMatchSet")
	m.line()
	for i, p := range it.Pairs {
		w.option("simpleAssociableChoice", "R"+strconv.Itoa(i+1), p.Right, false)
	}
	for i, text := range it.Distractors {
		w.option("simpleAssociableChoice", "R"+strconv.Itoa(len(it.Pairs)+i+1), text, false)
	}
	m.end("simpleMatchSet")
	m.end("matchInteraction")
	m.line()
}

func (w *itemWriter) ordering(it Item, id string) {
	w.declare(id, "ordered", "identifier", choiceIDs(it.Correct), nil)
	w.kinds["orderInteraction"] = true
	m := &w.body
	m.start("orderInteraction", "responseIdentifier", id, "shuffle", "true")
	m.line()
	for i, o := range it.Options {
		w.option("simpleChoice", choiceID(i), o.Text, false)
	}
	m.end("orderInteraction")
	m.line()
}
