package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"samerun/internal/gocmd"
)

// runDoctorTool runs the doctor in a copy of testdata/doctor: one of the tests there
// leaves a file behind.
func runDoctorTool(t *testing.T, line string, env ...string) answer {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the standard library")
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "doctor"))); err != nil {
		t.Fatal(err)
	}
	return runDoctorIn(t, t.Context(), dir, line, env...)
}

func runDoctorIn(t *testing.T, ctx context.Context, dir, line string, env ...string) answer {
	t.Helper()
	var out, errOut bytes.Buffer
	a := &app{&out, &errOut, gocmd.Caller{Dir: dir, Environ: append(gocmd.ChildEnviron(os.Environ()), env...), Self: "samerun"}}
	code := a.main(ctx, append([]string{"doctor"}, strings.Fields(line)...))
	return answer{code, out.String(), errOut.String()}
}

// about is what the doctor says about one package.
func (a answer) about(pkg string) string {
	var text strings.Builder
	inside := false
	for line := range strings.Lines(a.stdout) {
		if !strings.HasPrefix(line, " ") && strings.TrimSpace(line) != "" {
			inside = slices.Contains(strings.Fields(line), pkg)
		}
		if inside {
			text.WriteString(line)
		}
	}
	return text.String()
}

// diagnosis is what the doctor must find in a package of testdata/doctor.
type diagnosis struct {
	pkg, test, cause string
	place            string   // the first place in the source that it names
	also             []string // other words, in this order
}

func (d diagnosis) check(t *testing.T, a answer) {
	t.Helper()
	text := a.about(d.pkg)
	rest := text
	for _, want := range append([]string{"DIFFER  " + d.pkg + "  " + d.test + "\n", "two runs of seed ", "< ", "> ", "cause: " + d.cause + "\n", d.place}, d.also...) {
		_, after, ok := strings.Cut(rest, want)
		if !ok {
			t.Errorf("%s: %q is missing, or not in its place, in\n%s", d.pkg, want, text)
			return
		}
		rest = after
	}
}

func TestDoctorFindsTheCause(t *testing.T) {
	t.Parallel()
	a := runDoctorTool(t, "-runs 2 ./pointer ./global")
	if a.code != exitFailure {
		t.Errorf("exit status %d\n%s", a.code, a.stderr)
	}
	for _, d := range []diagnosis{
		{"./pointer", "TestOrder", "pointer order", "look at:\n        pointer/pointer_test.go:33  an address as a number, in pointer.TestOrder",
			[]string{"GOMAXPROCS=1 GOGC=100 samerun test -seeds 1 ./pointer -record one\n", "GOMAXPROCS=8 GOGC=10 samerun test -seeds 1 ./pointer -record two\n"}},
		{"./global", "TestPearsAgain", "a global left from an earlier test", "TestPears is enough", []string{
			"look at:\n        global/global_test.go:16  cache is changed, in global.find", "-run '^(TestPears|TestPearsAgain)$' ./global -record one\n", "-run '^TestPearsAgain$' ./global -record two\n"}},
	} {
		d.check(t, a)
	}
	// Both sides have their stacks, a frame a line, below what they share. Where they
	// part is up to the addresses.
	picture := regexp.MustCompile(`(?s)both\n(?:        turn \d+ [^\n]*pointer.TestOrder[^\n]*\n)+    < one run, GOMAXPROCS=1 GOGC=100\n        turn \d+ .*\n            doctor/pointer.TestOrder.func1:\d+\n    > another, GOMAXPROCS=8 GOGC=10\n.*\n            doctor/pointer.TestOrder.func1:\d+\n      they differ in the goroutine\n`)
	if text := a.about("./pointer"); !picture.MatchString(text) {
		t.Errorf("no picture in\n%s", text)
	}
}

