package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"samerun/internal/gocmd"
	"samerun/sim"
	"samerun/sim/replay"
)

// Tests to be minimised: with a workload and chaos, with a failure that only the
// mark on the test tells, and with runs that take their time.
const shrinkTests = `package store

import (
	"fmt"
	"os"
	"testing"
	"time"

	"samerun/labrpc"
	"samerun/sim"
	"samerun/sim/fault"
)

// puts puts what is left of 40 things, over links that lose some, and returns how
// many calls failed.
func puts(w *sim.World) int {
	w.Attach("note.txt", func(path string) error { return os.WriteFile(path, []byte("lost"), 0o666) })
	horizon := w.Horizon(3 * time.Second)
	rn := labrpc.NewNetwork(w)
	s := &Store{}
	server, failed := w.Node("server"), 0
	clients := make([]*sim.Node, w.Size("clients", 1, 3))
	for i := range clients {
		clients[i] = w.Node(fmt.Sprint("client", i))
	}
	w.Inject(fault.Chaos(), horizon)
	rn.Reliable(false)
	server.Start(func() {
		srv := labrpc.MakeServer()
		srv.AddService(labrpc.MakeService(s))
		rn.AddServer("store", srv)
	})
	for i, c := range clients {
		name := fmt.Sprint("client", i)
		c.Start(func() {
			end := connect(rn, fmt.Sprint(name, " ", c.Boot()))
			for step := range w.Steps(name, 40, sim.Durations{Min: 5 * time.Millisecond, Max: 60 * time.Millisecond}) {
				var ok bool
				if !end.Call("Store.Put", &step.N, &ok) {
					failed++
				}
			}
		})
	}
	w.Sleep(horizon)
	w.Sleep(time.Second)
	return failed
}

func TestChaos(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		if n := puts(w); n > 0 {
			w.Failf("%d puts failed", n)
		}
	})
}

func TestMarked(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		if n := puts(w); n > 0 {
			t.Errorf("%d puts failed", n)
		}
	})
}

func TestSlow(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		time.Sleep(50 * time.Millisecond) // real time
		if n := puts(w); n > 1 {
			w.Failf("%d puts failed", n)
		}
	})
}

func TestExits(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		switch n := puts(w); {
		case n == 0:
			os.Exit(7) // what passes ends the process
		default:
			w.Failf("%d puts failed", n)
		}
	})
}
`

// files returns the replay files of a package, as seen from the module.
func (m *module) files() []string {
	m.t.Helper()
	files, err := filepath.Glob(filepath.Join(m.dir, "store/testdata/replay/*.json"))
	if err != nil {
		m.t.Fatal(err)
	}
	for i := range files {
		files[i] = gocmd.PathFrom(m.dir, files[i])
	}
	return files
}

func (m *module) read(file string) *replay.File {
	m.t.Helper()
	p, err := replay.Read(filepath.Join(m.dir, file))
	if err != nil {
		m.t.Fatal(err)
	}
	return p
}

// A sweep leaves each failure small, whatever tells that a run fails, and the file
// replays to the bit.
func TestSweepMinimises(t *testing.T) {
	t.Parallel()
	m := newModule(t)
	m.write("store/shrink_test.go", shrinkTests)
	a := m.run([]string{"test", "-seeds", "1-50", "-keep-going", "-shrink", "1h", "-run", "TestChaos|TestExits|TestMarked", "./store"})
	a.want(t, exitFailure, a.stdout, "FAIL  ./store  TestChaos\n", "puts failed", "minimised in ", " → 1, ", "steps → 1, ",
		"input: step", "clients = 1; ", "1 fault, which took effect:", "saved: store/testdata/replay/TestChaos-", "beside it: store/testdata/replay/TestChaos-", ".note.txt",
		"FAIL  ./store  TestExits\n", "minimised in ", "FAIL  ./store  TestMarked\n", "minimised in ", "3 distinct failures")
	files := m.files()
	if len(files) != 3 {
		t.Fatalf("%q", files)
	}
	for _, file := range files {
		if p := m.read(file); p.Schedule.Size() != 1 || len(*p.Steps) != 1 || p.Calm != sim.FixedLatency {
			t.Errorf("%s is not small: %v %v", file, p.Schedule, *p.Steps)
		}
		a = m.run([]string{"replay", file})
		a.want(t, exitSame, a.stdout, "the same run to the bit")
	}
}

