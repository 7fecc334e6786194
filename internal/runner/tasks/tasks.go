package tasks

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/runner"
	"samerun/internal/seeds"
	"samerun/internal/testproc"
	"samerun/internal/text"
	"samerun/internal/wire"
	"samerun/sim/replay"
)

// Options are what simulation tests are run by.
type Options struct {
	Run      string        // a regular expression as in go test, or empty for all
	Strategy string        // as sim.Config.Strategy
	Timeout  time.Duration // for one process; 0: none
	Workers  int           // processes at a time, at least 1
	Patterns []string      // how the user named the packages
	Guided   string        // the line that makes a guided search again, if it is one
	Saw      bool          // runs tell what they see, for a report; they are the same
	Alone    bool          // no other runner takes the tests that want goroutines: they fail
}

// Runner runs simulation tests.
type Runner struct {
	by    *gocmd.Caller
	build *gocmd.Build
	opts  Options
	files testproc.Files
	token func() (path string, err error) // of package wire

	mu       sync.Mutex
	mixed    []runner.Mixed    // found by Prepare
	tries    map[string]*tries // of guided searches, by package and test
	outlived map[string]int    // processes whose own had not ended when they had, by package
	killed   map[string]int    // processes that somebody ended, and that were started again, by package
}

var (
	_ runner.Runner   = (*Runner)(nil)
	_ runner.Replayer = (*Runner)(nil)
)

// New returns a runner that keeps its files below tmp.
func New(by *gocmd.Caller, b *gocmd.Build, opts Options, tmp string) *Runner {
	return &Runner{
		by: by, build: b, opts: opts, files: testproc.Files{Dir: tmp},
		killed: make(map[string]int), outlived: make(map[string]int),
		token: sync.OnceValues(func() (string, error) { return wire.NewToken(tmp) }),
	}
}

// Prepare builds the packages and discovers their simulation tests. Each package has a
// target for its ordinary tests, and behind it one for each simulation test.
func (r *Runner) Prepare(ctx context.Context, pkgs []*gocmd.Package, phase runner.Phase) (runner.Prepared, error) {
	err := r.by.BuildAll(ctx, r.build, r.opts.Workers, r.files.Dir, pkgs, phase("building", len(pkgs)))
	if err != nil {
		return runner.Prepared{}, err
	}
	if pkgs = gocmd.Ready(pkgs); len(pkgs) == 0 {
		return runner.Prepared{}, nil
	}
	done := phase("looking for simulation tests in", len(pkgs))
	found := make([]runner.Mixed, len(pkgs))
	failed := make([]*runner.Failure, len(pkgs))
	errs := make([]error, len(pkgs))
	gocmd.ForEach(r.opts.Workers, len(pkgs), func(i int) {
		found[i], failed[i], errs[i] = r.discover(ctx, pkgs[i])
		done()
	})
	if err := errors.Join(errs...); err != nil {
		return runner.Prepared{}, err
	}
	var p runner.Prepared
	p.Nothing = r.nothingFound()
	p.Targets, err = runner.Saved(ctx, r, replay.Tasks, r.opts.Run, pkgs, phase, func(file string) string {
		return r.by.ReplayCommand(r.build, gocmd.PathFrom(r.by.Dir, file))
	})
	if err != nil {
		return runner.Prepared{}, err
	}
	for i, pkg := range pkgs {
		once := runner.Target{Pkg: pkg, Failure: failed[i]}
		if len(found[i].Goroutines) > 0 {
			r.mixed = append(r.mixed, found[i])
			p.Nothing = nil
			if r.opts.Alone {
				p.Targets = append(p.Targets, runner.Target{Pkg: pkg, Failure: leftOut(pkg, found[i].Goroutines[0])})
			}
		} else if len(found[i].Tasks) == 0 {
			once.Remark = "ordinary tests only"
		}
		p.Targets = append(p.Targets, once)
		for _, name := range found[i].Tasks {
			p.Targets = append(p.Targets, runner.Target{Pkg: pkg, Name: name})
			p.Nothing = nil
		}
	}
	return p, nil
}

// leftOut is the failure of a test that wants what was left out.
func leftOut(pkg *gocmd.Package, test string) *runner.Failure {
	return &runner.Failure{Pkg: pkg, Test: test, Reason: "the nodes of this test run goroutines (sim.Goroutines), for which the changed standard library is needed; leave out -overlay off"}
}

// Mixed returns the packages with tests that want goroutines, once Prepare has returned.
func (r *Runner) Mixed() []runner.Mixed { return r.mixed }

// nothingFound explains that there is nothing to run any seed on.
func (r *Runner) nothingFound() error {
	where := strings.Join(r.opts.Patterns, " ")
	if r.opts.Run != "" {
		return fmt.Errorf("no simulation test in %s matches -run %q; a simulation test is a test that calls sim.Test", where, r.opts.Run)
	}
	return fmt.Errorf("no simulation test in %s; a simulation test is a test that calls sim.Test", where)
}

