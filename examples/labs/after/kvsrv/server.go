// Package kvsrv is a key-value service of one server, on a network that loses requests
// and replies: clerks ask again until they are answered, and the server does each
// request once all the same, and remembers no more than it must.
package kvsrv

import "sync"

// PutAppendArgs sets a value, or adds to one. A client numbers its requests from 1.
type PutAppendArgs struct {
	Key, Value string
	Client     int64
	Request    int
}

// PutAppendReply has the value from before an append.
type PutAppendReply struct{ Value string }

// GetArgs asks for a value. It may be answered twice, so it has no number.
type GetArgs struct{ Key string }

// GetReply has the value, or "" if there is none.
type GetReply struct{ Value string }

// answer is what a client was told last: all that it can ask again.
type answer struct {
	request int
	value   string
}

// KVServer is the server. mu guards what is below it.
type KVServer struct {
	mu      sync.Mutex
	data    map[string]string
	answers map[int64]answer // by client
}

// StartKVServer returns a server without keys.
func StartKVServer() *KVServer {
	return &KVServer{data: make(map[string]string), answers: make(map[int64]answer)}
}

// Get is the handler of a question.
func (kv *KVServer) Get(args *GetArgs, reply *GetReply) {
	kv.mu.Lock()
	defer kv.mu.Unlock()
	reply.Value = kv.data[args.Key]
}

// Put is the handler of a new value.
func (kv *KVServer) Put(args *PutAppendArgs, reply *PutAppendReply) {
	kv.mu.Lock()
	defer kv.mu.Unlock()
	if args.Request > kv.answers[args.Client].request {
		kv.data[args.Key] = args.Value
		kv.answers[args.Client] = answer{request: args.Request}
	}
}

// Append is the handler of an addition.
func (kv *KVServer) Append(args *PutAppendArgs, reply *PutAppendReply) {
	kv.mu.Lock()
	defer kv.mu.Unlock()
	last := kv.answers[args.Client]
	if args.Request > last.request {
		last = answer{args.Request, kv.data[args.Key]}
		kv.data[args.Key] += args.Value
		kv.answers[args.Client] = last
	}
	if args.Request == last.request {
		reply.Value = last.value
	}
}
