package sim

import (
	"fmt"

	"samerun/sched"
)

// newStrategy returns what orders the tasks of a run.
func (c *Config) newStrategy() (sched.Strategy, error) {
	if c.search != nil {
		return c.search, nil
	}
	spec, err := sched.ParseStrategy(c.Strategy)
	if err != nil {
		return nil, fmt.Errorf("sim.Config.Strategy: %w", err)
	}
	s, err := spec.NewForked(c.Seed, c.Forks)
	if err != nil {
		return nil, fmt.Errorf("sim.Config.Strategy: %w", err)
	}
	return s, nil
}

// strategy sets up how the tasks of the world are ordered.
func (w *World) strategy() (sched.Strategy, error) {
	s, err := w.cfg.newStrategy()
	if err != nil {
		return nil, err
	}
	if err := sched.CheckDeviations(w.cfg.Deviations); err != nil {
		return nil, fmt.Errorf("sim.Config.Deviations: %w", err)
	}
	if len(w.cfg.Deviations) > 0 {
		w.deviating = sched.NewDeviating(s, w.cfg.Deviations)
		s = w.deviating
	}
	if w.seen != nil {
		s = sched.NewWatching(s, w.seen.sample.turn)
	}
	if w.cfg.counted != nil {
		w.counting = sched.NewCounting(s)
		s = w.counting
	}
	if w.cfg.recorded != nil {
		w.recording = sched.NewRecording(s)
		s = w.recording
	}
	return s, nil
}

// strategyOnce is the text of strategyFor, whose calm run is made once in a process. A text that
// says all by itself stays as it is.
func (x *tester) strategyOnce(text string) string {
	if !x.prepared || x.asked != text {
		x.prepared, x.asked, x.strategy = true, text, x.strategyFor(text)
	}
	return x.strategy.String()
}

// strategyFor is the strategy of a test's seeds. One that wants to know how long a run
// is (see sched.StrategySpec.NeedsLength), or how many turns each task has (NeedsEvents), is
// told by a calm run, the same for every seed, so that a seed's run does not depend on
// which were run before.
func (x *tester) strategyFor(text string) sched.StrategySpec {
	spec, err := sched.ParseStrategy(text)
	if err != nil || !spec.NeedsLength() && !spec.NeedsEvents() {
		return spec // readEnv has looked at it
	}
	counted := func(c *sched.Counting) { spec = spec.WithEvents(c) }
	if !spec.NeedsEvents() {
		counted = nil
	}
	_, calm := x.exec(Config{Strategy: "fifo", counted: counted})
	return spec.WithLength(sched.EstimateLength(calm.choices))
}
