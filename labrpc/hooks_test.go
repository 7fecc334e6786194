package labrpc

import (
	"testing"
	"time"

	"samerun/sim"
)

func TestSetCall(t *testing.T) {
	run(t, exactly(1), func(w *sim.World) {
		l := newLab(w)
		var methods []string
		l.end.SetCall(func(svcMeth string, args, reply any) bool {
			methods = append(methods, svcMeth)
			w.Sleep(time.Second)
			*reply.(*int) = -args.(int)
			return true
		})
		if o := l.call(l.end, "Any.Thing", 4); !o.ok || o.reply != -4 || o.took != time.Second || l.GetTotalCount() != 0 {
			t.Errorf("%+v, %d counted", o, l.GetTotalCount())
		}
		l.end.SetCall(nil)
		if o := l.call(l.end, "Echo.Double", 4); !o.ok || o.reply != 8 || len(methods) != 1 {
			t.Errorf("%+v %v", o, methods)
		}
	})
}

func TestSetDispatch(t *testing.T) {
	run(t, exactly(2), func(w *sim.World) {
		l := newLab(w)
		var kept [][]byte
		l.srv.SetDispatch(func(svcMeth string, args []byte) ([]byte, bool) {
			kept = append(kept, args) // it may keep them
			var n int
			if err := Unmarshall(args, &n); err != nil {
				t.Error(err)
			}
			w.Sleep(time.Duration(n) * ms) // it may block
			reply, err := Marshall(3 * n)
			return reply, err == nil && n != 13
		})
		for i := range 20 {
			o := l.call(l.end, "No.Service", i)
			want := outcome{ok: true, reply: 3 * i, took: time.Duration(i)*ms + 2*tick, at: o.at, done: true}
			if i == 13 { // no reply: false when f returns
				want.ok, want.reply, want.took = false, 0, want.took-tick
			}
			if o != want {
				t.Errorf("%d: %+v, want %+v", i, o, want)
			}
		}
		for i, args := range kept {
			if n := 0; Unmarshall(args, &n) != nil || n != i {
				t.Errorf("the arguments of call %d turned into %d", i, n)
			}
		}
		l.srv.SetDispatch(nil)
		if o := l.call(l.end, "Echo.Double", 4); o.reply != 8 || l.srv.GetCount() != 21 {
			t.Errorf("%+v, count %d", o, l.srv.GetCount())
		}
		l.noLeak(t, 0)
	})
}

// A proxy of Forward and Dispatch behaves as what it stands for, luck included.
func TestForwardIsCall(t *testing.T) {
	play := func(seed uint64, forward bool) (out []outcome, bytes int64) {
		run(t, sim.Config{Seed: seed}, func(w *sim.World) {
			l := newLab(w)
			l.Reliable(false)
			if forward {
				l.end.SetCall(func(svcMeth string, args, reply any) bool {
					b, err := Marshall(args)
					if err != nil {
						t.Error(err)
					}
					b, ok := l.Forward("client", svcMeth, b)
					return ok && Unmarshall(b, reply) == nil
				})
				l.srv.SetDispatch(func(svcMeth string, args []byte) ([]byte, bool) {
					reply, err := l.srv.Dispatch(svcMeth, args)
					return reply, err == nil
				})
			}
			for i := range 40 {
				out = append(out, l.call(l.end, "Echo.Double", i))
			}
			bytes = l.GetTotalBytes()
			l.noLeak(t, 0)
		})
		return out, bytes
	}
	for seed := range uint64(10) {
		a, bytesA := play(seed, false)
		b, bytesB := play(seed, true)
		for i := range a {
			if a[i] != b[i] {
				t.Errorf("seed %d, call %d: %+v by Call, %+v by Forward", seed, i, a[i], b[i])
			}
		}
		if bytesA != bytesB {
			t.Errorf("%d bytes by Call, %d by Forward", bytesA, bytesB)
		}
	}
}

func TestDispatchErrors(t *testing.T) {
	srv := MakeServer()
	srv.AddService(MakeService(&Echo{}))
	for method, args := range map[string][]byte{"Echo.Double": {1, 2}, "Echo.Treble": nil, "Ekko.Double": nil, "Double": nil} {
		if _, err := srv.Dispatch(method, args); err == nil {
			t.Errorf("Dispatch(%q, %v) worked", method, args)
		}
	}
}

// Whatever arrives as arguments, Dispatch answers with a reply or an error.
func FuzzDispatch(f *testing.F) {
	good, err := Marshall(&Pair{1, "x"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("Echo.ByPointer", good)
	f.Add("Echo.ByValue", good)
	f.Add("Echo.Double", good)
	f.Add("..", []byte{0xff})
	srv := MakeServer()
	srv.AddService(MakeService(&Echo{ids: map[int]bool{}}))
	f.Fuzz(func(t *testing.T, svcMeth string, args []byte) {
		if svcMeth == "Echo.Slow" || svcMeth == "Echo.Fill" {
			t.Skip("these need a world, and a great deal of memory")
		}
		reply, err := srv.Dispatch(svcMeth, args)
		if err == nil && len(reply) == 0 {
			t.Error("neither a reply nor an error")
		}
	})
}
