package sched

import (
	"errors"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

// StrategySpec names a strategy with its numbers, as a user asks for it. It is a
// value that can be compared. The zero value asks for none: a seed then has the
// strategy of DefaultStrategy.
//
// Invariant: count and length are 0 unless the kind has them.
type StrategySpec struct {
	kind   specKind
	count  int // PCT's depth, Delay's delays, Exhaustive's deviations
	length int // of the run in choices, 0 if not known
}

type specKind uint8

const (
	specDefault specKind = iota
	specFIFO
	specRandom
	specWalk
	specPCT
	specPOS
	specDelay
	specExhaustive
	specKinds
)

// kindInfo says how the text of a kind is written.
type kindInfo struct {
	name     string
	count    string // what the first number is called, "" if there is none
	standard int    // the first number if none is given
	length   bool   // whether a second number may follow
}

func (k specKind) info() kindInfo {
	switch k {
	case specFIFO:
		return kindInfo{name: "fifo"}
	case specRandom:
		return kindInfo{name: "random"}
	case specWalk:
		return kindInfo{name: "walk"}
	case specPCT:
		return kindInfo{"pct", "depth", 3, true}
	case specPOS:
		return kindInfo{name: "pos"}
	case specDelay:
		return kindInfo{"delay", "number of delays", 2, true}
	case specExhaustive:
		return kindInfo{"exhaustive", "number of deviations", 0, false}
	}
	return kindInfo{}
}

const (
	maxCount  = 1000
	maxLength = 1 << 30
)

const strategyChoices = "choose fifo, random, walk, pct:DEPTH[:LENGTH], pos, delay:DELAYS[:LENGTH] or exhaustive[:DEVIATIONS] (as in: samerun test -strategy exhaustive)"

// ParseStrategy reads what String writes:
//
//	fifo            first come, first served
//	random          a priority for each task that becomes ready; the default
//	walk            each ready task has the same chance
//	pct:3:4096      PCT for bugs of depth 3 in runs with 4096 choices
//	pos             partial order sampling
//	delay:2:4096    FIFO with 2 delays among 4096 choices
//	exhaustive:2    every schedule with at most 2 deviations from FIFO
//
// The last number may be left out. Without a length see NeedsLength; "pct" has
// depth 3 and "delay" two delays; "exhaustive" has no bound. The empty text is the
// zero StrategySpec. The error is one sentence that lists the choices.
func ParseStrategy(text string) (StrategySpec, error) {
	if text == "" {
		return StrategySpec{}, nil
	}
	fail := func(problem string) (StrategySpec, error) {
		quoted := strconv.Quote(text)
		if len(text) > 40 {
			quoted = strconv.Quote(text[:40]) + "…"
		}
		return StrategySpec{}, fmt.Errorf("strategy %s: %s; %s", quoted, problem, strategyChoices)
	}
	name, rest, numbers := strings.Cut(text, ":")
	spec := StrategySpec{}
	for k := specFIFO; k < specKinds; k++ {
		if k.info().name == name {
			spec.kind = k
		}
	}
	info := spec.kind.info()
	switch {
	case spec.kind == specDefault:
		return fail("there is no such strategy")
	case numbers && info.count == "":
		return fail(name + " has no numbers")
	}
	spec.count = info.standard
	if !numbers {
		return spec, nil
	}
	count, length, second := strings.Cut(rest, ":")
	var ok bool
	if spec.count, ok = specNumber(count, maxCount); !ok {
		return fail(fmt.Sprintf("the %s is a whole number from 1 to %d", info.count, maxCount))
	}
	if !second {
		return spec, nil
	}
	if !info.length {
		return fail(name + " has one number at most")
	}
	if spec.length, ok = specNumber(length, maxLength); !ok {
		return fail(fmt.Sprintf("the length is a whole number of choices from 1 to %d", maxLength))
	}
	return spec, nil
}

func specNumber(text string, limit int) (int, bool) {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0, false // Atoi takes signs too
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 1 && n <= limit
}

// String writes the spec as ParseStrategy reads it; "" for the zero value.
func (p StrategySpec) String() string {
	text := p.kind.info().name
	if p.count > 0 {
		text += ":" + strconv.Itoa(p.count)
	}
	if p.length > 0 {
		text += ":" + strconv.Itoa(p.length)
	}
	return text
}

// NeedsLength says that the strategy works best if it is told how many choices a
// run has (Scheduler.Choices), and that the spec does not say.
func (p StrategySpec) NeedsLength() bool { return p.kind.info().length && p.length == 0 }

// WithLength returns the spec with a length of 1 choice or more, if it needs one,
// and otherwise as it is.
func (p StrategySpec) WithLength(choices int) StrategySpec {
	if p.NeedsLength() {
		p.length = min(max(choices, 1), maxLength)
	}
	return p
}

// EstimateLength returns the length for WithLength, given the choices of one run,
// mostly a calm one (Scheduler.Choices): half as many again, and then the next power
// of two above. More, because FIFO lets tasks end together, so that other schedules
// have more choices, and PCT changes nothing behind the length; a power of two, so
// that a small edit of the program leaves the length, and with it what the seeds
// mean, as it was.
func EstimateLength(choices uint64) int {
	choices = min(choices, maxLength)
	return int(min(uint64(1)<<bits.Len64(choices+choices/2), maxLength))
}

// Exhaustive says whether the spec asks for an exhaustive search, which is not a
// strategy of one run but a way to make many: give the options to NewExhaustive.
func (p StrategySpec) Exhaustive() (ExhaustiveOptions, bool) {
	if p.kind != specExhaustive {
		return ExhaustiveOptions{}, false
	}
	return ExhaustiveOptions{Deviations: p.count}, true
}

// New returns the strategy for one run under a seed. Without a length it expects
// DefaultLength choices. The only error is for a spec of an exhaustive search, see
// Exhaustive.
func (p StrategySpec) New(seed uint64) (Strategy, error) {
	switch p.kind {
	case specFIFO:
		return &FIFO{}, nil
	case specRandom:
		return NewRandom(seed), nil
	case specWalk:
		return NewWalk(seed), nil
	case specPCT:
		return NewPCT(seed, p.count, p.length), nil
	case specPOS:
		return NewPOS(seed), nil
	case specDelay:
		return NewDelay(seed, p.count, p.length), nil
	case specExhaustive:
		return nil, errors.New("exhaustive is no strategy of a single run, but a search over many; ask for it as in: samerun test -strategy exhaustive, or use sched.NewExhaustive")
	}
	return DefaultStrategy(seed), nil
}
