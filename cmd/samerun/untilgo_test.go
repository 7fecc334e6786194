package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// heldTest is an ordinary test in which one waits for a lock that another holds.
const heldTest = `package held

import (
	"sync"
	"testing"
	"time"
)

func hold(mu *sync.Mutex) {
	mu.Lock()
	time.Sleep(time.Second)
	mu.Unlock()
}

func want(mu *sync.Mutex) {
	mu.Lock()
	mu.Unlock()
}

func TestHeld(t *testing.T) {
	var mu sync.Mutex
	go hold(&mu)
	time.Sleep(100 * time.Millisecond)
	go want(&mu)
	time.Sleep(300 * time.Millisecond)
	t.Fatal("late")
}
`

// heldModule is a module with that test, and the file of its failure.
func heldModule(t *testing.T) (dir, file string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range map[string]string{"go.mod": "module held\n\ngo 1.25\n", "held_test.go": heldTest} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	a := runIn(t, dir, "test -seeds 1 -shrink 0 .")
	files, _ := filepath.Glob(filepath.Join(dir, "testdata", "replay", "*.json"))
	if a.code != exitFailure || len(files) != 1 {
		t.Fatalf("%d %q\n%s%s", a.code, files, a.stdout, a.stderr)
	}
	return dir, files[0]
}

// A run of ordinary Go is stopped at a turn, and it is told where each goroutine stands, and who holds
// the lock. (.ci/run has a session with the debugger.)
func TestUntilOfOrdinary(t *testing.T) {
	takesLong(t)
	t.Parallel()
	dir, file := heldModule(t)
	a := runIn(t, dir, "replay -until 350ms "+file)
	a.want(t, exitOK, a.stdout, "TestHeld of held, seed 1, stopped at event ", "  > #", " at time.Sleep:", " < held.TestHeld:25\n", "\nTestHeld has the turn\n    held.TestHeld  held_test.go:25", "\ngoroutine 1, started at held_test.go:22, sleeps until 1.",
		"it holds lock mu, taken at held_test.go:10", "\ngoroutine 2, started at held_test.go:24, waits for lock mu, which goroutine 1 holds\n    held.want  held_test.go:16")
	a = runIn(t, dir, "replay -until 1 "+file)
	a.want(t, exitOK, a.stdout, "stopped at event 1 of ")
	a = runIn(t, dir, "replay -until 100000 "+file)
	a.want(t, exitMisuse, a.stderr, "there is no such event")
}

// Of a world of goroutines the nodes tell, too: what they say may use time and locks that are free,
// and one that panics, or waits for ever, is told of.
func TestUntilOfGoroutines(t *testing.T) {
	takesLong(t)
	t.Parallel()
	m := mixedCopy(t)
	source := filepath.Join(m.dir, "mixed", "mixed_test.go")
	text, _ := os.ReadFile(source)
	with := strings.Replace(string(text), "server.Start(func() {})", `server.Start(func() {
		began := time.Now()
		server.Dump(func() string {
			got.mu.Lock()
			defer got.mu.Unlock()
			return fmt.Sprintf("%d notes, since %v", len(got.all), time.Since(began).Round(time.Second))
		})
	})
	var held sync.Mutex
	for _, name := range []string{"bad", "stuck"} {
		n, dump := w.Node(name), func() string { panic("no state") }
		if name == "stuck" {
			dump = func() string { held.Lock(); return "" }
		}
		n.Start(func() { n.Dump(dump) })
	}
	w.Node("holder").Start(func() { held.Lock(); time.Sleep(time.Hour) })`, 1)
	with = strings.Replace(with, `"errors"`, "\"errors\"\n\t\"fmt\"", 1)
	if err := os.WriteFile(source, []byte(with), 0o666); err != nil {
		t.Fatal(err)
	}
	a := m.run("test -seeds 1-100 -shrink 0 -run TestGoroutines ./mixed", "MIXED_BUG=1")
	files, _ := filepath.Glob(filepath.Join(m.dir, "mixed", "testdata", "replay", "*.json"))
	if a.code != exitFailure || len(files) != 1 {
		t.Fatalf("%d %q\n%s%s", a.code, files, a.stdout, a.stderr)
	}
	a = m.run("replay -until 150ms "+files[0], "MIXED_BUG=1")
	a.want(t, exitMisuse, a.stdout, "TestGoroutines of app/mixed, seed ", "  > #", "\nserver runs, boot 1\n    ", " notes, since 0s\n", "\nclient runs, boot 1\n",
		"\nbad runs, boot 1\n    its Dump panicked: no state\n", "\nstuck runs, boot 1\n    its Dump did not return within a second", "\ngoroutine 1, ", "(holder/main on holder)", " has the turn\n")
	if strings.Contains(a.stdout, "dump = func()") {
		t.Errorf("who asks a node is told of as one of the run:\n%s", a.stdout)
	}
	want := "samerun replay: the Dump of node bad panicked: no state\nsamerun replay: the Dump of node stuck did not return within a second: it waits, and nothing goes on while the run is stopped; leave locks out of it\n"
	if a.stderr != want {
		t.Errorf("%s\nand not\n%s", a.stderr, want)
	}
}
