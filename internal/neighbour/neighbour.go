// Package neighbour tells where a failing run parts from the nearest one that passes, and what
// followed in each: the last thing that a reader needs in order to see why the one fault, or
// the one deviation, matters.
//
//	neighbour.Tell(failing, passing, "the fault cut n1 → n2")
//
// The runs are compared as samerun diff does (package tracefile). Equal traces give equal words.
//
// # Reading order
//
// neighbour.go: what is told. words.go: an event in words.
package neighbour

import (
	"strings"
	"time"

	"samerun/internal/story"
	"samerun/internal/text"
	"samerun/internal/tracefile"
)

// Tell compares the trace of a failing run with that of one that passes and has less, which are
// the words for what it has less. It returns nil if nothing happens in one that does not in the
// other, or if the runs are not as they should be.
func Tell(failing, passing *tracefile.Trace, less string) *story.Neighbour {
	if failing == nil || passing == nil || failing.Failure == "" || passing.Failure != "" {
		return nil
	}
	i, j := tracefile.PartingOfNeighbours(failing, passing)
	if i < 0 {
		return nil
	}
	x := &telling{one: failing, other: passing, methods: methodsOf(failing, passing)}
	x.own = failing.Package[strings.LastIndexByte(failing.Package, '/')+1:] + "."
	x.nameTasks()
	t := &story.Neighbour{Less: less}
	x.parting(t, i, j)
	t.With.Then, t.With.ThenAt = x.then(failing, i, x.shapes(passing), t.With.Words)
	t.Without.Then, t.Without.ThenAt = x.then(passing, j, x.shapes(failing), t.Without.Words)
	return t
}

// telling is one comparison.
type telling struct {
	one, other *tracefile.Trace
	own        string            // begins the names of functions of the package, such as "raft."
	names      map[string]string // of goroutines
	methods    map[string]string // without the names of services
	about      message           // that the first difference is about, without its number; none if it is about none
}

// parting tells the first difference: of what happens first in either run, and what becomes of
// the same thing in the other.
func (x *telling) parting(t *story.Neighbour, i, j int) {
	a, b := at(x.one, i), at(x.other, j)
	for _, e := range [...]*tracefile.Event{b, a} {
		if e != nil && isMessage(e) {
			x.about = kindOf(e)
		}
	}
	switch {
	case b != nil && isMessage(b) && (a == nil || b.At < a.At || !isMessage(a) && a.Kind != tracefile.Crash):
		// What passes goes on, and the failing run does otherwise later, or not at all.
		words := x.missing(x.one, b)
		if same := x.same(x.one, i, b); same != nil {
			t.With.At, words = instant(same), x.what(same)
		} else if a != nil {
			t.With.At = instant(a)
		}
		t.With.Words = words
		t.Without.At, t.Without.Words = instant(b), became(b)
	case a == nil:
		t.With.Words = "it has ended"
		t.Without.At, t.Without.Words = instant(b), x.what(b)
	case isMessage(a):
		t.With.At, t.With.Words = instant(a), x.what(a)
		t.Without.Words = x.becomes(x.other, a)
		if same := x.same(x.other, j, a); same != nil {
			t.Without.At, t.Without.Words = instant(same), became(same)
			if a.Kind == same.Kind && a.At == same.At { // it holds something else
				t.With.Words += holding(a, same)
				t.Without.Words += holding(same, a)
			}
		}
	default:
		t.With.At, t.With.Words = instant(a), x.what(a)
		if b = x.near(j, a); b != nil {
			t.Without.At, t.Without.Words = instant(b), x.what(b)
		} else {
			t.Without.Words = "it has ended"
		}
	}
}

// near is what happens in the passing run from index j on to the node of an event, or at all.
func (x *telling) near(j int, e *tracefile.Event) *tracefile.Event {
	var first *tracefile.Event
	for k := j; k < len(x.other.Events); k++ {
		o := &x.other.Events[k]
		switch {
		case o.Kind.OfInput(), o.Kind.Beside():
			continue
		case e.Node == "" || laneOf(o) == e.Node:
			return o
		case first == nil:
			first = o
		}
	}
	return first
}

// at is an event of a trace, nil behind its end.
func at(t *tracefile.Trace, i int) *tracefile.Event {
	if i >= len(t.Events) {
		return nil
	}
	return &t.Events[i]
}

// instant is when an event happened.
func instant(e *tracefile.Event) time.Duration { return time.Duration(e.At) }

// message is what all events about one message have in common.
type message struct {
	node, peer, method string
	reply              bool
	nth, conn          uint64
}

