package ordinary

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"samerun/internal/faultplan"
	"samerun/internal/feature"
	"samerun/internal/gocmd"
	"samerun/internal/guide"
	"samerun/internal/runner"
	"samerun/internal/text"
	"samerun/sched"
	"samerun/sim/replay"
)

var _ runner.Guided = (*Runner)(nil)

// Tests are the tests of a target. A test of package sim is its own target; of the ordinary ones of
// a package each is searched by itself, and those that do not pass by themselves are left out,
// which the end of the search tells.
func (u *Runner) Tests(ctx context.Context, t *runner.Target) (names []string, err error) {
	if u.isScenario(t) {
		return []string{t.Name}, nil
	}
	if u.hasNone(t.Pkg) {
		return nil, nil
	}
	runs, err := u.calm(ctx, t.Pkg)
	if err != nil {
		return nil, err
	}
	var passed []string
	for i := range runs {
		for _, r := range runs[i].Tests {
			if r.OK && !r.Skipped && !slices.Contains(passed, r.Test) {
				passed = append(passed, r.Test)
			}
		}
	}
	for _, name := range passed {
		run, err := u.runOnce(ctx, t.Pkg, 0, Spec{Pattern: u.patternOf(name), Strategy: calmStrategy, Timeout: u.opts.Timeout, Quiet: true})
		if err != nil {
			return nil, err
		}
		if run.End.Cancelled {
			return nil, ctx.Err()
		}
		if run.End.OK && run.Empty == "" {
			names = append(names, name)
		} else {
			u.noteUnsearched(t.Pkg, name)
		}
	}
	return names, nil
}

// noteUnsearched remembers a test that does not pass by itself.
func (u *Runner) noteUnsearched(p *gocmd.Package, name string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.unsearched = append(u.unsearched, fmt.Sprintf("%s: %s does not pass by itself in the calm run, and was not searched", p.Arg, name))
}

// Base is what all inputs of a test have in common.
func (u *Runner) Base(t *runner.Target, test string) replay.File {
	zero, pattern := uint64(0), text.TestPattern(test)
	good := &Run{}
	good.End.OK = true
	p := u.fileOf(&runner.Failure{Pkg: t.Pkg, Test: test, Seed: &zero, Pattern: &pattern}, good, u.opts.Strategy)
	p.Settings.Scenario = u.isScenario(t)
	return *p
}

// EndTries has nothing to end: each run has a process of its own.
func (u *Runner) EndTries(*runner.Target) {}

// Try makes the run of an input. One that fails is made once more, to see whether it repeats.
func (u *Runner) Try(ctx context.Context, t *runner.Target, in *replay.File) (runner.Tried, error) {
	if ctx.Err() != nil {
		return runner.Tried{Cancelled: true}, nil
	}
	spec, err := u.specOfInput(t, in)
	if err != nil {
		return runner.Tried{}, err
	}
	defer spec.remove()
	run, err := u.runAgain(ctx, t.Pkg, in.Seed, spec)
	if err != nil || run.End.Cancelled {
		return runner.Tried{Cancelled: true}, err
	}
	run.scenario, run.pattern = spec.Scenario, spec.Pattern
	tried := runner.Tried{Outcome: runner.Outcome{Result: u.sum(t, in.Seed, &run), Empty: run.Empty, Faults: run.met()}}
	o := &tried.Outcome
	o.Test = in.Test
	o.Ran, o.Skipped = run.names()
	u.noteLeftovers(t.Pkg, in.Seed, &run)
	u.noteFaults(t.Pkg, o, &run)
	tried.Saw = sawOf(in, &run, o)
	if o.OK {
		return tried, nil
	}
	f, err := u.failedTry(ctx, t, in, spec, &run)
	if err != nil {
		return tried, err
	}
	o.Failure, o.Error, o.Property = f, f.Reason, f.Property
	return tried, nil
}

