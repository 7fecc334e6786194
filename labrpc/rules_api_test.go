package labrpc

import (
	"fmt"
	"testing"
	"time"

	"samerun/labrpc/labgob"
	"samerun/sim"
)

func TestRule16Counts(t *testing.T) {
	run(t, exactly(16), func(w *sim.World) {
		l := newLab(w)
		if l.GetCount("server") != 0 || l.GetTotalCount() != 0 || l.GetTotalBytes() != 0 {
			t.Error("a new network has counted something")
		}
		for range 3 {
			l.call(l.end, "Echo.Double", 1)
		}
		l.Enable("client", false)
		l.call(l.end, "Echo.Double", 1)
		l.Enable("client", true)
		first := l.srv
		l.DeleteServer("server")
		l.addServer("server")
		l.call(l.end, "Echo.Double", 1)
		if l.GetCount("server") != 1 || first.GetCount() != 3 || l.GetTotalCount() != 5 {
			t.Errorf("the second server counts %d, the first %d, all calls %d; want 1, 3, 5", l.GetCount("server"), first.GetCount(), l.GetTotalCount())
		}
		l.AddServer("again", first) // the same object goes on counting
		l.Connect("client", "again")
		l.call(l.end, "Echo.Double", 1)
		if l.GetCount("again") != 4 {
			t.Errorf("the first server under another name counts %d, want 4", l.GetCount("again"))
		}
	})
}

func TestRule17Setters(t *testing.T) {
	run(t, exactly(17), func(w *sim.World) {
		l := newLab(w)
		// Replacing a server makes calls that are not yet accepted go to the new one.
		a := l.background(l.end, "Echo.Slow", 50*ms)
		w.Sleep(10 * ms)
		srv, _ := l.addServer("server")
		b := l.background(l.end, "Echo.Slow", 50*ms)
		w.Sleep(time.Second)
		if a.ok || a.took != 50*ms+tick || !b.ok || srv.GetCount() != 1 || l.srv.GetCount() != 1 {
			t.Errorf("%+v %+v", a, b)
		}
		// Names that mean nothing are no error: the course's own clean-up uses them.
		l.DeleteServer("nobody")
		l.DeleteEnd("nobody")
		l.Enable("nobody", true)
		l.Connect("nobody", "server")
		if l.LookupEnd("nobody") != nil || l.LookupEnd("client") != l.end {
			t.Error("LookupEnd")
		}
		// A call that was told its fate is not told another.
		l.LongDelays(true)
		l.Enable("client", false)
		c := l.background(l.end, "Echo.Double", 1)
		w.Sleep(tick)
		l.LongDelays(false)
		w.Sleep(7 * time.Second)
		if !c.done || c.took < 100*ms { // seed 17 draws more than that
			t.Errorf("LongDelays(false) shortened a call that had begun: %+v", c)
		}
		l.noLeak(t, 0)
	})
}

// Shapes has a method of every shape; Good ones are handlers.
type Shapes struct{ got []string }

func (s *Shapes) GoodPointer(a *Pair, b *Pair)     { s.got = append(s.got, "GoodPointer"); b.X = a.X }
func (s *Shapes) GoodValue(a Pair, b *Pair)        { s.got = append(s.got, "GoodValue"); b.X = a.X }
func (s *Shapes) GoodMap(a map[string]int, b *int) { s.got = append(s.got, "GoodMap"); *b = a["x"] }
func (s Shapes) GoodByValue(a *int, b *int)        { *b = *a }
func (s *Shapes) GoodPointers(a **int, b **int)    { *b = new(int); **b = **a }
func (s *Shapes) BadResult(a *Pair, b *Pair) bool  { return true }
func (s *Shapes) BadReply(a *Pair, b Pair)         {}
func (s *Shapes) BadOne(a *Pair)                   {}
func (s *Shapes) BadThree(a, b, c *Pair)           {}
func (s *Shapes) BadVariadic(a int, b ...*Pair)    {}
func (s *Shapes) unexported(a *Pair, b *Pair)      {}

// Plain is not a structure; its handler has a value receiver.
type Plain int

func (p Plain) Add(n int, out *int) { *out = n + int(p) }

// Box is generic: its name has dots in it.
type Box[T any] struct{ v T }

func (b *Box[T]) Swap(in T, out *T) { *out, b.v = b.v, in }

// Outer's handler is promoted from what it embeds.
type Outer struct{ *Shapes }

