package shrink

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"samerun/sim/fault"
)

func crash(node string) fault.Fault {
	return fault.Fault{Kind: fault.Crash, At: 100 * ms, For: 10 * ms, Nodes: []string{node}}
}

func crashes(in Input, node string) bool {
	return slices.ContainsFunc(in.Schedule.Faults, func(f fault.Fault) bool { return f.Kind == fault.Crash && slices.Contains(f.Nodes, node) })
}

// What fails with two faults under its own seed, and with one under another, ends
// with one.
func TestOtherSeeds(t *testing.T) {
	in := Input{Seed: 1000, Strategy: fifo, Calm: FixedLatency, Schedule: fault.Schedule{Faults: []fault.Fault{crash("n0"), crash("n1"), crash("n2")}}}
	predicate := func(in Input) bool {
		return crashes(in, "n0") && (crashes(in, "n1") || in.Seed%17 == 3)
	}
	for _, reseed := range []int{0, 2, 20} {
		r, _ := minimise(t, in, predicate, Options{Nodes: nodes(3), Reseed: reseed})
		want := Input{Seed: 1000, Schedule: fault.Schedule{Faults: []fault.Fault{crash("n0"), crash("n1")}}}
		if reseed == 20 {
			want = Input{Seed: 3, Schedule: fault.Schedule{Faults: []fault.Fault{crash("n0")}}}
		}
		if r.Input.Seed != want.Seed || len(r.Input.Schedule.Faults) != len(want.Schedule.Faults) {
			t.Errorf("of %d seeds: seed %d, %v", reseed, r.Input.Seed, r.Input.Schedule)
		}
	}
}

// A failure that hangs by a thread, so that nothing can be taken out alone, is still
// had with fewer faults under other seeds.
func TestSamples(t *testing.T) {
	in := Input{Seed: 1, Strategy: fifo, Calm: FixedLatency}
	for i := range 40 {
		f := crash(fmt.Sprint("n", i%5))
		f.At += ms * 7 * 40
		f.Boot = i + 1
		in.Schedule.Faults = append(in.Schedule.Faults, f)
	}
	whole := inFull(in)
	r, _ := minimise(t, in, func(in Input) bool {
		return inFull(in) == whole || len(in.Schedule.Faults) > 0 && hash([]any{in.Seed, len(in.Schedule.Faults), in.Schedule.Faults[0]})%20 == 0
	}, Options{Nodes: nodes(5), Reseed: 60})
	if n := len(r.Input.Schedule.Faults); n > fewFaults {
		t.Errorf("%d faults are left", n)
	}
}

// A picked message keeps its moment while the steps before it go, and is counted
// anew in the end.
func TestStepsBeforeAPickedMessage(t *testing.T) {
	in := Input{Strategy: fifo, Calm: FixedLatency}
	for i := range 30 {
		in.Steps = append(in.Steps, StepID{"client", i})
	}
	in.Schedule.Faults = []fault.Fault{{Kind: fault.Drop, From: []string{"a"}, To: []string{"b"}, Dir: fault.Request, Nth: 26}}
	// Step i sends one message at i*10 ms; the failure is that of step 25.
	lost := func(in Input) []Hit {
		var hits []Hit
		for n, s := range in.Steps {
			when := 10 * ms * time.Duration(s.N)
			for i, f := range in.Schedule.Faults {
				timed := f.Kind == fault.Loss && f.At <= when && when < f.At+f.For
				if timed || f.Kind == fault.Drop && f.Nth == uint64(n)+1 {
					hits = append(hits, Hit{Index: i, At: when, Message: fault.Fault{Kind: fault.Drop, From: f.From, To: f.To, Dir: fault.Request, Nth: uint64(n) + 1}})
				}
			}
		}
		return hits
	}
	r, _ := minimise(t, in, func(in Input) bool {
		return slices.ContainsFunc(lost(in), func(h Hit) bool { return h.At == 250*ms })
	}, Options{Hits: lost})
	if len(r.Input.Steps) != 1 || r.Input.Steps[0].N != 25 || r.Input.Schedule.Faults[0].Nth != 1 {
		t.Errorf("%v %v", r.Input.Steps, r.Input.Schedule)
	}
}

// Fewer nodes: what befalls one that goes is moved to one that stays.
func TestSizesMoveFaults(t *testing.T) {
	in := Input{
		Strategy: fifo, Calm: FixedLatency,
		Schedule: fault.Schedule{Faults: []fault.Fault{crash("n4"), crash("n1")}},
		Sizes:    []Size{{Name: "nodes", Value: 5, Least: 3}}, Steps: []StepID{{"n4", 2}, {"n4#2", 3}},
	}
	r, _ := minimise(t, in, func(in Input) bool {
		inside := true
		named := in.Schedule.Faults
		for _, f := range named {
			inside = inside && f.Nodes[0] < fmt.Sprint("n", in.Sizes[0].Value)
		}
		return inside && len(named) == 2 && len(in.Steps) == 2 && in.Steps[0].Of == named[0].Nodes[0]
	}, Options{Nodes: nodes(5)})
	want := []StepID{{"n0", 2}, {"n0#2", 3}}
	if r.Input.Sizes[0].Value != 3 || !slices.Equal(r.Input.Steps, want) || r.Input.Schedule.Faults[1].Nodes[0] != "n1" {
		t.Errorf("%v %v %v", r.Input.Sizes, r.Input.Steps, r.Input.Schedule)
	}
}
