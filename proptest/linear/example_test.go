package linear_test

import (
	"fmt"
	"time"

	"samerun/proptest/linear"
	"samerun/sim"
)

// A client writes and is answered; another one reads later, and gets what was
// there before.
func Example() {
	var h linear.History[linear.RegisterInput, linear.RegisterOutput]
	sim.Run(sim.Config{}, func(w *sim.World) {
		write := h.Begin(w, 0, linear.RegisterInput{Op: linear.RegisterWrite, Name: "x", Value: "1"})
		w.Sleep(time.Second)
		write.End(linear.RegisterOutput{})

		read := h.Begin(w, 1, linear.RegisterInput{Op: linear.RegisterRead, Name: "x"})
		w.Sleep(time.Second)
		read.End(linear.RegisterOutput{Value: ""})
	})
	fmt.Println(linear.Check(linear.Register(), &h))
	// Output:
	// the history of "x" is not linearizable: no order of its operations explains read(x) → "", which client 1 was answered at 2s (2 operations, 1 answers before it agree)
	//     client 0: write(x, "1")  (0s to 1s)
	//   > client 1: read(x) → ""  (1s to 2s)
}
