package faultscript

import (
	"fmt"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"samerun/sim"
)

// Script is what the commands of one file have said so far.
//
// Invariant: parts are called in the order of the commands, when the world and
// its nodes are made, and before anything happens in it.
type Script struct {
	nodes   []string
	latency time.Duration
	seed    uint64
	parts   []func(w *sim.World)
	kinds   map[string]bool // of the faults that took effect in some run
	observe *observer       // nil: the runs are on tasks, and answered
}

// New returns a script that has said nothing.
func New() *Script { return &Script{kinds: map[string]bool{}} }

// Fired returns the kinds of faults that took effect in a run of the script.
func (s *Script) Fired() map[string]bool { return s.kinds }

// Do carries out one command and returns its answer.
func (s *Script) Do(t *testing.T, d *datadriven.TestData) string {
	commands := map[string]func(*testing.T, *datadriven.TestData) string{
		"world": s.world, "send": s.send, "call": s.send, "disk": s.disk, "watch": s.watch,
		"role": s.role, "domain": s.domain, "hand": s.hand, "run": s.run,
	}
	do := commands[d.Cmd]
	if do == nil {
		d.Fatalf(t, "unknown command %q; doc.go lists them", d.Cmd)
	}
	return do(t, d)
}

// add keeps a part of the scenario for the next runs.
func (s *Script) add(part func(w *sim.World)) string {
	s.parts = append(s.parts, part)
	return ""
}

// times are the arguments at, every and count: when a thing is done.
type times struct {
	at, every time.Duration
	count     int
}

func timesOf(t *testing.T, d *datadriven.TestData) times {
	x := times{at: 10 * time.Millisecond, every: 10 * time.Millisecond, count: 1}
	duration(t, d, "at", &x.at)
	duration(t, d, "every", &x.every)
	d.MaybeScanArgs(t, "count", &x.count)
	return x
}

// do calls f at each of the times, in a task of the scenario.
func (x times) do(w *sim.World, f func()) {
	w.Go("script", func() {
		w.Sleep(x.at)
		for i := range x.count {
			if i > 0 {
				w.Sleep(x.every)
			}
			f()
		}
	})
}

func duration(t *testing.T, d *datadriven.TestData, name string, to *time.Duration) {
	var text string
	if !d.MaybeScanArgs(t, name, &text) {
		return
	}
	x, err := time.ParseDuration(text)
	if err != nil {
		d.Fatalf(t, "%s is %q: %v", name, text, err)
	}
	*to = x
}

// list returns the values of an argument that may have several.
func list(d *datadriven.TestData, name string) []string {
	for _, a := range d.CmdArgs {
		if a.Key == name {
			return a.Vals
		}
	}
	return nil
}

// one returns the value of an argument that must be there.
func one(t *testing.T, d *datadriven.TestData, name string) string {
	x := list(d, name)
	if len(x) != 1 {
		d.Fatalf(t, "%s needs the argument %s=…, with one value", d.Cmd, name)
	}
	return x[0]
}

func named(w *sim.World, names []string) []*sim.Node {
	nodes := make([]*sim.Node, len(names))
	for i, name := range names {
		nodes[i] = w.Node(name)
	}
	return nodes
}

// line writes one line of an answer.
func line(format string, args ...any) string { return fmt.Sprintf(format, args...) + "\n" }
