package fault

import (
	"cmp"
	"slices"
	"time"

	"samerun/internal/keyed"
)

// ForFiles returns the plan of faults for the files of a test of ordinary Go, which has one disk
// and does not crash: syncs that fail, no space, short writes, a slow disk, and bits that are wrong in
// what is read. Each seed has some of these and not the others, because many tests fail at once by
// a single one.
//
// Draw is given no nodes to aim at: the disk is "*". Elements begin before the horizon, as those of
// ForSockets. Seed 0 draws the empty schedule.
func ForFiles() Plan { return files{} }

type files struct{}

// filesRules are the kinds, Rate being how many there are in a thousand runs.
func filesRules() []Rule {
	return []Rule{
		{Kind: SyncFail, Rate: 500, PPM: Range{20_000, 500_000}},
		{Kind: NoSpace, Rate: 300, Bytes: Range{0, 1 << 16}},
		{Kind: Short, Rate: 500, PPM: Range{20_000, 500_000}},
		{Kind: SlowDisk, Rate: 500, Delay: Durations{ms, 50 * ms}},
		{Kind: Corrupt, Rate: 300, PPM: Range{1_000, 100_000}},
	}
}

// Draw returns the schedule of a seed.
func (files) Draw(seed uint64, _ []string, horizon time.Duration) Schedule {
	if seed == 0 {
		return Schedule{}
	}
	root := keyed.Root(seed).Str("files")
	horizon = max(time.Microsecond, min(horizon, MaxTime))
	var all []Fault
	for _, r := range filesRules() {
		info, _ := r.Kind.Info()
		k := root.Str(string(r.Kind))
		for n := range perRun(r.Rate, k.Str("count")) {
			k := k.With(n)
			f := r.numbers(info, drawFrom(k))
			f.Nodes, f.For = []string{"*"}, 0
			// Half of them are there from the start: tests that have nothing but files take no time.
			if k.Str("late").Below(2) == 1 {
				f.At = instant(k.Str("at"), horizon)
			}
			all = append(all, f)
		}
	}
	slices.SortStableFunc(all, func(a, b Fault) int { return cmp.Compare(a.At, b.At) })
	return Schedule{Faults: all}
}

// ForFiles reports whether the kind has a meaning for the files of a test of ordinary Go, which has
// one disk that does not crash.
func (i Info) ForFiles() bool {
	switch i.Kind {
	case SyncFail, NoSpace, Short, SlowDisk, Corrupt:
		return true
	}
	return false
}
