// Package hashiraft runs github.com/hashicorp/raft with its log on a disk, in raft-boltdb or in
// raft-wal, and its snapshots in files, each server on a node of a world whose power goes now and
// then: see its test.
package hashiraft

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"

	"samerun/sim"
	"stores/power"
)

// disk is what a server has on its disk: its log, its term and its vote.
type disk interface {
	raft.LogStore
	raft.StableStore
}

// server is one server, in all its incarnations.
type server struct {
	node  *sim.Node
	open  func(dir string) (disk, error)
	raft  *raft.Raft // of the present incarnation; nil before the first
	state *history
}

// term is the key under which hashicorp/raft v1.7.3 keeps its term.
var term = []byte("CurrentTerm")

// begun reports whether the server has ever begun.
//
// BootstrapCluster stores term 1, and then the members as the first entry of the log. If the power
// goes in between, HasExistingState says that the server has begun, and without members it never
// stands for election: when that happens to most of the servers, nobody ever leads. Every election
// makes the term larger than 1, so that term 1 with an empty log is only there behind such a crash; the
// term is taken back then. With -tags bug it is left to HasExistingState.
func (s *server) begun(log disk, snapshots raft.SnapshotStore) (bool, error) {
	begun, err := raft.HasExistingState(log, log, snapshots)
	if err != nil || !begun || power.Careless {
		return begun, err
	}
	last, err := log.LastIndex()
	if err != nil || last > 0 {
		return true, err
	}
	if list, err := snapshots.List(); err != nil || len(list) > 0 {
		return true, err
	}
	if t, err := log.GetUint64(term); err != nil || t != 1 {
		return true, err
	}
	return false, log.SetUint64(term, 0)
}

// serve runs a member of the cluster, as the main function of a service would: raft on port
// 7000, clients on port 8000.
func (s *server) serve(members []string) error {
	name, dir := s.node.Name(), s.node.Dir()
	advertise, err := net.ResolveTCPAddr("tcp", name+":7000")
	if err != nil {
		return err
	}
	transport, err := raft.NewTCPTransport(":7000", advertise, 3, time.Second, io.Discard)
	if err != nil {
		return err
	}
	config := raft.DefaultConfig()
	config.LocalID = raft.ServerID(name)
	config.LogOutput = io.Discard
	// Small figures, so that servers that come back are sent snapshots.
	config.SnapshotInterval = time.Second
	config.SnapshotThreshold = 20
	config.TrailingLogs = 10
	log, err := s.open(dir)
	if err != nil {
		return err
	}
	snapshots, err := raft.NewFileSnapshotStoreWithLogger(dir, 2, hclog.NewNullLogger())
	if err != nil {
		return err
	}
	// A server whose power went before it had begun begins again.
	if begun, err := s.begun(log, snapshots); err != nil {
		return err
	} else if !begun {
		var all raft.Configuration
		for _, m := range members {
			all.Servers = append(all.Servers, raft.Server{ID: raft.ServerID(m), Address: raft.ServerAddress(m + ":7000")})
		}
		if err := raft.BootstrapCluster(config, log, log, snapshots, transport, all); err != nil {
			return err
		}
	}
	state := new(history)
	r, err := raft.NewRaft(config, state, log, log, snapshots, transport)
	if err != nil {
		return err
	}
	s.raft, s.state = r, state

	mux := http.NewServeMux()
	mux.HandleFunc("POST /apply", func(w http.ResponseWriter, req *http.Request) {
		if err := r.Apply([]byte(req.FormValue("command")), time.Second).Error(); err != nil {
			status := http.StatusServiceUnavailable
			if errors.Is(err, raft.ErrNotLeader) {
				status = http.StatusMisdirectedRequest
			}
			http.Error(w, err.Error(), status)
		}
	})
	mux.HandleFunc("GET /history", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(state.all())
	})
	return http.ListenAndServe(":8000", mux)
}
