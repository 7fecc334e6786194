package sched_test

import (
	"fmt"

	"samerun/sched"
)

// withdraw takes money out of an account from two tasks, and forgets that another
// may come between looking and taking. It returns what is left. The second task is
// late, so that the calm order goes well.
func withdraw(strategy sched.Strategy) (balance int) {
	s, err := sched.New(sched.Config{Strategy: strategy})
	if err != nil {
		fmt.Println(err)
		return 0
	}
	balance = 100
	if err := s.Run(func() {
		var wg sched.WaitGroup
		for _, late := range []int{0, 3} {
			wg.Go(func() {
				for range late {
					sched.Yield()
				}
				if balance >= 100 {
					sched.Yield() // asks the printer, say
					balance -= 100
				}
			})
		}
		wg.Wait()
	}); err != nil {
		fmt.Println(err)
	}
	return balance
}

// A run under any strategy can be had again from FIFO with deviations. Here one task
// is overtaken twice before it looks at the account and once before it takes the
// money, and neither alone does harm.
func ExampleRecording() {
	for seed := uint64(1); ; seed++ {
		rec := sched.NewRecording(sched.NewWalk(seed))
		if withdraw(rec) >= 0 {
			continue
		}
		found := rec.Deviations()
		again := sched.NewDeviating(&sched.FIFO{}, found)
		fmt.Println("balance", withdraw(again), "with deviations:", len(found))
		for _, d := range found {
			alone := sched.NewDeviating(&sched.FIFO{}, []sched.Deviation{d})
			fmt.Println("balance", withdraw(alone), "with only", d)
		}
		return
	}
	// Output:
	// balance -100 with deviations: 2
	// balance 0 with only 0dce8747f9b05bcf ready 1 shift +2
	// balance 0 with only 0dce8747f9b05bcf ready 2 shift +1
}

// Every schedule of a small program: how many there are, and how many go wrong.
func ExampleExhaustive() {
	x, err := sched.NewExhaustive(sched.ExhaustiveOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	wrong := 0
	for x.More() {
		if withdraw(x.Strategy()) < 0 {
			wrong++
		}
		if err := x.Done(); err != nil {
			fmt.Println(err) // the program is not deterministic
		}
	}
	fmt.Println(x, "were run;", wrong, "overdraw the account")
	// Output:
	// all 21 schedules were run; 10 overdraw the account
}

// A strategy as a user asks for it.
func ExampleParseStrategy() {
	spec, err := sched.ParseStrategy("pct:2")
	if err != nil {
		fmt.Println(err)
		return
	}
	if spec.NeedsLength() {
		calm, err := sched.New(sched.Config{})
		if err != nil {
			fmt.Println(err)
			return
		}
		_ = calm.Run(func() {
			sched.Go(sched.Yield)
			sched.Go(sched.Yield)
			sched.Sleep(1)
		})
		spec = spec.WithLength(sched.EstimateLength(calm.Choices()))
	}
	fmt.Println(spec)
	_, err = sched.ParseStrategy("pct:many")
	fmt.Println(err)
	// Output:
	// pct:2:8
	// strategy "pct:many": the depth is a whole number from 1 to 1000; choose fifo, random, walk, pct:DEPTH[:LENGTH], pos, delay:DELAYS[:LENGTH], urw, surw, exhaustive[:DEVIATIONS] or exhaustive:dpor (as in: samerun test -strategy exhaustive)
}
