package ordinary

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"samerun/internal/gocmd"
	"samerun/internal/records"
	"samerun/internal/runner"
	"samerun/internal/testproc"
	"samerun/internal/text"
	"samerun/internal/wire"
	"samerun/sim/fault"
	"samerun/sim/replay"
	"samerun/sim/shrink"
)

// Tests of package sim whose nodes run goroutines (sim.Goroutines) are run here, a process
// for each and for each seed: they are the scenarios of this file. Their faults, steps and
// properties are those of package sim, which says in the line of results what the run was
// made of, and takes another input from a replay file (SAMERUN_REPLAY); turns and draws are
// those of ordinary Go.
//
// A package may have scenarios, tests of tasks and ordinary tests. The runner of tasks
// finds out which are which. Such a package is built once more here, and of its tests the
// scenarios are targets, each by itself, and the ordinary ones are one target, as ever.

// withMixed adds the packages of both worlds to those of this one.
func (u *Runner) withMixed(pkgs []*gocmd.Package) ([]*gocmd.Package, error) {
	if u.opts.Mixed != nil {
		for _, m := range u.opts.Mixed() {
			if _, err := ReadStrategy(u.opts.Strategy); err != nil {
				return nil, fmt.Errorf("%w (%s of %s is a test of goroutines)", err, m.Goroutines[0], m.Pkg.Path)
			}
			own := *m.Pkg // its binary is another one
			u.mixed[&own] = m
			pkgs = append(pkgs[:len(pkgs):len(pkgs)], &own)
		}
	}
	if len(pkgs) == 0 {
		return nil, u.opts.Unused
	}
	return pkgs, nil
}

// tellUnready says of packages of both worlds that they do not build with the overlay.
func (u *Runner) tellUnready() {
	for own, m := range u.mixed { //samerun:allow maprange: each is about itself
		m.Pkg.Unready = cmp.Or(m.Pkg.Unready, own.Unready)
	}
}

// targets are what there is to run in a package; name is that of all its ordinary tests.
func (u *Runner) targets(pkg *gocmd.Package, name string) (list []runner.Target) {
	m, both := u.mixed[pkg]
	for _, test := range m.Goroutines {
		list = append(list, runner.Target{Pkg: pkg, Name: test})
	}
	if both && u.hasNone(pkg) {
		return list
	}
	return append(list, runner.Target{Pkg: pkg, Name: name})
}

// checkTargets refuses what is for one run, or for ordinary tests, where there is something
// else.
func (u *Runner) checkTargets(list []runner.Target) error {
	scenario := slices.IndexFunc(list, func(t runner.Target) bool { return u.isScenario(&t) })
	if scenario < 0 {
		return nil
	}
	ordinary := slices.ContainsFunc(list, func(t runner.Target) bool { return t.Name != "" && !u.isScenario(&t) })
	switch t := &list[scenario]; {
	case (u.opts.Record != "" || u.opts.Picks != "") && len(list) > 1:
		return fmt.Errorf("a record is of one run: -record and -picks want one test of package sim, such as -run %s", text.AlwaysShellQuote(text.TestPattern(t.Name)))
	case u.opts.Faults != nil && !ordinary:
		return fmt.Errorf("-faults is for ordinary tests, and there are none: %s of %s has the faults that it asks for by World.Inject; leave it out", t.Name, t.Pkg.Path)
	}
	return nil
}

// isScenario reports whether a target is a test of package sim.
func (u *Runner) isScenario(t *runner.Target) bool {
	return slices.Contains(u.mixed[t.Pkg].Goroutines, t.Name)
}

// scenarios begins what -skip says of a package of both worlds: its tests of package sim.
func (u *Runner) scenarios(p *gocmd.Package) string {
	m := u.mixed[p]
	var b strings.Builder
	for _, test := range slices.Concat(m.Goroutines, m.Tasks) {
		b.WriteString(text.TestPattern(test) + "|")
	}
	return b.String()
}

