package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// busy is a scenario with all sorts of records in it.
func busy(w *World) {
	w.SetLinks(LinkConfig{Latency: Durations{Min: ms, Max: 5 * ms}, Loss: 100_000, Duplicate: 100_000, Reorder: 100_000})
	var n []*Node
	for i := range 4 {
		n = append(n, w.Node(fmt.Sprint("n", i)))
	}
	to := &echo{w: w, got: map[*Node]int{}}
	for _, x := range n {
		x.Start(func() {
			for i := range 10 {
				for _, y := range n {
					if x != y {
						w.Link(x, y).Send(&Message{Kind: w.Kind("hello"), Size: i, Hash: uint64(i)}, 0, to)
					}
				}
				w.Sleep(3*ms + time.Duration(w.Rand().IntN(1000)))
			}
			w.Logf("done")
		})
	}
	w.Eventually("all heard something", time.Second, func() bool { return len(to.got) == 4 })
	w.Always("not too much", func() error {
		if to.got[n[0]] > 1000 {
			return errBroken
		}
		return nil
	})
	w.Sleep(8 * ms)
	n[1].Crash()
	w.Link(n[0], n[2]).Clog()
	w.Cut(n[:1], n[3:])
	w.Sleep(4 * ms)
	n[1].Restart()
	n[2].Pause()
	w.Sleep(9 * ms)
	n[2].Resume()
	w.HealAll()
	w.Sleep(50 * ms)
	w.Sometimes("quiet", true)
}

// echo answers requests.
type echo struct {
	w   *World
	got map[*Node]int
}

func (e *echo) Deliver(m *Message) {
	at := m.Link().To()
	e.got[at]++
	if !m.Reply {
		at.Go("handler", func() {
			e.w.Sleep(ms)
			e.w.Link(at, m.Link().From()).Send(&Message{Kind: m.Kind, Reply: true, Size: m.Size}, 0, e)
		})
	}
}

func (e *echo) Drop(*Message, Fate) {}

func TestCausesFormATree(t *testing.T) {
	for seed := range uint64(10) {
		var n uint64
		sent := map[*Message]uint64{}
		roots, kinds := 0, map[What]int{}
		r := mustRun(t, Config{Seed: seed, Trace: func(r Record) {
			if n++; r.Seq != n {
				t.Fatalf("record %d has the number %d", n, r.Seq)
			}
			if r.Cause >= r.Seq {
				t.Errorf("record %d was caused by %d: %v", r.Seq, r.Cause, r)
			}
			if r.Cause == 0 {
				roots++
			}
			kinds[r.What]++
			switch r.What {
			case Sent:
				sent[r.Msg] = r.Seq
			case Arrived, Dropped, Held:
				if r.Cause != sent[r.Msg] {
					t.Errorf("%v was caused by %d, and its sending is %d", r, r.Cause, sent[r.Msg])
				}
			}
		}}, busy)
		if roots != 1 {
			t.Errorf("seed %d: %d records without a cause, want only the first", seed, roots)
		}
		want(t, "arrivals in the trace", uint64(kinds[Arrived]), r.Messages.Delivered)
		want(t, "sendings in the trace", uint64(kinds[Sent]), r.Messages.Sent)
		want(t, "drops in the trace", uint64(kinds[Dropped]), r.Messages.Lost+r.Messages.Cut+r.Messages.NodeDown)
		want(t, "holds in the trace", uint64(kinds[Held]), r.Messages.Held)
	}
}

// A reply is caused by the request, over the task that handled it.
func TestTheCauseOfAReply(t *testing.T) {
	var request, reply uint64
	mustRun(t, Config{Seed: 1, Trace: func(r Record) {
		switch {
		case r.What == Arrived && !r.Msg.Reply:
			request = r.Seq
		case r.What == Sent && r.Msg.Reply:
			reply = r.Cause
		}
	}}, func(w *World) {
		a, b := w.Node("a"), w.Node("b")
		a.Start(func() {})
		b.Start(func() {})
		w.Link(a, b).Send(&Message{}, 0, &echo{w: w, got: map[*Node]int{}})
		w.Sleep(time.Second)
	})
	if request == 0 || reply != request {
		t.Errorf("the reply was caused by record %d, the request arrived in record %d", reply, request)
	}
}

func TestTheTraceRepeats(t *testing.T) {
	for seed := range uint64(5) {
		a, ra := traced(Config{Seed: seed}, busy)
		b, rb := traced(Config{Seed: seed}, busy)
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				t.Fatalf("seed %d, record %d:\n%s\nand when run again\n%s", seed, i+1, a[i], b[i])
			}
		}
		want(t, "records", len(b), len(a))
		want(t, "digest", rb.Digest, ra.Digest)
		want(t, "digest without a trace", Run(Config{Seed: seed}, busy).Digest, ra.Digest)
		want(t, "the whole report", fmt.Sprintf("%+v", *rb), fmt.Sprintf("%+v", *ra))
	}
}

