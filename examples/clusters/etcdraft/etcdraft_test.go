package etcdraft

import (
	"testing"

	"clusters/commands"
	"samerun/sim"
)

// Three servers: see commands.Check.
func TestThree(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		names := []string{"n1", "n2", "n3"}
		var servers []*server
		for _, name := range names {
			s := &server{node: w.Node(name)}
			servers = append(servers, s)
			s.node.Run(func() error { return s.serve(names) })
		}
		commands.Check(w, names, func(i int) uint64 {
			if in := servers[i].incarnation; in != nil {
				return in.leads
			}
			return 0
		})
	}, sim.Goroutines)
}
