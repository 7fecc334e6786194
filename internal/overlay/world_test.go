package overlay

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"samerun/internal/wire"
)

// What the tests of a process share with each other, with TestMain and with
// initialisation can be used by all of them, in one course a seed.
func TestWorld(t *testing.T) {
	t.Parallel()
	exe := binary(t, "world")
	for seed := range runs(t, 6) {
		sameEveryTime(t, exe, 2, fmt.Sprintf("SAMERUN_SEED=%d", seed))
	}
}

// And each of them by itself.
func TestWorldAlone(t *testing.T) {
	t.Parallel()
	exe := binary(t, "world")
	_, text, _ := run(t, exe, ".", "SAMERUN_SEED=3")
	all, err := wire.Read(text)
	if err != nil || len(all) < 15 {
		t.Fatal(err, text)
	}
	for _, r := range all {
		out, _, code := run(t, exe, "^"+r.Test+"$", "SAMERUN_SEED=3")
		if code != 0 {
			t.Errorf("%s: exit status %d\n%s", r.Test, code, out)
		}
	}
}

// What a test leaves is told where a later one finds it alive, and nowhere else: there the
// clock begins anew, and a test takes the course that it takes by itself.
func TestLeftBehind(t *testing.T) {
	t.Parallel()
	exe := binary(t, "worldleft")
	for _, c := range []struct{ tests, last, after string }{
		{"TestQuiet|TestAfterQuiet", "TestAfterQuiet", ""},
		{"TestBusy|TestAfterBusy", "TestAfterBusy", "TestBusy"},
		{"TestTimer|TestAfterTimer", "TestAfterTimer", "TestTimer"},
		{"TestQuiet|TestTimer|TestAfterTimer", "TestAfterTimer", "TestTimer"},
		{"TestAfterQuiet|TestAfterBusy|TestAfterTimer", "TestAfterTimer", ""},
	} {
		for _, seed := range []string{"SAMERUN_SEED=1", "SAMERUN_SEED=2"} {
			out, text, code := run(t, exe, "^("+c.tests+")$", seed)
			again, textAgain, _ := run(t, exe, "^("+c.tests+")$", seed, "GOMAXPROCS=1", "GOGC=10")
			if code != 0 || out != again || text != textAgain {
				t.Errorf("%s, %s: exit status %d\n%s", seed, c.tests, code, differences(out+text, again+textAgain))
				continue
			}
			all, err := wire.Read(text)
			if err != nil || len(all) != strings.Count(c.tests, "|")+1 {
				t.Fatal(err, text)
			}
			last := all[len(all)-1]
			if last.Test != c.last || last.After != c.after {
				t.Errorf("%s, %s: %q, want %q", seed, c.tests, last.After, c.after)
			}
			alone, _, _ := run(t, exe, "^"+c.last+"$", seed)
			if line := regexp.MustCompile("(?m)^" + c.last + " .*\n").FindString(out); (line == strings.TrimSuffix(alone, "PASS\n")) != (c.after == "") {
				t.Errorf("%s, %s: %salone: %s", seed, c.tests, line, alone)
			}
		}
	}
}
