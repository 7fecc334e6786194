package proptest

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"samerun/sim"
	"samerun/sim/fault"
)

// P is one try of a property: it draws, then runs. Check and MakeFuzz make it.
//
// Invariants: failure is the first failure and never replaced; running is true
// while a world that Run made is at work; runs counts the worlds so far, and at
// is the one of them, from 1, that base is about.
type P struct {
	// Seed is the seed of the runs. It was drawn before anything else, small ones
	// first; 0 is the calm run. Where seeds are asked for, it is the one at hand. A
	// property that wants another may set it.
	Seed uint64
	// Strategy is the strategy of the runs, as sim.Config.Strategy does. It is what
	// Strategy gave; a property that wants another may set it. It is nothing to Goroutines.
	Strategy string

	t       *rapid.T // nil if all is given
	running bool
	failure *failure
	drawn   []fmt.GoStringer // by Draw
	last    *sim.Report      // of the last run
	reports []*sim.Report    // of all runs

	names    names
	record   *record    // if set, takes what is drawn
	given    *given     // if set, has the values instead
	base     sim.Config // what there is beside the property: a replay, an input of the minimiser
	runs, at int
	ran      sim.Config // of the last run
	hosted   bool       // the runs are of goroutines
	log      func(format string, args ...any)
}

func (s *session) newP(base sim.Config) *P {
	p := &P{Seed: base.Seed, Strategy: s.strategy, base: base, at: 1, hosted: s.goroutines}
	if base.Trace != nil {
		p.log = s.t.Logf // this is the run that is told
	}
	return p
}

// stop unwinds the property after a failure.
type stop struct{}

// Draw draws a value from one of rapid's generators, or of this package's. The
// label names it in reports and in replay files, a second one of the same label as
// "label#2". Everything is drawn before the run: a draw inside it would depend on
// what the faults did to the run, so that no fault could be taken out alone. Such a
// draw fails the run.
//
// In a replay, the value is the one in the file. So a failure can be saved if its
// values survive being written as JSON and read again: those of this package do.
func Draw[V any](p *P, g *rapid.Generator[V], label string) V {
	return draw(p, g, label, valueForm[V]())
}

// draw is Draw for values that have a JSON form of their own.
func draw[V any](p *P, g *rapid.Generator[V], label string, as form[V]) V {
	if p.running {
		problem := fmt.Errorf("proptest.Draw was called for %q inside a run; draw everything before P.Run, and use World.Rand inside", label)
		if w := sim.Current(); w != nil {
			w.Fail(problem)
		}
		panic(problem)
	}
	name := p.names.of(label)
	if p.given != nil {
		v := take(p, name, as)
		p.identify(&v, name)
		return v
	}
	// One generator more than needed, for the log: it consumes nothing.
	d := rapid.Map(g, func(v V) drawn[V] { return drawn[V]{v} }).Draw(p.t, label)
	if v, ok := any(p.base.Faults).(*V); ok && v != nil && p.overruled(name) {
		d.value = *v
	}
	p.drawn = append(p.drawn, d)
	if p.record != nil {
		p.record.add(name, d.value, func() ([]byte, error) { return as.write(d.value) })
	}
	p.identify(&d.value, name)
	return d.value
}

// identify names the steps of a value that is a workload.
func (p *P) identify(v any, name string) {
	if w, ok := v.(interface {
		identify(of string, steps *sim.Steps)
	}); ok {
		w.identify(name, p.base.Steps)
	}
}

// overruled says that not the draw of this name counts but the schedule of the
// configuration, although the values are drawn: because there are none in it, or
// some cannot be written.
func (p *P) overruled(name string) bool {
	if len(p.base.Data) == 0 {
		return name == faultsLabel
	}
	return slices.ContainsFunc(p.base.Data, func(d sim.Datum) bool { return d.Name == name && string(d.Value) == inSchedule })
}

// Faults draws a schedule: see Schedules.
func (p *P) Faults(options ...Option) fault.Schedule {
	if p.hosted {
		options = append(options[:len(options):len(options)], haveSockets)
	}
	return Draw(p, Schedules(options...), faultsLabel)
}

// Run runs the scenario in a world with the seed of the try and a schedule. If it
// fails, Run does not return: the property ends there, and Check reports it.
func (p *P) Run(faults fault.Schedule, scenario func(w *sim.World)) *sim.Report {
	return p.RunConfig(sim.Config{Seed: p.Seed, Faults: &faults}, scenario)
}

// RunConfig is Run for a whole configuration, such as one of Configs.
func (p *P) RunConfig(c sim.Config, scenario func(w *sim.World)) *sim.Report {
	p.runs++
	c = p.config(c)
	p.running = true
	r := sim.Run(c, scenario)
	p.running = false
	p.last, p.reports, p.ran = r, append(p.reports, r), c
	if r.Err != nil {
		p.Fail(r.Err)
	}
	return r
}

// config is what a run of the property's is made of: the property's own words, over
// which those of a replay or of the minimiser go, in the one run that they are about.
func (p *P) config(own sim.Config) sim.Config {
	switch {
	case p.base.Strategy != "":
		own.Strategy = p.base.Strategy
	case own.Strategy == "":
		own.Strategy = p.Strategy
	}
	if p.hosted {
		own.Strategy, own.Deviations = "", nil // whose turn it is, is the host's
	}
	if p.runs != p.at {
		return p.base.Beside(own)
	}
	c := p.base // with what this package does not know of it
	c.Seed, c.Link, c.Strategy, c.MaxSteps, c.Stall, c.Data = own.Seed, own.Link, own.Strategy, own.MaxSteps, own.Stall, nil
	if c.Faults == nil {
		c.Faults = own.Faults
	}
	if c.Deviations == nil {
		c.Deviations = own.Deviations
	}
	if c.Steps == nil {
		c.Steps = own.Steps
	}
	if c.Sizes == nil {
		c.Sizes = own.Sizes
	}
	if c.Horizon == 0 {
		c.Horizon = own.Horizon
	}
	c.Calm = max(c.Calm, own.Calm)
	if given := p.base.Trace; given == nil {
		c.Trace = own.Trace
	} else if own.Trace != nil {
		c.Trace = func(r sim.Record) { given(r); own.Trace(r) }
	}
	return c
}

// Fail fails the property, for instance with what a check of the finished run
// found. It does not return. Inside a run, use World.Fail.
func (p *P) Fail(err error) {
	if err == nil {
		err = fmt.Errorf("P.Fail was called with a nil error; it needs one that says what went wrong")
	}
	// Of goroutines, who has made a run still belongs to its world when it is over.
	if w := sim.Current(); w != nil && (p.running || !p.hosted) {
		w.Fail(err)
		return
	}
	if p.failure == nil {
		p.failure = &failure{err: err, report: p.last, seed: p.Seed}
	}
	panic(stop{})
}

// Logf writes a line into the report of a failing try, and nowhere otherwise.
func (p *P) Logf(format string, args ...any) {
	switch {
	case p.log != nil:
		p.log(format, args...)
	case p.t != nil:
		p.t.Logf(format, args...)
	}
}
