package sim_test

import (
	"errors"
	"fmt"
	"time"

	"samerun/sim"
)

// inbox counts what arrives.
type inbox struct{ got, lost int }

func (b *inbox) Deliver(*sim.Message)        { b.got++ }
func (b *inbox) Drop(*sim.Message, sim.Fate) { b.lost++ }

// A sends ten pings to B over a link that is cut for a while.
func ExampleRun() {
	var box inbox
	report := sim.Run(sim.Config{Seed: 1}, func(w *sim.World) {
		a, b := w.Node("a"), w.Node("b")
		b.Start(func() {})
		a.Start(func() {
			for range 10 {
				w.Link(a, b).Send(&sim.Message{Kind: w.Kind("ping"), Size: 8}, 0, &box)
				w.Sleep(10 * time.Millisecond)
			}
		})
		w.Sleep(25 * time.Millisecond)
		w.Link(a, b).Cut()
		w.Sleep(30 * time.Millisecond)
		w.Link(a, b).Heal()
		w.Eventually("all is decided", time.Second, func() bool { return box.got+box.lost == 10 })
	})
	fmt.Println("error:", report.Err)
	fmt.Println("sent:", report.Messages.Sent, "delivered:", report.Messages.Delivered, "cut:", report.Messages.Cut)
	for _, f := range report.Faults {
		fmt.Printf("%s: asked for %d, took effect %d times\n", f.Kind, f.Asked, f.Fired)
	}
	// Output:
	// error: <nil>
	// sent: 10 delivered: 7 cut: 3
	// cut: asked for 1, took effect 3 times
}

// Two tasks take money out of one account, and look before they leap. Whether
// that goes wrong is up to the seed; the same seed does the same for ever.
func ExampleWorld_Always() {
	scenario := func(w *sim.World) {
		balance := 100
		w.Always("no debts", func() error {
			if balance < 0 {
				return fmt.Errorf("the balance is %d", balance)
			}
			return nil
		})
		for _, name := range []string{"alice", "bob"} {
			w.Go(name, func() {
				if balance >= 80 {
					w.Sleep(time.Duration(w.Rand().IntN(2)) * time.Millisecond) // the bank is slow, or not
					balance -= 80
				}
			})
		}
		w.Sleep(time.Second)
	}
	for seed := range uint64(4) {
		fmt.Println(seed, sim.Run(sim.Config{Seed: seed}, scenario).Err)
	}
	var broken *sim.PropertyError
	fmt.Println(errors.As(sim.Run(sim.Config{Seed: 2}, scenario).Err, &broken))
	// Output:
	// 0 seed 0: property "no debts" broken at 0s: the balance is -60
	// 1 seed 1 at 1ms: property "no debts" broken at 1ms: the balance is -60
	// 2 seed 2 at 1ms: property "no debts" broken at 1ms: the balance is -60
	// 3 <nil>
	// true
}

// A counter that saves what it counts survives crashes; what is in memory does not.
func ExampleNode_Crash() {
	sim.Run(sim.Config{}, func(w *sim.World) {
		n := w.Node("counter")
		n.Start(func() {
			inMemory := 0
			for {
				w.Sleep(time.Second)
				inMemory++
				n.Save("count", append(n.Load("count"), '|'))
				fmt.Printf("%v: boot %d, in memory %d, on disk %s\n", w.Elapsed(), n.Boot(), inMemory, n.Load("count"))
			}
		})
		w.Sleep(2500 * time.Millisecond)
		n.Crash()
		w.Sleep(time.Second)
		n.Restart()
		w.Sleep(1500 * time.Millisecond)
	})
	// Output:
	// 1s: boot 1, in memory 1, on disk |
	// 2s: boot 1, in memory 2, on disk ||
	// 4.5s: boot 2, in memory 1, on disk |||
}
