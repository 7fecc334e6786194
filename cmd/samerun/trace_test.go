package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"samerun/internal/keyed"
	"samerun/internal/traceview"
)

// What is no run, or no place for a trace, is told before anything is built.
func TestTraceRefuses(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) string {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return name
	}
	notes := put("notes.html", "my notes")
	cut := put("cut.jsonl", traceview.JSONL.Beginning()+`,"version":1,"world":"tasks","nodes":[],"events":2}`+"\n")
	for _, c := range []struct{ args, want string }{
		{"trace", "no run was named"},
		{"trace a b c", "a trace is of one run or of two: name one file or two, not 3"},
		{"trace -format svg a", `"svg" is no format: say html, jsonl, perfetto, shiviz or mermaid`},
		{"trace -o x.pdf a", "does not say by its end what it is to be"},
		{"trace -o " + notes + " a", "-o notes.html: this file is no trace, and is not overwritten; name another one, or say -force"},
		{"trace -o none/x.html a", "-o none/x.html: "},
		{"trace -run X a", "-run goes with -seed"},
		{"trace -faults lan a", "-faults goes with -seed"},
		{"trace -seed 1-9 .", "a trace is of one run or of two, and these are 9 seeds"},
		{"trace -seed x .", "x"},
		{"trace -seed 1,2 -format jsonl .", "two runs are shown on a page; -format jsonl is of one run"},
		{"trace -seed 1 a b", "a trace is of one test: name one package, not 2"},
		{"trace -seed 1 -strategy exhaustive .", "makes many runs of a seed"},
		{"trace -seed 1 -run ( .", "is not a regular expression"},
		{"trace none.json", "the replay file none.json cannot be read"},
		{"trace " + notes, "the replay file notes.html cannot be used"},
		{"trace " + cut, "cut.jsonl: the file ends in line 2, before the end of the trace"},
		{"diff a", "two runs are compared: name two files, or -seed N,M and a package, or -commit REV and a file"},
		{"diff -seed 3 .", "two runs are compared"},
		{"diff -o x a b", "there is no flag -o"},
	} {
		var out, err bytes.Buffer
		a := &app{stdout: &out, stderr: &err}
		a.Dir = dir
		code := a.main(context.Background(), strings.Fields(c.args))
		if code != exitMisuse || !strings.Contains(err.String(), c.want) || strings.Count(err.String(), "\n") != 1 {
			t.Errorf("%s: exit status %d\n%s%s, and not: %s", c.args, code, out.String(), err.String(), c.want)
		}
	}
}

// The trace of a saved failure is that of the run with the digest in the file, on any number of
// processors; it becomes a page, and another page in its place.
func TestTraceOfAReplay(t *testing.T) {
	t.Parallel()
	m := newModule(t)
	file := m.record()
	var saved struct{ Digest string }
	data, err := os.ReadFile(filepath.Join(m.dir, file))
	if err == nil {
		err = json.Unmarshal(data, &saved)
	}
	if err != nil || saved.Digest == "" {
		t.Fatalf("%v: %s", err, data)
	}
	a := m.run([]string{"trace", "-o", "a.jsonl", file}, "GOMAXPROCS=1")
	a.want(t, exitOK, a.stdout, "a.jsonl\n", "digest "+saved.Digest, "it failed: ")
	a = m.run([]string{"trace", "-o", "b.jsonl", file}, "GOMAXPROCS=4")
	one, _ := os.ReadFile(filepath.Join(m.dir, "a.jsonl"))
	two, _ := os.ReadFile(filepath.Join(m.dir, "b.jsonl"))
	if len(one) == 0 || !bytes.Equal(one, two) {
		t.Errorf("two traces of one run differ:\n%.500s\n%.500s", one, two)
	}
	// The arguments of calls are told, and what became of them.
	for _, want := range []string{`"method":"Store.Put"`, `"text":"1"`, `"kind":"drop","cause":`, `"kind":"fail"`, fmt.Sprintf("%q:%q", "replay", filepath.Base(file))} {
		if !strings.Contains(string(one), want) {
			t.Errorf("there is no %s in\n%.3000s", want, one)
		}
	}
	if n := agree(t, m.dir, "a.jsonl", func(to string) { m.run([]string{"trace", "-o", to, "a.jsonl"}) }); n["send"] == 0 || n["wait"] == 0 || n["go"] == 0 || n["fail"] != 1 {
		t.Errorf("the trace has %v", n)
	}
	for range 2 {
		a = m.run([]string{"trace", "-o", "a.html", "a.jsonl"})
		a.want(t, exitOK, a.stdout, "a.html\n")
	}
	a = m.run([]string{"diff", "a.jsonl", "b.jsonl"})
	a.want(t, exitOK, a.stdout, "no difference: both have the same ")
	a = m.run([]string{"diff", "-json", "a.jsonl", "b.jsonl"})
	a.want(t, exitOK, a.stdout, `{"schema":1,"same":true,"runs":[{"name":"the first (seed `)
	a = m.run([]string{"diff", "-json", "-seed", "1,2", "./store"})
	var d difference
	if err := json.Unmarshal([]byte(a.stdout), &d); err != nil || a.code != exitFailure || d.Same || d.Event < 1 || len(d.Runs) != 2 || d.Runs[1].Seed != 2 || d.Runs[0].Digest == "" || len(d.Runs[0].Then) == 0 || d.Runs[0].Then[0].N != uint64(d.Event) {
		t.Errorf("exit status %d, %v: %s", a.code, err, a.stdout)
	}
	a = m.run([]string{"diff", "-seed", "1,2", "./store"})
	a.want(t, exitFailure, a.stdout, "the first difference is event ", "then in the first (seed 1):\n", "then in the second (seed 2):\n")
}

