package commit

import (
	"os"
	"testing"
	"time"

	"samerun/internal/zootest"
	"samerun/sim"
	"samerun/sim/fault"
)

// small is one transaction of a coordinator and two participants. The nodes boot one after the other,
// because in which order they do is not what is of interest.
func small(bug Bug) *zootest.Small {
	return &zootest.Small{
		Run: func(w *sim.World, plan fault.Schedule) {
			c := makeCluster(w, 2, bug)
			c.watch.state(w)
			w.Inject(plan, plan.Quiet)
			c.node.Start(c.bootCoordinator)
			for i, node := range c.nodes {
				w.Sleep(time.Millisecond)
				node.Start(func() { c.bootParticipant(i) })
			}
			w.Sleep(10 * time.Millisecond)
			c.node.Go("begin", func() { c.coordinator.begin(Tx{}) })
			w.Sleep(plan.Quiet)
			w.Eventually("nobody is in doubt after the fault", 2*time.Second, c.settled)
		},
		Quiet: 1500 * time.Millisecond, For: 300 * time.Millisecond, Late: 30 * time.Millisecond,
		Nodes: []string{"c", "p0", "p1"}, Kinds: []fault.Kind{fault.Crash, fault.Pause},
	}
}

// A small world is covered completely: every schedule of at most one fault, and under it
// every order of turns that makes a difference. By default only a part is: SAMERUN_LONG=1 is all.
func TestOneFaultInEveryOrder(t *testing.T) {
	s := small("")
	plans := s.Plans(t)
	if all := plans; os.Getenv("SAMERUN_LONG") == "" {
		plans = nil
		for i := 0; i < len(all); i += 12 {
			plans = append(plans, all[i])
		}
	}
	runs, err := s.EveryOrder(t, plans)
	if err != nil {
		t.Error(err)
	}
	t.Logf("%d schedules by %d runs", len(plans), runs)
	if os.Getenv("SAMERUN_LONG") == "" {
		return
	}
	// A participant that aborts by itself does so after a second of doubt, which is longer than
	// the faults.
	for _, bug := range []Bug{DecisionForgotten, SilenceIsConsent} {
		if _, err := small(bug).EveryOrder(t, plans); err == nil {
			t.Errorf("no schedule of at most one fault shows the bug %s in any order", bug)
		} else {
			t.Logf("%s: %v", bug, err)
		}
	}
}
