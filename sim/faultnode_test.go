package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"samerun/sim/fault"
)

// What happens to node a under a schedule and by hand: each change of its state
// as "crash 10ms".
func TestFaultsOfNodes(t *testing.T) {
	for _, c := range []struct {
		name     string
		elements string
		steps    func(a *Node) script
		want     string
		fired    string
	}{
		{"crash", `{"kind":"crash","at":"10ms","for":"20ms","nodes":["a"]}`, nil, "boot 0s, crash 10ms, boot 30ms", "1"},
		{"crashes that overlap", `{"kind":"crash","at":"10ms","for":"20ms","nodes":["a"]}
			{"kind":"crash","at":"20ms","for":"20ms","nodes":["a"]}`, nil, "boot 0s, crash 10ms, boot 40ms", "1; 1"},
		{"a crash inside another", `{"kind":"crash","at":"10ms","for":"30ms","nodes":["a"]}
			{"kind":"crash","at":"20ms","for":"10ms","nodes":["a"]}`, nil, "boot 0s, crash 10ms, boot 40ms", "1; node a was down already"},
		{"main is spared", `{"kind":"crash","at":"10ms","nodes":["main"]}`, nil, "boot 0s", missMain},
		{"until quiet", `{"kind":"crash","at":"10ms","nodes":["*"]}`, nil, "boot 0s, crash 10ms, boot 100ms", "5"},
		{"crashed by hand before", `{"kind":"crash","at":"10ms","for":"20ms","nodes":["a"]}`,
			func(a *Node) script { return script{{5 * ms, a.Crash}} }, "boot 0s, crash 5ms", "node a was down already"},
		{"crashed by hand meanwhile", `{"kind":"crash","at":"10ms","for":"20ms","nodes":["a"]}`,
			func(a *Node) script { return script{{15 * ms, a.Crash}, {50 * ms, a.Restart}} }, "boot 0s, crash 10ms, boot 50ms", "1"},
		{"restarted by hand", `{"kind":"crash","at":"10ms","for":"20ms","nodes":["a"]}`,
			func(a *Node) script { return script{{15 * ms, a.Restart}} }, "boot 0s, crash 10ms, boot 15ms", "1"},
		{"restarted and crashed by hand", `{"kind":"crash","at":"10ms","for":"20ms","nodes":["a"]}`,
			func(a *Node) script { return script{{15 * ms, a.Restart}, {20 * ms, a.Crash}} }, "boot 0s, crash 10ms, boot 15ms, crash 20ms", "1"},

		{"pause", `{"kind":"pause","at":"10ms","for":"20ms","nodes":["a"]}`, nil, "boot 0s, pause 10ms, resume 30ms", "1"},
		{"pauses that overlap", `{"kind":"pause","at":"10ms","for":"20ms","nodes":["a"]}
			{"kind":"pause","at":"20ms","for":"20ms","nodes":["a"]}`, nil, "boot 0s, pause 10ms, resume 40ms", "1; 1"},
		{"paused by hand before", `{"kind":"pause","at":"10ms","for":"20ms","nodes":["a"]}`,
			func(a *Node) script { return script{{5 * ms, a.Pause}, {50 * ms, a.Resume}} }, "boot 0s, pause 5ms, resume 50ms", "node a was paused already"},
		{"paused by hand meanwhile", `{"kind":"pause","at":"10ms","for":"20ms","nodes":["a"]}`,
			func(a *Node) script { return script{{15 * ms, a.Pause}, {50 * ms, a.Resume}} }, "boot 0s, pause 10ms, resume 50ms", "1"},
		{"resumed by hand", `{"kind":"pause","at":"10ms","for":"20ms","nodes":["a"]}`,
			func(a *Node) script { return script{{15 * ms, a.Resume}} }, "boot 0s, pause 10ms, resume 15ms", "1"},
		{"a crash while paused", `{"kind":"pause","at":"10ms","for":"30ms","nodes":["a"]}
			{"kind":"crash","at":"20ms","for":"10ms","nodes":["a"]}`, nil, "boot 0s, pause 10ms, crash 20ms, boot 30ms, pause 30ms, resume 40ms", "2; 1"},

		{"the second boot", `{"kind":"crash","at":"10ms","for":"20ms","nodes":["a"],"boot":2}
			{"kind":"crash","at":"5ms","for":"5ms","nodes":["a"]}`, nil, "boot 0s, crash 5ms, boot 10ms, crash 20ms, boot 40ms", "1; 1"},
		{"a boot that is over", `{"kind":"crash","at":"10ms","for":"20ms","nodes":["a"],"boot":1}
			{"kind":"crash","at":"5ms","for":"2ms","nodes":["a"]}`, nil, "boot 0s, crash 5ms, boot 7ms", "boot 1 of a was over by then; 1"},
		{"a boot that never was", `{"kind":"pause","nodes":["a"],"boot":3}`, nil, "boot 0s", "there was no boot 3"},
		{"the first boot of all", `{"kind":"crash","at":"10ms","for":"5ms","nodes":["*"],"boot":1}`, nil, "boot 0s, crash 10ms, boot 15ms", "5"},
		{"a pause ends with its boot", `{"kind":"pause","at":"5ms","for":"50ms","nodes":["a"],"boot":1}
			{"kind":"crash","at":"10ms","for":"5ms","nodes":["a"]}`, nil, "boot 0s, pause 5ms, crash 10ms, boot 15ms", "1; 1"},
		{"the boot of a role", `{"kind":"pause","at":"5ms","for":"10ms","nodes":["@chief"],"boot":1}`, nil, "boot 0s, pause 5ms, resume 15ms", "1"},
		{"in the quiet period", `{"kind":"pause","at":"1s","nodes":["a"]}`, nil, "boot 0s", "it would begin in the quiet period"},
		{"a domain", `{"kind":"pause","at":"5ms","for":"10ms","nodes":["%rack"]}`, nil, "boot 0s, pause 5ms, resume 15ms", "2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var elements []string
			for line := range strings.Lines(c.elements) {
				elements = append(elements, strings.TrimSpace(line))
			}
			s := schedule(t, 100*ms, elements...)
			var lines [2]string
			for given := range 2 { // once by Inject, once by Config
				var log []string
				var digest string
				cfg := Config{Seed: 1, Trace: func(r Record) {
					if r.Node != nil && r.Node.name == "a" {
						log = append(log, fmt.Sprint(r.What, " ", r.At))
					}
				}}
				if given == 1 {
					cfg.Faults = &s
				}
				r := mustRun(t, cfg, func(w *World) {
					for _, name := range []string{"a", "b", "c", "d", "e"} {
						w.Node(name).Start(func() {})
					}
					a := w.Node("a")
					w.Role("chief", func() []*Node { return []*Node{a, w.Main()} })
					w.Domain("rack", a, w.Node("b"))
					w.Inject(s, time.Second)
					if c.steps != nil {
						c.steps(a).play(w)
					}
					w.Sleep(200*ms - w.Elapsed())
				})
				want(t, "states", strings.Join(log, ", "), c.want)
				want(t, "fired", fired(r), c.fired)
				if lines[given] = digest + r.Digest; given == 1 && lines[0] != lines[1] {
					t.Errorf("the run by Inject and its replay by Config.Faults differ")
				}
			}
		})
	}
}

