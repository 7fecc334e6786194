package shrink

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"time"

	"samerun/sched"
	"samerun/sim/fault"
)

// element is a fault with its key, which is computed once.
type element struct {
	fault.Fault
	key uint64
}

func newElement(f fault.Fault) element { return element{f, f.Key()} }

// candidate is an Input in the form in which the search works with it. Its lists
// are shared with other candidates and never written.
type candidate struct {
	seed       uint64
	faults     []element
	deviations []sched.Deviation
	strategy   string
	steps      []StepID
	sizes      []Size
	calm       Calm
	quiet      time.Duration
	horizon    time.Duration
}

func newCandidate(in Input) candidate {
	c := candidate{
		seed: in.Seed, deviations: in.Deviations, strategy: in.Strategy, steps: in.Steps, sizes: in.Sizes, calm: in.Calm,
		quiet: in.Schedule.Quiet, horizon: in.Horizon,
	}
	for _, f := range in.Schedule.Faults {
		c.faults = append(c.faults, newElement(f))
	}
	return c
}

// input returns the candidate as others see it, with lists of its own.
func (c candidate) input() Input {
	in := Input{
		Seed: c.seed, Deviations: slices.Clone(c.deviations), Strategy: c.strategy, Steps: slices.Clone(c.steps), Sizes: slices.Clone(c.sizes),
		Calm: c.calm, Horizon: c.horizon,
	}
	in.Schedule.Quiet = c.quiet
	if len(c.faults) > 0 {
		in.Schedule.Faults = make([]fault.Fault, len(c.faults))
		for i := range c.faults {
			in.Schedule.Faults[i] = c.faults[i].Fault
		}
	}
	return in
}

// with is the candidate with another element i.
func (c candidate) with(i int, f fault.Fault) candidate {
	c.faults = slices.Clone(c.faults)
	c.faults[i] = newElement(f)
	return c
}

// identity tells inputs apart. It rests on the keys of the faults, like the runs
// themselves, so that two inputs of one identity are one input.
type identity [sha256.Size]byte

func (c candidate) identity() identity {
	b := make([]byte, 0, 8*(3+len(c.faults)+2*len(c.deviations)))
	b = binary.LittleEndian.AppendUint64(b, uint64(len(c.faults)))
	for i := range c.faults {
		b = binary.LittleEndian.AppendUint64(b, c.faults[i].key)
	}
	b = binary.LittleEndian.AppendUint64(b, uint64(c.quiet))
	b = binary.LittleEndian.AppendUint64(b, uint64(c.horizon))
	b = binary.LittleEndian.AppendUint64(b, c.seed)
	b = binary.LittleEndian.AppendUint64(b, uint64(c.calm))
	b = binary.LittleEndian.AppendUint64(b, uint64(len(c.deviations)))
	for _, d := range c.deviations {
		b = binary.LittleEndian.AppendUint64(b, d.Task)
		b = binary.LittleEndian.AppendUint64(b, d.Ready)
		b = binary.LittleEndian.AppendUint64(b, d.Resumed)
		b = binary.LittleEndian.AppendUint64(b, d.Shift)
	}
	text := func(s string) {
		b = binary.LittleEndian.AppendUint64(b, uint64(len(s)))
		b = append(b, s...)
	}
	text(c.strategy)
	b = binary.LittleEndian.AppendUint64(b, uint64(len(c.steps)))
	for _, s := range c.steps {
		text(s.Of)
		b = binary.LittleEndian.AppendUint64(b, uint64(s.N))
	}
	for _, s := range c.sizes {
		text(s.Name)
		b = binary.LittleEndian.AppendUint64(b, uint64(s.Value))
	}
	return sha256.Sum256(b)
}

// chosen returns the items at the given places.
func chosen[T any](items []T, places []int) []T {
	if len(places) == 0 {
		return nil
	}
	list := make([]T, len(places))
	for i, p := range places {
		list[i] = items[p]
	}
	return list
}
