package shrink

import (
	"math/bits"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"samerun/sched"
	"samerun/sim/fault"
)

// genPredicate draws a predicate that holds for the input: a monotone one, or one
// that is all but random in what the input holds.
func genPredicate(t *rapid.T, in Input) func(Input) bool {
	var faults []fault.Fault
	for _, f := range in.Schedule.Faults {
		if rapid.IntRange(0, 3).Draw(t, "needed") == 0 {
			faults = append(faults, f)
		}
	}
	var deviations []sched.Deviation
	for _, d := range in.Deviations {
		if rapid.IntRange(0, 3).Draw(t, "needed") == 0 {
			deviations = append(deviations, d)
		}
	}
	switch rapid.IntRange(0, 3).Draw(t, "predicate") {
	case 0: // monotone in the elements, nothing else may change
		return needs(faults, deviations)
	case 1: // the kinds matter, and the parity of what there is
		odd := (len(in.Schedule.Faults) + len(in.Deviations)) % 2
		return func(x Input) bool {
			return (len(x.Schedule.Faults)+len(x.Deviations))%2 == odd && hasKinds(x, faults)
		}
	case 2: // chaotic: a hash of everything decides
		salt := rapid.Uint64().Draw(t, "salt")
		share := rapid.Uint64Range(2, 9).Draw(t, "share")
		all := inFull(in)
		return func(x Input) bool {
			s := inFull(x)
			return s == all || hash([]any{salt, s})%share == 0
		}
	}
	// As much trouble as there was, in units that numbers, names and kinds change.
	limit := trouble(in) / 2
	return func(x Input) bool { return trouble(x) >= limit }
}

func hasKinds(in Input, faults []fault.Fault) bool {
	for _, f := range faults {
		if !slices.ContainsFunc(in.Schedule.Faults, func(g fault.Fault) bool { return g.Kind == f.Kind }) {
			return false
		}
	}
	return true
}

func trouble(in Input) int64 {
	sum := int64(len(in.Deviations) + len(in.Steps) + 5*int(FixedLatency) - 5*int(in.Calm))
	for _, s := range in.Sizes {
		sum += int64(s.Value)
	}
	for _, f := range in.Schedule.Faults {
		sum += kindRank(f.Kind) + int64(len(f.Nodes)+len(f.From)*len(f.To)) + int64(f.For/(10*ms)) + magnitude(f.PPM)/1000 + int64(f.Min/ms)
	}
	return sum
}

// The laws of every result: it fails, it is 1-minimal, it is no larger than the
// input, nothing invalid was tried and nothing twice, and each step on the way was
// simpler than the one before. And any number of workers finds the same.
func TestLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := genInput().Draw(t, "input")
		predicate := genPredicate(t, in)
		steps := []Input{in}
		reseed := rapid.IntRange(0, 5).Draw(t, "seeds")
		var first Result
		for _, workers := range []int{1, 2, 8} {
			steps = steps[:1]
			r, _ := minimise(t, in, predicate, Options{Workers: workers, Mishaps: mishaps, Record: recorded, Hits: hits, Reseed: reseed, Better: func(x Input) {
				if !predicate(x) {
					t.Fatal("better, but it does not fail")
				}
				if why := notSimpler(steps[len(steps)-1], x); why != "" {
					t.Fatalf("%s\nbefore %s\nafter  %s", why, inFull(steps[len(steps)-1]), inFull(x))
				}
				steps = append(steps, x)
			}})
			if why := oneMinimal(r.Input, predicate); why != "" {
				t.Fatal(why)
			}
			if inFull(steps[len(steps)-1]) != inFull(r.Input) {
				t.Fatal("the last better input is not the result")
			}
			if workers == 1 {
				first = r
			} else if inFull(first.Input) != inFull(r.Input) {
				t.Fatalf("with one worker %s\nwith %d    %s", inFull(first.Input), workers, inFull(r.Input))
			}
		}
	})
}

// mishaps and recorded stand for runs: what they tell depends on the input alone.
func mishaps(in Input) []fault.Fault {
	var list []fault.Fault
	for i := range hash(inFull(in)) % 7 {
		list = append(list, fault.Fault{Kind: fault.Drop, From: []string{"n0"}, To: []string{"n1"}, Nth: i + 1})
	}
	return list
}

