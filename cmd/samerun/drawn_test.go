package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"samerun/internal/gocmd"
	"samerun/sim/replay"
)

// drawnCopy is a module with the package in testdata/drawn, whose property runs ordinary Go.
func drawnCopy(t *testing.T) *mixedModule {
	t.Helper()
	mod, err := os.ReadFile(filepath.Join("..", "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	return moduleOf(t, "drawn", "require "+regexp.MustCompile(`pgregory\.net/rapid v\S+`).FindString(string(mod))+"\n")
}

// A property of goroutines draws from its seed; what fails is minimised with the values that were
// drawn, saved with them, and is the same run again.
func TestAPropertyOfGoroutines(t *testing.T) {
	takesLong(t)
	t.Parallel()
	m := drawnCopy(t)
	a := m.run("test -seeds 0-60 -shrink 1h -run TestAdditions ./drawn", "DRAWN_BUG=1")
	a.want(t, exitFailure, a.stdout, "FAIL  ./drawn  TestAdditions\n    property \"each addition counts once\" broken at ", "minimised in ",
		"    drawn: additions = [{", "1 fault, which took effect:\n", "saved: drawn/testdata/replay/TestAdditions-")
	files, err := filepath.Glob(filepath.Join(m.dir, "drawn", "testdata", "replay", "*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v %q", err, files)
	}
	p, err := replay.Read(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if p.World != replay.Goroutines || !p.Settings.Scenario || p.Schedule.Size() != 1 || len(p.Data) < 3 || string(p.Data[0].Value) != `"schedule"` || p.Steps == nil || len(*p.Steps) != 1 {
		t.Errorf("%+v", p)
	}
	file := "drawn/testdata/replay/" + filepath.Base(files[0])
	a = m.run("replay "+file, "DRAWN_BUG=1")
	a.want(t, exitSame, a.stdout, "the same run to the bit")
	a = m.run("replay " + file)
	a.want(t, exitOK, a.stdout, "no failure any more, and all ")
	if err := os.RemoveAll(filepath.Join(m.dir, "drawn", "testdata")); err != nil {
		t.Fatal(err)
	}
	a = m.run("test -seeds 0-60 -shrink 1h -run TestAdditions ./drawn", "DRAWN_FAIL=1")
	a.want(t, exitFailure, a.stdout, "    what was found later\n", "input: step")
	a = m.run("test -seeds 0 -run TestWith ./drawn", "DRAWN_WITH=value")
	a.want(t, exitFailure, a.stdout, "FAIL  ./drawn  TestWith\n    always\n", `not saved: the draw "a function" (func()) cannot be kept in a file`)
	a = m.run("test -seeds 0 -run TestWith ./drawn", "DRAWN_WITH=strategy")
	a.want(t, exitFailure, a.stdout, "proptest.Strategy is about tasks, and proptest.Goroutines was given, too: leave it out, and use samerun test -strategy pct:3")
}

// Many seeds draw many worlds, and pass; two sweeps of them are the same. Plain go test has the
// tool run the property.
func TestManyPropertiesOfGoroutines(t *testing.T) {
	takesLong(t)
	t.Parallel()
	m := drawnCopy(t)
	first := m.run("test -seeds 0-199 -json -run TestAdditions ./drawn")
	second := m.run("test -seeds 0-199 -json -run TestAdditions ./drawn", "GOMAXPROCS=4", "GOGC=10")
	digests := func(a answer) string {
		return strings.Join(regexp.MustCompile(`"digest":"[0-9a-f]+"`).FindAllString(a.stdout, -1), "\n")
	}
	if d := digests(first); first.code != exitOK || strings.Count(d, "\n") != 199 || d != digests(second) {
		t.Errorf("%d %d\n%s\n%s", first.code, second.code, first.stdout, second.stdout)
	}
	goTest := func(line string, env ...string) (string, bool) {
		cmd := exec.Command("go", strings.Fields(line)...)
		cmd.Dir, cmd.Env = m.dir, append(gocmd.ChildEnviron(os.Environ()), env...)
		out, err := cmd.CombinedOutput()
		return string(out), err == nil
	}
	if out, ok := goTest("test -v -run ^TestAdditions$ ./drawn"); !ok || !strings.Contains(out, "TestAdditions  10 seeds") {
		t.Error(out)
	}
	if out, ok := goTest("test -run ^TestAdditions$ ./drawn", "DRAWN_BUG=1", "SAMERUN_SEEDS=0-60"); ok || !strings.Contains(out, `property "each addition counts once" broken`) || !strings.Contains(out, "saved: testdata/replay/TestAdditions-") {
		t.Error(out)
	}
	if out, ok := goTest("test -run ^TestAdditions$ ./drawn -rapid.failfile=x"); ok || !strings.Contains(out, "-rapid.failfile is of a try that rapid has made") {
		t.Error(out)
	}
	if out, ok := goTest("test -run ^$ -fuzz FuzzAdditions -fuzztime 1x ./drawn"); ok || !strings.Contains(out, "proptest.MakeFuzz was given proptest.Goroutines") {
		t.Error(out)
	}
}