// A message that waits at a slow node is lost with the incarnation that it waits
// for.
func TestSlowNode(t *testing.T) {
	slow := `{"kind":"slow","nodes":["b"],"min":"20ms"}`
	for _, c := range []struct{ name, element, want string }{
		{"slow", `{"kind":"pause","at":"1h","nodes":["b"]}`, "#1 delivered 40ms"},
		{"crash meanwhile", `{"kind":"crash","at":"25ms","nodes":["b"]}`, "#1 node down 40ms"},
		{"crash and restart meanwhile", `{"kind":"crash","at":"25ms","for":"5ms","nodes":["b"]}`, "#1 node down 40ms"},
		{"the fault ends meanwhile", `{"kind":"slow","at":"25ms","for":"5ms","nodes":["b"],"min":"50ms"}`, "#1 delivered 40ms"},
		{"twice as slow", `{"kind":"slow","nodes":["b"],"min":"5ms"}`, "#1 delivered 45ms"},
		{"picked", `{"kind":"deliver","from":["a"],"to":["b"],"nth":1}`, "#1 delivered 10ms"},
	} {
		got, _ := act(t, 1, schedule(t, 0, slow, c.element), func(x *cast) {
			x.send(10 * ms)
			x.w.Sleep(100 * ms)
		})
		want(t, c.name, got, c.want)
	}
	// Waits of its own take longer too, also after a restart.
	r := mustRun(t, Config{Faults: ptr(schedule(t, 0, `{"kind":"slow","nodes":["b"],"ppm":1000000}`))}, func(w *World) {
		var woke []time.Duration
		b := w.Node("b")
		b.Start(func() {
			w.Sleep(10 * ms) // begins before the fault
			w.Sleep(10 * ms)
			woke = append(woke, w.Elapsed())
		})
		w.Sleep(100 * ms)
		b.Restart()
		w.Sleep(100 * ms)
		if want := []time.Duration{30 * ms, 140 * ms}; !slices.Equal(woke, want) {
			w.Failf("woke at %v, want %v", woke, want)
		}
	})
	want(t, "fired", fired(r), "1")
}

