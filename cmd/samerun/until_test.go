package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"samerun/internal/tracefile"
)

// What cannot be stopped is told before anything is built.
func TestUntilRefuses(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "notes.json"), []byte("{}"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, want string }{
		{"-until soon a", `-until "soon" is neither an event of the trace, such as 120, nor a time, such as 1.25s`},
		{"-until 0 a", "is neither an event"},
		{"-until -1s a", "is neither an event"},
		{"-until 1.5 a", "is neither an event"},
		{"-until 3 a b", "-until stops one run: name one file, not 2"},
		{"-until 3 -json a", "-until prints for people"},
		{"-debug a", "-debug needs to know where to stop; add -until"},
		{"-dlv x -until 3 a", "-dlv and -listen go with -debug"},
		{"-listen :1 -until 3 a", "-dlv and -listen go with -debug"},
		{"-until 3 -debug -exec qemu a", "-debug starts the process in delve, and -exec in another program"},
		{"-until 3 -debug -dlv no-such-delve notes.json", "the debugger delve is not found as no-such-delve; install it with go install github.com/go-delve/delve/cmd/dlv@v"},
		{"-until 3 none.json", "the replay file none.json cannot be read"},
		{"-until 3 notes.json", "the replay file notes.json cannot be used"},
	} {
		var out, err bytes.Buffer
		a := &app{stdout: &out, stderr: &err}
		a.Dir = dir
		code := a.main(context.Background(), strings.Fields("replay "+c.args))
		if code != exitMisuse || !strings.Contains(err.String(), c.want) || strings.Count(err.String(), "\n") != 1 || out.Len() > 0 {
			t.Errorf("%s: exit status %d\n%s%s, and not: %s", c.args, code, out.String(), err.String(), c.want)
		}
	}
}

// An event is found by its number, or as the first at a time or later.
func TestEventAt(t *testing.T) {
	run := &tracefile.Trace{Events: []tracefile.Event{{N: 1}, {N: 2, At: 5}, {N: 3, At: 5}, {N: 4, At: 2e9}}}
	for until, want := range map[string]uint64{"1": 1, "#3": 3, "4": 4, "0s": 1, "1ns": 2, "5ns": 2, "6ns": 4, "2s": 4} {
		if e, err := eventAt(run, until); err != nil || e.N != want {
			t.Errorf("-until %s is %v %v, and not event %d", until, e, err, want)
		}
	}
	for until, want := range map[string]string{
		"5":                     "-until 5: there is no such event; the run has 4 events, the last at 2s",
		"18446744073709551615":  "-until 18446744073709551615: there is no such event",
		"18446744073709551616":  "is neither an event",
		"2000000001ns":          "-until 2000000001ns: nothing happens so late; the last event is number 4, at 2s",
		"9223372036854775807ns": "nothing happens so late",
	} {
		if e, err := eventAt(run, until); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("-until %s is %v %v, and not: %s", until, e, err, want)
		}
	}
	if _, err := eventAt(&tracefile.Trace{}, "1"); err == nil || !strings.Contains(err.Error(), "the run has no events") {
		t.Error(err)
	}
}

// A run of tasks is stopped behind an event, by its number or by time; each node says what it has
// to say, and each task where it stands. The event before it is one step back.
func TestUntil(t *testing.T) {
	t.Parallel()
	m := newModule(t)
	m.edit("srv := labrpc.MakeServer()", `w.Node("server").Dump(func() string { return fmt.Sprintf("%d puts\nof 3", s.puts) })
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
	until := func(event string) answer { return m.run([]string{"replay", "-until", event, files[0]}) }
	a = until(strconv.Itoa(arrives))
	a.want(t, exitOK, a.stdout, "TestPuts of app/store, seed 1, stopped at event ", "  > #", "arrive Store.Put", "\nserver runs, boot 1\n    1 puts\n    of 3\n",
		"\nclient/main ClientEnd.Call Store.Put\n    store.go:", "in store.put\n    store.go:", "in store.putAll\n")
	last := strconv.Itoa(strings.Count(string(lines), "\n") - 1)
	a = until(last)
	a.want(t, exitOK, a.stdout, "\nserver runs, boot 1\n    2 puts\n")
	a = until("1ns")
	a.want(t, exitOK, a.stdout, "stopped at event ", "\nserver runs, boot 1\n    0 puts\n")
	a = until("9999")
	a.want(t, exitMisuse, a.stderr, "samerun replay: -until 9999: there is no such event; the run has "+last+" events, the last at ")
	a = until("10h")
	a.want(t, exitMisuse, a.stderr, "samerun replay: -until 10h: nothing happens so late; the last event is number "+last)
}

// What a Dump does wrong is told in a sentence, and all else is told all the same.
func TestUntilWithBadDumps(t *testing.T) {
	takesLong(t)
	t.Parallel()
	m := newModule(t)
	for _, c := range []struct{ dump, want string }{
		{`panic("no state")`, "panicked: no state"},
		{`select {}`, "did not return within a second: it waits, and nothing goes on while the run is stopped; leave locks out of it"},
		{`mu.Lock(); return ""`, "would have to wait in Mutex.Lock, and nothing goes on while the run is stopped; leave locks out of it"},
		{`runtime.Goexit(); return ""`, "ended its goroutine"},
	} {
		m.edit("srv := labrpc.MakeServer()", `var mu sched.Mutex
		w.Node("server").Go("holder", func() { mu.Lock(); w.Sleep(time.Hour) })
		w.Node("server").Dump(func() string { defer runtime.KeepAlive(&mu); `+c.dump+` })
		srv := labrpc.MakeServer()`, `"samerun/labrpc"`, "\"runtime\"\n\t\"time\"\n\n\t\"samerun/labrpc\"")
		a := m.run([]string{"test", "-seeds", "1", "-shrink", "0", "-vet", "off", "./store"})
		files, _ := filepath.Glob(filepath.Join(m.dir, "store", "testdata", "replay", "*.json"))
		if a.code != exitFailure || len(files) == 0 {
			t.Fatalf("%d %q\n%s%s", a.code, files, a.stdout, a.stderr)
		}
		a = m.run([]string{"replay", "-vet", "off", "-until", "10", files[0]})
		a.want(t, exitMisuse, a.stderr, "samerun replay: the Dump of node server "+c.want)
		a.want(t, exitMisuse, a.stdout, "\nserver runs, boot 1\n    its Dump "+c.want, "\nclient runs, boot 1\n", "\nserver/holder Sleep\n")
		if strings.Count(a.stderr, "\n") != 1 {
			t.Errorf("not one sentence: %s", a.stderr)
		}
	}
}
