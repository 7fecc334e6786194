package guide

import (
	"cmp"
	"slices"
	"time"

	"samerun/internal/keyed"
	"samerun/sched"
	"samerun/sim/fault"
	"samerun/sim/replay"
	"samerun/sim/shrink"
)

// mutate is an entry with one change, nil if that change cannot be made of it.
func (s *Search) mutate(a int, e *entry, k keyed.Key) *replay.File {
	in := *e.in
	in.Kept, in.Digest, in.Idle = []string{}, noDigest, nil
	ok := false
	switch a {
	case armFork:
		ok = s.fork(&in, e, k)
	case armFault:
		ok = s.changeFaults(&in, e, k)
	case armAnew:
		ok = s.anew(&in, e, k)
	case armSplice:
		ok = s.splice(&in, e, k)
	case armTurn:
		ok = changeTurn(&in, e, k)
	case armSteps:
		ok = changeSteps(&in, e, k)
	}
	if !ok {
		return nil
	}
	return &in
}

// moment draws a time of a run of an entry: half of them behind what it was the first to see.
func moment(e *entry, k keyed.Key) time.Duration {
	from := time.Duration(1)
	if k.Str("behind").Below(2) == 0 {
		from = max(from, e.at)
	}
	return time.Duration(k.Str("when").Between(int64(from), int64(max(from, e.made.Virtual-1))))
}

// seedOf draws a seed that is not the calm one.
func seedOf(k keyed.Key) uint64 { return max(k.Str("seed").Uint64()>>16, 1) }

// forkAt gives forks another one, in the place of those behind it.
func forkAt(forks []sched.Fork, at time.Duration, seed uint64) []sched.Fork {
	n, _ := slices.BinarySearchFunc(forks, at, func(f sched.Fork, at time.Duration) int { return cmp.Compare(f.At, at) })
	return append(slices.Clone(forks[:n]), sched.Fork{At: at, Seed: seed})
}

// mostForks is how many forks an input has at most: more would be many files for one idea.
const mostForks = 16

func (s *Search) fork(in *replay.File, e *entry, k keyed.Key) bool {
	in.Forks = forkAt(in.Forks, moment(e, k), seedOf(k))
	return len(in.Forks) <= mostForks
}

// splice takes the faults and the chance of another entry from some time on.
func (s *Search) splice(in *replay.File, e *entry, k keyed.Key) bool {
	other := s.choose(k.Str("other"))
	if other == e || len(s.entries) < 2 {
		return false
	}
	at := moment(e, k)
	in.Forks = forkAt(in.Forks, at, other.in.Seed)
	for _, f := range other.in.Forks {
		if f.At > at {
			in.Forks = append(in.Forks, f)
		}
	}
	if e.made.Schedule == nil || other.made.Schedule == nil {
		return len(in.Forks) <= mostForks
	}
	joint := fault.Schedule{Quiet: e.made.Schedule.Quiet}
	for _, f := range e.made.Schedule.Faults {
		if f.At < at {
			joint.Faults = append(joint.Faults, f)
		}
	}
	for _, f := range other.made.Schedule.Faults {
		if f.At >= at {
			joint.Faults = append(joint.Faults, f)
		}
	}
	in.Schedule = &joint
	return len(in.Forks) <= mostForks && s.allows(joint)
}

// changeFaults changes one fault of the schedule that the run had, or some, one after the other.
func (s *Search) changeFaults(in *replay.File, e *entry, k keyed.Key) bool {
	if e.made.Schedule == nil || e.made.Schedule.Size() == 0 {
		return false
	}
	now := *e.made.Schedule
	for i := range uint64(1) << k.Str("changes").Below(mostChanges) {
		if next, ok := s.changeFault(now, e, k.With(i)); ok && s.allows(next) {
			now = next
		}
	}
	in.Schedule = &now
	return !now.Equal(*e.made.Schedule)
}

// mostChanges is how often the number of changes is doubled at most, and one more: 1, 2, 4, 8
// or 16 faults.
const mostChanges = 5

// changeFault changes one fault.
func (s *Search) changeFault(next fault.Schedule, e *entry, k keyed.Key) (fault.Schedule, bool) {
	next.Faults = slices.Clone(next.Faults)
	i := int(k.Str("which").Below(uint64(len(next.Faults))))
	f := &next.Faults[i]
	switch what := k.Str("how").Below(8); {
	case what == 0 && len(next.Faults) > 1:
		next.Faults = slices.Delete(next.Faults, i, i+1)
	case what <= 3:
		// What pays here may pay again: one of its own more often than another's.
		from := e.made.Schedule
		if what == 3 {
			from = s.choose(k.Str("other")).made.Schedule
		}
		if from == nil || from.Size() == 0 {
			return next, false
		}
		more := from.Faults[k.Str("from").Below(uint64(len(from.Faults)))]
		move(&more, &next, e, k)
		next.Faults = append(next.Faults, more)
	case what == 4 && f.For > 0:
		stretch(f, &next, k)
	case what == 5 && s.retarget(f, k):
	case f.Nth > 0: // it picks a message, or an operation of a disk
		f.Nth = uint64(max(1, int64(f.Nth)+k.Str("nth").Between(-3, 3)))
	default:
		move(f, &next, e, k)
	}
	return next, true
}

