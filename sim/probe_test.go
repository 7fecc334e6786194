package sim

import (
	"slices"
	"testing"
	"time"

	"samerun/sim/fault"
)

// fates notes what became of each message of a link, and when, on which messages of
// two kinds and nameless ones, requests and replies, come by turns.
func fates(cfg Config) []fateOf {
	got := make([]fateOf, 120)
	Run(cfg, func(w *World) {
		noise := DefaultLink()
		noise.Loss, noise.Reorder = 200_000, 200_000
		w.SetLinks(noise)
		a, b := w.Node("a"), w.Node("b")
		a.Start(func() {})
		b.Start(func() {})
		for i := range got {
			kind := Kind(0)
			if i%3 > 0 {
				kind = w.Kind([]string{"", "x", "y"}[i%3])
			}
			got[i].w = w
			w.Link(a, b).Send(&Message{Kind: kind, Size: 1, Reply: i%4 == 0}, 0, &got[i])
			w.Sleep(ms)
		}
		w.Sleep(time.Second)
	})
	for i := range got {
		got[i].w = nil
	}
	return got
}

// fateOf is the receiver of one message.
type fateOf struct {
	w    *World
	fate Fate
	at   time.Duration
}

func (f *fateOf) Deliver(*Message)        { f.fate, f.at = Delivered, f.w.Elapsed() }
func (f *fateOf) Drop(_ *Message, x Fate) { f.fate, f.at = x, f.w.Elapsed() }

// The elements by which a probe tells what chance did, and what elements did, pick
// the very messages that it befell: in a calm run these are lost, or
// as late, and no others, with a name or without.
func TestProbesPickTheSameMessages(t *testing.T) {
	for seed := range uint64(10) {
		cfg := Config{Seed: seed + 1}
		var hits []fault.Fault
		cfg, p := probing(cfg)
		want := fates(cfg)
		if n := p.Mishaps.Size(); n < 10 {
			t.Fatalf("seed %d: %d messages were lost", seed+1, n)
		}
		if got := fates(Config{Seed: seed + 1, Calm: NoMishaps, Faults: &p.Mishaps}); !slices.Equal(got, want) {
			t.Errorf("seed %d: with the mishaps as elements\n%v\nand by chance\n%v", seed+1, got, want)
		}
		// An element that loses a share of the messages, and then each by itself.
		share := schedule(t, 0, `{"kind":"loss","from":["a"],"to":["b"],"ppm":300000,"at":"10ms","for":"60ms"}`)
		cfg, p = probing(Config{Seed: seed + 1, Calm: NoMishaps, Faults: &share})
		want = fates(cfg)
		for _, h := range p.Hits {
			if h.Index != 0 || h.At < 10*ms || h.At > 70*ms {
				t.Errorf("seed %d: element %d befell a message at %v", seed+1, h.Index, h.At)
			}
			hits = append(hits, h.Message)
		}
		if len(hits) < 5 {
			t.Fatalf("seed %d: told of %d messages", seed+1, len(hits))
		}
		if got := fates(Config{Seed: seed + 1, Calm: NoMishaps, Faults: &fault.Schedule{Faults: hits}}); !slices.Equal(got, want) {
			t.Errorf("seed %d: each message by itself\n%v\nand a share of them\n%v", seed+1, got, want)
		}
	}
}

// What chance does to a message it decides anew each time: that one is not lost says
// nothing of whether it comes late or twice.
func TestMishapsAreIndependent(t *testing.T) {
	const n = 10_000
	got := &count{}
	r := mustRun(t, Config{Seed: 5}, func(w *World) {
		noise := DefaultLink()
		noise.Loss, noise.Reorder, noise.Duplicate = 200_000, 200_000, 200_000
		w.SetLinks(noise)
		a, b := w.Node("a"), w.Node("b")
		b.Start(func() {})
		for range n {
			w.Link(a, b).Send(&Message{Size: 1}, 0, got)
		}
		w.Sleep(time.Minute)
	})
	for what, c := range map[string][2]uint64{
		"lost": {r.Messages.Lost, n / 5}, "late": {r.Messages.Reordered, n * 4 / 25}, "doubled": {r.Messages.Duplicated, n * 4 / 25},
	} {
		if c[0] < c[1]*9/10 || c[0] > c[1]*11/10 {
			t.Errorf("%d of %d messages are %s, want about %d", c[0], n, what, c[1])
		}
	}
}

