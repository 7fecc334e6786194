package sched

import "samerun/internal/pick"

// Watching is a strategy that tells of the turns for which there is a choice under another one:
// those of tasks that are ready beside others. A search that changes single decisions chooses
// among them.
type Watching struct {
	base  Strategy
	see   func(Deviation)
	ready int
	alone Deviation // of the one task that is ready, if ready is 1
}

// NewWatching returns base, and tells see of each such turn as a deviation without a Shift.
func NewWatching(base Strategy, see func(Deviation)) *Watching {
	return &Watching{base: base, see: see}
}

// Add gives t to the base strategy.
func (w *Watching) Add(t *Task) {
	d := Deviation{Task: t.ID(), Ready: t.readied, Resumed: t.resumed}
	switch w.ready++; {
	case w.ready == 1:
		w.alone = d
	default:
		if w.alone.Ready != 0 {
			w.see(w.alone)
			w.alone = Deviation{}
		}
		w.see(d)
	}
	w.base.Add(t)
}

// Next takes the base strategy's choice.
func (w *Watching) Next() *Task {
	t := w.base.Next()
	if t != nil {
		w.ready--
		w.alone = Deviation{}
	}
	return t
}

// Place is a hash of where a task is, which tasks of one name that come back from one kind of
// wait have in common, on whichever node they are.
func (t *Task) Place() uint64 {
	return uint64(placeKey.Str(t.name).Str(t.wait.op))
}

var placeKey = pick.IdentKey("place")

// OnTouch lets f know whenever a task touches something that tasks share, such as a Mutex or a
// Chan, but for what is everybody's. There is one f, or nil.
func (s *Scheduler) OnTouch(f func(t *Task, x any)) { s.onTouch = f }
