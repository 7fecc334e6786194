package overlay

import (
	"strings"
	"testing"
)

// How a test can end badly, and what is said about it.
func TestEnds(t *testing.T) {
	t.Parallel()
	exe := binary(t, "ends")
	const where = ": seed 5, virtual time "
	for _, c := range firstOrAll(14, []struct {
		test string
		code int
		want []string // in this order
	}{
		{"TestLocks", 2, []string{
			"--- FAIL: TestLocks (deadlock)", "a line of the test",
			"samerun: deadlock in TestLocks: every goroutine of the test waits, and no timer is set",
			where + "1.000",
			"TestLocks waits for lock a", "ends.TestLocks ", "goroutine 1, started at ", "waits for lock b", "ends.TestLocks.func1 "}},
		{"TestChannel", 2, []string{"samerun: deadlock in TestChannel", where + "0.000000s", "TestChannel waits to receive from channel A", "ends.TestChannel "}},
		{"TestPanic", 2, []string{"panic: out of luck", where + "1.500020s", "samerun: again: SAMERUN_SEED=5", "ends.TestPanic.func1("}},
		{"TestFatal", 1, []string{"cannot go on", "samerun: a test calls os.Exit(1)", where + "1.500020s", "samerun: again: "}},
		{"TestNilMap", 2, []string{"assignment to entry in nil map", where, "samerun: again: "}},
		{"TestExit", 3, []string{"samerun: a test calls os.Exit(3)", where + "1.000000s"}},
		{"TestSpin", 2, []string{"has not given up its turn for 2s of real time", where, "goroutine 1, started at ", "has the turn", "ends.spins "}},
		{"TestPackageChannel", 2, []string{"samerun: deadlock in TestPackageChannel", where + "0.000", "TestPackageChannel waits to receive from channel ", "ends.TestPackageChannel ", ", from before the tests, started at ", "waits to receive from channel ", "ends.init"}},
		{"TestSilentPipe", 2, []string{"samerun: deadlock in TestSilentPipe", where + "0.000000s", "TestSilentPipe waits ", "ends.TestSilentPipe "}},
		{"TestOutside", 2, []string{"samerun: nothing has run for 2s of real time", where, "TestOutside waits in ", "ends.TestOutside "}},
		{"TestFails", 1, []string{"--- FAIL: TestFails (2.00s)", "failed at 00:00:02"}},
		{"TestBusy", 0, []string{"PASS"}},
		{"TestPipe", 0, []string{"PASS"}},
		{"TestServerFromBefore", 0, []string{"PASS"}},
		{"TestBusy SAMERUN_TURN_NS=0", 2, []string{"the clock of the test has stood still for 2s of real time", "give a turn a cost", where + "0.000000s", "TestBusy has the turn", "ends.TestBusy "}},
	}) {
		t.Run(c.test, func(t *testing.T) {
			t.Parallel()
			name, setting, _ := strings.Cut(c.test, " ")
			watchdog := "SAMERUN_WATCHDOG=1m" // no end but that of the test
			if strings.Contains(strings.Join(c.want, " "), "2s of real time") {
				watchdog = "SAMERUN_WATCHDOG=2s"
			}
			out, results, code := run(t, exe, "^"+name+"$", "SAMERUN_SEED=5", watchdog, setting)
			if code != c.code {
				t.Errorf("exit status %d, want %d", code, c.code)
			}
			rest := out
			for _, want := range c.want {
				_, after, ok := strings.Cut(rest, want)
				if !ok {
					t.Errorf("%q is missing, or not in its place", want)
					break
				}
				rest = after
			}
			if c.test == "TestPipe" && (results == "" || strings.Contains(results, `"io":0`)) {
				t.Errorf("the wait for a socket was not counted: %s", results)
			}
			if c.test == "TestSpin" && strings.Count(out, "\ngoroutine ") != 1 {
				t.Error("more stacks than that of the goroutine that spins")
			}
			if t.Failed() {
				t.Log(out, results)
			}
		})
	}
}

// The command that repeats a run can be given by the tool.
func TestAgain(t *testing.T) {
	out, _, _ := run(t, binary(t, "ends"), "^TestPanic$", "SAMERUN_SEED=5", "SAMERUN_AGAIN=samerun test -seeds 5 ./ends")
	if !strings.Contains(out, "samerun: again: samerun test -seeds 5 ./ends\n") {
		t.Error(out)
	}
	// Without the tool, a test that fails says itself how to see it again.
	out, _, _ = run(t, binary(t, "ends"), "^TestFails$", "SAMERUN_SEED=5", "SAMERUN_RESULTS=")
	if !strings.Contains(out, "samerun: TestFails: seed 5, virtual time 2.000000s") {
		t.Error(out)
	}
}
