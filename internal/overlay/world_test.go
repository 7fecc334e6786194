package overlay

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
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

// How a process of tests ends before, in and behind them.
func TestWorldEnds(t *testing.T) {
	t.Parallel()
	exe := binary(t, "worldends")
	const all = "TestOldTimers 1 7\nTestChild child true <nil>\n"
	for _, c := range []struct {
		end  string
		code int
		want []string // in this order
	}{
		{"", 0, []string{all + "PASS\n"}},
		{"init", 2, []string{"samerun: deadlock before the", "every goroutine waits, and no timer is set", "init.0"}},
		{"lock", 2, []string{"samerun: deadlock before the first test: every goroutine waits, and no timer is set", "TestMain"}},
		{"exit", 5, nil},
		{"signal", 0, []string{"signal user defined signal 1\n" + all + "PASS\n"}},
		{"behind", 2, []string{all + "PASS\n", "samerun: deadlock behind TestLate: every goroutine waits, and no timer is set", "TestMain"}},
		{"goexit", 2, []string{all + "PASS\n", "samerun: deadlock behind TestLate: every goroutine waits, and no timer is set"}},
		{"other", 6, []string{all + "PASS\n", "ended by another"}},
		{"late", 2, []string{all, "panic: too late", "samerun: TestLate: seed 4, virtual time 1.000"}},
	} {
		t.Run(c.end, func(t *testing.T) {
			t.Parallel()
			out, _, code := run(t, exe, ".", "SAMERUN_SEED=4", "END="+c.end)
			rest := out
			for _, want := range c.want {
				_, after, ok := strings.Cut(rest, want)
				if !ok {
					t.Errorf("%q is missing, or not in its place", want)
				}
				rest = after
			}
			if code != c.code || t.Failed() {
				t.Errorf("exit status %d, want %d\n%s", code, c.code, out)
			}
		})
	}
}

// Flags of go test about the tests as a whole work as ever.
func TestWorldFlags(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cmd := exec.Command(binary(t, "worldends"), "-test.count=2", "-test.shuffle=3", "-test.bench=.", "-test.benchtime=20x",
		"-test.cpuprofile=cpu", "-test.memprofile=mem", "-test.trace=trace", "-test.outputdir="+dir, "-test.timeout=1m")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "SAMERUN_SEED=4")
	out, err := cmd.CombinedOutput()
	if err != nil || strings.Count(string(out), "TestOldTimers 1 7\n") != 2 || !strings.Contains(string(out), "BenchmarkAsk") {
		t.Errorf("%v\n%s", err, out)
	}
	for _, name := range []string{"cpu", "mem", "trace"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
			t.Error(name, err)
		}
	}
}
