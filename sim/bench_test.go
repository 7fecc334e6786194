package sim

import (
	"fmt"

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
