package sim

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"

	"samerun/internal/text"
)

// Dump says what there is to tell of the node's state: fn is called when somebody looks at a run
// that was stopped (samerun replay FILE -until EVENT), and at no other time, so that it costs
// nothing and changes no run. It is called while everything stands still: it needs no lock, and
// must neither take one nor wait. It counts for the present boot; the last one does.
//
//	node.Start(func() {
//		rf := raft.Make(...)
//		node.Dump(rf.Dump)
//		...
func (n *Node) Dump(fn func() string) {
	if n.w.overFor("Node.Dump") {
		return
	}
	n.dump = fn
}

// The variables by which samerun replay -until stops a run: behind which event of its trace, and the
// file for what is told of it; without one it is for a debugger, and the run is only interrupted.
// Of a world of goroutines, they are package testing's.
const (
	stopVariable    = "SAMERUN_STOP"
	stoppedVariable = "SAMERUN_STOPPED"
)

// stopper stops a run behind one of its records.
type stopper struct {
	at, n uint64
	to    string
	w     *World
}

// stopperOf is what the environment asks for; nil for nothing.
func stopperOf() (*stopper, error) {
	asked := os.Getenv(stopVariable)
	if asked == "" {
		return nil, nil
	}
	at, err := strconv.ParseUint(asked, 10, 64)
	if err != nil || at == 0 {
		return nil, fmt.Errorf("%s is %s, which is no event; leave it to samerun replay -until", stopVariable, text.Clip(asked))
	}
	return &stopper{at: at, to: os.Getenv(stoppedVariable)}, nil
}

// arm lets the run of a configuration stop.
func (x *stopper) arm(cfg Config) Config {
	begun := cfg.begun
	cfg.begun = func(w *World) {
		x.w = w
		if begun != nil {
			begun(w)
		}
	}
	cfg.Trace = x.keep
	return cfg
}

// keep counts a record.
func (x *stopper) keep(Record) {
	if x.n++; x.n != x.at {
		return
	}
	if x.to == "" {
		stopForDebugger()
		return
	}
	said := x.w.nodesNow()
	for _, t := range x.w.s.Tasks() {
		said += fmt.Sprintf("%s %s\n", t.Name, t.Waits)
		if t.Line != "" {
			said += "    at " + t.Line + "\n"
		}
		if t.Started != "" {
			said += "    started at " + t.Started + "\n"
		}
	}
	err := os.WriteFile(x.to+".part", []byte(said), 0o666)
	if err == nil {
		err = os.Rename(x.to+".part", x.to)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "samerun: where the run stands cannot be written: %v\n", err)
		os.Exit(2)
	}
	os.Exit(3) // package testing has words of its own for 0
}

// stopForDebugger is where a debugger stops: the task that made the event is further up the stack.
//
//go:noinline
func stopForDebugger() { runtime.Breakpoint() }

// nodesNow tells of each node whether it runs, and what it says of itself.
func (w *World) nodesNow() string {
	var b strings.Builder
	for _, n := range w.nodes[1:] {
		state := "was not started"
		switch {
		case n.paused:
			state = "is paused"
		case n.up:
			state = "runs"
		case n.boots > 0:
			state = "is down"
		}
		fmt.Fprintf(&b, "%s %s", text.Line(n.name), state)
		if n.boots > 0 {
			fmt.Fprintf(&b, ", boot %d", n.boots)
		}
		b.WriteString("\n")
		if n.dump != nil && n.up {
			b.WriteString(text.Indent(dumped(n.dump)) + "\n")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// dumped is what a program tells of its state, or why it could not.
func dumped(fn func() string) (said string) {
	defer func() {
		if r := recover(); r != nil {
			said = fmt.Sprintf("its Dump has panicked: %v", r)
		}
	}()
	return text.Block(strings.TrimRight(fn(), "\n"))
}
