package shrink

import (
	"fmt"
	"testing"

	"samerun/sched"
	"samerun/sim/fault"
)

// When a search has come to its end, each input with one thing less that does not fail is known,
// the one without the last fault first, whatever the number of workers.
func TestPassing(t *testing.T) {
	early := fault.Fault{Kind: fault.Isolate, Nodes: []string{"n1"}, At: sec, For: sec}
	late := fault.Fault{Kind: fault.Isolate, Nodes: []string{"n2"}, At: 3 * sec, For: sec}
	in := Input{Schedule: chaos(7, 6), Strategy: fifo, Calm: FixedLatency, Steps: Steps{{"a", 0}, {"a", 1}, {"a", 2}}}
	in.Schedule.Faults = append(in.Schedule.Faults, early, late)
	for i := range 6 {
		in.Deviations = append(in.Deviations, sched.Deviation{Task: uint64(i), Ready: 1})
	}
	need := needs([]fault.Fault{early, late}, in.Deviations[2:4])
	predicate := func(in Input) bool {
		for _, s := range in.Steps {
			if s.N == 1 {
				return need(in)
			}
		}
		return false
	}
	for _, workers := range []int{1, 4} {
		r, _ := minimise(t, in, predicate, Options{Workers: workers})
		var got []string
		for _, n := range r.Passing {
			if predicate(n.Input) {
				t.Errorf("it does not pass: %s", inFull(n.Input))
			}
			have := len(n.Input.Schedule.Faults) + len(n.Input.Deviations) + len(n.Input.Steps)
			if all := len(r.Input.Schedule.Faults) + len(r.Input.Deviations) + len(r.Input.Steps); have != all-1 {
				t.Errorf("it has %d things, and the smallest has %d", have, all)
			}
			switch {
			case n.Fault != nil:
				got = append(got, fmt.Sprint("fault ", n.Fault.At))
			case n.Deviation != nil:
				got = append(got, fmt.Sprint("deviation ", n.Deviation.Task))
			case n.Step != nil:
				got = append(got, fmt.Sprint("step ", n.Step))
			}
		}
		if want := "[fault 3s fault 1s deviation 3 deviation 2 step a 1]"; fmt.Sprint(got) != want {
			t.Errorf("%d workers: %v, and not %v", workers, got, want)
		}
	}
	// An input that fails otherwise is no neighbour that passes.
	r, _ := minimise(t, Input{Strategy: fifo, Calm: FixedLatency}, func(Input) bool { return true }, Options{})
	if len(r.Passing) != 0 {
		t.Errorf("the empty input has a neighbour: %+v", r.Passing)
	}
}
