package exchange

import "strings"

// group makes a case group of a body with several interactions: text that belongs to no question is the
// material.
func (q *qtiItem) group(body *node) Item {
	g := &qtiGroup{q: q, counts: map[*node]int{}}
	g.split(body)
	it := Item{Kind: Group, Items: g.items}
	if rest := g.take(); rest != "" {
		g.material = append(g.material, rest)
	}
	it.Stem = strings.Join(g.material, "\n")
	q.part = 0
	return it
}

// qtiGroup gathers the questions of a body. pending is text since the last question.
type qtiGroup struct {
	q        *qtiItem
	counts   map[*node]int // of interactions in pieces that were looked at
	items    []Item
	material []string
	pending  []*node
}

// take is the pending text.
func (g *qtiGroup) take() string {
	text := g.q.r.text(nil, g.pending...)
	g.pending = nil
	return text
}

// asks are the interactions of a piece that ask something.
func asks(piece *node) (out []*node) {
	if isInteraction(piece) {
		if !aside[piece.name] {
			out = append(out, piece)
		}
		return out
	}
	piece.walk(func(k *node) bool {
		if !isInteraction(k) {
			return true
		}
		if !aside[k.name] {
			out = append(out, k)
		}
		return k.name == "mediainteraction"
	})
	return out
}

func inlineOnly(asked []*node) bool {
	for _, in := range asked {
		if in.name != "textentryinteraction" && in.name != "inlinechoiceinteraction" {
			return false
		}
	}
	return true
}

// split goes through the pieces of a container. A piece with one question, or with gaps only, is cut no
// further; runs of text with gaps between them belong together.
func (g *qtiGroup) split(container *node) {
	if asked := asks(container); inlineOnly(asked) && !g.holdsBlocks(container) {
		g.piece(container, asked)
		return
	}
	for _, k := range container.kids {
		asked := asks(k)
		switch {
		case len(asked) == 0:
			g.pending = append(g.pending, k)
		case len(asked) == 1 || inlineOnly(asked) && !g.holdsBlocks(k):
			g.piece(k, asked)
		default:
			g.split(k)
		}
	}
}

// count is how many interactions a piece has.
func (g *qtiGroup) count(n *node) int {
	if have, ok := g.counts[n]; ok {
		return have
	}
	count := 0
	if isInteraction(n) {
		if !aside[n.name] {
			count = 1
		}
	} else {
		for _, k := range n.kids {
			if k.name != "" {
				count += g.count(k)
			}
		}
	}
	g.counts[n] = count
	return count
}

// holdsBlocks reports whether a piece has blocks that have questions of their own.
func (g *qtiGroup) holdsBlocks(piece *node) bool {
	found := false
	for _, k := range piece.kids {
		k.walk(func(n *node) bool {
			found = found || blockNames[n.name] && g.count(n) > 0
			return !found && !isInteraction(n)
		})
	}
	return found
}

// piece makes the questions of one piece.
func (g *qtiGroup) piece(piece *node, asked []*node) {
	before := g.take()
	g.q.part = len(g.items) + 1
	switch {
	case allNamed(asked, "textentryinteraction"):
		g.put(before, g.q.fill(piece, asked))
	case len(asked) == 1:
		g.put(before, g.q.alone(piece, asked[0]))
	default:
		g.cloze(before, piece, asked)
	}
}

// put adds a question. Text before the first one is the material; before a later one it belongs to that one.
// A question without a text of its own takes the last line before it.
func (g *qtiGroup) put(before string, it Item) {
	bare := bareStem(it.Stem)
	lines := strings.Split(before, "\n")
	switch {
	case before == "":
	case bare && len(g.items) == 0 && len(lines) > 1:
		g.material = append(g.material, strings.Join(lines[:len(lines)-1], "\n"))
		it.Stem = lines[len(lines)-1] + it.Stem
	case bare:
		it.Stem = before + it.Stem
	case len(g.items) == 0:
		g.material = append(g.material, before)
	default:
		it.Stem = before + "\n" + it.Stem
	}
	if bareStem(it.Stem) {
		it.Stem = gapSign(len(g.items)+1) + it.Stem
	}
	g.items = append(g.items, it)
}

// bareStem reports whether a stem says nothing but its gaps.
func bareStem(stem string) bool {
	return stem == "" || CountBlanks(stem) > 0 && strings.Trim(stem, "_ \n") == ""
}

// cloze keeps a text with choices in its gaps as material with numbered gaps, and asks for each.
func (g *qtiGroup) cloze(before string, piece *node, asked []*node) {
	first, n := len(g.items), len(g.items)
	text := g.q.r.text(func(in *node) string {
		if aside[in.name] {
			return ""
		}
		n++
		return gapSign(n) + Blank
	}, piece)
	g.material = append(g.material, strings.TrimSpace(before+"\n"+text))
	for i, in := range asked {
		g.q.part = first + i + 1
		it := g.q.answer(in)
		it.Stem = gapSign(first+i+1) + Blank
		g.items = append(g.items, it)
	}
}
