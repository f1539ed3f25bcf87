// Command bench measures what performance.md promises. Absolute rates swing by a factor of three on shared
// cores, so every figure is a ratio of two things measured in turns in one run; the median of the rounds is
// printed with its limit. It never fails a build: it informs.
//
//	go run ./bench                      prints the table
//	go run ./bench -write docs/performance.md   writes it into the document as well
//	go run ./bench saves groups         measures only these
package main

import (
	"flag"
	"fmt"
	"log"
	"log/slog"
	"os"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"time"
)

// figure is one line of the table. Least says whether the limit is a floor or a ceiling.
type figure struct {
	name  string
	value float64
	limit float64
	least bool
	unit  string
	note  string
}

func (f figure) met() bool {
	if f.least {
		return f.value >= f.limit
	}
	return f.value <= f.limit
}

func main() {
	log.SetFlags(0)
	slog.SetDefault(slog.New(slog.DiscardHandler))
	rounds := flag.Int("rounds", 5, "rounds of each measurement")
	each := flag.Duration("each", time.Second, "how long one side of a round runs")
	write := flag.String("write", "", "also put the table into this document, between its markers")
	profile := flag.String("cpuprofile", "", "write a CPU profile here")
	flag.Parse()
	if *profile != "" {
		f, err := os.Create(*profile)
		if err != nil {
			log.Fatal(err)
		}
		if err := pprof.StartCPUProfile(f); err != nil {
			log.Fatal(err)
		}
		defer pprof.StopCPUProfile()
	}

	var figures []figure
	measurements := map[string]func(int, time.Duration) ([]figure, error){"saves": saves, "starts": starts, "groups": groups, "connections": connections, "page": firstPage, "bank": bank}
	order := []string{"saves", "starts", "groups", "connections", "page", "bank"}
	if flag.NArg() > 0 {
		order = flag.Args()
	}
	for _, name := range order {
		measure, ok := measurements[name]
		if !ok {
			log.Fatalf("no measurement %q", name)
		}
		part, err := measure(*rounds, *each)
		if err != nil {
			log.Fatal(err)
		}
		for _, f := range part {
			fmt.Println(f.line())
		}
		figures = append(figures, part...)
	}
	if *write != "" {
		if err := writeTable(*write, figures); err != nil {
			log.Fatal(err)
		}
	}
}

func (f figure) line() string {
	sign, verdict := "at most", "missed"
	if f.least {
		sign = "at least"
	}
	if f.met() {
		verdict = "met"
	}
	return fmt.Sprintf("| %s | %s | %s %s | %s | %s |", f.name, number(f.value, f.unit), sign, number(f.limit, f.unit), verdict, f.note)
}

func number(v float64, unit string) string {
	if v >= 10 || v == float64(int(v)) && v != 0 {
		return fmt.Sprintf("%.0f%s", v, unit)
	}
	return fmt.Sprintf("%.2f%s", v, unit)
}

// The table stands between these lines of the document.
const (
	tableBegin = "<!-- bench:begin -->"
	tableEnd   = "<!-- bench:end -->"
)

func writeTable(path string, figures []figure) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(text), tableBegin)
	_, after, ok2 := strings.Cut(rest, tableEnd)
	if !ok || !ok2 {
		return fmt.Errorf("%s has no place for the table (%s ... %s)", path, tableBegin, tableEnd)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s\n\nMeasured on %s with `make bench`: %s, %d cores, %s/%s.\n\n", before, tableBegin,
		time.Now().Format(time.DateOnly), runtime.Version(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH)
	b.WriteString("| what | measured | limit | | how |\n| --- | --- | --- | --- | --- |\n")
	for _, f := range figures {
		b.WriteString(f.line() + "\n")
	}
	b.WriteString("\n" + tableEnd + after)
	return os.WriteFile(path, []byte(b.String()), 0o644)
}

func median(values []float64) float64 {
	s := slices.Clone(values)
	slices.Sort(s)
	return s[len(s)/2]
}
