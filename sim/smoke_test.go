package sim

import (
	"testing"
	"time"
	"fmt"
)

type rcv struct{ got, dropped int }

func (r *rcv) Deliver(m *Message)         { r.got++ }
func (r *rcv) Drop(m *Message, why Fate) { r.dropped++ }

func TestSmoke(t *testing.T) {
	Test(t, func(w *World) {
		a, b := w.Node("a"), w.Node("b")
		r := &rcv{}
		a.Start(func() {
			for i := 0; i < 100; i++ {
				w.Link(a, b).Send(&Message{Kind: w.Kind("ping"), Size: 10}, 0, r)
				w.Sleep(time.Millisecond)
			}
		})
		b.Start(func() { w.Sleep(50 * time.Millisecond); b.Crash() })
		w.Eventually("arrived", time.Second, func() bool { return r.got > 20 })
		w.Always("ok", func() error { if r.got > 40 && w.Seed() == 5 { return fmt.Errorf("too many: %d", r.got) }; return nil })
		w.Sleep(time.Second)
	})
}
