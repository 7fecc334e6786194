package shrink

import (
	"fmt"
	"time"
)

// Phase is a part of the search.
type Phase uint8

// The phases, in their order. The zero value is the check that the input fails.
const (
	Check        Phase = iota // does the input fail at all
	Order                     // the simplest strategy
	Elements                  // fewer faults
	Workload                  // fewer steps of workloads
	Luck                      // less left to chance
	Sizes                     // fewer nodes, and other numbers
	Aims                      // fewer nodes and links, simpler kinds
	Numbers                   // shorter, later, milder, rounder
	Deviations                // fewer scheduling deviations
	Seeds                     // less under another seed
	Verification              // one more try of the result
	phases
)

// String returns the phase in one word.
func (p Phase) String() string {
	switch p {
	case Check:
		return "check"
	case Order:
		return "order"
	case Elements:
		return "faults"
	case Workload:
		return "workload"
	case Luck:
		return "luck"
	case Sizes:
		return "sizes"
	case Aims:
		return "aims"
	case Numbers:
		return "numbers"
	case Deviations:
		return "deviations"
	case Seeds:
		return "seeds"
	case Verification:
		return "verification"
	}
	return fmt.Sprintf("phase %d", uint8(p))
}

// Stats is how far a search is, or how it went. All but the input found may
// depend on timing and on the number of workers: what is tried in vain on an idle
// worker counts as well.
type Stats struct {
	Phase   Phase         // the last one
	Tries   int           // inputs tried, the check and the verification included
	Same    int           // of these, those that failed in the same way
	Other   int           // of these, those that failed in another way
	Mishaps int           // strokes of chance that became elements of the schedule
	Known   int           // times that the verdict was known from an earlier try
	Better  int           // times that a simpler input was found
	Time    time.Duration // real time
	// Before and After are the sizes of the input given and of the best so far.
	Before, After InputSize
	// Phases says the same by phase, summed over its rounds; the index is a Phase.
	Phases [phases]PhaseStats
}

// PhaseStats is what one phase did.
type PhaseStats struct {
	Tries  int           // that it began
	Better int           // times that it found a simpler input
	Time   time.Duration // real time
}

// InputSize is how large an input is.
type InputSize struct {
	Faults     int
	Names      int // of nodes, in all elements
	Deviations int
	Steps      int           // of workloads
	Quiet      time.Duration // 0 if it never falls quiet
	Horizon    time.Duration // 0 if it is not for the input to say
}

func sizeOf(c candidate) InputSize {
	s := InputSize{Faults: len(c.faults), Deviations: len(c.deviations), Steps: len(c.steps), Quiet: c.quiet, Horizon: c.horizon}
	for i := range c.faults {
		f := &c.faults[i]
		s.Names += len(f.From) + len(f.To) + len(f.Nodes)
	}
	return s
}

// String returns the statistics in one line, for a terminal.
func (s Stats) String() string {
	text := fmt.Sprintf("%d faults → %d", s.Before.Faults, s.After.Faults)
	if s.Before.Steps > 0 {
		text += fmt.Sprintf(", %d steps → %d", s.Before.Steps, s.After.Steps)
	}
	if s.Before.Deviations > 0 {
		text += fmt.Sprintf(", %d deviations → %d", s.Before.Deviations, s.After.Deviations)
	}
	return text + fmt.Sprintf(", %d tries in %v", s.Tries, s.Time.Round(time.Millisecond))
}
