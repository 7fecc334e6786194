package wire

import "samerun/sim/fault"

// World is what a run of sim.Goroutines was made of: the input of the minimiser.
type World struct {
	// Schedule is what the scenario injected or was given, nil if nothing; Idle are the
	// elements that took no effect, and Why says of each why not.
	Schedule *fault.Schedule `json:"schedule,omitempty"`
	Idle     []int           `json:"idle,omitempty"`
	Why      []string        `json:"why,omitempty"`
	Probe
}
