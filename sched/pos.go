package sched

import "samerun/internal/pick"

// POS is partial order sampling: Yuan, Yang and Gu, "Partial order aware
// concurrency sampling" (CAV 2018). It begins as Random, a priority for each task
// that becomes ready, and the lowest number runs. After each turn, the ready tasks
// that race with it get new priorities. So how two turns race is drawn anew for
// each pair, while Random lets a task that once drew badly lose all its races
// until it runs.
//
// Two turns race if they touch the same memory, which nobody can know before they
// have run. Here they race if their tasks belong to one Group: the tasks of a node
// share its memory, and nodes share none. Programs that have one group only, the
// root, race everywhere.
//
// A priority is drawn from the seed, the task, how often it has been ready, and
// how many races it has been through since; tasks of other groups do not matter.
//
// Make one with NewPOS. A turn costs time in proportion to the ready tasks.
type POS struct {
	by    pick.POS
	ready []posReady
}

// posReady is a ready task; races counts the turns that raced with it.
type posReady struct {
	prio, races uint64
	by          pick.POSReady
	t           *Task
	group       *Group // of t, which many turns compare
}

// NewPOS returns the strategy of a seed.
func NewPOS(seed uint64) *POS { return &POS{by: pick.NewPOS(pick.ScheduleKey(seed))} }

// Add gives t a priority.
func (p *POS) Add(t *Task) {
	by := p.by.Ready(t.ID(), t.readied)
	p.ready = append(p.ready, posReady{by.Priority(0), 0, by, t, t.group})
}

// Next takes the task with the lowest priority, and draws anew for its rivals.
func (p *POS) Next() *Task {
	last := len(p.ready) - 1
	if last < 0 {
		return nil
	}
	best := 0
	for i := range p.ready {
		if p.ready[i].prio < p.ready[best].prio {
			best = i
		}
	}
	t := p.ready[best].t
	p.ready[best], p.ready[last] = p.ready[last], posReady{}
	p.ready = p.ready[:last]
	if !t.runnable() {
		return t // it will take no turn
	}
	for i := range p.ready {
		if r := &p.ready[i]; r.group == t.group {
			r.races++
			r.prio = r.by.Priority(r.races)
		}
	}
	return t
}
