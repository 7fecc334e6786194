package kv

import (
	"fmt"
	"time"

	"samerun/examples/raft"
	"samerun/proptest/linear"
	"samerun/sim"
	"samerun/sim/fault"
)

// clients is how many clients the scenario has, and operations how many each of
// them has in mind.
const (
	clients    = 3
	operations = 20
)

// UnderChaos is Under with the preset fault.Chaos.
func UnderChaos(w *sim.World, bug Bug) { Under(w, fault.Chaos(), bug) }

// Under is the scenario in which the bugs of this package are found, and a correct
// store is not: servers that suffer what the plan has, clients on nodes of their own
// that live through it, and at the end the question whether there is an order of the
// operations that explains all answers. bug may be "" for none. The plan must fall
// quiet after four fifths of its time, as all presets do.
func Under(w *sim.World, plan fault.Plan, bug Bug) {
	c := NewBuggyCluster(w, w.Size("servers", 3, 5), bug)
	c.AlwaysSafe()
	horizon := w.Horizon(10 * time.Second)
	w.Inject(plan, horizon)
	var h linear.History[linear.KVInput, string]
	// The clients' nodes are new to the faults, which therefore leave them alone.
	for i := range clients {
		w.Node(fmt.Sprint("client", i)).Start(func() { operate(w, c, &h, i) })
	}
	w.Sleep(horizon - horizon/5) // the plan has no faults from here on
	w.Eventually("a leader after the faults", 3*time.Second, c.HasLeader)
	w.Sleep(horizon / 5)
	linear.CheckIn(w, linear.KV(), &h)
}

// operate is a client that does one operation after the other.
func operate(w *sim.World, c *raft.Cluster, h *linear.History[linear.KVInput, string], client int) {
	ck := NewClerk(w, c)
	think := sim.Durations{Min: 20 * time.Millisecond, Max: 600 * time.Millisecond}
	for step := range w.Steps(fmt.Sprint("client", client), operations, think) {
		r := step.Rand()
		op, key, value := Op(r.IntN(3)), string(rune('x'+r.IntN(2))), ""
		if op != Get {
			value = fmt.Sprintf("%d.%d ", client, step.N)
		}
		call := h.Begin(w, client, linear.KVInput{Op: op.inModel(), Key: key, Value: value})
		call.End(ck.Do(op, key, value))
	}
}

// inModel is the operation's name in the model of package linear.
func (op Op) inModel() linear.KVOp {
	return [...]linear.KVOp{Get: linear.KVGet, Put: linear.KVPut, Append: linear.KVAppend}[op]
}
