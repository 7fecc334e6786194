package labrpc

import (
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"samerun/sim"
)

// action is one step of a random script.
type action struct {
	Kind   string
	End    string
	Server string
	Yes    bool
	Slow   time.Duration // of the handler
	Wait   time.Duration // before the action
}

func (a action) String() string {
	return fmt.Sprintf("+%v %s %s %s %v %v", a.Wait, a.Kind, a.End, a.Server, a.Yes, a.Slow)
}

// ready is how every script begins: two ends reach a server each.
var ready = []action{
	{Kind: "AddServer", Server: "x"}, {Kind: "AddServer", Server: "y"},
	{Kind: "MakeEnd", End: "a"}, {Kind: "Connect", End: "a", Server: "x"}, {Kind: "Enable", End: "a", Yes: true},
	{Kind: "MakeEnd", End: "b"}, {Kind: "Connect", End: "b", Server: "y"}, {Kind: "Enable", End: "b", Yes: true},
}

// Calls come more often than what disturbs them.
var actionKinds = []string{"call", "call", "call", "call", "Enable", "Connect", "AddServer", "DeleteServer",
	"MakeEnd", "DeleteEnd", "Reliable", "LongReordering", "LongDelays", "Cleanup"}

func drawScript(t *rapid.T) []action {
	n := rapid.IntRange(0, 60).Draw(t, "actions")
	script := make([]action, n)
	for i := range script {
		// A microsecond for each action keeps it apart from whatever happens to the
		// calls of others, for what happens at one instant may happen in any order.
		wait := time.Duration(rapid.OneOf(rapid.IntRange(0, 20), rapid.IntRange(0, 400)).Draw(t, "wait")) * ms
		script[i] = action{
			Kind:   rapid.SampledFrom(actionKinds).Draw(t, "kind"),
			End:    rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "end"),
			Server: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "server"),
			Yes:    rapid.Bool().Draw(t, "yes"),
			Slow:   time.Duration(rapid.IntRange(0, 350).Draw(t, "slow"))*ms + 300*time.Microsecond,
			Wait:   wait + time.Microsecond,
		}
		if script[i].Kind == "Cleanup" && i < n-5 {
			script[i].Kind = "call" // what comes after it is dull
		}
	}
	return append(slices.Clone(ready), script...)
}

// seen is everything that a script lets one see.
type seen struct {
	mu    sync.Mutex
	Calls []string
	Ended map[string][]time.Duration // handlers' ends, by server
	Count map[string]int
	Total int
	Bytes int64
}

func (s *seen) call(i int, took time.Duration, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Calls[i] = fmt.Sprintf("%v in %v", ok, took)
}

func (s *seen) ended(server string, at time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Ended[server] = append(s.Ended[server], at)
}

func newSeen(script []action) *seen {
	return &seen{Calls: make([]string, len(script)), Ended: map[string][]time.Duration{}, Count: map[string]int{}}
}

// stage is where a script is played: a world, or a bubble of ordinary Go.
type stage interface {
	Go(name string, fn func())
	Sleep(d time.Duration)
	Elapsed() time.Duration
}

// The package, made of events that are shared and looks that are mostly not taken,
// does what the rules say, to the nanosecond.
func TestLawRules(t *testing.T) {
	length := func(v any) int64 { return gobLen(t, v) }
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		script := drawScript(t)
		got := playPackage(t, seed, script)
		want := playModel(t, seed, script, tick, length)
		if !reflect.DeepEqual(got, want) {
			for i, a := range script {
				t.Logf("%v → %s; the rules say %s", a, got.Calls[i], want.Calls[i])
			}
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
	})
}

func playPackage(t *rapid.T, seed uint64, script []action) *seen {
	s := newSeen(script)
	r := sim.Run(exactly(seed), func(w *sim.World) {
		rn := NewNetwork(w)
		s.play(t, w, rn, script)
		if wn := inWorld(rn); wn.live != 0 || wn.serving != nil {
			t.Errorf("%d records of calls leaked", wn.live)
		}
	})
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	return s
}

