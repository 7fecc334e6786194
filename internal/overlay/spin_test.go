package overlay

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// exactSpins are the tests of testdata/spin that come to an end, the same one each time.
const exactSpins = "^Test(Atomic|Plain|LengthOfChannel|LengthOfMap|Gosched|TryLock|SpinLock|Clock|Timer|Calls|TwoValues|Nested|Chain|Computes|InSteps)$"

// A loop that only looks loses its turn, and the run is exact: one output for each seed,
// whatever must not matter.
func TestSpins(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("threads go by single steps on linux/amd64 alone")
	}
	exe := binary(t, "spin")
	for _, seed := range firstOrAll(1, []string{"3", "0", "1", "2"}) {
		t.Run("seed "+seed, func(t *testing.T) {
			t.Parallel()
			var output, results string
			for i := range runs(t, 2) {
				env := []string{"SAMERUN_SEED=" + seed, []string{"GOMAXPROCS=1", "GOMAXPROCS=8"}[i%2], []string{"GOGC=10", "GOGC=off", "GOGC=100"}[i%3]}
				out, res, code := run(t, exe, exactSpins, env...)
				if code != 0 {
					t.Fatalf("%v: exit status %d\n%s", env, code, out)
				}
				if i == 0 {
					output, results = out, res
				} else if out != output || res != results {
					t.Fatalf("%v gives another run:\n%s", env, differences(output+results, out+res))
				}
			}
			if strings.Contains(results, `"loop"`) {
				t.Error("a loop is said to count:", results)
			}
		})
	}
}

// The race detector is beside such loops, and makes no other run of them.
func TestSpinsWithRace(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("threads go by single steps on linux/amd64 alone")
	}
	if os.Getenv("SAMERUN_LONG") == "" {
		t.Skip("builds the standard library with -race; SAMERUN_LONG=1 runs it")
	}
	t.Parallel()
	// The others have races, and the detector says so; and where a loop of TwoValues
	// stops, between two looks, depends on what the compiler makes of it. Who takes a SpinLock
	// first may depend on the load of the machine then, which docs/unmodified-limits.md says.
	const quiet = "^Test(Atomic|LengthOfChannel|Gosched|TryLock|Clock|Timer|Calls|Nested|Chain|InSteps)$"
	plain, results, code := run(t, binary(t, "spin"), quiet, "SAMERUN_SEED=3")
	if code != 0 {
		t.Fatal(code, plain)
	}
	out, res, code := run(t, binary(t, "spin", "-race"), quiet, "SAMERUN_SEED=3")
	// On a busy machine a loop may be known by real time alone there, which is noted.
	res = regexp.MustCompile(`,"loop":"[^"]*"`).ReplaceAllString(res, "")
	if code != 0 || out != plain || res != results {
		t.Errorf("exit status %d with -race, and another run:\n%s", code, differences(plain+results, out+res))
	}
	out, _, code = run(t, binary(t, "spin", "-race"), "^Test(Plain|LengthOfMap)$", "SAMERUN_SEED=3")
	if code == 0 || strings.Count(out, "WARNING: DATA RACE") != 2 {
		t.Errorf("exit status %d, and not the two races that there are:\n%s", code, out)
	}
	if out, _, code = run(t, binary(t, "spin", "-race"), "^TestForksInSteps$", "SAMERUN_SEED=3"); code != 0 {
		t.Errorf("exit status %d:\n%s", code, out)
	}
	if out, _, code = run(t, binary(t, "cspin", "-race"), "^TestThread$", "SAMERUN_SEED=3"); code != 0 {
		t.Errorf("exit status %d in C:\n%s", code, out)
	}
}

// A loop that counts its rounds loses its turn, too, and its test is noted as not exact.
func TestCountsRounds(t *testing.T) {
	t.Parallel()
	out, results, code := run(t, binary(t, "spin"), "^TestCounts$", "SAMERUN_SEED=1")
	if code != 0 || !strings.Contains(results, `"loop":"spin.TestCounts:`) {
		t.Error(code, out, results)
	}
}

// What is in memory alone counts as a state, too.
func TestComputesInMemory(t *testing.T) {
	t.Parallel()
	out, results, code := run(t, binary(t, "spin"), "^TestComputesInMemory$", "SAMERUN_SEED=1")
	if code != 0 || strings.Contains(results, `"loop"`) {
		t.Error(code, out, results)
	}
}

