package sim

import (
	"fmt"
	"reflect"
	"time"

	"samerun/internal/feature"
	"samerun/internal/keyed"
	"samerun/sched"
)

// State tells that the run has come to a state, in words of the test's own: any comparable value
// that holds no address, such as a struct of what matters about a cluster. A guided search
// (samerun test -guided) keeps runs that came to states which no run before had come to, and
// looks further from there; so a good state is coarse: who leads and how far the logs differ,
// rather than all that the logs hold. Without such a search State does nothing, and with it
// the run is the same.
//
// It may be called from checks and events, as often as one likes, in worlds of both engines.
func (w *World) State(state any) {
	if w.overFor("World.State") {
		return
	}
	kind := reflect.TypeOf(state)
	if w.seen == nil && kind == w.stateKind && kind != nil && !feature.Marking() {
		return // one of the kind was good
	}
	w.stateKind = kind
	h, err := feature.Hash(state)
	if err != nil {
		w.fail(fmt.Errorf("World.State was given a %T that no other run can have: %w", state, err))
		return
	}
	if feature.Marking() {
		feature.Branch(h)
	}
	if w.seen != nil {
		w.seen.set.Add(feature.State, h, w.Elapsed())
	}
}

// seen collects the features of a run.
type seen struct {
	w      *World
	set    feature.Set
	nodes  map[*Node]happening // what happened last at a node
	things map[any]access      // who used a thing of package sched last
	thing  any                 // that was used last
	user   uint64              // by this task
	types  map[reflect.Type]keyed.Key
	orders map[uint64]uint32 // how often one thing followed another
	sample sample
}

// saw is what a run has seen, and some turns that it could have had otherwise.
type saw struct {
	seen  feature.Seen
	turns []sched.Deviation
}

// happening is something that happened at a node: a message that came, a crash and so on, and
// from whom.
type happening struct {
	what uint64
	by   *Node
}

// access is who used a thing, and where.
type access struct {
	task, place uint64
}

func newSeen(w *World) *seen {
	return &seen{w: w, nodes: map[*Node]happening{}, things: map[any]access{}, types: map[reflect.Type]keyed.Key{}, orders: map[uint64]uint32{}}
}

// watch lets the world tell of what happens in it.
func (x *seen) watch() {
	if x.w.host == nil {
		x.w.s.OnTouch(x.touched)
	}
}

// record takes in a record of the trace: at each node, which kind of message or mishap came
// behind which.
func (x *seen) record(r *Record) {
	w := x.w
	at, by := r.Node, (*Node)(nil)
	k := happens.With(uint64(r.What)<<8 | uint64(r.Fate))
	switch r.What {
	case Arrived, Dropped:
		at, by = r.Peer, r.Node
		k = k.With(w.kinds.keys[r.Msg.Kind].Uint64())
		if r.Msg.Reply {
			k = k.With(1)
		}
	case Booted, Crashed, Paused, Resumed:
	default:
		return
	}
	now := happening{k.Uint64(), by}
	if last, ok := x.nodes[at]; ok {
		o := keyed.Key(last.what).With(now.what)
		if last.by == now.by {
			o = o.With(1)
		}
		x.follows(o.Uint64(), w.Elapsed())
	}
	x.nodes[at] = now
}

// touched takes in that a task uses a thing that tasks share.
func (x *seen) touched(t *sched.Task, thing any) {
	if t == nil || thing == x.thing && t.ID() == x.user {
		return // mostly somebody gives back what he has just taken
	}
	x.thing, x.user = thing, t.ID()
	kind := reflect.TypeOf(thing)
	if kind.Kind() != reflect.Pointer {
		return
	}
	now := access{t.ID(), t.Place()}
	if last, ok := x.things[thing]; ok && last.task != now.task {
		x.follows(x.use(kind).With(last.place).With(now.place).Uint64(), x.w.Elapsed())
	}
	x.things[thing] = now
}

// use is the key of what is used, by its type.
func (x *seen) use(kind reflect.Type) keyed.Key {
	k, known := x.types[kind]
	if !known {
		k = keyed.Ident("use").Str(kind.String())
		x.types[kind] = k
	}
	return k
}

var happens = keyed.Ident("happens")

// mostOften bounds how often two things follow each other until once more is nothing new: twice
// as often is.
const mostOften = 64

// follows takes in that two things happened one after the other.
func (x *seen) follows(order uint64, at time.Duration) {
	x.orders[order]++
	if n := x.orders[order]; n <= mostOften && n&(n-1) == 0 {
		x.set.Add(feature.Order, keyed.Key(order).With(uint64(n)).Uint64(), at)
	}
}

// happened takes in that a Sometimes came true.
func (x *seen) happened(name string) {
	x.set.Add(feature.Sometimes, keyed.Ident("sometimes").Str(name).Uint64(), x.w.Elapsed())
}
