package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"jingzhong/law"
	"jingzhong/org"
	"jingzhong/quiz"
	"jingzhong/quiz/exchange"
	"jingzhong/store"
)

type importQuestionsCmd struct {
	Files  []string `arg:"" help:"Question files of any format that can be read." placeholder:"FILE"`
	DryRun bool     `help:"Only say what the files hold; no database is needed."`
	JSON   bool     `help:"Print one JSON document instead of text." name:"json"`
	Data   string   `help:"Folder of the installation to import into; its site must be stopped." placeholder:"DIR"`
	DSN    string   `help:"PostgreSQL instead of the folder's SQLite." name:"dsn" env:"JINGZHONG_DSN" placeholder:"DSN"`
}

// The document that import questions prints. Errors are about one item or a whole file, whose text makes no
// question; warnings are about what was read with a doubt, or left out.
type (
	importReport struct {
		Files []fileReport `json:"files"`
	}
	fileReport struct {
		File     string          `json:"file"`
		Format   string          `json:"format"`
		Encoding string          `json:"encoding"`
		Items    []itemReport    `json:"items"`
		Errors   []problemReport `json:"errors"`
		Warnings []problemReport `json:"warnings"`
		Imported int             `json:"imported,omitempty"`
	}
	itemReport struct {
		Kind        string       `json:"kind"`
		Line        int          `json:"line,omitempty"`
		Stem        string       `json:"stem"`
		Options     []string     `json:"options"`
		Key         any          `json:"key"`
		Points      int64        `json:"points"`
		Explanation string       `json:"explanation"`
		Reference   string       `json:"reference"`
		Topic       string       `json:"topic"`
		Difficulty  int          `json:"difficulty,omitempty"`
		Tags        []string     `json:"tags,omitempty"`
		Rubric      string       `json:"rubric,omitempty"`
		Items       []itemReport `json:"items,omitempty"`
	}
	problemReport struct {
		Line    int    `json:"line"`
		Sheet   string `json:"sheet,omitempty"`
		Code    string `json:"code"`
		Message string `json:"message"`
		Text    string `json:"text"`
	}
)

// errNoItem makes the command fail after it has said all it found.
var errNoItem = errors.New("a file yields no question")

