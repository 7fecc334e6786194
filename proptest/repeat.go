package proptest

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"samerun/sim"
	"samerun/sim/fault"
)

// Machine is a state machine to be tested on a world: S is the system under test
// together with the model to which it is compared. Setup and at least one action
// are needed.
type Machine[S any] struct {
	// Setup makes the system when the world begins.
	Setup func(w *sim.World) S
	// Actions are what can be done to it, each chosen equally often.
	Actions []Action[S]
	// Invariant must return nil after Setup and after each action. It runs as part of
	// the main task and may wait. May be nil.
	Invariant func(s S) error
	// Steps is the largest number of actions. 0 is 30.
	Steps int
	// Think is the longest virtual time before each action. 0 is none.
	Think time.Duration
}

// Action is one kind of action: Act makes it.
type Action[S any] struct {
	name string
	draw func(t *rapid.T) planned[S]
}

// planned is an action with its parameters, drawn and not yet done.
type planned[S any] struct {
	think time.Duration
	text  string
	do    func(s S)
}

// Act makes an action of a name, a generator of its parameters and what it does.
// An action that does not fit the state does nothing. It runs in the main task of
// the world and may wait; what goes wrong it tells by World.Fail.
func Act[S, V any](name string, parameters *rapid.Generator[V], do func(s S, v V)) Action[S] {
	if parameters == nil || do == nil {
		return Action[S]{name: name}
	}
	return Action[S]{name, func(t *rapid.T) planned[S] {
		v := parameters.Draw(t, name)
		return planned[S]{text: fmt.Sprintf("%s(%+v)", name, v), do: func(s S) { do(s, v) }}
	}}
}

const defaultSteps = 30

// Repeat draws a list of actions, and does them one after the other in a world
// with these faults, looking at the invariant after each. One that is broken is
// reported as the property "invariant", with the step. rapid takes actions out
// that the failure does not need.
func Repeat[S any](p *P, faults fault.Schedule, m Machine[S]) *sim.Report {
	if problem := m.problem(); problem != "" {
		p.Fail(fmt.Errorf("%s", problem))
	}
	steps := m.Steps
	if steps == 0 {
		steps = defaultSteps
	}
	plan := Draw(p, rapid.Custom(func(t *rapid.T) plan[S] {
		return list(t, steps, func(t *rapid.T) planned[S] {
			think := pause(t, m.Think)
			a := m.Actions[uniform(t, len(m.Actions))].draw(t)
			a.think = think
			return a
		})
	}), "actions")
	return p.Run(faults, func(w *sim.World) {
		s := m.Setup(w)
		m.look(w, s, "at the beginning")
		for i, a := range plan {
			w.Sleep(a.think)
			w.Logf("step %d: %s", i+1, a.text)
			a.do(s)
			m.look(w, s, fmt.Sprintf("after step %d, %s", i+1, a.text))
		}
	})
}

func (m *Machine[S]) problem() string {
	switch {
	case m.Setup == nil:
		return "proptest.Repeat was given no Setup; it needs one that makes the system under test"
	case len(m.Actions) == 0:
		return "proptest.Repeat was given no Actions; it needs at least one"
	case m.Steps < 0:
		return fmt.Sprintf("proptest.Repeat was given %d Steps; the number must not be negative", m.Steps)
	case m.Think < 0:
		return fmt.Sprintf("proptest.Repeat was given a Think of %v; it must not be negative", m.Think)
	}
	for i, a := range m.Actions {
		if a.draw == nil {
			return fmt.Sprintf("action %d (%q) has no parameters' generator or no function; proptest.Act needs both", i, a.name)
		}
	}
	return ""
}

func (m *Machine[S]) look(w *sim.World, s S, when string) {
	if m.Invariant == nil {
		return
	}
	if err := m.Invariant(s); err != nil {
		w.Fail(&sim.PropertyError{Name: "invariant", At: w.Elapsed(), Err: fmt.Errorf("%s: %w", when, err)})
	}
}

// plan is the actions of a try.
type plan[S any] []planned[S]

// String writes one action a line, for rapid's log.
func (l plan[S]) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d actions", len(l))
	for i, a := range l {
		fmt.Fprintf(&b, "\n  %3d. after %-6v  %s", i+1, a.think, a.text)
	}
	return b.String()
}
