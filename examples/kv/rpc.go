package kv

// Op is what a client asks for.
type Op int

const (
	// Get returns the value of a key, "" if it has none.
	Get Op = iota
	// Put replaces the value of a key.
	Put
	// Append adds to the end of the value of a key.
	Append
)

// String returns the name of the operation.
func (op Op) String() string { return [...]string{"Get", "Put", "Append"}[op] }

// Args is a request, and as it is the command in the log.
type Args struct {
	ClientID int64 // of the client's session
	Seq      int   // counts the operations of the session, from 1
	Op       Op
	Key      string
	Value    string // not for Get
}

// Status says what became of a request.
type Status int

const (
	// OK: the operation was executed, now or by an earlier request of the client's.
	OK Status = iota
	// NotLeader: ask another server. The operation was not executed for this
	// request, but may be later if it is in the log of somebody else.
	NotLeader
	// NoAnswer: nobody knows. The operation may have been executed, or will be.
	NoAnswer
)

// Reply is the answer to a request.
type Reply struct {
	Status Status
	Value  string // for Get
}