// Whatever is different in the story is different in the digest, even where
// nothing else comes of it. At seed 0 keys make no difference.
func TestTheDigestKnowsTheStory(t *testing.T) {
	type variant struct {
		a, b, kind string
		size       int
		hash       uint64
		reply      bool
		link       LinkConfig
		do         func(w *World, a *Node)
		wait       time.Duration
	}
	base := func() variant {
		return variant{a: "a", b: "b", kind: "k", link: fixed(ms), do: func(*World, *Node) {}, wait: 100 * ms}
	}
	play := func(seed uint64, v variant) string {
		r := Run(Config{Seed: seed, Link: v.link}, func(w *World) {
			a, b := w.Node(v.a), w.Node(v.b)
			b.Start(func() {})
			w.Link(a, b).Send(&Message{Kind: w.Kind(v.kind), Size: v.size, Hash: v.hash, Reply: v.reply}, 0, &count{})
			v.do(w, a)
			w.Sleep(v.wait)
		})
		return r.Digest
	}
	variants := map[string]func(v *variant){
		"base":          func(v *variant) {},
		"sender's name": func(v *variant) { v.a = "c" },
		"name":          func(v *variant) { v.b = "c" },
		"kind":          func(v *variant) { v.kind = "l" },
		"size":          func(v *variant) { v.size = 1 },
		"large size":    func(v *variant) { v.size = 1 << 16 },
		"hash":          func(v *variant) { v.hash = 1 },
		"reply":         func(v *variant) { v.reply = true },
		"latency":       func(v *variant) { v.link = fixed(ms + 1) },
		"twice":         func(v *variant) { v.link = twice(ms) },
		"late":          func(v *variant) { v.link.Reorder = Million },
		"lost":          func(v *variant) { v.link.Loss = Million },
		"note":          func(v *variant) { v.do = func(w *World, a *Node) { w.Logf("x") } },
		"another note":  func(v *variant) { v.do = func(w *World, a *Node) { w.Logf("y") } },
		"cut":           func(v *variant) { v.do = func(w *World, a *Node) { w.Link(a, w.Node("b")).Cut() } },
		"clog":          func(v *variant) { v.do = func(w *World, a *Node) { w.Link(a, w.Node("b")).Clog() } },
		"cut back":      func(v *variant) { v.do = func(w *World, a *Node) { w.Link(w.Node("b"), a).Cut() } },
		"start":         func(v *variant) { v.do = func(w *World, a *Node) { a.Start(func() {}) } },
		"pause":         func(v *variant) { v.do = func(w *World, a *Node) { w.Node("b").Pause() } },
		"crash":         func(v *variant) { v.do = func(w *World, a *Node) { w.Node("b").Crash() } },
		"sometimes":     func(v *variant) { v.do = func(w *World, a *Node) { w.Sometimes("s", true) } },
		"task":          func(v *variant) { v.do = func(w *World, a *Node) { w.Go("", func() {}) } },
		"end":           func(v *variant) { v.wait++ },
		"fail":          func(v *variant) { v.do = func(w *World, a *Node) { w.Failf("no") } },
		"fail again":    func(v *variant) { v.do = func(w *World, a *Node) { w.Failf("not") } },
	}
	for _, seed := range []uint64{0, 1} {
		seen := map[string]string{}
		for name, change := range variants {
			v := base()
			change(&v)
			if seed == 0 && (name == "twice" || name == "late" || name == "lost") {
				continue // seed 0 is calm
			}
			d := play(seed, v)
			if other, ok := seen[d]; ok {
				t.Errorf("seed %d: %q and %q have one digest", seed, name, other)
			}
			seen[d] = name
		}
	}
}

func TestRecordText(t *testing.T) {
	lines, _ := traced(Config{Seed: 1, Link: LinkConfig{Latency: Durations{Min: ms, Max: ms}, Duplicate: Million, Reorder: Million, Late: Durations{Min: ms, Max: ms}}}, func(w *World) {
		a, b := w.Node("a"), w.Node("b")
		b.Start(func() {})
		w.Link(a, b).Send(&Message{Kind: w.Kind("Vote"), Size: 7}, 0, &count{})
		w.Link(b, a).Send(&Message{Kind: w.Kind("Vote"), Reply: true}, 0, &count{})
		w.Sleep(5 * ms)
		b.Pause()
		b.Resume()
		w.Link(a, b).Clog()
		w.Link(a, b).Release()
		w.Link(a, b).Cut()
		w.Link(a, b).Heal()
		w.Logf("all %s", "well")
		b.Crash()
		w.Sometimes("seen", true)
		w.Failf("the end")
	})
	for i, l := range lines {
		_, lines[i], _ = strings.Cut(l, " ")
	}
	slices.Sort(lines[3:7]) // arrivals at one instant
	want(t, "trace", "\n"+strings.Join(lines, "\n"), `
0.000000s   boot     b (boot 1)
0.000000s   send     a → b  Vote #1 (7 bytes, held back, twice)
0.000000s   send     b → a  Vote reply #1 (0 bytes, held back, twice)
0.001000s   arrive   a → b  Vote #1 (7 bytes, after 1ms)
0.001000s   drop     b → a  Vote reply #1 (0 bytes, node down)
0.002000s   arrive   a → b  Vote #1 (7 bytes, after 2ms)
0.002000s   drop     b → a  Vote reply #1 (0 bytes, node down)
0.005000s   pause    b
0.005000s   resume   b
0.005000s   clog     a → b
0.005000s   release  a → b
0.005000s   cut      a → b
0.005000s   heal     a → b
0.005000s   note     main  all well
0.005000s   crash    b (boot 1)
0.005000s   met      seen
0.005000s   fail     the end`)
}
