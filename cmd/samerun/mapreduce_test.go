package main

import (
	"path/filepath"
	"testing"
)

// mapReduceTree has tests as those of a MapReduce lab: they write files beside the source
// and start processes. One fails in the process that is the second to come to it.
func mapReduceTree(t *testing.T) (dir string) {
	t.Helper()
	return makeTree(t, map[string]string{"go.mod": "module mr\n\ngo 1.25\n", "mr/mr_test.go": `package mr

import (
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"testing"
)

func run(t *testing.T) {
	// This binary again, which runs no test.
	if err := exec.Command(os.Args[0], "-test.run=^$").Run(); err != nil {
		t.Fatal(err)
	}
}

func TestCount(t *testing.T) {
	want := fmt.Sprint(rand.Int63())
	for i := range 3 {
		if err := os.WriteFile(fmt.Sprintf("mr-out-%d", i), []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	run(t)
	for i := range 3 {
		if got, err := os.ReadFile(fmt.Sprintf("mr-out-%d", i)); err != nil || string(got) != want {
			t.Fatal("another count", err)
		}
	}
}

func TestTwice(t *testing.T) {
	if os.Getenv("MARK") == "" {
		t.Skip("no file was named")
	}
	f, err := os.OpenFile(os.Getenv("MARK"), os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o666)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	run(t)
	if _, err := f.WriteString("x"); err != nil {
		t.Fatal(err)
	}
	if info, err := f.Stat(); err != nil || info.Size() == 2 {
		t.Error("the second time", err)
	}
}
`})
}

// Tests that write beside their source do not write into each other's files.
func TestFilesBesideTheSource(t *testing.T) {
	t.Parallel()
	dir := mapReduceTree(t)
	a := runToolIn(t, dir, "test -seeds 1-30 -j 4 -run ^TestCount$ ./mr")
	a.want(t, exitOK, a.stdout, "ok    ./mr  -run ^TestCount$  30 seeds\n")
	a.want(t, exitOK, a.stderr, "./mr  TestCount started other processes in 30 of 30 runs",
		"./mr: files in the folder of the package were written (mr-out-0, mr-out-1 and mr-out-2), where each run finds those of the runs before")
}

// What does not fail again names what it used outside of itself.
func TestFailureThatIsNotTheSeeds(t *testing.T) {
	t.Parallel()
	dir := mapReduceTree(t)
	a := runToolIn(t, dir, "test -seeds 1-3 -j 1 ./mr", "MARK="+filepath.Join(t.TempDir(), "mark"))
	a.want(t, exitFailure, a.stdout, "FAIL  ./mr  TestTwice\n", "(not every time: the same seed took another course when it was run again)",
		"the likely cause of that is the other processes that it starts and the files that are written in the folder of its package (mr-out-0, mr-out-1 and mr-out-2), where each run finds those of the runs before: what lies outside of a test does not follow the seed")
}
