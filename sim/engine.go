package sim

import (
	"errors"
	"fmt"
)

// Engine is what runs the nodes of a world.
type Engine uint8

const (
	// Tasks are coroutines, in a plain test binary: the fastest, for code that is written
	// for this package and its neighbours. It is the engine of a test that names none.
	Tasks Engine = iota
	// Goroutines run ordinary Go: go statements, channels, package sync, time, net and os, in
	// any library, unedited. A node is a machine with a name and an address of its own, and
	// whatever a goroutine of it starts is of that node. Everything else of this package
	// is the same: faults, properties, Steps, the trace, replay files.
	//
	// Such a test needs the changed standard library of samerun. The command samerun test
	// builds it in; under plain go test the test runs that command for itself. A process
	// runs one seed, so that variables of packages begin anew in each run; within a run all
	// nodes share them. See docs/clusters.md.
	Goroutines
)

// String returns "tasks" or "goroutines".
func (e Engine) String() string {
	switch e {
	case Tasks:
		return "tasks"
	case Goroutines:
		return "goroutines"
	}
	return fmt.Sprintf("engine %d", uint8(e))
}

var errTwoEngines = errors.New("a test has one engine: give sim.Test either nothing behind the scenario or sim.Goroutines")

// oneOf is the engine that a test was given, and Tasks if it was given none.
func oneOf(engine []Engine, err *error) Engine {
	switch {
	case len(engine) == 0:
		return Tasks
	case len(engine) > 1:
		*err = errTwoEngines
	case engine[0] > Goroutines:
		*err = fmt.Errorf("sim.Test was given the %v, which does not exist; there are sim.Tasks and sim.Goroutines", engine[0])
	}
	return engine[0]
}