// play has a script played with a network, and waits until all is over.
func (s *seen) play(t *rapid.T, st stage, rn *Network, script []action) {
	objects := map[string]*Server{}
	ends := map[string]*ClientEnd{}
	for i, a := range script {
		if a.Wait > 0 {
			st.Sleep(a.Wait)
		}
		switch a.Kind {
		case "call":
			if e := ends[a.End]; e != nil { // perhaps a deleted one
				s.Calls[i] = "pending"
				st.Go("call", func() {
					began, n := st.Elapsed(), 0
					ok := e.Call("Echo.Slow", a.Slow, &n)
					s.call(i, st.Elapsed()-began, ok)
					if ok != (n == 7) {
						t.Errorf("Call returned %v and the reply is %d", ok, n)
					}
				})
			}
		case "Enable":
			rn.Enable(a.End, a.Yes)
		case "Connect":
			rn.Connect(a.End, a.Server)
		case "AddServer":
			name := fmt.Sprint(a.Server, i)
			srv := MakeServer()
			svc := MakeService(&witness{st, name, s})
			svc.name = "Echo"
			srv.AddService(svc)
			objects[name] = srv
			rn.AddServer(a.Server, srv)
		case "DeleteServer":
			rn.DeleteServer(a.Server)
		case "MakeEnd":
			if rn.LookupEnd(a.End) == nil {
				ends[a.End] = rn.MakeEnd(a.End)
			}
		case "DeleteEnd":
			rn.DeleteEnd(a.End)
		case "Reliable":
			rn.Reliable(a.Yes)
		case "LongReordering":
			rn.LongReordering(a.Yes)
		case "LongDelays":
			rn.LongDelays(a.Yes)
		case "Cleanup":
			if !rn.done {
				rn.Cleanup()
			}
		}
	}
	st.Sleep(20 * time.Second)
	for name, srv := range objects {
		s.Count[name] = srv.GetCount()
	}
	s.Total, s.Bytes = rn.GetTotalCount(), rn.GetTotalBytes()
}

// witness is an Echo that notes when its handler ends.
type witness struct {
	st   stage
	name string
	s    *seen
}

func (x *witness) Slow(d time.Duration, out *int) {
	x.st.Sleep(d)
	x.s.ended(x.name, x.st.Elapsed())
	*out = 7
}

// playModel has it played by the rules, in a world. A message takes hop.
func playModel(t *rapid.T, seed uint64, script []action, hop time.Duration, length func(any) int64) *seen {
	s := newSeen(script)
	r := sim.Run(exactly(seed), func(w *sim.World) {
		m := newModel(w)
		m.length, m.hop = length, hop
		objects := map[string]*modelServer{}
		ends := map[string]*modelEnd{}
		for i, a := range script {
			if a.Wait > 0 {
				w.Sleep(a.Wait)
			}
			e := m.ends[a.End]
			switch a.Kind {
			case "call":
				if e := ends[a.End]; e != nil {
					s.Calls[i] = "pending"
					w.Go("call", func() {
						began := w.Elapsed()
						ok := m.call(e, a.End, a.Slow)
						s.call(i, w.Elapsed()-began, ok)
					})
				}
			case "Enable":
				if e != nil {
					e.enabled = a.Yes
				}
			case "Connect":
				if e != nil {
					e.server = a.Server
				}
			case "AddServer":
				srv := &modelServer{}
				objects[fmt.Sprint(a.Server, i)] = srv
				m.servers[a.Server] = srv
			case "DeleteServer":
				delete(m.servers, a.Server)
			case "MakeEnd":
				m.makeEnd(a.End)
				ends[a.End] = m.ends[a.End]
			case "DeleteEnd":
				m.deleteEnd(a.End)
			case "Reliable":
				m.unreliable = !a.Yes
			case "LongReordering":
				m.longReordering = a.Yes
			case "LongDelays":
				m.longDelays = a.Yes
			case "Cleanup":
				m.done = true
			}
		}
		w.Sleep(20 * time.Second)
		for name, srv := range objects {
			s.Count[name] = srv.count
			if srv.ended != nil {
				s.Ended[name] = srv.ended
			}
		}
		s.Total, s.Bytes = m.count, m.bytes
	})
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	return s
}
