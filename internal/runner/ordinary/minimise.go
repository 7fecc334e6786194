package ordinary

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"samerun/internal/faultplan"
	"samerun/internal/records"
	"samerun/internal/runner"
	"samerun/internal/story"
	"samerun/internal/testproc"
	"samerun/internal/text"
	"samerun/internal/tracefile"
	"samerun/sim/replay"
	"samerun/sim/shrink"
)

// Minimise brings the first of some failures as near as it can to the calm run, in
// which goroutines take turns in the order in which they become ready and nothing goes wrong
// with sockets: with the fewest faults, and then deviations, that still show it.
func (u *Runner) Minimise(ctx context.Context, alike []runner.Failure, tell func(status string)) (runner.Failure, error) {
	f := alike[0]
	if f.Guided {
		return u.minimiseGuided(ctx, f, tell)
	}
	c := &calmer{u: u, f: &f, tell: tell}
	c.exec = func(ctx context.Context, spec Spec) (Run, error) { return u.runOnce(ctx, f.Pkg, *f.Seed, spec) }
	c.view = func(ctx context.Context, spec Spec) (*tracefile.Trace, error) {
		return u.trace(ctx, f.Pkg, *f.Seed, spec, f.Test)
	}
	small, err := c.minimise(ctx)
	if err != nil {
		return alike[0], u.withCause(&f, c.first, err)
	}
	if err := u.enter(&f, small); err != nil {
		return alike[0], err
	}
	if f.Replay == "" {
		return f, nil
	}
	// The file must show what was found. It has the deviations of one test; others that
	// run before it in the process take the calm course.
	v, err := u.Replay(context.WithoutCancel(ctx), f.Pkg, f.Replay)
	if err == nil && v.Outcome != replay.Same {
		err = unsteady(fmt.Sprintf("the smallest run is another one when it is run from its file (%s)", v.Outcome))
	}
	if err != nil {
		return alike[0], u.withCause(&f, c.first, err)
	}
	return f, nil
}

// withCause adds to an error of a run that was not the same again what is likely to be the
// cause. run may be nil.
func (u *Runner) withCause(f *runner.Failure, run *Run, err error) error {
	var again unsteady
	if !errors.As(err, &again) || run == nil {
		return err
	}
	if cause := u.likelyCause(f.Pkg, run, f.Test); cause != "" {
		return fmt.Errorf("%w; %s", err, cause)
	}
	return err
}

// calmer minimises one failure of unmodified tests.
type calmer struct {
	u    *Runner
	f    *runner.Failure
	want string                                            // what a run must come to
	exec func(ctx context.Context, spec Spec) (Run, error) // makes a run

	// view makes a run and its trace; nil if nobody wants one.
	view func(ctx context.Context, spec Spec) (*tracefile.Trace, error)

	first *Run // that was recorded

	// Of a test of package sim: a file of its failure, whose input is made smaller.
	scenario *replay.File

	// Of a failure from a file: how its run is made, and whether it is still the one. Of each,
	// begin.Scenario says whether the test is one of package sim.
	begin  Spec
	begins func(run *Run) error

	mu   sync.Mutex
	tell func(status string)
}

// calmed is what it came to.
type calmed struct {
	run   Run // the smallest that fails in the same way
	left  *records.Deviations
	input shrink.Input // what is left of all else
	words string
	stats shrink.Stats
	whole bool // nothing can be taken out
	// beside is the nearest run that passes, which has not the deviation of this number, from 1,
	// if it is one of those left; nil if it is not known.
	beside    *story.Neighbour
	deviation int
	turns     []story.Event // for a diagram of goroutines, if there is to be one
}

