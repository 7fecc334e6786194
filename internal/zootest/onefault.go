package zootest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"samerun/sched"
	"samerun/sim"
	"samerun/sim/fault"
)

// Small is a world that is so small that all can be tried which may happen to it.
type Small struct {
	// Run runs it under a schedule.
	Run func(w *sim.World, plan fault.Schedule)
	// Quiet is when the schedules fall quiet.
	Quiet time.Duration
	// Nodes are those to which Kinds, faults of nodes, may happen, for For.
	Nodes []string
	Kinds []fault.Kind
	For   time.Duration
	// Late is by how much messages are late.
	Late time.Duration
}

// Plans returns all schedules of at most one fault: none; each message of the calm run lost, doubled or
// late; and each fault of a node at the moment at which something happens to a message of the calm
// run, and just behind it.
func (s *Small) Plans(t *testing.T) []fault.Schedule {
	t.Helper()
	plans := []fault.Schedule{{Quiet: s.Quiet}}
	add := func(f fault.Fault) { plans = append(plans, fault.Schedule{Quiet: s.Quiet, Faults: []fault.Fault{f}}) }
	var world *sim.World
	var times []time.Duration
	note := func(r sim.Record) {
		if r.Msg == nil {
			return
		}
		times = append(times, r.At, r.At+1)
		if r.What != sim.Sent {
			return
		}
		f := fault.Fault{From: []string{r.Node.Name()}, To: []string{r.Peer.Name()}, Method: world.KindName(r.Msg.Kind), Nth: r.Msg.Nth, Dir: fault.Request}
		if r.Msg.Reply {
			f.Dir = fault.Reply
		}
		for _, f.Kind = range []fault.Kind{fault.Drop, fault.Twice} {
			add(f)
		}
		f.Kind, f.Min = fault.Hold, s.Late
		add(f)
	}
	r := sim.Run(sim.Config{Trace: note}, func(w *sim.World) {
		world = w
		s.Run(w, plans[0])
	})
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	slices.Sort(times)
	for _, at := range slices.Compact(times) {
		if at > s.Quiet-s.For {
			break // not in time for it to end
		}
		for _, node := range s.Nodes {
			for _, kind := range s.Kinds {
				add(fault.Fault{Kind: kind, At: at, For: s.For, Nodes: []string{node}})
			}
		}
	}
	return plans
}

// EveryOrder runs the world under each of the plans in every order of turns that makes a difference,
// until one fails, whose error it returns. It says how many runs that were, and fails the test if
// something has not been covered.
func (s *Small) EveryOrder(t *testing.T, plans []fault.Schedule) (runs int, err error) {
	t.Helper()
	for _, plan := range plans {
		r, covered := sim.RunOrders(sim.Config{}, sched.ExhaustiveOptions{DPOR: true}, func(w *sim.World) {
			runs++
			s.Run(w, plan)
		})
		if r.Err != nil {
			return runs, fmt.Errorf("%v: %w", plan.Faults, r.Err)
		}
		if !strings.HasPrefix(covered, "all ") && !strings.HasPrefix(covered, "the only schedule") {
			t.Errorf("%v: %s", plan.Faults, covered)
		}
	}
	return runs, nil
}