// Run runs seeds of one test, and tells of those that fail.
func (r *Runner) Run(ctx context.Context, t *runner.Target, set seeds.Set) (runner.Chunk, error) {
	c, err := r.runChunk(ctx, t, set)
	if err != nil {
		return runner.Chunk{}, err
	}
	out := runner.Chunk{Rest: c.rest, Elapsed: c.elapsed, Cancelled: c.cancelled}
	for i := range c.runs {
		o := runner.Outcome{Result: c.runs[i].Result}
		if !o.OK {
			o.Failure = r.failed(t, &c.runs[i])
		}
		out.Outcomes = append(out.Outcomes, o)
	}
	return out, nil
}

// failed describes a failing run.
func (r *Runner) failed(t *runner.Target, o *seedRun) *runner.Failure {
	env := fmt.Sprintf("SAMERUN_SEED=%d", o.Seed)
	if r.opts.Strategy != "" {
		env = "SAMERUN_STRATEGY=" + r.opts.Strategy + " " + env
	}
	if o.together.Len() > 0 {
		env = "SAMERUN_SEEDS=" + o.together.String()
	}
	seed := o.Seed
	return &runner.Failure{
		Pkg: t.Pkg, Test: t.Name, Seed: &seed,
		Property: o.Property, Reason: text.FirstLine(o.Error), Signature: o.Signature, Told: o.Story, Output: o.output, Repeats: o.Repeats, Replay: o.Replay, Wall: time.Duration(o.WallNS),
		Command: r.command(t.Pkg, env, text.TestPattern(t.Name), o.timedOut), Smaller: o.Replay != "",
	}
}

// command returns the line that repeats a failure when it is typed in the user's
// directory. env is put in front; run is a test pattern or empty.
func (r *Runner) command(p *gocmd.Package, env, run string, timedOut bool) string {
	words := r.by.Platform()
	if env != "" {
		words = append(words, env)
	}
	begin, arg := r.by.GoWords("test", p)
	words = append(append(append(words, begin...), r.build.Words()...), r.build.ExecWords()...)
	if timedOut {
		// Without it the user would wait for the default of ten minutes.
		words = append(words, "-timeout", r.opts.Timeout.String())
	}
	if run != "" {
		words = append(words, "-run", text.AlwaysShellQuote(run))
	}
	return strings.Join(append(words, text.ShellQuote(arg)), " ")
}

// Save copies the replay file of a failure from the tool's temporary folder into
// its package, where go test runs it from then on.
func (r *Runner) Save(f *runner.Failure) {
	if f.Replay == "" || f.Saved != "" {
		return
	}
	path, attached, err := saveReplay(f.Replay, filepath.Join(f.Pkg.Dir, "testdata", "replay"))
	if path != "" {
		f.Saved = gocmd.PathFrom(r.by.Dir, path)
	}
	for _, file := range attached {
		f.Attached = append(f.Attached, gocmd.PathFrom(r.by.Dir, file))
	}
	f.Unsaved = err
}

// Again is the line that repeats a failure.
func (r *Runner) Again(f *runner.Failure) string {
	if f.Saved != "" {
		return r.by.ReplayCommand(r.build, f.Saved)
	}
	return f.Command
}

// Remarks say whose processes somebody ended. What a simulation test does is in its
// results.
func (r *Runner) Remarks() (all []string) {
	for _, pkg := range slices.Sorted(maps.Keys(r.killed)) {
		all = append(all, fmt.Sprintf("%s: killed from outside and started again, %s", pkg, text.Count(r.killed[pkg], "process")))
	}
	for _, pkg := range slices.Sorted(maps.Keys(r.outlived)) {
		all = append(all, runner.OutlivedRemark(pkg, r.outlived[pkg]))
	}
	return all
}

// Minimise makes the first of some failures smaller and, while it keeps more faults
// than a person can keep in mind and there is time, others that look alike.
func (r *Runner) Minimise(ctx context.Context, alike []runner.Failure, tell func(status string)) (runner.Failure, error) {
	f := alike[0]
	m := r.newMinimiser(f.Pkg, tell)
	s, err := m.smallest(ctx, alike)
	if err != nil {
		return f, err
	}
	stats := &s.result.Stats
	f.Minimised = s.words
	f.Numbers = &runner.Numbers{
		Words: s.words, Seconds: stats.Time.Seconds(), Tries: stats.Tries, Minimal: s.result.Minimal,
		Faults:     [2]int{stats.Before.Faults + stats.Mishaps, stats.After.Faults},
		Steps:      [2]int{stats.Before.Steps, stats.After.Steps},
		Deviations: [2]int{stats.Before.Deviations, stats.After.Deviations},
		Events:     [2]uint64{s.events, s.answer.Events},
	}
	f.Replay, f.Told, f.Digest = s.path, s.answer.Story, s.answer.Digest
	f.Property, f.Reason = s.answer.Property, text.FirstLine(s.answer.Error)
	if f.Told != nil {
		f.Neighbour = f.Told.Neighbour
	}
	return f, nil
}
