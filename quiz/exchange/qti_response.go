package exchange

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// mapEntry is what one value of a response earns.
type mapEntry struct {
	key   string
	value float64
}

// response is what an item declares about one answer.
type response struct {
	cardinality string
	correct     []string
	entries     []mapEntry
	byDefault   float64
	upper       float64 // 0 = not given
}

// responses reads the declarations of an item. Where no right answer is declared, the processing of the
// answers tells it.
func responses(item *node) map[string]*response {
	out := map[string]*response{}
	for _, d := range item.children("responsedeclaration") {
		r := &response{cardinality: strings.ToLower(d.attr("cardinality"))}
		for _, v := range d.child("correctresponse").children("value") {
			if text := trimmedValue(v); text != "" && len(r.correct) < maxChoices {
				r.correct = append(r.correct, text)
			}
		}
		m := d.child("mapping")
		r.byDefault, r.upper = number(m.attr("defaultvalue")), number(m.attr("upperbound"))
		for _, e := range m.children("mapentry") {
			if len(r.entries) < maxChoices && e.attrs["mapkey"] != "" {
				r.entries = append(r.entries, mapEntry{strings.TrimFunc(e.attrs["mapkey"], blank), number(e.attr("mappedvalue"))})
			}
		}
		out[d.attr("identifier")] = r
	}
	for id, values := range processedKeys(item.child("responseprocessing")) {
		if r := out[id]; r != nil && len(r.correct) == 0 && r.best() <= 0 {
			r.correct = values[:min(len(values), maxChoices)]
		}
	}
	return out
}

func trimmedValue(v *node) string { return strings.TrimFunc(v.content(), blank) }

func number(text string) float64 {
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	return v
}

// best is the most that one value earns.
func (r *response) best() float64 {
	best := 0.0
	for _, e := range r.entries {
		best = max(best, e.value)
	}
	return best
}

// accepted are the texts that earn all: those mapped to the most, and the declared ones.
func (r *response) accepted() (full, partial []string) {
	if r == nil {
		return nil, nil
	}
	best := r.best()
	for _, e := range r.entries {
		switch {
		case e.value > 0 && e.value == best:
			full = append(full, e.key)
		case e.value > 0:
			partial = append(partial, e.key)
		}
	}
	var declared []string
	for _, v := range r.correct {
		lower := slices.ContainsFunc(r.entries, func(e mapEntry) bool { return e.key == v && e.value < best })
		if !slices.Contains(full, v) && !lower {
			declared = append(declared, v)
		}
	}
	return append(declared, full...), partial
}

// keys are the identifiers of right choices.
func (r *response) keys(several bool) []string {
	if r == nil {
		return nil
	}
	if len(r.correct) > 0 {
		return r.correct
	}
	best := r.best()
	var out []string
	for _, e := range r.entries {
		if e.value > 0 && (several || e.value == best) {
			out = append(out, e.key)
		}
	}
	return out
}

// weights are what the options earn of all points, nil when the key alone says it.
func (r *response) weights(ids []string, correct []int, several bool) []int64 {
	if r == nil || len(r.entries) == 0 || len(correct) == 0 {
		return nil
	}
	values := make([]float64, len(ids))
	total := 0.0
	for i, id := range ids {
		values[i] = r.byDefault
		for _, e := range r.entries {
			if e.key == id {
				values[i] = e.value
			}
		}
	}
	for _, i := range correct {
		if several {
			total += max(0, values[i])
		} else {
			total = max(total, values[i])
		}
	}
	if r.upper > 0 && several {
		total = min(total, r.upper)
	}
	return spread100k(values, correct, total)
}

// spread100k scales values to weights; nil if each right option earns the same and the others nothing.
func spread100k(values []float64, correct []int, total float64) []int64 {
	if total <= 0 {
		return nil
	}
	weights, plain := make([]int64, len(values)), true
	for i, v := range values {
		weights[i] = int64(math.Round(max(-1, min(1, v/total)) * WholeWeight))
		share := 0.0
		if slices.Contains(correct, i) {
			share = WholeWeight / float64(len(correct))
		}
		plain = plain && math.Abs(float64(weights[i])-share) < 2
	}
	if plain {
		return nil
	}
	return weights
}

// processedKeys finds the values that a response must have for the branch that pays most.
func processedKeys(processing *node) map[string][]string {
	best := map[string]float64{}
	keys := map[string][]string{}
	processing.walk(func(n *node) bool {
		if n.name != "responseif" && n.name != "responseelseif" {
			return true
		}
		score := branchScore(n)
		if score <= 0 {
			return true
		}
		for _, cond := range n.kids {
			if cond.name == "" {
				continue
			}
			found := map[string][]string{}
			conditionValues(cond, found)
			for id, values := range found {
				switch {
				case score > best[id]:
					best[id], keys[id] = score, values
				case score == best[id]:
					keys[id] = append(keys[id], values...)
				}
			}
			break // the condition is the first element
		}
		return true
	})
	return keys
}

// branchScore is the number that a branch itself gives the score; 1 for one that takes it from a variable.
func branchScore(branch *node) float64 {
	score := 0.0
	for _, set := range branch.children("setoutcomevalue") {
		if strings.Contains(strings.ToUpper(set.attr("identifier")), "FEEDBACK") {
			continue
		}
		if value := set.first("basevalue"); value != nil {
			if v := number(value.content()); v > 0 {
				score = max(score, v)
			}
		} else if v := set.first("variable"); v != nil && strings.Contains(strings.ToUpper(v.attr("identifier")), "MAX") {
			score = max(score, 1)
		}
	}
	return score
}

// conditionValues collects the values that a condition compares responses with, but for those it denies.
func conditionValues(n *node, found map[string][]string) {
	switch n.name {
	case "not", "isnull", "gt", "gte", "lt", "lte":
		return
	case "match", "equal", "equalrounded", "stringmatch", "member", "contains", "substring":
		variable := n.first("variable")
		if variable == nil || n.first("correct") != nil {
			return
		}
		for _, v := range n.all("basevalue") {
			if text := trimmedValue(v); text != "" {
				found[variable.attr("identifier")] = append(found[variable.attr("identifier")], text)
			}
		}
		return
	}
	for _, k := range n.kids {
		if k.name != "" {
			conditionValues(k, found)
		}
	}
}
