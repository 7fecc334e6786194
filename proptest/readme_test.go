package proptest_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"samerun/proptest"
	"samerun/proptest/testdata/counter"
	"samerun/sim/fault"
	"samerun/sim/replay"
)

// The README shows code and what becomes of it; both are those of this test.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("testdata/counter/counter.go")
	if err != nil {
		t.Fatal(err)
	}
	_, code, _ := strings.Cut(string(source), "// readme: begin\n")
	code, _, _ = strings.Cut(code, "// readme: end\n")
	output := run(t)

	blocks := map[string]string{"the code": strings.TrimSpace(code), "the output": strings.TrimSpace(output)}
	want := string(readme)
	for i, what := range []string{"the code", "the output"} {
		lang := []string{"go", "text"}[i]
		want = block(t, want, lang, blocks[what])
	}
	if want == string(readme) {
		return
	}
	if os.Getenv("REWRITE") == "" {
		t.Fatalf("README.md does not have this code and this output (REWRITE=1 writes them):\n%s", output)
	}
	if err := os.WriteFile(filepath.Join(home, "README.md"), []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// home is the package's folder, in which tests begin.
var home, _ = os.Getwd()

// block puts text into the first block of a language.
func block(t *testing.T, page, lang, text string) string {
	t.Helper()
	fence := "\n```" + lang + "\n"
	before, rest, found := strings.Cut(page, fence)
	_, after, closed := strings.Cut(rest, "\n```\n")
	if !found || !closed {
		t.Fatalf("README.md has no block of %s", lang)
	}
	return before + fence + text + "\n```\n" + after
}

// run lets rapid find and shrink the bug of the example, with a fixed seed, and
// tries both of the files that this leaves.
func run(t *testing.T) string {
	t.Helper()
	t.Chdir(t.TempDir())
	proptest.Setenv(t, "SAMERUN_OUT", "", "SAMERUN_SHRINK", "20s")
	for name, value := range map[string]string{"rapid.seed": "781", "rapid.nofailfile": "false"} {
		f := flag.Lookup(name)
		before := f.Value.String()
		t.Cleanup(func() { _ = f.Value.Set(before) })
		if err := f.Value.Set(value); err != nil {
			t.Fatal(err)
		}
	}
	failed, log := proptest.CheckOn(t, "TestCounter", counter.Property)
	if !failed {
		t.Fatalf("the example passed; it should fail:\n%s", log)
	}
	files, _ := filepath.Glob("testdata/replay/*.json")
	failFiles, _ := filepath.Glob("testdata/rapid/TestCounter/*.fail")
	if len(files) != 1 || len(failFiles) != 1 {
		t.Fatalf("replay files %q, fail files %q; there should be one of each\n%s", files, failFiles, log)
	}
	p, err := replay.Read(files[0])
	if err != nil {
		t.Fatal(err)
	}
	// The smallest: without a fault every call is answered, and one lost answer is enough.
	if p.Schedule.Size() != 1 || p.Schedule.Faults[0].Dir != fault.Reply || p.Steps == nil || len(*p.Steps) != 1 {
		t.Errorf("shrunk to %v and steps %v; it should be one fault, which an answer is lost by, and one addition", p.Schedule, p.Steps)
	}
	if failed, again := proptest.CheckOn(t, "TestCounter", counter.Property); !failed || !strings.Contains(again, "the same run to the bit") {
		t.Errorf("the replay file gave\n%s", again)
	}
	proptest.Failfile(t, failFiles[0])
	failed, again := proptest.CheckOn(t, "TestCounter", counter.Property)
	if first := line(log, "[rapid] failed"); !failed || first == "" || digestOf(line(again, "[rapid] failed")) != digestOf(first) {
		t.Errorf("the fail file gave\n%s", again)
	}
	log = strings.ReplaceAll(log, "go test -race", "go test")
	log = regexp.MustCompile(`TestCounter-\d{14}-\d+`).ReplaceAllString(log, "TestCounter-20260102030405-6789")
	return regexp.MustCompile(`minimised in [0-9.]+[µm]?s`).ReplaceAllString(log, "minimised in 10ms")
}

// go test -fuzz finds the bug of the example by coverage. It takes a minute, most
// of it for building, so it runs only if it is asked for: SAMERUN_LONG=1.
func TestFuzzing(t *testing.T) {
	if os.Getenv("SAMERUN_LONG") == "" {
		t.Skip("SAMERUN_LONG is not set")
	}
	proptest.Setenv(t)
	t.Setenv("GOCACHE", t.TempDir()) // with no inputs of an earlier time
	corpus := filepath.Join("testdata", "counter", "testdata", "fuzz")
	t.Cleanup(func() { _ = os.RemoveAll(corpus) })
	out, err := exec.Command("go", "test", "-run", "none", "-fuzz", "FuzzCounter", "-fuzztime", "50000x", "-fuzzminimizetime", "1x", "./testdata/counter").CombinedOutput()
	if files, _ := filepath.Glob(filepath.Join(corpus, "FuzzCounter", "*")); err == nil || len(files) != 1 || !strings.Contains(string(out), `property "no addition counts twice" broken`) {
		t.Errorf("fuzzing ended with %v and the inputs %q:\n%s", err, files, out)
	}
}

// line returns the line that begins so.
func line(log, begin string) string {
	for l := range strings.Lines(log) {
		if strings.HasPrefix(l, begin) {
			return l
		}
	}
	return ""
}

func digestOf(text string) string {
	return fmt.Sprint(regexp.MustCompile(`digest [0-9a-f]{16}`).FindString(text))
}