func TestDoctorFindsEachCause(t *testing.T) {
	takesLong(t)
	a := runDoctorTool(t, "./address ./before ./collector ./files ./folder ./pid ./pipe ./processors ./uuid")
	for _, d := range []diagnosis{
		{"./address", "TestPrint", "pointer order", "address/address_test.go:11  %p, in address.TestPrint", nil},
		{"./collector", "TestCycles", "what the collector does", "collector/collector_test.go:16  runtime.ReadMemStats", nil},
		{"./files", "TestFile", "something that an earlier run has left", "state.tmp", nil},
		{"./folder", "TestFolder", "the name of the folder for temporary files", "folder/folder_test.go:12  t.TempDir", nil},
		{"./pid", "TestPid", "the world outside", "pid/pid_test.go:8  os.Getpid, in pid.TestPid", []string{"-v > one"}},
		{"./processors", "TestWorkers", "the number of processors", "processors/processors_test.go:13  \"GOMAXPROCS\"", nil},
		{"./pipe", "TestEcho", "real input or output", "pipe/pipe_test.go:13  os.Pipe", nil},
		{"./uuid", "TestUUID", "the world outside", "uuid/uuid_test.go:12  ", []string{`"/proc/sys/kernel/random/uuid"`}},
	} {
		d.check(t, a)
	}
	// What is there before the tests is of their world, and exact.
	if text := a.about("./before"); !strings.HasPrefix(text, "ok    ./before  1 test, 3 runs of seed 1, equal turn by turn") {
		t.Errorf("./before: %s", text)
	}
	a = runDoctorTool(t, "./ccode", "CGO_ENABLED=1")
	if strings.Contains(a.stdout, "does not build") {
		t.Skip("there is no C compiler")
	}
	diagnosis{"./ccode", "TestClock", "cgo", "(doctor/ccode)", nil}.check(t, a)
}

func TestDoctorWithoutDifference(t *testing.T) {
	takesLong(t)
	t.Parallel()
	a := runDoctorTool(t, "-seed 0x2 ./broken ./calm ./lonely ./untested")
	a.want(t, exitMisuse, a.stdout,
		"ok    toolchain  go1.", " in ", "(supported: Go 1.25 to 1.27)\n",
		"ok    overlay  ", "overlay.json (made ",
		"none  ./untested  no test files\n",
		"FAIL  ./broken  does not build\n", "broken_test.go:3:26: cannot use",
		"ok    ./calm  2 tests, 3 runs of seed 2 and each test by itself, equal turn by turn (11 turns, 8 draws)\n",
		"none  ./lonely  no tests\n")
}

// The same as data: one object for each thing that is checked, a cause with places.
func TestDoctorInJSON(t *testing.T) {
	takesLong(t)
	t.Parallel()
	a := runDoctorTool(t, "-json -runs 2 ./broken ./calm ./lonely ./pointer ./untested")
	if a.code != exitMisuse {
		t.Errorf("exit status %d\n%s", a.code, a.stderr)
	}
	type line struct {
		Schema                          int
		What, Name, Result, Words, Said string
		Test, Story                     string
		Turn                            uint64
		Commands                        []string
		Cause                           *struct {
			Name, Sure        string
			Why, Places, Cure []string
		}
	}
	lines := make(map[string]line)
	for text := range strings.Lines(a.stdout) {
		var l line
		if err := json.Unmarshal([]byte(text), &l); err != nil || l.Schema != 1 || l.Result == "" || strings.Contains(text, "\\u001b") {
			t.Fatalf("%v: %s", err, text)
		}
		if _, twice := lines[l.What+l.Name]; twice && l.What != "environment" {
			t.Errorf("twice: %s", text)
		}
		lines[l.What+l.Name] = l
	}
	for key, result := range map[string]string{"toolchain": "ok", "overlay": "ok", "package./untested": "none", "package./lonely": "none", "package./broken": "fail", "package./calm": "ok", "package./pointer": "differ"} {
		if lines[key].Result != result {
			t.Errorf("%s: %q, want %q", key, lines[key].Result, result)
		}
	}
	if l := lines["package./broken"]; l.Words != "does not build" || !strings.Contains(l.Said, "broken_test.go:3:26: cannot use") {
		t.Errorf("%+v", l)
	}
	l := lines["package./pointer"]
	if l.Test != "TestOrder" || l.Cause == nil || l.Cause.Name != "pointer order" || !slices.Contains(l.Cause.Places, "pointer/pointer_test.go:33") || len(l.Commands) != 2 || l.Turn == 0 || !strings.Contains(l.Story, "they differ in the goroutine") {
		t.Errorf("%+v", l)
	}
}