// In JSON, the smaller failure comes in a line of its own.
func TestSweepMinimisesInJSON(t *testing.T) {
	takesLong(t)
	t.Parallel()
	m := newModule(t)
	m.write("store/shrink_test.go", shrinkTests)
	a := m.run([]string{"test", "-seeds", "1-50", "-shrink", "1h", "-json", "-run", "TestChaos", "./store"})
	lines := strings.Split(strings.TrimSpace(a.stdout), "\n")
	last := lines[len(lines)-1]
	if a.code != exitFailure || !strings.Contains(last, `"minimised":{"words":"minimised in `) || !strings.Contains(last, `"replay":"store/testdata/replay/TestChaos-`) || strings.Contains(lines[len(lines)-2], `"replay"`) {
		t.Errorf("exit status %d:\n%s", a.code, a.stdout)
	}
}

// An old file is minimised: the result lies beside it, and it stays.
func TestShrinkAFile(t *testing.T) {
	takesLong(t)
	m := newModule(t)
	m.write("store/shrink_test.go", shrinkTests)
	a := m.run([]string{"test", "-seeds", "1-50", "-shrink", "0", "-run", "TestChaos", "./store"})
	if strings.Contains(a.stdout, "minimised") || a.code != exitFailure {
		t.Fatalf("exit status %d\n%s", a.code, a.stdout)
	}
	old := m.files()
	before := m.read(old[0])
	a = m.run([]string{"shrink", old[0]})
	a.want(t, exitOK, a.stdout, "ok    "+old[0]+"\n    minimised in ", " → 1, ", "saved: store/testdata/replay/TestChaos-", "again: samerun replay store/testdata/replay/TestChaos-")
	files := m.files()
	if len(old) != 1 || len(files) != 2 || m.read(old[0]).Digest != before.Digest {
		t.Fatalf("%q, then %q", old, files)
	}
	small := files[0]
	if small == old[0] {
		small = files[1]
	}
	a = m.run([]string{"shrink", small})
	a.want(t, exitOK, a.stdout, "it was as small as it can be; the file stays as it is")
	a = m.run([]string{"shrink", "-json", small, "none.json"})
	a.want(t, exitMisuse, a.stdout, `{"schema":1,"file":"`+small+`","package":"app/store","test":"TestChaos",`, `"exit":0,"words":"`, `"minimal":true,"unchanged":true,`, `"replay":"`+small+`"`, `"story":"`, `"cone":[{"at_ns":`, `{"schema":1,"file":"none.json","exit":2,"error":"the replay file none.json cannot be read: `)
	if len(m.files()) != 2 {
		t.Errorf("%q", m.files())
	}

	// What does not fail any more cannot be minimised.
	m.edit("for i := range 3 {", "for i := range 3 {")
	m.write("store/shrink_test.go", strings.ReplaceAll(shrinkTests, "n > 0", "n > 1000"))
	a = m.run([]string{"shrink", small})
	a.want(t, exitFailure, a.stderr, "samerun shrink: "+small+": it does not fail as recorded any more (")
}

