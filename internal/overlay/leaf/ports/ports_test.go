package ports

import "testing"

// All ports are given out once, in a row, and then none is left.
func TestNext(t *testing.T) {
	for _, key := range []uint64{0, 7, portCount - 1, 1<<64 - 1} {
		p, taken := NewPorts(key), make(map[int]bool)
		free := func(port int) bool { return !taken[port] }
		before := 0
		for range portCount {
			port := p.Next(free)
			if port < portLeast || port > 60999 || taken[port] || before != 0 && port != before+1 && port != portLeast {
				t.Fatalf("key %d: port %d behind %d, taken %t", key, port, before, taken[port])
			}
			taken[port], before = true, port
		}
		if port := p.Next(free); port != 0 {
			t.Errorf("key %d: port %d is given out twice", key, port)
		}
		delete(taken, 40000)
		if port := p.Next(free); port != 40000 {
			t.Errorf("key %d: port %d, want the one that is free", key, port)
		}
	}
	if a, b := NewPorts(1), NewPorts(2); a == b {
		t.Error("two tests begin at one port")
	}
}
