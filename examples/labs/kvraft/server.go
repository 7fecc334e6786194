// Package kvraft is a key-value service that is replicated with the raft of this module:
// clerks ask one server after the other until a leader answers, and each request is
// done once, whatever is lost, cut off or crashes. There are two ways to wait for a
// command, in result.go and, with the tag "planted", in result_planted.go, which has a
// bug.
package kvraft

import (
	"bytes"
	"encoding/gob"
	"log"
	"sync"
	"sync/atomic"
	"time"

	"labs/labrpc"
	"labs/raft"
)

// Kinds of commands.
const (
	Get    = "Get"
	Put    = "Put"
	Append = "Append"
)

// Op is a command in the log of Raft. A client numbers its commands from 1.
type Op struct {
	Kind, Key, Value string
	Client           int64
	Request          int
}

// CommandArgs is the request of a client.
type CommandArgs struct{ Op Op }

// CommandReply answers it. OK is false if the server does not lead, or lost the command.
type CommandReply struct {
	OK    bool
	Value string // of a Get
}

// result is what came of a command.
type result struct {
	Client  int64
	Request int
	Value   string
}

// patience is how long a server waits for a command of its own to be committed.
const patience = 800 * time.Millisecond

// KVServer is one server. mu guards what is below it.
type KVServer struct {
	rf        *raft.Raft
	persister *raft.Persister
	maxState  int // bytes of Raft's state after which a snapshot is due, or -1
	dead      atomic.Bool

	mu    sync.Mutex
	data  map[string]string
	last  map[int64]result      // by client
	waits map[int]chan<- result // by index in the log
}

func init() { gob.Register(Op{}) }

// StartKVServer starts the server servers[me].
func StartKVServer(servers []*labrpc.ClientEnd, me int, persister *raft.Persister, maxState int) *KVServer {
	kv := &KVServer{
		persister: persister,
		maxState:  maxState,
		data:      make(map[string]string),
		last:      make(map[int64]result),
		waits:     make(map[int]chan<- result),
	}
	kv.restore(persister.ReadSnapshot())
	applyCh := make(chan raft.ApplyMsg)
	kv.rf = raft.Make(servers, me, persister, applyCh)
	go kv.applier(applyCh)
	return kv
}

// Raft returns the server's Raft, which is on the network as well.
func (kv *KVServer) Raft() *raft.Raft { return kv.rf }

// Kill tells the goroutines of the server to end.
func (kv *KVServer) Kill() {
	kv.dead.Store(true)
	kv.rf.Kill()
}

// Command is the handler of a client's request.
func (kv *KVServer) Command(args *CommandArgs, reply *CommandReply) {
	op := args.Op
	kv.mu.Lock()
	if last := kv.last[op.Client]; op.Kind != Get && last.Request >= op.Request {
		kv.mu.Unlock()
		reply.OK = true // it was done before
		return
	}
	index, _, leads := kv.rf.Start(op)
	if !leads {
		kv.mu.Unlock()
		return
	}
	done := make(chan result, 1)
	kv.waits[index] = done
	kv.mu.Unlock()
	reply.Value, reply.OK = kv.await(op, index, done)
}

// await waits for the command at an index of the log.
func (kv *KVServer) await(op Op, index int, done chan result) (value string, ok bool) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case r := <-done:
		return r.Value, belongs(r, op)
	case <-timer.C:
	}
	kv.mu.Lock()
	defer kv.mu.Unlock()
	if kv.waits[index] == (chan<- result)(done) {
		delete(kv.waits, index)
	}
	return "", false
}

// applier does what is committed, in order.
func (kv *KVServer) applier(applyCh <-chan raft.ApplyMsg) {
	for msg := range applyCh {
		if kv.dead.Load() {
			continue
		}
		switch {
		case msg.SnapshotValid:
			kv.restore(msg.Snapshot)
		case msg.CommandValid:
			kv.apply(msg.CommandIndex, msg.Command.(Op))
			if kv.maxState > 0 && kv.persister.RaftStateSize() > kv.maxState {
				kv.rf.Snapshot(msg.CommandIndex, kv.save())
			}
		}
	}
}

// apply does one command, unless it was done, and tells who waits for it.
func (kv *KVServer) apply(index int, op Op) {
	kv.mu.Lock()
	defer kv.mu.Unlock()
	if kv.last[op.Client].Request < op.Request {
		switch op.Kind {
		case Put:
			kv.data[op.Key] = op.Value
		case Append:
			kv.data[op.Key] += op.Value
		}
		kv.last[op.Client] = result{Client: op.Client, Request: op.Request}
	}
	r := result{Client: op.Client, Request: op.Request}
	if op.Kind == Get {
		r.Value = kv.data[op.Key]
	}
	if done := kv.waits[index]; done != nil {
		delete(kv.waits, index)
		done <- r
	}
}

// state is what a snapshot has.
type state struct {
	Data map[string]string
	Last map[int64]result
}

func (kv *KVServer) save() []byte {
	kv.mu.Lock()
	defer kv.mu.Unlock()
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(state{kv.data, kv.last}); err != nil {
		log.Fatalf("kvraft: the state cannot be saved: %v", err)
	}
	return b.Bytes()
}

func (kv *KVServer) restore(data []byte) {
	if len(data) == 0 {
		return
	}
	s := state{make(map[string]string), make(map[int64]result)}
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&s); err != nil {
		log.Fatalf("kvraft: a snapshot cannot be read: %v", err)
	}
	kv.mu.Lock()
	defer kv.mu.Unlock()
	kv.data, kv.last = s.Data, s.Last
}
