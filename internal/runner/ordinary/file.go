package ordinary

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"samerun/internal/faultplan"
	"samerun/internal/gocmd"
	"samerun/internal/records"
	"samerun/internal/runner"
	"samerun/internal/text"
	"samerun/internal/tracefile"
	"samerun/internal/wire"
	"samerun/sim/replay"
	"samerun/sim/shrink"
)

var _ runner.Replayer = (*Runner)(nil)

// strategy is the one of a seed, by name.
func (u *Runner) strategy(seed uint64) string {
	if u.opts.Strategy == "" && seed == 0 {
		return "fifo"
	}
	return cmp.Or(u.opts.Strategy, "walk")
}

// fileOf describes a failing run as a replay file, without its deviations.
func (u *Runner) fileOf(f *runner.Failure, run *Run, strategy string) *replay.File {
	p := &replay.File{
		World: replay.Goroutines, Test: f.Test, Package: gocmd.FolderOf(f.Pkg), Seed: *f.Seed, Forks: f.Forks, Strategy: strategy,
		Settings: replay.Settings{
			Turn: u.opts.Turn, Net: u.opts.Net, Date: u.opts.Date, Skip: u.opts.Skip, Short: u.opts.Short, Args: u.opts.Args,
			Race: u.build.Race, Tags: u.build.Tags,
		},
		Go: runtime.Version(), Samerun: replay.Samerun,
	}
	u.enterProgram(&p.Settings, f.Pkg)
	if end := endOf(f.Test, run); end != nil && end.Leaked != nil && end.Leaked.Fails {
		p.Settings.Leaks = LeaksFail
	}
	if u.opts.Go != "any" {
		p.Settings.Go = u.opts.Go
	}
	if u.opts.Limit != DefaultLimit {
		p.Settings.Timeout = u.opts.Limit.String()
	}
	if u.opts.Count > 1 {
		p.Settings.Count = u.opts.Count
	}
	if f.Pattern != nil && *f.Pattern != text.TestPattern(f.Test) {
		// An empty expression would be none.
		p.Settings.Run = cmp.Or(*f.Pattern, ".")
	}
	if failure := u.failureOf(f.Test, run); failure != nil {
		p.Failure = *failure
	}
	if end := endOf(f.Test, run); end != nil {
		p.Digest = end.Digest
	}
	if end := endOf(f.Test, run); end != nil && end.World != nil {
		p.Settings.Scenario, p.Schedule, p.Idle, p.Data = true, end.World.Schedule, end.World.Idle, end.World.Drawn()
	} else {
		enterFaults(p, run)
	}
	return p
}

// keep writes the file of a failure into the tool's temporary folder, from where Save
// takes it. A run that could not say where it ended has none: nothing could be held to it. Nor
// has one of values that cannot be written.
func (u *Runner) keep(f *runner.Failure, p *replay.File) (err error) {
	if p.Digest == "" {
		return nil
	}
	for _, d := range p.Data {
		if f.Unsaved = d.Err; d.Err != nil {
			return nil
		}
	}
	f.Replay, err = p.Save(filepath.Join(u.files.Dir, "replay"))
	return err
}

// Save copies the replay file of a failure from the tool's temporary folder into its
// package, where samerun test runs it from then on.
func (u *Runner) Save(f *runner.Failure) {
	if f.Replay == "" || f.Saved != "" {
		return
	}
	path, err := saveReplay(f.Replay, filepath.Join(f.Pkg.Dir, "testdata", "replay"))
	if f.Unsaved = err; err == nil {
		f.Saved = gocmd.PathFrom(u.by.Dir, path)
	}
}

// saveReplay copies a replay file into a folder.
func saveReplay(from, dir string) (to string, err error) {
	p, err := replay.Read(from)
	if err != nil {
		return "", err
	}
	return p.Save(dir)
}

// Again is the line that repeats a failure: from its file, if it was saved, else from
// its seed.
func (u *Runner) Again(f *runner.Failure) string {
	if f.Saved != "" {
		return u.againFrom(u.by.Abs(f.Saved))
	}
	return f.Command
}

// againFrom is the line that replays a file. Whether the race detector and which tags were
// there is in the file.
func (u *Runner) againFrom(file string) string {
	b := *u.build
	b.Race, b.Tags = false, ""
	return u.by.ReplayCommand(&b, gocmd.PathFrom(u.by.Dir, file))
}

// endOf is what a run says of a test: that it ended, or the process in it; nil if
// neither.
func endOf(test string, run *Run) *wire.Result {
	if run.Died != nil && run.Died.Test == test {
		return run.Died
	}
	// With -count there are several: the last one is that which failed, or as good as any.
	var end *wire.Result
	for i := range run.Tests {
		if r := &run.Tests[i]; r.Test == test && (end == nil || end.OK) {
			end = r
		}
	}
	return end
}

