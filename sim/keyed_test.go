package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// decisions maps each message (link, kind, request or reply, n-th) to what chance
// did to it: lost, held back, twice, and how long each copy took.
type decisions map[string]string

// touches says whether a message's link begins or ends at a node.
func touches(key, node string) bool {
	link, _, _ := strings.Cut(key, "|")
	return slices.Contains(strings.Split(link, " → "), node)
}

// decide runs five nodes that all talk to each other, each with a kind of its
// own, but for those left out, under a fault.
func decide(t *testing.T, seed uint64, leftOut string, fault func(w *World)) decisions {
	t.Helper()
	made := decisions{}
	key := func(m *Message) string {
		return fmt.Sprintf("%v|%s|%v|%d", m.Link(), m.Link().w.KindName(m.Kind), m.Reply, m.Nth)
	}
	cfg := Config{Seed: seed, Link: LinkConfig{Latency: Durations{Min: ms, Max: 9 * ms}, Loss: 200_000, Duplicate: 200_000, Reorder: 200_000}}
	cfg.Trace = func(r Record) {
		switch r.What {
		case Sent:
			made[key(r.Msg)] += fmt.Sprintf("late %v, copies %d;", r.Msg.late, r.Msg.Copies)
		case Arrived:
			made[key(r.Msg)] += fmt.Sprintf(" %v", r.At-r.Msg.sent)
		case Dropped:
			made[key(r.Msg)] += fmt.Sprintf(" %v", r.Fate)
		}
	}
	mustRun(t, cfg, func(w *World) {
		to := answer{w}
		names := []string{"a", "b", "c", "d", "e"}
		for _, name := range names {
			if name == leftOut {
				continue
			}
			n := w.Node(name)
			n.Start(func() {
				for range 30 {
					for _, other := range names {
						if other != name && other != leftOut {
							w.Link(n, w.Node(other)).Send(&Message{Kind: w.Kind("from " + name)}, 0, to)
						}
					}
					w.Sleep(2*ms + time.Duration(w.Rand().IntN(int(ms))))
				}
			})
		}
		w.Sleep(20 * ms)
		fault(w)
		w.Sleep(400 * ms)
	})
	return made
}

// answer replies to a request in the event of its arrival.
type answer struct{ w *World }

func (x answer) Deliver(m *Message) {
	if !m.Reply {
		x.w.Link(m.Link().To(), m.Link().From()).Send(&Message{Kind: m.Kind, Reply: true}, 0, x)
	}
}
func (answer) Drop(*Message, Fate) {}

// Taking something out of a run changes nothing that chance does elsewhere.
func TestDecisionsAreKeyed(t *testing.T) {
	calm := func(*World) {}
	var whole [3]decisions
	for seed := range whole {
		whole[seed] = decide(t, uint64(seed), "", calm)
	}
	for _, c := range []struct {
		name    string
		leftOut string
		fault   func(w *World)
		touched func(key string) bool
	}{
		{"the first node left out", "a", calm, func(k string) bool { return touches(k, "a") }},
		{"another node left out", "c", calm, func(k string) bool { return touches(k, "c") }},
		{"a crash", "", func(w *World) { w.Node("c").Crash() }, func(k string) bool { return touches(k, "c") }},
		{"a restart", "", func(w *World) { w.Node("c").Restart() }, func(k string) bool { return touches(k, "c") }},
		{"a pause", "", func(w *World) { w.Node("c").Pause() }, func(k string) bool { return touches(k, "c") }},
		{"a cut", "", func(w *World) { w.Link(w.Node("a"), w.Node("b")).Cut() }, func(k string) bool { return touches(k, "a") && touches(k, "b") }},
		{"a clog", "", func(w *World) {
			w.Link(w.Node("a"), w.Node("b")).Clog()
			w.Sleep(10 * ms)
			w.HealAll()
		}, func(k string) bool { return touches(k, "a") && touches(k, "b") }},
		{"loss on one link", "", func(w *World) {
			w.Link(w.Node("a"), w.Node("b")).Set(LinkConfig{Latency: Durations{Min: ms, Max: 9 * ms}, Loss: Million})
		}, func(k string) bool { return touches(k, "a") && touches(k, "b") }},
		{"a new node", "", func(w *World) {
			n := w.Node("z")
			n.Start(func() {
				for range 20 {
					w.Link(n, w.Node("a")).Send(&Message{Kind: w.Kind("from z")}, 0, answer{w})
					w.Sleep(ms)
				}
			})
		}, func(k string) bool { return touches(k, "z") }},
	} {
		for seed, with := range whole {
			without := decide(t, uint64(seed), c.leftOut, c.fault)
			compared := 0
			for key, d := range with {
				if c.touched(key) {
					continue
				}
				compared++
				if without[key] != d {
					t.Fatalf("seed %d, %s: %s was %q and is %q", seed, c.name, key, d, without[key])
				}
			}
			for key := range without {
				if _, ok := with[key]; !ok && !c.touched(key) {
					t.Fatalf("seed %d, %s: %s is new", seed, c.name, key)
				}
			}
			if compared < 500 {
				t.Errorf("seed %d, %s: only %d decisions were compared", seed, c.name, compared)
			}
			if len(with) == compared && len(without) == compared {
				t.Errorf("%s touched nothing: the test compares a run with itself", c.name)
			}
		}
	}
}

// On the link itself, too, what the fault leaves alone is as it was: a message
// that arrives with and without the cut takes as long.
func TestACutLeavesTheRestOfItsLinkAlone(t *testing.T) {
	with := decide(t, 5, "", func(*World) {})
	without := decide(t, 5, "", func(w *World) {
		l := w.Link(w.Node("a"), w.Node("b"))
		l.Cut()
		w.Sleep(20 * ms)
		l.Heal()
	})
	same, cut := 0, 0
	for key, d := range with {
		if !strings.HasPrefix(key, "a → b|from a|") {
			continue
		}
		switch {
		case strings.Contains(without[key], "cut"):
			cut++
		case without[key] == d:
			same++
		default:
			t.Errorf("%s was %q and is %q", key, d, without[key])
		}
	}
	if cut < 3 || same < 3 || cut+same != 30 {
		t.Errorf("%d messages cut, %d the same, of 30", cut, same)
	}
}
