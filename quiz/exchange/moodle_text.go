package exchange

import (
	"encoding/base64"
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// Limits of the pictures that come inside a text: bytes of one, and how many one question may show.
const (
	maxPictureBytes = 5 << 20
	maxPictures     = 200
)

// pluginFile stands before the name of a file that Moodle keeps with the question.
const pluginFile = "@@PLUGINFILE@@/"

// album gathers the pictures that the texts of one question show. files are those that came with the text
// being read, by name.
type album struct {
	files    map[string][]byte
	used     map[string]bool // of files
	pictures []Picture
	warnings []Problem
}

func (a *album) warn(code string, args ...any) {
	a.warnings = append(a.warnings, problem(FieldStem, code, args...))
}

// name is the picture's name for an address in the markup; a picture that is inside the file is kept.
func (a *album) name(src string) string {
	src = strings.TrimSpace(src)
	switch {
	case strings.HasPrefix(src, "data:"):
		return a.inline(src)
	case strings.HasPrefix(src, pluginFile):
		return a.attached(strings.TrimPrefix(src, pluginFile))
	case src != "":
		a.warn("item.picture_missing", "name", src)
	}
	return strings.NewReplacer(" ", "%20", "(", "%28", ")", "%29").Replace(src)
}

func (a *album) attached(name string) string {
	name, _, _ = strings.Cut(name, "?")
	data, ok := a.files[name]
	if plain, err := url.PathUnescape(name); !ok && err == nil {
		name = plain
		data, ok = a.files[name]
	}
	if !ok {
		a.warn("item.picture_missing", "name", name)
		return pictureName(name)
	}
	a.used[name] = true
	return a.keep(pictureName(name), data)
}

// inline keeps a picture that is written into its address as base64.
func (a *album) inline(src string) string {
	head, body, _ := strings.Cut(src, ",")
	kind, _, _ := strings.Cut(strings.TrimPrefix(head, "data:image/"), ";")
	name := "picture-" + strconv.Itoa(len(a.pictures)+1) + "." + pictureName(strings.TrimSuffix(kind, "+xml"))
	data, err := decodePicture(body)
	if !strings.HasPrefix(head, "data:image/") || !strings.HasSuffix(head, ";base64") || err != nil {
		a.warn("item.picture_missing", "name", name)
		return name
	}
	for _, p := range a.pictures {
		if string(p.Data) == string(data) {
			return p.Name
		}
	}
	return a.keep(name, data)
}

// keep puts a picture into the album, under another name if a different picture has it.
func (a *album) keep(name string, data []byte) string {
	for n, free := 2, name; ; n++ {
		taken := false
		for _, p := range a.pictures {
			if p.Name == free && string(p.Data) == string(data) {
				return free
			}
			taken = taken || p.Name == free
		}
		if !taken {
			name = free
			break
		}
		free = strconv.Itoa(n) + "-" + name
	}
	switch {
	case len(data) > maxPictureBytes:
		a.warn("item.picture_large", "name", name, "most", maxPictureBytes>>20)
	case len(a.pictures) >= maxPictures:
		a.warn("item.picture_many", "most", maxPictures)
	default:
		a.pictures = append(a.pictures, Picture{name, data})
	}
	return name
}

func decodePicture(body string) ([]byte, error) {
	body = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, body)
	return base64.RawStdEncoding.DecodeString(strings.TrimRight(body, "="))
}

// pictureName is a name that can stand in ![alt](name).
func pictureName(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("()[]<>", r) {
			return '_'
		}
		return r
	}, name)
}

var (
	// htmlMark finds what makes a text of no declared format HTML: a tag of HTML or an entity.
	htmlMark = regexp.MustCompile(`(?i)</?(a|abbr|b|big|blockquote|br|center|code|dd|div|dl|dt|em|font|h[1-6]|hr|i|img|kbd|li|ol|` +
		`p|pre|s|small|span|strong|sub|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|video|audio|source|script|style)(\s[^<>]*)?/?>|&(#\d+|#x[0-9a-f]+|[a-z]+\d*);|<!--`)
	blockMark = regexp.MustCompile(`(?i)<(br|p|div|li|tr|h[1-6]|pre)[\s/>]`)
)

// formatted is a text as its reader sees it. The formats are those of Moodle under any of their names; a
// text without a declared format is HTML where it looks like it, with its line ends as line breaks.
func formatted(text, format string, a *album) string {
	switch format {
	case "plain", "plain_text":
		return strings.TrimFunc(text, blank)
	case "markdown":
		return strings.TrimFunc(pictureMarks.ReplaceAllStringFunc(text, func(mark string) string {
			m := pictureMarks.FindStringSubmatch(mark)
			return pictureMark(m[1], m[2], a.name)
		}), blank)
	case "html":
		return strings.TrimFunc(htmlText(text, a.name), blank)
	}
	if !htmlMark.MatchString(text) {
		return strings.TrimFunc(text, blank)
	}
	if !blockMark.MatchString(text) {
		text = strings.ReplaceAll(strings.TrimFunc(text, blank), "\n", "<br>")
	}
	return strings.TrimFunc(htmlText(text, a.name), blank)
}

// markup writes a text with pictures as HTML that formatted reads back.
func markup(text string) string {
	var b strings.Builder
	rest := text
	for {
		at := pictureMarks.FindStringSubmatchIndex(rest)
		if at == nil {
			break
		}
		b.WriteString(escapeMarkup(rest[:at[0]]))
		b.WriteString(`<img src="` + html.EscapeString(pluginFile+url.PathEscape(rest[at[4]:at[5]])) +
			`" alt="` + html.EscapeString(rest[at[2]:at[3]]) + `">`)
		rest = rest[at[1]:]
	}
	b.WriteString(escapeMarkup(rest))
	return b.String()
}

func escapeMarkup(text string) string {
	return strings.ReplaceAll(html.EscapeString(text), "\n", "<br>")
}

// shownPictures are the pictures that a text shows, by name.
func shownPictures(text string, pictures []Picture) (shown []Picture) {
	names := map[string]bool{}
	for _, m := range pictureMarks.FindAllStringSubmatch(text, -1) {
		names[m[2]] = true
	}
	for _, p := range pictures {
		if names[p.Name] {
			shown = append(shown, p)
		}
	}
	return shown
}
