package sim

import "time"

// What says what a record of the trace is about.
type What uint8

// The sorts of records.
const (
	Note         What = iota // Text, from Logf
	Sent                     // Msg left Node for Peer
	Arrived                  // Msg from Node reached Peer
	Dropped                  // Msg from Node will not reach Peer; Fate says why
	Held                     // Msg from Node waits at Peer: the link is clogged
	Booted                   // Node started for the N-th time
	Crashed                  // Node's N-th incarnation ended
	Paused                   // Node stands still
	Resumed                  // Node goes on
	LinkCut                  // from Node to Peer
	LinkHealed               // from Node to Peer
	LinkClogged              // from Node to Peer
	LinkReleased             // from Node to Peer
	Met                      // the Eventually or, for the first time, the Sometimes in Text came true
	Failed                   // the run failed; Text says how
	FaultBegins              // element N of the schedule, Text
	FaultEnds                // element N of the schedule, Text
	Quiet                    // the schedule's quiet period begins

	// What follows is beside the records of the digest; see aside.go.
	timerFires  // a sleep is over, or a timer fires
	taskWaits   // a task begins to wait
	taskGoesOn  // its wait is over
	taskStarts  // a task is started
	isChecked   // a property is looked at
	clientAsks  // a client asks for something
	clientHears // and is answered
	clientOrder // what it asked for has its place in the order
	isSaid      // a line of the program's log
)

// String returns the word that traces show.
func (x What) String() string {
	return [...]string{"note", "send", "arrive", "drop", "hold", "boot", "crash", "pause", "resume",
		"cut", "heal", "clog", "release", "met", "fail", "fault", "over", "quiet",
		"timer", "wait", "woken", "go", "check", "call", "return", "point", "log"}[x]
}

// Record is one entry of the trace.
//
// Cause is the number of the record that led to this one: for an arrival its
// sending, for a sending the arrival or the note before it in the same chain of
// tasks; 0 if there is none. A record and its causes are the story of an event.
type Record struct {
	Seq   uint64 // the first record is 1
	Cause uint64
	At    time.Duration
	What  What
	Node  *Node
	Peer  *Node    // for messages and links
	Msg   *Message // valid only during the call that hands out the record
	Fate  Fate
	N     uint64
	Text  string

	n     uint64 // its number among all events, if there are asides
	task  string // who did it, if there are asides
	aside *aside // what else there is to say of an aside; valid as Msg is
}

// trace numbers the records and takes them into the digest.
type trace struct{ seq uint64 }

// record completes a record, takes it into the digest and hands it to whoever
// keeps the trace. It returns its number.
func (w *World) record(r Record) uint64 {
	if w.s.Over() {
		return w.trace.seq
	}
	w.trace.seq++
	if w.seen != nil {
		w.seen.record(&r)
	}
	x := uint64(r.What) | uint64(r.Fate)<<8
	if r.Node != nil {
		x |= uint64(r.Node.index+1) << 16
	}
	if r.Peer != nil {
		x |= uint64(r.Peer.index+1) << 40
	}
	w.s.Note(x)
	w.s.Note(w.s.Cause())
	if w.host != nil {
		w.s.Note(uint64(w.Elapsed())) // the clock of tasks takes its instants in by itself
	}
	if m := r.Msg; m != nil {
		w.s.Note(uint64(m.Kind)<<3 | m.flags())
		w.s.Note(m.Nth)
		w.s.Note(uint64(m.Size))
		w.s.Note(m.Hash)
	} else {
		w.s.Note(r.N)
		if r.Text != "" {
			w.s.NoteBytes([]byte(r.Text))
		}
	}
	if w.cfg.Trace != nil || w.cfg.tracked != nil {
		r.Seq, r.Cause, r.At = w.trace.seq, w.s.Cause(), w.Elapsed()
		if w.cfg.Trace != nil {
			w.number(&r)
			w.cfg.Trace(r)
		}
		if w.cfg.tracked != nil {
			w.cfg.tracked(r, w.s.Digest())
		}
	}
	w.s.SetCause(w.trace.seq)
	return w.trace.seq
}

// named takes a name into the digest. Records hold the number that stands for it.
func (w *World) named(name string) {
	if !w.s.Over() {
		w.s.NoteBytes([]byte(name))
	}
}

// flags is what else a story tells of a message.
func (m *Message) flags() uint64 {
	var f uint64
	if m.Reply {
		f |= 1
	}
	if m.late {
		f |= 2
	}
	if m.Copies > 1 {
		f |= 4
	}
	return f
}