// failureOf is how a test failed in a run, nil if nothing failed.
func (u *Runner) failureOf(test string, run *Run) *replay.Failure {
	if run.End.OK {
		return nil
	}
	blamed, reason := u.Blame(run)
	f := &replay.Failure{Error: reason}
	if end := endOf(blamed, run); end != nil {
		f.At = time.Duration(end.VirtualNS)
	}
	if end := endOf(test, run); blamed == test && ofScenario(end) {
		*f = replay.Failure{Property: end.Property, Error: end.Error, Signature: end.Signature, At: f.At}.Plain()
		return f
	}
	_, said := u.saidLast(run.End.Output, blamed)
	switch {
	case blamed == "":
		f.Signature = text.WithoutNumbers(reason)
	case blamed != test:
		f.Signature = "another test failed: " + blamed
	case run.Died == nil && said != "":
		// What the test has said, wherever that stands by now.
		f.Signature = "failed: " + text.WithoutNumbers(said)
	case run.Died == nil && !run.End.TimedOut && len(run.Tests) > 0:
		f.Signature = "failed"
	default:
		what, _, _ := strings.Cut(reason, ", at ")
		if u.opts.Program != nil && said != "" {
			what += ": " + said
		}
		f.Signature = text.WithoutNumbers(what)
	}
	if said != "" && u.opts.Program == nil {
		f.Error += ": " + text.PlainTraces(said)
	}
	*f = f.Plain()
	return f
}

// asSaved is u as a replay file wants it, but for what is about all runs of the tool.
func (u *Runner) asSaved(p *replay.File, pkg *gocmd.Package) *Runner {
	own := New(u.by, u.build, u.opts, u.files.Dir)
	own.opts.Program = programOf(p, pkg)
	s := &p.Settings
	o := &own.opts
	o.Turn, o.Net, o.Date, o.Skip, o.Short, o.Args, o.Strategy = s.Turn, s.Net, s.Date, s.Skip, s.Short, s.Args, p.Strategy
	o.Count, o.Limit, o.Go, o.Leaks = max(1, s.Count), DefaultLimit, cmp.Or(s.Go, "any"), cmp.Or(s.Leaks, LeaksTell)
	if o.Program != nil {
		o.Leaks = LeaksOff
	}
	if s.Timeout != "" {
		o.Limit, _ = time.ParseDuration(s.Timeout)
	}
	o.Run, o.Record, o.Picks, o.FailFast, o.Faults = "", "", "", false, nil // those of the file count
	return own
}

// specOf is how the run of a replay file is made. The caller removes spec.Picks.
func (u *Runner) specOf(p *replay.File) (spec Spec, err error) {
	spec = Spec{Pattern: cmp.Or(p.Settings.Run, text.TestPattern(p.Test)), Strategy: p.Strategy, Timeout: u.opts.Timeout, Quiet: true, Track: true, Forks: p.Forks}
	switch {
	case p.Settings.Scenario:
		spec.Scenario = true
		if spec.Replay, err = u.writeInput(p, p.Input()); err != nil {
			return spec, err
		}
	case p.Schedule != nil:
		spec.Faults = []faultplan.Given{{Test: p.Test, Schedule: *p.Schedule}}
	}
	if p.Strategy != "fifo" {
		return spec, nil // it has no deviations
	}
	spec.Picks = u.files.Next(".picks")
	return spec, os.WriteFile(spec.Picks, []byte(records.Plan(p)), 0o666)
}

// read reads a replay file that is for u.
func read(file string) (*replay.File, error) {
	p, err := replay.Read(file)
	if err == nil && p.World != replay.Goroutines {
		err = fmt.Errorf("%s is of a simulation test, and the tests of its package were made for ordinary Go", file)
	}
	return p, err
}

// Replay runs a saved failure of a package again, and says what became of it. The error
// says why it cannot be run.
func (u *Runner) Replay(ctx context.Context, pkg *gocmd.Package, file string) (v runner.Verdict, err error) {
	p, err := read(file)
	if err != nil {
		return v, err
	}
	u = u.asSaved(p, pkg)
	spec, err := u.specOf(p)
	if err != nil {
		return v, err
	}
	defer spec.remove()
	if spec.Picks != "" && !spec.Scenario && p.Schedule == nil {
		spec.Record = u.files.Next(".picks") // for a diagram of goroutines
		defer os.Remove(spec.Record)
	}
	run, err := u.runOnce(ctx, pkg, p.Seed, spec)
	if err != nil || run.End.Cancelled {
		return v, cmp.Or(err, ctx.Err())
	}
	v, err = u.judge(pkg, p, &run)
	if spec.Record != "" && v.Story != "" {
		v.Story += drawTurns(turnsOf(pkg.Path, spec.Record, p.Test, endOf(p.Test, &run)), v.Story, roomBeside(v.Story, mostTurns))
	}
	return v, err
}

