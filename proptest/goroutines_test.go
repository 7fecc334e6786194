package proptest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"samerun/internal/host/hosttest"
	"samerun/sim"
	"samerun/sim/fault"
)

// hosted is a test on the host for tests.
type hosted struct {
	*recorder
	h *hosttest.Host
}

func (t hosted) Samerun() any { return t.h }
func (t hosted) FailNow()     { t.failed = true }

// onHost is what Check of a property of goroutines leaves at a seed.
func onHost(t *testing.T, seed uint64, property func(*P), env ...string) (r *recorder, report func(field string) string) {
	t.Helper()
	setenv(t, append([]string{"SAMERUN_SEED", fmt.Sprint(seed)}, env...)...)
	r = &recorder{T: t, name: "TestHosted"}
	hosttest.Run(t, seed, func(h *hosttest.Host) {
		report = h.Reports
		Check(hosted{r, h}, property, Goroutines)
	})
	return r, report
}

// A try of goroutines draws what a try of tasks draws, and makes its runs on the host.
func TestGoroutinesDraw(t *testing.T) {
	var kinds []fault.Kind
	var here, there []string
	property := func(log *[]string) func(p *P) {
		return func(p *P) {
			faults := p.Faults(Nodes(3), Kinds(fault.Cut, fault.Crash))
			ops := Draw(p, adds(), "additions")
			*log = append(*log, fmt.Sprintf("%v %#v", faults, ops))
			for range 2 {
				p.Run(faults, func(w *sim.World) {
					w.Node("n0").Start(func() {})
					w.Sleep(time.Second)
				})
			}
			for _, f := range p.Faults(Nodes(3), AllKinds, Budget(fault.MaxFaults)).Faults {
				kinds = append(kinds, f.Kind)
			}
		}
	}
	for seed := range uint64(20) {
		setenv(t, "SAMERUN_SEED", fmt.Sprint(seed))
		check(t, "TestHosted", property(&there))
		if slices.Contains(kinds, fault.Reset) {
			t.Error("tasks have sockets")
		}
	}
	kinds = nil
	for seed := range uint64(20) {
		if r, _ := onHost(t, seed, property(&here)); r.failed {
			t.Fatalf("seed %d: %s", seed, r.log.String())
		}
	}
	if len(here) != 20 || !slices.Equal(here, there) {
		t.Errorf("%d and %d tries, or others", len(here), len(there))
	}
	for _, k := range []fault.Kind{fault.Reset, fault.Stall, fault.Cut, fault.Torn} {
		if !slices.Contains(kinds, k) {
			t.Errorf("AllKinds has no %s", k)
		}
	}
}

// What fails is reported with what was drawn, also if it is found when the run is over.
func TestGoroutinesFail(t *testing.T) {
	for name, property := range map[string]func(p *P){
		"property \"small\" broken": func(p *P) {
			n := Draw(p, rapid.Just(7), "n")
			p.Run(fault.Schedule{}, func(w *sim.World) {
				w.Always("small", func() error { return fmt.Errorf("it is %d", n) })
				w.Sleep(time.Second)
			})
		},
		"found later": func(p *P) {
			Draw(p, rapid.Just(7), "n")
			p.Run(fault.Schedule{}, func(w *sim.World) { w.Sleep(time.Second) })
			p.Fail(errors.New("found later"))
		},
		"inside a run": func(p *P) {
			Draw(p, rapid.Just(7), "n")
			p.Run(fault.Schedule{}, func(w *sim.World) { Draw(p, rapid.Just(8), "m") })
		},
	} {
		r, report := onHost(t, 3, property)
		if text := r.log.String(); !r.failed || !strings.Contains(text, name) || !strings.Contains(text, "drawn: n = 7") {
			t.Errorf("%s: failed %v\n%s", name, r.failed, text)
		}
		if got := report("world"); !strings.Contains(got, `"data":[{"name":"n","value":7}]`) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// What cannot be is told in a sentence.
func TestGoroutinesRefuse(t *testing.T) {
	setenv(t)
	property := func(p *P) {}
	if r := check(t, "TestX", property, Goroutines, Strategy("pct:3")); !r.failed || !strings.Contains(r.log.String(), "use samerun test -strategy pct:3") {
		t.Errorf("%s", r.log.String())
	}
	failfile(t, "x")
	if r := check(t, "TestX", property, Goroutines); !r.failed || !strings.Contains(r.log.String(), "-rapid.failfile is of a try that rapid has made") {
		t.Errorf("%s", r.log.String())
	}
}
