package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"samerun/internal/feature"
	"samerun/internal/tracefile"
	"samerun/internal/wire"
)

// runOf is a run that sees as many states as the half of its number.
func runOf(n uint64) *Run {
	r := &Run{Number: n, Failed: n%10 == 0, Wall: int64(n) * 1000, Virtual: 5e9, Events: n, Digest: string(rune('a' + n%7))}
	for i := range n / 2 {
		r.Seen = append(r.Seen, feature.Sight{Feature: feature.Feature{Kind: feature.State, Hash: i}})
	}
	c := &wire.Cover{Properties: []wire.CoveredProperty{{Kind: "always", Name: "p", Checked: 2}, {Kind: "sometimes", Name: "s", Checked: 1}}, Faults: []wire.CoveredFault{{Kind: "cut", Asked: 1}}}
	if n >= 40 {
		c.Properties[1].Met, c.Faults[0].Fired = 1, 3
	}
	r.Cover = c
	return r
}

// A collector comes to the same in whatever order the runs end, and its curve is that of the
// order of the seeds.
func TestCollectInAnyOrder(t *testing.T) {
	const n = 1000
	var all [2]Test
	var sums [2]Totals
	for way := range all {
		c := NewCollector(1)
		for i := range uint64(n) {
			k := i + 1
			if way == 1 {
				k = i*387%n + 1
			}
			c.Add(0, runOf(k))
		}
		all[way], sums[way] = c.Test(0), c.Sums()
	}
	one, _ := json.Marshal(all[0])
	two, _ := json.Marshal(all[1])
	if !bytes.Equal(one, two) || sums[0] != sums[1] {
		t.Errorf("two orders: %s\n%s\n%+v", one, two, sums)
	}
	x := &all[0]
	if len(x.Growth) != mostPoints {
		t.Fatalf("the curve has %d points", len(x.Growth))
	}
	for _, p := range x.Growth {
		if p.States != int(p.Runs)/2 || p.Different != min(int(p.Runs), 7) {
			t.Errorf("after %d runs: %+v", p.Runs, p)
		}
	}
	if last := x.Growth[len(x.Growth)-1]; last.Runs != n || x.Failed != 100 || x.States != 500 || x.Different != 7 || sums[0].Virtual != 5e12 {
		t.Errorf("%+v, %+v, %+v", last, x, sums[0])
	}
	if want := (Quantiles{1000, 500_000, 900_000, 990_000, 1_000_000}); x.Wall != want {
		t.Errorf("quantiles: %+v, and not %+v", x.Wall, want)
	}
	s := x.Properties[0]
	if s.Kind != "sometimes" || s.Runs != n-39 || s.First == nil || *s.First != 40 || x.Properties[1].Checked != 2*n {
		t.Errorf("properties: %+v, first %v", x.Properties, *s.First)
	}
	if f := x.Faults[0]; f.Asked != n || f.Fired != 3*(n-39) || f.Runs != n-39 {
		t.Errorf("faults: %+v", f)
	}
}

// Each value lies in its bin, and the next one above it.
func TestBins(t *testing.T) {
	for _, v := range []int64{1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 1000, 1 << 40, 1<<62 + 12345} {
		b := binOf(v)
		next := b + 1
		if v < 4 {
			next = b + 4
		}
		if boundOf(b) > v || boundOf(next) <= v {
			t.Errorf("%d is in bin %d, from %d below %d", v, b, boundOf(b), boundOf(next))
		}
	}
}

