package shrink

import (
	"context"
	"errors"
	"math"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"samerun/sim/fault"
)

func TestDeadline(t *testing.T) {
	for _, workers := range []int{1, 3} {
		// The deadline comes with a try, not with a clock.
		const before = 50
		ctx, cancel := context.WithCancelCause(context.Background())
		var last Input
		var tries atomic.Int64
		r, err := Minimise(ctx, planted(1, 40, fault.Fault{Kind: fault.Isolate, Nodes: []string{"n1"}}), func(in Input) Verdict {
			if tries.Add(1) == before {
				cancel(context.DeadlineExceeded)
			}
			if splitBrain(in) {
				return Same
			}
			return Pass
		}, Options{Workers: workers, Better: func(in Input) { last = in }})
		cancel(nil)
		switch {
		case err != nil:
			t.Fatal(err)
		case r.Minimal || !errors.Is(r.Stopped, context.DeadlineExceeded):
			t.Errorf("minimal %v, stopped %v", r.Minimal, r.Stopped)
		case !r.Verified || !splitBrain(r.Input) || inFull(last) != inFull(r.Input):
			t.Error("the best so far was lost")
		case len(r.Input.Schedule.Faults) >= 40:
			t.Error("nothing was found")
		case tries.Load() > before+int64(workers)+1: // those that had begun, and the proof
			t.Errorf("%d tries, the last %d of them after the deadline", tries.Load(), tries.Load()-before)
		}
	}
}

// A search that is over before it begins says so, and loses nothing.
func TestCancelledBefore(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	why := errors.New("interrupted")
	cancel(why)
	in := planted(1, 5, fault.Fault{Kind: fault.Isolate, Nodes: []string{"n1"}})
	r, err := Minimise(ctx, in, func(Input) Verdict { return Same }, Options{})
	if err != nil || !errors.Is(r.Stopped, why) || r.Minimal || r.Verified || inFull(r.Input) != inFull(in) {
		t.Errorf("%v %+v", err, r)
	}
}

func TestErrors(t *testing.T) {
	same := func(Input) Verdict { return Same }
	in := planted(1, 5, fault.Fault{Kind: fault.Isolate, Nodes: []string{"n1"}})
	invalid := Input{Schedule: fault.Schedule{Faults: []fault.Fault{{Kind: "crsh"}}}}
	var tries atomic.Int64
	for _, c := range []struct {
		name string
		in   Input
		try  func(Input) Verdict
		opt  Options
		want string
	}{
		{"no function", in, nil, Options{}, "no function to try"},
		{"workers", in, same, Options{Workers: -1}, "workers is -1"},
		{"nodes", in, same, Options{Nodes: []string{"n0", "*"}}, `nodes[1] is "*"`},
		{"empty node", in, same, Options{Nodes: []string{""}}, `nodes[0] is ""`},
		{"horizon", Input{Horizon: -1}, same, Options{}, "horizon is -1ns"},
		{"schedule", invalid, same, Options{}, `did you mean "crash"`},
		{"passes", in, func(Input) Verdict { return Other }, Options{}, "does not fail"},
		{"panic", in, func(Input) Verdict { panic("boom") }, Options{}, "panicked: boom"},
		{"late panic", in, func(in Input) Verdict {
			if len(in.Schedule.Faults) == 0 {
				panic("boom")
			}
			return Same
		}, Options{Workers: 3}, "panicked: boom"},
		{"goexit", in, func(Input) Verdict { runtime.Goexit(); return Same }, Options{}, "t.FailNow"},
		{"flaky", in, func(in Input) Verdict {
			if tries.Add(1) > 1 {
				return Pass
			}
			return Same
		}, Options{}, "differs from run to run"},
	} {
		r, err := Minimise(context.Background(), c.in, c.try, c.opt)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		if r.Verified || inFull(r.Input) != inFull(c.in) {
			t.Errorf("%s: %+v", c.name, r)
		}
	}
}

// The empty input cannot become smaller; another failure is no reproduction.
func TestEmptyAndOther(t *testing.T) {
	r, rec := minimise(t, Input{Strategy: fifo, Calm: FixedLatency}, func(Input) bool { return true }, Options{})
	if rec.tries != 2 || r.Stats.Better != 0 {
		t.Errorf("%+v", r.Stats)
	}
	in := planted(1, 9, fault.Fault{Kind: fault.Isolate, Nodes: []string{"n1"}})
	full := inFull(in)
	calls := 0
	r, err := Minimise(context.Background(), in, func(in Input) Verdict {
		if inFull(in) == full {
			return Same
		}
		return Other
	}, Options{Progress: func(s Stats) { calls++ }})
	if err != nil || inFull(r.Input) != full || !r.Minimal || r.Stats.Other != r.Stats.Tries-2 || calls != r.Stats.Tries {
		t.Errorf("%v %+v %d", err, r.Stats, calls)
	}
	tries, better := 0, 0
	for _, p := range r.Stats.Phases {
		tries, better = tries+p.Tries, better+p.Better
	}
	if tries != r.Stats.Tries || better != r.Stats.Better {
		t.Errorf("the phases do not add up: %+v", r.Stats)
	}
}

// The scales count without gaps, and floor is the inverse of at.
func TestScales(t *testing.T) {
	for _, s := range append(axis(), scalesOf(123456)...) {
		for place := range int64(2000) {
			v := s.at(place)
			if s.at(place+1) == math.MaxInt64 {
				break
			}
			if !s.has(v) || s.floor(v) != place || s.at(place+1) <= v || s.floor(s.at(place+1)-1) != place {
				t.Fatalf("%+v at %d: %d", s, place, v)
			}
		}
	}
}

// What the search itself costs, next to the tries.
func BenchmarkMinimise(b *testing.B) {
	in := planted(1, 40, fault.Fault{Kind: fault.Partition, Nodes: []string{"n1", "n2"}})
	for _, workers := range []int{1, 2} {
		b.Run(map[int]string{1: "1worker", 2: "2workers"}[workers], func(b *testing.B) {
			tries := 0
			for b.Loop() {
				r, err := Minimise(context.Background(), in, func(in Input) Verdict {
					if splitBrain(in) {
						return Same
					}
					return Pass
				}, Options{Workers: workers, Nodes: nodes(5)})
				if err != nil {
					b.Fatal(err)
				}
				tries += r.Stats.Tries
			}
			b.ReportMetric(float64(tries)/float64(b.N), "tries/op")
			b.ReportMetric(float64(tries)/b.Elapsed().Seconds(), "tries/s")
		})
	}
}

func TestWords(t *testing.T) {
	s := Stats{Tries: 7, Time: 1234567 * time.Nanosecond, Before: InputSize{Faults: 40, Deviations: 3}, After: InputSize{Faults: 2}}
	if got, want := s.String(), "40 faults → 2, 3 deviations → 0, 7 tries in 1ms"; got != want {
		t.Errorf("%q instead of %q", got, want)
	}
	words := []string{Pass.String(), Same.String(), Other.String(), Unknown.String(), Verdict(9).String(), phases.String()}
	for p := range phases {
		words = append(words, p.String())
	}
	if got, want := strings.Join(words, ", "), "pass, same, other, unknown, verdict 9, phase 11, check, order, faults, workload, luck, sizes, aims, numbers, deviations, seeds, verification"; got != want {
		t.Errorf("%q instead of %q", got, want)
	}
}
