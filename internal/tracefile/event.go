package tracefile

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// What the first line says of the format.
const (
	Format  = "samerun-trace"
	Version = 1
)

// Header says which run it is. It is the first line of a file.
type Header struct {
	Format  string `json:"format"`  // Format
	Version int    `json:"version"` // Version
	Tool    string `json:"tool"`    // version of samerun
	Go      string `json:"go"`      // version of Go that built the test
	World   string `json:"world"`   // "tasks" or "goroutines", as in replay files
	Package string `json:"package"`
	Test    string `json:"test"` // or the name of a program
	Seed    uint64 `json:"seed"`
	Replay  string `json:"replay,omitempty"` // name of the replay file that was run, if one was
	Digest  string `json:"digest"`           // of the run; empty if the process died in it
	Virtual int64  `json:"virtual"`          // virtual time at the end, in nanoseconds
	// Failure is how the run failed, empty if it did not.
	Failure string `json:"failure,omitempty"`
	// Nodes are the names of the lanes, in the order in which they are drawn. Those of nodes
	// come first, then those of other ends of connections. Each node and peer of an event is one.
	Nodes []string `json:"nodes"`
	// Left is how many messages were sent before those in the file, because only the last
	// are kept.
	Left   uint64 `json:"left,omitempty"`
	Events int    `json:"events"` // how many follow
}

// Event is one thing that happened.
type Event struct {
	N    uint64 `json:"n"`  // its number, from 1 without a gap
	At   int64  `json:"at"` // virtual time since the test began, in nanoseconds; never less than that of the event before
	Kind Kind   `json:"kind"`
	// Cause is the number of the event that led to this one, 0 if that is not known; it is
	// less than N.
	Cause uint64 `json:"cause,omitempty"`
	// Msg is, of what became of a message, the number of its sending.
	Msg  uint64 `json:"msg,omitempty"`
	Node string `json:"node,omitempty"` // where it happened; of a message and of a link, from where
	Peer string `json:"peer,omitempty"` // of a message and of a link, to where
	// Task is the task or goroutine, such as "raft.(*Raft).tick 5d3c0a91".
	Task string `json:"task,omitempty"`
	// Method is what is sent: "Raft.AppendEntries", "POST /append".
	Method string `json:"method,omitempty"`
	Reply  bool   `json:"reply,omitempty"` // an answer, or sent by who was dialled
	Nth    uint64 `json:"nth,omitempty"`   // how manieth of its kind on its link; of a boot or crash, which incarnation
	Conn   uint64 `json:"conn,omitempty"`  // how manieth connection of the link
	Size   int    `json:"size,omitempty"`  // in bytes
	Fate   string `json:"fate,omitempty"`  // of a message that is dropped, why; of one that arrives, what befell it
	// Element is, of faults, the number of the element of the schedule, from 1.
	Element int `json:"element,omitempty"`
	// Client is, of what a client of the system asks and is answered, its name: "client 2".
	Client string `json:"client,omitempty"`
	// On is the thing that is waited for, the same for all that wait there: "Mutex 2".
	On string `json:"on,omitempty"`
	// Began is, of what ends something, the number of the event with which that began.
	Began uint64 `json:"began,omitempty"`
	// Took is how long a wait, a sleep, a timer or an operation lasted, in nanoseconds.
	Took int64 `json:"took,omitempty"`
	// Moment is, of a point, the virtual time at which the operation takes effect in the order that was found.
	Moment int64  `json:"moment,omitempty"`
	Where  string `json:"where,omitempty"` // places in the code, innermost first
	Text   string `json:"text,omitempty"`  // all else that there is to say
}

// Kind is what an event is.
type Kind string

