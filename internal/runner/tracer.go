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
