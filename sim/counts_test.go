package sim

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Random worlds: whatever happens, the counts add up, every message is told its
// fate once for each copy, and the run is the same when it is repeated.
func TestCountsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type op struct{ What, A, B, Wait int }
		ops := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) op {
			return op{
				rapid.IntRange(0, 11).Draw(t, "what"),
				rapid.IntRange(0, 2).Draw(t, "a"),
				rapid.IntRange(0, 2).Draw(t, "b"),
				rapid.IntRange(0, 3).Draw(t, "wait"),
			}
		}), 1, 60).Draw(t, "ops")
		ppm := rapid.SampledFrom([]int64{0, 0, 300_000, Million})
		cfg := Config{Seed: uint64(rapid.IntRange(0, 99).Draw(t, "seed")), Link: LinkConfig{
			Latency: Durations{Min: ms, Max: 4 * ms}, Loss: ppm.Draw(t, "loss"), Duplicate: ppm.Draw(t, "duplicate"), Reorder: ppm.Draw(t, "reorder"),
		}}
		var told *tally
		scenario := func(w *World) {
			told = &tally{}
			var n []*Node
			for i := range 3 {
				n = append(n, w.Node(fmt.Sprint("n", i)))
				n[i].Start(func() {})
			}
			for _, o := range ops {
				a, b := n[o.A], n[o.B]
				l := w.Link(a, b)
				switch o.What {
				default:
					l.Send(&Message{Kind: w.Kind(fmt.Sprint(o.Wait))}, time.Duration(o.Wait)*ms, told)
				case 4:
					l.Cut()
				case 5:
					l.Heal()
				case 6:
					l.Clog()
				case 7:
					l.Release()
				case 8:
					a.Crash()
				case 9:
					a.Restart()
				case 10:
					a.Pause()
				case 11:
					a.Resume()
				}
				w.Sleep(time.Duration(o.Wait) * ms)
			}
		}
		r := Run(cfg, scenario)
		if r.Err != nil {
			t.Fatalf("the run failed: %v", r.Err)
		}
		c := r.Messages
		if c.Sent+c.Duplicated != c.Delivered+c.Lost+c.Cut+c.NodeDown+c.InFlight {
			t.Fatalf("the counts do not add up: %+v", c)
		}
		if told.fates != [...]uint64{c.Delivered, c.Lost, c.Cut, c.NodeDown} {
			t.Fatalf("receivers were told %v, the report says %+v", told.fates, c)
		}
		if told.wrong != "" {
			t.Fatal(told.wrong)
		}
		if again := Run(cfg, scenario); again.Digest != r.Digest || again.Messages != c {
			t.Fatalf("digest %s, and %s when run again", r.Digest, again.Digest)
		}
	})
}

// tally counts fates, and how many copies of each message are left.
type tally struct {
	fates [NodeDown + 1]uint64
	wrong string
}

func (x *tally) Deliver(m *Message) { x.add(m, Delivered) }
func (x *tally) Drop(m *Message, f Fate) {
	if f == Delivered {
		x.wrong = "a message was dropped with the fate delivered"
	}
	x.add(m, f)
}

func (x *tally) add(m *Message, f Fate) {
	x.fates[f]++
	if m.Copies < 0 || m.Copies > 1 {
		x.wrong = fmt.Sprintf("%d copies left after one was told of", m.Copies)
	}
	found := false
	for y := range m.Link().InFlight {
		found = found || y == m
	}
	if found != (m.Copies > 0) {
		x.wrong = fmt.Sprintf("with %d copies left, in flight is %v", m.Copies, found)
	}
}

// A fault that was asked for and did nothing is told from one that did.
func TestFaultsAskedAndFired(t *testing.T) {
	type fault = FaultCount
	for _, c := range []struct {
		name string
		do   func(w *World, a, b *Node, send func())
		want []FaultCount
	}{
		{"none", func(w *World, a, b *Node, send func()) { send() }, nil},
		{"cut without traffic", func(w *World, a, b *Node, send func()) { w.Link(a, b).Cut() }, []fault{{"cut", 1, 0}}},
		{"cut twice, two messages", func(w *World, a, b *Node, send func()) {
			w.Link(a, b).Cut()
			w.Link(a, b).Cut()
			send()
			send()
		}, []fault{{"cut", 2, 2}}},
		{"cut the other way", func(w *World, a, b *Node, send func()) { w.Link(b, a).Cut(); send() }, []fault{{"cut", 1, 0}}},
		{"clog", func(w *World, a, b *Node, send func()) { w.Link(a, b).Clog(); send() }, []fault{{"clog", 1, 1}}},
		{"clog, released too early", func(w *World, a, b *Node, send func()) { w.Link(a, b).Clog(); w.Link(a, b).Release(); send() }, []fault{{"clog", 1, 0}}},
		{"crash", func(w *World, a, b *Node, send func()) { b.Crash(); b.Crash() }, []fault{{"crash", 2, 1}}},
		{"restart of a running node", func(w *World, a, b *Node, send func()) { b.Restart() }, []fault{{"crash", 1, 1}}},
		{"pause", func(w *World, a, b *Node, send func()) { b.Pause(); b.Pause(); b.Resume() }, []fault{{"pause", 2, 1}}},
		{"loss", func(w *World, a, b *Node, send func()) { w.SetLinks(LinkConfig{Loss: Million}); send() }, []fault{{"loss", 1, 1}}},
		{"a loss that never strikes", func(w *World, a, b *Node, send func()) { w.SetLinks(LinkConfig{Loss: 1}); send() }, []fault{{"loss", 1, 0}}},
		{"everything", func(w *World, a, b *Node, send func()) {
			w.Link(a, b).Set(LinkConfig{Duplicate: Million, Reorder: Million})
			send()
			w.Sleep(20 * ms)
			w.Link(a, b).Cut()
			w.Link(a, b).Clog()
			b.Pause()
			send()
			w.Sleep(20 * ms)
			b.Crash()
		}, []fault{{"duplicate", 1, 1}, {"reorder", 1, 1}, {"cut", 1, 1}, {"clog", 1, 0}, {"crash", 1, 1}, {"pause", 1, 1}}},
	} {
		r := mustRun(t, Config{Seed: 1, Link: fixed(ms)}, func(w *World) {
			a, b := w.Node("a"), w.Node("b")
			a.Start(func() {})
			b.Start(func() {})
			c.do(w, a, b, func() { w.Link(a, b).Send(&Message{}, 0, &count{}) })
			w.Sleep(20 * ms)
		})
		if got, want := fmt.Sprint(r.Faults), fmt.Sprint(c.want); got != want {
			t.Errorf("%s: faults %s, want %s", c.name, got, want)
		}
	}
	r := Run(Config{Seed: 1, Link: LinkConfig{Loss: 5}}, func(*World) {})
	want(t, "the world's own link setting", fmt.Sprint(r.Faults), "[{loss 1 0}]")
}
