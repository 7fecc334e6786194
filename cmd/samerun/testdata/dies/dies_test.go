// Package dies has a scenario in which the process dies, as DIES says, once a node was down twice.
package dies

import (
	"os"
	"sync"
	"testing"
	"time"

	"samerun/sim"
	"samerun/sim/fault"
)

func TestDies(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		w.Sometimes("reached", true)
		w.Sometimes("not reached", false)
		n := w.Node("n")
		n.Start(func() {})
		w.Inject(fault.Schedule{Faults: []fault.Fault{
			{Kind: fault.Crash, At: time.Second, For: time.Second, Nodes: []string{"n"}},
			{Kind: fault.Crash, At: 2500 * time.Millisecond, For: time.Millisecond, Nodes: []string{"n"}},
			{Kind: fault.Crash, At: 10 * time.Second, For: time.Second, Nodes: []string{"n"}},
		}}, 20*time.Second)
		time.Sleep(3 * time.Second)
		if n.Boot() < 2 {
			return
		}
		switch os.Getenv("DIES") {
		case "fatal":
			new(sync.Mutex).Unlock()
		case "panic":
			go panic("it dies")
		case "exit":
			os.Exit(3)
		}
		select {} // a deadlock
	}, sim.Goroutines)
}