// anew keeps the faults of an entry, changed, and lets a fresh seed decide all else.
func (s *Search) anew(in *replay.File, e *entry, k keyed.Key) bool {
	if !s.changeFaults(in, e, k) {
		return false
	}
	in.Seed, in.Forks, in.Deviations, in.Steps = s.freshSeed(), nil, nil, nil
	in.Sizes = slices.Clone(e.made.Sizes) // the faults are about these nodes
	return true
}

// move gives a fault another time: a little earlier or later, or anywhere.
func move(f *fault.Fault, in *fault.Schedule, e *entry, k keyed.Key) {
	if f.Nth > 0 {
		return
	}
	last := e.made.Virtual
	if in.Quiet > 0 {
		last = min(last, in.Quiet)
	}
	last = max(last-max(f.For, 1), 0)
	if k.Str("near").Below(2) == 0 {
		by := int64(max(e.made.Virtual/16, 1))
		f.At += time.Duration(k.Str("by").Between(-by, by))
	} else {
		f.At = time.Duration(k.Str("to").Between(0, int64(last)))
	}
	f.At = min(max(f.At, 0), last)
}

// stretch lets a fault last longer, or not so long: a quarter to four times.
func stretch(f *fault.Fault, in *fault.Schedule, k keyed.Key) {
	f.For = max(time.Duration(k.Str("length").Between(int64(f.For/4), 4*int64(min(f.For, 24*time.Hour)))), 1)
	if in.Quiet > 0 && f.At+f.For > in.Quiet {
		f.For = max(in.Quiet-f.At, 1)
	}
}

// retarget lets a fault befall another node.
func (s *Search) retarget(f *fault.Fault, k keyed.Key) bool {
	var lists []*[]string
	for _, list := range []*[]string{&f.Nodes, &f.From, &f.To} {
		if len(*list) > 0 {
			lists = append(lists, list)
		}
	}
	if len(lists) == 0 || len(s.names) == 0 {
		return false
	}
	list := lists[k.Str("list").Below(uint64(len(lists)))]
	at := int(k.Str("name").Below(uint64(len(*list))))
	if !slices.Contains(s.names, (*list)[at]) {
		return false // everybody, or a role: that stays so
	}
	name := s.names[k.Str("other name").Below(uint64(len(s.names)))]
	if slices.Contains(*list, name) {
		return false
	}
	*list = slices.Clone(*list)
	(*list)[at] = name
	return true
}

// allows reports whether a schedule asks of the test what those that were drawn ask of it: it is
// valid, and no more nodes are down at a time.
func (s *Search) allows(f fault.Schedule) bool {
	return f.Validate() == nil && mostDown(f) <= s.down
}

// mostDown is how many nodes are down at a time at most: crashed, paused or cut off.
func mostDown(s fault.Schedule) (most int) {
	down := 0
	for _, e := range fault.Timeline(s) {
		f := &s.Faults[e.Index]
		if f.Kind != fault.Crash && f.Kind != fault.Pause && f.Kind != fault.Isolate {
			continue
		}
		if n := max(len(f.Nodes), 1); e.Begin {
			down += n
		} else {
			down -= n
		}
		most = max(most, down)
	}
	return most
}

// mostTurns is how many decisions of turns an input has at most that differ.
const mostTurns = 32

// changeTurn lets one turn be taken later, or again where it was.
func changeTurn(in *replay.File, e *entry, k keyed.Key) bool {
	in.Deviations = slices.Clone(in.Deviations)
	if n := uint64(len(in.Deviations)); n > 0 && (n >= mostTurns || k.Str("less").Below(4) == 0) {
		i := int(k.Str("which").Below(n))
		in.Deviations = slices.Delete(in.Deviations, i, i+1)
		return true
	}
	if len(e.made.Turns) == 0 {
		return false
	}
	d := e.made.Turns[k.Str("turn").Below(uint64(len(e.made.Turns)))]
	d.Shift = k.Str("shift").Below(3) // 0 is behind all others
	if slices.ContainsFunc(in.Deviations, func(x replay.Deviation) bool {
		return x.Turn.Task == d.Task && x.Turn.Ready == d.Ready && x.Turn.Resumed == d.Resumed
	}) {
		return false
	}
	in.Deviations = append(in.Deviations, replay.Deviation{Turn: d})
	return true
}

// changeSteps leaves steps of the workloads out, one or some in a row, or does all again.
func changeSteps(in *replay.File, e *entry, k keyed.Key) bool {
	done := e.made.Steps
	if in.Steps != nil && k.Str("all").Below(4) == 0 {
		in.Steps = nil
		return true
	}
	if len(done) < 2 {
		return false
	}
	n := 1 + k.Str("how many").Below(uint64(max(len(done)/4, 1)))
	i := k.Str("from").Below(uint64(len(done)) - n + 1)
	left := slices.Delete(slices.Clone(done), int(i), int(i+n))
	in.Steps = (*shrink.Steps)(&left)
	return len(left) > 0
}
