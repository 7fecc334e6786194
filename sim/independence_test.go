package sim_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"samerun/examples/raft"
	"samerun/sim"
	"samerun/sim/fault"
)

// fortyFaults is a schedule of 40 elements, with all kinds among them.
func fortyFaults(t testing.TB) fault.Schedule {
	t.Helper()
	text, err := os.ReadFile("testdata/forty.json")
	if err != nil {
		t.Fatal(err)
	}
	s, err := fault.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[fault.Kind]bool{}
	for _, f := range s.Faults {
		kinds[f.Kind] = true
	}
	if s.Size() != 40 || len(kinds) != tasksHave() {
		t.Fatalf("%d elements of %d kinds, want 40 of %d", s.Size(), len(kinds), tasksHave())
	}
	return s
}

// tasksHave is how many kinds of faults befall worlds of tasks.
func tasksHave() (n int) {
	for _, info := range fault.Kinds() {
		if info.Group != fault.Sockets {
			n++
		}
	}
	return n
}

// decided is what faults decided in a run: who, about what, and how.
type decided map[[3]string]int64

// underFaults runs a Raft cluster of five, with a disk in use on each node, under
// a schedule.
func underFaults(t testing.TB, s fault.Schedule) (decided, *sim.Report) {
	t.Helper()
	all := decided{}
	cfg := sim.Config{Seed: 11, Faults: &s}
	sim.Watch(&cfg, func(d sim.Decision) {
		key := [3]string{fmt.Sprintf("fault %x", d.Fault), d.Who, d.What}
		if before, again := all[key]; again && before != d.Result {
			t.Errorf("%v was decided twice, %d and %d", key, before, d.Result)
		}
		all[key] = d.Result
	})
	r := sim.Run(cfg, func(w *sim.World) {
		c := raft.NewCluster(w, 5)
		w.Role("leader", func() []*sim.Node {
			if n := c.Leader(); n != nil {
				return []*sim.Node{n}
			}
			return []*sim.Node{w.Node("n0")} // a fault that misses proves nothing
		})
		w.Domain("rack", w.Node("n3"), w.Node("n4"))
		for _, n := range c.Nodes() {
			n.OnDown(func() {})
			w.Go("disk", func() {
				for {
					n.Go("log", func() { useDisk(n) })
					w.Sleep(50 * time.Millisecond)
				}
			})
		}
		for i := range 80 {
			c.Propose([]byte(fmt.Sprint(i)))
			w.Sleep(50 * time.Millisecond)
		}
	})
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	return all, r
}

// useDisk appends to a log, reads it, and mostly makes it durable.
func useDisk(n *sim.Node) {
	d := n.Disk()
	f, err := d.Open("wal")
	if err != nil {
		if f, err = d.Create("wal"); err != nil {
			return
		}
		d.SyncDir()
	}
	size, _ := f.Size()
	f.WriteAt(make([]byte, 1500), size)
	if size/1500%4 != 0 {
		f.Sync()
	}
	d.ReadFile("wal")
}

// Taking any one of 40 faults out of a schedule leaves what the others decide
// unchanged. What is compared is every decision by its key: the element (by its
// content), the message (by its own key), node or operation it is about, and what
// is decided: whether it is hit, by how much it is delayed, which side a node is
// on. That a run without a fault sends other messages, and so has other keys, is
// no matter; wherever a key occurs in both runs, the decision must be the same.
func TestFortyFaultsAreIndependent(t *testing.T) {
	s := fortyFaults(t)
	all, r := underFaults(t, s)
	idle := 0
	for _, o := range r.Outcomes {
		if o.Fired == 0 {
			t.Logf("element %d (%v) never took effect: %s", o.Index, o.Fault, o.Why)
			idle++
		}
	}
	if idle > 3 { // a change of the example may silence one or another
		t.Errorf("%d elements never took effect", idle)
	}
	fewest := len(all)
	for i := range s.Faults {
		less, _ := underFaults(t, s.Without(i))
		same, dropped := 0, fmt.Sprintf("fault %x", s.Keys()[i])
		for key, result := range less {
			if key[0] == dropped {
				t.Fatalf("without element %d (%v) it still decides %v", i, s.Faults[i], key)
			}
			before, both := all[key]
			if both && before != result {
				t.Errorf("without element %d (%v), %v is %d instead of %d", i, s.Faults[i], key, result, before)
			}
			if both {
				same++
			}
		}
		fewest = min(fewest, same)
	}
	t.Logf("%d decisions with all 40; at least %d of them occur again without one", len(all), fewest)
	if fewest < 300 {
		t.Errorf("only %d decisions occur in both runs; too few to prove anything", fewest)
	}
}
