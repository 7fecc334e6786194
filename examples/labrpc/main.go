package main

import (
	"fmt"
	"log"
	"slices"
	"sync"

	"samerun/labrpc"
)

// guests is how many there are, and seats.
const guests = 5

func main() {
	log.SetFlags(0)
	rn := labrpc.MakeNetwork()
	defer rn.Cleanup()
	rn.Reliable(false)
	theatre := NewTheatre(guests)
	Open(rn, theatre)

	var all sync.WaitGroup
	got := make([]int, guests)
	for i := range guests {
		all.Go(func() {
			name := fmt.Sprintf("guest %d", i)
			got[i] = Enter(rn, name).Book(name, guests)
		})
	}
	all.Wait()
	if guest := theatre.Twice(); guest != "" {
		log.Fatalf("%s has two seats", guest)
	}
	if i := slices.Index(got, -1); i >= 0 {
		log.Fatalf("guest %d has no seat", i)
	}
	fmt.Println("each guest has a seat")
}

// Open makes a theatre a server of the network. On a world it is of the node whose task calls.
func Open(rn *labrpc.Network, theatre *Theatre) {
	server := labrpc.MakeServer()
	server.AddService(labrpc.MakeService(theatre))
	rn.AddServer("theatre", server)
}

// Enter makes a box office with an end of its own, which no other one has.
func Enter(rn *labrpc.Network, name string) *Office {
	end := rn.MakeEnd(name)
	rn.Connect(name, "theatre")
	rn.Enable(name, true)
	return &Office{End: end}
}
