package sim

import (
	"errors"
	"fmt"
	"time"

	"samerun/internal/story"
	"samerun/sched"
	"samerun/sim/fault"
)

// Report is what a run leaves.
type Report struct {
	Seed     uint64
	Err      error         // nil if all went well; a *RunError otherwise
	Digest   string        // of the trace: 16 hexadecimal digits; empty after a stall
	Virtual  time.Duration // virtual time at the end
	Events   uint64        // events of the clock and turns of tasks
	Messages MessageCounts
	Faults   []FaultCount
	// Schedule is what World.Inject drew or Config.Faults gave, nil if neither.
	Schedule *fault.Schedule
	// Outcomes has one entry for each element of Schedule.
	Outcomes []FaultOutcome
	// Deviations are those of Config; Unmet are those that never came up.
	Deviations []sched.Deviation
	Unmet      []sched.Deviation
	// Steps are the steps of workloads that were begun, in order, Sizes the numbers
	// that World.Size returned, and Horizon is the time that the scenario gave to
	// World.Horizon, 0 if it did not. Missed says what of Config.Steps and
	// Config.Sizes was not asked for.
	Steps   Steps
	Sizes   []Size
	Horizon time.Duration
	Missed  []string
	// Properties has every property that was stated, in the order in which they
	// were first mentioned.
	Properties []PropertyCount

	places   []string // of each of Deviations in words, empty if it never came up
	attached []attachment
	choices  uint64   // how often there were several tasks that could run
	past     []string // ways past the disks of nodes that their programs have taken
	nodes    []string // the names of the nodes that were started, the main node left out

	sent       []story.Event // what nodes sent each other by sockets, if it was noted
	sentBefore int           // how much there was before that
}

// RunError is a failure together with what is needed to see it again.
type RunError struct {
	Seed uint64
	At   time.Duration // virtual time; 0 if it is not known
	Err  error         // for instance *PropertyError, or one of package sched's
}

func (e *RunError) Error() string {
	if e.At == 0 {
		return fmt.Sprintf("seed %d: %v", e.Seed, e.Err) // at the start, or before it
	}
	return fmt.Sprintf("seed %d at %v: %v", e.Seed, e.At, e.Err)
}

// Unwrap returns the failure itself.
func (e *RunError) Unwrap() error { return e.Err }

// Run runs the scenario once, in a world of its own, and reports. It is over
// when fn has returned, every Eventually is decided and that instant has come to
// its end, or when something fails. Its nodes run tasks: a run of goroutines belongs to a
// process that is built for it and makes that run alone, which is what Test and TestRuns see to.
// Runs share nothing: any number of them may go on at the same time.
func Run(cfg Config, fn func(w *World)) *Report {
	if fn == nil {
		return &Report{Seed: cfg.Seed, Err: &RunError{Seed: cfg.Seed, Err: errNilScenario}}
	}
	w, err := newWorld(cfg)
	if err != nil {
		return &Report{Seed: cfg.Seed, Err: &RunError{Seed: cfg.Seed, Err: err}}
	}
	if cfg.begun != nil {
		cfg.begun(w)
	}
	w.fault.configured(w.cfg.Link)
	err = w.s.Run(func() {
		fn(w)
		w.finish()
	})
	if errors.As(err, new(*sched.PanicError)) && w.props.looking != "" {
		err = fmt.Errorf("while property %q was looked at: %w", w.props.looking, err)
	}
	var stall *sched.StallError
	if errors.As(err, &stall) {
		// The stuck task may still be about: nothing of the world is safe to read.
		return &Report{Seed: cfg.Seed, Err: &RunError{Seed: cfg.Seed, Err: err}}
	}
	return w.report(err)
}

func (w *World) report(err error) *Report {
	if err != nil {
		err = &RunError{Seed: w.cfg.Seed, At: w.Elapsed(), Err: err}
	}
	r := &Report{
		Seed:     w.cfg.Seed,
		Err:      err,
		Digest:   w.s.Digest(),
		Virtual:  w.Elapsed(),
		Events:   w.s.Clock().Fired() + w.s.Steps(),
		Messages: w.count,
		Faults:   w.fault.list(),
	}
	for _, c := range w.props.counts {
		r.Properties = append(r.Properties, *c)
	}
	if w.inj != nil {
		r.Schedule, r.Outcomes = &w.inj.plan, w.inj.outcomes()
	}
	w.lookedAtAll()
	r.sent, r.sentBefore = w.trafficEvents()
	if w.cfg.reported != nil {
		w.cfg.reported(w)
	}
	r.attached, r.choices = w.attached, w.s.Choices()
	if w.counting != nil {
		w.cfg.counted(w.counting)
	}
	if w.recording != nil {
		w.cfg.recorded(w.recording.Deviations())
	}
	if w.seen != nil {
		w.cfg.saw(&saw{seen: w.seen.set.Seen(), turns: w.seen.sample.turns})
	}
	r.Steps, r.Sizes, r.Horizon, r.Missed = w.work.done, w.work.sizes, w.work.horizon, w.work.unmet(&w.cfg)
	for _, n := range w.nodes[1:] {
		if n.boots > 0 {
			r.nodes = append(r.nodes, n.name)
		}
	}
	if w.dirs != "" {
		r.past = w.host.DiskNotes()
	}
	r.Deviations = w.cfg.Deviations
	for _, d := range w.cfg.Deviations {
		if !w.deviating.Met(d) {
			r.Unmet = append(r.Unmet, d)
		}
		r.places = append(r.places, w.deviating.Place(d))
	}
	return r
}
