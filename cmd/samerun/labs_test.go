package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// runLabs runs the tool in the module of examples/labs, which is ordinary Go.
func runLabs(t *testing.T, line string, env ...string) answer {
	t.Helper()
	return runToolIn(t, labsDir, line, env...)
}

var labsDir = filepath.Join("..", "..", "examples", "labs")

// sweepLabs returns what a sweep without failures says of each run, in order, and
// the same without the real time in it.
func sweepLabs(t *testing.T, line string, env ...string) (runs []labRun, text string) {
	t.Helper()
	return sweepIn(t, labsDir, line, env...)
}

// sweepIn is sweepLabs for another folder.
func sweepIn(t *testing.T, dir, line string, env ...string) (runs []labRun, text string) {
	t.Helper()
	a := runToolIn(t, dir, "test -json -keep-going "+line, env...)
	a.want(t, exitOK, a.stdout)
	text = regexp.MustCompile(`,"wall_ns":\d+`).ReplaceAllString(a.stdout, "")
	for row := range strings.Lines(text) {
		var r labRun
		if err := json.Unmarshal([]byte(row), &r); err != nil {
			t.Fatalf("%v in %s", err, row)
		}
		runs = append(runs, r)
	}
	return runs, text
}

// labRun is the part of a result that is looked at here.
type labRun struct {
	Package   string
	Seed      uint64
	Digest    string
	VirtualNS int64 `json:"virtual_ns"`
}

// Two sweeps over a suite that never heard of samerun are equal, whatever the
// settings of the processes.
func TestLabsRepeat(t *testing.T) {
	takesLong(t)
	t.Parallel()
	line := "-seeds 1-3 -run 3A|Backup|Lock|Holder|ManyAppends2|OnePartition4A ./raft ./locks ./kvsrv ./kvraft"
	runs, base := sweepLabs(t, line, "GOMAXPROCS=1", "GOGC=400")
	if _, again := sweepLabs(t, line, "GOMAXPROCS=8", "GOGC=50"); again != base {
		t.Errorf("one sweep:\n%s\nanother:\n%s", base, again)
	}
	digests := make(map[string]bool)
	for _, r := range runs {
		digests[r.Digest] = true
	}
	if len(runs) != 12 || len(digests) != 12 {
		t.Errorf("%d runs with %d digests; want 12 of four packages, no two alike", len(runs), len(digests))
	}
}

// The whole suite passes, in more than four virtual minutes for each seed.
func TestLabsSuite(t *testing.T) {
	takesLong(t)
	runs, base := sweepLabs(t, "-seeds 1-8 ./...")
	if _, again := sweepLabs(t, "-j 1 -seeds 1-8 ./...", "GOMAXPROCS=2", "GOGC=20"); again != base {
		t.Errorf("one sweep:\n%s\nanother:\n%s", base, again)
	}
	for _, r := range runs {
		if r.Package == "labs/raft" && r.VirtualNS < 240e9 {
			t.Errorf("seed %d takes %d ns of virtual time", r.Seed, r.VirtualNS)
		}
	}
}

// A test alone takes the course that it took in the whole suite, one that calls rand.Seed
// in a sync.Once as well.
func TestLabsAlone(t *testing.T) {
	takesLong(t)
	t.Run("raft", func(t *testing.T) {
		alone(t, "raft", "TestCount3B", "TestUnreliableChurn3C", "TestSnapshotUnreliable3D")
	})
	t.Run("kvsrv", func(t *testing.T) { alone(t, "kvsrv", "TestConcurrent2", "TestPartition2") })
	t.Run("kvraft", func(t *testing.T) { alone(t, "kvraft", "TestConcurrent4A", "TestOnePartition4A") })
}

// alone compares what tests of a package say by themselves with what they say in the whole
// suite: how many RPCs there were, and how long it took.
func alone(t *testing.T, pkg string, tests ...string) {
	t.Helper()
	lines := func(flags string) map[string]bool {
		t.Helper()
		a := runLabs(t, "test -v -seeds 5 "+flags+" ./"+pkg)
		a.want(t, exitOK, a.stdout)
		set := make(map[string]bool)
		for _, line := range regexp.MustCompile(`.* RPCs.*\n--- PASS: .*`).FindAllString(a.stdout, -1) {
			set[line] = true
		}
		return set
	}
	whole := lines("")
	for _, test := range tests {
		alone := lines("-run '^" + test + "$'")
		if len(alone) != 1 {
			t.Errorf("%s prints %v", test, alone)
		}
		for line := range alone {
			if !whole[line] {
				t.Errorf("alone, %s says\n%s", test, line)
			}
		}
	}
}

// planted finds the race that is planted, and returns what is said, its seed, and the
// command that shows it again.
func planted(t *testing.T) (report, seed, command string) {
	t.Helper()
	a := runLabs(t, "test -seeds 1-2000 -tags planted -run '^TestOneHolder$' ./locks")
	a.want(t, exitFailure, a.stdout, "FAIL  ./locks  TestOneHolder\n", "minimised in ", " deviations from the calm run → ", "2 clients have the lock", "again: samerun replay locks/testdata/replay/TestOneHolder-")
	m := regexp.MustCompile(`(?s)    (2 clients have the lock|locks_test.go:\d+: 2 clients have the lock)\n.*again: samerun (replay .*?)\n`).FindStringSubmatch(a.stdout)
	n := regexp.MustCompile(`\n    seed (\d+) of `).FindStringSubmatch(a.stdout)
	if m == nil || n == nil {
		t.Fatalf("no command, or no seed:\n%s", a.stdout)
	}
	return m[1], n[1], m[2]
}

// A planted command that is lost shows in the key-value service, as what it is.
func TestLabsPlantedCommand(t *testing.T) {
	takesLong(t)
	clean := func() { os.RemoveAll(filepath.Join("..", "..", "examples", "labs", "kvraft", "testdata")) }
	t.Cleanup(clean)
	line := "test -shrink 0 -seeds 1-50 -run '^TestManyPartitions4A$' "
	a := runLabs(t, line+"-tags planted ./kvraft")
	a.want(t, exitFailure, a.stdout, "FAIL  ./kvraft  TestManyPartitions4A\n", "has appended", "is not linearizable")
	clean() // the saved failure would run first
	sound := runLabs(t, line+"./kvraft")
	sound.want(t, exitOK, sound.stdout, "ok    ./kvraft")
}

// The race shows every time, and the same seed passes without it.
func TestLabsPlanted(t *testing.T) {
	takesLong(t)
	t.Cleanup(func() { os.RemoveAll(filepath.Join("..", "..", "examples", "labs", "locks", "testdata")) })
	report, seed, command := planted(t)
	for range 10 {
		if a := runLabs(t, command); a.code != exitFailure || !strings.Contains(a.stdout, report) {
			t.Errorf("the command %s gives\n%s\nwant %s", command, a.stdout, report)
		}
	}
	sound := runLabs(t, "test -seeds "+seed+" ./locks")
	sound.want(t, exitOK, sound.stdout, "ok    ./locks")
}
