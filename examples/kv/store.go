package kv

// store is the replicated state: the keys, and what makes retries harmless. A
// client that hears nothing sends its request again, perhaps to another server, and
// so a command may be in the log more than once; it must be executed once. As the
// last operation of each client is part of the state, all servers agree on which
// commands are repetitions, after crashes and snapshots too (§8 of the Raft paper;
// section 6.3 of Ongaro's thesis).
//
// The zero value is an empty store. The fields are exported because they are encoded.
type store struct {
	Data map[string]string
	Last map[int64]Executed // by client
}

// Executed is the last operation of a client. A client has one operation under way
// at a time, so that nobody asks for earlier ones.
type Executed struct {
	Seq   int
	Value string // what was answered
}

// execute carries out a command, unless that was done before, and returns the
// answer.
func (s *store) execute(args *Args) (value string) {
	s.makeMaps()
	if last := s.Last[args.ClientID]; args.Seq <= last.Seq {
		return last.Value
	}
	switch args.Op {
	case Get:
		value = s.Data[args.Key]
	case Put:
		s.Data[args.Key] = args.Value
	case Append:
		s.Data[args.Key] += args.Value
	}
	s.Last[args.ClientID] = Executed{args.Seq, value}
	return value
}

// makeMaps is for a new store, and for one that was decoded: empty maps are not sent.
func (s *store) makeMaps() {
	if s.Data == nil {
		s.Data = map[string]string{}
	}
	if s.Last == nil {
		s.Last = map[int64]Executed{}
	}
}
