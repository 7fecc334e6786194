package wire

import (
	"time"

	"samerun/internal/feature"
	"samerun/sched"
	"samerun/sim/fault"
	"samerun/sim/shrink"
)

// SawVariable is the environment variable by which a test process tells what its runs have
// seen, if it is 1.
const SawVariable = "SAMERUN_SAW"

// Saw is what a run of a guided search has seen.
type Saw struct {
	Seen feature.Seen `json:"seen"`
	// Made is there at least if no run of the process has seen so much before.
	Made *Made `json:"made,omitempty"`
}

// Made is what a run was made of, as far as a guided search changes it.
type Made struct {
	Schedule *fault.Schedule `json:"schedule,omitempty"`
	Steps    shrink.Steps    `json:"steps,omitempty"`
	Sizes    []shrink.Size   `json:"sizes,omitempty"`
	Nodes    []string        `json:"nodes,omitempty"`
	Virtual  time.Duration   `json:"virtual"` // how long it took
	// Turns are some of those for which there was a choice.
	Turns []sched.Deviation `json:"turns,omitempty"`
}