// Little is not told as nothing, and nearly all not as all.
func TestWords(t *testing.T) {
	for _, c := range []struct{ have, want string }{
		{share(1, 1000), "< 1 %"}, {share(999, 1000), "99 %"}, {share(7, 7), "100 %"}, {share(0, 7), "0 %"},
		{nanos(999), "999 ns"}, {nanos(1_234_567), "1.2 ms"}, {nanos(3600e9), "1.0 h"}, {nanos(360_000_000e9), "100\u202f000 h"},
		{grouped(-1234567), "-1\u202f234\u202f567"}, {grouped(12), "12"},
		{(&Totals{Runs: 5, Elapsed: 10e9}).Rate(), "0.5"}, {(&Totals{Runs: 50_000, Elapsed: 2e9}).Rate(), "25\u202f000"}, {(&Totals{}).Rate(), "–"},
		{(&Totals{Virtual: 3600e9, Elapsed: 10e9}).Faster(), "360 × real time"}, {(&Totals{Virtual: 5e9, Elapsed: 10e9}).Faster(), "0.5 × real time"},
	} {
		if c.have != c.want {
			t.Errorf("%q, and not %q", c.have, c.want)
		}
	}
}

const hostile = `</pre></details><script>document.title="owned"</script><img src=x onerror=alert(1)> | ` + "`````" + ` "quoted" [a](b)`

// sample is a report with failures, and with what a program could say.
func sample() *Report {
	c := NewCollector(1)
	for n := range uint64(120) {
		c.Add(0, runOf(n+1))
	}
	x := c.Test(0)
	x.Package, x.Test, x.Label, x.Never = "p/"+hostile, "TestX", "./p  TestX "+hostile, []string{"never " + hostile}
	seed, no := uint64(7), false
	r := &Report{Tool: "0", Go: "go1", Command: "samerun test '" + hostile + "'", Seeds: "1-120", Summary: "FAIL: " + hostile, Totals: c.Sums(), Tests: []Test{x}, Remarks: []string{hostile}, NotRun: []NotRun{{"p", hostile}}}
	r.Totals.Tests, r.Totals.Elapsed = 1, 3e9
	r.Failures = []Failure{{Package: "p", Test: "TestX", Seed: &seed, Error: hostile, Runs: 12, Story: hostile + "\n" + strings.Repeat("row\n", 60), Again: hostile, Trace: "traces/run.html", Label: hostile, Head: hostile, Repeats: &no}, {Error: "e", NoTrace: hostile}}
	return r
}

// What a program says stays text on the page and in the summary, and equal reports are equal files.
func TestHostile(t *testing.T) {
	var page, again, sum strings.Builder
	for _, w := range []*strings.Builder{&page, &again} {
		if err := sample().writePage(w); err != nil {
			t.Fatal(err)
		}
	}
	if page.String() != again.String() || !strings.HasPrefix(page.String(), pageBeginning) {
		t.Error("two pages of one report differ, or do not begin as they should")
	}
	for _, bad := range []string{"<script", "<img", `"quoted"`} {
		if strings.Contains(page.String(), bad) {
			t.Errorf("the page has %s", bad)
		}
	}
	if n := strings.Count(page.String(), "&lt;script&gt;"); n < 8 {
		t.Errorf("the text is there %d times", n)
	}
	if err := sample().writeMarkdown(&sum); err != nil {
		t.Fatal(err)
	}
	md := sum.String()
	fence := ""
	for i, line := range strings.Split(md, "\n") {
		switch {
		case fence == "" && strings.HasPrefix(line, "```"):
			fence = strings.TrimSuffix(line, "text")
		case line == fence:
			fence = ""
		case fence == "" && strings.Contains(line, "<") && !strings.HasPrefix(line, "<details><summary>Story</summary>") && line != "</details>" && !strings.Contains(line, "< 1 %"):
			t.Errorf("line %d of the summary: %s", i+1, line)
		}
	}
	if fence != "" || !strings.Contains(md, "\n... 21 lines more in the report\n") || !strings.Contains(md, "## ❌ samerun\n") || !strings.Contains(md, "| 1 of 1 |") {
		t.Errorf("the summary, within %q:\n%s", fence, md)
	}
}

