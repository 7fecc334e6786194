package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// However a process of ordinary tests ends, that is told as what it is, and nothing that
// did not run is green.
func TestUnmodifiedProcessEnds(t *testing.T) {
	takesLong(t)
	t.Parallel()
	mark := "MARK=" + filepath.Join(t.TempDir(), "mark")
	const saved = "again: samerun replay mains/testdata/replay/TestEnds-"
	for _, c := range firstOrAll(4, []struct {
		env  []string
		code int
		want []string
		err  string
	}{
		{[]string{"ENDS=exit 0"}, exitFailure, []string{"FAIL  ./mains  TestEnds\n", "the test ended the process with exit status 0 before it was done", saved}, ""},
		{[]string{"ENDS=fails", "MAIN=drops"}, exitFailure, []string{"FAIL  ./mains  TestEnds\n", "failed, at 0s of its virtual time; m.Run returned 1, and TestMain ended the process with exit status 0: it must pass on what m.Run returns", saved}, ""},
		{[]string{"MAIN=never"}, exitMisuse, nil, "samerun test: ./mains: all tests: no tests were run: TestMain ended the process before m.Run was done\n"},
		{[]string{"ENDS=killed once", mark}, exitOK, []string{"ok    ./mains  all tests  2 seeds\n"}, "./mains: killed from outside and made again, 1 run\n"},
		{[]string{"ENDS=exit 7"}, exitFailure, []string{"FAIL  ./mains  TestEnds\n", "the test ended the process with exit status 7 before it was done", saved}, ""},
		{[]string{"ENDS=os.Exit 0"}, exitFailure, []string{"FAIL  ./mains  TestEnds\n", "panic: unexpected call to os.Exit(0) during test", saved}, ""},
		{[]string{"ENDS=fails"}, exitFailure, []string{"FAIL  ./mains  TestEnds\n", "failed, at 0s of its virtual time\n", saved}, ""},
		{[]string{"MAIN=drops"}, exitOK, []string{"ok    ./mains  all tests  2 seeds\n"}, ""},
		{[]string{"MAIN=checks"}, exitFailure, []string{"FAIL  ./mains\n", "all tests passed, and behind m.Run the process ended with exit status 5: TestMain did so", "again: samerun test -seeds 2 ./mains\n"}, ""},
		{[]string{"ENDS=killed"}, exitFailure, []string{"FAIL  ./mains  TestEnds\n", "killed from outside (signal: killed), by the system for want of memory or by somebody: this says nothing of the test"}, "./mains: killed from outside and made again, 2 runs\n"}, // the calm one, too
		{[]string{"ENDS=child"}, exitOK, []string{"ok    ./mains  all tests  2 seeds\n"}, ""},
		{[]string{"ENDS=outlived"}, exitOK, []string{"ok    ./mains  all tests  2 seeds\n"}, "./mains: processes that a test had started were still running when the tests were over, in "},
	}) {
		a := runUnmodifiedTool(t, "test -seeds 2-3 -j 1 -shrink 0 ./mains", c.env...)
		a.want(t, c.code, a.stdout, c.want...)
		a.want(t, c.code, a.stderr, c.err)
		if strings.Contains(a.stdout, "not every time") {
			t.Errorf("%q: the program is accused:\n%s", c.env, a.stdout)
		}
	}
}

// A pattern that matches no test of any package is a mistake.
func TestUnmodifiedRunMatchesNothing(t *testing.T) {
	t.Parallel()
	for _, strict := range firstOrAll(1, []string{"", "-strict "}) {
		a := runUnmodifiedTool(t, "test "+strict+"-run ^TestTypo$ ./mains ./calm")
		a.want(t, exitMisuse, a.stderr, "samerun test: ./mains: -run ^TestTypo$: no tests to run\n")
	}
}

// One match is enough.
func TestUnmodifiedRunMatchesInOnePackage(t *testing.T) {
	takesLong(t)
	t.Parallel()
	a := runUnmodifiedTool(t, "test -seeds 1-3 -run ^TestFirst$ ./mains ./calm")
	a.want(t, exitOK, a.stdout, "ok    ./mains  -run ^TestFirst$  3 seeds\n", "?     ./calm  -run ^TestFirst$   no tests to run\n", "ok: 1 test, 3 seeds, no failure")
	a = runUnmodifiedTool(t, "test -json -seeds 1-2 -run ^TestFirst$ ./mains ./calm")
	a.want(t, exitOK, a.stdout, `"package":"unmodified/calm"`, `"empty":"no tests to run"`)
}

// Who uses a socket of the machine is told which.
func TestUnmodifiedEscapes(t *testing.T) {
	takesLong(t)
	socket := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Skip("no Unix sockets here: ", err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
	a := runUnmodifiedTool(t, "test -seeds 1 ./mains", "ENDS=dials", "SOCKET="+socket)
	a.want(t, exitOK, a.stderr, `./mains  TestEnds uses "unix `+socket+`", which lies outside of the test: its runs are not exact`)
	a = runUnmodifiedTool(t, "test -seeds 1 ./mains", "ENDS=dials far")
	a.want(t, exitOK, a.stderr, `./mains  TestEnds uses "udp 192.0.2.1:9", which lies outside of the test: its runs are not exact`)
	if _, err := os.Stat(socket); err != nil {
		t.Error(err)
	}
}

// So it is for simulation tests, and for the ordinary ones beside them.
func TestSimulationProcessEnds(t *testing.T) {
	t.Parallel()
	mark := "MARK=" + filepath.Join(t.TempDir(), "mark")
	for _, c := range firstOrAll(3, []struct {
		env  []string
		code int
		want []string
		err  string
	}{
		{[]string{"ENDS=fails"}, exitFailure, []string{"FAIL  ./mains  TestOrdinary\n", "tests failed, and TestMain ended the process with exit status 0: it must pass on what m.Run returns", "it fails"}, ""},
		{[]string{"ENDS=sim exit"}, exitFailure, []string{"FAIL  ./mains  TestSim\n", "the process ended with exit status 0 before m.Run was done", "seed 1 of 1-3"}, ""},
		{[]string{"ENDS=killed once", mark}, exitOK, []string{"ok    ./mains  TestSim  3 seeds\n"}, "./mains: killed from outside and started again, 1 process\n"},
		{[]string{"ENDS="}, exitOK, []string{"ok    ./mains  TestSim  3 seeds\n"}, ""},
		{[]string{"ENDS=outlived"}, exitOK, []string{"ok    ./mains  TestSim  3 seeds\n"}, "./mains: processes that a test had started were still running when the tests were over, in "},
		{[]string{"ENDS=around"}, exitFailure, []string{"FAIL  ./mains  TestSim\n", "tests failed, and TestMain ended the process with exit status 0", "the check behind the run"}, ""},
		{[]string{"ENDS=exit"}, exitFailure, []string{"FAIL  ./mains\n", "the process ended with exit status 0 before m.Run was done"}, ""},
		{[]string{"MAIN=never"}, exitFailure, []string{"FAIL  ./mains\n", "the process ended with exit status 0 before m.Run was done"}, ""},
		{[]string{"ENDS=killed"}, exitFailure, []string{"FAIL  ./mains  TestSim\n", "killed from outside (signal: killed), by the system for want of memory or by somebody: this says nothing of the test", "seed 1 of 1-3"}, "./mains: killed from outside and started again, "},
	}) {
		a := runTool(t, "test -seeds 1-3 -j 1 -shrink 0 ./mains", c.env...)
		a.want(t, c.code, a.stdout, c.want...)
		a.want(t, c.code, a.stderr, c.err)
	}
}
