package sim

import (
	"errors"
	"fmt"
	"time"

	"samerun/internal/host"
	"samerun/sched"
	"samerun/sim/fault"
	"samerun/sim/replay"
	"samerun/sim/shrink"
)

// Config is the input of a run, next to the program itself. The zero value is
// the calm run: seed 0, fixed latencies, first come first served.
type Config struct {
	// Seed decides everything that is left to chance.
	Seed uint64
	// Forks let other seeds decide from virtual times on: until the first, the run is that
	// without them, to the bit.
	Forks []Fork
	// Link is how every directed link behaves until Link.Set says otherwise.
	// The zero value means DefaultLink.
	Link LinkConfig
	// Strategy says in which order tasks run, in the words of sched.ParseStrategy, such
	// as "pct:3". Empty is what the seed decides.
	Strategy string
	// MaxSteps is how much may happen at one virtual instant before the run is
	// declared a livelock. 0 means a million.
	MaxSteps int
	// Stall is how long, in real time, a task may compute without waiting before
	// the run is given up. 0 means ten seconds.
	Stall time.Duration
	// Faults, if set, is the schedule of the run, instead of the one that the
	// scenario would draw by World.Inject.
	Faults *fault.Schedule
	// Deviations are scheduling decisions that differ from the strategy's.
	Deviations []sched.Deviation
	// Steps, if set, are the steps of the scenario's workloads that are done; see
	// World.Steps. Without it, all are.
	Steps *Steps
	// Sizes are numbers that World.Size returns instead of those that the seed
	// chooses.
	Sizes []Size
	// Horizon, if positive, is the longest time that World.Horizon returns.
	Horizon time.Duration
	// Data are values that whoever makes the runs has drawn; see TestRuns. A world
	// does not look at them. Replay files keep them.
	Data []Datum
	// Calm takes chance out of the network; see its values.
	Calm Calm
	// Trace, if set, is called with every record of the trace, in order. It must
	// not call into the world. The digest is computed in any case.
	Trace func(Record)

	asides  bool              // Trace is told of what is no record of the digest, too; see aside.go
	host    host.Host         // runs the world as goroutines; nil for tasks
	search  sched.Strategy    // orders the tasks instead of Strategy: a step of an exhaustive search
	decided func(decision)    // is told what faults decide; for tests
	begun   func(*World)      // is told the world of the run
	patient bool              // it is never given up as stalled
	saw     func(*saw)        // is told what the run has seen; nil if nobody wants to know
	mishap  func(fault.Fault) // is told what chance does to a message, as the element that does the same
	hit     func(shrink.Hit)  // is told which messages the schedule befalls
	// recorded is told the order of the run at its end, as deviations from FIFO.
	recorded func([]sched.Deviation)
	// counted is told at the end how many turns the tasks have had.
	counted  func(*sched.Counting)
	reported func(*World)                  // is called when a run on a host is over
	tracked  func(r Record, digest string) // as Trace, with the digest of the run up to the record
	cleanup  func(func())                  // has a function called when the test has ended
	late     func(error)                   // is told who called in after the run, as sched.Config.Late
}

// Beside returns the configuration of another run of a try that run is about: own, on the
// same engine. It is for packages that make runs in their own way; see TestRuns.
func (run Config) Beside(own Config) Config {
	own.host, own.cleanup = run.host, run.cleanup
	return own
}

// Datum is a value of a name, as JSON.
type Datum = replay.Datum

// Fork says from which virtual time on another seed decides.
type Fork = sched.Fork

// Calm says how much of a run's network is taken out of the hands of chance, while
// the seed keeps deciding everything else. The minimiser raises it.
type Calm = shrink.Calm

// The grades of calm; package shrink tells what each is. The zero value leaves
// everything to chance.
const (
	Rough        = shrink.Rough
	NoMishaps    = shrink.NoMishaps
	FixedLatency = shrink.FixedLatency
)

// Durations is a range of durations, both ends included, from which one is drawn
// with equal chances. At seed 0 it is always the middle. Where one is wanted,
// Min is positive and Max is not below it and at most 100 years.
type Durations = fault.Durations

// Million is the whole of a probability: parts per million.
const Million = fault.Million

// LinkConfig says how a directed link treats messages. Probabilities are whole
// parts per million, because floating point differs between processors.
type LinkConfig struct {
	// Latency of each message, drawn anew for each, so that a later one may
	// overtake an earlier one. At least one nanosecond.
	Latency Durations
	// Loss is the chance that a message is lost.
	Loss int64
	// Duplicate is the chance that a message arrives twice; the second time
	// after a latency of its own.
	Duplicate int64
	// Reorder is the chance that a message is held back by Late on top of its
	// latency, so that others overtake it.
	Reorder int64
	// Late is by how much reordered messages come late. The zero value means
	// from one to ten times the largest latency.
	Late Durations
}

// longest is the largest latency, far enough from the end of time (292 years)
// that a sum of two is before it.
const longest = 100 * 365 * 24 * time.Hour

// DefaultLink is a local network: 0.2 to 0.8 ms, and nothing goes wrong.
func DefaultLink() LinkConfig {
	return LinkConfig{Latency: Durations{Min: 200 * time.Microsecond, Max: 800 * time.Microsecond}}
}

func (c *Config) check() error {
	if c.Calm > FixedLatency {
		return fmt.Errorf("sim.Config.Calm is %d; the highest grade is %d", c.Calm, FixedLatency)
	}
	if err := sched.CheckForks(c.Forks); err != nil {
		return fmt.Errorf("sim.Config.Forks: %w", err)
	}
	if c.Horizon < 0 {
		return fmt.Errorf("sim.Config.Horizon is %v; it is a time in which something can happen, and cannot be negative", c.Horizon)
	}
	if c.Link == (LinkConfig{}) {
		c.Link = DefaultLink()
	}
	if err := c.Link.check(); err != nil {
		return fmt.Errorf("sim.Config.Link: %w", err)
	}
	return nil
}

func (c *LinkConfig) check() error {
	if c.Latency == (Durations{}) {
		c.Latency = DefaultLink().Latency
	}
	if c.Late == (Durations{}) {
		c.Late = Durations{Min: c.Latency.Max, Max: 10 * min(c.Latency.Max, longest/10)}
	}
	for _, r := range [...]struct {
		name string
		Durations
	}{{"Latency", c.Latency}, {"Late", c.Late}} {
		if r.Min <= 0 || r.Max < r.Min || r.Max > longest {
			return fmt.Errorf("%s is %v to %v; a range needs 0 < Min ≤ Max ≤ 100 years", r.name, r.Min, r.Max)
		}
	}
	for _, p := range [...]struct {
		name string
		ppm  int64
	}{{"Loss", c.Loss}, {"Duplicate", c.Duplicate}, {"Reorder", c.Reorder}} {
		if p.ppm < 0 || p.ppm > Million {
			return fmt.Errorf("%s is %d parts per million; it must lie between 0 and %d", p.name, p.ppm, Million)
		}
	}
	return nil
}

var errNilScenario = errors.New("the scenario is nil: give sim.Run or sim.Test a func(w *sim.World)")
