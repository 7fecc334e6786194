package shrink

import (
	"slices"
	"testing"
	"time"

	"samerun/sched"
	"samerun/sim/fault"
)

// cutsLink says that f stops requests from a to b, and from when to when.
func cutsLink(f fault.Fault, a, b string, end time.Duration) (from, to time.Duration, ok bool) {
	has := func(list []string, name string) bool {
		return slices.Contains(list, name) || slices.Contains(list, "*")
	}
	switch f.Kind {
	case fault.Cut, fault.OneWay:
		ok = has(f.From, a) && has(f.To, b) && f.Dir != fault.Reply && f.Method == ""
	case fault.Partition:
		ok = has(f.Nodes, a) != has(f.Nodes, b)
	case fault.Isolate:
		ok = len(f.Nodes) == 1 && (f.Nodes[0] == a || f.Nodes[0] == b)
	}
	to = end
	if t, ends := f.End(); ends {
		to = min(end, t)
	}
	return f.At, to, ok
}

// splitBrain is a toy of a bug: n3 is down for some time while n0 does not reach
// n1, long enough for an election, and no run lasts longer than its quiet time.
func splitBrain(in Input) bool {
	for _, f := range in.Schedule.Faults {
		if f.Kind != fault.Crash || !slices.Contains(f.Nodes, "n3") || f.For < 23*ms {
			continue
		}
		for _, g := range in.Schedule.Faults {
			from, to, ok := cutsLink(g, "n0", "n1", in.Schedule.Quiet)
			if ok && to-from >= 137*ms && from <= f.At && f.At+23*ms <= to && f.At >= 400*ms {
				return true
			}
		}
	}
	return false
}

// planted is a chaos schedule of n faults, two of which make the toy fail.
func planted(seed uint64, n int, cut fault.Fault) Input {
	s := chaos(seed, n-2)
	// None of the drawn ones may stand for the planted ones.
	for i := range s.Faults {
		if f := &s.Faults[i]; f.Kind == fault.Crash {
			f.Nodes = []string{"n4"}
		}
	}
	cut.At, cut.For = 3_217_345_678, 1_418*ms
	crash := fault.Fault{Kind: fault.Crash, At: 3_914_222_333, For: 341*ms + 77, Nodes: []string{"n3"}}
	s.Faults = slices.Insert(s.Faults, n/4, cut)
	s.Faults = slices.Insert(s.Faults, n/2, crash)
	s.Quiet = 10 * sec
	return Input{Strategy: fifo, Calm: FixedLatency, Schedule: s, Deviations: []sched.Deviation{{Task: 1, Ready: 1}, {Task: 1, Ready: 2}, {Task: 3, Ready: 1}}}
}

func TestFortyFaultsOfChaos(t *testing.T) {
	for _, cut := range []fault.Fault{
		{Kind: fault.Cut, From: []string{"n0", "n2"}, To: []string{"n1", "n3", "n4"}},
		{Kind: fault.Cut, From: []string{"*"}, To: []string{"*"}},
		{Kind: fault.OneWay, From: []string{"n0", "n2"}, To: []string{"n1", "n3", "n4"}},
		{Kind: fault.Isolate, Nodes: []string{"n1"}},
		{Kind: fault.Partition, Nodes: []string{"n1", "n2"}},
	} {
		t.Run(string(cut.Kind), func(t *testing.T) {
			worst, sum := 0, 0
			const seeds = 10
			for seed := range uint64(seeds) {
				in := planted(1+seed, 40, cut)
				r, _ := minimise(t, in, splitBrain, Options{Workers: 2, Nodes: nodes(5)})
				worst, sum = max(worst, r.Stats.Tries), sum+r.Stats.Tries
				if why := wrong(r.Input); why != "" {
					t.Fatalf("seed %d: %s:\n%v", seed, why, r.Input.Schedule)
				}
				if seed == 0 {
					t.Logf("%v\n%v", r.Stats, r.Input.Schedule)
				}
			}
			t.Logf("%d tries on average, %d at worst", sum/seeds, worst)
		})
	}
}

