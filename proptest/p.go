package proptest

import (
	"fmt"

	"pgregory.net/rapid"

	"samerun/sim"
	"samerun/sim/fault"
)

// P is one try of a property: it draws, then runs. Check and MakeFuzz make it.
//
// Invariants: failure is the first failure and never replaced; running is true
// while a world that Run made is at work.
type P struct {
	// Seed is the seed of the runs. It was drawn before anything else, small ones
	// first; 0 is the calm run. A property that wants another may set it.
	Seed uint64

	t       *rapid.T
	running bool
	failure *failure
	drawn   []fmt.GoStringer // by Draw
	last    *sim.Report      // of the last run
	reports []*sim.Report    // of all runs
}

// stop unwinds the property after a failure.
type stop struct{}

// Draw draws a value from one of rapid's generators, or of this package's. The
// label names it in the report. Everything is drawn before the run: a draw inside
// it would depend on what the faults did to the run, so that no fault could be
// taken out alone. Such a draw fails the run.
func Draw[V any](p *P, g *rapid.Generator[V], label string) V {
	if p.running {
		problem := fmt.Errorf("proptest.Draw was called for %q inside a run; draw everything before P.Run, and use World.Rand inside", label)
		if w := sim.Current(); w != nil {
			w.Fail(problem)
		}
		panic(problem)
	}
	// One generator more than needed, for the log: it consumes nothing.
	d := rapid.Map(g, func(v V) drawn[V] { return drawn[V]{v} }).Draw(p.t, label)
	p.drawn = append(p.drawn, d)
	return d.value
}

// Faults draws a schedule: see Schedules.
func (p *P) Faults(options ...Option) fault.Schedule {
	return Draw(p, Schedules(options...), "faults")
}

// Run runs the scenario in a world with the seed of the try and a schedule. If it
// fails, Run does not return: the property ends there, and Check reports it.
func (p *P) Run(faults fault.Schedule, scenario func(w *sim.World)) *sim.Report {
	return p.RunConfig(sim.Config{Seed: p.Seed, Faults: &faults}, scenario)
}

// RunConfig is Run for a whole configuration, such as one of Configs.
func (p *P) RunConfig(c sim.Config, scenario func(w *sim.World)) *sim.Report {
	p.running = true
	r := sim.Run(c, scenario)
	p.running = false
	p.last, p.reports = r, append(p.reports, r)
	if r.Err != nil {
		p.Fail(r.Err)
	}
	return r
}

// Fail fails the property, for instance with what a check of the finished run
// found. It does not return. Inside a run, use World.Fail.
func (p *P) Fail(err error) {
	if err == nil {
		err = fmt.Errorf("P.Fail was called with a nil error; it needs one that says what went wrong")
	}
	if w := sim.Current(); w != nil {
		w.Fail(err)
		return
	}
	if p.failure == nil {
		p.failure = &failure{err: err, report: p.last, seed: p.Seed}
	}
	panic(stop{})
}

// Logf writes a line into the report of a failing try, and nowhere otherwise.
func (p *P) Logf(format string, args ...any) { p.t.Logf(format, args...) }
