package sim

import (
	"slices"
	"testing"
	"time"

	"samerun/sim/fault"
)

// fates notes what became of each message of a link on which messages of two kinds
// and nameless ones, requests and replies, come by turns.
func fates(cfg Config) []Fate {
	got := make([]fateOf, 120)
	Run(cfg, func(w *World) {
		noise := DefaultLink()
		noise.Loss = 200_000
		w.SetLinks(noise)
		a, b := w.Node("a"), w.Node("b")
		a.Start(func() {})
		b.Start(func() {})
		for i := range got {
			kind := Kind(0)
			if i%3 > 0 {
				kind = w.Kind([]string{"", "x", "y"}[i%3])
			}
			w.Link(a, b).Send(&Message{Kind: kind, Size: 1, Reply: i%4 == 0}, 0, &got[i])
			w.Sleep(ms)
		}
		w.Sleep(time.Second)
	})
	var all []Fate
	for _, f := range got {
		all = append(all, f.fate)
	}
	return all
}

// fateOf is the receiver of one message.
type fateOf struct{ fate Fate }

func (f *fateOf) Deliver(*Message)        { f.fate = Delivered }
func (f *fateOf) Drop(_ *Message, x Fate) { f.fate = x }

// The elements by which a probe tells what chance did, and what elements did, pick
// the very messages that it befell: in a calm run these are lost and no others, with
// a name or without.
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