// wrong says what the smallest input should not look like.
func wrong(in Input) string {
	faults := in.Schedule.Faults
	if len(faults) != 2 || len(in.Deviations) != 0 {
		return "not two faults"
	}
	slices.SortFunc(faults, func(a, b fault.Fault) int { return len(b.From) - len(a.From) })
	cut, crash := faults[0], faults[1]
	switch {
	case cut.Kind != fault.Cut || crash.Kind != fault.Crash:
		return "not the simplest kinds"
	case !slices.Equal(cut.From, []string{"n0"}) || !slices.Equal(cut.To, []string{"n1"}):
		return "not one link"
	case cut.Dir != fault.Request:
		return "requests and replies"
	case digits(int64(cut.For)) != 1 || cut.For > 200*ms || crash.For != 30*ms:
		return "not as short as it can be"
	case coarseness(int64(cut.At)) > 1 || coarseness(int64(crash.At)) > 1:
		return "times are not round"
	}
	return ""
}

// What a schedule names by roles and wildcards is put in plain names.
func TestRolesBecomeNames(t *testing.T) {
	in := Input{Schedule: fault.Schedule{Faults: []fault.Fault{
		{Kind: fault.Pause, At: 100 * ms, For: 100 * ms, Nodes: []string{"@leader"}},
		{Kind: fault.Loss, From: []string{"*"}, To: []string{"n1", "%rack"}, PPM: 123_456},
	}, Quiet: 10 * sec}}
	hits := func(list []string, name string) bool {
		return slices.Contains(list, name) || slices.Contains(list, "*") || slices.Contains(list, "@leader") || slices.Contains(list, "%rack")
	}
	r, _ := minimise(t, in, func(in Input) bool {
		if len(in.Schedule.Faults) != 2 {
			return false
		}
		pause, loss := in.Schedule.Faults[0], in.Schedule.Faults[1]
		picked := loss.Kind == fault.Drop && loss.Nth == 7
		return hits(pause.Nodes, "n2") && hits(loss.From, "n3") && hits(loss.To, "n4") && (picked || loss.PPM >= 98_765)
	}, Options{Nodes: nodes(5)})
	want := "0.100s  pause  n2  until 0.101s"
	if got := r.Input.Schedule.Faults[0].String(); got != want {
		t.Errorf("%s instead of %s", got, want)
	}
	want = "drop  n3 → n4  request #7"
	if got := r.Input.Schedule.Faults[1].String(); got != want {
		t.Errorf("%s instead of %s", got, want)
	}
}

// Each kind that gives way to a simpler one does so where that reproduces.
func TestKindsGiveWay(t *testing.T) {
	for _, c := range []struct {
		f    fault.Fault
		want fault.Kind
	}{
		{fault.Fault{Kind: fault.Flapping, Nodes: []string{"n0"}, Period: 50 * ms}, fault.Cut},
		{fault.Fault{Kind: fault.Split, Nodes: []string{"*"}}, fault.Cut},
		{fault.Fault{Kind: fault.Ring, Nodes: nodes(5)}, fault.Isolate},
		{fault.Fault{Kind: fault.Bridge, Nodes: nodes(4)}, fault.Partition},
		{fault.Fault{Kind: fault.Swizzle, Nodes: []string{"*"}, Period: 50 * ms}, fault.Clog},
		{fault.Fault{Kind: fault.Reorder, From: []string{"n0"}, To: []string{"n1"}, PPM: 5, Min: ms, Max: sec}, fault.Hold},
		{fault.Fault{Kind: fault.Replay, From: []string{"n0"}, To: []string{"n1"}, PPM: 5, Min: ms}, fault.Twice},
	} {
		r, _ := minimise(t, Input{Schedule: fault.Schedule{Faults: []fault.Fault{c.f}}}, func(in Input) bool {
			if len(in.Schedule.Faults) != 1 {
				return false
			}
			f := in.Schedule.Faults[0]
			return f.Kind == c.f.Kind || kindRank(f.Kind) >= kindRank(c.want)
		}, Options{Nodes: nodes(5)})
		if got := r.Input.Schedule.Faults[0].Kind; got != c.want {
			t.Errorf("%s became %s, not %s", c.f.Kind, got, c.want)
		}
	}
}
