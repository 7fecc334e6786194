package sched

import (
	"fmt"
	"time"
)

// Config says how a run is scheduled. The zero value is a calm run: seed 0,
// first come first served.
type Config struct {
	// Seed decides the schedule. At seed 0 the order is FIFO.
	Seed uint64
	// Forks let other seeds decide from virtual times on. Strategy has forks of its own:
	// StrategySpec.NewForked.
	Forks []Fork
	// Strategy overrides what the seed decides; ParseStrategy makes one. nil
	// means FIFO at seed 0 and Random otherwise. It serves this run only.
	Strategy Strategy
	// MaxSteps is how much may happen at one virtual instant (tasks' turns and
	// events together) before the run is declared a livelock. 0 means a million.
	MaxSteps int
	// Stall is how long, in real time, a task may run without waiting for
	// anything before the run is given up. 0 means ten seconds. A task that is
	// seen to block for real is reported in a tenth of that, or a little more.
	Stall time.Duration
	// Quiet, if set, is called when nothing is left to do at the present
	// instant, before time moves on and before the run ends. It must not block.
	Quiet func()
	// Late, if set, is told of a goroutine which is no task of the run and called into
	// it when it had ended: an *IntruderError. It is called by that goroutine, at any
	// time. nil writes it to the standard error output.
	Late func(error)
	// Host, if set, runs each task as a goroutine, in the order and in the time of the
	// host: Strategy, MaxSteps and Stall are not asked. One scheduler of a process may run on a
	// host at a time.
	Host Host
	// Value is what Root().Value() returns: for the owner of the run, so that
	// code in a task can find it by Running.
	Value any
}

func (c *Config) check() error {
	if c.MaxSteps < 0 {
		return fmt.Errorf("sched.Config.MaxSteps is %d; it counts steps and cannot be negative (0 means a million)", c.MaxSteps)
	}
	if c.Stall < 0 {
		return fmt.Errorf("sched.Config.Stall is %v; it is a duration and cannot be negative (0 means ten seconds)", c.Stall)
	}
	if err := CheckForks(c.Forks); err != nil {
		return fmt.Errorf("sched.Config.Forks: %w", err)
	}
	if c.MaxSteps == 0 {
		c.MaxSteps = 1_000_000
	}
	if c.Stall == 0 {
		c.Stall = 10 * time.Second
	}
	if c.Strategy == nil {
		c.Strategy = DefaultStrategy(c.Seed)
	}
	return nil
}

// DefaultStrategy returns the strategy that a seed has if no other is asked for: FIFO at
// seed 0, Random otherwise.
func DefaultStrategy(seed uint64) Strategy {
	if seed == 0 {
		return &FIFO{}
	}
	return NewRandom(seed)
}
