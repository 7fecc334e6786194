package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"samerun/internal/gocmd"
	"samerun/internal/sweep"
	"samerun/sim/replay"
)

// mixedModule is a module of its own with the package in testdata/mixed, whose tests are of
// tasks, of goroutines, and ordinary ones.
type mixedModule struct {
	*testing.T
	dir string
}

func mixedCopy(t *testing.T) *mixedModule { return moduleOf(t, "mixed", "") }

// moduleOf is such a module with a package of testdata, which is a file, and what go.mod requires
// beside samerun.
func moduleOf(t *testing.T, pkg, requires string) *mixedModule {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the standard library")
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	m := &mixedModule{t, t.TempDir()}
	source, err := os.ReadFile(filepath.Join("testdata", pkg, pkg+"_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"go.mod":                     "module app\n\ngo 1.25.0\n\nrequire samerun v0.0.0\n" + requires + "\nreplace samerun => " + root + "\n",
		"go.sum":                     string(sums),
		pkg + "/" + pkg + "_test.go": string(source),
	} {
		file := filepath.Join(m.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

func (m *mixedModule) run(line string, env ...string) answer {
	m.Helper()
	return runIn(m.T, m.dir, line, env...)
}

// runIn is a call of the tool in a folder, in words that may stand in quotes.
func runIn(t *testing.T, dir, line string, env ...string) answer {
	t.Helper()
	var out, errOut bytes.Buffer
	a := &app{&out, &errOut, gocmd.Caller{Dir: dir, Environ: append(append(gocmd.ChildEnviron(os.Environ()), quickLink), env...), Self: "samerun"}}
	words := strings.Fields(line)
	for i := range words {
		words[i] = strings.Trim(words[i], "'")
	}
	code := a.main(t.Context(), words)
	return answer{code, out.String(), errOut.String()}
}

// One call runs tests of tasks, of goroutines and ordinary ones of one package, each by the
// runner that it is for, and each once.
func TestThreeKindsInOnePackage(t *testing.T) {
	takesLong(t)
	t.Parallel()
	m := mixedCopy(t)
	a := m.run("test -seeds 0-12 -json ./mixed")
	seeds := map[string]int{}
	for line := range strings.Lines(a.stdout) {
		var l sweep.Line
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		if l.Seed != nil {
			seeds[l.Test]++
			if !l.OK || l.Digest == "" {
				t.Errorf("%s", line)
			}
		}
	}
	if a.code != exitOK || len(seeds) != 3 || seeds["TestTasks"] != 13 || seeds["TestGoroutines"] != 13 || seeds["all tests"] != 13 {
		t.Errorf("%d, %v\n%s", a.code, seeds, a.stderr)
	}
	a = m.run("test -seeds 1-3 -run 'TestGoroutines|TestOrdinary' ./mixed")
	a.want(t, exitOK, a.stdout, "TestGoroutines  ", "  -run TestGoroutines|TestOrdinary  3 seeds\n", "ok: 2 tests, ")
	// What is for ordinary Go is for goroutines, too, and does nothing for tasks alone.
	a = m.run("test -seeds 1-3 -turn 1ms -run TestGoroutines ./mixed")
	a.want(t, exitOK, a.stdout, "TestGoroutines  3 seeds\n")
	a = m.run("test -seeds 1-3 -turn 1ms -run TestTasks ./mixed")
	a.want(t, exitMisuse, a.stderr, "-turn is for tests of ordinary Go, and those of app/mixed use samerun/sim, where it would do nothing; leave it out")
	a = m.run("test -seeds 1-3 -faults flaky -run TestGoroutines ./mixed")
	a.want(t, exitMisuse, a.stderr, "-faults is for ordinary tests, and there are none: TestGoroutines of app/mixed has the faults that it asks for by World.Inject; leave it out")
	a = m.run("test -seeds 1-3 -strategy exhaustive ./mixed")
	a.want(t, exitMisuse, a.stderr, "-strategy exhaustive is not for tests of ordinary Go", "(TestGoroutines of app/mixed is a test of goroutines)")
	a = m.run("test -seeds 1-3 -overlay off ./mixed")
	a.want(t, exitFailure, a.stdout, "FAIL  ./mixed  TestGoroutines\n    the nodes of this test run goroutines (sim.Goroutines), for which the changed standard library is needed; leave out -overlay off\n")
}

// A failure of a test of goroutines is minimised, told as a story with its faults, and saved
// with what the scenario injected; the file is the same run again, is run first by the next
// sweep, and says when the bug is gone.
func TestAFailureOfGoroutines(t *testing.T) {
	takesLong(t)
	t.Parallel()
	m := mixedCopy(t)
	a := m.run("test -seeds 1-100 -shrink 1h -run TestGoroutines ./mixed", "MIXED_BUG=1")
	a.want(t, exitFailure, a.stdout, "FAIL  ./mixed  TestGoroutines\n    property \"no note is there twice\" broken at ", "minimised in ", "1 fault, which took effect:\n", "  duplicate  ", "server  client\n",
		"no more is needed: goroutines take turns", "saved: mixed/testdata/replay/TestGoroutines-")
	files, err := filepath.Glob(filepath.Join(m.dir, "mixed", "testdata", "replay", "*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v %q", err, files)
	}
	p, err := replay.Read(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if p.World != replay.Goroutines || !p.Settings.Scenario || p.Schedule == nil || p.Schedule.Size() != 1 || p.Property != "no note is there twice" {
		t.Errorf("%+v", p)
	}
	file := "mixed/testdata/replay/" + filepath.Base(files[0])
	a = m.run("replay "+file, "MIXED_BUG=1")
	a.want(t, exitSame, a.stdout, "the same run to the bit", "  duplicate  ")
	a = m.run("shrink "+file, "MIXED_BUG=1")
	a.want(t, exitOK, a.stdout, "1 fault → 1, ")
	a = m.run("test -seeds 0 -run TestGoroutines ./mixed")
	a.want(t, exitOK, a.stdout, "1 saved failure, each fixed\n")
}