// runTarget runs a target on a seed.
func (u *Runner) runTarget(ctx context.Context, t *runner.Target, seed uint64) (Run, error) {
	if !u.isScenario(t) {
		return u.runSeed(ctx, t.Pkg, seed)
	}
	spec := u.asked(t.Pkg, seed)
	spec.Pattern, spec.Scenario, spec.Faults, spec.Saw = text.TestPattern(t.Name), true, nil, u.opts.Saw
	run, err := u.runAgain(ctx, t.Pkg, seed, spec)
	run.scenario, run.pattern = true, spec.Pattern
	return run, err
}

// ofScenario reports whether a line is of a scenario that has said how it failed.
func ofScenario(end *wire.Result) bool {
	return end != nil && end.World != nil && (end.Property != "" || end.Error != "")
}

// enterStory enters what there is to tell of a run in which a test failed.
func (u *Runner) enterStory(f *runner.Failure, run *Run) {
	f.Output = u.story(run, f.Test)
	if end := endOf(f.Test, run); ofScenario(end) {
		f.Property, f.Reason, f.Signature = end.Property, text.FirstLine(end.Error), end.Signature
	}
}

// story is what there is to tell of a run in which a test failed, and of its faults: what a
// scenario tells by itself, or what the test printed.
func (u *Runner) story(run *Run, test string) string {
	if end := endOf(test, run); ofScenario(end) && end.Story != nil {
		return runner.StoryText(end.Story) + told(testproc.Race(run.End.Output))
	}
	said := u.excerpt(run, test)
	return said + tellFaults(run, test, roomBeside(said, mostSent)) + u.tellCallsAlone(run, test, roomBeside(said, mostSent))
}

// writeInput writes a file for a scenario, of a failure with another input. Whose turn it is,
// is said elsewhere. The caller removes it.
func (u *Runner) writeInput(p *replay.File, in shrink.Input) (file string, err error) {
	in.Deviations, in.Strategy = nil, calmStrategy
	data, err := p.With(in).Marshal()
	if err != nil {
		return "", err
	}
	file = u.files.Next(".json")
	return file, os.WriteFile(file, data, 0o666)
}

// remove removes the files that were made for the spec of a replay file.
func (s *Spec) remove() {
	for _, file := range []string{s.Picks, s.Replay} {
		if file != "" {
			os.Remove(file)
		}
	}
}

// ofScenario lets the minimiser change what package sim says the first run was made of.
func (c *calmer) ofScenario(in *shrink.Input, options *shrink.Options, first *Run, world *wire.World, whole *records.Deviations) error {
	c.scenario = c.u.fileOf(c.f, first, calmStrategy)
	for _, d := range c.scenario.Data {
		if d.Err != nil {
			return d.Err
		}
	}
	if c.begin.Replay != "" { // of a file, which may have less than the scenario would do by itself
		if p, err := replay.Read(c.begin.Replay); err == nil {
			c.scenario = c.scenario.With(p.Input())
		}
	}
	*in = world.Explicit(c.scenario.Input())
	in.Strategy, in.Deviations = calmStrategy, nil
	c.scenario = c.scenario.With(*in)
	in.Deviations = whole.IDs()
	options.Nodes = world.Nodes
	probe := func(in shrink.Input) *wire.Probe {
		limit := slowestCalm + runner.Slowest*c.f.Wall
		run, err := c.replay(context.Background(), whole.Text(in.Deviations), in, "", limit)
		if end := endOf(c.f.Test, &run); err == nil && end != nil && end.World != nil {
			return &end.World.Probe
		}
		return &wire.Probe{}
	}
	options.Mishaps = func(in shrink.Input) []fault.Fault { return probe(in).Mishaps.Faults }
	options.Hits = func(in shrink.Input) []shrink.Hit { return probe(in).Hits }
	return nil
}
