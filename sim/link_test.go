package sim

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// flights sends n messages at once over a → b and returns how long each arrival
// took.
func flights(t *testing.T, seed uint64, cfg LinkConfig, n int) (took []time.Duration, r *Report) {
	t.Helper()
	r = mustRun(t, Config{Seed: seed, Link: cfg}, func(w *World) {
		a, b := w.Node("a"), w.Node("b")
		b.Start(func() {})
		to := &timer{}
		for range n {
			w.Link(a, b).Send(&Message{}, 0, to)
		}
		w.Sleep(time.Hour)
		took = to.took
	})
	addsUp(t, r.Messages)
	return took, r
}

// timer is a receiver that notes how long messages took.
type timer struct{ took []time.Duration }

func (x *timer) Deliver(m *Message)      { x.took = append(x.took, m.Link().w.Elapsed()-m.sent) }
func (x *timer) Drop(m *Message, _ Fate) {}

func TestLatencyIsSpreadOverItsRange(t *testing.T) {
	lo, hi := 10*ms, 20*ms
	took, _ := flights(t, 3, LinkConfig{Latency: Durations{Min: lo, Max: hi}}, 10_000)
	var tenths [10]int
	for _, d := range took {
		if d < lo || d > hi {
			t.Fatalf("a message took %v", d)
		}
		tenths[min(9, int((d-lo)*10/(hi-lo)))]++
	}
	for i, n := range tenths {
		// 1000 expected, standard deviation 30.
		if n < 850 || n > 1150 {
			t.Errorf("%d of 10000 messages fell into tenth %d of the range", n, i)
		}
	}
	// Both ends are included.
	took, _ = flights(t, 3, LinkConfig{Latency: Durations{Min: 1, Max: 3}}, 300)
	seen := map[time.Duration]int{}
	for _, d := range took {
		seen[d]++
	}
	if len(seen) != 3 || seen[1] == 0 || seen[3] == 0 {
		t.Errorf("latencies of 1 to 3 ns: %v", seen)
	}
}

func TestSeedZeroIsCalm(t *testing.T) {
	cfg := LinkConfig{Latency: Durations{Min: 10 * ms, Max: 20 * ms}, Loss: 999_999, Duplicate: 999_999, Reorder: 999_999}
	var b box
	r := mustRun(t, Config{Link: cfg}, func(w *World) {
		x, y := w.Node("x"), w.Node("y")
		y.Start(func() {})
		for range 5 {
			w.Link(x, y).Send(&Message{}, 0, &b)
		}
		w.Sleep(time.Second)
	})
	want(t, "log", b.String(), "#1 delivered 15ms, #2 delivered 15ms, #3 delivered 15ms, #4 delivered 15ms, #5 delivered 15ms")
	want(t, "counts", r.Messages, MessageCounts{Sent: 5, Delivered: 5})
}

func TestChancesAreWhatTheySay(t *testing.T) {
	const n = 5000
	near := func(what string, got uint64, ppm int64) {
		t.Helper()
		expected := float64(n) * float64(ppm) / Million
		if d := float64(got) - expected; d*d > 25*expected+1 { // five standard deviations
			t.Errorf("%s: %d of %d, expected about %.0f", what, got, n, expected)
		}
	}
	for _, ppm := range []int64{0, 1000, 100_000, 500_000, 900_000, Million} {
		for seed := range uint64(3) {
			_, r := flights(t, seed+1, LinkConfig{Loss: ppm}, n)
			near(fmt.Sprint("loss of ", ppm), r.Messages.Lost, ppm)
			_, r = flights(t, seed+1, LinkConfig{Duplicate: ppm}, n)
			near(fmt.Sprint("duplication of ", ppm), r.Messages.Duplicated, ppm)
			_, r = flights(t, seed+1, LinkConfig{Reorder: ppm}, n)
			near(fmt.Sprint("reordering of ", ppm), r.Messages.Reordered, ppm)
		}
	}
	// They are independent: half of the messages that survive are duplicated.
	_, r := flights(t, 9, LinkConfig{Loss: 500_000, Duplicate: 500_000}, 2*n)
	near("duplication of the survivors", r.Messages.Duplicated, 500_000)
	near("half of the messages lost", r.Messages.Lost/2, 500_000)
}