// specOfInput is how the run of an input is made. The caller removes its files.
func (u *Runner) specOfInput(t *runner.Target, in *replay.File) (spec Spec, err error) {
	spec = Spec{Pattern: text.TestPattern(in.Test), Strategy: u.opts.Strategy, Timeout: u.opts.Timeout, Quiet: true, Forks: in.Forks, Saw: true}
	if !u.isScenario(t) {
		spec.Pattern = u.patternOf(in.Test)
		if in.Schedule != nil {
			spec.Faults = []faultplan.Given{{Test: in.Test, Schedule: *in.Schedule}}
			return spec, nil
		}
		if all := u.Given(t.Pkg, in.Seed); all != nil {
			spec.Faults = slices.DeleteFunc(all, func(g faultplan.Given) bool { return g.Test != in.Test })
		}
		return spec, nil
	}
	spec.Scenario = true
	if in.Forks == nil && in.Schedule == nil && in.Steps == nil && in.Sizes == nil {
		return spec, nil // what the seed decides
	}
	p := *in
	p.Kept, p.Failure = nil, replay.Failure{Error: "an input of a guided search"}
	spec.Replay, err = u.writeInput(&p, p.Input())
	return spec, err
}

// sawOf is what a run says to the search.
func sawOf(in *replay.File, run *Run, o *runner.Outcome) guide.Outcome {
	g := guide.Outcome{Failed: !o.OK}
	end := endOf(in.Test, run)
	if end == nil {
		return g
	}
	g.Digest = end.Digest
	if end.Saw != nil {
		g.Seen, g.Made = end.Saw.Seen, (*guide.Made)(end.Saw.Made)
	}
	var orders feature.Set
	for i := 0; i+1 < len(end.Orders); i += 2 {
		orders.Add(feature.Order, end.Orders[i], time.Duration(end.Orders[i+1])*time.Millisecond)
	}
	g.Seen = append(g.Seen, orders.Seen()...)
	if g.Made == nil {
		g.Made = &guide.Made{Virtual: time.Duration(end.VirtualNS), Schedule: run.scheduleOf(in.Test)}
	}
	return g
}

// failedTry describes an input whose run failed, and writes its file, if it fails again.
func (u *Runner) failedTry(ctx context.Context, t *runner.Target, in *replay.File, spec Spec, run *Run) (*runner.Failure, error) {
	seed := in.Seed
	f := &runner.Failure{Pkg: t.Pkg, Seed: &seed, Wall: run.End.Elapsed, Pattern: &spec.Pattern, Forks: in.Forks, Command: u.opts.Guided}
	f.Test, f.Reason = u.Blame(run)
	u.enterStory(f, run)
	if f.Test == "" || run.End.TimedOut || run.End.Killed() {
		return f, nil
	}
	spec.Track, spec.Saw = true, false
	again, err := u.runOnce(ctx, t.Pkg, seed, spec)
	if err != nil || again.End.Cancelled {
		return f, err
	}
	again.scenario, again.pattern = run.scenario, run.pattern
	same := sameFailure(f.Test, run, &again)
	if !same {
		f.Reason += notAgain
		f.Remark = cmp.Or(u.likelyCause(f.Pkg, run, f.Test), notKnown)
		return f, nil
	}
	u.enterStory(f, &again)
	strategy := u.strategyOf(t.Pkg, Spec{Pattern: spec.Pattern, Strategy: u.strategy(seed)})
	if s, err := sched.ParseStrategy(strategy); err != nil || s.NeedsLength() || s.NeedsEvents() {
		return f, nil
	}
	p := u.fileOf(f, &again, strategy)
	if p.Settings.Scenario {
		p.Steps, p.Sizes = in.Steps, in.Sizes
	}
	if err := u.keep(f, p); err != nil {
		return f, err
	}
	f.Smaller, f.Guided = f.Replay != "", true
	return f, nil
}

// minimiseGuided makes the failure of an input smaller, from its file.
func (u *Runner) minimiseGuided(ctx context.Context, f runner.Failure, tell func(status string)) (runner.Failure, error) {
	s, err := u.Shrink(ctx, f.Pkg, f.Replay, tell)
	if err != nil {
		return f, err
	}
	f.Replay, f.Minimised, f.Output = s.Replay, s.Words, s.Story
	f.Numbers = s.Numbers
	if p, err := replay.Read(s.Replay); err == nil {
		f.Digest = p.Digest
	}
	return f, nil
}

// forksSetting is the setting of forks of a process.
func forksSetting(forks []sched.Fork) string {
	var all []string
	for _, f := range forks {
		all = append(all, strconv.FormatInt(int64(f.At), 10)+":"+strconv.FormatUint(f.Seed, 10))
	}
	return "SAMERUN_FORKS=" + strings.Join(all, ",")
}
