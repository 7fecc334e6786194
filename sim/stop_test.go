package sim

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"samerun/internal/host/hosttest"
	"samerun/sched"
)

// dumped is a world whose nodes have something to say, or cannot.
func dumped(w *World) {
	var held sched.Mutex
	ping := w.Kind("ping")
	nodes := map[string]func() string{
		"good": func() string {
			var free sched.Mutex
			free.Lock()
			defer free.Unlock()
			return fmt.Sprintf("at %v\nall is well\n", w.Elapsed())
		},
		"bad":  func() string { panic(fmt.Errorf("no state\nat all")) },
		"lock": func() string { held.Lock(); return "never" },
	}
	for _, name := range []string{"good", "bad", "lock"} {
		n := w.Node(name)
		n.Start(func() {
			n.Dump(nodes[name])
			w.Sleep(time.Hour)
		})
	}
	w.Node("mute").Start(func() { held.Lock(); w.Sleep(time.Hour) })
	down := w.Node("down")
	down.Start(func() { down.Dump(func() string { return "from before" }) })
	w.Node("never")
	w.Sleep(time.Second)
	down.Crash()
	w.Node("mute").Pause()
	w.Link(w.Node("good"), w.Node("bad")).Send(&Message{Kind: ping}, 0, received(func() {}))
	w.Sleep(time.Second)
}

// Nodes are asked what they have to say while the run stands still, and the run does not change by
// that. One that panics or would have to wait is told of.
func TestNodesAreAsked(t *testing.T) {
	var plain, asked, state, tasks string
	var wrong []string
	for _, with := range []bool{false, true} {
		var w *World
		cfg := Config{Seed: 1, begun: func(began *World) { w = began }}
		if with {
			cfg.Trace = func(r Record) {
				if r.What != Arrived {
					return
				}
				var at standing
				at.ask(w, func(_ int, fn func() string) (string, string) {
					return w.askDump(fn, &at, func() { t.Error("it did not return") })
				})
				state, wrong = at.words()
				tasks = w.tasksNow()
			}
		}
		r := Run(cfg, dumped)
		if r.Err != nil {
			t.Fatal(r.Err)
		}
		if plain, asked = asked, r.Digest; !with {
			plain = ""
		}
	}
	if plain != asked {
		t.Errorf("the digest is %s, and was %s", asked, plain)
	}
	const waits = "would have to wait in Mutex.Lock, and nothing goes on while the run is stopped; leave locks out of it"
	want := "good runs, boot 1\n    at 1.000"
	for _, part := range []string{want, "s\n    all is well\n\n", "bad runs, boot 1\n    its Dump panicked: no state\n\n", "lock runs, boot 1\n    its Dump " + waits + "\n\n", "mute is paused, boot 1\n\ndown is down, boot 1\n\nnever was not started\n\n"} {
		if !strings.Contains(state, part) {
			t.Errorf("%s\nand nowhere: %q", state, part)
		}
	}
	if got := strings.Join(wrong, "\n"); got != "the Dump of node bad panicked: no state\nthe Dump of node lock "+waits {
		t.Error(got)
	}
	for _, part := range []string{"main Sleep\n    stop_test.go:", "in sim.dumped\n", "good/main Sleep\n", "mute/main Sleep (its node is paused)\n"} {
		if !strings.Contains(tasks, part) {
			t.Errorf("%s\nand nowhere: %q", tasks, part)
		}
	}
}

// A Dump that waits for real, or leaves by Goexit, is told of by who ends the process.
func TestDumpsThatDoNotReturn(t *testing.T) {
	for name, c := range map[string]struct {
		dump func(done chan bool) string
		want string
	}{
		"waits": {func(done chan bool) string { <-done; return "" }, dumpLate},
	} {
		var w *World
		told := ""
		cfg := Config{Seed: 1, begun: func(began *World) { w = began }}
		cfg.Trace = func(r Record) {
			if r.What != Note {
				return
			}
			done := make(chan bool)
			at := standing{}
			at.ask(w, func(_ int, fn func() string) (string, string) {
				return w.askDump(func() string { return c.dump(done) }, &at, func() {
					_, wrong := at.words()
					told = strings.Join(wrong, "\n")
					close(done)
				})
			})
		}
		Run(cfg, func(w *World) {
			w.Node("n").Start(func() { w.Node("n").Dump(func() string { return "" }) })
			w.Sleep(time.Second)
			w.Logf("now")
		})
		if told != "the Dump of node n "+c.want {
			t.Errorf("%s: %q", name, told)
		}
	}
}

// A world of goroutines has its host call what belongs to a node.
func TestNodesOfGoroutinesAreAsked(t *testing.T) {
	hosttest.Run(t, 1, func(h *hosttest.Host) {
		TestWith(hosttest.T{T: t, Host: h}, Config{}, func(w *World) {
			a, b := w.Node("a"), w.Node("b")
			a.Start(func() { a.Dump(func() string { return "fine" }); w.Sleep(time.Hour) })
			b.Start(func() { b.Dump(func() string { return "" }); w.Sleep(time.Hour) })
			w.Sleep(time.Second)
			var machines []int
			state, wrong := h.Stops(func(node int, fn func() string) (said, wrong string) {
				machines = append(machines, node)
				if said = fn(); said == "" {
					wrong = "panicked: x"
				}
				return said, wrong
			})
			if got := fmt.Sprint(machines, " ", state, wrong); got != "[1 2] a runs, boot 1\n    fine\n\nb runs, boot 1\n    its Dump panicked: x\n\n[the Dump of node b panicked: x]" {
				t.Errorf("%s", got)
			}
		}, Goroutines)
	})
}

// What is no event is refused.
func TestStopperOf(t *testing.T) {
	for asked, want := range map[string]string{"": "", "3": "", "0": "which is no event", "x": "leave it to samerun replay -until"} {
		t.Setenv(stopVariable, asked)
		x, err := stopperOf(&environment{})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) || (x != nil) != (asked == "3") {
			t.Errorf("%q: %v %v", asked, x, err)
		}
	}
}