func ptr[T any](x T) *T { return &x }

// Clocks: offsets and drifts add up, and quiet makes them right.
func TestFaultsOfClocks(t *testing.T) {
	s := schedule(t, time.Second,
		`{"kind":"offset","at":"100ms","for":"100ms","nodes":["a"],"offset":"5s"}`,
		`{"kind":"offset","at":"150ms","for":"100ms","nodes":["a"],"offset":"-1s"}`,
		`{"kind":"jump","at":"300ms","nodes":["a"],"offset":"1m"}`,
		`{"kind":"drift","at":"400ms","for":"100ms","nodes":["a"],"ppm":100000}`,
		`{"kind":"drift","at":"600ms","for":"200ms","nodes":["a"],"ppm":100000}`,
		`{"kind":"drift","at":"700ms","nodes":["a"],"ppm":-200000}`,
		`{"kind":"jump","at":"750ms","nodes":["a"],"offset":"1m"}`,
		`{"kind":"jump","at":"10ms","nodes":["main"],"offset":"1m"}`,
	)
	var got []string
	_, r := act(t, 1, s, func(x *cast) {
		x.a.Clock().SetOffset(time.Hour) // by hand: stays
		for _, at := range []int{50, 120, 170, 220, 270, 350, 550, 690, 720, 760, 900, 1001, 2000} {
			x.w.Sleep(time.Duration(at)*ms - x.w.Elapsed())
			got = append(got, fmt.Sprint(at, ":", x.a.Clock().Offset()-time.Hour))
		}
	})
	want(t, "offsets", strings.Join(got, " "),
		"50:0s 120:5s 170:4s 220:-1s 270:0s 350:1m0s 550:1m0.01s 690:1m0.019s 720:1m0.018s 760:2m0.014s 900:1m59.99s 1001:0s 2000:0s")
	want(t, "fired", fired(r), "1; 1; 1; 1; 1; 1; 1; "+missMain)
}

func TestInjectMisuse(t *testing.T) {
	calm := fault.Schedule{}
	says(t, Config{}, func(w *World) { w.Inject(calm, time.Second); w.Inject(calm, time.Second) }, "Inject was called twice")
	says(t, Config{}, func(w *World) { w.Inject(nil, time.Second) }, "no plan")
	says(t, Config{}, func(w *World) { w.Inject(calm, 0) }, "horizon of 0s")
	says(t, Config{}, func(w *World) { w.Inject(fault.Schedule{Faults: []fault.Fault{{Kind: "x"}}}, time.Second) }, "World.Inject: faults[0]", "not a known kind")
	says(t, Config{}, func(w *World) { w.Sleep(ms); w.Inject(calm, time.Second) }, "called at 1ms, after 0 messages", "before the first wait")
	says(t, Config{Faults: &fault.Schedule{Quiet: -1}}, func(w *World) {}, "sim.Config.Faults: quiet is -1ns")
	says(t, Config{Faults: &calm}, func(w *World) { w.Inject(calm, time.Second); w.Inject(calm, time.Second) }, "Inject was called twice")
	says(t, Config{}, func(w *World) { w.Role("@leader", func() []*Node { return nil }) }, "without the @")
	says(t, Config{}, func(w *World) { w.Role("leader", nil) }, "a function")
	says(t, Config{}, func(w *World) { w.Domain("%rack") }, "without the %")
	// In an event there is no task that an error could stop.
	says(t, Config{}, func(w *World) {
		w.Always("x", func() error { w.Inject(fault.Schedule{Quiet: -1}, time.Second); return nil })
	}, "quiet is -1ns")
	// A given schedule is in force instead of the drawn one.
	given := schedule(t, 0, `{"kind":"jump","nodes":["a"],"offset":"1s"}`)
	r := mustRun(t, Config{Seed: 7, Faults: &given}, func(w *World) {
		w.Node("a").Start(func() {})
		if got := w.Inject(fault.Chaos(), time.Second); !got.Equal(given) {
			w.Failf("Inject returned %v", got)
		}
		w.Sleep(ms)
	})
	want(t, "fired", fired(r), "1")
}
