package sim

import (
	"slices"
	"testing"
	"time"
)

func TestVacuous(t *testing.T) {
	s := schedule(t, 0, `{"kind":"cut","from":["a"],"to":["b"]}`,
		`{"kind":"crash","at":"10s","nodes":["a"]}`,
		`{"kind":"drop","from":["a"],"to":["b"],"nth":7}`,
		`{"kind":"jump","nodes":["@leader"],"offset":"1s"}`)
	_, r := act(t, 1, s, func(x *cast) {
		x.send(10 * ms)
		x.w.Link(x.c, x.d).Cut()
		x.w.Link(x.c, x.d).Clog()
		x.w.Link(x.c, x.d).Clog()
		x.w.Link(x.d, x.c).Cut()
		x.w.Link(x.d, x.c).Send(&Message{}, 0, &x.box)
		x.w.Rule(func(*Message) Verdict { return Verdict{} })
		x.w.Always("nothing", func() error { return nil })
		x.w.Eventually("something", time.Second, func() bool { return true })
		x.w.Sometimes("never", false)
		x.w.Buggify("point")
	})
	got := r.Vacuous()
	if want := []string{
		"element 1 of the schedule (10.000s  crash  a) never took effect: the run ended before",
		"element 2 of the schedule (drop  a → b  #7) never took effect: message #7 was not sent: there were 1",
		"element 3 of the schedule (0.000s  jump  @leader  +1s) never took effect: the scenario tells nobody who @leader is (World.Role)",
		"clog was asked for by the scenario (2 times) and did nothing",
		"rule was asked for by the scenario (once) and did nothing",
	}; !slices.Equal(got, want) {
		t.Errorf("got %q,\nwant %q", got, want)
	}
	r = Run(Config{}, func(w *World) {
		w.Always("later", func() error { return nil })
		w.Failf("too early")
	})
	if got := r.Vacuous(); !slices.Equal(got, []string{`property "later" (always) was stated, and never looked at`}) {
		t.Errorf("got %q", got)
	}
	if got := mustRun(t, Config{}, func(*World) {}).Vacuous(); len(got) > 0 {
		t.Errorf("got %q", got)
	}
}

// How programs went past the disks of their nodes is told.
func TestVacuousDisks(t *testing.T) {
	r := Report{past: []string{"a raw system call, write", "mmap for writing of db"}}
	if got, want := r.Vacuous(), []string{
		"the disks of nodes do not see a raw system call, write, so that a crash loses nothing of it",
		"the disks of nodes do not see mmap for writing of db, so that a crash loses nothing of it",
	}; !slices.Equal(got, want) {
		t.Errorf("got %q,\nwant %q", got, want)
	}
}
