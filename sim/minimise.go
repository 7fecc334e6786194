package sim

import (
	"context"
	"errors"
	"fmt"
	"time"

	"samerun/internal/trial"
	"samerun/sched"
	"samerun/sim/fault"
	"samerun/sim/shrink"
)

// Input is what the minimiser makes smaller of a replay.
func (p *Replay) Input() shrink.Input {
	in := shrink.Input{Seed: p.Seed, Deviations: p.Deviations, Strategy: p.Strategy, Sizes: p.Sizes, Calm: uint8(p.Calm), Horizon: p.Horizon}
	if p.Schedule != nil {
		in.Schedule = *p.Schedule
	}
	if p.Steps != nil {
		in.Steps = *p.Steps
	}
	return in
}

// With returns a replay that looks for the same failure with another input. What
// it says of the run, such as the digest, is that of p still.
func (p *Replay) With(in shrink.Input) *Replay {
	q := *p
	q.Seed = in.Seed
	q.Deviations, q.Strategy, q.Sizes, q.Calm, q.Horizon, q.Idle = in.Deviations, in.Strategy, in.Sizes, Calm(in.Calm), in.Horizon, nil
	if p.Schedule != nil || in.Schedule.Size() > 0 {
		q.Schedule = &in.Schedule
	}
	// No steps at all is not the same as a scenario that has none.
	if p.Steps != nil || len(in.Steps) > 0 {
		steps := Steps(in.Steps)
		q.Steps = &steps
	}
	return &q
}

// probing is a configuration whose run fills in what it was made of. take does the
// rest when the run is over.
func probing(cfg Config) (Config, *trial.Probe) {
	p := &trial.Probe{}
	cfg.mishap = func(f fault.Fault) { p.Mishaps.Faults = append(p.Mishaps.Faults, f) }
	cfg.hit = func(h shrink.Hit) { p.Hits = append(p.Hits, h) }
	cfg.recorded = func(list []sched.Deviation) { p.Deviations = list }
	return cfg, p
}

func take(p *trial.Probe, r *Report) {
	p.Steps, p.Sizes, p.Horizon, p.Nodes = r.Steps, r.Sizes, r.Horizon, r.Nodes
}

// probe runs a configuration and lists what it was made of.
func probe(cfg Config, run func(Config) (Config, *Report)) *trial.Probe {
	cfg, p := probing(cfg)
	_, r := run(cfg)
	take(p, r)
	return p
}

// defaultShrink is how long a failing test looks for a smaller input, if the
// environment does not say otherwise.
const defaultShrink = 5 * time.Second

// Reseed is how many other seeds the minimiser tries for what the seed that failed
// cannot do without.
const Reseed = 60

// minimise looks for a smaller input that fails like the attempt, one run after the
// other. It returns nil if there is none, and what it came to in words.
func (x *tester) minimise(a *attempt) (small *attempt, words string) {
	//samerun:allow wallclock: how long people are willing to wait; the best so far is valid at any time
	ctx, cancel := context.WithTimeout(context.Background(), x.env.shrink)
	defer cancel()
	return x.minimiseUntil(ctx, a)
}

// minimiseUntil is minimise until ctx is done. A run that was begun is ended all the
// same.
func (x *tester) minimiseUntil(ctx context.Context, a *attempt) (small *attempt, words string) {
	if x.env.shrink <= 0 || a.failure == nil || isMarked(a.failure) {
		return nil, ""
	}
	p := newReplay(x.t.Name(), a.cfg, a.report, a.failure)
	made := probe(p.Config(), x.exec)
	in := made.Explicit(p.Input())
	p = p.With(in)
	r, err := shrink.Minimise(ctx, in, func(in shrink.Input) shrink.Verdict {
		return p.verdict(x.run(p.With(in).Config()).failure)
	}, shrink.Options{
		Nodes: made.Nodes, Reseed: Reseed,
		Mishaps: func(in shrink.Input) []fault.Fault {
			return probe(p.With(in).Config(), x.exec).Mishaps.Faults
		},
		Hits: func(in shrink.Input) []shrink.Hit {
			return probe(p.With(in).Config(), x.exec).Hits
		},
		Record: func(in shrink.Input) []sched.Deviation {
			return probe(p.With(in).Config(), x.exec).Deviations
		},
	})
	if err != nil {
		return nil, fmt.Sprintf("it could not be made smaller: %v", err)
	}
	small = x.run(p.With(r.Input).Config())
	switch p.verdict(small.failure) {
	case shrink.Same:
	case shrink.Unknown:
		return nil, stoodStill
	default:
		return nil, "it could not be made smaller: the smallest input failed once and not again"
	}
	return small, Shrunk(r, a.report.Events, small.report.Events)
}

// stoodStill is what is said of an input whose proof was given up by real time.
const stoodStill = "it was not made smaller: a run of the smallest input stood still in real time, perhaps because the machine is busy"

// verdict says what the end of a run says about its input.
func (p *Replay) verdict(failure error) shrink.Verdict {
	switch {
	case failure == nil:
		return shrink.Pass
	case p.alike(failure):
		return shrink.Same
	case errors.As(failure, new(*sched.StallError)):
		// It was given up by real time, which a machine that is busy can do to any run.
		return shrink.Unknown
	}
	return shrink.Other
}

// Shrunk says in words what a minimiser came to: "minimised in 910ms: 41 faults → 2,
// 30 steps → 1, 6112 events → 118". The numbers of events are those of the runs
// before and after.
func Shrunk(r shrink.Result, before, after uint64) string {
	text := fmt.Sprintf("minimised in %v", r.Stats.Time.Round(10*time.Millisecond))
	if !r.Minimal {
		text += ", and not to the end"
	}
	text += ": "
	for _, c := range [...]struct {
		noun          string
		before, after int
	}{
		{"fault", r.Stats.Before.Faults + r.Stats.Mishaps, r.Stats.After.Faults},
		{"step", r.Stats.Before.Steps, r.Stats.After.Steps},
		{"deviation", r.Stats.Before.Deviations, r.Stats.After.Deviations},
	} {
		if c.before > 0 || c.after > 0 {
			text += fmt.Sprintf("%s → %d, ", counted(c.before, c.noun), c.after)
		}
	}
	return text + fmt.Sprintf("%d events → %d", before, after)
}

// isMarked says of a failure that it is a mark on the test, which stays: nobody can
// tell by it whether another run fails.
func isMarked(failure error) bool { return errors.Is(failure, errTestFailed) }
