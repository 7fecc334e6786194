// Package hashiraft runs github.com/hashicorp/raft over its own TCP transport, each server on
// a node of a world: see its test.
package hashiraft

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/hashicorp/raft"

	"samerun/sim"
)

// server is one server, in all its incarnations.
type server struct {
	node  *sim.Node
	raft  *raft.Raft // of the present incarnation; nil before the first
	state *history
}

// serve runs a member of the cluster, as the main function of a service would: raft on port
// 7000, clients on port 8000.
func (s *server) serve(members []string) error {
	name := s.node.Name()
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
	disk := store{s.node}
	if s.node.Boot() == 1 {
		var all raft.Configuration
		for _, m := range members {
			all.Servers = append(all.Servers, raft.Server{ID: raft.ServerID(m), Address: raft.ServerAddress(m + ":7000")})
		}
		if err := raft.BootstrapCluster(config, disk, disk, disk, transport, all); err != nil {
			return err
		}
	}
	state := new(history)
	r, err := raft.NewRaft(config, state, disk, disk, disk, transport)
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
