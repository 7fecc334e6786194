package sched

// Recording is a strategy that writes down what another one decides, as deviations
// from FIFO. They reproduce the run to the bit, whatever the strategy was:
//
//	rec := sched.NewRecording(sched.NewWalk(seed))
//	… a run with it …
//	again := sched.NewDeviating(&sched.FIFO{}, rec.Deviations())
//
// For each task that is ready it counts the turns of those that became ready
// later; if there were any before its own turn, that is its deviation. So a run in
// the order of FIFO has none.
//
// Why that is enough: take the ready tasks in the order in which they became ready.
// The one that was taken had been overtaken as often as it ever would be; those
// before it were being overtaken just then, so that they had not been. It is
// therefore the first that has let enough others go first, which is whom Deviating
// takes.
//
// Make one with NewRecording. A turn costs time in proportion to the tasks that it
// overtakes, and memory only if it was overtaken itself.
type Recording struct {
	base  Strategy
	ready arrivals[overtaken]
	list  []Deviation // of the turns that were taken
}

// overtaken is a ready task with the number of those that went first.
type overtaken struct {
	t  *Task
	by uint64
}

// NewRecording returns base with a record of what it decides.
func NewRecording(base Strategy) *Recording { return &Recording{base: base} }

// Add gives t to the base strategy.
func (r *Recording) Add(t *Task) {
	r.ready.add(overtaken{t: t})
	r.base.Add(t)
}

// Next takes the base strategy's choice.
func (r *Recording) Next() *Task {
	t := r.base.Next()
	if t == nil {
		return nil
	}
	for i := range r.ready.len() {
		x := r.ready.at(i)
		if x.t != t {
			x.by++
			continue
		}
		if x.by > 0 {
			r.list = append(r.list, x.deviation())
		}
		r.ready.take(i)
		break
	}
	return t
}

// Deviations returns what was recorded so far, in the order of the turns; last
// those of tasks that still wait for theirs. It is called between turns or after
// the run.
func (r *Recording) Deviations() []Deviation {
	list := append([]Deviation(nil), r.list...)
	for i := range r.ready.len() {
		if x := r.ready.at(i); x.by > 0 {
			list = append(list, x.deviation())
		}
	}
	return list
}

func (x *overtaken) deviation() Deviation {
	return Deviation{Task: x.t.ID(), Ready: x.t.readied, Resumed: x.t.resumed, Shift: x.by}
}
