package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"samerun/internal/seeds"
)

// taskOptions are what simulation tests are run by.
type taskOptions struct {
	run      string        // a regular expression as in go test, or empty for all
	strategy string        // as sim.Config.Order
	timeout  time.Duration // for one process; 0: none
	workers  int           // processes at a time, at least 1
	patterns []string      // how the user named the packages
}

// taskRunner runs simulation tests.
type taskRunner struct {
	by    *caller
	build *build
	opts  taskOptions
	files tempFiles
}

// newTaskRunner returns a runner that keeps its files below tmp.
func newTaskRunner(by *caller, b *build, opts taskOptions, tmp string) *taskRunner {
	return &taskRunner{by: by, build: b, opts: opts, files: tempFiles{dir: tmp}}
}

// prepare builds the packages and discovers their simulation tests. Each package has a
// target for its ordinary tests, and behind it one for each simulation test.
func (r *taskRunner) prepare(ctx context.Context, pkgs []*testPackage, phase phaseFunc) (prepared, error) {
	err := r.by.buildAll(ctx, r.build, r.opts.workers, r.files.dir, pkgs, phase("building", len(pkgs)))
	if err != nil {
		return prepared{}, err
	}
	done := phase("looking for simulation tests in", len(pkgs))
	tests := make([][]string, len(pkgs))
	failed := make([]*failure, len(pkgs))
	errs := make([]error, len(pkgs))
	forEach(r.opts.workers, len(pkgs), func(i int) {
		tests[i], failed[i], errs[i] = r.discover(ctx, pkgs[i])
		done()
	})
	if err := errors.Join(errs...); err != nil {
		return prepared{}, err
	}
	var p prepared
	p.nothing = r.nothingFound()
	for i, pkg := range pkgs {
		once := target{pkg: pkg, failure: failed[i]}
		if len(tests[i]) == 0 {
			once.remark = "ordinary tests only"
		}
		p.targets = append(p.targets, once)
		for _, name := range tests[i] {
			p.targets = append(p.targets, target{pkg: pkg, name: name})
			p.nothing = nil
		}
	}
	return p, nil
}

// nothingFound explains that there is nothing to run any seed on.
func (r *taskRunner) nothingFound() error {
	where := strings.Join(r.opts.patterns, " ")
	if r.opts.run != "" {
		return fmt.Errorf("no simulation test in %s matches -run %q; a simulation test is a test that calls sim.Test", where, r.opts.run)
	}
	return fmt.Errorf("no simulation test in %s; a simulation test is a test that calls sim.Test", where)
}

// run runs seeds of one test, and tells of those that fail.
func (r *taskRunner) run(ctx context.Context, t *target, set seeds.Set) (chunkResult, error) {
	c, err := r.runChunk(ctx, t, set)
	if err != nil {
		return chunkResult{}, err
	}
	out := chunkResult{rest: c.rest, elapsed: c.elapsed, cancelled: c.cancelled}
	for i := range c.runs {
		o := outcome{result: c.runs[i].result}
		if !o.OK {
			o.failure = r.failed(t, &c.runs[i])
		}
		out.outcomes = append(out.outcomes, o)
	}
	return out, nil
}

// failed describes a failing run.
func (r *taskRunner) failed(t *target, o *seedRun) *failure {
	env := fmt.Sprintf("SAMERUN_SEED=%d", o.Seed)
	if r.opts.strategy != "" {
		env = "SAMERUN_STRATEGY=" + r.opts.strategy + " " + env
	}
	if o.together.Len() > 0 {
		env = "SAMERUN_SEEDS=" + o.together.String()
	}
	seed := o.Seed
	return &failure{
		pkg: t.pkg, test: t.name, seed: &seed,
		property: o.Property, reason: o.Error, story: o.Story, repeats: o.Repeats, replay: o.Replay, wall: time.Duration(o.WallNS),
		command: r.command(t.pkg, env, testPattern(t.name), o.timedOut), smaller: o.Replay != "",
	}
}

// command returns the line that repeats a failure when it is typed in the user's
// directory. env is put in front; run is a test pattern or empty.
func (r *taskRunner) command(p *testPackage, env, run string, timedOut bool) string {
	words := r.by.platform()
	if env != "" {
		words = append(words, env)
	}
	begin, arg := r.by.goWords("test", p)
	words = append(append(append(words, begin...), r.build.words()...), r.build.execWords()...)
	if timedOut {
		// Without it the user would wait for the default of ten minutes.
		words = append(words, "-timeout", r.opts.timeout.String())
	}
	if run != "" {
		words = append(words, "-run", quote(run))
	}
	return strings.Join(append(words, shellQuote(arg)), " ")
}

// save copies the replay file of a failure from the tool's temporary folder into
// its package, where go test runs it from then on.
func (r *taskRunner) save(f *failure) {
	if f.replay == "" || f.saved != "" {
		return
	}
	path, attached, err := saveReplay(f.replay, filepath.Join(f.pkg.dir, "testdata", "replay"))
	if path != "" {
		f.saved = pathFrom(r.by.dir, path)
	}
	for _, file := range attached {
		f.attached = append(f.attached, pathFrom(r.by.dir, file))
	}
	f.unsaved = err
}

// again is the line that repeats a failure.
func (r *taskRunner) again(f *failure) string {
	if f.saved != "" {
		return r.by.replayCommand(r.build, f.saved)
	}
	return f.command
}

// remarks has none: what a simulation test does is in its results.
func (r *taskRunner) remarks() []string { return nil }

// minimise makes the first of some failures smaller and, while it keeps more faults
// than a person can keep in mind and there is time, others that look alike.
func (r *taskRunner) minimise(ctx context.Context, alike []failure, tell func(status string)) (failure, error) {
	f := alike[0]
	m := r.newMinimiser(f.pkg, tell)
	s, err := m.smallest(ctx, alike)
	if err != nil {
		return f, err
	}
	stats := &s.result.Stats
	f.minimised = s.words
	f.numbers = &numbers{
		Words: s.words, Seconds: stats.Time.Seconds(), Tries: stats.Tries, Minimal: s.result.Minimal,
		Faults:     [2]int{stats.Before.Faults + stats.Mishaps, stats.After.Faults},
		Steps:      [2]int{stats.Before.Steps, stats.After.Steps},
		Deviations: [2]int{stats.Before.Deviations, stats.After.Deviations},
		Events:     [2]uint64{s.events, s.answer.Events},
	}
	f.replay, f.story, f.digest = s.path, s.answer.Story, s.answer.Digest
	f.property, f.reason = s.answer.Property, oneLine(s.answer.Error)
	return f, nil
}
