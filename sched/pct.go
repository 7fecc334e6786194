package sched

import (
	"slices"

	"samerun/internal/pick"
)

// DefaultLength is the number of choices that PCT and Delay expect of a run if
// they are not told. Measure it by Scheduler.Choices.
const DefaultLength = pick.DefaultLength

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
// Make one with NewPCT. Invariant: fallen has each task that fell once.
type PCT struct {
	by     pick.PCT
	heap   readyHeap // a low number is a high priority
	fallen []pctFallen
}

// pctFallen is a task that fell.
type pctFallen struct{ task, prio uint64 }

// NewPCT returns the strategy of a seed for bugs of the given depth, in runs with
// length choices. A depth below 1 counts as 1, and a length below 1 as DefaultLength.
func NewPCT(seed uint64, depth, length int) *PCT {
	return &PCT{by: pick.NewPCT(pick.ScheduleKey(seed), uint64(max(depth, 0)), uint64(max(length, 0)))}
}

// Add gives t the priority that it has.
func (p *PCT) Add(t *Task) { p.heap.push(ready{p.priority(t), t}) }

// Next takes the task with the highest priority.
func (p *PCT) Next() *Task {
	if len(p.heap) < 2 {
		return p.heap.pop()
	}
	for {
		prio, falls := p.by.Change()
		if !falls {
			break
		}
		p.fall(p.heap.pop(), prio)
	}
	t := p.heap.pop()
	if p.by.Chosen() {
		p.beFair()
	}
	return t
}

func (p *PCT) priority(t *Task) uint64 {
	fallen := uint64(0)
	for _, f := range p.fallen {
		if f.task == t.ID() {
			fallen = f.prio
		}
	}
	return p.by.Priority(t.ID(), t.readied, fallen)
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