func TestLateIsOneToTenLatenciesByDefault(t *testing.T) {
	cfg := LinkConfig{Latency: Durations{Min: ms, Max: ms}, Reorder: Million}
	took, _ := flights(t, 4, cfg, 2000)
	least, most := took[0], took[0]
	for _, d := range took {
		least, most = min(least, d), max(most, d)
	}
	if least < 2*ms || least > 2*ms+100*time.Microsecond || most > 11*ms || most < 11*ms-100*time.Microsecond {
		t.Errorf("messages that are held back took %v to %v, want 2ms to 11ms", least, most)
	}
	cfg.Late = Durations{Min: 5 * ms, Max: 6 * ms}
	took, _ = flights(t, 4, cfg, 100)
	for _, d := range took {
		if d < 6*ms || d > 7*ms {
			t.Errorf("held back by 5 to 6 ms, a message took %v", d)
		}
	}
}

// A message may take up to a century, and still arrives after it was sent.
func TestTheLongestLatency(t *testing.T) {
	cfg := LinkConfig{Latency: Durations{Min: longest, Max: longest}, Reorder: Million}
	var b box
	r := mustRun(t, Config{Seed: 1, Link: cfg}, func(w *World) {
		w.Link(w.Main(), w.Node("b")).Send(&Message{}, 1<<63-1, &b)
		w.Sleep(longest)
	})
	want(t, "fate", b.String(), "")
	want(t, "in flight", r.Messages.InFlight, 1)
}

func TestSetAndSetLinks(t *testing.T) {
	mustRun(t, Config{Seed: 1}, func(w *World) {
		a, b := w.Node("a"), w.Node("b")
		ab, ba := w.Link(a, b), w.Link(b, a)
		want(t, "the default", ab.Config().Latency, DefaultLink().Latency)
		w.SetLinks(fixed(5 * ms))
		want(t, "after SetLinks", ab.Config().Latency.Min, 5*ms)
		ab.Set(fixed(7 * ms))
		want(t, "after Set", ab.Config().Latency.Min, 7*ms)
		want(t, "the way back", ba.Config().Latency.Min, 5*ms)
		w.SetLinks(fixed(9 * ms))
		want(t, "SetLinks after Set", ab.Config().Latency.Min, 7*ms)
		want(t, "SetLinks, the way back", ba.Config().Latency.Min, 9*ms)
		ab.Set(LinkConfig{})
		want(t, "zero ranges", ab.Config().Latency, DefaultLink().Latency)
		a.Start(func() {})
		b.Start(func() {})
		var there, back box
		ab.Set(fixed(3 * ms))
		ab.Send(&Message{}, ms, &there)
		ba.Send(&Message{}, 0, &back)
		w.Sleep(20 * ms)
		want(t, "there", there.String(), "#1 delivered 4ms")
		want(t, "back", back.String(), "#1 delivered 9ms")
	})
}

func TestOneDirectionOnly(t *testing.T) {
	var there, back box
	mustRun(t, Config{Link: fixed(ms)}, func(w *World) {
		a, b := w.Node("a"), w.Node("b")
		a.Start(func() {})
		b.Start(func() {})
		ab, ba := w.Link(a, b), w.Link(b, a)
		ab.Cut()
		want(t, "the way there", fmt.Sprint(ab.cut, ba.cut), "true false")
		ab.Send(&Message{}, 0, &there)
		ba.Send(&Message{}, 0, &back)
		ba.Clog()
		want(t, "the way back", fmt.Sprint(ab.clogged, ba.clogged), "false true")
		w.Sleep(5 * ms)
		ba.Release()
		w.Sleep(ms)
		want(t, "names", ab.String()+", "+ba.String(), "a → b, b → a")
		want(t, "ends", fmt.Sprint(ab.From(), ab.To()), "a b")
	})
	want(t, "there", there.String(), "#1 cut 0s")
	want(t, "back", back.String(), "#1 delivered 5ms")
}

func TestPartitionKeepsTheSidesTogether(t *testing.T) {
	mustRun(t, Config{}, func(w *World) {
		var n []*Node
		for i := range 5 {
			n = append(n, w.Node(fmt.Sprint("n", i)))
		}
		cuts := func() string {
			var b strings.Builder
			for _, x := range n {
				for _, y := range n {
					if x != y && w.Link(x, y).cut {
						fmt.Fprintf(&b, "%v%v ", x, y)
					}
				}
			}
			return b.String()
		}
		w.Cut(n[:2], n[1:3]) // n1 is on both sides: it is not cut from itself
		want(t, "cut", cuts(), "n0n1 n0n2 n1n0 n1n2 n2n0 n2n1 ")
		w.Heal(n[2:3], n[:1])
		want(t, "after Heal", cuts(), "n0n1 n1n0 n1n2 n2n1 ")
		w.HealAll()
		want(t, "after HealAll", cuts(), "")
		w.Link(n[0], n[1]).Cut() // a link is found by every HealAll, not by the first alone
		w.HealAll()
		want(t, "after the second HealAll", cuts(), "")
		want(t, "links to look at", len(w.stuck), 0)
	})
}