// minimise records the failing run and takes deviations out until none can be, or
// ctx is done.
func (c *calmer) minimise(ctx context.Context) (*calmed, error) {
	record := c.u.files.Next(".picks")
	defer os.Remove(record)
	whatever := context.WithoutCancel(ctx)
	begin := c.begin
	if c.begins == nil {
		begin.Strategy = c.u.opts.Strategy
		c.begin.Scenario = c.u.isScenario(&runner.Target{Pkg: c.f.Pkg, Name: c.f.Test})
		if begin.Scenario = c.begin.Scenario; !begin.Scenario {
			begin.Faults = c.u.Given(c.f.Pkg, *c.f.Seed)
		}
	}
	begin.Record, begin.Timeout = record, c.u.opts.Timeout
	first, err := c.run(whatever, begin)
	c.first = &first
	if err == nil && c.begins != nil {
		err = c.begins(&first)
	}
	if err != nil {
		return nil, err
	}
	if c.want = c.signature(&first); c.want == "" {
		return nil, unsteady("it does not fail when it is recorded")
	}
	whole, err := records.ReadDeviations(record)
	if err != nil {
		return nil, fmt.Errorf("its record cannot be read: %w", err)
	}
	var broken error
	in := shrink.Input{Seed: *c.f.Seed, Strategy: "fifo", Calm: 2, Deviations: whole.IDs()}
	options := shrink.Options{Workers: c.u.opts.Workers, Progress: c.progress, Nodes: nodesOf(&first, c.f.Test)}
	if s := first.scheduleOf(c.f.Test); s != nil {
		in.Schedule = *s
		options.Resolve = func(in shrink.Input) []shrink.Hit { return c.strokes(in, whole) }
	}
	if end := endOf(c.f.Test, &first); end != nil && end.World != nil {
		if err := c.ofScenario(&in, &options, &first, end.World, whole); err != nil {
			return nil, err
		}
	}
	try := func(ctx context.Context, in shrink.Input, limit time.Duration) shrink.Verdict {
		run, err := c.replay(ctx, whole.Text(in.Deviations), in, "", limit)
		switch got := c.signature(&run); {
		case err != nil:
			c.mu.Lock()
			broken = err
			c.mu.Unlock()
			return shrink.Pass
		case run.End.Cancelled || run.End.TimedOut || run.End.Killed():
			return shrink.Unknown
		case got == c.want:
			return shrink.Same
		case got == "":
			return shrink.Pass
		}
		return shrink.Other
	}
	limit := slowestCalm + runner.Slowest*c.f.Wall
	options.Prove = func(in shrink.Input) shrink.Verdict { return try(whatever, in, runner.Patience*limit) }
	r, err := shrink.Minimise(ctx, in, func(in shrink.Input) shrink.Verdict {
		return try(ctx, in, limit)
	}, options)
	if broken != nil {
		return nil, broken
	}
	if err != nil {
		return nil, err
	}
	return c.last(&r, whole)
}

// last runs the smallest once more with a record, which tells where its
// deviations are now and leaves out those that were not met.
func (c *calmer) last(r *shrink.Result, whole *records.Deviations) (*calmed, error) {
	record := c.u.files.Next(".picks")
	defer os.Remove(record)
	limit := runner.Patience * (slowestCalm + runner.Slowest*c.f.Wall)
	run, err := c.replay(context.Background(), whole.Text(r.Input.Deviations), r.Input, record, limit)
	switch {
	case err != nil:
		return nil, err
	case run.End.TimedOut:
		return nil, fmt.Errorf("a smaller run was found, and it could not be ended within %v to prove it", limit)
	case c.signature(&run) != c.want:
		return nil, unsteady("the smallest run failed once and not again")
	}
	left, err := records.ReadDeviations(record)
	if err != nil {
		return nil, err
	}
	s := &calmed{run: run, left: left, input: r.Input, stats: r.Stats, whole: r.Minimal}
	if c.view != nil && c.scenario == nil && r.Input.Schedule.Size() == 0 {
		s.turns = turnsOf(c.f.Pkg.Path, record, c.f.Test, endOf(c.f.Test, &run))
	}
	if len(r.Passing) > 0 && c.view != nil {
		s.beside = c.beside(r, whole, left)
		if d := r.Passing[0].Deviation; d != nil {
			s.deviation = slices.Index(left.IDs(), *d) + 1
		}
	}
	s.words = fmt.Sprintf("minimised in %.1fs: ", r.Stats.Time.Seconds()) + faultsFrom(&r.Stats) + fmt.Sprintf("%s from the calm run → %d", text.Count(len(whole.All), "deviation"), len(left.All))
	if !r.Minimal {
		s.words += " (time was up; -shrink gives more)"
	}
	return s, nil
}

