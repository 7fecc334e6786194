package shrink

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"pgregory.net/rapid"

	"samerun/sched"
	"samerun/sim/fault"
)

const (
	ms  = time.Millisecond
	sec = time.Second
)

// recorder is a try function that watches how it is called.
type recorder struct {
	predicate func(Input) bool

	mu     sync.Mutex
	seen   map[string]int
	broken string // what the minimiser did that it must not
	tries  int
	now    int // running
	most   int // that ever ran at once
}

func (r *recorder) try(in Input) Verdict {
	r.mu.Lock()
	r.tries++
	r.now++
	r.most = max(r.most, r.now)
	if r.seen == nil {
		r.seen = map[string]int{}
	}
	r.seen[inFull(in)]++
	if err := in.Schedule.Validate(); err != nil {
		r.broken = fmt.Sprintf("tried an invalid schedule: %v", err)
	}
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		r.now--
		r.mu.Unlock()
	}()
	if r.predicate(in) {
		return Same
	}
	return Pass
}

// check reports what the minimiser did wrong. The result alone is tried twice.
func (r *recorder) check(t interface{ Fatal(...any) }, result Input) {
	if r.broken != "" {
		t.Fatal(r.broken)
	}
	for in, n := range r.seen {
		if in == inFull(result) {
			n--
		}
		if n > 1 {
			t.Fatal("tried twice:", in)
		}
	}
}

// inFull is an input in full, order and all.
func inFull(in Input) string {
	return fmt.Sprintf("%d %s %v %q %v %v %d %v", in.Seed, in.Schedule.AppendJSON(nil, ""), in.Deviations, in.Strategy, in.Steps, in.Sizes, in.Calm, in.Horizon)
}

// minimise runs Minimise to its end and checks what holds for every result.
func minimise(t interface {
	Helper()
	Fatal(...any)
}, in Input, predicate func(Input) bool, opt Options) (Result, *recorder) {
	t.Helper()
	rec := &recorder{predicate: predicate}
	result, err := Minimise(context.Background(), in, rec.try, opt)
	if err != nil {
		t.Fatal(err)
	}
	rec.check(t, result.Input)
	switch {
	case !predicate(result.Input):
		t.Fatal("the result does not fail:", inFull(result.Input))
	case !result.Minimal || !result.Verified || result.Stopped != nil:
		t.Fatal("not finished:", result.Minimal, result.Verified, result.Stopped)
	case result.Stats.Tries != rec.tries:
		t.Fatal("counted", result.Stats.Tries, "tries instead of", rec.tries)
	case rec.most > max(1, opt.Workers):
		t.Fatal(rec.most, "tries at once")
	}
	return result, rec
}

// chaos draws a schedule of n faults over five nodes in ten seconds.
func chaos(seed uint64, n int) fault.Schedule {
	for ; ; seed++ {
		if s := fault.Chaos().Draw(seed, nodes(5), 10*sec); len(s.Faults) >= n {
			s.Faults = s.Faults[:n]
			return s
		}
	}
}

func nodes(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("n%d", i)
	}
	return list
}

// genInput draws schedules of all kinds, those of Chaos and those that are the
// examples of the kinds, with deviations.
func genInput() *rapid.Generator[Input] {
	return rapid.Custom(func(t *rapid.T) Input {
		in := Input{Schedule: chaos(rapid.Uint64Range(1, 1000).Draw(t, "seed"), rapid.IntRange(0, 12).Draw(t, "faults"))}
		for range rapid.IntRange(0, 3).Draw(t, "examples") {
			info := rapid.SampledFrom(fault.Kinds()).Draw(t, "kind")
			one, err := fault.Parse([]byte(`{"faults":[` + info.Example + `]}`))
			if err != nil {
				t.Fatal(err)
			}
			in.Schedule.Faults = append(in.Schedule.Faults, one.Faults[0])
		}
		in.Schedule.Quiet = time.Duration(rapid.Int64Range(0, int64(20*sec)).Draw(t, "quiet"))
		in.Horizon = time.Duration(rapid.SampledFrom([]int64{0, int64(30 * sec), 12_345_678_901}).Draw(t, "horizon"))
		for i := range rapid.IntRange(0, 10).Draw(t, "deviations") {
			in.Deviations = append(in.Deviations, sched.Deviation{Task: uint64(i % 3), Ready: uint64(i + 1)})
		}
		for i := range rapid.IntRange(0, 10).Draw(t, "steps") {
			in.Steps = append(in.Steps, StepID{[]string{"a", "b"}[i%2], i})
		}
		for i := range rapid.IntRange(0, 2).Draw(t, "sizes") {
			in.Sizes = append(in.Sizes, Size{Name: fmt.Sprint(i), Value: rapid.IntRange(3, 7).Draw(t, "value"), Least: 3})
		}
		in.Strategy = rapid.SampledFrom([]string{"", "pct:3", "fifo"}).Draw(t, "strategy")
		in.Calm = Calm(rapid.IntRange(0, int(FixedLatency)).Draw(t, "calm"))
		return in
	})
}

// hash gives a number to an element or anything else that %v shows.
func hash(v any) uint64 {
	h := uint64(14695981039346656037)
	for _, b := range []byte(fmt.Sprint(v)) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return h ^ h>>29
}

// needs says that the input still has the given elements, as they are, and the
// given deviations.
func needs(faults []fault.Fault, deviations []sched.Deviation) func(Input) bool {
	return func(in Input) bool {
		for _, f := range faults {
			if !slices.ContainsFunc(in.Schedule.Faults, f.Equal) {
				return false
			}
		}
		for _, d := range deviations {
			if !slices.Contains(in.Deviations, d) {
				return false
			}
		}
		return true
	}
}

// oneMinimal says which element or deviation could be taken out, if one could.
func oneMinimal(in Input, predicate func(Input) bool) string {
	for i := range in.Schedule.Faults {
		less := in
		less.Schedule = in.Schedule.Without(i)
		if predicate(less) {
			return fmt.Sprintf("without element %d it still fails:\n%v", i, in.Schedule)
		}
	}
	for i := range in.Steps {
		less := in
		less.Steps = slices.Delete(slices.Clone(in.Steps), i, i+1)
		if predicate(less) {
			return fmt.Sprintf("without step %d it still fails: %v", i, in.Steps)
		}
	}
	for i := range in.Deviations {
		less := in
		less.Deviations = slices.Delete(slices.Clone(in.Deviations), i, i+1)
		if predicate(less) {
			return fmt.Sprintf("without deviation %d it still fails: %v", i, in.Deviations)
		}
	}
	return ""
}
