package linear

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"samerun/internal/tracefile"
	"samerun/sim"
)

// The trace of a run has its operations, with what was asked and answered, and an order that
// explains it: each takes effect between its call and its answer.
func TestOperationsInATrace(t *testing.T) {
	file := filepath.Join(t.TempDir(), "trace")
	t.Setenv("SAMERUN_TRACE", file)
	t.Setenv("SAMERUN_SEED", "3")
	t.Run("run", func(t *testing.T) {
		sim.Test(t, func(w *sim.World) {
			var h History[KVInput, string]
			value := ""
			for i := range 3 {
				w.Go("", func() {
					for k := range 4 {
						in := KVInput{Op: KVAppend, Key: "x", Value: "abc"[i : i+1]}
						if k == 3 {
							in = KVInput{Op: KVGet, Key: "x"}
						}
						c := h.Begin(w, i, in)
						w.Sleep(time.Duration(1+w.Rand().IntN(5)) * time.Millisecond)
						if in.Op == KVAppend {
							value += in.Value
							w.Sleep(time.Millisecond)
							c.End("")
							continue
						}
						c.End(value)
					}
				})
			}
			h.Begin(w, 9, KVInput{Op: KVAppend, Key: "y", Value: "never"})
			w.Sleep(time.Second)
			CheckIn(w, KV(), &h)
		})
	})
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	x, err := tracefile.Read(in)
	if err != nil {
		t.Fatal(err)
	}
	calls, returns, points := map[uint64]tracefile.Event{}, map[uint64]tracefile.Event{}, 0
	reads := 0
	for _, e := range x.Events {
		switch e.Kind {
		case tracefile.Call:
			calls[e.N] = e
		case tracefile.Return:
			returns[e.Began] = e
			if calls[e.Began].Text == "get(x)" && len(e.Text) >= 5 && e.Text[0] == '"' {
				reads++
			}
		case tracefile.Point:
			points++
			call, back := calls[e.Began], returns[e.Began]
			if e.Moment < call.At || e.Moment > back.At || int(e.Nth) != points {
				t.Errorf("%+v of the call %+v and the answer %+v, the %d. one", e, call, back, points)
			}
		}
	}
	if len(calls) != 13 || len(returns) != 12 || points != 12 || reads != 3 {
		t.Errorf("%d calls, %d answers, %d points, %d reads", len(calls), len(returns), points, reads)
	}
}