// judge says what the run of a replay file came to.
func (u *Runner) judge(pkg *gocmd.Package, p *replay.File, run *Run) (v runner.Verdict, err error) {
	end := endOf(p.Test, run)
	if end == nil && run.End.OK {
		return v, fmt.Errorf("the test is gone: %s has no test %s that runs (was it renamed, or is it left out by build tags?); correct the name in the file, if it has another one now", pkg.Arg, p.Test)
	}
	came := &replay.Run{Failure: u.failureOf(p.Test, run)}
	if end != nil {
		came.Digest = end.Digest
		came.Unmet = slices.Concat(end.Unmet, unmetFaults(p, end), unmet(p, end))
	}
	v.Outcome = p.Judge(came)
	v.Words, v.Digest, v.Unmet = p.Words(v.Outcome, came), came.Digest, came.Unmet
	if outside := outsideOfResult(end); outside != "" && v.Outcome != replay.Same {
		v.Words += "\nit may be another run because of " + outside + ": what lies outside of the test does not follow the seed"
	}
	if came.Failure != nil {
		v.Property, v.Error = came.Failure.Property, came.Failure.Error
		v.Story = u.story(run, p.Test) + placesOf(p, end)
	}
	return v, nil
}

// unmet lists the deviations that were not met, or in part only.
func unmet(p *replay.File, end *wire.Result) (list []string) {
	for i, d := range p.Deviations {
		switch {
		case slices.Contains(end.Missed, i):
			list = append(list, d.Key())
		case slices.Contains(end.Cut, i):
			list = append(list, d.Key()+" (only in part: there were not so many)")
		}
	}
	return list
}

// placesOf tells, below a story, where the deviations were that were met.
func placesOf(p *replay.File, end *wire.Result) string {
	const few = 12
	var b strings.Builder
	n := 0
	for i, d := range p.Deviations {
		if end != nil && slices.Contains(end.Missed, i) {
			continue
		}
		if n++; n <= few {
			b.WriteString("\n" + d.Key())
		}
	}
	switch {
	case n == 0:
		return ""
	case n > few:
		fmt.Fprintf(&b, "\n… and %d more", n-few)
	}
	return "\n" + b.String()
}

// Shrink makes a saved failure of a package smaller, until there is nothing to take out
// or ctx is done.
func (u *Runner) Shrink(ctx context.Context, pkg *gocmd.Package, file string, tell func(status string)) (small runner.Shrunk, err error) {
	p, err := read(file)
	if err != nil {
		return small, err
	}
	u = u.asSaved(p, pkg)
	spec, err := u.specOf(p)
	if err != nil {
		return small, err
	}
	defer spec.remove()
	// What a run of the failure takes is not known here: as long as a patient person
	// waits for one.
	f := &runner.Failure{Pkg: pkg, Test: p.Test, Seed: &p.Seed, Pattern: &spec.Pattern, Forks: p.Forks, Wall: time.Second}
	c := &calmer{u: u, f: f, tell: tell, begin: spec}
	c.exec = func(ctx context.Context, spec Spec) (Run, error) { return u.runOnce(ctx, pkg, p.Seed, spec) }
	c.begins = func(run *Run) error {
		v, err := u.judge(pkg, p, run)
		if err == nil && v.Outcome.Verdict() != shrink.Same {
			err = fmt.Errorf("it does not fail as recorded any more (%s); see samerun replay", v.Outcome)
		}
		return err
	}
	c.view = func(ctx context.Context, spec Spec) (*tracefile.Trace, error) {
		return u.trace(ctx, pkg, p.Seed, spec, p.Test)
	}
	s, err := c.minimise(ctx)
	if err != nil {
		return small, err
	}
	if err := u.enter(f, s); err != nil {
		return small, err
	}
	small = runner.Shrunk{Replay: f.Replay, Words: s.words, Story: f.Output, Minimal: s.whole, Numbers: f.Numbers}
	if small.Replay == "" {
		return small, errors.New("the run does not say where it ended, so that nothing could be held to a file")
	}
	if q, err := replay.Read(small.Replay); err == nil {
		small.Unchanged = q.SameRun(p)
	}
	return small, nil
}

// Keep copies the file of a smaller failure into a folder.
func (u *Runner) Keep(s runner.Shrunk, folder string) (saved string, attached []string, err error) {
	saved, err = saveReplay(s.Replay, folder)
	return saved, nil, err
}
