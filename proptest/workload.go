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

	id sim.StepID // of a step that was drawn; else the zero value
}

// stepJSON is a step in a replay file, where times are words.
type stepJSON[Op any] struct {
	Client int    `json:"client"`
	Think  string `json:"think"`
	Op     Op     `json:"op"`
}

// MarshalJSON writes the step as a replay file holds it.
func (s Step[Op]) MarshalJSON() ([]byte, error) {
	return writeJSON(stepJSON[Op]{s.Client, s.Think.String(), s.Op})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (s *Step[Op]) UnmarshalJSON(data []byte) error {
	var j stepJSON[Op]
	if err := readJSON(data, &j); err != nil {
		return err
	}
	think, err := time.ParseDuration(j.Think)
	if err != nil {
		return fmt.Errorf("the think time of a step is %q; it is a time such as 20ms", j.Think)
	}
	*s = Step[Op]{Client: j.Client, Think: think, Op: j.Op}
	return nil
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

// identify gives the steps of a drawn workload their names, and leaves out those
// that the minimiser has taken out, if steps is set. So the property sees only what
// is done, and may reckon with it. The others begin when they would have.
func (l *Workload[Op]) identify(of string, steps *sim.Steps) {
	var left Workload[Op]
	skipped := map[int]time.Duration{} // think times, by client
	for i, s := range *l {
		s.id = sim.StepID{Of: of, N: i}
		if steps != nil && !slices.ContainsFunc(*steps, s.isMeant) {
			skipped[s.Client] += s.Think
			continue
		}
		s.Think += skipped[s.Client]
		skipped[s.Client] = 0
		left = append(left, s)
	}
	*l = left
}

// isMeant says that a step of a run is this one, at whichever time that it was done.
func (s Step[Op]) isMeant(id sim.StepID) bool {
	return id.N == s.id.N && (id.Of == s.id.Of || strings.HasPrefix(id.Of, s.id.Of+"#") || strings.HasPrefix(id.Of, s.id.Of+" of client"))
}

// Start starts a node for each client, named "client0" and so on, on which do is
// called for one step after the other. The function that it returns says whether
// all steps are done; World.Eventually can wait for it. A client node that is
// restarted begins again with its first step.
//
// A step begins when the think times up to it have passed, or at once if the step
// before took longer. So the minimiser can take any of them out, and the others keep
// their times. In replay files they are steps of the workload that has the label of
// the draw, or of "operations" if it was not drawn, counted from 0 over all clients.
// What a restarted client does again counts as a workload of its own.
func (l Workload[Op]) Start(w *sim.World, do func(client int, op Op)) (done func() bool) {
	clients := l.Clients()
	open := len(clients)
	name := "operations"
	if len(l) > 0 && l[0].id.Of != "" {
		name = l[0].id.Of
	}
	work := w.Workload(name)
	for _, client := range clients {
		boots, finished := 0, false
		w.Node(fmt.Sprint("client", client)).Start(func() {
			of := work
			if boots++; boots > 1 {
				of = w.Workload(fmt.Sprintf("%s of client%d again", work, client))
			}
			due := w.Elapsed()
			for i, s := range l {
				if s.Client != client {
					continue
				}
				due += s.Think
				id := sim.StepID{Of: of, N: i}
				if s.id.Of == name {
					id.N = s.id.N
				}
				if w.Begin(id, due) {
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
	noun := "operations"
	if len(l) == 1 {
		noun = "operation"
	}
	fmt.Fprintf(&b, "%d %s", len(l), noun)
	for _, s := range l {
		fmt.Fprintf(&b, "\n  client%d  after %-6v  %+v", s.Client, s.Think, s.Op)
	}
	return b.String()
}