// An ordinary test has its goroutines, turns and what went over sockets in its trace, the digest
// is that of the sweep, and the trace is the same on any number of processors.
func TestTraceOfOrdinary(t *testing.T) {
	takesLong(t)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module talk\n\ngo 1.25\n",
		"talk_test.go": `package talk

import (
	"io"
	"net/http"
	"net/http/httptest"
	"log"
	"sync"
	"testing"
	"time"
)

func TestTalk(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { log.Print("asked"); io.WriteString(w, "<b>hi</b>") }))
	defer s.Close()
	r, err := http.Get(s.URL + "/greet")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if all, _ := io.ReadAll(r.Body); len(all) != 9 {
		t.Fatal(len(all))
	}
	t.Log("all is told")
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() { withLock(&mu) })
	}
	wg.Wait()
}

func withLock(mu *sync.Mutex) {
	mu.Lock()
	defer mu.Unlock()
	time.Sleep(10 * time.Millisecond)
}
`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	run := func(args string, env ...string) string {
		var out, err bytes.Buffer
		a := &app{stdout: &out, stderr: &err}
		a.Dir, a.Environ, a.Self = dir, append(os.Environ(), env...), "samerun"
		if code := a.main(t.Context(), strings.Fields(args)); code != exitOK {
			t.Fatalf("%s: exit status %d\n%s%s", args, code, out.String(), err.String())
		}
		return out.String()
	}
	run("trace -seed 5 -o a.jsonl .", "GOMAXPROCS=1")
	run("trace -seed 5 -o b.jsonl .", "GOMAXPROCS=3")
	one, _ := os.ReadFile(filepath.Join(dir, "a.jsonl"))
	two, _ := os.ReadFile(filepath.Join(dir, "b.jsonl"))
	if len(one) == 0 || !bytes.Equal(one, two) {
		t.Errorf("two traces of one run differ:\n%.500s\n%.500s", one, two)
	}
	for _, want := range []string{`"method":"GET /greet"`, `"kind":"arrive"`, `"method":"dial"`, `"kind":"go"`, `"task":"talk.TestTalk `, `"kind":"turn"`, `asked"}`, `"kind":"log"`, `"text":"all is told"`, `\u003cb\u003ehi`} {
		if !strings.Contains(string(one), want) {
			t.Errorf("there is no %s in\n%.3000s", want, one)
		}
	}
	if n := agree(t, dir, "a.jsonl", func(to string) { run("trace -o " + to + " a.jsonl") }); n["wait"] == 0 || n["woken"] == 0 || n["timer"] == 0 || n["send"] == 0 {
		t.Errorf("the trace has %v", n)
	}
	for _, want := range []string{`"text":"held by `, `"on":"Mutex 1"`, `"method":"sleep"`} {
		if !strings.Contains(string(one), want) {
			t.Errorf("there is no %s in\n%.3000s", want, one)
		}
	}
	// A run without any of this has the same digest.
	head, _, _ := bytes.Cut(one, []byte("\n"))
	var h struct{ Digest string }
	if err := json.Unmarshal(head, &h); err != nil || h.Digest == "" {
		t.Fatalf("%v: %s", err, head)
	}
	var all keyed.Digest
	all.AddBytes([]byte("TestTalk"))
	all.AddBytes([]byte(h.Digest))
	if out := run("test -json -seeds 5 ."); !strings.Contains(out, all.String()) {
		t.Errorf("the digest %s of the trace, %s in a sweep, is not in\n%s", h.Digest, all.String(), out)
	}
}
