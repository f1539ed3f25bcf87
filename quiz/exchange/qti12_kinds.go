package exchange

import (
	"slices"
	"strings"
)

// typedIn makes a fill-in of typed answers.
func (i *item12) typedIn() Item {
	var pieces []piece12
	for _, p := range i.pieces {
		if p.place != nil && p.place.label != "" {
			pieces = append(pieces, piece12{text: p.place.label})
		}
		pieces = append(pieces, p)
	}
	it := Item{Kind: Fill, Stem: settleGaps(gapped(pieces), len(i.places))}
	for _, p := range i.places {
		it.Blanks = append(it.Blanks, i.accepted(p))
	}
	return it
}

// accepted are the answers that one typed response takes.
func (i *item12) accepted(p *place12) []string {
	only := len(i.places) == 1
	full, partial := i.key.texts(p.ident, only)
	if i.kind == "fillintheblank" { // variants of one gap in one value
		var split []string
		for _, v := range full {
			split = append(split, nonEmpty(strings.Split(v, "|"))...)
		}
		full = split
	}
	if len(partial) > 0 {
		i.r.warn("item.answer_partial", "text", strings.Join(partial, " / "))
	}
	low, high, ranged := i.key.numberRange(p.ident, only)
	if ranged && low == high && len(full) == 0 {
		full = []string{low}
	} else if ranged && low != high {
		i.r.warn("item.tolerance", "range", low+" – "+high)
	}
	if p.numeric || strings.Contains(i.kind, "numeric") {
		for _, v := range full {
			if short := strings.TrimSuffix(strings.TrimRight(v, "0"), "."); strings.Contains(v, ".") && short != v && short != "" && !slices.Contains(full, short) {
				full = append(full, short)
			}
		}
	}
	return full
}

// bracketed reports whether every response is called in the text, like [colour] for response_colour.
func (i *item12) bracketed() bool {
	stem := i.stem()
	for _, p := range i.places {
		if !strings.Contains(stem, "["+bracketName(p)+"]") {
			return false
		}
	}
	return true
}

func bracketName(p *place12) string { return strings.TrimPrefix(p.ident, "response_") }

// brackets makes the names in brackets gaps: typed answers and lists of accepted words as a fill-in, lists to
// pick from as a choice or, several of them, as a case group.
func (i *item12) brackets(dropdown bool) Item {
	stem := underscores.ReplaceAllString(i.stem(), "_")
	places := slices.Clone(i.places)
	at := func(p *place12) int { return strings.Index(stem, "["+bracketName(p)+"]") }
	slices.SortStableFunc(places, func(a, b *place12) int { return at(a) - at(b) })
	picked := dropdown
	for _, p := range places {
		picked = picked || p.n.first("response_label").attr("answer_type") == "dropdown" || p.n.first("response_label").attr("answer_type") == "wordbank"
		if i.kind == "" && len(p.options) > 1 {
			for _, o := range p.options[1:] {
				picked = picked || fold(o.text) != fold(p.options[0].text)
			}
		}
	}
	if picked {
		return i.dropdowns(stem, places)
	}
	it := Item{Kind: Fill}
	for _, p := range places {
		stem = strings.ReplaceAll(stem, "["+bracketName(p)+"]", gapMark)
		variants := i.accepted(p)
		if len(p.options) > 0 {
			variants = nil
			for _, o := range p.options {
				if o.text != "" && !slices.Contains(variants, o.text) {
					variants = append(variants, o.text)
				}
			}
		}
		it.Blanks = append(it.Blanks, variants)
	}
	for strings.Count(stem, gapMark) > len(places) { // a name that stands twice is one gap and a reminder
		last := strings.LastIndex(stem, gapMark)
		stem = stem[:last] + "…" + stem[last+len(gapMark):]
	}
	it.Stem = settleGaps(strings.ReplaceAll(stem, gapMark+gapMark, gapMark+" "+gapMark), len(places))
	return it
}

// dropdowns makes one choice, or a group with a choice for each gap.
func (i *item12) dropdowns(stem string, places []*place12) Item {
	if len(places) == 1 {
		it := i.pick(places[0], true)
		it.Stem = strings.Replace(stem, "["+bracketName(places[0])+"]", Blank, 1)
		return it
	}
	group := Item{Kind: Group}
	for n, p := range places {
		stem = strings.Replace(stem, "["+bracketName(p)+"]", gapSign(n+1)+Blank, 1)
		i.part = n + 1
		it := i.pick(p, false)
		it.Stem = gapSign(n+1) + Blank
		group.Items = append(group.Items, it)
	}
	i.part = 0
	group.Stem = stem
	return group
}

