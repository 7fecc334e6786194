package runner

import (
	"context"

	"samerun/internal/gocmd"
	"samerun/internal/tracefile"
)

// Tracer makes one run once more, and its trace. The package is built. The error says why
// there is no trace.
type Tracer interface {
	// TraceReplay runs a saved failure.
	TraceReplay(ctx context.Context, pkg *gocmd.Package, file string) (*tracefile.Trace, error)
	// TraceSeed runs a seed of a target, of which Prepare has told. If several tests run, it is
	// the trace of the one that fails; the error asks for a smaller choice if none does.
	TraceSeed(ctx context.Context, t *Target, seed uint64) (*tracefile.Trace, error)
}

// Stopper makes the run of a saved failure once more, up to an event of its trace.
type Stopper interface {
	// Stop runs a file up to an event of its trace t, and returns how all stands there.
	Stop(ctx context.Context, pkg *gocmd.Package, file string, t *tracefile.Trace, at *tracefile.Event) (string, error)
	// Debug returns the command line of that run, with its environment and folder, in which
	// the process interrupts itself at the event, for a debugger. Remove removes its files.
	Debug(ctx context.Context, pkg *gocmd.Package, file string, t *tracefile.Trace, at *tracefile.Event) (d Debugged, err error)
}

// Debugged is a process that is to run in a debugger.
type Debugged struct {
	Binary  string
	Args    []string
	Environ []string // all of it
	Folder  string
	Remove  func()
}
