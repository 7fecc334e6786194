package overlay

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A record is the same whatever must not matter, and replaying it under another
// strategy gives the run it is of.
func TestRecordAndReplay(t *testing.T) {
	exe := binary(t, "exact")
	dir := t.TempDir()
	record := func(name string, env ...string) (string, string) {
		file := filepath.Join(dir, name)
		_, results, code := run(t, exe, ".", append(env, "SAMERUN_RECORD="+file)...)
		data, err := os.ReadFile(file)
		if err != nil || code != 0 {
			t.Fatal(code, err)
		}
		return string(data), results
	}
	one, results := record("one", "SAMERUN_SEED=1", "GOMAXPROCS=8", "GOGC=10")
	if again, _ := record("again", "SAMERUN_SEED=1", "GOMAXPROCS=1", "GOGC=400"); again != one {
		t.Errorf("two records of one seed:\n%s", firstLines(differences(one, again), 6))
	}
	if !regexp.MustCompile(`(?m)^turn \d+ \d+\.\d{9}s [1-9]/\d+ [0-9a-f]{16} .*exact\.Test\w+`).MatchString(one) {
		t.Errorf("no pick with a stack in\n%s", firstLines(one, 20))
	}
	for _, stream := range []string{"user", "map", "select", "timer"} {
		if !strings.Contains(one, " "+stream+" ") {
			t.Errorf("no draw from the stream %s", stream)
		}
	}
	out, replayed, code := run(t, exe, ".", "SAMERUN_SEED=1", "SAMERUN_STRATEGY=pct", "SAMERUN_PICKS="+filepath.Join(dir, "one"))
	if code != 0 || replayed != results {
		t.Errorf("exit status %d; the replay differs:\n%s", code, differences(results, replayed))
	}
	if strings.Contains(out, "does not fit") {
		t.Error(out)
	}
}

// firstLines is the first n lines of a text.
func firstLines(text string, n int) string {
	lines := strings.SplitAfterN(text, "\n", n+1)
	return strings.Join(lines[:min(n, len(lines))], "")
}

// A record of other code says that it is one.
func TestReplayThatDoesNotFit(t *testing.T) {
	exe := binary(t, "exact")
	file := filepath.Join(t.TempDir(), "picks")
	for text, want := range map[string]string{
		"test TestSameInstant seed 1\nturn 1 0.0s 0/1 00 x:1\nturn 2 0.0s 99/100 00 x:1\n": "samerun: TestSameInstant: the record does not fit this code: choice 1 of 1 had no such goroutine",
		"test TestSameInstant seed 1\n":  "choice 1 of 0",
		"hello\n":                        `samerun: the record cannot be replayed: line 1 is none of a record: "hello\n"`,
		"test T seed 1\nturn 1 0s x/2 0": `line 2 has no pick`,
	} {
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if out, _, _ := run(t, exe, "TestSameInstant", "SAMERUN_SEED=1", "SAMERUN_PICKS="+file); !strings.Contains(out, want) {
			t.Errorf("%q gives %q, want %q", text, out, want)
		}
	}
}

// A process that dies leaves its record up to there.
func TestRecordOfACrash(t *testing.T) {
	file := filepath.Join(t.TempDir(), "record")
	run(t, binary(t, "ends"), "^TestPanic$", "SAMERUN_SEED=1", "SAMERUN_RECORD="+file)
	data, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(data), "ends.TestPanic.func1") {
		t.Errorf("%v\n%s", err, data)
	}
}
