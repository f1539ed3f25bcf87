//go:build unix

package exchange

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/metrics"
	"strings"
	"syscall"
	"testing"
	"time"
)

// slow is more than two processors do in the 5 s that a file may take.
const slow = 10 * time.Second

// spent is the processor time that the process has used.
func spent() time.Duration {
	var use syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &use) != nil {
		return 0
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// peak runs f and reports how much processor time it took and the most memory in use that was seen.
func peak(f func()) (time.Duration, uint64) {
	runtime.GC()
	stop, most := make(chan struct{}), make(chan uint64)
	go func() {
		var highest uint64
		inUse := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			metrics.Read(inUse) // does not stop the reader, as a full reading would
			highest = max(highest, inUse[0].Value.Uint64())
			select {
			case <-stop:
				most <- highest
				return
			case <-tick.C:
			}
		}
	}()
	start := spent()
	f()
	took := spent() - start
	close(stop)
	return took, <-most
}

func TestHostileQTI(t *testing.T) {
	const entity = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>`
	good := item2("", declared("single", "A")+choiceOf("1", abc))
	body := strings.TrimPrefix(good, `<?xml version="1.0" encoding="UTF-8"?>`)
	var resources strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&resources, `<resource identifier="r%d" type="imsqti_item_xmlv2p1" href="gone%x.xml"/>`, i, i*i)
	}
	section := func(href string) string {
		return `<assessmentSection identifier="s" title="x"><assessmentSectionRef identifier="r" href="` + href + `"/></assessmentSection>`
	}
	wide := func(tag string, n int) string {
		return strings.Replace(good, "<p>选一个</p>", "<p>"+strings.Repeat(tag, n)+"</p>", 1)
	}
	var gaps strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&gaps, `<textEntryInteraction responseIdentifier="R%d"/>`, i)
	}
	for name, c := range map[string]struct {
		file string
		data []byte
		want string // a refusal, or what the only row complains of; empty for anything that is coded
	}{
		"entities":                {"a.xml", []byte(entity + body), "file.entities"},
		"entities in a package":   {"a.zip", zipped(t, "a.xml", entity+body), "file.entities"},
		"entities in a manifest":  {"a.zip", zipped(t, "imsmanifest.xml", entity+"<manifest/>", "a.xml", good), "file.entities"},
		"a million deep":          {"a.xml", []byte("<assessmentItem>" + strings.Repeat("<p>", 1_000_000)), "file.broken"},
		"a million wide":          {"a.xml", []byte("<assessmentItem><itemBody>" + strings.Repeat("<p/>", 1_000_000) + "</itemBody></assessmentItem>"), "file.bomb"},
		"many resources":          {"a.zip", zipped(t, "imsmanifest.xml", manifestOf(resources.String()), "a.xml", good), "file.rows"},
		"sections in a ring":      {"a.zip", zipped(t, "a.xml", section("b.xml"), "b.xml", section("a.xml")), "file.no_items"},
		"path out":                {"a.zip", zipped(t, "../a.xml", good), "file.broken"},
		"an href out":             {"a.zip", zipped(t, "imsmanifest.xml", manifestOf(`<resource type="imsqti_item_xmlv2p1" href="../../../etc/passwd"/>`), "a.xml", good), ""},
		"a bomb":                  {"a.zip", zipped(t, "a.xml", good, "b.xml", strings.Repeat(" ", 40<<20)), "file.bomb"},
		"text in a million runs":  {"a.xml", []byte(strings.Replace(good, "选一个", strings.Repeat("a<!---->", 1_000_000), 1)), "file.bomb"},
		"many pictures":           {"a.xml", []byte(wide(`<img src="data:image/png;base64,AAAA"/>`, 30_000)), ""},
		"many pictures that miss": {"a.xml", []byte(wide(`<img src="x.png"/>`, 30_000)), ""},
		"many gaps":               {"a.xml", []byte(item2("", "<itemBody><p>"+gaps.String()+"</p></itemBody>")), "item.malformed"},
		"many options":            {"a.xml", []byte(item2("", declared("single", "A")+choiceOf("1", strings.Repeat(`<simpleChoice identifier="A">x</simpleChoice>`, 30_000)))), "item.options_many"},
		"nested pieces":           {"a.xml", []byte(item2("", "<itemBody>"+strings.Repeat("<div><p/>", 150)+strings.Repeat(`<p><choiceInteraction responseIdentifier="R"/></p><p/>`, 150)+strings.Repeat("</div>", 150)+"</itemBody>")), ""},
		"a huge text":             {"a.xml", []byte(strings.Replace(good, "选一个", strings.Repeat("字 ", 3<<20), 1)), "item.malformed"},
		"many conditions":         {"a.xml", []byte("<questestinterop>" + item1("", mat("x")+lid("r", "Multiple", threeLabels), strings.Repeat(when("1", eq("r", "1")), 10_000)) + "</questestinterop>"), ""},
		"signs only":              {"a.xml", []byte("<questestinterop>" + strings.Repeat("<", 1_000_000)), "file.xml"},
	} {
		var res Result
		var err error
		took, memory := peak(func() { res, err = Read(c.file, c.data) })
		got := ""
		var refused *Error
		switch {
		case errors.As(err, &refused):
			got = refused.Code
		case err != nil:
			t.Errorf("%s: %v has no code", name, err)
		case len(res.Rows) == 1 && len(res.Rows[0].Problems) > 0:
			got = res.Rows[0].Problems[0].Code
		}
		if c.want != "" && got != c.want {
			t.Errorf("%s: %q, want %q (%d rows)", name, got, c.want, len(res.Rows))
		}
		if took > slow || memory > 300<<20 {
			t.Errorf("%s: %v, %d MB", name, took, memory>>20)
		}
		t.Logf("%s: %s %v, %d MB", name, got, took, memory>>20)
	}
}

// Thousands of questions, in a file each or all in one, are read within the time and memory of any file.
func TestManyQTIItems(t *testing.T) {
	const n = 2_000
	var one strings.Builder
	items := make([]Item, n)
	one.WriteString("<questestinterop><assessment title='q'><section title='定密'>")
	for i := range n {
		one.WriteString(qti1Items["canvas, several"].xml)
		items[i] = Item{Kind: Single, Stem: fmt.Sprintf("第%d题，%s", i, strings.Repeat("保密", 60)), Options: opts("甲", "乙", "丙", "丁"), Correct: []int{i % 4}, Topic: "定密", Explanation: strings.Repeat("因为", 40)}
	}
	one.WriteString("</section></assessment></questestinterop>")
	file, err := Write("qti30", items)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"q.xml": []byte(one.String()), "q.zip": file.Data} {
		var res Result
		var err error
		took, memory := peak(func() { res, err = Read(name, data) })
		if err != nil || len(res.Rows) != n || len(res.Rows[n-1].Problems) > 0 {
			t.Fatalf("%s: %d rows, %v", name, len(res.Rows), err)
		}
		if took > slow || memory > 300<<20 {
			t.Errorf("%s: %v, %d MB", name, took, memory>>20)
		}
		t.Logf("%s of %d MB: %v, %d MB", name, len(data)>>20, took, memory>>20)
	}
}
