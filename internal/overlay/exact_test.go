package overlay

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"samerun/internal/wire"
)

// binaries are test binaries of the folders in testdata, by folder and race.
var binaries sync.Map

// binary builds the tests of a folder in testdata with the overlay, once.
func binary(t testing.TB, folder string, flags ...string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the standard library")
	}
	type built struct {
		file string
		err  error
	}
	once, _ := binaries.LoadOrStore(folder+strings.Join(flags, " "), sync.OnceValue(func() built {
		tc, err := find(t.Context(), goCommand(), filepath.Join("testdata", folder), toolchainEnviron())
		if err != nil {
			return built{"", err}
		}
		cache, err := CacheDir()
		if err != nil {
			return built{"", err}
		}
		list, err := Build(tc, cache)
		if err != nil {
			return built{"", err}
		}
		file := filepath.Join(scratch, fmt.Sprintf("%s%d.exe", folder, len(flags)))
		cmd := exec.Command(goCommand(), append(append([]string{"test", "-c", "-ldflags=-w", "-overlay", list, "-o", file}, flags...), ".")...)
		cmd.Dir, cmd.Env = filepath.Join("testdata", folder), toolchainEnviron()
		if out, err := cmd.CombinedOutput(); err != nil {
			return built{"", fmt.Errorf("%w\n%s", err, out)}
		}
		return built{file, nil}
	}))
	b := once.(func() built)()
	if b.err != nil {
		t.Fatal(b.err)
	}
	return b.file
}

// scratch is a folder for the whole test.
var scratch string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "overlay-")
	if err != nil {
		panic(err)
	}
	scratch = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// run is runAll without the lines that say that a test began or that all have ended:
// what is left is what a test printed, and what became of it.
func run(t *testing.T, exe, pattern string, env ...string) (output, results string, code int) {
	t.Helper()
	output, results, code = runAll(t, exe, pattern, env...)
	return beginLine.ReplaceAllString(output, ""), courseLine.ReplaceAllString(results, ""), code
}

var beginLine = regexp.MustCompile(wire.Begins + ".*\n")

var courseLine = regexp.MustCompile(`(?m)^.*"(?:began|ended)":.*\n`)

// runAll runs a binary and returns what it printed and its results, without what
// tells real time, or the error as the output and -1. env comes behind the process's own environment.
func runAll(t *testing.T, exe, pattern string, env ...string) (output, results string, code int) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "results")
	cmd := exec.Command(exe, "-test.run="+pattern, "-test.timeout=2m")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "SAMERUN_RESULTS="+file, "TMPDIR="+dir, "GORACE=atexit_sleep_ms=0", "SAMERUN_LIMIT=0")
	cmd.Env = append(cmd.Env, env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		return err.Error(), "", -1
	}
	data, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		return err.Error(), "", -1
	}
	if _, err := wire.Read(string(data)); err != nil {
		return err.Error(), "", -1
	}
	return out.String(), realTime.ReplaceAllString(string(data), ""), cmd.ProcessState.ExitCode()
}

// realTime matches what is of no account in results: real time, and that all deviations of a
// replay were met.
var realTime = regexp.MustCompile(`"wall_ns":\d+,|,"deviations":\d+,"missed":\[\],"cut":\[\]`)

// runs is how many processes a workload runs in. The whole list in 200 takes
// minutes: SAMERUN_EXACT_RUNS=200 asks for it.
func runs(t *testing.T, few int) int {
	t.Helper()
	if text := os.Getenv("SAMERUN_EXACT_RUNS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 2 {
			t.Fatalf("SAMERUN_EXACT_RUNS=%s: a number of at least 2 is wanted", text)
		}
		return n
	}
	return few
}

// firstOrAll returns the first quick rows of a table whose every row takes its time, and
// all if SAMERUN_LONG is set.
func firstOrAll[Row any](quick int, rows []Row) []Row {
	if os.Getenv("SAMERUN_LONG") != "" {
		return rows
	}
	return rows[:quick]
}

// load keeps all processors busy until the test is over, if many runs are asked for.
// In the test command the tests of other packages do.
func load(t *testing.T) {
	if os.Getenv("SAMERUN_EXACT_RUNS") == "" {
		return
	}
	var stop atomic.Bool
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for !stop.Load() {
			}
		})
	}
	t.Cleanup(func() { stop.Store(true); wg.Wait() })
}

