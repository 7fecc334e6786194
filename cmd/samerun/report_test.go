package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"samerun/internal/report"
)

// readReport reads report.json of a report below a folder.
func readReport(t *testing.T, dir, name string) (r report.Report) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name, "report.json"))
	if err == nil {
		err = json.Unmarshal(data, &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A report has the failures of the sweep with a page for each, what was covered, and no other runs
// than without it; the next one takes its place.
func TestReport(t *testing.T) {
	t.Parallel()
	m := newModule(t)
	wall := regexp.MustCompile(`,"wall_ns":\d+`)
	plain := m.run([]string{"test", "-json", "-keep-going", "-shrink", "0", "-seeds", "1-12", "./store"})
	for _, dir := range []string{"r", "r"} {
		a := m.run([]string{"test", "-json", "-keep-going", "-shrink", "0", "-seeds", "1-12", "-report", dir, "./store"})
		a.want(t, exitFailure, a.stderr, "report: r/index.html\n")
		ran := func(s string) (lines []string) {
			for line := range strings.Lines(s) {
				if strings.Contains(line, `"seed":null`) || strings.Contains(line, `"vacuous"`) {
					continue
				}
				line, _, _ = strings.Cut(wall.ReplaceAllString(line, ""), `,"command"`)
				lines = append(lines, line)
			}
			return lines
		}
		if one, two := strings.Join(ran(plain.stdout), "\n"), strings.Join(ran(a.stdout), "\n"); dir == "r" && one != two {
			t.Errorf("the runs are others:\n%s\n%s", one, two)
		}
	}
	r := readReport(t, m.dir, "r")
	if len(r.Failures) != 2 || r.OK || r.Interrupted || r.Totals.Runs != 12 || r.Totals.Failed != 12 || len(r.Tests) != 1 {
		t.Fatalf("%+v", r)
	}
	// The first is the file that the sweeps before have saved; both lead to a page, which is one.
	for _, f := range r.Failures {
		page, err := os.ReadFile(filepath.Join(m.dir, "r", filepath.FromSlash(f.Trace)))
		if err != nil || !bytes.Contains(page, []byte("Store.Put")) {
			t.Errorf("the page of %s (%s): %v", f.Error, f.NoTrace, err)
		}
	}
	f, x := &r.Failures[1], &r.Tests[0]
	if f.Runs != 12 || f.Seed == nil || *f.Seed != 1 || !strings.Contains(f.Story, "puts of 3 arrived") || !strings.Contains(f.Again, "samerun replay store/testdata/replay/") {
		t.Errorf("%+v", f)
	}
	if x.Different != 12 || x.Virtual.P50 <= 0 || len(x.Growth) != 12 || len(x.Properties) != 1 || x.Properties[0].Runs != 0 || x.Properties[0].Checked == 0 || len(x.Faults) != 2 || x.Faults[1].Kind != "drop" || x.Faults[1].Runs != 12 {
		t.Errorf("%+v", x)
	}
	if len(x.Never) != 2 || !strings.Contains(x.Never[1], `"no put arrives" never happened`) {
		t.Errorf("never reached: %q", x.Never)
	}
	m.write("notes/x", "mine")
	a := m.run([]string{"test", "-report", "notes", "./store"})
	a.want(t, exitMisuse, a.stderr, "samerun test: -report notes: this folder is no report, and nothing is written into it; name another one, or say -force\n")
	a = m.run([]string{"test", "-force", "./store"})
	a.want(t, exitMisuse, a.stderr, "-force goes with -report; leave it out")
}

// An interrupted sweep has a report of what it came to.
func TestReportOfAnInterruptedSweep(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	dir := t.TempDir()
	mark := filepath.Join(dir, "mark")
	go func() {
		for ctx.Err() == nil {
			if data, _ := os.ReadFile(mark); len(data) == 2 {
				cancel()
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	a := runToolContext(t, ctx, "test -j 2 -seeds 1-4 -report "+filepath.Join(dir, "r")+" -run TestSlow|TestGood ./zoo", "FIXTURE_MARK="+mark)
	a.want(t, exitInterrupted, a.stdout, "interrupted after 5 of 8 seeds")
	if r := readReport(t, dir, "r"); !r.Interrupted || r.OK || r.Totals.Runs != 5 || len(r.Tests) != 2 {
		t.Errorf("%+v", r)
	}
}

// Tests of tasks, of goroutines and ordinary ones are in one report, also of a guided search.
func TestReportOfThreeKinds(t *testing.T) {
	takesLong(t)
	t.Parallel()
	m := mixedCopy(t)
	a := m.run("test -seeds 1-30 -keep-going -shrink 5s -report r ./mixed", "MIXED_BUG=1")
	a.want(t, exitFailure, a.stderr, "report: r/index.html\n")
	r := readReport(t, m.dir, "r")
	if len(r.Tests) != 3 || r.Totals.Runs != 90 || len(r.Failures) != 2 {
		t.Fatalf("%d tests, %d runs, %d failures", len(r.Tests), r.Totals.Runs, len(r.Failures))
	}
	for _, f := range r.Failures {
		if _, err := os.Stat(filepath.Join(m.dir, "r", f.Trace)); f.Trace == "" || err != nil {
			t.Errorf("%s: no trace: %s", f.Test, f.NoTrace)
		}
	}
	for _, x := range r.Tests {
		if x.Different < 2 || x.Orders == 0 && x.Test != "all tests" {
			t.Errorf("%s: %d different runs, %d orders", x.Test, x.Different, x.Orders)
		}
		if x.Test != "all tests" && (len(x.Properties) == 0 || len(x.Faults) == 0) {
			t.Errorf("%s: %+v", x.Test, x)
		}
	}
	a = m.run("test -guided -seeds 1-30 -report r ./mixed")
	a.want(t, exitOK, a.stderr, "report: r/index.html\n")
	r = readReport(t, m.dir, "r")
	if !r.Guided || len(r.Tests) != 3 || r.Totals.Runs < 90 || !r.OK {
		t.Errorf("guided: %+v", r)
	}
	if left, _ := filepath.Glob(filepath.Join(m.dir, "r", "traces", "*")); left != nil {
		t.Errorf("traces of the report before are left: %q", left)
	}
}
