package labrpc

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"samerun/sim"
)

// failing stands for a test that fails: what it says is looked at.
type failing struct {
	said   string
	failed bool
}

func (f *failing) Name() string  { return "TestFailing" }
func (f *failing) Helper()       {}
func (f *failing) Failed() bool  { return f.failed }
func (f *failing) Skipped() bool { return false }
func (f *failing) SkipNow()      { runtime.Goexit() }
func (f *failing) FailNow()      { f.failed = true; runtime.Goexit() }
func (f *failing) Errorf(format string, args ...any) {
	f.said += fmt.Sprintf(format, args...) + "\n"
	f.failed = true
}

// What the network's own chance does to single messages, the minimiser knows as
// elements of a schedule, so that a failure which needs one of them becomes a calm
// run with that one: each mishap of the rules 6, 11 and 12.
func TestMishapsBecomeElements(t *testing.T) {
	for _, c := range []struct {
		name  string
		set   func(rn *Network)
		fails func(ok bool, took time.Duration) bool
		want  string // the element in the story
	}{
		{"lost", func(rn *Network) { rn.Reliable(false) }, func(ok bool, _ time.Duration) bool { return !ok }, "drop  "},
		{"late", func(rn *Network) { rn.LongReordering(true) }, func(_ bool, took time.Duration) bool { return took > 400*time.Millisecond }, "hold  server → main  Counter.Add reply #"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, name := range []string{"SAMERUN_STRATEGY", "SAMERUN_SEED", "SAMERUN_RESULTS", "SAMERUN_LIST", "SAMERUN_REPLAY", "SAMERUN_STRICT", "SAMERUN_TRIALS"} {
				t.Setenv(name, "")
			}
			t.Setenv("SAMERUN_OUT", t.TempDir())
			t.Setenv("SAMERUN_SEEDS", "1-20")
			t.Setenv("SAMERUN_SHRINK", "1m")
			f := &failing{}
			over := make(chan struct{})
			go func() { // which FailNow may end
				defer close(over)
				sim.Test(f, func(w *sim.World) {
					rn := NewNetwork(w)
					server := w.Node("server")
					server.Start(func() {
						srv := MakeServer()
						srv.AddService(MakeService(new(Counter)))
						rn.AddServer("server", srv)
					})
					w.Sleep(time.Millisecond)
					c.set(rn)
					end := rn.MakeEnd("client")
					rn.Connect("client", "server")
					rn.Enable("client", true)
					for range w.Steps("calls", 20, sim.Durations{Min: time.Millisecond, Max: 9 * time.Millisecond}) {
						var n int
						began := w.Elapsed()
						ok := end.Call("Counter.Add", 1, &n)
						if took := w.Elapsed() - began; c.fails(ok, took) {
							w.Failf("a call was not answered as it should be")
						}
					}
				})
			}()
			<-over
			for _, want := range []string{c.want, "no random loss or delay, each latency in the middle of its range", "1 fault, which took effect"} {
				if !strings.Contains(f.said, want) {
					t.Errorf("what the test says has no %q:\n%s", want, f.said)
				}
			}
		})
	}
}
