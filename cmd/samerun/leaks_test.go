package main

import (
	"os"
	"strings"
	"testing"
)

// Goroutines that wait for ever: told by default, and with -leaks fail a failure like any
// other, which is minimised, saved, and replayed with that setting.
func TestLeaksOfATool(t *testing.T) {
	t.Parallel()
	takesLong(t)
	u := unmodifiedCopy(t)
	a := u.run("test -seeds 1-60 -run '^TestTwoLocks$' ./leaky")
	a.want(t, exitOK, a.stderr, "./leaky: goroutines that wait for ever are left by 1 test, up to 2, mostly at leaky_test.go:17: leaky.TestTwoLocks.func1 waits for a sync.Mutex; first at seed ",
		", TestTwoLocks: samerun test -seeds ", " -leaks fail -run '^TestTwoLocks$' ./leaky\n")

	a = u.run("test -leaks fail -seeds 1-60 -run '^TestTwoLocks$' ./leaky")
	a.want(t, exitFailure, a.stdout, "FAIL  ./leaky  TestTwoLocks\n    leaves goroutines that wait for ever: leaky_test.go:17: leaky.TestTwoLocks.func1 waits for a sync.Mutex, at ",
		"deviations from the calm run → 1\n", "these wait for each other:\n", "--- FAIL: TestTwoLocks (leak)\n", "saved: leaky/testdata/replay/TestTwoLocks-", "again: samerun replay leaky/testdata/replay/TestTwoLocks-")
	files := u.saved("*.json")
	if len(files) != 1 {
		t.Fatalf("%q", files)
	}
	if text, err := os.ReadFile(files[0]); err != nil || !strings.Contains(string(text), `"leaks": "fail"`) {
		t.Errorf("%v\n%s", err, text)
	}
	// The file says it, whatever is asked for.
	a = u.keeping("replay " + files[0])
	a.want(t, exitFailure, a.stdout, "the same run to the bit", "--- FAIL: TestTwoLocks (leak)\n")
	a = u.keeping("test -seeds 1-3 -run '^TestTwoLocks$' ./leaky")
	a.want(t, exitFailure, a.stdout, "leaky/testdata/replay/TestTwoLocks-", "the same run to the bit", "--- FAIL: TestTwoLocks (leak)\n")

	a = u.run("test -strict -seeds 1-60 -run '^TestTwoLocks$' -shrink 0 -json ./leaky")
	a.want(t, exitFailure, a.stdout, `"ok":false`, "leaves goroutines that wait for ever", " -leaks fail -run '^TestTwoLocks$' ./leaky", `"left":2,"leaked":{"count":2,"places":[{"test":"TestTwoLocks","place":"leaky_test.go:17: `)
	a = u.run("test -strict -leaks off -seeds 1-60 -run '^TestTwoLocks$' ./leaky")
	a.want(t, exitOK, a.stdout, "ok    ./leaky")
	if strings.Contains(a.stderr, "for ever") {
		t.Error(a.stderr)
	}
	a = u.run("test -leaks maybe -seeds 1 ./leaky")
	a.want(t, exitMisuse, a.stderr, "-leaks maybe: say tell, fail or off")
}

// What a goroutine says when its test is over is a failure of that test.
func TestLateLog(t *testing.T) {
	t.Parallel()
	u := unmodifiedCopy(t)
	a := u.run("test -seeds 1-200 ./leaky")
	a.want(t, exitFailure, a.stdout, "FAIL  ./leaky  TestLate\n    panic: Log in goroutine after TestLate has completed: ", "→ 1\n", "saved: leaky/testdata/replay/TestLate-")
}