// slowestCalm is how much real time, beside that of the failing run, a run with
// fewer deviations may take.
const slowestCalm = 2 * time.Second

// strokes runs an input, and tells what its faults did by chance.
func (c *calmer) strokes(in shrink.Input, whole *records.Deviations) (all []shrink.Hit) {
	run, err := c.replay(context.Background(), whole.Text(in.Deviations), in, "", slowestCalm+runner.Slowest*c.f.Wall)
	end := endOf(c.f.Test, &run)
	if err != nil || end == nil || end.Faults == nil || end.Faults.More > 0 {
		return nil
	}
	for _, p := range end.Faults.Picks {
		if f, ok := faultplan.PickOf(p.What); ok {
			all = append(all, shrink.Hit{Index: p.Element, Message: f})
		}
	}
	return all
}

// faultsFrom says how many faults and steps there were, and are; it is empty if there were
// none.
func faultsFrom(s *shrink.Stats) (words string) {
	if n := s.Before.Faults + s.Mishaps; n > 0 {
		words = fmt.Sprintf("%s → %d, ", text.Count(n, "fault"), s.After.Faults)
	}
	if s.Before.Steps > 0 {
		words += fmt.Sprintf("%s → %d, ", text.Count(s.Before.Steps, "step"), s.After.Steps)
	}
	return words
}

// nodesOf are the names that may stand in the place of "*" in the faults of a test.
func nodesOf(run *Run, test string) (names []string) {
	first, _ := endsOf(endOf(test, run))
	return slices.DeleteFunc(first, func(name string) bool { return name == "" || strings.ContainsAny(name, ":*@%") })
}

// replay runs the tests of the failure with deviations and with what else an input has, for
// limit of real time at most. Tests that run before it in the process have no faults.
func (c *calmer) replay(ctx context.Context, picks string, in shrink.Input, record string, limit time.Duration) (run Run, err error) {
	spec, err := c.specOf(picks, in, record, limit)
	defer spec.remove()
	if err != nil {
		return run, err
	}
	run, err = c.run(ctx, spec)
	// It is another input than the recorded one, so that not all of the record is met: the code
	// has not changed, as the process thinks.
	run.End.Output = partly.ReplaceAllString(run.End.Output, "")
	return run, err
}

// specOf is how the run of an input is made. The caller removes its files.
func (c *calmer) specOf(picks string, in shrink.Input, record string, limit time.Duration) (spec Spec, err error) {
	if c.u.opts.Timeout > 0 {
		limit = min(limit, c.u.opts.Timeout)
	}
	// The last run, which has a record, is the one that is told.
	spec = Spec{Picks: c.u.files.Next(".picks"), Record: record, Timeout: limit, Track: record != "", Scenario: c.begin.Scenario, Forks: c.begin.Forks}
	if err := os.WriteFile(spec.Picks, []byte(picks), 0o666); err != nil {
		return spec, err
	}
	switch {
	case c.scenario != nil:
		spec.Replay, err = c.u.writeInput(c.scenario, in)
	case in.Schedule.Size() > 0:
		spec.Faults = []faultplan.Given{{Test: c.f.Test, Schedule: in.Schedule}}
	}
	return spec, err
}

// partly is what a process says of a record that it has met in part.
var partly = regexp.MustCompile(`(?m)^samerun: \S+: the record does not fit this code: .*\n?`)

// run runs the tests of the failure.
func (c *calmer) run(ctx context.Context, spec Spec) (Run, error) {
	spec.Pattern, spec.Quiet = *c.f.Pattern, true
	run, err := c.exec(ctx, spec)
	if err != nil && ctx.Err() != nil {
		return Run{End: testproc.Ending{Cancelled: true}}, nil // it was not even begun
	}
	return run, err
}

// signature is equal for runs that fail in the same way, up to the numbers in
// what they say, and empty for one that does not fail in the test at all.
func (c *calmer) signature(run *Run) string {
	if run.End.OK || run.End.TimedOut || run.End.Cancelled || run.End.Killed() {
		return ""
	}
	test, reason := c.u.Blame(run)
	if test != c.f.Test {
		return "another test: " + test
	}
	if end := endOf(test, run); ofScenario(end) {
		return "scenario: " + cmp.Or(end.Property, end.Signature, text.WithoutNumbers(text.FirstLine(end.Error)))
	}
	place, said := c.u.saidLast(run.End.Output, test)
	return text.WithoutNumbers(reason) + "\n" + place + ": " + text.WithoutNumbers(said)
}

