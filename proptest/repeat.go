package proptest

import (
	"encoding/json"
	"fmt"
	"slices"
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
	read func(parameters []byte) (planned[S], error)
}

// planned is an action with its parameters, drawn and not yet done.
type planned[S any] struct {
	which int // action of the machine
	think time.Duration
	with  any // the parameters
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
	plan := func(v V) planned[S] {
		return planned[S]{with: v, text: fmt.Sprintf("%s(%+v)", name, v), do: func(s S) { do(s, v) }}
	}
	return Action[S]{
		name: name,
		draw: func(t *rapid.T) planned[S] { return plan(parameters.Draw(t, name)) },
		read: func(data []byte) (planned[S], error) {
			v, err := valueForm[V]().read(data)
			return plan(v), err
		},
	}
}

const defaultSteps = 30

// Repeat draws a list of actions, and does them one after the other in a world
// with these faults, looking at the invariant after each. One that is broken is
// reported as the property "invariant", with the step. rapid and the minimiser take
// actions out that the failure does not need; for the latter they are the steps of
// the workload "actions". An action begins when the think times up to it have
// passed, or at once if the one before took longer.
func Repeat[S any](p *P, faults fault.Schedule, m Machine[S]) *sim.Report {
	if problem := m.problem(); problem != "" {
		p.Fail(fmt.Errorf("%s", problem))
	}
	steps := m.Steps
	if steps == 0 {
		steps = defaultSteps
	}
	plan := draw(p, rapid.Custom(func(t *rapid.T) plan[S] {
		return list(t, steps, func(t *rapid.T) planned[S] {
			think := pause(t, m.Think)
			which := uniform(t, len(m.Actions))
			a := m.Actions[which].draw(t)
			a.which, a.think = which, think
			return a
		})
	}), "actions", m.form())
	return p.Run(faults, func(w *sim.World) {
		s := m.Setup(w)
		m.look(w, s, "at the beginning")
		work, due := w.Workload("actions"), w.Elapsed()
		for i, a := range plan {
			due += a.think
			if !w.Begin(sim.StepID{Of: work, N: i}, due) {
				continue
			}
			w.Logf("step %d: %s", i+1, a.text)
			a.do(s)
			m.look(w, s, fmt.Sprintf("after step %d, %s", i+1, a.text))
		}
		if wait := due - w.Elapsed(); wait > 0 {
			w.Sleep(wait) // the last actions were taken out: the run lasts as long without them
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

// actionJSON is an action in a replay file. Its name is that of the machine's
// action; which of those with the same name it is, Which says, counted from 0.
type actionJSON struct {
	Do    string          `json:"do"`
	Which int             `json:"which,omitempty"`
	Think string          `json:"think"`
	With  json.RawMessage `json:"with"`
}

// form is how the actions of a try are written and read.
func (m *Machine[S]) form() form[plan[S]] {
	return form[plan[S]]{
		write: func(l plan[S]) ([]byte, error) {
			all := make([]actionJSON, len(l))
			for i, a := range l {
				with, err := writeValue(a.with)
				if err != nil {
					return nil, fmt.Errorf("the parameters of action %d, %s: %w", i+1, a.text, err)
				}
				name := m.Actions[a.which].name
				all[i] = actionJSON{name, m.sameName(a.which), a.think.String(), with}
				again, err := m.Actions[a.which].read(with)
				if err := survives(a.with, again.with, with, err); err != nil {
					return nil, fmt.Errorf("the parameters of action %d, %s: %w", i+1, a.text, err)
				}
			}
			return writeJSON(all)
		},
		read: func(data []byte) (plan[S], error) {
			var all []actionJSON
			if err := readJSON(data, &all); err != nil {
				return nil, err
			}
			l := make(plan[S], len(all))
			for i, j := range all {
				which := m.find(j)
				if which < 0 {
					return nil, fmt.Errorf("the machine has no action %q any more", j.Do)
				}
				a, err := m.Actions[which].read(j.With)
				if err != nil {
					return nil, fmt.Errorf("the parameters of action %d, %s: %w", i+1, j.Do, err)
				}
				if a.think, err = time.ParseDuration(j.Think); err != nil {
					return nil, fmt.Errorf("action %d, %s, begins after %q; it should be a time such as 20ms", i+1, j.Do, j.Think)
				}
				a.which, l[i] = which, a
			}
			return l, nil
		},
	}
}

// sameName counts the actions before this one that have its name.
func (m *Machine[S]) sameName(which int) (n int) {
	for _, a := range m.Actions[:which] {
		if a.name == m.Actions[which].name {
			n++
		}
	}
	return n
}

// find returns the number of the action that is meant, or -1.
func (m *Machine[S]) find(j actionJSON) int {
	return slices.IndexFunc(m.Actions, func(a Action[S]) bool {
		if a.name != j.Do {
			return false
		}
		j.Which--
		return j.Which < 0
	})
}
