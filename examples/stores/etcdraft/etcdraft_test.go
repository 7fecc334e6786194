package etcdraft

import (
	"testing"
	"time"

	"samerun/sim"
	"stores/commands"
	"stores/power"
)

// Three servers: see commands.Check.
func TestThree(t *testing.T) { sim.Test(t, check("n1", "n2", "n3"), sim.Goroutines) }

// Five servers.
func TestFive(t *testing.T) { sim.Test(t, check("n1", "n2", "n3", "n4", "n5"), sim.Goroutines) }

var files = []power.File{{Name: "wal/0000000000000000-0000000000000000.wal", Operations: 300}, {Name: "wal/", Operations: 6}}

func check(names ...string) func(*sim.World) {
	return func(w *sim.World) {
		servers := start(w, names, 50*time.Millisecond)
		commands.Check(w, commands.Chaos(files...), names, func(i int) uint64 { return leads(servers[i]) })
	}
}

// start starts a server on each node.
func start(w *sim.World, names []string, tick time.Duration) (servers []*server) {
	for _, name := range names {
		s := &server{node: w.Node(name), tick: tick}
		s.node.FileSystem(sim.Ordered) // the log syncs the folder above its own, and not its own
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
