// Package counts has a client that asks again, and a server that does not know that it has answered.
package counts

import (
	"fmt"
	"sync"
	"testing"

	"course.example/old/labrpc"
)

type AddArgs struct{ By, Request int }
type AddReply struct{ Total int }

type Counter struct {
	mu    sync.Mutex
	total int
}

func (c *Counter) Add(args *AddArgs, reply *AddReply) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.total += args.By
	reply.Total = c.total
}

func TestLostReply(t *testing.T) {
	net := labrpc.MakeNetwork()
	net.Reliable(false)
	c := &Counter{}
	srv := labrpc.MakeServer()
	srv.AddService(labrpc.MakeService(c))
	net.AddServer("counter", srv)
	var wg sync.WaitGroup
	for i := range 3 {
		name := fmt.Sprintf("end of %d", i)
		end := net.MakeEnd(name)
		net.Connect(name, "counter")
		net.Enable(name, true)
		wg.Add(1)
		go func() {
			defer wg.Done()
			args := AddArgs{By: 10 + i, Request: i}
			for !end.Call("Counter.Add", &args, &AddReply{}) {
			}
		}()
	}
	wg.Wait()
	if c.total != 33 {
		t.Errorf("the total is %d, want 33", c.total)
	}
}
