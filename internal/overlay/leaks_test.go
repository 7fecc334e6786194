package overlay

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"samerun/internal/wire"
)

// wantLeaks are the goroutines that tests in testdata/leaks leave for ever: how many, and
// what each waits for, in the order in which they are told.
var wantLeaks = map[string][]string{
	"TestLeakSender":         {"1 to send to a channel"},
	"TestLeakReceiver":       {"1 to receive from a channel"},
	"TestLeakRange":          {"4 to receive from a channel"},
	"TestLeakCrossedLocks":   {"1 for a sync.Mutex", "1 for a sync.Mutex"},
	"TestLeakDoubleLock":     {"1 for a sync.Mutex"},
	"TestLeakReadTwice":      {"1 to read-lock a sync.RWMutex", "1 to lock a sync.RWMutex"},
	"TestLeakLockAndChannel": {"1 to send to a channel", "1 for a sync.Mutex"},
	"TestLeakContext":        {"1 in a select"},
	"TestLeakCond":           {"1 for a sync.Cond"},
	"TestLeakWaitGroup":      {"1 for a sync.WaitGroup"},
	"TestLeakNil":            {"1 to send to a nil channel", "1 to receive from a nil channel", "1 in a select", "1 in a select without cases"},
	"TestLeakStoppedTimer":   {"1 to receive from a channel"},
	"TestLeakCleanup":        {"1 to receive from a channel"},
	"TestLeakDeadVariable":   {"1 to receive from a channel", "1 for a sync.Mutex"},
	"TestLeakRing":           {"50 to receive from a channel"},
	"TestLeakSubtest":        {"1 to send to a channel"},
	"TestLeakByLibrary":      {"1 to receive from a channel"},
	"TestLeakServers":        {"2 for a sync.Mutex"},
	"TestLeakReaders":        {"1 to read-lock a sync.RWMutex", "1 to lock a sync.RWMutex"},
}

// Of each kind, those that wait for ever are found, and no others, whatever the collector
// does.
func TestLeaks(t *testing.T) {
	t.Parallel()
	exe := binary(t, "leaks")
	var wg sync.WaitGroup
	for seed := range 4 {
		wg.Go(func() {
			_, results, code := run(t, exe, "Leak|Alive|HandedOver", fmt.Sprintf("SAMERUN_SEED=%d", seed), []string{"GOGC=200", "GOGC=off", "GOGC=100"}[seed%3], fmt.Sprintf("GOMAXPROCS=%d", 1+seed))
			checkLeaks(t, seed, results, code)
		})
	}
	wg.Wait()
}

func checkLeaks(t *testing.T, seed int, results string, code int) {
	if code != 0 {
		t.Errorf("seed %d: exit status %d", seed, code)
	}
	lines, err := wire.Read(results)
	if err != nil || len(lines) < len(wantLeaks)+8 {
		t.Errorf("seed %d: %d results, %v", seed, len(lines), err)
	}
	for _, l := range lines {
		var got []string
		if l.Leaked != nil {
			for _, p := range l.Leaked.Places {
				m := leakPlace.FindStringSubmatch(p.Place)
				if m == nil {
					t.Fatalf("%s: %q", l.Test, p.Place)
				}
				got = append(got, fmt.Sprint(p.Count, " ", m[1]))
			}
		}
		if want := wantLeaks[l.Test]; strings.Join(got, ", ") != strings.Join(want, ", ") {
			t.Errorf("seed %d: %s leaves %q, want %q", seed, l.Test, got, want)
		}
	}
}

var leakPlace = regexp.MustCompile(`^(?:leaks|alive)_test\.go:\d+: leaks\.(?:Test\w+|\(\*server\))\.\S+ waits (.*)$`)

// The race detector sees the same.
func TestLeaksWithRace(t *testing.T) {
	if os.Getenv("SAMERUN_LONG") == "" {
		t.Skip("builds the standard library with -race; SAMERUN_LONG=1 runs it")
	}
	exe := binary(t, "leaks", "-race")
	_, results, code := run(t, exe, "Leak|Alive|HandedOver", "SAMERUN_SEED=1")
	checkLeaks(t, 1, results, code)
	// What is told while the test runs, and at a deadlock, is no race with the test.
	for seed := 1; seed <= 10; seed++ {
		for _, test := range []string{"TestLeakServers", "TestPartLocks", "TestPartChannel"} {
			out, _, _ := run(t, exe, "^"+test+"$", fmt.Sprintf("SAMERUN_SEED=%d", seed), "SAMERUN_TRACK=1", "SAMERUN_RESULTS=")
			if strings.Contains(out, "DATA RACE") || !strings.Contains(out, test) {
				t.Errorf("%s, seed %d:\n%s", test, seed, out)
			}
		}
	}
}

