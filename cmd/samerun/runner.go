package main

import (
	"context"
	"time"

	"samerun/internal/seeds"
)

// runner is one of the two worlds: it knows what there is to run in a package, how a
// seed of it is run, and what can be done about a failure. It is safe for concurrent
// use once prepare has returned. The order of calls is prepare, run, and then, for
// each failure worth it, minimise, save and again.
type runner interface {
	// prepare builds the packages and says what there is to run in them, package by
	// package in their order. It calls phase for each thing that it does once for each
	// of several packages, and what that returns when it is done with one. The error
	// means that nothing can be run.
	prepare(ctx context.Context, pkgs []*testPackage, phase phaseFunc) (prepared, error)

	// run runs seeds of one target, in ascending order up to the first that fails,
	// and says what became of each. The error means that the tool cannot go on.
	run(ctx context.Context, t *target, set seeds.Set) (chunkResult, error)

	// minimise looks for the smallest input that fails like the first of some failures
	// that look alike, until there is nothing to take out or ctx is done, and tells now
	// and then in a line how far it is. It returns the first with what it came to.
	minimise(ctx context.Context, alike []failure, tell func(status string)) (failure, error)

	// save copies the replay file of a failure, if it has one, into its package, where
	// it stays, and enters where. It never overwrites another.
	save(f *failure)

	// again is the line that repeats a failure: from its file, if it was saved, else
	// from its seed.
	again(f *failure) string

	// remarks are sentences about the runs that no result has, for the end of a sweep.
	remarks() []string
}

// phaseFunc tells that something is done now, with so many packages.
type phaseFunc func(what string, packages int) (done func())

// prepared is what there is to run.
type prepared struct {
	targets []target
	nothing error // why no target has seeds, if none has
}

// target is what a seed is run of: a simulation test, or all ordinary tests of a package.
type target struct {
	pkg     *testPackage
	name    string   // as results have it; empty for what was run once, without a seed
	remark  string   // of one without a seed: what the report says if it was good, if anything
	failure *failure // of one without a seed: how it failed, or nil
}

// chunkResult is what became of a chunk of seeds.
//
// Invariant: the outcomes are in ascending order and at most the last one is a
// failure. The seeds of rest are in none of them and have to run again.
type chunkResult struct {
	outcomes  []outcome
	rest      seeds.Set
	elapsed   time.Duration // of the first process
	cancelled bool
}

// failed returns the outcome that ended the chunk, if one did.
func (r *chunkResult) failed() *outcome {
	if n := len(r.outcomes); n > 0 && !r.outcomes[n-1].OK {
		return &r.outcomes[n-1]
	}
	return nil
}

// outcome is what became of one seed of one target.
type outcome struct {
	result
	failure *failure // nil if the run was good
}

// slowest is how much longer than the failing run a smaller one may take.
const slowest = 20
