package labrpc

import (
	"reflect"

	"samerun/sched"
	"samerun/sim"
)

// reqMsg is a request on its way to a server.
type reqMsg struct {
	sim.Message
	endname  any          // the end that sends it
	svcMeth  string       // "Raft.AppendEntries"
	argsType reflect.Type // of the arguments, as the caller passed them
	args     []byte       // encoded
	replyCh  replyCh
}

// replyMsg is the answer on its way back. Call returns ok.
type replyMsg struct {
	sim.Message
	ok        bool
	replyType reflect.Type // of the reply, as the caller passed it
	reply     []byte       // encoded
}

// replyCh is where the caller waits: a channel that takes one reply, and takes
// it from an event as well as from a task.
//
// Invariant: once full it stays full; later replies are thrown away.
type replyCh struct {
	caller *sched.Task
	full   bool
}
