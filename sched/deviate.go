package sched

import (
	"fmt"

	"samerun/internal/text"
)

// Deviation is one scheduling decision that differs from the base strategy's:
// when the task becomes ready for the n-th time, it lets others go first. The
// idea is that of delay bounding (Emmi, Qadeer and Rakamarić, "Delay-bounded
// scheduling", POPL 2011): few delays of a simple order show most bugs. It names
// the task by its identity and not by a step of the run, so that it means the
// same after an edit elsewhere.
//
// Every run is FIFO with deviations: those that a Recording returns. They are the
// inversion table of the order in which the tasks ran (Knuth, The Art of Computer
// Programming, volume 3, section 5.1.1).
type Deviation struct {
	Task  uint64 // Task.ID
	Ready uint64 // counted from 1
	// Resumed tells apart how often the task's group was paused and resumed while
	// the task waited for this turn: each time it becomes ready anew. Nearly always 0.
	Resumed uint64
	// Shift is how many tasks that become ready later go first. 0 means all: the
	// task waits until no other is ready.
	Shift uint64
}

// String writes a deviation as "1f2e3d4c5b6a7988 ready 3 shift +2"; what is 0
// after ready is left out.
func (d Deviation) String() string {
	text := fmt.Sprintf("%016x ready %d", d.Task, d.Ready)
	if d.Resumed > 0 {
		text += fmt.Sprintf(" resumed %d", d.Resumed)
	}
	if d.Shift > 0 {
		text += fmt.Sprintf(" shift +%d", d.Shift)
	}
	return text
}

// where is what a deviation is about.
func (d Deviation) where() readiness { return readiness{d.Task, d.Ready, d.Resumed} }

// readiness names one time at which a task was put into the ready set.
type readiness struct{ task, ready, resumed uint64 }

func (t *Task) readiness() readiness { return readiness{t.ID(), t.readied, t.resumed} }

// CheckDeviations says in one sentence what no run can have: a turn that is
// counted from 0, or two deviations of one turn.
func CheckDeviations(deviations []Deviation) error {
	seen := make(map[readiness]Deviation, len(deviations))
	for _, d := range deviations {
		if d.Ready == 0 {
			return fmt.Errorf("the deviation %q is about ready 0; a task becomes ready for the first time at 1", d)
		}
		if other, twice := seen[d.where()]; twice {
			return fmt.Errorf("the deviations %q and %q are about one turn; leave one of them out", other, d)
		}
		seen[d.where()] = d
	}
	return nil
}

// Deviating is a strategy with deviations from it. Make one with NewDeviating.
//
// Invariants: late holds the ready tasks that wait for a number of others to go
// first, due of them for none; last holds those that wait for all others, in the
// order in which they became ready; base holds the rest.
type Deviating struct {
	base Strategy
	plan map[readiness]planned
	late arrivals[delayed]
	due  int
	last FIFO
}

// planned is a deviation, and whether it was met: where, in words.
type planned struct {
	shift uint64
	met   bool
	place string
}

// delayed is a task that lets left others go first.
type delayed struct {
	t    *Task
	left uint64
}

// NewDeviating returns base with deviations. Of two deviations of one turn the
// first counts; CheckDeviations finds such lists.
func NewDeviating(base Strategy, deviations []Deviation) *Deviating {
	d := &Deviating{base: base, plan: make(map[readiness]planned, len(deviations))}
	for _, x := range deviations {
		if _, twice := d.plan[x.where()]; !twice {
			d.plan[x.where()] = planned{shift: x.Shift}
		}
	}
	return d
}

// Add gives t to the base strategy, or delays it.
func (d *Deviating) Add(t *Task) {
	at := t.readiness()
	p, found := d.plan[at]
	if !found && at.resumed > 0 {
		// Who waits for all others, does so again after a pause.
		at.resumed = 0
		p, found = d.plan[at]
		found = found && p.shift == 0
	}
	if !found {
		d.base.Add(t)
		return
	}
	if !p.met {
		p.met, p.place = true, t.place()
		d.plan[at] = p
	}
	if p.shift == 0 {
		d.last.Add(t)
	} else {
		d.late.add(delayed{t, p.shift})
	}
}

// Next takes the first task that has let enough others go first, or else the base
// strategy's choice. If base has none, it takes the one that waits for the fewest
// others, and then those that wait for all.
func (d *Deviating) Next() *Task {
	if d.due > 0 {
		for i := range d.late.len() {
			if d.late.at(i).left == 0 {
				return d.takeLate(i)
			}
		}
	}
	if t := d.base.Next(); t != nil {
		d.overtake(t)
		return t
	}
	if d.late.len() > 0 {
		best := 0
		for i := range d.late.len() {
			if d.late.at(i).left < d.late.at(best).left {
				best = i
			}
		}
		return d.takeLate(best)
	}
	return d.last.Next()
}

func (d *Deviating) takeLate(i int) *Task {
	x := d.late.take(i)
	if x.left == 0 {
		d.due--
	}
	d.overtake(x.t)
	return x.t
}

// overtake counts t among the others for those that were ready before it.
func (d *Deviating) overtake(t *Task) {
	for i := range d.late.len() {
		x := d.late.at(i)
		if x.t.arrival > t.arrival {
			break
		}
		if x.left--; x.left == 0 {
			d.due++
		}
	}
}

// Met says whether the turn that a deviation is about has come up.
func (d *Deviating) Met(x Deviation) bool { return d.plan[x.where()].met }

// Place says in words where the turn was that a deviation is about, such as "n1/apply
// is back from Chan.Recv"; it is empty for a turn that has not come up.
func (d *Deviating) Place(x Deviation) string { return d.plan[x.where()].place }

// place says why t is ready.
func (t *Task) place() string {
	name := text.Line(t.fullName())
	switch {
	case t.state == fresh:
		return name + " starts"
	case t.resumed > 0:
		return name + " goes on after a pause of its node"
	case t.wait.op != "":
		return fmt.Sprintf("%s is back from %s", name, t.wait.op)
	}
	return name + " has yielded"
}
