package sim

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"samerun/internal/text"
	"samerun/internal/tracefile"
	"samerun/internal/wire"
	"samerun/sim/replay"
)

// Dump says what there is to tell of the node's state: fn is called when somebody looks at a run
// that was stopped (samerun replay -until EVENT), and at no other time, so that it costs nothing
// and changes no run. It is called while everything stands still: it needs no lock, and must not
// wait for one. It counts for the present boot, and the last one does.
//
//	node.Start(func() {
//		rf := raft.Make(...)
//		node.Dump(func() string { return fmt.Sprintf("term %d, log %v", rf.term, rf.log) })
//		...
func (n *Node) Dump(fn func() string) {
	if n.w.overFor("Node.Dump") {
		return
	}
	n.dump = fn
}

// The variables by which samerun replay -until stops a run of tasks: behind which event of its
// trace, and the file for what is told of it; without one it is for a debugger, and the run is only
// interrupted. Of ordinary Go, and so of worlds of goroutines, they are package testing's.
const (
	stopVariable    = "SAMERUN_STOP"
	stoppedVariable = "SAMERUN_STOPPED"
)

// stopper stops a run behind one of its records.
type stopper struct {
	at, n uint64
	to    string
	w     *World
	trace tracer // of the run up to there
	path  string // the file for that, or empty
}

// stopperOf is what the environment asks for; nil for nothing.
func stopperOf(env *environment) (*stopper, error) {
	asked := os.Getenv(stopVariable)
	if asked == "" {
		return nil, nil
	}
	at, err := strconv.ParseUint(asked, 10, 64)
	if err != nil || at == 0 {
		return nil, fmt.Errorf("%s is %s, which is no event; leave it to samerun replay -until", stopVariable, text.Clip(asked))
	}
	return &stopper{at: at, to: os.Getenv(stoppedVariable), path: env.trace, trace: tracer{s: new(tracefile.Stream)}}, nil
}

// arm lets the run of a configuration stop. In a debugger people take their time, so that a run
// there is never given up.
func (x *stopper) arm(cfg Config) Config {
	begun := cfg.begun
	cfg.begun = func(w *World) {
		x.w = w
		if begun != nil {
			begun(w)
		}
	}
	cfg.Trace, cfg.patient = x.keep, x.to == ""
	return cfg
}

// keep counts a record.
func (x *stopper) keep(r Record) {
	if x.n >= x.at {
		return // a Dump makes records, too
	}
	if x.to != "" {
		x.trace.keep(r)
	}
	if x.n++; x.n != x.at {
		return
	}
	if x.to == "" {
		stopForDebugger()
		return
	}
	x.tell()
}

// stopForDebugger is where a debugger stops: the task that made the event is further up the stack.
//
//go:noinline
func stopForDebugger() { runtime.Breakpoint() }

// tell writes how the run stands, and ends the process.
func (x *stopper) tell() {
	if x.path != "" {
		x.trace.s.Order(x.trace.lanes())
		h := tracefile.Header{Tool: replay.Samerun, Go: runtime.Version(), World: string(replay.Tasks)}
		if err := writeTrace(x.path, x.trace.s, h, true); err != nil {
			unwritten(err)
		}
	}
	tasks := x.w.tasksNow()
	var at standing
	exit := func() {
		state, wrong := at.words()
		if err := (&wire.Stopped{State: state + tasks, Wrong: wrong}).Write(x.to); err != nil {
			unwritten(err)
		}
		os.Exit(3) // package testing has words of its own for 0
	}
	at.ask(x.w, func(_ int, fn func() string) (string, string) { return x.w.askDump(fn, &at, exit) })
	exit()
}

// unwritten ends the process, which cannot say how its run stands.
func unwritten(err error) {
	fmt.Fprintf(os.Stderr, "samerun: how the run stands cannot be written: %v\n", err)
	os.Exit(2)
}

// late and never are why a Dump has said nothing.
const (
	dumpLate  = "did not return within a second: it waits, and nothing goes on while the run is stopped; leave locks out of it"
	dumpEnded = "ended its goroutine, as t.Fatal does"
)

// askDump calls a Dump of a world of tasks. If it does not come back, exit is called, which ends the
// process.
//
//samerun:allow wallclock: the run is over for good, and what waits for real is found by real time only
func (w *World) askDump(fn func() string, at *standing, exit func()) (said, wrong string) {
	timer := time.AfterFunc(time.Second, func() {
		at.fail(dumpLate)
		exit()
	})
	returned := false
	defer func() {
		timer.Stop()
		if returned {
			return
		}
		r := recover()
		if r == nil { // it ends the task on whose stack it was called, and nobody asks the others
			at.fail(dumpEnded)
			exit()
		}
		said, wrong = "", panicked(r)
	}()
	w.s.Standing(func() { said = fn() })
	returned = true
	return said, ""
}

// panicked says why a Dump panicked, or that it would have had to wait: the scheduler refuses that as
// in an event.
func panicked(r any) string {
	words := fmt.Sprint(r)
	if op, _, waits := strings.Cut(words, " would have to wait, and was called from an event"); waits {
		return "would have to wait in " + op + ", and nothing goes on while the run is stopped; leave locks out of it"
	}
	return "panicked: " + text.FirstLine(words)
}
