package sim

import (
	"fmt"
	"math"
	"testing"
	"time"
)

// An idle hour is one event, whatever stands about in it.
func BenchmarkIdleHour(b *testing.B) {
	for b.Loop() {
		mustRun(b, Config{Seed: 1}, func(w *World) {
			for i := range 5 {
				w.Node(fmt.Sprint("n", i)).Start(func() {})
			}
			w.Sleep(time.Hour)
		})
	}
}

// pingPong sends n messages, one at a time, as events only.
type pingPong struct {
	left int
	m    Message
	back *Link
	out  *Link
}

func (p *pingPong) Deliver(m *Message) {
	if p.left--; p.left > 0 {
		p.out, p.back = p.back, p.out
		p.out.Send(m, 0, p)
	}
}

func (p *pingPong) Drop(*Message, Fate) {}

func messages(b *testing.B, cfg Config) {
	b.ReportAllocs()
	cfg.Stall = time.Hour
	mustRun(b, cfg, func(w *World) {
		x, y := w.Node("x"), w.Node("y")
		x.Start(func() {})
		y.Start(func() {})
		p := &pingPong{left: b.N, m: Message{Kind: w.Kind("ping"), Size: 100, Hash: 1}, out: w.Link(x, y), back: w.Link(y, x)}
		b.ResetTimer()
		p.out.Send(&p.m, 0, p)
		w.Eventually("all sent", 1<<62, func() bool { return p.left <= 0 })
	})
}

// From Send to Deliver, digest included.
func BenchmarkMessage(b *testing.B) { messages(b, Config{Seed: 1}) }

// With chances to draw.
func BenchmarkMessageOnAnUnreliableLink(b *testing.B) {
	messages(b, Config{Seed: 1, Link: LinkConfig{Latency: DefaultLink().Latency, Reorder: 1}})
}

// With a hook that does nothing.
func BenchmarkMessageTraced(b *testing.B) {
	messages(b, Config{Seed: 1, Trace: func(Record) {}})
}

// With each record written as text.
func BenchmarkMessageTracedAsText(b *testing.B) {
	var line []byte
	messages(b, Config{Seed: 1, Trace: func(r Record) { line = r.appendTo(line[:0]) }})
}

// Among many messages in flight: each that arrives sends another. They are on all links of ten
// nodes.
func BenchmarkInFlight(b *testing.B) {
	for _, n := range []int{1000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			mustRun(b, Config{Seed: 1, MaxSteps: math.MaxInt, Stall: time.Hour}, func(w *World) {
				nodes := make([]*Node, 10)
				for i := range nodes {
					nodes[i] = w.Node(fmt.Sprint("n", i))
					nodes[i].Start(func() {})
				}
				f := &flood{left: b.N}
				kind := w.Kind("drop")
				all := make([]Message, n)
				for i := range all {
					all[i].Kind = kind
					w.Link(nodes[i%10], nodes[i/10%10]).Send(&all[i], 0, f)
				}
				b.ResetTimer()
				w.Eventually("all sent", 1<<62, func() bool { return f.left <= 0 })
			})
		})
	}
}

// flood sends each message that arrives once more.
type flood struct{ left int }

func (f *flood) Deliver(m *Message) {
	if f.left--; f.left > 0 {
		m.Link().Send(m, 0, f)
	}
}

func (f *flood) Drop(*Message, Fate) {}

// Among many tasks that sleep.
func BenchmarkSleepers(b *testing.B) {
	for _, n := range []int{100, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			mustRun(b, Config{Seed: 1, MaxSteps: math.MaxInt, Stall: time.Hour}, func(w *World) {
				left := b.N
				for i := range n {
					w.Go("sleeper", func() {
						for left > 0 {
							w.Sleep(time.Duration(1000+i%1000) * time.Microsecond)
							left--
						}
					})
				}
				w.Sleep(time.Millisecond / 2) // all have begun
				b.ResetTimer()
				w.Eventually("all slept", 1<<62, func() bool { return left <= 0 })
			})
		})
	}
}

// A node that crashes and starts again, with two tasks.
func BenchmarkRestart(b *testing.B) {
	b.ReportAllocs()
	mustRun(b, Config{Seed: 1, Stall: time.Hour}, func(w *World) {
		n := w.Node("n")
		n.Start(func() { w.Go("", func() { w.Sleep(time.Hour) }) })
		b.ResetTimer()
		for range b.N {
			w.Sleep(ms)
			n.Restart()
		}
	})
}

func BenchmarkGossip(b *testing.B) {
	for _, n := range []int{50, 1000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				mustRun(b, Config{Seed: 1, MaxSteps: 10_000_000, Stall: time.Hour}, func(w *World) { gossip(w, n) })
			}
		})
	}
}
