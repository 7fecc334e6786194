// Package etcdraft runs go.etcd.io/raft over net/http, each server on a node of a world: see its
// test.
package etcdraft

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.etcd.io/raft/v3"
	"go.etcd.io/raft/v3/raftpb"
	"google.golang.org/protobuf/proto"
)

// server is one server, in all its incarnations. Its log is saved by its node: log/1 and so on,
// and how far it goes in "last".
type server struct {
	node machine
	tick time.Duration // of raft: a heartbeat, and a tenth of the time after which one stands for election
	*incarnation
}

// machine is what a server runs on: a node of a world, which has its name and port 8000 for
// itself, or something that is named by an address of its own.
type machine interface {
	Name() string
	Load(name string) []byte
	Save(name string, data []byte)
}

// address is where the server of that name is.
func address(name string) string {
	if strings.Contains(name, ":") {
		return name
	}
	return name + ":8000"
}

// incarnation is what a crash takes away.
type incarnation struct {
	raft  raft.Node
	peers map[uint64]chan *raftpb.Message

	mu      sync.Mutex
	leads   uint64 // the term that it is the leader of; 0 for none
	done    []string
	waiting map[string]chan struct{} // closed when the command is done
}

// serve runs a member of the cluster: raft and clients, all on one port.
func (s *server) serve(members []string) error {
	in := &incarnation{peers: make(map[uint64]chan *raftpb.Message), waiting: make(map[string]chan struct{})}
	disk := raft.NewMemoryStorage()
	if err := s.load(disk); err != nil {
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
		go send("http://"+address(name)+"/raft", queue)
	}
	if len(s.node.Load("last")) == 0 {
		in.raft = raft.StartNode(config, peers)
	} else {
		in.raft = raft.RestartNode(config)
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
	go func() { failed <- http.ListenAndServe(address(s.node.Name()), mux) }()
	return <-failed
}

// run does what raft is ready for: first it saves, then it sends and applies.
func (s *server) run(in *incarnation, disk *raft.MemoryStorage) error {
	for ticks := time.Tick(s.tick); ; {
		select {
		case <-ticks:
			in.raft.Tick()
		case ready := <-in.raft.Ready():
			if err := s.save(ready.HardState, ready.Entries); err != nil {
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

func entry(index uint64) string { return fmt.Sprintf("log/%d", index) }

// save writes the entries first, then how far the log goes, and then the term, vote and commit.
func (s *server) save(state *raftpb.HardState, entries []*raftpb.Entry) error {
	for _, e := range entries {
		data, err := proto.Marshal(e)
		if err != nil {
			return err
		}
		s.node.Save(entry(e.GetIndex()), data)
	}
	if n := len(entries); n > 0 {
		s.node.Save("last", strconv.AppendUint(nil, entries[n-1].GetIndex(), 10))
	}
	if raft.IsEmptyHardState(state) {
		return nil
	}
	data, err := proto.Marshal(state)
	if err == nil {
		s.node.Save("state", data)
	}
	return err
}

// load reads what earlier incarnations saved.
func (s *server) load(disk *raft.MemoryStorage) error {
	text := s.node.Load("last")
	if text == nil {
		return nil
	}
	last, err := strconv.ParseUint(string(text), 10, 64)
	if err != nil {
		return err
	}
	for i := uint64(1); i <= last; i++ {
		e := new(raftpb.Entry)
		if err := proto.Unmarshal(s.node.Load(entry(i)), e); err != nil {
			return err
		}
		if err := disk.Append([]*raftpb.Entry{e}); err != nil {
			return err
		}
	}
	state := new(raftpb.HardState)
	if err := proto.Unmarshal(s.node.Load("state"), state); err != nil {
		return err
	}
	return disk.SetHardState(state)
}
