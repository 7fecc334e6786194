package overlay

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A record is the same whatever must not matter, and replaying it under another
// strategy gives the run it is of.
func TestRecordAndReplay(t *testing.T) {
	t.Parallel()
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
	for _, stream := range []string{"user", "map", "select", "timer", "point", "stall", "start", "begin"} {
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
		"test TestSameInstant seed 1\nturn 1 0.0s 0/1 00 x:1\nturn 2 0.0s 3/4 00 +3@7 x:1\n": "samerun: TestSameInstant: the record does not fit this code: 0 of its 1 deviations were met",
		"test TestOther seed 1\n": "samerun: TestSameInstant: the record has nothing of this test: goroutines took turns in the order in which they became ready",
		"hello\n":                 `samerun: the record cannot be replayed: line 1 is none of a record: "hello\n"`,
		"turn 1 0s 1/2 0 +1@1\n":  "line 1 is none of a record",
		"# why\n\ntest T seed 1\nturn 1 0s 1/2 0 +x@1\n":          `line 4 is none of a record: "turn 1 0s 1/2 0 +x@1\n"`,
		"test T seed 1\nturn 1 0s 1/2 0 +1@-1\n":                  "line 2 is none of a record",
		"test T seed 1\nturn 1 0s 1/2 0 +0@1\n":                   "line 2 is none of a record",
		"test T seed 1\ndraw 1 select 1 zz 0\n":                   "line 2 is none of a record",
		"test T seed 2\n":                                         `line 1 is of another seed than 1: "test T seed 2\n"`,
		"test T seed 1\ndraw 1 select 1\n":                        "line 2 is none of a record",
		"test T seed 1\nturn 1 0s 1/2\n":                          "line 2 is none of a record",
		"test T seed 1\nturn 1 0s 1/2 00 +4294967296@1 x.y:1\n":   "line 2 is none of a record",
		"test T seed 1\nturn 1 0s 1/2 10000000000000000 +1@1 x\n": "line 2 is none of a record",
		"test T seed 1\ndeviate draw 0 user 1 0\n":                "line 2 is none of a record",
		"test T seed 1\ndeviate draw 0 point 1@f\n":               "line 2 is none of a record",
		"test T seed 1\ndeviate turn 0 1 1\ndeviate turn 0 1 2\n": "T: the deviations 1 and 2 are of the same turn or draw",
	} {
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if out, _, _ := run(t, exe, "TestSameInstant", "SAMERUN_SEED=1", "SAMERUN_PICKS="+file); !strings.Contains(out, want) {
			t.Errorf("%q gives %q, want %q", text, out, want)
		}
	}
}

// A pipe in the place of a record does not hold the process up.
func TestRecordIsAPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := exec.Command("mkfifo", pipe).Run(); err != nil {
		t.Skip("no named pipes here: ", err)
	}
	out, _, code := run(t, binary(t, "exact"), "TestSameInstant", "SAMERUN_SEED=1", "SAMERUN_PICKS="+pipe)
	if want := "samerun: the record cannot be replayed: " + pipe + " is not a regular file\n"; code != 2 || !strings.Contains(out, want) {
		t.Errorf("exit status %d, %q, want %q", code, out, want)
	}
}

// Runs of nodes that crash and are paused are the calm ones with their deviations, too: who was
// ready when that happened, and had let others go first, lets them in the replay.
func TestRunsOfNodesAreDeviations(t *testing.T) {
	t.Parallel()
	exe := binary(t, "node")
	file := filepath.Join(t.TempDir(), "record")
	for _, seed := range firstOrAll(3, []string{"1", "2", "3", "4", "5", "6", "7", "8"}) {
		_, want, _ := run(t, exe, ".", "SAMERUN_SEED="+seed, "SAMERUN_RECORD="+file)
		if out, got, _ := run(t, exe, ".", "SAMERUN_SEED="+seed, "SAMERUN_PICKS="+file); got != want || strings.Contains(out, "does not fit") {
			t.Errorf("seed %s: the deviations give another run:\n%s", seed, differences(want, got))
		}
	}
}

// Any run is the calm one with the deviations of its record; a record without
// them is the calm one.
func TestRunsAreDeviations(t *testing.T) {
	t.Parallel()
	exe := binary(t, "exact")
	file := filepath.Join(t.TempDir(), "record")
	for _, strategy := range firstOrAll(3, []string{"walk", "urw:3", "fifo", "delay:2:100", "surw", "random", "pos", "pct:2", "pct:5:100", "delay:50:200"}) {
		setting := "SAMERUN_STRATEGY=" + strategy
		_, want, _ := run(t, exe, ".", "SAMERUN_SEED=3", setting, "SAMERUN_RECORD="+file)
		out, got, _ := run(t, exe, ".", "SAMERUN_SEED=3", "SAMERUN_PICKS="+file)
		if got != want || strings.Contains(out, "does not fit") {
			t.Errorf("%s: the deviations give another run:\n%s%s", strategy, differences(want, got), out)
		}
		// What is recorded of a replay is what was recorded before.
		first, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		run(t, exe, ".", "SAMERUN_SEED=3", "SAMERUN_PICKS="+file, "SAMERUN_RECORD="+file+"2")
		second, err := os.ReadFile(file + "2")
		if err != nil || string(first) != string(second) {
			t.Errorf("%s: the record of the replay differs, %v:\n%s", strategy, err, firstLines(differences(string(first), string(second)), 6))
		}
		if strategy == "fifo" && strings.Contains(string(first), " +") {
			t.Error("the calm run has deviations")
		}
	}
	calm := regexp.MustCompile(`(?m)^test .*$`)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.Join(calm.FindAllString(string(data), -1), "\n")), 0o666); err != nil {
		t.Fatal(err)
	}
	_, want, _ := run(t, exe, ".", "SAMERUN_SEED=3", "SAMERUN_STRATEGY=fifo")
	if _, got, _ := run(t, exe, ".", "SAMERUN_SEED=3", "SAMERUN_PICKS="+file); got != want {
		t.Errorf("without deviations it is not the calm run:\n%s", differences(want, got))
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