// A test that cannot end, while others go on, does at once or soon, and says why.
func TestDeadlockOfAPart(t *testing.T) {
	t.Parallel()
	exe := binary(t, "leaks")
	for name, want := range map[string][]string{
		"TestPartLocks": {
			"--- FAIL: TestPartLocks (deadlock)\nsamerun: deadlock in TestPartLocks: the test waits for ever, while others go on\n", ": seed 5, virtual time 1.0",
			"these wait for each other:\n", "TestPartLocks holds lock A, taken at ", ", and waits for lock B at ",
		},
		// It waits a while: another goroutine may give such a lock back.
		"TestPartUpgrade":    {"samerun: deadlock in TestPartUpgrade: the test waits for ever, while others go on\n", "virtual time 1.", "TestPartUpgrade"},
		"TestPartReadsAgain": {"samerun: deadlock in TestPartReadsAgain: the test waits for ever, while others go on\n", "virtual time 10.", "these wait for each other:\n"},
		"TestPartTwice":      {"samerun: deadlock in TestPartTwice: the test waits for ever, while others go on\n", "virtual time 0.9", "TestPartTwice"},
		"TestPartChannel":    {"samerun: deadlock in TestPartChannel: the test waits for ever, while others go on\n", "virtual time 7.", "TestPartChannel waits to send to channel c\n"},
		"TestPartSubtest":    {"samerun: deadlock in TestPartSubtest: ", "virtual time 1.", "TestPartSubtest waits for its subtest\n", "TestPartSubtest.func1.1 waits for a wait group, whose count is 1\n"},
	} {
		out, results, code := run(t, exe, "^"+name+"$", "SAMERUN_SEED=5", "SAMERUN_TRACK=1")
		rest := out
		for _, w := range want {
			_, after, ok := strings.Cut(rest, w)
			if !ok {
				t.Errorf("%s: %q is missing, or not in its place, in:\n%s", name, w, out)
				break
			}
			rest = after
		}
		if code != 2 || !strings.Contains(results, `"ok":false,"died":true`) || strings.Contains(out, "part_test.go:16") {
			t.Errorf("%s: exit status %d, %s\n%s", name, code, results, out)
		}
	}
	// It is told at once that servers wait for each other, though the test goes on.
	out, _, code := run(t, exe, "TestLeakServers", "SAMERUN_SEED=5", "SAMERUN_RESULTS=")
	if code != 0 || !strings.Contains(out, "samerun: TestLeakServers has 2 goroutines that wait for ever, at 1.") {
		t.Errorf("exit status %d, %s", code, out)
	}
}

// Whether such a test passes is asked for.
func TestLeaksAsked(t *testing.T) {
	t.Parallel()
	exe := binary(t, "leaks")
	out, results, code := run(t, exe, "TestLeakSender|TestAliveNone", "SAMERUN_SEED=5", "SAMERUN_LEAKS=fail")
	for _, want := range []string{
		"--- FAIL: TestLeakSender (leak)\n    leaks_test.go:20: leaks.TestLeakSender.func1 is left, which waits for ever to send to a channel\n",
		"samerun: TestLeakSender has a goroutine that waits for ever, at 2", "s of its virtual time, while others go on\n\ngoroutine 1, started at ",
		"samerun: TestLeakSender ends and leaves a goroutine that waits for ever, as was told above\n", "FAIL\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in:\n%s", want, out)
		}
	}
	if code != 1 || !strings.Contains(results, `"test":"TestLeakSender","seed":5,"ok":false,`) || !strings.Contains(results, `"leaked":{"count":1,"fails":true,"places":[{"place":"leaks_test.go:20: `) {
		t.Errorf("exit status %d, results\n%s", code, results)
	}
	out, results, code = run(t, exe, "TestLeakSender", "SAMERUN_SEED=5", "SAMERUN_LEAKS=off")
	if code != 0 || strings.Contains(out+results, "leak") {
		t.Errorf("exit status %d, %s\n%s", code, out, results)
	}
	// Without the tool nobody else would tell it.
	out, _, code = run(t, exe, "TestLeakSender", "SAMERUN_SEED=5", "SAMERUN_RESULTS=")
	if code != 0 || !strings.Contains(out, "samerun: TestLeakSender ends and leaves a goroutine that waits for ever") {
		t.Errorf("exit status %d, %s", code, out)
	}
	out, _, code = run(t, exe, "TestLeakSender", "SAMERUN_SEED=5", "SAMERUN_LEAKS=maybe")
	if code != 2 || !strings.Contains(out, "samerun: SAMERUN_LEAKS=maybe is not understood; set it to tell, fail or off: ") {
		t.Errorf("exit status %d, %s", code, out)
	}
}

// Every test of the folder is expected to do something.
func TestLeaksAreAll(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "leaks", "leaks_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)`).FindAllStringSubmatch(string(text), -1) {
		if wantLeaks[m[1]] == nil {
			t.Errorf("%s is not listed", m[1])
		}
	}
}
