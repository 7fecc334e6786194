package proptest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"samerun/sim"
)

// Step is one operation of a workload.
type Step[Op any] struct {
	Client int           // who does it, from 0
	Think  time.Duration // how long the client waits before it, in virtual time
	Op     Op
}

// Workload is what the clients of a run do: the steps of one client one after the
// other, those of different clients side by side. It is data, so that rapid can
// take steps out. The zero value does nothing.
type Workload[Op any] []Step[Op]

// Workloads generates workloads of up to steps operations by up to clients
// clients, each after a think time of up to think. The smallest is the empty one;
// steps shrink towards client 0, no think time and the smallest operation.
func Workloads[Op any](clients, steps int, think time.Duration, op *rapid.Generator[Op]) *rapid.Generator[Workload[Op]] {
	return rapid.Custom(func(t *rapid.T) Workload[Op] {
		if problem := wrongWorkload(clients, steps, think, op == nil); problem != "" {
			roll(t)
			t.Fatalf("%s", problem)
		}
		return list(t, steps, func(t *rapid.T) Step[Op] {
			return Step[Op]{Client: uniform(t, clients), Think: pause(t, think), Op: op.Draw(t, "op")}
		})
	})
}

func wrongWorkload(clients, steps int, think time.Duration, noOp bool) string {
	switch {
	case clients < 1:
		return fmt.Sprintf("proptest.Workloads was given %d clients; it needs at least one", clients)
	case steps < 0:
		return fmt.Sprintf("proptest.Workloads was given %d steps; the number must not be negative", steps)
	case think < 0:
		return fmt.Sprintf("proptest.Workloads was given a think time of %v; it must not be negative", think)
	case noOp:
		return "proptest.Workloads was given no generator of operations; it needs one"
	}
	return ""
}

// pause draws a duration of up to longest, and 0 as often as each of the others.
func pause(t *rapid.T, longest time.Duration) time.Duration {
	r := roll(t)
	if longest == 0 {
		return 0
	}
	steps := append([]int64{0}, ladder(min(int64(time.Millisecond), int64(longest)), int64(longest))...)
	return time.Duration(steps[choose(r, len(steps))])
}

// Clients returns the numbers of the clients that do anything, in order.
func (l Workload[Op]) Clients() []int {
	var clients []int
	for _, s := range l {
		clients = append(clients, s.Client)
	}
	slices.Sort(clients)
	return slices.Compact(clients)
}

// Start starts a node for each client, named "client0" and so on, on which do is
// called for one step after the other. The function that it returns says whether
// all steps are done; World.Eventually can wait for it. A client node that is
// restarted begins again with its first step.
func (l Workload[Op]) Start(w *sim.World, do func(client int, op Op)) (done func() bool) {
	clients := l.Clients()
	open := len(clients)
	for _, client := range clients {
		finished := false
		w.Node(fmt.Sprint("client", client)).Start(func() {
			for _, s := range l {
				if s.Client == client {
					w.Sleep(s.Think)
					do(client, s.Op)
				}
			}
			if !finished {
				finished = true
				open--
			}
		})
	}
	return func() bool { return open == 0 }
}

// String writes the workload one step a line, for rapid's log.
func (l Workload[Op]) String() string {
	if len(l) == 0 {
		return "no operations"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d operations", len(l))
	for _, s := range l {
		fmt.Fprintf(&b, "\n  client%d  after %-6v  %+v", s.Client, s.Think, s.Op)
	}
	return b.String()
}
