package sim

import (
	"context"
	"errors"
	"fmt"
	"time"

	"samerun/internal/wire"
	"samerun/sched"
	"samerun/sim/fault"
	"samerun/sim/replay"
	"samerun/sim/shrink"
)

// probing is a configuration whose run fills in what it was made of. take does the
// rest when the run is over.
func probing(cfg Config) (Config, *wire.Probe) {
	p := &wire.Probe{}
	cfg.mishap = func(f fault.Fault) { p.Mishaps.Faults = append(p.Mishaps.Faults, f) }
	cfg.hit = func(h shrink.Hit) { p.Hits = append(p.Hits, h) }
	cfg.recorded = func(list []sched.Deviation) { p.Deviations = list }
	return cfg, p
}

func take(p *wire.Probe, r *Report) {
	p.Steps, p.Sizes, p.Horizon, p.Nodes = r.Steps, r.Sizes, r.Horizon, r.nodes
}

// probe runs a configuration and lists what it was made of.
func probe(cfg Config, run func(Config) (Config, *Report)) *wire.Probe {
	cfg, p := probing(cfg)
	_, r := run(cfg)
	take(p, r)
	return p
}

// defaultShrink is how long a failing test looks for a smaller input, if the
// environment does not say otherwise.
const defaultShrink = 5 * time.Second

// minimise looks for a smaller input that fails like the attempt, one run after the
// other. It returns nil if there is none, the
// inputs beside it that pass, and what it came to in words.
func (x *tester) minimise(a *attempt) (small *attempt, passing []shrink.Neighbour, words string) {
	//samerun:allow wallclock: how long people are willing to wait; the best so far is valid at any time
	ctx, cancel := context.WithTimeout(context.Background(), x.env.shrink)
	defer cancel()
	return x.minimiseUntil(ctx, a)
}

// minimiseUntil is minimise until ctx is done. A run that was begun is ended all the
// same.
func (x *tester) minimiseUntil(ctx context.Context, a *attempt) (small *attempt, passing []shrink.Neighbour, words string) {
	if x.env.shrink <= 0 || a.failure == nil || isMarked(a.failure) {
		return nil, nil, ""
	}
	p := a.file(x.t.Name())
	made := probe(ConfigOf(p), x.exec)
	in := made.Explicit(p.Input())
	p = p.With(in)
	r, err := shrink.Minimise(ctx, in, func(in shrink.Input) shrink.Verdict {
		return x.run(ConfigOf(p.With(in))).verdict(p)
	}, shrink.Options{
		Nodes: made.Nodes, Reseed: shrink.Reseed,
		Mishaps: func(in shrink.Input) []fault.Fault {
			return probe(ConfigOf(p.With(in)), x.exec).Mishaps.Faults
		},
		Hits: func(in shrink.Input) []shrink.Hit {
			return probe(ConfigOf(p.With(in)), x.exec).Hits
		},
		Record: func(in shrink.Input) []sched.Deviation {
			return probe(ConfigOf(p.With(in)), x.exec).Deviations
		},
	})
	if err != nil {
		return nil, nil, fmt.Sprintf("it could not be made smaller: %v", err)
	}
	small = x.run(ConfigOf(p.With(r.Input)))
	switch small.verdict(p) {
	case shrink.Same:
	case shrink.Unknown:
		return nil, nil, stoodStill
	default:
		return nil, nil, "it could not be made smaller: the smallest input failed once and not again"
	}
	return small, r.Passing, r.Words(a.report.Events, small.report.Events)
}

// stoodStill is what is said of an input whose proof was given up by real time.
const stoodStill = "it was not made smaller: a run of the smallest input stood still in real time, perhaps because the machine is busy"

// verdict says what the end of a run says about its input.
func (a *attempt) verdict(p *replay.File) shrink.Verdict {
	switch {
	case a.failure == nil:
		return shrink.Pass
	case a.fails(p):
		return shrink.Same
	case errors.As(a.failure, new(*sched.StallError)):
		// It was given up by real time, which a machine that is busy can do to any run.
		return shrink.Unknown
	}
	return shrink.Other
}