// sameEveryTime runs all workloads in n processes, four at a time, under all that
// must not matter, and wants one output.
func sameEveryTime(t *testing.T, exe string, n int, settings ...string) (output string) {
	t.Helper()
	environ := func(i int) []string {
		return append(slices.Clip(settings),
			fmt.Sprintf("GOMAXPROCS=%d", []int{1, 2, 8}[i%3]),
			fmt.Sprintf("GOGC=%s", []string{"10", "400", "off", "100"}[i%4]))
	}
	output, results, code := run(t, exe, ".", environ(0)...)
	if code != 0 {
		t.Fatalf("%v: exit status %d\n%s", environ(0), code, output)
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for !t.Failed() {
				i := int(next.Add(1))
				if i >= n {
					return
				}
				if out, res, code := run(t, exe, ".", environ(i)...); code != 0 {
					t.Errorf("%v: exit status %d\n%s", environ(i), code, out)
				} else if out != output || res != results {
					t.Errorf("process %d of %d, %v, gives another run:\n%s", i+1, n, environ(i), differences(output+results, out+res))
				}
			}
		})
	}
	wg.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return output
}

// differences lists the lines that two texts do not share.
func differences(a, b string) string {
	var out strings.Builder
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range max(len(as), len(bs)) {
		x, y := "", ""
		if i < len(as) {
			x = as[i]
		}
		if i < len(bs) {
			y = bs[i]
		}
		if x != y {
			fmt.Fprintf(&out, "- %s\n+ %s\n", x, y)
		}
	}
	return out.String()
}

func TestOneOutputPerSeed(t *testing.T) {
	t.Parallel()
	exe := binary(t, "exact")
	load(t)
	one := sameEveryTime(t, exe, runs(t, 7), "SAMERUN_SEED=1")
	two := sameEveryTime(t, exe, runs(t, 2), "SAMERUN_SEED=2")
	// Another seed must show in every workload that has a choice to make.
	all, bs := strings.Split(one, "\n"), strings.Split(two, "\n")
	for i, line := range all {
		name, _, found := strings.Cut(line, " ")
		switch name {
		case "TestSpinsBehindALock", "TestNestedMuch": // all choices are made where a turn takes no time
		default:
			if found && i < len(bs) && line == bs[i] {
				t.Errorf("seeds 1 and 2 give the same: %s", line)
			}
		}
	}
	if len(all) < 25 {
		t.Errorf("only %d lines of output:\n%s", len(all), one)
	}
}

func TestOneOutputPerSeedWithEachStrategy(t *testing.T) {
	t.Parallel()
	exe := binary(t, "exact")
	seen := make(map[string]string)
	for _, strategy := range firstOrAll(2, []string{"pos", "surw", "random", "fifo", "urw", "pct:2", "pct:5"}) {
		out := sameEveryTime(t, exe, runs(t, 2), "SAMERUN_SEED=1", "SAMERUN_STRATEGY="+strategy)
		if other, ok := seen[out]; ok {
			t.Errorf("the strategies %s and %s give the same", strategy, other)
		}
		seen[out] = strategy
	}
	sameEveryTime(t, exe, runs(t, 2), "SAMERUN_SEED=1", "SAMERUN_TURN_NS=1000")
}

// The race detector sees the same runs.
func TestOneOutputPerSeedWithRace(t *testing.T) {
	if os.Getenv("SAMERUN_EXACT_RUNS") == "" {
		t.Skip("builds the standard library with the race detector: set SAMERUN_EXACT_RUNS, such as to 200")
	}
	plain, _, _ := run(t, binary(t, "exact"), ".", "SAMERUN_SEED=1")
	load(t)
	if race := sameEveryTime(t, binary(t, "exact", "-race"), runs(t, 0), "SAMERUN_SEED=1"); race != plain {
		t.Errorf("with and without the race detector:\n%s", differences(plain, race))
	}
}

// A test alone takes the course that it took among the others.
func TestAloneAsAmongOthers(t *testing.T) {
	t.Parallel()
	exe := binary(t, "exact")
	_, results, _ := run(t, exe, ".", "SAMERUN_SEED=1")
	lines := strings.Split(strings.TrimSpace(results), "\n")
	if len(lines) < 20 {
		t.Fatalf("only %d results:\n%s", len(lines), results)
	}
	for _, line := range lines {
		name := regexp.MustCompile(`"test":"(\w+)"`).FindStringSubmatch(line)[1]
		if _, alone, _ := run(t, exe, "^"+name+"$", "SAMERUN_SEED=1"); strings.TrimSpace(alone) != line {
			t.Errorf("among others: %s\nalone:        %s", line, alone)
		}
	}
}

