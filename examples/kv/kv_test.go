package kv

import (
	"fmt"
	"testing"
	"time"

	"samerun/examples/raft"
	"samerun/labrpc/labgob"
	"samerun/proptest/linear"
	"samerun/sim"
)

// history is what the clients of a run asked and were answered.
type history struct {
	linear.History[linear.KVInput, string]
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
			c := h.Begin(w, i, linear.KVInput{Op: args.Op.inModel(), Key: args.Key, Value: args.Value})
			c.End(ck.Do(args.Op, args.Key, args.Value))
			w.Sleep(time.Duration(r.Int64N(int64(400 * time.Millisecond))))
		}
	})
	return node
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
		before := h.Len()
		w.Eventually("the clients go on", 5*time.Second, func() bool { return h.Len() >= before+2*len(clients) })
		c.EventuallyCommits(probe(w), 5*time.Second)
		w.Sleep(2 * time.Second)
		linear.CheckIn(w, linear.KV(), &h.History)
	})
}

// The scenario of the zoo, with a store that has no bug.
func TestUnderChaos(t *testing.T) {
	sim.Test(t, func(w *sim.World) { UnderChaos(w, "") })
}
