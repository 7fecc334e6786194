package sim

import (
	"fmt"
	"time"

	"samerun/sched"
)

// This file hands out what happens beside the records of the digest, in runs of which a trace is
// made or a story is told: tasks that start and wait, timers, properties that are looked at, what
// clients ask for, and what the program logs. None of it has a number of a record, and no digest
// knows of it.

// aside is what there is to say of it.
type aside struct {
	method, on, where, fate string
	client                  string
	took                    time.Duration
	moment                  time.Duration
	begin                   uint64 // the number of the event with which it began
}

// asides is what a world has for them.
type asides struct {
	n   uint64 // events so far, records among them
	x   aside  // of the one that is told of
	ear *ear   // hears what the test logs; nil if nobody listens
}

// number gives a record its number among all events.
func (w *World) number(r *Record) {
	if !w.cfg.asides {
		return
	}
	w.hear("", nil)
	w.events.n++
	r.n = w.events.n
	if t := w.s.Current(); t != nil {
		r.task = w.s.Label(t)
	}
}

// tell hands out an aside, and returns its number.
func (w *World) tell(r Record, x aside) uint64 {
	if !w.cfg.asides || w.cfg.Trace == nil {
		return 0
	}
	w.events.n++
	w.events.x = x
	r.n, r.Cause, r.At, r.aside = w.events.n, w.s.Cause(), w.Elapsed(), &w.events.x
	w.cfg.Trace(r)
	return r.n
}

// node is the node of a group.
func (w *World) nodeOf(g *sched.Group) *Node {
	if n, ok := g.Value().(*Node); ok {
		return n
	}
	return w.main
}

// witness tells of what tasks do.
func (w *World) witness(h *sched.Happening) uint64 {
	w.hear(h.Task, h.Group)
	if h.What == sched.TurnEnds || w.s.Over() {
		return 0
	}
	r := Record{Node: w.nodeOf(h.Group), task: h.Task}
	x := aside{method: h.Op, on: h.On, where: h.Where, took: h.Took, begin: h.Began}
	switch h.What {
	case sched.TaskStarts:
		r.What = taskStarts
		if h.By != "" {
			r.Text = "started by " + h.By
		}
	case sched.TaskWaits:
		r.What, r.Text = taskWaits, h.Text
	case sched.TaskGoesOn:
		r.What = taskGoesOn
		if h.By != "" {
			r.Text = "by " + h.By
		}
	case sched.TimerFires:
		r.What = timerFires
	}
	return w.tell(r, x)
}

// looked tells that a property is looked at for the first time, or is found broken.
func (w *World) looked(c *PropertyCount, broken error) {
	if !w.cfg.asides || broken == nil && c.Checked != 1 {
		return
	}
	r, x := Record{What: isChecked, Text: c.Kind}, aside{method: c.Name}
	if broken != nil {
		x.fate, r.Text = "broken", c.Kind+": "+broken.Error()
	}
	w.tell(r, x)
}

// lookedAtAll tells, at the end of a run, how often each property was looked at.
func (w *World) lookedAtAll() {
	if !w.cfg.asides {
		return
	}
	for _, c := range w.props.counts {
		w.tell(Record{What: isChecked, Text: fmt.Sprintf("%s: looked at %d times, true %d times", c.Kind, c.Checked, c.Met)}, aside{method: c.Name})
	}
}

// Operation is something that a client of the system under test asks for, as the trace of the
// run has it. The zero value is none.
type Operation struct {
	w      *World
	n      uint64
	node   *Node
	began  time.Duration
	client string
}

// Traced says whether a trace is made of the run, so that it is worth while to call Operation.
func (w *World) Traced() bool { return w.cfg.asides }

// Operation tells the trace that a client asks for something now, in a few words. Package linear does so for
// all that is in a History; a scenario that has none may, too. Without a trace it does nothing.
func (w *World) Operation(client int, input string) Operation {
	if !w.cfg.asides || w.s.Over() {
		return Operation{}
	}
	o := Operation{w: w, node: w.here("World.Operation"), began: w.Elapsed(), client: fmt.Sprint("client ", client)}
	o.n = w.tell(Record{What: clientAsks, Node: o.node, Text: input, task: w.s.Label(w.s.Current())}, aside{client: o.client})
	return o
}

// End tells that the operation is over, and what the answer is.
func (o Operation) End(answer string) {
	if o.n != 0 && !o.w.s.Over() {
		o.w.tell(Record{What: clientHears, Node: o.node, Text: answer}, aside{client: o.client, begin: o.n, took: o.w.Elapsed() - o.began})
	}
}

// TookEffect tells which place, from 1, the operation has in an order that explains all answers, and at
// which virtual time it took effect if it took effect as soon as that order allows.
func (o Operation) TookEffect(nth int, at time.Duration) {
	if o.n != 0 && !o.w.s.Over() {
		o.w.tell(Record{What: clientOrder, Node: o.node, N: uint64(nth)}, aside{client: o.client, begin: o.n, moment: at})
	}
}
