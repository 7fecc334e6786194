package story

import "time"

// Event is something that happened in a run and could be a row of its story. Pick chooses.
type Event struct {
	Row
	What What
	// N is its number, and Cause the number of the event that led to it; 0 if there is none.
	// Causes come before what they lead to, and numbers grow.
	N, Cause uint64
	// Kind is what a message is: "Raft.AppendEntries"; Reply says that it is an answer to such,
	// and Nth, a part of Text, which of them it is: "#7".
	Kind  string
	Reply bool
	Nth   string
	// Args is what a message holds: "{Term:1 LeaderID:2}", or any other text.
	Args string
	// Hash is equal for messages that hold the same, as far as it is known.
	Hash uint64
	// Took is how long a message was on its way.
	Took time.Duration
	// Settled says of a Sending that another event tells what has become of it.
	Settled bool

	also []uint64 // the numbers of the other events of a row that shows several
	nths []string // what they are besides Nth
}

// What says what an event is, as far as Pick cares.
type What uint8

// The sorts of events.
const (
	Other    What = iota // a link is cut, a property comes true
	Sending              // it has a row only if the message is on its way until the end
	Delivery             // a message arrives, as it should
	Mishap               // a message does not, or late, or otherwise than it was sent
	Strike               // a fault begins
	End                  // a fault ends, and all of them
	Birth                // a node starts for the first time
	State                // a node crashes, starts again, stands still, goes on
	Saying               // a log line
	Broken               // the run fails
)
