package runner

import (
	"context"

	"samerun/internal/gocmd"
	"samerun/internal/tracefile"
	"samerun/internal/wire"
)

// Stopper makes the run of a saved failure once more, up to an event of its trace.
type Stopper interface {
	// Until makes the trace of a file, has find choose an event of it, and makes the run again up
	// to there. It is an error if that is not the same run so far. The caller calls Remove of what
	// is returned.
	Until(ctx context.Context, pkg *gocmd.Package, file string, find func(*tracefile.Trace) (*tracefile.Event, error)) (*Stop, error)
}

// Stop is a run that was stopped at an event.
type Stop struct {
	Trace *tracefile.Trace // of the whole run
	At    *tracefile.Event
	wire.Stopped

	// Debug is the process that makes the run and interrupts itself at the event, for a debugger.
	Debug  Debugged
	Remove func() // removes its files
}
