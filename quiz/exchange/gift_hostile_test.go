package exchange

import (
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"
)

// frugal fails when reading takes longer than 5 s or leaves more than 300 MB allocated at once.
func frugal(t *testing.T, name string, read func() (Result, error)) {
	t.Helper()
	peak, stop, done := uint64(0), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		var m runtime.MemStats
		for {
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	runtime.GC()
	began := time.Now()
	res, err := read()
	took := time.Since(began)
	close(stop)
	<-done
	sound(t, res, err)
	t.Logf("%s took %v, %d MB", name, took.Round(time.Millisecond), peak>>20)
	if took > 5*time.Second || peak > 300<<20 {
		t.Errorf("%s took %v and %d MB", name, took, peak>>20)
	}
	runtime.GC()
}

func TestHostileGift(t *testing.T) {
	const some = 4 << 20
	for name, text := range map[string]func() string{
		"braces":             func() string { return "x" + strings.Repeat("{", MaxBytes-1) },
		"braces on lines":    func() string { return "x" + strings.Repeat("{\n", some/2-1) },
		"closed braces":      func() string { return strings.Repeat("{}", some/2) },
		"pairs on lines":     func() string { return strings.Repeat("a{}\n", some/4) },
		"nested":             func() string { return "x" + strings.Repeat("{", 1_000_000) + strings.Repeat("}", 1_000_000) },
		"tildes":             func() string { return "x{" + strings.Repeat("~a ", some/3-2) + "}" },
		"equals":             func() string { return "x{" + strings.Repeat("=a ", some/3-2) + "}" },
		"arrows":             func() string { return "x{" + strings.Repeat("=a->b ", some/6-2) + "}" },
		"comments":           func() string { return strings.Repeat("//[tag:a]\n", some/10-2) + "x{T}" },
		"colons":             func() string { return strings.Repeat(":", some) },
		"titles":             func() string { return strings.Repeat("::\n", some/3) },
		"text behind braces": func() string { return "x{T}\n" + strings.Repeat("a\n", MaxBytes/2-4) },
		"backslashes":        func() string { return "x{T}" + strings.Repeat(`\`, some-4) },
		"hashes":             func() string { return "x{T" + strings.Repeat("#", MaxBytes-5) + "}" },
		"tags of HTML":       func() string { return "[html]" + strings.Repeat("<p>", some/3-10) + "{T}" },
		"paragraphs":         func() string { return strings.Repeat("a\n\n", some/3) },
	} {
		data := []byte(text())
		frugal(t, name, func() (Result, error) { return Read("a.gift", data) })
	}
}

// sound is what every reading must keep: a refusal has a sentence, a row an item or a problem, and a key its
// options.
func sound(t *testing.T, res Result, err error) {
	t.Helper()
	if err != nil {
		var refused *Error
		if !errors.As(err, &refused) || sentences[refused.Code] == "" {
			t.Fatalf("refused without a sentence: %v", err)
		}
		return
	}
	for _, row := range res.Rows {
		if row.Item.Kind == "" && len(row.Problems) == 0 {
			t.Fatalf("a row was lost: %+v", row)
		}
		for _, p := range append(row.Problems, row.Warnings...) {
			if sentences[p.Code] == "" || p.Line < row.Line {
				t.Fatalf("a problem without a sentence or a line: %+v", p)
			}
		}
		for _, i := range row.Item.Correct {
			if i < 0 || (len(row.Item.Options) > 0 && i >= len(row.Item.Options)) {
				t.Fatalf("a key without an option: %+v", row)
			}
		}
	}
}

// keepsText checks that nothing a text says is lost: each row and each piece left out has its text, and
// lines are those of the file.
func keepsText(t *testing.T, text string, res Result, err error) {
	sound(t, res, err)
	lines := strings.Count(text, "\n") + strings.Count(text, "\r") + 1
	for _, row := range res.Rows {
		if row.Line < 1 || row.Line > lines || row.Text == "" {
			t.Fatalf("line %d of %d: %q", row.Line, lines, row.Text)
		}
	}
	for _, p := range res.Skipped {
		if p.Line < 0 || p.Line > lines || p.Code == "item.not_question" && p.Text == "" {
			t.Fatalf("skipped at line %d of %d: %q", p.Line, lines, p.Text)
		}
	}
}

func FuzzGift(f *testing.F) {
	for _, text := range []string{"::a::b{=c ~d}", "[html]<p>a{T#b#c####d}", "$CATEGORY: $course$/a//b\n\na{#1..2:3}\n",
		"a{=b->c =d->e}", "// [jingzhong:difficulty \"0.50\"]\n// [jingzhong:parts \"2\"]\na\n\nb{}\n\nc{>2 ALL\nx\ny}",
		"a{~%50%b\n\n~%-33.33333%c\n", `\{a\}{=\~\#}`, "a {=b} c {=d}", "// [jingzhong-picture:a.png AAAA]\n![](a.png){F}"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		res, err := Read("a.gift", []byte(text))
		keepsText(t, text, res, err)
		if err != nil {
			return
		}
		var items []Item
		for _, row := range res.Rows {
			if len(row.Problems) == 0 {
				items = append(items, row.Item)
			}
		}
		if _, err := WriteGIFT(items); err != nil {
			t.Fatal(err)
		}
	})
}
