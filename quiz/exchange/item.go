// Package exchange reads and writes question files. It is pure: bytes in, items and problems out, with no
// database, clock or package of ours. Whatever a file holds, nothing is lost silently: a row that makes no
// item comes back with its text and the reason.
package exchange

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// The kinds of question an Item can be.
const (
	Single    = "single"
	Multiple  = "multiple"
	TrueFalse = "truefalse"
	Fill      = "fill"
	Matching  = "matching"
	Ordering  = "ordering"
	Essay     = "essay"
	Group     = "group"
)

// Blank marks a gap in a fill-in stem.
const Blank = "____"

// Limits of one file (security.md): bytes as sent, files and bytes inside an archive, how far one may be
// inflated, and rows and columns that are read.
const (
	MaxBytes        = 20 << 20
	maxParts        = 2000
	maxPackageParts = 20_000 // of a package of small files, one a question
	maxInflated     = 60 << 20
	maxRatio        = 100
	MaxRows         = 20_000
	maxColumns      = 100
	maxSheets       = 50
	maxCell         = 32_767 // UTF-16 units, Excel's own
)

// Option is one option of a choice question. Fixed options keep their place when a paper is shuffled.
type Option struct {
	Text  string
	Fixed bool
}

// Pair is one right match. Left and Right are what the two columns say.
type Pair struct{ Left, Right string }

// Picture is an image that a text of the item shows as ![alt](Name). Data is as the file held it: nobody has
// looked inside yet.
type Picture struct {
	Name string
	Data []byte
}

// WholeWeight is the weight of an option that earns all points.
const WholeWeight = 100_000

// Item is one question as a file tells it. Correct holds 0-based indexes of Options: those of a choice in
// ascending order, those of an ordering in the right order; for true/false, which has no options, [0] is
// right and [1] wrong. Blanks lists the accepted answers of each gap. A matching has its right Pairs and the
// Distractors that match nothing; an essay its Rubric; a group its material as Stem and its Items. Points are
// 1/100 point, 0 = not given; Difficulty is the expected share of right answers in 1/100, 0 = not given.
type Item struct {
	Kind        string
	Stem        string
	Options     []Option
	Correct     []int
	Weights     []int64 // of each option, 1/100,000 of the points; empty = the key alone decides
	Blanks      [][]string
	Pairs       []Pair
	Distractors []string
	Rubric      string
	Items       []Item
	Pictures    []Picture
	Points      int64
	Explanation string
	Reference   string // the citation as written
	Statute     string // code
	Article     string
	Paragraph   int
	LawQuote    string
	Topic       string
	Difficulty  int
	Tags        []string
	Use         string // practice, contest, both or empty
}

// Problem is something wrong, or worth a look, at one place of a file. Column is the header as the file
// spells it; Message is a sentence for people in Chinese, Code and Args make it in other languages.
type Problem struct {
	Sheet   string
	Line    int // 1-based row of the sheet or line of the text, 0 = the whole sheet or file
	Part    int // 1-based question of a group, 0 = the item itself
	Column  string
	Field   Field
	Code    string
	Args    map[string]any
	Message string
	Text    string // what the file says there, if it makes no item
}

// Row is one row of a table or one question of a text: the item if it has no Problems, and in any case what
// it said.
type Row struct {
	Sheet    string
	Line     int
	Exact    bool // escapes are understood, nothing is guessed: written by us, or by a format without doubt
	Cells    Cells
	Text     string // as the file wrote it; empty for a table, whose cells say it
	Pictures []Picture
	Item     Item
	Problems []Problem
	Warnings []Problem
}

// Result is what a file held. Skipped says which sheets, columns and pieces of text were not read, and why.
type Result struct {
	Format   string // the name of one of Formats
	Encoding string // of a text: utf-8, utf-16 or gb18030
	Rows     []Row
	Skipped  []Problem
}

// Error refuses a whole file; its codes stand beside those of Problems.
type Error struct {
	Code string
	Args map[string]any
}

// Error is the Chinese sentence of the code.
func (e *Error) Error() string { return sentence(e.Code, e.Args) }

// TooLarge refuses a file of more than MaxBytes before it is read.
func TooLarge() *Error { return refuse("file.too_large", "most", MaxBytes>>20) }

func refuse(code string, args ...any) *Error { return &Error{Code: code, Args: pairs(args)} }

func pairs(args []any) map[string]any {
	if len(args) == 0 {
		return nil
	}
	m := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i].(string)] = args[i+1]
	}
	return m
}

// fixedOption is matched against an option without spaces, in one width and in lower case.
var fixedOption = regexp.MustCompile(`^(以上|上述|前述)(选项|说法|各项|答案|全部|几项|[二两三四五]项|[二两三四五]者|行为|内容|情形)?` +
	`(都|均|皆|全|不|没有|无|有误|正确|错误|$)|^(都|均|皆|全)(是|对|正确|错误|不对|不是|不正确|错|不符合|符合)[。.]?$` +
	`|^[a-j]([、,和与及][a-j])+项?(都|均|皆|全)?(是|对|正确|错误|不对|不正确)?[。.]?$` +
	`|^[a-j]{2,}项?(都|均|皆|全)(是|对|正确|错误|不对|不正确)[。.]?$|^(allof|noneof)(the)?above[.]?$`)

// LooksFixed reports whether an option speaks of its neighbours, like 以上都对 or A和B, and so must keep its
// place.
func LooksFixed(text string) bool {
	return fixedOption.MatchString(strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(text)), "")))
}

var underscores = regexp.MustCompile(`[_＿]{2,}`)

// CountBlanks counts the gaps of a stem: runs of two or more underscores.
func CountBlanks(stem string) int { return len(underscores.FindAllStringIndex(stem, -1)) }

// NormaliseBlanks writes every gap of a stem as ____.
func NormaliseBlanks(stem string) string { return underscores.ReplaceAllString(stem, Blank) }
