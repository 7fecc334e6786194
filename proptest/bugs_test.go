package proptest

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"samerun/proptest/linear"
	"samerun/sim"
	"samerun/sim/fault"
)

// Each test here plants a bug in a toy and states how small a run rapid must
// bring it down to.

func adds() *rapid.Generator[Workload[int]] {
	return Workloads(2, 12, 300*time.Millisecond, rapid.IntRange(1, 9))
}

// A client that calls again when it has no answer makes the server add twice: one
// fault and one addition are enough, of the smallest number, with no think time.
func TestDoubleExecution(t *testing.T) {
	var faults fault.Schedule
	var ops Workload[int]
	var seed uint64
	fails(t, func(p *P) {
		faults, seed = p.Faults(Names("n0", "client0", "client1"), Horizon(time.Second)), p.Seed
		ops = Draw(p, adds(), "additions")
		p.Run(faults, func(w *sim.World) {
			rn, all := stores(w, "n0")
			want := 0
			for _, s := range ops {
				want += s.Op
			}
			w.Always("every addition counts once", func() error {
				if all[0].value > want {
					return fmt.Errorf("the total is %d after additions of %d", all[0].value, want)
				}
				return nil
			})
			done := ops.Start(w, func(client, by int) {
				end := rn.dial("n0")
				for {
					var total int
					if end.Call("Store.Add", by, &total) {
						return
					}
				}
			})
			w.Eventually("all are answered", 20*time.Second, done)
		})
	}, `property "every addition counts once" broken at`, "seed ", "1 fault", "draw faults:", "draw additions: ", "-rapid.failfile=")
	if faults.Size() != 1 || len(ops) > few {
		t.Errorf("shrunk to seed %d, %v\n%v; should be one fault and at most %d operations", seed, faults, ops, few)
	}
	if files := failFiles(t); len(files) != 1 {
		t.Errorf("fail files: %q; there should be one", files)
	}
}

// Clients that read, add one and write lose updates. No fault is needed, and two
// operations are.
func TestLostUpdate(t *testing.T) {
	var faults fault.Schedule
	var ops Workload[bool]
	fails(t, func(p *P) {
		faults = p.Faults(Names("n0", "client0", "client1"), Horizon(5*time.Second), AllKinds)
		ops = Draw(p, Workloads(2, 12, 300*time.Millisecond, rapid.Bool()), "increments")
		p.Run(faults, func(w *sim.World) {
			rn, all := stores(w, "n0")
			answered := 0
			done := ops.Start(w, func(client int, _ bool) {
				end := rn.dial("n0")
				value, ok := 0, false
				if end.Call("Store.Get", 0, &value) && end.Call("Store.Set", value+1, &ok) {
					answered++
				}
			})
			w.Eventually("all are answered", 20*time.Second, done)
			w.Sleep(10 * time.Second)
			if all[0].value < answered {
				w.Failf("%d increments were answered, and the value is %d", answered, all[0].value)
			}
		})
	}, "increments were answered, and the value is", "no faults")
	if faults.Size() > 1 || len(ops) > few {
		t.Errorf("shrunk to %v\n%v; should be one fault at most, and at most %d operations", faults, ops, few)
	}
}

// readOrWrite is an operation on the copied store.
type readOrWrite struct{ Add int } // 0 reads

// A follower that is cut off answers what is no longer true. The history of the
// clients shows it, with one fault at most, one write and one read.
func TestStaleRead(t *testing.T) {
	var faults fault.Schedule
	var ops Workload[readOrWrite]
	op := rapid.Map(rapid.IntRange(0, 3), func(n int) readOrWrite { return readOrWrite{n} })
	r := fails(t, func(p *P) {
		faults = p.Faults(Names("n0", "n1"), Horizon(1500*time.Millisecond), Kinds(fault.Cut, fault.Clog, fault.Drop, fault.Loss))
		ops = Draw(p, Workloads(1, 12, 100*time.Millisecond, op), "operations")
		h := &linear.History[linear.RegisterInput, linear.RegisterOutput]{}
		p.Run(faults, func(w *sim.World) {
			rn, _ := stores(w, "n0", "n1")
			done := ops.Start(w, func(client int, op readOrWrite) {
				w.Sleep(2 * time.Millisecond) // so that without faults the copy is there
				value := 0
				if op.Add == 0 {
					c := h.Begin(w, client, linear.RegisterInput{Op: linear.RegisterRead, Name: "store"})
					if rn.dial("n1").Call("Store.Get", 0, &value) {
						c.End(linear.RegisterOutput{Value: wordOf(value)})
					}
					return
				}
				// The register has the sum, which only one client makes larger.
				if rn.dial("n0").Call("Store.Add", op.Add, &value) {
					h.Begin(w, client, linear.RegisterInput{Op: linear.RegisterWrite, Name: "store", Value: wordOf(value)}).End(linear.RegisterOutput{})
				}
			})
			w.Eventually("all are answered", 20*time.Second, done)
		})
		if err := linear.Check(linear.Register(), h); err != nil {
			p.Fail(err)
		}
	}, `the history of "store" is not linearizable`, `> client 0: read(store) → ""`, "1 fault")
	if faults.Size() != 1 || len(ops) > few {
		t.Errorf("shrunk to %v\n%v; should be one fault and at most %d operations\n%s", faults, ops, few, r.log.String())
	}
}

// few is how many operations rapid leaves at the most of those drawn here. One or
// two are enough for each bug, and it mostly finds that out; how far it gets differs
// with its seed.
const few = 5

func wordOf(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// A counter as a state machine: the reset forgets the model.
type toy struct{ value, want int }

func TestRepeatShrinks(t *testing.T) {
	var seen int
	machine := func(looks *int) Machine[*toy] {
		return Machine[*toy]{
			Setup: func(w *sim.World) *toy { return &toy{} },
			Actions: []Action[*toy]{
				Act("add", rapid.IntRange(1, 100), func(s *toy, n int) { s.value += n; s.want += n }),
				Act("double", rapid.Just(struct{}{}), func(s *toy, _ struct{}) { s.value += s.value; s.want *= 2 }),
				Act("reset", rapid.Bool(), func(s *toy, hard bool) {
					if s.want = 0; hard { // the bug: a soft reset resets nothing
						s.value = 0
					}
				}),
			},
			Invariant: func(s *toy) error {
				*looks++
				if s.value != s.want {
					return fmt.Errorf("the value is %d; it should be %d", s.value, s.want)
				}
				return nil
			},
			Think: time.Second,
		}
	}
	r := fails(t, func(p *P) {
		seen = 0
		Repeat(p, p.Faults(Nodes(3)), machine(&seen))
	}, `property "invariant" broken at `, "reset(false): the value is", "draw actions: ", "1. after ")
	if seen > 1+few {
		t.Errorf("the invariant was looked at %d times in the smallest run; it should be a few times\n%s", seen, r.log.String())
	}
	for want, m := range map[string]Machine[*toy]{
		"no Setup":                     {},
		"no Actions":                   {Setup: machine(&seen).Setup},
		"-1 Steps":                     {Setup: machine(&seen).Setup, Actions: machine(&seen).Actions, Steps: -1},
		`action 0 ("x")`:               {Setup: machine(&seen).Setup, Actions: []Action[*toy]{Act[*toy, int]("x", nil, nil)}},
		"a Think of -1ns; it must not": {Setup: machine(&seen).Setup, Actions: machine(&seen).Actions, Think: -1},
	} {
		fails(t, func(p *P) { Repeat(p, fault.Schedule{}, m) }, want)
	}
}