// A report takes the place of a report, with its traces, and of nothing else.
func TestFolder(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "deep", "r")
	trace := func(failure string) *tracefile.Trace {
		var b tracefile.Builder
		b.Add(tracefile.Event{Kind: tracefile.Fail, Text: failure})
		return b.Trace(tracefile.Header{Test: "Test/a b", Seed: 3, Failure: failure})
	}
	var names []string
	for _, failure := range []string{"one", "two"} {
		f, err := Open(dir, "deep/r", false)
		if err != nil {
			t.Fatal(err)
		}
		name, err := f.AddTrace(trace(failure))
		if err == nil {
			err = f.Write(sample())
		}
		if err != nil || f.Page() != "deep/r/index.html" {
			t.Fatal(err, f.Page())
		}
		names = append(names, name)
	}
	if names[0] == names[1] || !strings.HasPrefix(names[0], "traces/run-Test_a_b-3-") {
		t.Errorf("the traces are %q", names)
	}
	if _, err := os.Stat(filepath.Join(dir, names[0])); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the trace of the report before: %v", err)
	}
	var files []string
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if !d.IsDir() {
			rest, _ := filepath.Rel(dir, path)
			files = append(files, filepath.ToSlash(rest))
		}
		return err
	})
	if want := []string{"index.html", "report.json", "summary.md", names[1]}; !slices.Equal(files, want) {
		t.Errorf("there is %q, and not %q", files, want)
	}
	var back Report
	data, _ := os.ReadFile(filepath.Join(dir, "report.json"))
	if err := json.Unmarshal(data, &back); err != nil || back.Format != Format || back.Version != Version || back.Failures[0].Story != sample().Failures[0].Story {
		t.Errorf("report.json: %v\n%.300s", err, data)
	}

	notes := filepath.Join(top, "notes")
	os.Mkdir(notes, 0o777)
	os.WriteFile(filepath.Join(notes, "report.json"), []byte("mine"), 0o666)
	os.WriteFile(filepath.Join(notes, "todo"), []byte("mine"), 0o666)
	for path, want := range map[string]string{
		notes:                                 "-report x: this folder is no report, and nothing is written into it; name another one, or say -force",
		filepath.Join(notes, "todo"):          "-report x: this is a file, and a report is a folder; name another one",
		filepath.Join(notes, "todo", "below"): "-report x: the folder cannot be",
	} {
		if _, err := Open(path, "x", false); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
	f, err := Open(notes, "x", true)
	if err == nil {
		err = f.Write(sample())
	}
	if todo, _ := os.ReadFile(filepath.Join(notes, "todo")); err != nil || string(todo) != "mine" {
		t.Errorf("by force: %v, and the other file is %q", err, todo)
	}
}

// In a browser the page has the elements of the report and none of a payload's.
func TestPageOfAReport(t *testing.T) {
	if os.Getenv("SAMERUN_LONG") == "" {
		t.Skip("takes long: set SAMERUN_LONG=1")
	}
	program := ""
	for _, name := range []string{os.Getenv("SAMERUN_CHROMIUM"), "chromium-headless-shell", "chromium", "google-chrome"} {
		if path, err := exec.LookPath(name); program == "" && name != "" && err == nil {
			program = path
		}
	}
	if program == "" {
		t.Skip("there is no Chromium: install one (Debian: chromium-headless-shell), or name it in SAMERUN_CHROMIUM")
	}
	file := filepath.Join(t.TempDir(), "page.html")
	var b strings.Builder
	if err := sample().writePage(&b); err != nil {
		t.Fatal(err)
	}
	os.WriteFile(file, []byte(b.String()), 0o666)
	dom, err := exec.Command(program, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+t.TempDir(), "--dump-dom", "file://"+file).Output()
	if err != nil {
		t.Fatal(err)
	}
	have := string(dom)
	for _, bad := range []string{"<script", "<img", "owned</title>"} {
		if strings.Contains(have, bad) {
			t.Errorf("the page has made %s", bad)
		}
	}
	for want, n := range map[string]int{"<article": 5, "<svg class=\"chart": 2, "<svg class=\"bars": 1, "<details": 2, "traces/run.html": 1} {
		if got := strings.Count(have, want); got != n {
			t.Errorf("%s is there %d times, and not %d", want, got, n)
		}
	}
}
