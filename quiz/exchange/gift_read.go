package exchange

import (
	"regexp"
	"strings"
)

// The signs of a GIFT text: a title, a category, or braces that begin like an answer.
var (
	giftSign   = regexp.MustCompile(`(?m)^\s*(?:::[^\n]*::|\$CATEGORY:)|(?:^|[^\\{])\{\s*(?:[=~][^{}=~]|#\s*[-+=\d]|(?:T|F|TRUE|FALSE)\s*[#}]|%-?\d|>\s*\d)`)
	giftEssay  = regexp.MustCompile(`(?m)[.?!:。？！：]\s*\{\s*\}\s*$`)
	otherTexts = map[string]bool{"csv": true, "tsv": true, "md": true, "markdown": true, "aiken": true}
)

func isGift(s source) bool {
	if s.extension() == "gift" {
		return true
	}
	return !otherTexts[s.extension()] && (giftSign.MatchString(s.text) || giftEssay.MatchString(s.text))
}

// Limits of one question: bytes without and with pictures in it, places with braces, and answers.
const (
	maxQuestion      = 1 << 20
	maxPictureMarkup = 10 << 20
	maxGaps          = 100
	maxAnswers       = 200
	maxComments      = 500
)

// giftChunk is one question of a GIFT text as written: its text without comments, the comments, and the
// first line. braces are the places of { and } in the text, in pairs.
type giftChunk struct {
	line     int
	start    int // in the file
	end      int
	text     string
	braces   [][2]int
	comments []string
	fault    string // why the braces make no sense
}

// giftScanner cuts a GIFT text into chunks, line by line. A blank line ends a question unless it stands
// inside braces; so do a title, a category, and the end of a line behind closed braces when more follow.
type giftScanner struct {
	text     string
	at, line int
	comments []string
	plain    int // up to here no line holds braces
}

// next is the next chunk, false at the end.
func (s *giftScanner) next() (giftChunk, bool) {
	s.comments = nil
	for s.at < len(s.text) {
		line := s.current()
		trimmed := strings.TrimFunc(line, blank)
		switch {
		case trimmed == "":
			s.comments = nil
		case strings.HasPrefix(trimmed, "//"):
			if len(s.comments) < maxComments {
				s.comments = append(s.comments, trimmed)
			}
		default:
			return s.chunk(), true
		}
		s.skip(line)
	}
	return giftChunk{}, false
}

func (s *giftScanner) current() string {
	line, _, _ := strings.Cut(s.text[s.at:], "\n")
	return line
}

func (s *giftScanner) skip(line string) {
	s.at += min(len(line)+1, len(s.text)-s.at)
	s.line++
}

// chunk reads one question from where the scanner stands.
func (s *giftScanner) chunk() giftChunk {
	c := giftChunk{line: s.line, start: s.at, comments: s.comments}
	var b strings.Builder
	open, closed, afterBlank := -1, false, false
	for s.at < len(s.text) {
		line := s.current()
		trimmed := strings.TrimFunc(line, blank)
		begins := strings.HasPrefix(trimmed, "::") || strings.HasPrefix(trimmed, "$CATEGORY:")
		switch {
		case open < 0 && trimmed == "", b.Len() > 0 && begins:
			s.close(&c, &b, open)
			return c
		case strings.HasPrefix(trimmed, "//") && (open < 0 && closed && s.begins()):
			s.close(&c, &b, open)
			return c
		case strings.HasPrefix(trimmed, "//"):
			if len(c.comments) < maxComments {
				c.comments = append(c.comments, trimmed)
			}
			b.WriteString("\n")
			s.skip(line)
			c.end = s.at
			continue
		case b.Len() > 0 && open < 0 && closed && s.begins():
			s.close(&c, &b, open)
			return c
		case open >= 0 && nests(line) && (afterBlank || giftSign.MatchString(line)):
			s.close(&c, &b, open) // a question behind one that was never closed
			return c
		}
		if len(c.fault) > 1 || b.Len() > maxPictureMarkup {
			c.fault = "这一题太长"
			s.skip(line)
			c.end = s.at
			continue
		}
		afterBlank = trimmed == "" || afterBlank && open >= 0 && !strings.ContainsAny(line, "{}")
		open = c.mark(line, b.Len(), open)
		closed = len(c.braces) > 0 && open < 0
		b.WriteString(line)
		b.WriteString("\n")
		s.skip(line)
		c.end = s.at
		if strings.HasPrefix(trimmed, "$CATEGORY:") {
			break
		}
	}
	s.close(&c, &b, open)
	return c
}

