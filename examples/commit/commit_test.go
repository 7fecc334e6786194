package commit

import (
	"strings"
	"testing"
	"time"

	"samerun/sim"
	"samerun/sim/fault"
)

// The scenario of the zoo, with a protocol that has no bug.
func TestUnderChaos(t *testing.T) {
	sim.Test(t, func(w *sim.World) { UnderChaos(w, "") })
}

// In peace, a transaction is committed by all if nobody refuses it, and else by
// nobody.
func TestInPeace(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		c := newCluster(w, 3, "")
		c.watch.state(w)
		w.Sleep(time.Second)
		for id, refused := range []uint{0, 2, 0, 7} {
			c.node.Go("begin", func() { c.coordinator.begin(Tx{id, refused}) })
		}
		w.Sleep(2 * time.Second)
		for id, want := range []state{committed, aborted, committed, aborted} {
			for i := range c.nodes {
				if got := c.watch.known[[2]int{i, id}]; got != want {
					w.Failf("p%d has %v transaction %d; it should have %v it", i, got, id, want)
				}
			}
		}
	})
}

// Who is in doubt stays so while the coordinator is away, and learns the outcome when
// it is back.
func TestDoubtEnds(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		c := newCluster(w, 2, "")
		c.watch.state(w)
		w.Inject(fault.Schedule{Faults: []fault.Fault{
			{Kind: fault.Cut, At: time.Second, For: 3 * time.Second, From: []string{"c"}, To: []string{"p1"}, Method: "Participant.Decide"},
			{Kind: fault.Crash, At: 1200 * time.Millisecond, For: 2 * time.Second, Nodes: []string{"c"}},
		}}, 10*time.Second)
		w.Sleep(1100 * time.Millisecond)
		c.node.Go("begin", func() { c.coordinator.begin(Tx{ID: 1}) })
		w.Sleep(time.Second)
		if s := c.participants[1].journal.state(1); s != prepared {
			w.Failf("p1 has %v what it cannot know", s)
		}
		w.Sleep(2 * time.Second)
		if s := c.participants[1].journal.state(1); s != committed {
			w.Failf("p1 has %v what was committed", s)
		}
	})
}

func TestBugNames(t *testing.T) {
	for _, b := range append(Bugs(), "") {
		if err := b.check(); err != nil {
			t.Errorf("%s: %v", b, err)
		}
	}
	if err := Bug("x").check(); err == nil || !strings.Contains(err.Error(), `package commit has no bug "x"; it has decision-forgotten, `) {
		t.Errorf("%v", err)
	}
}