// Without a seed the binary is an ordinary one.
func TestWithoutSeed(t *testing.T) {
	t.Parallel()
	exe := binary(t, "exact")
	out, results, code := run(t, exe, "TestSameInstant|TestSelect|TestMapRange|TestRandom|TestContext|TestIterPull", "SAMERUN_SEED=")
	if code != 0 || results != "" {
		t.Errorf("exit status %d, results %q\n%s", code, results, out)
	}
	again, _, _ := run(t, exe, "TestSameInstant|TestSelect|TestMapRange|TestRandom|TestContext|TestIterPull", "SAMERUN_SEED=")
	if out == again {
		t.Error("two ordinary runs are equal: chance is gone although no seed was asked for")
	}
}

func TestBenchmarksAreLeftAlone(t *testing.T) {
	cmd := exec.Command(binary(t, "exact"), "-test.run=^$", "-test.bench=.", "-test.benchtime=10x")
	cmd.Env = append(os.Environ(), "SAMERUN_SEED=1")
	if out, err := cmd.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("BenchmarkReal")) {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestSettingsAreChecked(t *testing.T) {
	exe := binary(t, "exact")
	for setting, want := range map[string]string{
		"SAMERUN_SEED=-1":                            "samerun: SAMERUN_SEED=-1 is not understood; set it to one whole number below 2^64, such as 7 or 0x2f\n",
		"SAMERUN_SEED=18446744073709551616":          "is not understood",
		"SAMERUN_SEED=0xg":                           "is not understood",
		"SAMERUN_SEED=1 SAMERUN_STRATEGY=lucky":      "samerun: SAMERUN_STRATEGY=lucky: there is no such strategy; choose fifo, random, walk, pct:DEPTH[:LENGTH], pos, delay:DELAYS[:LENGTH], urw or surw\n",
		"SAMERUN_SEED=1 SAMERUN_STRATEGY=pct:0":      "samerun: SAMERUN_STRATEGY=pct:0: the depth is a whole number from 1 to 1000; choose fifo",
		"SAMERUN_SEED=1 SAMERUN_STRATEGY=pct:3:":     "samerun: SAMERUN_STRATEGY=pct:3:: the length is a whole number of choices from 1 to 1073741824; choose fifo",
		"SAMERUN_SEED=1 SAMERUN_STRATEGY=exhaustive": "samerun: SAMERUN_STRATEGY=exhaustive: exhaustive is a search over many runs",
		"SAMERUN_SEED=1 SAMERUN_LENGTHS=none":        "samerun: SAMERUN_LENGTHS=none cannot be read: ",
		"SAMERUN_SEED=1 SAMERUN_PCT_TURNS=100":       "samerun: SAMERUN_PCT_TURNS=100 is not understood; set it to nothing: how long a run is stands in the strategy",
		"SAMERUN_SEED=1 SAMERUN_TURN_NS=20us":        "SAMERUN_TURN_NS=20us is not understood",
		"SAMERUN_SEED=1 SAMERUN_NET=none":            "samerun: SAMERUN_NET=none is not understood; set it to test, for a network of each test's own, or real, for the machine's\n",
		"SAMERUN_SEED=1 SAMERUN_DATE=2025-02-29":     "samerun: SAMERUN_DATE=2025-02-29 is not understood; set it to a day from 1970 to 2199, such as 2026-11-29\n",
		"SAMERUN_SEED=1 SAMERUN_DATE=2025-2-28":      "is not understood",
		"SAMERUN_SEED=1 SAMERUN_WATCHDOG=a_week":     "samerun: SAMERUN_WATCHDOG=a_week is not understood; set it to a time such as 30s, or 0 for none\n",
	} {
		out, _, code := run(t, exe, "TestSelect", strings.Fields(setting)...)
		if code != 2 || !strings.Contains(out, want) {
			t.Errorf("%s: exit status %d, output %q", setting, code, out)
		}
	}
	for _, day := range []string{"1970-01-01", "1999-12-31", "2000-02-29", "2024-12-31", "2100-03-01", "2199-12-31"} {
		if out, _, code := run(t, exe, "TestDay", "SAMERUN_SEED=1", "SAMERUN_DATE="+day); code != 0 || !strings.Contains(out, "TestDay "+day+" ") {
			t.Errorf("%s: exit status %d, output %q", day, code, out)
		}
	}
	hex, _, _ := run(t, exe, "TestSelect", "SAMERUN_SEED=0x1F")
	if dec, _, _ := run(t, exe, "TestSelect", "SAMERUN_SEED=31"); hex != dec {
		t.Errorf("seed 0x1F gives %q, seed 31 gives %q", hex, dec)
	}
}
