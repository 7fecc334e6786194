package engines

import (
	"fmt"
	"strings"
	"testing"

	"samerun/internal/host/hosttest"
	"samerun/sim"
)

// onTasks is what may be observed of a program on tasks.
func onTasks(p program, seed uint64) (words string, fired uint64) {
	o := &observed{}
	r := sim.Run(sim.Config{Seed: seed, Strategy: "fifo"}, p.fn(o))
	return o.words(r.Err), o.fired
}

// noFailure is a test that says nothing of a failure: its run is looked at by others.
type noFailure struct {
	hosttest.T
	failed bool
	said   string
}

func (t *noFailure) Errorf(format string, args ...any) {
	t.failed, t.said = true, fmt.Sprintf(format, args...)
}
func (t *noFailure) FailNow()     {}
func (t *noFailure) Failed() bool { return t.failed }

// The same small programs do the same on both engines, faults and all, where goroutines
// take their turns on the host for tests.
func TestEnginesAgree(t *testing.T) {
	for _, p := range programs {
		if p.goes {
			continue
		}
		fired := uint64(0)
		for seed := range uint64(20) {
			want, n := onTasks(p, seed)
			fired += n
			o, x := &observed{}, &noFailure{}
			hosttest.Run(t, seed, func(h *hosttest.Host) {
				x.T = hosttest.T{T: t, Host: h}
				sim.Test(x, p.fn(o), sim.Goroutines)
			})
			if got := o.words(endOf(x.said)); got != want {
				t.Errorf("%s, seed %d:\ntasks:\n%s\ngoroutines:\n%s", p.name, seed, want, got)
			}
		}
		if p.name == "cluster" && fired < 100 {
			t.Errorf("%d faults took effect in all", fired)
		}
	}
}

// endOf is the error of a run that failed, from the story that was told.
func endOf(story string) error {
	rest, ok := strings.CutPrefix(strings.TrimSpace(story), `property "`)
	if !ok {
		if story != "" {
			return fmt.Errorf("%s", story)
		}
		return nil
	}
	name, rest, _ := strings.Cut(rest, `" broken at `)
	_, rest, _ = strings.Cut(rest, ": ")
	why, _, _ := strings.Cut(rest, "\n")
	return &sim.PropertyError{Name: name, Err: fmt.Errorf("%s", why)}
}
