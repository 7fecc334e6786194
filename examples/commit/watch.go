package commit

import (
	"fmt"
	"slices"

	"samerun/sim"
)

// watch sees every decision that a participant has saved, and remembers it whatever
// crashes: it lives outside of the nodes.
//
// Invariant: of a participant and a transaction, known has the first decision.
type watch struct {
	known                   map[[2]int]state // participant and transaction
	refusals                map[int][]int    // by transaction, who refused it
	commits                 map[int]int      // by transaction, who committed it first; one more than that
	aborts                  map[int]int
	atomic, agreed, lasting error
}

func newWatch() *watch {
	return &watch{known: map[[2]int]state{}, refusals: map[int][]int{}, commits: map[int]int{}, aborts: map[int]int{}}
}

// refused notes a vote of no.
func (x *watch) refused(p, id int) { x.refusals[id] = append(x.refusals[id], p) }

// decided notes a decision, and compares it with all that were seen.
func (x *watch) decided(p, id int, s state) {
	key := [2]int{p, id}
	switch before := x.known[key]; {
	case before == unknown:
		x.known[key] = s
	case before != s && x.lasting == nil:
		x.lasting = fmt.Errorf("p%d had %v transaction %d, and now it has %v it", p, before, id, s)
	}
	first := x.aborts
	if s == committed {
		first = x.commits
	}
	if first[id] == 0 {
		first[id] = p + 1
	}
	if a, b := x.commits[id], x.aborts[id]; a > 0 && b > 0 && x.atomic == nil {
		x.atomic = fmt.Errorf("p%d has committed transaction %d, and p%d has aborted it", a-1, id, b-1)
	}
	if no := x.refusals[id]; s == committed && len(no) > 0 && x.agreed == nil {
		x.agreed = fmt.Errorf("p%d has committed transaction %d, which p%d had refused", p, id, slices.Min(no))
	}
}

// state states what must hold for the rest of the run.
func (x *watch) state(w *sim.World) {
	w.Always("decisions last", func() error { return x.lasting })
	w.Always("no commit against a no", func() error { return x.agreed })
	w.Always("atomic commit", func() error { return x.atomic })
}
