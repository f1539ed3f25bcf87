package exchange

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// breaks are the elements that begin a line of their own.
var breaks = map[atom.Atom]bool{atom.P: true, atom.Div: true, atom.Br: true, atom.Li: true, atom.Tr: true, atom.Ul: true,
	atom.Ol: true, atom.Table: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true,
	atom.Blockquote: true, atom.Pre: true, atom.Section: true, atom.Hr: true, atom.Caption: true}

var (
	runsOfSpace = regexp.MustCompile(`[ \t\f\x{a0}]+`)
	spacedLine  = regexp.MustCompile(` *\n *`)
	emptyLines  = regexp.MustCompile(`\n{2,}`)
)

// htmlText is what a reader of a piece of HTML sees: one line a paragraph, cells of a table separated by a
// tab, pictures as ![alt](name). Scripts and styles are dropped; name turns a picture's address into its
// name, nil keeps the address.
func htmlText(markup string, name func(src string) string) string {
	if !strings.ContainsAny(markup, "<&") {
		return tidyText(markup)
	}
	var b strings.Builder
	hidden := 0
	z := html.NewTokenizer(strings.NewReader(markup))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return tidyText(b.String())
		}
		token := z.Token()
		switch kind {
		case html.TextToken:
			if hidden == 0 {
				b.WriteString(strings.NewReplacer("\r", " ", "\n", " ").Replace(token.Data))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			switch token.DataAtom {
			case atom.Script, atom.Style:
				if kind == html.StartTagToken {
					hidden++
				}
			case atom.Img:
				b.WriteString(pictureMark(attribute(token, "alt"), attribute(token, "src"), name))
			case atom.Td, atom.Th:
				b.WriteString("\t")
			}
			if breaks[token.DataAtom] {
				b.WriteString("\n")
			}
		case html.EndTagToken:
			if token.DataAtom == atom.Script || token.DataAtom == atom.Style {
				hidden = max(0, hidden-1)
			}
			if breaks[token.DataAtom] {
				b.WriteString("\n")
			}
		}
	}
}

func attribute(token html.Token, name string) string {
	for _, a := range token.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// altSigns are what a picture's description may not hold.
var altSigns = strings.NewReplacer("[", "", "]", "", "\n", " ")

// pictureMark writes a picture into a text.
func pictureMark(alt, src string, name func(string) string) string {
	if name != nil {
		src = name(src)
	}
	if src == "" {
		return alt
	}
	return "![" + altSigns.Replace(alt) + "](" + src + ")"
}

// pictureMarks finds the pictures of a text.
var pictureMarks = regexp.MustCompile(`!\[([^\[\]]*)\]\(([^()\s]+)\)`)

// tidyText trims lines and takes out empty ones.
func tidyText(text string) string {
	text = runsOfSpace.ReplaceAllString(text, " ")
	return strings.TrimSpace(emptyLines.ReplaceAllString(spacedLine.ReplaceAllString(text, "\n"), "\n"))
}