// matching makes a matching of responses with a label each and options to match it with.
func (i *item12) matching() Item {
	it := Item{Kind: Matching, Stem: i.stem()}
	used := map[string]bool{}
	var all []string
	for _, p := range i.places {
		for _, o := range p.options {
			if !slices.Contains(all, o.text) {
				all = append(all, o.text)
			}
		}
		for _, key := range i.key.choice(p.ident, false, true).keys(true) {
			j := indexOf(p.options, key)
			if j < 0 {
				i.fail("item.answer_unreadable", "answer", key)
				continue
			}
			it.Pairs = append(it.Pairs, Pair{p.label, p.options[j].text})
			used[p.options[j].text] = true
		}
	}
	for _, text := range all {
		if !used[text] && text != "" {
			it.Distractors = append(it.Distractors, text)
		}
	}
	return it
}

// rightBlock is the second column of a Blackboard matching.
func rightBlock(n *node) *node {
	var found *node
	n.walk(func(k *node) bool {
		if found == nil && k.name == "flow" && strings.EqualFold(k.attr("class"), "RIGHT_MATCH_BLOCK") {
			found = k
		}
		return found == nil
	})
	return found
}

// blackboardMatching reads a matching whose options are empty: their places mean those of the right column.
func (i *item12) blackboardMatching() Item {
	block := rightBlock(i.n)
	var rights []string
	for _, p := range i.r.pieces(block) {
		rights = append(rights, p.text)
	}
	it := Item{Kind: Matching}
	used := map[int]bool{}
	var stem []string
	i.n.child("presentation").walk(func(n *node) bool {
		if n == block || n.name != "flow" {
			return n != block
		}
		lids := n.all("response_lid")
		switch {
		case strings.EqualFold(n.attr("class"), "QUESTION_BLOCK"):
			for _, p := range i.r.pieces(n) {
				stem = append(stem, p.text)
			}
			return false
		case len(lids) != 1:
			return true
		}
		place := i.r.place(lids[0])
		var left []string
		for _, p := range i.r.pieces(n) {
			left = append(left, p.text)
		}
		text := strings.Join(nonEmpty(append(left, place.label)), "\n")
		for _, key := range i.key.choice(place.ident, false, true).keys(true) {
			for j, o := range place.options {
				if o.id == key && j < len(rights) {
					it.Pairs = append(it.Pairs, Pair{text, rights[j]})
					used[j] = true
				}
			}
		}
		return false
	})
	for j, text := range rights {
		if !used[j] {
			it.Distractors = append(it.Distractors, text)
		}
	}
	it.Stem = strings.Join(nonEmpty(stem), "\n")
	return it
}

// grouped makes a matching of a response_grp: labels of one list, pairs as "left,right" or as the value of a
// response that is called like a label.
func (i *item12) grouped() Item {
	it := Item{Kind: Matching}
	var labels []qtiOption
	lefts := map[string]bool{}
	var stem []string
	for _, p := range i.pieces {
		if p.place == nil {
			stem = append(stem, p.text)
			continue
		}
		stem = append(stem, p.place.label)
		labels = append(labels, p.place.options...)
		for _, l := range p.place.n.all("response_label") {
			if l.attr("match_group") != "" {
				lefts[l.attr("ident")] = true
			}
		}
	}
	used := map[int]bool{}
	for _, c := range i.key.conds {
		want, _ := c.of("", true)
		for _, a := range want {
			ends := strings.Split(a.value, ",")
			if len(ends) != 2 {
				ends = []string{a.ident, a.value}
			}
			l, r := indexOf(labels, strings.TrimSpace(ends[0])), indexOf(labels, strings.TrimSpace(ends[1]))
			if l < 0 || r < 0 || c.score <= 0 {
				continue
			}
			if lefts[labels[r].id] && !lefts[labels[l].id] {
				l, r = r, l
			}
			it.Pairs = append(it.Pairs, Pair{labels[l].text, labels[r].text})
			used[l], used[r] = true, true
		}
	}
	for j, o := range labels {
		if !used[j] && o.text != "" {
			it.Distractors = append(it.Distractors, o.text)
		}
	}
	it.Stem = strings.Join(nonEmpty(stem), "\n")
	return it
}

// several makes a case group of different responses.
func (i *item12) several() Item {
	g := &qtiGroup{q: i.qtiItem}
	var before []string
	for _, p := range i.pieces {
		if p.place == nil {
			before = append(before, p.text)
			continue
		}
		i.part = len(g.items) + 1
		it := Item{Kind: Fill, Stem: Blank}
		switch {
		case p.place.fib:
			it.Blanks = [][]string{i.accepted(p.place)}
		case p.place.ordered:
			it = i.ordering(p.place)
			it.Stem = ""
		default:
			it = i.pick(p.place, false)
		}
		if p.place.label != "" {
			it.Stem = strings.TrimSpace(p.place.label + "\n" + it.Stem)
		}
		g.put(strings.Join(before, "\n"), it)
		before = nil
	}
	i.part = 0
	g.material = append(g.material, before...)
	return Item{Kind: Group, Stem: strings.Join(nonEmpty(g.material), "\n"), Items: g.items}
}
