package story

import "time"

// Row is one line of a diagram: something that happened to a node, or between two.
type Row struct {
	At   time.Duration `json:"at"` // virtual
	Mark Mark          `json:"mark,omitempty"`
	From Lane          `json:"from,omitzero"`
	To   Lane          `json:"to,omitzero"`
	Text string        `json:"text,omitempty"`
	// It happened so many times in a row, and the last time was then; 0 for once.
	Times int           `json:"times,omitempty"`
	Until time.Duration `json:"until,omitempty"`
}

// Lane is a node in a diagram. The zero Lane is none: of the main node, and of what
// happens to no node.
type Lane struct {
	Index int    `json:"index"` // of the node, from 1, in the order in which they were made
	Name  string `json:"name"`
}

// Mark is how a row is drawn.
type Mark string

// The marks.
const (
	Happens Mark = ""       // a dot, or an arrow to its end
	Cross   Mark = "cross"  // a cross: a crash, or a message that does not arrive
	Waits   Mark = "waits"  // a message that waits before its end
	OfLink  Mark = "link"   // a dotted arrow: something befalls a link
	Remark  Mark = "remark" // nothing is drawn, only written
)