func hits(in Input) []Hit {
	var list []Hit
	for i, f := range in.Schedule.Faults {
		if n := hash([]any{i, inFull(in)}) % 3; n > 0 && (f.Nth > 0 || f.PPM == fault.Million) {
			list = append(list, Hit{Index: i, At: time.Duration(n) * ms, Message: fault.Fault{Kind: fault.Drop, From: f.From, To: f.To, Nth: n}})
		}
	}
	return list
}

func recorded(in Input) []sched.Deviation {
	var list []sched.Deviation
	for i := range hash(inFull(in)) % 5 {
		list = append(list, sched.Deviation{Task: 9, Ready: i + 1})
	}
	return list
}

// notSimpler says why b is not simpler than a, in one respect at least and worse
// in none that weighs more.
func notSimpler(a, b Input) string {
	switch {
	case len(b.Schedule.Faults) < len(a.Schedule.Faults) && b.Calm == a.Calm && b.Strategy == a.Strategy:
		return ""
	case b.Calm != a.Calm:
		if b.Calm < a.Calm {
			return "less calm than before"
		}
		return ""
	case b.Strategy != a.Strategy:
		if b.Strategy != fifo {
			return "not the simplest strategy"
		}
		return ""
	case !slices.Equal(a.Sizes, b.Sizes):
		for i := range b.Sizes {
			if b.Sizes[i].Value > a.Sizes[i].Value || b.Sizes[i].Value < a.Sizes[i].Least {
				return "a size grew, or is too small"
			}
		}
		return ""
	case len(b.Steps) > len(a.Steps):
		return "more steps than before"
	case len(b.Steps) < len(a.Steps):
		return ""
	case len(b.Schedule.Faults) > len(a.Schedule.Faults) || len(b.Deviations) > len(a.Deviations):
		return "more than before"
	case len(b.Schedule.Faults) < len(a.Schedule.Faults) || len(b.Deviations) < len(a.Deviations):
		return ""
	case b.Schedule.Quiet != a.Schedule.Quiet || b.Horizon != a.Horizon:
		if (b.Schedule.Quiet == 0) != (a.Schedule.Quiet == 0) || (b.Horizon == 0) != (a.Horizon == 0) {
			return "bounded or not is not a matter of degree"
		}
		return ""
	}
	changed := 0
	for i := range a.Schedule.Faults {
		f, g := a.Schedule.Faults[i], b.Schedule.Faults[i]
		if !f.Equal(g) {
			changed++
			if !less(rankOf(g), rankOf(f)) {
				return "an element became no simpler"
			}
		}
	}
	if changed != 1 {
		return "not one element changed"
	}
	return ""
}

// For a monotone predicate over n elements of which k matter, ddmin needs about
// 2k log n tries, and k to see that nothing more goes.
func TestMonotoneTries(t *testing.T) {
	for _, c := range []struct{ n, k int }{{40, 0}, {40, 1}, {40, 2}, {40, 5}, {40, 40}, {1000, 2}, {1000, 10}} {
		var deviations, wanted []sched.Deviation
		for i := range c.n {
			deviations = append(deviations, sched.Deviation{Task: uint64(i), Ready: 1})
		}
		worst, sum := 0, 0
		const starts = 10
		for start := range starts {
			wanted = wanted[:0]
			for i := uint64(0); len(wanted) < c.k; i++ {
				if d := deviations[hash([]any{start, i})%uint64(c.n)]; !slices.Contains(wanted, d) {
					wanted = append(wanted, d)
				}
			}
			r, _ := minimise(t, Input{Deviations: deviations}, needs(nil, wanted), Options{})
			if len(r.Input.Deviations) != c.k {
				t.Fatalf("%d deviations instead of %d", len(r.Input.Deviations), c.k)
			}
			worst, sum = max(worst, r.Stats.Tries), sum+r.Stats.Tries
		}
		bound := 5 + 3*c.k*bits.Len(uint(c.n)) + c.k
		t.Logf("n=%d k=%d: %d tries on average, %d at worst; bound %d, n log n = %d", c.n, c.k, sum/starts, worst, bound, c.n*bits.Len(uint(c.n)))
		if worst > bound {
			t.Errorf("n=%d k=%d took %d tries, more than %d", c.n, c.k, worst, bound)
		}
	}
}
