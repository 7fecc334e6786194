// Package counter is the example of proptest's README: a counter on two replicas,
// with a bug.
package counter

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"samerun/labrpc"
	"samerun/proptest"
	"samerun/sched"
	"samerun/sim"
)

// readme: begin

// Counter is one replica. The first sends its total to the second before it answers.
type Counter struct {
	mu    sched.Mutex
	total int
	done  map[string]bool // additions, by ID
	copy  *labrpc.ClientEnd
}

type Addition struct {
	ID string
	By int
}

// Add adds once, however often it is called with the same ID.
func (c *Counter) Add(a Addition, total *int) {
	c.mu.Lock()
	fresh := !c.done[a.ID]
	if fresh {
		c.done[a.ID] = true
		c.total += a.By
	}
	*total = c.total
	c.mu.Unlock()
	if fresh && c.copy != nil {
		var ok bool
		c.copy.Call("Counter.Set", *total, &ok) // the bug: the copy does not learn the ID
	}
}

func (c *Counter) Set(total int, ok *bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.total, *ok = total, true
}

// Property draws faults and additions, and then runs two clients that ask the other
// replica whenever they get no answer.
func Property(p *proptest.P) {
	faults := p.Faults(proptest.Names("n0", "n1", "client0", "client1"), proptest.Horizon(5*time.Second))
	additions := proptest.Draw(p, proptest.Workloads(2, 20, time.Second, rapid.IntRange(1, 9)), "additions")
	p.Run(faults, func(w *sim.World) {
		dial, counters := start(w)
		asked, n := 0, 0
		w.Always("no addition counts twice", func() error {
			for i, c := range counters {
				if c.total > asked {
					return fmt.Errorf("n%d has %d after additions of %d", i, c.total, asked)
				}
			}
			return nil
		})
		done := additions.Start(w, func(client, by int) {
			asked, n = asked+by, n+1
			a, total := Addition{ID: fmt.Sprint(n), By: by}, 0
			for try := 0; !dial(try%2).Call("Counter.Add", a, &total); try++ {
			}
		})
		w.Eventually("all additions are answered", time.Minute, done)
	})
}

// readme: end

// start starts the two replicas. The function that it returns makes an end of the
// replica of this number.
func start(w *sim.World) (dial func(replica int) *labrpc.ClientEnd, counters [2]*Counter) {
	net := labrpc.NewNetwork(w)
	ends := 0
	dial = func(replica int) *labrpc.ClientEnd {
		ends++
		name := fmt.Sprint("end ", ends)
		end := net.MakeEnd(name)
		net.Connect(name, fmt.Sprint("n", replica))
		net.Enable(name, true)
		return end
	}
	for i := range counters {
		c := &Counter{done: map[string]bool{}}
		counters[i] = c
		w.Node(fmt.Sprint("n", i)).Start(func() {
			server := labrpc.MakeServer()
			server.AddService(labrpc.MakeService(c))
			net.AddServer(fmt.Sprint("n", i), server)
			if i == 0 {
				c.copy = dial(1)
			}
		})
	}
	w.Sleep(time.Millisecond)
	return dial, counters
}