// nests reports whether a line opens braces without being an answer itself.
func nests(line string) bool {
	trimmed := strings.TrimFunc(line, blank)
	at := strings.IndexByte(line, '{')
	return at >= 0 && (at == 0 || line[at-1] != '\\') && trimmed != "" && !strings.ContainsRune("=~#", rune(trimmed[0]))
}

// begins reports whether the lines up to the next blank one hold braces of their own, so that what stands
// there is a question and not the rest of a sentence.
func (s *giftScanner) begins() bool {
	for at := max(s.at, s.plain); at < len(s.text); {
		line, _, _ := strings.Cut(s.text[at:], "\n")
		trimmed := strings.TrimFunc(line, blank)
		if trimmed == "" {
			return false
		}
		if strings.HasPrefix(trimmed, "::") || strings.HasPrefix(trimmed, "$CATEGORY:") {
			return true
		}
		for i := 0; i < len(line); i++ {
			if line[i] == '\\' {
				i++
			} else if line[i] == '{' && !strings.HasPrefix(trimmed, "//") {
				return true
			}
		}
		at += len(line) + 1
		s.plain = at
	}
	return false
}

// mark notes the braces of one line; it returns where braces are still open, -1 for nowhere.
func (c *giftChunk) mark(line string, offset, open int) int {
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '{':
			if open >= 0 {
				c.fault = "{"
			} else {
				open = offset + i
			}
		case '}':
			if open < 0 {
				c.fault = "}"
			} else {
				if len(c.braces) <= maxGaps {
					c.braces = append(c.braces, [2]int{open, offset + i})
				}
				open = -1
			}
		}
	}
	return open
}

func (s *giftScanner) close(c *giftChunk, b *strings.Builder, open int) {
	c.text = b.String()
	c.end = max(c.end, c.start)
	if open >= 0 {
		c.fault = "{"
	}
}

var (
	giftTag = regexp.MustCompile(`\[tag:((?:[^\]\\]|\\.)*)\]`)
)

// readGift reads the GIFT format of Moodle (rules-contest 6.1).
func readGift(text, encoding string) (Result, error) {
	res := Result{Format: "gift", Encoding: encoding}
	s := &giftScanner{text: strings.TrimPrefix(text, "\ufeff"), line: 1}
	topic := ""
	var readings []reading
	for {
		c, ok := s.next()
		if !ok {
			break
		}
		if category, ok := strings.CutPrefix(strings.TrimFunc(c.text, blank), "$CATEGORY:"); ok {
			topic = topicOf(category)
			continue
		}
		if len(readings) >= MaxRows {
			return Result{}, refuse("file.rows", "most", MaxRows)
		}
		c.explainFault()
		readings = append(readings, c.reading(strings.TrimFunc(s.text[c.start:c.end], blank), topic))
	}
	assemble(readings, &res)
	if len(res.Rows) == 0 && len(res.Skipped) == 0 {
		return Result{}, refuse("file.no_items")
	}
	return res, nil
}

// explainFault says in words why the question cannot be read.
func (c *giftChunk) explainFault() {
	switch {
	case len(c.text) > maxQuestion && !strings.Contains(c.text, "data:image/"), len(c.text) > maxPictureMarkup:
		c.fault = "这一题太长"
	case len(c.braces) > maxGaps:
		c.fault = "花括号太多"
	case c.fault == "{":
		c.fault = "花括号 { 没有配对，正文里的 { 要写作 \\{"
	case c.fault == "}":
		c.fault = "花括号 } 没有配对，正文里的 } 要写作 \\}"
	}
}

// topicOf is the topic that a category path of Moodle stands for: its last part, without the names that
// Moodle gives to places; // inside a part is a slash of its name.
func topicOf(path string) string {
	parts := strings.Split(strings.ReplaceAll(path, "//", "\x00"), "/")
	topic := ""
	for i, part := range parts {
		part = strings.TrimFunc(strings.ReplaceAll(part, "\x00", "/"), blank)
		if place := strings.HasPrefix(part, "$") && strings.HasSuffix(part, "$"); place || i <= 1 && part == "top" {
			continue
		}
		if part != "" {
			topic = part
		}
	}
	return topic
}
