package shrink

import (
	"context"
	"slices"
	"testing"
	"time"

	"samerun/sched"
	"samerun/sim/fault"
)

// smallest minimises an input that fails if the predicate says so.
func smallest(t *testing.T, in Input, opt Options, fails func(Input) bool) Input {
	t.Helper()
	r, err := Minimise(context.Background(), in, func(in Input) Verdict {
		if fails(in) {
			return Same
		}
		return Pass
	}, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r.Input
}

// The time from the quiet time to the horizon stays as it is in each input that is
// tried: it is in that time that what was promised must come true. Where nothing is
// quiet the horizon comes forward by itself.
func TestTheQuietPeriodKeepsItsLength(t *testing.T) {
	in := Input{Seed: 9, Horizon: 17 * sec, Schedule: fault.Schedule{Quiet: 12 * sec, Faults: []fault.Fault{
		{Kind: fault.Cut, From: []string{"n0"}, To: []string{"n1"}, At: sec, For: 2 * sec},
		{Kind: fault.Isolate, Nodes: []string{"n2"}, At: 4 * sec, For: sec},
	}}}
	got := smallest(t, in, Options{Reseed: 3}, func(in Input) bool {
		if tail := in.Horizon - in.Schedule.Quiet; tail != 5*sec {
			t.Errorf("tried a quiet period from %v to %v, which is not 5s", in.Schedule.Quiet, in.Horizon)
		}
		return in.Schedule.Quiet >= 3*sec
	})
	if got.Schedule.Quiet != 3*sec || got.Horizon != 8*sec {
		t.Errorf("quiet from %v to %v, want 3s to 8s", got.Schedule.Quiet, got.Horizon)
	}
	in.Schedule.Quiet = 0
	if got := smallest(t, in, Options{}, func(in Input) bool { return in.Horizon >= 2*sec }); got.Horizon != 2*sec {
		t.Errorf("without a quiet time the horizon is %v, want 2s", got.Horizon)
	}
}

// A fault without an end gets one.
func TestAnEndlessFaultEnds(t *testing.T) {
	in := Input{Schedule: fault.Schedule{Quiet: 10 * sec, Faults: []fault.Fault{{Kind: fault.Cut, From: []string{"n0"}, To: []string{"n1"}, At: sec}}}}
	got := smallest(t, in, Options{}, func(in Input) bool { return len(in.Schedule.Faults) == 1 && in.Schedule.Quiet == 10*sec })
	if f := got.Schedule.Faults[0]; f.For <= 0 || f.For > ms {
		t.Errorf("what is left is %v, which should last for a millisecond at most", f)
	}
}

// An element that picks a message by its number is counted down when steps before
// it, each of which sends one, are taken out.
func TestPickedMessagesAreCountedDown(t *testing.T) {
	in := Input{Schedule: fault.Schedule{Faults: []fault.Fault{
		{Kind: fault.Drop, From: []string{"n0"}, To: []string{"n1"}, Method: "Put", Dir: fault.Request, Nth: 7},
	}}}
	for n := range 12 {
		in.Steps = append(in.Steps, StepID{"client", n})
	}
	const wanted = 6 // the step whose message is to be lost
	got := smallest(t, in, Options{}, func(in Input) bool {
		sent := slices.Index(in.Steps, StepID{"client", wanted})
		return sent >= 0 && len(in.Schedule.Faults) == 1 && in.Schedule.Faults[0].Nth == uint64(sent+1)
	})
	if len(got.Steps) != 1 || got.Schedule.Faults[0].Nth != 1 {
		t.Errorf("left are the steps %v and %v, want step %d alone and its message", got.Steps, got.Schedule.Faults, wanted)
	}
}

// Nodes that will be gone give their faults to as many others, each to one of its own.
func TestRenamedNodesStayApart(t *testing.T) {
	in := Input{Sizes: []Size{{Name: "nodes", Value: 5, Least: 1}}, Schedule: fault.Schedule{Faults: []fault.Fault{
		{Kind: fault.Crash, Nodes: []string{"n3"}, At: sec, For: sec}, {Kind: fault.Crash, Nodes: []string{"n4"}, At: sec, For: sec},
	}}}
	nodes := []string{"n0", "n1", "n2", "n3", "n4"}
	got := smallest(t, in, Options{Nodes: nodes}, func(in Input) bool {
		var down []string
		for _, f := range in.Schedule.Faults {
			for _, name := range f.Nodes {
				if !slices.Contains(down, name) && slices.Index(nodes, name) < in.Sizes[0].Value {
					down = append(down, name)
				}
			}
		}
		return len(down) == 2 // a majority of three, say
	})
	if got.Sizes[0].Value != 2 {
		t.Errorf("%d nodes are left, want the two that crash: %v", got.Sizes[0].Value, got.Schedule)
	}
}

// Two inputs that differ in anything are two: a verdict about the one says nothing of
// the other.
func TestIdentitiesTellInputsApart(t *testing.T) {
	base := Input{
		Seed: 1, Strategy: "fifo", Calm: 1, Horizon: sec,
		Schedule: fault.Schedule{Quiet: sec, Faults: []fault.Fault{
			{Kind: fault.Cut, From: []string{"n0"}, To: []string{"n1"}, At: sec, For: sec}, {Kind: fault.Isolate, Nodes: []string{"n2"}, For: sec},
		}},
		Deviations: []sched.Deviation{{Task: 1, Ready: 2, Shift: 3}},
		Steps:      []StepID{{"a", 1}, {"b", 2}},
		Sizes:      []Size{{Name: "nodes", Value: 3, Least: 1}, {Name: "keys", Value: 4}},
	}
	seen := map[identity]int{newCandidate(base).identity(): -1}
	for i, change := range []func(in *Input){
		func(in *Input) { in.Seed++ },
		func(in *Input) { in.Strategy = "walk" },
		func(in *Input) { in.Strategy = "" },
		func(in *Input) { in.Calm = 2 },
		func(in *Input) { in.Horizon++ },
		func(in *Input) { in.Schedule.Quiet++ },
		func(in *Input) { in.Schedule.Faults = in.Schedule.Faults[:1] },
		func(in *Input) { in.Schedule.Faults = in.Schedule.Faults[1:] },
		func(in *Input) { in.Schedule.Faults = slices.Clone(in.Schedule.Faults); in.Schedule.Faults[1].For++ },
		func(in *Input) {
			in.Schedule.Faults = slices.Clone(in.Schedule.Faults)
			slices.Reverse(in.Schedule.Faults)
		},
		func(in *Input) { in.Deviations = nil },
		func(in *Input) { in.Deviations = []sched.Deviation{{Task: 2, Ready: 2, Shift: 3}} },
		func(in *Input) { in.Deviations = []sched.Deviation{{Task: 1, Ready: 3, Shift: 3}} },
		func(in *Input) { in.Deviations = []sched.Deviation{{Task: 1, Ready: 2, Resumed: 1, Shift: 3}} },
		func(in *Input) { in.Deviations = []sched.Deviation{{Task: 1, Ready: 2, Shift: 4}} },
		func(in *Input) { in.Steps = in.Steps[:1] },
		func(in *Input) { in.Steps = []StepID{{"a", 1}, {"b", 3}} },
		func(in *Input) { in.Steps = []StepID{{"a", 1}, {"c", 2}} },
		func(in *Input) { in.Sizes = []Size{{Name: "nodes", Value: 2, Least: 1}, {Name: "keys", Value: 4}} },
		func(in *Input) { in.Sizes = []Size{{Name: "nodes", Value: 3, Least: 1}, {Name: "locks", Value: 4}} },
	} {
		in := base
		change(&in)
		id := newCandidate(in).identity()
		if other, twice := seen[id]; twice {
			t.Errorf("the inputs %d and %d (-1 is the first) have one identity", other, i)
		}
		seen[id] = i
	}
}

// Where steps send several messages each, an element that picks one of these keeps its
// distance in time while steps are taken out, and picks by number again in the end.
func TestPickedMessagesKeepTheirMoments(t *testing.T) {
	const last = 11 // the step whose message is to be lost, the only one that sends a single one
	// hits plays a run: step n sends at n times 10 ms.
	hits := func(in Input) (all []Hit, lost bool) {
		nth := uint64(0)
		for _, s := range in.Steps {
			at := time.Duration(s.N) * 10 * ms
			for range 2 - s.N/last {
				nth++
				for i, f := range in.Schedule.Faults {
					if f.Kind == fault.Drop && f.Nth == nth || f.Kind == fault.Loss && f.At <= at && at < f.At+f.For {
						all = append(all, Hit{Index: i, At: at, Message: fault.Fault{Kind: fault.Drop, From: f.From, To: f.To, Method: "Put", Dir: fault.Request, Nth: nth}})
						lost = lost || s.N == last
					}
				}
			}
		}
		return all, lost
	}
	in := Input{Schedule: fault.Schedule{Faults: []fault.Fault{
		{Kind: fault.Drop, From: []string{"n0"}, To: []string{"n1"}, Method: "Put", Dir: fault.Request, Nth: 2*last + 1},
	}}}
	for n := range last + 1 {
		in.Steps = append(in.Steps, StepID{"client", n})
	}
	opt := Options{Hits: func(in Input) []Hit { all, _ := hits(in); return all }}
	got := smallest(t, in, opt, func(in Input) bool { _, lost := hits(in); return lost })
	if len(got.Steps) != 1 || got.Schedule.Faults[0].Kind != fault.Drop || got.Schedule.Faults[0].Nth != 1 {
		t.Errorf("left are the steps %v and %v, want step %d alone and the first message", got.Steps, got.Schedule.Faults, last)
	}
}
