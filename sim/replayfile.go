package sim

import (
	"fmt"
	"runtime"
	"slices"

	"samerun/sim/replay"
)

// ConfigOf returns the input of the run that a saved failure is of.
func ConfigOf(p *replay.File) Config {
	return Config{
		Seed: p.Seed, Faults: p.Schedule, Deviations: p.Turns(),
		Steps: p.Steps, Sizes: p.Sizes, Horizon: p.Horizon, Calm: p.Calm, Strategy: p.Strategy, Data: p.Data,
	}
}

// file is a failed attempt of a test as it is saved.
func (a *attempt) file(test string) *replay.File {
	cfg, r := a.cfg, a.report
	p := &replay.File{
		World: replay.Tasks, Test: test, Package: packageDir(), Seed: r.Seed, Schedule: r.Schedule,
		Steps: cfg.Steps, Sizes: cfg.Sizes, Horizon: cfg.Horizon, Calm: cfg.Calm, Strategy: cfg.Strategy, Data: cfg.Data,
		Failure: FailureOf(a.failure).Plain(), Digest: r.Digest, Go: runtime.Version(), Samerun: replay.Samerun,
	}
	p.At = r.Virtual
	for _, o := range r.Outcomes {
		if o.Fired == 0 {
			p.Idle = append(p.Idle, o.Index)
		}
	}
	// A deviation that never came up changed nothing, not even the trace.
	for _, d := range r.Deviations {
		if !slices.Contains(r.Unmet, d) {
			p.Deviations = append(p.Deviations, replay.Deviation{Turn: d})
		}
	}
	return p
}

// fails says that an attempt failed like the record.
func (a *attempt) fails(p *replay.File) bool {
	if a.failure == nil {
		return false
	}
	f := FailureOf(a.failure)
	return p.Alike(&f)
}

// cameTo is what an attempt at a saved failure came to.
func (a *attempt) cameTo(p *replay.File) *replay.Run {
	r := &replay.Run{Digest: a.report.Digest, Unmet: unmet(p, a.report)}
	if a.failure != nil {
		f := FailureOf(a.failure)
		r.Failure = &f
	}
	return r
}

// unmet lists the keys of the schedule and the deviations that were not met,
// though they were when the failure was recorded.
func unmet(p *replay.File, r *Report) (out []string) {
	for _, o := range r.Outcomes {
		if _, idle := slices.BinarySearch(p.Idle, o.Index); o.Fired == 0 && !idle {
			out = append(out, fmt.Sprintf("%v: %s", o.Fault, o.Why))
		}
	}
	out = append(out, r.Missed...)
	for _, d := range r.Unmet {
		out = append(out, fmt.Sprintf("deviation %v: the task was not ready so often", d))
	}
	return out
}
