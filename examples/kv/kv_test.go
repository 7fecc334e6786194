package kv

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"samerun/examples/raft"
	"samerun/labrpc/labgob"
	"samerun/sim"
)

// history is what the clients of a run saw, for the linearizability checker. Its
// time is a count of events, because at one virtual instant much can happen, one
// thing after the other.
type history struct {
	now int64
	ops []porcupine.Operation
}

// begin notes a call whose outcome is unknown until end.
func (h *history) begin(client int, args Args) int {
	h.now++
	h.ops = append(h.ops, porcupine.Operation{ClientId: client, Input: args, Call: h.now, Return: math.MaxInt64})
	return len(h.ops) - 1
}

func (h *history) end(op int, value string) {
	h.now++
	h.ops[op].Output, h.ops[op].Return = value, h.now
}

// model is a store with one key: operations on different keys do not meet.
var model = porcupine.Model{
	Partition: func(ops []porcupine.Operation) [][]porcupine.Operation {
		var parts [][]porcupine.Operation
		at := map[string]int{}
		for _, op := range ops {
			key := op.Input.(Args).Key
			i, ok := at[key]
			if !ok {
				i = len(parts)
				at[key], parts = i, append(parts, nil)
			}
			parts[i] = append(parts[i], op)
		}
		return parts
	},
	Init: func() any { return "" },
	Step: func(state, input, output any) (bool, any) {
		args, value := input.(Args), state.(string)
		switch args.Op {
		case Put:
			return true, args.Value
		case Append:
			return true, value + args.Value
		}
		return output == nil || output == value, value // nil: nobody heard the answer
	},
}

// client runs a clerk on a node of its own that does one operation after the other.
func (h *history) client(w *sim.World, c *raft.Cluster, i int) *sim.Node {
	node := w.Node(fmt.Sprint("client", i))
	node.Start(func() {
		ck, r := NewClerk(w, c), w.Rand()
		for n := 0; ; n++ {
			args := Args{Op: Op(r.IntN(3)), Key: string(rune('x' + r.IntN(2)))}
			if args.Op != Get {
				args.Value = fmt.Sprintf("%d.%d.%d ", i, node.Boot(), n)
			}
			op := h.begin(i, args)
			h.end(op, ck.Do(args.Op, args.Key, args.Value))
			w.Sleep(time.Duration(r.Int64N(int64(400 * time.Millisecond))))
		}
	})
	return node
}

// check states that there was an order of the operations that explains all answers.
func (h *history) check(w *sim.World) {
	if !porcupine.CheckOperations(model, h.ops) {
		w.Failf("the history of %d operations is not linearizable", len(h.ops))
	}
}

// probe is a command that is new to the store.
func probe(w *sim.World) []byte {
	command, err := labgob.Marshal(nil, &Args{ClientID: -1, Seq: 1})
	if err != nil {
		w.Fail(err)
	}
	return command
}

func TestCalm(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		c := NewCluster(w, 3)
		c.AlwaysSafe()
		var value string
		done := false
		w.Node("client0").Start(func() {
			ck := NewClerk(w, c)
			ck.Put("x", "1")
			ck.Append("x", "2")
			value = ck.Get("x")
			if nothing := ck.Get("y"); nothing != "" {
				w.Failf("a key without a value has %q", nothing)
			}
			done = true
		})
		w.Eventually("four operations are done", 5*time.Second, func() bool { return done })
		w.Sleep(5 * time.Second)
		if value != "12" {
			w.Failf("the value is %q; it should be \"12\"", value)
		}
	})
}

func TestLinearizable(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		c := NewCluster(w, 3+2*w.Rand().IntN(2))
		c.AlwaysSafe()
		var h history
		clients := make([]*sim.Node, 4)
		for i := range clients {
			clients[i] = h.client(w, c, i)
		}
		// The clients' links, too, lose requests and deliver them twice.
		noise := sim.DefaultLink()
		noise.Loss, noise.Duplicate = 50_000, 100_000
		w.SetLinks(noise)
		w.Go("client crash", func() {
			w.Sleep(time.Duration(w.Rand().Int64N(int64(8 * time.Second))))
			clients[0].Restart()
		})
		c.Chaos(8 * time.Second)
		w.SetLinks(sim.DefaultLink())
		before := len(h.ops)
		w.Eventually("the clients go on", 5*time.Second, func() bool { return len(h.ops) >= before+2*len(clients) })
		c.EventuallyCommits(probe(w), 5*time.Second)
		w.Sleep(2 * time.Second)
		h.check(w)
	})
}
