package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"samerun/internal/seeds"
)

// seedRun is what became of one seed.
type seedRun struct {
	result
	timedOut bool
	// together is set when the failure shows only if these seeds run in one process.
	together seeds.Set
}

// seedRuns is what became of a chunk of seeds; it keeps the promises of chunkResult.
type seedRuns struct {
	runs      []seedRun
	rest      seeds.Set
	elapsed   time.Duration // of the first process
	cancelled bool
}

// failed returns the run that ended the chunk, if one did.
func (r *seedRuns) failed() *seedRun {
	if n := len(r.runs); n > 0 && !r.runs[n-1].OK {
		return &r.runs[n-1]
	}
	return nil
}

// runChunk runs the seeds of one test in one process and finds out what became
// of each. The error means that the tool itself cannot go on.
func (x *taskRunner) runChunk(ctx context.Context, test *target, set seeds.Set) (seedRuns, error) {
	file := x.files.next(".jsonl")
	defer os.Remove(file)
	env := []string{"SAMERUN_SEEDS=" + set.String(), "SAMERUN_STRATEGY=" + x.opts.strategy, "SAMERUN_RESULTS=" + file, "SAMERUN_OUT=" + filepath.Join(x.files.dir, "replay")}
	if _, ok := lookupEnv(x.by.environ, "GOMAXPROCS"); !ok {
		// The processes are what keeps the cores busy; a run is one thread of work.
		env = append(env, "GOMAXPROCS=1")
	}
	proc := &process{
		pkg:     test.pkg,
		args:    []string{"-test.run=" + testPattern(test.name)},
		environ: childEnviron(x.by.environ, env...),
		timeout: x.opts.timeout,
		exec:    x.build.exec,
	}
	end, err := proc.run(ctx)
	if err != nil {
		return seedRuns{}, err
	}
	lines, err := readResults(file)
	if err != nil {
		return seedRuns{}, err
	}
	r := x.judge(test, set, lines, end)
	r.elapsed = end.elapsed
	if end.ok || r.cancelled || r.rest.Len() > 0 || r.failed() != nil {
		return r, nil
	}
	return x.blame(ctx, test, set, r, end)
}

// judge matches the seeds of a chunk with the lines its process wrote. The
// process ran the seeds in order and stopped at the first failure, so one that
// died did so in the first seed without a line.
func (x *taskRunner) judge(test *target, set seeds.Set, lines []result, end ending) seedRuns {
	bySeed := make(map[uint64]result, len(lines))
	for _, o := range lines {
		// A test that calls sim.Test twice writes two lines a seed: a failure counts.
		if old, ok := bySeed[o.Seed]; o.Test == test.name && (!ok || old.OK) {
			bySeed[o.Seed] = o
		}
	}
	var r seedRuns
	var spent time.Duration
	for seed := range set.All() {
		o, ok := bySeed[seed]
		if ok {
			r.runs = append(r.runs, seedRun{result: o})
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
		case end.timedOut && spent > x.opts.timeout/2:
			// The time went to the seeds before: this one has yet to get its own.
			_, r.rest = set.Cut(uint64(len(r.runs)))
		default:
			r.runs = append(r.runs, seedRun{
				result:   result{Test: test.name, Seed: seed, Error: x.deathReason(end), Story: excerpt(end.output)},
				timedOut: end.timedOut,
			})
		}
		return r
	}
	return r
}

// deathReason says how a process ended that owes a result.
func (x *taskRunner) deathReason(end ending) string {
	if end.ok {
		return "the test ended without a result: was it skipped, or is sim.Test not reached?"
	}
	return end.reason(x.opts.timeout)
}

// blame looks for the seed that made a process fail although each seed of it has
// a good result: a data race, or a check outside the run. It runs halves until
// one seed is left, at a cost of about twice the first process.
func (x *taskRunner) blame(ctx context.Context, test *target, set seeds.Set, good seedRuns, end ending) (seedRuns, error) {
	n := set.Len()
	if n > 1 {
		head, tail := set.Cut(n / 2)
		for _, half := range []seeds.Set{head, tail} {
			r, err := x.runChunk(ctx, test, half)
			if err != nil || r.cancelled {
				return r, err
			}
			if bad := r.failed(); bad != nil {
				before := good.runs[:0:0]
				for _, o := range good.runs {
					if o.Seed < bad.Seed {
						before = append(before, o)
					}
				}
				return seedRuns{runs: append(before, *bad), rest: set.After(bad.Seed), elapsed: good.elapsed}, nil
			}
		}
	}
	last := &good.runs[n-1]
	last.OK = false
	last.Error = end.reason(x.opts.timeout)
	last.Story = excerpt(end.output)
	if last.Error == "the process ended with "+end.status {
		last.Error = "the run was good, but the test failed around it"
	}
	if n > 1 {
		last.Error += fmt.Sprintf(" (only when the seeds %s run in one process)", set)
		last.together = set
	}
	return good, nil
}
