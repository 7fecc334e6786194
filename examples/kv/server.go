package kv

import (
	"fmt"
	"time"

	"samerun/examples/raft"
	"samerun/labrpc"
	"samerun/labrpc/labgob"
	"samerun/sched"
	"samerun/sim"
)

// patience is how long a server waits for its log, and a client for its server,
// before the client tries elsewhere. It is longer than an election usually takes.
const patience = 600 * time.Millisecond

// KV is one server of the store: it puts the requests of clients into the log of
// its Raft, and answers them when the log says that they are executed. Reads take
// the same way: a leader that has been replaced and does not know it has nothing to
// answer with.
//
// Invariants: store is what the log up to the last applied index makes of an empty
// store; waiting has the requests of this server that are in its log and not yet
// applied, by index.
type KV struct {
	mu      sched.Mutex
	w       *sim.World
	rf      *raft.Raft
	store   store
	waiting map[int]request
	bug     Bug // planted in it, if any
}

// request is a handler that waits for its command to be applied.
type request struct {
	id     session
	answer *sched.Chan[Reply] // with room for one
}

// session names one operation of one client.
type session struct {
	client int64
	seq    int
}

// NewCluster starts n servers of the store on the nodes n0, n1, … of the world.
func NewCluster(w *sim.World, n int) *raft.Cluster { return NewBuggyCluster(w, n, "") }

// NewBuggyCluster is NewCluster with a bug planted in each server.
func NewBuggyCluster(w *sim.World, n int, bug Bug) *raft.Cluster {
	if err := bug.check(); err != nil {
		w.Fail(err)
	}
	return raft.NewServiceCluster(w, n, func(rf *raft.Raft, on *labrpc.Server) raft.StateMachine {
		kv := &KV{w: w, rf: rf, waiting: map[int]request{}, bug: bug}
		on.AddService(labrpc.MakeService(kv))
		return kv
	})
}

// Do is the handler of all operations.
func (kv *KV) Do(args *Args, reply *Reply) {
	command, err := labgob.Marshal(nil, args)
	if err != nil {
		kv.w.Fail(fmt.Errorf("a request cannot be encoded: %w", err))
	}
	// The lock keeps Apply away until the request is in waiting.
	kv.mu.Lock()
	if _, leads := kv.rf.State(); kv.bug == StaleReads && leads && args.Op == Get {
		reply.Value = kv.store.Data[args.Key]
		kv.mu.Unlock()
		return
	}
	index, _, ok := kv.rf.Start(command)
	if !ok {
		kv.mu.Unlock()
		reply.Status = NotLeader
		return
	}
	r := request{session{args.ClientID, args.Seq}, sched.MakeChan[Reply](1)}
	kv.dismiss(index) // whatever was there before has been overwritten
	kv.waiting[index] = r
	kv.mu.Unlock()
	if kv.bug == WritesUnawaited && args.Op != Get {
		return
	}

	// A leader that is cut off waits in vain.
	timer := sched.NewTimer(patience)
	defer timer.Stop()
	if sched.Select(r.answer.OnRecv(reply, nil), timer.C.OnRecv(nil, nil)) == 0 {
		return
	}
	reply.Status = NoAnswer
	kv.mu.Lock()
	defer kv.mu.Unlock()
	if kv.waiting[index] == r {
		delete(kv.waiting, index)
	}
}

// Apply executes a committed command, and answers the client if it is here.
func (kv *KV) Apply(index int, command []byte) {
	var args Args
	if err := labgob.Unmarshal(command, &args); err != nil {
		kv.w.Fail(fmt.Errorf("the command at index %d cannot be decoded: %w", index, err))
	}
	kv.mu.Lock()
	defer kv.mu.Unlock()
	if kv.bug == RetriesExecuted {
		delete(kv.store.Last, args.ClientID)
	}
	value := kv.store.execute(&args)
	if r, ok := kv.waiting[index]; ok && r.id == (session{args.ClientID, args.Seq}) {
		delete(kv.waiting, index)
		r.answer.Send(Reply{Value: value})
		return
	}
	kv.dismiss(index)
}

// dismiss sends a request away whose command will not be applied at index, because
// another leader has put a different one there.
func (kv *KV) dismiss(index int) {
	if r, ok := kv.waiting[index]; ok {
		delete(kv.waiting, index)
		r.answer.Send(Reply{Status: NotLeader})
	}
}

// Snapshot returns the store, sessions included, as bytes.
func (kv *KV) Snapshot() []byte {
	kv.mu.Lock()
	defer kv.mu.Unlock()
	saved := kv.store
	if kv.bug == SessionsNotSaved {
		saved.Last = nil
	}
	snapshot, err := labgob.Marshal(nil, &saved)
	if err != nil {
		kv.w.Fail(fmt.Errorf("the store cannot be encoded: %w", err))
	}
	return snapshot
}

// Restore replaces the store. Requests that wait for what the snapshot covers will
// find no patience left.
func (kv *KV) Restore(index int, snapshot []byte) {
	var restored store
	if err := labgob.Unmarshal(snapshot, &restored); err != nil {
		kv.w.Fail(fmt.Errorf("the snapshot of index %d cannot be decoded: %w", index, err))
	}
	kv.mu.Lock()
	defer kv.mu.Unlock()
	kv.store = restored
}
