package story

import "time"

// Row is one line of a diagram: something that happened to a node, or between two.
type Row struct {
	At   time.Duration `json:"at"` // virtual
	Mark Mark          `json:"mark,omitempty"`
	From Lane          `json:"from,omitzero"`
	To   Lane          `json:"to,omitzero"`
	// Tos are other ends of the same message, sent to each at once, and Froms other nodes from
	// which the same comes to one at once; there are not both.
	Tos   []Lane `json:"tos,omitempty"`
	Froms []Lane `json:"froms,omitempty"`
	Text  string `json:"text,omitempty"`
	// Args is what a message holds, as far as it is not what the one of its kind before it held.
	Args string `json:"args,omitempty"`
	// Event is its number in the trace of the run, 0 if that is not known.
	Event uint64 `json:"event,omitempty"`
	// It happened so many times in a row, and the last time was then; 0 for once.
	Times int           `json:"times,omitempty"`
	Until time.Duration `json:"until,omitempty"`
	// Fold is, of a row that stands for others, what these are; they end at Until.
	Fold []Folding `json:"fold,omitempty"`
	// Only says of such a row that for a second or more there was nothing else: messages of one
	// kind, and their answers, that arrived, such as heartbeats.
	Only bool `json:"only,omitempty"`
}

// Count is how many events it is about.
func (r *Row) Count() int { return max(1, r.Times) + len(r.Tos) + len(r.Froms) }

// Folding is so many rows of one kind; Of is empty for the rest of all kinds.
type Folding struct {
	Times int    `json:"times"`
	Of    string `json:"of,omitempty"`
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
	Folded  Mark = "fold"   // the row stands for others
	Leaves  Mark = "leaves" // a message that is on its way when all ends
)
