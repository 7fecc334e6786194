package hashiraft

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"
	raftboltdb "github.com/hashicorp/raft-boltdb/v2"
	raftwal "github.com/hashicorp/raft-wal"

	"samerun/sim"
	"stores/commands"
	"stores/power"
)

func TestBoltThree(t *testing.T) { sim.Test(t, cluster(3, openBolt, boltFiles), sim.Goroutines) }
func TestBoltFive(t *testing.T)  { sim.Test(t, cluster(5, openBolt, boltFiles), sim.Goroutines) }

// These fail at a few seeds of 500, by a fault of raft-wal (docs/disks-engines.md): "sealed segment has no
// index block". The first are seed 65 with three servers, and seed 109 with five.
func TestWALThree(t *testing.T) { sim.Test(t, cluster(3, openWAL, walFiles), sim.Goroutines) }
func TestWALFive(t *testing.T)  { sim.Test(t, cluster(5, openWAL, walFiles), sim.Goroutines) }

func openBolt(dir string) (disk, error) {
	return raftboltdb.New(raftboltdb.Options{Path: filepath.Join(dir, "raft.db")})
}

func openWAL(dir string) (disk, error) {
	return raftwal.Open(dir, raftwal.WithSegmentSize(256<<10), raftwal.WithLogger(hclog.NewNullLogger()))
}

var (
	boltFiles = []power.File{{Name: "raft.db", Operations: 500}}
	walFiles  = []power.File{{Name: "wal-meta.db", Operations: 60}, {Name: "00000000000000000001-0000000000000000.wal", Operations: 100}}
)

// cluster is a scenario of so many servers: see commands.Check.
func cluster(size int, open func(dir string) (disk, error), files []power.File) func(w *sim.World) {
	return func(w *sim.World) {
		var names []string
		for i := range size {
			names = append(names, fmt.Sprintf("n%d", i+1))
		}
		var servers []*server
		for _, name := range names {
			s := &server{node: w.Node(name), open: open}
			s.node.FileSystem(sim.Ordered) // raft-boltdb does not sync the name of its file
			servers = append(servers, s)
			s.node.Run(func() error { return s.serve(names) })
		}
		commands.Check(w, commands.Chaos(files...), names, func(i int) uint64 {
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
