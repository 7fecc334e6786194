package commit_test

import (
	"errors"
	"fmt"
	"time"

	"samerun/examples/commit"
	"samerun/sim"
	"samerun/sim/fault"
)

// The coordinator does not wait for a vote that is lost, and takes it for a yes.
func ExampleUnder() {
	lost := fault.Schedule{
		Faults: []fault.Fault{{Kind: fault.Cut, For: 7 * time.Second, From: []string{"p0"}, To: []string{"c"}, Dir: fault.Reply}},
		Quiet:  8 * time.Second,
	}
	for _, bug := range []commit.Bug{"", commit.SilenceIsConsent} {
		r := sim.Run(sim.Config{Seed: 7}, func(w *sim.World) { commit.Under(w, lost, bug) })
		fmt.Printf("%q: %v\n", bug, errors.Unwrap(r.Err))
	}
	// Output:
	// "": <nil>
	// "silence-is-consent": property "no commit against a no" broken at 275.190743ms: c has committed transaction 0, for which p0 has not voted
}
