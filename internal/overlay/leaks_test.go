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
	"TestLeakDeadVariable":   {"1 to receive from a channel"},
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
	if os.Getenv("SAMERUN_EXACT_RUNS") == "" {
		t.Skip("builds the standard library with the race detector: set SAMERUN_EXACT_RUNS, such as to 200")
	}
	_, results, code := run(t, binary(t, "leaks", "-race"), ".", "SAMERUN_SEED=1")
	checkLeaks(t, 1, results, code)
}

// Whether such a test passes is asked for.
func TestLeaksAsked(t *testing.T) {
	t.Parallel()
	exe := binary(t, "leaks")
	out, results, code := run(t, exe, "TestLeakSender|TestAliveNone", "SAMERUN_SEED=5", "SAMERUN_LEAKS=fail")
	for _, want := range []string{
		"--- FAIL: TestLeakSender (leak)\n    leaks_test.go:20: leaks.TestLeakSender.func1 is left, which waits for ever to send to a channel\n",
		"samerun: TestLeakSender ends and leaves a goroutine that waits for ever\na goroutine waits for ever to send to a channel, since ",
		"\n    at leaks.TestLeakSender.func1 leaks_test.go:20\n    started in leaks.TestLeakSender leaks_test.go:18\n", "FAIL\n",
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
	if code != 0 || !strings.Contains(out, "samerun: TestLeakSender ends and leaves a goroutine that waits for ever\n") {
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