// Variables of packages that two nodes write are named, and no others.
func TestDoctorNamesSharedVariables(t *testing.T) {
	takesLong(t)
	t.Parallel()
	a := runDoctorTool(t, "-runs 2 -run Server|Much ./shared")
	const head = "      package variables that two nodes write, each of which machines would have for itself:\n"
	a.want(t, exitOK, a.stdout, "ok    ./shared  4 tests, ", head,
		"        shared.counter at shared/shared.go:14, by a, b, c and 4 more, in TestServers,\n          TestMuch\n",
		"        shared.leader at shared/shared.go:15, by n1 and n2, in TestServers\n",
		"        shared.table at shared/shared.go:17, in what it leads to, by n1 and n2, in\n          TestServers\n",
		"      variables of packages lead to more than is watched",
		"      too large to be watched for writes of two nodes (more than 64 KiB, or 1024 with the\n        others): shared.huge at shared/shared.go:53 (156 KiB)\n")
	_, text, _ := strings.Cut(a.stdout, head)
	var named []string
	for _, m := range regexp.MustCompile(`(?m)^        shared\.(\w+) at shared`).FindAllStringSubmatch(text, -1) {
		named = append(named, m[1])
	}
	want := "counter leader ready table many row registry stored keeper queue lock group entries head chain dice nested"
	if got := strings.Join(named, " "); got != want {
		t.Errorf("named are %s\nwant      %s\n%s", got, want, a.stdout)
	}
	if a = runDoctorTool(t, "-runs 2 -run OneServer|NoServer ./shared"); strings.Contains(a.stdout, "two nodes") {
		t.Errorf("without two nodes:\n%s", a.stdout)
	}
}

// Where it cannot look, it says so. The race detector is no hindrance.
func TestDoctorWithoutSharedVariables(t *testing.T) {
	takesLong(t)
	t.Parallel()
	a := runDoctorTool(t, "-runs 2 -run TestServers ./shared", "GOFLAGS=-ldflags=-w")
	a.want(t, exitOK, a.stdout, "      variables that nodes share were not looked for: the test binary has no symbols or no\n        debug information (leave -s and -w out of -ldflags)\n")
	a = runDoctorTool(t, "-runs 2 -race -run TestServers ./shared")
	a.want(t, exitOK, a.stdout, "        shared.counter at shared/shared.go:14, by n1 and n2, in TestServers\n", "        shared.nested at ")
}

// So are those that nodes of a world of sim write.
func TestDoctorNamesSharedVariablesOfWorlds(t *testing.T) {
	takesLong(t)
	t.Parallel()
	m := mixedCopy(t)
	dir := filepath.Join(m.dir, "world")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	const source = `package world

import (
	"testing"
	"time"

	"samerun/sim"
)

var (
	written int
	world   *sim.World
	mine    map[string]int
)

func TestWorld(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		world = w
		for _, name := range []string{"left", "right"} {
			w.Node(name).Run(func() error {
				for range 3 {
					written++
					time.Sleep(time.Second)
				}
				return nil
			})
		}
		mine = map[string]int{"a": 1}
		time.Sleep(5 * time.Second)
	}, sim.Goroutines)
}
`
	if err := os.WriteFile(filepath.Join(dir, "world_test.go"), []byte(source), 0o666); err != nil {
		t.Fatal(err)
	}
	a := runDoctorIn(t, t.Context(), m.dir, "-runs 2 -overlay on ./world")
	a.want(t, exitOK, a.stdout, "        world.written at world/world_test.go:11, by left and right, in TestWorld\n")
	for _, name := range []string{"world.world", "world.mine"} {
		if strings.Contains(a.stdout, name) {
			t.Errorf("it names %s:\n%s", name, a.stdout)
		}
	}
}

