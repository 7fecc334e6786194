package labrpc

import (
	"errors"
	"strings"
	"testing"
	"time"

	"samerun/clock"
	"samerun/sim"
)

// Odd is a service with types that gob cannot handle.
type Odd struct{}

func (Odd) Chan(c chan int, out *int)              { *out = 1 }
func (Odd) ReplyChan(n int, out *chan int)         { *out = make(chan int) }
func (Odd) Func(f func(), out *int)                {}
func (Odd) NilInside(n int, out *[]*int)           { *out = []*int{nil} }
func (Odd) Empty(a struct{ X chan int }, out *int) {}

func TestBadInput(t *testing.T) {
	call := func(method string, args, reply any) func(l *lab) {
		return func(l *lab) { l.end.Call(method, args, reply) }
	}
	var n int
	for name, c := range map[string]struct {
		do    func(l *lab)
		words string // separated by |
	}{
		"wrong argument type":    {call("Echo.Double", "four", &n), `Call("Echo.Double")|given string|takes int`},
		"int32 for int":          {call("Echo.Double", int32(4), &n), `given int32|takes int`},
		"value for pointer":      {call("Echo.ByPointer", Pair{}, &n), `given labrpc.Pair|takes *labrpc.Pair`},
		"pointer for value":      {call("Echo.ByValue", &Pair{}, &n), `given *labrpc.Pair|takes labrpc.Pair`},
		"nil arguments":          {call("Echo.ByPointer", nil, &n), `Call("Echo.ByPointer")|cannot be encoded`},
		"nil pointer":            {call("Echo.ByPointer", (*Pair)(nil), &n), `(*labrpc.Pair)|cannot be encoded`},
		"channel":                {call("Odd.Chan", make(chan int), &n), `Call("Odd.Chan")|(chan int) cannot be encoded`},
		"function":               {call("Odd.Func", func() {}, &n), `(func()) cannot be encoded`},
		"no field gob can send":  {call("Odd.Empty", struct{ X chan int }{}, &n), `cannot be encoded`},
		"reply not encodable":    {call("Odd.ReplyChan", 1, &n), `reply of Odd.ReplyChan|cannot be encoded`},
		"reply with nil inside":  {call("Odd.NilInside", 1, new([]*int)), `reply of Odd.NilInside|cannot be encoded`},
		"reply of another type":  {call("Echo.Double", 4, new(string)), `reply cannot be decoded into *string`},
		"nil reply":              {call("Echo.Double", 4, nil), `Call("Echo.Double")|given nil for the reply|needs a pointer`},
		"nil pointer for reply":  {call("Echo.Double", 4, (*int)(nil)), `given a nil *int for the reply`},
		"reply by value":         {call("Echo.Double", 4, n), `given a value of type int for the reply|needs a pointer`},
		"end name used twice":    {func(l *lab) { l.MakeEnd("client") }, `MakeEnd|an end named client already`},
		"end name cannot be one": {func(l *lab) { l.MakeEnd([]int{1}) }, `MakeEnd|[]int|comparable`},
		"a name deep inside":     {func(l *lab) { l.Enable([1]any{func() {}}, true) }, `Enable|comparable`},
		"server's name":          {func(l *lab) { l.AddServer(map[int]int{}, l.srv) }, `AddServer|map[int]int|comparable`},
		"connect to a slice":     {func(l *lab) { l.Connect("client", []int{}) }, `Connect|comparable`},
		"look up a slice":        {func(l *lab) { l.LookupEnd([]int{}) }, `LookupEnd|comparable`},
		"count of a slice":       {func(l *lab) { l.GetCount([]int{}) }, `GetCount|comparable`},
		"Cleanup twice":          {func(l *lab) { l.Cleanup(); l.Cleanup() }, `Cleanup was called twice`},
		"no server":              {func(l *lab) { l.AddServer("x", nil) }, `AddServer(x)|no server|MakeServer`},
		"count of nobody":        {func(l *lab) { l.GetCount("nobody") }, `GetCount|no server named nobody`},
		"count of a dead node": {func(l *lab) {
			n0 := l.w.Node("n0")
			n0.Start(func() { l.addServer("there"); n0.Crash() })
			l.w.Sleep(ms)
			l.GetCount("there")
		}, `no server named there|its node is down`},
		"forward from nobody": {func(l *lab) { l.Forward("nobody", "Echo.Double", nil) }, `Forward|no end named nobody`},
		"forward of rubbish":  {func(l *lab) { l.Forward("client", "Echo.Double", []byte{1, 2, 3}) }, `arguments of Echo.Double cannot be decoded into int`},
		"forward of too much": {func(l *lab) { l.Forward("client", "Echo.Double", make([]byte, 100)) }, `cannot be decoded into int`},
		"rubbish by SetDispatch": {func(l *lab) {
			l.srv.SetDispatch(func(string, []byte) ([]byte, bool) { return []byte("no gob"), true })
			l.call(l.end, "Echo.Double", 4)
		}, `Call("Echo.Double")|cannot be decoded into *int`},
		"call from a timer": {func(l *lab) {
			l.w.Scheduler().Clock().After(ms, 1, clock.Func(func() { l.call(l.end, "Echo.Double", 4) }))
			l.w.Sleep(time.Second)
		}, `ClientEnd.Call|an event|start a task`},
		"forward from a timer": {func(l *lab) {
			l.w.Scheduler().Clock().After(ms, 1, clock.Func(func() { l.Forward("client", "Echo.Double", nil) }))
			l.w.Sleep(time.Second)
		}, `Network.Forward|an event|start a task`},
		"call from a check": {func(l *lab) {
			l.w.Always("all is well", func() error { l.call(l.end, "Echo.Double", 4); return nil })
			l.w.Sleep(time.Second)
		}, `ClientEnd.Call|an event|start a task`},
		"mistakes in an event": {func(l *lab) {
			l.w.Scheduler().Clock().After(ms, 1, clock.Func(func() {
				l.MakeEnd([]int{}) // the first is told; the event goes on and must not make it worse
				l.MakeEnd("client")
				l.AddServer("x", nil)
				l.GetCount("nobody")
			}))
			l.w.Sleep(time.Second)
		}, `MakeEnd|[]int|comparable`},
	} {
		t.Run(name, func(t *testing.T) {
			fails(t, func(w *sim.World) {
				l := newLab(w)
				l.srv.AddService(MakeService(Odd{}))
				c.do(l)
				t.Error("the scenario went on")
			}, strings.Split(c.words, "|")...)
		})
	}
}

