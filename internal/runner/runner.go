package runner

import (
	"context"
	"strings"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/seeds"
	"samerun/internal/wire"
)

// Runner is one of the two worlds: it knows what there is to run in a package, how a
// seed of it is run, and what can be done about a failure. It is safe for concurrent
// use once Prepare has returned. The order of calls is Prepare, Run, and then, for
// each failure that is told, Save, Minimise, Save again and Again.
type Runner interface {
	// Prepare builds the packages and says what there is to run in them, package by
	// package in their order. One that cannot be run says so itself from then on
	// (gocmd.Package.Unready), and has nothing in what is prepared. It calls phase for each thing that it does once for each
	// of several packages, and what that returns when it is done with one. The error
	// means that nothing can be run.
	Prepare(ctx context.Context, pkgs []*gocmd.Package, phase Phase) (Prepared, error)

	// Run runs seeds of one target, in ascending order up to the first that fails,
	// and says what became of each. The error means that the tool cannot go on.
	Run(ctx context.Context, t *Target, set seeds.Set) (Chunk, error)

	// Minimise looks for the smallest input that fails like the first of some failures
	// that look alike, until there is nothing to take out or ctx is done, and tells now
	// and then in a line how far it is. It returns the first with what it came to.
	Minimise(ctx context.Context, alike []Failure, tell func(status string)) (Failure, error)

	// Save copies the replay file of a failure, if it has one, into its package, where
	// it stays, and enters where. It never overwrites another.
	Save(f *Failure)

	// Again is the line that repeats a failure: from its file, if it was saved, else
	// from its seed.
	Again(f *Failure) string

	// Remarks are sentences about the runs that no result has, for the end of a sweep.
	Remarks() []string
}

// Replayer runs failures that were saved, or makes them smaller, each by itself. The
// package is built, and is the one that the file is of.
type Replayer interface {
	// Replay runs a saved failure again, and says what became of it. The error says why
	// it cannot be run.
	Replay(ctx context.Context, pkg *gocmd.Package, file string) (Verdict, error)

	// Shrink makes a saved failure smaller, until there is nothing to take out or ctx is
	// done, and tells now and then in a line how far it is. The error says why it is as
	// it was.
	Shrink(ctx context.Context, pkg *gocmd.Package, file string, tell func(status string)) (Shrunk, error)

	// Keep copies what Shrink came to into a folder, with the files beside it, and
	// returns the new paths. Files that are there already are never overwritten.
	Keep(s Shrunk, folder string) (saved string, attached []string, err error)
}

// Phase tells that something is done now, with so many packages.
type Phase func(what string, packages int) (done func())

// Prepared is what there is to run.
type Prepared struct {
	Targets []Target
	Nothing error // why no target has seeds, if none has
}

// Target is what a seed is run of: a simulation test, or all ordinary tests of a package.
type Target struct {
	Pkg     *gocmd.Package
	Name    string   // as results have it; empty for what was run once, without a seed
	Remark  string   // of one without a seed: what the report says if it was good, if anything
	Failure *Failure // of one without a seed: how it failed, or nil
}

// Label names the target to people. A program has the name of its package alone.
func (t *Target) Label() string { return label(t.Pkg, t.Name) }

func label(p *gocmd.Package, test string) string {
	if p.Program {
		return p.Arg
	}
	return strings.TrimSpace(p.Arg + "  " + test)
}

// Mixed is a package in which tests of package sim want goroutines (sim.Goroutines): those
// and its ordinary tests are for the runner of ordinary Go, and those of tasks are not.
type Mixed struct {
	Pkg               *gocmd.Package
	Goroutines, Tasks []string // names of tests, sorted; of Goroutines at least one
}

// Chunk is what became of a chunk of seeds.
//
// Invariant: Outcomes are in ascending order and at most the last one is a
// failure. The seeds of Rest are in none of them and have to run again.
type Chunk struct {
	Outcomes  []Outcome
	Rest      seeds.Set
	Elapsed   time.Duration // of the first process
	Cancelled bool
}

// Failed returns the outcome that ended the chunk, if one did.
func (r *Chunk) Failed() *Outcome {
	if n := len(r.Outcomes); n > 0 && !r.Outcomes[n-1].OK {
		return &r.Outcomes[n-1]
	}
	return nil
}

// Outcome is what became of one seed of one target.
type Outcome struct {
	wire.Result
	Failure *Failure // nil if the run was good
	Apart   bool     // of ordinary tests: each had a process of its own
	Empty   string   // why there was nothing to run, in a good run of no test at all
	// Of a target that is several tests: which of them ran, and which skipped themselves.
	Ran, Skipped []string
	Faults       []Met // of ordinary tests: what became of the faults that they were given
}

// Met is what became of a fault that a test was given.
type Met struct {
	Test  string `json:"test"`
	Fault string `json:"fault"`           // in words
	Hits  int64  `json:"hits"`            // how often it took effect
	First string `json:"first,omitempty"` // on what it did so first
}

// Slowest is how much longer than the failing run a smaller one may take, and Patience
// how much longer than that a run that proves something may take.
const (
	Slowest  = 20
	Patience = 10
)
