package commit

import (
	"fmt"

	"samerun/sim"
)

// watch sees every vote and every decision, and remembers it whatever crashes: it
// lives outside of the nodes. Participants have their numbers, and the coordinator
// the one behind them.
//
// Invariants: of a node and a transaction, known has the first decision, and voted
// says whether it ever voted yes; ids is more than any transaction that was seen.
type watch struct {
	participants            int
	known                   map[[2]int]state // node and transaction
	voted                   map[[2]int]bool
	ids                     int
	w                       *sim.World // is told the states that transactions come to
	atomic, agreed, lasting error
}

func newWatch(participants int) *watch {
	return &watch{participants: participants, known: map[[2]int]state{}, voted: map[[2]int]bool{}}
}

// mostTold is how many nodes a state that is told has.
const mostTold = 5

// tell tells a guided search what the nodes know of a transaction, and who has voted for it.
func (x *watch) tell(id int) {
	if x.w == nil {
		return
	}
	var now struct{ knows, voted [mostTold]uint8 }
	for n := range min(x.participants+1, mostTold) {
		now.knows[n] = uint8(x.known[[2]int{n, id}])
		if x.voted[[2]int{n, id}] {
			now.voted[n] = 1
		}
	}
	x.w.State(now)
}

// yes notes a vote of yes.
func (x *watch) yes(p, id int) { x.voted[[2]int{p, id}] = true }

// decided notes a decision, and compares it with all that were seen.
func (x *watch) decided(node, id int, s state) {
	x.ids = max(x.ids, id+1)
	x.keeps(node, id, s)
	if x.known[[2]int{node, id}] == unknown {
		x.known[[2]int{node, id}] = s
	}
	x.tell(id)
	for other := range x.participants + 1 {
		if t := x.known[[2]int{other, id}]; t != unknown && t != s && other != node && x.atomic == nil {
			x.atomic = fmt.Errorf("%s has %v transaction %d, and %s has %v it", x.name(node), s, id, x.name(other), t)
		}
	}
	for p := range x.participants {
		if s == committed && !x.voted[[2]int{p, id}] && x.agreed == nil {
			x.agreed = fmt.Errorf("%s has committed transaction %d, for which p%d has not voted", x.name(node), id, p)
		}
	}
}

// booted compares what a node finds on its disk with the decisions that were seen.
func (x *watch) booted(node int, j *journal) {
	for id := range x.ids {
		x.keeps(node, id, j.state(id))
	}
}

// keeps compares what a node knows of a transaction with its decision, if it had one.
func (x *watch) keeps(node, id int, now state) {
	if before := x.known[[2]int{node, id}]; before != unknown && before != now && x.lasting == nil {
		x.lasting = fmt.Errorf("%s had %v transaction %d; now it is %v there", x.name(node), before, id, now)
	}
}

func (x *watch) name(node int) string {
	if node == x.participants {
		return "c"
	}
	return fmt.Sprint("p", node)
}

// state states what must hold for the rest of the run.
func (x *watch) state(w *sim.World) {
	x.w = w
	w.Always("decisions last", func() error { return x.lasting })
	w.Always("no commit against a no", func() error { return x.agreed })
	w.Always("atomic commit", func() error { return x.atomic })
}
