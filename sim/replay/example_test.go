package replay_test

import (
	"errors"
	"fmt"
	"os"

	"samerun/sim"
	"samerun/sim/replay"
	"samerun/sim/shrink"
)

// A failure is saved, and its file says after an edit what became of it.
func Example() {
	dir, err := os.MkdirTemp("", "replay")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)

	bug := true
	scenario := func(w *sim.World) {
		n := w.Size("nodes", 1, 5)
		w.Always("few nodes", func() error {
			if bug && n > 2 {
				return errors.New("too many nodes")
			}
			return nil
		})
	}
	failed := sim.Run(sim.Config{Seed: 7, Sizes: []sim.Size{{Name: "nodes", Value: 4}}}, scenario)
	file := &replay.File{
		World: replay.Tasks, Test: "TestNodes", Package: ".", Seed: failed.Seed, Sizes: []shrink.Size{{Name: "nodes", Value: 4}},
		Failure: sim.FailureOf(failed.Err), Digest: failed.Digest,
	}
	path, err := file.Save(dir)
	if err != nil {
		panic(err)
	}

	saved, err := replay.Read(path)
	if err != nil {
		panic(err)
	}
	for range 2 {
		run := sim.Run(sim.ConfigOf(saved), scenario)
		came := &replay.Run{Digest: run.Digest, Unmet: run.Missed}
		if run.Err != nil {
			f := sim.FailureOf(run.Err)
			came.Failure = &f
		}
		outcome := saved.Judge(came)
		fmt.Println(outcome+":", saved.Words(outcome, came))
		bug = false
	}
	// Output:
	// same: the same run to the bit
	// fixed: no failure any more, and the one key of its input was met
}
