package sim

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"samerun/clock"
	"samerun/sched"
)

// PropertyError is a property that did not hold.
type PropertyError struct {
	Name string        // as given to Always or Eventually
	At   time.Duration // virtual time
	Err  error         // what the check said
}

func (e *PropertyError) Error() string {
	return fmt.Sprintf("property %q broken at %v: %v", e.Name, e.At, e.Err)
}

// Unwrap returns what the check said.
func (e *PropertyError) Unwrap() error { return e.Err }

// PropertyCount tells how a property fared in a run.
type PropertyCount struct {
	Name    string
	Kind    string // "always", "eventually", "sometimes", "buggify"
	Checked uint64 // how often it was looked at
	Met     uint64 // how often it was found true
}

// properties are what must hold in a world.
//
// Invariants: counts has one entry for each name and kind, in the order of
// first mention; open lists the Eventually that are neither met nor failed, and
// wait counts them.
type properties struct {
	always  []always
	open    []*eventually
	counts  []*PropertyCount
	wait    sched.WaitGroup
	ending  *sched.Task // the main task, when it waits for the end of its last instant
	looking string      // the property at which quiet looks
}

type always struct {
	check func() error
	count *PropertyCount
}

// eventually is, as an event, its own deadline.
type eventually struct {
	cond  func() bool
	count *PropertyCount
	by    time.Duration
	after time.Duration
	timer clock.ID
}

var errNotYet = errors.New("it has not come true in time")

// Always states that check returns nil whenever everything stands still: at the
// end of each virtual instant, before time moves on, the run's last included.
// The first error breaks the property and ends the run. The check runs between
// tasks: it may read whatever it likes, and must not wait. It may lock a mutex
// that is free.
func (w *World) Always(name string, check func() error) {
	if w.over("World.Always") {
		return
	}
	if check == nil {
		w.fail(fmt.Errorf("World.Always(%q) was given no check; it needs a func() error", name))
		return
	}
	w.props.always = append(w.props.always, always{check, w.property("always", name)})
}

// Eventually states that cond becomes true within d of virtual time from now. It
// is looked at as an Always is, until it is true, for the last time at the end of
// the instant that is d from now. A run goes on after its scenario has returned
// until every Eventually is met or broken.
func (w *World) Eventually(name string, d time.Duration, cond func() bool) {
	if w.over("World.Eventually") {
		return
	}
	if cond == nil {
		w.fail(fmt.Errorf("World.Eventually(%q) was given no condition; it needs a func() bool", name))
		return
	}
	if d < 0 {
		w.fail(fmt.Errorf("World.Eventually(%q) was given %v; the time in which it must come true cannot be negative", name, d))
		return
	}
	e := &eventually{cond: cond, count: w.property("eventually", name), after: d, by: plus(w.Elapsed(), d)}
	w.props.open = append(w.props.open, e)
	w.props.wait.Add(1)
	e.timer = w.s.Clock().After(d, 0, e)
}

// Sometimes notes that a state which a good test should reach was, or was not,
// reached. A sweep over many seeds reports those that never were.
func (w *World) Sometimes(name string, cond bool) {
	if w.overFor("World.Sometimes") {
		return
	}
	c := w.property("sometimes", name)
	c.Checked++
	if cond {
		if c.Met++; c.Met == 1 {
			w.record(Record{What: Met, Text: name})
			if w.seen != nil {
				w.seen.happened(name)
			}
		}
	}
}

// property returns the count of a property. There are few: a map would be no faster, and in a world of
// goroutines the runtime would tell the race detector of it (see cmd/samerun's TestWorldHasNoRaces).
func (w *World) property(kind, name string) *PropertyCount {
	p := &w.props
	for _, c := range p.counts {
		if c.Name == name && c.Kind == kind {
			return c
		}
	}
	c := &PropertyCount{Name: name, Kind: kind}
	p.counts = append(p.counts, c)
	return c
}

// finish is what the main task does when the scenario has returned: it waits for
// every Eventually, and lets the last instant come to its end, because a property
// need not hold while other tasks are in the middle of something.
func (w *World) finish() {
	t := w.s.Caller("sim.Run")
	for more := true; more; more = len(w.props.open) > 0 {
		w.props.wait.Wait()
		w.props.ending = t
		w.s.Block(t, "the end of the instant", nil)
	}
}

// quiet is called when nothing is left to do at the present instant.
func (w *World) quiet() {
	p := &w.props
	for i := range p.always {
		a := p.always[i] // a copy, because a check may state more
		a.count.Checked++
		w.lookAt(a.count.Name)
		err := a.check()
		w.looked(a.count, err)
		if err != nil {
			w.broken(a.count, err)
			return
		}
		a.count.Met++
	}
	if len(p.open) > 0 && !w.lookAtOpen() {
		return
	}
	p.looking = ""
	if t := p.ending; t != nil {
		p.ending = nil
		w.s.Wake(t)
	}
}

// lookAt notes at which property somebody is about to look.
func (w *World) lookAt(name string) {
	w.props.looking = name
	if w.host != nil {
		w.host.Looks(name)
	}
}

// lookAtOpen answers false if one is broken.
func (w *World) lookAtOpen() bool {
	p := &w.props
	// A condition may state a new Eventually, which is then behind the first n.
	n, kept := len(p.open), 0
	for i := range n {
		e := p.open[i]
		e.count.Checked++
		w.lookAt(e.count.Name)
		w.looked(e.count, nil)
		switch {
		case e.cond():
			e.count.Met++
			w.record(Record{What: Met, Text: e.count.Name})
			w.s.Clock().Cancel(e.timer)
			p.wait.Done()
		case w.Elapsed() >= e.by:
			late := fmt.Errorf("%w (%v)", errNotYet, e.after)
			w.looked(e.count, late)
			w.broken(e.count, late)
			return false
		default:
			p.open[kept] = e
			kept++
		}
	}
	p.open = slices.Delete(p.open, kept, n)
	return true
}

func (w *World) broken(c *PropertyCount, err error) {
	w.fail(&PropertyError{Name: c.Name, At: w.Elapsed(), Err: err})
}

// Fire is called by the clock when the time is up. That there is such an instant
// is enough: the condition is looked at when it ends.
func (e *eventually) Fire() {}