func TestRule18Handlers(t *testing.T) {
	(&Shapes{}).unexported(nil, nil)
	svc := MakeService(&Shapes{})
	want := "GoodByValue, GoodMap, GoodPointer, GoodPointers, GoodValue"
	if svc.name != "Shapes" || choices(svc.handlers) != want {
		t.Errorf("%s has the handlers %s, want %s", svc.name, choices(svc.handlers), want)
	}
	run(t, exactly(18), func(w *sim.World) {
		l := newLab(w)
		shapes := &Shapes{}
		for _, x := range []any{shapes, Plain(5), &Box[time.Duration]{}, Outer{shapes}} {
			l.srv.AddService(MakeService(x))
		}
		var p Pair
		var n int
		one := new(int)
		*one = 1
		for _, c := range []struct {
			method string
			args   any
			reply  any
		}{
			{"Shapes.GoodPointer", &Pair{X: 1}, &p}, {"Shapes.GoodValue", Pair{X: 1}, &p}, {"Shapes.GoodMap", map[string]int{"x": 1}, &n},
			{"Shapes.GoodByValue", one, &n}, {"Shapes.GoodPointers", &one, &n}, {"Plain.Add", -4, &n},
			{"Outer.GoodPointer", &Pair{X: 1}, &p}, {"Outer.GoodByValue", one, &n},
		} {
			p, n = Pair{}, 0
			if !l.end.Call(c.method, c.args, c.reply) || p.X+n != 1 {
				t.Errorf("%s: got %v, %v", c.method, p, n)
			}
		}
		if fmt.Sprint(shapes.got) != "[GoodPointer GoodValue GoodMap GoodPointer]" {
			t.Errorf("handlers ran: %v", shapes.got)
		}
		var d time.Duration
		box := MakeService(&Box[time.Duration]{}).name
		for i := range 2 {
			d = 0
			if !l.end.Call(box+".Swap", time.Second, &d) || d != time.Duration(i)*time.Second {
				t.Errorf("%s.Swap, call %d: %v", box, i, d)
			}
		}
	})
}

// A service that is added later is found, and one that replaces another takes over.
func TestRule18ServicesAddedLater(t *testing.T) {
	run(t, exactly(18), func(w *sim.World) {
		l := newLab(w)
		for i := range 3 {
			l.srv.AddService(MakeService(Plain(i)))
			if o := l.call(l.end, "Plain.Add", 10); o.reply != 10+i {
				t.Errorf("service %d: %+v", i, o)
			}
		}
	})
}

func TestRule18WrongNames(t *testing.T) {
	for _, c := range []struct {
		method string
		words  []string
	}{
		{"Ekko.Double", []string{`no service "Ekko"`, "it has Echo, Plain"}},
		{"Echo.Treble", []string{`no handler "Treble"`, "ByPointer, ByValue, Double, Fill, Len, Mark, Slow", "A handler is exported"}},
		{"Double", []string{`Call("Double")`, `"Service.Method"`}},
		{"", []string{`"Service.Method"`}},
		{".Double", []string{`no service ""`}},
		{"a.b.c", []string{`no service "a.b"`}},
		{"Echo.", []string{`no handler ""`}},
	} {
		fails(t, func(w *sim.World) {
			l := newLab(w)
			l.srv.AddService(MakeService(Plain(1)))
			l.call(l.end, c.method, 4)
		}, c.words...)
	}
}

type lower struct {
	Term  int
	votes int
}

func (l *lower) Get(n int, out *lower) { out.Term, out.votes = n, n }

func TestRule19ReusedReply(t *testing.T) {
	run(t, exactly(19), func(w *sim.World) {
		l := newLab(w)
		before := labgob.Warnings()
		reply := Pair{}
		for _, p := range []Pair{{4, ""}, {-1, ""}} {
			l.end.Call("Echo.ByValue", p, &reply)
		}
		// The second answer is 0, which gob does not send: the first one stays.
		if reply.X != 5 {
			t.Errorf("the stale value is hidden: %+v", reply)
		}
		if labgob.Warnings() == before {
			t.Error("no warning of the reply that was used twice")
		}
		l.srv.AddService(MakeService(&lower{votes: 1}))
		// Fields without a capital letter do not travel.
		var got lower
		if !l.end.Call("lower.Get", 3, &got) || got != (lower{Term: 3}) {
			t.Errorf("got %+v", got)
		}
	})
}