func TestDoctorWithTestsOfOneName(t *testing.T) {
	takesLong(t)
	t.Parallel()
	// A package and its external tests can have tests of one name.
	a := runDoctorTool(t, "./twins")
	a.want(t, exitOK, a.stdout, "ok    ./twins  2 tests, 3 runs of seed 1 and each test by itself, equal turn by turn (")
	a = runDoctorTool(t, "-run TestNone ./calm")
	a.want(t, exitOK, a.stdout, "none  ./calm  no test matches -run TestNone\n")
}

// A test that fails, or that ends the process, does so in each run: that is told.
func TestDoctorWithFailures(t *testing.T) {
	takesLong(t)
	a := runDoctorTool(t, "./dies ./failing")
	a.want(t, exitOK, a.stdout,
		"ok    ./dies  2 tests, ", "ends in TestPanics, the same way each time: panic: out of luck, at 1s of virtual time;", "tests behind it were not run\n",
		"ok    ./failing  2 tests, ", "fails on this seed, and in the same way each time: TestFails\n")
}

func TestDoctorLeavesSimulationsAlone(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	a := runDoctorIn(t, t.Context(), root, "./examples/counter")
	a.want(t, exitOK, a.stdout, "sim   ./examples/counter  its tests use samerun/sim and run on the stock toolchain; -overlay on looks at them nevertheless\n")
}

// A run that the watchdog ends is compared up to there.
func TestDoctorWithWatchdog(t *testing.T) {
	takesLong(t)
	a := runDoctorTool(t, "-watchdog 1s ./spins")
	a.want(t, exitOK, a.stdout, "ok    ./spins  1 test, 3 runs", "ends in TestSpins, the same way each time: ", "has not given up its turn for")
}

func TestDoctorMisuse(t *testing.T) {
	for line, want := range map[string]string{
		"-seed 1-2 ./calm":            `-seed: `,
		"-runs 1 ./calm":              "-runs 1: at least 2 runs can be compared",
		"-strategy exhaustive ./calm": "-strategy exhaustive is not for tests of ordinary Go",
		"-overlay off ./calm":         "-overlay off: the doctor is for tests that run on the overlay; say auto or on",
		"-run ( ./calm":               `-run "(" is not a regular expression`,
		"-record x ./calm":            `there is no flag -record; "samerun help doctor" lists the flags`,
		"-turn -1s ./calm":            "-turn -1s: the time must not be negative",
		"./calm ./nowhere":            "the packages cannot be listed",
		"./calm/calm_test.go":         "is a file; name its package instead",
		"-timeout -1s ./calm":         "-timeout -1s: the time must not be negative",
		"-watchdog never ./calm":      "-watchdog never: this is not a time; say one such as 30s, 1m30s or 200us",
		"./calm -seed 2 -strategy x":  "-strategy",
	} {
		a := runDoctorTool(t, line)
		a.want(t, exitMisuse, a.stderr, "samerun doctor: ", want)
	}
	mine := filepath.Join(t.TempDir(), "mine.json")
	if err := os.WriteFile(mine, []byte("{}"), 0o666); err != nil {
		t.Fatal(err)
	}
	a := runDoctorTool(t, "./calm", "GOFLAGS=-overlay="+mine)
	a.want(t, exitMisuse, a.stderr, "samerun doctor: GOFLAGS has an -overlay already", "takes only one; unset it\n")
}

// Ctrl-C in the middle of a run leaves nothing behind.
func TestDoctorInterrupted(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the standard library")
	}
	dir, tmp := t.TempDir(), t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "doctor"))); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", tmp)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		for ctx.Err() == nil {
			if files, _ := filepath.Glob(filepath.Join(tmp, "samerun-*", "p0", "run*.output")); len(files) > 0 {
				cancel()
			}
			time.Sleep(10 * time.Millisecond)
		}
	}()
	a := runDoctorIn(t, ctx, dir, "./spins")
	a.want(t, exitInterrupted, a.stderr, "interrupted\n")
	left, err := os.ReadDir(tmp)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range left {
		if strings.HasPrefix(e.Name(), "samerun-") {
			t.Errorf("%s is left behind", e.Name())
		}
	}
}
