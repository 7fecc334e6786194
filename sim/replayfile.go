package sim

import (
	"fmt"
	"runtime"
	"slices"

	"samerun/internal/text"
	"samerun/sim/replay"
)

// ConfigOf returns the input of the run that a saved failure is of.
func ConfigOf(p *replay.File) Config {
	return Config{
		Seed: p.Seed, Forks: p.Forks, Faults: p.Schedule, Deviations: p.Turns(),
		Steps: p.Steps, Sizes: p.Sizes, Horizon: p.Horizon, Calm: p.Calm, Strategy: p.Strategy, Data: p.Data,
	}
}

// file is a failed attempt of a test as it is saved.
func (a *attempt) file(test string) *replay.File {
	cfg, r := a.cfg, a.report
	p := &replay.File{
		World: replay.Tasks, Test: test, Package: packageDir(), Seed: r.Seed, Forks: cfg.Forks, Schedule: r.Schedule,
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
	for i, d := range r.Deviations {
		if !slices.Contains(r.Unmet, d) {
			p.Deviations = append(p.Deviations, replay.Deviation{Turn: d, Place: r.inWords(i)})
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
		key := d.String()
		if i := slices.IndexFunc(p.Deviations, func(x replay.Deviation) bool { return x.Turn == d }); i >= 0 {
			key = p.Deviations[i].Key()
		}
		out = append(out, fmt.Sprintf("deviation %q: the task was not ready so often", key))
	}
	return out
}

// inWords tells what the i-th deviation is, or nothing if it is not known where that came up.
func (r *Report) inWords(i int) string {
	if i >= len(r.places) || r.places[i] == "" {
		return ""
	}
	d, others := r.Deviations[i], "all others go first"
	switch {
	case d.Shift == 1:
		others = "1 that became ready later goes first"
	case d.Shift > 1:
		others = fmt.Sprintf("%d that became ready later go first", d.Shift)
	}
	return fmt.Sprintf("%s, ready for the %s time: %s", r.places[i], text.Ordinal(d.Ready), others)
}
