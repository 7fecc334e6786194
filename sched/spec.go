package sched

import (
	"errors"
	"fmt"
	"strconv"

	"samerun/internal/pick"
)

// StrategySpec names a strategy with its numbers, as a user asks for it. It is a
// value that can be compared. The zero value asks for none: a seed then has the
// strategy of DefaultStrategy.
//
// The grammar is in package pick, for ordinary Go as well.
type StrategySpec struct{ by pick.Spec }

// ParseStrategy reads what String writes:
//
//	fifo            first come, first served
//	random          a priority for each task that becomes ready; the default
//	walk            each ready task has the same chance
//	pct:3:4096      PCT for bugs of depth 3 in runs with 4096 choices
//	pos             partial order sampling
//	delay:2:4096    FIFO with 2 delays among 4096 choices
//	urw             each order of all events has the same chance
//	surw            each order of some events has the same chance
//	exhaustive:2    every schedule with at most 2 deviations from FIFO
//	exhaustive:dpor every schedule but for those that are equivalent to others
//
// The last number may be left out. Without a length see NeedsLength; "pct" has
// depth 3 and "delay" two delays; "exhaustive" has no bound. Behind "urw" and "surw" stands
// how many events tasks have, as WithEvents writes it: see NeedsEvents. The empty text is the
// zero StrategySpec. The error is one sentence that lists the choices.
func ParseStrategy(text string) (StrategySpec, error) {
	spec, problem := pick.ParseSpec(text)
	if problem == "" {
		return StrategySpec{spec}, nil
	}
	quoted := strconv.Quote(text)
	if len(text) > 40 {
		quoted = strconv.Quote(text[:40]) + "…"
	}
	return StrategySpec{}, fmt.Errorf("strategy %s: %s; %s", quoted, problem, pick.SpecChoices)
}

// String writes the spec as ParseStrategy reads it; "" for the zero value.
func (p StrategySpec) String() string { return p.by.String() }

// NeedsLength says that the strategy works best if it is told how many choices a
// run has (Scheduler.Choices), and that the spec does not say.
func (p StrategySpec) NeedsLength() bool { return p.by.Kind.HasLength() && p.by.Length == 0 }

// WithLength returns the spec with a length of 1 choice or more, if it needs one,
// and otherwise as it is.
func (p StrategySpec) WithLength(choices int) StrategySpec {
	return StrategySpec{p.by.WithLength(uint64(max(choices, 0)))}
}

// NeedsEvents says that the strategy works best if it is told how many events each
// task has, and that the spec does not say: have a Counting count those of a calm run.
func (p StrategySpec) NeedsEvents() bool { return p.by.Kind.HasWeights() && !p.by.Weights.Known() }

// WithEvents returns the spec with the events that were counted, if it needs them, and
// otherwise as it is.
func (p StrategySpec) WithEvents(c *Counting) StrategySpec {
	if !p.NeedsEvents() {
		return p
	}
	w := pick.WeightsOf(p.by.Kind, c.all)
	return StrategySpec{p.by.WithWeights(&w)}
}

// EstimateLength returns the length for WithLength, given the choices of one run,
// mostly a calm one (Scheduler.Choices): half as many again, and then the next power
// of two above. More, because FIFO lets tasks end together, so that other schedules
// have more choices, and PCT changes nothing behind the length; a power of two, so
// that a small edit of the program leaves the length, and with it what the seeds
// mean, as it was.
func EstimateLength(choices uint64) int { return int(pick.EstimateLength(choices)) }

// Exhaustive says whether the spec asks for an exhaustive search, which is not a
// strategy of one run but a way to make many: give the options to NewExhaustive.
func (p StrategySpec) Exhaustive() (ExhaustiveOptions, bool) {
	if !p.by.Kind.IsSearch() {
		return ExhaustiveOptions{}, false
	}
	return ExhaustiveOptions{Deviations: int(p.by.Count), DPOR: p.by.Kind == pick.KindDPOR}, true
}

// New returns the strategy for one run under a seed. Without a length it expects
// DefaultLength choices. The only error is for a spec of an exhaustive search, see
// Exhaustive.
func (p StrategySpec) New(seed uint64) (Strategy, error) {
	switch count, length := int(p.by.Count), int(p.by.Length); p.by.Kind {
	case pick.KindFIFO:
		return &FIFO{}, nil
	case pick.KindRandom:
		return NewRandom(seed), nil
	case pick.KindWalk:
		return NewWalk(seed), nil
	case pick.KindPCT:
		return NewPCT(seed, count, length), nil
	case pick.KindPOS:
		return NewPOS(seed), nil
	case pick.KindDelay:
		return NewDelay(seed, count, length), nil
	case pick.KindURW:
		return newURW(seed, p.by.Weights), nil
	case pick.KindSURW:
		return newSURW(seed, p.by.Weights), nil
	case pick.KindExhaustive, pick.KindDPOR:
		return nil, errors.New("exhaustive is no strategy of a single run, but a search over many; ask for it as in: samerun test -strategy exhaustive, or use sched.NewExhaustive")
	}
	return DefaultStrategy(seed), nil
}
