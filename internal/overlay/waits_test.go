package overlay

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"samerun/internal/text"
)

var update = flag.Bool("update", false, "write what is said of goroutines that stand still into testdata/waits/waits.txt")

// conditions are those under which a run says the same.
var conditions = [][]string{{"GOMAXPROCS=1"}, {"GOMAXPROCS=8", "GOGC=10"}}

// What is said of goroutines that stand still, of each kind, and byte by byte the same under
// all conditions.
func TestWaits(t *testing.T) {
	t.Parallel()
	exe := binary(t, "waits")
	dir, err := filepath.Abs(filepath.Join("testdata", "waits"))
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join(dir, "waits.txt")
	source, err := os.ReadFile(filepath.Join(dir, "waits_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllStringSubmatch(string(source), -1) {
		first := ""
		for i, condition := range conditions {
			out, _, code := run(t, exe, "^"+m[1]+"$", append(condition, "SAMERUN_SEED=0", "SAMERUN_TRACK=1", "SAMERUN_WATCHDOG=1m")...)
			if code == 0 {
				t.Errorf("%s passes", m[1])
			}
			if i == 0 {
				first = out
			} else if out != first {
				t.Errorf("%s: under %q it says\n%s\nunder %q\n%s", m[1], conditions[0], first, condition, out)
			}
		}
		all.WriteString("# " + m[1] + "\n" + first + "\n")
	}
	got := ended.ReplaceAllString(all.String(), "")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("(-update writes it)\n%s", got)
	}
	for _, runtimes := range []string{"0x", "runtime.", "testing.go", "sync.(", "+0x", "[chan", dir} {
		if strings.Contains(got, runtimes) {
			t.Errorf("%q is none of the program's business", runtimes)
		}
	}
}

// ended is what differs between versions of Go or says nothing.
var ended = regexp.MustCompile(`(?m)^(?:FAIL|samerun: again: .*)\n`)

// However a test ends, the story of it is byte by byte the same under all conditions, and has
// no addresses and no numbers of the runtime's.
func TestToldAlike(t *testing.T) {
	t.Parallel()
	toldAlike(t, binary(t, "waits"), map[string][]string{
		"TestClosed":            {"panic: send on closed channel", "goroutine 1 [running]:\nwaits.(*box).send(...)\n\t", "created by waits.TestClosed in goroutine 2\n"},
		"TestNilPointer":        {"panic: runtime error: invalid memory address or nil pointer dereference", "addr=0x0]", "waits.(*box).send(...)"},
		"TestPanicsWithPointer": {"panic: (*waits.box) 0x#1\n", "waits.TestPanicsWithPointer.func1()\n"},
		"TestPanicsTwice":       {"panic: (*waits.box) 0x#1", "and again at 0x#2"},
		"TestUnlocked":          {"fatal error: sync: unlock of unlocked mutex", "goroutine 1 [running]:", "waits.TestUnlocked(...)"},
		"TestLogsFatally":       {"0x#1 is no box", "samerun: a test calls os.Exit(1)"},
	})
}

// So are data races.
func TestRacesToldAlike(t *testing.T) {
	if os.Getenv("SAMERUN_LONG") == "" {
		t.Skip("builds the standard library with -race; SAMERUN_LONG=1 runs it")
	}
	t.Parallel()
	exe := binary(t, "waits", "-race")
	toldAlike(t, exe, map[string][]string{
		"TestLogsLate": {"WARNING: DATA RACE", "testing.(*common).Log()", "waits.TestLogsLate.func1.1()"},
		"TestRaces":    {"WARNING: DATA RACE", " at 0x#1 by goroutine 1:\n  waits.TestRaces.func", "Previous write at 0x#1 by goroutine 2:", "Goroutine 1 (running) created at:"},
	})
	// The race is that of the test, and none with what the overlay keeps of it.
	out, _, _ := run(t, exe, "^TestLogsLate$", "SAMERUN_SEED=3")
	if n := strings.Count(out, "WARNING: DATA RACE"); n != 1 || strings.Contains(out, "testing.samerun") {
		t.Errorf("%d races:\n%s", n, out)
	}
}

func toldAlike(t *testing.T, exe string, tests map[string][]string) {
	for test, wants := range tests {
		first := ""
		for _, condition := range conditions {
			out, _, code := run(t, exe, "^"+test+"$", append(condition, "SAMERUN_SEED=3", "SAMERUN_WATCHDOG=1m")...)
			told := text.PlainTraces(out)
			if code == 0 || text.PlainTraces(told) != told {
				t.Errorf("%s: exit status %d\n%s", test, code, told)
			}
			switch {
			case first == "":
				first = told
			case told != first:
				t.Errorf("%s: under %q it says\n%s\nunder %q\n%s", test, conditions[0], first, condition, told)
			}
		}
		for _, want := range wants {
			if !strings.Contains(first, want) {
				t.Errorf("%s: %q is missing in\n%s", test, want, first)
			}
		}
	}
}

// A run that notes who holds what is the same run.
func TestTrackingChangesNothing(t *testing.T) {
	t.Parallel()
	exe := binary(t, "exact")
	out, results, code := run(t, exe, ".", "SAMERUN_SEED=7")
	trackedOut, trackedResults, trackedCode := run(t, exe, ".", "SAMERUN_SEED=7", "SAMERUN_TRACK=1")
	if out != trackedOut || results != trackedResults || code != trackedCode || results == "" {
		t.Errorf("plain (%d):\n%s\n%s\ntracked (%d):\n%s\n%s", code, out, results, trackedCode, trackedOut, trackedResults)
	}
}