// HealAll goes by the order of the nodes, whatever the order of the faults was.
func TestHealAllHasAnOrder(t *testing.T) {
	lines, _ := traced(Config{}, func(w *World) {
		a, b, c := w.Node("a"), w.Node("b"), w.Node("c")
		w.Link(c, a).Cut()
		w.Link(b, c).Clog()
		w.Link(b, a).Cut()
		w.Link(b, a).Clog()
		w.Link(a, c).Cut()
		w.Link(a, c).Heal()
		w.HealAll()
		w.HealAll()
	})
	got := ""
	for _, l := range lines[6:] {
		f := strings.Fields(l)
		got += strings.Join(f[2:], " ") + "; "
	}
	want(t, "order", got, "heal b → a; release b → a; release b → c; heal c → a; ")
}

func TestInFlight(t *testing.T) {
	mustRun(t, Config{Seed: 1, Link: LinkConfig{Latency: Durations{Min: ms, Max: 9 * ms}}}, func(w *World) {
		a, b := w.Node("a"), w.Node("b")
		b.Start(func() {})
		l := w.Link(a, b)
		nths := func() string {
			var out []string
			for m := range l.InFlight {
				out = append(out, fmt.Sprint(m.Nth))
			}
			return strings.Join(out, " ")
		}
		want(t, "at first", nths(), "")
		var x box
		for range 6 {
			l.Send(&Message{}, 0, &x)
		}
		w.Link(b, a).Send(&Message{}, 0, &x)
		want(t, "after sending", nths(), "1 2 3 4 5 6")
		for m := range l.InFlight {
			if m.Nth == 2 {
				break
			}
		}
		for x.got < 3 {
			w.Sleep(time.Microsecond)
		}
		left := []string{"1", "2", "3", "4", "5", "6"}
		for _, s := range x.log {
			nth := s[1:2]
			for i, y := range left {
				if y == nth {
					left = append(left[:i], left[i+1:]...)
					break
				}
			}
		}
		want(t, "after some arrived", nths(), strings.Join(left, " "))
		l.Clog()
		w.Sleep(20 * ms)
		want(t, "while clogged", nths(), strings.Join(left, " "))
		l.Release()
		w.Sleep(1)
		want(t, "after the release", nths(), "")
	})
}

// What a clog held comes in the order of arrival at seed 0, and in any at others.
func TestReleaseOrder(t *testing.T) {
	order := func(seed uint64) string {
		var b box
		mustRun(t, Config{Seed: seed, Link: fixed(ms)}, func(w *World) {
			x, y := w.Node("x"), w.Node("y")
			y.Start(func() {})
			l := w.Link(x, y)
			l.Clog()
			for range 4 {
				l.Send(&Message{}, 0, &b)
				w.Sleep(ms)
			}
			w.Sleep(ms)
			l.Release()
			w.Sleep(ms)
		})
		s := ""
		for _, line := range b.log {
			s += line[1:2]
		}
		return s
	}
	want(t, "seed 0", order(0), "1234")
	seen := map[string]bool{}
	for seed := range uint64(100) {
		seen[order(seed+1)] = true
	}
	if len(seen) < 18 {
		t.Errorf("only %d of 24 orders in 100 seeds", len(seen))
	}
}

func TestCountsPerKindAndDirection(t *testing.T) {
	mustRun(t, Config{Seed: 1}, func(w *World) {
		a, b := w.Node("a"), w.Node("b")
		vote, ping := w.Kind("vote"), w.Kind("ping")
		want(t, "the same kind", w.Kind("vote"), vote)
		want(t, "name", w.KindName(ping), "ping")
		want(t, "no such kind", w.KindName(99), "kind 99")
		send := func(k Kind, reply bool) uint64 {
			m := &Message{Kind: k, Reply: reply}
			w.Link(a, b).Send(m, 0, &count{})
			return m.Nth
		}
		got := fmt.Sprint(send(vote, false), send(vote, false), send(ping, false), send(vote, true), send(vote, false), send(0, false))
		want(t, "n-th", got, "1 2 1 1 3 1")
	})
}
