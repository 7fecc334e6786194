package tracefile

import "testing"

// Neighbours part at the first thing that the program does otherwise, and not at what the
// one has more in its input.
func TestPartingOfNeighbours(t *testing.T) {
	trace := func(events ...Event) *Trace {
		var b Builder
		for _, e := range events {
			b.Add(e)
		}
		return b.Trace(Header{})
	}
	boot := Event{Kind: Boot, Node: "a", Nth: 1}
	turn := Event{At: 2, Kind: Turn, Task: "main", Text: "chosen of 2 that were ready"}
	other := turn
	other.Text = ""
	draw := Event{At: 2, Kind: Draw, Method: "stall"}
	faulty := []Event{boot, {At: 1, Kind: Fault, Text: "cut"}, {At: 1, Kind: Cut, Node: "a", Peer: "b"}, turn, draw}
	lost := Event{At: 3, Kind: Drop, Node: "a", Peer: "b"}
	come := Event{At: 4, Kind: Arrive, Node: "a", Peer: "b"}
	for _, tt := range []struct {
		a, b *Trace
		i, j int
	}{
		{trace(append(faulty, lost)...), trace(boot, other, come), 5, 2},
		{trace(append(faulty, lost)...), trace(boot, other), 5, 2},
		{trace(boot), trace(boot, other), 1, 1},
		{trace(faulty...), trace(boot, other), -1, -1},
		{trace(), trace(), -1, -1},
	} {
		if i, j := PartingOfNeighbours(tt.a, tt.b); i != tt.i || j != tt.j {
			t.Errorf("they part at %d and %d, and not at %d and %d: %v, %v", i, j, tt.i, tt.j, tt.a.Events, tt.b.Events)
		}
	}
}

// The function of a goroutine that has no turn after it was started is not known. It is the same
// goroutine all the same.
func TestPartingByNumber(t *testing.T) {
	one := &Trace{Events: []Event{{N: 1, Kind: Go, Task: "goroutine 5d3c0a91", Text: "started by goroutine 00000000"}}}
	other := &Trace{Events: []Event{{N: 1, Kind: Go, Task: "p.work 5d3c0a91", Text: "started by main.main 00000000"}}}
	if i := Parting(one, other); i >= 0 {
		t.Errorf("they part at %d", i)
	}
	other.Events[0].Task = "p.work 5d3c0a92"
	if i := Parting(one, other); i != 0 {
		t.Errorf("they part at %d, and are two goroutines", i)
	}
}
