package sched

import "samerun/internal/pick"

// URW is the uniform random walk: section 3.1 of Zhao, Wolff, Mathur and
// Roychoudhury, "Selectively Uniform Concurrency Testing" (ASPLOS 2025). A ready task
// is next with a chance in proportion to the turns that it has left, those of the tasks
// that it has yet to start among them. If the counts are right, and tasks wait for
// nothing but turns, each order has the same chance; under Walk those are likely in which
// tasks with few turns are done early.
//
// The counts are those of another run, mostly a calm one: see Counting and
// StrategySpec.WithEvents. A task is known by its ID. One that is started by an event, such
// as a message, is among nobody's; one that has more turns than were counted is taken to
// have one left. Without any counts URW is Walk.
//
// Make one by StrategySpec.New. A turn costs time in proportion to the ready tasks.
type URW struct{ weighted }

func newURW(seed uint64, w pick.Weights) *URW {
	u := &URW{}
	u.by.Start(pick.Spec{Kind: pick.KindURW, Weights: w}, pick.ScheduleKey(seed))
	return u
}

// weighted has the ready tasks of URW and SURW.
//
// Invariant: ready and tasks have the same length, and are in the order of arrival.
type weighted struct {
	by    pick.Picker
	ready []pick.Candidate
	tasks []*Task
}

// Add puts t into the ready set, last. A task that is new takes its events from the one
// that runs, which has started it.
func (w *weighted) Add(t *Task) {
	if t.state == fresh && t.readied == 1 && t.resumed == 0 {
		if by := t.starter(); by != nil {
			t.left, by.left = w.by.Started(t.ID(), t.ID(), by.ID(), by.left)
		} else {
			t.left, _ = w.by.Started(t.ID(), t.ID(), 0, 0)
		}
	}
	c := pick.Candidate{ID: t.ID(), Readied: t.readied, Resumed: t.resumed, Left: t.left, Kind: t.kind()}
	w.by.Add(&c)
	w.ready, w.tasks = append(w.ready, c), append(w.tasks, t)
}

// Next draws who is next.
func (w *weighted) Next() *Task {
	n := len(w.tasks)
	if n == 0 {
		return nil
	}
	i := w.by.Next(w.ready)
	t := w.tasks[i]
	if t.runnable() {
		t.left = w.ready[i].Left
	}
	copy(w.ready[i:], w.ready[i+1:])
	copy(w.tasks[i:], w.tasks[i+1:])
	w.tasks[n-1] = nil
	w.ready, w.tasks = w.ready[:n-1], w.tasks[:n-1]
	return t
}

// starter returns the task that runs, which has started t just now; nil in an event.
func (t *Task) starter() *Task {
	if t.s == nil {
		return nil
	}
	return t.s.cur
}

// kind is what kind of event the next turn of a ready task is: that of tasks of one
// name, on nodes of one name, that come back from one kind of wait.
func (t *Task) kind() uint8 {
	alike := pick.IdentKey("event").Str(t.name).Str(t.wait.op)
	if t.group != nil {
		alike = alike.Str(t.group.name)
	}
	return pick.KindOfEvent(uint64(alike))
}
