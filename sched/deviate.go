package sched

import "fmt"

// Deviation is one scheduling decision that differs from the base strategy's:
// when the task becomes ready for the n-th time, it has to wait until no other
// task is ready. The idea is that of delay bounding (Emmi, Qadeer and Rakamarić,
// "Delay-bounded scheduling", POPL 2011): few delays of a simple order show most
// bugs. It names the task by its identity and not by a step of the run, so that
// it means the same after an edit elsewhere.
type Deviation struct {
	Task  uint64 // Task.ID
	Ready uint64 // counted from 1
}

// String writes a deviation as "1f2e3d4c5b6a7988 ready 3".
func (d Deviation) String() string { return fmt.Sprintf("%016x ready %d", d.Task, d.Ready) }

// Deviating is a strategy with deviations from it. Make one with NewDeviating.
//
// Invariant: late holds the ready tasks that were delayed; they run in the order
// in which they were, when base has none.
type Deviating struct {
	base Strategy
	late FIFO
	at   map[Deviation]bool // whether it was met
}

// NewDeviating returns base with deviations.
func NewDeviating(base Strategy, deviations []Deviation) *Deviating {
	d := &Deviating{base: base, at: make(map[Deviation]bool, len(deviations))}
	for _, x := range deviations {
		d.at[x] = false
	}
	return d
}

// Add gives t to the base strategy, or delays it.
func (d *Deviating) Add(t *Task) {
	x := Deviation{t.ID(), t.readied}
	if _, planned := d.at[x]; planned {
		d.at[x] = true
		d.late.Add(t)
		return
	}
	d.base.Add(t)
}

// Next takes the base strategy's choice, or else the task delayed longest.
func (d *Deviating) Next() *Task {
	if t := d.base.Next(); t != nil {
		return t
	}
	return d.late.Next()
}

// Met says whether a deviation has come up.
func (d *Deviating) Met(x Deviation) bool { return d.at[x] }
