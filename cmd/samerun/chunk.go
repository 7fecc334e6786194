package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"samerun/internal/seeds"
	"samerun/internal/wire"
)

// simTest is one simulation test of a built package.
type simTest struct {
	pkg  *testPackage
	name string // as t.Name gives it; subtests have slashes
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

// runChunk runs the seeds of one test in one process and finds out what became
// of each. The error means that the tool itself cannot go on.
func (s *sweep) runChunk(ctx context.Context, test *simTest, set seeds.Set) (chunkResult, error) {
	file := s.tempFile()
	defer os.Remove(file)
	env := []string{"SAMERUN_SEEDS=" + set.String(), "SAMERUN_STRATEGY=" + s.opts.strategy, "SAMERUN_RESULTS=" + file, "SAMERUN_OUT=" + filepath.Join(s.tmp, "replay")}
	if _, ok := lookupEnv(s.app.environ, "GOMAXPROCS"); !ok {
		// The processes are what keeps the cores busy; a run is one thread of work.
		env = append(env, "GOMAXPROCS=1")
	}
	proc := &process{
		pkg:     test.pkg,
		args:    []string{"-test.run=" + testPattern(test.name)},
		environ: childEnviron(s.app.environ, env...),
		timeout: s.opts.timeout,
		exec:    s.opts.exec,
	}
	end, err := proc.run(ctx)
	if err != nil {
		return chunkResult{}, err
	}
	lines, err := readResults(file)
	if err != nil {
		return chunkResult{}, err
	}
	r := s.judge(test, set, lines, end)
	r.elapsed = end.elapsed
	if end.ok || r.cancelled || r.rest.Len() > 0 || r.failed() != nil {
		return r, nil
	}
	return s.blame(ctx, test, set, r, end)
}

// judge matches the seeds of a chunk with the lines its process wrote. The
// process ran the seeds in order and stopped at the first failure, so one that
// died did so in the first seed without a line.
func (s *sweep) judge(test *simTest, set seeds.Set, lines []outcome, end ending) chunkResult {
	bySeed := make(map[uint64]outcome, len(lines))
	for _, o := range lines {
		// A test that calls sim.Test twice writes two lines a seed: a failure counts.
		if old, ok := bySeed[o.Seed]; o.Test == test.name && (!ok || old.OK) {
			bySeed[o.Seed] = o
		}
	}
	var r chunkResult
	var spent time.Duration
	for seed := range set.All() {
		o, ok := bySeed[seed]
		if ok {
			r.outcomes = append(r.outcomes, o)
			spent += time.Duration(o.WallNS)
			if o.OK {
				continue
			}
			r.rest = set.After(seed)
			return r
		}
		r.rest = set.After(seed)
		switch {
		case end.cancelled:
			r.cancelled = true
		case end.timedOut && spent > s.opts.timeout/2:
			// The time went to the seeds before: this one has yet to get its own.
			_, r.rest = set.Cut(uint64(len(r.outcomes)))
		default:
			r.outcomes = append(r.outcomes, outcome{
				Result:   wire.Result{Test: test.name, Seed: seed, Error: s.deathReason(end)},
				output:   excerpt(end.output),
				timedOut: end.timedOut,
			})
		}
		return r
	}
	return r
}

// deathReason says how a process ended that owes a result.
func (s *sweep) deathReason(end ending) string {
	if end.ok {
		return "the test ended without a result: was it skipped, or is sim.Test not reached?"
	}
	return end.reason(s.opts.timeout)
}

// blame looks for the seed that made a process fail although each seed of it has
// a good result: a data race, or a check outside the run. It runs halves until
// one seed is left, at a cost of about twice the first process.
func (s *sweep) blame(ctx context.Context, test *simTest, set seeds.Set, good chunkResult, end ending) (chunkResult, error) {
	n := set.Len()
	if n > 1 {
		head, tail := set.Cut(n / 2)
		for _, half := range []seeds.Set{head, tail} {
			r, err := s.runChunk(ctx, test, half)
			if err != nil || r.cancelled {
				return r, err
			}
			if bad := r.failed(); bad != nil {
				before := good.outcomes[:0:0]
				for _, o := range good.outcomes {
					if o.Seed < bad.Seed {
						before = append(before, o)
					}
				}
				return chunkResult{outcomes: append(before, *bad), rest: set.After(bad.Seed), elapsed: good.elapsed}, nil
			}
		}
	}
	last := &good.outcomes[n-1]
	last.OK = false
	last.Error = end.reason(s.opts.timeout)
	last.output = excerpt(end.output)
	if last.Error == "the process ended with "+end.status {
		last.Error = "the run was good, but the test failed around it"
	}
	if n > 1 {
		last.Error += fmt.Sprintf(" (only when the seeds %s run in one process)", set)
		last.together = set
	}
	return good, nil
}