// Ctrl-C keeps the best that was found so far.
func TestInterruptedShrink(t *testing.T) {
	takesLong(t)
	m := newModule(t)
	m.write("store/shrink_test.go", shrinkTests)
	m.run([]string{"test", "-seeds", "1-50", "-shrink", "0", "-run", "TestSlow", "./store"})
	old := m.files()
	if len(old) != 1 {
		t.Fatalf("%q", old)
	}
	before := m.read(old[0])
	for _, how := range []string{"Ctrl-C", "the deadline"} {
		ctx, cancel := context.WithCancel(t.Context())
		var out, errOut bytes.Buffer
		a := &app{&out, &errOut, gocmd.Caller{Dir: m.dir, Environ: m.environ(), Self: "samerun"}}
		args, want := []string{"shrink", "-j", "1", "-for", "1h", old[0]}, exitInterrupted
		if how == "Ctrl-C" {
			// Real time decides how far it comes, and not whether the best is kept.
			time.AfterFunc(4*time.Second, cancel)
		} else {
			args, want = []string{"shrink", "-j", "1", "-for", "1s", old[0]}, exitFailure
		}
		code := a.main(ctx, args)
		cancel()
		if code != want {
			t.Fatalf("%s: exit status %d\n%s\n%s", how, code, out.String(), errOut.String())
		}
		if strings.Contains(errOut.String(), "interrupted before") {
			continue // the machine was too slow to begin
		}
		if !strings.Contains(out.String(), "saved: ") && !strings.Contains(out.String(), "as small as it can be") {
			t.Errorf("%s: nothing is saved\n%s\n%s", how, out.String(), errOut.String())
		}
	}
	for _, file := range m.files() {
		p := m.read(file)
		if p.Schedule.Size() > before.Schedule.Size() || p.Signature != before.Signature {
			t.Errorf("%s is no better: %d faults, %q", file, p.Schedule.Size(), p.Signature)
		}
		a := m.run([]string{"replay", file})
		a.want(t, exitSame, a.stdout, "the same run to the bit")
	}
}

func TestMisuseOfShrink(t *testing.T) {
	m := newModule(t)
	m.write("bad.json", "{")
	if err := os.WriteFile(filepath.Join(m.dir, "gone.json"), []byte(strings.ReplaceAll(goneReplay, "\n", "")), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, want string }{
		{"", "no file was named; give the path of a replay file"},
		{"-for -1s x.json", "-for -1s: the time must be positive"},
		{"-j 0 x.json", "-j 0: the number of processes must be at least 1"},
		{"-fast x.json", `there is no flag -fast; "samerun help shrink" lists the flags`},
		{"none.json", "the replay file none.json cannot be read: "},
		{"bad.json", "the replay file bad.json cannot be used: line 1: this is not JSON: it ends too early"},
		{"gone.json", "this module has no such folder; say with -pkg"},
	} {
		a := m.run(append([]string{"shrink"}, strings.Fields(c.args)...))
		t.Run(c.args, func(t *testing.T) { a.want(t, exitMisuse, a.stderr, "samerun shrink: ", c.want) })
	}
}

const goneReplay = `{"samerun":"replay","version":2,"test":"TestX","package":"./gone","seed":1,"failure":{"error":"x","at":"1s"},"digest":"0123456789abcdef"}`

// watcher is a standard error that calls seen when a text is written to it.
type watcher struct {
	text string
	seen func()
	all  bytes.Buffer
}

func (x *watcher) Write(p []byte) (int, error) {
	n, err := x.all.Write(p)
	if x.seen != nil && strings.Contains(x.all.String(), x.text) {
		x.seen()
		x.seen = nil
	}
	return n, err
}

// Ctrl-C in the middle of a sweep, or of its minimising, loses no failure.
func TestInterruptedSweepKeepsItsFailures(t *testing.T) {
	takesLong(t)
	for _, when := range []string{"FAIL  TestSlow  seed ", "minimising: "} {
		m := newModule(t)
		m.write("store/shrink_test.go", shrinkTests)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		out, errOut := &bytes.Buffer{}, &watcher{text: when, seen: cancel}
		a := &app{out, errOut, gocmd.Caller{Dir: m.dir, Environ: m.environ(), Self: "samerun"}}
		args := []string{"test", "-keep-going", "-seeds", "1-100000", "-run", "TestSlow", "./store"}
		if when == "minimising: " {
			args = []string{"test", "-seeds", "1-100000", "-shrink", "1h", "-run", "TestSlow", "./store"}
		}
		if code := a.main(ctx, args); code != exitInterrupted {
			t.Fatalf("exit status %d\n%s\n%s", code, out, errOut.all.String())
		}
		files := m.files()
		if len(files) != 1 || !strings.Contains(out.String(), "saved: "+files[0]) || !strings.Contains(out.String(), "interrupted after ") {
			t.Errorf("%s: %q are saved\n%s", when, files, out)
		}
	}
}