// An element that picks a message of whoever has a role asks when that is sent.
func TestAPickAsksForRolesWhenTheMessageIsSent(t *testing.T) {
	s := schedule(t, 0, `{"kind":"drop","from":["@leader"],"to":["b"],"nth":1}`)
	told, r := act(t, 3, s, func(x *cast) {
		var leader []*Node
		x.w.Role("leader", func() []*Node { return leader })
		x.send(10 * ms) // nobody is leader yet
		x.w.Sleep(50 * ms)
		if told := x.box.String(); told == "" {
			t.Error("the message of a, who was no leader, has not arrived")
		}
		leader = []*Node{x.c}
		x.w.Link(x.c, x.b).Send(&Message{}, 0, &x.box)
		x.w.Sleep(50 * ms)
	})
	if r.Messages.Lost != 1 || r.Messages.Delivered != 1 {
		t.Errorf("%d messages were lost and %d delivered (%s), want the leader's to be lost alone; %s", r.Messages.Lost, r.Messages.Delivered, told, fired(r))
	}
}

// Faults that make one node slow add up, and each takes back its own share.
func TestSlownessAddsUp(t *testing.T) {
	s := schedule(t, 0,
		`{"kind":"slow","nodes":["a"],"ppm":1000000,"at":"0s","for":"10s"}`,
		`{"kind":"slow","nodes":["a"],"ppm":2000000,"at":"0s","for":"20s"}`)
	act(t, 1, s, func(x *cast) {
		x.w.Sleep(time.Second)
		for _, c := range []struct{ at, want time.Duration }{{2 * time.Second, 4 * time.Second}, {12 * time.Second, 3 * time.Second}, {22 * time.Second, time.Second}} {
			x.w.Sleep(c.at - x.w.Elapsed())
			var took time.Duration
			x.a.Go("sleeper", func() {
				begin := x.w.Elapsed()
				x.w.Sleep(time.Second)
				took = x.w.Elapsed() - begin
			})
			x.w.Sleep(6 * time.Second)
			if took != c.want {
				t.Errorf("at %v a second of the slow node took %v, want %v", c.at, took, c.want)
			}
		}
	})
}

// A queue of bounded length holds what waits and not what was sent long ago.
func TestQueuesDrain(t *testing.T) {
	s := schedule(t, 0, `{"kind":"bandwidth","from":["a"],"to":["b"],"bytes":1000,"queue":1}`)
	_, r := act(t, 1, s, func(x *cast) {
		for range 20 {
			x.link.Send(&Message{Size: 100}, 0, &x.box) // a tenth of a second on the wire
			x.w.Sleep(150 * ms)
		}
		x.w.Sleep(time.Second)
	})
	if r.Messages.Lost != 0 || r.Messages.Delivered != 20 {
		t.Errorf("%d of 20 messages that did not wait for each other were lost", r.Messages.Lost)
	}
}

// A fault that is tied to a start, and would begin when all is quiet, says so.
func TestBootFaultsBeforeTheQuiet(t *testing.T) {
	for at, why := range map[string]string{"40ms": "", "100ms": "the quiet period began before", "130ms": "the quiet period began before"} {
		s := schedule(t, 100*ms, `{"kind":"crash","nodes":["b"],"boot":1,"at":"`+at+`","for":"10ms"}`)
		_, r := act(t, 1, s, func(x *cast) { x.w.Sleep(time.Second) })
		if got := r.Outcomes[0].Why; got != why {
			t.Errorf("a crash %s after the start, quiet at 100ms: %q, want %q", at, got, why)
		}
	}
}