// What is wrong before there is a world cannot name a seed: it panics with a sentence.
func TestBadInputOutsideOfAWorld(t *testing.T) {
	for want, do := range map[string]func(){
		"labrpc.NewNetwork was given no world; it needs":              func() { NewNetwork(nil) },
		"labrpc.MakeService was given nil; it needs":                  func() { MakeService(nil) },
		"labrpc: Server.AddService was given no service; MakeService": func() { MakeServer().AddService(nil) },
	} {
		func() {
			defer func() {
				if got, _ := recover().(string); !strings.HasPrefix(got, want) {
					t.Errorf("panic %q, want %q", got, want)
				}
			}()
			do()
		}()
	}
	// In a world it does name them.
	r := sim.Run(sim.Config{Seed: 6}, func(w *sim.World) { w.Sleep(time.Second); MakeService(nil) })
	if r.Err == nil || !strings.HasPrefix(r.Err.Error(), "seed 6 at 1s: ") || !strings.Contains(r.Err.Error(), "MakeService was given nil") {
		t.Errorf("got %v", r.Err)
	}
	if svc := MakeService((*Echo)(nil)); svc.name != "Echo" {
		t.Errorf("a nil *Echo makes the service %q", svc.name)
	}
}

func TestMakeNetworkFindsItsWorld(t *testing.T) {
	run(t, sim.Config{Seed: 1}, func(w *sim.World) {
		if rn := MakeNetwork(); rn.World() != w {
			t.Error("MakeNetwork made it in another world")
		}
		w.Scheduler().Clock().After(ms, 1, clock.Func(func() {
			if rn := MakeNetwork(); rn.World() != w {
				t.Error("MakeNetwork made it in another world, in an event")
			}
		}))
		w.Sleep(time.Second)
	})
}

// The methods that only set or count are of use in checks and events too.
func TestSettersInEvents(t *testing.T) {
	run(t, exactly(1), func(w *sim.World) {
		l := newLab(w)
		o := l.background(l.end, "Echo.Slow", time.Second)
		w.Scheduler().Clock().After(150*ms, 1, clock.Func(func() {
			l.Reliable(false)
			l.LongDelays(true)
			l.LongReordering(true)
			l.MakeEnd("e")
			l.Connect("e", "server")
			l.Enable("e", true)
			l.AddServer("s", MakeServer())
			l.DeleteServer("server")
			l.DeleteEnd("e")
			l.Cleanup()
		}))
		w.Sleep(2 * time.Second)
		if !o.done || o.ok || o.at != 200*ms+tick || l.GetCount("s") != 0 || l.GetTotalCount() != 1 {
			t.Errorf("%+v", o)
		}
	})
}

// A handler that panics ends the run, with the handler's own stack.
func TestHandlerPanics(t *testing.T) {
	r := sim.Run(sim.Config{Seed: 2}, func(w *sim.World) {
		l := newLab(w)
		l.srv.SetDispatch(func(string, []byte) ([]byte, bool) { panic(errBoom) })
		l.call(l.end, "Echo.Double", 4)
	})
	if !errors.Is(r.Err, errBoom) || !strings.Contains(r.Err.Error(), "in task main/Echo.Double") {
		t.Errorf("got %v", r.Err)
	}
}

var errBoom = errors.New("boom")