// The kinds.
const (
	Boot    Kind = "boot"  // Node starts for the Nth time
	Crash   Kind = "crash" // Node's Nth incarnation ends
	Pause   Kind = "pause"
	Resume  Kind = "resume"
	Send    Kind = "send"   // something leaves Node for Peer
	Arrive  Kind = "arrive" // Msg reaches Peer
	Drop    Kind = "drop"   // Msg does not reach Peer; Fate says why
	Hold    Kind = "hold"   // Msg waits before Peer
	Cut     Kind = "cut"    // the link from Node to Peer loses all, from now on
	Heal    Kind = "heal"
	Clog    Kind = "clog" // the link from Node to Peer holds all, from now on
	Release Kind = "release"
	Fault   Kind = "fault" // an element of the schedule begins
	Over    Kind = "over"  // and ends
	Quiet   Kind = "quiet" // no fault begins any more
	Log     Kind = "log"
	Met     Kind = "met"  // a property that was to come true has
	Fail    Kind = "fail" // the run fails
	Go      Kind = "go"   // a goroutine is started
	Turn    Kind = "turn" // a goroutine has the turn; Text says what else could have had it
	Draw    Kind = "draw" // chance decides; Method is of what
	Output  Kind = "output"
	Timer   Kind = "timer"  // a sleep is over, or a timer fires; Method says which
	Wait    Kind = "wait"   // a task or goroutine begins to wait for Method at On; Text says who has it
	Woken   Kind = "woken"  // the wait Began is over; Text says by whom
	Check   Kind = "check"  // the property Method is looked at for the first time, or for the last one
	Call    Kind = "call"   // Client asks for Text
	Return  Kind = "return" // the call Began is over: Text is its answer
	Point   Kind = "point"  // the call Began is the Nth in the order that explains all answers
)

// Kinds returns all kinds, in the order in which the page lists them.
func Kinds() []Kind {
	return []Kind{Send, Arrive, Drop, Hold, Fault, Over, Quiet, Cut, Heal, Clog, Release, Boot, Crash, Pause, Resume, Log, Output, Call, Return, Point, Check, Met, Fail, Go, Turn, Draw, Timer, Wait, Woken}
}

// Trace is a file.
type Trace struct {
	Header
	Events []Event
}

// Limits of a file.
const (
	MostEvents = 10_000_000
	mostLine   = 1 << 20  // bytes of a line
	mostText   = 64 << 10 // bytes of a text in an event; longer ones are cut where they are written
)

// clip shortens a text to what an event has room for, and makes it UTF-8.
func clip(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	if len(s) <= mostText {
		return s
	}
	const dots = "…"
	s = s[:mostText-len(dots)]
	for !utf8.ValidString(s[max(0, len(s)-utf8.UTFMax):]) && !utf8.RuneStart(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return strings.ToValidUTF8(s, "") + dots
}

// begins says whether something begins with an event that another one can end.
func (k Kind) begins() bool { return k == Wait || k == Call }

// Beside says whether an event tells more closely how things came about that other events tell.
func (k Kind) Beside() bool {
	switch k {
	case Timer, Wait, Woken, Check, Call, Return, Point:
		return true
	}
	return false
}

// ofMessage says whether an event is about a message that was sent.
func (k Kind) ofMessage() bool { return k == Arrive || k == Drop || k == Hold }

// Counts are what all forms of a trace must agree on.
type Counts struct {
	Events   int
	Messages int // sendings
	Arrived  int
	Dropped  int
	Faults   int // that began
}

// Count counts.
func (t *Trace) Count() Counts {
	c := Counts{Events: len(t.Events)}
	for i := range t.Events {
		switch t.Events[i].Kind {
		case Send:
			c.Messages++
		case Arrive:
			c.Arrived++
		case Drop:
			c.Dropped++
		case Fault:
			c.Faults++
		}
	}
	return c
}

// Failed returns the first event of the kind fail, nil if there is none.
func (t *Trace) Failed() *Event {
	i := slices.IndexFunc(t.Events, func(e Event) bool { return e.Kind == Fail })
	if i < 0 {
		return nil
	}
	return &t.Events[i]
}
