package proptest

import (
	"fmt"
	"math"
	"runtime/debug"

	"pgregory.net/rapid"

	"samerun/internal/keyed"
	"samerun/sim"
)

// run is one try for sim.TestRuns: of the values in the configuration, or else of
// those that its seed draws. A failure is returned together with its values.
func (s *session) run(cfg sim.Config) (sim.Config, *sim.Report) {
	values, at, err := givenBy(cfg)
	switch {
	case err != nil:
		return cfg, &sim.Report{Seed: cfg.Seed, Err: &sim.RunError{Seed: cfg.Seed, Err: err}}
	case values != nil:
		p := s.newP(cfg)
		p.given, p.at = values, at
		p.whole(s.property)
		return p.result(cfg)
	}
	// Of goroutines a process makes one run and no more.
	p := s.drawnBy(cfg, at, s.goroutines)
	if p.failure != nil && len(cfg.Data) == 0 && !s.goroutines {
		// Once more, and this time what is drawn is written down: that takes longer than
		// many a run does, and of all the seeds in a sweep few fail.
		p = s.drawnBy(cfg, at, true)
	}
	return p.result(cfg)
}

// drawnBy is a try of which the seed draws everything, the same on every machine.
func (s *session) drawnBy(cfg sim.Config, at int, keep bool) *P {
	p := s.newP(cfg)
	g := rapid.Custom(func(t *rapid.T) bool {
		// Again and again, if a generator finds no value that fits; the stream of words
		// goes on.
		p = s.newP(cfg)
		p.t, p.at = t, at
		if keep {
			p.record = &record{}
		}
		roll(t) // rapid wants a draw from every generator, and a property may make none
		p.whole(s.property)
		return true
	})
	func() {
		defer func() {
			if v := recover(); v != nil {
				p.failure = &failure{err: fmt.Errorf("the draws found no value that fits: %v", v)}
			}
		}()
		g.Example(words(cfg.Seed))
	}()
	return p
}

// words returns the number of the stream of words that belongs to a seed. Small
// seeds have one each. rapid takes an int, which has 32 bits on some machines; so
// larger seeds share the negative ones of these.
func words(seed uint64) int {
	if seed <= math.MaxInt32 {
		return int(seed)
	}
	return -1 - int(keyed.Root(seed).Str("words of rapid").Below(math.MaxInt32))
}

// whole calls the property and makes its own panics failures. A generator that
// found no value is none.
func (p *P) whole(property func(*P)) {
	defer func() {
		v := recover()
		if _, stopped := v.(stop); v == nil || stopped || p.failure != nil {
			return
		}
		switch fmt.Sprintf("%T", v) { // rapid does not export these types
		case "rapid.invalidData":
			panic(v)
		case "rapid.stopTest":
			p.failure = &failure{err: fmt.Errorf("%v", v), report: p.last}
		default:
			p.failure = &failure{err: fmt.Errorf("the property panicked: %v\n%s", v, debug.Stack()), report: p.last}
		}
	}()
	property(p)
}

// result is what a try leaves: the report of the run that failed, else of the run
// that the configuration is about or the last, and the configuration that makes the
// try again.
func (p *P) result(cfg sim.Config) (sim.Config, *sim.Report) {
	r := &sim.Report{}
	if p.last != nil {
		*r = *p.last
	}
	if p.failure == nil && p.given != nil && len(p.reports) >= p.at {
		*r = *p.reports[p.at-1]
	}
	r.Seed = cfg.Seed // also if the property chose another for its runs
	if p.runs > 1 {
		// What the minimiser takes out of one run would stay in the others.
		r.Steps, r.Sizes, r.Horizon = nil, nil, 0
	}
	if p.failure == nil {
		if p.given != nil {
			r.Missed = append(r.Missed[:len(r.Missed):len(r.Missed)], p.given.untaken()...)
		}
		return cfg, r
	}
	err := p.failure.err
	if len(cfg.Data) > 0 && p.runs != p.at && p.runs > 0 {
		err = fmt.Errorf("of the try's runs another failed, the one of number %d instead of %d: %v", p.runs, p.at, err)
	}
	if r.Err != err {
		r.Err = &sim.RunError{Seed: cfg.Seed, At: r.Virtual, Err: err}
	}
	if p.record != nil {
		cfg.Data = p.record.data(r.Schedule, p.runs)
		cfg.Faults, cfg.Strategy, cfg.Deviations = r.Schedule, p.ran.Strategy, p.ran.Deviations
		cfg.Steps, cfg.Sizes, cfg.Horizon, cfg.Calm = p.ran.Steps, p.ran.Sizes, p.ran.Horizon, p.ran.Calm
	}
	return cfg, r
}
