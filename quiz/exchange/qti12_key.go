package exchange

import (
	"slices"
	"sort"
	"strconv"
	"strings"
)

// atom12 is one comparison of a condition: a response has, or does not have, a value.
type atom12 struct {
	ident string
	value string
	deny  bool
	index int
}

// cond12 is a condition with what it pays.
type cond12 struct {
	atoms  []atom12
	score  float64
	anyOf  bool
	ranges map[string][2]string // of numbers, by response
}

// key12 is what a QTI 1.2 item says of right answers.
type key12 struct{ conds []cond12 }

// readKey12 reads the processing of an item. Conditions that only show feedback are left out; if none pays,
// the one called correct does.
func readKey12(item *node) *key12 {
	k := &key12{}
	var named []cond12
	for _, n := range item.all("respcondition") {
		if len(k.conds)+len(named) >= 2*maxChoices {
			break
		}
		score, scored := score12(n)
		c := cond12{score: score, ranges: map[string][2]string{}}
		for _, v := range n.children("conditionvar") {
			c.read(v, false)
		}
		switch {
		case scored:
			k.conds = append(k.conds, c)
		case strings.EqualFold(n.attr("title"), "correct") || feedsCorrect(n):
			c.score = 100
			named = append(named, c)
		}
	}
	for _, c := range k.conds {
		if c.score > 0 {
			return k
		}
	}
	k.conds = append(k.conds, named...)
	return k
}

func feedsCorrect(n *node) bool {
	for _, f := range n.children("displayfeedback") {
		if id := strings.ToLower(f.attr("linkrefid")); id == "correct" || id == "correct_fb" {
			return true
		}
	}
	return false
}

// score12 is what a condition adds to the score; scored is false for one that sets none.
func score12(n *node) (score float64, scored bool) {
	for _, s := range n.children("setvar") {
		name := strings.ToLower(s.attr("varname"))
		text := strings.ToLower(strings.TrimSpace(s.content()))
		if strings.Contains(name, "percent") || strings.Contains(name, "answer") || text == "" {
			continue
		}
		v := number(text)
		if strings.Contains(text, "max") {
			v = 100
		}
		switch strings.ToLower(s.attr("action")) {
		case "subtract":
			v = -v
		case "multiply", "divide":
			continue
		}
		score, scored = score+v, true
	}
	return score, scored
}

func (c *cond12) read(n *node, deny bool) {
	for _, k := range n.kids {
		switch k.name {
		case "not":
			c.read(k, !deny)
		case "and", "or", "conditionvar":
			c.anyOf = c.anyOf || k.name == "or"
			c.read(k, deny)
		case "varequal", "varsubset", "varsubstring":
			index, _ := strconv.Atoi(k.attr("index"))
			if value := strings.TrimFunc(k.content(), blank); value != "" && len(c.atoms) < maxChoices {
				c.atoms = append(c.atoms, atom12{k.attr("respident"), value, deny, index})
			}
		case "vargte", "vargt", "varlte", "varlt":
			ends := c.ranges[k.attr("respident")]
			i := 0
			if strings.HasPrefix(k.name, "varl") {
				i = 1
			}
			ends[i] = strings.TrimSpace(k.content())
			c.ranges[k.attr("respident")] = ends
		}
	}
}

// of are the values that a condition wants and denies of a response. An item with one response may call it
// anything.
func (c *cond12) of(ident string, only bool) (want, deny []atom12) {
	for _, a := range c.atoms {
		switch {
		case a.ident != ident && !only:
		case a.deny:
			deny = append(deny, a)
		default:
			want = append(want, a)
		}
	}
	return want, deny
}

// choice is the key of a choice, in the words of QTI 2: the best set of values that one condition wants, or
// what each value earns.
func (k *key12) choice(ident string, only, several bool) *response {
	r := &response{cardinality: "single"}
	if several {
		r.cardinality = "multiple"
	}
	earned := map[string]float64{}
	var order []string
	best := 0.0
	for _, c := range k.conds {
		want, deny := c.of(ident, only)
		switch {
		case len(want)+len(deny) == 0:
		case len(want) > 1 && !c.anyOf && c.score > 0, several && len(want) > 0 && len(want)+len(deny) > 1 && !c.anyOf && c.score > 0:
			if c.score > best {
				best, r.correct = c.score, nil
				for _, a := range want {
					r.correct = append(r.correct, a.value)
				}
			}
		case len(want) == 0 && len(deny) == 1:
			earned[deny[0].value] -= c.score
		default:
			for _, a := range want {
				if _, known := earned[a.value]; !known {
					order = append(order, a.value)
				}
				earned[a.value] += c.score
			}
		}
	}
	if len(r.correct) == 0 {
		for _, value := range order {
			if earned[value] != 0 {
				r.entries = append(r.entries, mapEntry{value, earned[value]})
			}
		}
	}
	return r
}

// texts are the values of a text response that earn most, and those that earn less.
func (k *key12) texts(ident string, only bool) (full, partial []string) {
	best := 0.0
	for _, c := range k.conds {
		if want, _ := c.of(ident, only); len(want) > 0 {
			best = max(best, c.score)
		}
	}
	if best <= 0 {
		return nil, nil
	}
	for _, c := range k.conds {
		want, _ := c.of(ident, only)
		for _, a := range want {
			switch {
			case c.score == best && !slices.Contains(full, a.value):
				full = append(full, a.value)
			case c.score > 0 && c.score < best:
				partial = append(partial, a.value)
			}
		}
	}
	return full, partial
}

// numberRange is the range that a number may lie in; ok is false for none.
func (k *key12) numberRange(ident string, only bool) (low, high string, ok bool) {
	for _, c := range k.conds {
		for id, ends := range c.ranges {
			if (id == ident || only) && c.score > 0 {
				return ends[0], ends[1], true
			}
		}
	}
	return "", "", false
}

// order is the right order of a response: the longest condition, or single values with their places.
func (k *key12) order(ident string, only bool) []string {
	var best, placed []atom12
	for _, c := range k.conds {
		want, _ := c.of(ident, only)
		if len(want) > len(best) {
			best = want
		}
		if len(want) == 1 {
			placed = append(placed, want[0])
		}
	}
	if len(best) <= 1 {
		best = placed
	}
	best = slices.Clone(best)
	sort.SliceStable(best, func(i, j int) bool { return best[i].index < best[j].index })
	var out []string
	for _, a := range best {
		for _, v := range strings.Split(a.value, ",") {
			if v = strings.TrimSpace(v); !slices.Contains(out, v) {
				out = append(out, v)
			}
		}
	}
	return out
}
