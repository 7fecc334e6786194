package sched

import (
	"slices"
	"time"

	"samerun/internal/keyed"
)

// A phase of a run is what happens between two events of the clock: turns, until no task
// is ready. Events fire only then, so that no turn can change places with an event, nor
// with a turn of another phase: all that orders can differ in is the order of the turns
// within each phase. This file finds out which of these orders are equivalent.
//
// Two turns of a phase are dependent if they are of one task or of one group, if both
// touch a thing and not just to read it (or to add to it), or if one has made the other's
// task ready. The happens-before relation is the transitive closure of that, taken in the
// order in which the turns were; orders with the same relation are equivalent, and are
// called a Mazurkiewicz trace.

// set is a set of turns of a phase, by their numbers.
type set []uint64

func (s set) has(i int) bool { return i>>6 < len(s) && s[i>>6]&(1<<(i&63)) != 0 }

func (s *set) add(i int) {
	for len(*s) <= i>>6 {
		*s = append(*s, 0)
	}
	(*s)[i>>6] |= 1 << (i & 63)
}

func (s *set) join(t set) {
	for len(*s) < len(t) {
		*s = append(*s, 0)
	}
	for i, w := range t {
		(*s)[i] |= w
	}
}

// meets says that two sets have an element in common.
func (s set) meets(t set) bool {
	for i := range min(len(s), len(t)) {
		if s[i]&t[i] != 0 {
			return true
		}
	}
	return false
}

// place puts the last turn of a phase into the relation: it fills in nth, past and hash.
// It returns the turns that it races with: those that it depends on, with nothing in
// between, and that have not made its task ready. The latest comes first.
func place(phase []*turn) (races []int) {
	last := len(phase) - 1
	t := phase[last]
	for i := last - 1; i >= 0; i-- {
		u := phase[i]
		same := u.task == t.task
		if same {
			t.nth++
		}
		if t.past.has(i) {
			continue // by way of a turn in between
		}
		woke := slices.Contains(t.after, i)
		if !same && !woke {
			if !dependent(u, t) {
				continue
			}
			races = append(races, i)
		}
		t.past.join(u.past)
		t.past.add(i)
	}
	sum := uint64(0)
	for i := range last {
		if t.past.has(i) {
			sum += phase[i].hash
		}
	}
	t.hash = identOf("turn").With(t.task).With(uint64(t.nth)).With(sum).Uint64()
	return races
}

// apartFrom returns the turns from first on and before turn j that do not depend on a turn, nor
// happen after one that does.
func apartFrom(phase []*turn, first, j int, depends func(*turn) bool) set {
	var v, not set
	for k := first; k < j; k++ {
		if depends(phase[k]) || phase[k].past.meets(not) {
			not.add(k)
		} else {
			v.add(k)
		}
	}
	return v
}

// initials returns the tasks that could have the first turn of those in v with turn j behind
// them: those whose turns happen after no other of these. last says that the task of turn j
// is one.
func initials(phase []*turn, v set, j int) (tasks []uint64, last bool) {
	for k := range j {
		if v.has(k) && !phase[k].past.meets(v) {
			tasks = append(tasks, phase[k].task)
		}
	}
	if !phase[j].past.meets(v) {
		return append(tasks, phase[j].task), true
	}
	return tasks, false
}

// instant is, as a thing that turns touch, the place of an event in the clock's queue: the
// order in which two are scheduled matters if they have the same.
type instant struct {
	at  time.Duration
	tie uint64
}

// groupThing is, as a thing that turns touch, all that the tasks of a group share: the
// memory of a node.
type groupThing int

func identOf(what string) keyed.Key { return keyed.Ident("touch").Str(what) }
