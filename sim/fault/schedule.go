package fault

import (
	"slices"
	"time"
)

// Schedule is what goes wrong in a run: plain data, drawn before the run. With
// code and seed it is the whole input of a run. The zero value is a run in which
// nothing goes wrong.
//
// A schedule is a Plan that is always the same. Schedules may share the name
// lists of their elements, so these are read and never written.
type Schedule struct {
	Faults []Fault
	// Quiet, if positive, is the virtual time at which everything is healed, the
	// crashed and paused nodes come back, and after which no fault does anything.
	Quiet time.Duration
}

// Size returns the number of elements: what a minimiser makes small.
func (s Schedule) Size() int { return len(s.Faults) }

// Equal reports whether two schedules have the same elements in the same order
// and fall quiet at the same time. A nil list equals an empty one.
func (s Schedule) Equal(other Schedule) bool {
	return s.Quiet == other.Quiet && slices.EqualFunc(s.Faults, other.Faults, Fault.Equal)
}

// Without returns a copy that lacks element i. The receiver is not changed. If
// there is no element i, the copy is complete.
func (s Schedule) Without(i int) Schedule {
	c := Schedule{Quiet: s.Quiet, Faults: make([]Fault, 0, len(s.Faults))}
	for j := range s.Faults {
		if j != i {
			c.Faults = append(c.Faults, s.Faults[j])
		}
	}
	return c
}

// Draw returns the schedule itself, whatever the seed: a Schedule is a Plan.
func (s Schedule) Draw(seed uint64, nodes []string, horizon time.Duration) Schedule { return s }
