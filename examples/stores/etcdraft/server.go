// Package etcdraft runs go.etcd.io/raft over net/http with the write-ahead log of etcd, each
// server on a node of a world whose power goes now and then: see its test.
package etcdraft

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"go.etcd.io/etcd/server/v3/storage/wal"
	"go.etcd.io/etcd/server/v3/storage/wal/walpb"
	"go.etcd.io/raft/v3"
	"go.etcd.io/raft/v3/raftpb"
	"go.uber.org/zap"
	"google.golang.org/protobuf/proto"

	"samerun/sim"
)

// server is one server, in all its incarnations.
type server struct {
	node *sim.Node
	tick time.Duration // of raft: a heartbeat, and a tenth of the time after which one stands for election
	*incarnation
}

// incarnation is what a crash takes away.
type incarnation struct {
	raft  raft.Node
	wal   *wal.WAL
	peers map[uint64]chan *raftpb.Message

	mu      sync.Mutex
	leads   uint64 // the term that it is the leader of; 0 for none
	done    []string
	waiting map[string]chan struct{} // closed when the command is done
}

// serve runs a member of the cluster: raft and clients, all on port 8000.
func (s *server) serve(members []string) error {
	in := &incarnation{peers: make(map[uint64]chan *raftpb.Message), waiting: make(map[string]chan struct{})}
	disk := raft.NewMemoryStorage()
	begun, err := in.load(filepath.Join(s.node.Dir(), "wal"), disk)
	if err != nil {
		return err
	}
	config := &raft.Config{
		ElectionTick: 10, HeartbeatTick: 1, Storage: disk, MaxSizePerMsg: 1 << 20, MaxInflightMsgs: 256,
		Logger: &raft.DefaultLogger{Logger: log.New(io.Discard, "", 0)},
	}
	var peers []raft.Peer
	for i, name := range members {
		id := uint64(i + 1)
		peers = append(peers, raft.Peer{ID: id})
		if name == s.node.Name() {
			config.ID = id
			continue
		}
		queue := make(chan *raftpb.Message, 100)
		in.peers[id] = queue
		go send("http://"+name+":8000/raft", queue)
	}
	if begun {
		in.raft = raft.RestartNode(config)
	} else {
		in.raft = raft.StartNode(config, peers)
	}
	s.incarnation = in
	failed := make(chan error, 2)
	go func() { failed <- s.run(in, disk) }()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /raft", in.receive)
	mux.HandleFunc("POST /apply", in.apply)
	mux.HandleFunc("GET /history", func(w http.ResponseWriter, _ *http.Request) {
		in.mu.Lock()
		list := slices.Clone(in.done)
		in.mu.Unlock()
		json.NewEncoder(w).Encode(list)
	})
	go func() { failed <- http.ListenAndServe(":8000", mux) }()
	return <-failed
}

func init() {
	// Small files, so that there is more than one.
	wal.SegmentSizeBytes = 16 << 10
	// Package proto finds out about a type of message when it meets the first one, under a lock that
	// is the type's. All nodes are one process: a node whose power goes meanwhile would leave the
	// others without the type.
	for _, m := range []proto.Message{
		new(raftpb.Message), new(raftpb.Entry), new(raftpb.HardState), new(raftpb.ConfState), new(raftpb.ConfChange),
		new(raftpb.ConfChangeV2), new(raftpb.ConfChangeSingle), new(raftpb.Snapshot), new(raftpb.SnapshotMetadata),
		new(walpb.Record), new(walpb.Snapshot),
	} {
		proto.Size(m)
	}
}

// run does what raft is ready for: first it saves, then it sends and applies.
func (s *server) run(in *incarnation, disk *raft.MemoryStorage) error {
	for ticks := time.Tick(s.tick); ; {
		select {
		case <-ticks:
			in.raft.Tick()
		case ready := <-in.raft.Ready():
			if err := in.wal.Save(ready.HardState, ready.Entries); err != nil {
				return err
			}
			if !raft.IsEmptyHardState(ready.HardState) {
				disk.SetHardState(ready.HardState)
			}
			disk.Append(ready.Entries)
			in.look()
			for _, m := range ready.Messages {
				select {
				case in.peers[m.GetTo()] <- m:
				default: // as good as lost
				}
			}
			for _, e := range ready.CommittedEntries {
				if err := in.commit(e); err != nil {
					return err
				}
			}
			in.raft.Advance()
		}
	}
}

// look notes whether it leads.
func (in *incarnation) look() {
	status := in.raft.Status()
	in.mu.Lock()
	defer in.mu.Unlock()
	in.leads = 0
	if status.RaftState == raft.StateLeader {
		in.leads = status.HardState.GetTerm()
	}
}

func (in *incarnation) commit(e *raftpb.Entry) error {
	if e.GetType() == raftpb.EntryConfChange {
		change := new(raftpb.ConfChange)
		if err := proto.Unmarshal(e.GetData(), change); err != nil {
			return err
		}
		in.raft.ApplyConfChange(change)
		return nil
	}
	command := string(e.GetData())
	if command == "" {
		return nil // a new leader's first
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	in.done = append(in.done, command)
	if c := in.waiting[command]; c != nil {
		close(c)
		delete(in.waiting, command)
	}
	return nil
}

// apply takes a command from a client, if it leads, and answers when it is done.
func (in *incarnation) apply(w http.ResponseWriter, r *http.Request) {
	command, done := r.FormValue("command"), make(chan struct{})
	in.mu.Lock()
	leads := in.leads != 0
	if leads {
		in.waiting[command] = done
	}
	in.mu.Unlock()
	if !leads {
		http.Error(w, "another leads", http.StatusMisdirectedRequest)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), time.Second)
	defer cancel()
	err := in.raft.Propose(ctx, []byte(command))
	if err == nil {
		select {
		case <-done:
			return
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	http.Error(w, err.Error(), http.StatusServiceUnavailable)
}

// receive takes a message from another server.
func (in *incarnation) receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	m := new(raftpb.Message)
	if err == nil {
		err = proto.Unmarshal(body, m)
	}
	if err == nil {
		err = in.raft.Step(r.Context(), m)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
}

// send posts messages, one after the other. One that fails is not sent again.
func send(url string, queue chan *raftpb.Message) {
	client := &http.Client{Timeout: 500 * time.Millisecond, Transport: new(http.Transport)}
	for m := range queue {
		body, err := proto.Marshal(m)
		if err != nil {
			panic(err)
		}
		if r, err := client.Post(url, "application/x-protobuf", bytes.NewReader(body)); err == nil {
			r.Body.Close()
		}
	}
}

// load opens the log, or makes it, and reads what earlier incarnations saved.
func (in *incarnation) load(dir string, disk *raft.MemoryStorage) (begun bool, err error) {
	quiet := zap.NewNop()
	if !wal.Exist(dir) {
		in.wal, err = wal.Create(quiet, dir, nil)
		return false, err
	}
	var state *raftpb.HardState
	var entries []*raftpb.Entry
	for repaired := false; ; repaired = true {
		if in.wal, err = wal.Open(quiet, dir, new(walpb.Snapshot)); err != nil {
			return false, err
		}
		if _, state, entries, err = in.wal.ReadAll(); err == nil {
			break
		}
		in.wal.Close()
		// The last record was torn: etcd's server cuts it off, once.
		if repaired || !errors.Is(err, io.ErrUnexpectedEOF) || !wal.Repair(quiet, dir) {
			return false, err
		}
	}
	if !raft.IsEmptyHardState(state) {
		disk.SetHardState(state)
	}
	return len(entries) > 0 || !raft.IsEmptyHardState(state), disk.Append(entries)
}
