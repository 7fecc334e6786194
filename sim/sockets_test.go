package sim

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"samerun/internal/host/hosttest"
	"samerun/sim/fault"
	"samerun/sim/shrink"
)

// What befalls links befalls sockets: the host is told from which nodes to which, whenever
// that changes, and what took effect there counts.
func TestFaultsReachSockets(t *testing.T) {
	ms := time.Millisecond
	type at struct {
		time time.Duration
		want string
	}
	// Nodes 1 to 3 are n0 to n2, and 0 is the scenario.
	for _, c := range []struct {
		name  string
		f     fault.Fault
		looks []at
	}{
		{"cut", fault.Fault{Kind: fault.Cut, At: 10 * ms, For: 10 * ms, From: []string{"n0"}, To: []string{"n1", "n2"}}, []at{{5 * ms, ""}, {15 * ms, "cut [1] → [2 3]"}, {25 * ms, ""}}},
		{"all", fault.Fault{Kind: fault.Loss, PPM: 7, From: []string{"*"}, To: []string{"*"}}, []at{{5 * ms, "loss [1] → [2 3]; loss [2] → [1 3]; loss [3] → [1 2]"}}},
		{"main", fault.Fault{Kind: fault.Clog, At: ms, From: []string{"main"}, To: []string{"n1"}}, []at{{5 * ms, "clog [0] → [2]"}}},
		{"role", fault.Fault{Kind: fault.Cut, At: ms, From: []string{"@first"}, To: []string{"n2"}}, []at{{5 * ms, "cut [1] → [3]"}}},
		{"domain", fault.Fault{Kind: fault.Cut, At: ms, From: []string{"%rack"}, To: []string{"n2"}}, []at{{5 * ms, "cut [1 2] → [3]"}}},
		{"partition", fault.Fault{Kind: fault.Partition, At: ms, For: 10 * ms, Nodes: []string{"n0"}}, []at{{5 * ms, "cut [0 2 3] → [1]; cut [1] → [0 2 3]"}, {15 * ms, ""}}},
		{"isolate", fault.Fault{Kind: fault.Isolate, At: ms, Nodes: []string{"n1"}}, []at{{5 * ms, "cut [0 1 3] → [2]; cut [2] → [0 1 3]"}}},
		{"flapping", fault.Fault{Kind: fault.Flapping, At: 10 * ms, For: 100 * ms, Period: 10 * ms, Nodes: []string{"n0"}}, []at{{15 * ms, "cut [0 2 3] → [1]; cut [1] → [0 2 3]"}, {25 * ms, ""}, {35 * ms, "cut [0 2 3] → [1]; cut [1] → [0 2 3]"}, {115 * ms, ""}}},
		{"reset", fault.Fault{Kind: fault.Reset, At: ms, From: []string{"n0"}, To: []string{"n1"}, Conn: 2}, []at{{5 * ms, "reset [1] → [2]"}}},
		{"by method", fault.Fault{Kind: fault.Drop, From: []string{"n0"}, To: []string{"n1"}, Method: "ping", Nth: 1}, []at{{5 * ms, ""}}},
		{"quiet", fault.Fault{Kind: fault.Cut, At: ms, From: []string{"n0"}, To: []string{"n1"}}, []at{{15 * ms, "cut [1] → [2]"}, {250 * ms, ""}}},
	} {
		hosttest.Run(t, 1, func(h *hosttest.Host) {
			r := Run(Config{Seed: 1, host: h}, func(w *World) {
				for _, name := range []string{"n0", "n1", "n2"} {
					w.Node(name).Start(func() {})
				}
				w.Role("first", func() []*Node { return []*Node{w.Node("n0")} })
				w.Domain("rack", w.Node("n0"), w.Node("n1"))
				w.Inject(fault.Schedule{Faults: []fault.Fault{c.f}, Quiet: 200 * ms}, time.Second)
				for _, x := range c.looks {
					w.Sleep(x.time - w.Elapsed())
					if got := strings.Join(h.Rules(), "; "); got != x.want {
						t.Errorf("%s at %v: %s\nwant %s", c.name, x.time, got, x.want)
					}
					h.Strike()
				}
				if want := c.looks[0].want + c.looks[min(1, len(c.looks)-1)].want; (w.Outcomes()[0].Fired > 0) != (want != "") {
					t.Errorf("%s: %+v", c.name, w.Outcomes()[0])
				}
			})
			if r.Err != nil {
				t.Errorf("%s: %v", c.name, r.Err)
			}
		})
	}
}

