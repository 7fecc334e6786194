package sched

import "samerun/internal/pick"

// Delay is FIFO with a few delays: Emmi, Qadeer and Rakamarić, "Delay-bounded
// scheduling" (POPL 2011), with the places of the delays drawn at random. A delay
// lets the task whose turn it would be go to the end of the queue.
//
// A bug that shows when FIFO is delayed at d certain choices out of k is found by
// one seed with a chance of at least d!/k^d. It does not depend on the number of
// tasks, and what is found is close to FIFO, which makes the shortest stories. A
// choice is a step with two or more ready tasks, see Scheduler.Choices.
//
// The place of a delay belongs to the run and not to a task: it is the number of
// a choice. Record a run (see Recording) to have it by tasks.
//
// Make one with NewDelay.
type Delay struct {
	by   pick.DelayBounded
	fifo FIFO
}

// NewDelay returns the strategy of a seed, with a number of delays among length
// choices. Those that fall behind the end of the run do not happen. A number
// below 0 counts as 0, and a length below 1 as DefaultLength.
func NewDelay(seed uint64, delays, length int) *Delay {
	return &Delay{by: pick.NewDelayBounded(pick.ScheduleKey(seed), uint64(max(delays, 0)), uint64(max(length, 0)))}
}

// Add puts t last.
func (d *Delay) Add(t *Task) { d.fifo.Add(t) }

// Next takes the first, or one behind it for each delay that is due.
func (d *Delay) Next() *Task {
	if d.fifo.n < 2 {
		return d.fifo.Next()
	}
	for d.by.Due() {
		d.fifo.Add(d.fifo.Next())
	}
	d.by.Chosen()
	return d.fifo.Next()
}
