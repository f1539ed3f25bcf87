package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"jingzhong/org"
	"jingzhong/quiz"
	"jingzhong/store"
)

// TestQuestionsAreImportedWithoutAServer imports a file with one good and one bad question into a folder and
// finds the good one as a draft.
func TestQuestionsAreImportedWithoutAServer(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	file := filepath.Join(dir, "题库.csv")
	write(t, file, "题干,选项A,选项B,答案,题型,知识点\n谁确定密级？,定密责任人,打字员,A,单选,定密\n谁确定密级？,甲,乙,C,单选,定密\n")
	data := filepath.Join(dir, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	c := importQuestionsCmd{Files: []string{file}, Data: data, JSON: true}
	if err := c.Run(ctx); err == nil {
		t.Fatal("a folder without a database was imported into")
	}
	cfg := store.Config{Path: filepath.Join(data, databaseFile), Now: time.Now}
	db, err := store.Open(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if db, err = store.Open(ctx, cfg); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	page, err := quiz.NewBank(db, time.Now).ListQuestions(ctx, org.System, quiz.QuestionFilter{})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Items) != 1 || page.Items[0].State != quiz.QuestionDraft || page.Items[0].Version.Stem != "谁确定密级？" {
		t.Fatalf("the bank holds %+v", page.Items)
	}
}

func TestDryRunSaysWhatAFileHolds(t *testing.T) {
	file := filepath.Join(t.TempDir(), "题库.csv")
	write(t, file, "题干,选项A,选项B,答案,题型\n谁确定密级？,定密责任人,打字员,A,单选\n谁确定密级？,甲,乙,C,单选\n这样对,,,对,判断\n在____内,,,24|二十四,填空\n")
	out, _, err := readQuestionFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Items) != 3 || len(out.Errors) != 1 || out.Errors[0].Line != 3 || out.Errors[0].Text == "" || out.Encoding != "utf-8" {
		t.Fatalf("%+v", out)
	}
	if err := (&importQuestionsCmd{Files: []string{file}}).Run(t.Context()); err == nil {
		t.Fatal("neither --dry-run nor --data, and it ran")
	}
	write(t, file, "随便写的\n")
	if err := (&importQuestionsCmd{Files: []string{file}, DryRun: true}).Run(t.Context()); err == nil {
		t.Fatal("a file without a question succeeded")
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
