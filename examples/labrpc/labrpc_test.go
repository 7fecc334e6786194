package main

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"samerun/labrpc"
	"samerun/sched"
	"samerun/sim"
	"samerun/sim/fault"
)

// chaos is a theatre and box offices as machines of a world, on whichever engine, between
// which everything goes wrong for some seconds. A theatre that crashes forgets its guests,
// and begins anew; an office that crashes books for its guests once more.
func chaos(w *sim.World, bug Bug) {
	const guests = 5 // of each office
	offices := w.Size("offices", 1, 3)
	seats := 2 * offices * guests
	rn := labrpc.NewNetwork(w)
	rn.Reliable(false)
	var theatre *Theatre // the present one
	w.Node("theatre").Start(func() {
		theatre = NewTheatre(seats)
		Open(rn, theatre)
	})
	w.Always("nobody has two seats", func() error {
		if theatre != nil {
			if guest := theatre.Twice(); guest != "" {
				return fmt.Errorf("%s has them", guest)
			}
		}
		return nil
	})
	w.Inject(withoutDisks(fault.Chaos()), 5*time.Second)
	var all sched.WaitGroup
	all.Add(offices)
	for i := range offices {
		name, begun, done := fmt.Sprintf("office%d", i), 0, false
		w.Node(name).Start(func() {
			begun++
			office := Enter(rn, fmt.Sprintf("%s/%d", name, begun))
			office.Bug = bug
			for n := range w.Steps(name, guests, sim.Durations{Min: 10 * time.Millisecond, Max: time.Second}) {
				guest := fmt.Sprintf("guest %d of %s", n.N, name)
				if office.Book(guest, seats) < 0 {
					w.Failf("%s has no seat", guest)
				}
			}
			if !done {
				done = true
				all.Done()
			}
		})
	}
	all.Wait()
}

// withoutDisks is a mix for machines that have none.
func withoutDisks(m fault.Mix) fault.Mix {
	m.Rules = slices.DeleteFunc(m.Rules, func(r fault.Rule) bool {
		info, _ := r.Kind.Info()
		return info.Group == fault.Disks
	})
	return m
}

func TestNobodyHasTwoSeats(t *testing.T) {
	sim.Test(t, func(w *sim.World) { chaos(w, planted) })
}

// The planted mistake is found, and nothing without it.
func TestBugIsFound(t *testing.T) {
	found := 0
	for seed := range uint64(100) {
		r := sim.Run(sim.Config{Seed: seed}, func(w *sim.World) { chaos(w, LostRequest) })
		var broken *sim.PropertyError
		if errors.As(r.Err, &broken) && broken.Name == "nobody has two seats" {
			found++
		}
	}
	if found < 10 {
		t.Errorf("%d of 100 seeds find it", found)
	}
}
