package etcdraft

import (
	"testing"
	"time"

	"clusters/commands"
	"samerun/sim"
)

// Three servers: see commands.Check.
func TestThree(t *testing.T) { sim.Test(t, check("n1", "n2", "n3"), sim.Goroutines) }

// Five servers.
func TestFive(t *testing.T) { sim.Test(t, check("n1", "n2", "n3", "n4", "n5"), sim.Goroutines) }

func check(names ...string) func(*sim.World) {
	return func(w *sim.World) {
		servers := start(w, names, 50*time.Millisecond)
		commands.Check(w, names, func(i int) uint64 { return leads(servers[i]) })
	}
}

// start starts a server on each node.
func start(w *sim.World, names []string, tick time.Duration) (servers []*server) {
	for _, name := range names {
		s := &server{node: w.Node(name), tick: tick}
		servers = append(servers, s)
		s.node.Run(func() error { return s.serve(names) })
	}
	return servers
}

// leads is the term that a server leads, 0 for none.
func leads(s *server) uint64 {
	if s.incarnation == nil {
		return 0
	}
	return s.incarnation.leads
}

// A minute of three servers that have nothing to do, and nothing goes wrong, is what a world of
// them costs. They have the heartbeat of etcd: 100 ms.
func TestMinute(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		names := []string{"n1", "n2", "n3"}
		servers := start(w, names, 100*time.Millisecond)
		time.Sleep(time.Minute)
		leaders := 0
		for _, s := range servers {
			if leads(s) > 0 {
				leaders++
			}
		}
		if leaders != 1 {
			w.Failf("%d servers lead after a minute", leaders)
		}
	}, sim.Goroutines)
}
