package tasks

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/runner"
	"samerun/internal/seeds"
	"samerun/internal/testproc"
	"samerun/internal/text"
	"samerun/internal/wire"
)

// seedRun is what became of one seed.
type seedRun struct {
	wire.Result
	output   string // of a process that died, as far as it matters
	timedOut bool
	// together is set when the failure shows only if these seeds run in one process.
	together seeds.Set
}

// seedRuns is what became of a chunk of seeds; it keeps the promises of Chunk.
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
func (x *Runner) runChunk(ctx context.Context, test *runner.Target, set seeds.Set) (seedRuns, error) {
	file := x.files.Next(".jsonl")
	defer os.Remove(file)
	env := []string{"SAMERUN_SEEDS=" + set.String(), "SAMERUN_STRATEGY=" + x.opts.Strategy, "SAMERUN_RESULTS=" + file, "SAMERUN_OUT=" + filepath.Join(x.files.Dir, "replay")}
	if x.opts.Saw {
		env = append(env, wire.SawVariable+"=1")
	}
	if _, ok := gocmd.LookupEnv(x.by.Environ, "GOMAXPROCS"); !ok {
		// The processes are what keeps the cores busy; a run is one thread of work.
		env = append(env, "GOMAXPROCS=1")
	}
	proc := &testproc.Process{
		Pkg:     test.Pkg,
		Args:    []string{"-test.run=" + text.TestPattern(test.Name)},
		Environ: gocmd.ChildEnviron(x.by.Environ, env...),
		Timeout: x.opts.Timeout,
		Exec:    x.build.Exec,
	}
	end, err := proc.Run(ctx)
	if err == nil && end.Killed() {
		// Whoever did that may do it no more.
		os.Remove(file)
		x.noteKilled(test.Pkg)
		end, err = proc.Run(ctx)
	}
	if err != nil {
		return seedRuns{}, err
	}
	if end.Outlived {
		x.noteOutlived(test.Pkg)
	}
	x.checkMain(&end)
	lines, err := wire.ReadFile(file)
	if err != nil {
		return seedRuns{}, err
	}
	if err := end.Unwritten(); err != nil {
		return seedRuns{}, err
	}
	r := x.judge(test, set, lines, end)
	r.elapsed = end.Elapsed
	if end.OK || r.cancelled || r.rest.Len() > 0 || r.failed() != nil {
		return r, nil
	}
	return x.blame(ctx, test, set, r, end)
}

// checkMain looks at whether the process came to its end in the way that its exit status
// says. What another program runs may print elsewhere.
func (x *Runner) checkMain(end *testproc.Ending) {
	if len(x.build.Exec) == 0 {
		end.CheckMain()
	}
}

// noteKilled counts a process that somebody ended.
func (x *Runner) noteKilled(p *gocmd.Package) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.killed[p.Arg]++
}

// noteOutlived counts a process whose own processes went on when it had ended.
func (x *Runner) noteOutlived(p *gocmd.Package) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.outlived[p.Arg]++
}

// judge matches the seeds of a chunk with the lines its process wrote. The
// process ran the seeds in order and stopped at the first failure, so one that
// died did so in the first seed without a line.
func (x *Runner) judge(test *runner.Target, set seeds.Set, lines []wire.Result, end testproc.Ending) seedRuns {
	bySeed := make(map[uint64]wire.Result, len(lines))
	for _, o := range lines {
		// A test that calls sim.Test twice writes two lines a seed: a failure counts.
		if old, ok := bySeed[o.Seed]; o.Test == test.Name && (!ok || old.OK) {
			bySeed[o.Seed] = o
		}
	}
	var r seedRuns
	var spent time.Duration
	for seed := range set.All() {
		o, ok := bySeed[seed]
		if ok {
			r.runs = append(r.runs, seedRun{Result: o})
			spent += time.Duration(o.WallNS)
			if o.OK {
				continue
			}
			r.rest = set.After(seed)
			return r
		}
		r.rest = set.After(seed)
		switch {
		case end.Cancelled:
			r.cancelled = true
		case end.TimedOut && spent > x.opts.Timeout/2:
			// The time went to the seeds before: this one has yet to get its own.
			_, r.rest = set.Cut(uint64(len(r.runs)))
		default:
			r.runs = append(r.runs, seedRun{
				Result:   wire.Result{Test: test.Name, Seed: seed, Error: x.deathReason(end)},
				output:   testproc.Excerpt(end.Output),
				timedOut: end.TimedOut,
			})
		}
		return r
	}
	return r
}

// deathReason says how a process ended that owes a result.
func (x *Runner) deathReason(end testproc.Ending) string {
	if end.OK {
		return "the test ended without a result: was it skipped, or is sim.Test not reached?"
	}
	return end.Reason(x.opts.Timeout)
}

// blame looks for the seed that made a process fail although each seed of it has
// a good result: a data race, or a check outside the run. It runs halves until
// one seed is left, at a cost of about twice the first process.
func (x *Runner) blame(ctx context.Context, test *runner.Target, set seeds.Set, good seedRuns, end testproc.Ending) (seedRuns, error) {
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
	last.Error = end.Reason(x.opts.Timeout)
	last.output = testproc.Excerpt(end.Output)
	if last.Error == "the process ended with "+end.Status {
		last.Error = "the run was good, but the test failed around it"
	}
	if n > 1 {
		last.Error += fmt.Sprintf(" (only when the seeds %s run in one process)", set)
		last.together = set
	}
	return good, nil
}