// A thread does not go by steps while signals are blocked for it.
func TestForksInSteps(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("threads go by single steps on linux/amd64 alone")
	}
	t.Parallel()
	out, _, code := run(t, binary(t, "spin"), "^TestForksInSteps$", "SAMERUN_SEED=1")
	if code != 0 {
		t.Error(code, out)
	}
}

// Who looks again and again beside somebody who yields does so at the same turns in each run, on
// whatever threads they are.
func TestLooksBesideLoops(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("threads go by single steps on linux/amd64 alone")
	}
	t.Parallel()
	exe, file := binary(t, "spin"), filepath.Join(t.TempDir(), "record")
	var first []byte
	for i := range 4 {
		run(t, exe, "^TestHangsBesideLoops$", "SAMERUN_SEED=5", "SAMERUN_LIMIT=200ms", "SAMERUN_RECORD="+file)
		record, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = record
		} else if string(record) != string(first) {
			t.Fatalf("the record differs:\n%s", firstLines(differences(string(first), string(record)), 8))
		}
	}
}

// The ends that such tests come to.
func TestNoEnd(t *testing.T) {
	for _, c := range []struct {
		folder, test, env string
		want              []string
	}{
		{"spin", "TestSpinsForEver", "SAMERUN_LIMIT=", []string{"samerun: deadlock in TestSpinsForEver: every goroutine of the test waits, and no timer is set",
			"TestSpinsForEver looks again and again at what others are to change", "goroutine 1, started at ", ", looks again and again"}},
		{"spin", "TestPanicsInSteps", "", []string{"panic: out of steps", "samerun: TestPanicsInSteps: seed 5"}},
		{"spin", "TestHangsBesideTicker", "SAMERUN_LIMIT=", []string{"samerun: deadlock in TestHangsBesideTicker: the test waits for ever, while others go on"}},
		{"oldticker", "TestHangsBesideTicker", "SAMERUN_LIMIT=", []string{"samerun: deadlock in TestHangsBesideTicker: the test waits for ever, while others go on"}},
		{"spin", "TestHangsBesideTicker", "SAMERUN_LIMIT= SAMERUN_LEAKS=off", []string{"--- FAIL: TestHangsBesideTicker (2m0s)",
			"samerun: TestHangsBesideTicker has not ended after 2m0s of its virtual time, the limit of -timeout", "virtual time 120.0",
			"TestHangsBesideTicker waits to receive from channel A", "goroutine 1, started at ", ", waits for a timer"}},
		{"spin", "TestHangsBesideTicker", "SAMERUN_LIMIT=3s SAMERUN_LEAKS=off", []string{"has not ended after 3s of its virtual time"}},
		{"spin", "TestHangsBesideLoops", "SAMERUN_LIMIT=1s", []string{"has not ended after 1s of its virtual time", "TestHangsBesideLoops waits to receive from channel A", "looks again and again"}},
		{"oldticker", "TestHangsBesideTicker", "SAMERUN_LIMIT= SAMERUN_LEAKS=off", []string{"has not ended after 2m0s of its virtual time", "TestHangsBesideTicker waits to receive from channel A"}},
	} {
		t.Run(c.folder+" "+c.test+" "+c.env, func(t *testing.T) {
			t.Parallel()
			out, _, code := run(t, binary(t, c.folder), "^"+c.test+"$", append(strings.Fields(c.env), "SAMERUN_SEED=5")...)
			if code == 0 {
				t.Error("exit status 0")
			}
			rest := out
			for _, want := range c.want {
				_, after, ok := strings.Cut(rest, want)
				if !ok {
					t.Fatalf("%q is missing, or not in its place:\n%s", want, out)
				}
				rest = after
			}
		})
	}
}

// A ticker of a nanosecond does not cost a turn for each.
func TestNanosecondTicker(t *testing.T) {
	t.Parallel()
	out, _, code := run(t, binary(t, "spin"), "^TestNanosecondTicker$", "SAMERUN_SEED=1")
	var ticks int
	if _, err := fmt.Sscanf(out, "ticks: %d\n", &ticks); code != 0 || err != nil || ticks < 1000 || ticks > 10000 {
		t.Error(code, err, out)
	}
}
