package sched

import (
	"cmp"
	"slices"

	"samerun/internal/keyed"
)

// DefaultLength is the number of choices that PCT and Delay expect of a run if
// they are not told. Measure it by Scheduler.Choices.
const DefaultLength = 4096

// PCT is probabilistic concurrency testing: Burckhardt, Kothari, Musuvathi and
// Nagarakatte, "A randomized scheduler with probabilistic guarantees of finding
// bugs" (ASPLOS 2010). Each task has a random priority for life, and the ready
// task with the highest runs. At depth-1 points of the run, drawn at random, the
// task whose turn it would be falls below all others.
//
// A bug of depth d needs d orders between two steps each to come out wrong: one
// for most order violations, two for most atomicity violations. Among n tasks
// with k choices, one seed finds it with a chance of at least 1/(n·k^(d-1)).
//
// The paper counts all steps. Here only choices count, which are the steps with
// two or more ready tasks (see Scheduler.Choices): a task that falls where it is
// alone might as well fall at the next choice that it wins, so the bound holds for
// this smaller k. A priority belongs to a task (it is drawn from its ID); the
// point of a change belongs to the run, and an edit before it may move it on to
// another task.
//
// A task that has the highest priority and waits in a loop of Yield would keep
// the others out for ever. So, after twice length choices, PCT goes on as Random
// does, like the fair PCT of Coyote; twice, because no run is as long as another.
//
// Make one with NewPCT. Invariant: changes holds those to come, the next first.
type PCT struct {
	task, fair keyed.Key
	heap       readyHeap // a low number is a high priority
	changes    []pctChange
	fallen     []pctFallen
	choices    uint64
	patience   uint64 // choices until it becomes fair
}

// pctChange lets the task that wins a choice fall to prio.
type pctChange struct{ choice, prio uint64 }

// pctFallen is a task that fell.
type pctFallen struct{ task, prio uint64 }

// lowest is above the numbers of all tasks that have not fallen.
const lowest = 1 << 63

// NewPCT returns the strategy of a seed for bugs of the given depth, in runs with
// length choices. A depth below 1 counts as 1, and a length below 1 as DefaultLength.
func NewPCT(seed uint64, depth, length int) *PCT {
	key := scheduleKey(seed).Str("pct")
	if length < 1 {
		length = DefaultLength
	}
	p := &PCT{task: key.Str("task"), fair: key.Str("fair"), patience: 2 * uint64(length)}
	for i := 1; i < depth; i++ {
		// As in the paper, who falls at the i-th point is above who falls at the
		// ones with lower numbers, and the points come in any order.
		at := key.Str("change").With(uint64(i)).Below(uint64(length))
		p.changes = append(p.changes, pctChange{at, lowest + uint64(depth-i)})
	}
	slices.SortStableFunc(p.changes, func(a, b pctChange) int { return cmp.Compare(a.choice, b.choice) })
	return p
}

// Add gives t the priority that it has.
func (p *PCT) Add(t *Task) { p.heap.push(ready{p.priority(t), t}) }

// Next takes the task with the highest priority.
func (p *PCT) Next() *Task {
	if len(p.heap) < 2 {
		return p.heap.pop()
	}
	for len(p.changes) > 0 && p.changes[0].choice == p.choices {
		p.fall(p.heap.pop(), p.changes[0].prio)
		p.changes = p.changes[1:]
	}
	t := p.heap.pop()
	if p.choices++; p.choices == p.patience {
		p.beFair()
	}
	return t
}

func (p *PCT) priority(t *Task) uint64 {
	if p.choices >= p.patience {
		return p.fair.With(t.ID()).With(t.readied).Uint64()
	}
	for _, f := range p.fallen {
		if f.task == t.ID() {
			return f.prio
		}
	}
	return p.task.With(t.ID()).Uint64() >> 1
}

func (p *PCT) fall(t *Task, prio uint64) {
	p.fallen = slices.DeleteFunc(p.fallen, func(f pctFallen) bool { return f.task == t.ID() })
	p.fallen = append(p.fallen, pctFallen{t.ID(), prio})
	p.heap.push(ready{prio, t})
}

// beFair draws the priorities anew.
func (p *PCT) beFair() {
	all := p.heap
	p.heap = p.heap[:0]
	for _, x := range all {
		p.Add(x.t) // writes behind where the loop reads
	}
}
