package exchange

// begins decides whether a numbered line begins a question or goes on with the one before.
func (p *paper) begins(l *textLine, m numberMark, rest string) bool {
	s := p.section
	leads := func() bool { return p.leads(p.at, m.style) || len(insideOptions(rest)) > 0 }
	if p.group != nil && p.nests(m) {
		return m.sure || leads()
	}
	if s.style == 0 || p.cur == nil && s.fresh {
		if m.style == '一' || !m.sure {
			return leads() || looksAsked(rest) && m.sure
		}
		return p.cur == nil || p.field != FieldExplanation && p.field != FieldAnswer || looksAsked(rest) || leads()
	}
	if style := m.style; style != s.style && (style == '(' || style == '一' || s.style == '(' || style == ' ' || style == ')') {
		if p.field == FieldAnswer || p.field == FieldExplanation { // the parts of an answer; its rubric may follow
			return len(insideOptions(rest)) > 0 || p.leadsTo(p.at, style) == FieldOptions
		}
		return p.complete() && (style != ' ' || m.n == s.last+1) && leads()
	}
	next := m.n == s.last+1
	if p.inner > 0 && m.n == p.inner+1 {
		if !next || !askEnds.MatchString(rest) && !asking.MatchString(rest) && !leads() {
			p.inner++
			return false
		}
	}
	switch {
	case next:
		return true
	case s.fresh && m.sure:
		return true
	case !m.sure:
		return leads() && p.complete()
	case p.inList() && m.n != 1 && !leads():
		return false
	case leads() && (p.complete() || m.n > s.last), askEnds.MatchString(rest), emptyBracket.MatchString(rest), underscores.MatchString(rest), keyBracket.MatchString(rest):
		return true
	case p.inList():
		if m.n == 1 {
			p.inner = 1
		}
		return false
	}
	return p.cur == nil || p.field == fieldOption || m.n > s.last && m.n <= s.last+20
}

// inList reports that the current text may well hold a numbered list of its own.
func (p *paper) inList() bool {
	return p.cur != nil && (p.field == FieldAnswer || p.field == FieldExplanation || p.field == FieldReference || p.field == FieldStem && !p.complete())
}

// complete reports that the current question has all a question needs, so that another may begin.
func (p *paper) complete() bool {
	return p.cur == nil || len(p.cur.options) >= 2 || p.cur.ownKey() != ""
}

// nests reports that a number belongs to a question of the open group.
func (p *paper) nests(m numberMark) bool {
	g := p.group
	switch {
	case p.last > 0:
		return m.n <= p.last && (len(g.parts) == 0 || m.n > g.parts[len(g.parts)-1].number)
	case g.number == 0:
		return len(g.parts) == 0 || m.style == g.parts[0].style && m.n == g.parts[len(g.parts)-1].number+1
	case m.style != g.style && m.style != ' ':
		return len(g.parts) == 0 && len(g.options) == 0 && !g.has(FieldAnswer) || len(g.parts) > 0 && m.style == g.parts[0].style
	}
	return g.asked && m.n == len(g.parts)+1
}
