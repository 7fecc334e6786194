package hashiraft

import (
	"fmt"
	"testing"

	"github.com/hashicorp/raft"

	"clusters/commands"
	"samerun/sim"
)

func TestThree(t *testing.T) { sim.Test(t, cluster(3), sim.Goroutines) }
func TestFive(t *testing.T)  { sim.Test(t, cluster(5), sim.Goroutines) }

// cluster is a scenario of so many servers: see commands.Check.
func cluster(size int) func(w *sim.World) {
	return func(w *sim.World) {
		var names []string
		for i := range size {
			names = append(names, fmt.Sprintf("n%d", i+1))
		}
		var servers []*server
		for _, name := range names {
			s := &server{node: w.Node(name)}
			servers = append(servers, s)
			s.node.Run(func() error { return s.serve(names) })
		}
		commands.Check(w, names, func(i int) uint64 {
			if r := servers[i].raft; r != nil && r.State() == raft.Leader {
				return r.CurrentTerm()
			}
			return 0
		})
		for _, s := range servers {
			w.Sometimes("a server starts from a snapshot, or is sent one", s.state.restored)
		}
	}
}