// A complaint of a test: the file and the line, and what it says.
var complaintLine = regexp.MustCompile(`^\s+([^\s:]+\.go:\d+): (.*)$`)

// complaint is the first thing that a test that failed has to say, and where.
func complaint(output, test string) (place, said string) {
	failed := false
	for line := range strings.Lines(output) {
		// With -v what a test says comes before its end. A subtest speaks for it.
		begin, _, _ := strings.Cut(strings.TrimSpace(line)+" ", " (")
		for _, sign := range []string{"--- FAIL: ", "=== RUN   "} {
			name, ok := strings.CutPrefix(strings.TrimSpace(begin), sign)
			name, _, _ = strings.Cut(name, "/")
			failed = failed || ok && name == test
		}
		if m := complaintLine.FindStringSubmatch(strings.TrimRight(line, "\n")); failed && m != nil {
			return m[1], m[2]
		}
	}
	return "", ""
}

// enter makes the smallest run the one that is reported, and writes its file.
func (u *Runner) enter(f *runner.Failure, s *calmed) error {
	f.Minimised = s.words
	f.Numbers = &runner.Numbers{
		Words: s.words, Seconds: s.stats.Time.Seconds(), Tries: s.stats.Tries, Minimal: s.whole,
		Faults: [2]int{s.stats.Before.Faults + s.stats.Mishaps, s.input.Schedule.Size()}, Steps: [2]int{s.stats.Before.Steps, s.stats.After.Steps}, Deviations: [2]int{s.stats.Before.Deviations, len(s.left.All)},
	}
	_, f.Reason = u.Blame(&s.run)
	f.Digest = u.sum(&runner.Target{Pkg: f.Pkg}, *f.Seed, &s.run).Digest
	f.Neighbour = s.beside
	if end := endOf(f.Test, &s.run); ofScenario(end) && end.Story != nil {
		end.Story.Neighbour = s.beside
		end.Story.Fit()
	}
	u.enterStory(f, &s.run)
	said, beside := f.Output, ""
	f.Output += explain(s.left, s.input.Schedule.Size())
	if end := endOf(f.Test, &s.run); s.beside != nil && !(ofScenario(end) && end.Story != nil) {
		beside = "\n\n" + strings.Join(s.besideLines(), "\n")
	}
	f.Output += drawTurns(s.turns, said, roomBeside(f.Output+beside, mostTurns)) + beside
	p := u.fileOf(f, &s.run, "fifo")
	if p.Settings.Scenario {
		idle := p.Idle
		p = p.With(s.input)
		p.Idle = idle
		if s.stats.Before.Steps > 0 {
			p.Steps = &s.input.Steps // none is not all
		}
	}
	p.Deviations = s.left.Of(f.Test)
	return u.keep(f, p)
}

// fewDeviations are so many that a story has a line for each.
const fewDeviations = 12

// explain says, below the rest of a story, what was held up where, in a run that has so
// many faults.
func explain(left *records.Deviations, faults int) string {
	switch {
	case len(left.All) == 0 && faults > 0:
		return "\n\nno more is needed: goroutines take turns in the order in which they become ready"
	case len(left.All) == 0:
		return "\n\nit fails in the calm run too, in which goroutines take turns in the order in which they become ready"
	}
	const few = fewDeviations
	lines := strings.Split(strings.TrimSpace(left.Story()), "\n")
	if n := len(lines); n > few {
		lines = append(lines[:few], fmt.Sprintf("… and %d more", n-few))
	}
	return "\n\n" + strings.Join(lines, "\n")
}

func (c *calmer) progress(s shrink.Stats) {
	c.tell("minimising: " + faultsFrom(&s) + fmt.Sprintf("%s from the calm run → %d, %d tries", text.Count(s.Before.Deviations, "deviation"), s.After.Deviations, s.Tries))
}
