package runner

import (
	"context"

	"samerun/internal/guide"
	"samerun/sim/replay"
)

// Guided is what a world must be able to do for a guided search (package guide).
type Guided interface {
	// Tests are the tests of a target, each of which is searched by itself. A target that is
	// one test has its own name.
	Tests(ctx context.Context, t *Target) ([]string, error)

	// Base is what all inputs of a test have in common.
	Base(t *Target, test string) replay.File

	// Try makes the run of an input. It is for concurrent use. The error means that the tool
	// cannot go on.
	Try(ctx context.Context, t *Target, in *replay.File) (Tried, error)

	// EndTries ends what was kept ready for the runs of a target.
	EndTries(t *Target)
}

// Tried is what became of an input of a guided search.
type Tried struct {
	Outcome   Outcome
	Saw       guide.Outcome
	Cancelled bool // the tool stopped it; it says nothing
}
