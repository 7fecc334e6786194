package sim

import (
	"fmt"

	"samerun/sched"
)

// strategy returns what orders the tasks of a run.
func (c *Config) strategy() (sched.Strategy, error) {
	if c.Strategy != nil {
		if c.Order != "" {
			return nil, fmt.Errorf("sim.Config has both a Strategy and an Order (%q); give one of them", c.Order)
		}
		return c.Strategy, nil
	}
	spec, err := sched.ParseStrategy(c.Order)
	if err != nil {
		return nil, fmt.Errorf("sim.Config.Order: %w", err)
	}
	s, err := spec.New(c.Seed)
	if err != nil {
		return nil, fmt.Errorf("sim.Config.Order: %w", err)
	}
	return s, nil
}

// order sets up how the tasks of the world are ordered.
func (w *World) order() (sched.Strategy, error) {
	s, err := w.cfg.strategy()
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
	if w.cfg.recorded != nil {
		w.recording = sched.NewRecording(s)
		s = w.recording
	}
	return s, nil
}

// orderFor is the strategy of a test's seeds. One that wants to know how long a run
// is (see sched.StrategySpec.NeedsLength) is told by a calm run, the same for every
// seed, so that a seed's run does not depend on which were run before.
func (x *tester) orderFor(text string) sched.StrategySpec {
	spec, err := sched.ParseStrategy(text)
	if err != nil || !spec.NeedsLength() {
		return spec // readEnv has looked at it
	}
	_, calm := x.exec(Config{Order: "fifo"})
	return spec.WithLength(sched.EstimateLength(calm.Choices))
}
