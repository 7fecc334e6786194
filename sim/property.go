package sim

import (
	"errors"
	"fmt"
	"time"

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
	Kind    string // "always", "eventually", "sometimes"
	Checked uint64 // how often it was looked at
	Met     uint64 // how often it was found true
}

// properties are what must hold in a world.
//
// Invariant: counts has one entry for each name and kind, in the order of
// first mention; open lists the Eventually that are neither met nor failed.
type properties struct {
	always []always
	open   []*eventually
	counts []*PropertyCount
	byName map[[2]string]*PropertyCount
	wait   sched.WaitGroup // counts the open ones
}

type always struct {
	check func() error
	count *PropertyCount
}

type eventually struct {
	w     *World
	cond  func() bool
	count *PropertyCount
	by    time.Duration
	after time.Duration
	done  bool
}

var errNotYet = errors.New("it has not come true in time")

// Always states that check returns nil whenever everything stands still: at the
// end of each virtual instant, before time moves on, and at the end of the run.
// The first error breaks the property and ends the run. The check runs between
// tasks: it may read whatever it likes, and must not wait. It may lock a mutex
// that is free.
func (w *World) Always(name string, check func() error) {
	w.s.Caller("World.Always")
	if check == nil {
		w.fail(fmt.Errorf("World.Always(%q) was given no check; it needs a func() error", name))
		return
	}
	w.props.always = append(w.props.always, always{check, w.property("always", name)})
}

// Eventually states that cond becomes true within d of virtual time from now. It
// is looked at as an Always is, until it is true. A run goes on after its
// scenario has returned until every Eventually is met or broken.
func (w *World) Eventually(name string, d time.Duration, cond func() bool) {
	t := w.s.Caller("World.Eventually")
	if cond == nil {
		w.fail(fmt.Errorf("World.Eventually(%q) was given no condition; it needs a func() bool", name))
		return
	}
	if d < 0 {
		w.fail(fmt.Errorf("World.Eventually(%q) was given %v; the time in which it must come true cannot be negative", name, d))
		return
	}
	e := &eventually{w: w, cond: cond, count: w.property("eventually", name), after: d, by: w.Elapsed() + d}
	w.props.open = append(w.props.open, e)
	w.props.wait.Add(1)
	_ = t
	w.s.Clock().After(d, 0, e)
}

// Sometimes notes that a state which a good test should reach was, or was not,
// reached. A sweep over many seeds reports those that never were.
func (w *World) Sometimes(name string, cond bool) {
	w.s.Caller("World.Sometimes")
	c := w.property("sometimes", name)
	c.Checked++
	if cond {
		if c.Met++; c.Met == 1 {
			w.record(Record{What: Met, Text: name})
		}
	}
}

func (w *World) property(kind, name string) *PropertyCount {
	p := &w.props
	key := [2]string{kind, name}
	c := p.byName[key]
	if c == nil {
		c = &PropertyCount{Name: name, Kind: kind}
		if p.byName == nil {
			p.byName = map[[2]string]*PropertyCount{}
		}
		p.byName[key] = c
		p.counts = append(p.counts, c)
	}
	return c
}

// quiet is called when nothing is left to do at the present instant.
func (w *World) quiet() {
	for i := range w.props.always {
		a := &w.props.always[i]
		a.count.Checked++
		if err := a.check(); err != nil {
			w.fail(&PropertyError{Name: a.count.Name, At: w.Elapsed(), Err: err})
			return
		}
		a.count.Met++
	}
	if len(w.props.open) > 0 {
		w.lookAtOpen()
	}
}

func (w *World) lookAtOpen() {
	// A condition may state a new Eventually, so the list is taken away first.
	open := w.props.open
	w.props.open = nil
	for _, e := range open {
		if !e.look() {
			w.props.open = append(w.props.open, e)
		}
	}
}

// look says whether the condition is true, and closes it if so.
func (e *eventually) look() bool {
	if e.done {
		return true
	}
	e.count.Checked++
	if !e.cond() {
		return false
	}
	e.done = true
	e.count.Met++
	e.w.record(Record{What: Met, Text: e.count.Name})
	e.w.props.wait.Done()
	return true
}

// Fire is called by the clock when the time is up: the last chance.
func (e *eventually) Fire() {
	if e.done || e.look() {
		return
	}
	e.w.fail(&PropertyError{Name: e.count.Name, At: e.w.Elapsed(), Err: fmt.Errorf("%w (%v)", errNotYet, e.after)})
}
