package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// What cannot be stopped is told before anything is built.
func TestUntilRefuses(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"replay -until soon a", `-until "soon" is neither an event of the trace, such as 120, nor a time, such as 1.25s`},
		{"replay -until 0 a", "is neither an event"},
		{"replay -until -1s a", "is neither an event"},
		{"replay -until 3 a b", "-until stops one run: name one file, not 2"},
		{"replay -until 3 -json a", "-until prints for people"},
	} {
		var out, err bytes.Buffer
		a := &app{stdout: &out, stderr: &err}
		a.Dir = t.TempDir()
		code := a.main(context.Background(), strings.Fields(c.args))
		if code != exitMisuse || !strings.Contains(err.String(), c.want) || strings.Count(err.String(), "\n") != 1 {
			t.Errorf("%s: exit status %d\n%s%s, and not: %s", c.args, code, out.String(), err.String(), c.want)
		}
	}
}

// A run of tasks is stopped behind an event, by its number or by time; each node says what it has
// to say, and each task where it stands. The event before it is one step back.
func TestUntil(t *testing.T) {
	t.Parallel()
	m := newModule(t)
	m.edit("srv := labrpc.MakeServer()", `w.Node("server").Dump(func() string { return fmt.Sprintf("%d puts\nof 3", s.puts) })
		w.Node("client").Dump(func() string { panic("no state") })
		srv := labrpc.MakeServer()`, `"samerun/labrpc"`, "\"fmt\"\n\n\t\"samerun/labrpc\"")
	a := m.run([]string{"test", "-seeds", "1", "-shrink", "0", "./store"})
	files, _ := filepath.Glob(filepath.Join(m.dir, "store", "testdata", "replay", "*.json"))
	if a.code != exitFailure || len(files) != 1 {
		t.Fatalf("%d %q\n%s%s", a.code, files, a.stdout, a.stderr)
	}
	a = m.run([]string{"trace", "-o", "run.jsonl", files[0]})
	a.want(t, exitOK, a.stdout, "run.jsonl\n")
	lines, _ := os.ReadFile(filepath.Join(m.dir, "run.jsonl"))
	arrives := 0
	for i, line := range strings.Split(string(lines), "\n") {
		if strings.Contains(line, `"kind":"arrive"`) && strings.Contains(line, `"method":"Store.Put"`) && !strings.Contains(line, `"reply"`) {
			arrives = i // the header is the first line
		}
	}
	if arrives == 0 {
		t.Fatalf("no put arrives:\n%.2000s", lines)
	}
	// The first and the last put have arrived in the end; the last is not carried out yet when it arrives.
	a = m.run([]string{"replay", "-until", strconv.Itoa(arrives), files[0]})
	a.want(t, exitOK, a.stdout, "TestPuts of app/store, seed 1, stopped at event ", "  > #", "arrive Store.Put", "\nserver runs, boot 1\n    1 puts\n    of 3\n", "\nclient runs, boot 1\n    its Dump has panicked: no state\n",
		"\nclient/main ClientEnd.Call", "store.go:", "in store.put\n")
	last := strconv.Itoa(strings.Count(string(lines), "\n") - 1)
	a = m.run([]string{"replay", "-until", last, files[0]})
	a.want(t, exitOK, a.stdout, "\nserver runs, boot 1\n    2 puts\n")
	a = m.run([]string{"replay", "-until", "1ns", files[0]})
	a.want(t, exitOK, a.stdout, "stopped at event ", "\nserver runs, boot 1\n    0 puts\n")
	a = m.run([]string{"replay", "-until", "9999", files[0]})
	a.want(t, exitMisuse, a.stderr, "-until 9999: there is no such event: the run has "+last+" events, the last at ")
	a = m.run([]string{"replay", "-until", "10h", files[0]})
	a.want(t, exitMisuse, a.stderr, "-until 10h: nothing happens so late: the run ends at ")
}

// Worlds of goroutines and ordinary tests stop, too: before a turn, with locks and who holds them.
func TestUntilOfGoroutines(t *testing.T) {
	takesLong(t)
	t.Parallel()
	m := mixedCopy(t)
	a := m.run("test -seeds 1-100 -shrink 0 -run TestGoroutines ./mixed", "MIXED_BUG=1")
	files, _ := filepath.Glob(filepath.Join(m.dir, "mixed", "testdata", "replay", "*.json"))
	if a.code != exitFailure || len(files) != 1 {
		t.Fatalf("%d %q\n%s%s", a.code, files, a.stdout, a.stderr)
	}
	a = m.run("replay -until 250ms "+files[0], "MIXED_BUG=1")
	a.want(t, exitOK, a.stdout, "TestGoroutines of app/mixed, seed ", "  > #", "\nserver runs, boot 1\n", "\nclient runs, boot 1\n", "goroutine ")

	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module held\n\ngo 1.25\n",
		"held_test.go": `package held

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

func want(mu *sync.Mutex) { mu.Lock() }

func TestHeld(t *testing.T) {
	var mu sync.Mutex
	go hold(&mu)
	time.Sleep(100 * time.Millisecond)
	go want(&mu)
	time.Sleep(300 * time.Millisecond)
	t.Fatal("late")
}
`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	a = runIn(t, dir, "test -seeds 1 -shrink 0 .")
	files, _ = filepath.Glob(filepath.Join(dir, "testdata", "replay", "*.json"))
	if a.code != exitFailure || len(files) != 1 {
		t.Fatalf("%d %q\n%s%s", a.code, files, a.stdout, a.stderr)
	}
	a = runIn(t, dir, "replay -until 350ms "+files[0])
	a.want(t, exitOK, a.stdout, "TestHeld of held, seed 1, stopped at event ", "mu.Lock()", "hold")
}
