package labrpc

import (
	"strings"
	"sync"
	"testing"
	"time"
)

// Desk is a service whose handlers show what arrives.
type Desk struct {
	mu   sync.Mutex
	seen []int
	hold time.Duration // how long Slow takes
}

type (
	Question struct{ N int }
	Answer   struct{ N int }
)

func (d *Desk) Double(args *Question, reply *Answer) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seen = append(d.seen, args.N)
	reply.N = 2 * args.N
}

func (d *Desk) Repeat(args string, reply *string) { *reply = args + args }

func (d *Desk) Slow(args Question, reply *Answer) { time.Sleep(d.hold) }

func (d *Desk) NotAHandler(n int) int { return n }

// oneDesk returns a network with a desk and an end that leads to it.
func oneDesk(t *testing.T) (*Network, *ClientEnd, *Desk) {
	n := MakeNetwork()
	t.Cleanup(n.Cleanup)
	desk := &Desk{hold: 20 * time.Second}
	addDesk(n, desk)
	end := n.MakeEnd("end")
	n.Connect("end", 1)
	n.Enable("end", true)
	return n, end, desk
}

func addDesk(n *Network, desk *Desk) {
	s := MakeServer()
	s.AddService(MakeService(desk))
	n.AddServer(1, s)
}

func TestCall(t *testing.T) {
	n, end, _ := oneDesk(t)
	for i := range 17 {
		var reply Answer
		if !end.Call("Desk.Double", &Question{i}, &reply) || reply.N != 2*i {
			t.Fatalf("the answer to %d is %d", i, reply.N)
		}
	}
	var text string
	if !end.Call("Desk.Repeat", "ab", &text) || text != "abab" {
		t.Errorf("the answer is %q", text)
	}
	if got := n.GetCount(1); got != 18 {
		t.Errorf("the server has seen %d requests, want 18", got)
	}
	if got := n.GetTotalCount(); got != 18 {
		t.Errorf("%d calls, want 18", got)
	}
}

func TestBytes(t *testing.T) {
	n, end, _ := oneDesk(t)
	var reply string
	for range 10 {
		end.Call("Desk.Repeat", strings.Repeat("x", 100), &reply)
	}
	if got := n.GetTotalBytes(); got < 3000 || got > 3200 {
		t.Errorf("%d bytes for ten messages of 100 and ten of 200", got)
	}
}

// An end that is disabled delivers nothing, and does not keep later calls waiting.
func TestDisabled(t *testing.T) {
	n, end, desk := oneDesk(t)
	n.LongDelays(true)
	n.Enable("end", false)
	var calls sync.WaitGroup
	for range 20 {
		calls.Go(func() {
			if end.Call("Desk.Double", &Question{7}, &Answer{}) {
				t.Error("a call by way of a disabled end succeeds")
			}
		})
	}
	time.Sleep(10 * time.Millisecond)
	n.Enable("end", true)
	if !end.Call("Desk.Double", &Question{8}, &Answer{}) {
		t.Error("a call by way of an enabled end fails")
	}
	calls.Wait()
	if len(desk.seen) != 1 || desk.seen[0] != 8 {
		t.Errorf("the server has seen %v, want [8]", desk.seen)
	}
}

func TestUnreliable(t *testing.T) {
	n, end, desk := oneDesk(t)
	n.Reliable(false)
	const calls = 300
	var mu sync.Mutex
	var wg sync.WaitGroup
	answered := 0
	for i := range calls {
		wg.Go(func() {
			var reply Answer
			if end.Call("Desk.Double", &Question{i}, &reply) {
				mu.Lock()
				defer mu.Unlock()
				answered++
			} else if reply.N != 0 {
				t.Error("a call that failed has a reply")
			}
		})
	}
	wg.Wait()
	if answered == 0 || answered == calls {
		t.Errorf("%d of %d calls are answered", answered, calls)
	}
	if len(desk.seen) <= answered || len(desk.seen) == calls {
		t.Errorf("the server has seen %d of %d requests, %d were answered", len(desk.seen), calls, answered)
	}
}

// Whoever waits for a server that is deleted hears of it soon, and so does one
// whose server is replaced.
func TestDeadServer(t *testing.T) {
	for _, replace := range []bool{false, true} {
		n, end, _ := oneDesk(t)
		done := make(chan bool)
		go func() { done <- end.Call("Desk.Slow", Question{}, &Answer{}) }()
		select {
		case <-done:
			t.Fatal("the call returns before its handler")
		case <-time.After(350 * time.Millisecond):
		}
		if n.DeleteServer(1); replace {
			addDesk(n, &Desk{})
		}
		died := time.Now()
		if <-done {
			t.Error("a call of a dead server succeeds")
		}
		if took := time.Since(died); took > 200*time.Millisecond {
			t.Errorf("it took %v to see that the server is dead", took)
		}
	}
}

// With reordering, a reply may take long, but arrives.
func TestLongReordering(t *testing.T) {
	n, end, _ := oneDesk(t)
	n.LongReordering(true)
	var mu sync.Mutex
	var order []int
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if !end.Call("Desk.Double", &Question{i}, &Answer{}) {
				t.Errorf("call %d fails", i)
			}
			mu.Lock()
			defer mu.Unlock()
			order = append(order, i)
		})
		time.Sleep(time.Millisecond)
	}
	wg.Wait()
	inOrder := true
	for i := range order {
		inOrder = inOrder && order[i] == i
	}
	if len(order) != 20 || inOrder {
		t.Errorf("the replies come in the order %v", order)
	}
}

func TestCleanup(t *testing.T) {
	n := MakeNetwork()
	end := n.MakeEnd("end")
	n.Cleanup()
	if end.Call("Desk.Double", &Question{}, &Answer{}) || n.GetTotalCount() != 0 {
		t.Error("a network that is shut down takes a call")
	}
	defer func() {
		if recover() == nil {
			t.Error("Cleanup can be called twice")
		}
	}()
	n.Cleanup()
}