// Run reads the files, says what they hold and, with --data, imports what can be imported as drafts.
func (c *importQuestionsCmd) Run(ctx context.Context) error {
	if !c.DryRun && c.Data == "" && c.DSN == "" {
		return errors.New("say --dry-run, or where to import with --data DIR")
	}
	var bank *quiz.Bank
	if !c.DryRun {
		opened, closeAll, err := c.openBank(ctx)
		if err != nil {
			return err
		}
		defer closeAll()
		bank = opened
	}
	report := importReport{Files: []fileReport{}}
	var failed error
	for _, name := range c.Files {
		file, data, err := readQuestionFile(name)
		if err != nil {
			return err
		}
		if bank != nil && len(file.Items) > 0 {
			file.Imported, err = importInto(ctx, bank, name, data)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		if len(file.Items) == 0 {
			failed = errNoItem
		}
		report.Files = append(report.Files, file)
	}
	if c.JSON {
		e := json.NewEncoder(os.Stdout)
		e.SetEscapeHTML(false)
		return errors.Join(e.Encode(report), failed)
	}
	report.print(os.Stdout)
	return failed
}

func (c *importQuestionsCmd) openBank(ctx context.Context) (*quiz.Bank, func(), error) {
	cfg := store.Config{DSN: c.DSN, Now: time.Now}
	closers := []io.Closer{}
	closeAll := func() {
		for _, each := range slices.Backward(closers) {
			each.Close()
		}
	}
	if c.DSN == "" {
		cfg.Path = filepath.Join(c.Data, databaseFile)
		if _, err := os.Stat(cfg.Path); err != nil {
			return nil, nil, err // Open would make an empty one
		}
		lock, err := lockFolder(c.Data)
		if err != nil {
			return nil, nil, fmt.Errorf("%w; stop it, or import in the site", err)
		}
		closers = append(closers, lock)
	}
	db, err := store.Open(ctx, cfg)
	if err != nil {
		closeAll()
		return nil, nil, err
	}
	closers = append(closers, db)
	return quiz.NewBank(db, time.Now), closeAll, nil
}

// importInto puts the questions of a file that are ready into the bank as drafts.
func importInto(ctx context.Context, bank *quiz.Bank, name string, data []byte) (int, error) {
	imp, err := bank.PrepareImport(ctx, org.System, quiz.QuestionFile{Name: filepath.Base(name), Data: data})
	if err != nil {
		return 0, err
	}
	if imp.Counts.Ready == 0 {
		return 0, nil
	}
	imp, err = bank.ApplyImport(ctx, org.System, imp.ID, quiz.ApplyInput{LeaveOut: true, AsDraft: true})
	return imp.Counts.Imported, err
}

// readQuestionFile reads one file; a file that is refused as a whole comes back with that one error.
func readQuestionFile(name string) (fileReport, []byte, error) {
	out := fileReport{File: name, Items: []itemReport{}, Errors: []problemReport{}, Warnings: []problemReport{}}
	info, err := os.Stat(name)
	if err != nil {
		return out, nil, err
	}
	if info.Size() > exchange.MaxBytes {
		p := exchange.TooLarge()
		out.Errors = append(out.Errors, problemReport{Code: p.Code, Message: p.Error()})
		return out, nil, nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return out, nil, err
	}
	result, err := exchange.Read(name, data)
	if refused := new(exchange.Error); errors.As(err, &refused) {
		line, _ := refused.Args["line"].(int)
		out.Errors = append(out.Errors, problemReport{Line: line, Code: refused.Code, Message: refused.Error()})
		return out, data, nil
	} else if err != nil {
		return out, nil, err
	}
	out.Format, out.Encoding = result.Format, result.Encoding
	for _, row := range result.Rows {
		text := rowText(row)
		for _, p := range row.Problems {
			out.Errors = append(out.Errors, problemOf(p, text))
		}
		for _, p := range row.Warnings {
			out.Warnings = append(out.Warnings, problemOf(p, text))
		}
		if len(row.Problems) == 0 {
			out.Items = append(out.Items, itemOf(row.Item, row.Line))
		}
	}
	for _, p := range result.Skipped {
		out.Warnings = append(out.Warnings, problemOf(p, ""))
	}
	return out, data, nil
}

func problemOf(p exchange.Problem, text string) problemReport {
	if p.Text != "" {
		text = p.Text
	}
	return problemReport{Line: p.Line, Sheet: p.Sheet, Code: p.Code, Message: p.Message, Text: text}
}

// rowText is what the file says there: its text, or its cells one a line.
func rowText(row exchange.Row) string {
	if row.Text != "" {
		return row.Text
	}
	fields := make([]string, 0, len(row.Cells))
	for field := range row.Cells {
		fields = append(fields, string(field))
	}
	slices.Sort(fields)
	var b strings.Builder
	b.WriteString(row.Cells[exchange.FieldStem])
	for _, field := range fields {
		if field != string(exchange.FieldStem) {
			b.WriteString("\n" + field + ": " + row.Cells[exchange.Field(field)])
		}
	}
	return strings.TrimSpace(b.String())
}

func itemOf(it exchange.Item, line int) itemReport {
	out := itemReport{Kind: it.Kind, Line: line, Stem: it.Stem, Options: []string{}, Points: it.Points, Explanation: it.Explanation,
		Reference: it.Reference, Topic: it.Topic, Difficulty: it.Difficulty, Tags: it.Tags, Rubric: it.Rubric}
	if out.Reference == "" && it.Statute != "" {
		out.Reference = law.Citation{Code: it.Statute, Article: it.Article, Paragraph: it.Paragraph}.String()
	}
	for _, o := range it.Options {
		out.Options = append(out.Options, o.Text)
	}
	switch it.Kind {
	case exchange.Single, exchange.Multiple, exchange.Ordering:
		out.Key = it.Correct
	case exchange.TrueFalse:
		out.Options, out.Key = []string{"正确", "错误"}, it.Correct
	case exchange.Fill:
		out.Key = it.Blanks
	case exchange.Matching:
		pairs := [][]string{}
		for _, p := range it.Pairs {
			pairs = append(pairs, []string{p.Left, p.Right})
			out.Options = append(out.Options, p.Right)
		}
		out.Options, out.Key = append(out.Options, it.Distractors...), pairs
	default:
		out.Key = []int{}
	}
	for _, part := range it.Items {
		out.Items = append(out.Items, itemOf(part, 0))
	}
	return out
}

// print writes the report for people.
func (r importReport) print(w io.Writer) {
	for _, f := range r.Files {
		fmt.Fprintf(w, "%s: %s %s, %d questions, %d errors, %d warnings", f.File, f.Format, f.Encoding, len(f.Items), len(f.Errors), len(f.Warnings))
		if f.Imported > 0 {
			fmt.Fprintf(w, ", %d imported as drafts", f.Imported)
		}
		fmt.Fprintln(w)
		for _, p := range f.Errors {
			fmt.Fprintf(w, "  line %d: %s (%s)\n", p.Line, p.Message, p.Code)
			if p.Text != "" {
				fmt.Fprintf(w, "    | %s\n", strings.ReplaceAll(p.Text, "\n", "\n    | "))
			}
		}
		for _, p := range f.Warnings {
			fmt.Fprintf(w, "  line %d: %s\n", p.Line, p.Message)
		}
	}
}