// A node that is made while a fault lasts which names it has its rules at once, and links
// that are cut by hand are cut for sockets.
func TestHandsReachSockets(t *testing.T) {
	hosttest.Run(t, 1, func(h *hosttest.Host) {
		rules := func(want string) {
			t.Helper()
			if got := strings.Join(h.Rules(), "; "); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
		r := Run(Config{Seed: 1, host: h}, func(w *World) {
			a := w.Node("a")
			w.Inject(fault.Schedule{Faults: []fault.Fault{{Kind: fault.Cut, From: []string{"a"}, To: []string{"late"}}}}, time.Second)
			w.Sleep(time.Millisecond)
			rules("")
			b := w.Node("late")
			rules("cut [1] → [2]")
			w.Link(b, a).Clog()
			w.Link(b, a).Clog()
			w.Link(b, a).Cut()
			rules("cut [1] → [2]; clog [2] → [1]; cut [2] → [1]")
			w.Link(b, a).Release()
			w.Link(b, a).Release()
			rules("cut [1] → [2]; cut [2] → [1]")
			w.HealAll()
			rules("cut [1] → [2]")
		})
		if r.Err != nil {
			t.Error(r.Err)
		}
	})
}

// What a fault befalls by chance is known as the element that does the same; and what cannot
// be one is left out.
func TestHitsOnSockets(t *testing.T) {
	var hits []string
	hosttest.Run(t, 1, func(h *hosttest.Host) {
		cfg := Config{Seed: 1, host: h, hit: func(x shrink.Hit) { hits = append(hits, fmt.Sprintf("%d %v: %v", x.Index, x.At, x.Message)) }}
		r := Run(cfg, func(w *World) {
			w.Node("n0")
			w.Inject(fault.Schedule{Faults: []fault.Fault{{Kind: fault.Cut, From: []string{"n0"}, To: []string{"main"}}, {Kind: fault.Loss, PPM: 10, From: []string{"n0"}, To: []string{"main"}}}}, time.Second)
			w.Sleep(time.Second)
			h.Hit(1, `hold conn=2 nth=5 dir=1 min=200000000 from "n0" to "TestX"`)
			h.Hit(1, `reset conn=2 from "n0" to "TestX"`)
			for _, bad := range []string{``, `hold`, `hold from "n0"`, `held conn=2 from "n0" to "x"`, `hold conn=-2 from "n0" to "x"`, `hold cone=2 from "n0" to "x"`} {
				h.Hit(1, bad)
			}
			h.Hit(77, `reset conn=2 from "n0" to "TestX"`)
			if why := w.Outcomes()[0].Why; why != "it met nothing: no message came its way" {
				t.Error(why)
			}
		})
		if r.Err != nil {
			t.Error(r.Err)
		}
	})
	if len(hits) != 2 || !strings.HasPrefix(hits[0], "1 1s: ") || !strings.Contains(hits[0], "n0 → main") {
		t.Errorf("%q", hits)
	}
}

// The host knows when a rule will end: at the end of its fault, or when it is quiet.
func TestRulesKnowTheirEnd(t *testing.T) {
	hosttest.Run(t, 1, func(h *hosttest.Host) {
		time.Sleep(time.Second)
		h.Gosched()
		began := h.Now()
		r := Run(Config{Seed: 1, host: h}, func(w *World) {
			w.Node("n0").Start(func() {})
			w.Node("n1").Start(func() {})
			link := []string{"*"}
			w.Inject(fault.Schedule{Quiet: 5 * time.Second, Faults: []fault.Fault{
				{Kind: fault.Loss, For: 2 * time.Second, PPM: 1000, From: link, To: link},
				{Kind: fault.Loss, At: time.Second, PPM: 1000, From: link, To: link},
			}}, 10*time.Second)
			w.Sleep(1500 * time.Millisecond)
			if got, want := fmt.Sprint(h.Ends()), fmt.Sprint([]int64{began + 2e9, began + 2e9, began + 5e9, began + 5e9}); got != want {
				t.Errorf("they end at %s, want %s", got, want)
			}
		})
		if r.Err != nil {
			t.Error(r.Err)
		}
	})
}
