package sim

import (
	"fmt"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"samerun/internal/story"
	"samerun/internal/tracefile"
	"samerun/sched"
)

// quietly keeps what is logged from the output of the tests.
func quietly(t *testing.T) {
	old := log.Writer()
	log.SetOutput(&strings.Builder{})
	t.Cleanup(func() { log.SetOutput(old) })
}

// finite does all of which asides tell.
func finite(t *testing.T) func(w *World) {
	return func(w *World) {
		a, b := w.Node("a"), w.Node("b")
		var mu sched.Mutex
		ready := sched.MakeChan[int](0)
		w.Always("calm", func() error { return nil })
		work := func() {
			mu.Lock()
			sched.Sleep(3 * ms)
			mu.Unlock()
			log.Print("done")
			slog.Info("so", "it", "is")
			if t != nil {
				t.Log("by the test")
			}
			ready.Send(1)
		}
		a.Start(work)
		b.Start(work)
		o := w.Operation(7, "get(x)")
		ready.Recv()
		o.End("1")
		o.TookEffect(1, w.Elapsed())
		w.Logf("half of it")
		ready.Recv()
	}
}

// The trace that sim.Test writes has timers, waits, properties, operations and what was logged, each with its
// task and node; the run has the digest of one without.
func TestAsides(t *testing.T) {
	quietly(t)
	file := filepath.Join(t.TempDir(), "trace")
	t.Setenv("SAMERUN_TRACE", file)
	t.Setenv("SAMERUN_SEED", "3")
	t.Run("run", func(t *testing.T) { Test(t, finite(t)) })
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	x, err := tracefile.Read(in)
	if err != nil {
		t.Fatal(err)
	}
	if r := Run(Config{Seed: 3}, finite(nil)); r.Digest != x.Digest {
		t.Errorf("digest %s with a trace, and %s without", x.Digest, r.Digest)
	}
	var all []string
	for _, e := range x.Events {
		task, _, _ := strings.Cut(e.Task, " ")
		began := ""
		if e.Began != 0 {
			began = string(x.Events[e.Began-1].Kind)
		}
		all = append(all, fmt.Sprintf("%s|%s|%s|%s|%s|%s|%v|%s|%s", e.Kind, e.Node, task, e.Method, e.On, e.Client, time.Duration(e.Took), began, e.Text))
		if e.Kind == tracefile.Wait && e.Method == "Mutex.Lock" && !strings.Contains(e.Where, "finite.1") {
			t.Errorf("it waits in %q", e.Where)
		}
	}
	text := strings.Join(all, "\n")
	for _, want := range []string{
		"wait|a|main|Mutex.Lock|Mutex 1||0s||held by b/main", "woken|a|main|Mutex.Lock|Mutex 1||3ms|wait|by main ", "timer|b|main|Sleep|||3ms||",
		"wait|main|main|Chan.Recv|Chan 1||0s||", "go|a|main||||0s||started by main ", "check|||calm|||0s||always\n", "check|||calm|||0s||always: looked at ", "call|main|main|||client 7|0s||get(x)",
		"return|main|", "client 7|3ms|call|1", "point|main|", "log|a|main||||0s||done\n", "log|b|main||||0s||INFO so it=is\n", "log|main|main||||0s||half of it",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
	if !testing.Verbose() && (!strings.Contains(text, "log|b|main||||0s||aside_test.go:") || !strings.Contains(text, ": by the test\n")) {
		t.Errorf("what the test logs is missing in\n%s", text)
	}
}

// The number of an event in a story is that in the trace.
func TestNumbersOfStories(t *testing.T) {
	quietly(t)
	for seed := range uint64(3) {
		var told records
		cfg, stop := listen(t, Config{Seed: seed})
		cfg.Trace = told.keep
		Run(cfg, busy)
		stop()
		var x tracer
		cfg, stop = listen(t, Config{Seed: seed})
		cfg.Trace = x.keep
		Run(cfg, busy)
		stop()
		all := x.b.Trace(tracefile.Header{}).Events
		for _, e := range told.events {
			if e.Event == 0 || e.Event > uint64(len(all)) {
				t.Fatalf("%+v has the number %d of %d", e, e.Event, len(all))
			}
			if is := all[e.Event-1]; is.At != int64(e.At) || e.What == story.Sending && is.Kind != tracefile.Send || e.What == story.Saying && is.Kind != tracefile.Log || e.Kind != "" && is.Method != e.Kind {
				t.Errorf("#%d is %+v in the trace, and in the story %+v", e.Event, is, e)
			}
		}
		if len(told.events) < 50 || len(all) <= len(told.events) {
			t.Errorf("%d events of a story, %d of the trace", len(told.events), len(all))
		}
	}
}