func messageOf(e *tracefile.Event) message {
	return message{e.Node, e.Peer, e.Method, e.Reply, e.Nth, e.Conn}
}

// kindOf is messageOf for all of one kind on a link.
func kindOf(e *tracefile.Event) message {
	m := messageOf(e)
	m.nth, m.conn = 0, 0
	return m
}

// same is what becomes from index i on of the message that an event is about, of its sending or
// of its end; nil if nothing does.
func (x *telling) same(t *tracefile.Trace, i int, e *tracefile.Event) *tracefile.Event {
	want := messageOf(e)
	for ; i < len(t.Events); i++ {
		if o := &t.Events[i]; isMessage(o) && (o.Kind == tracefile.Send) == (e.Kind == tracefile.Send) && messageOf(o) == want {
			return o
		}
	}
	return nil
}

// becomes says of the message of an event that nothing more becomes of it.
func (x *telling) becomes(t *tracefile.Trace, e *tracefile.Event) string {
	if e.Kind != tracefile.Send && x.sent(t, e) {
		return "it is still on its way at the end"
	}
	return "it is not sent"
}

// missing is becomes, with the name of the message.
func (x *telling) missing(t *tracefile.Trace, e *tracefile.Event) string {
	if e.Kind != tracefile.Send && x.sent(t, e) {
		return x.nameOf(e) + " from " + e.Node + " to " + e.Peer + " is on its way at the end"
	}
	return e.Node + " does not send " + x.nameOf(e) + " to " + e.Peer
}

// sent says whether the message of an event is sent in a run.
func (x *telling) sent(t *tracefile.Trace, e *tracefile.Event) bool {
	s := *e
	s.Kind = tracefile.Send
	return x.same(t, 0, &s) != nil
}

// shape is an event without what differs from one time to another.
type shape struct {
	kind                     tracefile.Kind
	node, peer, task, method string
	reply                    bool
	text                     string
}

// shapeOf is the shape of an event; ok is false if it says too little of what followed.
func (x *telling) shapeOf(e *tracefile.Event) (s shape, ok bool) {
	s = shape{kind: e.Kind, node: e.Node, peer: e.Peer, method: e.Method, reply: e.Reply}
	switch e.Kind {
	case tracefile.Log, tracefile.Output, tracefile.Met:
		s.text = text.WithoutNumbers(e.Text)
	case tracefile.Turn:
		s.task, s.text = e.Goroutine(), x.frameOf(e.Where)
		if s.text == "" || strings.Trim(s.task, "0") == "" {
			return s, false // it goes on in no function of the program, or is the one that runs the tests
		}
	case tracefile.Drop, tracefile.Arrive:
		s.text = e.Fate
	case tracefile.Go:
		s.text = x.frameOf(e.Where)
	case tracefile.Fail, tracefile.Hold:
		return s, false
	}
	return s, !e.Kind.OfInput() && !e.Kind.Beside()
}

// shapes are those of a run, and of turns also the places alone, to which any goroutine came.
func (x *telling) shapes(t *tracefile.Trace) map[shape]bool {
	all := map[shape]bool{}
	for i := range t.Events {
		if s, ok := x.shapeOf(&t.Events[i]); ok {
			all[s] = true
			s.task = ""
			all[s] = true
		}
	}
	return all
}

// then is the first thing that happens behind an index in one run, and never in the other, until
// the failing run is over. A place to which no goroutine comes in the other run says more than
// one to which another one does. Messages of the kind by which the runs part have been told, and
// what is printed at the very end is the failure.
func (x *telling) then(t *tracefile.Trace, from int, others map[shape]bool, first string) (words string, when time.Duration) {
	end := x.one.Virtual
	if f := x.one.Failed(); f != nil {
		end = f.At
	}
	for _, anybody := range [...]bool{true, false} {
		for i := from + 1; i < len(t.Events) && t.Events[i].At <= end; i++ {
			e := &t.Events[i]
			s, ok := x.shapeOf(e)
			if anybody {
				s.task = ""
			}
			if !ok || others[s] || e.Kind == tracefile.Output && (e.At == end || ofTesting(e.Text)) || isMessage(e) && kindOf(e) == x.about {
				continue
			}
			if words := x.what(e); words != first {
				return words, instant(e)
			}
		}
	}
	return "", 0
}

// ofTesting says whether an output is of package testing, which says how tests end.
func ofTesting(said string) bool {
	said = strings.TrimSpace(said)
	return strings.HasPrefix(said, "--- ") || strings.HasPrefix(said, "=== ") || said == "PASS" || said == "FAIL"
}
